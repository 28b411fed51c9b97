/* Old encodings: every letter, whole sentences, and the guess. The bytes of the letters are written out here a second
 * time, from TCVN 5712:1993 and from the VNI table, so that a slip in either is seen. */
#include "t.h"

#include "fmt/encoding.h"

static const struct {
    const char *letter, *tcvn3, *vni;
} low[] = {
    {"à", "\xB5", "a\xF8"}, {"ả", "\xB6", "a\xFB"}, {"ã", "\xB7", "a\xF5"}, {"á", "\xB8", "a\xF9"}, {"ạ", "\xB9", "a\xEF"},
    {"ă", "\xA8", "a\xEA"}, {"ằ", "\xBB", "a\xE8"}, {"ẳ", "\xBC", "a\xFA"}, {"ẵ", "\xBD", "a\xFC"}, {"ắ", "\xBE", "a\xE9"},
    {"ặ", "\xC6", "a\xEB"}, {"â", "\xA9", "a\xE2"}, {"ầ", "\xC7", "a\xE0"}, {"ẩ", "\xC8", "a\xE5"}, {"ẫ", "\xC9", "a\xE3"},
    {"ấ", "\xCA", "a\xE1"}, {"ậ", "\xCB", "a\xE4"}, {"đ", "\xAE", "\xF1"},  {"è", "\xCC", "e\xF8"}, {"ẻ", "\xCE", "e\xFB"},
    {"ẽ", "\xCF", "e\xF5"}, {"é", "\xD0", "e\xF9"}, {"ẹ", "\xD1", "e\xEF"}, {"ê", "\xAA", "e\xE2"}, {"ề", "\xD2", "e\xE0"},
    {"ể", "\xD3", "e\xE5"}, {"ễ", "\xD4", "e\xE3"}, {"ế", "\xD5", "e\xE1"}, {"ệ", "\xD6", "e\xE4"}, {"ì", "\xD7", "\xEC"},
    {"ỉ", "\xD8", "\xE6"},  {"ĩ", "\xDC", "\xF3"},  {"í", "\xDD", "\xED"},  {"ị", "\xDE", "\xF2"},  {"ò", "\xDF", "o\xF8"},
    {"ỏ", "\xE1", "o\xFB"}, {"õ", "\xE2", "o\xF5"}, {"ó", "\xE3", "o\xF9"}, {"ọ", "\xE4", "o\xEF"}, {"ô", "\xAB", "o\xE2"},
    {"ồ", "\xE5", "o\xE0"}, {"ổ", "\xE6", "o\xE5"}, {"ỗ", "\xE7", "o\xE3"}, {"ố", "\xE8", "o\xE1"}, {"ộ", "\xE9", "o\xE4"},
    {"ơ", "\xAC", "\xF4"},  {"ờ", "\xEA", "\xF4\xF8"}, {"ở", "\xEB", "\xF4\xFB"}, {"ỡ", "\xEC", "\xF4\xF5"}, {"ớ", "\xED", "\xF4\xF9"},
    {"ợ", "\xEE", "\xF4\xEF"}, {"ù", "\xEF", "u\xF8"}, {"ủ", "\xF1", "u\xFB"}, {"ũ", "\xF2", "u\xF5"}, {"ú", "\xF3", "u\xF9"},
    {"ụ", "\xF4", "u\xEF"}, {"ư", "\xAD", "\xF6"},  {"ừ", "\xF5", "\xF6\xF8"}, {"ử", "\xF6", "\xF6\xFB"}, {"ữ", "\xF7", "\xF6\xF5"},
    {"ứ", "\xF8", "\xF6\xF9"}, {"ự", "\xF9", "\xF6\xEF"}, {"ỳ", "\xFA", "y\xF8"}, {"ỷ", "\xFB", "y\xFB"}, {"ỹ", "\xFC", "y\xF5"},
    {"ý", "\xFD", "y\xF9"}, {"ỵ", "\xFE", "\xEE"},
};
static const struct {
    const char *letter, *tcvn3, *vni; /* no TCVN3 but in a font of capitals */
} high[] = {
    {"À", "\xB5", "A\xD8"}, {"Ả", "\xB6", "A\xDB"}, {"Ã", "\xB7", "A\xD5"}, {"Á", "\xB8", "A\xD9"}, {"Ạ", "\xB9", "A\xCF"},
    {"Ă", "\xA1", "A\xCA"}, {"Ằ", "\xBB", "A\xC8"}, {"Ẳ", "\xBC", "A\xDA"}, {"Ẵ", "\xBD", "A\xDC"}, {"Ắ", "\xBE", "A\xC9"},
    {"Ặ", "\xC6", "A\xCB"}, {"Â", "\xA2", "A\xC2"}, {"Ầ", "\xC7", "A\xC0"}, {"Ẩ", "\xC8", "A\xC5"}, {"Ẫ", "\xC9", "A\xC3"},
    {"Ấ", "\xCA", "A\xC1"}, {"Ậ", "\xCB", "A\xC4"}, {"Đ", "\xA7", "\xD1"},  {"È", "\xCC", "E\xD8"}, {"Ẻ", "\xCE", "E\xDB"},
    {"Ẽ", "\xCF", "E\xD5"}, {"É", "\xD0", "E\xD9"}, {"Ẹ", "\xD1", "E\xCF"}, {"Ê", "\xA3", "E\xC2"}, {"Ề", "\xD2", "E\xC0"},
    {"Ể", "\xD3", "E\xC5"}, {"Ễ", "\xD4", "E\xC3"}, {"Ế", "\xD5", "E\xC1"}, {"Ệ", "\xD6", "E\xC4"}, {"Ì", "\xD7", "\xCC"},
    {"Ỉ", "\xD8", "\xC6"},  {"Ĩ", "\xDC", "\xD3"},  {"Í", "\xDD", "\xCD"},  {"Ị", "\xDE", "\xD2"},  {"Ò", "\xDF", "O\xD8"},
    {"Ỏ", "\xE1", "O\xDB"}, {"Õ", "\xE2", "O\xD5"}, {"Ó", "\xE3", "O\xD9"}, {"Ọ", "\xE4", "O\xCF"}, {"Ô", "\xA4", "O\xC2"},
    {"Ồ", "\xE5", "O\xC0"}, {"Ổ", "\xE6", "O\xC5"}, {"Ỗ", "\xE7", "O\xC3"}, {"Ố", "\xE8", "O\xC1"}, {"Ộ", "\xE9", "O\xC4"},
    {"Ơ", "\xA5", "\xD4"},  {"Ờ", "\xEA", "\xD4\xD8"}, {"Ở", "\xEB", "\xD4\xDB"}, {"Ỡ", "\xEC", "\xD4\xD5"}, {"Ớ", "\xED", "\xD4\xD9"},
    {"Ợ", "\xEE", "\xD4\xCF"}, {"Ù", "\xEF", "U\xD8"}, {"Ủ", "\xF1", "U\xDB"}, {"Ũ", "\xF2", "U\xD5"}, {"Ú", "\xF3", "U\xD9"},
    {"Ụ", "\xF4", "U\xCF"}, {"Ư", "\xA6", "\xD6"},  {"Ừ", "\xF5", "\xD6\xD8"}, {"Ử", "\xF6", "\xD6\xDB"}, {"Ữ", "\xF7", "\xD6\xD5"},
    {"Ứ", "\xF8", "\xD6\xD9"}, {"Ự", "\xF9", "\xD6\xCF"}, {"Ỳ", "\xFA", "Y\xD8"}, {"Ỷ", "\xFB", "Y\xDB"}, {"Ỹ", "\xFC", "Y\xD5"},
    {"Ý", "\xFD", "Y\xD9"}, {"Ỵ", "\xFE", "\xCE"},
};

