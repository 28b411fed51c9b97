/* Writing tables in either format; see table_out.h. */
#include "table_out.h"

#include "csv.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct file_out {
    struct ctx *c;
    struct buf *buf;
    char *path, *temporary;
    int fd;
};

static bool put(void *to, const char *p, size_t n)
{
    struct file_out *f = to;
    while (n) {
        ssize_t wrote = write(f->fd, p, n);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            fail(f->c, ERR_FULL, "Không ghi được tệp %s: %s.", "Cannot write the file %s: %s.", f->path, os_says(f->c, errno));
            return false;
        }
        p += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

struct file_out *file_create(struct ctx *c, const char *path, struct buf *to)
{
    if (failed(c))
        return NULL;
    struct file_out *f = NEW(&c->arena, struct file_out);
    *f = (struct file_out){.c = c, .buf = to, .path = arena_text(&c->arena, path)};
    f->temporary = arena_printf(&c->arena, "%s.XXXXXX.tmp", path);
    f->fd = mkostemps(f->temporary, 4, O_CLOEXEC);
    if (f->fd < 0) {
        fail(c, ERR_CANNOT_MAKE, "Không tạo được tệp %s: %s.", "Cannot make the file %s: %s.", path, os_says(c, errno));
        return NULL;
    }
    to->drain = put;
    to->to = f;
    return f;
}

bool file_close(struct file_out *f)
{
    if (!f)
        return false;
    if (!buf_flush(f->buf) && !failed(f->c))
        fail(f->c, ERR_FULL, "Không ghi được tệp %s.", "Cannot write the file %s.", f->path);
    f->buf->drain = NULL;
    buf_free(f->buf);
    if (close(f->fd) != 0 || (!failed(f->c) && rename(f->temporary, f->path) != 0))
        fail(f->c, ERR_CANNOT_MAKE, "Không ghi được tệp %s: %s.", "Cannot write the file %s: %s.", f->path, os_says(f->c, errno));
    if (failed(f->c))
        unlink(f->temporary);
    return !failed(f->c);
}

struct table_out {
    struct ctx *c;
    struct xlsx_out *xlsx;
    struct file_out *file;
    struct buf own;
    struct csv_out csv;
};

bool table_path_is_xlsx(const char *path)
{
    size_t n = strlen(path);
    return n >= 5 && strcasecmp(path + n - 5, ".xlsx") == 0;
}

struct table_out *table_create(struct ctx *c, const char *path, bool xlsx, const char *sheet)
{
    if (failed(c))
        return NULL;
    struct table_out *t = NEW(&c->arena, struct table_out);
    t->c = c;
    if (xlsx) {
        t->xlsx = xlsx_create(c, path, sheet);
        return t->xlsx ? t : NULL;
    }
    t->file = file_create(c, path, &t->own);
    t->csv = (struct csv_out){.to = &t->own, .bom = true};
    return t->file ? t : NULL;
}

struct table_out *table_to_buf(struct ctx *c, struct buf *to)
{
    struct table_out *t = NEW(&c->arena, struct table_out);
    t->c = c;
    t->csv = (struct csv_out){.to = to, .bom = true};
    return t;
}

void table_out_head(struct table_out *t, const struct xlsx_column *columns, size_t n)
{
    if (!t)
        return;
    if (t->xlsx) {
        xlsx_head(t->xlsx, columns, n);
        return;
    }
    for (size_t i = 0; i < n; i++)
        csv_cell(&t->csv, value_text(columns[i].head));
    csv_end_row(&t->csv);
}

void table_out_cell(struct table_out *t, struct value v)
{
    if (t && t->xlsx)
        xlsx_cell(t->xlsx, v);
    else if (t)
        csv_cell(&t->csv, v);
}

void table_out_error(struct table_out *t, const char *text)
{
    if (t && t->xlsx)
        xlsx_error(t->xlsx, text);
    else if (t)
        csv_cell(&t->csv, value_text(text));
}

void table_out_end_row(struct table_out *t)
{
    if (t && t->xlsx)
        xlsx_end_row(t->xlsx);
    else if (t)
        csv_end_row(&t->csv);
}

void table_out_next_sheet(struct table_out *t, const char *sheet)
{
    if (t && t->xlsx)
        xlsx_next_sheet(t->xlsx, sheet);
}

bool table_out_close(struct table_out *t)
{
    if (!t)
        return false;
    if (t->xlsx)
        return xlsx_close(t->xlsx);
    if (t->file)
        return file_close(t->file);
    return !failed(t->c);
}
