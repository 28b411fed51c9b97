"""Trust in pages: own account, administration, forms that come from elsewhere, what is answered to whom."""
import http.client
import re
from pathlib import Path
from urllib.parse import urlencode

from _web import PASSWORD, Browser, Store, Web, account, check, enrol, fresh_world, run_tests, same, sign_in, test
from _dangbo import different

ROUTES = re.findall(r'\{"(GET|POST)", "([^"]+)", ([^,]+),', (Path(__file__).resolve().parents[2] / "src/web/routes.c").read_text("utf-8"))
OTHER = "năm con vịt lội qua đồng"


def world():
    s = fresh_world()
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "doc.x1", role="reader", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    return s


def concrete(pattern, ident="1"):
    return pattern.replace("{kind}", "person").replace("{id}", ident).replace("{code}", "X1").replace("{act}", "merge").replace("{file}", "none.css").replace("{name}", "units")


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
        for to in ("//evil.example", "https://evil.example", "javascript:alert(1)", "/\\evil.example", "\\\\evil", "/\t/evil.example", "/\r\n/evil.example", "/a\\..\\evil"):
            b = Browser(web)
            b.get("/sign-in")
            b.submit("/sign-in", login="vp.x1", password=PASSWORD, next=to)
            same(b.page.headers.get("location"), "/", to)


@test
def an_address_makes_no_header():
    with Web(world()) as web:
        b = sign_in(web, "vp.x1")
        said = lambda query: b.request("GET", "/person?cols=" + query).headers.get("set-cookie", "")
        same(said("born,sex"), "cols-person=born,sex; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax", "columns are kept in a cookie")
        for words in ("born%3B%20Domain%3Devil.example", "born%0d%0aX-Evil:%201", "born%3B%20Max-Age%3D0", "%C4%91", "born%20sex%3Dx"):
            same(said(words), "", f"{words}: not kept")
            check("x-evil" not in b.page.headers, "no header of its own", b.page.headers)


# --- what changes, and what does not -------------------------------------------------------------------------------------

def state(s):
    """Every row but what signing in keeps, and the chain of the audit, of which only what it notes of reading may grow."""
    whole = {t: rows for t, rows in s.dump().items() if t not in ("session", "audit", "audit_end", "secret", "api_token", "second_factor", "recovery_code")}
    whole["audit"] = ([], sorted(s.sql("SELECT act, kind, count(*) FROM audit WHERE act NOT IN ('read', 'export') GROUP BY act, kind")))
    return whole


def unchanged(s, before, what):
    told = different(before, state(s))
    check(not told, what, told)


def person_of(s, code):
    return s.one(f"SELECT id FROM person WHERE code = '{code}'")


@test
def reading_changes_nothing():
    s = world()
    ident = {"person": person_of(s, "P1")}
    with Web(s) as web:
        clerk, admin, nobody = sign_in(web, "vp.x1"), sign_in(web, "qt.ky"), Browser(web)
        before = state(s)
        read = 0
        for method, pattern, _ in ROUTES:
            if method != "GET":
                continue
            for b in (clerk, admin, nobody):
                page = b.get(concrete(pattern, ident["person"]))
                check(page.status < 500, f"{pattern}: {page.status}", page.told())
                read += page.status == 200
        check(read > 60, f"{read} pages were read")
        for method in ("HEAD", "GET"):  # no word in an address writes either
            clerk.request(method, f"/person/{ident['person']}/remove?csrf=1")
            clerk.request(method, f"/person/{ident['person']}/edit?name=Khac&csrf=1")
        unchanged(s, before, "no page that is read writes anything")


