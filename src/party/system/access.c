/* Where rights come from: the offices that a person holds today, and the grants that an account has today. Those of every
 * transaction are those of the state that it sees, so a right ends with its office, at once: they are read anew, or, where it is
 * certain that nothing was committed since, remembered. Offices of the old days give nothing. */
#include "party/sign_in.h"
#include "party/verbs.h"

#include "base/str.h"
#include "base/crypt.h"
#include "model/recall.h"

enum { MOST_RIGHTS = 512, KINDS_A_RIGHT = 32 };

struct building {
    struct ctx *c;
    struct right *rights;
    size_t n;
};

/* Adds what a role set of rules/right.json gives over a unit. */
static void add_role(struct building *b, const char *role, int64_t unit, const char *through)
{
    const void *parts[32];
    const struct rule_item *set = rule_item(b->c, "right", role, b->c->today);
    size_t n = rule_list(set, "rights", parts, N(parts));
    for (size_t i = 0; i < n && b->n < MOST_RIGHTS; i++) {
        const char *words[KINDS_A_RIGHT];
        struct right r = {.unit = unit, .through = through};
        size_t nk = rule_element_words(parts[i], "kinds", words, N(words));
        for (size_t j = 0; j < nk; j++)
            r.kinds |= kind_bit(words[j]);
        size_t na = rule_element_words(parts[i], "acts", words, N(words));
        for (size_t j = 0; j < na; j++)
            r.acts |= act_from_word(words[j]);
        r.subtree = str_same(rule_element_text(parts[i], "over"), "subtree");
        b->rights[b->n++] = r;
    }
}

/* An office in an organ (a board, an office) reaches what stands below the organ's own superior. */
static int64_t reach_of(struct ctx *c, int64_t unit, const char *unit_type, int64_t superior)
{
    return superior && rule_flag(rule_item(c, "unit_type", unit_type, (day){0}), "organ") ? superior : unit;
}

static void from_offices(struct building *b, int64_t person)
{
    struct ctx *c = b->c;
    struct rows *r = db_query(c,
                              "SELECT a.office, a.unit, u.name, u.type, u.superior FROM appointment a JOIN unit u ON u.shard = 0 AND u.id = a.unit "
                              "WHERE a.person = $1 AND a.removed_at = 0 AND COALESCE(a.since, 0) <= $2 AND a.until > $2 AND u.removed_at = 0 AND u.closed_on > $2 "
                              "ORDER BY a.id",
                              V(person), V(c->today));
    while (rows_next(r)) {
        const struct rule_item *office = rule_item(c, "office", rows_text(r, 0), c->today);
        const char *role = rule_attr(office, "role");
        if (!role)
            continue;
        const char *through = arena_printf(&c->kept, "%s, %s", in_words(c, office->label), rows_text(r, 2));
        add_role(b, role, reach_of(c, rows_int(r, 1), rows_text(r, 3), rows_int(r, 4)), through);
    }
}

static void from_grants(struct building *b, int64_t account)
{
    struct ctx *c = b->c;
    struct rows *r = db_query(c,
                              "SELECT role, unit, reason FROM \"grant\" WHERE account = $1 AND removed_at = 0 AND COALESCE(since, 0) <= $2 AND until > $2 "
                              "ORDER BY id",
                              V(account), V(c->today));
    while (rows_next(r)) {
        const char *role = rows_text(r, 0), *reason = rows_text(r, 2);
        add_role(b, role, rows_int(r, 1), arena_printf(&c->kept, "%s (%s)", rule_label(c, "right", role), reason ? reason : ""));
    }
}

/* In the snapshot of this transaction, so that what was ended is ended at once, whatever a server remembers. */
static bool signed_in_still(struct ctx *c, const struct actor *a)
{
    return db_one_int(c,
                      "SELECT 1 FROM account a WHERE a.shard = 0 AND a.id = $1 AND a.removed_at = 0 AND a.locked = 0 "
                      "AND ($2 = 0 OR EXISTS (SELECT 1 FROM session s WHERE s.shard = 0 AND s.id = $2 AND s.account = a.id)) "
                      "AND ($3 = 0 OR EXISTS (SELECT 1 FROM api_token t WHERE t.shard = 0 AND t.id = $3 AND t.account = a.id AND t.ended = 0 AND t.expires > $4))",
                      V(a->account), V(a->session), V(a->token), V(c->now.v)) == 1;
}

