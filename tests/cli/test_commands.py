"""Every command: help, exit codes, which stream says what, languages, days, JSON, dry runs."""
import json
import os
import re
import stat

from _dangbo import ENGINE, ROOT, VIETNAMESE, Store, check, dangbo, different, environment, fresh_world, refused, run_tests, same, test

KINDS = dangbo("--help", "--lang", "en").out.split("KIND is one of: ")[1].split("\n")[0].split(", ")
COMMANDS = [line.split() for line in dangbo("--help", "--lang", "en").out.split("Commands:\n")[1].split("\nKIND is")[0].split("\n")
            if line.startswith("  dangbo ")]
VERBS = ["list", "show", "add", "set", "remove", "restore", "history"]


def names():
    """The words of every command, kinds' verbs with each kind."""
    told = []
    for words in COMMANDS:
        words = words[1:]
        if words[0] == "KIND":
            told += [[kind, words[1]] for kind in KINDS]
            continue
        name = [words[0]]
        for w in words[1:]:
            if not re.fullmatch("[a-z][a-z-]*", w) or any(c in w for c in "|"):
                break
            name.append(w)
        told.append(name)
    return told


@test
def help_of_every_command():
    same([c[2] for c in COMMANDS if c[1] == "KIND"], VERBS, "the verbs of every kind are listed")
    same(len(names()) >= 25 + 7 * len(KINDS), True, "all commands are found")
    for words in names():
        vi, en = dangbo(*words, "--help"), dangbo(*words, "--help", "--lang", "en")
        check(vi.rc == 0 and "Ví dụ" in vi.out and "dangbo " in vi.out and not vi.err, f"help of {words}", vi)
        check(en.rc == 0 and "Example" in en.out and not en.err, f"English help of {words}", en)
        blank = re.findall(r"^  --[a-z-]+(?: [A-Z]\S*)?\s*$", en.out, re.M)
        check(not blank, f"each option of {words} is explained", blank)
        check(dangbo(*words, "-h").out == vi.out, f"-h is --help for {words}")
        plain = en.out.replace(en.out.split("Example:")[1].split("Usage:")[0], "")
        check(not VIETNAMESE.search(plain), f"no Vietnamese in the English help of {words}", en)
    for words in ([], ["--help"], ["-h"]):
        r = dangbo(*words)
        check(r.rc == 0 and "Ví dụ" in r.out and "LOẠI" in r.out, "help without a command", r)
    for kind in KINDS:
        r = dangbo(kind, "add", "--help")
        check(r.out.count("  --") >= 2, f"the fields of {kind} in its help", r)
    for noun in (*KINDS, "user", "audit", "transfer", "attachment"):
        r = dangbo(noun, "--help")
        check(r.rc == 0 and f"dangbo {noun} " in r.out and not r.err, f"help of {noun} alone", r)
        r = dangbo(noun)
        check(r.rc == 64 and f"dangbo {noun} --help" in r.err and "có phải" not in r.err, f"{noun} alone says what can be done", r)
    refused(dangbo("nonsense", "--help"), 64, "nonsense")
    told = dangbo("unit", "change", "--help").out
    check(all(f"  {act} --" in told for act in ("found", "merge", "split", "move", "rename", "reclass", "close")), "each change says what it takes", told)
    en = dangbo("--help", "--lang", "en")
    check(not VIETNAMESE.search(en.out), "no Vietnamese in the English help", en)


@test
def version():
    for words in (["--version"], ["--version", "--lang", "en"]):
        r = dangbo(*words)
        check(re.search(r"libpq \d+\.\d+", r.out), "the version of libpq", r)
        check(r.rc == 0 and re.search(r"dangbo \d+\.\d+\.\d+\n.*SQLite \d+\.\d+.*(gcc|clang) ", r.out, re.S), "version, engines and compiler", r)