@test
def what_is_refused_changes_nothing():
    s = world()
    p1 = person_of(s, "P1")
    with Web(s) as web:
        reader, admin = sign_in(web, "doc.x1"), sign_in(web, "qt.ky")
        before = state(s)
        reader.get("/account/password")
        own = [f for f in reader.filled("/account/password")[1] if f[0] == "csrf"]
        for method, pattern, flags in ROUTES:
            if method == "GET" or "ANYBODY" in flags:
                continue
            path = concrete(pattern, p1)
            same(reader.request(method, path, b"{}", {"Content-Type": "application/json"}).status, 403, f"{method} {pattern}: without a token")
            if "API" in flags or "{" not in pattern and "ADMIN" not in flags:
                continue  # one's own account; /import and /attachment are asked below
            page = reader.post(path, own + [("name", "Khác"), ("reason", "thử"), ("ids", p1)])
            check(page.status in (303, 400, 404, 409, 422), f"{pattern}: of a reader, {page.status}", page.told())
            check(pattern != "/batch/{id}/undo" or page.status == 409, "a batch that there is not cannot be undone", page.told())
            check("notice=" not in page.headers.get("location", ""), f"{pattern}: nothing was done", page.told())
        for path in (f"/person/{p1}/remove", f"/person/{p1}/edit", "/person/new", "/account/new", "/admin/audit/verify"):
            same(reader.post(path, own + [("name", "Khác")]).status, 404, f"{path}: as if it were not there")
        admin.get("/account/password")
        token = [f for f in admin.filled("/account/password")[1] if f[0] == "csrf"]
        same(admin.post(f"/person/{p1}/edit", token + [("name", "Khác")]).status, 404, "who administers changes no record")
        unchanged(s, before, "what was refused changed nothing")
    s.sound()


@test
def a_session_is_never_given_by_another():
    with Web(world()) as web:
        b = Browser(web)
        b.cookies["__Host-dangbo"] = made_up = "A" * 43
        b.get("/sign-in")
        b.submit("/sign-in", login="vp.x1", password=PASSWORD)
        check(b.page.status == 303 and b.cookies["__Host-dangbo"] != made_up, "a token that one brings along is not taken", b.page.told())
        planted, victim = sign_in(web, "doc.x1"), Browser(web)
        victim.cookies = dict(planted.cookies)
        planted.get("/account/password")
        csrf = [f for f in planted.filled("/account/password")[1] if f[0] == "csrf"]
        same(victim.post("/sign-in", csrf + [("login", "vp.x1"), ("password", PASSWORD)]).status, 303, "signing in over another's session")
        check(victim.cookies["__Host-dangbo"] != planted.cookies["__Host-dangbo"], "is a new one")
        same((planted.get("/account").status, victim.get("/account").status), (303, 200), "and the planted one has ended")
        set_cookie = [v for k, v in sign_in_headers(web) if k.lower() == "set-cookie" and v.startswith("__Host-dangbo=")]
        check(len(set_cookie) == 1 and all(w in set_cookie[0] for w in ("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")) and "Domain" not in set_cookie[0], "its cookie", set_cookie)


def sign_in_headers(web):
    """All headers of an answer to signing in, those that stand twice too."""
    b = Browser(web)
    b.get("/sign-in")
    c = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
    c.request("POST", "/sign-in", urlencode(b.filled("/sign-in", login="vp.x1", password=PASSWORD)[1]), {"Content-Type": "application/x-www-form-urlencoded"})
    found = c.getresponse().getheaders()
    c.close()
    return found


