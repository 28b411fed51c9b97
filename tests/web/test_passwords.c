/* Which passwords are taken, whatever form they are typed in; the one-time token of the first administrator. */
#include "people.h"

#include "base/embedded.h"
#include "base/str.h"

static bool taken(struct ctx *c, const char *typed, int64_t account)
{
    struct problems p;
    problems_start(&p, c);
    assert_true(db_begin(c, DB_READ));
    const char *s = password_accept(c, &p, typed, account, NULL, NULL);
    assert_true(db_commit(c));
    assert_int_equal(p.n, s ? 0 : 1);
    return s != NULL;
}

static void must_take(struct ctx *c, const char *typed, int64_t account, bool want)
{
    if (taken(c, typed, account) != want)
        fail_msg("“%s” is %s", typed, want ? "refused" : "taken");
}

static void lengths(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    char line[520];
    static const char *const letters[] = {"a", "ậ", "đ", "Ǖ"};
    for (size_t n = 10; n <= 130; n++) {
        size_t at = 0;
        for (size_t i = 0; i < n; i++) /* no row of keys, no run, no repetition that counts as one */
            at += (size_t)snprintf(line + at, sizeof line - at, "%s", i < 10 ? &"w\0j\0p\0v\0x\0m\0k\0z\0f\0q\0"[2 * i] : letters[(i * i + i / 4) % 4]);
        must_take(c, line, 0, n >= 12 && n <= 128);
    }
    must_take(c, "", 0, false);
    must_take(c, NULL, 0, false);
    must_take(c, "\xff\xfe\xfd not UTF-8 at all", 0, false);
}

static void forms(void **state)
{
    struct ctx *c = ((struct people *)*state)->c;
    const char *nfc = "một con vịt xòe hai cái cánh", *nfd = "mo\xcc\xa3\xcc\x82t con vi\xcc\xa3t xo\xcc\x80" "e hai ca\xcc\x81i ca\xcc\x81nh";
    assert_string_not_equal(nfc, nfd);
    assert_string_equal(password_normal(c, nfc), password_normal(c, nfd));
}

static void guesses(void **state)
{
    struct people *w = *state;
    struct ctx *c = w->c;
    static const char *const bad[] = {
        "matkhau123456", "Mật khẩu 123456", "password1234", "P@ssw0rd2024", "Passw0rd!!!!", "qwertyuiop[]", "1qaz2wsx3edc", "asdfghjkl123", "123456789012", "aaaaaaaaaaaa",
        "abcdefghijkl", "zyxwvutsrqpo", "abcabcabcabc", "x7x7x7x7x7x7x7", "dangbo123456", "Đảng bộ 2026!", "chibo@2026@@@", "Chi bộ thôn 2025", "bithuchibo2026", "dangcongsanvietnam",
        "DangCongSanVietNam2026", "danguyxa@123", "admin@123456", "administrator1", "iloveyou1234", "anhyeuem1234", "Vietnam@2024!", "Hanoi-Saigon-1975", "passwordpassword",
        "nguyenvan1970", "letmein12345", "basketball12", "christopher1", "Hà Nội 2026 !!!", "tinhuy2026**", "unbelievable", "trustno1trustno1", "20102010201020102010",
    };
    static const char *const good[] = {
        "ba con mèo trắng ngồi hiên", "correct horse battery staple", "khoai lang nướng bếp củi", "Xe đạp cũ 37 vòng quanh hồ", "T4!kdmw92xpLq", "ngõ nhỏ phố nhỏ nhà tôi ở đó",
    };
    for (size_t i = 0; i < N(bad); i++)
        must_take(c, bad[i], 0, false);
    for (size_t i = 0; i < N(good); i++)
        must_take(c, good[i], 0, true);
    /* what everybody knows of the owner */
    static const char *const own[] = {"bt.duc bt.duc", "nguyenvanduc1970", "Nguyễn Văn Đức", "Duc27031970!!", "btduc@27/03/1970", "NguyenVanDuc@27", "chibothonha1970"};
    for (size_t i = 0; i < N(own); i++)
        must_take(c, own[i], w->secretary, false);
    must_take(c, "vườn chè xanh ngắt chiều", w->secretary, true);
}

