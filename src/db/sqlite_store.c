/* The data directory of SQLite: its files, the lock of its owner, and the one connection that writes, shared by all
 * threads. Transactions that wait for each other anyway are committed together, by one fsync; each returns only
 * when that COMMIT is done, and when it fails none of them is acknowledged. */
#define ALLOW_MALLOC
#include "fault.h"
#include "sqlite.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BATCH_MAX = 64, BATCH_MS = 20, PATIENCE_S = 30, CHECKPOINT_FRAMES = 1000 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The writer */

static int on_wal(void *to, sqlite3 *h UNUSED, const char *name UNUSED, int frames)
{
    ((struct sqlite_store *)to)->wal_frames = frames;
    return SQLITE_OK;
}

static bool wait_turn(struct sqlite_store *s)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += PATIENCE_S;
    int rc = 0;
    s->waiting++;
    while (s->busy && rc == 0) /* asks again after a timeout: a batch may have been handed to just this thread */
        rc = pthread_cond_timedwait(&s->turn, &s->mutex, &until);
    s->waiting--;
    if (s->busy)
        return false;
    s->busy = true;
    return true;
}

static void settle(struct sqlite_store *s, int rc)
{
    for (struct member *m = s->members; m; m = m->next) {
        m->rc = rc;
        m->settled = true;
    }
    s->members = NULL;
    s->nmembers = 0;
    s->open = false;
    pthread_cond_broadcast(&s->settled);
}

static bool disk_lost_data(int rc)
{
    return rc == SQLITE_IOERR_FSYNC || rc == SQLITE_IOERR_DIR_FSYNC;
}

static int commit(struct sqlite_store *s)
{
    uint64_t number = sqlite_tables_announce(&s->tables, s->writer.written);
    int rc = sqlite_exec(&s->writer, "COMMIT");
    sqlite_tables_done(&s->tables, number);
    return rc;
}

static int commit_or_undo(struct sqlite_store *s, bool keep)
{
    sqlite3 *h = s->writer.h;
    int rc = s->fate;
    if (rc == SQLITE_OK && keep) {
        if (db_fault_hits(FAULT_COMMIT_FULL))
            rc = SQLITE_FULL;
        else if (db_fault_hits(FAULT_COMMIT_SYNC))
            rc = SQLITE_IOERR_FSYNC;
        else
            rc = commit(s);
        if (rc == SQLITE_OK)
            db_real_commit();
    }
    s->writer.written = 0;
    if (!sqlite3_get_autocommit(h))
        sqlite_exec(&s->writer, "ROLLBACK");
    s->fate = SQLITE_OK;
    return rc;
}

/* Ends the batch for all that are in it; the caller owns the writer and keeps it. Acknowledged first, the WAL is moved
 * into the database after. */
