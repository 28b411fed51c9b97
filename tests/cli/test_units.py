"""Changes of units by decision: what each does, what is refused, the preview, the undo, the tree of any day."""
from _dangbo import check, different, fresh_world, refused, run_tests, same, test

BY = ["--number", "12-QĐ/TU", "--decided-on", "20/06/2025", "--effective-on", "01/07/2025", "--decided-by", "Tỉnh ủy"]


def change(s, act, *words, **more):
    return s("unit", "change", act, *words, *BY, **more)


def tree(s, *words):
    return {n["code"]: (n["name"], n["depth"], n["members"]) for n in s.json("unit", "tree", *words)}


def above(s, code, at):
    """The superior of a unit on a day."""
    found = [u for u in s.json("unit", "list", "--all", "--at", at) if u["code"] == code]
    return found[0]["superior"] if found else None


def cell_of(s, person, at=None):
    stays = s.json("membership", "list", "--filter", f"person={person}", *(["--at", at] if at else []))
    return [m["cell"] for m in stays]


@test
def found_a_unit():
    s = fresh_world()
    r = change(s, "found", "--into", "E", "--new-name", "Chi bộ Trường Tiểu học", "--new-type", "cell", "--superior", "X1")
    check(r.rc == 0, "a unit is founded", r)
    check("E" not in tree(s, "--at", "30/06/2025"), "it is not there the day before")
    same(tree(s, "--at", "01/07/2025").get("E"), ("Chi bộ Trường Tiểu học", 2, 0), "it is there on the day")
    refused(change(s, "found", "--into", "E", "--new-name", "Chi bộ khác", "--new-type", "cell", "--superior", "X1"), 65, "E", "đã dùng|đã có")
    refused(change(s, "found", "--into", "F", "--new-name", "Chi bộ F", "--new-type", "cell"), 65, "cấp trên")
    refused(change(s, "found", "--into", "F", "--new-type", "cell", "--superior", "X1", "--units", "A"), 65)
    s.sound()


@test
def a_report_says_what_bounds_it():
    s = fresh_world()
    change(s, "merge", "--units", "X1;X2", "--into", "X", "--new-name", "Đảng bộ xã Hòa Lập", "--superior", "T")
    told = lambda unit, period: s.ok("report", "duties", "--unit", unit, "--period", period).out
    check("kết thúc hoạt động từ ngày 01/07/2025; đơn vị kế thừa: X Đảng bộ xã Hòa Lập." in told("X1", "2025"), "closed, and who took over", told("X1", "2025"))
    check("kết thúc" not in told("X1", "2025-H1"), "it was open until the day before", told("X1", "2025-H1"))
    whole = s.json("report", "members", "--unit", "T", "--period", "2024")[0]
    table = [b for b in whole["blocks"] if b["kind"] == "table" and b["caption"] == "Đảng viên theo tình trạng"][0]
    same((whole["unit"], whole["period"], [r["cells"][:2] for r in table["rows"]]),
         ("Đảng bộ tỉnh Tây Ninh", "năm 2024", [["Đảng viên chính thức", 5], ["Đảng viên dự bị", 0], ["Cộng", 5]]), "as JSON, numbers as such")
    check("thành lập ngày 01/07/2025" in told("X", "2024"), "not yet founded", told("X", "2024"))
    check("chưa kết thúc" in told("T", "2190") and "chưa kết thúc" not in told("T", "2024"), "the period is not over", told("T", "2190"))


