"""Makes up the people of the demo: names, births, numbers, studies. Everything follows from a seed given in words; no two
people share a name and a birth, or a number. Nobody here is real: where an article names an office-holder, only the name and the
office are from it."""
import datetime
import unicodedata

YEAR = 365.2425

# Numbers of provinces in identity numbers, and towns from which people come.
ELSEWHERE = [("034", "Thái Bình", ("Vũ Thư", "Kiến Xương", "Thái Thụy")), ("030", "Hải Dương", ("Kim Thành", "Chí Linh", "Nam Sách")),
             ("031", "Hải Phòng", ("Thủy Nguyên", "Tiên Lãng", "Vĩnh Bảo")), ("025", "Phú Thọ", ("Đoan Hùng", "Lâm Thao", "Hạ Hòa")),
             ("026", "Vĩnh Phúc", ("Lập Thạch", "Sông Lô", "Yên Lạc")), ("035", "Hà Nam", ("Bình Lục", "Lý Nhân", "Duy Tiên"))]

FAMILIES = {
    "Kinh": "Nguyễn:34 Trần:12 Lê:9 Phạm:8 Vũ:7 Đỗ:4 Bùi:4 Hoàng:4 Đặng:3 Ngô:3 Dương:2 Đào:2 Đoàn:2 Trịnh:2 Phan:2 Đinh:2 Lương:2 Mai:1 Lưu:1 Tạ:1 Cao:1 Hà:1 Tô:1 Vương:1",
    "Tày": "Hoàng:16 Ma:22 Nông:14 La:6 Hà:8 Lương:6 Chu:3 Bế:3 Nguyễn:9 Triệu:4 Quan:6 Lộc:3",
    "Nùng": "Nông:24 Hoàng:18 Lý:9 Lương:12 Vi:10 Mông:6 Nguyễn:8 Chu:6",
    "Dao": "Bàn:24 Triệu:22 Đặng:20 Lý:16 Phùng:10 Tặng:4 Chúc:4",
    "Cao Lan": "Lý:18 Trần:16 Hoàng:14 Lâm:10 Nịnh:9 Tiêu:6 Đàm:6 Lục:7 Âu:6 Ninh:8",
    "Mông": "Giàng:20 Sùng:18 Lý:16 Vàng:14 Thào:10 Ma:8 Hầu:8",
    "Sán Dìu": "Trương:14 Lê:10 Tạ:10 Lưu:8 Diệp:12 Từ:8",
}
MALE = ("An Anh Bảo Bình Bắc Biên Chiến Chung Chính Cường Công Dũng Duy Dương Đạt Đông Đoan Điệp Giang Hà Hải Hân Hiếu Hiệp Hoàn Hòa Hoạt Học Hợp "
        "Hùng Hưng Huy Khánh Khoa Khởi Kiên Kỳ Lâm Lập Linh Long Luân Lực Lượng Mạnh Minh Nam Nghĩa Ngọc Nhân Ninh Phong Phú Phúc Phương "
        "Quân Quang Quý Quyết Sáng Sinh Sơn Tài Tạo Tân Thái Thành Thắng Thiện Thịnh Thuận Thụy Tiến Tiệp Tĩnh Toàn Trí Trung Trường Tuân Tuấn Tùng Tuyên Ước Vinh Việt "
        "Vượng Xuân").split()
FEMALE = ("An Anh Bích Châm Chi Chinh Cúc Dung Duyên Đào Điệp Giang Hà Hạnh Hằng Hảo Hậu Hiên Hiền Hoa Hòa Hoài Hồng Huệ Huế Huyền Hương Hường Khuyên Lan Lành Lê "
          "Liên Liễu Linh Loan Lụa Luyến Ly Mai Mận Miền Minh Mơ My Nga Ngân Ngọc Nguyệt Nhài Nhàn Nhung Oanh Phương Phượng Quyên Sen Tâm Thanh Thao Thoa Thơm Thu "
          "Thúy Thủy Thương Tình Tươi Tuyết Uyên Vân Xuân Xuyến Yên Yến").split()
