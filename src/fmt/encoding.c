/* Old and new encodings of Vietnamese; see encoding.h.
 *
 * TCVN3 and VNI are fonts as much as encodings: a text in them is a run of bytes that only looks right in
 * .VnTime or VNI-Times. All but UTF-16 leave ASCII alone, so that a CSV can be cut into cells first. */
#include "encoding.h"

#include "syllable.h"

#include "base/buf.h"
#include "base/str.h"
#include "base/text.h"

static const struct {
    const char *word;
    struct words name;
} names[ENC_COUNT] = {
    [ENC_AUTO] = {"auto", {"tự nhận", "automatic"}},
    [ENC_UTF8] = {"utf8", {"Unicode (UTF-8)", "Unicode (UTF-8)"}},
    [ENC_UTF16LE] = {"utf16le", {"Unicode (UTF-16LE)", "Unicode (UTF-16LE)"}},
    [ENC_UTF16BE] = {"utf16be", {"Unicode (UTF-16BE)", "Unicode (UTF-16BE)"}},
    [ENC_TCVN3] = {"tcvn3", {"TCVN3 (ABC, phông .VnTime)", "TCVN3 (ABC, fonts .VnTime)"}},
    [ENC_VNI] = {"vni", {"VNI-Windows (phông VNI-Times)", "VNI-Windows (fonts VNI-Times)"}},
    [ENC_CP1258] = {"cp1258", {"Windows-1258", "Windows-1258"}},
};

struct words encoding_name(enum encoding e)
{
    return names[e].name;
}

bool encoding_parse(const char *word, enum encoding *out)
{
    for (size_t i = 0; i < N(names); i++) {
        if (str_same(word, names[i].word)) {
            *out = (enum encoding)i;
            return true;
        }
    }
    return false;
}

/* Bytes 80-9F of the Windows code pages; 0 where there is none. */
static const uint16_t windows_80[32] = {
    0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039, 0x152, 0, 0x17D, 0,
    0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
};

static uint32_t from_windows(unsigned char b)
{
    return b >= 0x80 && b < 0xA0 && windows_80[b - 0x80] ? windows_80[b - 0x80] : b;
}

/* TCVN 5712:1993 VN3, A1 to FE. Capitals with a tone have no code of their own: in the fonts of capitals
 * (.VnTimeH) the same codes show capitals. */
static const uint16_t tcvn3[0xFF - 0xA1] = {
    /* A1 */ 0x102, 0xC2, 0xCA, 0xD4, 0x1A0, 0x1AF, 0x110, 0x103, 0xE2, 0xEA, 0xF4, 0x1A1, 0x1B0, 0x111, 0,
    /* B0 */ 0, 0, 0, 0, 0, 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1, 0, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0,
    /* C0 */ 0, 0, 0, 0, 0, 0, 0x1EB7, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD, 0xE8, 0, 0x1EBB, 0x1EBD,
    /* D0 */ 0xE9, 0x1EB9, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7, 0xEC, 0x1EC9, 0, 0, 0, 0x129, 0xED, 0x1ECB, 0xF2,
    /* E0 */ 0, 0x1ECF, 0xF5, 0xF3, 0x1ECD, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3, 0xF9,
    /* F0 */ 0, 0x1EE7, 0x169, 0xFA, 0x1EE5, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1, 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5,
};

/* VNI-Windows: letters of one byte, lower case; a capital is 0x20 below. */
static uint32_t vni_single(unsigned char b)
{
    switch (b) {
    case 0xF4: return 0x1A1;
    case 0xF6: return 0x1B0;
    case 0xF1: return 0x111;
    case 0xED: return 0xED;
    case 0xEC: return 0xEC;
    case 0xE6: return 0x1EC9;
    case 0xF3: return 0x129;
    case 0xF2: return 0x1ECB;
    case 0xEE: return 0x1EF5;
    default: return 0;
    }
}

