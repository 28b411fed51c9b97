/* The world of the tests of access; see region.h. */
#include "region.h"

#include "model/import.h"
#include "tests/kinds/small.h"

const char *const place_words[PLACES] = {"own", "below", "deep", "closed", "above", "sibling", "other", "served"};
static const char *const codes[PLACES] = {"D1", "C1", "K1", "DX", "P1", "D2", "K5", "A1"};
static const char *const superiors[PLACES] = {"P1", "D1", "C1", "P1", NULL, "P1", "D3", NULL};

enum place place_of_word(const char *word)
{
    int i = 0;
    while (i < PLACES && strcmp(place_words[i], word) != 0)
        i++;
    return (enum place)i;
}

int64_t must_id(struct ctx *c, const char *what, int64_t id)
{
    if (!id || failed(c))
        fail_msg("%s: %s", what, failed(c) ? c->err.text : "is not there");
    return id;
}

static void make_units(struct region *r)
{
    struct ctx *c = r->c;
    static const enum place order[] = {ABOVE, OWN, BELOW, DEEP, CLOSED, SIBLING, OTHER, AREA};
    put(c, &unit_kind, "code", "P2", "name", "Province 2", "type", "cell", "level", "province", "founded_on", "01/01/2000", NULL);
    put(c, &unit_kind, "code", "D3", "name", "District 3", "type", "cell", "superior", "P2", "founded_on", "01/01/2000", NULL);
    for (size_t i = 0; i < N(order); i++) {
        enum place p = order[i];
        r->code[p] = codes[p];
        r->unit[p] = put(c, &unit_kind, "code", codes[p], "name", arena_printf(&c->arena, "Unit %s", codes[p]), "type", "cell", "level",
                         p == ABOVE ? "province" : NULL, "superior", superiors[p], "founded_on", "01/01/2000", NULL);
        r->record[kind_index(&unit_kind)][p] = r->unit[p];
    }
}

static void make_people(struct region *r, enum place p)
{
    struct ctx *c = r->c;
    const char *code = arena_printf(&c->arena, "NV-%s", codes[p]);
    r->record[kind_index(&person_kind)][p] =
        put(c, &person_kind, "code", code, "name", arena_printf(&c->arena, "Nguyễn Văn %s", place_words[p]), "cell", codes[p], "admitted_on", "03/02/2005",
            "official_on", "03/02/2006", NULL);
    int64_t stay = db_one_int(c, "SELECT id FROM membership WHERE person = $1", V(r->record[kind_index(&person_kind)][p]));
    r->record[kind_index(&membership_kind)][p] = must_id(c, "stay", stay);
    r->record[kind_index(&spell_kind)][p] = put(c, &spell_kind, "person", code, "sort", "exempt", "since", "01/02/2020", NULL);
    r->record[kind_index(&appointment_kind)][p] =
        put(c, &appointment_kind, "person", code, "office", "speaker", "at_unit", codes[p], "since", "01/02/2020", NULL);
    r->record[kind_index(&duty_kind)][p] =
        put(c, &duty_kind, "person", code, "by_unit", codes[p], "sort", "households", "households", "Group 3", "since", "01/02/2020", NULL);
    if (p == CLOSED && !change(c, &membership_kind, stay, "until", "01/06/2024", "ended", "died", NULL))
        fail_msg("the stay does not end");
}

static void make_places(struct region *r)
{
    struct ctx *c = r->c;
    for (enum place p = OWN; p < PLACES; p++) {
        make_people(r, p);
        r->record[kind_index(&term_kind)][p] = put(c, &term_kind, "name", "2020–2025", "of_unit", codes[p], "since", "01/02/2020", NULL);
        r->record[kind_index(&attachment_kind)][p] = put(c, &attachment_kind, "name", "decision.pdf", "hash", "00", "of_unit", codes[p], "hash", "00", NULL);
        r->record[kind_index(&unit_change_kind)][p] =
            put(c, &unit_change_kind, "number", "1", "decided_on", "01/01/2024", "effective_on", "01/01/2024", "decided_by", "The committee", "act", "rename",
                "units", codes[p], "new_name", arena_printf(&c->arena, "Place %s", codes[p]), NULL);
    }
    put(c, &unit_change_kind, "number", "2", "decided_on", "01/01/2025", "effective_on", "01/01/2025", "decided_by", "The committee", "act", "merge", "units",
        "DX", "into", "D1", NULL);
    for (enum place p = OWN; p < PLACES; p++)
        r->record[kind_index(&unit_state_kind)][p] =
            must_id(c, "state", db_one_int(c, "SELECT max(id) FROM unit_state WHERE of_unit = $1 AND removed_at = 0", V(r->unit[p])));
}

/* Records of every kind stand in the area too, so that it can be seen which of them are reached; members have their homes in cells only. */
static void make_area(struct region *r)
{
    db_begin(r->c, DB_WRITE);
    if (!db_run(r->c, "UPDATE unit SET sort = 'area', type = 'village' WHERE id = $1", V(r->unit[AREA])) || !db_commit(r->c) ||
        !change(r->c, &unit_kind, r->unit[DEEP], "serves", codes[AREA], NULL))
        fail_msg("%s", r->c->err.text);
}

