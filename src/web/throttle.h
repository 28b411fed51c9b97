/* The brake on guessing: how often an account, a network and a device may try. Kept in this process, in a table of fixed size, keyed by
 * keyed hashes, so that nobody can aim at its places. It counts checks of secrets, whatever they belong to.
 *
 * An account: five wrong in a row make the next wait, longer each time; ten lock it for 15 minutes; 40 checks an hour at most.
 * A known device of the account has a count of its own, so the owner gets in while others are guessing; 10 an hour. A network (/24, /64):
 * 60 wrong an hour lock it for 15 minutes. Known devices are not stopped by their network. */
#ifndef WEB_THROTTLE_H
#define WEB_THROTTLE_H

#include "base/crypt.h"
#include "base/day.h"

struct throttle;

struct throttle *throttle_new(void); /* NULL without memory */
void throttle_free(struct throttle *);

enum braked { BRAKE_ACCOUNT, BRAKE_DEVICE, BRAKE_NETWORK, BRAKE_KINDS };

/* Whose turn: a login, or the id of a device; and the address it comes from. */
struct turn {
    const char *account; /* as typed, settled: small letters */
    const char *device;  /* NULL: not known */
    const char *address; /* NULL: not counted */
};

/* Takes a check: 0 when it may be made now (and counts as made), else after how many seconds to ask again. */
int64_t throttle_take(struct throttle *, const struct turn *, instant now);
/* What came of it. */
void throttle_wrong(struct throttle *, const struct turn *, instant now);
void throttle_right(struct throttle *, const struct turn *, instant now);
/* An administrator unlocked the account. */
void throttle_forgive(struct throttle *, const char *account);

/* "192.0.2.17" -> "192.0.2.0/24"; "2001:db8:1:2:3::4" -> "2001:db8:1:2::/64"; an address of IPv4 in IPv6 is of IPv4. False: no address. */
enum { NETWORK_TEXT = 64 };
bool network_of(const char *address, char out[NETWORK_TEXT]);

#endif
