/* Sessions: found by their token alone, without a statement; ended by time, by hand, with their account, and with a new password;
 * rights end with the office while somebody is signed in. Tokens of programs. */
#include "people.h"

#include "base/str.h"
#include "web/session.h"

static const char *begin(struct sessions *ss, struct ctx *c, int64_t account)
{
    assert_true(db_begin(c, DB_WRITE));
    const char *token = session_begin(ss, c, account, "password", "192.0.2.7", "Mozilla/5.0 \x01 đ");
    assert_true(db_commit(c));
    assert_non_null(token);
    return token;
}

static bool found(struct sessions *ss, struct ctx *c, const char *token)
{
    struct session s;
    bool yes = session_find(ss, c, token, &s);
    assert_false(failed(c));
    return yes;
}

/* Signed in, in a transaction: what the actor may do now. */
static bool reads_people(struct ctx *c, const struct session *s, bool *gone)
{
    const struct actor *asking = c->actor;
    struct actor *a = actor_of_session(c, s);
    c->actor = a;
    assert_true(db_begin(c, DB_READ));
    bool yes = scope_any(c, &person_kind, ACT_CHANGE);
    *gone = a->gone;
    assert_true(db_commit(c));
    c->actor = asking;
    return yes;
}

static void a_session(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c);
    struct session s;
    const char *token = begin(ss, c, w->secretary), *other = begin(ss, c, w->secretary);
    assert_int_equal(strlen(token), TOKEN_TEXT - 1);
    assert_string_not_equal(token, other);
    assert_true(session_find(ss, c, token, &s));
    assert_int_equal(s.account, w->secretary);
    assert_int_equal(s.person, w->person);
    assert_string_equal(s.login, "bt.duc");
    assert_string_equal(s.address, "192.0.2.7");
    assert_string_equal(s.agent, "Mozilla/5.0 ? ??");
    assert_false(s.administrator);
    int64_t before = db_statements(c);
    for (int i = 0; i < 100; i++)
        assert_true(found(ss, c, token));
    assert_int_equal(db_statements(c), before);
    char changed[TOKEN_TEXT];
    memcpy(changed, token, sizeof changed);
    changed[5] = changed[5] == 'a' ? 'b' : 'a';
    const char *wrong[] = {changed, "", "x", NULL, "' OR 1=1 --                                 "};
    for (size_t i = 0; i < N(wrong); i++)
        assert_false(found(ss, c, wrong[i]));
    struct rows *r = db_query(c, "SELECT hash FROM session");
    while (rows_next(r)) { /* the table opens nothing */
        assert_int_equal(strlen(rows_text(r, 0)), HASH_HEX - 1);
        assert_string_not_equal(rows_text(r, 0), token);
        assert_false(token_lawful(rows_text(r, 0)));
    }
    struct session *list;
    assert_true(db_begin(c, DB_READ));
    assert_int_equal(session_list(c, w->secretary, &list), 2);
    assert_true(db_commit(c));
    assert_int_equal(session_end(ss, c, w->admin, s.id), 0); /* not theirs */
    assert_true(found(ss, c, token));
    assert_int_equal(session_end(ss, c, w->secretary, s.id), 1);
    assert_false(found(ss, c, token));
    assert_true(found(ss, c, other));
    assert_int_equal(entries(c, "sign_out", w->secretary), 1);
    assert_int_equal(session_end_all(ss, c, w->secretary, 0), 1);
    assert_false(found(ss, c, other));
    sessions_free(ss);
}

static void ends_by_time(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c);
    struct session s;
    const char *member = begin(ss, c, w->secretary), *admin = begin(ss, c, w->admin);
    assert_true(session_find(ss, c, admin, &s));
    assert_true(s.administrator);
    assert_int_equal(session_ends_in(ss, &s, c->now), 15 * 60);
    assert_true(session_find(ss, c, member, &s));
    assert_int_equal(session_ends_in(ss, &s, c->now), 30 * 60);
    later(c, 15 * 60 - 1);
    assert_true(found(ss, c, admin));
    later(c, 15 * 60);
    assert_false(found(ss, c, admin));
    assert_true(found(ss, c, member));
    later(c, 30 * 60);
    assert_false(found(ss, c, member));
    const char *all_day = begin(ss, c, w->secretary);
    for (int i = 0; i < 12 * 3 - 1; i++) {
        later(c, 20 * 60);
        assert_true(found(ss, c, all_day));
    }
    later(c, 20 * 60);
    assert_false(found(ss, c, all_day)); /* twelve hours, however busy */
    session_flush(ss, c);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM session"), 0);
    sessions_free(ss);
}