static const char *decoded(struct arena *a, enum encoding e, const char *bytes)
{
    return encoding_decode(a, e, bytes, strlen(bytes));
}

/* Bytes as the code points that a workbook holds. */
static const char *as_latin1(struct arena *a, const char *bytes)
{
    char *out = arena_alloc(a, strlen(bytes) * 2 + 1), *to = out;
    for (; *bytes; bytes++) {
        unsigned char b = (unsigned char)*bytes;
        if (b >= 0x80)
            *to++ = (char)(0xC0 | b >> 6);
        *to++ = (char)(b < 0x80 ? b : 0x80 | (b & 0x3F));
    }
    return out;
}

static void test_letters(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_int_equal(N(low), 67); /* all that are not plain ASCII; with capitals 134 */
    assert_int_equal(N(high), 67);
    for (size_t i = 0; i < N(low); i++) {
        assert_string_equal(decoded(&a, ENC_TCVN3, low[i].tcvn3), low[i].letter);
        assert_string_equal(decoded(&a, ENC_VNI, low[i].vni), low[i].letter);
        assert_string_equal(decoded(&a, ENC_VNI, high[i].vni), high[i].letter);
        assert_string_equal(encoding_fix_text(&a, ENC_TCVN3, false, as_latin1(&a, low[i].tcvn3)), low[i].letter);
        assert_string_equal(encoding_fix_text(&a, ENC_TCVN3, true, as_latin1(&a, low[i].tcvn3)), high[i].letter);
        assert_string_equal(encoding_fix_text(&a, ENC_TCVN3, true, as_latin1(&a, high[i].tcvn3)), high[i].letter);
        assert_string_equal(encoding_fix_text(&a, ENC_VNI, false, as_latin1(&a, high[i].vni)), high[i].letter);
        /* between capitals */
        const char *word = arena_printf(&a, "TH%sNG", high[i].tcvn3), *want = arena_printf(&a, "TH%sNG", high[i].letter);
        assert_string_equal(decoded(&a, ENC_TCVN3, word), want);
    }
    arena_free(&a);
}

