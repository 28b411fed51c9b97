/* Who may sign in: a login, its person, its password as an Argon2id hash. No account exists by default. An account has no rights of
 * itself: they come from the person's offices and from grants. */
#include "party/sign_in.h"
#include "party/verbs.h"

struct account {
    struct row row;
    text login, name;
    person_id person;
    text password; /* PHC string */
    flag locked, must_change;
    text note;
};

static const struct field fields[] = {
    TEXT(account, login, .label = {"Tên đăng nhập", "Login"}, .flags = REQUIRED | LISTED | UNIQUE, .min = 2, .max = 60),
    TEXT(account, name, .label = {"Tên hiển thị", "Name"}, .flags = LISTED, .max = 100),
    REF(account, person, person, .label = {"Người dùng", "Person"}, .flags = LISTED),
    TEXT(account, password, .label = {"Mật khẩu", "Password"}, .flags = SECRET | READONLY, .max = 200),
    FLAG(account, locked, .label = {"Đã khóa", "Locked"}, .flags = LISTED),
    FLAG(account, must_change, .label = {"Phải đổi mật khẩu", "Must change the password"}),
    TEXT(account, note, .label = {"Ghi chú", "Note"}, .max = 500),
};

static void fill(struct ctx *c, void *now, const void *was)
{
    struct account *a = now;
    (void)was;
    if (!a->name.s && a->person.v) {
        struct rows *r = db_query(c, "SELECT name FROM person WHERE id = $1", V(a->person.v));
        if (rows_next(r))
            a->name.s = arena_text(&c->arena, rows_text(r, 0));
        rows_close(r);
    }
    if (!a->name.s)
        a->name = a->login;
}

static void check(struct ctx *c, struct problems *p, const void *now, const void *was)
{
    const struct account *a = now;
    (void)was;
    (void)c;
    for (const char *s = a->login.s; s && *s; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '.' || *s == '_' || *s == '-' || *s == '@')) {
            problem(p, "login", "Tên đăng nhập chỉ gồm chữ thường không dấu, số và . _ - @, ví dụ “nv.duc”.",
                    "A login has only lower-case letters without diacritics, digits and . _ - @, such as “nv.duc”.");
            return;
        }
}

/* Whoever is locked or taken off is signed out at once. */
static void saved(struct ctx *c, const void *now, const void *was)
{
    const struct account *a = now, *b = was;
    if (b && (!a || a->locked.v || a->row.removed_at.v))
        session_store_end_all(c, b->row.id, 0);
}

const struct kind account_kind = {
    .name = "account", .label = {"Tài khoản", "Account"}, .plural = {"Tài khoản", "Accounts"}, .size = sizeof(struct account), FIELDS(fields),
    .code = "login", .title = "name", .where = "unit", .subject = "id", .flags = REFERENCE | SYSTEM, .fill = fill, .check = check, .saved = saved,
};
