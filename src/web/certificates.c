/* The certificate and key of TLS, given to each handshake anew, so that they can be exchanged while the server runs. Former ones
 * stay until the end: a handshake may still be using them, and there are few. */
#define ALLOW_MALLOC
#include "certificates.h"
#include "connection.h"

#include <pthread.h>
#include <stdatomic.h>

enum { CHAIN_MOST = 8 };

struct certificate {
    gnutls_pcert_st chain[CHAIN_MOST];
    unsigned n;
    gnutls_privkey_t key;
    struct certificate *former;
};

struct certificates {
    const char *cert, *key; /* the files */
};

/* One server a process: the handshake's call has no argument of ours. */
static _Atomic(struct certificate *) current;

int certificate_of(gnutls_session_t session, const gnutls_datum_t *issuers, int nissuers, const gnutls_pk_algorithm_t *algorithms, int nalgorithms, gnutls_pcert_st **chain, unsigned *n,
                   gnutls_privkey_t *key)
{
    (void)session;
    (void)issuers;
    (void)nissuers;
    (void)algorithms;
    (void)nalgorithms;
    struct certificate *now = atomic_load(&current);
    if (!now)
        return -1;
    *chain = now->chain;
    *n = now->n;
    *key = now->key;
    return 0;
}

static void certificate_free(struct certificate *c)
{
    for (unsigned i = 0; i < c->n; i++)
        gnutls_pcert_deinit(&c->chain[i]);
    if (c->key)
        gnutls_privkey_deinit(c->key);
    free(c);
}

static struct certificate *read_both(const char *cert, const char *key)
{
    gnutls_datum_t pem = {0};
    struct certificate *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->n = CHAIN_MOST;
    bool good = gnutls_load_file(cert, &pem) == 0 && gnutls_pcert_list_import_x509_raw(c->chain, &c->n, &pem, GNUTLS_X509_FMT_PEM, 0) == 0;
    if (!good)
        c->n = 0;
    gnutls_free(pem.data);
    pem = (gnutls_datum_t){0};
    good = good && gnutls_load_file(key, &pem) == 0 && gnutls_privkey_init(&c->key) == 0 && gnutls_privkey_import_x509_raw(c->key, &pem, GNUTLS_X509_FMT_PEM, NULL, 0) == 0;
    gnutls_free(pem.data);
    if (good)
        return c;
    certificate_free(c);
    return NULL;
}

bool certificates_again(struct ctx *c, struct certificates *certs)
{
    struct certificate *fresh = read_both(certs->cert, certs->key);
    if (!fresh) {
        fail(c, ERR_CONFIG, "Không đọc được chứng thư “%s” hoặc khóa “%s”.", "Certificate “%s” or key “%s” cannot be read.", certs->cert, certs->key);
        return false;
    }
    fresh->former = atomic_exchange(&current, fresh);
    return true;
}

struct certificates *certificates_load(struct ctx *c, const char *cert, const char *key)
{
    struct certificates *certs = NEW(&c->arena, struct certificates);
    *certs = (struct certificates){arena_text(&c->arena, cert), arena_text(&c->arena, key)};
    return certificates_again(c, certs) ? certs : NULL;
}

void certificates_free(struct certificates *certs)
{
    struct certificate *c = certs ? atomic_exchange(&current, NULL) : NULL;
    while (c) {
        struct certificate *former = c->former;
        certificate_free(c);
        c = former;
    }
}
