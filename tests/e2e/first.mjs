#!/usr/bin/env node
/* The first hour of an installation: a token printed once, the first administrator made in the browser, signing out and in, a wrong
 * password in plain words, and the brake on guessing. */
import {mkdtempSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {axe, browser_start, check, check_quiet, check_reflow, dangbo, enrol, finish, next_code, page_open, part, phone_of, serve, shot, tab_walk} from "./_harness.mjs";
import {go, password, words} from "./_world.mjs";

const data = join(mkdtempSync(join(process.env.TMPDIR || tmpdir(), "first-")), "data");
const made = await dangbo("init", data);
const token = made.out.trim().split("\n").pop();
check("init prints one token", made.status === 0 && /^[\w-]{16,}$/.test(token), made);
const {url} = await serve(data, {copy: false});
const browser = await browser_start();
const page = await page_open(browser);

async function fill(values) {
    for (const [name, value] of Object.entries(values)) await page.fill(`input[name=${name}]`, value);
    return go(page, () => page.click("main form button.main"));
}

await part("the first administrator", async () => {
    await page.goto(url);
    check("an empty installation leads to its setting up", new URL(page.url()).pathname === "/setup", page.url());
    await axe(page, "setup");
    await shot(page, "setup");
    check("a wrong token is refused", await fill({token: "WRONG-TOKEN", login: "quan.tri", name: "Nguyễn Thị Mai", password}) === 422);
    check("beside the field, values kept", await page.locator("#e-token").isVisible() && await page.inputValue("input[name=login]") === "quan.tri", await words(page));
    check("but the password is not sent back", await page.inputValue("input[name=password]") === "");
    await axe(page, "setup with an error");
    await shot(page, "setup-error");
    check("a poor password is refused", await fill({token, password: "quan.tri2026"}) === 422 && await page.locator("#e-password").isVisible(), await words(page));
    await fill({token, password});
    check("then signed in, and led to the second factor", await page.locator(".who").count() === 1 && new URL(page.url()).pathname === "/account/second", page.url());
    check("as a drawing and as text", await page.locator("svg.qr").isVisible() && /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/.test(await page.locator(".secret code").innerText()));
    await axe(page, "second factor");
    await shot(page, "second");
    await tab_walk(page, "second factor");
    check("a wrong code is refused beside its field", await fill({code: "000000"}) === 422 && await page.locator("#e-code").isVisible(), await words(page));
    await axe(page, "second factor with an error");
    await page.setViewportSize({width: 390, height: 780});
    await shot(page, "second-390");
    await page.setViewportSize({width: 1366, height: 900});
    await enrol(page, url, "quan.tri");
    await axe(page, "recovery codes");
    await shot(page, "second-codes");
    await page.goto(`${url}/account`);
    await axe(page, "account");
    await page.goto(`${url}/account/second`);
    await axe(page, "second factor that is on");
    await shot(page, "second-on");
    await page.goto(url);
    await shot(page, "first-home");
    await page.goto(`${url}/setup`);
    check("which is done once", !page.url().includes("/setup"), page.url());
});

await part("out and in", async () => {
    await page.goto(url);
    await page.click("summary.who");
    await go(page, () => page.click("form[action='/sign-out'] button"));
    check("signed out", new URL(page.url()).pathname === "/sign-in", page.url());
    await page.goBack().catch(() => null);
    await page.goto(`${url}/admin`);
    check("what needs signing in leads there, and remembers whither", page.url().includes("/sign-in?next="), page.url());
    await axe(page, "sign-in");
    check("a wrong password: 401", await fill({login: "quan.tri", password: "khong-phai-mat-khau"}) === 401);
    const said = await words(page);
    check("in plain words", said.includes("Tên đăng nhập hoặc mật khẩu không đúng."), said);
    check("which take the focus", await page.evaluate(() => document.activeElement.id) === "errors");
    await axe(page, "sign-in refused");
    await check_reflow(page, "sign-in refused");
    await shot(page, "sign-in-wrong");
    await fill({login: "ai.do", password: "khong-phai-mat-khau"});
    check("the same words for a login that is none", (await words(page)).replaceAll("ai.do", "") === said.replaceAll("quan.tri", ""), await words(page));
    await fill({login: "quan.tri", password});
    check("the right one asks for the code", await page.locator("input[name=code]").isVisible(), page.url());
    await axe(page, "code");
    await shot(page, "sign-in-code");
    check("a wrong code: 401", await fill({code: "000000"}) === 401 && (await words(page)).includes("Mã không đúng"), await words(page));
    await axe(page, "code refused");
    await page.setViewportSize({width: 390, height: 780});
    await page.click("main summary");
    await axe(page, "recovery code");
    await shot(page, "sign-in-code-390");
    await page.setViewportSize({width: 1366, height: 900});
    await fill({code: next_code(phone_of(url, "quan.tri"))});
    check("and where one wanted to go", new URL(page.url()).pathname === "/admin", page.url());
});

await part("guessing", async () => {
    const other = await page_open(browser, {width: 390, height: 780});
    await other.goto(`${url}/sign-in`);
    let status = 0, tries = 0;
    for (; tries < 12 && status !== 429; tries++) {
        await other.fill("input[name=login]", "quan.tri");
        await other.fill("input[name=password]", `doan-mo-lan-${tries}-xyz`);
        status = await go(other, () => other.click("main form button.main"));
    }
    check("guessing is braked", status === 429 && tries >= 3, {status, tries});
    check("saying how long to wait", /hãy chờ \d+ (giây|phút)/.test(await words(other)), await words(other));
    await axe(other, "braked");
    await check_reflow(other, "braked 390");
    await shot(other, "sign-in-braked-390");
    await check_quiet(other, "braked");
    await page.goto(url);
    check("who is in stays in", await page.locator(".who").count() === 1, page.url());
    await check_quiet(page, "first");
    const english = await page_open(browser);
    await english.goto(`${url}/sign-in`);
    await go(english, () => english.click("form[action='/language'] button"));
    check("in English too", (await words(english)).includes("Sign in") && await english.evaluate(() => document.documentElement.lang) === "en", await words(english));
});

await finish();
