/* Backup and restore: whole databases, table by table, between any two engines. A backup is one SQLite file; it gets
 * its name only when it is complete, checked and on the disk. */
#include "engine.h"

#include "base/crypt.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static void column_list(struct sql *q, const struct db_column *col, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i)
            sql_add(q, ", ");
        sql_name(q, col[i].name);
    }
}

static bool bulk_begin(struct ctx *c, const struct db_column *col, size_t n)
{
    struct sql insert = sql_new(c), copy = sql_new(c);
    sql_add(&insert, "INSERT INTO ");
    sql_name(&insert, col->table);
    sql_add(&insert, " (");
    column_list(&insert, col, n);
    sql_add(&insert, ") VALUES (");
    for (size_t i = 0; i < n; i++) {
        if (i)
            sql_add(&insert, ", ");
        sql_arg(&insert, value_null());
    }
    sql_add(&insert, ")");
    sql_add(&copy, "COPY ");
    sql_name(&copy, col->table);
    sql_add(&copy, " (");
    column_list(&copy, col, n);
    sql_add(&copy, ") FROM STDIN");
    return !failed(c) && db_of(c)->bulk_begin(c, insert.text, copy.text);
}

/* The rows of one table from one session to another, whatever their engines; n columns. */
static bool copy_table(struct ctx *from, struct ctx *to, const struct db_column *col, size_t n)
{
    struct sql q = sql_new(from);
    sql_add(&q, "SELECT ");
    column_list(&q, col, n);
    sql_add(&q, " FROM ");
    sql_name(&q, col->table);
    struct rows *r = sql_stream(&q);
    struct value *v = NEW_N(&to->arena, struct value, n);
    if (failed(from) || !bulk_begin(to, col, n))
        return false;
    while (!failed(to) && rows_next(r)) {
        for (size_t i = 0; i < n; i++) {
            if (*col[i].type == 't')
                v[i] = value_text(rows_text(r, (int)i));
            else
                v[i] = rows_null(r, (int)i) ? value_null() : value_int(rows_int(r, (int)i));
        }
        db_of(to)->bulk_row(to, v, n);
    }
    rows_close(r);
    if (failed(from)) /* what was read so far must not stand as the whole */
        fail(to, from->err.code, "%s", "%s", from->err.text);
    return db_of(to)->bulk_end(to) && !failed(from);
}

/* The columns of a table are neighbours: where those of the next begin. */
static size_t table_end(const struct db_column *col, size_t from, size_t n)
{
    size_t i = from;
    while (i < n && strcmp(col[i].table, col[from].table) == 0)
        i++;
    return i;
}

/* Backup */

/* An SQLite table like the other engine's: same columns, same primary key. */
static void table_like(struct ctx *from, struct ctx *to, const struct db_column *col, size_t n)
{
    struct sql q = sql_new(to);
    sql_add(&q, "CREATE TABLE ");
    sql_name(&q, col->table);
    sql_add(&q, " (");
    for (size_t i = 0; i < n; i++) {
        if (i)
            sql_add(&q, ", ");
        sql_name(&q, col[i].name);
        sql_add_text(&q, *col[i].type == 't' ? " TEXT" : " INTEGER");
    }
    struct rows *r = db_query(from,
                              "SELECT a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                              "AND n.nspname = current_schema() JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
                              "CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place) "
                              "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum WHERE c.relname = $1 ORDER BY k.place",
                              V(col->table));
    bool keyed = false;
    for (; rows_next(r); keyed = true) {
        sql_add_text(&q, keyed ? ", " : ", PRIMARY KEY (");
        sql_name(&q, rows_text(r, 0));
    }
    sql_add_text(&q, keyed ? "))" : ")");
    sql_add_text(&q, keyed ? db_table_options(to) : " STRICT");
    sql_run(&q);
}

