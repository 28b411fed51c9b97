/* Signing in: right and wrong, known and unknown alike; the brake on guessing, and that it does not shut out the owner; old hashes are made
 * new; a password is changed. */
#include "people.h"

#include "base/str.h"
#include "web/sign_in.h"

#include <time.h>

struct door {
    struct people *w;
    struct ctx *c;
    struct gate *gate;
    struct sessions *ss;
};

static struct door open_door(void **state)
{
    struct people *w = *state;
    struct door d = {w, w->c, gate_new(w->c, NULL), sessions_new(w->c)};
    assert_true(d.gate && d.ss);
    return d;
}

static void close_door(struct door *d)
{
    gate_free(d->gate);
    sessions_free(d->ss);
}

static enum sign_in_answer try(struct door *d, const char *login, const char *password, const char *address, const char *device, struct sign_in_result *out)
{
    struct attempt t = {.login = login, .password = password, .address = address, .device = device, .agent = "test"};
    struct sign_in_result none;
    enum sign_in_answer a = sign_in(d->gate, d->ss, d->c, &t, out ? out : &none);
    assert_false(failed(d->c));
    return a;
}

static void right_and_wrong(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result r;
    struct session s;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, &r), SIGN_IN_OK);
    assert_true(session_find(d.ss, c, r.token, &s));
    assert_int_equal(s.account, d.w->secretary);
    assert_string_equal(s.address, "192.0.2.1");
    assert_int_equal(r.account, d.w->secretary);
    assert_false(r.must_change);
    assert_int_equal(entries(c, "sign_in", d.w->secretary), 1);
    assert_int_equal(try(&d, "  BT.Duc ", PASSWORD, "192.0.2.1", NULL, &r), SIGN_IN_OK);
    assert_int_equal(try(&d, "bt.duc", "ba con me\xcc\x80o tra\xcc\x86\xcc\x81ng ngo\xcc\x82\xcc\x80i hie\xcc\x82n", "192.0.2.1", NULL, &r), SIGN_IN_OK); /* as a Mac types it */
    assert_int_equal(try(&d, "bt.duc", PASSWORD "x", "192.0.2.1", NULL, &r), SIGN_IN_WRONG);
    assert_null(r.token);
    assert_null(r.device);
    assert_int_equal(r.account, 0);
    assert_int_equal(entries(c, "sign_in_failed", d.w->secretary), 1);
    const char *none[] = {"nobody", "", NULL, "\xff\xfe", "' OR '1'='1"};
    for (size_t i = 0; i < N(none); i++)
        assert_int_equal(try(&d, none[i], PASSWORD, "192.0.2.1", NULL, &r), SIGN_IN_WRONG);
    assert_int_equal(try(&d, "bt.duc", NULL, "192.0.2.1", NULL, &r), SIGN_IN_WRONG);
    assert_int_equal(entries(c, "sign_in_failed", 0), 5);
    assert_true(change(c, &account_kind, d.w->secretary, "locked", "1", NULL));
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, &r), SIGN_IN_WRONG);
    assert_true(change(c, &account_kind, d.w->secretary, "locked", "", NULL));
    int64_t loose = put(c, &account_kind, "login", "no.password", "name", "x", NULL); /* an account without a password opens for nobody */
    assert_int_equal(try(&d, "no.password", "", "192.0.2.1", NULL, &r), SIGN_IN_WRONG);
    assert_int_equal(entries(c, "sign_in_failed", loose), 1);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM audit WHERE note LIKE '%nobody%' OR note LIKE '%mèo%'"), 0); /* what was typed is not kept */
    close_door(&d);
}

static void old_hashes_are_made_new(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result first, second;
    struct account_look a;
    struct session s;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &first), SIGN_IN_OK);
    assert_true(db_begin(c, DB_READ) && account_look(c, "bt.duc", &a) && db_commit(c));
    assert_true(str_starts(a.password, "$argon2id$v=19$m=19456,t=2,p=1$"));
    const char *made = a.password;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &second), SIGN_IN_OK);
    assert_true(db_begin(c, DB_READ) && account_look(c, "bt.duc", &a) && db_commit(c));
    assert_string_equal(a.password, made);
    assert_true(session_find(d.ss, c, first.token, &s)); /* nobody was signed out by it */
    close_door(&d);
}

