/* Calendar arithmetic on yyyymmdd numbers; see day.h. */
#include "day.h"

static bool leap(int y)
{
    return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static int month_days(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return m == 2 && leap(y) ? 29 : days[m - 1];
}

bool day_valid(int32_t v)
{
    int y = v / 10000, m = v / 100 % 100, d = v % 100;
    return y >= 1800 && y <= 2999 && m >= 1 && m <= 12 && d >= 1 && d <= month_days(y, m);
}

bool pday_valid(int32_t v)
{
    int y = v / 10000, m = v / 100 % 100, d = v % 100;
    if (d == 0 && y >= 1800 && y <= 2999 && m <= 12)
        return true;
    return day_valid(v);
}

day day_of(int y, int m, int d)
{
    if (y < 1800 || y > 2999 || m < 1 || m > 12 || d < 1 || d > 31)
        return (day){0};
    int32_t v = y * 10000 + m * 100 + d;
    return (day){day_valid(v) ? v : 0};
}

/* The civil calendar by whole 400-year eras, years beginning in March. */
int32_t day_number(day t)
{
    int y = t.v / 10000, m = t.v / 100 % 100, d = t.v % 100;
    y -= m <= 2;
    int era = y / 400;
    int in_era = y - era * 400;
    int in_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

day day_from_number(int32_t n)
{
    if (n < -62091 || n > 376199) /* 1800 to 2999 */
        return (day){0};
    int z = n + 719468;
    int era = z / 146097;
    int doe = z - era * 146097;
    int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int mp = (5 * doy + 2) / 153;
    int m = mp < 10 ? mp + 3 : mp - 9;
    return day_of(yoe + era * 400 + (m <= 2), m, doy - (153 * mp + 2) / 5 + 1);
}

day day_add(day t, int days)
{
    int32_t n;
    if (!t.v)
        return t;
    return __builtin_add_overflow(day_number(t), days, &n) ? (day){0} : day_from_number(n);
}

int day_weekday(day t)
{
    return ((day_number(t) + 3) % 7 + 7) % 7 + 1; /* 1970-01-01 was a Thursday */
}

day instant_day(instant t)
{
    int64_t local = t.v / 1000 + 7 * 3600 - (t.v % 1000 < 0);
    return day_from_number((int32_t)(local / 86400 - (local % 86400 < 0)));
}

static bool take_number(const char **s, const char *end, int *out, int *digits)
{
    int v = 0, n = 0;
    while (*s < end && **s >= '0' && **s <= '9' && n < 8) {
        v = v * 10 + (**s - '0');
        (*s)++;
        n++;
    }
    *out = v;
    *digits = n;
    return n > 0;
}

static bool settle(int y, int m, int d, bool partial, int32_t *out)
{
    int32_t v = y * 10000 + m * 100 + d;
    if (partial ? !pday_valid(v) : !day_valid(v))
        return false;
    *out = v;
    return true;
}

/* One to three numbers with one separator; digits[] tells a year (4 digits) from a day. */
static bool settle_parts(const int num[3], const int digits[3], int n, bool partial, int32_t *out)
{
    if (n == 1 && digits[0] == 8) /* 05082018, and 20180805 as the program itself writes it */
        return num[0] / 10000 >= 1800 && num[0] / 10000 <= 2999 && day_valid(num[0])
                   ? settle(num[0] / 10000, num[0] / 100 % 100, num[0] % 100, partial, out)
                   : settle(num[0] % 10000, num[0] / 10000 % 100, num[0] / 1000000, partial, out);
    if (n == 1 && digits[0] == 4)
        return partial && settle(num[0], 0, 0, true, out);
    if (n == 2 && digits[1] == 4 && digits[0] <= 2)
        return partial && num[0] >= 1 && settle(num[1], num[0], 0, true, out);
    if (n == 2 && digits[0] == 4 && digits[1] <= 2)
        return partial && num[1] >= 1 && settle(num[0], num[1], 0, true, out);
    if (n == 3 && digits[2] == 4 && digits[0] <= 2 && digits[1] <= 2)
        return settle(num[2], num[1], num[0], partial, out);
    if (n == 3 && digits[0] == 4 && digits[1] <= 2 && digits[2] <= 2)
        return settle(num[0], num[1], num[2], partial, out);
    return false;
}

bool day_parse(const char *s, size_t len, bool partial, int32_t *out)
{
    const char *end = s + len;
    while (s < end && *s == ' ')
        s++;
    while (end > s && end[-1] == ' ')
        end--;
    int num[3] = {0}, digits[3] = {0}, n = 0;
    char sep = 0;
    while (n < 3) {
        if (!take_number(&s, end, &num[n], &digits[n]))
            return false;
        n++;
        if (s == end)
            return settle_parts(num, digits, n, partial, out);
        if ((*s != '/' && *s != '-' && *s != '.') || (sep && *s != sep))
            return false;
        sep = *s++;
    }
    return false;
}

int32_t day_from_serial(double serial, bool since_1904)
{
    if (!(serial >= 1.0 && serial < 2958466.0))
        return 0;
    int32_t n = (int32_t)serial;
    if (since_1904)
        n += 1462;
    if (n < 60) /* Excel believes in 29/02/1900 */
        n += 1;
    return day_from_number(n - 25569).v;
}

static char *put_digits(char *out, unsigned v, int digits)
{
    for (int i = digits; i--; v /= 10)
        out[i] = (char)('0' + v % 10);
    return out + digits;
}

/* By hand: lists are full of days. */
static const char *day_print(int32_t v, char out[DAY_TEXT], bool iso)
{
    unsigned y = (unsigned)v / 10000 % 10000, m = (unsigned)v / 100 % 100, d = m ? (unsigned)v % 100 : 0;
    const unsigned parts[] = {iso ? y : d, m, iso ? d : y};
    const int digits[] = {iso ? 4 : 2, 2, iso ? 2 : 4};
    char *p = out;
    for (size_t i = 0; i < N(parts) && v > 0 && v != DAY_OPEN; i++) {
        if (!parts[i] && digits[i] == 2)
            continue; /* not known */
        if (p != out)
            *p++ = iso ? '-' : '/';
        p = put_digits(p, parts[i], digits[i]);
    }
    *p = '\0';
    return out;
}

const char *day_vi(int32_t v, char out[DAY_TEXT])
{
    return day_print(v, out, false);
}

const char *day_iso(int32_t v, char out[DAY_TEXT])
{
    return day_print(v, out, true);
}

const char *instant_iso(instant t, char out[INSTANT_TEXT])
{
    int rest = (int)(t.v % 86400000);
    rest += rest < 0 ? 86400000 : 0;
    day d = day_from_number((int32_t)(t.v / 86400000 - (t.v % 86400000 < 0)));
    snprintf(out, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", d.v / 10000, d.v / 100 % 100, d.v % 100,
             rest / 3600000, rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
    return out;
}