@test
def merge_two_into_a_new_one():
    s = fresh_world()
    before = s.dump()
    preview = change(s, "merge", "--units", "X1;X2", "--into", "X", "--new-name", "Đảng bộ xã Hòa Lập", "--superior", "T", "--dry-run")
    check(preview.rc == 0, "a preview", preview)
    same(different(before, s.dump()), "", "a preview changes nothing")
    r = change(s, "merge", "--units", "X1;X2", "--into", "X", "--new-name", "Đảng bộ xã Hòa Lập", "--superior", "T")
    check(r.rc == 0, "two are merged", r)
    lines = lambda text: sorted(line.strip() for line in text.split("\n") if line.startswith("  "))
    same(lines(r.err), lines(preview.err), "the preview says what is done")
    same(tree(s, "T", "--at", "30/06/2025"), {"T": ("Đảng bộ tỉnh Tây Ninh", 0, 5), "X1": ("Đảng bộ xã Hòa Hiệp", 1, 4), "X2": ("Đảng bộ xã Tân Lập", 1, 1),
         "A": ("Chi bộ ấp Bình Hòa", 2, 2), "B": ("Chi bộ ấp Bình An", 2, 1), "C": ("Chi bộ Trạm Y tế", 2, 1), "D": ("Chi bộ ấp Tân Đông", 2, 1)},
         "the tree of the day before")
    now = tree(s, "T")
    same((now.get("X"), now.get("X1"), now.get("A"), now.get("D")), (("Đảng bộ xã Hòa Lập", 1, 5), None, ("Chi bộ ấp Bình Hòa", 2, 2), ("Chi bộ ấp Tân Đông", 2, 1)),
         "the tree of the day")
    links = {(x["predecessor"], x["successor"]) for x in s.json("succession", "list")}
    same(links, {("X1", "X"), ("X2", "X")}, "predecessors and successors are linked")
    shown = s.json("unit", "show", "X1")
    same((shown["closed_on"], shown["name"]), ("2025-07-01", "Đảng bộ xã Hòa Hiệp"), "a merged unit stays, with its name and its end")
    # a list of a past day and of today
    same(sorted(p["code"] for p in s.json("person", "list", "--unit", "X")), ["P1", "P2", "P3", "P4", "P5"], "everybody is below the new one")
    # its successor's subtree reaches what happened before
    s.sound()
    # undo
    number = s.json("unit_change", "list")[0]["id"]
    u = s("unit", "change", "undo", number)
    check(u.rc == 0, "undone", u)
    same(tree(s), tree(s, "--at", "30/06/2025"), "as before")
    same(s.json("unit", "show", "X1")["closed_on"], None, "open again")
    refused(s("unit", "change", "undo", number), 65, "hoàn lại rồi")
    s.sound()
    r = change(s, "merge", "--units", "X1;X2", "--into", "X", "--new-name", "Đảng bộ xã Hòa Lập", "--superior", "T")
    check(r.rc == 0, "what was undone can be done again, with the same code", r)
    s.sound()


@test
def merge_cells_moves_members():
    s = fresh_world()
    r = change(s, "merge", "--units", "A;B", "--into", "A", "--new-name", "Chi bộ ấp Bình")
    check(r.rc == 0, "B goes into A", r)
    same(tree(s).get("A"), ("Chi bộ ấp Bình", 2, 3), "A has the members of both")
    same(tree(s, "--at", "30/06/2025").get("B"), ("Chi bộ ấp Bình An", 2, 1), "B had its own the day before")
    same(cell_of(s, "P3"), ["A"], "a member of B is at home in A")
    same(cell_of(s, "P3", "30/06/2025"), ["B"], "and was in B")
    same(s.json("person", "show", "P3")["unit"], "A", "the dossier goes along")
    stays = s.json("membership", "list", "--all", "--filter", "person=P3")
    same(sorted((m["cell"], m["until"], m["began"]) for m in stays), [("A", None, "moved_with_unit"), ("B", "2025-07-01", "admitted")], "two stays, without a gap")
    s.sound()


@test
def merge_into_one_below_itself():
    s = fresh_world()
    before = s.dump()
    r = change(s, "merge", "--units", "X1", "--into", "A")
    check(r.rc in (0, 65), "refused, or the child rises", r)
    if r.rc:
        same(different(before, s.dump()), "", "a refusal writes nothing")
    s.sound("no circle in the tree")


