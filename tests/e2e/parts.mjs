#!/usr/bin/env node
// The parts of the look and what JavaScript adds to them, on made-up pages (_specimen.mjs) served under the policy of the real ones:
// sizes of the files, reflow, axe, contrast, keyboard, phone, paper, and each behaviour that docs/look.md promises.
import {createServer} from "node:http";
import {readFileSync} from "node:fs";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import {axe, axe_here, browser_start, check, check_quiet, check_reflow, contrast, everywhere, finish, page_open, part, root, shot, small_targets, tab_walk, until} from "./_harness.mjs";
import {answers, pages} from "./_specimen.mjs";

const asset = name => readFileSync(join(root, "assets", name));
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const types = {css: "text/css", js: "text/javascript", svg: "image/svg+xml"};
const asked = [];
let posts = [];
let jobs = 0;

const server = createServer((q, a) => {
    const url = new URL(q.url, "http://127.0.0.1");
    const head = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"};
    const tell = (body, status = 200) => { a.writeHead(status, head); a.end(body); };
    asked.push(`${q.method} ${q.url}`);
    if (q.method === "POST") {
        let body = "";
        q.on("data", d => { body += d; });
        q.on("end", () => { posts.push(`${q.url} ${body}`); setTimeout(tell, 400, "<!doctype html><title>ok</title><p>ok"); });
    } else if (url.pathname.startsWith("/s/")) {
        const name = url.pathname.slice(3);
        a.writeHead(200, {...head, "Content-Type": `${types[name.split(".").pop()]}; charset=utf-8`, "Cache-Control": "max-age=600"});
        a.end(asset(name));
    } else if (url.pathname === "/job/17") {
        tell(++jobs < 2 ? `<progress max="100" value="80" data-job="17" aria-label="x"></progress><p>80 %</p>` : `<p id="job-done">Xong, 960 dòng.</p>`);
    } else if (answers[url.pathname] && (url.searchParams.has("part") || url.pathname.startsWith("/ref/"))) {
        if (url.searchParams.get("q") === "chậm") setTimeout(tell, 600, "<p>slow</p>");
        else tell(answers[url.pathname](url.searchParams.get("q")));
    } else if (pages[url.pathname.slice(1)]) {
        let html = pages[url.pathname.slice(1)];
        if (url.searchParams.has("q")) html = html.replace("1–50 trong 221", `1–1 trong 1, lọc “${url.searchParams.get("q").replace(/[<&]/g, "")}”`);
        if (url.searchParams.has("ends")) html = html.replace("</title>", `</title><meta name="session-ends" content="${Number(url.searchParams.get("ends"))}" data-renew="/unit">`);
        tell(html);
    } else tell("<!doctype html><html lang=vi><title>x</title><h1>x</h1>", url.pathname === "/" ? 200 : 404);
});
await new Promise(done => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;
const sizes = {css: gzipSync(asset("app.css"), {level: 9}).length, js: gzipSync(asset("app.js"), {level: 9}).length, icons: gzipSync(asset("icons.svg"), {level: 9}).length};

await part("files", async () => {
    check("app.css is under 15 kB compressed", sizes.css < 15000, String(sizes.css));
    check("app.js is under 30 kB", asset("app.js").length < 30000, String(asset("app.js").length));
    check("icons are under 4 kB compressed", sizes.icons < 4000, String(sizes.icons));
    check("app.js never turns text into code or markup", !/\beval\b|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\.cssText/.test(asset("app.js").toString()));
    const html = Object.values(pages).join("");
    check("the specimen holds no style and no handler", !/\sstyle=|<style|\son[a-z]+=/.test(html));
    const words = new Set([...html.matchAll(/\sclass="([^"]*)"/g)].flatMap(m => m[1].split(/\s+/)).filter(Boolean));
    const css = asset("app.css").toString();
    const unknown = [...words].filter(w => !new RegExp(`\\.${w}(?![\\w-])`).test(css));
    check("each class has its rule", unknown.every(w => ["chosen", "mapping", "job"].includes(w)), unknown);
    const names = new Set([...asset("icons.svg").toString().matchAll(/symbol id="([\w-]+)"/g)].map(m => m[1]));
    const used = [...html.matchAll(/icons\.svg#([\w-]+)"/g)].map(m => m[1]);
    check("each icon is drawn", used.every(n => names.has(n)), used.filter(n => !names.has(n)));
    const wanted = "down up find bell ok clock late tree people meet work eye voice star doc plus back home menu close edit trash undo history download upload print filter columns lock key user sign-out help settings warn info merge split move external check calendar arrow-right dots sun moon".split(" ");
    check("the sprite holds what docs/look.md names", wanted.every(n => names.has(n)), wanted.filter(n => !names.has(n)));
});

const browser = await browser_start();
for (const name of Object.keys(pages)) await part(name, () => everywhere(browser, name, `${base}/${name}`, {dark: [390, 1366]}));

await part("contrast", async () => {
    for (const theme of ["light", "dark"])
        for (const name of Object.keys(pages)) {
            const page = await page_open(browser, {theme});
            await page.goto(`${base}/${name}`);
            const text = await contrast(page, "main p:not(.state,.soft,.hint,.error,.caution,.code,.ref-no,.chosen), main td:not(.soft), main h1, main li, main dd, main label");
            check(`${name} ${theme}: body text 7:1`, text.least >= 7, text.where);
            const rest = await contrast(page, "body *");
            check(`${name} ${theme}: everything 4.5:1`, rest.least >= 4.5, rest.where);
            await page.context().close();
        }
});

await part("large text", async () => {
    for (const width of [320, 768, 1366])
        for (const name of Object.keys(pages)) {
            const page = await page_open(browser, {width});
            await page.goto(`${base}/${name}`);
            await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
            await check_reflow(page, `${name} ${width} at 200 % text`);
            if (name === "list") await shot(page, `large-${name}-${width}`);
            await page.context().close();
        }
});

await part("targets", async () => {
    for (const name of Object.keys(pages)) {
        const phone = await page_open(browser, {width: 390, height: 780});
        await phone.goto(`${base}/${name}`);
        check(`${name}: 48 px to press on a phone`, (await small_targets(phone, 48)).length === 0, await small_targets(phone, 48));
        await phone.context().close();
        const desk = await page_open(browser);
        await desk.goto(`${base}/${name}`);
        const small = (await small_targets(desk, 44)).filter(t => /btn|who/.test(t) && !/toast|notice/.test(t));
        check(`${name}: 44 px to press on a button`, small.length === 0, small);
        await desk.context().close();
    }
});

await part("keyboard", async () => {
    for (const name of ["unit", "list", "form", "tree", "sign-in"])
        for (const width of [390, 1366]) {
            const page = await page_open(browser, {width, height: 780});
            await page.goto(`${base}/${name}`);
            const stops = await tab_walk(page, `${name} ${width}`);
            if (name !== "form") check(`${name} ${width}: the first stop skips the frame`, stops[0] && stops[0].includes(".skip"), stops[0]);
            await page.context().close();
        }
    const page = await page_open(browser);
    await page.goto(`${base}/unit`);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    check("the skip link goes to the content", await page.evaluate(() => document.activeElement.id) === "main");
    await page.goto(`${base}/form`);
    check("the summary of errors has the focus", await page.evaluate(() => document.activeElement.id) === "errors");
    await page.click(".errors a");
    check("its link goes into the field", await page.evaluate(() => document.activeElement.id) === "f-born");
    await page.context().close();
});

await part("palette", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/unit`);
    await page.keyboard.press("/");
    check("/ opens the palette", await page.locator("dialog.palette[open]").count() === 1);
    check("without text it lists where one can go", await page.locator(".palette [role=option]").count() >= 8);
    await axe_here(page, "palette, empty");
    await page.keyboard.type("duc");
    await page.waitForSelector(".palette [role=option] mark");
    check("results come while typing, asked once", asked.filter(a => a.startsWith("GET /search?q=duc&part=1")).length === 1, asked.filter(a => a.includes("/search")));
    check("a script in a fragment does not run", await page.locator(".palette script").count() === 0 && !(await page.title()).startsWith("run"));
    check("the first result is chosen", await page.locator(".palette [role=option]").first().getAttribute("aria-selected") === "true");
    await axe_here(page, "palette, results");
    await shot(page, "palette-1366", false);
    await page.keyboard.press("ArrowDown");
    const active = await page.getAttribute(".palette input", "aria-activedescendant");
    check("the arrow moves to the second", await page.getAttribute(`#${active}`, "href") === "/p/2");
    await page.keyboard.press("Escape");
    check("Esc closes it", await page.locator("dialog.palette[open]").count() === 0);
    await page.keyboard.press("Control+k");
    await page.fill(".palette input", "");
    await page.keyboard.type("chậm");
    await until(() => asked.some(a => a.startsWith(`GET /search?q=${encodeURIComponent("chậm")}`)));
    await page.fill(".palette input", "duc");
    await page.waitForTimeout(900);
    await page.waitForSelector(".palette [role=option] mark");
    check("a slow old answer does not replace the new", await page.locator(".palette [role=option] mark").count() === 2);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/p/2");
    await page.goto(`${base}/unit`);
    await page.click(".search input");
    const before = asked.length;
    await page.evaluate(() => {
        const i = document.querySelector(".palette input");
        i.dispatchEvent(new CompositionEvent("compositionstart"));
        i.value = "nguye";
        i.dispatchEvent(new InputEvent("input", {bubbles: true, isComposing: true}));
        i.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}));
    });
    await page.waitForTimeout(300);
    check("nothing happens while composing", asked.slice(before).filter(a => a.includes("/search")).length === 0 && page.url().endsWith("/unit"));
    await page.evaluate(() => { const i = document.querySelector(".palette input"); i.value = "nguyễn".normalize("NFD"); i.dispatchEvent(new CompositionEvent("compositionend")); });
    check("after it the text is asked for, composed", await until(() => asked.slice(before).some(a => a.includes(`q=${encodeURIComponent("nguyễn".normalize("NFC"))}&`))), asked.slice(before));
    await check_quiet(page, "palette");
    await page.context().close();
    const phone = await page_open(browser, {width: 390, height: 780});
    await phone.goto(`${base}/unit`);
    await phone.click(".nav a[data-search]");
    await phone.keyboard.type("duc");
    await phone.waitForSelector(".palette mark");
    await check_reflow(phone, "palette 390");
    await shot(phone, "palette-390", false);
    await phone.context().close();
});

