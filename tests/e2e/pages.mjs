#!/usr/bin/env node
/* Every kind of page, empty, full, refused, with its menus open, at four widths in two themes: well formed, quiet, light, without sideways
 * scroll, complete in English, fit for paper. */
import {spawn} from "node:child_process";
import {readFileSync, writeFileSync} from "node:fs";
import {join} from "node:path";
import {axe, browser_start, check, check_quiet, check_reflow, contrast, cost, finish, page_open, part, root, shot, sign_in} from "./_harness.mjs";
import {password, rows, run, serve_world, world} from "./_world.mjs";

const data = await world();
const id = (kind, ...more) => (rows(data, kind, "list", "--unit", "HH", "--limit", "1", "--all", ...more)[0] || {id: "0"}).id;
const person = rows(data, "person", "list", "--unit", "HH.CB04", "--limit", "1")[0];
const ids = {membership: id("membership"), appointment: id("appointment"), duty: id("duty"), term: id("term")};
/* name: [address, status] */
const office = {
    home: ["/"], home_unit: ["/?unit=HH"], organisation: ["/organisation?unit=HH"], people: ["/people?unit=HH"], tree: ["/tree"], tree_past: ["/tree?unit=HH&at=05/08/2018"],
    diff: ["/tree/diff?unit=HH&from=01/01/2018&to=05/08/2018"], unit: ["/u/HH"], cell: ["/u/HH.CB04"],
    list: ["/person?unit=HH"], list_units: ["/unit?unit=HH"], list_memberships: ["/membership?unit=HH"], list_posts: ["/appointment?unit=HH"], list_duties: ["/duty?unit=HH"], list_terms: ["/term?unit=HH"],
    list_empty: ["/person?unit=HH&q=khongcoai"], list_changes: ["/unit_change?unit=HH"],
    person: [`/person/${person.id}`], membership: [`/membership/${ids.membership}`], appointment: [`/appointment/${ids.appointment}`], duty: [`/duty/${ids.duty}`], term: [`/term/${ids.term}`],
    form_new: ["/person/new?unit=HH.CB04"], form_edit: [`/person/${person.id}/edit`], form_post: ["/appointment/new?unit=HH"],
    change: ["/change?unit=HH"], transfers: ["/transfer?unit=HH"], send: ["/transfer/send?unit=HH"],
    import: ["/import?unit=HH"], import_new: ["/import/new/person?unit=HH"], search: ["/search?q=nguyen"], search_empty: ["/search?q=khongcoai"],
    reports: ["/report?unit=HH"], report: ["/report/members?unit=HH&period=2018"], help: ["/help"], account: ["/account"], second: ["/account/second"], password: ["/account/password"],
    list_removed: ["/duty/removed?unit=HH"], saved: [`/person/${person.id}?notice=saved&undo=/person/${person.id}/undo`], history: [`/person/${person.id}?tab=history`], who: [`/person/${person.id}?tab=who`],
    refused: ["/person?nothing=1", 400], none: ["/person/1", 404], nowhere: ["/khong-co-trang-nay", 404],
};
const clerk = rows(data, "user", "list").find(a => a.login === "van.phong.hh").id;
const admin = {admin: ["/admin"], account_of: [`/admin/accounts/${clerk}`], second_reset: [`/admin/accounts/${clerk}/second`], accounts: ["/admin/accounts"], account_new: ["/admin/accounts/new"], audit: ["/admin/audit"], settings: ["/setting"], grants: ["/grant"], home_admin: ["/"]};
const board = {change_board: ["/change?unit=YS"], unit_large: ["/u/YS"], list_large: ["/person?unit=YS"]};
const {url} = await serve_world();
const browser = await browser_start();

