"""The district Yên Sơn of the demo, as of 15/01/2019, and its commune Tiến Bộ two years later. District parts are shared with
Nam Trực."""
import datetime

import demo_places as places
from demo_locality import (DISTRICT_RANKS, Locality, Organisation, Role, add_agency, add_bodies, add_commune, apportion, cell_posts, commune_roles,
                           committee_posts, fill, look_after, ready, reserve_leaders, settle, share_fields)

D = datetime.date


def spread(loc, cells, days, more):
    """Admissions on these days, in turn to cells that have room; `more` gives what else each person is."""
    cells = loc.rng.shuffled(cells)
    at = 0
    for day in days:
        while len(cells[at % len(cells)].roles) + len(cells[at % len(cells)].admissions) >= cells[at % len(cells)].size:
            at += 1
        cells[at % len(cells)].admissions.append((day, more()))
        at += 1


def yen_son_communes(loc):
    names = places.YEN_SON_VILLAGE_NAMES
    communes = {}
    for code, name, n, ethnic in places.YEN_SON:
        form = "thị trấn" if code == "TBI" else "xã"
        fixed = places.YEN_SON_VILLAGES.get(code, [])
        more = [v for v in loc.rng.shuffled(names) if v not in fixed][: n - len(fixed)]
        villages = [("Tổ dân phố", str(i)) for i in range(1, n + 1)] if code == "TBI" else [("Thôn", v) for v in fixed + more]
        others = [("Trường Mầm non", "school"), ("Trường Tiểu học", "school"), ("Trường Trung học cơ sở", "school"), ("Trạm Y tế", "health")]
        if code == "TB":
            others.append(("Công an - Quân sự", "guard"))
        elif n >= 13:
            others.insert(0, ("Cơ quan xã", "office"))
        loc.head_word = "Tổ trưởng tổ dân phố" if code == "TBI" else "Trưởng thôn"
        communes[code] = add_commune(loc, f"YS.{code}", name, form, "YS", "YS.H", villages, others, ethnic)
        communes[code].form = form
    return communes


def district_units(loc, code, name, above, founded, organs):
    area = loc.unit(f"{code}.H", f"Huyện {name}", "Huyện", f"{above}.DP")
    add_bodies(loc, code, area, "huyện", name)
    unit = loc.unit(code, f"Đảng bộ huyện {name}", "Huyện ủy", above, founded, serves=area.code)
    for suffix, title, kind in organs:
        loc.unit(f"{code}.{suffix}", f"{title} Huyện ủy {name}" if suffix != "TCNV" else f"{title} huyện {name}", kind, code, founded)
    return Organisation(code, name, unit, [], area)


