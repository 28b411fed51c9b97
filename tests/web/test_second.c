/* The second factor: turned on by its first code; a code works once, whichever server and whenever it is given; recovery codes; the brake; what
 * stands between password and code is worth nothing alone; rights over the installation wait for it. */
#include "people.h"

#include "base/str.h"
#include "web/sign_in.h"

#include <sys/stat.h>
#include <unistd.h>

struct door {
    struct people *w;
    struct ctx *c;
    struct gate *gate;
    struct sessions *ss;
    unsigned char secret[TOTP_SECRET];
    struct recovery_codes codes;
};

static const char *code_of(struct door *d, int64_t off)
{
    char *out = arena_alloc(&d->c->arena, TOTP_CODE);
    assert_true(totp_code(d->secret, d->c->now.v / 1000 / TOTP_SECONDS + off, out));
    return out;
}

/* The account with a second factor, as its page makes it. */
static void turn_on(struct door *d, int64_t account)
{
    struct ctx *c = d->c;
    struct problems p;
    const char *offer = second_offer(c, gate_second_key(d->gate), account);
    problems_start(&p, c);
    assert_true(second_offered(c, gate_second_key(d->gate), account, offer, d->secret));
    assert_true(db_begin(c, DB_WRITE));
    assert_true(second_turn_on(c, gate_second_key(d->gate), account, offer, code_of(d, 0), &d->codes, &p));
    assert_true(db_commit(c));
}

static struct door open_door(void **state)
{
    struct people *w = *state;
    struct door d = {.w = w, .c = w->c, .gate = gate_new(w->c, NULL), .ss = sessions_new(w->c)};
    assert_true(d.gate && d.ss);
    d.c->now.v = INT64_C(1764300000000); /* a step begins */
    d.c->today = instant_day(d.c->now);
    return d;
}

static void close_door(struct door *d)
{
    gate_free(d->gate);
    sessions_free(d->ss);
}

static const char *half_of(struct door *d)
{
    struct attempt t = {.login = "bt.duc", .password = PASSWORD, .address = "192.0.2.1"};
    struct sign_in_result r;
    assert_int_equal(sign_in(d->gate, d->ss, d->c, &t, &r), SIGN_IN_CODE);
    assert_null(r.token);
    assert_null(r.device);
    assert_int_equal(r.account, 0);
    return r.half;
}

static enum sign_in_answer give(struct door *d, struct gate *g, const char *half, const char *code, struct sign_in_result *out)
{
    struct attempt t = {.half = half, .code = code, .address = "192.0.2.1"};
    struct sign_in_result none;
    enum sign_in_answer a = sign_in_code(g, d->ss, d->c, &t, out ? out : &none);
    assert_false(failed(d->c));
    return a;
}

static void a_code_works_once(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result r;
    struct session s;
    int64_t me = d.w->secretary;
    turn_on(&d, me);
    assert_int_equal(give(&d, d.gate, half_of(&d), code_of(&d, 0), &r), SIGN_IN_WRONG); /* it turned it on */
    later(c, TOTP_SECONDS);
    const char *half = half_of(&d), *code = code_of(&d, 0);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM session WHERE account = $1", V(me)), 0);
    assert_int_equal(give(&d, d.gate, half, code, &r), SIGN_IN_OK);
    assert_true(session_find(d.ss, c, r.token, &s));
    assert_string_equal(s.strength, "code");
    assert_non_null(r.device);
    assert_int_equal(give(&d, d.gate, half, code, &r), SIGN_IN_WRONG);
    assert_null(r.token);
    struct gate *other = gate_new(c, NULL); /* another server, or this one started again */
    assert_int_equal(give(&d, other, half_of(&d), code, &r), SIGN_IN_WRONG);
    assert_int_equal(give(&d, other, half, code_of(&d, -1), &r), SIGN_IN_WRONG); /* older than the last */
    assert_int_equal(give(&d, other, half, code_of(&d, 2), &r), SIGN_IN_WRONG);
    assert_int_equal(give(&d, other, half, code_of(&d, 1), &r), SIGN_IN_OK); /* a clock that is fast */
    gate_free(other);
    assert_int_equal(entries(c, "second_on", me), 1);
    assert_int_equal(entries(c, "sign_in", me), 2);
    assert_int_equal(entries(c, "sign_in_failed", me), 5);
    close_door(&d);
}