/* VNI-Windows: the byte behind a vowel adds a tone, and ^ or breve; lower case. */
static bool vni_mark(unsigned char b, char *shape, int *tone)
{
    static const unsigned char marks[3][TONES] = {
        {0, 0xF8, 0xFB, 0xF5, 0xF9, 0xEF},    /* tone only */
        {0xE2, 0xE0, 0xE5, 0xE3, 0xE1, 0xE4}, /* with ^ */
        {0xEA, 0xE8, 0xFA, 0xFC, 0xE9, 0xEB}, /* with breve */
    };
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < TONES; j++) {
            if (marks[i][j] == b) {
                *shape = " ^u"[i];
                *tone = j;
                return true;
            }
        }
    }
    return false;
}

/* The letter that base and mark make together; 0 when they make none. */
static uint32_t vni_compose(uint32_t base, unsigned char byte)
{
    int row, tone, none;
    bool upper;
    char shape;
    if (byte < 0xC0 || !vni_mark(byte | 0x20, &shape, &tone) || !letter_vowel(base, &row, &none, &upper) || none)
        return 0;
    uint32_t low = vowel_with_tone[row][0];
    if (shape == '^')
        low = low == 'a' ? 0xE2 : low == 'e' ? 0xEA : low == 'o' ? 0xF4 : 0;
    else if (shape == 'u')
        low = low == 'a' ? 0x103 : 0;
    else if (low == 0x103 || low == 0xE2 || low == 0xEA || low == 0xF4)
        return 0;
    for (int i = 0; i < VOWELS; i++)
        if (low && vowel_with_tone[i][0] == low)
            return upper ? letter_upper(vowel_with_tone[i][tone]) : vowel_with_tone[i][tone];
    return 0;
}

static size_t vni_cps(const char *bytes, size_t n, uint32_t *out)
{
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char b = (unsigned char)bytes[i];
        uint32_t single = b >= 0xC0 ? vni_single(b | 0x20) : 0;
        uint32_t base = single ? (b & 0x20 ? single : letter_upper(single)) : b < 0x80 ? b : 0;
        uint32_t both = base && i + 1 < n ? vni_compose(base, (unsigned char)bytes[i + 1]) : 0;
        if (both) {
            out[at++] = both;
            i++;
        } else {
            out[at++] = base ? base : from_windows(b);
        }
    }
    return at;
}

static uint32_t cp1258(unsigned char b)
{
    switch (b) {
    case 0xC3: return 0x102;
    case 0xE3: return 0x103;
    case 0xCC: return 0x300;
    case 0xEC: return 0x301;
    case 0xD0: return 0x110;
    case 0xF0: return 0x111;
    case 0xD2: return 0x309;
    case 0xF2: return 0x323;
    case 0xDE: return 0x303;
    case 0xFE: return 0x20AB;
    case 0xD5: return 0x1A0;
    case 0xF5: return 0x1A1;
    case 0xDD: return 0x1AF;
    case 0xFD: return 0x1B0;
    default: return from_windows(b);
    }
}

static uint32_t tcvn3_cp(unsigned char b)
{
    return b >= 0xA1 && b < 0xFF && tcvn3[b - 0xA1] ? tcvn3[b - 0xA1] : from_windows(b);
}

/* At most one code point a byte. */
static size_t legacy_cps(enum encoding e, const char *bytes, size_t n, uint32_t *out)
{
    if (e == ENC_VNI)
        return vni_cps(bytes, n, out);
    for (size_t i = 0; i < n; i++)
        out[i] = e == ENC_TCVN3 ? tcvn3_cp((unsigned char)bytes[i]) : cp1258((unsigned char)bytes[i]);
    return n;
}

static bool is_ascii_upper(uint32_t cp)
{
    return cp >= 'A' && cp <= 'Z';
}

static bool is_letter(uint32_t cp)
{
    return is_ascii_upper(cp) || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp != 0xD7 && cp != 0xF7);
}

