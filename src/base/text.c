/* Vietnamese fold, words and sort keys; see text.h.
 *
 * A letter of Vietnamese is taken apart into its base (one of 33, with ă â đ ê ô ơ ư as letters of
 * their own) and its tone. Other marks are dropped. Letters of other scripts keep their code point. */
#include "text.h"

#include "buf.h"
#include "str.h"

#include <utf8proc.h>

enum tone { LEVEL, FALLING, ASKING, BROKEN_RISING, RISING, HEAVY };

struct letter {
    uint32_t cp;       /* lower case, without tone: 'a', 0x103 (ă) ... */
    char plain;        /* 'a' for ă; 0 when there is no Latin letter */
    unsigned char tone;
};

static bool is_digit(uint32_t cp)
{
    return cp >= '0' && cp <= '9';
}

/* A mark on the letter before it: changes its base or its tone. */
static void mark(struct letter *l, uint32_t cp)
{
    switch (cp) {
    case 0x300: l->tone = FALLING; break;
    case 0x309: l->tone = ASKING; break;
    case 0x303: l->tone = BROKEN_RISING; break;
    case 0x301: l->tone = RISING; break;
    case 0x323: l->tone = l->tone ? l->tone : HEAVY; break; /* sorts before the others when decomposed */
    case 0x306: l->cp = l->plain == 'a' ? 0x103 : l->cp; break;
    case 0x302: l->cp = l->plain == 'a' ? 0xE2 : l->plain == 'e' ? 0xEA : l->plain == 'o' ? 0xF4 : l->cp; break;
    case 0x31B: l->cp = l->plain == 'o' ? 0x1A1 : l->plain == 'u' ? 0x1B0 : l->cp; break;
    default: break;
    }
}

/* Also the marks of other scripts: composition moves them about, so they cannot part words. */
static bool is_mark(uint32_t cp)
{
    return cp >= 0x300 && (cp <= 0x36F || utf8proc_get_property((utf8proc_int32_t)cp)->combining_class != 0);
}

/* Cuts text into letters; 0 stands for everything between words. Returns how many. */
static size_t letters_of(struct arena *a, const char *s, struct letter **out)
{
    size_t len = strlen(s), n = 0;
    struct letter *l = NEW_N(a, struct letter, len * 3 + 2);
    uint32_t cp;
    for (size_t step; len; s += step, len -= step) {
        utf8proc_int32_t parts[8] = {0};
        int count = 1;
        if ((unsigned char)*s < 0x80) {
            step = 1;
            parts[0] = *s >= 'A' && *s <= 'Z' ? *s + 32 : *s;
        } else {
            if (!(step = utf8_next(s, len, &cp))) {
                step = 1;
                cp = ' ';
            }
            int boundary = 0;
            count = (int)utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 8,
                                                 UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STABLE, &boundary);
        }
        for (int i = 0; i < count && i < 8; i++) {
            uint32_t p = (uint32_t)parts[i];
            if (is_mark(p)) {
                if (n && l[n - 1].cp)
                    mark(&l[n - 1], p);
                continue;
            }
            struct letter new = {.cp = p};
            if ((p >= 'a' && p <= 'z') || is_digit(p))
                new.plain = (char)p;
            else if (p == 0x111 || p == 0x110 || p == 0xF0 || p == 0xD0)
                new = (struct letter){.cp = 0x111, .plain = 'd'};
            else if (p < 0x80 || !utf8proc_category((utf8proc_int32_t)p) ||
                     utf8proc_category((utf8proc_int32_t)p) > UTF8PROC_CATEGORY_LO)
                new.cp = 0;
            l[n++] = new;
        }
    }
    *out = l;
    return n;
}

/* Whether valid text holds only letters that composition leaves alone: Latin without combining marks, the usual quotes and dashes.
 * "No" means that it has to be looked at. */
static bool composed(const char *s, size_t n)
{
    uint32_t cp;
    for (size_t step; n; s += step, n -= step) {
        step = utf8_next(s, n, &cp);
        if (!step || (cp >= 0x300 && (cp < 0x1E00 || cp > 0x1EFF) && (cp < 0x2010 || cp > 0x2027)))
            return false;
    }
    return true;
}

