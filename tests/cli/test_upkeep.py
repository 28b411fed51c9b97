"""Upkeep: schema, check, the audit chain, backup and restore on both engines, attached files."""
import io
import os
import random
import shutil
import sqlite3
import time
import zipfile

from _dangbo import ENGINE, SERVER, Store, check, dangbo, different, fresh_world, refused, run_tests, same, test

SEED = int(os.environ.get("DANGBO_SEED") or time.time())


def busy_world():
    """A world with a few hundred audit entries."""
    s = fresh_world()
    path = s.folder / "people.csv"
    with open(path, "w", encoding="utf-8") as f:
        f.write("Mã hồ sơ,Họ và tên,Ngày sinh,Chi bộ,Ngày vào Đảng\n")
        for i in range(120):
            f.write(f"I{i},Nguyễn Văn {chr(65 + i % 26)}{chr(97 + i // 26)},{1 + i % 28:02}/{1 + i % 12:02}/{1960 + i % 20},{'ABCD'[i % 4]},{1 + i % 28:02}/02/2010\n")
    s.ok("import", "person", path)
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    s.ok("unit", "change", "merge", "--units", "A;B", "--into", "A", "--number", "1", "--decided-on", "01/02/2026", "--effective-on", "01/02/2026", "--decided-by", "X")
    s.ok("person", "show", "P2")
    return s


@test
def schema():
    s = fresh_world()
    r = s.ok("schema")
    check(not r.out and r.err, "nothing is missing after init", r)
    harm = ["ALTER TABLE person DROP COLUMN alias", "ALTER TABLE unit DROP COLUMN short_name", "DROP TABLE duty", "DROP TABLE setting",
            "DROP INDEX ix_unit_superior", "DROP TABLE import_mapping"]
    indexes = [r[0] for r in s.sql("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'" if ENGINE == "PostgreSQL" else
                                   "SELECT name FROM sqlite_schema WHERE type = 'index'") if r[0].startswith("ix_")]
    check("ix_unit_superior" in indexes, "the index that is to be dropped", indexes)
    for statement in harm:
        t = s.clone()
        name = statement.split()[-1]
        people = t.dump()["person"][1] if "person" not in statement else None
        t.script(statement)
        r = t("schema")
        check(r.rc == 0 and name in r.out and "--apply" in r.err, f"{statement}: schema tells", r)
        refused(t("person", "list"), 78, "schema --apply", "sao lưu")
        refused(t("person", "add", "--name", "Hồ Văn A", "--unit", "A"), 78, "schema --apply")
        r = t("schema", "--apply")
        check(r.rc == 0, f"{statement}: schema --apply", r)
        check(not t.ok("schema").out, f"{statement}: nothing is missing any more")
        same(len(t.json("person", "list")), 5, f"{statement}: it works again, nothing is lost")
        if people is not None:
            same(t.dump()["person"][1], people, f"{statement}: people are untouched")
        r = t("schema", "--apply")
        check(r.rc == 0, "applied twice is once", r)
        t.drop()