@test
def usage_errors():
    s = Store()
    refused(dangbo("persn", "list"), 64, "persn", "person", "--help")
    refused(dangbo("backp", "x"), 64, "backup")
    refused(dangbo("zzzzzzzz"), 64, "zzzzzzzz")
    refused(s("person", "lst"), 64, "list")
    refused(s("person"), 64, "person")
    refused(s("unit", "change", "undo"), 64, "id")
    refused(s("person", "list", "--colour", "red"), 64, "--colour", "--help")
    refused(s("person", "list", "--serch", "duc"), 64, "--search")
    refused(s("person", "list", "--limit"), 64, "--limit", "giá trị")
    refused(s("person", "list", "--limit", "0"), 64, "--?0|“0”", "10000")
    refused(s("person", "list", "--limit", "abc"), 64)
    refused(s("person", "list", "-x"), 64, "-x")
    refused(s("person", "list", "--filter", "sex"), 64, "=")
    refused(s("person", "list", "--filter", "colour=red"), 64, "colour", "cccd")
    refused(s("person", "list", "--sort", "colour"), 64, "colour", "name")
    refused(s("person", "list", "--at", "31/02/1990"), 64, "31/02/1990", "30/06/2025")
    refused(s("person", "list", "--after", "tomorrow"), 64, "tomorrow")
    refused(s("person", "list", "--after", "123"), 64, "123")
    refused(s("person", "show"), 64)
    refused(s("person", "set"), 64)
    refused(s("transfer", "send", "P1"), 64, "--to")
    refused(s("transfer", "receive", "P1"), 64, "--on")
    refused(s("user", "add", "a.b"), 64, "--password-file")
    refused(s("attachment", "put", "x.pdf"), 64, "--unit")
    refused(s("attachment", "get", "x"), 64, "--output")
    refused(s("import", "persn", "x.csv"), 64, "person")
    refused(s("import", "person"), 64)
    refused(s("export", "persn"), 64, "person")
    refused(s("export", "person", "--format", "doc"), 64, "doc", "csv")
    refused(s("report", "members", "--unit", "A"), 64, "--period")
    refused(s("backup"), 64)
    refused(s("rule"), 64)
    refused(s("audit", "list", "--limit", "-1"), 64)
    refused(dangbo("restore", "x"), 64)
    refused(dangbo("person", "list"), 64, "--data", "DANGBO_DATA|--db")
    refused(dangbo("person", "list", "--data", "a", "--db", "postgresql://x"), 64, "--data", "--db")
    refused(dangbo("person", "list", "--db", "mysql://x"), 64, "postgresql://")
    refused(dangbo("person", "list", "--lang", "fr"), 64, "vi", "en")
    refused(dangbo(*(["word"] * 40)), 64)
    refused(s("person", "list", "too", "many"), 64, "too")
    refused(s("check", "person"), 64, "person")


@test
def a_word_that_is_not_utf8():
    import subprocess
    from _dangbo import PROGRAM
    done = subprocess.run([PROGRAM.encode(), b"person", b"show", b"\xff\xfe"], capture_output=True, stdin=subprocess.DEVNULL, env=environment(LANG="en_US.UTF-8"))
    same((done.returncode, done.stdout), (64, b""), "a word that is not UTF-8")


@test
def other_exit_codes():
    s = fresh_world()
    refused(s("person", "show", "NOBODY"), 1, "NOBODY", "person list")
    refused(s("person", "set", "P1", "--if-version", "9", "--phone", "1"), 1, "9")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--born", "31/02/1990"), 65, "31/02/1990")
    refused(s("person", "add", "--sex", "male"), 65, "Họ và tên")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--sex", "neither"), 65, "neither", "Nam")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--unit", "A", "--code", "P1"), 65, "P1", "Đức")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--cell", "ZZ"), 65, "ZZ")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--cell", "X1", "--admitted-on", "01/01/2020"), 65, "X1")
    refused(s("person", "add", "--name", "Nguyễn Văn A", "--standing", "member"), 65, "Diện")
    refused(s("person", "list", "--as", "nobody"), 77, "nobody", "user list")
    refused(dangbo("--db", "postgresql://nobody@127.0.0.1:1/none", "person", "list"), 69, "máy chủ|nối")
    folder = s.folder
    refused(dangbo("--data", folder / "none", "person", "list"), 1, "init")
    (folder / "file").write_text("x")
    refused(dangbo("init", folder / "file" / "below"), 73, "Không tạo được")
    refused(dangbo("init", folder / "no" / "such" / "parent"), 73)
    (folder / "foreign").mkdir()
    (folder / "foreign" / "dangbo.db").write_bytes(b"not a database, but long enough to look at" * 20)
    refused(dangbo("--data", folder / "foreign", "person", "list"), 65, "không phải")
    refused(s("rule", "colours"), 1, "colours")
    refused(s("export", "person", "--format", "csv", "-o", folder / "no" / "a.csv"), 73, "không có tệp hoặc thư mục này")
    refused(s("export", "person", "--format", "csv", "-o", folder / "no" / "a.csv", "--lang", "en"), 73, "there is no such file or directory")
    if ENGINE == "SQLite":
        refused(dangbo("init", s.where), 73, "đã có dữ liệu")
        if os.getuid():
            os.chmod(s.where, 0)
            refused(s("person", "list"), 77, "quyền")
            os.chmod(s.where, 0o700)
    else:
        r = s("init")
        check(r.rc in (0, 73), "init of what is there changes nothing", r)
        same(len(s.json("person", "list")), 5, "and loses nothing")
    full = dangbo(*s.option, "person", "list", "--json")
    check(full.rc == 0, "the list", full)
    with open("/dev/full", "wb") as f:
        import subprocess
        from _dangbo import PROGRAM
        done = subprocess.run([PROGRAM, *s.option, "person", "list", "--json"], stdout=f, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment())
    check(done.returncode == 74 and done.stderr, "a full disk behind standard output", done.stderr)
    import subprocess
    done = subprocess.run(f"{PROGRAM} {' '.join(repr(o) for o in s.option)} person list --json | true", shell=True, capture_output=True, env=environment())
    same(done.stderr, b"", "who reads the output may stop")


