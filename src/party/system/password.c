/* Passwords of accounts: which are taken, how they are set. What is refused is judged by what is left of a password when all that
 * anybody would try is taken away, so that "Đảng bộ 2026!!" is as short as it is. No rules of composition, no expiry. */
#include "party/sign_in.h"
#include "party/verbs.h"

#include "base/embedded.h"
#include "base/str.h"
#include "base/text.h"

enum { OWN_LEAST = 6, CONTEXT_MOST = 48, BYTES_MOST = 4 * PASSWORD_LONGEST };

const char *password_normal(struct ctx *c, const char *typed)
{
    size_t n = typed ? strlen(typed) : 0;
    char *s = typed && n <= 3 * BYTES_MOST ? text_nfc(&c->arena, typed, n) : NULL;
    return s && strlen(s) <= BYTES_MOST ? s : NULL;
}

static size_t characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

/* --- what anybody would try ---------------------------------------------------------------------- */

struct words_tried {
    const char *common;        /* lines of the built-in list */
    const char *own[CONTEXT_MOST]; /* of this account, folded */
    size_t n;
};

static void try_word(struct words_tried *w, const char *s)
{
    if (s && strlen(s) >= 3 && w->n < CONTEXT_MOST)
        w->own[w->n++] = s;
}

/* The words of a text, each and all together. */
static void try_text(struct ctx *c, struct words_tried *w, const char *said)
{
    char *fold = said ? text_fold(&c->arena, said) : NULL;
    if (!fold)
        return;
    for (const char *s = fold; *s;) {
        size_t n = strcspn(s, " ");
        try_word(w, arena_copy(&c->arena, s, n));
        s += n + (s[n] == ' ');
    }
    char *joined = arena_text(&c->arena, fold), *to = joined;
    for (const char *s = fold; *s; s++)
        if (*s != ' ')
            *to++ = *s;
    *to = '\0';
    try_word(w, joined);
}

static void try_birth(struct ctx *c, struct words_tried *w, int32_t born)
{
    int y = born / 10000, m = born / 100 % 100, d = born % 100;
    if (!born)
        return;
    try_word(w, arena_printf(&c->arena, "%04d", y));
    if (!m || !d)
        return;
    try_word(w, arena_printf(&c->arena, "%02d%02d%04d", d, m, y));
    try_word(w, arena_printf(&c->arena, "%02d%02d%02d", d, m, y % 100));
    try_word(w, arena_printf(&c->arena, "%02d%02d", d, m));
    try_word(w, arena_printf(&c->arena, "%d%d%04d", d, m, y));
}

static void try_account(struct ctx *c, struct words_tried *w, int64_t account)
{
    struct rows *r = db_query(c,
                              "SELECT a.login, a.name, p.name, p.born, u.name FROM account a LEFT JOIN person p ON p.id = a.person "
                              "LEFT JOIN unit u ON u.shard = 0 AND u.id = p.unit WHERE a.shard = 0 AND a.id = $1",
                              V(account));
    if (rows_next(r)) {
        try_text(c, w, rows_text(r, 0));
        try_text(c, w, rows_text(r, 1));
        try_text(c, w, rows_text(r, 2));
        try_birth(c, w, (int32_t)rows_int(r, 3));
        try_text(c, w, rows_text(r, 4));
    }
    rows_close(r);
}

static size_t common_at(const struct words_tried *w, const char *s)
{
    size_t best = 0;
    for (const char *line = w->common; line && *line;) {
        size_t n = strcspn(line, "\n");
        if (n > best && *line != '#' && strncmp(s, line, n) == 0)
            best = n;
        line += n + (line[n] == '\n');
    }
    return best;
}

/* 1234, 9876, abcd: how long it goes on; aaaa too. */
static size_t run_at(const char *s)
{
    size_t best = 1;
    for (int step = -1; step <= 1; step++) {
        size_t n = 1;
        while (s[n] && (s[n] == s[n - 1] + step || (step == 1 && s[n] == '0' && s[n - 1] == '9')))
            n++;
        best = n > best ? n : best;
    }
    return best >= 3 ? best : 0;
}

