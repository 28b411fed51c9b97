"""The places of the demo: communes, villages, agencies. Names of communes are those of the time; villages are from the articles
where these name them (Lập Thành, Làng Chẩu 1, the seven of Tiến Bộ, thôn 4 of Hiệp Hòa), the rest and all sizes are made up."""

KINH = "Kinh:1"
COAST = "Kinh:97 Tày:2 Sán Dìu:1"
LOW = "Kinh:64 Cao Lan:14 Tày:11 Dao:6 Nùng:5"
HIGH = "Tày:44 Dao:19 Kinh:17 Cao Lan:9 Mông:6 Nùng:5"

HIEP_HOA_VILLAGES = [13, 12, 11, 14, 10, 9, 12, 8, 11, 10, 9, 12, 10, 8, 11, 8]  # members of the cells of thôn 1 to 16
HIEP_HOA_OTHERS = [("Cơ quan xã", "office", 18), ("Trường Trung học cơ sở", "school", 12), ("Trường Tiểu học", "school", 14), ("Trường Mầm non", "school", 9)]
HA_LAM_QUARTERS = [64, 61, 58, 57, 55, 52]
HA_LAM_OTHERS = [("Công an phường", "guard", 14), ("Trường Trung học cơ sở", "school", 20), ("Trường Tiểu học", "school", 19), ("Trường Mầm non", "school", 12),
                 ("Trạm Y tế - Cơ quan phường", "office", 18)]

# Code, name, villages, peoples; all are xã but the last.
YEN_SON = [
    ("CS", "Chân Sơn", 13, LOW), ("CY", "Chiêu Yên", 11, HIGH), ("CD", "Công Đa", 9, HIGH), ("DV", "Đạo Viện", 9, HIGH), ("DB", "Đội Bình", 13, LOW),
    ("HK", "Hoàng Khai", 10, LOW), ("HL", "Hùng Lợi", 13, HIGH), ("KT", "Kiến Thiết", 12, HIGH), ("KP", "Kim Phú", 22, LOW), ("KQ", "Kim Quan", 8, HIGH),
    ("LQ", "Lang Quán", 14, LOW), ("LH", "Lực Hành", 8, HIGH), ("MB", "Mỹ Bằng", 20, LOW), ("NHA", "Nhữ Hán", 11, LOW), ("NK", "Nhữ Khê", 11, LOW),
    ("PL", "Phú Lâm", 18, LOW), ("PT", "Phú Thịnh", 8, HIGH), ("PN", "Phúc Ninh", 13, LOW), ("QQ", "Quý Quân", 7, HIGH), ("TL", "Tân Long", 13, LOW),
    ("TT", "Tân Tiến", 11, LOW), ("TQ", "Thắng Quân", 19, LOW), ("THB", "Thái Bình", 11, LOW), ("TB", "Tiến Bộ", 10, HIGH), ("TMI", "Trung Minh", 7, HIGH),
    ("TMO", "Trung Môn", 14, LOW), ("TS", "Trung Sơn", 10, HIGH), ("TTR", "Trung Trực", 8, HIGH), ("TUQ", "Tứ Quận", 15, LOW), ("XV", "Xuân Vân", 16, HIGH),
    ("TBI", "Tân Bình", 9, LOW),
]
YEN_SON_VILLAGES = {
    "TB": ["Thống Nhất", "Đèo Tượng", "Đèo Trám", "Tân Biên 1", "Tân Biên 2", "Ngòi Cái", "Rạp", "Cây Thị", "Gia", "Khuôn Lăn"],
    "MB": ["Lập Thành"],
    "TQ": ["Làng Chẩu 1", "Làng Chẩu 2"],
}
YEN_SON_VILLAGE_NAMES = (
    "Đồng Tâm|Quyết Thắng|Tân Thành|Hòa Bình|Đoàn Kết|Trung Thành|Cây Chanh|Đồng Cầu|Minh Khai|Yên Thắng|Đồng Bài|Khe Cua|Khuôn Ráng|Làng Ngoài|Làng Trong|"
    "Tân Sơn|Phú Bình|Đồng Giàn|Gốc Gạo|Cầu Trôi|Động Sơn|Nà Pài|Khuổi Ma|Nà Tang|Khuôn Hẻ|Làng Un|Đồng Trang|Ao Dẹ|Gò Danh|Đồng Rôm|Kim Thắng|Tân Lập|"
    "Hưng Quốc|Yên Khánh|Trung Tâm|Đồng Dầy|Ngòi Xanh|Cây Khế|Vực Vại|Thọ An|Đồng Lường|Hoa Sơn|Đồng Đài|Lương Trung|Phúc Hương|Chẩy|Ba Luồng|Khuân Bén").split("|")