def district_roles(organisation, named):
    """`organisation` is the word and the suffix of the organisation board; `named` are (place in the list, name, sex, posts)."""
    word, suffix = organisation
    roles = [
        Role("BT"), Role("PBTTT", (("Chủ tịch HĐND", "HDND", "Bầu"),)), Role("PBT", (("Chủ tịch UBND", "UBND", "Bầu"),)),
        Role("BTV", ((f"Trưởng {word}", suffix, "Phân công"),)), Role("BTV", (("Trưởng Ban Tuyên giáo", "BTG", "Phân công"),)),
        Role("BTV", (("Trưởng Ban Dân vận", "BDV", "Phân công"), ("Chủ tịch UBMTTQ", "MTTQ", "Bầu"))), Role("BTV", (("Chủ nhiệm UBKT", "UBKT", "Chuẩn y"),)),
        Role("BTV", (("Phó Chủ tịch UBND", "UBND", "Bầu"),)), Role("BTV", (("Phó Chủ tịch HĐND", "HDND", "Bầu"),)), Role("UV", (("Chánh Văn phòng", "VPHU", "Bổ nhiệm"),)),
        Role("UV", (("Phó Chủ tịch UBND", "UBND", "Bầu"),)), Role("UV", (("Bí thư Đoàn Thanh niên", "DTN", "Bầu"),), {"ages": (30, 36)}),
        Role("UV", (("Chủ tịch Hội Phụ nữ", "HPN", "Bầu"),), {"sex": "Nữ"}), Role("UV", (("Chủ tịch Hội Nông dân", "HND", "Bầu"),)),
        Role("UV", (("Chủ tịch Hội CCB", "HCCB", "Bầu"),), {"sex": "Nam", "ages": (52, 60)}), Role(None, ((f"Phó Trưởng {word}", suffix, "Bổ nhiệm"),)),
        Role(None, (("Phó Trưởng Ban Tuyên giáo", "BTG", "Bổ nhiệm"),)), Role(None, (("Phó Trưởng Ban Dân vận", "BDV", "Bổ nhiệm"),)),
        Role(None, (("Phó chủ nhiệm UBKT", "UBKT", "Bầu"),)), Role(None, (("Ủy viên UBKT", "UBKT", "Bầu"),)), Role(None, (("Phó Chánh Văn phòng", "VPHU", "Bổ nhiệm"),)),
        Role("BTV", (("Trưởng Công an", "CA", "Bổ nhiệm"),), {"sex": "Nam"}), Role("BTV", (("Chỉ huy trưởng quân sự", "QS", "Bổ nhiệm"),), {"sex": "Nam"}),
    ]
    at, name, sex, posts, rank = named
    roles[at].named, roles[at].rank, roles[at].person["sex"] = name, rank, sex
    roles[at].posts = posts
    return roles


def settle_district(loc, agencies, roles):
    """Party offices at the Party's agency, state offices at the people's committee's, police and military at their own."""
    state = [r for r in roles if any(suffix in ("UBND", "HDND") for _, suffix, *_ in r.posts)]
    guard = roles[-2:]
    settle([r for r in roles if r not in state and r not in guard], agencies["CQHU"].cells)
    settle(state, agencies["CQUB"].cells)
    settle(guard[:1], agencies["CAH"].cells)
    settle(guard[1:], agencies["QSH"].cells)


CONGRESS_YS = D(2015, 8, 12)
NAMED_YS = {"KP": "Đoàn Khắc Mười", "CS": "Phạm Đăng Định"}


def yen_son_plan(code):
    if code == "KP":
        return [Role("BT", (), {"sex": "Nam"}, named=NAMED_YS[code])]
    if code == "CS":
        return [Role("BT", (("Chủ tịch HĐND", "HDND", "Bầu"),)), Role("PBTTT", (), {"sex": "Nam"}, named=NAMED_YS[code])]
    if code == "TB":
        return [Role("BT", (("Chủ tịch UBND", "UBND", "Bầu"),), {"sex": "Nam"}, named="Vũ Quang Đảm"), Role("PBTTT", (("Chủ tịch HĐND", "HDND", "Bầu"),)),
                Role("BTV", (("Chủ nhiệm UBKT", "UBKT", "Chuẩn y"),)), Role("BTV", (("Chủ tịch UBMTTQ", "MTTQ", "Bầu"),)), Role("BTV", (("Phó Chủ tịch UBND", "UBND", "Bầu"),))]
    return []


def chan_son_admissions(loc, org):
    """Thirty in the first half of the term, and none else from 2015 to the middle of 2018. Young, many of them women, many in the militia."""
    loc.windows["YS.CS."] = [(D(2015, 1, 1), D(2018, 6, 30))]
    works = ["Nông dân, dân quân tự vệ", "Nông dân", "Dự bị động viên", "Giáo viên", "Nông dân"]
    days = sorted(loc.rng.day(D(2015, 7, 5), D(2017, 12, 8)) for _ in range(30))
    spread(loc, org.cells, days, lambda: {"ages": (21, 37), "women": 46, "work": loc.rng.pick(works)})