await part("shortcuts", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/list`);
    await page.keyboard.press("g");
    await page.keyboard.press("1");
    check("g and a character go there", page.url().endsWith("#chapter0"), page.url());
    await page.locator(".filters input[type=search]").focus();
    await page.keyboard.type("g2?/n");
    check("none acts while typing", page.url().includes("chapter0") && await page.locator("dialog[open]").count() === 0, page.url());
    await page.locator("h1").click();
    await page.keyboard.press("?");
    check("? lists them", await page.locator("dialog[open] kbd").count() > 8);
    await axe_here(page, "list of keys");
    await shot(page, "keys-1366", false);
    await page.click("dialog[open] input[type=checkbox]");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("2");
    await page.keyboard.press("/");
    check("they can be switched off", !page.url().includes("chapter1") && await page.locator("dialog[open]").count() === 0);
    check("that is all the browser keeps", await page.evaluate(() => JSON.stringify({...localStorage}) + JSON.stringify({...sessionStorage})) === '{"shortcuts":"off"}{}');
    await page.reload();
    await page.keyboard.press("?");
    check("off is remembered", await page.locator("dialog[open]").count() === 0);
    await page.context().close();
});

await part("menus", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/unit`);
    await page.click(".head .menu summary");
    check("a menu opens", await page.locator(".head .menu[open]").count() === 1);
    await shot(page, "menu-1366", false);
    await page.click("main h2 >> nth=0");
    check("and closes when one clicks elsewhere", await page.locator(".menu[open]").count() === 0);
    await page.click("#place summary");
    await axe(page, "place chooser", {}, ".menu[open] > .pop");
    await shot(page, "place-1366", false);
    await page.keyboard.press("Escape");
    check("Esc closes it and gives the focus back", await page.locator(".menu[open]").count() === 0 && await page.evaluate(() => document.activeElement.nodeName) === "SUMMARY");
    await page.click(".who");
    await page.click("[name=theme][value=dark]");
    check("the theme changes at once", await page.evaluate(() => document.documentElement.dataset.theme) === "dark" && (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)) === "rgb(23, 21, 19)");
    await until(() => posts.includes("/theme theme=dark"));
    await page.waitForTimeout(300);
    check("the server is told once", posts.filter(p => p === "/theme theme=dark").length === 1, posts);
    await page.context().close();
    const phone = await page_open(browser, {width: 390, height: 780});
    await phone.goto(`${base}/unit`);
    await phone.click("#place summary");
    await shot(phone, "place-390", false);
    await check_reflow(phone, "place chooser 390");
    await phone.keyboard.press("Escape");
    await phone.click(".nav a[href='#rail']");
    check("the rail opens from the bar at the bottom", await phone.locator(".rail").isVisible());
    await axe(phone, "rail on a phone");
    await shot(phone, "rail-390", false);
    await phone.keyboard.press("Escape");
    check("and closes", !(await phone.locator(".rail").isVisible()));
    await phone.context().close();
});

