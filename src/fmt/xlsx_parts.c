/* Workbook, styles and shared strings; see xlsx_parts.h. */
#define ALLOW_MALLOC
#include "xlsx_parts.h"

#include "base/str.h"

#include <unistd.h>

/* 24 MiB keep a register of 50,000 people in memory; 8 million texts are more than a sheet of Excel shows with sense. */
enum { SPILL_AT = 24 << 20, STRINGS_MAX = 8 << 20, STYLES_MAX = 1 << 16, PARTS_NAMED = 1000 };

/* ---- relationships: which part is what ---- */

struct relation {
    char *id, *type, *target;
};

struct relations {
    struct xml_in xml;
    struct arena *arena;
    struct relation of[PARTS_NAMED];
    size_t n;
};

static void relation_start(void *data, const char *name, const char **at)
{
    struct relations *r = data;
    const char *target = xml_attribute(at, "Target"), *type = xml_attribute(at, "Type"), *mode = xml_attribute(at, "TargetMode");
    if (strcmp(name, "Relationship") != 0 || !target || !type || r->n == N(r->of) || (mode && strcmp(mode, "External") == 0))
        return;
    const char *id = xml_attribute(at, "Id");
    r->of[r->n++] = (struct relation){arena_text(r->arena, id ? id : ""), arena_text(r->arena, type), arena_text(r->arena, target)};
}

static struct relations *relations_read(struct ctx *c, struct zip_in *zip, const char *part)
{
    struct relations *r = NEW(&c->arena, struct relations);
    r->arena = &c->arena;
    r->xml.data = r;
    r->xml.start = relation_start;
    xml_read(&r->xml, c, zip, part);
    return r;
}

static const struct relation *relation_of(const struct relations *r, const char *id, const char *type_end)
{
    for (size_t i = 0; i < r->n; i++)
        if ((!id || strcmp(r->of[i].id, id) == 0) && (!type_end || str_ends(r->of[i].type, type_end)))
            return &r->of[i];
    return NULL;
}

/* The name of a part from a target beside another part. Only ever looked up in the zip; what climbs out of
 * it names nothing. */
static char *resolve(struct arena *a, const char *beside, const char *target)
{
    size_t n = 0, room = strlen(beside) + strlen(target) + 2;
    char *out = arena_alloc(a, room);
    const char *slash = strrchr(beside, '/');
    if (target[0] != '/' && slash) {
        n = (size_t)(slash - beside);
        memcpy(out, beside, n);
    }
    while (*target) {
        size_t step = strcspn(target, "/\\");
        if (step == 2 && memcmp(target, "..", 2) == 0) {
            while (n && out[n - 1] != '/')
                n--;
            n -= n > 0;
        } else if (step && !(step == 1 && *target == '.')) {
            if (n)
                out[n++] = '/';
            memcpy(out + n, target, step);
            n += step;
        }
        target += step + (target[step] != '\0');
    }
    out[n] = '\0';
    return out;
}

/* ---- the workbook ---- */

struct book {
    struct xml_in xml;
    struct ctx *c;
    struct workbook *to;
    const struct relations *relations;
    int wanted, seen;
    char *id;
};

static void book_start(void *data, const char *name, const char **at)
{
    struct book *b = data;
    if (strcmp(name, "workbookPr") == 0) {
        const char *v = xml_attribute(at, "date1904");
        b->to->since_1904 = v && (strcmp(v, "1") == 0 || strcmp(v, "true") == 0);
    }
    const char *id = xml_attribute(at, "id"), *state = xml_attribute(at, "state"), *title = xml_attribute(at, "name");
    if (strcmp(name, "sheet") != 0 || !id || !relation_of(b->relations, id, "/worksheet"))
        return;
    b->seen++;
    bool hidden = state && strcmp(state, "visible") != 0;
    if (!b->id && (b->wanted ? b->seen == b->wanted : !hidden)) {
        b->id = arena_text(&b->c->arena, id);
        b->to->name = arena_text(&b->c->arena, title ? title : "");
    }
}

