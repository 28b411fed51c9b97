/* The world of the tests in the browser: the demo's five localities, with accounts as an office would have them. It is made once for a
 * build of the program, in build/, and copied for each test. It must not know pages: what is clicked stands in the tests. */
import {spawnSync} from "node:child_process";
import {existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync} from "node:fs";
import {join} from "node:path";
import {dangbo, root, serve} from "./_harness.mjs";

export const password = "kem-tre-lac-xoong-77";
const program = process.env.DANGBO || join(root, "build/dangbo");

/* login: the person whose office gives the rights, or a role over a unit */
const accounts = {
    "bi.thu.ys": {person: "YS-08256"},
    "bi.thu.thon1": {person: "HH-0002"},
    "bi.thu.thon4": {person: "HH-0038"},
    "van.phong.hh": {role: "office_staff", unit: "HH"},
    "van.phong.hh2": {role: "office_staff", unit: "HH"},
    "to.chuc.ys": {role: "organisation_board", unit: "YS"},
    "doc.nt": {role: "reader", unit: "NT"},
    "quan.tri": {role: "technical_admin"},
};

export function run(data, ...args) {
    const r = spawnSync(program, ["--data", data, ...args], {input: password, encoding: "utf8", env: {...process.env, LANG: "C.UTF-8"}, maxBuffer: 1 << 28});
    if (r.status !== 0) throw new Error(`dangbo ${args.join(" ")}: ${r.status} ${r.stderr}`);
    return r.stdout;
}

export const rows = (data, ...args) => JSON.parse(run(data, ...args, "--json"));

export function account_add(data, login, {person, role, unit}) {
    run(data, "user", "add", login, "--name", `Người dùng ${login}`, ...(person ? ["--person", person] : []), "--password-file", "-");
    if (role) run(data, "grant", "add", "--account", login, "--role", role, ...(unit ? ["--over-unit", unit] : []), "--reason", "Thử nghiệm");
}

/* The folder of the world, made when this build has none yet; two tests that make it at once do no harm. */
export async function world() {
    const {size, mtimeMs} = statSync(program);
    const build = join(root, "build");
    const name = `e2e-world-${size}-${Math.round(mtimeMs)}`;
    const path = join(build, name);
    if (existsSync(path)) return path;
    mkdirSync(build, {recursive: true});
    for (const old of readdirSync(build)) if (old.startsWith("e2e-world-") && old !== name) rmSync(join(build, old), {recursive: true, force: true});
    const folder = mkdtempSync(join(build, "e2e-making-"));
    const made = await dangbo("demo", join(folder, "data"));
    if (made.status !== 0) throw new Error(`dangbo demo: ${made.err}`);
    for (const [login, what] of Object.entries(accounts)) account_add(join(folder, "data"), login, what);
    try {
        renameSync(join(folder, "data"), path);
    } catch { /* the other test was first */ }
    rmSync(folder, {recursive: true, force: true});
    return path;
}

export async function serve_world(more) {
    return serve(await world(), more);
}

/* The text of the page as one reads it, spaces settled. */
export const words = async (page, what = "main") => (await page.locator(what).first().innerText()).replace(/\s+/g, " ");
/* What a click leads to; the answer's status. */
export async function go(page, act) {
    const [answer] = await Promise.all([page.waitForNavigation(), act()]);
    return answer ? answer.status() : 0;
}
