/* What every unit test program shares: run a group, print "N passed, N failed" last. */
#ifndef TESTS_T_H
#define TESTS_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static inline int t_run(const char *name, const struct CMUnitTest *tests, size_t n)
{
    int bad = _cmocka_run_group_tests(name, tests, n, NULL, NULL);
    printf("%zu passed, %d failed\n", n - (size_t)(bad < 0 ? (int)n : bad), bad < 0 ? (int)n : bad);
    return bad != 0;
}

#endif
