"""Units in the browser: the tree and what differs between two days, the page of a unit, changes as a journey with undoing, transfers by
two people, what waits on the home page."""
import re

from urllib.parse import urlencode

from _web import Web, account, check, fresh_world, run_tests, same, sign_in, test


def world():
    s = fresh_world()
    for code, name, cell, at in (("BT", "Lê Văn Tám", "A", "X1"), ("BU", "Mai Thị Chín", "D", "X2")):
        s.add("person", code=code, name=name, cell=cell, born="1968", admitted_on="03/02/1990", official_on="03/02/1991")
        s.add("appointment", person=code, office="secretary", at_unit=at, since="01/01/2025")
    account(s, "bt.x1", "BT")
    account(s, "bt.x2", "BU")
    account(s, "bt.t", role="secretary", over_unit="T")
    account(s, "doc.x1", role="reader", over_unit="X1")
    account(s, "qt.ky", role="technical_admin")
    return s


def sound(page, what, status=200):
    same(page.status, status, f"{what}: status")
    same(len(page.h1), 1, f"{what}: one h1")
    check(not re.search(r"<[a-z][^>]*\s(style|on[a-z]+)=", page.text_body), f"{what}: no style, no handler in the markup")
    found = [a["id"] for _, a in page.tags if "id" in a]
    same(sorted(found), sorted(set(found)), f"{what}: ids once each")


def figure(page, label):
    """The number of a figure and where it leads."""
    m = re.search(r'<(?:a class="fig" href="([^"]*)"|div class="fig")><span>' + label + r"</span><strong>([^<]*)</strong>", page.text_body)
    return (m.group(2), (m.group(1) or "").replace("&amp;", "&")) if m else (None, "")


def children(s, code):
    return sorted(u["code"] for u in s.json("unit", "list", "--unit", code, "--limit", "500"))


DECISION = {"number": "12-QĐ/ĐU", "decided_on": "01/06/2026", "decided_by": "Đảng ủy xã Hòa Hiệp", "effective_on": "01/06/2026"}


def preview(b, act, unit, **values):
    """Through the steps of a change until it shows what it will do: units, details, for a split who goes where."""
    sound(b.get(f"/change/{act}?unit={unit}"), f"{act}: units")
    picks = {n: values.pop(n) for n in ("pick", "superior") if n in values and (n == "pick" or act in ("move", "found"))}
    to, fields = b.filled(f"/change/{act}", step="details", **picks)
    p = b.request("GET", to + "?" + urlencode(fields))
    if p.status != 200:
        return p
    sound(p, f"{act}: details")
    effective = {"effective_on": values.pop("effective_on", DECISION["effective_on"])}
    if act != "split":
        return b.submit(f"/change/{act}", step="preview", **effective, **values)
    goes = {n: values.pop(n) for n in list(values) if n == "rest" or n.startswith("go.")}
    p = b.submit("/change/split", step="assign", **effective, **values)
    if p.status != 200:
        return p
    sound(p, "split: who goes where")
    return b.submit("/change/split", step="preview", **goes)


def confirm(b, act, **decision):
    b.submit(f"/change/{act}", step="confirm", **{**{n: DECISION[n] for n in ("number", "decided_on", "decided_by")}, **decision})
    if not check(b.page.status == 303 and re.search(r"/change/\d+/done", b.page.headers.get("location", "")), f"{act} is carried out", b.page.told()):
        return b.page
    return b.follow()


