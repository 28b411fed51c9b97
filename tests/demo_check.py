#!/usr/bin/env python3
"""Counts the demo's files with a reader of its own: totals of the articles, references, numbers, named office-holders, and
whether tools/demo_files.py still writes the same files. demo_check.py [FOLDER]"""
import collections
import csv
import datetime
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import xml.etree.ElementTree as ET
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
D = datetime.date
EVER, OPEN = D(1, 1, 1), D(9999, 1, 1)
X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
AS_OF = {"HH": D(2018, 8, 5), "YS": D(2019, 1, 15), "HL": D(2019, 1, 10), "NT": D(2023, 9, 18)}
passed, failures = 0, []


def check(ok, what):
    global passed
    if ok:
        passed += 1
    else:
        failures.append(what)


def equal(got, wanted, what):
    check(got == wanted, f"{what}: {got}, not {wanted}")


# --- reading ----------------------------------------------------------------------------------------

def read_xlsx(data):
    """Rows of text, numbers and days, as a spreadsheet shows them."""
    z = zipfile.ZipFile(io.BytesIO(data))
    strings = ["".join(t.text or "" for t in si.iter(X + "t")) for si in ET.fromstring(z.read("xl/sharedStrings.xml"))]
    styles = [xf.get("numFmtId") for xf in ET.fromstring(z.read("xl/styles.xml")).find(X + "cellXfs")]
    for row in ET.fromstring(z.read("xl/worksheets/sheet1.xml")).iter(X + "row"):
        cells = {}
        for c in row:
            v = c.find(X + "v")
            if v is None:
                continue
            column = 0
            for ch in re.match("[A-Z]+", c.get("r"))[0]:
                column = column * 26 + ord(ch) - 64
            if c.get("t") == "s":
                value = strings[int(v.text)]
            elif styles[int(c.get("s", 0))] == "164":
                value = D(1899, 12, 30) + datetime.timedelta(days=int(v.text))
            else:
                value = v.text
            cells[column - 1] = value
        yield [cells.get(i) for i in range(max(cells, default=-1) + 1)]


OLD = {0xA1 + i: ch for i, ch in enumerate("ĂÂÊÔƠƯĐăâêôơưđ······àảãáạ·ằẳẵắ·······ặầẩẫấậè·ẻẽéẹềểễếệìỉ···ĩíịò·ỏõóọồổỗốộờởỡớợù·ủũúụừửữứựỳỷỹýỵ") if ch != "·"}


def read_csv(data):
    if data.startswith(b"\xef\xbb\xbf"):
        text = data[3:].decode()
    else:
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = "".join(OLD.get(b, chr(b)) for b in data)
    text = unicodedata.normalize("NFC", text)
    head = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count)))


def fold(s):
    s = unicodedata.normalize("NFD", str(s).lower().replace("đ", "d"))
    return " ".join(re.findall(r"[0-9a-z]+", "".join(ch for ch in s if not unicodedata.combining(ch))))


def day(v):
    if v is None or isinstance(v, D):
        return v
    if re.fullmatch(r"\d{4}", v):
        return D(int(v), 1, 1)
    d, m, y = map(int, v.split("/"))
    return D(y, m, d)


# --- what the program would understand ---------------------------------------------------------------

def kinds():
    """Heads of columns of every kind, and which fields must be there: read from the declarations in src/party."""
    out = {}
    for path in sorted((ROOT / "src/party").rglob("*.c")):
        for kind, name, rest in re.findall(r"^    [A-Z]+\((\w+), (\w+), (.*)\),$", path.read_text(), re.M):
            label = re.search(r'\.label = \{"([^"]*)", "([^"]*)"\}', rest)
            also = re.search(r'\.also = "([^"]*)"', rest)
            heads = [name, *label.groups()] + (also[1].split("|") if also else [])
            out.setdefault(kind, {})[name] = {"heads": {fold(h) for h in heads}, "required": "REQUIRED" in rest, "readonly": "READONLY" in rest}
    return out


