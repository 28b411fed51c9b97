/* Days and numbers: what is read can be printed and read again. */
#include "fuzz.h"

#include "base/str.h"

static bool reads(const char *text, bool partial, int32_t want)
{
    int32_t v;
    return day_parse(text, strlen(text), partial, &v) && v == want;
}

static void check_day(const char *s, size_t n, bool partial)
{
    int32_t v;
    char text[DAY_TEXT];
    if (!day_parse(s, n, partial, &v))
        return;
    CHECK(partial ? pday_valid(v) : day_valid(v));
    CHECK(reads(day_vi(v, text), partial, v));
    CHECK(reads(day_iso(v, text), partial, v));
    if (!day_valid(v))
        return;
    CHECK(day_from_number(day_number((day){v})).v == v);
    CHECK(day_weekday((day){v}) >= 1 && day_weekday((day){v}) <= 7);
}

static void check_raw(const uint8_t *data, size_t n)
{
    double serial;
    int32_t days;
    int64_t when;
    char text[INSTANT_TEXT];
    if (n < 8)
        return;
    memcpy(&serial, data, 8);
    memcpy(&days, data, 4);
    memcpy(&when, data, 8);
    for (int since_1904 = 0; since_1904 < 2; since_1904++) {
        int32_t v = day_from_serial(serial, since_1904);
        CHECK(!v || day_valid(v));
    }
    day d = day_add((day){20000101}, days);
    CHECK(!d.v || (day_valid(d.v) && day_add(d, -days).v == 20000101));
    CHECK(!day_from_number(days).v || day_number(day_from_number(days)) == days);
    CHECK(strlen(instant_iso((instant){when}, text)) >= 24);
    char shown[DAY_TEXT];
    day_vi(days, shown);
    day_iso(days, shown);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    char *s = arena_copy(&a, (const char *)data, n), text[32];
    int64_t v, again;
    check_day(s, n, false);
    check_day(s, n, true);
    check_raw(data, n);
    if (int_parse(s, &v)) {
        CHECK(int_parse_vi(s, &again) && again == v);
        CHECK(int_parse_vi(int_vi(v, text), &again) && again == v);
    }
    if (int_parse_vi(s, &v))
        CHECK(int_parse_vi(int_vi(v, text), &again) && again == v);
    arena_free(&a);
    return 0;
}