/* What the letters of cps[from..to), one word, say about capitals: +1 it is written in capitals
 * ("NGUYÔN", "V¡N"), -1 it is not, 0 it could be either ("Hµ"). */
static int word_capitals(const uint32_t *cps, size_t from, size_t to)
{
    bool inner = false;
    for (size_t i = from; i < to; i++) {
        if (cps[i] >= 'a' && cps[i] <= 'z')
            return -1;
        inner |= i > from && letter_upper(cps[i]) == cps[i];
    }
    return inner ? 1 : 0;
}

/* TCVN3 has no capitals with tones: "NGUYÔN" is NGUYỄN where the letters around it are capitals. */
static void raise_capitals(uint32_t *cps, size_t n)
{
    bool any = false, low = false;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0, end; i < n; i = end + 1) {
            for (end = i; end < n && is_letter(cps[end]);)
                end++;
            int capitals = word_capitals(cps, i, end);
            if (round == 0) {
                any |= capitals > 0;
                low |= capitals < 0;
            } else if (capitals > 0 || (capitals == 0 && any && !low)) {
                for (size_t k = i; k < end; k++)
                    cps[k] = letter_upper(cps[k]);
            }
        }
    }
}

static char *put_text(struct arena *a, const uint32_t *cps, size_t n)
{
    char *s = arena_alloc(a, n * 4 + 1), *to = s;
    for (size_t i = 0; i < n; i++)
        to += utf8_put(cps[i], to);
    return text_nfc(a, s, (size_t)(to - s));
}

static char *decode_legacy(struct arena *a, enum encoding e, bool capitals, const char *bytes, size_t n)
{
    uint32_t *cps = NEW_N(a, uint32_t, n + 1);
    n = legacy_cps(e, bytes, n, cps);
    if (e == ENC_TCVN3 && !capitals)
        raise_capitals(cps, n);
    for (size_t i = 0; capitals && i < n; i++)
        cps[i] = letter_upper(cps[i]);
    return put_text(a, cps, n);
}

static char *decode_utf16(struct arena *a, bool big, const char *bytes, size_t n)
{
    const unsigned char *p = (const unsigned char *)bytes;
    uint32_t *cps = NEW_N(a, uint32_t, n / 2 + 1);
    size_t count = 0;
    if (n % 2)
        return NULL;
    for (size_t i = 0; i < n; i += 2) {
        uint32_t u = big ? (uint32_t)(p[i] << 8 | p[i + 1]) : (uint32_t)(p[i + 1] << 8 | p[i]);
        bool low = u >= 0xDC00 && u < 0xE000;
        if (low && count && cps[count - 1] >= 0xD800 && cps[count - 1] < 0xDC00)
            cps[count - 1] = 0x10000 + ((cps[count - 1] - 0xD800) << 10) + (u - 0xDC00);
        else if (low)
            return NULL;
        else if (u != 0xFEFF || i)
            cps[count++] = u;
    }
    for (size_t i = 0; i < count; i++)
        if (cps[i] >= 0xD800 && cps[i] < 0xE000)
            return NULL;
    return put_text(a, cps, count);
}

char *encoding_decode(struct arena *a, enum encoding e, const char *bytes, size_t n)
{
    switch (e) {
    case ENC_UTF16LE: return decode_utf16(a, false, bytes, n);
    case ENC_UTF16BE: return decode_utf16(a, true, bytes, n);
    case ENC_TCVN3:
    case ENC_VNI:
    case ENC_CP1258: return decode_legacy(a, e, false, bytes, n);
    case ENC_AUTO:
    case ENC_UTF8:
    default: break;
    }
    while (n >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        n -= 3;
    }
    return text_nfc(a, bytes, n);
}