/* What each page owes, whatever it is about. */
async function formed(page, name, status, want) {
    check(`${name}: status`, status === want, status);
    const seen = await page.evaluate(() => ({title: document.title, h1: document.querySelectorAll("h1").length, lang: document.documentElement.lang,
        ids: [...document.querySelectorAll("[id]")].map(e => e.id).filter((x, i, a) => a.indexOf(x) !== i), styled: document.querySelectorAll("[style]").length}));
    check(`${name}: one h1, ids once, no style`, seen.h1 === 1 && seen.ids.length === 0 && seen.styled === 0, seen);
    const twice = await page.evaluate(() => [...document.querySelectorAll("thead")].flatMap(t => [...t.querySelectorAll("th")].map(h => h.textContent.trim()).filter((x, i, all) => x && all.indexOf(x) !== i)));
    check(`${name}: no two columns of one name`, twice.length === 0, twice);
    if (name !== "nowhere") check(`${name}: the chapters are in sight, however many units and whatever the error`, await page.evaluate(() => {
        const last = [...document.querySelectorAll(".rail > a")].pop();
        return !!last && last.getBoundingClientRect().bottom <= innerHeight;
    }));
    return seen.title;
}

async function crawl(page, all) {
    const titles = {};
    for (const [name, [path, want = 200]] of Object.entries(all))
        await part(name, async () => {
            await page.setViewportSize({width: 1366, height: 900});
            await page.emulateMedia({colorScheme: "light"});
            const status = (await page.goto(`${url}${path}`)).status();
            const title = await formed(page, name, status, want);
            if (want === 200) {
                check(`${name}: a title of its own`, !titles[title] || titles[title].split("?")[0] === path.split("?")[0], [title, titles[title]]);
                titles[title] = path;
            }
            await axe(page, name);
            const plain = await contrast(page, "main *");
            check(`${name}: contrast`, plain.least >= 4.5, plain.where);
            await shot(page, `${name}-1366`);
            if (!process.env.DANGBO_SHOTS) return;
            await page.setViewportSize({width: 390, height: 780});
            await shot(page, `${name}-390`);
        });
}

const page = await page_open(browser);
await sign_in(page, url, "van.phong.hh", password);
await crawl(page, office);

/* A picture of a state at the desk and on the phone. */
async function pictures(name) {
    if (!process.env.DANGBO_SHOTS) return;
    await shot(page, `${name}-1366`, false);
    await page.setViewportSize({width: 390, height: 780});
    await shot(page, `${name}-390`, false);
    await page.setViewportSize({width: 1366, height: 900});
}

await part("menus open", async () => {
    for (const [name, path] of [["list", "/person?unit=HH"], ["person", `/person/${person.id}`], ["unit", "/u/HH"], ["home", "/"]]) {
        await page.goto(`${url}${path}`);
        const menus = page.locator("details.menu > summary:visible");
        for (let i = name === "list" ? 0 : 2; i < await menus.count(); i++) { /* the frame's are alike everywhere */
            await menus.nth(i).click();
            await axe(page, `${name} menu ${i}`, {}, ".menu[open] > .pop");
            await pictures(`menu-${name}-${i}`);
            await page.keyboard.press("Escape");
            await page.evaluate(() => document.querySelectorAll("details.menu[open]").forEach(d => { d.open = false; }));
        }
    }
});

await part("dialogs open", async () => {
    await page.goto(`${url}/person?unit=HH`);
    await page.keyboard.press("/");
    await page.waitForSelector("dialog.palette[open]");
    await page.keyboard.type("nguyen");
    await page.waitForSelector(".palette [role=option] small");
    await axe(page, "palette", {}, "dialog[open]");
    await pictures("palette");
    await page.keyboard.press("Escape");
    await page.locator("h1").click();
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open] kbd");
    await axe(page, "keys", {}, "dialog[open]");
    await pictures("keys");
    await page.keyboard.press("Escape");
    await page.check("td.pick >> nth=0 >> input");
    await page.check("td.pick >> nth=1 >> input");
    await axe(page, "rows chosen");
    await pictures("chosen");
});