/* 10,000 guesses from as many networks as one likes, a guess a third of a second. */
static void guessing(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result r, mine;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, &mine), SIGN_IN_OK);
    later(c, 7200);
    int64_t *checked = NEW_N(&c->arena, int64_t, 10000), worst = 0, waits = 0;
    int n = 0;
    for (int i = 0; i < 10000; i++) {
        c->now.v += 1080; /* three hours in all */
        const char *address = arena_printf(&c->arena, "2001:db8:%x:%x::1", (unsigned)i % 4096, (unsigned)i % 13);
        enum sign_in_answer a = try(&d, "bt.duc", "wrong", address, NULL, &r);
        if (a == SIGN_IN_WRONG)
            checked[n++] = c->now.v;
        else
            assert_int_equal(a, SIGN_IN_WAIT);
        waits += a == SIGN_IN_WAIT && r.wait > 0;
    }
    for (int i = 0; i < n; i++) {
        int in_hour = 0;
        for (int j = i; j < n && checked[j] < checked[i] + 3600 * 1000; j++)
            in_hour++;
        worst = in_hour > worst ? in_hour : worst;
    }
    assert_true(worst >= 10 && worst <= 100);
    assert_int_equal(waits, 10000 - n);
    assert_int_equal(entries(c, "sign_in_failed", d.w->secretary), n);
    /* the right password does not help who guesses; it does on the owner's own device */
    assert_int_equal(try(&d, "bt.duc", "wrong", "203.0.113.9", NULL, &r), SIGN_IN_WAIT);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "203.0.113.9", NULL, &r), SIGN_IN_WAIT);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "203.0.113.9", mine.device, &r), SIGN_IN_OK);
    assert_string_equal(r.device, mine.device);
    assert_int_equal(try(&d, "qt.an", PASSWORD, "203.0.113.9", NULL, &r), SIGN_IN_OK); /* others are not touched */
    const char *words = sign_in_words(c, SIGN_IN_WAIT, 900);
    assert_non_null(strstr(words, "15 minutes"));
    close_door(&d);
}

static void devices(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result mine, other, r;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, &mine), SIGN_IN_OK);
    assert_int_equal(try(&d, "qt.an", PASSWORD, "192.0.2.1", NULL, &other), SIGN_IN_OK);
    assert_non_null(strchr(mine.device, '.'));
    for (int i = 0; i < 60; i++) {
        try(&d, "bt.duc", "wrong", arena_printf(&c->arena, "198.51.%d.1", i), NULL, NULL);
        later(c, 5);
    }
    char *forged = arena_text(&c->arena, mine.device);
    forged[strlen(forged) - 1] = forged[strlen(forged) - 1] == '0' ? '1' : '0';
    const char *wrong[] = {NULL, "", "x", "1.2.3.4", forged, other.device, strchr(mine.device, '.')};
    for (size_t i = 0; i < N(wrong); i++)
        assert_int_equal(try(&d, "bt.duc", PASSWORD, "198.51.100.1", wrong[i], &r), SIGN_IN_WAIT);
    /* a known device may not guess for ever either */
    int checked = 0;
    for (int i = 0; i < 200; i++) {
        checked += try(&d, "bt.duc", "wrong", "192.0.2.1", mine.device, &r) == SIGN_IN_WRONG;
        later(c, 15);
    }
    assert_true(checked >= 5 && checked <= 20);
    later(c, 7200);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", mine.device, &r), SIGN_IN_OK);
    later(c, INT64_C(180) * 86400);
    struct attempt t = {.login = "bt.duc", .password = PASSWORD, .device = mine.device};
    assert_int_equal(sign_in(d.gate, d.ss, c, &t, &r), SIGN_IN_OK);
    assert_string_not_equal(r.device, mine.device); /* too old: a new one */
    /* another server of the same installation knows it */
    struct gate *again = gate_new(c, NULL);
    const char *fresh = r.device;
    t.device = fresh;
    assert_int_equal(sign_in(again, d.ss, c, &t, &r), SIGN_IN_OK);
    assert_string_equal(r.device, fresh);
    gate_free(again);
    close_door(&d);
}

