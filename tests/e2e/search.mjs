#!/usr/bin/env node
/* Search from everywhere: the palette by `/` and Ctrl+K, diacritics as one likes, exact hits first, all of them found; and the page
 * without JavaScript. */
import {axe, browser_start, check, check_quiet, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, rows, serve_world, words, world} from "./_world.mjs";

const data = await world();
const all = rows(data, "person", "list", "--unit", "HH", "--all", "--limit", "2000").map(p => p.name);
const fold = s => s.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
/* every word typed begins a word of the name */
const fits = (name, typed) => fold(typed).split(" ").every(w => ` ${fold(name)}`.includes(` ${w}`));
const {url} = await serve_world();
const browser = await browser_start();
const page = await page_open(browser);
await sign_in(page, url, "van.phong.hh", password);

const listed = async q => {
    const found = [];
    await page.goto(`${url}/person?unit=HH&all=1&q=${encodeURIComponent(q)}`);
    for (let i = 0; i < 20; i++) {
        found.push(...await page.locator("main th.name[scope=row] a").allInnerTexts());
        const next = page.locator("main .pager a[rel=next], main .pager a[href*='after=']").last();
        if (!await next.count()) break;
        await Promise.all([page.waitForNavigation(), next.click()]);
    }
    return found.map(s => s.trim().split("\n")[0]);
};

await part("everybody of a name", async () => {
    const given = fold(all[0].split(" ").pop());
    for (const typed of ["duc nguyen", "nguyen duc", "Nguyễn Đức", "đức nguyễn", `${given} ${fold(all[0].split(" ")[0])}`]) {
        const want = all.filter(n => fits(n, typed)).sort();
        const got = (await listed(typed)).sort();
        check(`“${typed}” finds each (${want.length})`, JSON.stringify(want) === JSON.stringify(got), {want, got});
    }
    check("there is somebody to be found", all.filter(n => fits(n, "nguyen")).length > 3);
});

await part("the palette", async () => {
    for (const key of ["/", "Control+k"]) {
        await page.goto(`${url}/u/HH`);
        await page.keyboard.press(key);
        await page.waitForSelector(".palette input", {timeout: 3000});
        check(`${key} opens it, ready to type`, await page.evaluate(() => document.activeElement.matches(".palette input")));
        await page.keyboard.type(fold(all[0]));
        await page.waitForFunction(n => document.querySelector(".palette").innerText.replace(/\s+/g, " ").includes(n), all[0], {timeout: 5000}).catch(() => null);
        check(`${key}: the name is there`, (await words(page, ".palette")).includes(all[0]), await words(page, ".palette"));
        await axe(page, `palette ${key}`);
        await shot(page, `palette-${key === "/" ? "slash" : "k"}`, false);
        await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Escape");
        check(`${key}: Escape closes it`, !await page.locator(".palette").isVisible());
    }
    await page.keyboard.press("/");
    await page.waitForSelector(".palette input");
    await page.keyboard.type("cay to chuc");
    await page.waitForFunction(() => [...document.querySelectorAll(".palette a[role=option]")].some(a => a.textContent.includes("Cây tổ chức")), null, {timeout: 5000});
    await go(page, () => page.keyboard.press("Enter"));
    check("a command is carried out by Enter", new URL(page.url()).pathname === "/tree" || new URL(page.url()).pathname === "/search", page.url());
});

await part("exact first", async () => {
    /* of two names that differ in marks only, the one that was typed comes first */
    const pair = all.find(n => all.some(m => m !== n && fold(m) === fold(n)));
    const typed = pair || "Nguyễn";
    await page.goto(`${url}/search?unit=HH&q=${encodeURIComponent(typed)}`);
    const first = await page.locator("main ul.list a[href^='/person/']").first().innerText();
    check("what was typed with its marks stands first", first.includes(typed), {typed, first});
    await axe(page, "search");
    await shot(page, "search");
    await page.goto(`${url}/search?q=khongcoainaynhuvay`);
    check("nothing found is said, with what to do", /Thử ít chữ hơn/.test(await words(page)));
    await axe(page, "search empty");
});

await part("without JavaScript", async () => {
    const plain = await page_open(browser, {js: false});
    await plain.context().addCookies(await page.context().cookies());
    await plain.goto(`${url}/`);
    await plain.fill("form.search input[name=q]", fold(all[0]));
    await go(plain, () => plain.press("form.search input[name=q]", "Enter"));
    check("Enter leads to a page of results", new URL(plain.url()).pathname === "/search" && (await words(plain)).includes(all[0]), plain.url());
    check("whose links work", await go(plain, () => plain.locator("main ul.list a").first().click()) === 200);
});

await check_quiet(page, "search");
await finish();