/* Last seen is written at most once a minute, and is what another server, or the next, goes by. */
static void seen_is_kept(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c), *next;
    const char *token = begin(ss, c, w->secretary);
    session_flush(ss, c);
    later(c, 20 * 60);
    assert_true(found(ss, c, token));
    assert_true(session_flush_due(ss, c->now));
    session_flush(ss, c);
    assert_false(session_flush_due(ss, c->now));
    int64_t before = db_one_int(c, "SELECT seen FROM session");
    assert_int_equal(before, c->now.v);
    later(c, 20 * 60);
    next = sessions_new(c);
    assert_true(found(next, c, token)); /* 40 minutes after it began */
    later(c, 5 * 60);
    session_flush(next, c);
    assert_true(db_one_int(c, "SELECT seen FROM session") > before);
    later(c, 28 * 60);
    assert_false(found(ss, c, token) && !found(next, c, token));
    sessions_free(ss);
    sessions_free(next);
}

static void a_lock_ends_it(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c), *elsewhere = sessions_new(c);
    struct session s, there;
    bool gone;
    const char *token = begin(ss, c, w->secretary);
    assert_true(session_find(ss, c, token, &s) && session_find(elsewhere, c, token, &there));
    assert_true(reads_people(c, &s, &gone) && !gone);
    assert_true(change(c, &account_kind, w->secretary, "locked", "1", NULL));
    /* both remember it, and neither lets it do anything */
    assert_true(!reads_people(c, &s, &gone) && gone);
    assert_true(!reads_people(c, &there, &gone) && gone);
    session_forget(ss, w->secretary);
    assert_false(found(ss, c, token));
    assert_true(change(c, &account_kind, w->secretary, "locked", "", NULL));
    assert_false(found(ss, c, token)); /* unlocking brings nobody back */
    assert_true(!reads_people(c, &there, &gone) && gone);
    later(c, 61);
    assert_false(found(elsewhere, c, token)); /* looked at again */
    sessions_free(ss);
    sessions_free(elsewhere);
}

static void an_office_ends(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c);
    struct session s;
    bool gone;
    const char *token = begin(ss, c, w->secretary);
    assert_true(session_find(ss, c, token, &s));
    assert_true(reads_people(c, &s, &gone));
    assert_true(change(c, &appointment_kind, w->office, "until", "02/06/2025", NULL));
    assert_true(session_find(ss, c, token, &s)); /* still signed in, */
    assert_true(!reads_people(c, &s, &gone) && !gone); /* without the rights of the office */
    assert_true(change(c, &appointment_kind, w->office, "until", "", NULL));
    assert_true(reads_people(c, &s, &gone));
    assert_int_equal(session_end(ss, c, w->secretary, s.id), 1);
    assert_true(!reads_people(c, &s, &gone) && gone);
    sessions_free(ss);
}

static void forms_are_bound(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c);
    const char *a = begin(ss, c, w->secretary), *b = begin(ss, c, w->secretary);
    char of_a[HASH_HEX], of_b[HASH_HEX], hash[HASH_HEX];
    session_csrf(a, of_a);
    session_csrf(b, of_b);
    hash_text(a, hash);
    assert_string_not_equal(of_a, of_b);
    assert_string_not_equal(of_a, hash); /* what the table holds makes no form */
    assert_true(session_csrf_right(a, of_a));
    assert_false(session_csrf_right(a, of_b));
    assert_false(session_csrf_right(b, of_a));
    assert_false(session_csrf_right(a, NULL));
    assert_false(session_csrf_right(a, ""));
    assert_false(session_csrf_right(NULL, of_a));
    of_a[0] = of_a[0] == '0' ? '1' : '0';
    assert_false(session_csrf_right(a, of_a));
    sessions_free(ss);
}

/* More sessions than a server remembers: all are found, and those seen last without looking. */
static void many(void **state)
{
    enum { MANY = 6000 };
    struct people *w = *state;
    struct ctx *c = w->c;
    struct sessions *ss = sessions_new(c);
    const char **tokens = NEW_N(&c->arena, const char *, MANY);
    assert_true(db_begin(c, DB_WRITE));
    for (int i = 0; i < MANY; i++)
        tokens[i] = session_begin(ss, c, w->secretary, "password", "192.0.2.7", NULL);
    assert_true(db_commit(c));
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < MANY; i++)
            assert_true(found(ss, c, tokens[i]));
    int64_t before = db_statements(c);
    assert_true(found(ss, c, tokens[MANY - 1]));
    assert_int_equal(db_statements(c), before);
    for (int i = 0; i < MANY; i++) { /* every sign of a token is used, everywhere */
        assert_true(token_lawful(tokens[i]));
        assert_true(i == 0 || strcmp(tokens[i], tokens[i - 1]) != 0);
    }
    assert_int_equal(session_end_all(ss, c, w->secretary, 0), MANY);
    assert_false(found(ss, c, tokens[MANY - 1]));
    sessions_free(ss);
}

