/* JSON, out and in. */
#include "t.h"

#include "fmt/json.h"

static void test_write(void **state)
{
    (void)state;
    struct buf out = {0};
    struct json_out j = {.to = &out};
    json_begin_object(&j);
    json_key(&j, "tên");
    json_text(&j, "a\"b\\c\n\x01</x>\xFFz\x7F");
    json_key(&j, "id");
    json_id(&j, INT64_MAX);
    json_key(&j, "none");
    json_id(&j, 0);
    json_key(&j, "list");
    json_begin_array(&j);
    json_int(&j, -5);
    json_day(&j, 20180805);
    json_day(&j, 20180800);
    json_day(&j, DAY_OPEN);
    json_bool(&j, true);
    json_put_real(&j, 1.5);
    json_put_real(&j, 1e308 * 10);
    json_put(&j, value_null());
    json_begin_object(&j);
    json_end_object(&j);
    json_end_array(&j);
    json_end_object(&j);
    assert_string_equal(buf_text(&out), "{\"tên\":\"a\\\"b\\\\c\\n\\u0001\\u003c/x>\xEF\xBF\xBDz\\u007f\",\"id\":\"9223372036854775807\","
                                        "\"none\":null,\"list\":[-5,\"2018-08-05\",\"2018-08\",null,true,1.5,null,null,{}]}");
    struct ctx c = {.lang = LANG_EN};
    json_t *back = json_read(&c, out.p, out.n);
    assert_non_null(back);
    assert_string_equal(json_string_value(json_object_get(back, "tên")), "a\"b\\c\n\x01</x>\xEF\xBF\xBDz\x7F");
    json_decref(back);
    ctx_free(&c);
    buf_clear(&out);
    j = (struct json_out){.to = &out, .pretty = true};
    json_begin_object(&j);
    json_key(&j, "a");
    json_begin_array(&j);
    json_int(&j, 1);
    json_int(&j, 2);
    json_end_array(&j);
    json_key(&j, "b");
    json_begin_array(&j);
    json_end_array(&j);
    json_end_object(&j);
    assert_string_equal(buf_text(&out), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": []\n}\n");
    buf_free(&out);
}

static void refused(const char *s, size_t n, const char *word)
{
    struct ctx c = {.lang = LANG_EN};
    assert_null(json_read(&c, s, n));
    if (!strstr(c.err.text, word))
        fail_msg("\"%s\" not in: %s", word, c.err.text);
    ctx_free(&c);
}

static void test_read(void **state)
{
    (void)state;
    static const char *const bad[] = {"{\n  \"a\": }", "[1,]", "{\"a\":1,\"a\":2}", "[1] x", "\"\\u0000\"", "[99999999999999999999]", "\xFF", ""};
    for (size_t i = 0; i < N(bad); i++)
        refused(bad[i], strlen(bad[i]), "line ");
    refused("{\n  \"a\": }", 10, "line 2, column 8");
    char deep[200];
    memset(deep, '[', sizeof deep);
    refused(deep, sizeof deep, "too deep");
    static char large[JSON_BYTES + 1];
    refused(large, sizeof large, "too large");
    struct ctx c = {.lang = LANG_EN};
    static const char sound[] = "\xEF\xBB\xBF{\"a\":\"[[[[\\\"[[\"}";
    json_t *j = json_read(&c, sound, sizeof sound - 1);
    assert_non_null(j);
    json_decref(j);
    ctx_free(&c);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(test_write), cmocka_unit_test(test_read)};
    return t_run("json", tests, N(tests));
}
