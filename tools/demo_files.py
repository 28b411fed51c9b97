#!/usr/bin/env python3
"""Writes the files in demo/: five localities as their offices would keep them. demo_files.py [FOLDER]

The articles give totals and some names of office-holders; everything else is made up here, from seeds, so that every total
holds. demo/README.md says which; tests/demo_check.py counts them in the files."""
import datetime
import pathlib
import sys

import demo_places as places
from demo_districts import nam_truc, spread, yen_son
from demo_locality import Locality, Role, add_commune, cell_posts, commune_roles, committee_posts, fill, look_after, ready, reserve_leaders, settle, share_fields
from demo_people import Registry
from demo_tables import write_csv, write_xlsx

D = datetime.date
ABOVE = [
    ["QN.DP", "Tỉnh Quảng Ninh", "Tỉnh", "Cấp tỉnh", None, None], ["TQ.DP", "Tỉnh Tuyên Quang", "Tỉnh", "Cấp tỉnh", None, None],
    ["ND.DP", "Tỉnh Nam Định", "Tỉnh", "Cấp tỉnh", None, None], ["QN.QY.DP", "Thị xã Quảng Yên", "Thị xã", "Cấp huyện", "QN.DP", None],
    ["QN.HL.DP", "Thành phố Hạ Long", "Thành phố thuộc tỉnh", "Cấp huyện", "QN.DP", None], ["QN", "Đảng bộ tỉnh Quảng Ninh", "Đảng bộ tỉnh", "Cấp tỉnh", None, "QN.DP"],
    ["TQ", "Đảng bộ tỉnh Tuyên Quang", "Đảng bộ tỉnh", "Cấp tỉnh", None, "TQ.DP"], ["ND", "Đảng bộ tỉnh Nam Định", "Đảng bộ tỉnh", "Cấp tỉnh", None, "ND.DP"],
    ["QN.QY", "Đảng bộ thị xã Quảng Yên", "Thị ủy", "Cấp huyện", "QN", "QN.QY.DP"],
    ["QN.HL", "Đảng bộ thành phố Hạ Long", "Đảng bộ huyện, quận, thị xã, thành phố thuộc tỉnh", "Cấp huyện", "QN", "QN.HL.DP"],
]


def days_in(loc, first, last, n):
    return sorted(loc.rng.day(first, last) for _ in range(n))


# --- Hiệp Hòa, 05/08/2018 ----------------------------------------------------------------------------

def hiep_hoa(registry):
    loc = Locality(registry, "HH", D(2018, 8, 5), "QN", "022", 10000, "Quảng Yên", "Quảng Ninh")
    org = add_commune(loc, "HH", "Hiệp Hòa", "xã", "QN.QY", "QN.QY.DP", [("Thôn", str(i)) for i in range(1, 17)],
                      [(name, kind) for name, kind, _ in places.HIEP_HOA_OTHERS], places.COAST, [("DV", "Khối Dân vận", "Ban Dân vận")], D(1947, 5, 12))
    for cell, size in zip(org.cells, places.HIEP_HOA_VILLAGES + [n for *_, n in places.HIEP_HOA_OTHERS]):
        cell.size = size
    congress, state = D(2015, 6, 12), D(2016, 6, 24)
    roles = ready(loc, commune_roles("xã", [
        Role("BT", (("Chủ tịch HĐND", "HDND", "Bầu"),), {"sex": "Nam"}, named="Nguyễn Thái Sơn"), Role("PBT", (("Chủ tịch UBND", "UBND", "Bầu"),)),
        Role("PBT", (("Chủ nhiệm UBKT", "UBKT", "Chuẩn y"), ("Trưởng khối dân vận", "DV", "Phân công"))), Role("BTV", (("Chủ tịch UBMTTQ", "MTTQ", "Bầu"),)), Role("BTV"),
    ]), congress, "Cán bộ xã")
    office = org.cells[16]
    settle(roles[:12], [office])
    settle(roles[12:], org.cells[:16:3])
    for cell in org.cells:
        reserve_leaders(loc, cell, single=cell.village is not None)
    loc.windows["HH."] = [(D(2014, 1, 1), loc.asof)]
    for year, n in ((2014, 2), (2015, 3), (2016, 4), (2017, 6), (2018, 7)):
        spread(loc, [c for c in org.cells if c is not office], days_in(loc, D(year, 1, 10), D(year, 12, 20) if year < 2018 else D(2018, 7, 20), n), dict)
    fill(loc)
    loc.term(org.unit, "2015-2020", 22, congress, congress)
    for cell in org.cells:
        first = loc.rng.day(D(2015, 1, 12), D(2015, 3, 20))
        again = next(since for r in cell.roles for _, unit, _, *own in r.posts if unit == cell.unit.code for since in own)
        loc.term(cell.unit, "2015-2017", None, first, first, again)
        loc.term(cell.unit, "2017-2020", None, again, again)
    committee_posts(loc, org, roles, congress, state)
    cell_posts(loc, org.cells)
    members = [r for r in roles if r.rank]
    look_after(loc, "HH", members, [c.unit.code for c in org.cells], D(2015, 7, 6), "04-QĐ/ĐU")
    share_fields(loc, "HH", members, D(2015, 7, 6), "04-QĐ/ĐU")
    return loc


