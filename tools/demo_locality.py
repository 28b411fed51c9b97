"""Builds one locality of the demo in memory: units, members, terms, posts, duties. What holds for every commune and every
district stands here; what the articles say of one stands in demo_files.py."""
import datetime
from dataclasses import dataclass, field

from demo_people import Rng, new_person

D = datetime.date
CELL = "Chi bộ trực thuộc đảng ủy cơ sở"
OFFICE_HOLDER = {"ages": (36, 57), "qualification": "Đại học", "women": 22}
LEADER_AGES = {"village": (38, 64), "quarter": (46, 66)}


@dataclass
class Unit:
    code: str
    name: str
    type: str
    superior: str
    founded: D = None
    serves: str = None
    address: str = None
    position: int = None


@dataclass
class Cell:
    unit: Unit
    kind: str
    ethnic: str
    place: str
    residence: str
    founded: D
    weight: int = 100
    size: int = 0
    village: Unit = None
    roles: list = field(default_factory=list)
    admissions: list = field(default_factory=list)
    people: list = field(default_factory=list)


@dataclass
class Role:
    """A holder to be: rank in the committee ("BT", "PBTTT", "PBT", "BTV", "UV" or none), posts as (office, suffix of the unit's
    code, how come by), and what the person must be."""
    rank: str = None
    posts: tuple = ()
    person: dict = field(default_factory=dict)
    named: str = None
    holder: dict = None


@dataclass
class Organisation:
    """A base or district Party organisation with what stands beside it."""
    code: str
    name: str
    unit: Unit
    cells: list
    area: Unit = None
    villages: list = field(default_factory=list)
    roles: list = field(default_factory=list)


class Locality:
    def __init__(self, registry, code, asof, letters, cccd, numbers_from, district, province, width=4):
        self.code, self.asof, self.letters, self.cccd, self.numbers_from = code, asof, letters, cccd, numbers_from
        self.district, self.province, self.width = district, province, width
        self.registry, self.rng, self.count = registry, Rng(f"dangbo demo {code}"), 0
        self.units, self.cells, self.people, self.terms, self.posts, self.duties = [], [], [], [], [], []
        self.by_code = {}
        self.windows = {}  # prefix of a cell's code: days within which admissions are counted out
        self.cell_since = (D(2017, 7, 1), D(2017, 8, 20))
        self.head_word, self.head_share = "Trưởng thôn", 55

    def unit(self, *args, **more):
        u = Unit(*args, **more)
        assert u.code not in self.by_code, u.code
        self.by_code[u.code] = u
        self.units.append(u)
        return u

    def windows_of(self, cell):
        return [w for prefix, spans in self.windows.items() if cell.unit.code.startswith(prefix) for w in spans]

    def term(self, unit, years, congress, congress_on, since, until=None):
        self.terms.append([f"{unit.code}.K{years[:4]}", years, unit.code, unit.name, congress, congress_on, since, until])

    def post(self, person, office, unit, since, how, until=None, why=None, decision=None, decided=None):
        u = self.by_code[unit]
        self.posts.append([person["code"], person["name"], office, unit, u.name, since, until, how, why, decision, decided])

    def duty(self, person, by, sort, since, target=None, work=None, households=None, content=None, until=None, decision=None, decided=None):
        name = self.by_code[target].name if target else None
        self.duties.append([person["code"], person["name"], by, sort, target, name, work, households, content, since, until, decision, decided])


