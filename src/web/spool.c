/* See spool.h. Knows files, not what is in them. */
#include "spool.h"

#include "base/crypt.h"
#include "base/str.h"
#include "base/temp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY_MS = 24 * 60 * 60 * 1000, NAME_LONGEST = 80 };

static const char *const ends[] = {"in", "journey", "told", "refused.xlsx", "out", "made", "part", "xlsx", "csv", "json", "html", "txt"};

const char *spool_open(struct ctx *c, struct store *store)
{
    const char *state = getenv("STATE_DIRECTORY");
    const char *folder = store_engine(store) == DB_SQLITE ? arena_printf(&c->arena, "%s/spool", store_where(store))
                         : state && *state                ? arena_printf(&c->arena, "%s/spool", state)
                                                          : arena_printf(&c->arena, "%s/dangbo-spool-%lld", temp_folder(), (long long)getuid());
    struct stat st;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        fail(c, ERR_CANNOT_MAKE, "Không tạo được thư mục tạm “%s”: %s.", "Cannot make the folder “%s”: %s.", folder, strerror(errno));
    else if (lstat(folder, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != getuid() || (st.st_mode & 077))
        fail(c, ERR_CONFIG, "Thư mục tạm “%s” phải là thư mục chỉ tài khoản này đọc được (chmod 700).", "The folder “%s” must be one that this account alone can read (chmod 700).", folder);
    return failed(c) ? NULL : folder;
}

void spool_name(char out[SPOOL_NAME])
{
    unsigned char raw[(SPOOL_NAME - 1) / 2];
    crypt_random(raw, sizeof raw);
    for (size_t i = 0; i < sizeof raw; i++)
        snprintf(out + 2 * i, 3, "%02x", raw[i]);
}

bool spool_name_right(const char *s)
{
    return s && strlen(s) == SPOOL_NAME - 1 && strspn(s, "0123456789abcdef") == SPOOL_NAME - 1;
}

const char *spool_path(struct ctx *c, const char *folder, const char *name, const char *end)
{
    return arena_printf(&c->arena, "%s/%s.%s", folder, name, end);
}

static void cannot_write(struct ctx *c)
{
    fail(c, ERR_FULL, "Không ghi được tệp tạm: đĩa có thể đã đầy.", "A temporary file cannot be written: the disk may be full.");
}

static bool write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t done = write(fd, p, n);
        if (done <= 0)
            return false;
        p += done;
        n -= (size_t)done;
    }
    return true;
}

static bool copy(int from, int to)
{
    char piece[16 * 1024];
    ssize_t n;
    while ((n = read(from, piece, sizeof piece)) > 0)
        if (!write_all(to, piece, (size_t)n))
            return false;
    return n == 0;
}

bool spool_take(struct ctx *c, const char *from, const char *to)
{
    if (rename(from, to) == 0)
        return true;
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = in >= 0 && out >= 0 && copy(in, out);
    if (in >= 0)
        close(in);
    if (out >= 0)
        good &= close(out) == 0;
    if (!good) {
        unlink(to);
        cannot_write(c);
    }
    return good;
}

bool spool_write(struct ctx *c, const char *path, const char *bytes, size_t n)
{
    const char *beside = arena_printf(&c->arena, "%s.new", path);
    int fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write_all(fd, bytes, n);
    if (fd >= 0)
        good &= close(fd) == 0;
    good = good && rename(beside, path) == 0;
    if (!good) {
        unlink(beside);
        cannot_write(c);
    }
    return good;
}

const char *spool_read(struct ctx *c, const char *path, size_t *n)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    *n = 0;
    if (fd < 0)
        return NULL;
    char *bytes = fstat(fd, &st) == 0 ? arena_try(&c->arena, (size_t)st.st_size + 1) : NULL;
    for (ssize_t got = 1; bytes && got > 0 && *n < (size_t)st.st_size; *n += got > 0 ? (size_t)got : 0)
        got = read(fd, bytes + *n, (size_t)st.st_size - *n);
    close(fd);
    if (bytes)
        bytes[*n] = '\0';
    return bytes;
}

void spool_drop(struct ctx *c, const char *folder, const char *name)
{
    for (size_t i = 0; i < N(ends); i++)
        unlink(spool_path(c, folder, name, ends[i]));
}

static bool is_ours(const char *file)
{
    size_t n = strlen(file);
    return n < NAME_LONGEST && n >= SPOOL_NAME && strspn(file, "0123456789abcdef") == SPOOL_NAME - 1;
}

void spool_sweep(const char *folder, instant now)
{
    struct stat st;
    DIR *d = folder ? opendir(folder) : NULL;
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_ours(e->d_name) && fstatat(dirfd(d), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && now.v - (int64_t)st.st_mtim.tv_sec * 1000 > DAY_MS)
            unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
}

size_t spool_names(const char *folder, const char *end, char (*out)[SPOOL_NAME], size_t most)
{
    size_t n = 0;
    DIR *d = folder ? opendir(folder) : NULL;
    for (struct dirent *e; d && n < most && (e = readdir(d));)
        if (is_ours(e->d_name) && e->d_name[SPOOL_NAME - 1] == '.' && strcmp(e->d_name + SPOOL_NAME, end) == 0)
            snprintf(out[n++], SPOOL_NAME, "%.*s", SPOOL_NAME - 1, e->d_name);
    if (d)
        closedir(d);
    return n;
}