class Rule:
    """A cell's words to the code of an item, as the program does it: the set in force today first, then the others."""

    def __init__(self, name):
        sets = json.loads((ROOT / f"rules/{name}.json").read_text())["sets"]
        self.items, self.words = {}, {}
        for one in sorted(sets, key=lambda s: s["until"] is not None):
            for item in one["items"]:
                for word in (item["code"], item["vi"], item["en"], *item.get("also", ())):
                    self.words.setdefault(fold(word), item["code"])
        for one in sets:
            for item in one["items"]:
                self.items.setdefault(item["code"], item)

    def code(self, word):
        return self.words.get(fold(word))


RULES = {"type": "unit_type", "level": "level", "ethnicity": "ethnicity", "schooling": "schooling", "qualification": "qualification", "theory": "theory",
         "office": "office", "began": "appointment_begin", "ended": "appointment_end"}
ENUMS = {("person", "sex"): {"nam": "male", "nu": "female"},
         ("duty", "sort"): {"phu trach don vi": "unit", "phu trach linh vuc": "field", "phu trach ho gia dinh": "households"}}
DAYS = {"born", "founded_on", "admitted_on", "official_on", "cell_since", "since", "until", "congress_on", "decided_on"}
IGNORED = {"stt", "dong chi", "ten don vi", "noi sinh hoat", "ten goi chi bo", "ten dang bo chi bo", "ten don vi duoc phu trach"}


class Reader:
    def __init__(self, folder):
        self.folder, self.kinds, self.rules = folder, kinds(), {f: Rule(r) for f, r in RULES.items()}
        self.field_rule = Rule("duty_field")

    def head(self, kind, rows):
        """The row most of whose cells are heads, as {column: field}."""
        best = (0, 0, {})
        for at, row in enumerate(rows[:15]):
            columns = {i: f for i, h in enumerate(row) if h for f, what in self.kinds[kind].items() if fold(h) in what["heads"] and not what["readonly"]}
            if len(columns) > best[0]:
                best = (len(columns), at, columns)
        return best[1], best[2]

    def value(self, kind, name, v, where):
        if name in DAYS:
            return day(v)
        if (kind, name) in ENUMS:
            check(fold(v) in ENUMS[kind, name], f"{where}: {name} {v}")
            return ENUMS[kind, name].get(fold(v))
        rule = self.field_rule if (kind, name) == ("duty", "field") else self.rules.get(name)
        if rule:
            check(rule.code(v) is not None, f"{where}: {name} {v}")
            return rule.code(v)
        return v

    def read(self, kind, file):
        data = (self.folder / file).read_bytes()
        rows = list(read_xlsx(data) if file.endswith(".xlsx") else read_csv(data))
        at, columns = self.head(kind, rows)
        check(len(set(columns.values())) == len(columns), f"{file}: two columns for one field")
        check({f for f, what in self.kinds[kind].items() if what["required"]} - set(columns.values()) <= {"sort"} if kind == "unit" else
              {f for f, what in self.kinds[kind].items() if what["required"]} <= set(columns.values()), f"{file}: a column is missing: {columns}")
        check({fold(h) for i, h in enumerate(rows[at]) if h and i not in columns} <= IGNORED, f"{file}: heads that mean nothing: {rows[at]}")
        check(not file.endswith(".xlsx") or at >= 4, f"{file}: no title above the head")
        out = []
        for n, row in enumerate(rows[at + 1:], at + 2):
            record = {f: self.value(kind, f, row[i], f"{file}:{n}") if i < len(row) and row[i] not in (None, "") else None for i, f in columns.items()}
            out.append(dict(record, where=f"{file}:{n}"))
        return out


# --- checks --------------------------------------------------------------------------------------------

