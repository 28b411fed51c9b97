/* What the tests in the browser share: Debian's Chromium, a server on a fresh copy of a data folder, signing in, pictures, axe over
 * widths and themes, the walk by keyboard, and counters of bytes, requests and violations of the content security policy.
 * A test imports it, calls check() for each thing that must hold, and ends with finish(), which prints `N passed, N failed`.
 * DANGBO is the program, TMPDIR a folder that is thrown away, DANGBO_SHOTS a folder for pictures (none are taken without it). */
import {spawn} from "node:child_process";
import {createHmac} from "node:crypto";
import {accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {createServer} from "node:net";
import {tmpdir} from "node:os";
import {delimiter, join} from "node:path";
import {fileURLToPath} from "node:url";

export const here = fileURLToPath(new URL(".", import.meta.url));
export const root = fileURLToPath(new URL("../..", import.meta.url));
export const widths = [320, 390, 768, 1366, 1920];
export const themes = ["light", "dark"];

/* ---- counting */
let passed = 0;
let failed = 0;
const to_end = [];

export function check(what, holds, detail = "") {
    if (holds) {
        passed++;
        return true;
    }
    failed++;
    console.log(`FAIL ${what}${detail === "" ? "" : `: ${typeof detail === "string" ? detail : JSON.stringify(detail)}`}`);
    return false;
}

// Whether it comes to hold, as fast as this machine is: what is waited for shall not fail for a fixed time that was too short.
export async function until(holds, ms = 10000) {
    for (const end = Date.now() + ms; Date.now() < end; await new Promise(done => setTimeout(done, 40)))
        if (await holds()) return true;
    return holds();
}

export function skip(why) {
    console.log(why);
    process.exit(77);
}

/* Runs a part of a test; what it throws is one failure, and the parts after it still run. */
export async function part(name, body) {
    try {
        await body();
    } catch (e) {
        check(name, false, String(e.stack || e).split("\n").slice(0, 6).join("\n     "));
    }
}

export async function finish() {
    for (const end of to_end.reverse()) await end();
    console.log(`${passed} passed, ${failed} failed`);
    process.exit(failed ? 1 : 0);
}

/* ---- the browser */
export function chromium_path() {
    const names = process.env.CHROMIUM ? [process.env.CHROMIUM] : ["chromium", "chromium-browser", "google-chrome"];
    for (const name of names)
        for (const folder of name.includes("/") ? [""] : (process.env.PATH || "").split(delimiter)) {
            const path = folder ? join(folder, name) : name;
            try {
                accessSync(path, constants.X_OK);
                return path;
            } catch { /* not there */ }
        }
    return null;
}

export async function browser_start() {
    const path = chromium_path();
    if (!path) skip("there is no chromium (tools/setup.sh test)");
    let playwright;
    try {
        playwright = await import("playwright-core");
    } catch {
        skip("playwright-core is not installed (tools/setup.sh test)");
    }
    const browser = await playwright.chromium.launch({executablePath: path, args: ["--disable-dev-shm-usage", "--font-render-hinting=none"]});
    to_end.push(() => browser.close());
    return browser;
}

/* A page of a size and theme, watched: what it violates, asks for and complains about is in page.seen. */
export async function page_open(browser, {width = 1366, height = 900, theme = "light", js = true, more = {}} = {}) {
    const context = await browser.newContext({viewport: {width, height}, colorScheme: theme, javaScriptEnabled: js, locale: "vi-VN",
        timezoneId: "Asia/Ho_Chi_Minh", ignoreHTTPSErrors: true, ...more});
    const page = await context.newPage();
    await watch(page);
    return page;
}

async function watch(page) {
    const seen = page.seen = {violations: [], complaints: [], foreign: [], requests: 0, bytes: 0, statuses: {}};
    const own = url => /^(data|blob|about|chrome-error):/.test(url) || new URL(url).hostname === "127.0.0.1";
    page.on("pageerror", e => seen.complaints.push(String(e)));
    page.on("console", m => {
        if (/Content.Security.Policy|Trusted ?Type/i.test(m.text())) seen.violations.push(m.text());
        else if (m.type() === "error" && !/status of (4|5)\d\d/.test(m.text())) seen.complaints.push(m.text());
    });
    page.on("request", r => { if (!own(r.url())) seen.foreign.push(r.url()); });
    page.on("response", r => { seen.statuses[new URL(r.url()).pathname] = r.status(); });
    await page.addInitScript(() => {
        window.__violations = [];
        document.addEventListener("securitypolicyviolation", e => window.__violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`));
    });
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Network.enable");
    cdp.on("Network.requestWillBeSent", e => { if (!e.request.url.startsWith("data:")) seen.requests++; });
    cdp.on("Network.loadingFinished", e => { seen.bytes += e.encodedDataLength; });
    page.cdp = cdp;
}

/* What went over the wire while `act` ran: {requests, bytes}, compressed sizes with heads. */
export async function cost(page, act, {cold = false} = {}) {
    if (cold) await page.cdp.send("Network.clearBrowserCache");
    const before = {requests: page.seen.requests, bytes: page.seen.bytes};
    await act();
    await page.waitForLoadState("networkidle");
    return {requests: page.seen.requests - before.requests, bytes: page.seen.bytes - before.bytes};
}

/* Nothing forbidden happened on this page: policy, other hosts, errors of scripts. */
export async function check_quiet(page, name) {
    const live = await page.evaluate(() => window.__violations || []).catch(() => []);
    const {violations, foreign, complaints} = page.seen;
    check(`${name}: no violation of the policy`, violations.length + live.length === 0, [...violations, ...live].slice(0, 5));
    check(`${name}: no other host`, foreign.length === 0, foreign.slice(0, 5));
    check(`${name}: no error of a script`, complaints.length === 0, complaints.slice(0, 5));
}

/* ---- the server */
export function port_free() {
    return new Promise((done, failed) => {
        const s = createServer();
        s.on("error", failed);
        s.listen(0, "127.0.0.1", () => {
            const {port} = s.address();
            s.close(() => done(port));
        });
    });
}

/* Runs the program with these arguments: {status, out, err}. */
export function dangbo(...args) {
    return new Promise(done => {
        const child = spawn(process.env.DANGBO || join(root, "build/dangbo"), args, {stdio: ["ignore", "pipe", "pipe"]});
        let out = "";
        let err = "";
        child.stdout.on("data", d => { out += d; });
        child.stderr.on("data", d => { err += d; });
        child.on("close", status => done({status, out, err}));
    });
}

/* Serves a fresh copy of the data folder `from` (or `from` itself with copy: false) and answers {url, data, stop, log}. */
export async function serve(from, {copy = true, args = [], env = {}} = {}) {
    let data = from;
    if (copy) {
        data = join(mkdtempSync(join(process.env.TMPDIR || tmpdir(), "serve-")), "data");
        cpSync(from, data, {recursive: true});
    }
    const port = await port_free();
    const url = `http://127.0.0.1:${port}`;
    const child = spawn(process.env.DANGBO || join(root, "build/dangbo"), ["serve", "--data", data, "--listen", `127.0.0.1:${port}`, ...args],
        {stdio: ["ignore", "pipe", "pipe"], env: {...process.env, ...env}});
    const server = {url, data, child, log: ""};
    const ended = new Promise(done => child.on("close", done));
    let gone = false;
    ended.then(() => { gone = true; });
    for (const s of [child.stdout, child.stderr]) s.on("data", d => { server.log = (server.log + d).slice(-20000); });
    server.stop = async () => {
        if (!gone) child.kill("SIGTERM");
        const hard = setTimeout(() => child.kill("SIGKILL"), 10000);
        await ended;
        clearTimeout(hard);
    };
    to_end.push(server.stop);
    for (let i = 0; i < 300; i++) {
        if (gone) throw new Error(`dangbo serve ended: ${server.log}`);
        try {
            if ((await fetch(`${url}/robots.txt`)).ok) return server;
        } catch { /* not yet */ }
        await new Promise(r => setTimeout(r, 100));
    }
    throw new Error(`dangbo serve does not answer: ${server.log.slice(-1500)}`);
}

/* ---- the second factor: what an app on a phone would hold, for each account of each server */
const phones = new Map();

function code_at(secret, step) {
    const bits = [...secret].map(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))).update(counter).digest();
    return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, "0");
}

export function phone_of(url, login, secret) {
    const key = `${url} ${login}`;
    if (secret) phones.set(key, {secret: secret.replace(/[^A-Z2-7]/g, ""), last: 0, codes: []});
    return phones.get(key);
}

/* The next code that works, each step once; null: only a recovery code will do now. */
export function next_code(phone) {
    const now = Math.floor(Date.now() / 1000);
    for (let step = Math.floor((now + 1) / 30) - 1; step <= Math.floor(now / 30) + 1; step++)
        if (step > phone.last) {
            phone.last = step;
            return code_at(phone.secret, step);
        }
    return null;
}

/* On the page that turns it on. */
export async function enrol(page, url, login) {
    const phone = phone_of(url, login, await page.locator(".secret code").innerText());
    await page.fill("input[name=code]", next_code(phone));
    await Promise.all([page.waitForNavigation(), page.click("main form button.main")]);
    phone.codes = await page.locator("main ol.list code").allInnerTexts();
    check(`${login} has a second factor`, phone.codes.length === 10, page.url());
}

async function code_step(page, url, login) {
    const phone = phone_of(url, login);
    const code = next_code(phone);
    if (code) {
        await page.fill("input[name=code]", code);
    } else {
        await page.click("summary");
        await page.fill("input[name=recovery]", phone.codes.pop());
    }
    await Promise.all([page.waitForNavigation(), page.click("main form button.main")]);
}

/* With a second factor where the account must have one: then the browser stands on the home page, as after any sign-in. */
export async function sign_in(page, url, login, password, {second = true} = {}) {
    await page.goto(`${url}/sign-in`);
    await page.fill("input[name=login]", login);
    await page.fill("input[name=password]", password);
    await Promise.all([page.waitForNavigation(), page.click("main form button.main")]);
    if (second && await page.locator("input[name=half]").count()) await code_step(page, url, login);
    if (second && new URL(page.url()).pathname === "/account/second") {
        await enrol(page, url, login);
        await page.goto(`${url}/`);
    }
    check(`${login} is signed in`, !second || !new URL(page.url()).pathname.startsWith("/sign-in"), page.url());
}

/* ---- looking */
export async function shot(page, name, full = true) {
    if (!process.env.DANGBO_SHOTS) return;
    mkdirSync(process.env.DANGBO_SHOTS, {recursive: true});
    await page.screenshot({path: join(process.env.DANGBO_SHOTS, `${name}.png`), fullPage: full});
}

let axe_source = null;
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/* What hangs on the theme alone; all else is asked in one theme of each width. */
const colour_rules = ["color-contrast", "link-in-text-block"];
/* Rows further down are like those above them: they are asked about once, in the first look. */
const alike = ["tbody > tr", ".list > li", "#children > li", ".tree li li", ".opts > .opt", ".form .row"].map(s => [`${s}:nth-child(n+9)`]);
const looks = [[1366, "light", "dark"], [768, "dark", "light"], [390, "dark", "light"], [320, "light", "dark"]];

/* What axe finds in this state of the page at four widths and in two themes, and whether it scrolls sideways there. The page is not
 * loaded again, so menus, dialogs and what was typed stay; size and theme are put back. `within` asks about a part alone. */
export async function axe(page, name, known = {}, within = null) {
    const before = page.viewportSize();
    const was = await page.evaluate(() => matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    for (const [width, first, second] of looks) {
        await page.setViewportSize({width, height: width < 500 ? 780 : 900});
        await page.emulateMedia({colorScheme: first});
        await check_reflow(page, `${name} ${width}`);
        await axe_here(page, `${name} ${width} ${first}`, known, {within: within || (width === looks[0][0] ? null : {exclude: alike})});
        await page.emulateMedia({colorScheme: second});
        await axe_here(page, `${name} ${width} ${second}`, known, {within: within || {exclude: alike}, only: colour_rules});
    }
    await page.setViewportSize({width: 1920, height: 1080});
    await check_reflow(page, `${name} 1920`);
    await page.setViewportSize(before);
    await page.emulateMedia({colorScheme: was});
    await page.evaluate(() => new Promise(done => requestAnimationFrame(done)));
}

/* What axe finds on the page as it stands. `known` names rules whose findings have been looked at, with the reason. */
export async function axe_here(page, name, known = {}, {within = null, only = null} = {}) {
    axe_source = axe_source || readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
    if (!await page.evaluate(() => !!window.axe)) await page.evaluate(axe_source);
    const found = await page.evaluate(({values, within, only}) => window.axe.run(within || document, {runOnly: only ? {type: "rule", values: only} : {type: "tag", values},
        rules: only ? {} : {"target-size": {enabled: true}}, resultTypes: ["violations", "incomplete"]}), {values: tags, within, only});
    const tell = r => `${r.id}: ${r.nodes.slice(0, 4).map(n => `${n.target.join(" ")} (${(n.any[0] || n.all[0] || n.none[0] || {}).message || r.help})`).join("; ")}`;
    found.violations = found.violations.filter(r => !known[r.id]);
    check(`${name}: axe finds nothing`, found.violations.length === 0, found.violations.map(tell).join("\n     "));
    /* contrast() measures what axe cannot see through; a lone arrow or dot, and a field that is empty, is no text */
    for (const r of found.incomplete) if (r.id === "color-contrast") r.nodes = r.nodes.filter(n => !/non-text characters|has no value|overlapped|partially overlaps|obscured|too short/.test((n.any[0] || {}).message));
    const open = found.incomplete.filter(r => !known[r.id] && r.nodes.length);
    check(`${name}: axe leaves nothing to look at`, open.length === 0, open.map(tell).join("\n     "));
}

/* The page itself never scrolls sideways. */
export async function check_reflow(page, name) {
    await page.evaluate(() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r))));
    const wide = await page.evaluate(() => {
        const most = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= most + 1) return null; /* parts of a pixel are rounded up */
        const inside = e => { for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) if (/auto|scroll|hidden|clip/.test(getComputedStyle(p).overflowX)) return true; return false; };
        return [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > most + 1 && !inside(e)).slice(0, 5)
            .map(e => `${e.nodeName}.${e.className.baseVal ?? e.className} ${Math.round(e.getBoundingClientRect().right)}`).concat(`${document.documentElement.scrollWidth} > ${most}`);
    });
    check(`${name}: no sideways scroll`, wide === null, wide || "");
}