await part("lists", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/list`);
    await page.check("input[data-all]");
    check("all rows are chosen and counted", await page.textContent("[data-count]") === "4" && await page.locator("tr.picked").count() === 4);
    await page.locator("td.pick input").nth(1).uncheck();
    check("the head shows that some are not", await page.evaluate(() => document.querySelector("input[data-all]").indeterminate) && await page.textContent("[data-count]") === "3");
    await page.uncheck("td.pick >> nth=0 >> input");
    await page.locator("td.pick input").nth(0).click();
    await page.locator("td.pick input").nth(2).click({modifiers: ["Shift"]});
    await shot(page, "bulk-1366", false);
    await axe_here(page, "rows chosen");
    await page.fill("#rail input[data-filter]", "thon 3");
    check("the rail is filtered without diacritics", await page.locator("#children li:visible").count() === 1 && (await page.textContent("#children li:visible")).includes("thôn 3"));
    await page.locator(".filters input[type=search]").fill("đức");
    await page.waitForFunction(() => document.querySelector("#list .foot").textContent.includes("lọc"));
    check("the list follows its filter, and the address", decodeURIComponent(page.url()).includes("q=đức"), page.url());
    check("the field keeps the focus and its text", await page.inputValue(".filters input[type=search]") === "đức");
    await page.goto(`${base}/import`);
    const wide = page.locator(".scroll.wide");
    check("a table that does not fit scrolls inside itself", await wide.count() === 1);
    await wide.evaluate(e => { e.scrollLeft = 200; });
    check("and keeps its first column", await wide.evaluate(e => Math.abs(e.querySelector("tbody th").getBoundingClientRect().left - e.getBoundingClientRect().left) < 2));
    await page.goto(`${base}/list`);
    await page.evaluate(() => { const b = document.querySelector("tbody"); for (let i = 0; i < 4; i++) for (const r of [...b.rows]) b.append(r.cloneNode(true)); scrollTo(0, 900); });
    let head, bar;
    const sticks = async () => {
        [head, bar] = await page.evaluate(() => [document.querySelector("thead th").getBoundingClientRect().top, document.querySelector(".top").getBoundingClientRect().bottom]);
        return Math.abs(head - bar) < 2;
    };
    check("the head of one that fits stays under the bar", await until(sticks), `${head} ${bar}`);
    await shot(page, "sticky-1366", false);
    await page.context().close();
});

await part("tree", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/tree`);
    await page.click("#lazy > summary");
    await page.waitForSelector("#lazy .leaf");
    check("a branch comes when opened", await page.locator("#lazy .leaf").count() === 2 && await page.locator("#lazy a[href='/node']").count() === 0);
    await page.click("#lazy > summary");
    await page.click("#lazy > summary");
    check("and only once", asked.filter(a => a === "GET /node?part=1").length === 1);
    await page.focus("#lazy > summary");
    await page.keyboard.press("ArrowLeft");
    check("the arrow closes it", !(await page.evaluate(() => document.getElementById("lazy").open)));
    await page.keyboard.press("ArrowUp");
    check("and moves", await page.evaluate(() => document.activeElement.closest(".leaf") !== null));
    await check_quiet(page, "tree");
    await page.context().close();
});

