/* See lawful.h. What kinds ask beyond the limits of their fields is known here, kind by kind; a new kind needs nothing unless its check
 * asks for more. */
#include "lawful.h"

#include "base/str.h"
#include "model/type.h"
#include "small.h"

uint64_t luck_next(struct luck *l)
{
    l->state ^= l->state << 13;
    l->state ^= l->state >> 7;
    l->state ^= l->state << 17;
    return l->state;
}

size_t luck_below(struct luck *l, size_t n)
{
    return (size_t)(luck_next(l) % n);
}

bool lawful_kind(const struct kind *k)
{
    return !(k->flags & COMPUTED);
}

void lawful_units(struct ctx *c)
{
    put(c, &unit_kind, "code", "ROOT", "name", "Đảng bộ xã", "type", "base_committee", "founded_on", "01/01/1990", NULL);
    for (int i = 1; i <= 4; i++)
        put(c, &unit_kind, "code", arena_printf(&c->arena, "CELL%d", i), "name", arena_printf(&c->arena, "Chi bộ thôn %d", i), "type", "cell", "superior", "ROOT",
            "founded_on", "01/01/1990", NULL);
}

const char *lawful_text(struct ctx *c, struct luck *l, size_t n)
{
    static const char *const letters[] = {"a", "ă", "â", "b", "đ", "ế", "ộ", "ữ", "Ỷ", "X", "z", "7", " ", "-", "\"", "\\", "'", "%", "_", "&", "<", "Ứ", "é", "—", "😀"};
    struct buf b = {0};
    bool blank = true;
    for (size_t i = 0; i < n; i++) {
        const char *s = letters[luck_below(l, N(letters))];
        if (*s == ' ' && (blank || i + 1 == n))
            s = "o";
        blank = *s == ' ';
        buf_puts(&b, s);
    }
    return buf_take(&b, &c->arena);
}

static const char *a_code(struct ctx *c, struct luck *l)
{
    return arena_printf(&c->arena, "x%d", ++l->number);
}

static void set(struct ctx *c, const struct kind *k, void *record, const char *name, const char *value)
{
    const struct field *f = field_find(k, name);
    const char *why = f ? type_parse(c, f, value_text(value), record) : NULL;
    if (why)
        fail(c, ERR_BROKEN, "%s: %s", "%s: %s", name, why);
}

/* A member of a cell since 2005. */
static int64_t a_member(struct ctx *c, struct luck *l)
{
    void *p = arena_alloc(&c->arena, person_kind.size);
    set(c, &person_kind, p, "code", a_code(c, l));
    set(c, &person_kind, p, "name", "Nguyễn Văn Đức");
    set(c, &person_kind, p, "cell", arena_printf(&c->arena, "CELL%zu", 1 + luck_below(l, 4)));
    set(c, &person_kind, p, "admitted_on", "03/02/2005");
    record_must_save(c, &person_kind, p);
    return ((struct row *)p)->id;
}

static int64_t a_stranger(struct ctx *c, struct luck *l)
{
    struct row *p = arena_alloc(&c->arena, person_kind.size);
    set(c, &person_kind, p, "code", a_code(c, l));
    set(c, &person_kind, p, "name", "Trần Thị Ước");
    p->unit = record_id_of_code(c, &unit_kind, "CELL1");
    record_must_save(c, &person_kind, p);
    return p->id;
}

static int64_t a_target(struct ctx *c, struct luck *l, const struct kind *to)
{
    if (to == &unit_kind)
        return record_id_of_code(c, &unit_kind, arena_printf(&c->arena, "CELL%zu", 1 + luck_below(l, 4)));
    if (to == &person_kind)
        return a_member(c, l);
    if (to != &account_kind)
        return 0;
    void *a = arena_alloc(&c->arena, account_kind.size);
    set(c, &account_kind, a, "login", a_code(c, l));
    record_must_save(c, &account_kind, a);
    return ((struct row *)a)->id;
}

static int32_t a_day(struct luck *l, bool partial)
{
    int32_t d = (int32_t)(20100000 + 10000 * luck_below(l, 10) + 100 * (1 + luck_below(l, 12)) + 1 + luck_below(l, 28));
    if (partial && luck_below(l, 3) == 0)
        return d / 100 * 100;
    return partial && luck_below(l, 3) == 0 ? d / 10000 * 10000 : d;
}

static void any_value(struct ctx *c, struct luck *l, const struct field *f, void *record)
{
    size_t max = f->max ? (size_t)f->max : 60, min = f->min ? (size_t)f->min : 1;
    switch (f->type) {
    case TYPE_TEXT: field_set(f, record, value_text(lawful_text(c, l, min + luck_below(l, (max > 60 ? 60 : max) - min + 1)))); break;
    case TYPE_NUMBER: field_set(f, record, value_int(f->min + (int64_t)luck_below(l, f->max ? (size_t)(f->max - f->min) + 1 : 1000))); break;
    case TYPE_DAY:
    case TYPE_PDAY: field_set(f, record, value_int(a_day(l, f->type == TYPE_PDAY))); break;
    case TYPE_FLAG: field_set(f, record, value_int((int64_t)luck_below(l, 2))); break;
    case TYPE_ENUM: field_set(f, record, value_text(f->words[1 + luck_below(l, f->nwords - 1)].word)); break;
    case TYPE_CHOICE: {
        const struct rule_item **items;
        size_t n = rule_items(c, f->rule, c->today, &items);
        field_set(f, record, value_text(items[luck_below(l, n)]->code));
        break;
    }
    case TYPE_REF: field_set(f, record, value_int(a_target(c, l, f->to))); break;
    case TYPE__MAX: break;
    }
}