static void recovery(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct second_look look;
    turn_on(&d, d.w->secretary);
    for (size_t i = 0; i < RECOVERY_CODES; i++)
        assert_int_equal(db_one_int(c, "SELECT count(*) FROM recovery_code WHERE hash LIKE $1", V(arena_printf(&c->arena, "%%%s%%", d.codes.code[i]))), 0);
    char *typed = arena_text(&c->arena, d.codes.code[0]);
    for (char *at = typed; *at; at++)
        *at = *at == '-' ? ' ' : *at >= 'a' && *at <= 'z' ? (char)(*at - 32) : *at; /* as people type them */
    const char *half = half_of(&d);
    assert_int_equal(give(&d, d.gate, half, typed, NULL), SIGN_IN_OK);
    assert_int_equal(give(&d, d.gate, half, d.codes.code[0], NULL), SIGN_IN_WRONG);
    assert_true(db_begin(c, DB_READ) && second_look(c, d.w->secretary, &look) && db_commit(c));
    assert_int_equal(look.codes, RECOVERY_CODES - 1);
    assert_int_equal(entries(c, "recovery_used", d.w->secretary), 1);
    struct recovery_codes fresh;
    assert_true(db_begin(c, DB_WRITE) && second_new_codes(c, d.w->secretary, 0, &fresh) && db_commit(c));
    assert_int_equal(give(&d, d.gate, half, d.codes.code[1], NULL), SIGN_IN_WRONG);
    assert_int_equal(give(&d, d.gate, half, fresh.code[9], NULL), SIGN_IN_OK);
    close_door(&d);
}

static void wrong_codes_are_braked(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    turn_on(&d, d.w->secretary);
    int checked = 0, tries = 0;
    for (int i = 0; i < 500; i++) { /* who knows the password gives it again and again, which takes nothing back */
        struct attempt t = {.login = "bt.duc", .password = PASSWORD, .address = arena_printf(&c->arena, "198.51.%d.1", i % 250)};
        struct sign_in_result r;
        if (sign_in(d.gate, d.ss, c, &t, &r) == SIGN_IN_CODE) {
            t.half = r.half;
            t.code = "000000";
            enum sign_in_answer a = sign_in_code(d.gate, d.ss, c, &t, &r);
            assert_true(a == SIGN_IN_WRONG || (a == SIGN_IN_WAIT && r.wait > 0));
            checked += a == SIGN_IN_WRONG;
            tries++;
        }
        c->now.v += 7200;
    }
    assert_true(tries >= 40 && checked >= 10 && checked <= 40);
    gate_forgive(d.gate, "bt.duc");
    later(c, 60);
    assert_int_equal(give(&d, d.gate, half_of(&d), code_of(&d, 0), NULL), SIGN_IN_OK);
    close_door(&d);
}

static void between_the_steps(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct session s;
    turn_on(&d, d.w->secretary);
    later(c, 60);
    const char *half = half_of(&d), *wrong[] = {NULL, "", "x", half + 2};
    for (size_t i = 0; i < N(wrong); i++)
        assert_int_equal(give(&d, d.gate, wrong[i], code_of(&d, 0), NULL), SIGN_IN_AGAIN);
    char *forged = arena_text(&c->arena, half);
    forged[70] = forged[70] == '0' ? '1' : '0';
    assert_int_equal(give(&d, d.gate, forged, code_of(&d, 0), NULL), SIGN_IN_AGAIN);
    assert_int_equal(give(&d, d.gate, second_offer(c, gate_second_key(d.gate), d.w->secretary), code_of(&d, 0), NULL), SIGN_IN_AGAIN);
    assert_false(session_find(d.ss, c, half, &s));
    later(c, 300);
    assert_int_equal(give(&d, d.gate, half, code_of(&d, 0), NULL), SIGN_IN_AGAIN); /* too late */
    half = half_of(&d);
    assert_true(change(c, &account_kind, d.w->secretary, "locked", "1", NULL));
    assert_int_equal(give(&d, d.gate, half, code_of(&d, 0), NULL), SIGN_IN_AGAIN);
    assert_true(change(c, &account_kind, d.w->secretary, "locked", "", NULL));
    struct problems p;
    problems_start(&p, c);
    half = half_of(&d);
    assert_true(db_begin(c, DB_WRITE) && password_set(c, d.w->secretary, cheap_hash(c, "khoai lang nướng bếp củi"), false, 0, &p) && db_commit(c));
    assert_int_equal(give(&d, d.gate, half, code_of(&d, 0), NULL), SIGN_IN_AGAIN); /* the password is another */
    close_door(&d);
}

/* An offer is of one account and one hour; a wrong first code turns nothing on. */
static void offers(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct problems p;
    const unsigned char *key = gate_second_key(d.gate);
    const char *offer = second_offer(c, key, d.w->secretary);
    assert_false(second_offered(c, key, d.w->admin, offer, d.secret));
    assert_false(second_offered(c, key, d.w->secretary, NULL, d.secret));
    assert_true(second_offered(c, key, d.w->secretary, offer, d.secret));
    problems_start(&p, c);
    assert_true(db_begin(c, DB_WRITE));
    assert_false(second_turn_on(c, key, d.w->secretary, offer, code_of(&d, 5), &d.codes, &p));
    assert_string_equal(p.first->field, "code");
    db_rollback(c);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM second_factor"), 0);
    later(c, 3600);
    assert_false(second_offered(c, key, d.w->secretary, offer, d.secret));
    turn_on(&d, d.w->secretary);
    char words[TOTP_BASE32];
    totp_base32(d.secret, words);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM second_factor WHERE sealed LIKE $1", V(arena_printf(&c->arena, "%%%s%%", words))), 0);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM audit WHERE note LIKE $1 OR after LIKE $1", V(arena_printf(&c->arena, "%%%s%%", words))), 0);
    close_door(&d);
}

