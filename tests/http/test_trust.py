"""Trust in pages: own account, administration, forms that come from elsewhere, what is answered to whom."""
import re
from pathlib import Path

from _web import PASSWORD, Browser, Web, account, check, fresh_world, run_tests, same, sign_in, test

ROUTES = re.findall(r'\{"(GET|POST)", "([^"]+)", ([^,]+),', (Path(__file__).resolve().parents[2] / "src/web/routes.c").read_text("utf-8"))
OTHER = "năm con vịt lội qua đồng"


def world():
    s = fresh_world()
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "doc.x1", role="reader", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    return s


def concrete(pattern):
    return pattern.replace("{kind}", "person").replace("{id}", "1").replace("{code}", "X1").replace("{act}", "merge").replace("{file}", "none.css").replace("{name}", "units")


@test
def every_route_is_in_the_table():
    root = Path(__file__).resolve().parents[2]
    table = sorted(re.sub(r" +", " ", x).strip() for x in (root / "tests/access/routes.txt").read_text("utf-8").splitlines() if x and x[0] != "#")
    found = []
    for m, p, f, a in re.findall(r'\{"(\w+)", "([^"]+)", ([^,]+), ([^,]+),', (root / "src/web/routes.c").read_text("utf-8")):
        who = "anybody" if "ANYBODY" in f else "admin" if "ADMIN" in f else a.replace("ACT_", "").lower() if a != "0" else "signed-in"
        found.append(f"{m} {p} {who}{' fresh' if 'FRESH' in f else ''}")
    same(sorted(found), table, "routes and tests/access/routes.txt")


@test
def every_answer_has_its_headers():
    with Web(world()) as web:
        b = sign_in(web, "qt.ky")
        for path in ("/", "/account", "/admin", "/admin/accounts", "/admin/audit", "/none", "/s/none.css"):
            h = b.get(path).headers
            csp = h.get("content-security-policy", "")
            check("default-src 'none'" in csp and "unsafe-" not in csp and "frame-ancestors 'none'" in csp, f"{path}: policy", csp)
            same(h.get("x-content-type-options"), "nosniff", f"{path}: nosniff")
            check("access-control-allow-origin" not in h, f"{path}: no other origin is let in")


@test
def forms_from_elsewhere_are_refused():
    with Web(world()) as web:
        b, other = sign_in(web, "qt.ky"), sign_in(web, "vp.x1")
        other.get("/account")
        strange = other.filled("/account/end", session="others")[1] if other.page.form("/account/end") else [("csrf", "0" * 128)]
        token = [f for f in strange if f[0] == "csrf"]
        b.get("/account/password")
        own = [f for f in b.filled("/account/password")[1] if f[0] == "csrf"]
        for method, pattern, flags in ROUTES:
            if method != "POST" or "ANYBODY" in flags or "API" in flags:
                continue
            path = concrete(pattern)
            same(b.post(path, []).status, 403, f"{pattern}: without a token")
            same(b.post(path, token).status, 403, f"{pattern}: with the token of another session")
            same(b.post(path, own, {"Sec-Fetch-Site": "cross-site"}).status, 403, f"{pattern}: from another site")
            same(b.post(path, own, {"Origin": "https://evil.example"}).status, 403, f"{pattern}: of another origin")
        same(b.get("/account").status, 200, "and nobody was signed out")


@test
def nobody_is_asked_to_sign_in_first():
    with Web(world()) as web:
        b = Browser(web)
        for method, pattern, flags in ROUTES:
            if method == "GET" and "ANYBODY" not in flags and "API" not in flags:
                b.get(concrete(pattern))
                same((b.page.status, b.page.headers.get("location", "")[:8]), (303, "/sign-in"), pattern)


@test
def administration_is_for_administrators():
    with Web(world()) as web:
        b, admin = sign_in(web, "vp.x1"), sign_in(web, "qt.ky")
        none = b.get("/person/1")
        for method, pattern, flags in ROUTES:
            if "ADMIN" in flags and method == "GET":
                same(b.get(concrete(pattern)).status, 404, f"{pattern} for a clerk")
        same(none.status, 404, "none")
        for path in ("/person", "/membership", "/appointment"):
            page = admin.get(path)  # the list is there for what concerns oneself: here nothing
            check(page.status == 404 or (page.status == 200 and not re.search(r'class="name"', page.text_body)), f"who administers reads no records: {path}", page.told())
        for path in ("/admin", "/admin/accounts", "/admin/audit", "/admin/audit?from=01/01/2020&actor=qt.ky&chain=0"):
            same(admin.get(path).status, 200, path)
        same(admin.get("/admin/audit?from=31/02/2020").status, 400, "a day that there is not")
        check("Nguyễn" not in admin.get("/admin/audit").text, "the audit names nobody's record")