@test
def split_one_into_two():
    s = fresh_world()
    refused(change(s, "split", "--units", "X1", "--into", "Y1=Đảng bộ xã Hòa;Y2=Đảng bộ xã Hiệp", "--assign", "A=Y1"), 65, "B")
    r = change(s, "split", "--units", "X1", "--into", "Y1=Đảng bộ xã Hòa;Y2=Đảng bộ xã Hiệp", "--assign", "A=Y1", "--rest", "Y2")
    check(r.rc == 0, "split", r)
    now = s.json("unit", "tree", "T")
    order = [(n["code"], n["depth"]) for n in now]
    check(order.index(("A", 2)) > order.index(("Y1", 1)) and {("B", 2), ("C", 2)} <= set(order), "children where they were assigned, the rest to the other", order)
    same((above(s, "A", "02/07/2025"), above(s, "B", "02/07/2025"), above(s, "C", "02/07/2025")), ("Y1", "Y2", "Y2"), "superiors")
    same({(x["predecessor"], x["successor"]) for x in s.json("succession", "list")}, {("X1", "Y1"), ("X1", "Y2")}, "linked")
    same(tree(s, "T")["T"][2], 5, "nobody is lost")
    s.sound()


@test
def split_a_cell_by_members():
    s = fresh_world()
    r = change(s, "split", "--units", "A", "--into", "A=;A2=Chi bộ ấp Bình Hòa 2", "--assign", "P1=A2", "--rest", "A")
    check(r.rc == 0, "a part is taken off, the cell goes on", r)
    same((cell_of(s, "P1"), cell_of(s, "P2")), (["A2"], ["A"]), "members where they were assigned")
    same(s.json("unit", "show", "A")["closed_on"], None, "the cell goes on")
    same(s.json("unit", "show", "A")["superior"], "X1", "where it was")
    stays = s.json("membership", "list", "--all", "--filter", "person=P2")
    same(len(stays), 1, "who stays, has no stay of no length")
    s.sound()


@test
def split_with_a_wrong_code():
    s = fresh_world()
    before = s.dump()
    refused(change(s, "split", "--units", "A", "--into", "A1=Một;A2=Hai", "--assign", "P9=A1", "--rest", "A2"), 65, "P9")
    refused(change(s, "split", "--units", "A", "--into", "A1=Một;A2=Hai", "--assign", "P1=A7", "--rest", "A2"), 65, "A7|P1")
    refused(change(s, "split", "--units", "A", "--into", "A1=Một;A1=Hai", "--rest", "A1"), 65, "A1")
    refused(change(s, "split", "--units", "A", "--into", "A1=Một;B=Hai", "--rest", "A1"), 65, "B")
    same(different(before, s.dump()), "", "refusals write nothing")


@test
def move_rename_reclass():
    s = fresh_world()
    ident = s.json("unit", "show", "C")["id"]
    r = change(s, "move", "--units", "C", "--superior", "X2")
    check(r.rc == 0, "moved", r)
    same((above(s, "C", "30/06/2025"), above(s, "C", "01/07/2025")), ("X1", "X2"), "its superior before and after")
    same(tree(s, "X2"), {"X2": ("Đảng bộ xã Tân Lập", 0, 2), "C": ("Chi bộ Trạm Y tế", 1, 1), "D": ("Chi bộ ấp Tân Đông", 1, 1)}, "the tree below the new one")
    r = change(s, "rename", "--units", "C", "--new-name", "Chi bộ Y tế Tân Lập")
    check(r.rc == 0, "renamed", r)
    names = [[u["name"] for u in s.json("unit", "list", "--at", d) if u["code"] == "C"] for d in ("30/06/2025", "01/07/2025")]
    same(names, [["Chi bộ Trạm Y tế"], ["Chi bộ Y tế Tân Lập"]], "its name before and after")
    r = change(s, "reclass", "--units", "C", "--new-type", "base_cell", "--new-level", "base")
    check(r.rc == 0, "reclassed", r)
    shown = s.json("unit", "show", "C")
    same((shown["type"], shown["level"], shown["id"]), ("base_cell", "base", ident), "another class, the same identity")
    same(s.json("unit", "show", "C", "--at", "30/06/2025")["type"], "cell", "its class on the day before")
    same(len(s.json("membership", "list", "--all", "--filter", "person=P4")), 1, "its members did not move")
    s.sound()


