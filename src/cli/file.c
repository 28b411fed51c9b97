/* Files that a command writes: whole under their name, or not at all. */
#include "cli.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void fail_file(struct ctx *c, const char *path, int why)
{
    bool full = why == ENOSPC || why == EFBIG || why == EDQUOT || why == EIO;
    fail(c, full ? ERR_FULL : ERR_CANNOT_MAKE, "Không ghi được tệp %s: %s. Hãy xem lại quyền ghi và dung lượng, rồi làm lại.",
         "Cannot write the file %s: %s. Look at its permissions and the space left, then try again.", path, os_says(c, why));
}

FILE *cli_file_begin(struct cli *cli, const char *path, struct cli_file *file)
{
    struct ctx *c = cli->c;
    struct stat st;
    bool special = stat(path, &st) == 0 && !S_ISREG(st.st_mode); /* /dev/stdout, a pipe */
    *file = (struct cli_file){.path = path, .written = special ? path : arena_printf(&c->arena, "%s.tmp-%ld", path, (long)getpid())};
    if (failed(c))
        return NULL;
    file->f = fopen(file->written, "we");
    if (!file->f)
        fail_file(c, path, errno);
    return file->f;
}

bool cli_file_end(struct cli *cli, struct cli_file *file)
{
    struct ctx *c = cli->c;
    if (!file->f)
        return false;
    bool own = file->written != file->path, wrong = ferror(file->f) != 0;
    int why = 0;
    if (fflush(file->f) != 0 || wrong || (own && fsync(fileno(file->f)) != 0))
        why = errno ? errno : EIO;
    if (fclose(file->f) != 0 && !why)
        why = errno;
    file->f = NULL;
    if (!why && !failed(c) && own && rename(file->written, file->path) != 0)
        why = errno;
    if (why)
        fail_file(c, file->path, why);
    if (failed(c) && own)
        unlink(file->written);
    return !failed(c);
}