# Code, name, kind of cell, members. From thirty on it is a base organisation with cells below it.
YEN_SON_AGENCIES = [
    ("CQHU", "Cơ quan Huyện ủy", "office", 76), ("CQUB", "Cơ quan UBND huyện", "office", 118), ("CAH", "Công an huyện", "guard", 126),
    ("QSH", "Quân sự huyện", "guard", 47), ("BVH", "Bệnh viện Đa khoa huyện", "health", 66), ("TTYT", "Trung tâm Y tế huyện", "health", 52),
    ("LN", "Công ty Lâm nghiệp", "firm", 38), ("CHE", "Công ty Chè", "firm", 45), ("GD", "Phòng Giáo dục và Đào tạo", "office", 19),
    ("MTDT", "Cơ quan Mặt trận và đoàn thể huyện", "office", 24), ("VKS", "Viện Kiểm sát nhân dân huyện", "office", 12), ("TA", "Tòa án nhân dân huyện", "office", 13),
    ("THA", "Chi cục Thi hành án dân sự", "office", 12), ("THUE", "Chi cục Thuế", "office", 24), ("KB", "Kho bạc Nhà nước", "office", 11),
    ("KL", "Hạt Kiểm lâm", "office", 26), ("BHXH", "Bảo hiểm xã hội", "office", 14), ("CSXH", "Ngân hàng Chính sách xã hội", "office", 12),
    ("NHNN", "Ngân hàng Nông nghiệp và Phát triển nông thôn", "office", 22), ("GDNN", "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên", "school", 21),
    ("THPT1", "Trường THPT Xuân Huy", "school", 27), ("THPT2", "Trường THPT Xuân Vân", "school", 28), ("THPT3", "Trường THPT Trung Sơn", "school", 26),
    ("THPT4", "Trường THPT Tháng 10", "school", 27),
]

NAM_TRUC = [
    ("NMY", "Nam Mỹ", 8), ("DX", "Điền Xá", 9), ("NA", "Nghĩa An", 9), ("NTG", "Nam Thắng", 7), ("NTO", "Nam Toàn", 7), ("HQ", "Hồng Quang", 9),
    ("TTH", "Tân Thịnh", 8), ("NCU", "Nam Cường", 8), ("NHG", "Nam Hồng", 9), ("BM", "Bình Minh", 9), ("DS", "Đồng Sơn", 10), ("NTI", "Nam Tiến", 9),
    ("NHI", "Nam Hải", 8), ("NTA", "Nam Thái", 8), ("NDU", "Nam Dương", 8), ("NHU", "Nam Hùng", 7), ("NHO", "Nam Hoa", 8), ("NLO", "Nam Lợi", 8),
    ("NTN", "Nam Thanh", 9), ("NG", "Nam Giang", 10),
]
NAM_TRUC_AGENCIES = [
    ("CQHU", "Cơ quan Huyện ủy", "office", 58), ("CQUB", "Cơ quan UBND huyện", "office", 84), ("CAH", "Công an huyện", "guard", 72), ("QSH", "Quân sự huyện", "guard", 34),
    ("BVH", "Bệnh viện Đa khoa huyện", "health", 48), ("TTYT", "Trung tâm Y tế huyện", "health", 26), ("GD", "Phòng Giáo dục và Đào tạo", "office", 15),
    ("MTDT", "Cơ quan Mặt trận và đoàn thể huyện", "office", 22), ("VKS", "Viện Kiểm sát nhân dân huyện", "office", 11), ("TA", "Tòa án nhân dân huyện", "office", 12),
    ("THA", "Chi cục Thi hành án dân sự", "office", 10), ("THUE", "Chi cục Thuế khu vực", "office", 18), ("KB", "Kho bạc Nhà nước", "office", 9),
    ("BHXH", "Bảo hiểm xã hội", "office", 12), ("CSXH", "Ngân hàng Chính sách xã hội", "office", 10), ("NHNN", "Ngân hàng Nông nghiệp và Phát triển nông thôn", "office", 19),
    ("GDNN", "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên", "school", 16), ("THPT1", "Trường THPT Nam Trực", "school", 27),
    ("THPT2", "Trường THPT Lý Tự Trọng", "school", 26), ("THPT3", "Trường THPT Nguyễn Du", "school", 22), ("TL", "Công ty Khai thác công trình thủy lợi", "firm", 24),
    ("DL", "Điện lực huyện", "firm", 20),
]
NAM_TRUC_MEMBERS = 3150