char *text_nfc(struct arena *a, const char *s, size_t n)
{
    bool ascii = true;
    for (size_t i = 0; i < n && ascii; i++)
        ascii = (unsigned char)s[i] < 0x80;
    if (ascii)
        return arena_copy(a, s, n);
    if (!utf8_valid(s, n))
        return NULL;
    if (composed(s, n))
        return arena_copy(a, s, n);
    utf8proc_int32_t *cps = NEW_N(a, utf8proc_int32_t, n * 4 + 1);
    utf8proc_ssize_t got = utf8proc_decompose((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)n, cps,
                                              (utf8proc_ssize_t)(n * 4), UTF8PROC_COMPOSE | UTF8PROC_STABLE);
    if (got < 0 || (size_t)got > n * 4)
        return NULL;
    got = utf8proc_reencode(cps, got, UTF8PROC_COMPOSE | UTF8PROC_STABLE); /* writes UTF-8 over the code points */
    return got < 0 ? NULL : arena_copy(a, (const char *)cps, (size_t)got);
}

static void put_cp(char **to, uint32_t cp)
{
    *to += utf8_put(cp, *to);
}

char *text_fold(struct arena *a, const char *s)
{
    if (!s)
        return arena_copy(a, "", 0);
    struct letter *l;
    size_t n = letters_of(a, s, &l);
    char *out = arena_alloc(a, n * 4 + 1), *to = out;
    for (size_t i = 0; i < n; i++) {
        if (l[i].plain)
            *to++ = l[i].plain;
        else if (l[i].cp)
            put_cp(&to, l[i].cp);
        else if (to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

static bool is_vowel(uint32_t cp)
{
    switch (cp) {
    case 'a': case 'e': case 'i': case 'o': case 'u': case 'y':
    case 0x103: case 0xE2: case 0xEA: case 0xF4: case 0x1A1: case 0x1B0: return true;
    default: return false;
    }
}

/* The tone of a word, wherever it was typed, moves behind the word as one digit: hoà and hòa become
 * "hoa1", the same. What is compared is never shown. */
char *text_words(struct arena *a, const char *s)
{
    if (!s)
        return arena_copy(a, "", 0);
    struct letter *l;
    size_t n = letters_of(a, s, &l);
    char *out = arena_alloc(a, n * 5 + 2), *to = out;
    unsigned char tone = LEVEL;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && l[i].cp) {
            put_cp(&to, l[i].cp);
            if (l[i].tone && is_vowel(l[i].cp))
                tone = l[i].tone;
            continue;
        }
        if (tone)
            *to++ = (char)('0' + tone);
        tone = LEVEL;
        if (i < n && to > out && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > out && to[-1] == ' ')
        to--;
    *to = '\0';
    return out;
}

/* Place of a letter among the 33, as one printable byte; 0 when it is none of them. */
static char place(uint32_t cp)
{
    static const char places[] = {['a'] = 'A', [0x103] = 'B', [0xE2] = 'C', ['b'] = 'D', ['c'] = 'E', ['d'] = 'F', [0x111] = 'G', ['e'] = 'H',
                                  [0xEA] = 'I', ['f'] = 'J', ['g'] = 'K', ['h'] = 'L', ['i'] = 'M', ['j'] = 'N', ['k'] = 'O', ['l'] = 'P', ['m'] = 'Q',
                                  ['n'] = 'R', ['o'] = 'S', [0xF4] = 'T', [0x1A1] = 'U', ['p'] = 'V', ['q'] = 'W', ['r'] = 'X', ['s'] = 'Y', ['t'] = 'Z',
                                  ['u'] = '[', [0x1B0] = '\\', ['v'] = ']', ['w'] = '^', ['x'] = '_', ['y'] = '`', ['z'] = 'a'};
    return cp < N(places) ? places[cp] : 0;
}

/* Separators sort below digits and letters: the end of a part before the end of a word. */
enum { END_OF_LETTERS = ' ', END_OF_WORD = '!' };

static size_t put_number(struct buf *b, const struct letter *l, size_t n)
{
    size_t digits = 0, zeros = 0;
    while (digits < n && is_digit(l[digits].cp))
        digits++;
    while (zeros + 1 < digits && l[zeros].cp == '0')
        zeros++;
    size_t len = digits - zeros;
    for (; len >= 9; len -= 9) /* longer numbers are larger */
        buf_char(b, '9');
    buf_char(b, (char)('0' + len));
    for (size_t i = zeros; i < digits; i++)
        buf_char(b, l[i].plain);
    return digits;
}

/* Letters of l[0..n) as words, then their tones. */
static void put_part(struct buf *b, const struct letter *l, size_t n)
{
    bool word = false;
    for (size_t i = 0; i < n;) {
        if (!l[i].cp) {
            word = true;
            i++;
            continue;
        }
        if (word)
            buf_char(b, END_OF_WORD);
        word = false;
        if (is_digit(l[i].cp)) {
            i += put_number(b, l + i, n - i);
            continue;
        }
        char at = place(l[i].cp);
        if (at)
            buf_char(b, at);
        else
            buf_printf(b, "z%06x", (unsigned)l[i].cp);
        i++;
    }
    buf_char(b, END_OF_LETTERS);
    unsigned char tone = LEVEL;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && l[i].cp) {
            if (l[i].tone)
                tone = l[i].tone;
        } else if (i && l[i - 1].cp) {
            buf_char(b, (char)('0' + tone));
            tone = LEVEL;
        }
    }
}