@test
def the_tree_opens_node_by_node():
    s = world()
    s.ok("unit", "change", "rename", "--units", "A", "--new-name", "Chi bộ ấp Bình Hòa Mới", "--number", "1-QĐ", "--decided-by", "Đảng ủy", "--decided-on", "01/03/2026", "--effective-on", "01/03/2026")
    with Web(s) as web:
        b = sign_in(web, "bt.t")
        p = b.get("/tree")
        sound(p, "the tree")
        check("Đảng bộ xã Hòa Hiệp" in p.text and "Chi bộ Trạm Y tế" not in p.text, "opens to one's own unit and no further", p.text)
        p = b.get("/tree?unit=A")
        check("Chi bộ Trạm Y tế" in p.text and "Chi bộ ấp Tân Đông" not in p.text, "the line to a unit stands open", p.text)
        p = b.get("/tree?part=1&of=X1")
        check("Chi bộ ấp Bình Hòa Mới" in p.text and "<main" not in p.text_body, "a part holds the children alone", p.text_body)
        p = b.get("/tree?part=1&of=X1&at=2026-02-28")
        check("Chi bộ ấp Bình Hòa" in p.text and "Mới" not in p.text, "as they were called on the day", p.text)
        check("Chi bộ" not in b.get("/tree?part=1&of=KHONG").text, "of a unit that is none: nothing", b.page.text)
        check("Chi bộ Trạm Y tế" in b.get("/tree?q=tram+y+te").text, "found without diacritics", b.page.text)
        check("không có" in b.get("/tree?q=zzz").text.lower() and "/tree" in b.page.links, "nothing found says what next", b.page.text)
        c = sign_in(web, "bt.x1")
        check("Đảng bộ xã Tân Lập" not in c.get("/tree").text, "a secretary of a commune sees that commune", c.page.text)
        check("Chi bộ" not in c.get("/tree?part=1&of=X2").text, "and opens no other", c.page.text)


@test
def the_page_of_a_unit():
    s = world()
    s.add("person", code="Q1", name="Đỗ Thị Ngân", cell="B", born="2001")
    s.add("spell", person="P3", sort="exempt", since="01/01/2026")
    s.add("duty", person="BT", by_unit="X1", sort="unit", target="A", since="01/02/2026", decision="5-QĐ/ĐU")
    s.add("term", of_unit="X1", name="2025-2030", since="01/06/2025", until="01/06/2030", congress="12")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/u/X1")
        sound(p, "the unit")
        same(figure(p, "Đảng viên")[0], "5", "members")
        check("Trực thuộc 3" in p.text and "Đảng viên 5" in p.text, "counts on the tabs", p.text)
        check("nhiệm kỳ 2025-2030" in p.text, "its term", p.text)
        for label, number in (("Đảng viên", 5), ("Quần chúng ưu tú", 1), ("Miễn sinh hoạt", 1), ("Đảng viên dự bị", 0)):
            found, to = figure(b.get("/u/X1"), label)
            same(found, str(number), f"figure: {label}")
            sound(b.get(to), f"rows of {label}")
            check(f"trong {number}" in b.page.text if number else "Không có" in b.page.text, f"{label} opens to its rows", b.page.text)
        found, _ = figure(b.get("/u/X1"), "Đơn vị chưa ai phụ trách")
        same(found, "2", "units nobody looks after")
        p = b.get("/u/X1?tab=duties")
        sound(p, "duties")
        check("Lê Văn Tám" in p.text and "Chi bộ ấp Bình Hòa" in p.text and "5-QĐ/ĐU" in p.text, "who looks after what", p.text)
        assign = [link for link in p.links if link.startswith("/duty/new") and "target=B" in link]
        check(assign and "by_unit=X1" in assign[0], "a unit without anybody leads to assigning", p.links)
        sound(b.get(assign[0]), "the form of a duty")
        check(("target", "B") in [(n, v[-1:]) for n, v in b.page.form("/duty/new")["fields"]] or "Chi bộ ấp Bình An" in str(b.page.form("/duty/new")["fields"]), "with the unit entered",
              b.page.form("/duty/new"))
        for tab in ("below", "posts", "story", "history", "who"):
            sound(b.get(f"/u/X1?tab={tab}"), f"tab {tab}")
        same(figure(b.get("/u/X1?at=01/01/1999"), "Đảng viên")[0], "1", "as on another day")
        same(b.get("/u/X2").status, 404, "others are none")
        same(b.get("/u/KHONG").status, 404, "as is what does not exist")


