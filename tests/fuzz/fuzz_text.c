/* Names and other text: forms are stable, and do not depend on how letters were composed. */
#include "fuzz.h"

#include "base/str.h"
#include "base/text.h"

#include <utf8proc.h>

static void check_key(const char *key)
{
    for (; *key; key++)
        CHECK(*key >= ' ' && *key <= '~');
}

static void check_forms(struct arena *a, const char *nfc, const char *nfd)
{
    CHECK(strcmp(text_fold(a, nfc), text_fold(a, nfd)) == 0);
    CHECK(strcmp(text_words(a, nfc), text_words(a, nfd)) == 0);
    CHECK(strcmp(text_sort_key(a, nfc), text_sort_key(a, nfd)) == 0);
    CHECK(strcmp(text_person_key(a, nfc), text_person_key(a, nfd)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    char *s = arena_copy(&a, (const char *)data, n);
    char *fold = text_fold(&a, s);
    CHECK(utf8_valid(fold, strlen(fold)));
    CHECK(strcmp(text_fold(&a, fold), fold) == 0);
    check_key(text_sort_key(&a, s));
    check_key(text_person_key(&a, s));
    text_words(&a, s);
    utf8_width(s);
    char *clean = str_clean(&a, s, strlen(s));
    CHECK(strcmp(str_clean(&a, clean, strlen(clean)), clean) == 0);
    CHECK(str_blank(s) == str_blank(clean));
    char *nfc = text_nfc(&a, s, strlen(s));
    CHECK((nfc != NULL) == utf8_valid(s, strlen(s)));
    if (nfc) {
        CHECK(strcmp(text_nfc(&a, nfc, strlen(nfc)), nfc) == 0);
        utf8proc_uint8_t *nfd = utf8proc_NFD((const utf8proc_uint8_t *)nfc);
        if (nfd)
            check_forms(&a, nfc, (const char *)nfd);
        free(nfd);
    }
    arena_free(&a);
    return 0;
}
