/* libsodium; see crypt.h. */
#include "crypt.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct hash_state), "the state of the hash fits");
_Static_assert(crypto_pwhash_STRBYTES <= PASSWORD_HASH, "a password's hash fits");

bool crypt_start(void)
{
    return sodium_init() >= 0;
}

void crypt_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

void hash_begin(struct hash_state *h)
{
    crypto_generichash_init((crypto_generichash_state *)(void *)h->opaque, NULL, 0, HASH_BYTES);
}

void hash_add(struct hash_state *h, const void *p, size_t n)
{
    crypto_generichash_update((crypto_generichash_state *)(void *)h->opaque, p, n);
}

void hash_end(struct hash_state *h, unsigned char out[HASH_BYTES])
{
    crypto_generichash_final((crypto_generichash_state *)(void *)h->opaque, out, HASH_BYTES);
}

void hash_hex(const unsigned char h[HASH_BYTES], char out[HASH_HEX])
{
    sodium_bin2hex(out, HASH_HEX, h, HASH_BYTES);
}

bool password_hash(const char *password, char out[PASSWORD_HASH])
{
    enum { PASSES = 2, MEMORY = 19 * 1024 * 1024 };
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}
