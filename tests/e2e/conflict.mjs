#!/usr/bin/env node
/* Two people at one record: what both changed is shown with both values and chosen between; what only one changed is kept from each.
 * A form that is sent twice is saved once, and a session that ends does not take what was typed with it. */
import {axe, browser_start, check, check_quiet, check_reflow, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, rows, serve_world, words, world} from "./_world.mjs";

const people = rows(await world(), "person", "list", "--unit", "HH.CB04", "--limit", "5");
const {url} = await serve_world();
const browser = await browser_start();
const [a, b] = [await page_open(browser), await page_open(browser)];
await sign_in(a, url, "van.phong.hh", password);
await sign_in(b, url, "van.phong.hh2", password);
const edit = id => `${url}/person/${id}/edit`;
const save = p => go(p, () => p.click("main form .submit button.main"));
const value = async (p, id, field) => { await p.goto(edit(id)); return p.inputValue(`[name=${field}]`); };

await part("the same field", async () => {
    const {id} = people[0];
    for (const p of [a, b]) await p.goto(edit(id));
    await a.fill("[name=phone]", "0912345671");
    await b.fill("[name=phone]", "0912345672");
    await b.fill("[name=occupation]", "Thợ mộc").catch(() => null);
    check("the first saves", await save(a) === 200 && a.url().includes("notice=saved"), a.url());
    check("the second is told: 409", await save(b) === 409);
    const said = await words(b);
    check("with both values", said.includes("0912345671") && said.includes("0912345672"), said);
    check("and nothing saved yet", await value(a, id, "phone") === "0912345671");
    await axe(b, "conflict");
    await check_reflow(b, "conflict");
    await shot(b, "conflict-1366");
    await b.setViewportSize({width: 390, height: 780});
    await check_reflow(b, "conflict 390");
    await shot(b, "conflict-390");
    await b.setViewportSize({width: 1366, height: 900});
    await b.check("input[name=phone][value='0912345672']");
    check("chosen, it is saved", await save(b) === 200 && b.url().includes("notice=saved"), b.url());
    check("as chosen", await value(a, id, "phone") === "0912345672");
});

await part("different fields", async () => {
    const {id} = people[1];
    for (const p of [a, b]) await p.goto(edit(id));
    await a.fill("[name=phone]", "0912345673");
    const other = await b.evaluate(() => [...document.querySelectorAll("main input.field:not(.short):not([data-ref])")].map(e => e.name).find(n => !["phone", "name", "code"].includes(n)));
    const before = await b.inputValue(`[name=${other}]`);
    const now = other === "email" ? "ai.do@example.vn" : "Thử nghiệm";
    await b.fill(`[name=${other}]`, now);
    check("both save", await save(a) === 200 && await save(b) === 200 && b.url().includes("notice=saved"), [b.url(), await words(b)]);
    check("and neither undoes the other", await value(a, id, "phone") === "0912345673" && await value(a, id, other) === now, {other, before});
});

await part("sent twice", async () => {
    const name = "Nguyễn Thị Bấm Hai Lần";
    await a.goto(`${url}/person/new?unit=HH.CB04`);
    await a.fill("[name=name]", name);
    await a.fill("[name=born]", "12/03/1971");
    await a.fill("[name=admitted_on]", "03/02/2001");
    if (!await a.inputValue("[name=cell]")) await a.fill("[name=cell]", "HH.CB04");
    const address = a.url();
    await Promise.all([a.waitForNavigation(), a.dblclick("main form .submit button.main")]);
    await a.waitForLoadState("networkidle");
    check("a double click saves", a.url().includes("notice=added"), [a.url(), await words(a)]);
    const count = async () => { await a.goto(`${url}/person?unit=HH&q=${encodeURIComponent(name)}`); return a.locator("main th.name[scope=row]").count(); };
    check("one record", await count() === 1);
    const plain = await page_open(browser, {js: false});
    await plain.context().addCookies(await a.context().cookies());
    await plain.goto(address);
    await plain.fill("[name=name]", `${name} Nữa`);
    await plain.fill("[name=born]", "12/03/1972");
    await plain.fill("[name=admitted_on]", "03/02/2002");
    if (!await plain.inputValue("[name=cell]")) await plain.fill("[name=cell]", "HH.CB04");
    const body = await plain.evaluate(() => new URLSearchParams(new FormData(document.querySelector("main form.form"))).toString());
    const send = () => plain.evaluate(async ([u, d]) => (await fetch(u, {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: d})).url, [`${url}/person/new`, body]);
    const where = [await send(), await send()];
    check("the same form sent again leads to the same record", new URL(where[0]).pathname === new URL(where[1]).pathname && /\/person\/\d+$/.test(new URL(where[0]).pathname), where);
    await plain.context().close();
});

await part("the session ends before the form is sent", async () => {
    const {id} = people[2];
    await a.goto(edit(id));
    await a.fill("[name=phone]", "0912345675");
    const other = await a.context().newPage();
    await other.goto(url);
    await other.click("summary.who");
    await go(other, () => other.click("form[action='/sign-out'] button"));
    const status = await save(a);
    const said = await words(a);
    check("one is told that the session has ended", status === 401 && /Phiên làm việc đã hết/.test(said), {status, said});
    await axe(a, "session ended");
    await check_reflow(a, "session ended");
    await shot(a, "session-ended");
    await sign_in(other, url, "van.phong.hh", password);
    await go(a, () => a.click("main form button"));
    check("signed in again, the form is still there to be sent", await a.locator("main form[method=post] button.main").count() === 1, await words(a));
    await shot(a, "session-resend");
    await go(a, () => a.click("main form[method=post] button.main"));
    check("and it is saved", a.url().includes("notice=saved") && await value(a, id, "phone") === "0912345675", a.url());
});

await check_quiet(a, "first editor");
await check_quiet(b, "second editor");
await finish();