/* Neighbours on a keyboard, either way. */
static size_t keys_at(const char *s)
{
    static const char *const rows[] = {"qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1q2w3e4r5t6y7u8i9o0p", "qazwsxedcrfvtgbyhnujmikolp"};
    size_t best = 0;
    for (size_t i = 0; i < N(rows); i++)
        for (const char *at = strchr(rows[i], *s); at && *s; at = strchr(at + 1, *s)) {
            size_t on = 1, back = 1;
            while (s[on] && at[on] == s[on])
                on++;
            while (s[back] && at - back >= rows[i] && at[-(ptrdiff_t)back] == s[back])
                back++;
            best = on > best ? on : best;
            best = back > best ? back : best;
        }
    return best >= 4 ? best : 0;
}

static size_t year_at(const char *s)
{
    bool digits = strspn(s, "0123456789") >= 4;
    return digits && (strncmp(s, "19", 2) == 0 || strncmp(s, "20", 2) == 0) ? 4 : 0;
}

static size_t longest_at(const struct words_tried *w, const char *s)
{
    size_t found[] = {common_at(w, s), run_at(s), keys_at(s), year_at(s)}, best = 0;
    for (size_t i = 0; i < N(found); i++)
        best = found[i] > best ? found[i] : best;
    for (size_t i = 0; i < w->n; i++)
        if (strlen(w->own[i]) > best && str_starts(s, w->own[i]))
            best = strlen(w->own[i]);
    return best;
}

/* How many steps the whole takes: a word that anybody would try is one, so is every other letter; what was there before counts no
 * second time. `s` is at most BYTES_MOST long. */
static size_t own_length(const struct words_tried *w, const char *s)
{
    size_t steps = 0;
    for (size_t at = 0; s[at];) {
        size_t n = longest_at(w, s + at), again = 0;
        for (size_t from = 0; from < at; from++) {
            size_t same = 0;
            while (from + same < at && s[at + same] && s[from + same] == s[at + same])
                same++;
            again = same > again ? same : again;
        }
        if (again >= 4 && again >= n) {
            at += again;
            continue;
        }
        at += n ? n : 1;
        steps++;
    }
    return steps;
}

/* Small letters without diacritics, signs as they are; `swapped` reads @ 0 1 3 $ as the letters that they stand for. */
static char *plain(struct ctx *c, const char *s, bool swapped)
{
    static const char from[] = "@01345$7!", to[] = "aoieassti";
    struct buf b = {0};
    for (size_t n = strlen(s); *s;) {
        uint32_t cp;
        size_t len = utf8_next(s, n, &cp);
        len = len ? len : 1;
        const char *sign = swapped && len == 1 ? strchr(from, *s) : NULL;
        char *letter = sign ? arena_copy(&c->arena, &to[sign - from], 1) : text_fold(&c->arena, arena_copy(&c->arena, s, len));
        if (letter && *letter)
            buf_puts(&b, letter);
        else if (len > 1 || *s != ' ')
            buf_add(&b, s, len);
        s += len;
        n -= len;
    }
    buf_char(&b, '\0');
    return buf_take(&b, &c->arena);
}

