/* HTML: no text, whatever its bytes, leaves a character that could begin markup, an attribute or a control. */
#include "fuzz.h"

#include "fmt/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena a = {0};
    struct buf b = {0};
    const char *s = arena_copy(&a, (const char *)data, n);
    html_f(&b, "%s", s);
    for (size_t i = 0; i < b.n; i++) {
        unsigned char c = (unsigned char)b.p[i];
        CHECK(c != '<' && c != '>' && c != '"' && c != '\'' && c != 0x7f && (c >= 0x20 || c == '\n' || c == '\t'));
        CHECK(c != '&' || strncmp(b.p + i, "&amp;", 5) == 0 || strncmp(b.p + i, "&lt;", 4) == 0 || strncmp(b.p + i, "&gt;", 4) == 0 || strncmp(b.p + i, "&quot;", 6) == 0 ||
              strncmp(b.p + i, "&#39;", 5) == 0);
    }
    buf_clear(&b);
    url_part(&b, s);
    for (size_t i = 0; i < b.n; i++)
        CHECK(strchr("-._~%", b.p[i]) || (b.p[i] >= '0' && b.p[i] <= '9') || (b.p[i] >= 'a' && b.p[i] <= 'z') || (b.p[i] >= 'A' && b.p[i] <= 'Z'));
    buf_free(&b);
    arena_free(&a);
    return 0;
}
