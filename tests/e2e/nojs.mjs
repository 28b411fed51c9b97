#!/usr/bin/env node
/* The whole walk with JavaScript switched off: signing in, home, list, record, a form with errors, saving, the tree opened node by node,
 * a reference looked for by its button, menus, language and theme. */
import {browser_start, check, check_quiet, enrol, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, serve_world, words} from "./_world.mjs";

const {url} = await serve_world();
const browser = await browser_start();
const page = await page_open(browser, {js: false, width: 390, height: 780});
const text = () => words(page);

await part("in", async () => {
    await sign_in(page, url, "van.phong.hh", password);
    check("home", (await page.locator("h1").count()) === 1);
    check("nothing is offered that needs JavaScript", await page.locator("[data-js]:visible").count() === 0);
});

await part("a second factor", async () => {
    await page.goto(`${url}/account`);
    await go(page, () => page.click("main a[href='/account/second']"));
    await enrol(page, url, "van.phong.hh");
    await page.context().clearCookies();
    await sign_in(page, url, "van.phong.hh", password);
});

await part("list and record", async () => {
    await page.goto(`${url}/person?unit=HH`);
    const names = await page.locator("main th.name[scope=row] a").count();
    check("a list", names > 10, names);
    const next = page.locator("main .pager a[href*='after=']").last();
    await go(page, () => next.click());
    check("and its next page", await page.locator("main th.name[scope=row] a").count() > 10, page.url());
    await go(page, () => page.locator("main th.name[scope=row] a").first().click());
    check("a record", /\/person\/\d+/.test(page.url()), page.url());
    await shot(page, "nojs-record");
    await go(page, () => page.locator("main a[href*='/edit']").first().click());
    check("its form", page.url().includes("/edit"));
});

await part("a form with errors", async () => {
    const born = await page.inputValue("[name=born]");
    await page.fill("[name=born]", "31/02/1970");
    await page.fill("[name=phone]", "0912345699");
    check("an error is told: 422", await go(page, () => page.click("main form .submit button.main")) === 422);
    check("above, linked to its field", await page.locator("#errors a[href='#f-born']").count() === 1, await text());
    check("and beside the field", await page.locator("#e-born").isVisible());
    check("what was typed is kept", await page.inputValue("[name=born]") === "31/02/1970" && await page.inputValue("[name=phone]") === "0912345699");
    check("without sideways scroll", await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1));
    await shot(page, "nojs-errors");
    await page.click("#errors a[href='#f-born']");
    check("the link leads to the field", page.url().endsWith("#f-born"), page.url());
    await page.fill("[name=born]", born);
    await go(page, () => page.click("main form .submit button.main"));
    check("mended, it is saved", page.url().includes("notice=saved") && (await text()).includes("Đã lưu"), [page.url(), await text()]);
    check("and shown", (await text()).includes("0912345699"));
});

await part("a reference by its button", async () => {
    await page.goto(`${url}/appointment/new?unit=HH`);
    await page.fill("[name=person]", "nguyen");
    check("asked for", await go(page, () => page.click("button[name=find][value=person]")) === 200);
    const one = page.locator("input[type=radio][name=person]:not([value=''])").first();
    check("some are offered", await one.count() === 1, await text());
    await one.check();
    await go(page, () => page.click("main form .submit button.main"));
    check("and the choice is kept", await page.locator("main").innerText().then(t => t.length > 0) && await page.evaluate(() => 1).catch(() => 1) === 1 && (await page.inputValue("[name=person]").catch(() => "")) !== "", await text());
});

await part("the tree", async () => {
    await page.goto(`${url}/tree`);
    const closed = page.locator("main ul.tree details:not([open]) > summary").first();
    if (await closed.count()) {
        await closed.click();
        const link = page.locator("main ul.tree details[open] a[href*='/tree?']").first();
        await go(page, () => link.click());
        check("a node opens as a page", page.url().includes("unit="), page.url());
    }
    check("with units", await page.locator("main ul.tree a").count() > 3);
    await shot(page, "nojs-tree");
    await page.click(".nav a[href='#rail']");
    check("the rail opens on a phone", await page.locator("#rail").isVisible());
    await shot(page, "nojs-rail", false);
    await page.click("#rail a.close");
});

await part("menus, theme, language, out", async () => {
    await page.goto(`${url}/u/HH`);
    await page.click("summary.who");
    await go(page, () => page.click("button[name=theme][value=dark]"));
    check("the theme is kept", await page.locator("html[data-theme=dark]").count() === 1 && page.url().includes("/u/HH"), page.url());
    await page.click("summary.who");
    await go(page, () => page.click("button[name=lang]"));
    check("English", await page.locator("html[lang=en]").count() === 1);
    await page.click("summary.who");
    await go(page, () => page.click("form[action='/sign-out'] button"));
    check("out", page.url().endsWith("/sign-in"), page.url());
});

await check_quiet(page, "without JavaScript");
await finish();
