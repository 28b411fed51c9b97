/* Letters and syllables of Vietnamese as code points: what the guess of an encoding stands on.
 * Knows spelling, not meaning; nothing here is shown to anybody. */
#ifndef FMT_SYLLABLE_H
#define FMT_SYLLABLE_H

#include "base/base.h"

enum { VOWELS = 12, TONES = 6 };
/* Rows a ă â e ê i o ô ơ u ư y; columns ngang, huyền, hỏi, ngã, sắc, nặng. Lower case. */
extern const uint32_t vowel_with_tone[VOWELS][TONES];

/* The capital of a lower-case letter of vowel_with_tone, of đ or of ASCII; others stay. */
uint32_t letter_upper(uint32_t cp);
/* Row and column in vowel_with_tone, in either case. False when it is not a vowel. */
bool letter_vowel(uint32_t cp, int *row, int *tone, bool *upper);
/* Whether the word can be spelt so in Vietnamese; a tone may also follow its vowel as a combining mark. */
bool syllable_plausible(const uint32_t *cps, size_t n);

#endif