@test
def an_empty_or_older_store():
    s = Store()
    s.script('ALTER TABLE person DROP COLUMN alias')
    refused(s("person", "list"), 78, "schema --apply")
    r = s.ok("schema")
    check("alias" in r.out, "schema tells", r)


def reads(s):
    """Commands that read, with words that work."""
    told = [[kind, "list"] for kind in KINDS]
    told += [["unit", "tree"], ["unit", "tree", "X1", "--at", "01/01/2020"], ["user", "list"], ["who-can-see", "person", "P1"], ["schema"], ["check"],
             ["audit", "verify"], ["audit", "list"], ["rule", "office"], ["rule", "unit_type", "--at", "30/06/2025"], ["person", "show", "P1"],
             ["unit", "show", "A"], ["unit", "show", "A", "--at", "01/01/2000"], ["person", "history", "P1"], ["person", "list", "--search", "duc"]]
    return told


@test
def every_list_as_json():
    s = fresh_world()
    s.ok("user", "add", "a.b", "--password-file", "-", stdin="mật khẩu rất dài\n")
    for words in reads(s):
        r = s(*words, "--json")
        if not check(r.rc == 0, f"{words}", r):
            continue
        try:
            whole = r.json()
        except ValueError:
            check(False, f"{words}: JSON", r)
            continue
        check(True, "JSON")
        check(isinstance(whole, list) and all(isinstance(one, dict) for one in whole), f"{words}: one array of objects", r)
        if words[-1] == "list" and words[0] in KINDS:
            for one in whole:
                if not check({"id", "code", "name", "unit", "version"} <= set(one) and isinstance(one["id"], str), f"{words}: id, code, name and the envelope", one):
                    break
            same(r.out.count("\n"), 1, f"{words}: one line")
    unit = s.json("unit", "show", "A")
    check(all(not isinstance(v, (int, float)) or abs(v) < 2**53 for v in unit.values()), "no number that JavaScript would bend", unit)