static size_t trimmed(struct letter **l, size_t n)
{
    while (n && !(*l)->cp) {
        (*l)++;
        n--;
    }
    while (n && !(*l)[n - 1].cp)
        n--;
    return n;
}

char *text_sort_key(struct arena *a, const char *s)
{
    if (!s)
        return arena_copy(a, "", 0);
    struct letter *l;
    size_t n = letters_of(a, s, &l);
    n = trimmed(&l, n);
    struct buf b = {0};
    put_part(&b, l, n);
    return buf_take(&b, a);
}

char *text_person_key(struct arena *a, const char *s)
{
    if (!s)
        return arena_copy(a, "", 0);
    struct letter *l;
    size_t n = letters_of(a, s, &l);
    n = trimmed(&l, n);
    size_t given = n, family = 0;
    while (given && l[given - 1].cp)
        given--;
    while (family < given && l[family].cp)
        family++;
    struct buf b = {0};
    put_part(&b, l + given, n - given);
    struct letter *middle = l + family;
    size_t nmiddle = given > family ? trimmed(&middle, given - family) : 0;
    buf_char(&b, END_OF_LETTERS);
    put_part(&b, middle, nmiddle);
    buf_char(&b, END_OF_LETTERS);
    put_part(&b, l, family);
    return buf_take(&b, a);
}

/* How many letters fold to this one; they have places side by side. 0: it is no letter. */
static int kin(char plain)
{
    switch (plain) {
    case 'a': case 'o': return 3;
    case 'd': case 'e': case 'u': return 2;
    default: return plain >= 'a' && plain <= 'z';
    }
}

char *text_key_word(struct arena *a, const char *key)
{
    size_t n = strcspn(key, " !");
    char *out = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++) {
        for (char plain = 'a'; plain <= 'z' && !out[i]; plain++)
            if (key[i] >= place((uint32_t)plain) && key[i] < place((uint32_t)plain) + kin(plain))
                out[i] = plain;
        if (!out[i])
            return arena_copy(a, "", 0);
    }
    return out;
}

size_t text_key_ranges(struct arena *a, const char *word, struct text_range *out, size_t room)
{
    size_t len = strlen(word), n = 1;
    for (size_t i = 0; i < len; i++) {
        int k = kin(word[i]);
        if (i + 1 < len || !k) /* the last one's stand side by side */
            n *= (size_t)k;
        if (!n || n > room)
            return 0;
    }
    for (size_t r = 0; r < n && len; r++) {
        char *from = arena_copy(a, word, len), *to;
        size_t left = r, i = len - 1;
        from[i] = place((uint32_t)word[i]);
        while (i--) { /* the last of those before changes most often */
            from[i] = (char)(place((uint32_t)word[i]) + (int)(left % (size_t)kin(word[i])));
            left /= (size_t)kin(word[i]);
        }
        to = arena_text(a, from);
        to[len - 1] = (char)(to[len - 1] + kin(word[len - 1]));
        out[r] = (struct text_range){from, to};
    }
    return len ? n : 0;
}

char *text_inside(struct arena *a, const char *s)
{
    utf8proc_int32_t first = 0, second = 0;
    utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &first);
    if (n > 0)
        utf8proc_iterate((const utf8proc_uint8_t *)s + n, -1, &second);
    if (n <= 0 || utf8proc_tolower(second) != second)
        return arena_text(a, s);
    utf8proc_uint8_t small[4];
    utf8proc_ssize_t m = utf8proc_encode_char(utf8proc_tolower(first), small);
    return arena_printf(a, "%.*s%s", (int)m, (const char *)small, s + n);
}
