"""Accounts and rights, through the command line: what an office gives, and that it ends with the office."""
import unicodedata

from _dangbo import check, different, fresh_world, refused, run_tests, same, test

GOOD = "mật khẩu rất dài"


def account(s, login, person=None):
    s.ok("user", "add", login, "--password-file", "-", *(["--person", person] if person else []), stdin=GOOD + "\n")


def seen(s, login, kind="person"):
    return sorted(r["code"] for r in s.json(kind, "list", "--all", "--limit", "1000", as_=login))


@test
def passwords():
    s = fresh_world()
    latin, marked = "kwvzhjmtpxqy", "ậễỗửịỵẵặọừờụ"  # no word, no row of keys
    for n, ok in ((0, False), (11, False), (12, True), (128, True), (129, False)):
        for letters in (latin, marked):
            word = "".join(letters[(i * i + i // 12) % 12] for i in range(12, 12 + n))[: max(0, n - 12)] + letters[: min(n, 12)]
            path = s.folder / "password"
            path.write_text(word + "\nsecond line\n")
            login = f"u{n}{'x' if letters is latin else 'y'}"
            from_file, from_stdin = s("user", "add", login, "--password-file", path), s("user", "add", login + "i", "--password-file", "-", stdin=word)
            if ok:
                check(from_file.rc == 0 and from_stdin.rc == 0, f"{n} characters of {letters}", from_file, from_stdin)
            else:
                refused(from_file, 65, "12" if n else "--password-file", "128" if n else "")
                refused(from_stdin, 65, "12" if n else "--password-file")
    refused(s("user", "add", "no.file", "--password-file", s.folder / "none"), 65, "--password-file")
    # letters of two forms are one password: as many characters, whatever the form
    for form in ("NFC", "NFD"):
        r = s("user", "add", form.lower(), "--password-file", "-", stdin=unicodedata.normalize(form, marked))
        check(r.rc == 0, f"twelve letters as {form}", r)
        refused(s("user", "add", form.lower() + "2", "--password-file", "-", stdin=unicodedata.normalize(form, marked[:11])), 65)
    stored = [r[0] for r in s.sql("SELECT password FROM account")]
    check(all(p.startswith("$argon2id$") for p in stored) and len(set(stored)) == len(stored), "Argon2id, each with its own salt", stored)
    before = s.one("SELECT password FROM account WHERE login = 'nfc'")
    r = s("user", "passwd", "nfc", "--password-file", "-", stdin="một mật khẩu khác\n")
    check(r.rc == 0 and s.one("SELECT password FROM account WHERE login = 'nfc'") != before, "a password is changed", r)
    refused(s("user", "passwd", "nfc", "--password-file", "-", stdin="ngắn\n"), 65, "12")
    refused(s("user", "passwd", "nobody", "--password-file", "-", stdin=GOOD), 1, "nobody", "user list")


@test
def logins():
    s = fresh_world()
    account(s, "nv.duc", "P1")
    same([(a["login"], a["name"], a["person"], a["locked"]) for a in s.json("user", "list")], [("nv.duc", "Nguyễn Văn Đức", "P1", False)], "the list of accounts")
    refused(s("user", "add", "nv.duc", "--password-file", "-", stdin=GOOD), 65, "nv.duc")
    for wrong in ("Nv.Duc", "đức", "a b", "a'b", "x"):
        refused(s("user", "add", wrong, "--password-file", "-", stdin=GOOD), 65)
    refused(s("user", "add", "other", "--person", "NOBODY", "--password-file", "-", stdin=GOOD), 1, "NOBODY")
    same(len(s.json("user", "list")), 1, "refusals made no account")
    s.ok("user", "lock", "nv.duc")
    refused(s("person", "list", as_="nv.duc"), 77, "khóa")
    s.ok("user", "unlock", "nv.duc")
    check(s("person", "list", as_="nv.duc").rc == 0, "unlocked")
    refused(s("user", "lock", "nobody"), 1, "nobody")


@test
def a_secretary_sees_the_own_cell():
    s = fresh_world()
    account(s, "bt.a", "P1")
    same(seen(s, "bt.a"), ["P1"], "without an office: the own record")
    post = s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    same((seen(s, "bt.a"), seen(s, "bt.a", "unit")), (["P1", "P2"], ["A"]), "the own cell, and no other")
    same([n["code"] for n in s.json("unit", "tree", as_="bt.a")], ["A"], "the tree begins where the rights begin")
    same([n["members"] for n in s.json("unit", "tree", as_="bt.a")], [2], "with its members")
    same(sorted({m["person"] for m in s.json("membership", "list", as_="bt.a")}), ["P1", "P2"], "its stays")
    # none, and not yours: one answer
    for verb, more in (("show", []), ("set", ["--phone", "1"]), ("remove", []), ("history", [])):
        theirs, none = s("person", verb, "P3", *more, as_="bt.a"), s("person", verb, "P0", *more, as_="bt.a")
        same((theirs.rc, theirs.out, theirs.err.replace("P3", "P0")), (none.rc, none.out, none.err), f"{verb}: none, or not yours: the same answer")
    ident = s.json("person", "show", "P3")["id"]
    theirs, none = s("person", "show", ident, as_="bt.a"), s("person", "show", "12345", as_="bt.a")
    same((theirs.rc, theirs.err.replace(ident, "12345")), (none.rc, none.err), "by id too")
    same(s.codes("person", "list", "--search", "an", as_="bt.a"), [], "search finds nothing of others")
    same(s.codes("person", "list", "--unit", "B", as_="bt.a"), [], "nor does asking for their unit")
    same(s.codes("person", "list", "--filter", "name=Lê Văn An", as_="bt.a"), [], "nor a filter")
    refused(s("who-can-see", "person", "P3", as_="bt.a"), 1)
    # writing
    r = s("person", "set", "P2", "--phone", "0912345678", as_="bt.a")
    check(r.rc == 0, "may change a member of the cell", r)
    refused(s("person", "set", "P1", "--phone", "1", as_="bt.a"), 77, "không được sửa")
    r = s("person", "add", "--name", "Hồ Thị Mới", "--cell", "A", "--admitted-on", "01/02/2025", as_="bt.a")
    check(r.rc == 0, "may add one", r)
    before = s.dump()
    refused(s("person", "add", "--name", "Hồ Thị Lạ", "--cell", "B", "--admitted-on", "01/02/2025", as_="bt.a"), 77)
    refused(s("person", "remove", "P2", as_="bt.a"), 77)
    refused(s("person", "set", "P3", "--phone", "1", as_="bt.a"), 1, "không được xem")
    refused(s("unit", "set", "A", "--name", "Chi bộ của tôi", as_="bt.a"), 77)
    refused(s("unit", "add", "--code", "A9", "--name", "Chi bộ mới", "--type", "cell", "--superior", "A", as_="bt.a"), 77)
    refused(s("grant", "add", "--account", "bt.a", "--role", "technical_admin", "--reason", "tự cấp", as_="bt.a"), 77)
    refused(s("appointment", "add", "--person", "P1", "--office", "deputy_secretary", "--at-unit", "A", as_="bt.a"), 77)
    refused(s("user", "add", "other", "--password-file", "-", stdin=GOOD, as_="bt.a"), 77)
    refused(s("user", "unlock", "bt.a", as_="bt.a"), 1)
    refused(s("backup", s.folder / "b.db", as_="bt.a"), 77)
    refused(s("audit", "list", as_="bt.a"), 77)
    refused(s("unit", "change", "rename", "--units", "B", "--new-name", "Tên", "--number", "1", "--decided-on", "01/01/2026", "--effective-on", "01/01/2026",
              "--decided-by", "X", as_="bt.a"), 77)
    refused(s("attachment", "put", __file__, "--unit", "B", as_="bt.a"), 65)
    same(different(before, s.dump()), "", "refusals write nothing")
    # the office ends
    s.ok("appointment", "set", post["id"], "--until", "01/01/2026")
    same((seen(s, "bt.a"), seen(s, "bt.a", "unit")), (["P1"], []), "the right ends with the office")
    refused(s("person", "set", "P2", "--phone", "0912345679", as_="bt.a"), 1)
    s.sound()


@test
def schema_and_undo_are_not_for_all():
    s = fresh_world()
    account(s, "bt.a", "P1")
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    s.ok("unit", "change", "rename", "--units", "B", "--new-name", "Chi bộ An", "--number", "1", "--decided-on", "01/01/2026", "--effective-on", "01/01/2026",
         "--decided-by", "X")
    change = s.json("unit_change", "list")[0]["id"]
    refused(s("unit", "change", "undo", change, as_="bt.a"), 1)
    refused(s("schema", "--apply", as_="bt.a"), 77)
    refused(s("check", as_="bt.a"), 77)
    refused(s("audit", "verify", as_="bt.a"), 77)


@test
def a_committee_sees_below():
    s = fresh_world()
    account(s, "bt.x1", "P4")
    s.add("appointment", person="P4", office="secretary", at_unit="X1", since="01/01/2022")
    same((seen(s, "bt.x1"), seen(s, "bt.x1", "unit")), (["P1", "P2", "P3", "P4"], ["A", "B", "C", "X1"]), "the commune, not its neighbour")
    # a member moves away: the right to see them moves at once
    s.ok("transfer", "send", "P1", "--to", "D", "--on", "01/03/2026")
    same(seen(s, "bt.x1"), ["P1", "P2", "P3", "P4"], "until received")
    s.ok("transfer", "receive", "P1", "--on", "05/03/2026")
    same(seen(s, "bt.x1"), ["P2", "P3", "P4"], "received elsewhere: not theirs any more")
    # a cell moves away
    s.ok("unit", "change", "move", "--units", "B", "--superior", "X2", "--number", "1", "--decided-on", "01/02/2026", "--effective-on", "01/02/2026", "--decided-by", "X")
    same(seen(s, "bt.x1"), ["P2", "P4"], "nor who moved with their cell")
    # who can see
    account(s, "bt.x2", "P5")
    s.add("appointment", person="P5", office="secretary", at_unit="X2", since="01/01/2022")
    who = s.json("who-can-see", "person", "P3")
    same({(w["account"], "Bí thư" in w["through"] and "Tân Lập" in w["through"]) for w in who}, {("Võ Thị Đào (bt.x2)", True)}, "who can see, and through which office")
    who = s.json("who-can-see", "person", "P4")
    check(any("chính mình" in w["through"] for w in who), "the own record too", who)


@test
def an_office_of_the_future_or_the_past():
    s = fresh_world()
    account(s, "a.b", "P1")
    s.add("appointment", person="P1", office="secretary", at_unit="B", since="01/01/2090")
    s.add("appointment", person="P1", office="secretary", at_unit="C", since="01/01/2010", until="01/01/2015")
    same(seen(s, "a.b"), ["P1"], "neither gives a right today")
    s.add("grant", account="a.b", role="reader", over_unit="X2", reason="kiểm tra chéo", since="01/01/2020")
    same(seen(s, "a.b"), ["P1", "P5"], "a grant does")
    refused(s("person", "set", "P5", "--phone", "1", as_="a.b"), 77)
    grant = s.json("grant", "list")[0]["id"]
    s.ok("grant", "set", grant, "--until", "01/01/2026")
    same(seen(s, "a.b"), ["P1"], "until it ends")
    s.ok("unit", "change", "close", "--units", "C", "--into", "B", "--number", "1", "--decided-on", "01/02/2026", "--effective-on", "01/02/2026", "--decided-by", "X")


@test
def reading_is_logged():
    s = fresh_world()
    account(s, "bt.a", "P1")
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    s.ok("person", "show", "P2", as_="bt.a")
    acts = [(h["act"], h["actor"]) for h in s.json("person", "history", "P2")]
    check(("read", "bt.a") in acts, "who read a dossier", acts)
    s.sound()


run_tests()
