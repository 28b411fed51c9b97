/* Codes by time on the vectors of RFC 6238 (appendix B, the last six digits), the window, codes that were used, and the text that apps take;
 * sealing and readable codes beside them. */
#include "base/crypt.h"
#include "base/totp.h"
#include "t.h"

static const unsigned char secret[TOTP_SECRET] = "12345678901234567890";

static void vectors(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } of_the_rfc[] = {{59, "287082"}, {1111111109, "081804"}, {1111111111, "050471"}, {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    (void)state;
    for (size_t i = 0; i < N(of_the_rfc); i++) {
        char code[TOTP_CODE];
        assert_true(totp_code(secret, of_the_rfc[i].seconds / TOTP_SECONDS, code));
        assert_string_equal(code, of_the_rfc[i].code);
        assert_int_equal(totp_step(secret, code, of_the_rfc[i].seconds, 0), of_the_rfc[i].seconds / TOTP_SECONDS);
    }
}

static void window(void **state)
{
    char code[TOTP_CODE];
    int64_t step = 1234567890 / TOTP_SECONDS;
    (void)state;
    assert_true(totp_code(secret, step, code));
    for (int64_t off = -4; off <= 4; off++)
        assert_int_equal(totp_step(secret, code, (step + off) * TOTP_SECONDS, 0), off >= -TOTP_WINDOW && off <= TOTP_WINDOW ? step : 0);
    assert_int_equal(totp_step(secret, code, step * TOTP_SECONDS, step - 1), step);
    assert_int_equal(totp_step(secret, code, step * TOTP_SECONDS, step), 0);     /* the same once more */
    assert_int_equal(totp_step(secret, code, step * TOTP_SECONDS, step + 1), 0); /* older than the last */
    const char *wrong[] = {"", "0", "00592", "0059244", "005925", "00592x", "      "};
    for (size_t i = 0; i < N(wrong); i++)
        assert_int_equal(totp_step(secret, wrong[i], step * TOTP_SECONDS, 0), 0);
}

static void base32(void **state)
{
    char out[TOTP_BASE32];
    unsigned char ones[TOTP_SECRET];
    (void)state;
    totp_base32(secret, out);
    assert_string_equal(out, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    memset(ones, 255, sizeof ones);
    totp_base32(ones, out);
    assert_string_equal(out, "77777777777777777777777777777777");
}

static void sealing(void **state)
{
    unsigned char key[HASH_BYTES] = {1}, other[HASH_BYTES] = {2}, out[TOTP_SECRET];
    char sealed[SEALED_TEXT(TOTP_SECRET)], again[SEALED_TEXT(TOTP_SECRET)];
    (void)state;
    crypt_seal(key, "second 7", secret, sizeof secret, sealed);
    crypt_seal(key, "second 7", secret, sizeof secret, again);
    assert_string_not_equal(sealed, again);
    assert_true(crypt_unseal(key, "second 7", sealed, out, sizeof out));
    assert_memory_equal(out, secret, sizeof secret);
    assert_false(crypt_unseal(key, "second 8", sealed, out, sizeof out)); /* of another account */
    assert_false(crypt_unseal(other, "second 7", sealed, out, sizeof out));
    assert_false(crypt_unseal(key, "second 7", sealed, out, sizeof out - 1));
    assert_false(crypt_unseal(key, "second 7", "", out, sizeof out));
    assert_false(crypt_unseal(key, "second 7", "zz", out, sizeof out));
    sealed[60] = sealed[60] == '0' ? '1' : '0';
    assert_false(crypt_unseal(key, "second 7", sealed, out, sizeof out));
}

static void readable(void **state)
{
    char a[READABLE_TEXT], b[READABLE_TEXT];
    (void)state;
    readable_random(a);
    readable_random(b);
    assert_string_not_equal(a, b);
    assert_int_equal(strlen(a), 19);
    assert_true(a[4] == '-' && a[9] == '-' && a[14] == '-');
    assert_int_equal(strspn(a, "abcdefghjkmnpqrstuvwxyz23456789-"), 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(vectors), cmocka_unit_test(window), cmocka_unit_test(base32), cmocka_unit_test(sealing), cmocka_unit_test(readable)};
    return crypt_start() ? t_run("totp", tests, N(tests)) : 1;
}
