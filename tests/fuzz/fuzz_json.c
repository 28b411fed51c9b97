/* JSON: what is read can be written and read again the same; what is written always parses. */
#include "fuzz.h"

#include "fmt/json.h"

static bool put(struct json_out *o, const json_t *j)
{
    bool exact = true;
    const char *key;
    json_t *value;
    size_t i;
    switch (json_typeof(j)) {
    case JSON_OBJECT:
        json_begin_object(o);
        void *at = json_object_iter((json_t *)(uintptr_t)j);
        for (; at; at = json_object_iter_next((json_t *)(uintptr_t)j, at)) {
            key = json_object_iter_key(at);
            value = json_object_iter_value(at);
            json_key(o, key);
            exact &= put(o, value);
        }
        json_end_object(o);
        return exact;
    case JSON_ARRAY:
        json_begin_array(o);
        for (i = 0; i < json_array_size(j); i++)
            exact &= put(o, json_array_get(j, i));
        json_end_array(o);
        return exact;
    case JSON_STRING: json_text(o, json_string_value(j)); return true;
    case JSON_INTEGER: json_int(o, json_integer_value(j)); return true;
    case JSON_REAL: json_put_real(o, json_real_value(j)); return false; /* 15 digits */
    case JSON_TRUE:
    case JSON_FALSE: json_bool(o, json_is_true(j)); return true;
    case JSON_NULL:
    default: json_put_null(o); return true;
    }
}

static void check_text(const uint8_t *data, size_t n)
{
    struct ctx c = {.lang = LANG_EN};
    struct buf b = {0};
    struct json_out o = {.to = &b, .pretty = n % 2};
    json_begin_object(&o);
    json_key(&o, arena_copy(&c.arena, (const char *)data, n));
    json_text(&o, arena_copy(&c.arena, (const char *)data, n));
    json_end_object(&o);
    json_t *j = json_read(&c, b.p, b.n);
    CHECK(j);
    json_decref(j);
    buf_free(&b);
    ctx_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ctx c = {0};
    json_t *j = json_read(&c, data, n);
    CHECK(!j == failed(&c));
    if (j) {
        struct buf b = {0};
        struct json_out o = {.to = &b, .pretty = n % 2};
        bool exact = put(&o, j);
        json_t *again = json_read(&c, b.p, b.n);
        CHECK(again && (!exact || json_equal(j, again)));
        json_decref(again);
        json_decref(j);
        buf_free(&b);
    }
    ctx_free(&c);
    check_text(data, n);
    return 0;
}