MALE_MIDDLE = "Văn:40 Đức:7 Hữu:6 Quang:6 Xuân:6 Minh:5 Ngọc:5 Công:5 Đình:5 Thanh:4 Mạnh:3 Trọng:3 Tiến:3 Bá:2 Duy:3 Viết:2 Thế:2"
FEMALE_MIDDLE = "Thị:52 Thị Thu:5 Thị Hồng:5 Thị Thanh:5 Thị Kim:4 Thị Minh:3 Thị Bích:3 Thị Ngọc:3 Thị Lan:2 Thu:3 Ngọc:3 Thanh:2 Thúy:2"

# Names that the articles print and names of well-known people: nobody made up may bear one by chance.
TAKEN = ("Nguyễn Thái Sơn|Nhữ Hùng Thông|Đoàn Khắc Mười|Phạm Đăng Định|Lý Công Nguyên|Nguyễn Văn Đủ|Lê Thị Hồng Ánh|Vũ Quang Đảm|La Văn Kiều|Đinh Thị Thảo|"
         "Nguyễn Chiến|Phạm Văn Trường|Trần Vân Anh|Nguyễn Thị Thu Thủy|Nguyễn Phú Trọng|Trần Đại Quang|Nguyễn Xuân Phúc|Nguyễn Thị Kim Ngân|Phạm Minh Chính|"
         "Vương Đình Huệ|Võ Văn Thưởng|Tô Lâm|Lương Cường|Trần Thanh Mẫn|Trần Quốc Vượng|Trần Phú|Lê Duẩn|Lê Hồng Phong|Nguyễn Minh Triết").split("|")

# Ages (from, to, weight) and the share of women, by the kind of cell.
AGES = {
    "village": [(21, 29, 8), (30, 39, 16), (40, 49, 18), (50, 59, 22), (60, 69, 22), (70, 79, 11), (80, 85, 3)],
    "quarter": [(22, 29, 4), (30, 39, 10), (40, 49, 12), (50, 59, 22), (60, 69, 32), (70, 79, 16), (80, 85, 4)],
    "school": [(25, 34, 30), (35, 44, 42), (45, 58, 28)],
    "office": [(25, 34, 24), (35, 44, 38), (45, 59, 38)],
}
WOMEN = {"village": 21, "quarter": 27, "school": 76, "health": 62, "office": 32, "guard": 7, "firm": 28}
STUDIES = {
    "village": ("Chưa qua đào tạo:38 Sơ cấp:12 Công nhân kỹ thuật:9 Trung cấp:21 Cao đẳng:8 Đại học:12", "Chưa qua đào tạo:46 Sơ cấp:44 Trung cấp:10"),
    "quarter": ("Chưa qua đào tạo:16 Sơ cấp:10 Công nhân kỹ thuật:26 Trung cấp:20 Cao đẳng:8 Đại học:19 Thạc sĩ:1", "Chưa qua đào tạo:34 Sơ cấp:46 Trung cấp:17 Cao cấp:3"),
    "school": ("Trung cấp:3 Cao đẳng:26 Đại học:67 Thạc sĩ:4", "Chưa qua đào tạo:22 Sơ cấp:60 Trung cấp:18"),
    "health": ("Trung cấp:34 Cao đẳng:20 Đại học:42 Thạc sĩ:4", "Chưa qua đào tạo:24 Sơ cấp:56 Trung cấp:20"),
    "office": ("Trung cấp:12 Cao đẳng:6 Đại học:74 Thạc sĩ:8", "Sơ cấp:24 Trung cấp:60 Cao cấp:16"),
    "guard": ("Trung cấp:26 Cao đẳng:12 Đại học:62", "Sơ cấp:30 Trung cấp:60 Cao cấp:10"),
    "firm": ("Công nhân kỹ thuật:30 Trung cấp:22 Cao đẳng:12 Đại học:35 Thạc sĩ:1", "Chưa qua đào tạo:26 Sơ cấp:54 Trung cấp:20"),
}
WORK = {
    "village": ("Nông dân:58 Lao động tự do:12 Công nhân:11 Buôn bán, dịch vụ:9 Công chức:4 Lái xe:3 Thợ xây:3", "Nông dân:46 Hưu trí:38 Bộ đội nghỉ hưu:16"),
    "quarter": ("Công nhân mỏ than:36 Buôn bán, dịch vụ:18 Viên chức:14 Công nhân:14 Lao động tự do:12 Công chức:6", "Hưu trí:86 Bộ đội nghỉ hưu:14"),
    "school": ("Giáo viên:92 Nhân viên trường học:8", "Giáo viên:1"),
    "health": ("Y sĩ:24 Điều dưỡng:34 Bác sĩ:26 Hộ sinh:8 Dược sĩ:8", "Bác sĩ:1"),
    "office": ("Công chức:72 Viên chức:28", "Công chức:1"),
    "guard": ("Sĩ quan:84 Quân nhân, công an chuyên nghiệp:16", "Sĩ quan:1"),
    "firm": ("Công nhân:58 Nhân viên kỹ thuật:24 Cán bộ quản lý:18", "Công nhân:1"),
}


