"""Bringing registers in: what is wrong in a file is named by row and column, nothing is half written, a whole import can be undone."""
import io
import os
import re
import resource
import subprocess
import time
import zipfile

from _dangbo import PROGRAM, Store, check, different, environment, fresh_world, refused, run_tests, same, test

HEAD = "Mã hồ sơ,Họ và tên,Ngày sinh,Giới tính,Chi bộ,Ngày vào Đảng\n"


def write(s, name, text, encoding="utf-8"):
    path = s.folder / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def bad(s, path, *words, kind="person", rc=65, more=()):
    """An import that is refused: its words (wherever told), nothing written, within memory and time."""
    import re
    before = s.dump()
    started = time.monotonic()
    r = s("import", kind, path, *more)
    check(r.rc == rc, f"{path.name}: exit {rc}", r)
    for w in words:
        check(re.search(w, r.out + r.err), f"{path.name}: says “{w}”", r)
    check(r.err.strip() != "", f"{path.name}: a message", r)
    check(time.monotonic() - started < 30, f"{path.name}: in time")
    same(different(before, s.dump()), "", f"{path.name}: nothing is written")
    en = s("import", kind, path, *more, "--lang", "en")
    check(en.rc == rc, f"{path.name}: the same in English", en)
    return r


@test
def a_good_file_and_its_undo():
    s = fresh_world()
    path = write(s, "good.csv", HEAD + "N1,Hồ Văn Một,01/02/1980,Nam,A,03/02/2010\nN2,Hồ Thị Hai,1981,Nữ,B,03/02/2011\n")
    before = s.dump()
    r = s("import", "person", path, "--dry-run")
    check(r.rc == 0 and "2" in r.err, "a preview", r)
    same(different(before, s.dump()), "", "a preview writes nothing")
    r = s("import", "person", path)
    check(r.rc == 0 and "import undo" in r.err, "an import", r)
    same({p["code"] for p in s.json("person", "list")} >= {"N1", "N2"}, True, "they are there")
    n = len(s.json("person", "list"))
    r = s("import", "person", path)
    same(len(s.json("person", "list")), n, "imported twice is once")
    batch = s.json("import_batch", "list")[0]["id"]
    r = s("import", "undo", batch)
    check(r.rc == 0, "undone", r)
    same(sorted(s.codes("person", "list")), ["P1", "P2", "P3", "P4", "P5"], "as before")
    refused(s("import", "undo", batch), 65, "rồi")
    s.sound()
    for encoding in ("utf-8-sig", "utf-16"):
        r = s("import", "person", write(s, f"{encoding}.csv", HEAD + f"E{encoding[-2:]},Hồ Văn {encoding[-1].upper()}ý,01/02/1980,Nam,A,03/02/2010\n", encoding))
        check(r.rc == 0, f"{encoding}", r)
    s.sound()


@test
def errors_by_row_and_column():
    s = fresh_world()
    bad(s, write(s, "day.csv", HEAD + "N1,Hồ Văn Một,31/02/1990,Nam,A,03/02/2010\n"), "31/02/1990", "2", "Ngày sinh")
    bad(s, write(s, "sex.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Giống,A,03/02/2010\n"), "Giống", "Giới tính")
    bad(s, write(s, "cell.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,ZZ,03/02/2010\n"), "ZZ")
    bad(s, write(s, "notacell.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,X1,03/02/2010\n"), "X1")
    bad(s, write(s, "noname.csv", HEAD + "N1,,01/02/1990,Nam,A,03/02/2010\n"), "Họ và tên")
    bad(s, write(s, "twice.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,A,03/02/2010\nN1,Hồ Văn Hai,01/02/1991,Nam,A,03/02/2010\n"), "N1|3")
    two = write(s, "mixed.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,A,03/02/2010\nN2,Hồ Văn Hai,31/02/1990,Nam,A,03/02/2010\nN3,Hồ Văn Ba,01/02/1990,Nam,ZZ,03/02/2010\n")
    r = bad(s, two, "31/02/1990", "ZZ", "--good-rows")
    check(r.out.count("Dòng") >= 2, "every error in one pass", r)
    errors = s.folder / "errors.csv"
    r = s("import", "person", two, "--good-rows", "--errors", errors)
    check(r.rc in (0, 65) and "N1" in s.codes("person", "list"), "the good rows are taken", r)
    check(errors.exists() and "31/02/1990" in errors.read_text("utf-8-sig"), "the others are in a file")
    s.sound()