/* Each word of the list, alone and with what people put behind, however they write its letters. */
static void the_list(void **state)
{
    struct ctx *c = ((struct people *)*state)->c;
    const struct embedded *e = embedded_find("lists/password_words.txt");
    size_t n = 0;
    assert_non_null(e);
    for (const char *s = (const char *)e->data; *s;) {
        size_t len = strcspn(s, "\n");
        if (*s != '#') {
            static const char *const behind[] = {"", "123456789", "@2026", "!!!!!!!!!", "2025"};
            for (size_t i = 0; i < N(behind); i++)
                must_take(c, arena_printf(&c->arena, "%.*s%s", (int)len, s, behind[i]), 0, false);
            n++;
        }
        s += len + (s[len] == '\n');
    }
    assert_true(n > 400);
}

static void hashes(void **state)
{
    struct ctx *c = ((struct people *)*state)->c;
    char a[PASSWORD_HASH], b[PASSWORD_HASH];
    assert_true(password_hash(PASSWORD, a) && password_hash(PASSWORD, b));
    assert_string_not_equal(a, b);
    assert_true(str_starts(a, "$argon2id$v=19$m=19456,t=2,p=1$"));
    assert_true(password_verify(a, PASSWORD) && !password_verify(a, PASSWORD " "));
    assert_false(password_aged(a));
    assert_true(password_aged(cheap_hash(c, PASSWORD)));
}

/* --- the first administrator ------------------------------------------------------------------------- */

static bool accept(struct ctx *c, const char *token, const char *login, const char *password, const char **why)
{
    struct problems p;
    problems_start(&p, c);
    bool ok = setup_accept(c, token, login, password, "Trần Thị An", &p);
    assert_false(failed(c));
    *why = p.first ? p.first->field : NULL;
    return ok;
}

static const char *new_token(struct ctx *c)
{
    const char *token = db_begin(c, DB_WRITE) ? setup_token(c) : NULL;
    return db_commit(c) ? token : NULL;
}

static void the_first_administrator(void **state)
{
    struct ctx *c = small_open();
    const char *why, *old, *token;
    struct account_look a;
    (void)state;
    assert_false(accept(c, "", "qt.an", PASSWORD, &why)); /* there is no token yet */
    assert_string_equal(why, "token");
    old = new_token(c);
    token = new_token(c);
    assert_true(old && token);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM account"), 0);
    assert_false(accept(c, old, "qt.an", PASSWORD, &why)); /* the latest alone */
    assert_false(accept(c, token, "qt.an", "matkhau123456", &why));
    assert_string_equal(why, "password");
    assert_false(accept(c, token, "Qt An", PASSWORD, &why));
    assert_string_equal(why, "login");
    later(c, 3600);
    assert_false(accept(c, token, "qt.an", PASSWORD, &why)); /* an hour is over */
    assert_string_equal(why, "token");
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM account"), 0);
    token = new_token(c);
    later(c, 3599);
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM secret WHERE value LIKE '%' || $1 || '%'", V(token)), 0);
    assert_true(accept(c, token, "qt.an", PASSWORD, &why));
    assert_true(db_begin(c, DB_READ));
    assert_true(account_look(c, "qt.an", &a) && password_verify(a.password, PASSWORD));
    assert_false(setup_needed(c));
    assert_true(db_commit(c));
    assert_false(accept(c, token, "qt.binh", PASSWORD, &why)); /* it works once */
    assert_int_equal(db_one_int(c, "SELECT count(*) FROM account"), 1);
    assert_null(new_token(c)); /* and there is no other while somebody administers */
    assert_int_equal(c->err.code, ERR_CONFLICT);
    testdb_forget(c);
    struct actor *admin = access_actor(c, "qt.an");
    c->actor = admin;
    c->after_begin = actor_refresh;
    assert_true(db_begin(c, DB_READ));
    assert_true(scope_any(c, &account_kind, ACT_ADD));
    assert_false(scope_any(c, &person_kind, ACT_READ)); /* no reader of content */
    assert_true(db_commit(c));
    c->actor = access_operator(c, "test");
    assert_true(change(c, &account_kind, a.id, "locked", "1", NULL));
    assert_non_null(new_token(c)); /* nobody can administer any more */
    small_close(c);
}

static int open_none(void **state)
{
    *state = NULL;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lengths, open_people, close_people), cmocka_unit_test_setup_teardown(forms, open_people, close_people),
        cmocka_unit_test_setup_teardown(guesses, open_people, close_people), cmocka_unit_test_setup_teardown(the_list, open_people, close_people),
        cmocka_unit_test_setup_teardown(hashes, open_people, close_people),  cmocka_unit_test_setup(the_first_administrator, open_none),
    };
    return t_run("passwords", tests, N(tests));
}
