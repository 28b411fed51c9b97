#!/usr/bin/env node
/* Lists leave as files: the rows that were ticked at once; thousands as a job that is followed to what it made, with script and without; and
 * nobody else gets at it. A report leaves as a workbook. */
import {readFileSync} from "node:fs";
import {axe, browser_start, check, check_quiet, check_reflow, finish, page_open, part, shot, sign_in} from "./_harness.mjs";
import {go, password, serve_world, words} from "./_world.mjs";

const {url} = await serve_world();
const browser = await browser_start();
const file_of = async (page, act) => {
    const [file] = await Promise.all([page.waitForEvent("download"), act()]);
    return {name: file.suggestedFilename(), bytes: readFileSync(await file.path())};
};

await part("what is ticked", async () => {
    const page = await page_open(browser);
    await sign_in(page, url, "van.phong.hh", password);
    await page.goto(`${url}/person?unit=HH`);
    const boxes = page.locator("tbody .pick input");
    for (const i of [0, 2, 3]) await boxes.nth(i).check({force: true});
    await axe(page, "ticked");
    await shot(page, "list-ticked", false);
    const csv = await file_of(page, () => page.click(".bulk button[value=csv]"));
    check("as CSV, those alone", csv.bytes.toString("utf8").trim().split("\n").length === 4 && csv.name.includes("van.phong.hh"), csv.bytes.toString("utf8").slice(0, 300));
    await page.waitForFunction(() => !document.querySelector(".bulk [aria-busy=true]"));
    const xlsx = await file_of(page, () => page.click(".bulk button[value=xlsx]"));
    check("as a workbook", xlsx.bytes.subarray(0, 2).toString() === "PK" && xlsx.name.endsWith(".xlsx"), xlsx.name);
    await page.setViewportSize({width: 390, height: 780});
    await check_reflow(page, "ticked 390");
    await shot(page, "list-ticked-390", false);
    await page.goto(`${url}/report/members?unit=HH&period=2018`);
    const report = await file_of(page, () => page.evaluate(() => document.querySelector("a[href*='to=xlsx']").click()));
    check("a report as a workbook", report.bytes.subarray(0, 2).toString() === "PK" && report.name.endsWith(".xlsx"), report.name);
    await check_quiet(page, "ticked");
});

for (const js of [true, false])
    await part(`thousands, ${js ? "with" : "without"} script`, async () => {
        const page = await page_open(browser, {js, ...(js ? {} : {width: 390, height: 780, theme: "dark"})});
        await sign_in(page, url, "to.chuc.ys", password);
        await page.goto(`${url}/person/export?unit=YS&format=xlsx`);
        check("a reason is asked", (await words(page)).includes("Lý do"), await words(page));
        await page.fill("[name=reason]", "Lập danh sách đại hội");
        await go(page, () => page.click("main .submit button"));
        const path = new URL(page.url()).pathname;
        check("a job, or what it made already", /^\/(job|made)\//.test(path), page.url());
        if (path.startsWith("/job/")) await shot(page, `export-job${js ? "" : "-390-dark"}`);
        await page.waitForURL(/\/made\//, {timeout: 60000});
        const said = await words(page);
        check("what it is, and until when", said.includes("dòng") && said.includes("Giữ đến"), said);
        if (js) await axe(page, "made");
        if (js) await check_reflow(page, "made");
        await shot(page, `made${js ? "" : "-390-dark"}`);
        const file = await file_of(page, () => page.click("main .submit a.main"));
        check("the file", file.bytes.length > 100000 && file.name.endsWith(".xlsx"), [file.name, file.bytes.length]);
        const other = await page_open(browser);
        await sign_in(other, url, "bi.thu.ys", password);
        check("nobody else gets at it", (await other.goto(page.url())).status() === 404);
        await go(page, () => page.click("main form[action*='/drop'] button"));
        check("dropped", page.url().includes("notice=file-dropped"), page.url());
        if (js) await check_quiet(page, "made");
    });

await finish();