def check_units(units, types):
    seen = {}
    for u in units:
        at, above = u["where"], seen.get(u["superior"])
        check(u["code"] not in seen, f"{at}: code {u['code']} twice")
        check(not u["superior"] or above, f"{at}: superior {u['superior']} is not above")
        kind = types.items[u["type"]]
        check(not above or above["type"] in kind["under"], f"{at}: {u['type']} under {above and above['type']}")
        check(not above or (u.get("founded_on") or OPEN) >= (above.get("founded_on") or EVER), f"{at}: older than its superior")
        check(not u.get("serves") or (u["serves"] in seen and types.items[seen[u["serves"]]["type"]]["sort"] == "area"), f"{at}: serves {u.get('serves')}")
        seen[u["code"]] = u
    return seen


def check_person(p, units, types, provinces):
    at, asof, cell = p["where"], AS_OF[p["code"][:2]], units.get(p["cell"])
    check(cell and types.items[cell["type"]].get("holds_members"), f"{at}: cell {p['cell']}")
    since = p["cell_since"] or p["admitted_on"]
    check(cell and cell["founded_on"] <= since <= asof, f"{at}: in the cell since {since}, founded {cell and cell['founded_on']}")
    check(18 * 365.25 <= (p["admitted_on"] - p["born"]).days + 0.5 <= 60 * 366 and p["admitted_on"] < asof, f"{at}: admitted {p['admitted_on']}, born {p['born']}")
    check(20 * 365 <= (asof - p["born"]).days <= 87 * 366, f"{at}: born {p['born']}")
    probation = (asof - p["admitted_on"]).days <= 366
    check(p["official_on"] <= asof and (p["official_on"] - p["admitted_on"]).days >= 364 if p["official_on"] else probation, f"{at}: official {p['official_on']}")
    check(not p["card_number"] or (re.fullmatch(r"\d{8}", p["card_number"]) and p["official_on"]), f"{at}: card {p['card_number']}")
    check(not p["dossier_number"] or re.fullmatch(r"\d{6}\w{1,3}", p["dossier_number"]), f"{at}: dossier {p['dossier_number']}")
    check(not p["phone"] or re.fullmatch(r"0100\d{6}", p["phone"]), f"{at}: telephone {p['phone']}")
    s = p["cccd"]
    if s:
        year = 1900 + int(s[3]) // 2 * 100 + int(s[4:6])
        check(re.fullmatch(r"\d{12}", s) and s[:3] in provinces and year == p["born"].year and (int(s[3]) % 2 == 1) == (p["sex"] == "female"), f"{at}: id {s}")


def check_people(people, units, types):
    provinces = {i["number"] for i in json.loads((ROOT / "rules/cccd_province.json").read_text())["sets"][0]["items"]}
    for p in people:
        check_person(p, units, types, provinces)
    for name, key in (("code", lambda p: p["code"]), ("name and birth", lambda p: (fold(p["name"]), p["born"])), ("id number", lambda p: p["cccd"]),
                      ("card", lambda p: p["card_number"]), ("dossier", lambda p: p["dossier_number"]), ("telephone", lambda p: p["phone"])):
        counted = collections.Counter(key(p) for p in people if key(p))
        check(max(counted.values()) == 1, f"{name} twice: {counted.most_common(3)}")
    official = collections.Counter(p["cell"] for p in people if p["official_on"])
    for code, u in units.items():
        if types.items[u["type"]].get("holds_members"):
            check(official[code] >= 3, f"{code}: {official[code]} official members")
    for locality in AS_OF:
        own = [p for p in people if p["code"].startswith(locality)]
        women = sum(p["sex"] == "female" for p in own) / len(own)
        check(0.25 <= women <= 0.35, f"{locality}: {women:.3f} are women")
        check(any(not p["official_on"] for p in own), f"{locality}: nobody on probation")
    names = {p["name"] for p in people}
    check(not names & {"Đinh Thị Thảo", "Nguyễn Chiến", "Phạm Văn Trường", "Trần Vân Anh"}, "a private citizen is in the files")


def overlap(a, b):
    return (a["since"] or EVER) < (b["until"] or OPEN) and (b["since"] or EVER) < (a["until"] or OPEN)