@test
def a_row_without_its_unit():
    s = fresh_world()
    blank = write(s, "blank.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,A,03/02/2010\nN2,Hồ Văn Hai,01/02/1991,Nam,,03/02/2010\n")
    bad(s, blank, "Dòng 3", "đơn vị")
    r = s("import", "person", blank, "--unit", "X1", "--dry-run")
    check(r.rc == 0 and "Dòng 3" in r.out and "Chi bộ" in r.out and "để trống" in r.out and "Đảng bộ xã Hòa Hiệp" in r.out and "Quần chúng ưu tú" in r.out, "a blank cell is told with what will happen", r)
    check("Dòng 2" not in r.out and "1 lưu ý" in r.err, "and no other row", r)
    s.ok("import", "person", blank, "--unit", "X1")
    same([(p["unit"], p["standing"]) for p in s.json("person", "list", "--all", "--filter", "code=N2")], [("X1", "candidate")], "it happens just so")
    s.sound()


@test
def units_and_stays():
    s = fresh_world()
    head = "Mã đơn vị,Tên đơn vị,Loại hình,Cấp trên,Ngày thành lập\n"
    bad(s, write(s, "self.csv", head + "Z,Chi bộ Z,Chi bộ,Z,01/01/2020\n"), "Z", kind="unit")
    bad(s, write(s, "circle.csv", head + "Z1,Đảng bộ Z1,Đảng bộ cơ sở,Z2,01/01/2020\nZ2,Đảng bộ Z2,Đảng bộ cơ sở,Z1,01/01/2020\n"), "Z1|Z2", kind="unit")
    bad(s, write(s, "below.csv", head + "X1,Đảng bộ xã Hòa Hiệp,Đảng bộ cơ sở,A,01/01/1990\n"), "X1|cấp", kind="unit")
    s.ok("unit", "change", "close", "--units", "C", "--into", "B", "--number", "1", "--decided-on", "01/02/2024", "--effective-on", "01/02/2024", "--decided-by", "X")
    bad(s, write(s, "closed.csv", head + "Z,Tổ đảng Z,Tổ đảng,C,01/01/2025\n"), "C", kind="unit")
    bad(s, write(s, "closedcell.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,C,03/02/2025\n"), "C")
    bad(s, write(s, "stays.csv", "Mã hồ sơ,Chi bộ,Hình thức sinh hoạt,Từ ngày\nP1,B,Chính thức,01/01/2020\n"), "Bình Hòa|A", kind="membership")
    bad(s, write(s, "nobody.csv", "Mã hồ sơ,Chi bộ,Hình thức sinh hoạt,Từ ngày\nP99,B,Chính thức,01/01/2020\n"), "P99", kind="membership")
    s.sound()


@test
def what_an_export_told_apart_stays_apart():
    s, there = fresh_world(), Store()
    s.add("person", code="P9", name="Nguyễn Văn Đức", cell="B", born="27/03/1970", admitted_on="19/05/2000")
    for kind in ("unit", "unit_state", "person", "membership"):
        path = s.folder / f"{kind}.csv"
        s.ok("export", kind, "--all", "--format", "csv", "-o", path)
        r = there("import", kind, path)
        check(r.rc == 0, f"{kind} comes back whole", r)
    same(sorted(there.codes("person", "list")), sorted(s.codes("person", "list")), "two of one name and birth are two")
    text = (s.folder / "person.csv").read_text(encoding="utf-8-sig").split("\n")
    path = s.folder / "stranger.csv"
    path.write_text("\n".join([text[0], *[re.sub("^[0-9]+,", "77,", line).replace(",P9,", ",P10,") for line in text if ",P9," in line]]))
    bad(there, path, "Trùng họ tên")
    there.sound()