static void copy_all(struct ctx *from, struct ctx *to)
{
    struct db_column *col;
    db_begin(from, DB_READ);
    db_begin(to, DB_WRITE_LONG);
    size_t n = db_columns(from, &col);
    for (size_t i = 0, end; i < n && !failed(from) && !failed(to); i = end) {
        end = table_end(col, i, n);
        table_like(from, to, col + i, end - i);
        copy_table(from, to, col + i, end - i);
    }
    if (failed(from))
        fail(to, from->err.code, "%s", "%s", from->err.text);
    db_commit(to);
    db_rollback(from);
}

static bool backup_tables(struct ctx *c, struct store *store, const char *path)
{
    struct ctx from = {.lang = c->lang}, to = {.lang = c->lang};
    struct store *file = sqlite_file_open(&to, path, true);
    if (file && db_connect(&to, file) && db_connect(&from, store))
        copy_all(&from, &to);
    if (failed(&from) || failed(&to)) {
        const struct err *e = failed(&from) ? &from.err : &to.err;
        fail(c, e->code, "%s", "%s", e->text);
    }
    db_disconnect(&from);
    db_disconnect(&to);
    store_close(file);
    ctx_free(&from);
    ctx_free(&to);
    return !failed(c);
}

/* Reads a backup through: is it whole? */
static bool file_sound(struct ctx *c, const char *path, enum err_code code)
{
    struct ctx f = {.lang = c->lang};
    struct store *file = sqlite_file_open(&f, path, false);
    if (file && db_connect(&f, file)) {
        struct rows *r = db_query(&f, "PRAGMA quick_check(1)");
        const char *what = rows_next(r) ? rows_text(r, 0) : "?";
        if (strcmp(what, "ok") != 0)
            fail(&f, code, "%s", "%s", what);
        rows_close(r);
    }
    if (failed(&f))
        fail(c, code, "Tệp sao lưu %s không dùng được: %s", "The backup file %s cannot be used: %s", path, f.err.text);
    db_disconnect(&f);
    store_close(file);
    ctx_free(&f);
    return !failed(c);
}

static bool sync_path(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool ok = fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

static const char *folder_of(struct ctx *c, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_copy(&c->arena, path, (size_t)(slash - path));
}

/* The seal: behind the database's last page stands a line with the hash of all before it, so that not one bit of a backup
 * can change unseen. SQLite leaves what stands there alone. */
static const char seal_word[] = "\ndangbo-seal ";
enum { SEAL_WORD = sizeof seal_word - 1, SEAL = SEAL_WORD + HASH_HEX - 1 + 1 };

/* The hash of the file's first `size` bytes. */
static bool hash_start(FILE *f, int64_t size, char hex[HASH_HEX])
{
    enum { ROOM = 16384 };
    unsigned char room[ROOM], raw[HASH_BYTES];
    struct hash_state h;
    hash_begin(&h);
    if (fseeko(f, 0, SEEK_SET) != 0)
        return false;
    while (size > 0) {
        size_t n = fread(room, 1, size < ROOM ? (size_t)size : ROOM, f);
        if (!n)
            return false;
        hash_add(&h, room, n);
        size -= (int64_t)n;
    }
    hash_end(&h, raw);
    hash_hex(raw, hex);
    return true;
}

static bool seal_write(struct ctx *c, const char *path)
{
    char hex[HASH_HEX];
    FILE *f = fopen(path, "r+e");
    bool ok = f && fseeko(f, 0, SEEK_END) == 0 && hash_start(f, ftello(f), hex) && fseeko(f, 0, SEEK_END) == 0 &&
              fprintf(f, "%s%s\n", seal_word, hex) == SEAL;
    ok = f && fclose(f) == 0 && ok;
    if (!ok)
        fail(c, ERR_FULL, "Không ghi được tệp sao lưu %s: %s. Không có bản sao lưu nào được tạo.", "Cannot write the backup %s: %s. No backup was made.",
             path, os_says(c, errno));
    return ok;
}

static bool seal_whole(struct ctx *c, const char *path)
{
    char hex[HASH_HEX] = "", end[SEAL + 1] = "";
    FILE *f = fopen(path, "re");
    int64_t size = f && fseeko(f, 0, SEEK_END) == 0 ? ftello(f) : 0;
    bool ok = size > SEAL && fseeko(f, size - SEAL, SEEK_SET) == 0 && fread(end, 1, SEAL, f) == SEAL && hash_start(f, size - SEAL, hex) &&
              strncmp(end, seal_word, SEAL_WORD) == 0 && strncmp(end + SEAL_WORD, hex, HASH_HEX - 1) == 0 && end[SEAL - 1] == '\n';
    if (f)
        fclose(f);
    else
        fail(c, ERR_BAD_INPUT, "Không mở được tệp sao lưu %s: %s.", "Cannot open the backup %s: %s.", path, os_says(c, errno));
    if (!ok)
        fail(c, ERR_BAD_INPUT, "%s không phải là bản sao lưu nguyên vẹn: tệp bị cắt, bị hỏng hoặc do chương trình khác tạo. Hãy dùng bản sao lưu khác.",
             "%s is no whole backup: it was cut, damaged or made by another program. Use another backup.", path);
    return ok;
}

/* Clears away what backups of this name left that were killed: their process is gone. */
static void clear_left(struct ctx *c, const char *path)
{
    const char *folder = folder_of(c, path), *slash = strrchr(path, '/');
    const char *start = arena_printf(&c->arena, "%s.tmp-", slash ? slash + 1 : path);
    size_t n = strlen(start);
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));) {
        size_t digits = strncmp(e->d_name, start, n) == 0 ? strspn(e->d_name + n, "0123456789") : 0;
        int64_t pid = 0;
        if (digits && int_parse(arena_copy(&c->arena, e->d_name + n, digits), &pid) && pid > 1 && pid <= INT32_MAX && kill((pid_t)pid, 0) != 0 && errno == ESRCH)
            unlink(arena_printf(&c->arena, "%s/%s", folder, e->d_name));
    }
    if (d)
        closedir(d);
}

