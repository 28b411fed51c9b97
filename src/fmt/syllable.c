/* Vietnamese spelling; see syllable.h. */
#include "syllable.h"

const uint32_t vowel_with_tone[VOWELS][TONES] = {
    {'a', 0xE0, 0x1EA3, 0xE3, 0xE1, 0x1EA1},       {0x103, 0x1EB1, 0x1EB3, 0x1EB5, 0x1EAF, 0x1EB7},
    {0xE2, 0x1EA7, 0x1EA9, 0x1EAB, 0x1EA5, 0x1EAD}, {'e', 0xE8, 0x1EBB, 0x1EBD, 0xE9, 0x1EB9},
    {0xEA, 0x1EC1, 0x1EC3, 0x1EC5, 0x1EBF, 0x1EC7}, {'i', 0xEC, 0x1EC9, 0x129, 0xED, 0x1ECB},
    {'o', 0xF2, 0x1ECF, 0xF5, 0xF3, 0x1ECD},       {0xF4, 0x1ED3, 0x1ED5, 0x1ED7, 0x1ED1, 0x1ED9},
    {0x1A1, 0x1EDD, 0x1EDF, 0x1EE1, 0x1EDB, 0x1EE3}, {'u', 0xF9, 0x1EE7, 0x169, 0xFA, 0x1EE5},
    {0x1B0, 0x1EEB, 0x1EED, 0x1EEF, 0x1EE9, 0x1EF1}, {'y', 0x1EF3, 0x1EF7, 0x1EF9, 0xFD, 0x1EF5},
};

uint32_t letter_upper(uint32_t cp)
{
    if (cp >= 'a' && cp <= 'z')
        return cp - 32;
    if (cp == 0x111)
        return 0x110;
    if (cp < 0xE0 || (cp > 0x1B0 && cp < 0x1EA0) || cp > 0x1EF9)
        return cp;
    for (size_t i = 0; i < VOWELS; i++)
        for (size_t j = 0; j < TONES; j++)
            if (vowel_with_tone[i][j] == cp)
                return cp < 0x100 ? cp - 32 : cp - 1;
    return cp;
}

bool letter_vowel(uint32_t cp, int *row, int *tone, bool *upper)
{
    if (cp < 'A' || (cp > 'z' && cp < 0xC0) || (cp > 0x1B0 && cp < 0x1EA0) || cp > 0x1EF9)
        return false;
    for (int i = 0; i < VOWELS; i++) {
        for (int j = 0; j < TONES; j++) {
            uint32_t low = vowel_with_tone[i][j];
            if (cp != low && cp != (low < 0x100 ? low - 32 : low - 1))
                continue;
            *row = i;
            *tone = j;
            *upper = cp != low;
            return true;
        }
    }
    return false;
}

enum { LONGEST = 8 }; /* nghiêng has seven letters */

/* One byte a letter: consonants as they are, đ as D; a ă â e ê i o ô ơ u ư y as a A B e E i o O P u U y. */
static const char row_letter[VOWELS + 1] = "aABeEioOPuUy";
static const char *const initials[] = {"",  "b",  "c",  "d",  "D",  "g",  "h",  "k",  "l",  "m", "n", "p", "r", "s",
                                       "t", "v",  "x",  "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "ngh"};
static const char *const nuclei[] = {
    "a",  "A",  "B",  "e",   "E",  "i",  "o",  "O",  "P",  "u",  "U",   "y",  "ai", "ao", "au",  "ay",  "Bu",  "By",  "eo",
    "Eu", "ia", "iE", "iEu", "iu", "oa", "oA", "oe", "oi", "Oi", "Pi",  "oo", "ua", "uA", "uB",  "uE",  "ui",  "uO",  "uP",
    "uy", "Ua", "Ui", "UP",  "Uu", "yE", "oai", "oao", "oay", "oeo", "uBy", "uOi", "uya", "uyE", "uyu", "UPi", "UPu", "yEu"};
static const char *const finals[] = {"", "c", "ch", "k", "m", "n", "ng", "nh", "p", "t"};

static int mark_tone(uint32_t cp)
{
    switch (cp) {
    case 0x300: return 1;
    case 0x309: return 2;
    case 0x303: return 3;
    case 0x301: return 4;
    case 0x323: return 5;
    default: return 0;
    }
}

/* The letters without tone into out, and the one tone. False when a letter is not of the alphabet. */
static bool spell(const uint32_t *cps, size_t n, char out[LONGEST + 1], int *tone)
{
    size_t at = 0;
    bool after_vowel = false;
    *tone = 0;
    for (size_t i = 0; i < n; i++) {
        int row = 0, t = mark_tone(cps[i]);
        bool upper;
        char letter = 0;
        if (t) {
            if (!after_vowel)
                return false;
        } else if (letter_vowel(cps[i], &row, &t, &upper)) {
            letter = row_letter[row];
        } else if (cps[i] == 0x110 || cps[i] == 0x111) {
            letter = 'D';
        } else if ((cps[i] | 32) >= 'a' && (cps[i] | 32) <= 'z') {
            letter = (char)(cps[i] | 32);
        } else {
            return false;
        }
        if ((t && *tone) || (letter && at == LONGEST))
            return false;
        *tone = t ? t : *tone;
        after_vowel = letter && strchr(row_letter, letter);
        if (letter)
            out[at++] = letter;
    }
    out[at] = '\0';
    return true;
}

static bool ends_well(const char *rest, int tone)
{
    for (size_t i = 0; i < N(finals); i++) {
        if (strcmp(rest, finals[i]) != 0)
            continue;
        bool stopped = strchr("ckpt", rest[0]) && rest[0]; /* such syllables bear sắc or nặng only */
        return !stopped || tone >= 4;
    }
    return false;
}

bool syllable_plausible(const uint32_t *cps, size_t n)
{
    char word[LONGEST + 1];
    int tone;
    if (!n || !spell(cps, n, word, &tone))
        return false;
    for (size_t i = 0; i < N(initials); i++) {
        size_t head = strlen(initials[i]);
        if (strncmp(word, initials[i], head) != 0)
            continue;
        for (size_t j = 0; j < N(nuclei); j++) {
            size_t middle = strlen(nuclei[j]);
            if (strncmp(word + head, nuclei[j], middle) == 0 && ends_well(word + head + middle, tone))
                return true;
        }
    }
    return false;
}
