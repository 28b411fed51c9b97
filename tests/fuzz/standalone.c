/* Replays the files of a folder through a fuzz target. */
#include "fuzz.h"

#include <dirent.h>

static bool replay(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "rb");
    if (!f)
        return false;
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    rewind(f);
    uint8_t *bytes = malloc(size > 0 ? (size_t)size : 1); /* its own block, so that a byte too far is seen */
    bool whole = bytes && size >= 0 && fread(bytes, 1, (size_t)size, f) == (size_t)size;
    if (whole)
        LLVMFuzzerTestOneInput(bytes, (size_t)size);
    free(bytes);
    fclose(f);
    return whole;
}

int main(int argc, char **argv)
{
    size_t passed = 0, wrong = 0;
    for (int i = 1; i < argc; i++) {
        DIR *d = opendir(argv[i]);
        wrong += !d;
        for (struct dirent *e; d && (e = readdir(d));) {
            if (e->d_name[0] == '.')
                continue;
            bool ok = replay(argv[i], e->d_name);
            passed += ok;
            wrong += !ok;
        }
        if (d)
            closedir(d);
    }
    wrong += passed == 0;
    printf("%zu passed, %zu failed\n", passed, wrong);
    return wrong != 0;
}