/* Reflow, axe and a picture at every width and theme. The page is loaded anew for each size when `at` is an address. */
export async function everywhere(browser, name, at, {known = {}, sizes = widths, dark = widths, cookies = [], before = null} = {}) {
    for (const theme of themes)
        for (const width of theme === "dark" ? dark : sizes) {
            const page = await page_open(browser, {width, height: width < 500 ? 780 : 900, theme});
            if (cookies.length) await page.context().addCookies(cookies);
            await page.goto(at);
            if (before) await before(page);
            const label = `${name} ${width} ${theme}`;
            await check_reflow(page, label);
            await axe_here(page, label, known);
            await shot(page, `${name}-${width}-${theme}`);
            await check_quiet(page, label);
            await page.context().close();
        }
}

/* The parts of the page that fall below a size, measured with what a press reaches. */
export function small_targets(page, least) {
    return page.evaluate(least => [...document.querySelectorAll("a[href],button,summary,select,input:not([type=hidden]),textarea")].filter(e => {
        const r = e.getBoundingClientRect();
        if (!r.width || !r.height || e.disabled || e.closest(".vh") || getComputedStyle(e).visibility === "hidden") return false;
        if (e.matches("a") && getComputedStyle(e).display === "inline") return false; /* links within text */
        const label = e.closest("label") || (e.id && document.querySelector(`label[for="${e.id}"]`)), l = label ? label.getBoundingClientRect() : r;
        const after = getComputedStyle(e, "::after"), grown = after.position === "absolute" && after.content !== "none" ? -2 * (parseFloat(after.top) || 0) : 0;
        return Math.max(r.height + grown, l.height) < least - 0.5;
    }).map(e => `${e.nodeName}.${e.className} in ${e.parentElement.className} ${Math.round(e.getBoundingClientRect().height)}`), least);
}