static const char *const sentences[][4] = {
    /* Unicode, TCVN3, VNI, windows-1258 */
    {"Đảng bộ xã", "\xA7\xB6ng b\xE9 x\xB7", "\xD1" "a\xFBng bo\xE4 xa\xF5", "\xD0" "a\xD2ng b\xF4\xF2 xa\xDE"},
    {"Nguyễn Thị Hương", "Nguy\xD4n Th\xDE H\xAD\xACng", "Nguye\xE3n Th\xF2 H\xF6\xF4ng", "Nguy\xEA\xDEn Thi\xF2 H\xFD\xF5ng"},
    {"Cộng hòa xã hội chủ nghĩa", "C\xE9ng h\xDF" "a x\xB7 h\xE9i ch\xF1 ngh\xDC" "a", "Co\xE4ng ho\xF8" "a xa\xF5 ho\xE4i chu\xFB ngh\xF3" "a",
     "C\xF4\xF2ng ho\xCC" "a xa\xDE h\xF4\xF2i chu\xD2 nghi\xDE" "a"},
    {"Trần Văn Đức", "Tr\xC7n V\xA8n \xA7\xF8" "c", "Tra\xE0n Va\xEAn \xD1\xF6\xF9" "c", "Tr\xE2\xCCn V\xE3n \xD0\xFD\xEC" "c"},
    {"kết nạp", "k\xD5t n\xB9p", "ke\xE1t na\xEFp", "k\xEA\xECt na\xF2p"},
};

static void test_sentences(void **state)
{
    (void)state;
    struct arena a = {0};
    for (size_t i = 0; i < N(sentences); i++) {
        assert_string_equal(decoded(&a, ENC_TCVN3, sentences[i][1]), sentences[i][0]);
        assert_string_equal(decoded(&a, ENC_VNI, sentences[i][2]), sentences[i][0]);
        assert_string_equal(decoded(&a, ENC_CP1258, sentences[i][3]), sentences[i][0]);
        assert_string_equal(decoded(&a, ENC_UTF8, sentences[i][0]), sentences[i][0]);
    }
    assert_string_equal(decoded(&a, ENC_TCVN3, "NGUY\xD4N TH\xDE H\xB5"), "NGUYỄN THỊ HÀ");
    assert_string_equal(decoded(&a, ENC_TCVN3, "L\xAA H\xB5"), "Lê Hà");
    assert_string_equal(decoded(&a, ENC_TCVN3, "L\xA3 V\xA1N \xA7\xB9T"), "LÊ VĂN ĐẠT");
    arena_free(&a);
}

static void guess_is(const char *bytes, size_t n, enum encoding want)
{
    struct encoding_guess g = encoding_detect(bytes, n);
    if (g.enc != want)
        fail_msg("guessed %s, not %s", encoding_name(g.enc).en, encoding_name(want).en);
}