@test
def verbs_of_every_kind():
    s = fresh_world()
    s.ok("user", "add", "a.b", "--password-file", "-", stdin="mật khẩu rất dài\n")
    term = s.add("term", name="2020-2025", of_unit="X1", since="01/08/2020", congress="12")
    s.add("grant", account="a.b", role="reader", over_unit="X1", reason="thử")
    s.add("setting", name="greeting", value="xin chào")
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    s.add("duty", person="P1", by_unit="X1", sort="unit", target="A", since="01/01/2022")
    s.add("spell", person="P2", sort="exempt", since="01/01/2024")
    s("unit", "change", "rename", "--units", "B", "--new-name", "Chi bộ ấp An", "--number", "1", "--decided-on", "01/02/2025", "--effective-on", "01/03/2025",
      "--decided-by", "X")
    changes = {"unit": ["--phone", "0912"], "person": ["--phone", "0912"], "membership": ["--note", "n"], "term": ["--note", "n"], "account": ["--note", "n"],
               "grant": ["--reason", "khác"], "setting": ["--value", "v"], "appointment": ["--note", "n"], "duty": ["--note", "n"], "spell": ["--note", "n"],
               "unit_change": ["--note", "n"], "attachment": ["--note", "n"]}
    pdf = s.folder / "a.pdf"
    pdf.write_bytes(b"%PDF-1.4 a decision")
    s.ok("attachment", "put", pdf, "--unit", "A")
    for kind in KINDS:
        all_ = s.json(kind, "list", "--all")
        if kind not in changes:
            for verb, words in (("add", ["--name", "x"]), ("set", ["1", "--note", "n"]), ("remove", ["1"]), ("restore", ["1"])):
                r = s(kind, verb, *words)
                refused(r, 64)
            continue
        if not check(len(all_) >= 1, f"{kind}: something to try", all_):
            continue
        one = all_[0]
        ident = one["id"]
        shown = s.json(kind, "show", ident)
        same(shown["id"], ident, f"{kind} show by id")
        if one["code"]:
            same(s.json(kind, "show", one["code"])["id"], ident, f"{kind} show by code")
        text = s(kind, "show", ident)
        check(text.rc == 0 and ident in text.out, f"{kind} show as text", text)
        before = s.dump()
        dry = s(kind, "set", ident, *changes[kind], "--dry-run")
        check(dry.rc == 0 and "thử" in dry.err, f"{kind} set --dry-run", dry)
        same(different(before, s.dump()), "", f"{kind} set --dry-run changes nothing")
        r = s(kind, "set", ident, *changes[kind], "--json")
        check(r.rc == 0 and r.one()["version"] == shown["version"] + 1, f"{kind} set", r)
        again = s(kind, "set", ident, *changes[kind], "--json")
        check(again.rc == 0 and again.one()["version"] == shown["version"] + 1, f"{kind} set twice is once", again)
        refused(s(kind, "set", ident, *changes[kind], "--if-version", shown["version"]), 1, str(shown["version"]))
        r = s(kind, "set", ident, *changes[kind], "--if-version", shown["version"] + 1)
        check(r.rc == 0, f"{kind} set --if-version", r)
        acts = [h["act"] for h in s.json(kind, "history", ident)]
        check(acts[0] == "add" and acts.count("change") >= 1, f"{kind} history", acts)
        check(s(kind, "history", ident).rc == 0, f"{kind} history as text")
        refused(s(kind, "set", ident, "--colour", "red"), 64)
        refused(s(kind, "show", "no such thing"), 1, "no such thing")
        refused(s(kind, "remove", "no such thing"), 1)
        refused(s(kind, "history", "no such thing"), 1)
        refused(s(kind, "restore", "12345"), 1)
        refused(s(kind, "restore", "abc"), 64)
    # taking off and bringing back
    for kind in ("appointment", "duty", "spell", "term", "grant", "setting", "attachment", "membership"):
        one = s.json(kind, "list", "--all")[-1]
        before = s.dump()
        dry = s(kind, "remove", one["id"], "--dry-run")
        check(dry.rc == 0 and not dry.out, f"{kind} remove --dry-run", dry)
        same(different(before, s.dump()), "", f"{kind} remove --dry-run changes nothing")
        r = s(kind, "remove", one["id"])
        check(r.rc == 0 and one["id"] in r.err, f"{kind} remove", r)
        check(one["id"] not in [x["id"] for x in s.json(kind, "list", "--all")], f"{kind}: off the list")
        refused(s(kind, "remove", one["id"]), 1)
        r = s(kind, "restore", one["id"])
        check(r.rc == 0, f"{kind} restore", r)
        refused(s(kind, "restore", one["id"]), 1)
        check(one["id"] in [x["id"] for x in s.json(kind, "list", "--all")], f"{kind}: on the list again")
    s.sound()
    refused(s("attachment", "add", "--name", "x.pdf", "--of-unit", "A"), 65, "attachment put")


@test
def days():
    s = fresh_world()
    for i, (given, stored) in enumerate([("01/02/2003", "2003-02-01"), ("1/2/2003", "2003-02-01"), ("2003-02-01", "2003-02-01"), ("01-02-2003", "2003-02-01"),
                                         ("1.2.2003", "2003-02-01"), ("29/02/2004", "2004-02-29")]):
        one = s.add("person", name=f"Nguyễn Văn {chr(65 + i)}", unit="A", admitted_on=given)
        same(one["admitted_on"], stored, f"day {given}")
    for wrong in ("31/02/1990", "29/02/2003", "00/01/2003", "32/01/2003", "01/13/2003", "tomorrow", "2003", "01/02/03", "01/02/20033"):
        refused(s("person", "add", "--name", "Nguyễn Văn Z", "--unit", "A", "--admitted-on", wrong), 65, re.escape(wrong))
    for given, stored in (("1970", "1970"), ("05/1970", "1970-05"), ("27/03/1970", "1970-03-27")):
        same(s.add("person", name="Trần Văn " + given.replace("/", " "), unit="A", born=given)["born"], stored, f"born {given}")
    refused(s("person", "add", "--name", "Nguyễn Văn Z", "--unit", "A", "--born", "31/02/1990"), 65, "31/02/1990")
    refused(s("person", "add", "--name", "Nguyễn Văn Z", "--unit", "A", "--admitted-on", "01/02/2003", "--official-on", "01/02/2002"), 65, "chính thức")