# --- Hà Lầm, 10/01/2019 ------------------------------------------------------------------------------

def ha_lam_roles():
    renewed = D(2018, 6, 15)
    return commune_roles("phường", [
        Role("BT"), Role("PBT", (("Chủ tịch HĐND", "HDND", "Bầu"),), {"sex": "Nam"}, named="Nguyễn Văn Đủ"), Role("PBT", (("Chủ tịch UBND", "UBND", "Bầu"),)),
        Role("BTV", (("Chủ nhiệm UBKT", "UBKT", "Chuẩn y"), ("Trưởng Ban Tuyên giáo", "BTG", "Phân công", renewed))),
        Role("BTV", (("Chủ tịch UBMTTQ", "MTTQ", "Bầu"), ("Trưởng khối dân vận", "DV", "Phân công"))),
    ])


def ha_lam(registry):
    """Six cells of quarters and five others. In June 2018 secretaries of four cells, the propaganda board and all duties were renewed."""
    loc = Locality(registry, "HL", D(2019, 1, 10), "QN", "022", 20000, "Hạ Long", "Quảng Ninh")
    loc.head_word, renewed = "Trưởng khu phố", D(2018, 6, 15)
    org = add_commune(loc, "HL", "Hà Lầm", "phường", "QN.HL", "QN.HL.DP", [("Khu phố", str(i)) for i in range(1, 7)],
                      [(name, kind) for name, kind, _ in places.HA_LAM_OTHERS], places.COAST,
                      [("BTG", "Ban Tuyên giáo", "Ban Tuyên giáo"), ("DV", "Khối Dân vận", "Ban Dân vận")], D(1981, 9, 10))
    for cell, size in zip(org.cells, places.HA_LAM_QUARTERS + [n for *_, n in places.HA_LAM_OTHERS]):
        cell.size = size
    congress = D(2015, 5, 28)
    roles = ready(loc, ha_lam_roles(), congress, "Cán bộ phường")
    settle(roles, [org.cells[10]] + org.cells[:6])
    former = []
    for i, cell in enumerate(org.cells):
        loc.cell_since = (renewed, D(2018, 6, 29)) if i < 4 else (D(2017, 6, 1), D(2017, 7, 15))
        own = reserve_leaders(loc, cell)
        if i < 4:
            begun = loc.rng.day(D(2017, 6, 1), D(2017, 7, 15))
            end = own[0].posts[0][3]
            former.append(Role(None, (("Bí thư chi bộ", cell.unit.code, "Bầu", begun, end, "Thôi giữ chức vụ"),),
                               {"ages": (58, 70), "seasoned": D(2012, 1, 1), "theory": "Trung cấp"}))
            cell.roles.append(former[-1])
    fill(loc)
    loc.term(org.unit, "2015-2020", 8, congress, congress)
    for cell in org.cells:
        held = loc.rng.day(D(2017, 6, 1), D(2017, 7, 15))
        loc.term(cell.unit, "2017-2020", None, held, held)
    committee_posts(loc, org, roles, congress, D(2016, 6, 23), short=True)
    cell_posts(loc, org.cells)
    members = [r for r in roles if r.rank]
    for role in members[:4] + [c.roles[0] if c.roles[0].posts[0][0] == "Bí thư chi bộ" else c.roles[-1] for c in org.cells[4:10]]:
        loc.post(role.holder, "Báo cáo viên", "HL.BTG", renewed, "Phân công", decision="34-QĐ/ĐU", decided=renewed)
    cells = [c.unit.code for c in org.cells]
    look_after(loc, "HL", members, cells, D(2015, 6, 25), "07-QĐ/ĐU", until=renewed)
    share_fields(loc, "HL", members, D(2015, 6, 25), "07-QĐ/ĐU", until=renewed)
    look_after(loc, "HL", members[3:] + members[:3], cells, renewed, "35-QĐ/ĐU")
    share_fields(loc, "HL", members[:1] + members[2:3] + members[1:2] + members[3:], renewed, "35-QĐ/ĐU")
    return loc


