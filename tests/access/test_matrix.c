/* The access matrix: every office and role, every kind, every act, every place, as tests/access/offices.txt and grants.txt say. Each
 * cell is asked three ways that must agree: by one fetch, by the list with its count, and, for what writes, by trying. */
#include "region.h"

#include "model/model.h"
#include "tests/testdb.h"

enum { ACTS = 7, HEADS = 32, LIKES = 128 };
enum { UNSAID, NO, YES };

struct head {
    const char *name; /* an office, or a role that is granted */
    bool grant;
    char cell[MOST_KINDS][ACTS][PLACES];
};
struct like {
    const char *name, *head;
    bool grant;
};
struct matrix {
    struct region r;
    struct head heads[HEADS];
    struct like likes[LIKES];
    size_t nheads, nlikes;
    bool grants; /* the file being read */
};

static struct matrix *matrix_of(void **state)
{
    return *state;
}

static char *kept(struct matrix *m, const char *s)
{
    return arena_text(&m->r.c->arena, s);
}

static struct head *head_find(struct matrix *m, const char *name, bool grant)
{
    for (size_t i = 0; i < m->nheads; i++)
        if (m->heads[i].grant == grant && strcmp(m->heads[i].name, name) == 0)
            return &m->heads[i];
    return NULL;
}

static struct head *head_of(struct matrix *m, const char *name)
{
    struct head *h = head_find(m, name, m->grants);
    if (h)
        return h;
    assert_true(m->nheads < HEADS);
    h = &m->heads[m->nheads++];
    *h = (struct head){.name = kept(m, name), .grant = m->grants};
    return h;
}

static unsigned acts_of(const char *word)
{
    if (strcmp(word, "all") == 0)
        return ACT_READ | ACT_ADD | ACT_CHANGE | ACT_REMOVE | ACT_EXPORT | ACT_DECIDE | ACT_ADMIN;
    if (strcmp(word, "write") == 0)
        return ACT_ADD | ACT_CHANGE | ACT_REMOVE | ACT_DECIDE | ACT_ADMIN;
    unsigned act = act_from_word(word);
    if (!act)
        fail_msg("“%s” is no act", word);
    return act;
}

static void set_cells(struct head *h, const struct kind *k, unsigned acts, char **answers, size_t n)
{
    size_t places = k->flags & SYSTEM ? 1 : PLACES;
    if (n != places)
        fail_msg("%s %s: %zu answers, should be %zu", h->name, k->name, n, places);
    for (size_t a = 0; a < ACTS; a++)
        for (size_t p = 0; (acts & 1U << a) && p < places; p++) {
            char *cell = &h->cell[kind_index(k)][a][p];
            if (*cell)
                fail_msg("%s %s %s %s is said twice", h->name, k->name, act_word(1U << a), place_words[p]);
            *cell = strcmp(answers[p], "yes") == 0 ? YES : strcmp(answers[p], "no") == 0 ? NO : UNSAID;
        }
}

/* The next word of a list a,b,c. */
static char *part(char **list)
{
    char *s = *list;
    size_t n = s ? strcspn(s, ",") : 0;
    if (!s || !*s)
        return NULL;
    *list = s + n + (s[n] == ',');
    s[n] = '\0';
    return s;
}

static void line(void *to, char **w, size_t n)
{
    struct matrix *m = to;
    if (strcmp(w[0], "like") == 0 || strcmp(w[0], "same") == 0) {
        bool same = *w[0] == 's'; /* "same ROLE OFFICE" */
        const char *head = kept(m, same ? w[2] : w[1]);
        for (size_t i = same ? 1 : 2; i < (same ? 2 : n); i++) {
            assert_true(m->nlikes < LIKES);
            m->likes[m->nlikes++] = (struct like){kept(m, w[i]), head, m->grants};
        }
        return;
    }
    struct head *h = head_of(m, w[0]);
    unsigned acts = 0;
    for (char *s; (s = part(&w[2]));)
        acts |= acts_of(s);
    for (char *s; (s = part(&w[1]));) {
        const struct kind *k = kind_find(s);
        if (!k)
            fail_msg("“%s” is no kind", s);
        set_cells(h, k, acts, w + 3, n - 3);
    }
}

