/* What a handshake asks for its certificate; see connection.h for the rest. */
#ifndef WEB_CERTIFICATES_H
#define WEB_CERTIFICATES_H

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>

int certificate_of(gnutls_session_t, const gnutls_datum_t *issuers, int nissuers, const gnutls_pk_algorithm_t *, int nalgorithms, gnutls_pcert_st **chain, unsigned *n, gnutls_privkey_t *key);

#endif