/* What kinds ask beyond their fields. An empty value clears the field. */
static const struct asked {
    const struct kind *kind;
    const char *field, *value;
} asked[] = {
    {&unit_kind, "type", "cell"},           {&unit_kind, "sort", "party"},         {&unit_kind, "superior", "ROOT"},   {&unit_kind, "serves", ""},
    {&unit_kind, "founded_on", "01/01/2001"}, {&unit_change_kind, "act", "reclass"}, {&unit_change_kind, "into", ""},  {&unit_change_kind, "superior", ""},
    {&unit_change_kind, "assign", ""},      {&unit_change_kind, "rest", ""},       {&unit_change_kind, "new_type", "base_cell"},
    {&unit_change_kind, "effective_on", "01/06/2025"}, {&unit_change_kind, "file", ""},
    {&person_kind, "born", "27/03/1970"},   {&person_kind, "admitted_on", "03/02/2005"}, {&person_kind, "official_on", "03/02/2006"}, {&person_kind, "died_on", ""},
    {&person_kind, "cell", "CELL1"},        {&person_kind, "cell_since", ""},      {&membership_kind, "stay", "home"}, {&membership_kind, "since", "01/02/2011"},
    {&membership_kind, "until", ""},        {&membership_kind, "ended", ""},       {&membership_kind, "sent_to", ""},  {&membership_kind, "sent_on", ""},
    {&spell_kind, "since", "01/02/2011"},   {&spell_kind, "until", "01/02/2012"},  {&appointment_kind, "since", "01/02/2011"},
    {&appointment_kind, "until", ""},       {&appointment_kind, "ended", ""},      {&duty_kind, "sort", "households"}, {&duty_kind, "households", "Tổ 3: 12 hộ"}, {&duty_kind, "since", "01/02/2011"}, {&duty_kind, "until", "01/02/2012"},
    {&term_kind, "since", "01/02/2011"},    {&term_kind, "until", "01/02/2012"},   {&grant_kind, "since", "01/02/2011"}, {&grant_kind, "until", "01/02/2012"},
};

void *lawful_record(struct ctx *c, struct luck *l, const struct kind *k)
{
    struct row *row = arena_alloc(&c->arena, k->size);
    for (size_t i = 0; i < k->nfields && !failed(c); i++) {
        const struct field *f = &k->fields[i];
        if (f->flags & (READONLY | INPUT | MOVED))
            continue;
        if (f->flags & UNIQUE)
            field_set(f, row, value_text(a_code(c, l)));
        else
            any_value(c, l, f, row);
    }
    for (size_t i = 0; i < N(asked); i++)
        if (asked[i].kind == k)
            set(c, k, row, asked[i].field, *asked[i].value ? asked[i].value : NULL);
    if (k == &attachment_kind) /* its bytes are not of the record */
        field_set(field_need(k, "hash"), row, value_text("00"));
    if (k == &membership_kind)
        field_set(field_need(k, "person"), row, value_int(a_stranger(c, l)));
    if (k == &term_kind || k == &unit_change_kind) { /* of a unit of its own: terms do not overlap, changes follow each other */
        void *u = lawful_record(c, l, &unit_kind);
        record_must_save(c, &unit_kind, u);
        if (k == &term_kind)
            field_set(field_need(k, "of_unit"), row, value_int(((struct row *)u)->id));
        else
            field_set(field_need(k, "units"), row, value_text(record_code(&unit_kind, u)));
    }
    return failed(c) ? NULL : row;
}

const struct field *lawful_change(struct ctx *c, struct luck *l, const struct kind *k, void *record)
{
    for (int tries = 0; tries < 200; tries++) {
        const struct field *f = &k->fields[luck_below(l, k->nfields)];
        bool fixed = (f->flags & (READONLY | INPUT | MOVED | UNIQUE)) || f->type == TYPE_REF || f->type == TYPE_ENUM || f->type == TYPE_FLAG;
        for (size_t i = 0; i < N(asked); i++)
            fixed |= asked[i].kind == k && strcmp(asked[i].field, f->name) == 0;
        fixed |= k == &unit_change_kind && (strcmp(f->name, "units") == 0 || strcmp(f->name, "new_name") == 0);
        void *before = arena_copy(&c->arena, record, k->size);
        if (fixed)
            continue;
        if (!(f->flags & REQUIRED) && luck_below(l, 4) == 0)
            field_set(f, record, value_null());
        else
            any_value(c, l, f, record);
        if (!field_same(f, before, record))
            return f;
    }
    return NULL;
}