static int batch_end(struct sqlite_store *s, bool keep)
{
    int rc = commit_or_undo(s, keep);
    pthread_mutex_lock(&s->mutex);
    s->stopped = s->stopped || disk_lost_data(rc);
    settle(s, rc);
    pthread_mutex_unlock(&s->mutex);
    if (rc == SQLITE_OK && keep && s->wal_frames >= CHECKPOINT_FRAMES) {
        s->wal_frames = 0;
        int moved = sqlite3_wal_checkpoint_v2(s->writer.h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_lock(&s->mutex);
        s->stopped = s->stopped || disk_lost_data(moved);
        pthread_mutex_unlock(&s->mutex);
    }
    return rc;
}

static void writer_release(struct sqlite_store *s)
{
    pthread_mutex_lock(&s->mutex);
    s->busy = false;
    pthread_cond_signal(&s->turn);
    pthread_mutex_unlock(&s->mutex);
}

int sqlite_writer_take(struct sqlite_store *s, bool alone, bool *others_before)
{
    pthread_mutex_lock(&s->mutex);
    bool mine = wait_turn(s);
    bool stopped = s->stopped, open = s->open;
    pthread_mutex_unlock(&s->mutex);
    if (!mine)
        return SQLITE_BUSY;
    if (open && (alone || s->fate)) {
        batch_end(s, true);
        open = false;
    }
    int rc = stopped ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    if (rc == SQLITE_OK && !open)
        rc = sqlite_exec(&s->writer, "BEGIN IMMEDIATE");
    if (rc == SQLITE_OK && open)
        rc = sqlite_exec(&s->writer, "SAVEPOINT m");
    if (rc != SQLITE_OK) {
        if (open)
            batch_end(s, true);
        writer_release(s);
        return rc;
    }
    pthread_mutex_lock(&s->mutex);
    if (!open)
        s->opened_ms = now_ms();
    s->open = true;
    pthread_mutex_unlock(&s->mutex);
    *others_before = open;
    return SQLITE_OK;
}

int sqlite_writer_leave(struct sqlite_store *s, bool kept, bool alone)
{
    struct member me = {.rc = SQLITE_OK};
    pthread_mutex_lock(&s->mutex);
    s->nmembers += kept;
    bool keep = s->nmembers > 0;
    bool hand_on = keep && !alone && !s->fate && s->waiting && s->nmembers < BATCH_MAX && now_ms() - s->opened_ms < BATCH_MS;
    if (hand_on) { /* who waits goes on in the same transaction, and sees to its end */
        if (kept) {
            me.next = s->members;
            s->members = &me;
        }
        s->busy = false;
        pthread_cond_signal(&s->turn);
        while (kept && !me.settled)
            pthread_cond_wait(&s->settled, &s->mutex);
    }
    pthread_mutex_unlock(&s->mutex);
    if (hand_on)
        return me.rc;
    int rc = batch_end(s, keep);
    writer_release(s);
    return rc;
}

/* Opening and closing */

static bool lock_take(struct ctx *c, struct sqlite_store *s, const char *dir)
{
    char *path = arena_printf(&c->arena, "%s/lock", dir);
    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (s->lock_fd < 0) {
        fail(c, ERR_CANNOT_MAKE, "Không tạo được tệp khóa %s: %s. Hãy kiểm tra quyền ghi vào thư mục dữ liệu.",
             "Cannot make the lock file %s: %s. Check that the data directory can be written.", path, os_says(c, errno));
        return false;
    }
    if (flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0) {
        char pid[24];
        int n = snprintf(pid, sizeof pid, "%ld\n", (long)getpid());
        if (ftruncate(s->lock_fd, 0) != 0 || pwrite(s->lock_fd, pid, (size_t)n, 0) != n)
            errno = 0; /* only for the message of who comes second */
        return true;
    }
    char pid[24] = "";
    ssize_t n = pread(s->lock_fd, pid, sizeof pid - 1, 0);
    pid[n > 0 ? (size_t)n : 0] = '\0';
    pid[strcspn(pid, "\n")] = '\0';
    fail(c, ERR_BUSY,
         "Tiến trình %s đang dùng dữ liệu ở %s. Hãy đợi nó xong, hoặc dừng nó, rồi làm lại.",
         "Process %s has the data at %s in use. Wait for it to end, or stop it, and try again.",
         *pid ? pid : "?", dir);
    return false;
}

static bool not_ours(struct ctx *c, const char *path)
{
    fail(c, ERR_BAD_INPUT, "%s không phải là cơ sở dữ liệu của chương trình này. Hãy kiểm tra lại đường dẫn.",
         "%s is not a database of this program. Check the path.", path);
    return false;
}

static bool file_check(struct ctx *c, struct sqlite_conn *conn, const char *path)
{
    int rc = sqlite_exec(conn, "SELECT count(*) FROM sqlite_schema");
    if (rc == SQLITE_NOTADB)
        return not_ours(c, path);
    if (rc != SQLITE_OK) {
        sqlite_fail(c, path, conn->h, rc, NULL);
        return false;
    }
    return sqlite_pragma(conn, "PRAGMA application_id", 0) == APPLICATION_ID || not_ours(c, path);
}

/* A new file, or the empty remains of an interrupted creation. */
static bool file_make(struct ctx *c, struct sqlite_conn *conn, const char *path)
{
    if (sqlite_pragma(conn, "PRAGMA application_id", 0) == APPLICATION_ID) {
        fail(c, ERR_CANNOT_MAKE, "Ở %s đã có dữ liệu của chương trình này. Hãy chọn thư mục khác, hoặc mở dữ liệu đó.",
             "There are data of this program at %s already. Choose another directory, or open those data.", path);
        return false;
    }
    if (sqlite_pragma(conn, "SELECT count(*) FROM sqlite_schema", 1) != 0)
        return not_ours(c, path);
    char *sql = arena_printf(&c->arena, "PRAGMA application_id = %d", APPLICATION_ID);
    int rc = sqlite_exec(conn, sql);
    if (rc != SQLITE_OK)
        sqlite_fail(c, path, conn->h, rc, NULL);
    return rc == SQLITE_OK;
}

static bool writer_open(struct ctx *c, struct sqlite_store *s, bool make)
{
    int flags = SQLITE_OPEN_READWRITE | (make ? SQLITE_OPEN_CREATE : 0);
    int rc = sqlite_conn_open(&s->writer, s->path, flags, WRITER_CACHE_KB);
    if (rc != SQLITE_OK) {
        sqlite_fail(c, s->path, s->writer.h, rc, NULL);
        return false;
    }
    sqlite_tables_watch(&s->writer, &s->tables);
    if (!(make ? file_make(c, &s->writer, s->path) : file_check(c, &s->writer, s->path)))
        return false;
    if (s->single) {
        sqlite_exec(&s->writer, "PRAGMA synchronous = OFF"); /* one fsync at its end */
        return true;
    }
    sqlite_exec(&s->writer, "PRAGMA journal_mode = WAL");
    if (sqlite_pragma(&s->writer, "SELECT journal_mode = 'wal' FROM pragma_journal_mode", 0) != 1) {
        fail(c, ERR_CANNOT_MAKE, "Hệ tệp chứa %s không dùng được cho cơ sở dữ liệu (WAL). Hãy đặt dữ liệu trên ổ đĩa tại chỗ.",
             "The file system of %s cannot carry the database (WAL). Put the data on a local disk.", s->path);
        return false;
    }
    sqlite_exec(&s->writer, "PRAGMA synchronous = FULL");
    sqlite_exec(&s->writer, "PRAGMA journal_size_limit = 67108864");
    sqlite3_wal_hook(s->writer.h, on_wal, s);
    return true;
}

static bool reader_try(struct ctx *c, struct sqlite_store *s)
{
    struct sqlite_conn conn = {0};
    int rc = sqlite_conn_open(&conn, s->path, SQLITE_OPEN_READONLY, READER_CACHE_KB);
    if (rc != SQLITE_OK)
        sqlite_fail(c, s->path, conn.h, rc, NULL);
    bool ok = rc == SQLITE_OK && file_check(c, &conn, s->path);
    sqlite_conn_close(&conn);
    return ok;
}

static struct sqlite_store *store_new(const char *where, const char *path, enum store_mode mode)
{
    struct sqlite_store *s = calloc(1, sizeof *s);
    size_t n = strlen(where) + 1, m = strlen(path) + 1;
    char *text = s ? malloc(n + m) : NULL;
    if (!text)
        abort();
    s->base = (struct store){.engine = &sqlite_engine, .mode = mode, .where = text};
    s->path = text + n;
    memcpy(text, where, n);
    memcpy(s->path, path, m);
    s->lock_fd = -1;
    pthread_condattr_t attr;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&s->mutex, NULL);
    pthread_cond_init(&s->turn, &attr);
    pthread_cond_init(&s->settled, NULL);
    pthread_mutex_init(&s->tables.mutex, NULL);
    pthread_condattr_destroy(&attr);
    return s;
}