def apportion(total, weights, least):
    """Whole shares of the total by weight, none below the least; they sum up to the total exactly."""
    rest, all_weights = total - least * len(weights), sum(weights)
    assert rest >= 0, (total, len(weights))
    shares = [rest * w // all_weights for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(rest * weights[i] % all_weights), i))
    for i in order[: rest - sum(shares)]:
        shares[i] += 1
    return [least + s for s in shares]


# --- units of a commune --------------------------------------------------------------------------

def add_bodies(loc, code, area, form, name, police=True):
    """State, Front and mass bodies. `form` is "xã", "phường", "thị trấn" or "huyện"."""
    for suffix, title, kind in (("HDND", "HĐND", "HĐND"), ("UBND", "UBND", "UBND"), ("MTTQ", "UBMTTQ", "MTTQ"), ("DTN", "Đoàn TNCS Hồ Chí Minh", "Đoàn Thanh niên"),
                                ("HPN", "Hội Liên hiệp Phụ nữ", "Hội Liên hiệp Phụ nữ"), ("HND", "Hội Nông dân", "Hội Nông dân"),
                                ("HCCB", "Hội Cựu chiến binh", "Hội Cựu chiến binh")):
        loc.unit(f"{code}.{suffix}", f"{title} {form} {name}", kind, area.code)
    if police:
        loc.unit(f"{code}.CA", f"Công an {form} {name}", "Công an", f"{code}.UBND")
        loc.unit(f"{code}.QS", f"Ban chỉ huy quân sự {form} {name}", "Ban chỉ huy quân sự", f"{code}.UBND")


def add_cell(loc, org, number, name, kind, ethnic, place, residence, founded, village=None):
    u = loc.unit(f"{org.code}.CB{number:02d}", f"Chi bộ {name}", CELL, org.code, founded, serves=village.code if village else None, position=number)
    weight = loc.rng.between(60, 150) if kind in ("village", "quarter") else loc.rng.between(110, 150) if kind == "office" else loc.rng.between(55, 95)
    org.cells.append(Cell(u, kind, ethnic, place, residence, founded, weight, village=village))


def add_commune(loc, code, name, form, superior, area_above, villages, others, ethnic, organs=(), founded=None):
    """`villages` are (type, name); `others` are (name, kind) of cells that serve no village."""
    title, short = f"{form} {name}", {"xã": "X", "phường": "P", "thị trấn": "TT"}[form]
    founded = founded or loc.rng.day(D(1948, 3, 1), D(1962, 12, 1))
    area = loc.unit(f"{code}.{short}", form[0].upper() + form[1:] + " " + name, form[0].upper() + form[1:], area_above)
    add_bodies(loc, code, area, form, name)
    org = Organisation(code, title, loc.unit(code, f"Đảng bộ {title}", "Đảng bộ cơ sở", superior, founded, serves=area.code), [], area)
    loc.unit(f"{code}.UBKT", f"UBKT Đảng ủy {title}", "Ủy ban kiểm tra", code, founded)
    for suffix, organ, kind in organs:
        loc.unit(f"{code}.{suffix}", f"{organ} Đảng ủy {title}", kind, code, founded)
    for i, (kind, village) in enumerate(villages, 1):
        label = f"{kind} {village}"
        org.villages.append(loc.unit(f"{code}.T{i:02d}", label, kind, org.area.code, address=f"{title}, {loc.district}", position=i))
    where = f"{form} {name}, {loc.district}"
    for i, v in enumerate(org.villages, 1):
        label = v.name[0].lower() + v.name[1:] if not v.name.startswith("Tổ") else "tổ" + v.name[2:]
        kind = "quarter" if v.type in ("Khu phố", "Tổ dân phố") else "village"
        add_cell(loc, org, i, label, kind, ethnic, name, f"{v.name}, {where}", loc.rng.day(max(founded, D(1958, 1, 1)), D(2004, 12, 1)), v)
    for i, (label, kind) in enumerate(others, len(org.villages) + 1):
        add_cell(loc, org, i, label, kind, ethnic, name, where[0].upper() + where[1:], loc.rng.day(max(founded, D(1970, 1, 1)), D(2008, 12, 1)))
    loc.cells += org.cells
    return org


def add_agency(loc, code, name, kind, members, superior, ethnic):
    """An agency: a base cell below thirty members, else a base organisation with cells of its own."""
    founded = loc.rng.day(D(1965, 1, 1), D(1998, 12, 1))
    place = residence = loc.district
    label = "Chi bộ" if members < 30 else "Đảng bộ"
    u = loc.unit(code, f"{label} {name}", "Chi bộ cơ sở" if members < 30 else "Đảng bộ cơ sở", superior, founded)
    org = Organisation(code, name, u, [])
    if members < 30:
        org.cells = [Cell(u, kind, ethnic, place, residence, founded, size=members)]
    else:
        n = max(2, (members + 8) // 17)
        for i, size in enumerate(apportion(members, [loc.rng.between(80, 120) for _ in range(n)], 6), 1):
            cell = loc.unit(f"{code}.CB{i:02d}", f"Chi bộ {i} {name}", CELL, code, loc.rng.day(founded, D(2008, 12, 1)), position=i)
            org.cells.append(Cell(cell, kind, ethnic, place, residence, cell.founded, size=size))
    loc.cells += org.cells
    return org


# --- people ---------------------------------------------------------------------------------------

def reserve_leaders(loc, cell, single=False, named=None):
    """Secretary, deputy, committee member of a cell; the head of its village is the secretary or another member."""
    since = loc.rng.day(*loc.cell_since)
    ages = LEADER_AGES.get(cell.kind, (34, 56))
    ready = {"ages": ages, "seasoned": min(since, loc.asof) - datetime.timedelta(days=420), "theory": "Trung cấp" if loc.rng.chance(45) else "Sơ cấp"}
    offices = ["Bí thư chi bộ"] + (["Phó bí thư chi bộ"] if cell.size >= 6 else []) + (["Chi ủy viên"] if cell.size >= 9 else [])
    roles = [Role(None, ((office, cell.unit.code, "Bầu", since),), dict(ready)) for office in offices]
    if named:
        roles[0].named = named
        roles[0].person.update(sex="Nam")
    if cell.village:
        head = (loc.head_word, cell.village.code, "Bầu", since + datetime.timedelta(days=loc.rng.between(5, 60)))
        if single or loc.rng.chance(loc.head_share) or cell.size < 8:
            roles[0].posts += (head,)
        else:
            roles.append(Role(None, (head,), dict(ready)))
    cell.roles += roles
    return roles


def settle(roles, homes):
    """Office-holders become members of these cells, in turn."""
    for i, role in enumerate(roles):
        homes[i % len(homes)].roles.append(role)


def fill(loc):
    """Every cell gets its office-holders first, then admissions that are counted out, then as many as are missing."""
    for cell in loc.cells:
        assert len(cell.roles) + len(cell.admissions) <= cell.size, (cell.unit.code, cell.size, len(cell.roles), len(cell.admissions))
        for role in cell.roles:
            person = dict(role.person, **({"name": role.named} if role.named else {}))
            if any(office.startswith("Trưởng") for office, *_ in role.posts) and "work" not in person and cell.village:
                person["work"] = "Nông dân" if cell.kind == "village" else "Hưu trí"
            role.holder = new_person(loc.rng, loc.registry, loc, cell, person)
            cell.people.append(role.holder)
        for day, more in cell.admissions:
            cell.people.append(new_person(loc.rng, loc.registry, loc, cell, dict(more, admitted=day, ages=more.get("ages", (20, 44)))))
        while len(cell.people) < cell.size:
            cell.people.append(new_person(loc.rng, loc.registry, loc, cell))
        loc.people += cell.people


# --- posts and duties -----------------------------------------------------------------------------

RANKS = {"BT": "Bí thư Đảng ủy", "PBTTT": "Phó bí thư thường trực Đảng ủy", "PBT": "Phó bí thư Đảng ủy"}
DISTRICT_RANKS = {"BT": "Bí thư Huyện ủy", "PBTTT": "Phó bí thư thường trực", "PBT": "Phó bí thư Huyện ủy"}


def commune_roles(form, plan=()):
    """The fifteen members of a commune's committee and those beside it. `plan` replaces the first ones."""
    usual = [
        Role("BT"), Role("PBTTT", (("Chủ tịch HĐND", "HDND", "Bầu"),)), Role("PBT", (("Chủ tịch UBND", "UBND", "Bầu"),)),
        Role("BTV", (("Chủ nhiệm UBKT", "UBKT", "Chuẩn y"),)), Role("BTV", (("Chủ tịch UBMTTQ", "MTTQ", "Bầu"),)),
    ]
    head = list(plan) + usual[len(plan):]
    rest = [
        Role("UV", (("Phó Chủ tịch UBND", "UBND", "Bầu"),)), Role("UV", (("Phó Chủ tịch HĐND", "HDND", "Bầu"),)),
        Role("UV", ((f"Trưởng Công an {'phường' if form == 'phường' else 'xã'}", "CA", "Bổ nhiệm"),), {"sex": "Nam"}),
        Role("UV", (("Chỉ huy trưởng quân sự", "QS", "Bổ nhiệm"),), {"sex": "Nam"}), Role("UV", (("Chủ tịch Hội Phụ nữ", "HPN", "Bầu"),), {"sex": "Nữ"}),
        Role("UV", (("Chủ tịch Hội Nông dân", "HND", "Bầu"),)), Role("UV", (("Chủ tịch Hội CCB", "HCCB", "Bầu"),), {"sex": "Nam", "ages": (46, 62)}),
        Role("UV", (("Bí thư Đoàn Thanh niên", "DTN", "Bầu"),), {"ages": (27, 33)}), Role("UV", (("Văn phòng Đảng ủy", "", "Phân công"),)), Role("UV"),
        Role(None, (("Ủy viên UBKT", "UBKT", "Bầu"),)), Role(None, (("Phó chủ nhiệm UBKT", "UBKT", "Bầu"),)),
    ]
    return head + rest


def ready(loc, roles, since, work, theory="Trung cấp"):
    """What holders of a commune's or district's offices have: studies, and time in the Party before they came into office."""
    for role in roles:
        for key, value in OFFICE_HOLDER.items():
            role.person.setdefault(key, value)
        role.person.setdefault("theory", "Cao cấp" if role.rank in ("BT", "PBTTT", "PBT") and loc.rng.chance(45) else theory)
        role.person.setdefault("seasoned", since - datetime.timedelta(days=420))
        role.person.setdefault("work", work)
    return roles


def committee_posts(loc, org, roles, since, state_since, ranks=None, member="Đảng ủy viên", until=None, why=None, short=False):
    """One row for the highest rank in the committee, and one for every post beside it."""
    ranks = ranks or RANKS
    superior = org.unit.superior
    for role in roles:
        decided = since + datetime.timedelta(days=6)
        paper = f"{loc.rng.between(20, 480)}-QĐ/{'HU' if superior in ('YS', 'NT') else 'TU'}"
        if role.rank:
            office = ranks.get(role.rank) or (("UV BTV" if short else "Ủy viên Ban Thường vụ") if role.rank == "BTV" else member)
            approved = role.rank != "UV"
            loc.post(role.holder, office, org.code, since, "Bầu", until, why, paper if approved else None, decided if approved else None)
        for office, suffix, how, *own in role.posts:
            begun = own[0] if own else since if suffix in ("UBKT", "", "DV", "BTG", "TCNV", "BTC", "BDV", "VPHU") else state_since
            loc.post(role.holder, office, f"{org.code}.{suffix}" if suffix else org.code, begun, how, until, why)


def cell_posts(loc, cells):
    for cell in cells:
        for role in cell.roles:
            for office, unit, how, *own in role.posts:
                if own and unit in loc.by_code:
                    loc.post(role.holder, office, unit, *own[:1], how, *own[1:])


def look_after(loc, by, roles, targets, since, decision, until=None):
    """Every target gets one member of the committee, every member at least one target when there are enough."""
    for i, target in enumerate(targets):
        loc.duty(roles[i % len(roles)].holder, by, "Phụ trách đơn vị", since, target=target, until=until, decision=decision, decided=since,
                 content="Theo dõi, chỉ đạo và dự sinh hoạt với chi bộ" if ".CB" in target else "Theo dõi, chỉ đạo")


FIELDS_OF_WORK = ["Phụ trách chung", "Xây dựng Đảng", "Chính quyền, cải cách hành chính", "Kiểm tra, giám sát", "Dân vận", "Kinh tế", "Văn hóa, xã hội", "An ninh, trật tự",
                  "Quốc phòng, quân sự", "Phụ nữ", "Nông dân", "Cựu chiến binh", "Thanh niên", "Văn phòng, văn thư", "Xây dựng nông thôn mới"]


def share_fields(loc, by, roles, since, decision, until=None):
    for role, work in zip(roles, FIELDS_OF_WORK):
        loc.duty(role.holder, by, "Phụ trách lĩnh vực", since, work=work, until=until, decision=decision, decided=since)
