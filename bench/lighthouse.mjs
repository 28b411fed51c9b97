#!/usr/bin/env node
/* Lighthouse on every kind of page, as a phone on a slow line sees it and as a desk does: prints a table and writes
 * build/bench/lighthouse.md.
 *
 *   bench/lighthouse.mjs                all kinds of page
 *   bench/lighthouse.mjs list form      those whose names begin with one of these
 *   RUNS=3 bench/lighthouse.mjs         the median of three; otherwise only where the first look falls short, for on a busy machine
 *                                       the processor's part of it is mostly waiting for others
 *
 * Lighthouse is fetched by npm into build/lighthouse at first use; the browser is Debian's Chromium, the data are the demo's. It must
 * not judge what the tests judge already (axe at all widths, what a page weighs); it ends with 1 when a score is below 95. */
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {loadavg} from "node:os";
import {join} from "node:path";
import {pathToFileURL} from "node:url";
import {chromium_path, next_code, phone_of, root, serve} from "../tests/e2e/_harness.mjs";
import {password, rows, world} from "../tests/e2e/_world.mjs";

const version = "12.8.2";
const least = 95;
const runs = Number(process.env.RUNS || 1);
const only = process.argv.slice(2);
const categories = ["performance", "accessibility", "best-practices", "seo"];
/* robots.txt forbids every robot on purpose: the record of a Party office is for nobody's index. */
const skipped = ["is-crawlable"];
/* An error that is said to be one by its status, as it must. */
const skipped_of_errors = ["http-status-code", "errors-in-console"];

function parts() {
    const folder = join(root, "build/lighthouse");
    const there = join(folder, "node_modules/lighthouse/package.json");
    if (!existsSync(there) || JSON.parse(readFileSync(there, "utf8")).version !== version) {
        mkdirSync(folder, {recursive: true});
        writeFileSync(join(folder, "package.json"), "{\"private\": true}\n");
        const r = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", `lighthouse@${version}`], {cwd: folder, stdio: ["ignore", "inherit", "inherit"]});
        if (r.status !== 0) throw new Error("lighthouse could not be installed");
    }
    const find = createRequire(join(folder, "package.json"));
    return Promise.all(["lighthouse", "chrome-launcher"].map(name => import(pathToFileURL(find.resolve(name)))));
}

/* A client with a cookie: what the pages below are made ready with. */
async function client(url, login) {
    let cookie = "";
    const ask = async (path, body) => {
        const r = await fetch(url + path, {method: body ? "POST" : "GET", body, redirect: "manual", headers: {Origin: url, ...(cookie && {Cookie: cookie})}});
        for (const c of r.headers.getSetCookie()) if (c.startsWith("__Host-dangbo=")) cookie = c.split(";")[0];
        return {status: r.status, to: r.headers.get("location"), text: await r.text()};
    };
    const r = await ask("/sign-in", new URLSearchParams({login, password}));
    if (!cookie) throw new Error(`${login} could not sign in: ${r.status}`);
    if (r.to === "/account/second") { /* an administrator has no pages without one */
        const {text} = await ask(r.to);
        const phone = phone_of(url, login, /<code>([A-Z2-7 ]+)<\/code>/.exec(text)[1]);
        const made = await ask(r.to, new URLSearchParams({csrf: csrf(text), offer: /name="offer" value="([^"]+)"/.exec(text)[1], code: next_code(phone)}));
        if (made.status !== 200) throw new Error(`${login} got no second factor: ${made.status}`);
    }
    return {ask, cookie: () => cookie};
}

const csrf = text => /name="csrf" value="([^"]+)"/.exec(text)[1];

/* An import as far as its preview, with an error in it; answers the addresses of its steps. */
async function import_steps(c) {
    const form = new FormData();
    const {text} = await c.ask("/import/new/person?unit=HH");
    form.set("csrf", csrf(text));
    form.set("unit", "HH.CB01");
    form.set("file", new Blob(["Họ và tên,Ngày sinh,Giới tính\nNguyễn Văn Thử,31/02/1970,Nam\nTrần Thị Thử,02/03/1980,Nữ\n"], {type: "text/csv"}), "thu.csv");
    const {to, status} = await c.ask("/import/new/person?unit=HH", form);
    const job = /\/import\/j\/\w+/.exec(to || "");
    if (!job) throw new Error(`no import: ${status} ${to}`);
    const columns = await c.ask(`${job[0]}/columns`);
    const body = new URLSearchParams({csrf: csrf(columns.text)});
    for (const [, name, inside] of columns.text.matchAll(/<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs)) body.set(name, (/value="([^"]*)"[^>]* selected/.exec(inside) || ["", ""])[1]);
    const answer = await c.ask(`${job[0]}/columns`, body);
    for (let i = 0; i < 50 && (await c.ask(`${job[0]}/check`)).status === 303; i++) await new Promise(done => setTimeout(done, 200));
    return {columns: `${job[0]}/columns`, check: answer.status < 400 ? `${job[0]}/check` : `${job[0]}/columns`};
}