/* Takes the signs out, and returns how many kinds of them there were: 27/03/1970 is a day with one sign. */
static size_t signs_out(char *s)
{
    bool had[256] = {false};
    size_t kinds_of = 0;
    char *to = s;
    for (; *s; s++) {
        unsigned char ch = (unsigned char)*s;
        bool sign = ch < 0x80 && !((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9'));
        kinds_of += sign && !had[ch];
        had[ch] = true;
        if (!sign)
            *to++ = *s;
    }
    *to = '\0';
    return kinds_of;
}

static bool guessable(struct ctx *c, const char *s, const struct words_tried *w)
{
    for (int swapped = 0; swapped <= 1; swapped++) {
        char *whole = plain(c, s, swapped);
        size_t steps = own_length(w, whole), signs = signs_out(whole);
        if (steps < OWN_LEAST || signs + own_length(w, whole) < OWN_LEAST)
            return true;
    }
    return false;
}

const char *password_accept(struct ctx *c, struct problems *p, const char *typed, int64_t account, const char *login, const char *name)
{
    const char *s = password_normal(c, typed);
    size_t n = s ? characters(s) : 0;
    const struct embedded *list = embedded_find("lists/password_words.txt");
    struct words_tried w = {.common = list ? (const char *)list->data : NULL};
    if (!s || n < PASSWORD_SHORTEST || n > PASSWORD_LONGEST) {
        problem(p, "password", "Mật khẩu phải có từ %d đến %d ký tự; dùng được mọi chữ, dấu và khoảng trắng.",
                "A password has %d to %d characters; any letters, signs and spaces will do.", PASSWORD_SHORTEST, PASSWORD_LONGEST);
        return NULL;
    }
    try_text(c, &w, login);
    try_text(c, &w, name);
    if (account)
        try_account(c, &w, account);
    if (guessable(c, s, &w)) {
        problem(p, "password", "Mật khẩu này dễ đoán (chữ thường dùng, dãy phím, năm, tên của bạn): hãy ghép ba, bốn từ không liên quan với nhau.",
                "This password is easy to guess (common words, rows of keys, years, your name): put three or four unrelated words together.");
        return NULL;
    }
    return failed(c) ? NULL : s;
}

/* --- accounts --------------------------------------------------------------------------------------- */

static bool look(struct ctx *c, struct rows *r, struct account_look *out)
{
    bool found = rows_next(r);
    if (found)
        *out = (struct account_look){.id = rows_int(r, 0), .person = rows_int(r, 1), .login = arena_text(&c->arena, rows_text(r, 2)),
                                     .name = arena_text(&c->arena, rows_text(r, 3)), .password = arena_text(&c->arena, rows_text(r, 4)),
                                     .locked = rows_int(r, 5) != 0, .must_change = rows_int(r, 6) != 0, .second = rows_int(r, 7) != 0};
    rows_close(r);
    return found && !failed(c);
}

#define LOOK                                                                          \
    "SELECT id, person, login, name, password, locked, must_change, "                 \
    "(SELECT count(*) FROM second_factor f WHERE f.shard = 0 AND f.account = account.id) FROM account WHERE shard = 0 AND removed_at = 0 AND "

bool account_look(struct ctx *c, const char *login, struct account_look *out)
{
    return look(c, db_query(c, LOOK "login = $1", V(login)), out);
}

bool account_look_by_id(struct ctx *c, int64_t id, struct account_look *out)
{
    return look(c, db_query(c, LOOK "id = $1", V(id)), out);
}

/* Nobody changes their own account, but their password; so what is written here follows from what the caller has asked. */
static bool write_password(struct ctx *c, int64_t account, const char *hash, int must_change, struct problems *p)
{
    bool ok = false;
    c->consequence++;
    void *a = record_find(c, &account_kind, account, 0);
    if (a) {
        field_set(field_need(&account_kind, "password"), a, value_text(hash));
        if (must_change >= 0)
            field_set(field_need(&account_kind, "must_change"), a, value_int(must_change));
        ok = record_save(c, &account_kind, a, p);
    }
    c->consequence--;
    return ok;
}

bool password_set(struct ctx *c, int64_t account, const char *hash, bool must_change, int64_t session, struct problems *p)
{
    if (!write_password(c, account, hash, must_change, p))
        return false;
    session_store_end_all(c, account, session);
    return !failed(c);
}

void account_rehash(struct ctx *c, int64_t account, const char *old_hash, const char *new_hash)
{
    struct account_look now;
    struct problems p;
    problems_start(&p, c);
    if (account_look_by_id(c, account, &now) && str_same(now.password, old_hash))
        write_password(c, account, new_hash, -1, &p);
}

void account_note(struct ctx *c, int64_t account, const char *act, const char *note)
{
    audit_write(c, &(struct audit_entry){.act = act, .kind = account_kind.name, .record = account, .note = note});
}