@test
def undo_refused_when_something_was_built_on_it():
    s = fresh_world()
    change(s, "found", "--into", "E", "--new-name", "Chi bộ E", "--new-type", "cell", "--superior", "X1")
    number = s.json("unit_change", "list")[0]["id"]
    s.add("person", code="P9", name="Hồ Văn Chín", cell="E", admitted_on="02/09/2025")
    before = s.dump()
    refused(s("unit", "change", "undo", number), 65)
    same(different(before, s.dump()), "", "a refused undo writes nothing")
    change(s, "move", "--units", "C", "--superior", "X2")
    moved = [x["id"] for x in s.json("unit_change", "list") if x["act"] == "move"][0]
    s.ok("unit", "set", "C", "--phone", "0912")
    refused(s("unit", "change", "undo", moved), 65, "C")
    refused(s("unit", "change", "undo", "123"), 1)
    refused(s("unit", "change", "undo", "abc"), 64)


@test
def close():
    s = fresh_world()
    refused(change(s, "close", "--units", "A"), 65, "2 đảng viên")
    refused(change(s, "close", "--units", "X1"), 65, "3 đơn vị")
    r = change(s, "close", "--units", "A", "--into", "B")
    check(r.rc == 0, "closed, its members go to B", r)
    same(tree(s)["B"], ("Chi bộ ấp Bình An", 2, 3), "B has them")
    check("A" not in tree(s) and "A" in tree(s, "--at", "30/06/2025"), "gone on the day, there before")
    s.sound()
    # what is closed takes nothing any more
    refused(s("person", "add", "--name", "Hồ Văn Mười", "--cell", "A", "--admitted-on", "02/09/2025"), 65, "A ")
    refused(s("unit", "add", "--code", "G", "--name", "Tổ đảng 1", "--type", "party_group", "--superior", "A", "--founded-on", "02/09/2025"), 65, "A ")
    refused(s("unit", "change", "move", "--units", "D", "--superior", "A", "--number", "1", "--decided-on", "01/09/2025", "--effective-on", "02/09/2025",
              "--decided-by", "Đảng ủy"), 65, "A ")
    s.sound()


@test
def nothing_below_itself():
    s = fresh_world()
    before = s.dump()
    refused(s("unit", "set", "X1", "--superior", "X1"), 65, "chính nó")
    refused(s("unit", "set", "X1", "--superior", "A"), 65, "cấp dưới")
    refused(s("unit", "set", "T", "--superior", "A"), 65, "cấp dưới")
    refused(change(s, "move", "--units", "X1", "--superior", "A"), 65, "cấp dưới")
    refused(change(s, "move", "--units", "X1", "--superior", "X1"), 65, "chính nó")
    same(different(before, s.dump()), "", "refusals write nothing")


@test
def refusals_of_a_decision():
    s = fresh_world()
    before = s.dump()
    refused(change(s, "move", "--units", "ZZ", "--superior", "X2"), 65, "ZZ")
    refused(change(s, "move", "--units", "A", "--superior", "ZZ"), 65, "ZZ")
    refused(change(s, "move", "--superior", "X2"), 65, "đơn vị")
    refused(change(s, "rename", "--units", "A"), 65, "tên mới")
    refused(change(s, "reclass", "--units", "A"), 65, "loại hình")
    refused(change(s, "rename", "--units", "A;B", "--new-name", "Một tên"), 65)
    refused(s("unit", "change", "merge", "--units", "A;B", "--into", "A"), 65, "Số quyết định", "Ngày quyết định")
    refused(s("unit", "change", "rename", "--units", "A", "--new-name", "Tên", "--number", "1", "--decided-on", "31/02/2025", "--effective-on", "01/03/2025",
              "--decided-by", "X"), 65, "31/02/2025")
    refused(s("unit", "change", "rename", "--units", "A", "--new-name", "Tên", "--number", "1", "--decided-on", "01/02/1980", "--effective-on", "01/03/1980",
              "--decided-by", "X"), 65, "không hoạt động")
    refused(s("unit", "change", "burn", "--units", "A"), 64, "burn")
    refused(s("unit", "change"), 64)
    same(different(before, s.dump()), "", "refusals write nothing")


