/* libsodium behind the few calls that we need: random bytes, hashes, passwords. Never our own. */
#ifndef BASE_CRYPT_H
#define BASE_CRYPT_H

#include "base.h"

enum {
    HASH_BYTES = 32,
    HASH_HEX = 65,
    PASSWORD_HASH = 128,
    TOKEN_TEXT = 44, /* 256 random bits in letters, digits, - and _; with its NUL */
    READABLE_TEXT = 20, /* 79 random bits, "k7dm-…" in four fours; with its NUL */
    SEALED_MORE = 40    /* bytes that sealing adds; sealed text has two letters a byte */
};
#define SEALED_TEXT(n) (2 * ((n) + SEALED_MORE) + 1)

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
/* Letters and digits that nobody confuses when reading them aloud, in fours. */
void readable_random(char out[READABLE_TEXT]);
/* Up to 64 bytes that only who has the key reads and makes (XChaCha20-Poly1305); `of` says what they belong to, and must be the same again. */
enum { SEALED_MOST = 64 };
void crypt_seal(const unsigned char key[HASH_BYTES], const char *of, const void *p, size_t n, char *out);
bool crypt_unseal(const unsigned char key[HASH_BYTES], const char *of, const char *sealed, void *out, size_t n) MUST;
/* Argon2id, 19 MiB, two passes (S3). The result is a PHC string. */
bool password_hash(const char *password, char out[PASSWORD_HASH]) MUST;
bool password_verify(const char *hash, const char *password) MUST;
bool password_aged(const char *hash); /* made with other parameters than password_hash() has now */

#endif
