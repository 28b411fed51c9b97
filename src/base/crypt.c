/* libsodium; see crypt.h. */
#include "crypt.h"

#include <sodium.h>

enum { PASSES = 2, MEMORY = 19 * 1024 * 1024 };

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

bool hash_unhex(const char *hex, unsigned char out[HASH_BYTES])
{
    size_t n = 0;
    return sodium_hex2bin(out, HASH_BYTES, hex, strlen(hex), NULL, &n, NULL) == 0 && n == HASH_BYTES;
}

void hash_text(const char *s, char out[HASH_HEX])
{
    unsigned char raw[HASH_BYTES];
    crypto_generichash(raw, sizeof raw, (const unsigned char *)s, strlen(s), NULL, 0);
    hash_hex(raw, out);
}

void hash_keyed(const unsigned char key[HASH_BYTES], const void *p, size_t n, char out[HASH_HEX])
{
    unsigned char raw[HASH_BYTES];
    crypto_generichash(raw, sizeof raw, p, n, key, HASH_BYTES);
    hash_hex(raw, out);
}

bool crypt_same(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

void crypt_wipe(void *p, size_t n)
{
    sodium_memzero(p, n);
}

void token_random(char out[TOKEN_TEXT])
{
    unsigned char raw[HASH_BYTES];
    randombytes_buf(raw, sizeof raw);
    sodium_bin2base64(out, TOKEN_TEXT, raw, sizeof raw, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(raw, sizeof raw);
}

bool token_lawful(const char *s)
{
    size_t n = 0;
    for (; s && s[n]; n++)
        if (n == TOKEN_TEXT - 1 || !((s[n] >= 'a' && s[n] <= 'z') || (s[n] >= 'A' && s[n] <= 'Z') || (s[n] >= '0' && s[n] <= '9') || s[n] == '-' || s[n] == '_'))
            return false;
    return n == TOKEN_TEXT - 1;
}

void readable_random(char out[READABLE_TEXT])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    for (int i = 0; i < READABLE_TEXT - 1; i++)
        out[i] = i % 5 == 4 ? '-' : letters[randombytes_uniform(sizeof letters - 1)];
    out[READABLE_TEXT - 1] = '\0';
}

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };
_Static_assert(NONCE + TAG == SEALED_MORE, "what sealing adds");

void crypt_seal(const unsigned char key[HASH_BYTES], const char *of, const void *p, size_t n, char *out)
{
    unsigned char raw[NONCE + SEALED_MOST + TAG];
    n = n < SEALED_MOST ? n : SEALED_MOST;
    randombytes_buf(raw, NONCE);
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw + NONCE, NULL, p, n, (const unsigned char *)of, strlen(of), NULL, raw, key);
    sodium_bin2hex(out, SEALED_TEXT(n), raw, NONCE + n + TAG);
}

bool crypt_unseal(const unsigned char key[HASH_BYTES], const char *of, const char *sealed, void *out, size_t n)
{
    unsigned char raw[NONCE + SEALED_MOST + TAG];
    size_t size = 0;
    return n <= SEALED_MOST && sodium_hex2bin(raw, sizeof raw, sealed, strlen(sealed), NULL, &size, NULL) == 0 && size == NONCE + n + TAG &&
           crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, raw + NONCE, n + TAG, (const unsigned char *)of, strlen(of), raw, key) == 0;
}

bool password_hash(const char *password, char out[PASSWORD_HASH])
{
    return crypto_pwhash_str_alg(out, password, strlen(password), PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0;
}

bool password_verify(const char *hash, const char *password)
{
    return crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool password_aged(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) != 0;
}