static void the_key_in_a_file(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct stat about;
    char folder[] = "/tmp/second-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *path = arena_printf(&c->arena, "%s/second.key", folder);
    gate_free(d.gate);
    d.gate = gate_new(c, path);
    assert_non_null(d.gate);
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    turn_on(&d, d.w->secretary);
    struct gate *again = gate_new(c, path), *without = gate_new(c, NULL);
    assert_memory_equal(gate_second_key(again), gate_second_key(d.gate), HASH_BYTES);
    assert_memory_not_equal(gate_second_key(without), gate_second_key(d.gate), HASH_BYTES);
    later(c, 60);
    struct gate *right = d.gate;
    d.gate = without; /* the file is lost: no code of the app works, a recovery code does */
    assert_int_equal(give(&d, without, half_of(&d), code_of(&d, 0), NULL), SIGN_IN_WRONG);
    assert_int_equal(give(&d, without, half_of(&d), d.codes.code[3], NULL), SIGN_IN_OK);
    d.gate = right;
    assert_int_equal(give(&d, again, half_of(&d), code_of(&d, 0), NULL), SIGN_IN_OK);
    gate_free(again);
    gate_free(without);
    assert_int_equal(truncate(path, 10), 0);
    assert_null(gate_new(c, path)); /* rather not at all than with another key */
    assert_true(failed(c));
    c->err = (struct err){0};
    unlink(path);
    rmdir(folder);
    close_door(&d);
}

static struct actor *actor_now(struct ctx *c, const struct session *s)
{
    struct actor *a = actor_of_session(c, s);
    assert_true(db_begin(c, DB_READ));
    access_refresh(c, a);
    assert_true(db_commit(c));
    return a;
}

static void administrators_must(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result r;
    struct session s, of_clerk;
    struct attempt t = {.login = "qt.an", .password = PASSWORD}, clerk = {.login = "bt.duc", .password = PASSWORD};
    assert_int_equal(sign_in(d.gate, d.ss, c, &clerk, &r), SIGN_IN_OK);
    assert_false(r.must_enrol);
    assert_true(session_find(d.ss, c, r.token, &of_clerk));
    assert_false(actor_now(c, &of_clerk)->unproven);
    assert_int_equal(sign_in(d.gate, d.ss, c, &t, &r), SIGN_IN_OK);
    assert_true(r.must_enrol);
    assert_true(session_find(d.ss, c, r.token, &s));
    assert_true(actor_now(c, &s)->unproven);
    assert_int_equal(actor_now(c, &s)->nrights, 0);
    /* who is given such rights while signed in has them with a second factor, at once */
    put(c, &grant_kind, "account", "bt.duc", "role", "technical_admin", "reason", "test", NULL);
    assert_true(actor_now(c, &of_clerk)->unproven);
    int64_t setting = put(c, &setting_kind, "name", "second_factor.administrators", "value", "optional", NULL);
    assert_false(actor_now(c, &s)->unproven);
    assert_true(actor_now(c, &s)->nrights > 0);
    assert_true(change(c, &setting_kind, setting, "value", "required", NULL));
    assert_true(actor_now(c, &s)->unproven);
    assert_false(change(c, &setting_kind, setting, "value", "perhaps", NULL));
    turn_on(&d, d.w->admin);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM session WHERE account = $1", V(d.w->admin)), 0);
    later(c, 60);
    assert_int_equal(sign_in(d.gate, d.ss, c, &t, &r), SIGN_IN_CODE);
    assert_int_equal(give(&d, d.gate, r.half, code_of(&d, 0), &r), SIGN_IN_OK);
    assert_false(r.must_enrol);
    assert_true(session_find(d.ss, c, r.token, &s));
    assert_false(actor_now(c, &s)->unproven);
    assert_true(db_begin(c, DB_WRITE) && second_turn_off(c, d.w->admin, s.id, "second_off", NULL) && db_commit(c));
    assert_true(actor_now(c, &s)->unproven);
    assert_false(actor_now(c, &s)->gone);
    close_door(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_code_works_once, open_people, close_people),   cmocka_unit_test_setup_teardown(recovery, open_people, close_people),
        cmocka_unit_test_setup_teardown(wrong_codes_are_braked, open_people, close_people), cmocka_unit_test_setup_teardown(between_the_steps, open_people, close_people),
        cmocka_unit_test_setup_teardown(offers, open_people, close_people),              cmocka_unit_test_setup_teardown(the_key_in_a_file, open_people, close_people),
        cmocka_unit_test_setup_teardown(administrators_must, open_people, close_people),
    };
    return t_run("second", tests, N(tests));
}
