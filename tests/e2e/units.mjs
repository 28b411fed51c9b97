#!/usr/bin/env node
/* Units change by decision: a merger of two cells from its preview to its undoing, a move between two trees, and a transfer between two
 * cells by two people. Counts, tree and the difference between two days follow. */
import {axe, browser_start, check, check_quiet, check_reflow, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, rows, serve_world, words, world} from "./_world.mjs";

const data = await world();
const tree = rows(data, "unit", "tree", "YS");
/* two bodies that have cells of their own: one whose cells merge, another that takes one */
const below = (code, depth) => { const i = tree.findIndex(u => u.code === code), out = []; for (let k = i + 1; k < tree.length && tree[k].depth > tree[i].depth; k++) if (tree[k].depth === tree[i].depth + 1) out.push(tree[k]); return out; };
const bodies = tree.filter(u => u.depth >= 1 && below(u.code).filter(c => c.members > 0 && /cell/.test(c.type)).length >= 3).map(u => u.code);
const [first, second] = bodies;
const [one, two, three] = below(first).filter(c => c.members > 0 && /cell/.test(c.type));
const {url} = await serve_world();
const browser = await browser_start();
const page = await page_open(browser);
const day = n => new Date(Date.now() + n * 86400000).toLocaleDateString("en-GB", {timeZone: "Asia/Ho_Chi_Minh"});
const members = async (p, code) => {
    await p.goto(`${url}/person?unit=${code}&standing=member`);
    const text = await words(p);
    return Number((text.match(/trong ([\d.]+)/) || [0, "0"])[1].replaceAll(".", ""));
};
const decision = async (number, more = {}) => {
    for (const [name, value] of Object.entries({number, decided_on: day(-1), decided_by: "Ban Thường vụ Huyện ủy Yên Sơn", effective_on: day(0), ...more})) {
        const field = page.locator(`main [name="${name}"]`);
        if (await field.count() === 1) await (await field.evaluate(e => e.nodeName) === "SELECT" ? field.selectOption(value) : field.fill(value));
    }
};
await sign_in(page, url, "bi.thu.ys", password);
check("there is something to merge", !!(one && two && second), {first, second});

await part("a merger", async () => {
    const before = [await members(page, one.code), await members(page, two.code), await members(page, first)];
    check("with members to be moved", before[0] > 0 && before[1] > 0, before);
    await page.goto(`${url}/change?unit=${first}`);
    await axe(page, "change: choose");
    await shot(page, "change-1");
    await go(page, () => page.click("main a[href^='/change/merge']"));
    check("nothing given: told what is missing", await go(page, () => page.click("main .submit button.main")) === 422 && await page.locator("#errors li").count() > 0, await words(page));
    await axe(page, "change: errors");
    await shot(page, "change-2-errors");
    await page.goto(`${url}/change/merge?unit=${first}`);
    for (const u of [one, two]) await page.check(`input[name=pick][value="${u.code}"]`);
    await decision("12-QĐ/HU", {into: `${first}.MOI`, new_name: "Chi bộ Hợp Nhất", new_type: one.type});
    await axe(page, "change: form");
    await shot(page, "change-2");
    check("the preview", await go(page, () => page.click("main .submit button.main")) === 200, await words(page));
    const said = await words(page);
    check("says what will happen and that nothing is written", said.includes("Chưa ghi gì") && said.includes(one.name) && said.includes(two.name) && said.includes("Chi bộ Hợp Nhất"), said);
    check("how many members move", said.includes(`${before[0] + before[1]}`), [before, said]);
    await axe(page, "change: preview");
    await check_reflow(page, "change: preview");
    await shot(page, "change-3");
    check("and indeed nothing is", await page.evaluate(async u => (await fetch(u)).status, `/u/${first}.MOI`) === 404);
    await go(page, () => page.click("button[name=step][value=back]"));
    check("back keeps what was given", await page.isChecked(`input[name=pick][value="${one.code}"]`) && await page.inputValue("[name=new_name]") === "Chi bộ Hợp Nhất");
    await go(page, () => page.click("main .submit button.main"));
    await go(page, () => page.click("button[name=step][value=confirm]"));
    const result = page.url();
    check("carried out", /\/change\/\d+\/done/.test(result), [result, await words(page)]);
    await axe(page, "change: done");
    await shot(page, "change-done");
    check("the members are counted in the new cell", await members(page, `${first}.MOI`) === before[0] + before[1]);
    check("and once above", await members(page, first) === before[2]);
    await page.goto(`${url}/tree?unit=${first}`);
    const now = await words(page);
    check("the tree shows the new cell", now.includes("Chi bộ Hợp Nhất"), now.slice(0, 400));
    check("and not the old", await page.locator(`main ul.tree a[href*="/u/${one.code}?"], main ul.tree a[href$="/u/${one.code}"]`).count() === 0);
    await page.goto(`${url}/tree?unit=${first}&at=${encodeURIComponent(day(-3))}`);
    check("a past day shows what was", (await words(page)).includes(one.name) && !(await words(page)).includes("Chi bộ Hợp Nhất"));
    await page.goto(`${url}/tree/diff?unit=${first}&from=${encodeURIComponent(day(-3))}&to=${encodeURIComponent(day(0))}`);
    const diff = await words(page);
    check("the difference is explained", ["Chi bộ Hợp Nhất", one.name, two.name, "12-QĐ/HU"].every(w => diff.includes(w)) && /Hợp nhất|Nhập/.test(diff), diff);
    await axe(page, "difference");
    await check_reflow(page, "difference");
    await shot(page, "diff");
    await page.goto(`${url}/u/${one.code}?at=${encodeURIComponent(day(0))}`).catch(() => null);
    await page.goto(`${url}/u/${first}.MOI`);
    check("the new cell knows where it comes from", (await words(page)).includes(one.name), await words(page));
    await shot(page, "unit-merged");
    await page.goto(result);
    await go(page, () => page.click("main .notice button"));
    check("undone", page.url().includes("notice=undone") || /hoàn (lại|tác)/.test(await words(page)), page.url());
    check("each has its members again", await members(page, one.code) === before[0] && await members(page, two.code) === before[1] && await members(page, first) === before[2]);
    check("the new cell is gone", (await page.goto(`${url}/u/${first}.MOI`)).status() === 404);
});