const send = async () => (await Promise.all([page.waitForNavigation(), page.click("main form .submit button.main")]))[0].status();
const forget = () => page.evaluate(() => document.querySelectorAll("form[data-dirty]").forEach(f => f.removeAttribute("data-dirty")));

await part("a form with errors, with warnings, without its token", async () => {
    await page.goto(`${url}/person/new?unit=HH.CB04`);
    await page.fill("[name=born]", "31/02/1970");
    check("errors: 422", await send() === 422);
    check("errors: what was typed is kept", await page.inputValue("[name=born]") === "31/02/1970");
    await axe(page, "errors");
    await pictures("errors");
    await forget();
    const twin = rows(data, "person", "list", "--unit", "HH.CB04", "--limit", "2")[1];
    await page.goto(`${url}/person/new?unit=HH.CB04`);
    await page.fill("[name=name]", twin.name);
    await page.fill("[name=born]", twin.born.split("-").reverse().join("/"));
    await page.fill("[name=admitted_on]", "03/02/2001");
    check("warned: 422", await send() === 422);
    check("warned: it can be saved all the same", await page.locator(".warning [name=accept]").count() === 1);
    await axe(page, "warned");
    await pictures("warned");
    await page.evaluate(() => { document.querySelector("main [name=csrf]").value = "x"; });
    check("without its token: 403", await send() === 403);
    await axe(page, "refused form");
    await pictures("refused-form");
    await forget();
    await page.setViewportSize({width: 1920, height: 1000});
    for (const name of ["home", "unit", "list", "person"]) {
        await page.goto(`${url}${office[name][0]}`);
        await check_reflow(page, `${name} 1920`);
        await shot(page, `${name}-1920`, false);
    }
});

/* A server of its own, whose store is held by another program, and then is no store any more. */
await part("when the store cannot", async () => {
    const other = await serve_world();
    const file = join(other.data, "dangbo.db");
    await sign_in(page, other.url, "van.phong.hh2", password);
    await page.goto(`${other.url}/person/new?unit=HH.CB04`);
    await page.fill("[name=name]", "Nguyễn Thị Chờ");
    await page.fill("[name=born]", "02/03/1970");
    await page.fill("[name=admitted_on]", "03/02/2001");
    const holder = spawn("sqlite3", [file], {stdio: ["pipe", "pipe", "inherit"]});
    holder.stdin.write("BEGIN IMMEDIATE;\nSELECT 1;\n");
    await new Promise(done => holder.stdout.once("data", done));
    check("busy: 503", await send() === 503);
    await axe(page, "busy");
    await pictures("busy");
    holder.stdin.end("ROLLBACK;\n");
    await new Promise(done => holder.on("close", done));
    writeFileSync(file, Buffer.alloc(65536, "không phải là dữ liệu "));
    const answer = await page.goto(`${other.url}/person?unit=HH`);
    check("broken: 500", answer.status() === 500, answer.status());
    await axe(page, "broken");
    await pictures("broken");
    await other.stop();
});
await sign_in(page, url, "van.phong.hh", password);

await part("weight", async () => {
    await page.setViewportSize({width: 1366, height: 900});
    for (const name of ["home", "list", "person", "unit"]) {
        const cold = await cost(page, () => page.goto(`${url}${office[name][0]}`), {cold: true});
        check(`${name}: at first at most 100 kB and 12 requests`, cold.bytes <= 100000 && cold.requests <= 12 && cold.bytes > 1000, cold);
        const later = await cost(page, () => page.goto(`${url}${office[name][0]}`));
        check(`${name}: later at most 30 kB`, later.bytes <= 30000, later);
    }
});

