/*
 * What the routers of one BMP source have told of the sessions that are its own; what they
 * tell of other peers is not kept.  Of two routers that tell of one session the last word
 * holds, and only who had it can withdraw it.  Pure but for the callback it is handed;
 * knows nothing of sockets.
 */
#ifndef ERM_SOURCES_BMP_CLAIMS_H
#define ERM_SOURCES_BMP_CLAIMS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/bmp/parse.h"

struct erm_bmp_claim {
	struct erm_addr addr, local; /* the session's; local may be AF_UNSPEC = any */
	enum erm_family family;
	bool is_told;           /* `now` holds, as `router` told it */
	bool is_quiet;          /* not any more: its Stats stayed away */
	usec_t heard_at;        /* monotonic: its Peer Up or its newest Stats */
	uint64_t router;        /* a number of the caller's, another for every connection */
	uint64_t distinguisher; /* of the router's VRF */
	/* A peer of this address that is not this session: its local address is another. */
	bool has_stranger;
	uint64_t stranger_router, stranger_distinguisher;
	struct erm_obs_session now;
};

struct erm_bmp_claims {
	struct erm_bmp_claim *claims; /* sorted by addr */
	uint32_t n;
};

typedef void (*erm_bmp_tell_t)(void *userdata, const struct erm_obs_session *session);

/*
 * Those sessions of config that name source `index`.  What `old` (or NULL) was told of the
 * same addresses is kept.  ret_has_new: one of them is not in old.  -ENOMEM.
 */
int erm_bmp_claims_make(const struct erm_config *config, uint32_t index,
			const struct erm_bmp_claims *old, struct erm_bmp_claims *ret,
			bool *ret_has_new);
void erm_bmp_claims_done(struct erm_bmp_claims *claims);

/*
 * Takes a Peer Up, Peer Down or Stats of a router: tells each session it changes, when there
 * is something new.  How many were told.
 */
uint32_t erm_bmp_claims_take(struct erm_bmp_claims *claims, uint64_t router,
			     const struct erm_bmp_message *message, usec_t now, erm_bmp_tell_t tell,
			     void *userdata);

/*
 * Withdraws what this router, which sends Stats, has said to be Established and has not sent
 * Stats of since `before`: FRR 8.4 says nothing when a neighbour is removed from its
 * configuration.  The next Stats bring it back.  How many.
 */
uint32_t erm_bmp_claims_withdraw_quiet(struct erm_bmp_claims *claims, uint64_t router,
				       usec_t before, erm_bmp_tell_t tell, void *userdata);

/* The routers first..last are gone: what they told last is withdrawn, and told so.  How many. */
uint32_t erm_bmp_claims_withdraw(struct erm_bmp_claims *claims, uint64_t first, uint64_t last,
				 erm_bmp_tell_t tell, void *userdata);

/* Tells all that is known once more. */
void erm_bmp_claims_tell_all(const struct erm_bmp_claims *claims, erm_bmp_tell_t tell,
			     void *userdata);

#endif
