/* The files inside the binary against the files of the source tree: each is there, whole, and is found; nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embedded.h"

/* This program embeds tests/unit/embedded itself: an empty file, a text, and bytes of every value. */
static void finds_each_file_whole(void **state)
{
    (void)state;
    const struct embedded *f = embedded_find("tests/unit/embedded/Đảng bộ.txt");
    assert_non_null(f);
    assert_string_equal((const char *)f->data, "Chi bộ\n");
    assert_int_equal(f->size, strlen("Chi bộ\n"));

    f = embedded_find("tests/unit/embedded/bytes.bin");
    assert_non_null(f);
    assert_int_equal(f->size, 256);
    for (size_t i = 0; i < 256; i++)
        assert_int_equal(f->data[i], i);
    assert_int_equal(f->data[256], 0);

    f = embedded_find("tests/unit/embedded/empty");
    assert_non_null(f);
    assert_int_equal(f->size, 0);
    assert_int_equal(f->data[0], 0);
}

static void finds_nothing_else(void **state)
{
    (void)state;
    assert_null(embedded_find(""));
    assert_null(embedded_find("tests/unit/embedded"));
    assert_null(embedded_find("tests/unit/embedded/bytes.bin2"));
    assert_null(embedded_find("tests/unit/embedded/.hidden"));
    assert_null(embedded_find("zzz"));
}

static void lists_by_prefix_in_order(void **state)
{
    (void)state;
    const struct embedded *first = NULL;
    assert_int_equal(embedded_list("tests/unit/embedded/", &first), 3);
    assert_string_equal(first[0].name, "tests/unit/embedded/bytes.bin");
    assert_string_equal(first[1].name, "tests/unit/embedded/empty");
    assert_string_equal(first[2].name, "tests/unit/embedded/Đảng bộ.txt");
    assert_int_equal(embedded_list("", &first), 3);
    assert_int_equal(embedded_list("tests/unit/embedded/e", &first), 1);
    assert_string_equal(first[0].name, "tests/unit/embedded/empty");
    first = NULL;
    assert_int_equal(embedded_list("none/", &first), 0);
    assert_null(first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_file_whole),
        cmocka_unit_test(finds_nothing_else),
        cmocka_unit_test(lists_by_prefix_in_order),
    };
    int bad = cmocka_run_group_tests(tests, NULL, NULL);
    printf("%d passed, %d failed\n", (int)N(tests) - bad, bad);
    return bad != 0;
}