bool db_backup(struct ctx *c, struct store *store, const char *path)
{
    if (failed(c))
        return false;
    clear_left(c, path);
    const char *tmp = arena_printf(&c->arena, "%s.tmp-%ld", path, (long)getpid());
    unlink(tmp);
    bool made = store_engine(store) == DB_SQLITE ? sqlite_backup(c, store, tmp) : backup_tables(c, store, tmp);
    if (made && seal_write(c, tmp) && file_sound(c, tmp, ERR_BROKEN)) {
        if (!sync_path(tmp, O_RDWR) || rename(tmp, path) != 0 || !sync_path(folder_of(c, path), O_RDONLY | O_DIRECTORY))
            fail(c, ERR_FULL, "Không ghi được tệp sao lưu %s: %s. Không có bản sao lưu nào được tạo.",
                 "Cannot write the backup %s: %s. No backup was made.", path, os_says(c, errno));
    }
    if (failed(c)) {
        unlink(tmp);
        unlink(arena_printf(&c->arena, "%s-journal", tmp));
    }
    return !failed(c);
}

/* Restore */

/* The order in which rows may arrive: tables that others point to come first. `first` holds where each table's columns
 * begin; a cycle stays as it is, and its constraints must be deferrable. SQLite would take any order, but while a reference
 * waits for its row, every insert looks through the tables that might wait for it. */
static void order_by_reference(struct ctx *c, const struct db_column *col, size_t *first, size_t tables)
{
    for (size_t round = 0; round < tables; round++) {
        bool moved = false;
        struct sql references = sql_new(c);
        if (db_engine(c) == DB_POSTGRES)
            sql_add(&references, "SELECT c.relname, p.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid "
                                 "JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
                                 "AND n.nspname = current_schema() WHERE k.contype = 'f' AND c.oid <> p.oid");
        else
            sql_add(&references, "SELECT m.name, f.\"table\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f "
                                 "WHERE m.type = 'table' AND f.\"table\" <> m.name");
        struct rows *r = sql_query(&references);
        while (rows_next(r)) {
            size_t child = tables, parent = tables;
            for (size_t i = 0; i < tables; i++) {
                child = strcmp(col[first[i]].table, rows_text(r, 0)) == 0 ? i : child;
                parent = strcmp(col[first[i]].table, rows_text(r, 1)) == 0 ? i : parent;
            }
            if (child == tables || parent == tables || parent < child)
                continue;
            size_t keep = first[parent];
            memmove(first + child + 1, first + child, (parent - child) * sizeof *first);
            first[child] = keep;
            moved = true;
        }
        if (!moved)
            return;
    }
}