def check_posts(posts, people, units, offices):
    held = collections.defaultdict(list)
    for a in posts:
        person = people.get(a["person"])
        check(person and a["at_unit"] in units, f"{a['where']}: {a['person']} at {a['at_unit']}")
        ready = person and person["admitted_on" if offices.items[a["office"]]["sort"] == "mass" else "official_on"]
        check(ready and a["since"] >= ready, f"{a['where']}: in office since {a['since']}, ready on {ready}")
        check(bool(a.get("ended")) <= bool(a.get("until")), f"{a['where']}: a reason without a day")
        area = offices.items[a["office"]].get("residential")
        check(not area or units.get(a["at_unit"], {}).get("type") in ("village", "quarter", "xom", "residential_group"), f"{a['where']}: {a['office']} at {a['at_unit']}")
        held[a["at_unit"], a["office"]].append(dict(a, until=a.get("until")))
    for (unit, office), own in held.items():
        for i, a in enumerate(own):
            for b in own[:i]:
                check(not overlap(a, b) or (a["person"] != b["person"] and not offices.items[office].get("single")), f"{a['where']}: {office} at {unit} held twice")


def check_rest(terms, duties, people, units):
    by_unit = collections.defaultdict(list)
    for t in terms:
        check(t["of_unit"] in units, f"{t['where']}: {t['of_unit']}")
        t["until"] = t.get("until")
        check(not any(overlap(t, o) for o in by_unit[t["of_unit"]]), f"{t['where']}: terms overlap")
        by_unit[t["of_unit"]].append(t)
    check(len({t["code"] for t in terms}) == len(terms), "a term's code twice")
    for d in duties:
        check(d["person"] in people and d["by_unit"] in units, f"{d['where']}: {d['person']} by {d['by_unit']}")
        needs = {"unit": "target", "field": "field", "households": "households"}[d["sort"]]
        check(d.get(needs) and (needs != "target" or d["target"] in units), f"{d['where']}: {needs} {d.get(needs)}")


def below(code, units):
    return {c for c in units if c == code or c.startswith(code + ".")}


def members(people, cells, on):
    return [p for p in people if p["cell"] in cells and (p["cell_since"] or p["admitted_on"]) <= on]


def check_totals(people, units, types):
    for code, on, total in (("HH", AS_OF["HH"], 221), ("YS", AS_OF["YS"], 9141), ("HL", AS_OF["HL"], 430), ("NT", AS_OF["NT"], 3150)):
        for later in (on, D(2026, 1, 1)):
            equal(len(members(people, below(code, units), later)), total, f"members of {code} on {later}")
    level = {c: types.items[u["type"]].get("level") for c, u in units.items()}
    under = collections.Counter((u["superior"], level[c]) for c, u in units.items())
    equal(under["HH", "below_base"], 20, "cells of Hiệp Hòa")
    equal(under["HL", "below_base"], 11, "cells of Hà Lầm")
    equal(sum(units[c]["superior"] == "HL" and units.get(u["serves"], {}).get("type") == "quarter" for c, u in units.items() if u.get("serves")), 6, "cells of quarters in Hà Lầm")
    equal(under["YS", "base"], 55, "base organisations directly under Yên Sơn")
    equal(under["NT", "base"], 42, "base organisations directly under Nam Trực")
    equal(sum(u["type"] == "village" and c.startswith("HH.") for c, u in units.items()), 16, "villages of Hiệp Hòa")
    equal(sum(u["superior"] == "YS.TB" and u.get("serves") is not None for u in units.values()), 10, "village cells of Tiến Bộ")
    names = {u["name"] for c, u in units.items() if u["superior"] == "YS.TB"}
    for village in ("Thống Nhất", "Đèo Tượng", "Đèo Trám", "Tân Biên 2", "Ngòi Cái", "Rạp"):
        check(f"Chi bộ thôn {village}" in names, f"no cell of {village}")
    check(any(u["name"] == "Chi bộ thôn Lập Thành" and u["superior"] == "YS.MB" for u in units.values()), "no cell of Lập Thành")
    bodies = [u for c, u in units.items() if re.fullmatch(r"YS\.TB\.(HDND|UBND|MTTQ|DTN|HPN|HND|HCCB|CB\d\d)", c)]
    equal(len(bodies), 22, "collectives of Tiến Bộ")