@test
def statements_do_not_grow():
    s = world()
    s.add("duty", person="BT", by_unit="X1", sort="unit", target="A", since="01/02/2026")
    s.add("person", code="M", name="Ngô Văn Mạnh", cell="A", born="1980", admitted_on="03/02/2024")
    with Web(s) as web:
        b = sign_in(web, "bt.t")
        pages = ("/u/X1", "/u/X1?tab=below", "/u/X1?tab=duties", "/u/X1?tab=posts", "/tree?unit=X1", "/tree/diff?unit=X1&from=01/01/1980", "/organisation?unit=X1", "/?unit=X1", "/transfer?unit=X1")
        for path in pages:
            sound(b.get(path), path)
    few = [line["statements"] for line in web.lines() if line.get("event") == "request" and line.get("status") == 200]
    for i in range(40):
        s.add("unit", code=f"N{i}", name=f"Chi bộ ấp {i}", type="cell", superior="X1", founded_on="01/01/2000")
    for i in range(12):
        s.add("person", code=f"M{i}", name=f"Ngô Văn {chr(65 + i)}", cell=f"N{i}", born="1980", admitted_on="03/02/2024")
        s.add("appointment", person=f"M{i}", office="secretary", at_unit=f"N{i}", since="01/01/2025")
        s.add("duty", person=f"M{i}", by_unit="X1", sort="unit", target=f"N{i}", since="01/01/2025")
    with Web(s) as web:
        b = sign_in(web, "bt.t")
        for path in pages:
            sound(b.get(path), path)
        check("Ngô Văn A" in b.get("/u/X1?tab=below").text, "the new ones are there", b.page.text)
    many = [line["statements"] for line in web.lines() if line.get("event") == "request" and line.get("status") == 200][:len(few)]
    same(len(many), len(few), "as many answers")
    for path, before, after in zip(("sign-in", *pages), few, many):
        check(after <= before, f"{path}: as many statements for many as for few", before, after)


@test
def a_merger_with_undo():
    s = world()
    before = children(s, "X1")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        sound(b.get("/change?unit=X1"), "what to change")
        p = preview(b, "merge", "X1", pick=["A", "B"], new_code="AB", new_name="Chi bộ ấp Bình", new_type="cell")
        sound(p, "the preview")
        check("Chưa ghi gì" in p.text and "Hợp nhất 2 đơn vị" in p.text, "the preview says what it will do and to how many", p.text)
        same([figure(p, x)[0] for x in ("Lập mới", "Kết thúc", "Đảng viên chuyển theo")], ["1", "2", "4"], "founded, closed, members moved")
        check("Chi bộ ấp Bình" not in b.get("/tree?unit=X1&q=ap+binh").text.replace("Chi bộ ấp Bình Hòa", "").replace("Chi bộ ấp Bình An", ""), "nothing is written yet", b.page.text)
        p = preview(b, "merge", "X1", pick=["A", "B"], new_code="AB", new_name="Chi bộ ấp Bình", new_type="cell")
        p = b.submit("/change/merge", step="details", number="12-QĐ/ĐU")
        sound(p, "back to the details")
        kept = p.form("/change/merge")["fields"]
        check(("new_code", "AB") in kept and ("new_name", "Chi bộ ấp Bình") in kept and ("pick", "A") in kept and ("number", "12-QĐ/ĐU") in kept, "with what was entered", kept)
        p = b.submit("/change/merge", step="units")
        kept = p.form("/change/merge")
        check(kept["method"] == "post" and ("pick", "A") in kept["fields"] and ("new_name", "Chi bộ ấp Bình") in kept["fields"], "back to the units, and nothing typed is lost", kept)
        b.submit("/change/merge", step="details")
        b.submit("/change/merge", step="preview")
        p = confirm(b, "merge")
        sound(p, "the result")
        done = p.form("/undo")["action"]
        same(figure(b.get("/u/AB"), "Đảng viên")[0], "4", "the new unit has the members")
        check("Tiếp nhận từ Chi bộ ấp Bình An" in b.page.text and "Quyết định số 12-QĐ/ĐU" in b.page.text, "its story names predecessors and the decision", b.page.text)
        p = b.get("/u/A")
        check("nay là Chi bộ ấp Bình" in p.text, "the old one says what it is now", p.text)
        p = b.get("/tree/diff?unit=X1&from=31/05/2026&to=01/06/2026")
        sound(p, "the difference")
        same([figure(p, x)[0] for x in ("Lập mới", "Kết thúc", "Chuyển trực thuộc", "Đổi tên", "Đảng viên")], ["1", "2", "0", "0", "5"], "counted")
        check("Lập do hợp nhất" in p.text and "Nhập vào đơn vị khác" in p.text and p.text.count("Quyết định số 12-QĐ/ĐU") == 3, "explained, each by its decision", p.text)
        same(figure(b.get("/organisation?unit=X1"), "x")[0], None, "the chapter has no such figure")
        check("12-QĐ/ĐU" in b.page.text and "Chi bộ ấp Bình" in b.page.text, "the chapter of units tells the decision, and that the new cell has no secretary", b.page.text)
        b.get(done.replace("/undo", "/done"))
        p = b.submit("/undo")
        check(p.status == 303, "undone", p.told())
        p = b.follow()
        check("Quyết định đã được hoàn lại" in p.text and not p.form("/undo"), "and says so", p.text)
    same(children(s, "X1"), before, "everything stands as before")


