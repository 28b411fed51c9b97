/* See names.h. */
#include "names.h"

uint64_t dice_next(struct dice *d)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t dice_below(struct dice *d, uint32_t n)
{
    return (uint32_t)((dice_next(d) >> 32) * n >> 32);
}

bool dice_in(struct dice *d, uint32_t per_mille)
{
    return dice_below(d, 1000) < per_mille;
}

struct weighed {
    const char *s;
    uint32_t weight;
};

static const struct weighed families[] = {
    {"Nguyễn", 3840}, {"Trần", 1100}, {"Lê", 950},  {"Phạm", 700}, {"Hoàng", 400}, {"Huỳnh", 190}, {"Phan", 450}, {"Vũ", 300},  {"Võ", 190},   {"Đặng", 210}, {"Bùi", 200},
    {"Đỗ", 140},      {"Hồ", 130},    {"Ngô", 130}, {"Dương", 100}, {"Lý", 50},    {"Đào", 60},    {"Đoàn", 60}, {"Vương", 40}, {"Trịnh", 60}, {"Trương", 90}, {"Đinh", 80},
    {"Lâm", 60},      {"Phùng", 40},  {"Mai", 50},  {"Tô", 30},    {"Hà", 60},     {"Cao", 60},    {"Lương", 60}, {"Nông", 40}, {"Lò", 40}, {"Giàng", 20},
    {"Vàng", 20},     {"Quách", 20},  {"Thái", 30}, {"Châu", 25},  {"Tạ", 30},     {"Chu", 30},    {"Nghiêm", 10}, {"La", 10}, {"Kiều", 15}, {"Ksor", 10}};
static const struct weighed men_middle[] = {{"Văn", 3600}, {"Đức", 500}, {"Hữu", 500}, {"Quang", 450}, {"Minh", 450}, {"Xuân", 450}, {"Đình", 450}, {"Công", 350}, {"Ngọc", 350}, {"Thanh", 350},
                                            {"Quốc", 350}, {"Tiến", 250}, {"Trọng", 250}, {"Mạnh", 250}, {"Anh", 150}, {"Bá", 150}, {"Duy", 200}, {"Hoàng", 250}, {"Thế", 200}, {"Viết", 150}, {"", 200}};
static const struct weighed women_middle[] = {{"Thị", 4500}, {"Thị Hồng", 400}, {"Thị Thu", 500}, {"Thị Thanh", 500}, {"Thị Ngọc", 450}, {"Thị Kim", 350}, {"Thị Mai", 200}, {"Thị Minh", 250},
                                              {"Thu", 250}, {"Ngọc", 350}, {"Thanh", 300}, {"Hồng", 250}, {"Kim", 200}, {"Phương", 200}, {"Bích", 150}, {"Thúy", 150}, {"Diệu", 80}, {"Khánh", 100}};
static const char *const men_given[] = {
    "An", "Anh", "Bảo", "Bình", "Chiến", "Chung", "Cường", "Cảnh", "Công", "Dũng", "Duy", "Đạt", "Định", "Đông", "Đức", "Giang", "Hà", "Hải", "Hạnh", "Hậu", "Hiếu", "Hiền", "Hòa", "Hoàn", "Hoàng",
    "Hùng", "Huy", "Hưng", "Hướng", "Khánh", "Khoa", "Kiên", "Lâm", "Linh", "Long", "Lợi", "Lộc", "Luân", "Lực", "Mạnh", "Minh", "Nam", "Nghĩa", "Ngọc", "Nhân", "Phong", "Phú", "Phúc", "Phương", "Quân",
    "Quang", "Quyết", "Quý", "Sơn", "Sang", "Sỹ", "Tài", "Tâm", "Tân", "Thái", "Thanh", "Thành", "Thắng", "Thiện", "Thịnh", "Thọ", "Thuận", "Thủy", "Tiến", "Tiệp", "Toàn", "Toản", "Trung", "Trường", "Tú",
    "Tuấn", "Tùng", "Tuyên", "Vinh", "Vĩnh", "Việt", "Vũ", "Vượng", "Xuân", "Yên", "Chất", "Khiêm", "Thưởng", "Duẩn", "Khởi"};
