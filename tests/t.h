/* What every test program shares: cmocka, and the line at the end that make test adds up. */
#ifndef TESTS_T_H
#define TESTS_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#undef fail /* ours is another */
#undef fail_msg
#define fail_msg(...) (print_error(__VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

/* Runs the group, prints "N passed, N failed", and returns what main() returns. */
static inline int t_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
    int bad = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
    size_t wrong = bad < 0 ? n : (size_t)bad;
    fflush(stderr);
    printf("%zu passed, %zu failed\n", n - wrong, wrong);
    return wrong != 0;
}

#endif
