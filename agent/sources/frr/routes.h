/*
 * The prefixes that the sessions of one FRR source expect: each is asked for once, however
 * many sessions expect it, and the answer is kept for each of them as long as it is up.
 * Pure.  Knows neither sockets nor JSON's shape.
 */
#ifndef ERM_SOURCES_FRR_ROUTES_H
#define ERM_SOURCES_FRR_ROUTES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/frr/peers.h"
#include "sources/frr/route.h"

struct erm_frr_use { /* a session's prefix */
	uint32_t peer, prefix;
	bool is_known, is_received;
	uint32_t prepends;
};

struct erm_frr_prefix {
	struct erm_prefix prefix;
	usec_t due_at;                /* ERM_USEC_INFINITY: no session that is up expects it */
	uint32_t first_user, n_users; /* into users */
};

struct erm_frr_watched { /* a peer */
	uint32_t first_use, n_uses;
	bool is_up;
	uint32_t received;
};

struct erm_frr_routes {
	struct erm_frr_use *uses; /* by peer */
	struct erm_frr_watched *watched;
	uint32_t *users; /* into uses, by prefix */
	struct erm_frr_prefix *prefixes;
	uint32_t n_uses, n_prefixes, n_peers;
	uint32_t cursor;
};

/* -ENOMEM. */
int erm_frr_routes_make(const struct erm_config *config, const struct erm_frr_peers *peers,
			struct erm_frr_routes *ret);
void erm_frr_routes_done(struct erm_frr_routes *routes);

/* What is known of every session is void. */
void erm_frr_routes_forget(struct erm_frr_routes *routes);

/* What `old` knew of the same peer's same prefix is kept. */
void erm_frr_routes_keep(struct erm_frr_routes *routes, const struct erm_frr_peers *peers,
			 const struct erm_frr_routes *old, const struct erm_frr_peers *old_peers);

/*
 * The peer was read.  One that came up or tells of more or fewer prefixes than before: what
 * it should send is due now.  One that is not up: what was known is void.
 */
void erm_frr_routes_see(struct erm_frr_routes *routes, uint32_t i, const struct erm_frr_peer *peer,
			usec_t now);

/* A prefix that is due, n_prefixes when none is. */
uint32_t erm_frr_routes_next(struct erm_frr_routes *routes, usec_t now);

/*
 * The answer for a prefix, due again at `due_at`; NULL: there was none that is of use, and
 * what was known holds.  Forgets to ask again when no session that is up expects it.
 */
void erm_frr_routes_take(struct erm_frr_routes *routes, uint32_t prefix,
			 const struct erm_frr_route *route, const struct erm_frr_peers *peers,
			 usec_t due_at);

/* Writes what is known of a peer's prefixes, if it is of all of them. */
void erm_frr_routes_fill(const struct erm_frr_routes *routes, uint32_t peer,
			 struct erm_obs_session *session);

#endif