@test
def a_session_ends_by_time():
    """The clock is not moved, but the rows of the table are, while the server stands still; test_sessions.c moves the clock."""
    minute = 60 * 1000
    s = world()
    with Web(s) as web:
        idle, old, admin, good = (sign_in(web, x) for x in ("vp.x1", "doc.x1", "qt.ky", "vp.x1"))
    of = {login: s.one(f"SELECT id FROM account WHERE login = '{login}'") for login in ("vp.x1", "doc.x1", "qt.ky")}
    first = s.one(f"SELECT min(id) FROM session WHERE account = {of['vp.x1']}")
    s.script(f"UPDATE session SET created = created - {40 * minute}, seen = seen - {31 * minute} WHERE id = {first};"
             f"UPDATE session SET created = created - {12 * 60 * minute + 1} WHERE account = {of['doc.x1']};"
             f"UPDATE session SET created = created - {40 * minute}, seen = seen - {16 * minute} WHERE account = {of['qt.ky']};")
    with Web(s) as web:
        for b in (idle, old, admin, good):
            b.web = web
        same([b.get("/account").status for b in (idle, old, admin, good)], [303, 303, 303, 200], "idle for 31 minutes, of 12 hours, idle for 16 who administers, and none of these")
    s.script(f"INSERT INTO setting (shard, id, unit, version, created_at, changed_at, created_by, changed_by, removed_at, name, value) SELECT shard, id + 1, 0, 1, created_at, changed_at, 0, 0, 0, "
             f"'session.idle_minutes', '5' FROM account WHERE login = 'vp.x1'; UPDATE session SET seen = seen - {6 * minute};")
    with Web(s) as web:
        good.web = web
        same(good.get("/account").status, 303, "the setting of the house holds")


@test
def the_first_administrator_is_made_once():
    s = Store()
    token = s.ok("setup").out.strip()
    other = s.ok("setup").out.strip()
    make = {"login": "qt.dau", "name": "Quản trị", "password": PASSWORD}
    with Web(s) as web:
        b = Browser(web)
        same(b.get("/setup").status, 200, "the page of the first administrator")
        for wrong, what in (("", "none"), ("A" * 43, "a made-up one"), (token, "one that another has taken the place of")):
            b.get("/setup")
            same(b.submit("/setup", token=wrong, **make).status, 422, f"a token: {what}")
        same(s.one("SELECT count(*) FROM account"), "0", "and nobody was made")
        b.get("/setup")
        to, fields = b.filled("/setup", token=other, **make)
        same((b.post(to, fields).status, b.page.headers.get("location")), (303, "/account/second"), "the right one signs in, and needs a second factor")
        enrol(b, "qt.dau")
        same(b.get("/admin").status, 200, "and administers")
        again = Browser(web)
        again.post(to, [f if f[0] != "login" else ("login", "qt.hai") for f in fields])
        check("__Host-dangbo" not in again.cookies and again.page.status != 303, "it works once", again.page.told())
        same(again.get("/setup").headers.get("location"), "/sign-in", "and the page leads away")
        same(s.one("SELECT count(*) FROM account"), "1", "there is one account")


@test
def what_stands_twice_is_refused():
    s = world()
    p1 = person_of(s, "P1")
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        for path in ("/account", "/tree", "/search", f"/person/{p1}", "/u/X1", "/report/members", "/api/v1/me"):
            same(b.get(path + "?at=01/01/2020&at=01/01/2021").status, 400, f"{path}: a day twice")
        b.get(f"/person/{p1}/edit")
        before = state(s)
        to, fields = b.filled(f"/{p1}/edit", name="Nguyễn Văn Khác")
        same(b.post(to, fields + [("name", "Nguyễn Văn Hai")]).status, 400, "a field twice")
        same(b.post(to + "?name=a&name=b", fields).status, 400, "in the address")
        unchanged(s, before, "and nothing was written")