static void networks(void **state)
{
    static const char *const table[][2] = {{"192.0.2.17", "192.0.2.0/24"}, {"::ffff:192.0.2.17", "192.0.2.0/24"}, {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
                                           {"2001:db8:1:2::1", "2001:db8:1:2::/64"}, {"::1", "::/64"}};
    char out[NETWORK_TEXT];
    for (size_t i = 0; i < N(table); i++) {
        assert_true(network_of(table[i][0], out));
        assert_string_equal(out, table[i][1]);
    }
    assert_false(network_of("evil, 192.0.2.1", out));
    assert_false(network_of("", out));
    struct door d = open_door(state);
    struct ctx *c = d.c;
    int wrong = 0;
    for (int i = 0; i < 100; i++) { /* one network, a login each */
        wrong += try(&d, arena_printf(&c->arena, "user%d", i), "wrong", arena_printf(&c->arena, "192.0.2.%d", i), NULL, NULL) == SIGN_IN_WRONG;
        c->now.v += 1000;
    }
    assert_int_equal(wrong, 60);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, NULL), SIGN_IN_WAIT);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.3.1", NULL, NULL), SIGN_IN_OK);
    later(c, 900);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, "192.0.2.1", NULL, NULL), SIGN_IN_OK);
    close_door(&d);
}

/* Forty checks an hour, right or wrong: who knows one password of two does not find out the other by asking in turn. */
static void checks_an_hour(void **state)
{
    struct throttle *t = throttle_new();
    struct turn turn = {.account = "bt.duc"};
    instant now = {1748826000000};
    int made = 0;
    (void)state;
    for (int i = 0; i < 600; i++, now.v += 5000) {
        if (throttle_take(t, &turn, now))
            continue;
        made++;
        if (i % 2)
            throttle_right(t, &turn, now);
        else
            throttle_wrong(t, &turn, now);
    }
    assert_int_equal(made, 40);
    now.v += 600 * 1000;
    assert_int_equal(throttle_take(t, &turn, now), 0);
    for (int i = 0; i < 9; i++)
        throttle_wrong(t, &turn, now);
    assert_true(throttle_take(t, &turn, now) > 0);
    throttle_forgive(t, "bt.duc");
    assert_int_equal(throttle_take(t, &turn, now), 0);
    throttle_free(t);
}

static double seconds(struct door *d, const char *login)
{
    struct timespec a, b;
    later(d->c, 7200); /* no brake */
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
    assert_int_equal(try(d, login, "wrong", NULL, NULL, NULL), SIGN_IN_WRONG);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
    return (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The time of the processor, each turn against the same turn's, and the middle of many ratios: a machine that is slow for a second is slow for
 * all three. All write the same entry and wait for the same disk. */
static void nobody_learns_who_there_is(void **state)
{
    enum { TURNS = 41 };
    static const char *const logins[] = {"bt.duc", "bt.nobody", "qt.an"};
    struct door d = open_door(state);
    struct sign_in_result r;
    double ratio[N(logins)][TURNS];
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &r), SIGN_IN_OK); /* their hashes are of today's parameters now */
    assert_int_equal(try(&d, "qt.an", PASSWORD, NULL, NULL, &r), SIGN_IN_OK);
    assert_true(change(d.c, &account_kind, d.w->admin, "locked", "1", NULL));
    for (size_t i = 0; i < TURNS; i++) {
        double t[N(logins)];
        for (size_t j = 0; j < N(logins); j++)
            t[(i + j) % N(logins)] = seconds(&d, logins[(i + j) % N(logins)]); /* none is always the first */
        for (size_t j = 0; j < N(logins); j++)
            ratio[j][i] = t[j] / t[0];
    }
    for (size_t j = 1; j < N(logins); j++) {
        qsort(ratio[j], TURNS, sizeof *ratio[j], by_size);
        double middle = ratio[j][TURNS / 2];
        if (middle > 1.2 || middle < 1 / 1.2)
            fail_msg("%s takes %.2f of the time of %s", logins[j], middle, logins[0]);
    }
    close_door(&d);
}

