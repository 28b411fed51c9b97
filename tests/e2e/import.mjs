#!/usr/bin/env node
/* A register of 1,000 people with 40 planted errors, in the program's own template: each is found, by its row and in its cell; the mended
 * file is imported and undone; and a block is pasted from a spreadsheet. */
import {writeFileSync, mkdtempSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {axe, browser_start, check, check_quiet, check_reflow, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, serve_world, words} from "./_world.mjs";

const head = ["Họ và tên", "Ngày sinh", "Giới tính", "Chi bộ", "Ngày vào Đảng", "Ngày chính thức"];
const person = i => [`Uông Thử ${"ABCDEGHIKLMNOPQRSTUV"[i % 20]}${"abcdeghiklmnopqrstuv"[Math.floor(i / 20) % 20]}${"abcdeghiklmnop"[Math.floor(i / 400)]}`, `${String(i % 28 + 1).padStart(2, "0")}/${String(i % 12 + 1).padStart(2, "0")}/${1950 + i % 40}`,
    i % 2 ? "Nam" : "Nữ", `HH.CB${String(i % 9 + 1).padStart(2, "0")}`, "19/05/2010", "19/05/2011"];
/* what is wrong, in which column */
const sorts = [[1, "31/02/1970"], [1, "hôm qua"], [3, "KHÔNG-CÓ"], [0, ""], [2, "Khác lạ"], [4, "32/01/2010"], [5, "19/13/2011"], [5, "19/05/2009"]];
const planted = new Map();
for (let k = 0; k < 40; k++) planted.set(7 + k * 24, sorts[k % sorts.length]);
const lines = [head], good = [head];
for (let i = 0; i < 1000; i++) {
    const row = person(i), wrong = planted.get(i);
    good.push([...row]);
    if (wrong) row[wrong[0]] = wrong[1];
    lines.push(row);
}
const folder = mkdtempSync(join(process.env.TMPDIR || tmpdir(), "import-"));
const file = (name, rows) => { const p = join(folder, name); writeFileSync(p, rows.map(r => r.map(v => `"${v}"`).join(",")).join("\r\n")); return p; };

const {url} = await serve_world();
const browser = await browser_start();
const page = await page_open(browser);
await sign_in(page, url, "van.phong.hh", password);
const count = async () => { await page.goto(`${url}/person?unit=HH&q=${encodeURIComponent("Uông Thử")}&all=1`); return Number(((await words(page)).match(/trong ([\d.]+)/) || [0, "0"])[1].replaceAll(".", "")); };
const settle = async () => { for (let i = 0; i < 120 && /\/job\//.test(page.url()); i++) await page.waitForTimeout(500); await page.waitForLoadState(); };

async function upload(path) {
    await page.goto(`${url}/import/new/person?unit=HH`);
    await page.setInputFiles("main input[type=file]", path);
    await go(page, () => page.locator("main form:has(input[type=file]) button.main, main form:has(input[type=file]) .submit button").first().click());
}

await part("forty errors", async () => {
    await upload(file("so.csv", lines));
    check("the columns are asked about", /\/columns/.test(page.url()), [page.url(), await words(page)]);
    await axe(page, "columns");
    await check_reflow(page, "columns");
    await shot(page, "import-columns");
    await go(page, () => page.click("main form[action*='/columns'] button.main"));
    await settle();
    check("checked", /\/check/.test(page.url()), [page.url(), await words(page)]);
    check("forty errors are told", (await words(page)).includes("40 dòng có lỗi"), (await words(page)).slice(0, 600));
    await axe(page, "import check");
    await check_reflow(page, "import check");
    await shot(page, "import-check");
    await page.setViewportSize({width: 390, height: 780});
    await check_reflow(page, "import check 390");
    await shot(page, "import-check-390");
    await page.setViewportSize({width: 1366, height: 900});
    const found = new Map();
    for (let i = 0; i < 30; i++) {
        for (const [row, cells] of await page.evaluate(() => [...document.querySelectorAll("table.grid tr")].filter(tr => tr.querySelector("td.bad")).map(tr => [tr.querySelector("th").textContent.trim(), [...tr.querySelectorAll("td.bad")].map(td => td.cellIndex)])))
            found.set(Number(row), cells);
        const next = page.locator("main .pager a[href*='from=']").last();
        const before = page.url();
        if (!await next.count()) break;
        await go(page, () => next.click());
        if (page.url() === before || [...page.url().matchAll(/from=(\d+)/g)].length && Number(page.url().match(/from=(\d+)/)[1]) < Number((before.match(/from=(\d+)/) || [0, 0])[1])) break;
    }
    const want = [...planted.keys()].map(i => i + 2).sort((x, y) => x - y);
    check("each by its row, and no other", JSON.stringify([...found.keys()].sort((x, y) => x - y)) === JSON.stringify(want), {missing: want.filter(w => !found.has(w)), more: [...found.keys()].filter(w => !want.includes(w))});
    const columns = [...planted].filter(([i, [column]]) => found.has(i + 2) && !found.get(i + 2).includes(column + 1));
    check("and in its cell", columns.length === 0, columns.slice(0, 5).map(([i, s]) => [i + 2, s, found.get(i + 2)]));
    check("a check writes nothing", await count() === 0);
});

await part("mended, imported, undone", async () => {
    await upload(file("so-da-sua.csv", good));
    await go(page, () => page.click("main form[action*='/columns'] button.main"));
    await settle();
    check("no error is left", (await words(page)).includes("Không có lỗi"), (await words(page)).slice(0, 500));
    await go(page, () => page.locator("main form[action*='/run'] button").first().click());
    await settle();
    check("imported", (await words(page)).includes("Đã nhập xong"), (await words(page)).slice(0, 500));
    await axe(page, "import result");
    await shot(page, "import-result");
    const result = page.url();
    check("a thousand people", await count() === 1000);
    await page.goto(result);
    if (!await page.locator("main form[action*='/undo'] button").count()) check("undoing is offered", false, [result, await words(page)]);
    await go(page, () => page.locator("main form[action*='/undo'] button").first().click());
    await settle();
    check("undone, nobody is left", await count() === 0);
});

await part("a block that is pasted", async () => {
    await page.goto(`${url}/import/new/person?unit=HH`);
    const area = page.locator("main textarea").first();
    check("there is a place to paste", await area.count() === 1);
    await area.fill([head, ...good.slice(1, 11)].map(r => r.join("\t")).join("\n"));
    await shot(page, "import-paste");
    await go(page, () => page.locator("main form:has(textarea) button.main, main form:has(textarea) .submit button").last().click());
    await go(page, () => page.click("main form[action*='/columns'] button.main"));
    await settle();
    await go(page, () => page.locator("main form[action*='/run'] button").first().click());
    await settle();
    check("ten people", await count() === 10);
});

await check_quiet(page, "import");
await finish();
