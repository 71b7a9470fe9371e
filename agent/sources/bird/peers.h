/*
 * The sessions one BIRD source is asked about, and what its last replies told of them.
 * BIRD counts no falls: they are counted here, from what changed between two replies.
 * Pure; knows nothing of sockets and reads no clock.
 */
#ifndef ERM_SOURCES_BIRD_PEERS_H
#define ERM_SOURCES_BIRD_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/bird/parse.h"

struct erm_bird_peer {
	uint32_t session; /* into config->sessions */
	struct erm_addr addr, local;
	enum erm_family family;
	bool is_seen;  /* in this cycle; `now` holds */
	bool was_seen; /* in the cycle before, on the same connection */
	struct erm_obs_session now;

	char name[ERM_BIRD_NAME_MAX]; /* of its protocol */
	bool has_counts;
	uint32_t established_count, dropped_count;
	enum erm_bgp_state was; /* when it was last seen, of this BIRD */
	struct erm_bird_since since;

	/* the expected prefixes, one after the other */
	uint32_t n_expected, n_looked, n_received, most_prepends;
	bool has_path;
	bool is_looked_for;     /* once since it is up */
	usec_t looked_at;       /* when the last of them was */
	uint32_t looked_routes; /* imported, then */
};

struct erm_bird_peers {
	struct erm_bird_peer *peers;
	uint32_t n;
	bool has_cycle; /* one was complete since erm_bird_peers_forget() */
	bool has_start, expects_bfd;
	struct erm_bird_since start; /* of BIRD */
};

/* Those sessions of config that name source `index`.  What `old` (or NULL) knew of a neighbour is kept. */
int erm_bird_peers_make(const struct erm_config *config, uint32_t index,
			const struct erm_bird_peers *old, struct erm_bird_peers *ret);
void erm_bird_peers_done(struct erm_bird_peers *peers);

/* The connection has ended: the next cycle is no change, and maybe of another BIRD. */
void erm_bird_peers_forget(struct erm_bird_peers *peers);

/*
 * Takes a complete reply; now: local time.  How many of ours came, went or changed their
 * state, or fell unseen, since the one before.
 */
uint32_t erm_bird_peers_take(struct erm_bird_peers *peers,
			     const struct erm_bird_protocols *protocols,
			     const struct erm_bird_since *now);

/* What BFD says of those seen; NULL: nothing can be told.  How many changed. */
uint32_t erm_bird_peers_take_bfd(struct erm_bird_peers *peers, const struct erm_bird_bfd *bfd);

/*
 * The next, from position *i on, of whom a prefix is to be looked for: its number
 * n_looked.  False: none.
 */
bool erm_bird_peers_next_look(const struct erm_bird_peers *peers, usec_t now, usec_t every,
			      uint32_t *i);

/* What was found, or NULL: the reply is no use.  True when all prefixes are through and it is to be told. */
bool erm_bird_peers_take_route(struct erm_bird_peer *peer, const struct erm_bird_route *route,
			       usec_t now);

#endif
