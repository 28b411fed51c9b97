/* The access predicate; see scope.h. */
#include "scope.h"

#include "recall.h"
#include "tree.h"

static const struct {
    unsigned act;
    const char *word;
} acts[] = {{ACT_READ, "read"},     {ACT_ADD, "add"},       {ACT_CHANGE, "change"}, {ACT_REMOVE, "remove"},
            {ACT_EXPORT, "export"}, {ACT_DECIDE, "decide"}, {ACT_ADMIN, "admin"}};

unsigned act_from_word(const char *word)
{
    for (size_t i = 0; word && i < N(acts); i++)
        if (strcmp(acts[i].word, word) == 0)
            return acts[i].act;
    return 0;
}

const char *act_word(unsigned act)
{
    for (size_t i = 0; i < N(acts); i++)
        if (acts[i].act == act)
            return acts[i].word;
    return "?";
}

uint64_t kind_bit(const char *name)
{
    uint64_t bits = 0;
    for (size_t i = 0; name && i < nkinds; i++)
        if (strcmp(name, "*") == 0 ? !(kinds[i]->flags & SYSTEM) : strcmp(name, kinds[i]->name) == 0)
            bits |= UINT64_C(1) << i;
    return bits;
}

/* The actor lasts as long as its session; its rights are those of one transaction, and lie where they end with it. This is the only
 * place that changes an actor. */
void actor_refresh(struct ctx *c)
{
    struct actor *a = (struct actor *)(uintptr_t)c->actor;
    if (!a || a->system || !a->refresh)
        return;
    a->rights = NULL;
    a->nrights = 0;
    a->refresh(c, a);
}

/* To administer what belongs to the installation is to read, add, change and remove it, but for what the program notes. */
static bool gives(const struct right *r, const struct kind *k, unsigned act)
{
    unsigned admin = (k->flags & (SYSTEM | COMPUTED)) == SYSTEM && (r->acts & ACT_ADMIN) ? ACT_READ | ACT_ADD | ACT_CHANGE | ACT_REMOVE : 0;
    return (r->kinds & UINT64_C(1) << kind_index(k)) && ((r->acts | admin) & act);
}

/* Units on which the actor has the act, each once, with or without what is below. */
static size_t units_with(const struct actor *a, const struct kind *k, unsigned act, bool subtree, int64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < a->nrights; i++) {
        if (!gives(&a->rights[i], k, act) || a->rights[i].subtree != subtree)
            continue;
        size_t j = 0; /* several offices in one place are one reach */
        while (j < n && out[j] != a->rights[i].unit)
            j++;
        out[j] = a->rights[i].unit;
        n += j == n;
    }
    return n;
}

bool scope_any(struct ctx *c, const struct kind *k, unsigned act)
{
    if (!c->actor)
        return false;
    int64_t *units = NEW_N(&c->arena, int64_t, c->actor->nrights + 1);
    return c->actor->system || units_with(c->actor, k, act, true, units) || units_with(c->actor, k, act, false, units);
}

/* That the unit in `column` stands today at or below one of these. The plus keeps SQLite from beginning with all that stands below them. */
static void where_reached(struct sql *q, const char *alias, const char *column, const int64_t *units, size_t n)
{
    sql_add(q, "EXISTS (SELECT 1 FROM unit_above reach WHERE reach.shard = 0 AND reach.unit = ");
    sql_col(q, alias, column);
    sql_add(q, " AND +reach.above IN (");
    sql_args(q, units, n);
    sql_add(q, ")");
    sql_lasts(q, "reach", q->c->today);
    sql_add(q, ")");
}

/* Whether the right reaches what is served, besides what stands below. */
static bool reaches_served(const struct kind *k, unsigned act)
{
    return (k->flags & SERVED) && act == ACT_READ;
}

/* Each row is asked where it stands. */
static void where_each(struct sql *q, const struct kind *k, unsigned act, const char *alias, const int64_t *units, size_t n)
{
    where_reached(q, alias, k->where, units, n);
    if (reaches_served(k, act)) {
        sql_add(q, " OR ");
        tree_is_served(q, alias, k->where, units, n, q->c->today);
    }
}

/* The same as a set that is found once. */
static void where_among(struct sql *q, const struct kind *k, unsigned act, const char *alias, const int64_t *units, size_t n)
{
    sql_col(q, alias, k->where);
    sql_add(q, " IN (SELECT unit FROM unit_above WHERE above IN (");
    sql_args(q, units, n);
    sql_add(q, ")");
    sql_lasts(q, "unit_above", q->c->today);
    if (reaches_served(k, act)) {
        sql_add(q, " UNION ALL ");
        tree_served(q, units, n, q->c->today);
    }
    sql_add(q, ")");
}