@test
def undoing_says_why_not():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        preview(b, "merge", "X1", pick=["A", "B"], new_code="AB", new_name="Chi bộ ấp Bình", new_type="cell")
        p = confirm(b, "merge")
        undo = p.form("/undo")["action"]
        preview(b, "rename", "X1", pick=["AB"], new_name="Chi bộ ấp Bình Hai", effective_on="02/06/2026")
        confirm(b, "rename", number="13-QĐ/ĐU")
        b.get(undo.replace("/undo", "/done"))
        p = b.submit(undo)
        sound(p, "the refusal", 409)
        check("Không hoàn tác được nữa" in p.text and "thực hiện một quyết định khác" in p.text, "says that it cannot be undone, and what to do", p.text)
        check(len(re.findall(r"<li>[^<]{10,}</li>", re.search(r'id="errors".*?</div>', p.text_body, re.S).group(0))) >= 1, "and why", p.text)
    check("AB" in children(s, "X1"), "nothing was undone")


@test
def moves_between_two_trees():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.t")
        p = b.get("/change/move?unit=X1")
        sound(p, "two trees")
        check("Chi bộ ấp Bình An" in p.text and "Đảng bộ xã Tân Lập" in p.text, "what stands below, and where to", p.text)
        p = preview(b, "move", "X1", pick=["A", "B", "C"], superior="X2")
        check("Chuyển 3 đơn vị" in p.text, "the button names the count", p.text)
        confirm(b, "move", number="14-QĐ/TU")
        same(figure(b.get("/u/X2"), "Đảng viên")[0], "7", "the members came along")
        p = b.get("/tree/diff?unit=T&from=31/05/2026&to=01/06/2026")
        check("Đảng bộ xã Hòa Hiệp → Đảng bộ xã Tân Lập" in p.text and figure(p, "Chuyển trực thuộc")[0] == "3", "the difference says from where to where", p.text)


def table(page):
    """The units before and after: code -> members before, after, units before, after."""
    return {re.search(r"<small>([\w.]+)", row).group(1): [int(n.replace(".", "")) for n in re.findall(r'<span class="(?:strong)?">([\d.]+)</span></td>', row)]
            for row in re.findall(r'<tr><th scope="row" class="name">.*?</tr>', page.text_body, re.S)}


