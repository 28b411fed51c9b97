/* Encodings: whatever the bytes, the result is UTF-8 in its final form. */
#include "fuzz.h"

#include "fmt/encoding.h"

#include "base/str.h"
#include "base/text.h"

static void check_final(struct arena *a, const char *s)
{
    CHECK(utf8_valid(s, strlen(s)));
    CHECK(strcmp(text_nfc(a, s, strlen(s)), s) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct encoding_guess g = encoding_detect((const char *)data, n);
    CHECK(g.enc > ENC_AUTO && g.enc < ENC_COUNT && g.next > ENC_AUTO && g.next < ENC_COUNT);
    g = encoding_detect_text((const char *)data, n);
    CHECK(g.enc == ENC_UTF8 || g.enc == ENC_TCVN3 || g.enc == ENC_VNI);
    for (enum encoding e = ENC_AUTO; e < ENC_COUNT; e++) {
        char *s = encoding_decode(&a, e, (const char *)data, n);
        CHECK(s || e <= ENC_UTF16BE);
        if (!s)
            continue;
        check_final(&a, s);
        for (int capitals = 0; capitals < 2; capitals++) {
            check_final(&a, encoding_fix_text(&a, ENC_TCVN3, capitals, s));
            check_final(&a, encoding_fix_text(&a, ENC_VNI, capitals, s));
        }
        check_final(&a, encoding_fix_likely(&a, ENC_TCVN3, s));
        check_final(&a, encoding_fix_likely(&a, ENC_VNI, s));
    }
    arena_free(&a);
    return 0;
}