# --- columns --------------------------------------------------------------------------------------------

SHORT = {"Chưa qua đào tạo": "Không", "Sơ cấp": "SC", "Trung cấp": "TC", "Cao đẳng": "CĐ", "Đại học": "ĐH", "Thạc sĩ": "ThS", "Công nhân kỹ thuật": "CNKT", "Cao cấp": "CC"}
UNIT_HEADS = ["Mã đơn vị", "Tên đơn vị", "Loại hình", "Mã cấp trên", "Ngày thành lập", "Địa bàn phụ trách", "Địa chỉ", "TT hiển thị"]
TERM_HEADS = ["Mã nhiệm kỳ", "Nhiệm kỳ", "Mã đơn vị", "Tên đảng bộ, chi bộ", "Đại hội lần thứ", "Ngày đại hội", "Từ ngày", "Kết thúc từ ngày"]
POST_HEADS = ["Mã đảng viên", "Đồng chí", "Chức vụ", "Mã đơn vị", "Tên đơn vị", "Từ ngày", "Thôi từ ngày", "Hình thức", "Lý do thôi", "Số quyết định", "Ngày quyết định"]
DUTY_HEADS = ["Mã đảng viên", "Đồng chí", "Đơn vị phân công", "Loại phân công", "Đơn vị được phụ trách", "Tên đơn vị được phụ trách", "Lĩnh vực", "Nhóm hộ",
              "Nội dung phân công", "Từ ngày", "Kết thúc từ ngày", "Số quyết định", "Ngày quyết định"]
FIELDS = "code name born sex ethnicity home residence work school qualification theory cccd card dossier admitted official cell cell_name cell_since phone".split()
PERSON_HEADS = {
    "HH": ["Mã đảng viên", "Họ và tên", "Ngày sinh", "Giới tính", "Dân tộc", "Quê quán", "Nơi thường trú", "Nghề nghiệp hiện nay", "Giáo dục phổ thông", "Chuyên môn",
           "Lý luận chính trị", "Số CCCD", "Số thẻ đảng viên", "Số lý lịch", "Ngày vào Đảng", "Ngày chính thức", "Mã chi bộ", "Nơi sinh hoạt", "Ngày về chi bộ", "Điện thoại"],
    "YS": ["Mã ĐV", "Họ tên", "Ngày, tháng, năm sinh", "Nam/Nữ", "Dân tộc", "Quê quán", "Thường trú", "Nghề nghiệp", "Văn hóa", "Trình độ chuyên môn", "Trình độ LLCT",
           "Số định danh", "Số TĐV", "Số LL", "Ngày kết nạp", "Ngày công nhận chính thức", "Mã chi bộ", "Nơi sinh hoạt", "Sinh hoạt từ ngày", "SĐT"],
    "HL": ["Mã", "Họ và tên đảng viên", "Năm sinh", "Giới", "Dân tộc", "Quê quán", "Hộ khẩu thường trú", "Nghề nghiệp, nơi công tác", "Học vấn", "Trình độ CM", "LLCT",
           "Căn cước công dân", "Số thẻ Đảng", "Số lý lịch đảng viên", "Dự bị", "Chính thức", "Chi bộ sinh hoạt", "Tên gọi chi bộ", "Ngày chuyển đến", "Di động"],
    "NT": ["Mã hồ sơ", "Họ và tên đang dùng", "Sinh ngày", "Giới tính", "Dân tộc", "Quê quán", "Địa chỉ thường trú", "Công việc", "Trình độ văn hóa", "Chuyên môn nghiệp vụ",
           "Trình độ lý luận chính trị", "Số căn cước", "Thẻ đảng", "Số lý lịch", "Ngày vào Đảng dự bị", "Ngày vào Đảng chính thức", "Sinh hoạt tại chi bộ", "Nơi sinh hoạt",
           "Ngày về chi bộ", "Số điện thoại"],
}


def unit_rows(units):
    return [[u.code, u.name, u.type, u.superior, u.founded, u.serves, u.address, u.position] for u in units]


def person_rows(loc):
    rows = []
    for p in loc.people:
        cell = p["cell"].unit
        row = dict(p, cell=cell.code, cell_name=cell.name)
        if loc.code == "HL":
            row["qualification"], row["theory"] = SHORT[row["qualification"]], SHORT[row["theory"]]
            if p["age"] >= 78:
                row["born"] = p["born"].year  # of the oldest only the year is in the register
        rows.append([row[f] for f in FIELDS])
    return rows


def no_empty(heads, rows):
    """Without the columns in which nothing stands."""
    kept = [i for i in range(len(heads)) if any(r[i] not in (None, "") for r in rows)]
    return [heads[i] for i in kept], [[r[i] for i in kept] for r in rows]


