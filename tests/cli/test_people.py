"""Members: stays, transfers, two home cells at once, unlike days, what follows from what."""
from _dangbo import check, different, fresh_world, refused, run_tests, same, test


def cells(s, person, *words):
    return [m["cell"] for m in s.json("membership", "list", "--filter", f"person={person}", *words)]


def members(s, unit, *words):
    """Counted as the tree counts, and as a list counts: they must agree."""
    counted = [n["members"] for n in s.json("unit", "tree", unit, *words)][0]
    listed = len(s.json("membership", "list", "--unit", unit, "--filter", "stay=home", "--limit", "1000", *words))
    same(counted, listed, f"the tree and the list count {unit} alike {words}")
    return counted


@test
def a_member_is_added():
    s = fresh_world()
    p = s.add("person", code="N1", name="Hồ Văn Nghĩa", cell="B", admitted_on="03/02/2020", official_on="03/02/2021")
    same((p["unit"], p["standing"]), ("B", "member"), "a member of the cell")
    stay = s.json("membership", "list", "--filter", "person=N1")[0]
    same((stay["cell"], stay["stay"], stay["since"], stay["began"], stay["official_on"]), ("B", "home", "2020-02-03", "admitted", "2021-02-03"), "the stay is made along")
    same((members(s, "B"), members(s, "B", "--at", "02/02/2020"), members(s, "T")), (2, 1, 6), "counted from that day")
    p = s.add("person", code="N2", name="Hồ Văn Hai", cell="B", admitted_on="03/02/1985", cell_since="01/06/2022")
    same(s.json("membership", "list", "--filter", "person=N2")[0]["began"], "registered", "came from elsewhere")
    p = s.add("person", code="N3", name="Hồ Văn Ba", unit="B")
    same(p["standing"], "other", "not a member")
    refused(s("person", "add", "--name", "Hồ Văn Tư", "--cell", "B", "--cell-since", "01/01/1980"), 65, "không hoạt động", "1980")
    s.ok("person", "set", "N1", "--official-on", "04/02/2021")
    same(s.json("membership", "list", "--filter", "person=N1")[0]["official_on"], "2021-02-04", "the stay follows")
    s.sound()


@test
def two_home_cells_at_once():
    s = fresh_world()
    before = s.dump()
    refused(s("membership", "add", "--person", "P1", "--cell", "B", "--stay", "home", "--since", "01/01/2020"), 65, "Bình Hòa", "tạm thời|kết thúc")
    refused(s("membership", "add", "--person", "P1", "--cell", "B", "--since", "01/01/2020"), 65, "Bình Hòa")
    refused(s("membership", "add", "--person", "P1", "--cell", "B", "--since", "01/01/1999", "--until", "20/05/2000", "--ended", "transferred_out"), 65, "Bình Hòa")
    same(different(before, s.dump()), "", "refusals write nothing")
    s.add("membership", person="P1", cell="B", since="01/01/1999", until="19/05/2000", ended="transferred_out")
    s.add("membership", person="P1", cell="B", stay="temporary", since="01/01/2021", began="temporary_in")
    same(sorted(cells(s, "P1")), ["A", "B"], "a temporary stay beside the home")
    same((members(s, "A"), members(s, "T")), (2, 5), "counted once, at home")
    refused(s("membership", "add", "--person", "P1", "--cell", "X1", "--since", "01/01/2030"), 65, "X1")
    home = [m for m in s.json("membership", "list", "--filter", "person=P1") if m["stay"] == "home"][0]["id"]
    refused(s("membership", "set", home, "--until", "01/01/1999", "--ended", "died"), 65)
    refused(s("membership", "set", home, "--ended", "died"), 65, "ngày kết thúc")
    s.sound()


