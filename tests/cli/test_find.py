"""Finding and ordering: search without diacritics, the Vietnamese order of names, pages, filters."""
import random
import unicodedata

from _dangbo import check, fresh_world, refused, run_tests, same, test

# By given name, then middle names, then family name; letters before tones.
GOLDEN = ["Trần Thị An", "Nguyễn Văn An", "Lê Hoài Ân", "Phạm Văn Bảo", "Đỗ Thị Chi", "Hồ Văn Dũng", "Lý Văn Đại", "Đinh Thị Đào", "Nguyễn Văn Đức", "Bùi Thị Êm",
          "Vũ Thị Gấm", "Hoàng Thị Hoà", "Võ Văn Khoa", "Ngô Thị Lan", "Mai Văn Minh", "Tạ Thị Nga", "Cao Văn Oanh", "Dương Văn Ổn", "Lâm Thị Ơn", "Đặng Văn Phúc",
          "Trịnh Văn Quý", "Phan Thị Sen", "Tô Văn Tuấn", "Hà Thị Uyên", "Lưu Văn Ưng", "Đoàn Văn Vinh", "Châu Thị Xuân", "Kiều Thị Yến"]


def people(s, names):
    for i, name in enumerate(names):
        s.add("person", code=f"Q{i:03}", name=name, unit="D")


def found(s, text, *words):
    return s.codes("person", "list", "--search", text, *words)


@test
def search():
    s = fresh_world()
    people(s, ["Đặng Văn Hòa", "Đăng Thị Hoà", "Dang Van Hoa", "Nguyễn Đức Hòa", "Trần Hoàng Đặng"])
    for text in ("duc nguyen", "nguyen duc", "Nguyễn Đức", "NGUYEN DUC", "đức nguyễn", "duc  NGUYÊN", unicodedata.normalize("NFD", "Nguyễn Đức")):
        same(set(found(s, text)), {"P1", "Q003"}, f"{text!r}")
    same(set(found(s, "dang")), {"Q000", "Q001", "Q002", "Q004"}, "dang finds Đặng, Đăng and Dang")
    same(set(found(s, "hoa")) , {"P2", "Q000", "Q001", "Q002", "Q003", "Q004"}, "hoa finds every Hòa, and Hoàng by its beginning")
    same(set(found(s, "hòa")), set(found(s, "hoà")), "hoà and hòa are one")
    same(found(s, "hòa"), found(s, unicodedata.normalize("NFD", "hòa")), "composed or not")
    same(found(s, "Đặng")[:2], found(s, unicodedata.normalize("NFD", "Đặng"))[:2], "the exact first, composed or not")
    same(set(found(s, "Đặng")[:2]), {"Q000", "Q004"}, "exact diacritics first")
    same(found(s, "Dang Van Hoa")[0], "Q002", "a name without diacritics first when typed so")
    same(found(s, "zzz"), [], "nothing")
    same(len(found(s, "")), 10, "no words: all")
    for odd in ("'", '"', "%", "_", "*", "a OR b", "NEAR(", "\\", "fold:duc", "-duc", "(duc", ")", "duc*", "&", "|", "!", ":*"):
        r = s("person", "list", "--search", odd, "--json")
        check(r.rc == 0, f"{odd!r} is only text", r)
    same(found(s, "P1"), ["P1"], "by code")
    same(s.codes("unit", "list", "--search", "binh hoa"), ["A"], "units too")
    s.ok("person", "set", "P1", "--name", "Nguyễn Văn Lành")
    same(found(s, "duc"), ["Q003"], "a changed name is no longer found by the old")
    same(found(s, "lanh"), ["P1"], "but by the new")
    ident = s.json("person", "show", "Q003")["id"]
    s.ok("person", "remove", "Q003")
    same(found(s, "duc"), [], "what was removed is not found")
    s.ok("person", "restore", ident)
    same(found(s, "duc"), ["Q003"], "what was restored is")


@test
def order_by_given_name():
    s = fresh_world()
    mixed = GOLDEN[:]
    random.Random(1).shuffle(mixed)
    people(s, mixed)
    same([p["name"] for p in s.json("person", "list", "--unit", "D", "--search", "q")], GOLDEN, "the Vietnamese order, by given name")
    text = s.ok("person", "list", "--unit", "D", "--search", "q").out
    at = [text.index(name) for name in GOLDEN]
    check(at == sorted(at), "the same order in the table", text)
    same([p["name"] for p in s.json("person", "list", "--search", "q", "--limit", "7")], GOLDEN[:7], "and in a page")


