/* Accounts for the tests of signing in: an administrator, and a secretary whose office gives rights. Their passwords are as cheap to
 * check as the library allows, so that hundreds of checks are quick. */
#ifndef TESTS_WEB_PEOPLE_H
#define TESTS_WEB_PEOPLE_H

#include "party/sign_in.h"
#include "party/verbs.h"
#include "tests/kinds/small.h"
#include "tests/t.h"
#include "tests/testdb.h"

#include <sodium.h>

#define PASSWORD "ba con mèo trắng ngồi hiên"

struct people {
    struct ctx *c;
    int64_t unit, person, office, secretary, admin;
};

static inline const char *cheap_hash(struct ctx *c, const char *password)
{
    char *out = arena_alloc(&c->arena, crypto_pwhash_STRBYTES);
    assert_int_equal(crypto_pwhash_str_alg(out, password, strlen(password), 1, 8192, crypto_pwhash_ALG_ARGON2ID13), 0);
    return out;
}

static inline int64_t put_account(struct ctx *c, const char *login, const char *person, const char *password)
{
    int64_t id = put(c, &account_kind, "login", login, "name", login, "person", person, NULL);
    struct problems p;
    problems_start(&p, c);
    assert_true(db_begin(c, DB_WRITE));
    assert_true(password_set(c, id, password, false, 0, &p));
    assert_true(db_commit(c));
    return id;
}

static inline int open_people(void **state)
{
    static struct people w;
    struct ctx *c = w.c = small_open();
    c->after_begin = actor_refresh;
    w.unit = put(c, &unit_kind, "code", "CB1", "name", "Chi bộ thôn Hạ", "type", "cell", "founded_on", "01/01/1990", NULL);
    w.person = put(c, &person_kind, "code", "P1", "name", "Nguyễn Văn Đức", "cell", "CB1", "born", "27/03/1970", "admitted_on", "19/05/2000", "official_on", "19/05/2001", NULL);
    w.office = put(c, &appointment_kind, "person", "P1", "office", "secretary", "at_unit", "CB1", "since", "01/01/2022", NULL);
    w.secretary = put_account(c, "bt.duc", "P1", cheap_hash(c, PASSWORD));
    w.admin = put_account(c, "qt.an", NULL, cheap_hash(c, PASSWORD));
    put(c, &grant_kind, "account", "qt.an", "role", "technical_admin", "reason", "test", NULL);
    *state = &w;
    return 0;
}

static inline int close_people(void **state)
{
    small_close(((struct people *)*state)->c);
    return 0;
}

static inline int64_t entries(struct ctx *c, const char *act, int64_t account)
{
    return db_one_int(c, "SELECT count(*) FROM audit WHERE act = $1 AND record = $2", V(act), V(account));
}

static inline void later(struct ctx *c, int64_t seconds)
{
    c->now.v += seconds * 1000;
    c->today = instant_day(c->now);
}

#endif