static void refuse_strangers(struct ctx *c, struct zip_in *zip)
{
    if (zip_in_has(zip, "xl/vbaProject.bin"))
        fail(c, ERR_BAD_INPUT, "Tệp có macro (.xlsm): hãy lưu lại thành .xlsx (Excel Workbook) rồi nhập.",
             "The file has macros (.xlsm): save it as .xlsx (Excel Workbook) and import that.");
    else if (zip_in_has(zip, "xl/workbook.bin"))
        fail(c, ERR_BAD_INPUT, "Tệp dạng .xlsb: hãy lưu lại thành .xlsx (Excel Workbook) rồi nhập.",
             "The file is of the kind .xlsb: save it as .xlsx (Excel Workbook) and import that.");
    else if (zip_in_has(zip, "word/document.xml"))
        fail(c, ERR_BAD_INPUT, "Đây là tệp Word, không phải bảng tính. Hãy chép bảng sang Excel và lưu thành .xlsx.",
             "This is a Word file, not a workbook. Copy the table into Excel and save it as .xlsx.");
    else if (zip_in_has(zip, "content.xml") && zip_in_has(zip, "mimetype"))
        fail(c, ERR_BAD_INPUT, "Đây là tệp OpenDocument (.ods): hãy lưu lại thành .xlsx rồi nhập.",
             "This is an OpenDocument file (.ods): save it as .xlsx and import that.");
    else if (!zip_in_has(zip, "_rels/.rels"))
        fail(c, ERR_BAD_INPUT, "Đây là tệp nén, không phải bảng tính .xlsx. Nếu bảng ở bên trong, hãy giải nén trước.",
             "This is an archive, not a workbook (.xlsx). If the table is inside it, unpack it first.");
}

void workbook_read(struct ctx *c, struct zip_in *zip, int sheet, struct workbook *to)
{
    refuse_strangers(c, zip);
    if (failed(c))
        return;
    const struct relation *office = relation_of(relations_read(c, zip, "_rels/.rels"), NULL, "/officeDocument");
    const char *part = office ? resolve(&c->arena, "", office->target) : "xl/workbook.xml";
    const char *slash = strrchr(part, '/'), *file = slash ? slash + 1 : part;
    const char *rels = arena_printf(&c->arena, "%.*s_rels/%s.rels", (int)(file - part), part, file);
    struct book b = {.c = c, .to = to, .relations = relations_read(c, zip, rels), .wanted = sheet};
    b.xml.data = &b;
    b.xml.start = book_start;
    if (!xml_read(&b.xml, c, zip, part))
        return;
    if (!b.id) {
        if (sheet)
            fail(c, ERR_BAD_INPUT, "Tệp chỉ có %d trang tính, không có trang thứ %d.",
                 "The file has %d sheets; there is no sheet number %d.", b.seen, sheet);
        else
            fail(c, ERR_BAD_INPUT, "Tệp không có trang tính nào hiện (đã thấy %d trang ẩn).",
                 "The file has no visible sheet (%d hidden ones).", b.seen);
        return;
    }
    const struct relation *found = relation_of(b.relations, b.id, "/worksheet");
    to->sheet = resolve(&c->arena, part, found->target);
    found = relation_of(b.relations, NULL, "/sharedStrings");
    to->strings = found ? resolve(&c->arena, part, found->target) : NULL;
    found = relation_of(b.relations, NULL, "/styles");
    to->styles = found ? resolve(&c->arena, part, found->target) : NULL;
}

/* ---- styles ---- */

struct style_reader {
    struct xml_in xml;
    struct arena *arena;
    struct styles *to;
    struct style *fonts;
    bool *date; /* by number of format */
    size_t nfonts;
    bool in_fonts, in_cells, in_font;
};

