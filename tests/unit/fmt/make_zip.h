/* Workbooks made by hand, sound and wicked, in memory. */
#ifndef TESTS_MAKE_ZIP_H
#define TESTS_MAKE_ZIP_H

#define ALLOW_MALLOC
#include "base/buf.h"

#include <zip.h>

struct part {
    const char *name;
    const void *bytes;
    size_t n;
    bool stored;
};

/* A zip of these parts; the bytes are malloc's. */
static inline unsigned char *make_zip(const struct part *parts, size_t count, size_t *n)
{
    zip_source_t *s = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *z = zip_open_from_source(s, ZIP_TRUNCATE, NULL);
    zip_source_keep(s);
    for (size_t i = 0; i < count; i++) {
        zip_source_t *b = zip_source_buffer(z, parts[i].bytes, parts[i].n, 0);
        zip_int64_t at = zip_file_add(z, parts[i].name, b, ZIP_FL_ENC_UTF_8);
        if (parts[i].stored)
            zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0);
    }
    zip_close(z);
    zip_source_open(s);
    zip_source_seek(s, 0, SEEK_END);
    *n = (size_t)zip_source_tell(s);
    zip_source_seek(s, 0, SEEK_SET);
    unsigned char *out = malloc(*n);
    zip_source_read(s, out, *n);
    zip_source_close(s);
    zip_source_free(s);
    return out;
}

#define RELATION "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATIONS "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

static const char root_rels[] =
    RELATIONS "<Relationship Id=\"r1\" Type=\"" RELATION "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char book_rels[] = RELATIONS "<Relationship Id=\"s1\" Type=\"" RELATION "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
                                          "<Relationship Id=\"s2\" Type=\"" RELATION "/worksheet\" Target=\"/xl/worksheets/./sheet2.xml\"/>"
                                          "<Relationship Id=\"x\" Type=\"" RELATION "/sharedStrings\" Target=\"../xl/sharedStrings.xml\"/>"
                                          "<Relationship Id=\"y\" Type=\"" RELATION "/styles\" Target=\"styles.xml\"/></Relationships>";
static const char book_xml[] =
    "<workbook xmlns:r=\"" RELATION "\"><workbookPr date1904=\"0\"/><sheets><sheet name=\"Ẩn\" sheetId=\"1\" r:id=\"s2\" state=\"hidden\"/>"
    "<sheet name=\"Đảng viên\" sheetId=\"2\" r:id=\"s1\"/></sheets></workbook>";

struct workbook_parts {
    const char *sheet, *strings, *styles, *book; /* NULL: a plain one */
};

static inline unsigned char *make_book(struct workbook_parts w, size_t *n)
{
    const char *book = w.book ? w.book : book_xml;
    const char *hidden = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>99</v></c></row></sheetData></worksheet>";
    const struct part parts[] = {
        {"_rels/.rels", root_rels, sizeof root_rels - 1, false},
        {"xl/workbook.xml", book, strlen(book), false},
        {"xl/_rels/workbook.xml.rels", book_rels, sizeof book_rels - 1, false},
        {"xl/worksheets/sheet1.xml", w.sheet, strlen(w.sheet), false},
        {"xl/worksheets/sheet2.xml", hidden, strlen(hidden), false},
        {"xl/styles.xml", w.styles ? w.styles : "<styleSheet/>", strlen(w.styles ? w.styles : "<styleSheet/>"), false},
        {"xl/sharedStrings.xml", w.strings ? w.strings : "<sst/>", strlen(w.strings ? w.strings : "<sst/>"), false},
    };
    return make_zip(parts, N(parts), n);
}

#endif