@test
def the_future_is_previewed_only():
    s = fresh_world()
    words = ["unit", "change", "rename", "--units", "A", "--new-name", "Chi bộ ngày mai", "--number", "1", "--decided-on", "01/02/2025",
             "--effective-on", "01/01/2090", "--decided-by", "X"]
    before = s.dump()
    refused(s(*words), 65, "tương lai", "--dry-run")
    r = s(*words, "--dry-run")
    check(r.rc == 0, "a preview of a change to come", r)
    same(different(before, s.dump()), "", "and nothing is written")


@test
def changes_in_their_order():
    """A change before one that was entered is refused, and says which stands in the way."""
    s = fresh_world()
    change(s, "move", "--units", "C", "--superior", "X2")
    refused(s("unit", "change", "rename", "--units", "C", "--new-name", "Trạm", "--number", "1", "--decided-on", "01/01/2024", "--effective-on", "01/02/2024",
              "--decided-by", "X"), 65, "01/07/2025")
    s.sound()


@test
def correcting_is_not_changing():
    s = fresh_world()
    s.ok("unit", "set", "A", "--name", "Chi bộ ấp Bình Hoà Đông")
    same([u["name"] for u in s.json("unit", "list", "--at", "01/01/2001") if u["code"] == "A"], ["Chi bộ ấp Bình Hoà Đông"], "a correction corrects the past too")
    r = s("unit", "set", "A", "--code", "B")
    refused(r, 65, "B", "Bình An")
    r = s("unit", "add", "--code", "A", "--name", "Chi bộ khác", "--type", "cell", "--superior", "X1")
    refused(r, 65, "đã dùng")


@test
def a_unit_entered_by_mistake_is_removed():
    s = fresh_world()
    made = s.add("unit", code="SAI", name="Chi bộ nhập nhầm", type="cell", superior="X1", founded_on="01/01/2020")
    r = s("unit", "remove", "SAI")
    check(r.rc == 0, "nothing uses it: it can be removed", r)
    check("SAI" not in tree(s), "it is off the tree")
    s.sound()
    r = s("unit", "restore", made["id"])
    check(r.rc == 0, "and restored", r)
    check("SAI" in tree(s), "it is on the tree again")
    s.sound()
    s.ok("unit", "remove", "SAI")
    other = s.add("unit", code="SAI2", name="Đảng bộ nhập nhầm", type="base_committee", superior="T", founded_on="01/01/2020")
    below = s.add("unit", code="SAI3", name="Chi bộ nhập nhầm", type="cell", superior="SAI2", founded_on="01/01/2020")
    refused(s("unit", "remove", "SAI2"), 65, "dùng")
    s.ok("unit", "remove", "SAI3")
    s.ok("unit", "remove", "SAI2")
    refused(s("unit", "restore", below["id"]), 1, "cấp trên")
    s.ok("unit", "restore", other["id"])
    s.ok("unit", "restore", below["id"])
    s.sound()
    refused(s("unit", "remove", "A"), 65, "dùng")
    refused(s("unit", "remove", "X1"), 65, "dùng")


@test
def trees():
    s = fresh_world()
    refused(s("unit", "tree", "ZZ"), 1, "ZZ", "unit list")
    refused(s("unit", "tree", "--at", "30/02/2025"), 64, "30/02/2025")
    text = s.ok("unit", "tree").out
    same([line.split()[0] for line in text.splitlines()], ["T", "X1", "B", "A", "C", "X2", "D"], "children by their names in Vietnamese order")
    same([n["code"] for n in s.json("unit", "tree")], [line.split()[0] for line in text.splitlines()], "JSON has the same order")
    same(s.json("unit", "tree", "--at", "01/01/1980"), [], "before there was any")
    # one statement a level is not needed: the tree of a subtree is part of the whole
    same([n["code"] for n in s.json("unit", "tree", "X1")], ["X1", "B", "A", "C"], "a subtree")


run_tests()
