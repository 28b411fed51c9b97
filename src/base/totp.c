/* Codes by time; see totp.h. */
#include "totp.h"

#include "crypt.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

enum { SHA1 = 20, DIGITS_END = 1000000 };

bool totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[TOTP_CODE])
{
    unsigned char counter[8], mac[SHA1];
    for (int i = 0; i < 8; i++)
        counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
    if (gnutls_hmac_fast(GNUTLS_MAC_SHA1, secret, TOTP_SECRET, counter, sizeof counter, mac) != 0)
        return false;
    const unsigned char *at = mac + (mac[SHA1 - 1] & 15);
    uint32_t number = ((uint32_t)(at[0] & 127) << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]) % DIGITS_END;
    for (int i = TOTP_CODE - 2; i >= 0; i--, number /= 10)
        out[i] = (char)('0' + number % 10);
    out[TOTP_CODE - 1] = '\0';
    return true;
}

int64_t totp_step(const unsigned char secret[TOTP_SECRET], const char *code, int64_t now_seconds, int64_t last)
{
    int64_t now = now_seconds / TOTP_SECONDS, found = 0;
    if (strlen(code) != TOTP_CODE - 1)
        return 0;
    for (int64_t step = now - TOTP_WINDOW; step <= now + TOTP_WINDOW; step++) { /* all of them, so that the time tells nothing */
        char right[TOTP_CODE];
        if (totp_code(secret, step, right) && crypt_same(right, code, TOTP_CODE - 1) && step > last && !found)
            found = step;
    }
    return found;
}

void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32])
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    for (int i = 0; i < TOTP_BASE32 - 1; i++) {
        int bit = 5 * i, byte = bit / 8;
        unsigned pair = (unsigned)secret[byte] << 8 | (byte + 1 < TOTP_SECRET ? secret[byte + 1] : 0U);
        out[i] = letters[pair >> (11 - bit % 8) & 31];
    }
    out[TOTP_BASE32 - 1] = '\0';
}