/* --- tokens of programs ------------------------------------------------------------------------------ */

static const char *make(struct ctx *c, int64_t account, const char *scopes, int days, size_t *problems)
{
    struct problems p;
    problems_start(&p, c);
    assert_true(db_begin(c, DB_WRITE));
    const char *token = token_make(c, account, "Máy chủ báo cáo", scopes_parse(scopes), days, &p);
    assert_true(db_commit(c));
    if (problems)
        *problems = p.n;
    return token;
}

static unsigned acts_of(struct ctx *c, const struct token *t, bool *gone)
{
    const struct actor *asking = c->actor;
    struct actor *a = actor_of_token(c, t);
    unsigned acts = 0;
    c->actor = a;
    assert_true(db_begin(c, DB_READ));
    for (unsigned act = ACT_READ; act <= ACT_ADMIN; act *= 2)
        acts |= scope_any(c, &person_kind, act) ? act : 0;
    *gone = a->gone;
    assert_true(db_commit(c));
    c->actor = asking;
    return acts;
}

static void tokens(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    struct token t;
    bool gone;
    size_t problems;
    assert_null(make(c, w->secretary, "read,everything", 30, &problems));
    assert_int_equal(problems, 1);
    assert_null(make(c, w->secretary, "read", 366, &problems));
    assert_null(make(c, w->secretary, "read", 0, &problems));
    const char *reads = make(c, w->secretary, "read", 365, NULL), *writes = make(c, w->secretary, "write,export", 30, NULL);
    assert_true(reads && writes);
    assert_false(token_find(c, "x", &t));
    assert_true(token_find(c, reads, &t));
    assert_int_equal(t.account, w->secretary);
    assert_int_equal(acts_of(c, &t, &gone), ACT_READ);
    assert_false(gone);
    assert_true(token_find(c, writes, &t));
    assert_int_equal(acts_of(c, &t, &gone), ACT_READ | ACT_ADD | ACT_CHANGE | ACT_EXPORT); /* the office's, no more */
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM api_token WHERE hash = $1", V(writes)), 0);
    assert_int_equal(entries(c, "token_made", w->secretary), 2);
    struct sessions *ss = sessions_new(c);
    assert_false(found(ss, c, writes)); /* never a session */
    session_note_token(ss, t.id, c->now);
    session_flush(ss, c);
    assert_true(token_find(c, writes, &t));
    assert_int_equal(t.used.v, c->now.v);
    sessions_free(ss);
    assert_true(db_begin(c, DB_WRITE));
    assert_false(token_end(c, w->admin, t.id));
    assert_true(token_end(c, w->secretary, t.id));
    assert_false(token_end(c, w->secretary, t.id));
    assert_true(db_commit(c));
    assert_int_equal(entries(c, "token_ended", w->secretary), 1);
    assert_int_equal(acts_of(c, &t, &gone), 0);
    assert_true(gone);
    assert_false(token_find(c, writes, &t));
    assert_true(token_find(c, reads, &t));
    assert_true(change(c, &account_kind, w->secretary, "locked", "1", NULL));
    assert_false(token_find(c, reads, &t));
    assert_int_equal(acts_of(c, &t, &gone), 0);
    assert_true(change(c, &account_kind, w->secretary, "locked", "", NULL));
    later(c, INT64_C(365) * 86400 - 1);
    assert_true(token_find(c, reads, &t));
    later(c, 1);
    assert_false(token_find(c, reads, &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_session, open_people, close_people),    cmocka_unit_test_setup_teardown(ends_by_time, open_people, close_people),
        cmocka_unit_test_setup_teardown(seen_is_kept, open_people, close_people), cmocka_unit_test_setup_teardown(a_lock_ends_it, open_people, close_people),
        cmocka_unit_test_setup_teardown(an_office_ends, open_people, close_people), cmocka_unit_test_setup_teardown(forms_are_bound, open_people, close_people),
        cmocka_unit_test_setup_teardown(many, open_people, close_people),         cmocka_unit_test_setup_teardown(tokens, open_people, close_people),
    };
    return t_run("sessions", tests, N(tests));
}
