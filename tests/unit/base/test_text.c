/* Vietnamese text: one form, fold, words, order. */
#include "t.h"

#include "base/text.h"

static void test_nfc(void **state)
{
    (void)state;
    struct arena a = {0};
    static const char nfd[] = "Nguye\xCC\x82\xCC\x83n Tri\xCC\xA3"; /* as a Mac writes it */
    assert_string_equal(text_nfc(&a, nfd, sizeof nfd - 1), "Nguyễn Trị");
    assert_null(text_nfc(&a, "a\xC3", 2));
    assert_string_equal(text_nfc(&a, "", 0), "");
    arena_free(&a);
}

static void test_fold(void **state)
{
    (void)state;
    struct arena a = {0};
    static const char *const pairs[][2] = {
        {"NGUYỄN Văn  Đức (B)", "nguyen van duc b"}, {"đĐ", "dd"}, {"", ""}, {"  - ", ""}, {"Chi bộ 10", "chi bo 10"},
        {"Ưu, ơn; ăn/ấm", "uu on an am"}, {"e\xCC\x82\xCC\x81", "e"}, {"Krông Pắc", "krong pac"}, {"H'Mông", "h mong"},
    };
    for (size_t i = 0; i < N(pairs); i++)
        assert_string_equal(text_fold(&a, pairs[i][0]), pairs[i][1]);
    assert_string_equal(text_fold(&a, NULL), "");
    arena_free(&a);
}

static void test_words(void **state)
{
    (void)state;
    struct arena a = {0};
    static const char *const same[][2] = {{"hoà", "hòa"}, {"thuý", "thúy"}, {"Khoẻ", "khỏe"}, {"HÒA BÌNH", "hoà bình"}, {"loè", "lòe"}};
    static const char *const differ[][2] = {{"hòa", "hóa"}, {"an", "ân"}, {"do", "đo"}, {"ma", "mạ"}, {"con", "cơn"}};
    for (size_t i = 0; i < N(same); i++)
        assert_string_equal(text_words(&a, same[i][0]), text_words(&a, same[i][1]));
    for (size_t i = 0; i < N(differ); i++)
        assert_string_not_equal(text_words(&a, differ[i][0]), text_words(&a, differ[i][1]));
    arena_free(&a);
}

/* Each list is in the order of Vietnamese; every pair of it must come out so. */
static void ordered(char *(*key)(struct arena *, const char *), const char *const *list, size_t n)
{
    struct arena a = {0};
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++)
            if (strcmp(key(&a, list[i]), key(&a, list[j])) >= 0)
                fail_msg("\"%s\" must come before \"%s\"", list[i], list[j]);
    arena_free(&a);
}

static void test_letters(void **state)
{
    (void)state;
    static const char *const list[] = {"a", "à", "ả", "ã", "á", "ạ", "ă", "ằ", "ẳ", "ẵ", "ắ", "ặ", "â", "ầ", "ẩ", "ẫ", "ấ", "ậ", "b", "c",
                                       "d", "đ", "e", "è", "ẻ", "ẽ", "é", "ẹ", "ê", "ề", "ể", "ễ", "ế", "ệ", "f", "g", "h", "i", "ì", "ỉ",
                                       "ĩ", "í", "ị", "j", "k", "l", "m", "n", "o", "ò", "ỏ", "õ", "ó", "ọ", "ô", "ồ", "ổ", "ỗ", "ố", "ộ",
                                       "ơ", "ờ", "ở", "ỡ", "ớ", "ợ", "p", "q", "r", "s", "t", "u", "ù", "ủ", "ũ", "ú", "ụ", "ư", "ừ", "ử",
                                       "ữ", "ứ", "ự", "v", "w", "x", "y", "ỳ", "ỷ", "ỹ", "ý", "ỵ", "z"};
    ordered(text_sort_key, list, N(list));
    static const char *const places[] = {"Chi bộ 1", "Chi bộ 2", "Chi bộ 10", "Chi bộ 1000000000", "Chi bộ 9999999999", "Chi bộ 10000000000",
                                         "Đông Anh", "Hà Nam", "Hà Nội", "Hải Dương", "Hải Phòng", "Quảng Nam", "Quảng Ninh", "Thôn 2",
                                         "Thôn 2a", "Thôn 10", "Thôn Đông", "Thôn Hạ"};
    ordered(text_sort_key, places, N(places));
}

static void test_people(void **state)
{
    (void)state;
    /* by given name, then middle names, then family name; d before đ; tones after letters */
    static const char *const list[] = {
        "Trần Thị Ái", "Nguyễn An", "Trần An", "Lê Văn An", "Nguyễn Văn An", "Vũ Văn An", "Lê Thị Anh", "Phạm Văn Ảnh", "Lê Thị Ánh",
        "Phạm Ân",
    };
    ordered(text_person_key, list, N(list));
    static const char *const more[] = {"Lê Bình", "Lê Cường", "Lê Danh", "Lê Dung", "Lê Dũng", "Lê Đào", "Lê Đức", "Lê Hoa", "Lê Hòa",
                                       "Lê Hóa", "Lê Hương", "Lê Khánh", "Lê Lan", "Lê Lân", "Lê Minh", "Lê Mình", "Lê Ngọc", "Lê Oanh",
                                       "Lê Phúc", "Lê Quý", "Lê Sơn", "Lê Thảo", "Lê Thắng", "Lê Thu", "Lê Thủy", "Lê Thư", "Lê Tú", "Lê Út",
                                       "Lê Vân", "Lê Xuân", "Lê Yến"};
    ordered(text_person_key, more, N(more));
    struct arena a = {0};
    assert_string_equal(text_person_key(&a, "NGUYỄN VĂN AN"), text_person_key(&a, "  Nguyễn  Văn An "));
    assert_string_equal(text_person_key(&a, ""), text_person_key(&a, " "));
    for (const char *s = text_person_key(&a, "Nguyễn Thị Đào 中 \xC3"); *s; s++)
        assert_true(*s >= ' ' && *s <= '~');
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_nfc), cmocka_unit_test(test_fold), cmocka_unit_test(test_words),
                                              cmocka_unit_test(test_letters), cmocka_unit_test(test_people)};
    return t_run("text", tests, N(tests));
}
