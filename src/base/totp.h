/* Codes by time, RFC 6238 as every authenticator app has it: HMAC-SHA1 of GnuTLS, six digits, thirty seconds. Knows no account and keeps
 * nothing; that a code works once is seen to by whoever stores the step that totp_step() found. */
#ifndef BASE_TOTP_H
#define BASE_TOTP_H

#include "base.h"

enum {
    TOTP_SECRET = 20, /* bytes: 160 bits, as RFC 4226 has it */
    TOTP_BASE32 = 33, /* as text that apps take, with its NUL */
    TOTP_CODE = 7,
    TOTP_SECONDS = 30,
    TOTP_WINDOW = 1 /* steps that a clock may be off, either way */
};

/* The code of a step. False when the library has no such hash. */
bool totp_code(const unsigned char secret[TOTP_SECRET], int64_t step, char out[TOTP_CODE]) MUST;
/* The step that a code of six digits is of, among those around now and after `last`; 0: of none. */
int64_t totp_step(const unsigned char secret[TOTP_SECRET], const char *code, int64_t now_seconds, int64_t last);
void totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32]);

#endif