class Rng:
    """splitmix64: the same numbers on every machine and with every Python."""

    def __init__(self, seed):
        self.s = 0x243F6A8885A308D3
        for b in seed.encode():
            self.s = ((self.s ^ b) * 0x100000001B3) % 2**64

    def next(self):
        self.s = (self.s + 0x9E3779B97F4A7C15) % 2**64
        z = self.s
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, things):
        return things[self.below(len(things))]

    def weighted(self, pairs):
        if isinstance(pairs, str):
            pairs = parse_weights(pairs)
        at = self.below(sum(w for *_, w in pairs))
        for *what, weight in pairs:
            at -= weight
            if at < 0:
                return what[0] if len(what) == 1 else what
        raise AssertionError

    def day(self, first, last):
        return first + datetime.timedelta(days=self.below((last - first).days + 1))

    def shuffled(self, things):
        things = list(things)
        for i in range(len(things) - 1, 0, -1):
            j = self.below(i + 1)
            things[i], things[j] = things[j], things[i]
        return things


WEIGHTS = {}


def parse_weights(s):
    """"Tày:3 Cao Lan:1" as pairs; the words may hold blanks, the weight ends one."""
    if s not in WEIGHTS:
        pairs, word = [], []
        for part in s.split(" "):
            name, _, weight = part.rpartition(":")
            word.append(name or part)
            if name and weight.isdigit():
                pairs.append((" ".join(word), int(weight)))
                word = []
        WEIGHTS[s] = pairs
    return WEIGHTS[s]


def fold(s):
    s = unicodedata.normalize("NFD", s.lower().replace("đ", "d"))
    return "".join(ch for ch in s if not unicodedata.combining(ch))


def add_years(d, years):
    try:
        return d.replace(year=d.year + years)
    except ValueError:
        return d.replace(year=d.year + years, day=28)


def age_on(born, d):
    return d.year - born.year - ((d.month, d.day) < (born.month, born.day))


class Registry:
    """What has been given out in the whole demo: names with births, and numbers."""

    def __init__(self):
        self.people, self.cccd, self.phones = {fold(n) for n in TAKEN}, set(), 0

    def take_name(self, name, born):
        key = (fold(name), born)
        if key in self.people or fold(name) in self.people:
            return False
        self.people.add(key)
        return True

    def take_cccd(self, rng, province, sex, born):
        century = (0 if born.year < 2000 else 2) + (sex == "Nữ")
        while True:
            s = f"{province}{century}{born.year % 100:02d}{rng.below(1000000):06d}"
            if s not in self.cccd:
                self.cccd.add(s)
                return s

    def take_phone(self):
        """0100 is no prefix of any operator."""
        self.phones += 1
        return f"0100{self.phones * 104729 % 1000000:06d}"


def new_name(rng, sex, ethnicity):
    family = rng.weighted(FAMILIES.get(ethnicity, FAMILIES["Kinh"]))
    if sex == "Nữ":
        return f"{family} {rng.weighted(FEMALE_MIDDLE)} {rng.pick(FEMALE)}"
    return f"{family} {rng.weighted(MALE_MIDDLE)} {rng.pick(MALE)}"