@test
def pages():
    s = fresh_world()
    rnd = random.Random(2)
    family, middle, given = ("Nguyễn", "Trần", "Lê", "Đỗ"), ("Văn", "Thị"), ("An", "Ân", "Bình", "Đức", "Dung", "Hòa")
    rows = [f"{rnd.choice(family)} {rnd.choice(middle)} {rnd.choice(given)}" for _ in range(60)]
    path = s.folder / "people.csv"
    with open(path, "w", encoding="utf-8") as f:
        f.write("Mã hồ sơ,Họ và tên,Ngày sinh,Điện thoại,Chi bộ,Ngày vào Đảng\n")
        for i, name in enumerate(rows):
            born, phone = "" if i % 3 else 1950 + i % 7, "" if i % 4 else f"09{i % 5}"
            f.write(f"R{i:02},{name},{born},{phone},{'ABCD'[i % 4]},01/02/20{10 + i % 9}\n")
    s.ok("import", "person", path, "--keep-duplicates")
    whole = {tuple(w): s.json("person", "list", "--limit", "1000", *w) for w in
             ([], ["--sort", "born"], ["--sort", "-born"], ["--sort", "phone"], ["--sort", "-phone"], ["--sort", "admitted_on"], ["--sort", "name"], ["--sort", "-name"],
              ["--sort", "sex"], ["--search", "duc"], ["--search", "an"], ["--unit", "X1"], ["--filter", "born="], ["--filter", "phone.has=1"],
              ["--filter", "admitted_on.from=01/01/2015"], ["--filter", "admitted_on.to=31/12/2012", "--sort", "-admitted_on"])}
    for words, all_ in whole.items():
        check(len(all_) > 3, f"{words}: some rows", len(all_))
        for size in (3, 50):
            seen, after, pages_ = [], None, 0
            while pages_ < 200:
                page = s.json("person", "list", *words, "--limit", size, *(["--after", after] if after else []))
                seen += page
                pages_ += 1
                if len(page) < size:
                    break
                after = page[-1]["id"]
            same([p["id"] for p in seen], [p["id"] for p in all_], f"{words} in pages of {size}: each row once, in one order")
    born = [p["born"] for p in whole[("--sort", "born")]]
    known = [b for b in born if b]
    same((known, set(born[len(known):])), (sorted(known), {None}), "who has none comes last")
    down = [p["born"] for p in whole[("--sort", "-born")]]
    same(sorted((b for b in down if b), reverse=True), [b for b in down if b], "downward")
    check(all(p["born"] is None for p in whole[("--filter", "born=",)]), "an empty filter is those without")
    check(all(p["admitted_on"] >= "2015-01-01" for p in whole[("--filter", "admitted_on.from=01/01/2015")]), "from a day")
    check(all(p["phone"] for p in whole[("--filter", "phone.has=1")]), "those that have one")
    r = s("person", "list", "--limit", "2")
    check("--after" in r.err and "65" in r.err, "how many there are, and how to go on", r)


@test
def filters():
    s = fresh_world()
    same(sorted(s.codes("person", "list", "--filter", "name=Lê Văn An")), ["P3"], "a text as it is")
    same(sorted(s.codes("person", "list", "--filter", "sex=male")), ["P1", "P2", "P3", "P4", "P5"], "a choice by its word")
    same(sorted(s.codes("person", "list", "--filter", "sex=Nam")), ["P1", "P2", "P3", "P4", "P5"], "a choice by its label")
    same(s.codes("unit", "list", "--filter", "type=cell", "--filter", "superior=X2"), ["D"], "two conditions")
    same(s.codes("unit", "list", "--unit", "X1", "--alone"), ["X1"], "the unit alone")
    same(sorted(s.codes("unit", "list", "--unit", "X1")), ["A", "B", "C", "X1"], "and all below")
    refused(s("unit", "list", "--filter", "type=castle"), 64, "castle")
    refused(s("person", "list", "--filter", "admitted_on=31/02/2020"), 64, "31/02/2020")
    refused(s("person", "list", "--unit", "ZZ"), 1, "ZZ", "unit list")


run_tests()
