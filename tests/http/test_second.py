"""The second factor in pages: turned on, asked for, used once, lost, reset; and what an administrator without one comes to: nothing."""
import re
from pathlib import Path

from _web import PASSWORD, Browser, Store, Web, account, check, enrol, fresh_world, phone_of, run_tests, same, sign_in, test
from _dangbo import ENGINE

ROUTES = re.findall(r'\{"(\w+)", "([^"]+)", ([^,]+),', (Path(__file__).resolve().parents[2] / "src/web/routes.c").read_text("utf-8"))


def world():
    s = fresh_world()
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    account(s, "qt.hai", role="technical_admin")
    return s


def password_step(web, login):
    b = Browser(web)
    b.get("/sign-in")
    b.submit("/sign-in", login=login, password=PASSWORD)
    return b


def code_step(b, **given):
    return b.submit("/sign-in/code", **given)


@test
def a_code_is_asked_after_the_password():
    s = world()
    with Web(s) as web:
        first, second = sign_in(web, "vp.x1"), sign_in(web, "vp.x1")
        before = first.cookies["__Host-dangbo"]
        check("otpauth:" not in first.get("/account").text_body, "off at first")
        page = first.get("/account/second")
        secret = re.search(r"<code>((?:[A-Z2-7]{4} ?){8})</code>", page.text_body)
        check(secret and f"otpauth://totp/Dang%20Bo:vp.x1?secret={secret[1].replace(' ', '')}&amp;issuer=Dang%20Bo" in page.text_body, "the key as text and as a link", page.told())
        check(re.search(r'<svg class="qr"[^>]*>.*<path fill="#000" d="(M\d+ \d+h\d+v1h-\d+z)+"/>', page.text_body), "and drawn", page.told())
        wrong = first.submit("/account/second", code="000000")
        check(wrong.status == 422 and secret[1] in wrong.text_body, "a wrong code leaves the same key to scan", wrong.told())
        enrol(first, "vp.x1")
        check(first.cookies["__Host-dangbo"] != before, "the session is a new one")
        same((first.get("/account").status, second.get("/account").status), (200, 303), "the other sessions have ended")
        check("Đã bật" in first.page.text, "and the account says so", first.page.told())
        phone = phone_of(web, "vp.x1")
        for path in ("/account", "/account/second", "/account/token"):
            check(secret[1].replace(" ", "") not in first.get(path).text_body.replace(" ", ""), f"{path}: the secret is shown no more")
        b = password_step(web, "vp.x1")
        check(b.page.status == 200 and b.page.form("/sign-in/code") and "__Host-dangbo" not in b.cookies, "after the password there is no session", b.page.told())
        check(re.search(r'name="code"[^>]*inputmode="numeric"[^>]*autocomplete="one-time-code"', b.page.text_body), "the field is of codes", b.page.told())
        same((b.get("/account").status, b.get("/").status, b.request("GET", "/api/v1/me").status), (303, 303, 401), "and nothing of the account is reached")
        b = password_step(web, "vp.x1")
        page = b.page
        same(code_step(b, code="000000").status, 401, "a wrong code")
        check(b.page.form("/sign-in/code"), "is asked for again", b.page.told())
        code = phone.code()
        same(code_step(b, code=code).status, 303, "the right one")
        check("__Host-dangbo" in b.cookies and "__Host-device" in b.cookies and b.get("/account").status == 200, "signs in", b.page.told())
        same(Browser(web).post(*b.filled("/sign-in/code", page, code=code)).status, 401, "the same code once more")
    with Web(s) as web:  # started again
        b = password_step(web, "vp.x1")
        same(code_step(b, code=code).status, 401, "the same code after a restart")
        same(code_step(b, recovery=phone.codes[0].upper().replace("-", " ")).status, 303, "a recovery code")
        b = password_step(web, "vp.x1")
        same(code_step(b, recovery=phone.codes[0]).status, 401, "which works once")
        told = str(s.dump())
        check(not any(x in told or x.replace("-", "") in told for x in phone.codes) and secret[1].replace(" ", "") not in told, "neither codes nor secret stand in the database")
        if ENGINE == "SQLite":
            key = Path(s.where) / "second.key"
            check(key.exists() and key.stat().st_mode & 0o777 == 0o600 and key.read_text().strip() not in told, "the key stands beside it, for its owner alone")
    check(secret[1].replace(" ", "") not in web.told(), "nor in the log")
    for line in s.ok("audit", "list", "--json").out.splitlines():
        check(phone.codes[0] not in line and "sealed" not in line, "nor in the audit")
    s.sound()


@test
def guessing_codes_is_braked():
    with Web(world()) as web:
        enrol(sign_in(web, "vp.x1"), "vp.x1")
        b = password_step(web, "vp.x1")
        found = [code_step(b, code=f"{n:06d}").status for n in range(12)]
        check(found[:5] == [401] * 5 and 429 in found and b.page.headers.get("retry-after"), "a few codes, then one waits", found)
        again = password_step(web, "vp.x1")
        same(code_step(again, code="000000").status, 429, "the password given again does not help")


