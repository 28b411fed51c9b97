"""Bringing in and looking up in the browser: an import from file to undo, jobs, search, reports, help, and that nobody else gets at any of it."""
import io
import os
import re
import time
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from _web import workbook, PASSWORD, Browser, Web, account, check, fresh_world, run_tests, same, sign_in, test
from _dangbo import SERVER, environment

HEAD = "STT\tHọ và tên\tNgày sinh\tGiới tính\tChi bộ\tNgày vào Đảng\tNgày chính thức\tGì đó"


def rows(n, wrong=(), first=0):
    """Lines of a register; those of `wrong` (index: what) are not right."""
    out = [HEAD]
    for i in range(first, first + n):
        name, born, cell = f"Nguyễn Thử {chr(65 + i % 26)}{'abcdefghij'[i // 26 % 10]}{'klmnopqrst'[i // 260 % 10]}", f"{i % 28 + 1:02}/{i % 12 + 1:02}/{1950 + i % 40}", "A"
        if i in wrong:
            born, cell, name = [("31/02/1970", cell, name), (born, "KHÔNG-CÓ", name), (born, cell, "")][i % 3]
        out.append("\t".join([str(i + 1), name, born, "Nam", cell, "19/05/2010", "19/05/2011", "x"]))
    return "\n".join(out)


def served():
    s = fresh_world()
    account(s, "qt.ky", role="technical_admin")
    account(s, "vp.x1", role="office_staff", over_unit="X1")
    account(s, "vp.x2", role="office_staff", over_unit="X2")
    return s


def journey(page):
    return re.search(r"/import/j/([0-9a-f]{32})", page.headers.get("location", ""))[1]


def settle(b, page):
    """Follows redirects, and waits for a job."""
    for _ in range(200):
        if page.status == 303:
            page = b.follow(page)
        elif re.match(r"/job/", page_path(b)):
            page = b.get(page_path(b))
        else:
            return page
    return page


def page_path(b):
    return urlsplit(b.last).path if hasattr(b, "last") else ""


def brought(b, text, name="so.tsv", kind="person", unit="X1"):
    """A file at its columns; the journey's id."""
    b.get(f"/import/new/{kind}?unit={unit}")
    b.upload(f"/import/new/{kind}", ("file", name, text.encode()), unit=unit)
    if not check(b.page.status == 303, "the file is taken", b.page.told()):
        return None
    i = journey(b.page)
    b.follow()
    return i


def checked(b, i):
    b.get(f"/import/j/{i}/columns")
    return settle(b, b.submit("/columns"))


@test
def a_row_without_its_unit_is_warned_about():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        i = brought(b, "Họ và tên\tNgày sinh\tChi bộ\tNgày vào Đảng\nHồ Văn Một\t01/02/1990\tA\t03/02/2010\nHồ Văn Hai\t01/02/1991\t\t03/02/2010\n")
        p = checked(b, i)
        check("Lưu ý" in p.text or "lưu ý" in p.text, "the check counts it", p.text)
        p = b.get(f"/import/j/{i}/check?show=warned")
        check("để trống" in p.text and "Đảng bộ xã Hòa Hiệp" in p.text and "Quần chúng ưu tú" in p.text, "and the preview says what will happen", p.text)


def people(s):
    return s.one("SELECT count(*) FROM person WHERE removed_at = 0")