/* The code points of a text as the bytes of windows-1252; NULL when one has no byte there. */
static char *text_bytes(struct arena *a, const char *utf8, size_t len, size_t *count, bool *high)
{
    char *out = arena_alloc(a, len + 1);
    size_t n = 0;
    uint32_t cp;
    *high = false;
    for (size_t step; len; utf8 += step, len -= step) {
        if (!(step = utf8_next(utf8, len, &cp)))
            return NULL;
        for (unsigned b = 0; cp > 0xFF && b < 32; b++)
            if (windows_80[b] == cp)
                cp = 0x80 + b;
        if (cp > 0xFF)
            return NULL;
        *high |= cp >= 0xA1;
        out[n++] = (char)cp;
    }
    *count = n;
    return out;
}

const char *encoding_fix_text(struct arena *a, enum encoding font, bool capitals, const char *utf8)
{
    size_t n;
    bool high;
    if (font != ENC_TCVN3 && font != ENC_VNI)
        return utf8;
    char *bytes = text_bytes(a, utf8, strlen(utf8), &n, &high);
    if (!bytes || (!high && !capitals))
        return utf8;
    return decode_legacy(a, font, capitals, bytes, n);
}

/* ---- the guess ---- */

struct tally {
    size_t words;            /* with at least one letter beyond ASCII */
    size_t good[ENC_COUNT];  /* of these, plausible when read so */
    size_t alone[ENC_COUNT]; /* plausible so, but not as the text stands */
    size_t lost[ENC_COUNT];  /* plausible as the text stands, but not so */
};

enum { WORD_BYTES = 24 }; /* longer ones are no Vietnamese syllable in any encoding */

static bool word_byte(unsigned char b)
{
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b >= 0xA1;
}

static bool good_so(enum encoding e, const char *word, size_t n)
{
    uint32_t cps[WORD_BYTES];
    return n <= WORD_BYTES && syllable_plausible(cps, legacy_cps(e, word, n, cps));
}

/* One word of bytes; as_is where they came from code points of Latin-1. */
static void tally_word(struct tally *t, const char *word, size_t n)
{
    bool high = false;
    uint32_t cps[WORD_BYTES];
    for (size_t i = 0; i < n; i++) {
        high |= (unsigned char)word[i] >= 0x80;
        if (i < WORD_BYTES)
            cps[i] = (unsigned char)word[i];
    }
    if (!high)
        return;
    t->words++;
    bool as_is = n <= WORD_BYTES && syllable_plausible(cps, n);
    t->good[ENC_UTF8] += as_is;
    for (enum encoding e = ENC_TCVN3; e <= ENC_CP1258; e++) {
        bool good = good_so(e, word, n);
        t->good[e] += good;
        t->alone[e] += good && !as_is;
        t->lost[e] += as_is && !good;
    }
}

static void tally_bytes(struct tally *t, const char *s, size_t n)
{
    for (size_t i = 0, from; i < n; i++) {
        for (from = i; i < n && word_byte((unsigned char)s[i]);)
            i++;
        tally_word(t, s + from, i - from);
    }
}

/* Sequences of UTF-8 beyond ASCII, and bytes that are none. */
static void count_utf8(const char *s, size_t n, size_t *many, size_t *wrong)
{
    uint32_t cp;
    *many = *wrong = 0;
    for (size_t i = 0; i < n;) {
        if ((unsigned char)s[i] < 0x80) {
            i++;
            continue;
        }
        size_t step = utf8_next(s + i, n - i, &cp);
        if (!step && n - i < 4 && (unsigned char)s[i] >= 0xC2)
            return; /* cut off by the end of the sample */
        *(step ? many : wrong) += 1;
        i += step ? step : 1;
    }
}

/* UTF-16 without its mark: nearly every second byte of a table is 00. */
static enum encoding utf16_by_zeros(const char *s, size_t n)
{
    size_t zeros[2] = {0};
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += s[i] == '\0';
    if (n >= 4 && zeros[1] > n / 8 && zeros[0] <= n / 64)
        return ENC_UTF16LE;
    if (n >= 4 && zeros[0] > n / 8 && zeros[1] <= n / 64)
        return ENC_UTF16BE;
    return ENC_AUTO;
}

