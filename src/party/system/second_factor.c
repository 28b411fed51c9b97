/* The second factor: a secret that an authenticator app shares, sealed by a key that is not in the database, the step of the code that
 * worked last, and ten codes for when the phone is lost. Who may ask for what is the caller's to check; nothing here knows pages. */
#include "party/sign_in.h"
#include "party/verbs.h"

#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { RECOVERY_LETTERS = 16, NUMBER_TEXT = 48 };
static const int64_t OFFER_MS = INT64_C(3600) * 1000;

/* --- the key ---------------------------------------------------------------------------------------- */

static bool read_key(int fd, unsigned char out[HASH_BYTES])
{
    char hex[HASH_HEX] = "";
    bool ok = read(fd, hex, HASH_HEX - 1) == HASH_HEX - 1 && hash_unhex(hex, out);
    crypt_wipe(hex, sizeof hex);
    close(fd);
    return ok;
}

/* Written beside its name and linked to it, so that nobody reads half a key, and of two that make one at once one stands. */
static bool make_key(struct ctx *c, const char *path)
{
    char own[TOKEN_TEXT], hex[HASH_HEX];
    unsigned char raw[HASH_BYTES];
    token_random(own);
    const char *beside = arena_printf(&c->arena, "%s.%.8s", path, own);
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return false;
    crypt_random(raw, sizeof raw);
    hash_hex(raw, hex);
    bool ok = write(fd, hex, HASH_HEX - 1) == HASH_HEX - 1 && write(fd, "\n", 1) == 1 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok && (link(beside, path) == 0 || errno == EEXIST);
    unlink(beside);
    crypt_wipe(raw, sizeof raw);
    crypt_wipe(hex, sizeof hex);
    return ok;
}

bool second_key(struct ctx *c, const char *path, unsigned char out[HASH_BYTES])
{
    if (!path)
        return shared_key(c, "second", out);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT && make_key(c, path))
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || !read_key(fd, out)) {
        fail(c, ERR_CONFIG, "Không đọc được khóa xác thực hai bước ở %s.", "The key of second factors cannot be read at %s.", path);
        return false;
    }
    return true;
}

/* --- a secret that is offered, and is nobody's until its first code was given -------------------------- */

struct offer {
    unsigned char secret[TOTP_SECRET];
    unsigned char at[8]; /* no room between them, so that nothing unset is sealed */
};

static const char *of_account(struct ctx *c, const char *what, int64_t account)
{
    return arena_printf(&c->arena, "%s %lld", what, (long long)account);
}

const char *second_offer(struct ctx *c, const unsigned char key[HASH_BYTES], int64_t account)
{
    struct offer o;
    char *sealed = arena_alloc(&c->arena, SEALED_TEXT(sizeof o));
    crypt_random(o.secret, sizeof o.secret);
    memcpy(o.at, &c->now.v, sizeof o.at);
    crypt_seal(key, of_account(c, "offer", account), &o, sizeof o, sealed);
    crypt_wipe(&o, sizeof o);
    return sealed;
}

bool second_offered(struct ctx *c, const unsigned char key[HASH_BYTES], int64_t account, const char *sealed, unsigned char secret[TOTP_SECRET])
{
    struct offer o;
    int64_t at;
    if (!sealed || !crypt_unseal(key, of_account(c, "offer", account), sealed, &o, sizeof o))
        return false;
    memcpy(&at, o.at, sizeof at);
    memcpy(secret, o.secret, TOTP_SECRET);
    crypt_wipe(&o, sizeof o);
    return c->now.v - at < OFFER_MS;
}

/* --- what is kept ------------------------------------------------------------------------------------- */

/* What was typed without the spaces and hyphens that people put in: at most `room` - 1 letters, else nothing. */
static void settle(const char *typed, char *out, size_t room)
{
    size_t n = 0;
    for (; typed && *typed; typed++) {
        char ch = *typed >= 'A' && *typed <= 'Z' ? (char)(*typed + 32) : *typed;
        if (ch == ' ' || ch == '-')
            continue;
        if (n == room - 1) {
            n = 0;
            break;
        }
        out[n++] = ch;
    }
    out[n] = '\0';
}

static void hash_recovery(int64_t account, const char *code, char out[HASH_HEX])
{
    char letters[RECOVERY_LETTERS + 1], whole[NUMBER_TEXT + RECOVERY_LETTERS];
    settle(code, letters, sizeof letters);
    snprintf(whole, sizeof whole, "recovery %lld %s", (long long)account, letters);
    hash_text(whole, out);
    crypt_wipe(letters, sizeof letters);
    crypt_wipe(whole, sizeof whole);
}

static void write_codes(struct ctx *c, int64_t account, struct recovery_codes *out)
{
    db_run(c, "DELETE FROM recovery_code WHERE shard = 0 AND account = $1", V(account));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        char hash[HASH_HEX];
        readable_random(out->code[i]);
        hash_recovery(account, out->code[i], hash);
        db_run(c, "INSERT INTO recovery_code (shard, account, hash) VALUES (0, $1, $2)", V(account), V((const char *)hash));
    }
}

