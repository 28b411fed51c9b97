/* libsodium behind the few calls that we need: random bytes, hashes, passwords. Never our own. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base.h"

enum {
    HASH_BYTES = 32,
    HASH_HEX = 65,
    PASSWORD_HASH = 128,
    TOKEN_TEXT = 44 /* 256 random bits in letters, digits, - and _; with its NUL */
};

struct hash_state {
    _Alignas(64) unsigned char opaque[384];
};

bool crypt_start(void) MUST; /* once per process, before anything else here */
void crypt_random(void *out, size_t n);
void hash_begin(struct hash_state *); /* BLAKE2b-256 */
void hash_add(struct hash_state *, const void *p, size_t n);
void hash_end(struct hash_state *, unsigned char out[HASH_BYTES]);
void hash_hex(const unsigned char h[HASH_BYTES], char out[HASH_HEX]);
bool hash_unhex(const char *hex, unsigned char out[HASH_BYTES]) MUST;
void hash_text(const char *s, char out[HASH_HEX]);
/* A hash that only who has the key can make. */
void hash_keyed(const unsigned char key[HASH_BYTES], const void *p, size_t n, char out[HASH_HEX]);
bool crypt_same(const void *a, const void *b, size_t n); /* in a time that does not depend on where they differ */
void crypt_wipe(void *, size_t n);
void token_random(char out[TOKEN_TEXT]);
bool token_lawful(const char *); /* has the form of one */
/* Argon2id, 19 MiB, two passes (S3). The result is a PHC string. */
bool password_hash(const char *password, char out[PASSWORD_HASH]) MUST;
bool password_verify(const char *hash, const char *password) MUST;
bool password_aged(const char *hash); /* made with other parameters than password_hash() has now */

#endif
