#!/usr/bin/env node
/* What one may not see is not there: an office that ends takes its rights along at the next request, units of others answer as those that
 * do not exist, and who administers the machine reads no content. */
import {axe, browser_start, check, check_quiet, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, rows, serve_world, words, world} from "./_world.mjs";

const data = await world();
const hh = rows(data, "person", "list", "--unit", "HH.CB04", "--limit", "3")[0];
const nt = rows(data, "person", "list", "--unit", "NT", "--limit", "3")[0];
const {url} = await serve_world();
const browser = await browser_start();
const status = async (p, path) => (await p.goto(`${url}${path}`)).status();
/* what a page says, without the address that was asked for, the token and the number of the request */
const same_answer = async (p, path, what) => {
    const answer = await p.goto(`${url}${path}`);
    return [answer.status(), (await p.locator("main").innerText()).replaceAll(what, "?").replace(/[0-9a-f]{12,}/g, "#").replace(/\d{2}:\d{2}(:\d{2})?/g, "")].join("\n");
};

await part("a reader of another unit", async () => {
    const p = await page_open(browser);
    await sign_in(p, url, "doc.nt", password);
    check("reads the own unit", await status(p, "/u/NT") === 200 && await status(p, `/person/${nt.id}`) === 200);
    check("has no button that would be refused", await p.locator("main a[href$='/edit'], main a[href$='/new']").count() === 0, await words(p));
    check("and may not open the form", await status(p, `/person/${nt.id}/edit`) === 404);
    check("nor one for a new record", await status(p, "/person/new?unit=NT") === 404);
    for (const [theirs, none] of [["/u/HH", "/u/KHONG"], [`/person/${hh.id}`, `/person/${hh.id.replace(/.$/, d => (Number(d) + 1) % 10)}`], ["/person?unit=HH", "/person?unit=KHONG"], ["/tree?unit=HH", "/tree?unit=KHONG"]]) {
        const code = s => /unit=|\/u\//.test(s) ? s.replace(/.*(unit=|\/u\/)/, "") : s.replace("/person/", "");
        const [x, y] = [await same_answer(p, theirs, code(theirs)), await same_answer(p, none, code(none))];
        check(`${theirs}: the same answer as for none`, x === y && x.startsWith("404"), [x, y].join("\n--- "));
    }
    await axe(p, "404");
    await shot(p, "404");
    check("search finds nobody of others", !(await (async () => { await status(p, `/search?q=${encodeURIComponent(hh.name)}`); return p.locator(`main a[href*="${hh.id}"]`).count(); })()));
    await check_quiet(p, "reader");
    await p.context().close();
});

await part("the office of a committee, and the areas that its cells serve", async () => {
    const p = await page_open(browser);
    await sign_in(p, url, "van.phong.hh", password);
    await status(p, "/u/HH");
    const figure = p.locator(".fig", {hasText: "Bí thư chi bộ kiêm trưởng thôn, khu"});
    check("the unit's page has the figure of one person in both posts", await figure.count() === 1 && (await figure.innerText()).includes("16/16"), await words(p));
    await shot(p, "unit-with-areas");
    await go(p, () => figure.click());
    check("it opens the report of posts held together", p.url().includes("/report/posts") && (await words(p)).includes("Trưởng thôn"), await words(p));
    await axe(p, "report of posts");
    await shot(p, "report-posts-office");
    await status(p, "/u/HH.T05");
    check("the village says who heads it", (await p.locator("main").innerText()).includes("Trưởng thôn"), await words(p));
    check("and offers nothing that would be refused", await p.locator("main a[href*='/edit'], main a[href*='/new']").count() === 0, await words(p));
    await axe(p, "a village that is served");
    await shot(p, "village-served");
    await check_quiet(p, "office");
    await p.context().close();
});

await part("the technical administrator", async () => {
    const p = await page_open(browser);
    await sign_in(p, url, "quan.tri", password);
    check("administers", await status(p, "/admin") === 200 && await status(p, "/admin/accounts") === 200);
    check("reads no person", await status(p, `/person/${hh.id}`) === 404);
    const list = await status(p, "/person");
    check("and no list of them", list === 404 || await p.locator("main th.name[scope=row]").count() === 0, list);
    await status(p, `/search?q=${encodeURIComponent(hh.name)}`);
    check("nor finds one", !(await words(p)).includes("Hồ sơ") && await p.locator("main a[href^='/person/']").count() === 0, await words(p));
    await check_quiet(p, "administrator");
    await p.context().close();
});

await part("an office that ends", async () => {
    const [secretary, chief] = [await page_open(browser), await page_open(browser)];
    await sign_in(secretary, url, "bi.thu.thon4", password);
    check("the secretary reads the cell", await status(secretary, "/u/HH.CB04") === 200 && await status(secretary, `/person/${hh.id}`) === 200);
    await sign_in(chief, url, "van.phong.hh", password);
    const office = rows(data, "appointment", "list", "--filter", "person=HH-0038", "--all").find(o => o.office === "secretary" && !o.until);
    await chief.goto(`${url}/appointment/${office.id}/edit`);
    await chief.fill("[name=until]", new Date(Date.now() - 86400000 * 2).toLocaleDateString("en-GB", {timeZone: "Asia/Ho_Chi_Minh"}));
    if (await chief.locator("[name=ended]").count()) await chief.evaluate(() => {
        const e = document.querySelector("select[name=ended]"), radio = document.querySelector("input[type=radio][name=ended]:not([value=''])");
        if (e) e.selectedIndex = 1;
        else if (radio) radio.checked = true;
    });
    await go(chief, () => chief.click("main form .submit button.main"));
    check("the office ends", chief.url().includes("notice=saved"), await words(chief));
    check("and with it, at the next request, the right to the cell", await status(secretary, "/u/HH.CB04") === 404);
    check("to its people", await status(secretary, `/person/${hh.id === "" ? 0 : hh.id}`) === (hh.code === "HH-0038" ? 200 : 404));
    check("but not the session", await status(secretary, "/account") === 200);
    await status(secretary, "/");
    await axe(secretary, "home without rights");
    await shot(secretary, "home-without-rights");
    await check_quiet(secretary, "secretary");
});

await finish();