/* Whether a custom format shows a day, a month or a year: yyyy, mmm, d; m alone with h or s are minutes. */
static bool shows_date(const char *f)
{
    bool ymd = false, month = false, clock = false;
    for (; *f && *f != ';'; f++) {
        char quote = *f == '"' ? '"' : *f == '[' ? ']' : 0;
        if (quote) {
            const char *end = strchr(f + 1, quote);
            if (!end)
                break;
            f = end;
            continue;
        }
        if ((*f == '\\' || *f == '_' || *f == '*') && f[1]) {
            f++;
            continue;
        }
        char low = (char)(*f | 32);
        ymd |= low == 'y' || low == 'd';
        month |= low == 'm';
        clock |= low == 'h' || low == 's';
    }
    return ymd || (month && !clock);
}

static bool builtin_date(size_t id)
{
    return (id >= 14 && id <= 22) || (id >= 45 && id <= 47);
}

static size_t number_of(const char *s, size_t most)
{
    int64_t v;
    return s && int_parse(s, &v) && v >= 0 && v < (int64_t)most ? (size_t)v : 0;
}

static void font_named(struct style *font, const char *name)
{
    if (strncasecmp(name, ".Vn", 3) == 0) {
        font->font = ENC_TCVN3;
        font->capitals = strlen(name) > 4 && (str_ends(name, "H"));
    } else if (strncasecmp(name, "VNI-", 4) == 0) {
        font->font = ENC_VNI;
    }
}

static void style_start(void *data, const char *name, const char **at)
{
    struct style_reader *r = data;
    if (strcmp(name, "fonts") == 0) {
        r->in_fonts = true;
    } else if (strcmp(name, "cellXfs") == 0) {
        r->in_cells = true;
    } else if (strcmp(name, "numFmt") == 0) {
        size_t id = number_of(xml_attribute(at, "numFmtId"), STYLES_MAX);
        const char *code = xml_attribute(at, "formatCode");
        if (id && code)
            r->date[id] = shows_date(code);
    } else if (r->in_fonts && strcmp(name, "font") == 0) {
        r->in_font = r->nfonts < STYLES_MAX;
        r->nfonts += r->in_font;
    } else if (r->in_font && (strcmp(name, "name") == 0 || strcmp(name, "rFont") == 0)) {
        const char *v = xml_attribute(at, "val");
        font_named(&r->fonts[r->nfonts - 1], v ? v : "");
    } else if (r->in_cells && strcmp(name, "xf") == 0 && r->to->n < STYLES_MAX) {
        struct style *s = &r->to->of[r->to->n++];
        size_t font = number_of(xml_attribute(at, "fontId"), STYLES_MAX);
        *s = font < r->nfonts ? r->fonts[font] : (struct style){0};
        s->date = r->date[number_of(xml_attribute(at, "numFmtId"), STYLES_MAX)];
    }
}

static void style_end(void *data, const char *name)
{
    struct style_reader *r = data;
    if (strcmp(name, "fonts") == 0)
        r->in_fonts = false;
    else if (strcmp(name, "cellXfs") == 0)
        r->in_cells = false;
    else if (strcmp(name, "font") == 0)
        r->in_font = false;
}

void styles_read(struct ctx *c, struct zip_in *zip, const char *part, struct styles *to)
{
    if (failed(c) || !part || !zip_in_has(zip, part))
        return;
    struct arena scratch = {0};
    struct style_reader r = {.arena = &c->arena, .to = to};
    to->of = NEW_N(&c->arena, struct style, STYLES_MAX);
    r.fonts = NEW_N(&scratch, struct style, STYLES_MAX);
    r.date = NEW_N(&scratch, bool, STYLES_MAX);
    for (size_t i = 0; i < 50; i++)
        r.date[i] = builtin_date(i);
    r.xml.data = &r;
    r.xml.start = style_start;
    r.xml.end = style_end;
    xml_read(&r.xml, c, zip, part);
    arena_free(&scratch);
}

/* ---- shared strings ---- */

struct string_reader {
    struct xml_in xml;
    struct ctx *c;
    struct strings *to;
    bool in_item, in_text;
    int phonetic; /* depth within readings in kana, which are no part of the text */
};