static int open_matrix(void **state)
{
    static struct matrix m;
    region_open(&m.r);
    table_read("offices.txt", line, &m);
    m.grants = true;
    table_read("grants.txt", line, &m);
    *state = &m;
    return 0;
}

static int close_matrix(void **state)
{
    region_close(&matrix_of(state)->r);
    return 0;
}

/* --- completeness ----------------------------------------------------------------------------------- */

static void every_cell_is_said(void **state)
{
    struct matrix *m = matrix_of(state);
    for (size_t h = 0; h < m->nheads; h++)
        for (size_t k = 0; k < nkinds; k++)
            for (size_t a = 0; a < ACTS; a++)
                for (size_t p = 0; p < (kinds[k]->flags & SYSTEM ? 1 : PLACES); p++)
                    if (!m->heads[h].cell[k][a][p])
                        fail_msg("%s %s %s %s is not said", m->heads[h].name, kinds[k]->name, act_word(1U << a), place_words[p]);
    for (size_t k = 0; k < nkinds; k++)
        for (size_t p = 0; p < (kinds[k]->flags & SYSTEM ? 1 : PLACES); p++)
            if (!m->r.record[k][p])
                fail_msg("there is no %s in %s to try", kinds[k]->name, place_words[p]);
}

static bool said(struct matrix *m, const char *name, bool grant)
{
    for (size_t i = 0; i < m->nlikes; i++)
        if (m->likes[i].grant == grant && strcmp(m->likes[i].name, name) == 0)
            return true;
    return head_find(m, name, grant) != NULL;
}

static void every_office_and_role_is_said(void **state)
{
    struct matrix *m = matrix_of(state);
    static const day days[] = {{20250602}, {20250702}};
    size_t offices = 0;
    for (size_t d = 0; d < N(days); d++) {
        const struct rule_item **items;
        size_t n = rule_items(m->r.c, "office", days[d], &items);
        for (size_t i = 0; i < n; i++, offices++)
            if (rule_attr(items[i], "role") && !said(m, items[i]->code, false))
                fail_msg("office %s is not said", items[i]->code);
        n = rule_items(m->r.c, "right", days[d], &items);
        for (size_t i = 0; i < n; i++)
            if (!said(m, items[i]->code, true))
                fail_msg("role %s is not said", items[i]->code);
    }
    assert_true(offices > 100);
}

/* --- the cells -------------------------------------------------------------------------------------- */

static bool listed(struct region *r, const struct kind *k, int64_t id)
{
    struct filter f = {.kind = k, .all_times = true, .limit = PAGE_MOST};
    struct list l = record_list(r->c, &f);
    assert_int_equal(l.n, record_count(r->c, &f));
    for (size_t i = 0; i < l.n; i++)
        if (((struct row *)l.rows[i])->id == id)
            return true;
    return false;
}

/* Something else in a field that may be changed. */
static void touch(struct ctx *c, const struct kind *k, void *record)
{
    for (size_t i = 0; i < k->nfields; i++) {
        const struct field *f = &k->fields[i];
        if (f->type == TYPE_TEXT && !(f->flags & (UNIQUE | READONLY | SECRET | INPUT))) {
            field_set(f, record, value_text("Something else"));
            return;
        }
    }
    field_set(field_need(k, k->from), record, value_int(c->today.v));
}

/* Makes of a stored record a new one in the same place. */
static void as_new(struct region *r, const struct kind *k, struct row *row, enum place p)
{
    row->id = row->version = 0;
    for (size_t i = 0; i < k->nfields; i++)
        if (k->fields[i].flags & UNIQUE)
            field_set(&k->fields[i], row, value_text("new.1"));
    if (k == &unit_kind)
        field_set(field_need(k, "superior"), row, value_int(r->unit[p]));
}

/* Whether a write gets past the question of rights: what is refused for other reasons was allowed. */
static bool tried(struct region *r, const struct kind *k, unsigned act, enum place p)
{
    struct ctx *c = r->c;
    int64_t id = r->record[kind_index(k)][p];
    struct problems problems;
    problems_start(&problems, c);
    struct record_savepoint s = record_savepoint(c);
    struct row *row = record_find(c, k, id, 0);
    bool ok;
    if (act == ACT_REMOVE) {
        ok = record_remove(c, k, id, 0, &problems);
    } else {
        if (act == ACT_ADD)
            as_new(r, k, row, p);
        else
            touch(c, k, row);
        ok = record_save(c, k, row, &problems);
    }
    bool denied = !ok && (c->err.code == ERR_DENIED || c->err.code == ERR_MISSING);
    if (failed(c) && !denied)
        fail_msg("%s %s in %s: %s", act_word(act), k->name, place_words[p], c->err.text);
    record_savepoint_undo(c, s);
    return !denied;
}