@test
def languages():
    s = fresh_world()
    failing = [["persn"], ["person", "show", "NOBODY"], ["person", "list", "--limit", "0"], ["person", "add", "--sex", "male"], ["person", "list", "--as", "x"],
               ["unit", "tree", "ZZ"], ["unit", "change", "move", "--units", "A"], ["transfer", "send", "P1", "--to", "ZZ", "--on", "01/01/2026"],
               ["user", "lock", "nobody"], ["user", "add", "x", "--password-file", "/nonexistent"], ["attachment", "put", "/nonexistent", "--unit", "A"],
               ["rule", "colours"], ["import", "undo", "1"], ["unit", "change", "undo", "1"], ["person", "add", "--name", "A B", "--born", "31/02/1990"],
               ["person", "add", "--name", "A B", "--cell", "X1", "--admitted-on", "01/01/2020"], ["person", "set", "P1", "--if-version", "7"],
               ["membership", "add", "--person", "P1", "--cell", "B", "--stay", "home", "--since", "01/01/2020"], ["backup", str(s.folder / "no" / "such")],
               ["grant", "add", "--account", "x"], ["person", "remove", "P1"]]
    for words in failing:
        for more in (["--lang", "en"], []):
            r = s(*words, *more, env=environment(LANG="en_GB.UTF-8"))
            plain = re.sub("“[^”]*”|\\b(Chi bộ|Đảng bộ)[^:;,.]*|Nguyễn Văn Đức", "", r.err)
            check(r.rc != 0 and not VIETNAMESE.search(plain), f"{words} in English", r)
        for env in (environment(), environment(LANG=None), environment(LANG="C"), environment(LANG="fr_FR.UTF-8"), environment(LC_ALL="vi_VN")):
            r = s(*words, env=env)
            check(VIETNAMESE.search(r.err), f"{words} in Vietnamese", r)
    check(VIETNAMESE.search(s("person", "show", "NOBODY", "--lang", "vi", env=environment(LANG="en_US.UTF-8")).err), "--lang is above LANG")
    check(not VIETNAMESE.search(s("person", "show", "NOBODY", env=environment(LC_ALL="en_US.UTF-8", LANG="vi_VN.UTF-8")).err), "LC_ALL is above LANG")
    # JSON is the same whatever the language
    for words in (["person", "list"], ["person", "show", "P1"], ["unit", "list"], ["unit", "tree"]):
        same(s.ok(*words, "--json", "--lang", "en").out, s.ok(*words, "--json").out, f"{words}: JSON has no language")
    # heads and notes
    en = s.ok("person", "list", "--lang", "en")
    check("Full name" in en.out and "Họ và tên" not in en.out and not VIETNAMESE.search(en.err), "a list in English", en)
    for words in (["check"], ["audit", "verify"], ["schema"], ["unit", "tree", "--at", "01/01/1900"], ["who-can-see", "person", "P1"]):
        r = s.ok(*words, "--lang", "en")
        check(not VIETNAMESE.search(r.err), f"{words} in English", r)


@test
def the_c_locale_and_bytes():
    s = fresh_world()
    wanted = s.ok("person", "list").out
    for env in (environment(LANG="C", LC_ALL="C"), environment(LANG=None), environment(TERM="xterm-256color")):
        r = s("person", "list", env=env)
        same(r.out, wanted, "the same in any locale")
    for words in reads(s) + [["--help"], ["person", "add", "--help"], ["nonsense"]]:
        r = s(*words)
        check(b"\x1b" not in r.raw + r.raw_err, f"no escape bytes: {words}", r)
        check(all(ord(c) >= 32 or c in "\n\t" for c in r.out + r.err), f"no control characters: {words}", r)
        try:
            r.raw.decode("utf-8"), r.raw_err.decode("utf-8")
            check(True, "UTF-8")
        except UnicodeDecodeError:
            check(False, f"{words}: UTF-8", r)
    # columns stand under each other, whatever the diacritics
    rows = [line for line in wanted.split("\n") if line]
    at = rows[0].index("Họ và tên")
    check(all(line[at - 1] == " " and line[at] != " " for line in rows[2:] if len(line) > at), "columns are aligned", wanted)