static bool spill(void *to, const char *p, size_t n)
{
    return fwrite(p, 1, n, to) == n;
}

static bool string_room(struct strings *s)
{
    if (s->n < s->cap)
        return true;
    size_t cap = s->cap ? s->cap * 2 : 1024;
    uint32_t *end = s->n < STRINGS_MAX ? realloc(s->end, cap * sizeof *end) : NULL;
    if (!end)
        return false;
    s->end = end;
    s->cap = cap;
    return true;
}

static void string_start(void *data, const char *name, const char **at)
{
    struct string_reader *r = data;
    (void)at;
    if (strcmp(name, "si") == 0)
        r->in_item = true;
    else if (strcmp(name, "rPh") == 0)
        r->phonetic++;
    else if (strcmp(name, "t") == 0)
        r->in_text = r->in_item && !r->phonetic;
}

static void string_end(void *data, const char *name)
{
    struct string_reader *r = data;
    if (strcmp(name, "rPh") == 0)
        r->phonetic -= r->phonetic > 0;
    else if (strcmp(name, "t") == 0)
        r->in_text = false;
    if (strcmp(name, "si") != 0)
        return;
    r->in_item = false;
    if (!string_room(r->to)) {
        fail(r->c, ERR_BAD_INPUT, "Tệp có quá nhiều chuỗi khác nhau (hơn %d).", "The file has too many different texts (more than %d).",
             STRINGS_MAX);
        xml_stop(&r->xml);
        return;
    }
    r->to->end[r->to->n++] = r->to->total;
}

static void string_text(void *data, const char *s, size_t n)
{
    struct string_reader *r = data;
    struct strings *to = r->to;
    uint32_t from = to->n ? to->end[to->n - 1] : 0;
    if (!r->in_text)
        return;
    if (to->total - from + n > XLSX_TEXT_MAX || to->total > UINT32_MAX - n) {
        fail(r->c, ERR_BAD_INPUT, "Ô chữ số %zu trong tệp dài hơn %d KiB.", "Text number %zu of the file is longer than %d KiB.",
             to->n + 1, XLSX_TEXT_MAX >> 10);
        xml_stop(&r->xml);
        return;
    }
    buf_add(&to->bytes, s, n);
    to->total += (uint32_t)n;
    if (!to->spill && to->bytes.n > SPILL_AT) {
        to->spill = tmpfile();
        to->bytes.drain = spill;
        to->bytes.to = to->spill;
        to->bytes.failed |= !to->spill;
    }
}

void strings_read(struct ctx *c, struct zip_in *zip, const char *part, struct strings *to)
{
    if (failed(c) || !part || !zip_in_has(zip, part))
        return;
    struct string_reader r = {.c = c, .to = to};
    r.xml.data = &r;
    r.xml.start = string_start;
    r.xml.end = string_end;
    r.xml.text = string_text;
    xml_read(&r.xml, c, zip, part);
    bool written = to->spill ? buf_flush(&to->bytes) && fflush(to->spill) == 0 : !to->bytes.failed;
    if (to->spill)
        buf_free(&to->bytes);
    if (!written)
        fail(c, ERR_FULL, "Hết chỗ cho tệp tạm khi đọc bảng tính lớn.", "No room for the temporary file of a large workbook.");
}

const char *strings_at(struct strings *s, struct arena *a, size_t i, size_t *n)
{
    if (i >= s->n)
        return NULL;
    uint32_t from = i ? s->end[i - 1] : 0;
    *n = s->end[i] - from;
    if (!s->spill)
        return arena_copy(a, *n ? s->bytes.p + from : "", *n);
    char *out = arena_alloc(a, *n + 1);
    return pread(fileno(s->spill), out, *n, (off_t)from) == (ssize_t)*n ? out : NULL;
}

void strings_free(struct strings *s)
{
    free(s->end);
    buf_free(&s->bytes);
    if (s->spill)
        fclose(s->spill);
    *s = (struct strings){0};
}