static const char *const women_given[] = {
    "An", "Anh", "Ánh", "Bích", "Bình", "Chi", "Cúc", "Diệp", "Diệu", "Dung", "Duyên", "Đào", "Giang", "Hà", "Hạnh", "Hằng", "Hải", "Hiền", "Hoa", "Hòa", "Hoài", "Hồng", "Huế", "Huệ", "Hương",
    "Hường", "Huyền", "Khánh", "Kiều", "Lan", "Liên", "Liễu", "Linh", "Loan", "Lụa", "Lý", "Mai", "Minh", "My", "Mỹ", "Nga", "Ngà", "Ngân", "Nghĩa", "Ngọc", "Nguyệt", "Nhàn", "Nhung", "Nhi", "Oanh",
    "Phượng", "Phương", "Quyên", "Quỳnh", "Sen", "Tâm", "Thảo", "Thanh", "Thắm", "Thoa", "Thơm", "Thơ", "Thu", "Thủy", "Thúy", "Thương", "Tiên", "Trang", "Trinh", "Tuyết", "Tươi", "Uyên", "Vân", "Vui", "Xuân",
    "Yến", "Hậu", "Hiên", "Lương", "Thuận"};
static const char *const syllables[] = {"An", "Bình", "Đông", "Tây", "Nam", "Bắc", "Hòa", "Phú", "Tân", "Long", "Vĩnh", "Thanh", "Yên", "Xuân", "Quang", "Minh", "Đức", "Hưng", "Thịnh", "Sơn", "Hà", "Lộc",
                                        "Phước", "Mỹ", "Thạch", "Kim", "Ngọc", "Trung", "Tiến", "Đại", "Cẩm", "Hải", "Nghĩa", "Lâm", "Thượng", "Hạ", "Thuận", "Thái", "Liên", "Châu"};
static const char *const provinces[] = {"Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Cao Bằng", "Tuyên Quang",
                                        "Lào Cai", "Thái Nguyên", "Phú Thọ", "Bắc Ninh", "Hưng Yên", "Hải Phòng", "Ninh Bình", "Quảng Trị", "Đà Nẵng", "Quảng Ngãi", "Gia Lai", "Khánh Hòa",
                                        "Lâm Đồng", "Đắk Lắk", "Thành phố Hồ Chí Minh", "Đồng Nai", "Tây Ninh", "Cần Thơ", "Vĩnh Long", "Đồng Tháp", "Cà Mau", "An Giang"};
static const char *const jobs[] = {"Nông dân", "Giáo viên", "Công chức", "Cán bộ hưu trí", "Bộ đội", "Công an", "Bác sĩ", "Công nhân", "Kỹ sư", "Kinh doanh", "Viên chức", "Sinh viên"};

static const char *weighed(struct dice *d, const struct weighed *list, size_t n)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += list[i].weight;
    uint32_t at = dice_below(d, sum);
    size_t i = 0;
    for (; at >= list[i].weight; i++)
        at -= list[i].weight;
    return list[i].s;
}

static const char *any(struct dice *d, const char *const *list, size_t n)
{
    return list[dice_below(d, (uint32_t)n)];
}

const char *name_person(struct arena *a, struct dice *d, bool woman)
{
    const char *family = weighed(d, families, N(families));
    const char *middle = woman ? weighed(d, women_middle, N(women_middle)) : weighed(d, men_middle, N(men_middle));
    const char *given = woman ? any(d, women_given, N(women_given)) : any(d, men_given, N(men_given));
    return arena_printf(a, "%s%s%s %s", family, *middle ? " " : "", middle, given);
}

const char *name_place(struct arena *a, struct dice *d)
{
    const char *first = any(d, syllables, N(syllables)), *second = any(d, syllables, N(syllables));
    return arena_printf(a, "%s %s", first, second);
}

const char *name_province(size_t i)
{
    return provinces[i % N(provinces)];
}

const char *name_job(struct dice *d)
{
    return any(d, jobs, N(jobs));
}