@test
def an_account_is_made_and_its_password_changed():
    with Web(world()) as web:
        admin = sign_in(web, "qt.ky")
        admin.get("/admin/accounts/new")
        page = admin.submit("/admin/accounts/new", login="moi.x1", name="Người mới", locked="1", must_change="0", note="lạ")
        same(page.status, 200, "made")
        first = re.search(r"<code>([^<]+)</code>", page.text_body)
        if not check(first, "the first password is shown", page.told()):
            return
        new = sign_in(web, "moi.x1", first[1])
        same(new.get("/").headers.get("location"), "/account/password", "it must be changed first")
        new.get("/account/password")
        same(new.submit("/account/password", old=first[1], password="ngắn").status, 422, "too short")
        same(new.submit("/account/password", old=first[1], password=OTHER).status, 303, "changed")
        same(new.get("/").status, 200, "and works")
        second = sign_in(web, "moi.x1", OTHER)
        new.get("/account/password")
        same(new.submit("/account/password", old=OTHER, password=PASSWORD).status, 303, "changed again")
        same(second.get("/account").status, 303, "the other session ended")
        ident = re.search(r"/admin/accounts/(\d+)[^\"]*\">Người mới", admin.get("/admin/accounts").text_body)
        if not check(ident, "it stands in the list", admin.page.told()):
            return
        path = f"/admin/accounts/{ident[1]}"
        same(admin.get(path).status, 200, "its page")
        same(admin.submit(path + "/lock").status, 303, "locked")
        same(new.get("/account").status, 303, "a lock ends sessions at once")
        admin.get(path)
        same(admin.submit(path + "/lock").status, 303, "unlocked")
        admin.get(path + "/reset")
        again = admin.submit(path + "/reset")
        code = re.search(r"<code>([^<]+)</code>", again.text_body)
        check(code and code[1] != first[1], "another first password", again.told())
        sign_in(web, "moi.x1", code[1])


@test
def tokens_are_shown_once_and_ended():
    with Web(world()) as web:
        b = sign_in(web, "vp.x1")
        b.get("/account/token")
        same(b.submit("/account/token", name="Báo cáo", days="0").status, 422, "no days")
        b.get("/account/token")
        page = b.submit("/account/token", name="Báo cáo", days="30")
        token = re.search(r"<code>([^<]+)</code>", page.text_body)
        if not check(token, "shown", page.told()):
            return
        program = Browser(web)
        bearer = {"Authorization": f"Bearer {token[1]}"}
        same(program.request("GET", "/api/v1/me", headers=bearer).status, 200, "it works")
        check("__Host-dangbo" not in program.cookies, "and never gives a session")
        check(token[1] not in b.get("/account").text_body, "not shown again")
        other = sign_in(web, "doc.x1")
        fields = b.filled("/account/token/end")[1]
        which = [f for f in fields if f[0] == "token"]
        other.get("/account/password")
        own = [f for f in other.filled("/account/password")[1] if f[0] == "csrf"]
        same(other.post("/account/token/end", own + which).status, 404, "nobody ends another's")
        same(b.submit("/account/token/end").status, 303, "ended")
        same(program.request("GET", "/api/v1/me", headers=bearer).status, 401, "and works no more")


@test
def sessions_end_and_stay_ended():
    with Web(world()) as web:
        a, b = sign_in(web, "vp.x1"), sign_in(web, "vp.x1")
        a.get("/account")
        same(a.submit("/account/end", session="others").status, 303, "others ended")
        same((a.get("/account").status, b.get("/account").status), (200, 303), "this one stays")
        kept = dict(a.cookies)
        a.get("/account")
        same(a.submit("/sign-out").status, 303, "signed out")
        a.cookies = kept
        same(a.get("/account").status, 303, "a cookie sent again is nobody")


@test
def next_leads_to_own_pages_only():
    with Web(world()) as web:
        for to in ("//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example", "\\\\evil"):
            b = Browser(web)
            b.get("/sign-in")
            b.submit("/sign-in", login="vp.x1", password=PASSWORD, next=to)
            same(b.page.headers.get("location"), "/", to)


if __name__ == "__main__":
    run_tests()