/* A successor in every place. */
static void make_successions(struct region *r)
{
    struct ctx *c = r->c;
    if (!db_begin(c, DB_WRITE))
        fail_msg("%s", c->err.text);
    c->consequence++;
    for (enum place p = OWN; p < PLACES; p++) {
        struct row *s = arena_alloc(&c->arena, succession_kind.size);
        field_set(field_need(&succession_kind, "change"), s, value_int(r->record[kind_index(&unit_change_kind)][p]));
        field_set(field_need(&succession_kind, "predecessor"), s, value_int(r->unit[SIBLING]));
        field_set(field_need(&succession_kind, "successor"), s, value_int(r->unit[p]));
        record_must_save(c, &succession_kind, s);
        r->record[kind_index(&succession_kind)][p] = s->id;
    }
    c->consequence--;
    struct import_result result = {.batch = record_new_id(c), .read = 3, .saved = 3};
    import_batch_note(c, &result, "a.xlsx", &person_kind, "");
    r->record[kind_index(&import_batch_kind)][OWN] = result.batch;
    if (!db_commit(c))
        fail_msg("%s", c->err.text);
}

static struct actor account(struct ctx *c, const char *login, const char *person)
{
    int64_t id = put(c, &account_kind, "login", login, "person", person, NULL);
    return (struct actor){.account = id, .person = person ? record_id_of_code(c, &person_kind, person) : 0, .login = login, .refresh = access_refresh};
}

static void make_actors(struct region *r)
{
    struct ctx *c = r->c;
    put(c, &person_kind, "code", "OFFICER", "name", "Trần Thị Cán", "cell", "D1", "admitted_on", "03/02/2005", NULL);
    put(c, &person_kind, "code", "MEMBER", "name", "Lê Văn Đảng", "cell", "K1", "admitted_on", "03/02/2005", NULL);
    r->officer = account(c, "officer", "OFFICER");
    r->member = account(c, "member", "MEMBER");
    r->granted = account(c, "granted", NULL);
    r->appointment = put(c, &appointment_kind, "person", "OFFICER", "office", "secretary", "at_unit", "D1", "since", "01/01/2020", NULL);
    r->grant = put(c, &grant_kind, "account", "granted", "role", "reader", "over_unit", "D1", "reason", "test", NULL);
    r->record[kind_index(&account_kind)][OWN] = put(c, &account_kind, "login", "other", NULL);
    r->record[kind_index(&grant_kind)][OWN] = put(c, &grant_kind, "account", "other", "role", "none", "over_unit", "D1", "reason", "test", NULL);
    r->record[kind_index(&setting_kind)][OWN] = put(c, &setting_kind, "name", "a.setting", "value", "1", NULL);
}

void region_open(struct region *r)
{
    *r = (struct region){.c = small_open()};
    r->c->after_begin = actor_refresh;
    make_units(r);
    make_places(r);
    make_area(r);
    make_successions(r);
    make_actors(r);
}

void region_close(struct region *r)
{
    act_as_operator(r);
    small_close(r->c);
}

void act_as(struct region *r, struct actor *a)
{
    a->rights = NULL;
    a->nrights = 0;
    bool begun = db_in_write(r->c);
    if (!begun && !db_begin(r->c, DB_READ))
        fail_msg("%s", r->c->err.text);
    access_refresh(r->c, a);
    if (!begun)
        db_commit(r->c);
    r->c->actor = a;
}

void act_as_operator(struct region *r)
{
    r->c->actor = access_operator(r->c, "test");
}

void try_begin(struct region *r)
{
    act_as_operator(r);
    if (!db_begin(r->c, DB_WRITE))
        fail_msg("%s", r->c->err.text);
}

void try_undo(struct region *r)
{
    if (failed(r->c))
        fail_msg("%s", r->c->err.text);
    db_rollback(r->c);
    act_as_operator(r);
}

void set_office(struct region *r, const char *office)
{
    db_run(r->c, "UPDATE appointment SET office = $1 WHERE id = $2", V(office), V(r->appointment));
}

void set_role(struct region *r, const char *role)
{
    db_run(r->c, "UPDATE \"grant\" SET role = $1 WHERE id = $2", V(role), V(r->grant));
}

bool may(struct region *r, const struct kind *k, int64_t id, unsigned act)
{
    return record_find(r->c, k, id, act) != NULL;
}

void table_read(const char *name, void (*line)(void *to, char **words, size_t n), void *to)
{
    char path[600], row[600];
    snprintf(path, sizeof path, "%s/%s", TABLES, name);
    FILE *f = fopen(path, "re");
    if (!f)
        fail_msg("%s cannot be read", path);
    while (fgets(row, sizeof row, f)) {
        char *words[WORDS], *s = row;
        size_t n = 0;
        row[strcspn(row, "#\n")] = '\0';
        for (s += strspn(s, " "); *s && n < WORDS; s += strspn(s, " ")) {
            words[n++] = s;
            s += strcspn(s, " ");
            if (*s)
                *s++ = '\0';
        }
        if (n)
            line(to, words, n);
    }
    fclose(f);
}