@test
def output_and_words():
    s = fresh_world()
    r = s("person", "list")
    check(r.out.count("\n") >= 5 and "Hiển thị" in r.err and "Hiển thị" not in r.out, "rows on stdout, words on stderr", r)
    r = s("person", "list", "--search", "zzzz")
    check(r.rc == 0 and not r.out and r.err, "an empty list is words only", r)
    same(s("person", "list", "--search", "zzzz", "--json").out, "[]\n", "an empty list as JSON")
    for words in (["check"], ["schema"]):
        r = s(*words)
        check(not r.out and r.err, f"{words}: words only", r)
        same(s(*words, "--json").out, "[]\n", f"{words}: nothing found, as JSON")
    r = s("person", "add", "--name", "Hồ Thị Mới", "--unit", "A", "--json")
    check(r.one()["name"] == "Hồ Thị Mới" and not r.err.strip(), "what was added, as JSON", r)
    # control characters in data do not reach the terminal
    r = s("person", "add", "--name", "Hồ \x1b[31mĐỏ\x07 A", "--unit", "A", "--json")
    check(r.rc in (0, 65), "a name with control characters", r)
    r = s("person", "list")
    check("\x1b" not in r.out and "\x07" not in r.out, "no control characters from data", r.raw)
    # an option may stand anywhere, "--" ends them, = joins
    same(s("person", "list", "--limit=2", "--json").json(), s("--json", "--limit", "2", "person", "list").json(), "options anywhere")
    r = s("person", "show", "--", "--no-option")
    refused(r, 1, "--no-option")
    # markup and formats mean nothing
    r = s("person", "add", "--unit", "A", "--name", "%s%n <b>Hồ</b> ' OR 1=1; --", "--json")
    check(r.rc == 0 and r.one()["name"] == "%s%n <b>Hồ</b> ' OR 1=1; --", "text is text", r)


@test
def dry_runs():
    s = fresh_world()
    before = s.dump()
    for words in (["person", "add", "--name", "Hồ Thị Thử", "--cell", "A", "--admitted-on", "01/01/2020"], ["unit", "add", "--code", "Z", "--name", "Chi bộ Z",
                  "--type", "cell", "--superior", "X1"], ["person", "set", "P1", "--phone", "1"], ["person", "remove", "P1"]):
        r = s(*words, "--dry-run")
        check(r.rc in (0, 65), f"{words} --dry-run", r)
        same(different(before, s.dump()), "", f"{words} --dry-run changes nothing")


@test
def secrets():
    s = fresh_world()
    s.ok("user", "add", "a.b", "--password-file", "-", stdin="mật khẩu rất dài\n")
    told = s("account", "list", "--json").out + s("account", "show", "a.b", "--json").out + s("account", "show", "a.b").out + s("account", "history", "a.b").out + \
        s("audit", "list").out + s("user", "list", "--json").out
    check("argon2" not in told and "mật khẩu rất dài" not in told, "a password's hash is shown nowhere", told)
    refused(s("account", "set", "a.b", "--password", "x"), 65, "chương trình")
    refused(s("account", "list", "--filter", "password="), 64)
    refused(s("account", "list", "--sort", "password"), 64)
    # personal numbers are masked in lists, whole in the record
    s.ok("person", "set", "P1", "--cccd", "034070001234", "--phone", "0912345678")
    check("034070001234" not in s("person", "list", "--json").out, "masked in the list")
    same(s.json("person", "show", "P1")["cccd"], "034070001234", "whole in the record")
    if ENGINE == "SQLite":
        mode = stat.S_IMODE(os.stat(s.where).st_mode), stat.S_IMODE(os.stat(s.where + "/dangbo.db").st_mode)
        same((oct(mode[0]), mode[1] & 0o077), ("0o700", 0), "nobody else reads the data")


@test
def no_terminal_needed():
    s = fresh_world()
    for words in reads(s):
        r = s(*words, timeout=60)
        check(r.rc == 0, f"{words} with nothing on standard input", r)
    r = dangbo("person", "list", env=environment(DANGBO_DATA=s.where))
    check(r.rc == 0 and "Đức" in r.out, "DANGBO_DATA says where the data are", r)


run_tests()