def check_admissions(people):
    def admitted(prefix, first, last):
        return sum(p["cell"].startswith(prefix) and first <= p["admitted_on"] <= last for p in people)

    for first, last in ((D(2015, 7, 1), D(2017, 12, 31)), (D(2015, 6, 18), D(2017, 12, 17)), (D(2015, 1, 1), D(2018, 6, 30))):
        equal(admitted("YS.CS.", first, last), 30, f"admissions of Chân Sơn from {first} to {last}")
    check(all(not p["cell_since"] for p in people if p["cell"].startswith("YS.CS.") and D(2015, 1, 1) <= p["admitted_on"] <= D(2018, 6, 30)), "admitted elsewhere")
    equal([admitted("NT", D(y, 1, 1), D(y, 12, 31)) for y in (2020, 2021, 2022, 2023)], [78, 83, 79, 57], "admissions of Nam Trực")
    equal(round(admitted("NT", D(2020, 7, 25), D(2023, 9, 18)) / ((D(2023, 9, 18) - D(2020, 7, 25)).days / 365.2425)), 80, "admissions a year of Nam Trực")
    rising = [admitted("HH", D(y, 1, 1), D(y, 12, 31)) for y in range(2014, 2019)]
    check(rising == sorted(set(rising)), f"admissions of Hiệp Hòa do not rise: {rising}")


NAMED = [("Nguyễn Thái Sơn", "HH", "secretary"), ("Nguyễn Thái Sơn", "HH.HDND", "people_council_chair"),
         ("Nhữ Hùng Thông", "YS.TCNV", "organisation_home_deputy_head"), ("Đoàn Khắc Mười", "YS.KP", "secretary"),
         ("Phạm Đăng Định", "YS.CS", "standing_deputy_secretary"), ("Lý Công Nguyên", "Chi bộ thôn Làng Chẩu 1", "secretary"),
         ("Nguyễn Văn Đủ", "HL", "deputy_secretary"), ("Nguyễn Văn Đủ", "HL.HDND", "people_council_chair"),
         ("Lê Thị Hồng Ánh", "NT.BTC", "organisation_head"), ("Vũ Quang Đảm", "YS.TB", "secretary"), ("Vũ Quang Đảm", "YS.TB.UBND", "people_committee_chair"),
         ("La Văn Kiều", "Chi bộ thôn Thống Nhất", "secretary"), ("La Văn Kiều", "Thôn Thống Nhất", "village_head")]


def check_named(posts, people, units):
    for name, where, office in NAMED:
        found = [a for a in posts if people.get(a["person"], {}).get("name") == name and a["office"] == office and not a.get("until") and
                 (a["at_unit"] == where or (units.get(a["at_unit"], {}).get("name") == where and a["at_unit"][:5] in ("YS.TB", "YS.TQ")))]
        equal(len(found), 1, f"{name}, {office} at {where}")
        own = [p for p in people.values() if p["name"] == name]
        check(len(own) == 1 and not any(own[0][f] for f in ("cccd", "phone", "card_number", "dossier_number", "ethnicity")), f"{name}: numbers made up for a real name")
    for office, unit, others in (("deputy_secretary", "HH", {("people_committee_chair", "HH.UBND")}),
                                 ("deputy_secretary", "HH", {("inspection_chair", "HH.UBKT"), ("mobilisation_head", "HH.DV")})):
        holders = {a["person"] for a in posts if a["office"] == office and a["at_unit"] == unit}
        check(any(others <= {(a["office"], a["at_unit"]) for a in posts if a["person"] == h} for h in holders), f"nobody holds {office} with {others}")
    both = 0
    for code, u in units.items():
        if code.startswith("HH.CB") and u.get("serves"):
            holders = [{a["person"] for a in posts if a["office"] == o and a["at_unit"] == at} for o, at in (("secretary", code), ("village_head", u["serves"]))]
            both += holders[0] == holders[1] and len(holders[0]) == 1
    equal(both, 16, "villages of Hiệp Hòa whose head is the secretary")
    equal(len({a["person"] for a in posts if a["began"] in ("rotated", "seconded") and re.fullmatch(r"NT\.\w+(\.UBND)?", a["at_unit"])}), 4, "sent to communes of Nam Trực")
    tien_bo = {a["person"] for a in posts if re.fullmatch(r"YS\.TB(\.(?!CB|T\d)\w+)?", a["at_unit"]) and not a.get("until")}
    check(len(tien_bo) >= 32, f"{len(tien_bo)} hold offices of Tiến Bộ")


