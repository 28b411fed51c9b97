/* The parts of a zip file that somebody else made, under guard: how many there are, how much comes out when they
 * are unpacked (counted, not believed), and XML without entities, of sound depth. Used for .xlsx. */
#ifndef FMT_ZIP_IN_H
#define FMT_ZIP_IN_H

#include "source.h"

#include "base/ctx.h"

struct zip_in;
struct zip_part;

/* NULL when it failed. inflated_max: see table_options. */
struct zip_in *zip_in_open(struct ctx *, const struct source *, int64_t inflated_max);
bool zip_in_has(struct zip_in *, const char *name);
void zip_in_close(struct zip_in *);

/* Handlers see names without namespace prefix. xml_pause() in a handler makes xml_step() return after it. */
struct xml_in {
    struct ctx *c;
    struct zip_part *part;
    struct XML_ParserStruct *parser;
    int depth;
    bool ended, paused;
    void *data;
    void (*start)(void *data, const char *name, const char **attributes);
    void (*end)(void *data, const char *name);
    void (*text)(void *data, const char *s, size_t n);
    int64_t done, total; /* unpacked bytes */
};

/* Opens the part for reading; the handlers and data are set by the caller before. False when it failed. */
bool xml_open(struct xml_in *, struct ctx *, struct zip_in *, const char *name) MUST;
/* Reads on until a pause. False at the end or after a failure. */
bool xml_step(struct xml_in *) MUST;
void xml_pause(struct xml_in *);
void xml_stop(struct xml_in *); /* after fail(): nothing more is called */
void xml_close(struct xml_in *);
/* The whole part at once. */
bool xml_read(struct xml_in *, struct ctx *, struct zip_in *, const char *name);
/* By name without prefix; NULL when there is none. */
const char *xml_attribute(const char **attributes, const char *name);

void fail_broken_xlsx(struct ctx *); /* damaged, or not loaded to its end */

#endif