await part("a move between two trees", async () => {
    const before = [await members(page, first), await members(page, second), await members(page, three.code)];
    await page.goto(`${url}/change/move?unit=${first}`);
    check("two trees stand side by side", await page.locator(".halves input[name=pick]").count() > 0 && await page.locator(".halves input[name=superior]").count() > 0);
    await page.check(`input[name=pick][value="${three.code}"]`);
    const target = page.locator(`input[name=superior][value="${second}"]`);
    if (await target.count()) await target.check();
    else await page.fill("[name='superior.other']", second);
    await page.keyboard.press("Escape");
    await decision("13-QĐ/HU");
    await axe(page, "move");
    await check_reflow(page, "move");
    await shot(page, "move");
    await page.setViewportSize({width: 390, height: 780});
    await check_reflow(page, "move 390");
    await shot(page, "move-390");
    await page.setViewportSize({width: 1366, height: 900});
    check("previewed", await go(page, () => page.click("main .submit button.main")) === 200, await words(page));
    await go(page, () => page.click("button[name=step][value=confirm]"));
    check("moved", /\/done/.test(page.url()), await words(page));
    const done = page.url();
    check("the counts follow", await members(page, first) === before[0] - before[2] && await members(page, second) === before[1] + before[2], before);
    await page.goto(done);
    await go(page, () => page.click("main .notice button"));
    check("and come back", await members(page, first) === before[0] && await members(page, second) === before[1]);
});

await part("a transfer by two people", async () => {
    const [sender, taker] = [await page_open(browser), await page_open(browser, {width: 390, height: 780})];
    await sign_in(sender, url, "bi.thu.thon4", password);
    await sign_in(taker, url, "bi.thu.thon1", password);
    const person = rows(data, "person", "list", "--unit", "HH.CB04", "--filter", "standing=member", "--limit", "50").find(p => p.code !== "HH-0038");
    const before = [await members(sender, "HH.CB04"), await members(taker, "HH.CB01")];
    await sender.goto(`${url}/transfer/send?person=${person.code}`);
    await sender.fill("[name=sent_to]", "HH.CB01");
    await sender.fill("[name=paper]", "15-GGT");
    await axe(sender, "send");
    await shot(sender, "transfer-send");
    check("sent", await go(sender, () => sender.click("main .submit button.main")) === 200 && sender.url().includes("notice=sent"), await words(sender));
    check("still counted where they were", await members(sender, "HH.CB04") === before[0]);
    await taker.goto(`${url}/transfer`);
    check("the other sees who is waiting", (await words(taker)).includes(person.name), await words(taker));
    await axe(taker, "transfers");
    await check_reflow(taker, "transfers 390");
    await shot(taker, "transfers-390");
    await go(taker, () => taker.locator("main a[href*='/receive']").first().click());
    await axe(taker, "receive");
    await shot(taker, "receive-390");
    check("received", await go(taker, () => taker.click("main .submit button.main")) === 200 && taker.url().includes("notice=received"), await words(taker));
    check("counted in the new cell, once", await members(taker, "HH.CB01") === before[1] + 1 && await members(sender, "HH.CB04") === before[0] - 1, before);
    await check_quiet(sender, "sender");
    await check_quiet(taker, "receiver");
});

await check_quiet(page, "units");
await finish();
