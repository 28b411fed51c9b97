/* Vietnamese text: one normal form, one fold for search, one key for sorting, the same on both
 * engines, in exports and on screen, because all three are made here and stored.
 * Unicode tables come from utf8proc; what it and the engines leave out (đ, tone placement, the order
 * of Vietnamese letters) is ours. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "arena.h"

/* NFC of valid UTF-8 (NFD as typed on a Mac included). NULL when s is not valid UTF-8. */
char *text_nfc(struct arena *, const char *s, size_t n);

/* Lower case, without diacritics, đ as d, letters and digits only, words separated by one space:
 * "NGUYỄN Văn  Đức (B)" -> "nguyen van duc b". */
char *text_fold(struct arena *, const char *s);

/* The same cut into words but with diacritics, lower case, tone on the vowel where the new spelling
 * puts it (hoà = hòa, thuý = thúy): what "exact diacritics first" compares. */
char *text_words(struct arena *, const char *s);

/* Keys whose bytewise order is the Vietnamese order: letters a ă â b c d đ e ê g h i k l m n o ô ơ
 * p q r s t u ư v x y (f j w z in between), then tones ngang, huyền, hỏi, ngã, sắc, nặng; numbers by value
 * ("Thôn 2" before "Thôn 10"); case ignored. Plain printable ASCII. A person's name sorts by given name, then
 * middle names, then family name; each part is settled, letters then tones, before the next counts. */
char *text_sort_key(struct arena *, const char *s);
char *text_person_key(struct arena *, const char *full_name);

/* The fold of the first word by which a key sorts (of a person the given name); "" when it holds other than letters. */
char *text_key_word(struct arena *, const char *key);
/* Between which keys stand all, and only those, whose first word begins so, folded: in ascending order, `from` is in, `to` is not.
 * Returns how many, 0 when they are more than `room` or the word holds other than letters. */
struct text_range {
    const char *from, *to;
};
size_t text_key_ranges(struct arena *, const char *fold_word, struct text_range *out, size_t room);

/* A label as it stands inside a sentence: its first letter small, unless the first word is no ordinary one ("CCCD"). */
char *text_inside(struct arena *, const char *s);

#endif