@test
def a_register_from_file_to_undo():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        before = people(s)
        wrong = set(range(3, 200, 5))
        i = brought(b, rows(1000, wrong))
        same(b.page.status, 200, "the columns are shown")
        check("Cột nào là gì?" in b.page.h1, "and asked about", b.page.told())
        _, fields = b.page.form("/columns")["action"], dict(b.page.form("/columns")["fields"])
        same((fields["c-B"], fields["c-C"], fields["c-A"], fields["c-H"]), ("name", "born", "-", "-"), "common heads are recognised, others not read")
        p = checked(b, i)
        check(f"{len(wrong)} dòng có lỗi" in p.text, "every planted error is counted", p.told())
        same(people(s), before, "a check writes nothing")
        found, at = set(), f"/import/j/{i}/check"
        while at:
            b.get(at)
            found |= {int(n) for n in re.findall(r'<tr><th scope="row">(\d+)</th>', b.page.text_body)}
            at = next((l for l in b.page.links if "from=" in l and "/check" in l and "show=" not in l), None)
        same(found, {w + 2 for w in wrong}, "each with its row, on the pages")
        b.get(f"/import/j/{i}/check")
        check('class="bad"' in b.page.text_body and "không có trong lịch" in b.page.text, "beside its cell, in words", b.page.told())
        b.get(f"/import/j/{i}/refused")
        z = zipfile.ZipFile(io.BytesIO(b.page.body))
        words = "".join(z.read(n).decode() for n in z.namelist() if n.endswith(".xml"))
        check("Lỗi" in words and words.count("31/02/1970") > 0, "the refused rows come as a table with a column of errors")
        b.get(f"/import/j/{i}/check")
        p = settle(b, b.submit("/run"))
        check("Đã nhập xong" in p.text, "the good rows are imported", p.told())
        same(int(people(s)), int(before) + 1000 - len(wrong), "as many as were good")
        check(b.post("/import/j/" + i + "/run", {}).status in (303, 403), "sent twice")
        same(int(people(s)), int(before) + 1000 - len(wrong), "it is imported once")
        b.get(f"/import/j/{i}/result")
        b.submit("/undo")
        same(b.page.status, 303, "undone")
        same(people(s), before, "all of it is gone again")
        b.follow()
        check("Đã hoàn tác" in b.page.text and not [f for f in b.page.forms if f["action"].endswith("/undo")], "and said so", b.page.told())
    s.sound()


@test
def mapped_once_known_next_time():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        text = "Ai\tKhi nào\tỞ đâu\nTrần Văn Lạ\t01/02/1960\tA"
        i = brought(b, text)
        check("Chưa kiểm tra được" in b.page.text, "without the required columns it cannot be checked", b.page.told())
        b.submit("/columns")
        same(b.page.status, 422, "nor when nothing was chosen")
        p = settle(b, b.submit("/columns", **{"c-A": "name", "c-B": "born", "c-C": "cell"}))
        check("Kiểm tra trước khi nhập" in p.h1 and "Không có lỗi" in p.text, "once mapped it can", p.told())
        p = settle(b, b.submit("/run"))
        check("Đã nhập xong" in p.text, "and imported", p.told())
        brought(b, text.replace("Lạ", "Quen"))
        fields = dict(b.page.form("/columns")["fields"])
        same((fields["c-A"], fields["c-B"], fields["c-C"]), ("name", "born", "cell"), "the same heads are known next time")


@test
def duplicates_side_by_side():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        i = brought(b, "Họ và tên\tNgày sinh\tChi bộ\nNguyễn Văn Đức\t27/03/1970\tA\nLê Mới\t01/01/1980\tA\nLê Mới\t01/01/1980\tB")
        checked(b, i)
        b.get(f"/import/j/{i}/check?show=same")
        check(b.page.text_body.count('class="compare"') == 2, "a pair with what is there, and one within the file", b.page.told())
        check("Hồ sơ đang có" in b.page.text and "Dòng 3" in b.page.text, "named", b.page.told())
        before = int(people(s))
        p = settle(b, b.submit("/run"))
        same(int(people(s)), before + 1, "without being told so no duplicate is written")
        i = brought(b, "Họ và tên\tNgày sinh\tChi bộ\nNguyễn Văn Đức\t27/03/1970\tA")
        checked(b, i)
        b.get(f"/import/j/{i}/check")
        p = settle(b, b.submit("/run", keep="1"))
        same(int(people(s)), before + 2, "told so, it is", )