@test
def backup_and_restore_both_ways():
    s = busy_world()
    wanted = s.dump()
    file = s.folder / "backup.db"
    r = s("backup", file)
    check(r.rc == 0 and str(file) in r.err, "a backup", r)
    same(oct(file.stat().st_mode & 0o777), "0o600", "for its owner only")
    r = s("backup", file)
    check(r.rc == 0, "again, over the former", r)
    engines = ["SQLite"] + (["PostgreSQL"] if SERVER else [])
    for engine in engines:
        to = Store(init=False, engine=engine)
        r = dangbo("restore", file, *([to.where] if engine == "SQLite" else ["--db", to.where]))
        check(r.rc == 0, f"restored into {engine}", r)
        same(different(wanted, to.dump()), "", f"{ENGINE} to {engine}: the same")
        to.sound(f"{engine}: sound")
        same(to.ok("person", "list", "--limit", "1000").out, s.ok("person", "list", "--limit", "1000").out, "the same list in the same order")
        same(to.codes("person", "list", "--search", "duc nguyen"), ["P1"], "search works in what was restored")
        to.add("person", name="Hồ Thị Mới", cell="C", admitted_on="01/02/2025")
        to.sound("and it can be written")
        again = dangbo("restore", file, *([to.where] if engine == "SQLite" else ["--db", to.where]))
        check(again.rc in (1, 73) and again.err, "not into what is not empty", again)
        back = to.folder / "back.db"
        to.ok("backup", back)
        home = Store(init=False)
        r = dangbo("restore", back, *([home.where] if ENGINE == "SQLite" else ["--db", home.where]))
        check(r.rc == 0, f"{engine} back to {ENGINE}", r)
        same(different(to.dump(), home.dump()), "", f"{engine} back to {ENGINE}: the same")
        home.sound()
    refused(dangbo("restore", s.folder / "none.db", s.folder / "x"), 1, "none.db")
    (s.folder / "text.db").write_text("not a backup " * 1000)
    r = dangbo("restore", s.folder / "text.db", s.folder / "y")
    check(r.rc == 65 and "text.db" in r.err, "not a backup", r)
    check(not (s.folder / "y").exists() or not (s.folder / "y" / "dangbo.db").exists(), "a restore that failed leaves no data that look good", list((s.folder / "y").glob("*")) if (s.folder / "y").exists() else "")