@test
def files_that_are_not_registers():
    s = fresh_world()
    bad(s, write(s, "empty.csv", ""), "trống|không có")
    bad(s, write(s, "words.csv", "đây không phải là một danh sách\n"), "cột|tiêu đề")
    bad(s, write(s, "other.csv", "a,b,c\n1,2,3\n"), "cột|tiêu đề")
    bad(s, write(s, "noise.csv", os.urandom(5000)))
    bad(s, write(s, "program.xlsx", b"MZ" + os.urandom(5000)))
    bad(s, write(s, "page.xlsx", b"<html><body>Excel</body></html>"))
    bad(s, write(s, "old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000)), "xls")
    r = s("import", "person", s.folder / "none.csv")
    check(r.rc in (1, 65) and "none.csv" in r.err, "a file that is not there", r)
    refused(s("import", "person", s.folder), 65)
    good = s.folder / "good.xlsx"
    s.ok("export", "person", "--format", "xlsx", "-o", good)
    whole = good.read_bytes()
    r = s("import", "person", good, "--dry-run")
    check(r.rc == 0, "what was exported can be imported", r)
    for n in (1, 30, 100, len(whole) // 2, len(whole) - 1, len(whole) - 30):
        bad(s, write(s, "cut.xlsx", whole[:n]))


def workbook(rows_xml):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr("[Content_Types].xml", '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        z.writestr("xl/workbook.xml", '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/'
                   'officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>')
        z.writestr("xl/_rels/workbook.xml.rels", '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
                   'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        z.writestr("xl/worksheets/sheet1.xml", rows_xml)
    return out.getvalue()


@test
def bombs():
    s = fresh_world()
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    lol = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lollollollol">' + "".join(f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>"
    bad(s, write(s, "entities.xlsx", workbook(lol + sheet % '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>')))
    external = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    r = bad(s, write(s, "external.xlsx", workbook(external + sheet % '<row r="1"><c r="A1" t="inlineStr"><is><t>Họ và tên</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>&a;</t></is></c></row>')))
    check("root:" not in r.out + r.err, "no file is read through an entity", r)
    zeros = io.BytesIO()
    with zipfile.ZipFile(zeros, "w", zipfile.ZIP_DEFLATED) as z:
        with zipfile.ZipFile(io.BytesIO(workbook(sheet % ""))) as inner:
            for name in inner.namelist():
                if "sheet1" not in name:
                    z.writestr(name, inner.read(name))
        with z.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as f:
            f.write((sheet % "").split("</sheetData>")[0].encode())
            for _ in range(1500):
                f.write(b" " * (1 << 20))
    path = write(s, "bomb.xlsx", zeros.getvalue())
    child = subprocess.run(["prlimit", "--as=2000000000", PROGRAM, *s.option, "import", "person", str(path)] if "san" not in PROGRAM else
                           [PROGRAM, *s.option, "import", "person", str(path)], capture_output=True, env=environment(), timeout=60)
    check(child.returncode == 65 and child.stderr, "a zip bomb is refused", child)


@test
def the_head_elsewhere():
    s = fresh_world()
    above = "ĐẢNG ỦY XÃ HÒA HIỆP,,,,,\n,,,,,\nDANH SÁCH ĐẢNG VIÊN,,,,,\n"
    r = s("import", "person", write(s, "above.csv", above + HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,A,03/02/2010\n"))
    check(r.rc == 0 and "N1" in s.codes("person", "list"), "a head below a title is found", r)
    bad(s, write(s, "deep.csv", "\n" + "ghi chú,,,,,\n" * 200 + HEAD + "N2,Hồ Văn Hai,01/02/1990,Nam,A,03/02/2010\n"), "cột|tiêu đề")
    s.sound()


@test
def a_large_file_in_little_memory():
    """A generated CSV of 60 MB whose rows are all refused: told by row, memory does not grow with it. (A file of 2 GB was tried by hand.)"""
    s = fresh_world()
    path = s.folder / "large.csv"
    row = "L%d,Hồ Văn Lớn,01/02/1990,Nam,ZZ,03/02/2010," + "x" * 900 + "\n"
    n = int(os.environ.get("DANGBO_LARGE_ROWS") or 60000)
    with open(path, "w", encoding="utf-8") as f:
        f.write(HEAD.strip() + ",Ghi chú\n")
        for i in range(n):
            f.write(row % i)
    started = time.monotonic()
    r = s("import", "person", path, "--dry-run", timeout=900)
    check(f"{n} lỗi" in r.err and 0 < len(r.out) < 3_000_000, "refused, with the first errors", r.rc, r.err[-500:])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{path.stat().st_size / 1e6:.0f} MB in {time.monotonic() - started:.1f} s, at most {peak:.0f} MB of memory")
    check(peak < 400 or "san" in PROGRAM, "in little memory", peak)


@test
def not_by_everybody():
    s = fresh_world()
    s.ok("user", "add", "bt.a", "--person", "P1", "--password-file", "-", stdin="mật khẩu rất dài\n")
    s.add("appointment", person="P1", office="secretary", at_unit="A", since="01/01/2022")
    path = write(s, "theirs.csv", HEAD + "N1,Hồ Văn Một,01/02/1990,Nam,B,03/02/2010\n")
    before = s.dump()
    r = s("import", "person", path, as_="bt.a")
    check(r.rc in (65, 77), "not into another cell", r)
    same(different(before, s.dump()), "", "and nothing is written")
    r = s("import", "person", write(s, "own.csv", HEAD + "N2,Hồ Văn Hai,01/02/1990,Nam,A,03/02/2010\n"), as_="bt.a")
    check(r.rc == 0, "into the own one", r)
    r = s("export", "person", "--format", "csv", as_="bt.a")
    check(r.rc == 0 and "Hồ Văn Hai" in r.out and "Lê Văn An" not in r.out, "an export holds what one may see", r)


run_tests()