@test
def a_split_by_rows():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        b.get("/change/split?unit=X1")
        to, fields = b.filled("/change/split", step="details", pick="A")
        p = b.request("GET", to + "?" + urlencode(fields))
        sound(p, "the new units")
        same([v for n, v in p.form("/change/split")["fields"] if n.startswith("code.")], ["AA", "AC"] if "AB" in children(s, "X1") else ["AA", "AB"], "free codes are suggested")
        p = b.submit("/change/split", step="more", **{"name.1": "Chi bộ ấp Bình Hòa 1, tổ 2", "name.2": "Chi bộ ấp Bình Hòa 2"})
        sound(p, "one row more")
        names = [v for n, v in p.form("/change/split")["fields"] if n.startswith("name.")]
        same(names, ["Chi bộ ấp Bình Hòa 1, tổ 2", "Chi bộ ấp Bình Hòa 2", ""], "without losing what was typed")
        p = b.submit("/change/split", step="assign", **{"code.2": "B", "type.2": "cell", "effective_on": "01/06/2026"})
        sound(p, "who goes where")
        p = b.submit("/change/split", step="preview", rest="1")
        sound(p, "a code that is taken", 422)
        check('id="e-code.2"' in p.text_body and "đã dùng cho" in p.text and ("rest", "1") in p.form("/change/split")["fields"], "is said in its row, and all is kept", p.text)
        b.submit("/change/split", step="assign", **{"code.2": "A2"})
        people = [n[3:] for n, _ in b.page.form("/change/split")["fields"] if n.startswith("go.")]
        check("P1" in people, "its members are listed", people)
        p = b.submit("/change/split", step="preview", rest="")
        sound(p, "somebody left over", 422)
        check('id="e-rest"' in p.text_body and "Chưa phân" in p.text, "is said where the rest goes", p.text)
        p = b.submit("/change/split", step="preview", rest="1", **{"go.P1": "2"})
        sound(p, "the preview")
        before = table(p)
        same(before["A"][0], len(people), "members of the old one before")
        same((before["A"][1], before["AA"], before["A2"]), (0, [0, len(people) - 1, 0, 0], [0, 1, 0, 0]), "and of each after")
        same(before["X1"][0], before["X1"][1], "none is lost above")
        check("Nguyễn Văn" in p.text or "→ Chi bộ ấp Bình Hòa 2" in p.text, "who goes is named", p.text)
        check("Chi bộ ấp Bình Hòa 1, tổ 2" in p.text, "a name with a comma is one name", p.text)
        p = confirm(b, "split")
        sound(p, "the result")
        check("AA" in children_of(b) and "A2" in children_of(b) and figure(b.get("/u/A2"), "Đảng viên")[0] == "1", "carried out", b.page.text)
        undo = p.form("/undo")["action"]
        b.get(undo.replace("/undo", "/done"))
        check(b.submit("/undo").status == 303, "and undone", b.page.told())
        same(figure(b.get("/u/A"), "Đảng viên")[0], str(len(people)), "each is back")


def children_of(b):
    p = b.get("/tree?unit=X1")
    return set(re.findall(r"/u/([\w.]+)", " ".join(p.links)))


@test
def a_part_is_taken_off():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = preview(b, "split", "X1", pick="A", stays="1", **{"name.1": "Chi bộ ấp Mới", "code.1": "AM", "type.1": "base_cell", "rest": "0", "go.P1": "1"})
        sound(p, "the preview")
        n = table(p)
        same((n["A"][0] - n["A"][1], n["AM"][1]), (1, 1), "one goes to the new one")
        same(figure(p, "Kết thúc")[0], "0", "and nothing ends")
        to, fields = b.filled("/change/split", step="confirm", **{n: DECISION[n] for n in ("number", "decided_on", "decided_by")})
        first, again = b.post(to, fields), b.post(to, fields)
        check(first.status == again.status == 303 and first.headers["location"] == again.headers["location"], "sent twice it is done once", again.told())
    same(s.json("unit", "list", "--filter", "code=AM")[0]["type"], "base_cell", "the kind of the row")
    same(len(s.json("unit_change", "list")), 1, "one decision")


@test
def closing_names_who_takes():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = preview(b, "close", "X1", pick="A")
        sound(p, "members are left", 422)
        check('id="e-into"' in p.text_body and "đảng viên" in p.text, "is said where the taker is asked", p.text)
        p = b.submit("/change/close", step="preview", other="B")
        sound(p, "with a taker")
        check("ghi thôi giữ" in p.text or "Chức vụ" not in p.text, "posts are told", p.text)
        p = preview(b, "close", "X1", pick="A", other="B", effective_on="01/06/2099")
        sound(p, "a day to come")
        check("đến ngày đó mới thực hiện" in p.text and ("step", "confirm") not in p.form("/change/close")["buttons"], "is shown and cannot be confirmed", p.text)


@test
def units_are_found_and_branches_opened():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.t")
        p = b.get("/change/move?unit=X1&pick=A&find_pick=tram+y+te")
        sound(p, "found by name")
        check(("pick", "A") in p.form("/change/move")["fields"] and "Chi bộ Trạm Y tế" in p.text, "what was ticked is kept beside what is found", p.form("/change/move"))
        p = b.get("/change/move?unit=X1&pick=D&superior=X1&from=X2")
        sound(p, "a branch opened by its button")
        check(("pick", "D") in p.form("/change/move")["fields"] and ("superior", "X1") in p.form("/change/move")["fields"], "keeps what is chosen", p.form("/change/move"))
        p = b.get("/change/move?part=1&of=X2&tree=pick&unit=X1")
        check("<main" not in p.text_body and 'name="pick" value="D"' in p.text_body, "a part holds the children alone", p.text_body)
        c = sign_in(web, "bt.x1")
        check('value="D"' not in c.get("/change/move?part=1&of=X2&tree=pick").text_body, "of what one may read", c.page.text_body)
        p = preview(c, "found", "X1", superior="X1", new_name="Chi bộ ấp Mới", new_type="cell")
        sound(p, "a new unit")
        check(figure(p, "Lập mới")[0] == "1", "is previewed", p.text)