@test
def pasted_cells():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        b.get("/import/new/person?unit=X1")
        form = [f for f in b.page.forms if any(n == "text" for n, _ in f["fields"])]
        if not check(len(form) == 1, "a form for pasted cells", b.page.told()):
            return
        fields = dict(form[0]["fields"], text=rows(400))
        b.post(form[0]["action"], fields)
        same(b.page.status, 303, "a block of cells is taken, however its pieces come")
        i = journey(b.page)
        p = checked(b, i)
        check("Nhập cả 400 dòng" in p.text, "and read whole", p.told())
        b.get("/import/new/person")
        b.post(form[0]["action"], {**fields, "csrf": dict(b.page.form("/import/new/person")["fields"])["csrf"], "text": ""})
        same(b.page.status, 422, "nothing pasted is said so")
        check(b.page.title.startswith("Lỗi: ") and "Chưa có gì để đọc" in b.page.text, "in words", b.page.told())
        b.get("/import/new/person")
        b.upload("/import/new/person", ("file", "x.xlsx", b"PK\x03\x04 this is none"))
        same(b.page.status, 422, "a broken file is refused")
        b.get("/import")
        check("Đang nhập dở" in b.page.text, "what is not finished can be gone on with", b.page.told())
        b.get(f"/import/j/{i}/columns")
        form = b.page.form("/columns")
        b.post(f"/import/j/{i}/drop", {"csrf": dict(form["fields"])["csrf"]})
        b.get(f"/import/j/{i}")
        same(b.page.status, 404, "or dropped")


@test
def nobody_elses():
    s = served()
    with Web(s) as web:
        a, b = sign_in(web, "vp.x1"), sign_in(web, "vp.x2")
        i = brought(a, rows(5))
        for page in ("", "/columns", "/check", "/result", "/refused"):
            same(b.get(f"/import/j/{i}{page}").status, 404, f"another's import{page} is not there")
        same(Browser(web).get(f"/import/j/{i}").status, 303, "without signing in one is sent to sign in")
        p = checked(a, i)
        p = settle(a, a.submit("/run"))
        batch = re.search(r"/import/batch/(\d+)/undo", p.text_body)[1]
        b.get("/import/new/person")
        token = dict(b.page.form("/import/new/person")["fields"])["csrf"]
        check(b.post(f"/import/batch/{batch}/undo", {"csrf": token}).status in (403, 404), "nor undone", b.page.told())
        check(b.post(f"/import/j/{i}/run", {"csrf": token}).status == 404, "nor run", b.page.told())
        same(a.post(f"/import/batch/{batch}/undo", {}).status, 403, "a form without its token is refused")
        check("so.tsv" not in b.get("/import").text, "nor listed", b.page.told())
        i = brought(b, rows(3, first=900), unit="X2")
        p = checked(b, i)
        check("3 dòng có lỗi" in p.text, "rows of a unit that is not theirs are refused", p.told())
        same(b.get("/job/" + "0" * 32).status, 404, "no such job")
        for j in ("0" * 32, "..%2f..%2fdangbo.db", "x"):
            same(b.get(f"/import/j/{j}").status, 404, f"no import {j}")


@test
def template():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        p = b.get("/import/template/person?format=xlsx")
        check(p.status == 200 and p.body[:2] == b"PK" and "attachment" in p.headers["content-disposition"], "a blank table as Excel", p.headers)
        p = b.get("/import/template/person?format=csv")
        check("Họ và tên" in p.body.decode("utf-8-sig"), "and as CSV")
        i = brought(b, p.body.decode("utf-8-sig"))
        found = [v for n, v in b.page.form("/columns")["fields"] if n.startswith("c-")]
        check(i and len(found) > 20 and "-" not in found and len(set(found)) == len(found), "whose every column is recognised", found)


