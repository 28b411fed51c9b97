/* Conditions as they stand in a URL: whatever they are, they are refused with a reason or make a sound statement. */
#include "fuzz.h"

#include "model/list.h"
#include "model/model.h"

#include "base/crypt.h"

/* A byte for the kind, then name, NUL, value, NUL, name ... */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ctx c = {.lang = LANG_EN, .now = {1748826000000}, .today = {20250602}};
    const struct actor operator = {.login = "@fuzz", .system = true};
    c.actor = &operator;
    if (!size || !crypt_start())
        return 0;
    struct filter f = {.kind = kinds[data[0] % nkinds]};
    char *s = arena_copy(&c.arena, (const char *)data + 1, size - 1), *end = s + size - 1;
    while (s < end) {
        const char *name = s, *value;
        s += strlen(s) + 1;
        value = s < end ? s : "";
        s += strlen(value) + 1;
        filter_set(&c, &f, name, value);
        c.err = (struct err){0};
    }
    CHECK(f.nterms <= TERMS);
    ctx_free(&c);
    return 0;
}