@test
def what_is_wrong_stands_beside_its_field():
    s = world()
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        b.get("/change/merge?unit=X1&step=details")
        sound(b.page, "nothing chosen", 422)
        check('id="e-units"' in b.page.text_body, "is said at the units", b.page.text)
        p = preview(b, "merge", "X1", pick=["A", "B"], new_code="", effective_on="31/02/2026", new_name="Chi bộ ấp Bình")
        sound(p, "a form with mistakes", 422)
        kept = p.form("/change/merge")["fields"]
        check(("pick", "A") in kept and ("pick", "B") in kept and ("new_name", "Chi bộ ấp Bình") in kept and ("effective_on", "31/02/2026") in kept, "what was given is kept", kept)
        check('id="e-effective_on"' in p.text_body, "the day is wrong, beside it", p.text)
        check(p.title.startswith("Lỗi"), "the title says so", p.title)
        p = preview(b, "merge", "X1", pick=["A", "B"], new_code="AB", new_name="Chi bộ ấp Bình")
        p = b.submit("/change/merge", step="confirm", number="", decided_on="31/02/2026", decided_by="Đảng ủy")
        sound(p, "a decision with mistakes", 422)
        check('id="e-decided_on"' in p.text_body and 'id="e-number"' in p.text_body and figure(p, "Đảng viên chuyển theo")[0] == "4" and ("decided_by", "Đảng ủy") in p.form("/change/merge")["fields"],
              "is said beside the decision, with what it will do", p.text)
        p = preview(b, "move", "X1", pick=["A"], superior="X2")
        same(p.status, 422, "where one may not decide")
        check("không có quyền quyết định" in p.text, "is refused with words", p.text)
        p = preview(b, "move", "X1", pick=["A"], superior="A")
        same(p.status, 422, "a unit under itself")
        check('id="e-superior"' in p.text_body, "is refused beside the superior", p.text)
        c = sign_in(web, "doc.x1")
        check("/change/merge?unit=X1" not in c.get("/change?unit=X1").links, "who may not decide is not offered it", c.page.links)
        check('name="pick"' not in c.get("/change/merge?unit=X1").text_body and "người có quyền quyết định" in c.page.text, "nor asked for anything", c.page.text)
        c.get("/change/merge?unit=X1")
        if c.page.form("/sign-out"):
            p = c.post("/change/merge", c.filled("/sign-out")[1] + [("pick", "A"), ("pick", "B"), ("new_code", "AB"), ("new_name", "Chi bộ ấp Bình"), ("step", "confirm"), *DECISION.items()])
            same(p.status, 404, "nor can do it")
        p = b.get("/tree/diff?unit=X1&from=31/02/2020")
        sound(p, "a day that is none", 422)
        check('value="31/02/2020"' in p.text_body and 'id="e-from"' in p.text_body, "is said beside the day, which is kept", p.text)
        p = b.get("/tree/diff?unit=X1&from=01/06/2026&to=01/01/2020")
        sound(p, "days the wrong way round")
        check('name="from" value="01/01/2020"' in p.text_body, "are turned", p.text)