static struct encoding_guess guess_legacy(const char *s, size_t n)
{
    static const enum encoding order[] = {ENC_TCVN3, ENC_VNI, ENC_CP1258};
    struct tally t = {0};
    tally_bytes(&t, s, n);
    struct encoding_guess g = {.enc = order[0], .next = order[1]};
    for (size_t i = 1; i < N(order); i++) {
        if (t.good[order[i]] > t.good[g.enc]) {
            g.next = g.enc;
            g.enc = order[i];
        } else if (t.good[order[i]] > t.good[g.next] || g.next == g.enc) {
            g.next = order[i];
        }
    }
    g.sure = t.good[g.enc] * 10 >= t.words * 6 && t.good[g.enc] * 4 >= t.good[g.next] * 5 && t.good[g.enc] >= 3;
    return g;
}

struct encoding_guess encoding_detect(const char *s, size_t n)
{
    struct encoding_guess g = {.enc = ENC_UTF8, .next = ENC_UTF8, .sure = true};
    size_t many, wrong;
    if (n >= 3 && memcmp(s, "\xEF\xBB\xBF", 3) == 0)
        return g;
    if (n >= 2 && memcmp(s, "\xFF\xFE", 2) == 0)
        return (struct encoding_guess){ENC_UTF16LE, ENC_UTF16LE, true};
    if (n >= 2 && memcmp(s, "\xFE\xFF", 2) == 0)
        return (struct encoding_guess){ENC_UTF16BE, ENC_UTF16BE, true};
    enum encoding wide = utf16_by_zeros(s, n);
    if (wide)
        return (struct encoding_guess){wide, ENC_UTF8, false};
    count_utf8(s, n, &many, &wrong);
    if (!wrong)
        return g;
    if (wrong < many) { /* some broken characters; the reader names their place */
        g.sure = false;
        return g;
    }
    return guess_legacy(s, n);
}

/* Cuts UTF-8 into words of Latin-1 bytes and tallies those; other words cannot be of an old font. */
static void tally_text(struct tally *t, const char *s, size_t len)
{
    char word[WORD_BYTES + 1];
    size_t n = 0;
    bool foreign = false;
    uint32_t cp;
    for (size_t step; len; s += step, len -= step) {
        if (!(step = utf8_next(s, len, &cp))) {
            step = 1;
            cp = ' ';
        }
        if (cp > 0xFF ? cp < 0x2000 || cp > 0x20AF : word_byte((unsigned char)cp)) {
            foreign |= cp > 0xFF;
            if (n <= WORD_BYTES)
                word[n++] = (char)cp;
            continue;
        }
        if (!foreign)
            tally_word(t, word, n);
        n = 0;
        foreign = false;
    }
    if (!foreign)
        tally_word(t, word, n);
}

struct encoding_guess encoding_detect_text(const char *utf8, size_t n)
{
    struct encoding_guess g = {.enc = ENC_UTF8, .next = ENC_UTF8, .sure = true};
    struct tally t = {0};
    tally_text(&t, utf8, n);
    enum encoding best = t.alone[ENC_VNI] > t.alone[ENC_TCVN3] ? ENC_VNI : ENC_TCVN3;
    enum encoding other = best == ENC_VNI ? ENC_TCVN3 : ENC_VNI;
    if (!t.alone[best] || t.alone[best] * 5 < t.words || (t.alone[best] < 3 && t.lost[best]))
        return g;
    g.enc = best;
    g.sure = t.alone[best] >= 3 && t.alone[best] >= 2 * t.alone[other] && t.alone[best] >= 4 * t.lost[best];
    g.next = t.alone[other] > t.lost[best] ? other : ENC_UTF8;
    return g;
}

const char *encoding_fix_likely(struct arena *a, enum encoding font, const char *utf8)
{
    struct tally t = {0};
    tally_text(&t, utf8, strlen(utf8));
    return t.good[font] < t.good[ENC_UTF8] ? utf8 : encoding_fix_text(a, font, false, utf8);
}