static uint64_t print_of(const struct right *rights, size_t n)
{
    struct hash_state h;
    unsigned char sum[HASH_BYTES];
    uint64_t print;
    hash_begin(&h);
    for (size_t i = 0; i < n; i++) {
        const int64_t numbers[] = {rights[i].unit, rights[i].subtree, (int64_t)rights[i].kinds, rights[i].acts};
        hash_add(&h, numbers, sizeof numbers);
        hash_add(&h, rights[i].through, strlen(rights[i].through) + 1);
    }
    hash_end(&h, sum);
    memcpy(&print, sum, sizeof print);
    return print;
}

/* Reach over what belongs to the installation. */
static bool administers(const struct actor *a)
{
    uint64_t system = 0;
    for (size_t i = 0; i < nkinds; i++)
        system |= kinds[i]->flags & SYSTEM ? kind_bit(kinds[i]->name) : 0;
    for (size_t i = 0; i < a->nrights; i++)
        if (a->rights[i].acts && (a->rights[i].kinds & system))
            return true;
    return false;
}

bool second_missing(struct ctx *c, const struct actor *a)
{
    return administers(a) &&
           !db_one_int(c,
                       "SELECT count(*) FROM account a WHERE a.shard = 0 AND a.id = $1 AND (EXISTS (SELECT 1 FROM second_factor f WHERE f.shard = 0 AND f.account = a.id) "
                       "OR EXISTS (SELECT 1 FROM setting s WHERE s.shard = 0 AND s.name = 'second_factor.administrators' AND s.value = 'optional' AND s.removed_at = 0))",
                       V(a->account));
}

static void read_anew(struct ctx *c, struct actor *a)
{
    struct building b = {.c = c, .rights = NEW_N(&c->kept, struct right, MOST_RIGHTS)};
    a->gone = a->account && !signed_in_still(c, a);
    if (a->gone)
        return;
    if (a->person)
        from_offices(&b, a->person);
    if (a->account)
        from_grants(&b, a->account);
    for (size_t i = 0; a->only && i < b.n; i++)
        b.rights[i].acts &= a->only;
    a->rights = b.rights;
    a->nrights = b.n;
    if ((a->unproven = a->session && second_missing(c, a)))
        a->nrights = 0;
    a->print = print_of(a->rights, a->nrights);
}

struct remembered {
    struct right *rights;
    size_t n;
    uint64_t print;
    bool gone, unproven;
};

static struct right *rights_copy(struct arena *to, const struct right *rights, size_t n)
{
    struct right *copy = NEW_N(to, struct right, n + 1);
    for (size_t i = 0; i < n; i++) {
        copy[i] = rights[i];
        copy[i].through = arena_text(to, rights[i].through);
    }
    return copy;
}

static void remember(struct ctx *c, const struct recall_key *key, const struct actor *a)
{
    struct arena *room = recall_room(c);
    if (!room || failed(c))
        return;
    struct remembered *r = NEW(room, struct remembered);
    *r = (struct remembered){rights_copy(room, a->rights, a->nrights), a->nrights, a->print, a->gone, a->unproven};
    recall_keep(c, key, r);
}

void access_refresh(struct ctx *c, struct actor *a)
{
    /* a token ends by the clock alone, without a write */
    const struct recall_key key = {"rights", {a->account, a->person, (int64_t)c->lang, a->session, a->token, a->only, a->token ? c->now.v / 60000 : 0}};
    const struct remembered *r = recall(c, &key);
    if (r) {
        a->rights = rights_copy(&c->kept, r->rights, r->n);
        a->nrights = r->n;
        a->print = r->print;
        a->gone = r->gone;
        a->unproven = r->unproven;
        return;
    }
    read_anew(c, a);
    remember(c, &key, a);
}

struct actor *access_actor(struct ctx *c, const char *login)
{
    struct actor *a = NEW(&c->arena, struct actor);
    if (!db_begin(c, DB_READ))
        return NULL;
    struct rows *r = db_query(c, "SELECT id, person, locked FROM account WHERE login = $1 AND removed_at = 0", V(login));
    if (rows_next(r)) {
        *a = (struct actor){.account = rows_int(r, 0), .person = rows_int(r, 1), .login = arena_text(&c->arena, login), .refresh = access_refresh};
        if (rows_int(r, 2))
            fail(c, ERR_DENIED, "Tài khoản “%s” đang bị khóa.", "Account “%s” is locked.", login);
        rows_close(r);
    } else {
        fail(c, ERR_DENIED, "Không có tài khoản “%s”: xem bằng “dangbo user list”.", "There is no account “%s”: “dangbo user list” shows them.", login);
    }
    return db_commit(c) ? a : NULL;
}