@test
def a_transfer_by_two_people():
    s = world()
    with Web(s) as web:
        one, two = sign_in(web, "bt.x1"), sign_in(web, "bt.x2")
        sound(one.get("/transfer?unit=X1"), "transfers")
        sound(one.get("/transfer/send?unit=X1"), "the form")
        p = one.submit("/transfer/send", person="P1", sent_to="D", sent_on="31/02/2026", paper="15-GGT")
        sound(p, "a wrong day", 422)
        check('id="e-sent_on"' in p.text_body and ("paper", "15-GGT") in p.form("/transfer/send")["fields"], "is said beside it, the rest is kept", p.text)
        p = one.submit("/transfer/send", person="P5", sent_to="A", sent_on="01/03/2026")
        sound(p, "a member of others", 422)
        check('id="e-person"' in p.text_body, "is refused beside the person", p.text)
        p = one.submit("/transfer/send", person="P1", sent_to="D", sent_on="01/03/2026", paper="15-GGT")
        check(p.status == 303, "sent", p.told())
        check("Nguyễn Văn Đức" in one.follow().text and not any("/receive" in link for link in one.page.links), "the sender waits and cannot receive", one.page.text)
        same(figure(one.get("/u/X1"), "Đảng viên")[0], "5", "still counted at the sender")
        check("Đã giới thiệu, nơi đến chưa tiếp nhận" in one.get("/?unit=X1").text, "the sender's home page knows", one.page.text)
        p = two.get("/?unit=X2")
        check("Chờ tiếp nhận" in p.text and "Nguyễn Văn Đức" in p.text, "so does the receiver's", p.text)
        to = next(link for link in p.links if "/receive" in link)
        same(one.get(to).status, 404, "the sender cannot open the receiver's form")
        sound(two.get(to), "receiving")
        p = two.submit("/receive", since="28/02/2026")
        sound(p, "before it was sent", 422)
        check('id="e-since"' in p.text_body, "is refused beside the day", p.text)
        p = two.submit("/receive", since="05/03/2026")
        check(p.status == 303, "received", p.told())
        same(figure(two.get("/u/X2"), "Đảng viên")[0], "3", "counted at the receiver")
        same(figure(one.get("/u/X1"), "Đảng viên")[0], "4", "and no longer at the sender")
        same(figure(two.get("/u/X2?at=2026-03-04"), "Đảng viên")[0], "2", "not before the day")


@test
def home_says_what_waits():
    s = world()
    s.add("person", code="P9", name="Bùi Thị Mười", cell="A", born="1999", admitted_on="01/01/2020")
    s.add("term", of_unit="X1", name="2015-2020", since="01/06/2015", until="01/06/2020")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/")
        sound(p, "home")
        same(p.h1, ["Chào đồng chí bt.x1"], "greets")
        for words in ("Hết 12 tháng dự bị", "Bùi Thị Mười", "Nhiệm kỳ sắp hết hoặc đã hết", "Chi bộ chưa ghi bí thư", "Chi bộ Trạm Y tế", "Đơn vị chưa ai phụ trách"):
            check(words in p.text, f"home: {words}", p.text)
        for link in [link for link in p.links if "/edit" in link or "/new" in link or link.startswith("/term/")]:
            sound(b.get(link), f"from home to {link}")
        check("Võ Thị Đào" not in p.text and "Chi bộ ấp Tân Đông" not in p.text, "nothing of other communes", p.text)
        p = b.get("/organisation")
        sound(p, "the chapter of units")
        check("Chi bộ Trạm Y tế" in p.text and "Nhiệm kỳ sắp hết" in p.text and "Hết 12 tháng dự bị" not in p.text, "what waits of units alone", p.text)
        c = sign_in(web, "doc.x1")
        sound(c.get("/"), "a reader's home")
        check("Thêm đảng viên" not in c.page.text, "offers nothing that is not theirs to do", c.page.text)
        sound(sign_in(web, "qt.ky").get("/"), "an administrator's home")


@test
def fields_called_like_words_of_the_filter():
    s = world()
    s.add("duty", person="BT", by_unit="X1", sort="unit", target="A", since="01/02/2026")
    s.add("duty", person="BT", by_unit="X1", sort="households", households="Tổ 3: 12 hộ", since="01/02/2026")
    with Web(s) as web:
        b = sign_in(web, "bt.x1")
        p = b.get("/duty?unit=X1")
        chip = next((link for link in p.links if "sort.is=households" in link), None)
        if check(chip, "a chip of the field called sort", p.links):
            p = b.get(chip)
            sound(p, "its list")
            check("Tổ 3: 12 hộ" in p.text and "trong 1" in p.text, "has those alone", p.text)
        p = b.get("/duty?unit=X1&sort.is=households&sort=-since")
        sound(p, "filtered and sorted")
        check(p.form("/duty") and p.form("/duty")["fields"].count(("sort.is", "households")) == 1, "the form keeps both", p.form("/duty"))
        sound(b.get("/unit?unit=X1&sort.is=party"), "units of a sort")


run_tests()