def chan_son_branches(loc, org):
    """Heads of the youth branch or of the women's branch of the village, from those admitted in the term."""
    done = set()
    for cell in org.cells:
        for p in cell.people:
            suffix, title, kind, office = ("PN", "Chi hội Phụ nữ", "Hội Liên hiệp Phụ nữ", "Chi hội trưởng Phụ nữ") if p["sex"] == "Nữ" else (
                "CD", "Chi đoàn", "Đoàn Thanh niên", "Bí thư chi đoàn")
            if cell.village and D(2015, 7, 1) <= p["admitted"] <= D(2017, 12, 31) and p["age"] <= 37 and (cell.village.code, suffix) not in done:
                done.add((cell.village.code, suffix))
                u = loc.unit(f"{cell.village.code}.{suffix}", f"{title} {cell.unit.name[8:]}", kind, cell.village.code)
                loc.post(p, office, u.code, loc.rng.day(D(2018, 1, 10), D(2018, 6, 20)), "Bầu")


def kim_phu_duties(loc, org, roles):
    members = [r for r in roles if r.rank]
    since = D(2015, 7, 20)
    look_after(loc, org.code, members, [c.unit.code for c in org.cells], since, "06-QĐ/ĐU")
    share_fields(loc, org.code, members, since, "06-QĐ/ĐU")
    for cell in org.cells:
        group = 0
        for p in cell.people:
            if cell.village and p["official"] and p["age"] <= 70:
                group += 1
                loc.duty(p, cell.unit.code, "Phụ trách hộ gia đình", D(2018, 1, 15), households=f"Nhóm {group}: {loc.rng.between(5, 14)} hộ")


def tien_bo(loc, org, roles):
    """What the article of 2022 tells of Tiến Bộ stands in files of its own, made two years after those of the district."""
    later = Locality.__new__(Locality)
    later.__dict__.update(loc.__dict__, terms=[], posts=[], duties=[])
    old, new = D(2015, 6, 5), D(2020, 5, 28)
    later.term(org.unit, "2015-2020", 19, old, old, new)
    later.term(org.unit, "2020-2025", 20, new, new)
    before = [Role("BT", ()), Role("PBT", (("Chủ tịch UBND", "UBND", "Bầu"),))]
    before[0].holder, before[1].holder = (r.holder for r in org.former)
    committee_posts(later, org, before + roles[1:15], old, D(2016, 6, 22), until=new, why="Hết nhiệm kỳ")
    committee_posts(later, org, roles + org.heads, new, D(2020, 6, 30))
    cell_posts(later, org.cells)
    members = [r for r in roles if r.rank]
    look_after(later, org.code, members[1:], [c.unit.code for c in org.cells], D(2020, 6, 15), "08-QĐ/ĐU")
    share_fields(later, org.code, members, D(2020, 6, 15), "08-QĐ/ĐU")
    for cell in org.cells[:3]:
        later.duty(roles[0].holder, org.code, "Phụ trách đơn vị", D(2021, 1, 15), target=cell.unit.code, decision="21-QĐ/ĐU", decided=D(2021, 1, 12),
                   content="Nâng cao chất lượng sinh hoạt chuyên đề: dự sinh hoạt, hướng dẫn chọn nội dung")
    return later


def tien_bo_roles(loc, org):
    """Beside the committee: heads of schools and of the health station, deputies of the mass bodies, and who left office in 2020."""
    for suffix, title, i in (("MN", "Trường Mầm non", 10), ("TH", "Trường Tiểu học", 11), ("THCS", "Trường Trung học cơ sở", 12), ("YT", "Trạm Y tế", 13)):
        loc.unit(f"{org.code}.{suffix}", f"{title} {org.name}", "Đơn vị sự nghiệp công lập", f"{org.code}.UBND")
        head = Role(None, (("Trưởng trạm y tế" if suffix == "YT" else "Hiệu trưởng", suffix, "Bổ nhiệm"),), {"ages": (38, 54), "seasoned": D(2014, 1, 1)})
        org.cells[i].roles.append(head)
        org.heads.append(head)
    deputies = [("Phó Chủ tịch UBMTTQ", "MTTQ", None), ("Phó Bí thư Đoàn", "DTN", None), ("Phó Chủ tịch Hội Phụ nữ", "HPN", "Nữ"), ("Phó Chủ tịch Hội Nông dân", "HND", None),
                ("Phó Chủ tịch Hội CCB", "HCCB", "Nam"), ("Phó Trưởng Công an xã", "CA", "Nam"), ("Ủy viên UBND", "UBND", None), ("Ủy viên UBND", "UBND", None),
                ("Ủy viên UBND", "UBND", None), ("Ủy viên UBKT", "UBKT", None), ("Văn thư Đảng ủy", "", None)]
    more = [Role(None, ((office, suffix, "Bầu" if suffix not in ("CA", "") else "Phân công"),), {"sex": sex} if sex else {}) for office, suffix, sex in deputies]
    org.former = [Role(None, (), {"ages": (59, 63), "sex": "Nam"}), Role(None, (), {"ages": (58, 60), "sex": "Nam"})]
    return more