static bool has_column(const struct db_column *col, size_t n, const struct db_column *wanted)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(col[i].table, wanted->table) == 0 && strcmp(col[i].name, wanted->name) == 0)
            return true;
    }
    return false;
}

/* Every column of the file has its place here, and every table is empty. */
static bool place_for(struct ctx *c, const struct db_column *col, size_t n)
{
    struct db_column *here;
    size_t nhere = db_columns(c, &here);
    for (size_t i = 0; i < n && !failed(c); i++) {
        if (!has_column(here, nhere, &col[i])) {
            fail(c, ERR_BAD_INPUT, "Bản sao lưu có cột %s.%s mà chương trình này không có: hãy dùng đúng phiên bản đã tạo ra nó.",
                 "The backup has a column %s.%s that this program does not have: use the version that made it.", col[i].table,
                 col[i].name);
            return false;
        }
        if (i && strcmp(col[i].table, col[i - 1].table) == 0)
            continue;
        struct sql q = sql_new(c);
        sql_add(&q, "SELECT count(*) FROM (SELECT 1 FROM ");
        sql_name(&q, col[i].table);
        sql_add(&q, " LIMIT 1) AS t");
        if (rows_only_int(sql_query(&q)))
            fail(c, ERR_CONFLICT, "Bảng %s đã có dữ liệu: chỉ khôi phục được vào nơi còn trống.",
                 "The table %s is not empty: a backup is restored into an empty place only.", col[i].table);
    }
    return !failed(c);
}

static void restore_all(struct ctx *from, struct ctx *c)
{
    struct db_column *col;
    size_t n = db_columns(from, &col), tables = 0;
    if (failed(from) || !place_for(c, col, n))
        return;
    size_t *first = NEW_N(&c->arena, size_t, n + 1);
    for (size_t i = 0; i < n; i = table_end(col, i, n))
        first[tables++] = i;
    order_by_reference(c, col, first, tables);
    db_of(c)->control(c, db_engine(c) == DB_SQLITE ? "PRAGMA defer_foreign_keys = ON" : "SET CONSTRAINTS ALL DEFERRED");
    for (size_t i = 0; i < tables && !failed(c) && !failed(from); i++)
        copy_table(from, c, col + first[i], table_end(col, first[i], n) - first[i]);
    for (size_t i = 0; i < tables && db_engine(c) == DB_SQLITE; i++) {
        const char *table = col[first[i]].table;
        if (db_has_table(c, arena_printf(&c->arena, "%s_words", table)))
            db_words_rebuild(c, table);
    }
}

bool db_restore_tables(struct ctx *c, const char *path)
{
    if (failed(c) || !seal_whole(c, path) || !file_sound(c, path, ERR_BAD_INPUT))
        return false;
    struct ctx from = {.lang = c->lang};
    struct store *file = sqlite_file_open(&from, path, false);
    if (file && db_connect(&from, file) && db_begin(&from, DB_READ) && db_begin(c, DB_WRITE_LONG)) {
        restore_all(&from, c);
        if (failed(&from))
            fail(c, ERR_BAD_INPUT, "Không đọc được bản sao lưu %s: %s", "Cannot read the backup %s: %s", path, from.err.text);
        db_commit(c);
    }
    if (failed(&from))
        fail(c, ERR_BAD_INPUT, "Không đọc được bản sao lưu %s: %s", "Cannot read the backup %s: %s", path, from.err.text);
    db_disconnect(&from);
    store_close(file);
    ctx_free(&from);
    return !failed(c);
}