static void where_units(struct sql *q, const struct kind *k, unsigned act, const char *alias, bool many, bool *any)
{
    const struct actor *a = q->c->actor;
    int64_t *units = NEW_N(&q->c->arena, int64_t, a->nrights + 1);
    size_t n = units_with(a, k, act, true, units);
    if (n && !(k->flags & SYSTEM)) {
        if (many)
            where_among(q, k, act, alias, units, n);
        else
            where_each(q, k, act, alias, units, n);
        *any = true;
    }
    size_t alone = units_with(a, k, act, false, units);
    if (k->flags & SYSTEM) {
        if (n || alone)
            sql_add(q, "1 = 1");
        *any = n || alone;
    } else if (alone) {
        if (*any)
            sql_add(q, " OR ");
        sql_col(q, alias, k->where);
        sql_add(q, " IN (");
        sql_args(q, units, alone);
        sql_add(q, ")");
        *any = true;
    }
}

/* The field that says whose own case a record is: "id" when the record is the person itself. */
static int64_t self_of(const struct kind *k, const struct actor *a)
{
    const struct field *f = k->subject && strcmp(k->subject, "id") ? field_find(k, k->subject) : NULL;
    bool is_account = f ? f->to && (f->to->flags & SYSTEM) : (k->flags & SYSTEM) != 0;
    return is_account ? a->account : a->person;
}

static void where_allowed(struct sql *q, const struct kind *k, unsigned act, const char *alias, bool many)
{
    const struct actor *a = q->c->actor;
    if ((a && a->system) || q->c->consequence)
        return;
    if (!a) {
        sql_add(q, " AND 1 = 0");
        return;
    }
    bool any = false;
    sql_add(q, " AND (");
    where_units(q, k, act, alias, many, &any);
    int64_t self = k->subject ? self_of(k, a) : 0;
    if (self && act == ACT_READ) {
        if (any)
            sql_add(q, " OR ");
        sql_col(q, alias, k->subject);
        sql_add(q, " = ");
        sql_arg(q, V(self));
        any = true;
    }
    if (!any)
        sql_add(q, "1 = 0");
    sql_add(q, ")");
    if (self && act != ACT_READ && act != ACT_EXPORT) {
        sql_add(q, " AND (");
        sql_col(q, alias, k->subject);
        sql_add(q, " IS NULL OR ");
        sql_col(q, alias, k->subject);
        sql_add(q, " <> ");
        sql_arg(q, V(self));
        sql_add(q, ")");
    }
}

void scope_where(struct sql *q, const struct kind *k, unsigned act, const char *alias)
{
    where_allowed(q, k, act, alias, false);
}

static bool nobodys_own(const struct kind *k, unsigned act)
{
    return !k->subject || act == ACT_READ || act == ACT_EXPORT;
}

/* Whether below today's units all stand that stood at or below the unit on the day. */
static bool reach_over(struct ctx *c, const int64_t *units, size_t n, int64_t unit, day at)
{
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT 1 FROM unit_above u WHERE ");
    bool today = at.v == c->today.v; /* who reaches over a unit today reaches over all below it */
    if (today)
        sql_add(&q, "u.shard = 0 AND u.depth = 0 AND u.unit = ");
    else
        sql_add(&q, "u.above = ");
    sql_arg(&q, V(unit));
    sql_lasts(&q, "u", at);
    if (today)
        sql_add(&q, " AND ");
    else
        sql_add(&q, " AND NOT ");
    where_reached(&q, "u", "unit", units, n);
    sql_add(&q, " LIMIT 1");
    return (rows_only_int(sql_query(&q)) == 1) == today;
}

/* Whether rights over subtrees reach today over all that stood at or below the unit on the day. */
static bool covers(struct ctx *c, const struct kind *k, unsigned act, int64_t unit, day at)
{
    enum { UNITS = 5 }; /* as many as it is remembered for */
    if (!c->actor || (k->flags & SYSTEM) || !nobodys_own(k, act))
        return false;
    int64_t *units = NEW_N(&c->arena, int64_t, c->actor->nrights + 1);
    size_t n = units_with(c->actor, k, act, true, units);
    if (!n)
        return false;
    struct recall_key key = {"reach over", {unit, at.v}};
    for (size_t i = 0; i < n && i < UNITS; i++)
        key.about[2 + i] = units[i];
    int64_t known;
    if (n <= UNITS && recall_int(c, &key, &known))
        return known == 1;
    bool over = reach_over(c, units, n, unit, at);
    if (n <= UNITS)
        recall_keep_int(c, &key, over);
    return over;
}

void scope_where_below(struct sql *q, const struct kind *k, unsigned act, const char *alias, int64_t unit, day at)
{
    bool free = (q->c->actor && q->c->actor->system) || q->c->consequence;
    if (free || !unit || !covers(q->c, k, act, unit, at))
        where_allowed(q, k, act, alias, true);
}