/* name: [who, address] */
async function pages_of(data, office) {
    const first = (kind, unit = "HH") => rows(data, kind, "list", "--unit", unit, "--limit", "1", "--all")[0];
    const person = first("person", "HH.CB04").id;
    const steps = await import_steps(office);
    return {
        "sign-in": [null, "/sign-in"], home: ["office", "/"], chapter: ["office", "/people?unit=HH"], tree: ["office", "/tree?unit=HH"], "two trees": ["office", "/tree/diff?unit=HH&from=01/01/2018&to=05/08/2018"],
        unit: ["office", "/u/HH"], list: ["office", "/person?unit=HH"], "empty list": ["office", "/person?unit=HH&q=khongcoai"], record: ["office", `/person/${person}`], history: ["office", `/person/${person}?tab=history`],
        form: ["office", `/person/${person}/edit`], search: ["office", "/search?q=nguyen"], reports: ["office", "/report?unit=HH"], report: ["office", "/report/members?unit=HH&period=2018"],
        transfers: ["office", "/transfer?unit=HH"], import: ["office", "/import?unit=HH"], "import file": ["office", "/import/new/person?unit=HH"], "import columns": ["office", steps.columns], "import check": ["office", steps.check],
        change: ["board", "/change?unit=YS"], "large list": ["board", "/person?unit=YS"], "large tree": ["board", "/tree?unit=YS"], account: ["office", "/account"], help: ["office", "/help"],
        admin: ["admin", "/admin"], accounts: ["admin", "/admin/accounts"], audit: ["admin", "/admin/audit"], "error 404": ["office", "/person/1"], "error 400": ["office", "/person?nothing=1"],
    };
}

/* A browser of its own for each look, as one who comes for the first time has it; three tries, for on a busy machine the trace may fail. */
async function look(parts_of, ...what) {
    for (let i = 0; ; i++) {
        const chrome = await parts_of[1].launch({chromePath: chromium_path(), chromeFlags: ["--headless=new", "--disable-dev-shm-usage", ...(process.getuid() === 0 ? ["--no-sandbox"] : [])]});
        try {
            return await measure(parts_of[0], chrome.port, ...what);
        } catch (e) {
            if (i === 2) throw e;
        } finally {
            chrome.kill();
        }
    }
}

async function measure(lighthouse, port, address, cookie, preset, error) {
    const flags = {port, output: "json", logLevel: "silent", onlyCategories: categories, skipAudits: error ? [...skipped, ...skipped_of_errors] : skipped, disableStorageReset: true, ...(cookie && {extraHeaders: {Cookie: cookie}}), ignoreStatusCode: true};
    const config = preset === "desktop" ? (await import(pathToFileURL(join(root, "build/lighthouse/node_modules/lighthouse/core/config/desktop-config.js")))).default : undefined;
    const {lhr} = await lighthouse.default(address, flags, config);
    if (lhr.runtimeError) throw new Error(`${address}: ${lhr.runtimeError.message}`);
    const short = categories.flatMap(c => lhr.categories[c].auditRefs.filter(a => a.weight && lhr.audits[a.id].score !== null && lhr.audits[a.id].score < 0.9).map(a => `${a.id} ${lhr.audits[a.id].displayValue || ""}`.trim()));
    return {scores: categories.map(c => Math.round(lhr.categories[c].score * 100)), lcp: lhr.audits["largest-contentful-paint"].numericValue / 1000,
        cls: lhr.audits["cumulative-layout-shift"].numericValue, tbt: lhr.audits["total-blocking-time"].numericValue, short};
}

const middle = (all, of) => all.map(of).sort((a, b) => a - b)[all.length >> 1];

async function main() {
    const parts_of = await parts();
    const data = await world();
    const server = await serve(data);
    const who = {office: await client(server.url, "van.phong.hh"), board: await client(server.url, "to.chuc.ys"), admin: await client(server.url, "quan.tri")};
    const pages = Object.entries(await pages_of(data, who.office)).filter(([name]) => !only.length || only.some(o => name.startsWith(o)));
    const lines = ["| page | preset | performance | accessibility | best practices | SEO | LCP | CLS | TBT | |", "|---|---|---:|---:|---:|---:|---:|---:|---:|---|"];
    let low = 0;
    console.log(lines.join("\n"));
    for (const [name, [login, path]] of pages)
        for (const preset of ["mobile", "desktop"]) {
            const all = [];
            while (all.length < runs || (all.length < 3 && all[0].scores.some(s => s < least))) all.push(await look(parts_of, server.url + path, login && who[login].cookie(), preset, name.startsWith("error")));
            const scores = categories.map((_, i) => middle(all, m => m.scores[i]));
            low += scores.filter(s => s < least).length;
            lines.push(`| ${name} | ${preset} | ${scores.join(" | ")} | ${middle(all, m => m.lcp).toFixed(1)} s | ${middle(all, m => m.cls).toFixed(3)} | ${Math.round(middle(all, m => m.tbt))} ms | ${[...new Set(all.flatMap(m => m.short))].join(", ")} |`);
            console.log(lines.at(-1));
        }
    await server.stop();
    mkdirSync(join(root, "build/bench"), {recursive: true});
    writeFileSync(join(root, "build/bench/lighthouse.md"), `${lines.join("\n")}\n\nLighthouse ${version}, ${new Date().toISOString().slice(0, 10)}, load ${loadavg()[0].toFixed(1)}; without ${skipped.join(", ")}.\n`);
    console.log(low ? `${low} scores below ${least}` : `all scores are ${least} or better`);
    process.exit(low ? 1 : 0);
}

await main();
