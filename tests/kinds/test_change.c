/* What a change of units does and would do: the counts before and after, who goes where, the posts that are left; the parts of a split as they
 * are written; the codes that a form suggests. */
#include "party/organisation/change.h"
#include "party/organisation/place.h"

#include "base/str.h"
#include "world.h"

static void fill(struct ctx *c, const struct kind *k, void *record, const char *const *pairs)
{
    for (; *pairs; pairs += 2)
        assert_null(type_parse(c, field_need(k, pairs[0]), value_text(pairs[1]), record));
}

static void *change_of(struct ctx *c, const char *const *pairs)
{
    void *change = arena_alloc(&c->arena, unit_change_kind.size);
    static const char *const always[] = {"number", "12-QĐ", "decided_by", "Đảng ủy", "decided_on", "01/06/2026", "effective_on", "01/06/2026", NULL};
    fill(c, &unit_change_kind, change, always);
    fill(c, &unit_change_kind, change, pairs);
    return change;
}

static void holds(struct ctx *c, const char *const *pairs)
{
    void *post = arena_alloc(&c->arena, appointment_kind.size);
    fill(c, &appointment_kind, post, pairs);
    record_must_save(c, &appointment_kind, post);
}

static const struct change_unit *unit_in(const struct change_effects *e, const char *code)
{
    for (size_t i = 0; i < e->nunits + e->nabove; i++)
        if (strcmp(e->units[i].code, code) == 0)
            return &e->units[i];
    fail_msg("%s is not among the effects", code);
    return NULL;
}

static struct ctx *begin(void)
{
    struct ctx *c = world_open();
    world_units(c);
    world_member(c, "P1", "Nguyễn Văn Đức", "CB1");
    world_member(c, "P2", "Trần Thị Hòa", "CB1");
    world_member(c, "P3", "Lê Văn An", "CB2");
    world_must(c, db_begin(c, DB_WRITE));
    return c;
}

static void end(struct ctx *c)
{
    db_rollback(c);
    world_close(c);
}

static void parts_are_written_and_read(void **state)
{
    (void)state;
    struct ctx *c = begin();
    struct problems p;
    struct change_effects e;
    assert_string_equal(change_part(c, "A", "Chi bộ A", NULL), "A=Chi bộ A");
    assert_string_equal(change_part(c, "A", NULL, "cell"), "A");
    const char *one = change_part(c, "C1A", "Chi bộ “1”, tổ 1; \"mới\" = A", "base_cell"), *into = arena_printf(&c->arena, "%s; C1B=Chi bộ 1B", one);
    const char *const pairs[] = {"act", "split", "units", "CB1", "into", into, "assign", "P2=C1B", "rest", "C1A", NULL};
    problems_start(&p, c);
    world_must(c, change_carry_out(c, change_of(c, pairs), true, &p, &e));
    const struct change_unit *a = unit_in(&e, "C1A"), *was = unit_in(&e, "CB1"), *above = unit_in(&e, "DU");
    assert_string_equal(a->name, "Chi bộ “1”, tổ 1; \"mới\" = A");
    assert_string_equal(a->type_now, "base_cell");
    assert_true(a->founded && !a->was_name && a->members_was == 0 && a->members_now == 1);
    assert_int_equal(unit_in(&e, "C1B")->members_now, 1);
    assert_true(was->closed && was->members_was == 2 && was->members_now == 0);
    assert_true(above->members_was == 3 && above->members_now == 3 && above->below_was == 3 && above->below_now == 4);
    assert_int_equal(e.members, 2);
    assert_int_equal(e.npeople, 2);
    assert_string_equal(e.people[0].from, "Chi bộ thôn 1");
    end(c);
}

static void a_type_must_be_one(void **state)
{
    (void)state;
    struct ctx *c = begin();
    struct problems p;
    struct change_effects e;
    const char *const pairs[] = {"act", "split", "units", "CB1", "into", "C1A=Chi bộ A=không có; C1B=Chi bộ B", "rest", "C1A", NULL};
    problems_start(&p, c);
    assert_false(change_carry_out(c, change_of(c, pairs), true, &p, &e));
    assert_int_equal(p.n, 1);
    assert_string_equal(p.first->field, "into");
    assert_non_null(strstr(p.first->text, "không có"));
    end(c);
}

static void members_alone_change(void **state)
{
    (void)state;
    struct ctx *c = begin();
    struct problems p;
    struct change_effects e;
    const char *const pairs[] = {"act", "split", "units", "CB1", "into", "CB1; CBM=Chi bộ mới", "assign", "P1=CBM", "rest", "CB1", NULL};
    problems_start(&p, c);
    world_must(c, change_carry_out(c, change_of(c, pairs), true, &p, &e));
    const struct change_unit *was = unit_in(&e, "CB1");
    assert_true(was->members_only && !was->closed && was->members_was == 2 && was->members_now == 1);
    assert_int_equal(e.closed, 0);
    end(c);
}

/* Also those of which nobody knows since when. */
static void posts_are_left_where_units_end(void **state)
{
    (void)state;
    struct ctx *c = begin();
    struct problems p;
    struct change_effects e;
    holds(c, (const char *const[]){"person", "P1", "office", "secretary", "at_unit", "CB1", "since", "01/01/2025", NULL});
    holds(c, (const char *const[]){"person", "P2", "office", "deputy_secretary", "at_unit", "CB1", NULL});
    holds(c, (const char *const[]){"person", "P3", "office", "secretary", "at_unit", "CB2", NULL});
    const char *const pairs[] = {"act", "merge", "units", "CB1; CB2", "into", "CB2", NULL};
    problems_start(&p, c);
    world_must(c, change_carry_out(c, change_of(c, pairs), true, &p, &e));
    assert_true(unit_in(&e, "CB1")->closed);
    assert_int_equal(e.nposts, 2);
    assert_int_equal(e.posts_kept, 1);
    end(c);
}

static void codes_are_suggested(void **state)
{
    (void)state;
    struct ctx *c = begin();
    struct change_member *all;
    assert_string_equal(change_code_after(c, "CB1"), "CB4");
    assert_string_equal(change_code_after(c, "CB07"), "CB04");
    assert_string_equal(change_code_after(c, "K9"), "K1");
    assert_string_equal(change_code_of_part(c, "CB1", 0), "CB1A");
    assert_string_equal(change_code_of_part(c, "CB1", 2), "CB1C");
    assert_string_equal(change_code_below(c, unit_by_code(c, "DU")), "CB4");
    assert_string_equal(change_code_below(c, unit_by_code(c, "CB3")), "CB3.1");
    assert_int_equal(change_members(c, unit_by_code(c, "CB1"), c->today, 10, &all), 2);
    assert_string_equal(all[0].name, "Nguyễn Văn Đức");
    assert_int_equal(change_members(c, unit_by_code(c, "CB1"), c->today, 1, &all), 1);
    end(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(parts_are_written_and_read), cmocka_unit_test(a_type_must_be_one), cmocka_unit_test(members_alone_change),
                                       cmocka_unit_test(posts_are_left_where_units_end), cmocka_unit_test(codes_are_suggested)};
    int bad = t_run("change", tests, N(tests));
    world_end();
    return bad;
}