def new_days(rng, loc, cell, ages, admitted, seasoned):
    """Birth and admission: of age at admission, outside the windows in which the locality's admissions are counted out."""
    while True:
        low, high = ages or rng.weighted(AGES.get(cell.kind, AGES["office"]))
        born = add_years(loc.asof, -rng.between(low, high)) - datetime.timedelta(days=rng.below(365))
        if born < datetime.date(1925, 1, 1):
            continue
        if admitted:
            joined = admitted
        else:
            joined = born + datetime.timedelta(days=int(YEAR * rng.pick((19, 20, 21, 22, 23, 24, 25, 25, 26, 27, 28, 29, 30, 32, 34, 36, 39, 43, 48))) + rng.below(365))
        if not 18.1 * YEAR < (joined - born).days < 59 * YEAR or joined >= loc.asof:
            continue
        if seasoned and joined > seasoned:
            continue
        if not admitted and any(a <= joined <= b for a, b in loc.windows_of(cell)):
            continue
        return born, joined


def new_stay(rng, loc, cell, joined, role):
    """The day on which a member came into the cell; None when it was the day of admission."""
    recent = joined.year >= loc.asof.year - 4
    if joined >= cell.founded and ("admitted" in role or recent or rng.chance(62)):
        return None
    first = max(joined, cell.founded) + datetime.timedelta(days=60)
    last = datetime.date(loc.asof.year - 5, 12, 1)  # in later years the roll grows by admissions alone
    return rng.day(first, last) if first < last else max(joined, cell.founded)


def schooling(rng, born, qualification):
    """Ten classes until 1981, twelve after; who studied on has finished them."""
    low = qualification in ("Chưa qua đào tạo", "Sơ cấp", "Công nhân kỹ thuật") and rng.chance(50)
    if born.year < 1964:
        return "7/10" if low else "10/10"
    return "9/12" if low else "12/12"


def home_of(rng, loc, cell):
    if rng.chance(86):
        return loc.cccd, f"{cell.place}, {loc.district}, {loc.province}"
    code, province, towns = rng.pick(ELSEWHERE)
    return code, f"{rng.pick(towns)}, {province}"


def new_person(rng, registry, loc, cell, role=None):
    """One member of the cell. `role` fixes what an office needs; a name from an article comes without any number."""
    role = role or {}
    kind = cell.kind
    forced = role.get("admitted")
    sex = role.get("sex") or ("Nữ" if rng.chance(role.get("women", WOMEN[kind])) else "Nam")
    ethnicity = rng.weighted(cell.ethnic)
    while True:
        born, joined = new_days(rng, loc, cell, role.get("ages"), forced, role.get("seasoned"))
        name = role.get("name") or new_name(rng, sex, ethnicity)
        if role.get("name") or registry.take_name(name, born):
            break
    made_official = add_years(joined, 1)
    age = age_on(born, loc.asof)
    qualification, theory = STUDIES[kind]
    young, old = WORK[kind]
    work = rng.weighted(young if age < (60 if sex == "Nam" else 55) else old)
    province, home = home_of(rng, loc, cell)
    loc.count += 1
    p = {
        "code": f"{loc.code}-{loc.count:0{loc.width}d}", "name": name, "sex": sex, "born": born, "ethnicity": ethnicity, "home": home,
        "residence": cell.residence, "work": role.get("work") or work, "admitted": joined,
        "school": None,
        "qualification": role.get("qualification") or rng.weighted(qualification), "theory": role.get("theory") or rng.weighted(theory),
        "official": made_official if made_official <= loc.asof else None, "cell": cell,
        "cell_since": new_stay(rng, loc, cell, joined, role), "cccd": registry.take_cccd(rng, province, sex, born),
        "phone": registry.take_phone() if rng.chance(78) else None, "card": None, "dossier": None, "age": age,
    }
    p["school"] = schooling(rng, born, p["qualification"])
    serial = (loc.numbers_from + loc.count) * 7919 % 1000000
    p["card"] = f"{loc.cccd[1:]}{serial:06d}" if p["official"] and p["official"] < loc.asof - datetime.timedelta(days=60) else None
    p["dossier"] = f"{loc.numbers_from + loc.count:06d}{loc.letters}"
    if role.get("name"):
        for field in ("cccd", "phone", "card", "dossier", "ethnicity", "home", "residence"):
            p[field] = None
    return p