@test
def search():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        for q in ("duc nguyen", "Nguyễn Đức", "đức", "P1"):
            check("Nguyễn Văn Đức" in b.get("/search", q=q).text, f"“{q}” finds", b.page.told())
        check("Chi bộ ấp Bình Hòa" in b.page.text and "27/03/1970" in b.page.text, "with cell and day of birth", b.page.told())
        check("Chi bộ Trạm Y tế" in b.get("/search", q="tram y").text, "a unit", b.page.told())
        check("Võ Thị Đào" not in b.get("/search", q="dao vo").text, "not what is another's", b.page.told())
        check("Thêm hồ sơ đảng viên" in b.get("/search", q="them ho so").text, "a command", b.page.told())
        p = b.get("/search", q="nhap", part=1)
        check('role="option"' in p.text_body and "<main" not in p.text_body and 'role="group"' in p.text_body, "as a fragment", p.text_body[:500])
        p = b.get("/search", q="zzzz", part=1)
        check("role=\"option\"" not in p.text_body and "Không thấy" in p.text, "that says when there is nothing")
        same(b.get("/search").status, 200, "without words it asks for some")
        same(b.get("/search", q="'\"<b>%_\\").status, 200, "signs are words like others")
        check("<b>" not in b.page.text_body.split("<main")[1].replace("<b>Nguyễn", ""), "and are shown as such")


def statements(b, web, path):
    b.get(path)
    return next((l["statements"] for l in reversed(web.lines()) if l.get("req_id") == b.page.headers.get("x-request-id") and "statements" in l), None)


@test
def reports():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        p = b.get("/report?unit=X1")
        check("Tổ chức đảng và đảng viên" in p.text, "which there are", p.told())
        p = b.get("/report/members?unit=X1&period=2020")
        check(p.status == 200 and "năm 2020" in p.text and "Đảng viên theo tình trạng" in p.text, "one of them, in the frame", p.told())
        total = re.search(r'<tr class="group total"><th scope="row">Cộng</th><td class="num"><a href="(/membership\?[^"]*)">(\d+)</a>', p.text_body)
        if check(total is not None, "whose total opens", p.text_body[-3000:]):
            q = b.get(total[1].replace("&amp;", "&"))
            same(len(re.findall(r'<input type="checkbox" name="id"', q.text_body)), int(total[2]), "to as many rows as it says")
        for opens, n in re.findall(r'<a href="(/membership\?[^"]*)">(\d+)</a>', p.text_body):
            q = b.get(opens.replace("&amp;", "&"))
            same(len(re.findall(r'<input type="checkbox" name="id"', q.text_body)), int(n), f"{opens} opens to {n} rows")
        for to, kind in (("csv", "text/csv"), ("html", "text/html"), ("text", "text/plain")):
            q = b.get(f"/report/members?unit=X1&period=2020&to={to}")
            check(q.headers["content-type"].startswith(kind) and "attachment" in q.headers["content-disposition"], f"as {to}", q.headers)
            check("/membership?" not in q.text_body, f"{to} has no links")
        same(b.get("/report/members?unit=X1&period=2020&to=exe").status, 400, "no other form")
        q = b.get("/report/members?unit=X1&period=2020&to=xlsx")
        check(q.headers["content-type"].endswith("spreadsheetml.sheet") and ".xlsx" in q.headers["content-disposition"], "as a workbook", q.headers)
        book = workbook(q.body)
        check(len(book) >= 4 and all(rows[0] == ["Tổ chức đảng và đảng viên"] and rows[1] == ["Đảng bộ xã Hòa Hiệp"] and rows[2] == ["năm 2020"] for _, rows in book),
              "each sheet begins with what it is, unit and period", [(name, rows[:4]) for name, rows in book])
        people = next(rows for name, rows in book if "Đảng viên" in name)
        total = next(row for row in people if row and row[0] == "Cộng")
        said = re.search(r"Cộng ([\d.]+) 100,0%", b.get("/report/members?unit=X1&period=2020").text)
        check(said and total[1] == (float(said.group(1)), "#,##0"), "numbers are numbers, as on the page", total)
        same(total[2][0], 1.0, "shares are shares")
        check(total[2][1].endswith("%"), "shown as percentages", total)
        p = b.get("/report/members?unit=X1&from=01/02/2019&to_day=28/02/2019")
        check("28/02/2019" in p.text, "from day to day", p.told())
        p = b.get("/report/members?unit=X1&period=bao giờ")
        check(p.status == 422 and p.title.startswith("Lỗi: ") and "2018" in p.text, "a wrong period is told with what may be written", p.told())
        same(b.get("/report/members?unit=X2&period=2020").status, 404, "not of a unit that is not theirs")
        same(b.get("/report/nothing?unit=X1").status, 404, "no such report")
        for name in ("posts", "duties"):
            same(b.get(f"/report/{name}?unit=X1&period=2020-Q1").status, 200, name)