@test
def a_damaged_backup():
    s = busy_world()
    file = s.folder / "backup.db"
    s.ok("backup", file)
    whole = file.read_bytes()
    wanted = s.dump()
    rnd = random.Random(SEED)
    print(f"seed {SEED}")
    noticed = harmless = 0
    for i in range(40):
        bad = bytearray(whole)
        at = rnd.randrange(len(bad))
        bad[at] ^= 1 << rnd.randrange(8)
        damaged = s.folder / "damaged.db"
        damaged.write_bytes(bad)
        target = s.folder / f"r{i}"
        r = dangbo("restore", damaged, target)
        if r.rc:
            noticed += 1
            check(r.rc == 65 and r.err and not target.exists(), f"byte {at}: told, and nothing is left", r)
        else:
            to = Store(init=False, engine="SQLite")
            shutil.rmtree(to.where, ignore_errors=True)
            shutil.move(target, to.where)
            if not check(different(wanted, to.dump()) == "", f"byte {at}: accepted, so nothing may differ", different(wanted, to.dump())):
                print(f"    byte {at} of {len(bad)}")
            harmless += 1
            to.drop()
        shutil.rmtree(target, ignore_errors=True)
    print(f"{noticed} noticed, {harmless} without effect")
    same(noticed, 40, "every bit counts")
    for n in (0, 100, 4096, len(whole) // 2, len(whole) - 4096):
        (s.folder / "cut.db").write_bytes(whole[:n])
        r = dangbo("restore", s.folder / "cut.db", s.folder / f"c{n}")
        check(r.rc in (65, 70) and r.err, f"cut at {n}: told", r)


def first_bad(s, seq, shard):
    r = s("audit", "verify")
    return check(r.rc == 65 and f"{shard}" in r.out and f" {seq} " in r.out.replace(":", " ") + " ", f"chain {shard}, entry {seq} is named", r)


@test
def the_audit_chain():
    s = busy_world()
    r = s("audit", "verify")
    check(r.rc == 0 and len(r.out.split()[2]) == 64, "whole", r)
    rnd = random.Random(SEED)
    entries = [(int(a), int(b)) for a, b in s.sql("SELECT shard, seq FROM audit ORDER BY shard, seq")]
    check(len(entries) > 300, "hundreds of entries", len(entries))
    ends = {int(a): int(b) for a, b in s.sql("SELECT shard, seq FROM audit_end")}
    columns = [c for c in s.columns("audit") if c not in ("shard", "seq")]
    texts = {"actor", "act", "kind", "before", "after", "note", "hash"}
    for column in columns:
        t = s.clone()
        shard, seq = rnd.choice(entries)
        new = f"COALESCE(\"{column}\", '') || 'x'" if column in texts else f"\"{column}\" + 1"
        t.script(f'UPDATE audit SET "{column}" = {new} WHERE shard = {shard} AND seq = {seq}')
        first_bad(t, seq, shard)
        check(t("check").rc == 65, f"{column}: check says so too")
        t.drop()
    for how in range(12):
        t = s.clone()
        shard, seq = rnd.choice([e for e in entries if e[1] < ends[e[0]] - 1])
        where = f"shard = {shard} AND seq = {seq}"
        if how % 4 == 0:
            t.script(f"DELETE FROM audit WHERE {where}")
            first_bad(t, seq, shard)
        elif how % 4 == 1:  # one more, after making room
            names = ", ".join(f'"{c}"' for c in columns)
            t.script(f"UPDATE audit SET seq = -seq WHERE shard = {shard} AND seq > {seq}; UPDATE audit SET seq = 1 - seq WHERE seq < 0;"
                     f"INSERT INTO audit (shard, seq, {names}) SELECT shard, seq + 1, {names} FROM audit WHERE {where}")
            first_bad(t, seq + 1, shard)
        elif how % 4 == 2:
            t.script(f"UPDATE audit SET seq = -1 WHERE {where}; UPDATE audit SET seq = {seq} WHERE shard = {shard} AND seq = {seq + 1};"
                     f"UPDATE audit SET seq = {seq + 1} WHERE shard = {shard} AND seq = -1")
            first_bad(t, seq, shard)
        else:
            n = rnd.randrange(1, 5)
            t.script(f"DELETE FROM audit WHERE shard = {shard} AND seq > {ends[shard] - n}")
            r = t("audit", "verify")
            check(r.rc == 65 and f" {ends[shard] - n}," in r.out and str(ends[shard]) in r.out, "the tail was cut: where it ends and should end", r)
        t.drop()
    t = s.clone()
    shard = rnd.choice(list(ends))
    t.script(f"DELETE FROM audit WHERE shard = {shard}; DELETE FROM audit_end WHERE shard = {shard}")
    r = t("check")
    check(r.rc == 65, "a whole chain that was taken away is noticed", r)
    t.drop()
    t = s.clone()
    shard = rnd.choice(list(ends))
    t.script(f"DELETE FROM audit_end WHERE shard = {shard}")
    check(t("audit", "verify").rc == 65, "entries without their end")
    t.drop()


@test
def planted_faults():
    s = busy_world()
    s.sound()
    a, d = s.json("unit", "show", "A")["id"], s.json("unit", "show", "D")["id"]
    p1, p3 = (s.json("person", "show", code)["id"] for code in ("P1", "P3"))
    # what of the plants must be named
    plants = [("UPDATE unit_above SET above = %s WHERE unit = %s AND depth = 1" % (d, a), "unit_above|cây"),
              ("DELETE FROM unit_above WHERE unit = %s AND depth = 2" % a, "unit_above|cây"),
              ("DELETE FROM unit_above WHERE unit = %s" % a, "unit_above|cây"),
              ("UPDATE person SET unit = %s WHERE id = %s" % (d, p1), "hồ sơ"),
              ("UPDATE membership SET since = 19900101 WHERE person = %s AND until = 99999999" % p3, "trùng"),
              ("UPDATE appointment SET person = 12345 WHERE person = %s" % p1, "appointment"),
              ("UPDATE unit SET superior = 777 WHERE id = %s" % d, "unit"),
              ("DELETE FROM taken WHERE value = 'P1'", "taken|mã|P1"),
              ("UPDATE person SET name = 'Kẻ Khác' WHERE id = %s" % p1, "person|hồ sơ"),
              ("UPDATE person SET sort_key = 'A' WHERE id = %s" % p1, "sắp xếp"),
              ("UPDATE unit SET name = 'Tên Khác' WHERE id = %s" % d, "unit|đơn vị")]
    import re
    for statement, word in plants:
        t = s.clone()
        t.script(statement)
        r = t("check")
        check(r.rc == 65 and re.search(word, r.out, re.I), f"{statement}: found", r)
        check("khôi phục" in r.err or r.rc == 0, "and what to do is said", r)
        t.drop()
    if ENGINE == "SQLite":
        path = f"{s.where}/dangbo.db"
        db = sqlite3.connect(path)
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'person'").fetchone()[0]
        db.close()
        with open(path, "r+b") as f:
            f.seek((page - 1) * 4096)
            f.write(b"\xff" * 200)
        r = s("check")
        check(r.rc in (65, 70) and r.err, "a damaged page is noticed", r)


def zipped(*names):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        for name in names:
            z.writestr(name, "<x/>")
    return b.getvalue()


@test
def attached_files():
    s = fresh_world()
    folder = s.folder
    pdf = folder / "Quyết định số 1.pdf"
    body = b"%PDF-1.7\n" + os.urandom(1_300_000)
    pdf.write_bytes(body)
    r = s("attachment", "put", pdf, "--unit", "A", "--note", "bản quét", "--json")
    one = r.one()
    check(r.rc == 0 and one["media"] == "application/pdf" and one["size"] == len(body) and one["name"] == "Quyết định số 1.pdf", "a PDF is attached", r)
    out = folder / "out.pdf"
    r = s("attachment", "get", one["code"], "-o", out)
    check(r.rc == 0 and out.read_bytes() == body, "and comes back the same", r)
    for name, start, ok in (("a.docx", zipped("word/document.xml"), True), ("a.xlsx", zipped("xl/workbook.xml"), True),
                            ("a.zip", zipped("a.txt"), False), ("a.docm", zipped("word/document.xml", "word/vbaProject.bin"), False), ("b.docx", b"PK\x03\x04", False),
                            ("a.jpg", b"\xff\xd8\xff", True), ("a.png", b"\x89PNG\r\n\x1a\n", True), ("a.exe", b"MZ", False),
                            ("a.pdf", b"MZ\x90", False), ("a.html", b"<html>", False), ("a.svg", b"<svg", False), ("a.sh", b"#!/bin/sh", False), ("a.txt", b"text", False)):
        path = folder / name
        path.write_bytes(start if start[:2] == b"PK" and len(start) > 4 else start + b" something")
        r = s("attachment", "put", path, "--unit", "A")
        if ok:
            check(r.rc == 0, f"{name} is taken", r)
        else:
            refused(r, 65, "PDF", name)
    for n, ok in (((20 << 20), True), ((20 << 20) + 1, False)):
        big = folder / "big.pdf"
        with open(big, "wb") as f:
            f.write(b"%PDF-")
            f.truncate(n)
        r = s("attachment", "put", big, "--unit", "A")
        if ok:
            check(r.rc == 0, "20 MB are taken", r)
        else:
            refused(r, 65, "20 MB")
    (folder / "empty.pdf").write_bytes(b"")
    refused(s("attachment", "put", folder / "empty.pdf", "--unit", "A"), 65)
    refused(s("attachment", "put", folder, "--unit", "A"), 65)
    refused(s("attachment", "put", folder / "none.pdf", "--unit", "A"), 1, "none.pdf")
    refused(s("attachment", "put", pdf, "--unit", "ZZ"), 65, "Đơn vị|ZZ")
    refused(s("attachment", "get", "NONE", "-o", folder / "n"), 1, "NONE")
    check(not (folder / "n").exists(), "no file is made for one that is not there")
    refused(s("attachment", "get", one["code"], "-o", folder / "no" / "such"), 73)
    s.script(f"DELETE FROM attachment_part WHERE attachment = {one['id']} AND part = 1")
    damaged = folder / "damaged.pdf"
    refused(s("attachment", "get", one["code"], "-o", damaged), 70, "hỏng")
    check(not damaged.exists(), "a damaged file is not handed out")
    r = s("check")
    check(r.rc == 65 and one["code"] in r.out, "and check finds it", r)


@test
def rules():
    names = [p.name[:-5] for p in sorted((__import__("_dangbo").ROOT / "rules").glob("*.json"))]
    for name in names:
        r = dangbo("rule", name, "--json")
        check(r.rc == 0 and all({"code", "vi", "en"} <= set(i) for i in r.json()), f"rule {name}", r)
    codes = lambda *w: [i["code"] for i in dangbo("rule", "unit_type", *w, "--json").json()]
    check("party_district" in codes("--at", "30/06/2025") and "party_district" not in codes("--at", "01/07/2025"), "districts ended on 1 July 2025")
    refused(dangbo("rule", "office", "--at", "30/02/2025"), 64)


run_tests()
