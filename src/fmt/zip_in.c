/* Guarded reading of zip and XML; see zip_in.h. */
#define ALLOW_MALLOC
#include "zip_in.h"

#include "base/str.h"

#include <expat.h>
#include <zip.h>

/* A workbook of Excel has some tens of parts. Deflate cannot pack more than 1:1032, sheets reach 1:30, so 1:100 is no
 * honest table; small parts are let be because they cannot hurt. */
enum { PARTS_MAX = 1000, RATIO_MAX = 100, RATIO_FROM = 1 << 20, DEPTH_MAX = 32, PIECE = 32 * 1024 };
static const int64_t INFLATED_MAX = (int64_t)512 << 20;

struct zip_in {
    struct ctx *c;
    zip_t *zip;
    int64_t packed, inflated, inflated_max;
    bool ratio_free; /* the limit was set by the one who runs this */
};

struct zip_part {
    struct zip_in *in;
    zip_file_t *file;
    int64_t packed, got;
};

void fail_broken_xlsx(struct ctx *c)
{
    fail(c, ERR_BAD_INPUT, "Tệp bị hỏng hoặc chưa tải hết, hãy mở bằng Excel và lưu lại.",
         "The file is damaged or incomplete: open it in Excel and save it again.");
}

static zip_t *open_zip(const struct source *s)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *from = s->path ? zip_source_file_create(s->path, 0, -1, &error)
                                 : zip_source_buffer_create(s->p, (zip_uint64_t)s->total, 0, &error);
    zip_t *z = from ? zip_open_from_source(from, ZIP_RDONLY, &error) : NULL;
    if (!z && from)
        zip_source_free(from);
    zip_error_fini(&error);
    return z;
}

struct zip_in *zip_in_open(struct ctx *c, const struct source *s, int64_t inflated_max)
{
    zip_t *z = open_zip(s);
    if (!z) {
        fail_broken_xlsx(c);
        return NULL;
    }
    if (zip_get_num_entries(z, 0) > PARTS_MAX) {
        fail(c, ERR_BAD_INPUT, "Tệp có hơn %d thành phần bên trong: không phải bảng tính thông thường.",
             "The file has more than %d parts inside: that is no ordinary workbook.", PARTS_MAX);
        zip_discard(z);
        return NULL;
    }
    struct zip_in *in = NEW(&c->arena, struct zip_in);
    *in = (struct zip_in){.c = c, .zip = z, .packed = s->total, .ratio_free = inflated_max > 0};
    in->inflated_max = inflated_max > 0 ? inflated_max : INFLATED_MAX;
    return in;
}

bool zip_in_has(struct zip_in *in, const char *name)
{
    return zip_name_locate(in->zip, name, ZIP_FL_NOCASE) >= 0;
}

void zip_in_close(struct zip_in *in)
{
    if (in)
        zip_discard(in->zip);
}

static struct zip_part *part_open(struct zip_in *in, const char *name, int64_t *total)
{
    zip_stat_t st;
    zip_int64_t at = zip_name_locate(in->zip, name, ZIP_FL_NOCASE);
    if (at < 0 || zip_stat_index(in->zip, (zip_uint64_t)at, 0, &st) != 0) {
        fail_broken_xlsx(in->c);
        return NULL;
    }
    if ((st.valid & ZIP_STAT_ENCRYPTION_METHOD) && st.encryption_method != ZIP_EM_NONE) {
        fail(in->c, ERR_BAD_INPUT, "Tệp có mật khẩu: hãy mở bằng Excel, bỏ mật khẩu và lưu lại.",
             "The file has a password: open it in Excel, remove the password and save it again.");
        return NULL;
    }
    zip_file_t *file = zip_fopen_index(in->zip, (zip_uint64_t)at, 0);
    if (!file) {
        fail_broken_xlsx(in->c);
        return NULL;
    }
    struct zip_part *part = NEW(&in->c->arena, struct zip_part);
    bool known = (st.valid & ZIP_STAT_COMP_SIZE) && st.comp_size < (zip_uint64_t)in->packed;
    *part = (struct zip_part){.in = in, .file = file, .packed = known ? (int64_t)st.comp_size : in->packed};
    *total = (st.valid & ZIP_STAT_SIZE) && st.size < INT64_MAX ? (int64_t)st.size : 0;
    return part;
}

static void fail_bomb(struct ctx *c)
{
    fail(c, ERR_BAD_INPUT,
         "Tệp bung ra quá lớn so với cỡ của nó: không đọc vì an toàn. Hãy chia nhỏ bảng hoặc chép dữ liệu sang tệp mới.",
         "The file unpacks to far more than its size: not read, for safety. Split the table or copy the data into a new file.");
}