def yen_son_commune_people(loc, code, org):
    """Office-holders of a commune; returns the roles of its committee and what stands beside."""
    congress = D(2015, 6, 18) if code == "CS" else loc.rng.day(D(2015, 5, 8), D(2015, 6, 30))
    roles = commune_roles(org.form, yen_son_plan(code))
    org.heads = []
    if code == "TB":
        roles += tien_bo_roles(loc, org)
        ready(loc, org.former, congress, "Hưu trí")
        loc.cell_since = (D(2020, 1, 20), D(2020, 2, 26))
    ready(loc, roles, congress, "Cán bộ, công chức xã")
    villages = [c for c in org.cells if c.village]
    office = [c for c in org.cells if c.kind == "office"]
    settle(roles[:6], office or villages)
    settle(roles[6:], villages)
    if code == "TB":
        settle(org.former, villages[5:])
    for cell in org.cells:
        named = {"Chi bộ thôn Làng Chẩu 1": "Lý Công Nguyên"}.get(cell.unit.name) if code == "TQ" else None
        if code == "TB" and cell.unit.name == "Chi bộ thôn Thống Nhất":
            named = "La Văn Kiều"
        loc.head_word = "Tổ trưởng tổ dân phố" if code == "TBI" else "Trưởng thôn"
        reserve_leaders(loc, cell, single=named == "La Văn Kiều", named=named)
    loc.cell_since = (D(2017, 7, 1), D(2017, 8, 20))
    return congress, roles


def yen_son(registry):
    loc = Locality(registry, "YS", D(2019, 1, 15), "TQ", "008", 30000, "Yên Sơn", "Tuyên Quang", width=5)
    district = district_units(loc, "YS", "Yên Sơn", "TQ", D(1946, 10, 2), [
        ("VPHU", "Văn phòng", "Văn phòng cấp ủy"), ("UBKT", "Ủy ban kiểm tra", "Ủy ban kiểm tra"), ("TCNV", "Cơ quan Tổ chức - Nội vụ", "Cơ quan Tổ chức - Nội vụ"),
        ("BTG", "Ban Tuyên giáo", "Ban Tuyên giáo"), ("BDV", "Ban Dân vận", "Ban Dân vận")])
    communes = yen_son_communes(loc)
    rural = list(loc.cells)
    agencies = {a[0]: add_agency(loc, f"YS.{a[0]}", *a[1:], "YS", places.LOW) for a in places.YEN_SON_AGENCIES}
    total = 9141 - sum(a[3] for a in places.YEN_SON_AGENCIES)
    for cell, size in zip(rural, apportion(total, [c.weight for c in rural], 8)):
        cell.size = size
    roles = ready(loc, district_roles(("cơ quan Tổ chức - Nội vụ", "TCNV"), (
        15, "Nhữ Hùng Thông", "Nam", (("Phó Trưởng cơ quan Tổ chức - Nội vụ", "TCNV", "Bổ nhiệm"),), None)), CONGRESS_YS, "Cán bộ, công chức huyện", "Cao cấp")
    settle_district(loc, agencies, roles)
    held = {code: yen_son_commune_people(loc, code, org) for code, org in communes.items()}
    for org in agencies.values():
        for cell in org.cells:
            reserve_leaders(loc, cell)
    chan_son_admissions(loc, communes["CS"])
    fill(loc)
    loc.term(district.unit, "2015-2020", 21, CONGRESS_YS, CONGRESS_YS)
    secretaries = [held[code][1][0] for code in communes]
    committee_posts(loc, district, roles, CONGRESS_YS, D(2016, 6, 29), DISTRICT_RANKS, "Huyện ủy viên")
    board = [r for r in roles if r.rank]
    for role in secretaries[:23]:
        if not role.named:
            loc.post(role.holder, "Huyện ủy viên", "YS", CONGRESS_YS, "Bầu")
    for code, org in communes.items():
        congress, own = held[code]
        if code != "TB":
            loc.term(org.unit, "2015-2020", loc.rng.between(16, 22), congress, congress)
            committee_posts(loc, org, own, congress, D(2016, 6, 22))
            cell_posts(loc, org.cells)
    for org in agencies.values():
        cell_posts(loc, org.cells)
    look_after(loc, "YS", board, [o.code for o in list(communes.values()) + list(agencies.values())], D(2015, 9, 10), "12-QĐ/HU")
    chan_son_branches(loc, communes["CS"])
    kim_phu_duties(loc, communes["KP"], held["KP"][1])
    return loc, tien_bo(loc, communes["TB"], held["TB"][1])


