/*
 * The sessions one sock-diag source speaks for, and what the sockets prove of each.  A
 * round is one complete look at all sockets.  Pure; time is an argument.
 *
 * A BGP session is Established only when each side has sent at least an OPEN (29 octets)
 * and a KEEPALIVE (19), RFC 4271 section 4: 48 octets each way.  Fewer received disproves
 * it.  Enough of them proves it only once the socket has lived on for a while: an OPEN and
 * a NOTIFICATION that refuses it are 50 octets.
 */
#ifndef ERM_SOURCES_SOCKDIAG_SESSIONS_H
#define ERM_SOURCES_SOCKDIAG_SESSIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "sources/sockdiag/parse.h"

#define ERM_SOCKDIAG_CONFIRM_USEC (50 * ERM_USEC_PER_MSEC)

struct erm_sockdiag_sessions;

/*
 * Those sessions of config that have source `index`.  What `old` (or NULL) knew of those
 * with the same addresses is kept, but all count as untold.  0, -ENOMEM.
 */
int erm_sockdiag_sessions_new(const struct erm_config *config, uint32_t index,
			      const struct erm_sockdiag_sessions *old,
			      struct erm_sockdiag_sessions **ret);
/* Accepts NULL, returns NULL. */
struct erm_sockdiag_sessions *erm_sockdiag_sessions_free(struct erm_sockdiag_sessions *sessions);

uint32_t erm_sockdiag_sessions_count(const struct erm_sockdiag_sessions *sessions);
/* Is one of their neighbours an IPv4 address? */
bool erm_sockdiag_sessions_has_ipv4(const struct erm_sockdiag_sessions *sessions);

void erm_sockdiag_sessions_begin(struct erm_sockdiag_sessions *sessions);
/* A socket of the round. */
void erm_sockdiag_sessions_take(struct erm_sockdiag_sessions *sessions,
				const struct erm_sockdiag_socket *socket, usec_t now);
/*
 * Did the last round take this very socket for a session of ours?  Others come and go all
 * the time, where a peer is called in vain, or calls while it is being called.
 */
bool erm_sockdiag_sessions_is_theirs(const struct erm_sockdiag_sessions *sessions,
				     const struct erm_sockdiag_socket *socket);
/* How many of those that were Established would end() no longer call so. */
uint32_t erm_sockdiag_sessions_count_lost(const struct erm_sockdiag_sessions *sessions);
/* The round is complete: judges all.  True when one should be looked at again after CONFIRM_USEC. */
bool erm_sockdiag_sessions_end(struct erm_sockdiag_sessions *sessions, usec_t now);

/*
 * A cheap look instead of a round: does what made a session Established still hold?
 * The next one that is, at *cursor or later (0 at first); NULL = none.
 */
const struct erm_sockdiag_id *erm_sockdiag_sessions_next_established(
	const struct erm_sockdiag_sessions *sessions, uint32_t *cursor);
/* Does the socket still prove that session i is Established? */
bool erm_sockdiag_sessions_still_holds(const struct erm_sockdiag_sessions *sessions, uint32_t i,
				       const struct erm_sockdiag_socket *socket, usec_t now);
uint32_t erm_sockdiag_sessions_count_established(const struct erm_sockdiag_sessions *sessions);

/* Session i of count(): its position in the config, and its state after the last end(). */
uint32_t erm_sockdiag_sessions_get(const struct erm_sockdiag_sessions *sessions, uint32_t i,
				   enum erm_bgp_state *ret_bgp);
/* The next one at *cursor or later (0 at first) whose state is not what was told; false = none. */
bool erm_sockdiag_sessions_next_change(const struct erm_sockdiag_sessions *sessions,
				       uint32_t *cursor);
/* Was one of them told Established and is not, or the reverse? */
bool erm_sockdiag_sessions_has_turned(const struct erm_sockdiag_sessions *sessions);
/* Session i was told. */
void erm_sockdiag_sessions_told(struct erm_sockdiag_sessions *sessions, uint32_t i);

#endif