@test
def who_was_there_on_a_day():
    s = fresh_world()
    who = lambda *words, **more: [(p["code"], p["unit"]) for p in s.json("person", "list", *words, **more)]
    s.add("person", code="N1", name="Hồ Văn Nghĩa", cell="B", admitted_on="03/02/2020")
    s.add("person", code="N2", name="Hồ Văn Người", cell="B")
    s.ok("transfer", "send", "P1", "--to", "D", "--on", "01/03/2026")
    s.ok("transfer", "receive", "P1", "--on", "05/03/2026")
    s.add("membership", person="P2", cell="B", stay="temporary", since="01/01/2021", began="temporary_in")
    same((who("--unit", "A", "--at", "04/03/2026"), who("--unit", "A", "--at", "05/03/2026")), ([("P1", "A"), ("P2", "A")], [("P2", "A")]), "by the cell of that day")
    same((who("--unit", "D", "--at", "04/03/2026"), who("--unit", "D", "--at", "05/03/2026")), ([("P5", "D")], [("P5", "D"), ("P1", "D")]), "and where they went")
    same((who("--unit", "B", "--at", "02/02/2020"), who("--unit", "B", "--at", "03/02/2020")), ([("P3", "B")], [("P3", "B"), ("N1", "B")]), "nobody before they came")
    same([c for c, _ in who("--unit", "B")], ["P3", "N1", "N2"], "no day: whoever is kept there now, candidates too")
    same(who("--unit", "T", "--at", "18/05/2000"), [], "before anybody came")
    same(who("--at", "01/01/2010", "--search", "duc"), [("P1", "A")], "found by name, shown where they were")
    same(who("--at", "01/01/2010", "--unit", "X2"), [("P5", "D")], "below a unit of that day")
    same(who("--at", "01/01/2010", "--unit", "X1", "--alone"), [], "not in the committee itself")
    s.ok("unit", "change", "merge", "--units", "A;B", "--into", "E", "--new-name", "Chi bộ ấp Bình", "--number", "1", "--decided-on", "01/04/2026", "--effective-on",
         "01/05/2026", "--decided-by", "Đảng ủy")
    same(who("--unit", "A", "--at", "30/04/2026"), [("P2", "A")], "after a merger the former cell still tells who was in it")
    same(sorted(who("--unit", "E", "--at", "01/05/2026")), [("N1", "E"), ("P2", "E"), ("P3", "E")], "and the new one whom it took")
    shown = s.json("person", "show", "P1", "--at", "01/01/2010")
    same((shown["unit"], shown["unit_name"]), ("A", "Chi bộ ấp Bình Hòa"), "one record as on a day")
    for day in ("18/05/2000", "04/03/2026", "05/03/2026", "01/06/2026"):
        for unit in ("T", "X1", "B", "D"):
            if unit != "B" or day != "01/06/2026":
                same(len(who("--unit", unit, "--at", day)), members(s, unit, "--at", day), f"as many as the tree counts: {unit} {day}")
    rows = s.ok("export", "person", "--format", "csv", "--unit", "A", "--at", "04/03/2026").out.strip().split("\n")
    same(sorted(r.split(",")[1:3] for r in rows[1:]), [["A", "P1"], ["A", "P2"]], "an export of a day says the same")
    text = s.ok("person", "list", "--unit", "A", "--at", "04/03/2026").out
    check("A Chi bộ ấp Bình Hòa" in text, "the list says where", text)
    s.sound()


@test
def an_office_of_another_sort_of_unit():
    s = fresh_world()
    s.add("unit", code="V", name="Ấp Bình Hòa", sort="area", type="ap", founded_on="01/01/1990")
    right = s("appointment", "add", "--person", "P1", "--office", "ap_head", "--at-unit", "V", "--since", "01/01/2022")
    check(right.rc == 0 and "Lưu ý" not in right.err, "the head of a hamlet, in the hamlet", right)
    for office, unit in (("ap_head", "A"), ("secretary", "V")):
        r = s("appointment", "add", "--person", "P2", "--office", office, "--at-unit", unit, "--since", "01/01/2022")
        check(r.rc == 0 and "xem lại đơn vị" in r.err, f"{office} at {unit} is noted", r)


@test
def sent_and_received():
    s = fresh_world()
    r = s("transfer", "send", "P1", "--to", "D", "--on", "01/03/2026", "--paper", "15-GGT")
    check(r.rc == 0, "sent", r)
    same((cells(s, "P1"), members(s, "A"), members(s, "D"), s.json("person", "show", "P1")["unit"]), (["A"], 2, 1, "A"), "counts at the sender until received")
    waiting = [m for m in s.json("membership", "list", "--all", "--filter", "person=P1") if not m["since"]]
    same([(m["cell"], m["paper"], m["began"]) for m in waiting], [("D", "15-GGT", "transferred_in")], "waits at the receiver")
    refused(s("transfer", "receive", "P1", "--on", "28/02/2026"), 65, "01/03/2026")
    same(members(s, "A"), 2, "nobody arrives before they were sent")
    r = s("transfer", "receive", "P1", "--on", "05/03/2026")
    check(r.rc == 0, "received", r)
    same((cells(s, "P1"), members(s, "A"), members(s, "D"), members(s, "T")), (["D"], 1, 2, 5), "counts at the receiver")
    same((members(s, "A", "--at", "04/03/2026"), members(s, "D", "--at", "04/03/2026"), members(s, "D", "--at", "05/03/2026")), (2, 1, 2), "from that day")
    same(s.json("person", "show", "P1")["unit"], "D", "the dossier goes along")
    ended = [m for m in s.json("membership", "list", "--all", "--filter", "person=P1") if m["until"]]
    same([(m["cell"], m["until"]) for m in ended], [("A", "2026-03-05")], "the former stay ends on the day of the new one")
    refused(s("transfer", "receive", "P1", "--on", "06/03/2026"), 1, "giấy giới thiệu")
    s.sound()


