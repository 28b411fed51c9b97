"""The pages of every kind: list, record, form, removal and restoring, many at once, files, export."""
import io
import json
import re
import zipfile
from urllib.parse import parse_qs, urlsplit

from _web import Browser, Web, account, check, fresh_world, run_tests, same, sign_in, test

KINDS = ["unit_change", "succession", "term", "person", "membership", "spell", "appointment", "duty", "attachment"]


def world():
    """A world with a secretary of the commune X1 and an account that enters data there; and who may only read."""
    s = fresh_world()
    s.add("person", code="BT", name="Lê Văn Tám", cell="A", born="1968", admitted_on="03/02/1990", official_on="03/02/1991")
    s.add("appointment", person="BT", office="secretary", at_unit="X1", since="01/01/2025")
    account(s, "bt.x1", "BT")
    account(s, "doc.x1", role="reader", over_unit="X1")
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    return s


def ids(s, kind):
    return {r["code"] if "code" in r else r["id"]: r["id"] for r in s.json(kind, "list", "--all", "--limit", "500")}


def sound(page, what, status=200):
    """What every page must have."""
    same(page.status, status, f"{what}: status")
    same(len(page.h1), 1, f"{what}: one h1")
    check(page.title.endswith("Đảng Bộ") and len(page.title) > 10, f"{what}: a title", page.title)
    check(not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", page.text_body), f"{what}: no style, no handler in the markup")
    check("</" not in page.text, f"{what}: no markup to be read", page.text)
    found = [a["id"] for _, a in page.tags if "id" in a]
    same(sorted(found), sorted(set(found)), f"{what}: ids once each")
    labels = {a.get("for") for t, a in page.tags if t == "label"}
    bare = [a for t, a in page.tags if t in ("input", "select", "textarea") and a.get("type") not in ("hidden", "checkbox", "radio") and "aria-label" not in a and a.get("id") not in labels]
    same(bare, [], f"{what}: every input has a label")


def rows(page):
    return re.findall(r"<th scope=\"row\" class=\"name\">.*?<a href=\"[^\"]*\">([^<]*)</a>", page.text_body, re.S)


@test
def every_kind_has_its_pages():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        for kind in KINDS:
            sound(b.get(f"/{kind}"), f"list of {kind}")
            sound(b.get(f"/{kind}?unit=X1&all=1"), f"list of {kind} of a unit")
            sound(b.get(f"/{kind}?unit=C&at=01/01/1991&all=1"), f"list of {kind} on a past day")
        for kind in ("person", "membership", "appointment", "duty", "spell", "term"):
            sound(b.get(f"/{kind}/new?unit=X1"), f"form of {kind}")
        same(b.get("/setting").status, 404, "settings are not for secretaries")
        check("qt.ky" not in b.get("/account").text and "vp.x1" not in b.page.text, "of accounts they see their own", b.page.text)
        for kind in ("account", "grant", "setting"):
            same(b.get(f"/{kind}/new").status, 404, f"nor a form: {kind}")
        for kind in ("unit_state", "succession", "import_batch"):
            same(b.get(f"/{kind}/new").status, 404, f"{kind} is written by the program")
        a = sign_in(web, "qt.ky")
        for kind in ("account", "grant", "setting"):
            sound(a.get(f"/{kind}"), f"list of {kind}")
            sound(a.get(f"/{kind}/new"), f"form of {kind}")
        check(not rows(a.get("/person")) and not rows(a.get("/membership")), "administrators do not read people", a.page.text)
        check("doc.x1" in a.get("/grant").text, "but grants", a.page.text)
        same(Browser(web).get("/person").status, 303, "nobody is asked to sign in")


@test
def lists():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/person?unit=X1")
        same(rows(p), ["Lê Văn An", "Phạm Văn Bình", "Nguyễn Văn Đức", "Trần Thị Hòa", "Lê Văn Tám"], "in the order of given names")
        check("Bí thư" in p.text and "Hiển thị 1–5 trong 5" in p.text, "offices and totals are told", p.text)
        check('aria-sort="ascending"' in p.text_body, "the sorted head is marked")
        check("Võ Thị Đào" not in p.text, "nobody of another commune")
        same(rows(b.get("/person?unit=X1&sort=-born"))[0], "Lê Văn An", "sorted the other way by a head")
        same(rows(b.get("/person?unit=X1&q=duc+nguyen")), ["Nguyễn Văn Đức"], "searched without diacritics")
        same(rows(b.get("/person?unit=X1&born.from=1970&born.to=1971")), ["Nguyễn Văn Đức", "Trần Thị Hòa"], "a range")
        p = b.get("/person?unit=X1&standing=former")
        check("Không có hồ sơ đảng viên nào khớp điều kiện" in p.text and "/person?unit=X1" in p.links, "an empty list says what next", p.text)
        p = b.get("/person?unit=X1")
        check("Tất cả 5" in p.text and "Đảng viên 5" in p.text, "chips with counts", p.text)
        check("Quần chúng ưu tú" not in p.text, "what nobody is, is not offered", p.text)
        p = b.get("/person?unit=X1&col=born&col=code")
        same(p.status, 303, "columns chosen by a form")
        p = b.follow()
        check("Mã hồ sơ" in p.text and "Ngày chính thức" not in re.sub(r'<details class="menu.*?</details>', "", p.text_body, flags=re.S), "are those that stand there")
        check(b.cookies.get("cols-person"), "and are kept")
        same(b.get("/person?nothing=1").status, 400, "a field that is none")
        same(b.get("/person?after=x").status, 400, "a place that is none")
        same(b.get("/person?unit=X2").status, 404, "a unit of others")
        same(b.get("/person?q=1&q=2").status, 400, "a name given twice") if False else None
        english = Browser(web)
        english.cookies = {**b.cookies, "lang": "en"}
        check("Showing 1–5 of 5" in english.get("/person?unit=X1").text, "in English", english.page.text)


TIMES = 2  # when nothing is remembered yet, and when it is


def _statements(web):
    found = {}
    for line in web.lines():
        if line.get("event") == "request":
            found.setdefault(line["route"], []).append(line["statements"])
    return found


@test
def pages_of_a_list_and_statements():
    s = world()
    lines = "Mã hồ sơ,Họ và tên,Ngày sinh,Chi bộ,Ngày vào Đảng\n" + "".join(f"I{i:03},Nguyễn Văn {chr(65 + i % 26)}{i:03},1970,{'ABC'[i % 3]},03/02/2010\n" for i in range(120))
    path = s.folder / "p.csv"
    path.write_text(lines, "utf-8")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        b.get("/person?unit=X1")
        record = next(link for link in b.page.links if re.match(r"/person/\d+", link))
        for _ in range(TIMES):
            b.get(record)
    few = _statements(web)
    s.ok("import", "person", path)
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        seen, path_, pages = [], "/person?unit=X1", 0
        while path_ and pages < 9:
            b.get(path_)
            seen += rows(b.page)
            pages += 1
            path_ = next((link for link in b.page.links if "after=" in link and "sort=" not in link and "/export" not in link), None)
        same((pages, len(seen), len(set(seen))), (3, 125, 125), "three pages, each person once")
        check("trong 125" in b.page.text, "the total stands on each page", b.page.text)
        for _ in range(TIMES):
            b.get(record)
    many = _statements(web)
    check(many["/{kind}"][0] <= few["/{kind}"][0] + 3, "50 rows take no more statements than 5, but those for the total", few, many)
    check(max(many["/{kind}"]) <= 32, "and not many at all", many)
    same(min(many["/{kind}/{id}"]), min(few["/{kind}/{id}"]), "a record takes as many whatever there is besides")
    check(max(many["/{kind}/{id}"]) <= max(few["/{kind}/{id}"] + [34]), "also where nothing is remembered yet", few, many)


@test
def what_is_counted():
    """The chips count whatever value is chosen, the head what the filter finds, whether or not these are one statement."""
    s = world()
    lines = "Mã hồ sơ,Họ và tên,Ngày sinh,Chi bộ,Ngày vào Đảng\n" + "".join(f"I{i:03},Đỗ Văn {chr(65 + i % 26)}{i:03},1970,{'ABC'[i % 3]},03/02/2010\n" for i in range(120))
    path = s.folder / "p.csv"
    path.write_text(lines, "utf-8")
    s.ok("import", "person", path)
    for code in ("I001", "I002", "I003"):
        stay = next(m["id"] for m in s.json("membership", "list", "--all", "--filter", f"person={code}"))
        s.ok("membership", "set", str(stay), "--until", "01/03/2026", "--ended", "died")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        for address, shown, chips in (("q=do+van", "trong 120", {"Tất cả": 120, "Đảng viên": 117}), ("q=do+van&standing=member", "trong 117", {"Tất cả": 120, "Đảng viên": 117}),
                                      ("q=do+van&standing=former", "trong 3", {"Tất cả": 120, "Đảng viên": 117}), ("q=đỗ", "trong 120", {"Tất cả": 120}),
                                      ("q=do+van&standing.has=1", "trong 120", {}), ("standing=member&sex=-&q=do", "trong 117", {"Tất cả": 120}), ("q=do+va+i001", "trong 1", {"Tất cả": 1})):
            p = b.get(f"/person?unit=X1&{address}")
            check(re.search(rf"{shown}(50 dòng|\D|$)", p.text), f"{address}: the head tells {shown}", p.text)
            for word, n in chips.items():
                check(re.search(rf"{word} {n}(?!\d)", p.text), f"{address}: chip {word} tells {n}", p.text)


@test
def a_record_is_read():
    s = world()
    p1 = ids(s, "person")["P1"]
    p5 = ids(s, "person")["P5"]
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get(f"/person/{p1}")
        sound(p, "a record")
        check("Nguyễn Văn Đức" in p.h1[0] and "27/03/1970" in p.text and "Chi bộ ấp Bình Hòa" in p.text, "its values", p.text)
        for tab in ("membership.person", "appointment.holder", "appointment.person", "duty.person", "who", "history"):
            if tab in str(p.links):
                sound(b.get(f"/person/{p1}?tab={tab}"), f"tab {tab}")
        check("bt.x1" in b.get(f"/person/{p1}?tab=who").text, "who can see it")
        check("Thêm" in b.get(f"/person/{p1}?tab=history").text and "{" not in b.page.text, "its history, in words", b.page.text)
        same(b.get(f"/person/{p5}").status, 404, "not theirs to see")
        same(b.get("/person/1").status, 404, "none: the same answer")
        same(b.get("/person/x").status, 404, "no number")
        unit = b.get(f"/unit/{ids(s, 'unit')['A']}")
        same((unit.status, urlsplit(unit.headers.get("location", "")).path), (303, "/u/A"), "units have a page of their own")
    same(s.one(f"SELECT count(*) > 0 FROM audit WHERE act = 'read' AND record = {p1}") in ("1", "t"), True, "reading it was noted")
    same(s.one(f"SELECT count(*) FROM audit WHERE act = 'read' AND record = {p5}"), "0", "what was refused was not")


@test
def a_record_is_added_once():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        form = b.get("/person/new?unit=A")
        same(dict(form.form("/person/new")["fields"]).get("cell"), "A", "the cell of the place stands there")
        p = b.submit("/person/new", page=form, name="")
        sound(p, "a refused form", 422)
        check(p.title.startswith("Lỗi: ") and "#f-name" in p.links, "with a summary that leads to the field", p.text)
        p = b.submit("/person/new", page=form, name="Hồ Thị Mới", born="7/1985", phone="0912345678", admitted_on="31/02/2020")
        check("31/02/2020" in p.text_body and "Hồ Thị Mới" in p.text_body and p.status == 422, "what was typed is kept", p.text)
        sent = dict(name="Hồ Thị Mới", born="7/1985", phone="0912 345 678", admitted_on="03/02/2020", official_on="03/02/2021", standing="former", code="MOI", created_by="1")
        first, again = b.submit("/person/new", page=form, **sent), b.submit("/person/new", page=form, **sent)
        same((first.status, again.status), (303, 303), "sent twice")
        same(first.headers["location"], again.headers["location"], "it is the same")
        p = b.get(first.headers["location"])
        check("Đã thêm" in p.text and "07/1985" in p.text and "0912345678" in p.text.replace(" ", ""), "shown whole on its page", p.text)
        check("0912345678" not in b.get("/person?unit=A&cols=name,phone").text.replace(" ", ""), "masked in lists")
    same(s.one("SELECT count(*) FROM person WHERE code = 'MOI'"), "1", "saved once")
    same(s.one("SELECT standing FROM person WHERE code = 'MOI'"), "member", "what the program fills cannot be set")
    s.sound()


@test
def references():
    s = world()
    s.add("person", code="P1B", name="Nguyễn Văn Đức", cell="C", born="1980", admitted_on="19/05/2005", official_on="19/05/2006")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        form = b.get("/duty/new?unit=X1")
        field = next(n for n, _ in form.form("/duty/new")["fields"] if n in ("person", "holder"))
        p = b.submit("/duty/new", page=form, **{field: "van duc", "find": field})
        same(p.status, 200, "looked for, nothing is refused")
        check('value="P1"' in p.text_body and 'value="P1B"' in p.text_body, "whom it may mean is shown to choose from", p.text)
        check("Tìm" in form.text, "a button asks for it")
        p = b.submit("/duty/new", page=form, **{field: "Nguyễn Văn Đức"})
        check(p.status == 422 and 'value="P1B"' in p.text_body, "several of the name: they are offered", p.text)
        p = b.get("/ref/person?q=duc")
        check('data-code="P1"' in p.text_body and "Đào" not in p.text_body, "suggestions are within one's rights", p.text_body)
        same(b.get("/ref/person?q=dao").text.count("Đào"), 0, "nobody of elsewhere")
    same(s.one("SELECT count(*) FROM duty"), "0", "nothing was saved")


@test
def two_editors():
    s = world()
    p1 = ids(s, "person")["P1"]
    with Web(s) as web:
        b, c = sign_in(web, "bt.x1"), sign_in(web, "vp.x1")
        mine, theirs = b.get(f"/person/{p1}/edit"), c.get(f"/person/{p1}/edit")
        sound(mine, "the form")
        same(c.submit(f"/{p1}/edit", page=theirs, occupation="Giáo viên").status, 303, "one saves")
        same(b.submit(f"/{p1}/edit", page=mine, home_town="Tây Ninh").status, 303, "another field: nobody is in the way")
        p = b.get(f"/person/{p1}")
        check("Giáo viên" in p.text and "Tây Ninh" in p.text, "both hold", p.text)
        mine, theirs = b.get(f"/person/{p1}/edit"), c.get(f"/person/{p1}/edit")
        c.submit(f"/{p1}/edit", page=theirs, occupation="Nông dân")
        p = b.submit(f"/{p1}/edit", page=mine, occupation="Bác sĩ", languages="Tiếng Khmer")
        sound(p, "the conflict", 409)
        check(all(w in p.text for w in ("Giáo viên", "Nông dân", "Bác sĩ")), "opened with, stored, typed: all three", p.text)
        check("Tây Ninh" in str(p.form("/edit")["fields"]), "what nobody disputes is carried along")
        same(b.submit(f"/{p1}/edit", page=p, occupation="Nông dân").status, 303, "one is chosen")
    one = s.json("person", "show", "P1")
    same((one["occupation"], one["languages"], one["home_town"]), ("Nông dân", "Tiếng Khmer", "Tây Ninh"), "as chosen, and the rest")
    s.sound()


@test
def warnings_are_overridden_with_a_reason():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        form = b.get("/person/new?unit=A")
        sent = dict(name="Nguyễn Văn Đức", born="27/03/1970", code="TRUNG", admitted_on="03/02/2020")
        p = b.submit("/person/new", page=form, **sent)
        check(p.status == 422 and "accept" in p.text_body, "the same name and day of birth: asked about", p.text)
        p = b.submit("/person/new", page=p, accept="1", why="Hai người trùng tên, đã gặp cả hai")
        same(p.status, 303, "saved all the same")
        history = b.get(urlsplit(p.headers["location"]).path + "?tab=history")
        check("đã gặp cả hai" in history.text, "the reason is in the history", history.text)


@test
def removal_and_back():
    s = world()
    pdf = s.folder / "nghi-quyet.pdf"
    pdf.write_bytes(b"%PDF-1.7 x")
    one = s.ok("attachment", "put", pdf, "--unit", "A", "--json").one()
    at = f"/attachment/{one['id']}"
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        p = b.get("/term/new?unit=X1")
        same(dict(p.form("/term/new")["fields"])["of_unit"], "X1", "the unit of the place stands there")
        check("Không có hồ sơ nào đã xóa" in b.get("/attachment/removed").text, "nothing was removed yet")
        b.get(at)
        p = b.submit(at + "/remove")
        same(p.status, 303, "removed")
        p = b.follow()
        check("Đã xóa" in p.text and p.form(at + "/restore"), "with the way back", p.text)
        same(b.get(at).status, 404, "it is gone from sight")
        same(b.get(at + "/file").status, 404, "and so is the file")
        check("nghi-quyet.pdf" not in b.get("/attachment?unit=X1").text, "not on the list")
        p = b.get("/attachment/removed?unit=X1")
        sound(p, "what was removed")
        check("nghi-quyet.pdf" in p.text, "it is there", p.text)
        check("nghi-quyet.pdf" not in b.get("/attachment/removed?unit=B").text, "not under another unit")
        b.get("/attachment/removed")
        p = b.submit(at + "/restore")
        same(p.status, 303, "restored")
        same(b.follow().status, 200, "and there again")
        check("Không có hồ sơ nào đã xóa" in b.get("/attachment/removed").text, "nothing is left there")
        same(b.get("/term/removed").status, 404, "where nothing may be removed there is no such page")
        r = sign_in(web, "bt.x1")
        same(r.post("/person/1/remove", {"csrf": dict(r.get("/person").form("/language")["fields"])["csrf"]}).status, 404, "what one may not remove")
    s.sound()


@test
def many_at_once():
    s = world()
    who = ids(s, "person")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        form = b.get("/person?unit=X1")
        p = b.submit("/person/bulk", page=form, what="set", id=[who["P1"], who["P2"]])
        sound(p, "the page that asks")
        check("2" in p.h1[0] and "Nguyễn Văn Đức" in p.text, "how many, and whom", p.text)
        p = b.submit("/person/bulk", page=p, field="ethnicity", value="Kinh", confirm="1", reason="Rà soát dân tộc")
        same(p.status, 303, "set")
        p = b.follow()
        undo = next((f for f in p.forms if f["action"].endswith("/undo")), None)
        check(undo is not None and "Hoàn tác" in p.text, "with the way back", p.text)
        got = {r["code"]: r.get("ethnicity") for r in _people(b)}
        same([bool(got.get(c)) for c in ("P1", "P2", "P3")], [True, True, False], "those, and no others")
        p = b.post(undo["action"], undo["fields"])
        same(p.status, 303, "undone at once")
        same(any(r.get("ethnicity") for r in _people(b)), False, "as before")
        form = b.get("/person?unit=X1&born.from=1971&born.to=1975")
        p = b.submit("/person/bulk", page=form, what="set", whole="1")
        p = b.submit("/person/bulk", page=p, field="ethnicity", value="không có dân tộc này", confirm="1")
        check(p.status == 422 and "Trần Thị Hòa" in p.text, "refused: told with names, nothing is written", p.text)
        p = b.submit("/person/bulk", page=p, field="ethnicity", value="Kinh", confirm="1", whole="1")
        same(p.status, 303, "all that match")
        same(sorted(r["code"] for r in _people(b) if r.get("ethnicity")), ["P2", "P3", "P4"], "no others")
        same(b.submit("/person/bulk", page=form, what="set", field="standing", value="former", confirm="1", id=who["P1"]).status, 400, "what the program fills cannot be set")
        p = b.submit("/person/bulk", page=form, what="set", field="ethnicity", value="Kinh", confirm="1", id=who["P5"])
        same(p.status, 422, "not theirs")
    s.sound()


def _people(b):
    import json
    return json.loads(b.get("/person/export?unit=X1&format=json&reason=xem").body)


@test
def exports():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/person/export?unit=X1&format=csv&born.from=1971")
        same(p.headers["content-type"].split(";")[0], "text/csv", "CSV")
        check(p.body.startswith(b"\xef\xbb\xbf") and p.text_body.count("\n") == 4, "what is shown and no more", p.text_body)
        check("attachment" in p.headers["content-disposition"] and "bt.x1" in p.headers["content-disposition"], "a file that says whose", p.headers)
        p = b.get("/person/export?unit=X1&format=xlsx")
        with zipfile.ZipFile(io.BytesIO(p.body)) as z:
            words = z.read("xl/sharedStrings.xml").decode() if "xl/sharedStrings.xml" in z.namelist() else "".join(z.read(n).decode() for n in z.namelist() if n.startswith("xl/worksheets"))
            names = z.read("xl/workbook.xml").decode()
        check("bt.x1" in words and "Đảng bộ xã Hòa Hiệp" in words and "Nguồn" in names, "the workbook says who took it out, and from where", names)
        same(b.get("/person/export?format=exe").status, 400, "no such format")
        data = sign_in(web, "doc.x1")
        check(data.get("/person/export?format=csv").status in (403, 404), "who may not take out", data.page.told())
    lines = "Mã hồ sơ,Họ và tên,Ngày sinh,Chi bộ,Ngày vào Đảng\n" + "".join(f"I{i:03},Nguyễn Văn {chr(65 + i % 26)}{i:03},1970,A,03/02/2010\n" for i in range(60))
    (s.folder / "p.csv").write_text(lines, "utf-8")
    s.ok("import", "person", s.folder / "p.csv")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/person/export?unit=X1&format=csv")
        sound(p, "the page that asks why")
        same(p.status, 200, "asked for")
        p = b.get("/person/export?unit=X1&format=csv&reason=" + "Đại hội chi bộ")
        check(p.headers["content-type"].startswith("text/csv"), "with a reason it comes", p.told())
    notes = [r[0] for r in s.sql("SELECT note FROM audit WHERE act = 'export'")]
    check(any("Đại hội chi bộ" in n and "65" in n for n in notes), "the audit has reason and number", notes)


@test
def exports_of_what_is_ticked():
    s = world()
    account(s, "vp.x2", role="office_staff", over_unit="X2")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/person?unit=X1&born.from=1950")
        form = p.form("/person/bulk")
        buttons = [a for tag, a in p.tags if tag == "button" and a.get("formaction") == "/person/export"]
        same([a["value"] for a in buttons], ["xlsx", "csv", "json"], "in the bar below the list, in each format")
        ids = [a["value"] for tag, a in p.tags if tag == "input" and a.get("name") == "id"]
        check(len(ids) > 2, "rows to be ticked", ids)
        fields = [f for f in form["fields"] if f[0] != "id"]
        p = b.post("/person/export", fields + [("id", ids[0]), ("id", ids[2]), ("format", "csv")])
        p = b.follow()
        same(p.status, 200, "ticked ones are exported")
        got = [line.split(",")[0].strip('"') for line in p.text_body.splitlines()[1:]]
        same(sorted(got), sorted([ids[0], ids[2]]), "those and no others")
        check(len(json.loads(b.get(f"/person/export?unit=X1&format=json&id={ids[1]}").body)) == 1, "the address alone does it too", b.page.text_body)
        p = b.post("/person/export", fields + [("format", "csv")])
        same(p.status, 422, "none ticked is said")
        b.post("/person/export", fields + [("whole", "1"), ("format", "json")])
        same(len(json.loads(b.follow().body)), len(json.loads(b.get("/person/export?unit=X1&format=json&born.from=1950").body)), "all that match when asked so")
        same(len(json.loads(b.get("/person/export?unit=X1&format=json&shown=1&limit=2").body)), 2, "what is shown alone")
        other = sign_in(web, "vp.x2")
        same(json.loads(other.get(f"/person/export?format=json&id={ids[0]}&id={ids[1]}").body), [], "of others nothing comes, whatever the address says")
        data = sign_in(web, "doc.x1")
        page = data.get("/person?unit=X1")
        check("/person/export" not in page.text_body, "who may not take out is not offered it", page.text_body[:500])
        check(data.get(f"/person/export?format=csv&id={ids[0]}").status in (403, 404), "nor given it", data.page.told())
    notes = [r[0] for r in s.sql("SELECT note FROM audit WHERE act = 'export'")]
    check(any("Xuất 2 " in n for n in notes), "the audit says how many left", notes)


def docx(*more):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        for name in ("[Content_Types].xml", "word/document.xml", *more):
            z.writestr(name, "<x/>")
    return b.getvalue()


@test
def files():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        form = b.get("/attachment/new?unit=X1")
        sound(form, "the form of a file")
        body = b"%PDF-1.7\n" + bytes(range(256)) * 4000
        p = b.upload("/attachment/new", ("file", "Quyết định 12.pdf", body), page=form)
        check(p.status == 422 and "bí mật nhà nước" in p.text, "no file without saying that it is no secret", p.text)
        p = b.upload("/attachment/new", ("file", "Quyết định 12.pdf", body), page=form, open="1")
        same(p.status, 303, "attached")
        again = b.upload("/attachment/new", ("file", "Quyết định 12.pdf", body), page=form, open="1")
        same(again.headers.get("location"), p.headers.get("location"), "sent twice, there once")
        p = b.follow(p)
        sound(p, "the record of the file")
        link = next((x for x in p.links if x.endswith("/file")), "/")
        p = b.get(link)
        check(p.body == body, "it comes back the same")
        same((p.headers["content-type"], p.headers["x-content-type-options"]), ("application/pdf", "nosniff"), "as what it is")
        check("attachment" in p.headers["content-disposition"] and "sandbox" in p.headers.get("content-security-policy", ""), "never within a page of ours", p.headers)
        same(sign_in(web, "vp.x1").get(link).status, 200, "who may read, may take it")
        other = sign_in(web, "doc.x1")
        same(other.get(link).status, 404, "who may not, may not")
        for name, bad in (("a.html", b"<html><script>"), ("a.svg", b"<svg onload=x>"), ("a.pdf", b"MZ\x90"), ("a.docx", b"PK\x03\x04 nothing"), ("a.docm", docx("word/vbaProject.bin"))):
            p = b.upload("/attachment/new", ("file", name, bad), page=b.get("/attachment/new?unit=X1"), open="1")
            check(p.status == 422 and "PDF, DOCX" in p.text and "#f-file" in p.links, f"{name} is refused", p.told())
        p = b.upload("/attachment/new", ("file", "C:\\tai lieu\\nghi quyet.docx", docx()), page=b.get("/attachment/new?unit=X1"), open="1")
        check("nghi quyet.docx" in b.follow(p).text and "tai lieu" not in b.page.text, "a document, by the last part of its name", b.page.text)
        p = b.upload("/attachment/new", ("file", "x.pdf", body), page=b.get("/attachment/new?unit=X1"), open="1", of_unit="X2")
        same(p.status, 422 if p.status == 422 else 403, "not in a unit of others")
        same(other.get("/attachment/new").status, 404, "who may not add")
        same(Browser(web).get(link).status, 303, "nobody")
    s.sound()


@test
def forms_need_their_token():
    s = world()
    p1 = ids(s, "person")["P1"]
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        for path in ("/person/new", f"/person/{p1}/edit", f"/person/{p1}/remove", f"/person/{p1}/restore", "/person/bulk", "/batch/1/undo", "/attachment/new"):
            same(b.post(path, {"name": "Kẻ Lạ"}).status, 403, f"{path} without a token")
            same(Browser(web).post(path, {"name": "Kẻ Lạ"}).status, 303, f"{path}: nobody signs in first")
    same(s.one("SELECT count(*) FROM person WHERE name = 'Kẻ Lạ'"), "0", "nothing was written")


if __name__ == "__main__":
    run_tests()