static void a_new_password(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result mine, other, r;
    struct session s, t;
    struct problems p;
    const char *next = "khoai lang nướng bếp củi";
    assert_true(change(c, &account_kind, d.w->secretary, "must_change", "1", NULL));
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &mine), SIGN_IN_OK);
    assert_true(mine.must_change);
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &other), SIGN_IN_OK);
    assert_true(session_find(d.ss, c, mine.token, &s) && session_find(d.ss, c, other.token, &t));
    assert_true(s.must_change);
    c->actor = actor_of_session(c, &s);
    const struct {
        const char *old, *new_one, *field;
    } wrong[] = {{"wrong", next, "old"}, {PASSWORD, PASSWORD, "password"}, {PASSWORD, "matkhau123456", "password"}, {PASSWORD, "ngắn", "password"}, {PASSWORD, "Nguyễn Văn Đức 1970", "password"}};
    for (size_t i = 0; i < N(wrong); i++) {
        problems_start(&p, c);
        assert_false(password_change(d.gate, d.ss, c, &s, wrong[i].old, wrong[i].new_one, &p));
        assert_true(p.first && strcmp(p.first->field, wrong[i].field) == 0);
    }
    assert_true(session_find(d.ss, c, other.token, &t));
    problems_start(&p, c);
    assert_true(password_change(d.gate, d.ss, c, &s, PASSWORD, next, &p));
    assert_true(session_find(d.ss, c, mine.token, &s));
    assert_false(s.must_change);
    assert_false(session_find(d.ss, c, other.token, &t)); /* all others are signed out */
    c->actor = access_operator(c, "test");
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &r), SIGN_IN_WRONG);
    assert_int_equal(try(&d, "bt.duc", next, NULL, NULL, &r), SIGN_IN_OK);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM audit WHERE after LIKE '%argon2%' OR before LIKE '%argon2%' OR note LIKE '%khoai%'"), 0);
    close_door(&d);
}

static void the_password_again(void **state)
{
    struct door d = open_door(state);
    struct ctx *c = d.c;
    struct sign_in_result mine;
    struct session s;
    int64_t wait;
    assert_int_equal(try(&d, "bt.duc", PASSWORD, NULL, NULL, &mine), SIGN_IN_OK);
    later(c, 600);
    assert_true(session_find(d.ss, c, mine.token, &s));
    assert_true(c->now.v - s.fresh.v > 300 * 1000);
    assert_int_equal(sign_in_again(d.gate, d.ss, c, &s, "wrong", "192.0.2.1", &wait), SIGN_IN_WRONG);
    assert_int_equal(sign_in_again(d.gate, d.ss, c, &s, PASSWORD, "192.0.2.1", &wait), SIGN_IN_OK);
    assert_true(session_find(d.ss, c, mine.token, &s));
    assert_int_equal(s.fresh.v, c->now.v);
    int checked = 0;
    for (int i = 0; i < 100; i++)
        checked += sign_in_again(d.gate, d.ss, c, &s, "wrong", "192.0.2.1", &wait) == SIGN_IN_WRONG;
    assert_true(checked <= 10);
    close_door(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(right_and_wrong, open_people, close_people),
        cmocka_unit_test_setup_teardown(old_hashes_are_made_new, open_people, close_people),
        cmocka_unit_test_setup_teardown(guessing, open_people, close_people),
        cmocka_unit_test_setup_teardown(devices, open_people, close_people),
        cmocka_unit_test_setup_teardown(networks, open_people, close_people),
        cmocka_unit_test(checks_an_hour),
        cmocka_unit_test_setup_teardown(nobody_learns_who_there_is, open_people, close_people),
        cmocka_unit_test_setup_teardown(a_new_password, open_people, close_people),
        cmocka_unit_test_setup_teardown(the_password_again, open_people, close_people),
    };
    return t_run("sign_in", tests, N(tests));
}