/* Whether something is served that does not stand at or below the unit itself. */
static bool serves_elsewhere(struct ctx *c, int64_t unit)
{
    const struct recall_key key = {"serves elsewhere", {unit}};
    int64_t elsewhere;
    if (recall_int(c, &key, &elsewhere))
        return elsewhere;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT 1 FROM (");
    tree_served(&q, &unit, 1, c->today);
    sql_add(&q, ") t WHERE NOT ");
    where_reached(&q, "t", "unit", &unit, 1);
    sql_add(&q, " LIMIT 1");
    elsewhere = rows_only_int(sql_query(&q));
    recall_keep_int(c, &key, elsewhere);
    return elsewhere;
}

int64_t scope_root(struct ctx *c, const struct kind *k, unsigned act)
{
    const struct actor *a = c->actor;
    if (!a || a->system || c->consequence || (k->flags & SYSTEM) || !nobodys_own(k, act))
        return 0;
    int64_t *units = NEW_N(&c->arena, int64_t, a->nrights + 1);
    if (units_with(a, k, act, false, units))
        return 0;
    size_t n = units_with(a, k, act, true, units);
    if (n > 1 || (n && reaches_served(k, act) && serves_elsewhere(c, units[0])))
        return 0;
    int64_t self = k->subject && n ? self_of(k, a) : 0, elsewhere;
    if (!self || act != ACT_READ)
        return n ? units[0] : 0;
    const struct recall_key key = {"own records elsewhere", {(int64_t)kind_index(k), self, units[0]}};
    if (recall_int(c, &key, &elsewhere))
        return elsewhere ? 0 : units[0];
    struct sql q = sql_new(c); /* one's own records elsewhere */
    sql_add(&q, "SELECT 1 FROM ");
    sql_name(&q, k->name);
    sql_add(&q, " t WHERE ");
    sql_col(&q, "t", k->subject);
    sql_add(&q, " = ");
    sql_arg(&q, V(self));
    sql_add(&q, " AND NOT ");
    where_reached(&q, "t", k->where, units, 1);
    sql_add(&q, " LIMIT 1");
    elsewhere = rows_only_int(sql_query(&q));
    recall_keep_int(c, &key, elsewhere);
    return elsewhere ? 0 : units[0];
}

void scope_where_top(struct sql *q, const struct kind *k, unsigned act, const char *alias)
{
    const struct actor *a = q->c->actor;
    if (!a || a->system || q->c->consequence || (k->flags & SYSTEM))
        return;
    int64_t *units = NEW_N(&q->c->arena, int64_t, 2 * a->nrights + 1);
    size_t n = units_with(a, k, act, true, units);
    n += units_with(a, k, act, false, units + n);
    sql_add(q, " AND (");
    sql_col(q, alias, k->where);
    sql_add(q, " IN (");
    sql_args(q, units, n);
    sql_add(q, ")");
    n = units_with(a, k, act, true, units);
    if (n && reaches_served(k, act)) {
        sql_add(q, " OR ");
        sql_col(q, alias, k->where);
        sql_add(q, " IN (");
        tree_served(q, units, n, q->c->today);
        sql_add(q, ")");
    }
    sql_add(q, ")");
}

bool scope_allows(struct ctx *c, const struct kind *k, unsigned act, int64_t unit, int64_t subject)
{
    if ((c->actor && c->actor->system) || c->consequence)
        return true;
    struct sql q = sql_new(c);
    sql_add(&q, "SELECT 1 FROM (SELECT CAST(");
    sql_arg(&q, V(unit));
    sql_add(&q, " AS BIGINT) AS ");
    sql_name(&q, k->where);
    if (k->subject && strcmp(k->subject, k->where) != 0) {
        sql_add(&q, ", CAST(");
        sql_arg(&q, V(subject));
        sql_add(&q, " AS BIGINT) AS ");
        sql_name(&q, k->subject);
    }
    sql_add(&q, ") t WHERE 1 = 1");
    scope_where(&q, k, act, "t");
    return rows_only_int(sql_query(&q)) == 1;
}

uint64_t scope_kinds(struct ctx *c, unsigned act, int64_t unit, bool subtree)
{
    const struct actor *a = c->actor;
    uint64_t bits = 0;
    if (a && a->system)
        return ~bits;
    for (size_t i = 0; a && i < a->nrights; i++) {
        const struct right *r = &a->rights[i];
        bool reaches = (r->unit == unit && r->subtree >= subtree) || (r->subtree && tree_below(c, unit, r->unit, c->today));
        for (size_t j = 0; j < nkinds; j++)
            if (gives(r, kinds[j], act) && (reaches || (kinds[j]->flags & SYSTEM)))
                bits |= UINT64_C(1) << j;
    }
    return bits;
}