static void wrong(const struct head *h, const struct kind *k, unsigned act, enum place p, const char *way, bool got)
{
    fail_msg("%s %s %s %s: %s by %s, the table says %s", h->name, k->name, act_word(act), place_words[p], got ? "yes" : "no", way, got ? "no" : "yes");
}

static void check_cell(struct region *r, const struct head *h, const struct kind *k, unsigned act, enum place p, bool want)
{
    int64_t id = r->record[kind_index(k)][p];
    if (may(r, k, id, act) != want)
        wrong(h, k, act, p, "fetch", !want);
    if (act == ACT_READ && listed(r, k, id) != want)
        wrong(h, k, act, p, "list", !want);
    /* What a new change of units takes stands in decide.txt. */
    bool tries = act == ACT_CHANGE || act == ACT_REMOVE || (act == ACT_ADD && k != &unit_change_kind);
    if (tries && tried(r, k, act, p) != want)
        wrong(h, k, act, p, "trying", !want);
}

static void check_head(struct matrix *m, const struct head *h)
{
    struct region *r = &m->r;
    try_begin(r);
    if (h->grant)
        set_role(r, h->name);
    else
        set_office(r, h->name);
    act_as(r, h->grant ? &r->granted : &r->officer);
    for (size_t k = 0; k < nkinds; k++)
        for (size_t a = 0; a < ACTS; a++)
            for (size_t p = 0; p < (kinds[k]->flags & SYSTEM ? 1 : PLACES); p++) {
                struct arena_mark mark = arena_mark(&r->c->arena);
                check_cell(r, h, kinds[k], 1U << a, (enum place)p, h->cell[k][a][p] == YES);
                arena_rewind(&r->c->arena, mark);
            }
    try_undo(r);
}

static void offices_allow_what_the_table_says(void **state)
{
    struct matrix *m = matrix_of(state);
    for (size_t i = 0; i < m->nheads; i++)
        if (!m->heads[i].grant)
            check_head(m, &m->heads[i]);
}

static void grants_allow_what_the_table_says(void **state)
{
    struct matrix *m = matrix_of(state);
    for (size_t i = 0; i < m->nheads; i++)
        if (m->heads[i].grant)
            check_head(m, &m->heads[i]);
}

static void same_rights(const char *name, const struct actor *a, const struct actor *b)
{
    bool same = a->nrights == b->nrights;
    for (size_t i = 0; same && i < a->nrights; i++) {
        const struct right *x = &a->rights[i], *y = &b->rights[i];
        same = x->unit == y->unit && x->subtree == y->subtree && x->kinds == y->kinds && x->acts == y->acts;
    }
    if (!same)
        fail_msg("%s does not allow what it is said to be like", name);
}

static void what_is_alike_allows_the_same(void **state)
{
    struct matrix *m = matrix_of(state);
    struct region *r = &m->r;
    try_begin(r);
    for (size_t i = 0; i < m->nlikes; i++) {
        const struct like *l = &m->likes[i];
        if (!head_find(m, l->head, false))
            fail_msg("%s is like %s, which is not said", l->name, l->head);
        set_office(r, l->head);
        access_refresh(r->c, &r->officer);
        struct actor head = r->officer;
        if (l->grant)
            set_role(r, l->name);
        else
            set_office(r, l->name);
        access_refresh(r->c, l->grant ? &r->granted : &r->officer);
        same_rights(l->name, &head, l->grant ? &r->granted : &r->officer);
    }
    try_undo(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_is_said),
        cmocka_unit_test(every_office_and_role_is_said),
        cmocka_unit_test(offices_allow_what_the_table_says),
        cmocka_unit_test(grants_allow_what_the_table_says),
        cmocka_unit_test(what_is_alike_allows_the_same),
    };
    int bad = _cmocka_run_group_tests("access matrix", tests, N(tests), open_matrix, close_matrix);
    printf("%zu passed, %d failed\n", N(tests) - (size_t)bad, bad);
    return bad != 0;
}
