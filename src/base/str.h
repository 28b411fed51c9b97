/* Strict reading of numbers, checked UTF-8, and small things on strings. Nothing here depends on locale. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "arena.h"

/* Whole strings only: "12 " and "12x" are refused; so is what does not fit. */
bool int_parse(const char *s, int64_t *out) MUST;
/* Vietnamese and plain whole numbers: 1.234, 1234; "1,234" is ambiguous and refused (U16). */
bool int_parse_vi(const char *s, int64_t *out) MUST;
const char *int_vi(int64_t v, char out[32]); /* 1.234.567 */

bool utf8_valid(const char *s, size_t n);
/* Decodes one code point; returns its length, 0 at a fault. */
size_t utf8_next(const char *s, size_t n, uint32_t *cp);
size_t utf8_put(uint32_t cp, char out[4]);
size_t utf8_width(const char *s); /* columns on a terminal */

bool str_same(const char *a, const char *b);         /* NULL equals NULL and "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
bool str_blank(const char *s);                       /* NULL, "" or only white space */
/* Copy without white space (also U+00A0, U+FEFF) at the ends and with single spaces inside. */
char *str_clean(struct arena *, const char *s, size_t n);

#endif