await part("forms", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/form`);
    await page.fill("#f-unit", "thon 4");
    await page.waitForSelector(".ref .results [role=option]");
    await axe(page, "suggestions");
    await shot(page, "suggest-1366");
    await page.keyboard.press("Enter");
    check("a suggestion writes its code and says its name", await page.inputValue("#f-unit") === "CB04" && (await page.textContent("main .ref .chosen")).startsWith("Chi bộ thôn 4"));
    let asked_to_stay = false;
    page.on("dialog", d => { asked_to_stay = true; d.dismiss().catch(() => {}); });
    await page.evaluate(() => { location.href = "/unit"; }).catch(() => {});
    await until(() => asked_to_stay);
    await page.waitForTimeout(400); /* time to leave, were it not kept */
    check("unsaved work is not left silently", asked_to_stay && page.url().endsWith("/form"));
    posts = [];
    await page.evaluate(() => { /* the second when the first is on its way; the server takes its time */
        const b = document.querySelector(".submit .main");
        b.click();
        setTimeout(() => { sessionStorage.busy = b.getAttribute("aria-busy"); b.click(); }, 120);
    });
    await page.waitForURL("**/save");
    check("two presses send once", posts.length === 1, posts);
    check("the button shows that it works", await page.evaluate(() => sessionStorage.busy) === "true");
    await page.goBack();
    check("back in the form, it can be sent again", await page.locator("form[data-sent]").count() === 0);
    await page.fill("#f-name", "Đặng Văn Ước");
    posts = [];
    await page.keyboard.press("Control+s");
    await page.waitForURL("**/save");
    check("Ctrl+S saves", posts.length === 1 && decodeURIComponent(posts[0]).includes("name=Đặng"), posts);
    jobs = 0;
    await page.goto(`${base}/import`);
    await page.fill("#paste", 'Họ và tên\tNgày sinh\tGhi chú\nLê Thị Đào\t11/04/1990\t"hai\ndòng"\nVũ <b>Khánh\t17/08/1943\t\n');
    check("pasted cells are shown", await page.locator("[data-pasted] tbody tr").count() === 2 && (await page.textContent("[data-pasted] tbody")).includes("Vũ <b>Khánh"));
    check("with their count", (await page.textContent("[data-pasted] caption")).startsWith("3 dòng, 3 cột"));
    await page.waitForSelector("#job-done", {timeout: 8000});
    check("the work's progress ends with the server's word", jobs === 2, String(jobs));
    await page.goto(`${base}/phone`);
    check("the copy button is there", await page.locator("[data-copy]").isVisible());
    await page.click("[data-copy]");
    check("and says that it copied", await until(async () => (await page.textContent("[data-copy]")).includes("Đã sao chép")));
    await check_quiet(page, "forms");
    await page.context().close();
});

await part("session", async () => {
    const page = await page_open(browser);
    await page.goto(`${base}/unit?ends=90`);
    await page.waitForSelector(".toast");
    check("the end of the session is told before", (await page.textContent(".toast")).includes("2 phút"));
    await axe(page, "session's end");
    await shot(page, "session-1366", false);
    const before = asked.length;
    await page.click(".toast .btn:not([data-close])");
    check("one press goes on", await until(async () => await page.locator(".toast").count() === 0 && asked.slice(before).includes("GET /unit")), asked.slice(before));
    await page.goto(`${base}/form?ends=1`);
    await page.waitForFunction(() => (document.querySelector(".toast") || {textContent: ""}).textContent.includes("Đăng nhập lại"), null, {timeout: 8000});
    check("when it is over, what was typed stays", await page.inputValue("#f-name") === "Nguyễn Văn Ẫm");
    await page.context().close();
});

await part("without JavaScript", async () => {
    const page = await page_open(browser, {js: false, width: 390, height: 780});
    await page.goto(`${base}/list`);
    check("buttons that need it are not shown", !(await page.locator("[data-close]").isVisible()));
    await page.click(".nav a[href='#rail']");
    check("the rail opens", await page.locator(".rail").isVisible());
    await page.click(".rail .close");
    check("and closes", !(await page.locator(".rail").isVisible()));
    await page.click("#place summary");
    check("menus open", await page.locator("#place .pop").isVisible());
    for (const name of Object.keys(pages)) {
        await page.goto(`${base}/${name}`);
        const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
        check(`${name}: no sideways scroll without JavaScript`, wide <= room + 1, `${wide} > ${room}`);
    }
    await page.context().close();
});

await part("wishes of the reader", async () => {
    for (const [name, media] of [["contrast", {contrast: "more"}], ["forced", {forcedColors: "active"}], ["motion", {reducedMotion: "reduce"}]]) {
        const page = await page_open(browser);
        await page.emulateMedia(media);
        await page.goto(`${base}/phone`);
        if (name === "motion") check("nothing moves when less motion is wished", await page.evaluate(() => getComputedStyle(document.querySelector(".btn[aria-busy=true]"), "::before").animationName) === "none");
        if (name === "contrast") check("more contrast gives 7:1 everywhere", (await contrast(page, "main *")).least >= 7, (await contrast(page, "main *")).where);
        await shot(page, `wish-${name}`);
        await page.goto(`${base}/unit`);
        await shot(page, `wish-unit-${name}`);
        await page.context().close();
    }
});

await part("paper", async () => {
    const page = await page_open(browser, {theme: "dark", width: 661}); /* what A4 leaves between its margins */
    await page.goto(`${base}/list`);
    await page.emulateMedia({media: "print"});
    check("paper is white, whatever the theme", await page.evaluate(() => getComputedStyle(document.body).backgroundColor) === "rgb(255, 255, 255)");
    const shown = await page.evaluate(() => [".top", ".rail", ".nav", ".filters", ".bulk", ".actions"].filter(s => [...document.querySelectorAll(s)].some(e => e.getClientRects().length)));
    check("without the frame", shown.length === 0, shown);
    check("with unit, time and name", await page.locator(".printed").isVisible());
    check("a table stays a table", await page.evaluate(() => getComputedStyle(document.querySelector("tbody td:not(.pick)")).display) === "table-cell");
    check("no column is cut off", await page.evaluate(() => [...document.querySelectorAll("table")].every(t => t.getBoundingClientRect().right <= document.documentElement.clientWidth + 1)));
    check("the head of a table repeats", await page.evaluate(() => getComputedStyle(document.querySelector("thead")).display) === "table-header-group");
    await page.evaluate(() => { const b = document.querySelector("tbody"); for (let i = 0; i < 5; i++) for (const r of [...b.rows]) b.append(r.cloneNode(true)); });
    const pdf = await page.pdf({preferCSSPageSize: true, ...(process.env.DANGBO_SHOTS ? {path: join(process.env.DANGBO_SHOTS, "list.pdf")} : {})});
    const boxes = [...pdf.toString("latin1").matchAll(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/g)];
    check("A4, several sheets", boxes.length > 1 && boxes.every(b => Math.abs(b[1] - 595) < 2 && Math.abs(b[2] - 842) < 2), boxes.map(b => b[0]));
    await page.context().close();
});

server.close();
server.closeAllConnections();
await finish();