def check_duties(duties, posts, units):
    def committee(unit):
        ranks = ("secretary", "standing_deputy_secretary", "deputy_secretary", "standing_member", "committee_member")
        return {a["person"] for a in posts if a["office"] in ranks and a["at_unit"] == unit and not a.get("until")}

    def cells(unit):
        return {c for c, u in units.items() if u["superior"] == unit and c.startswith(unit + ".CB")}

    for unit in ("HH", "HL", "YS.KP", "YS.TB"):
        own = [d for d in duties if d["by_unit"] == unit and not d.get("until")]
        equal({d["target"] for d in own if d["sort"] == "unit"}, cells(unit), f"cells of {unit} looked after")
        equal(len(committee(unit)), 15, f"committee members of {unit}")
        equal({d["person"] for d in own} & committee(unit), committee(unit), f"committee members of {unit} with a duty")
    equal(len({d["target"] for d in duties if d["by_unit"] == "YS" and d["sort"] == "unit"}), 55, "organisations of Yên Sơn looked after")
    check(sum(d["sort"] == "households" for d in duties) > 100, "no household groups in Kim Phú")
    check({d["until"] for d in duties if d["by_unit"] == "HL"} == {None, D(2018, 6, 15)}, "duties of Hà Lầm were not renewed")


def same(a, b):
    """The same bytes, or the same parts packed by another zlib."""
    if a == b:
        return True
    if not a.startswith(b"PK"):
        return False
    x, y = (zipfile.ZipFile(io.BytesIO(d)) for d in (a, b))
    return x.namelist() == y.namelist() and all(x.read(n) == y.read(n) for n in x.namelist())


def check_files(folder, listed):
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    check(set(files) == set(listed) | {"README.md", "order.txt"}, f"files and order.txt differ: {set(files) ^ set(listed)}")
    size = sum(p.stat().st_size for p in files.values())
    check(size < 2_500_000, f"{size} bytes")
    with tempfile.TemporaryDirectory() as again:
        subprocess.run([sys.executable, "-B", ROOT / "tools/demo_files.py", again], check=True)
        for name in [*listed, "order.txt"]:
            check(same(files[name].read_bytes(), (pathlib.Path(again) / name).read_bytes()), f"{name}: tools/demo_files.py writes another")


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "demo"
    order = [line.split("\t") for line in (folder / "order.txt").read_text().splitlines() if line and not line.startswith("#")]
    reader, got = Reader(folder), collections.defaultdict(list)
    for kind, file in order:
        got[kind] += reader.read(kind, file)
    types, offices = reader.rules["type"], reader.rules["office"]
    units = check_units(got["unit"], types)
    check_people(got["person"], units, types)
    people = {p["code"]: p for p in got["person"]}
    check_posts(got["appointment"], people, units, offices)
    check_rest(got["term"], got["duty"], people, units)
    check_totals(got["person"], units, types)
    check_admissions(got["person"])
    check_named(got["appointment"], people, units)
    check_duties(got["duty"], got["appointment"], units)
    check(any(t["of_unit"] == "NT" and t["congress"] == "26" and t["name"] == "2020-2025" for t in got["term"]), "no congress XXVI of Nam Trực")
    check_files(folder, [file for _, file in order])
    for what in failures[:60]:
        print(what)
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


sys.exit(main())
