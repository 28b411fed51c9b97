#!/usr/bin/env node
/* The whole walk by keyboard alone: signing in, home, list, record, its form, saving, the tree; on every page each control is reached, seen
 * while it has the focus, and left again. */
import {browser_start, check, check_quiet, finish, page_open, part, tab_walk, until} from "./_harness.mjs";
import {password, serve_world, words} from "./_world.mjs";

const {url} = await serve_world();
const browser = await browser_start();
const page = await page_open(browser);

/* Tabs until the focus stands on what `selector` names; false when it comes round without. */
async function tab_to(selector, most = 150) {
    for (let i = 0; i < most; i++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(s => !!document.activeElement && document.activeElement.matches(s), selector)) return true;
    }
    return false;
}

const enter = () => Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);

await part("signing in", async () => {
    await page.goto(`${url}/sign-in`);
    await tab_walk(page, "sign-in");
    await page.goto(`${url}/sign-in`);
    check("the login is reached", await tab_to("input[name=login]"));
    await page.keyboard.type("van.phong.hh");
    await page.keyboard.press("Tab");
    await page.keyboard.type(password);
    await enter();
    check("signed in", await page.locator(".who").count() === 1, page.url());
});

await part("home to list to record", async () => {
    await page.goto(`${url}/`);
    await page.keyboard.press("Tab");
    check("the first stop skips to the content", await page.evaluate(() => document.activeElement.matches(".skip")));
    await page.keyboard.press("Enter");
    check("which it does", await page.evaluate(() => document.activeElement.id === "main" || location.hash === "#main"));
    await tab_walk(page, "home");
    await page.goto(`${url}/`);
    check("the chapter of people is reached", await tab_to(".rail a[href^='/people']"));
    await enter();
    await tab_walk(page, "people");
    await page.goto(`${url}/person?unit=HH.CB04`);
    await tab_walk(page, "list");
    await page.goto(`${url}/person?unit=HH.CB04`);
    check("a row is reached", await tab_to("main th.name a"));
    await enter();
    check("and opens", /\/person\/\d+/.test(page.url()), page.url());
    await tab_walk(page, "record");
});

await part("form", async () => {
    await page.goto(page.url());
    check("the form is reached", await tab_to("main a[href*='/edit']"));
    await enter();
    await tab_walk(page, "form");
    await page.goto(page.url());
    check("a field is reached", await tab_to("[name=phone]"));
    await page.keyboard.press("Control+a");
    await page.keyboard.type("0912345688");
    check("and the button after it", await tab_to("main .submit button.main"));
    await enter();
    check("saved", page.url().includes("notice=saved") && (await words(page)).includes("0912345688"), page.url());
});

await part("tree and menus", async () => {
    await page.goto(`${url}/tree`);
    await tab_walk(page, "tree");
    await page.goto(`${url}/tree`);
    if (await tab_to("main ul.tree summary")) {
        const open = await page.evaluate(() => document.activeElement.parentElement.open);
        await page.keyboard.press("Enter");
        check("a node opens and closes by Enter", await until(async () => await page.evaluate(() => document.activeElement.parentElement.open) !== open));
    }
    await page.goto(`${url}/u/HH`);
    await tab_walk(page, "unit");
    await page.goto(`${url}/u/HH`);
    check("the account's menu is reached", await tab_to("summary.who"));
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    check("its entries follow", await page.evaluate(() => !!document.activeElement.closest(".menu .pop")));
    await page.keyboard.press("Escape");
    check("Escape closes it and gives the focus back", await page.evaluate(() => !document.querySelector("details.menu[open]") && document.activeElement.matches("summary.who")));
    await page.keyboard.press("?");
    check("the keys are listed by ?", await page.locator("dialog[open]").count() === 1);
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await Promise.all([page.waitForNavigation({timeout: 5000}).catch(() => null), page.keyboard.press("n")]);
    check("two keys lead to a chapter", page.url().includes("/people"), page.url());
});

await check_quiet(page, "keyboard");
await finish();