@test
def only_declared_fields_are_changed():
    """Every column of every table is sent with the form of a person: those that the form has not are not touched."""
    s = world()
    p1 = person_of(s, "P1")
    where = f"SELECT * FROM person WHERE id = {p1}"
    names = sorted({c for t in s.tables() for c in s.columns(t)})
    row = lambda: dict(zip(order, s.sql(f"SELECT {', '.join(order)} FROM person WHERE id = {p1}")[0]))
    order = s.columns("person")
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        b.get(f"/person/{p1}/edit")
        to, fields = b.filled(f"/{p1}/edit", occupation="Giáo viên")
        shown = {n for n, _ in fields}
        stays = s.sql("SELECT * FROM membership ORDER BY id")
        before = row()
        more = [(n, {"unit": "X1", "at": "01/06/2025", "cell": "D"}.get(n, "former" if n == "standing" else "1")) for n in sorted({*names, "cell", "cell_since", "actor"}) if n not in shown]
        check({"id", "unit", "version", "removed_at", "standing", "created_by", "password"} - shown <= {n for n, _ in more}, "columns that no form has are sent")
        page = b.post(to, fields + more)
        same(page.status, 303, "saved")
        after = row()
        changed = {k for k in order if before[k] != after[k]}
        check(changed <= {"occupation", "version", "changed_at", "changed_by", "fold", "words"} and after["occupation"] == "Giáo viên", "only what was typed", sorted(changed), page.told())
        same(int(after["version"]), int(before["version"]) + 1, "one version more")
        same(s.sql("SELECT * FROM membership ORDER BY id"), stays, "the stay is as it was")
        admin = sign_in(web, "qt.ky")
        account = s.one("SELECT id FROM account WHERE login = 'doc.x1'")
        secret = s.one(f"SELECT password FROM account WHERE id = {account}")
        if admin.get(f"/account/{account}/edit").status == 200 and admin.page.form("/edit"):
            to, fields = admin.filled(f"/{account}/edit")
            admin.post(to, fields + [("password", "x"), ("id", "1"), ("version", "77")])
        admin.get("/account/password")
        csrf = [f for f in admin.filled("/account/password")[1] if f[0] == "csrf"]
        admin.post(f"/account/{account}/edit", csrf + [("password", secret[:-1] + "A"), ("login", "doc.x1")])
        same(s.one(f"SELECT password FROM account WHERE id = {account}"), secret, "no form sets what opens an account")
    s.sound(where)


@test
def an_office_that_ends_ends_at_once():
    s = world()
    p1 = person_of(s, "P1")
    post = s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2020")
    account(s, "bt.a", person="P1")
    other = person_of(s, "P2")
    with Web(s) as web:
        b, clerk = sign_in(web, "bt.a"), sign_in(web, "vp.x1")
        same(b.get(f"/person/{other}").status, 200, "the secretary reads a dossier of the cell")
        page = b.get(f"/person/{other}/edit")
        same(page.status, 200, "and may change it")
        ident = post.get("id") or s.one(f"SELECT id FROM appointment WHERE person = {p1}")
        clerk.get(f"/appointment/{ident}/edit")
        same(clerk.submit(f"/{ident}/edit", until="01/01/2021").status, 303, "the office ends")
        before = state(s)
        same(b.get(f"/person/{other}").status, 404, "at the next request nothing is there any more")
        same(b.submit(f"/{other}/edit", page=page, occupation="Khác").status, 404, "a form opened before writes nothing")
        unchanged(s, before, "indeed")
        same(b.get("/account").status, 200, "who is signed in stays so")
        same(b.get(f"/person/{p1}").status, 200, "and reads their own dossier")


@test
def a_dossier_read_is_noted_once():
    s = world()
    p1, p5 = person_of(s, "P1"), person_of(s, "P5")
    with Web(s) as web:
        b = sign_in(web, "doc.x1")
        noted = lambda p: int(s.one(f"SELECT count(*) FROM audit WHERE act = 'read' AND record = {p}"))
        for i, path in enumerate((f"/person/{p1}", f"/person/{p1}?tab=history", f"/api/v1/person/{p1}")):
            before = noted(p1)
            same(b.get(path).status, 200, path)
            same(noted(p1), before + 1, f"{path}: one note")
        before = noted(p1)
        b.get("/person?q=duc")
        b.get("/search?q=duc")
        same(noted(p1), before, "a list is no dossier")
        same(b.get(f"/person/{p5}").status, 404, "not theirs")
        same(noted(p5), 0, "what was not shown is not noted")
        same(s.one(f"SELECT actor FROM audit WHERE act = 'read' AND record = {p1} ORDER BY seq DESC LIMIT 1"), "doc.x1", "with who it was")
    s.sound()


if __name__ == "__main__":
    run_tests()