class Folder:
    def __init__(self, path, above, who, asof, real_days):
        self.path, self.titles, self.asof, self.real_days = path, [above, who], asof, real_days

    def xlsx(self, name, sheet, title, heads, rows):
        heads, rows = no_empty(heads, rows)
        write_xlsx(self.path / name, sheet, self.titles + [title, f"(Tính đến ngày {self.asof:%d/%m/%Y})"], heads, rows, self.real_days)

    def csv(self, name, heads, rows, **make):
        write_csv(self.path / name, *no_empty(heads, rows), **make)

    def units(self, loc):
        self.xlsx("1-don-vi.xlsx", "Đơn vị", "DANH SÁCH ĐƠN VỊ", UNIT_HEADS, unit_rows(loc.units))

    def people(self, loc):
        self.xlsx("2-dang-vien.xlsx", "Đảng viên", "DANH SÁCH ĐẢNG VIÊN", PERSON_HEADS[loc.code], person_rows(loc))

    def terms(self, loc, name="3-nhiem-ky.xlsx"):
        self.xlsx(name, "Nhiệm kỳ", "NHIỆM KỲ CẤP ỦY", TERM_HEADS, loc.terms)

    def posts(self, loc, name="4-chuc-vu.xlsx"):
        self.xlsx(name, "Chức vụ", "DANH SÁCH CÁN BỘ GIỮ CHỨC VỤ", POST_HEADS, loc.posts)

    def duties(self, loc, name="5-phan-cong.xlsx"):
        self.xlsx(name, "Phân công", "PHÂN CÔNG PHỤ TRÁCH", DUTY_HEADS, loc.duties)


ORDER = """\
# Thứ tự nhập / order of import: KIND<TAB>FILE
unit	0-cap-tren.csv
"""


def main(folder):
    registry = Registry()
    hh, hl = hiep_hoa(registry), ha_lam(registry)
    ys, tb = yen_son(registry)
    nt = nam_truc(registry)
    write_csv(folder / "0-cap-tren.csv", ["Mã đơn vị", "Tên đơn vị", "Loại hình", "Cấp", "Mã cấp trên", "Địa bàn phụ trách"], ABOVE)
    f = Folder(folder / "hiep-hoa", "ĐẢNG BỘ THỊ XÃ QUẢNG YÊN", "ĐẢNG ỦY XÃ HIỆP HÒA", hh.asof, True)
    f.units(hh), f.people(hh), f.terms(hh), f.duties(hh)
    f.csv("4-chuc-vu.csv", POST_HEADS, hh.posts, separator=";", make="bom")
    f = Folder(folder / "ha-lam", "ĐẢNG BỘ THÀNH PHỐ HẠ LONG", "ĐẢNG ỦY PHƯỜNG HÀ LẦM", hl.asof, False)
    f.people(hl), f.posts(hl)
    f.csv("1-don-vi.csv", UNIT_HEADS, unit_rows(hl.units), make="tcvn3")
    f.csv("3-nhiem-ky.csv", TERM_HEADS, hl.terms, separator="\t")
    f.csv("5-phan-cong.csv", DUTY_HEADS, hl.duties, make="nfd")
    f = Folder(folder / "yen-son", "ĐẢNG BỘ TỈNH TUYÊN QUANG", "HUYỆN ỦY YÊN SƠN", ys.asof, False)
    f.units(ys), f.people(ys), f.terms(ys), f.posts(ys), f.duties(ys)
    f = Folder(folder / "tien-bo", "ĐẢNG BỘ HUYỆN YÊN SƠN", "ĐẢNG ỦY XÃ TIẾN BỘ", D(2021, 12, 31), True)
    f.terms(tb, "1-nhiem-ky.xlsx"), f.posts(tb, "2-chuc-vu.xlsx"), f.duties(tb, "3-phan-cong.xlsx")
    f = Folder(folder / "nam-truc", "ĐẢNG BỘ TỈNH NAM ĐỊNH", "HUYỆN ỦY NAM TRỰC", nt.asof, True)
    f.units(nt), f.people(nt), f.terms(nt), f.posts(nt), f.duties(nt)
    kinds = ("unit", "person", "term", "appointment", "duty")
    lines = ORDER
    for name in ("hiep-hoa", "yen-son", "tien-bo", "ha-lam", "nam-truc"):
        files = sorted(p.name for p in (folder / name).iterdir())
        lines += "".join(f"{kind}\t{name}/{file}\n" for kind, file in zip(kinds if len(files) == 5 else kinds[2:], files))
    (folder / "order.txt").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent / "demo")