@test
def sent_and_taken_back():
    s = fresh_world()
    s.ok("transfer", "send", "P1", "--to", "D", "--on", "01/03/2026")
    refused(s("transfer", "send", "P1", "--to", "A", "--on", "01/03/2026"), 65)
    r = s("transfer", "send", "P1", "--to", "B", "--on", "02/03/2026")
    check(r.rc == 0, "sent elsewhere instead", r)
    waiting = [m["cell"] for m in s.json("membership", "list", "--all", "--filter", "person=P1") if not m["since"]]
    same(waiting, ["B"], "one waits, at the new place")
    home = [m for m in s.json("membership", "list", "--filter", "person=P1")][0]
    s.ok("membership", "set", home["id"], "--sent-to", "")
    same([m for m in s.json("membership", "list", "--all", "--filter", "person=P1") if not m["since"]], [], "taken back: none waits")
    refused(s("transfer", "receive", "P1", "--on", "06/03/2026"), 1)
    refused(s("transfer", "send", "P1", "--to", "X2", "--on", "01/03/2026"), 65, "X2")
    refused(s("transfer", "send", "NOBODY", "--to", "B", "--on", "01/03/2026"), 1, "NOBODY")
    refused(s("transfer", "send", "P1", "--to", "ZZ", "--on", "01/03/2026"), 65, "ZZ")
    refused(s("transfer", "send", "P1", "--to", "B", "--on", "31/02/2026"), 65, "31/02/2026")
    s.sound()


@test
def ended_and_come_back():
    s = fresh_world()
    home = s.json("membership", "list", "--filter", "person=P1")[0]["id"]
    s.ok("membership", "set", home, "--until", "01/06/2024", "--ended", "left", "--end-decision", "3-QĐ")
    same((s.json("person", "show", "P1")["standing"], members(s, "A"), members(s, "A", "--at", "31/05/2024")), ("former", 1, 2), "a former member")
    refused(s("transfer", "send", "P1", "--to", "B", "--on", "01/03/2026"), 1, "sinh hoạt")
    s.add("membership", person="P1", cell="B", since="01/06/2025", began="readmitted")
    same((s.json("person", "show", "P1")["standing"], s.json("person", "show", "P1")["unit"]), ("member", "B"), "admitted again, elsewhere")
    refused(s("person", "remove", "P1"), 65, "dùng")
    s.sound()


@test
def doubles():
    """The same person twice is a note; the same number too."""
    s = fresh_world()
    s.ok("person", "set", "P1", "--cccd", "072070001234")
    r = s("person", "add", "--unit", "B", "--name", "Nguyễn Văn Đức", "--born", "27/03/1970", "--json")
    check(r.rc == 0 and "P1" in r.err, "same name and birth", r)
    r = s("person", "add", "--unit", "B", "--name", "Trần Văn Tý", "--cccd", "072070001234", "--json")
    check(r.rc == 0 and "P1" in r.err, "same id number", r)
    r = s("person", "add", "--unit", "B", "--name", "Trần Văn Sửu", "--sex", "female", "--born", "1971", "--cccd", "072070009999", "--json")
    check(r.rc == 0 and "1970" in r.err and "Nam" in r.err, "an id number that speaks otherwise", r)


@test
def spells_terms_posts():
    s = fresh_world()
    s.add("spell", person="P1", sort="exempt", since="01/01/2024")
    refused(s("spell", "add", "--person", "P1", "--sort", "exempt", "--since", "01/06/2024"), 65, "trùng")
    refused(s("spell", "add", "--person", "P1", "--sort", "suspended", "--since", "01/06/1990"), 65, "chi bộ")
    s.add("term", name="2020-2025", of_unit="X1", since="01/08/2020", until="01/08/2025")
    refused(s("term", "add", "--name", "2023-2028", "--of-unit", "X1", "--since", "01/08/2023"), 65, "2020-2025")
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    refused(s("appointment", "add", "--person", "P1", "--office", "secretary", "--at-unit", "A", "--since", "01/01/2023"), 65, "đã giữ")
    r = s("appointment", "add", "--person", "P2", "--office", "secretary", "--at-unit", "A", "--since", "01/01/2023")
    check(r.rc == 0 and "Đức" in r.err, "a second secretary is a note", r)
    refused(s("appointment", "add", "--person", "P2", "--office", "emperor", "--at-unit", "A"), 65, "emperor", "rule office|Chức vụ")
    refused(s("appointment", "add", "--person", "P2", "--office", "secretary", "--at-unit", "A", "--since", "02/01/2025", "--until", "01/01/2025"), 65)
    refused(s("duty", "add", "--person", "P2", "--by-unit", "X1", "--sort", "unit"), 65, "phụ trách")
    refused(s("duty", "add", "--person", "P2", "--by-unit", "X1", "--sort", "households"), 65, "nhóm hộ")
    s.sound()


run_tests()