/* Tab through the page: each stop must be seen, and not lie under a sticky bar. Answers the stops in their order. */
export async function tab_walk(page, name, most = 300) {
    const stops = [];
    const bad = [];
    await page.evaluate(() => { /* from the top, wherever the page put the focus */
        const first = document.createElement("button");
        document.body.prepend(first);
        first.focus();
        first.remove();
    });
    for (let i = 0; i < most; i++) {
        await page.keyboard.press("Tab");
        const stop = await page.evaluate(() => {
            const e = document.activeElement;
            if (!e || e === document.body) return null;
            const style = getComputedStyle(e), r = e.getBoundingClientRect(), shown = e.matches(".toggle input") ? getComputedStyle(e.nextElementSibling) : e.matches(".search input") ? getComputedStyle(e.closest(".search")) : style;
            const outlined = shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2 || shown.boxShadow !== "none" && e.closest(".palette");
            const x = Math.min(Math.max(r.left + Math.min(r.width / 2, 20), 1), innerWidth - 2), y = Math.min(Math.max(r.top + Math.min(r.height / 2, 12), 1), innerHeight - 2);
            const top = document.elementFromPoint(x, y), seen = top && (top === e || e.contains(top) || top.contains(e) || top.closest("label") && top.closest("label").contains(e));
            const again = e.dataset.walked === "1";
            e.dataset.walked = "1";
            return {what: `${e.nodeName}${e.id ? `#${e.id}` : ""}.${e.className} "${(e.getAttribute("aria-label") || e.textContent || "").trim().slice(0, 30)}"`, outlined, seen: !!seen, again};
        });
        if (!stop || stop.again) break;
        stops.push(stop.what);
        if (!stop.outlined) bad.push(`not visible: ${stop.what}`);
        if (!stop.seen) bad.push(`covered: ${stop.what}`);
    }
    check(`${name}: each stop of the keyboard is seen`, bad.length === 0, bad.slice(0, 6).join("\n     "));
    const missed = await page.evaluate(() => [...document.querySelectorAll("a[href],button:not([disabled]),summary,select:not([disabled]),textarea,input:not([type=hidden]):not([disabled])")]
        .filter(e => e.dataset.walked !== "1" && e.tabIndex >= 0 && e.checkVisibility() && e.getClientRects().length && !(e.type === "radio" && document.querySelector(`input[type=radio][name="${e.name}"][data-walked]`)))
        .map(e => `${e.nodeName}#${e.id}.${e.className}`));
    check(`${name}: the keyboard reaches everything`, missed.length === 0, missed.slice(0, 6));
    await page.evaluate(() => document.querySelectorAll("[data-walked]").forEach(e => delete e.dataset.walked));
    return stops;
}

/* Contrast of what is read: {least, where} over all text of these elements, by computed colours (needs flat backgrounds). */
export function contrast(page, selector) {
    return page.evaluate(selector => {
        const parse = c => { const m = c.match(/[\d.]+/g).map(Number); return m.length > 3 && m[3] < 1 ? null : m; };
        const lum = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4).reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
        let least = 99;
        let where = "";
        for (const e of document.querySelectorAll(selector)) {
            if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getClientRects().length || e.closest(".vh,[disabled]")) continue;
            let back = null;
            for (let p = e; p && !back; p = p.parentElement) back = parse(getComputedStyle(p).backgroundColor);
            const a = lum(parse(getComputedStyle(e).color)), b = lum(back || [255, 255, 255]);
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < least) { least = ratio; where = `${e.nodeName}.${e.className} "${e.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`; }
        }
        return {least, where};
    }, selector);
}

/* A folder of the demo, when `make demo-data` has made it. */
export function demo_data(name = "build/demo") {
    const path = join(root, name);
    return existsSync(path) ? path : null;
}