# --- Nam Trực, 18/09/2023 ----------------------------------------------------------------------------

def nam_truc_units(loc):
    district = district_units(loc, "NT", "Nam Trực", "ND", D(1947, 6, 20), [
        ("VPHU", "Văn phòng", "Văn phòng cấp ủy"), ("UBKT", "Ủy ban kiểm tra", "Ủy ban kiểm tra"), ("BTC", "Ban Tổ chức", "Ban Tổ chức"),
        ("BTG", "Ban Tuyên giáo", "Ban Tuyên giáo"), ("BDV", "Ban Dân vận", "Ban Dân vận")])
    communes = {}
    for i, (code, name, n) in enumerate(places.NAM_TRUC):
        form, kind = ("thị trấn", "Tổ dân phố") if code == "NG" else ("xã", "Thôn" if i % 3 else "Xóm")
        others = [("Trường Tiểu học và Trung học cơ sở", "school"), ("Trường Mầm non", "school"), ("Cơ quan " + form, "office")]
        org = add_commune(loc, f"NT.{code}", name, form, "NT", "NT.H", [(kind, str(j)) for j in range(1, n + 1)], others, places.KINH)
        org.form, org.head_word = form, {"Tổ dân phố": "Tổ trưởng tổ dân phố", "Thôn": "Trưởng thôn", "Xóm": "Trưởng xóm"}[kind]
        communes[code] = org
    rural = list(loc.cells)
    agencies = {a[0]: add_agency(loc, f"NT.{a[0]}", *a[1:], "NT", places.KINH) for a in places.NAM_TRUC_AGENCIES}
    for cell, size in zip(rural, apportion(places.NAM_TRUC_MEMBERS - sum(a[3] for a in places.NAM_TRUC_AGENCIES), [c.weight for c in rural], 8)):
        cell.size = size
    return district, communes, agencies


def nam_truc_commune_people(loc, i, org):
    """Four communes have a secretary or a chairman sent by the district: three moved, one seconded."""
    congress = loc.rng.day(D(2020, 4, 20), D(2020, 6, 20))
    roles = ready(loc, commune_roles(org.form), congress, "Cán bộ, công chức xã")
    org.sent = []
    if i in (2, 7, 11, 16):
        role = roles[2 if i == 11 else 0]
        org.sent = [(role, "Biệt phái" if i == 16 else "Luân chuyển")]
    settle(roles[:8], [c for c in org.cells if c.kind == "office"])
    settle(roles[8:], [c for c in org.cells if c.village])
    loc.head_word = org.head_word
    for cell in org.cells:
        reserve_leaders(loc, cell)
    return congress, roles