def waited(b):
    """Follows a job to what it made, as a browser without script does."""
    p = b.page
    for _ in range(300):
        if p.status == 303:
            p = b.follow(p)
        elif "/job/" in b.at:
            time.sleep(0.1)
            p = b.get(b.at)
        else:
            return p
    return p


class Follower:
    """A browser that remembers where it is."""

    def __init__(self, b):
        self.b, self.at = b, ""

    @property
    def page(self):
        return self.b.page

    def get(self, path):
        self.at = path
        return self.b.get(path)

    def follow(self, page):
        self.at = page.headers["location"]
        return self.b.get(self.at)


@test
def large_exports_are_jobs():
    s = served()
    lines = "Mã hồ sơ,Họ và tên,Ngày sinh,Chi bộ,Ngày vào Đảng\n" + "".join(f"L{i:05},Nguyễn Văn {chr(65 + i % 26)},1970,A,03/02/2010\n" for i in range(5100))
    (s.folder / "p.csv").write_text(lines, "utf-8")
    s.ok("import", "person", s.folder / "p.csv", "--keep-duplicates")
    account(s, "vp.x1b", role="office_staff", over_unit="X1")
    with Web(s) as web:
        b, other, outside = sign_in(web, "vp.x1"), sign_in(web, "vp.x1b"), sign_in(web, "vp.x2")
        f = Follower(b)
        p = f.get("/membership?unit=X1")
        small = b.get("/membership/export?unit=B&format=csv")
        check(small.status == 200 and "attachment" in small.headers["content-disposition"], "a small one comes at once", small.told())
        f.get("/person/export?unit=X1&format=csv&reason=Đại hội")
        check(b.page.status == 303, "a large one is a job", b.page.told())
        p = waited(f)
        check("/made/" in f.at and p.status == 200 and "5.1" in p.text and "Giữ đến" in p.text, "which leads to what it made", p.told())
        made = re.search(r"/made/[0-9a-f]+", f.at).group(0)
        p = b.get(f"{made}/file?to=csv")
        check(p.status == 200 and p.text_body.count("\n") >= 5101 and "attachment" in p.headers["content-disposition"], "the file", p.headers)
        same(b.get(f"{made}/file?to=csv").status, 200, "again")
        same([b.get(f"{made}/file?to={to}").status for to in ("xlsx", "made", "../x")], [404, 404, 404], "nothing else of it")
        for who in (other, outside):
            same([who.get(made).status, who.get(f"{made}/file?to=csv").status], [404, 404], "nobody else gets at it")
            check(who.post(f"{made}/drop", who.filled("/sign-out", who.get("/"))[1]).status == 404, "nor drops it", who.page.told())
        same(b.get(made).status, 200, "it is still there")
        check(any(link.startswith(made) for link in b.get("/report").links), "and found again among the reports", b.page.links)
        check(not any("/made/" in link for link in other.get("/report").links), "by its owner alone", other.page.links)
        f.get("/person/export?unit=X1&format=xlsx&reason=Đại hội")
        p = waited(f)
        two = re.search(r"/made/[0-9a-f]+", f.at).group(0)
        book = workbook(b.get(f"{two}/file?to=xlsx").body)
        check(len(book) == 2 and len(book[0][1]) >= 5101 and any("vp.x1" in str(row) for row in book[1][1]) and any("Đại hội" in str(row) for row in book[1][1]),
              "a workbook with its second sheet of who took it out and why", book[1][1])
        b.get(two)
        check(b.submit(f"{two}/drop").status == 303 and b.get(two).status == 404, "dropped", b.page.told())
        spool = Path(environment().get("TMPDIR") or "/tmp") / f"dangbo-spool-{os.getuid()}" if SERVER else s.folder / "data" / "spool"
        name = made.split("/")[-1]
        note = spool / f"{name}.made"
        note.write_text(re.sub(r"made_at (\d+)", lambda m: f"made_at {int(m.group(1)) - 86400001}", note.read_text()))
        same([b.get(made).status, b.get(f"{made}/file?to=csv").status], [404, 404], "gone after a day")
    notes = [r[0] for r in s.sql("SELECT note FROM audit WHERE act = 'export' AND kind = 'person'")]
    same(len([n for n in notes if "Đại hội" in n and re.search(r"Xuất 51\d\d", n)]), 2, "the audit says that they left, how many and why")


