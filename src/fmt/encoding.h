/* Text of any age to UTF-8 in NFC: UTF-8 (composed or not), UTF-16, TCVN3 (ABC), VNI-Windows and
 * windows-1258, and the guess which of them a file is in. A guess can be wrong: it says whether it is sure,
 * and everything that reads a file lets the user name the encoding instead. */
#ifndef FMT_ENCODING_H
#define FMT_ENCODING_H

#include "base/arena.h"

enum encoding { ENC_AUTO, ENC_UTF8, ENC_UTF16LE, ENC_UTF16BE, ENC_TCVN3, ENC_VNI, ENC_CP1258 };
#define ENC_COUNT (ENC_CP1258 + 1)

struct encoding_guess {
    enum encoding enc;  /* never ENC_AUTO */
    enum encoding next; /* the second most likely; the same as enc when there is none */
    bool sure;
};

struct words encoding_name(enum encoding); /* in words, for messages */
/* The word of an option: auto, utf8, utf16le, utf16be, tcvn3, vni, cp1258. */
bool encoding_parse(const char *word, enum encoding *out) MUST;

/* From the first bytes of a file; a character cut off at the end is no fault. Some hundred KB suffice. */
struct encoding_guess encoding_detect(const char *sample, size_t n);
/* From UTF-8 text: ENC_TCVN3 or ENC_VNI when its letters are really the bytes of an old font ("NguyÔn"),
 * else ENC_UTF8. */
struct encoding_guess encoding_detect_text(const char *utf8, size_t n);

/* Bytes to UTF-8 in NFC without byte order mark; NULL when they are not valid in that encoding. */
char *encoding_decode(struct arena *, enum encoding, const char *bytes, size_t n);
/* Text whose code points are the bytes of an old font, put right. `capitals` for the fonts of capitals
 * (.VnTimeH). The text as it is when it holds a character that no such font has. */
const char *encoding_fix_text(struct arena *, enum encoding font, bool capitals, const char *utf8);
/* The same, only where the result is at least as plausible as the text was. */
const char *encoding_fix_likely(struct arena *, enum encoding font, const char *utf8);

#endif
