/* Days and moments. A day is stored as the number yyyymmdd (20180805), in memory as in the database:
 * it reads, it sorts, and the age in full years is the difference divided by 10000. Month or day may
 * be 00 where the kind of field allows a partial date ("1958", "07/1958").
 * No locale, no time zone tables: Việt Nam is UTC+7 throughout. */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include "base.h"

typedef struct day {
    int32_t v; /* yyyymmdd; 0 = none */
} day;

typedef struct pday {
    int32_t v; /* yyyymmdd, mm and dd may be 00; 0 = none */
} pday;

typedef struct instant {
    int64_t v; /* milliseconds since 1970-01-01 UTC; 0 = none */
} instant;

enum { DAY_OPEN = 99999999 }; /* an end that has not come; sorts after every day */

bool day_valid(int32_t v);                  /* a full calendar day, 1800 to 2999 */
bool pday_valid(int32_t v);                 /* the same, or with 00 parts */
day day_of(int year, int month, int mday);  /* none when it does not exist */
day day_add(day, int days);                 /* none stays none */
int32_t day_number(day);                    /* days since 1970-01-01, for differences */
day day_from_number(int32_t);
int day_weekday(day);                       /* 1 Monday ... 7 Sunday */
day instant_day(instant);                   /* the day in Việt Nam */

/* Reads what people write: 05/08/2018, 5-8-2018, 5.8.2018, 05082018, 2018-08-05; with `partial` also
 * 08/2018, 2018-08 and 2018. Two-digit years are refused: nobody knows the century. */
bool day_parse(const char *s, size_t n, bool partial, int32_t *out) MUST;
/* An Excel serial of the 1900 (or 1904) system to a day; 0 when out of range. */
int32_t day_from_serial(double serial, bool since_1904);

enum { DAY_TEXT = 12 };
const char *day_vi(int32_t v, char out[DAY_TEXT]);  /* 05/08/2018, 08/2018, 2018; "" for none or open */
const char *day_iso(int32_t v, char out[DAY_TEXT]); /* 2018-08-05, 2018-08, 2018 */

enum { INSTANT_TEXT = 40 };
const char *instant_iso(instant, char out[INSTANT_TEXT]); /* 2018-08-05T07:13:00.000Z */

#endif