await part("paper", async () => {
    for (const name of ["list", "person", "report", "unit"]) {
        await page.goto(`${url}${office[name][0]}`);
        await page.emulateMedia({media: "print"});
        const left = await page.evaluate(() => [".top", ".rail", ".nav", ".actions", ".filters", ".base"].filter(s => [...document.querySelectorAll(s)].some(e => e.getClientRects().length)));
        check(`${name}: printed without the frame`, left.length === 0, left);
        check(`${name}: heads of tables repeat`, await page.evaluate(() => [...document.querySelectorAll("thead")].every(t => getComputedStyle(t).display === "table-header-group")));
        check(`${name}: what is printed says whence`, await page.locator(".printed").isVisible());
        const pdf = (await page.pdf({preferCSSPageSize: true})).toString("latin1");
        check(`${name}: a PDF of A4`, [...pdf.matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)].every(b => Math.abs(b[1] - 595) < 2));
        await page.emulateMedia({media: "screen"});
    }
});

/* Words with Vietnamese letters that stand neither in the data nor in the rules of the field are the program's own, left untranslated. */
await part("English", async () => {
    await page.goto(`${url}/account`);
    await page.context().addCookies([{name: "lang", value: "en", url}]);
    const known = new Set();
    const learn = s => { for (const w of String(s).normalize("NFC").match(/\p{L}+/gu) || []) known.add(w.toLowerCase()); };
    for (const kind of ["unit", "person", "membership", "appointment", "duty", "term", "unit_change", "grant", "account"])
        for (const unit of kind === "grant" || kind === "account" ? [[]] : [["--unit", "HH"]]) {
            try {
                for (const r of rows(data, kind, "list", ...unit, "--all", "--limit", "2000")) Object.values(r).forEach(learn);
            } catch { /* not of units */ }
        }
    for (const file of ["ethnicity"]) learn(readFileSync(join(root, "rules", `${file}.json`), "utf8"));
    learn("Đảng Bộ Đ B Tiếng Việt Hồ sơ Thử nghiệm Người dùng");
    rows(data, "unit", "tree").forEach(u => learn(u.name));
    for (const [name, [path]] of Object.entries(office)) {
        await page.goto(`${url}${path}`);
        if (await page.evaluate(() => document.documentElement.lang) !== "en") check(`${name}: is in English`, false);
        const said = await page.evaluate(() => {
            const all = [document.title, document.body.innerText];
            for (const e of document.querySelectorAll("[aria-label],[placeholder],[title],[data-label]")) for (const a of ["aria-label", "placeholder", "title", "data-label"]) if (e.getAttribute(a)) all.push(e.getAttribute(a));
            return all.join("\n");
        });
        const strange = [...new Set((said.normalize("NFC").match(/\p{L}+/gu) || []).filter(w => /[àáảãạăâđèéẻẽẹêìíỉĩịòóỏõọôơùúủũụưỳýỷỹỵ]/i.test(w.normalize("NFD").replace(/[\u0300\u0301\u0303\u0309\u0323]/g, "")) || /[\u0300-\u0323]/.test(w.normalize("NFD"))).filter(w => !known.has(w.toLowerCase()) && !/^\p{Lu}{1,2}$/u.test(w)))]; /* two capitals: a face without a picture */
        check(`${name}: no Vietnamese word of ours in English`, strange.length === 0, strange.slice(0, 12));
    }
    await page.goto(`${url}/person?unit=HH`);
    await shot(page, "list-english");
    await page.context().addCookies([{name: "lang", value: "vi", url}]);
});

await check_quiet(page, "office");
const big = await page_open(browser);
await sign_in(big, url, "to.chuc.ys", password);
await crawl(big, board);
const decides = await page_open(browser);
await sign_in(decides, url, "bi.thu.ys", password);
await crawl(decides, {change_move: ["/change/move?unit=YS"], change_split: ["/change/split?unit=YS&step=details&pick=YS.BVH"]});
await check_quiet(big, "board");
const head = await page_open(browser);
await sign_in(head, url, "quan.tri", password);
await crawl(head, admin);
await check_quiet(head, "administration");
check("the store is sound", run(data, "unit", "list", "--limit", "1") !== "");
await finish();