struct actor *access_operator(struct ctx *c, const char *name)
{
    struct actor *a = NEW(&c->arena, struct actor);
    *a = (struct actor){.login = arena_printf(&c->arena, "@%s", name), .system = true};
    return a;
}

/* --- nobody gives more than they have ---------------------------------------------------------------- */

bool access_may_grant(struct ctx *c, const char *role, int64_t unit)
{
    struct building b = {.c = c, .rights = NEW_N(&c->arena, struct right, MOST_RIGHTS)};
    if (c->consequence || c->undoing)
        return true; /* follows from what was allowed */
    add_role(&b, role, unit, "");
    for (size_t i = 0; i < b.n; i++)
        for (unsigned act = ACT_READ; act <= ACT_ADMIN; act *= 2)
            if ((b.rights[i].acts & act) && (b.rights[i].kinds & ~scope_kinds(c, act, unit, b.rights[i].subtree)))
                return false;
    return true;
}

bool access_may_appoint(struct ctx *c, const char *office, int64_t unit)
{
    const char *role = rule_attr(rule_item(c, "office", office, c->today), "role");
    int64_t reach = unit;
    struct rows *r = db_query(c, "SELECT type, superior FROM unit WHERE shard = 0 AND id = $1", V(unit));
    if (rows_next(r)) {
        const char *type = arena_text(&c->arena, rows_text(r, 0));
        reach = reach_of(c, unit, type, rows_int(r, 1));
    }
    rows_close(r);
    return !role || access_may_grant(c, role, reach);
}

/* --- who can see this, and through which office ------------------------------------------------------ */

/* What an actor with these rights alone may do with a record: by the predicate that lists use. NULL: nothing. */
static const char *acts_with(struct ctx *c, const struct actor *a, struct right *rights, size_t n, const struct kind *k, const void *record)
{
    const struct row *row = record;
    struct actor alone = {.account = a->account, .person = a->person, .login = a->login, .rights = rights, .nrights = n};
    const struct actor *asking = c->actor;
    int64_t unit = strcmp(k->where, "id") == 0 ? row->id : row->unit, subject = record_subject(k, record);
    int consequence = c->consequence;
    struct buf b = {0};
    c->actor = &alone;
    c->consequence = 0;
    for (unsigned act = ACT_READ; act <= ACT_ADMIN; act *= 2)
        if ((act == ACT_READ || scope_any(c, k, act)) && scope_allows(c, k, act, unit, subject))
            buf_printf(&b, "%s%s", b.n ? " " : "", act_word(act));
    c->actor = asking;
    c->consequence = consequence;
    return b.n ? buf_take(&b, &c->arena) : NULL;
}

void access_who(struct ctx *c, const struct kind *k, const void *record, void (*tell)(void *to, const char *who, const char *through, const char *acts), void *to)
{
    int64_t n = db_one_int(c, "SELECT count(*) FROM account WHERE removed_at = 0 AND locked = 0"), at = 0;
    struct actor *all = NEW_N(&c->arena, struct actor, n + 1);
    const char **names = NEW_N(&c->arena, const char *, n + 1);
    struct rows *r = db_query(c, "SELECT id, person, login, name FROM account WHERE removed_at = 0 AND locked = 0 ORDER BY login");
    while (at < n && rows_next(r)) {
        all[at] = (struct actor){.account = rows_int(r, 0), .person = rows_int(r, 1), .login = arena_text(&c->arena, rows_text(r, 2))};
        names[at++] = arena_printf(&c->arena, "%s (%s)", rows_text(r, 3), rows_text(r, 2));
    }
    rows_close(r);
    for (int64_t i = 0; i < at && !failed(c); i++) {
        access_refresh(c, &all[i]);
        if (acts_with(c, &all[i], NULL, 0, k, record)) {
            tell(to, names[i], say(c, "hồ sơ của chính mình", "own record"), acts_with(c, &all[i], all[i].rights, all[i].nrights, k, record));
            continue;
        }
        for (size_t j = 0; j < all[i].nrights; j++) {
            const char *acts = acts_with(c, &all[i], &all[i].rights[j], 1, k, record);
            if (acts)
                tell(to, names[i], all[i].rights[j].through, acts);
        }
    }
}