static void test_guess(void **state)
{
    (void)state;
    static const enum encoding columns[] = {ENC_UTF8, ENC_TCVN3, ENC_VNI, ENC_CP1258};
    for (size_t k = 0; k < 4; k++) {
        struct arena a = {0};
        const char *all = "";
        for (size_t i = 0; i < N(sentences); i++) {
            guess_is(sentences[i][k], strlen(sentences[i][k]), columns[k]);
            all = arena_printf(&a, "%s,%s\r\n", all, sentences[i][k]);
        }
        guess_is(all, strlen(all), columns[k]);
        assert_true(encoding_detect(all, strlen(all)).sure);
        arena_free(&a);
    }
    guess_is("\xFF\xFE" "a\0", 4, ENC_UTF16LE);
    guess_is("\xFE\xFF\0a", 4, ENC_UTF16BE);
    guess_is("a\0b\0,\0c\0", 8, ENC_UTF16LE);
    guess_is("plain,ascii", 11, ENC_UTF8);
    guess_is("Nguye\xCC\x82\xCC\x83n", 10, ENC_UTF8);
    guess_is("Nguy\xE1\xBB", 6, ENC_UTF8); /* cut off by the end of the sample */
    guess_is("", 0, ENC_UTF8);
}

static void test_guess_text(void **state)
{
    (void)state;
    struct arena a = {0};
    const char *unicode = "", *tcvn3 = "", *vni = "";
    for (size_t i = 0; i < N(sentences); i++) {
        unicode = arena_printf(&a, "%s%s\n", unicode, sentences[i][0]);
        tcvn3 = arena_printf(&a, "%s%s\n", tcvn3, as_latin1(&a, sentences[i][1]));
        vni = arena_printf(&a, "%s%s\n", vni, as_latin1(&a, sentences[i][2]));
        assert_string_equal(encoding_fix_likely(&a, ENC_TCVN3, sentences[i][0]), sentences[i][0]);
        assert_string_equal(encoding_fix_likely(&a, ENC_TCVN3, as_latin1(&a, sentences[i][1])), sentences[i][0]);
        assert_string_equal(encoding_fix_likely(&a, ENC_VNI, as_latin1(&a, sentences[i][2])), sentences[i][0]);
    }
    assert_int_equal(encoding_detect_text(unicode, strlen(unicode)).enc, ENC_UTF8);
    assert_int_equal(encoding_detect_text(tcvn3, strlen(tcvn3)).enc, ENC_TCVN3);
    assert_int_equal(encoding_detect_text(vni, strlen(vni)).enc, ENC_VNI);
    static const char latin[] = "Hà là và có tôi bà ba Hòa ông Tú";
    assert_int_equal(encoding_detect_text(latin, sizeof latin - 1).enc, ENC_UTF8);
    /* half of each, as where two clerks typed one register */
    const char *mixed = arena_printf(&a, "%s%s", unicode, tcvn3);
    assert_int_equal(encoding_detect_text(mixed, strlen(mixed)).enc, ENC_TCVN3);
    assert_int_equal(encoding_detect_text("", 0).enc, ENC_UTF8);
    arena_free(&a);
}

static void test_utf16(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_string_equal(encoding_decode(&a, ENC_UTF16LE, "\xFF\xFE\xC5\x1E", 4), "ễ");
    assert_string_equal(encoding_decode(&a, ENC_UTF16BE, "\x1E\xC5\xD8\x3D\xDE\x00", 6), "ễ😀");
    assert_null(encoding_decode(&a, ENC_UTF16BE, "\x1E\xC5\xD8\x3D", 4));
    assert_null(encoding_decode(&a, ENC_UTF16BE, "\xDE\x00", 2));
    assert_null(encoding_decode(&a, ENC_UTF16LE, "abc", 3));
    assert_null(encoding_decode(&a, ENC_UTF8, "\xFF", 1));
    assert_string_equal(encoding_decode(&a, ENC_UTF8, "\xEF\xBB\xBFx", 4), "x");
    enum encoding e;
    assert_true(encoding_parse("tcvn3", &e) && e == ENC_TCVN3);
    assert_false(encoding_parse("latin1", &e));
    arena_free(&a);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_letters), cmocka_unit_test(test_sentences), cmocka_unit_test(test_guess),
                                              cmocka_unit_test(test_guess_text), cmocka_unit_test(test_utf16)};
    return t_run("encoding", tests, N(tests));
}