@test
def reports_over_many_units_are_jobs():
    s = served()
    lines = "Mã đơn vị,Tên đơn vị,Loại hình,Cấp trên\n" + "".join(f"K{i:04},Chi bộ khu {i},cell,X1\n" for i in range(1010))
    (s.folder / "u.csv").write_text(lines, "utf-8")
    s.ok("import", "unit", s.folder / "u.csv")
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        f = Follower(b)
        same(b.get("/report/members?unit=A&period=2020").status, 200, "of a small unit at once")
        p = f.get("/report/members?unit=X1")
        check(p.status == 200 and "chọn kỳ" in p.text, "of a large one a period is asked first", p.told())
        f.get("/report/members?unit=X1&period=2020")
        p = waited(f)
        check("/made/" in f.at and "năm 2020" in p.text and "Đảng viên theo tình trạng" in p.text, "then it is made and shown", p.told())
        check(re.search(r'href="/membership\?', p.text_body), "its figures open", p.text_body[-2000:])
        made = re.search(r"/made/[0-9a-f]+", f.at).group(0)
        for to, kind in (("xlsx", "application/vnd"), ("csv", "text/csv"), ("html", "text/html"), ("txt", "text/plain")):
            q = b.get(f"{made}/file?to={to}")
            check(q.status == 200 and q.headers["content-type"].startswith(kind) and "attachment" in q.headers["content-disposition"], f"as {to}", q.told())
        check(workbook(b.get(f"{made}/file?to=xlsx").body)[0][1][1] == ["Đảng bộ xã Hòa Hiệp"], "the workbook", "")
        same(sign_in(web, "vp.x2").get(made).status, 404, "nobody else reads it")


@test
def help_everywhere():
    s = served()
    with Web(s) as web:
        b = sign_in(web, "vp.x1")
        p = b.get("/help")
        check(p.status == 200 and "Phím tắt" in p.text and "Hỏi ai" in p.text, "the guide", p.told())
        for path in ("/", "/import", "/report", "/search", "/person", "/tree"):
            check("Trợ giúp trang này" in b.get(path).text_body, f"help on {path}", b.page.told())
        b.cookies["lang"] = "en"
        p = b.get("/help")
        check("Whom to ask" in p.text and "Hỏi ai" not in p.text, "in English too", p.told())


if __name__ == "__main__":
    get = Browser.get

    def remembering(self, path, **query):
        self.last = path
        return get(self, path, **query)
    Browser.get = remembering
    run_tests()