void sqlite_store_close(struct store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    if (s->writer.h && !s->single && !s->stopped)
        sqlite3_wal_checkpoint_v2(s->writer.h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite_conn_close(&s->writer);
    if (s->lock_fd >= 0)
        close(s->lock_fd); /* the lock goes last, and with it */
    pthread_cond_destroy(&s->settled);
    pthread_cond_destroy(&s->turn);
    pthread_mutex_destroy(&s->mutex);
    sqlite_tables_free(&s->tables);
    free(s->base.where);
    free(s);
}

bool sqlite_store_stopped(struct store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    pthread_mutex_lock(&s->mutex);
    bool stopped = s->stopped;
    pthread_mutex_unlock(&s->mutex);
    return stopped;
}

/* Directory and file are there, or may be made. */
static bool place_ready(struct ctx *c, const char *dir, const char *path, enum store_mode mode)
{
    struct stat st;
    if (mode == STORE_CREATE) {
        if (mkdir(dir, 0700) != 0 && errno != EEXIST)
            fail(c, ERR_CANNOT_MAKE, "Không tạo được thư mục dữ liệu %s: %s.", "Cannot make the data directory %s: %s.", dir,
                 os_says(c, errno));
        return !failed(c);
    }
    if (stat(path, &st) == 0)
        return true;
    if (errno == EACCES)
        fail(c, ERR_DENIED, "Không có quyền mở %s.", "No permission to open %s.", path);
    else
        fail(c, ERR_MISSING, "Ở %s chưa có dữ liệu. Hãy kiểm tra đường dẫn, hoặc tạo mới bằng lệnh: dangbo init --data %s",
             "There are no data at %s. Check the path, or make them with: dangbo init --data %s", dir, dir);
    return false;
}

struct store *sqlite_store_open(struct ctx *c, const char *dir, enum store_mode mode)
{
    char *path = arena_printf(&c->arena, "%s/dangbo.db", dir);
    if (!place_ready(c, dir, path, mode))
        return NULL;
    struct sqlite_store *s = store_new(dir, path, mode);
    bool ok = mode == STORE_READ ? reader_try(c, s) : lock_take(c, s, dir) && writer_open(c, s, mode == STORE_CREATE);
    if (ok)
        return &s->base;
    sqlite_store_close(&s->base);
    return NULL;
}

struct store *sqlite_file_open(struct ctx *c, const char *path, bool create)
{
    struct stat st;
    if (!create && stat(path, &st) != 0) {
        fail(c, ERR_MISSING, "Không mở được tệp %s: %s.", "Cannot open the file %s: %s.", path, os_says(c, errno));
        return NULL;
    }
    struct sqlite_store *s = store_new(path, path, create ? STORE_CREATE : STORE_READ);
    s->single = true;
    if (create ? writer_open(c, s, true) : reader_try(c, s))
        return &s->base;
    sqlite_store_close(&s->base);
    return NULL;
}

/* Page by page from a reader that holds one snapshot, so that writers neither wait nor disturb. */
bool sqlite_backup(struct ctx *c, struct store *store, const char *path)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    struct sqlite_conn from = {0}, to = {0};
    int rc = sqlite_conn_open(&from, s->path, SQLITE_OPEN_READONLY, READER_CACHE_KB);
    if (rc != SQLITE_OK || (rc = sqlite_exec(&from, "BEGIN")) != SQLITE_OK ||
        (rc = sqlite_exec(&from, "SELECT count(*) FROM sqlite_schema")) != SQLITE_OK) {
        sqlite_fail(c, s->base.where, from.h, rc, NULL);
        goto done;
    }
    rc = sqlite_conn_open(&to, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, READER_CACHE_KB);
    if (rc == SQLITE_OK) {
        sqlite_exec(&to, "PRAGMA synchronous = OFF"); /* one fsync at its end */
        sqlite3_backup *b = sqlite3_backup_init(to.h, "main", from.h, "main");
        if (b)
            sqlite3_backup_step(b, -1);
        rc = b ? sqlite3_backup_finish(b) : sqlite3_extended_errcode(to.h);
    }
    if (rc == SQLITE_OK)
        rc = sqlite_exec(&to, "PRAGMA journal_mode = DELETE"); /* one file, without a WAL beside it */
    if (rc != SQLITE_OK)
        sqlite_fail(c, path, to.h, rc, NULL);
done:
    sqlite_conn_close(&to);
    sqlite_conn_close(&from);
    return !failed(c);
}