@test
def without_one_an_administrator_comes_to_nothing():
    s = world()
    open_to_all = {"/account", "/account/password", "/account/second", "/confirm"}
    ident = s.one("SELECT id FROM account WHERE login = 'vp.x1'")
    with Web(s) as web:
        b = sign_in(web, "qt.ky", second=False)
        same(b.page.headers.get("location"), "/account/second", "signing in leads to it")
        b.get("/account/second")
        csrf = [f for f in b.filled("/account/second")[1] if f[0] == "csrf"]
        asked = 0
        for method, pattern, flags in ROUTES:
            if "ANYBODY" in flags or pattern == "/sign-out":
                continue
            path = pattern.replace("{kind}", "grant").replace("{id}", ident).replace("{code}", "X1").replace("{act}", "merge").replace("{name}", "units")
            if method == "GET" and path in open_to_all:
                same(b.get(path).status, 200, path)
                continue
            if method != "GET" and path in open_to_all | {"/account/end"}:
                continue
            page = b.get(path) if method == "GET" else b.post(path, csrf) if "API" not in flags else b.request(method, path, b"{}", {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"})
            asked += 1
            good = page.status == 403 if "API" in flags else (page.status, page.headers.get("location")) == (303, "/account/second")
            check(good, f"{method} {path}: {page.status}", page.told())
        check(asked > 80, f"{asked} routes were asked")
        same(s.one("SELECT count(*) FROM api_token"), "0", "no token either, which would be a way around")
        enrol(b, "qt.ky")
        same(b.get("/admin").status, 200, "with one, administration is there")
        b.get("/account/second")
        same(b.submit("/account/second/off").status, 303, "turned off")
        same(b.get("/admin").headers.get("location"), "/account/second", "it is missing again")
        check("phải bật" in b.get("/account").text, "the account's page says so", b.page.told())


@test
def an_installation_may_leave_it_open():
    s = world()
    s.add("setting", name="second_factor.administrators", value="optional")
    with Web(s) as web:
        b = sign_in(web, "qt.ky")
        same((b.page.headers.get("location"), b.get("/admin").status), ("/", 200), "administration without one")


@test
def what_it_is_made_of_needs_the_password():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        b.get("/account/second")
        first = b.filled("/account/second", code="000000")
        s_old = dict(b.cookies)
    s.script("UPDATE session SET fresh = fresh - 301000")
    with Web(s) as web:
        b.web, b.cookies = web, s_old
        same(b.get("/account/second").headers.get("location"), "/confirm?next=%2Faccount%2Fsecond", "the page asks for the password again")
        page = b.post(*first)
        check(page.status == 303 and page.headers.get("location", "").startswith("/confirm?next=%2Faccount%2Fsecond%3Foffer"), "so does its form, and leads back to the same key", page.told())
        b.follow()
        b.submit("/confirm", password=PASSWORD)
        b.follow()
        check(dict(first[1])["offer"] in b.page.text_body, "the same key", b.page.told())
        csrf = [f for f in b.filled("/account/second")[1] if f[0] == "csrf"]
        for path in ("/account/second/codes", "/account/second/off"):
            same(b.post(path, csrf).status, 409, f"{path}: it is not on")
        enrol(b, "vp.x1")
        other = sign_in(web, "vp.x1")
        b.get("/account/second")
        page = b.submit("/account/second/codes")
        fresh = re.findall(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>", page.text_body)
        check(len(fresh) == 10 and not set(fresh) & set(phone_of(web, "vp.x1").codes), "ten other recovery codes", page.told())
        same((b.get("/account").status, other.get("/account").status), (200, 303), "the other session ended")
        b.get("/account/second")
        same(b.submit("/account/second/off").status, 303, "off")
        same([r[0] for r in s.sql("SELECT act FROM audit WHERE act LIKE 'second%' ORDER BY id")], ["second_on", "second_codes", "second_off"], "the audit has all of it")


@test
def another_administrator_resets_it():
    s = world()
    ident = {login: s.one(f"SELECT id FROM account WHERE login = '{login}'") for login in ("qt.ky", "qt.hai", "vp.x1")}
    with Web(s) as web:
        admin, other, clerk = sign_in(web, "qt.ky"), sign_in(web, "qt.hai"), sign_in(web, "vp.x1")
        path = f"/admin/accounts/{ident['qt.hai']}/second"
        check("có mặt" in admin.get(path).text, "the page tells of meeting in person", admin.page.told())
        same(admin.submit("/second", reason=" ").status, 422, "a reason is needed")
        same(other.get("/admin").status, 200, "nothing happened yet")
        same(admin.submit("/second", reason="mất điện thoại, đã gặp tại văn phòng").status, 303, "reset")
        same(other.get("/account").status, 303, "the account's sessions end")
        same(list(s.sql("SELECT actor, note FROM audit WHERE act = 'second_reset'")[0]), ["qt.ky", "mất điện thoại, đã gặp tại văn phòng"], "the audit says who and why")
        same(sign_in(web, "qt.hai", second=False).page.headers.get("location"), "/account/second", "and one must be made anew")
        to, fields = admin.filled("/second", admin.get(path), reason="của chính mình")
        own = f"/admin/accounts/{ident['qt.ky']}/second"
        same((admin.get(own).status, admin.post(own, fields).status), (409, 409), "never one's own")
        admin.get(f"/admin/accounts/{ident['vp.x1']}/second")
        same(admin.submit("/second", reason="chưa từng bật").status, 409, "nothing to reset")
        same(clerk.get(path).status, 404, "not for others")
    s.ok("user", "reset-second", "qt.ky", "--reason", "mất máy")
    same(s.one("SELECT count(*) FROM second_factor"), "0", "the operator resets it, too")
    same(s("user", "reset-second", "qt.ky").rc, 1, "once")
    same(s("user", "reset-second", "vp.x1", as_="qt.ky").rc, 77, "and only the operator")
    same(s("user", "reset-second", "nobody").rc, 1, "of an account that there is")
    s.sound()


if __name__ == "__main__":
    run_tests()