bool second_look(struct ctx *c, int64_t account, struct second_look *out)
{
    struct rows *r = db_query(c, "SELECT since, (SELECT count(*) FROM recovery_code k WHERE k.shard = 0 AND k.account = f.account) FROM second_factor f WHERE f.shard = 0 AND f.account = $1", V(account));
    bool on = rows_next(r);
    *out = on ? (struct second_look){{rows_int(r, 0)}, rows_int(r, 1)} : (struct second_look){0};
    rows_close(r);
    return on && !failed(c);
}

bool second_turn_on(struct ctx *c, const unsigned char key[HASH_BYTES], int64_t account, const char *offer, const char *typed, struct recovery_codes *out, struct problems *p)
{
    unsigned char secret[TOTP_SECRET];
    char code[TOTP_CODE], sealed[SEALED_TEXT(TOTP_SECRET)];
    settle(typed, code, sizeof code);
    bool known = second_offered(c, key, account, offer, secret);
    int64_t step = known ? totp_step(secret, code, c->now.v / 1000, 0) : 0;
    if (!step) {
        problem(p, "code", known ? "Mã không đúng. Xem lại giờ trên điện thoại (phải đặt tự động) rồi nhập mã đang hiện." : "Trang mở đã lâu: quét mã mới ở trang này.",
                known ? "The code is wrong. See that the phone's clock is set automatically, then type the code that it shows now." : "The page was open for long: scan the new code here.");
        return false;
    }
    crypt_seal(key, of_account(c, "second", account), secret, TOTP_SECRET, sealed);
    crypt_wipe(secret, sizeof secret);
    if (db_run(c, "INSERT INTO second_factor (shard, account, sealed, step, since) VALUES (0, $1, $2, $3, $4) ON CONFLICT (shard, account) DO NOTHING", V(account), V((const char *)sealed), V(step), V(c->now.v)) != 1) {
        fail(c, ERR_CONFLICT, "Xác thực hai bước đã bật rồi: tắt trước khi chuyển sang điện thoại khác.", "The second factor is on already: turn it off before moving to another phone.");
        return false;
    }
    write_codes(c, account, out);
    session_store_end_all(c, account, 0);
    account_note(c, account, "second_on", NULL);
    return !failed(c);
}

bool second_new_codes(struct ctx *c, int64_t account, int64_t session, struct recovery_codes *out)
{
    struct second_look on;
    if (!second_look(c, account, &on))
        fail(c, ERR_CONFLICT, "Chưa bật xác thực hai bước.", "The second factor is not on.");
    if (failed(c))
        return false;
    write_codes(c, account, out);
    session_store_end_all(c, account, session);
    account_note(c, account, "second_codes", NULL);
    return !failed(c);
}

bool second_turn_off(struct ctx *c, int64_t account, int64_t session, const char *act, const char *note)
{
    if (db_run(c, "DELETE FROM second_factor WHERE shard = 0 AND account = $1", V(account)) != 1)
        fail(c, ERR_CONFLICT, "Tài khoản này chưa bật xác thực hai bước.", "The second factor of this account is not on.");
    db_run(c, "DELETE FROM recovery_code WHERE shard = 0 AND account = $1", V(account));
    session_store_end_all(c, account, session);
    account_note(c, account, act, note);
    return !failed(c);
}

/* --- a code is given ------------------------------------------------------------------------------------- */

static bool accept_code(struct ctx *c, const unsigned char key[HASH_BYTES], int64_t account, const char *code)
{
    unsigned char secret[TOTP_SECRET];
    struct rows *r = db_query(c, "SELECT sealed, step FROM second_factor WHERE shard = 0 AND account = $1", V(account));
    bool known = rows_next(r) && crypt_unseal(key, of_account(c, "second", account), rows_text(r, 0), secret, TOTP_SECRET);
    int64_t step = known ? totp_step(secret, code, c->now.v / 1000, rows_int(r, 1)) : 0;
    rows_close(r);
    crypt_wipe(secret, sizeof secret);
    /* of two that give the same code at once, one writes the step */
    return step && db_run(c, "UPDATE second_factor SET step = $2 WHERE shard = 0 AND account = $1 AND step < $2", V(account), V(step)) == 1;
}

static bool accept_recovery(struct ctx *c, int64_t account, const char *code)
{
    char hash[HASH_HEX];
    struct second_look left;
    hash_recovery(account, code, hash);
    if (db_run(c, "DELETE FROM recovery_code WHERE shard = 0 AND account = $1 AND hash = $2", V(account), V((const char *)hash)) != 1)
        return false;
    if (second_look(c, account, &left))
        account_note(c, account, "recovery_used", arena_printf(&c->arena, "%lld/%d", (long long)left.codes, RECOVERY_CODES));
    return !failed(c);
}

bool second_accept(struct ctx *c, const unsigned char key[HASH_BYTES], int64_t account, const char *typed)
{
    char code[RECOVERY_LETTERS + 1];
    settle(typed, code, sizeof code);
    return strlen(code) == RECOVERY_LETTERS ? accept_recovery(c, account, code) : accept_code(c, key, account, code);
}