/* Bytes read, 0 at the end, -1 after a failure. */
static int part_read(struct zip_part *part, void *to, int n)
{
    struct zip_in *in = part->in;
    zip_int64_t got = zip_fread(part->file, to, (zip_uint64_t)n);
    if (got < 0) {
        fail_broken_xlsx(in->c);
        return -1;
    }
    part->got += got;
    in->inflated += got;
    bool swollen = !in->ratio_free && part->got > RATIO_FROM && part->got / RATIO_MAX > part->packed;
    if (swollen || in->inflated > in->inflated_max) {
        fail_bomb(in->c);
        return -1;
    }
    return (int)got;
}

/* ---- XML ---- */

static const char *local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char **attributes, const char *name)
{
    for (; attributes[0]; attributes += 2)
        if (strcmp(local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

void xml_stop(struct xml_in *x)
{
    x->ended = true;
    XML_StopParser(x->parser, XML_FALSE);
}

void xml_pause(struct xml_in *x)
{
    if (!x->ended)
        XML_StopParser(x->parser, XML_TRUE);
}

static void on_start(void *data, const char *name, const char **attributes)
{
    struct xml_in *x = data;
    if (x->ended)
        return;
    if (++x->depth > DEPTH_MAX) {
        fail(x->c, ERR_BAD_INPUT, "Tệp có cấu trúc lồng nhau quá %d lớp: không phải bảng tính thông thường.",
             "The file is nested more than %d levels deep: that is no ordinary workbook.", DEPTH_MAX);
        xml_stop(x);
    } else if (x->start) {
        x->start(x->data, local(name), attributes);
    }
}

static void on_end(void *data, const char *name)
{
    struct xml_in *x = data;
    if (x->ended)
        return;
    x->depth--;
    if (x->end)
        x->end(x->data, local(name));
}

static void on_text(void *data, const char *s, int n)
{
    struct xml_in *x = data;
    if (!x->ended && x->text && n > 0)
        x->text(x->data, s, (size_t)n);
}

static void on_doctype(void *data, const char *name, const char *system_id, const char *public_id, int subset)
{
    struct xml_in *x = data;
    (void)name, (void)system_id, (void)public_id, (void)subset;
    fail(x->c, ERR_BAD_INPUT, "Tệp chứa khai báo DOCTYPE, bảng tính không bao giờ có: không đọc vì an toàn.",
         "The file has a DOCTYPE, which no workbook has: not read, for safety.");
    xml_stop(x);
}

bool xml_open(struct xml_in *x, struct ctx *c, struct zip_in *in, const char *name)
{
    x->c = c;
    x->depth = 0;
    x->ended = x->paused = false;
    x->done = x->total = 0;
    x->parser = NULL;
    x->part = failed(c) ? NULL : part_open(in, name, &x->total);
    if (!x->part)
        return false;
    x->parser = XML_ParserCreate(NULL);
    if (!x->parser) {
        fail(c, ERR_BROKEN, "Không đủ bộ nhớ để đọc tệp.", "Not enough memory to read the file.");
        xml_close(x);
        return false;
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    return true;
}

static enum XML_Status parse_on(struct xml_in *x)
{
    if (x->paused)
        return XML_ResumeParser(x->parser);
    void *piece = XML_GetBuffer(x->parser, PIECE);
    int got = piece ? part_read(x->part, piece, PIECE) : -1;
    if (got < 0)
        return XML_STATUS_ERROR;
    x->done += got;
    return XML_ParseBuffer(x->parser, got, got == 0);
}

bool xml_step(struct xml_in *x)
{
    while (!x->ended && !failed(x->c)) {
        enum XML_Status status = parse_on(x);
        x->paused = status == XML_STATUS_SUSPENDED;
        if (x->paused)
            return true;
        if (status == XML_STATUS_ERROR) {
            fail_broken_xlsx(x->c); /* unless something was said before */
            x->ended = true;
            break;
        }
        XML_ParsingStatus now;
        XML_GetParsingStatus(x->parser, &now);
        x->ended = now.parsing == XML_FINISHED;
    }
    return false;
}

void xml_close(struct xml_in *x)
{
    if (x->parser)
        XML_ParserFree(x->parser);
    if (x->part)
        zip_fclose(x->part->file);
    x->parser = NULL;
    x->part = NULL;
}

bool xml_read(struct xml_in *x, struct ctx *c, struct zip_in *in, const char *name)
{
    if (xml_open(x, c, in, name))
        while (xml_step(x))
            continue;
    xml_close(x);
    return !failed(c);
}
