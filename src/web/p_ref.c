/* What a reference may point at, as one types: a fragment of the records of a kind whose words fit, within the actor's rights. */
#include "pages.h"
#include "show.h"

#include "base/str.h"

enum { SHOWN = 12 };

void p_ref(struct request *r)
{
    const char *q = query_get(r, "q");
    struct filter f = {.kind = r->kind, .search = q ? q : "", .limit = SHOWN, .at = r->place.at, .unit = 0};
    struct buf *o = &r->out;
    html(o, "<!doctype html><html lang=\"vi\"><head><title>-</title></head><body>");
    if (q && !str_blank(q)) {
        struct list l = record_list(r->c, &f);
        const struct labels *labels = labels_of(r->c, r->kind, l.rows, l.n);
        for (size_t i = 0; i < l.n; i++) {
            const struct row *row = l.rows[i];
            const char *code = record_code(r->kind, row), *title = shown_title(r, r->kind, row, labels);
            if (!*code)
                code = arena_printf(&r->c->arena, "%lld", (long long)row->id);
            html_f(o, "<div role=\"option\" data-code=\"%s\" data-name=\"%s\"><b>%s</b> <small>%s%s%s</small></div>", code, title, title, code, r->kind == kind_of_places() ? "" : " · ",
                   r->kind == kind_of_places() ? "" : label_unit(labels, row->unit).title);
        }
    }
    html(o, "</body></html>");
}