def nam_truc_admissions(loc):
    """On average eighty a year: 78, 83 and 79 in the whole years, and 57 of 2023 until the day of the article."""
    loc.windows["NT."] = [(D(2020, 1, 1), loc.asof)]
    days = []
    for first, last, n in ((D(2020, 1, 6), D(2020, 7, 20), 44), (D(2020, 7, 27), D(2020, 12, 24), 34), (D(2021, 1, 5), D(2021, 12, 24), 83),
                           (D(2022, 1, 5), D(2022, 12, 24), 79), (D(2023, 1, 6), D(2023, 9, 14), 57)):
        days += sorted(loc.rng.day(first, last) for _ in range(n))
    spread(loc, loc.cells, days, lambda: {"ages": (21, 38), "women": 42})


def move_sent(loc, org):
    """The posts of those who were sent begin so, a year into the term."""
    for role, how in org.sent:
        since = loc.rng.day(D(2021, 3, 1), D(2022, 10, 1))
        for row in loc.posts:
            if row[0] == role.holder["code"] and row[3] in (org.code, f"{org.code}.UBND") and row[2] in ("Bí thư Đảng ủy", "Chủ tịch UBND"):
                row[5], row[7], row[10] = since, how, since - datetime.timedelta(days=5)
                row[9] = row[9] or f"{loc.rng.between(500, 900)}-QĐ/HU"


def nam_truc_duties(loc, communes, agencies, roles):
    board = [r for r in roles if r.rank and not r.named]
    look_after(loc, "NT", board, [o.code for o in list(communes.values()) + list(agencies.values())], D(2020, 9, 8), "05-QĐ/HU")
    leaders = [r for r in roles if any(suffix in ("BTC", "BTG", "BDV", "UBKT", "VPHU") for _, suffix, *_ in r.posts)]
    cells = [org.cells[i].unit.code for org in communes.values() for i in (0, 3)]
    look_after(loc, "NT", leaders, cells, D(2021, 2, 1), "61-QĐ/HU")


def nam_truc(registry):
    """The article has no total of members: 3,150 in 42 base organisations are made up, and a third of what such a district has."""
    loc = Locality(registry, "NT", D(2023, 9, 18), "NĐ", "036", 50000, "Nam Trực", "Nam Định")
    loc.cell_since = (D(2022, 10, 1), D(2022, 12, 20))
    congress = D(2020, 7, 25)
    district, communes, agencies = nam_truc_units(loc)
    roles = ready(loc, district_roles(("Ban Tổ chức", "BTC"), (3, "Lê Thị Hồng Ánh", "Nữ", (("Trưởng Ban Tổ chức", "BTC", "Phân công"),), None)), congress,
                  "Cán bộ, công chức huyện", "Cao cấp")
    settle_district(loc, agencies, roles)
    held = {code: nam_truc_commune_people(loc, i, org) for i, (code, org) in enumerate(communes.items())}
    for org in agencies.values():
        for cell in org.cells:
            reserve_leaders(loc, cell)
    nam_truc_admissions(loc)
    fill(loc)
    loc.term(district.unit, "2015-2020", 25, D(2015, 7, 28), D(2015, 7, 28), congress)
    loc.term(district.unit, "2020-2025", 26, congress, congress)
    committee_posts(loc, district, roles, congress, D(2021, 6, 29), DISTRICT_RANKS, "Huyện ủy viên")
    for code, org in communes.items():
        day, own = held[code]
        before, number = loc.rng.day(D(2015, 4, 20), D(2015, 6, 20)), loc.rng.between(24, 31)
        loc.term(org.unit, "2015-2020", number - 1, before, before, day)
        loc.term(org.unit, "2020-2025", number, day, day)
        committee_posts(loc, org, own, day, D(2021, 6, 22))
        cell_posts(loc, org.cells)
        move_sent(loc, org)
        loc.post(own[0].holder, "Huyện ủy viên", "NT", congress, "Bầu")
    for org in agencies.values():
        cell_posts(loc, org.cells)
    nam_truc_duties(loc, communes, agencies, roles)
    return loc
