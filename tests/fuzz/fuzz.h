/* What the fuzz targets share. A target aborts where a promise does not hold. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#define ALLOW_MALLOC
#include "base/ctx.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

#define CHECK(truth)                                                                                                  \
    do {                                                                                                              \
        if (!(truth)) {                                                                                               \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #truth);                                \
            abort();                                                                                                  \
        }                                                                                                             \
    } while (0)

#endif
