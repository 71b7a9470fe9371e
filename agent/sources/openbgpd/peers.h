/*
 * The sessions one OpenBGPD source is asked about, and what its last replies told of them.
 * OpenBGPD counts no falls: they are counted here, from what changed between two replies.
 * Pure.
 */
#ifndef ERM_SOURCES_OPENBGPD_PEERS_H
#define ERM_SOURCES_OPENBGPD_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config.h"
#include "core/obs.h"
#include "sources/openbgpd/parse.h"

struct erm_openbgpd_peer {
	uint32_t session; /* into config->sessions */
	struct erm_addr addr, local;
	bool is_seen;  /* in this reply; `now` holds */
	bool was_seen; /* in the one before, of the same bgpd */
	struct erm_obs_session now;
	bool has_counts;
	uint32_t established_count, dropped_count;
	enum erm_bgp_state was;
	usec_t up_since; /* monotonic, to the second; while Established */
};

struct erm_openbgpd_peers {
	struct erm_openbgpd_peer *peers;
	uint32_t n;
	bool has_cycle; /* one was complete since erm_openbgpd_peers_forget() */
};

/* Those sessions of config that name source `index`.  What `old` (or NULL) knew of a neighbour is kept. */
int erm_openbgpd_peers_make(const struct erm_config *config, uint32_t index,
			    const struct erm_openbgpd_peers *old, struct erm_openbgpd_peers *ret);
void erm_openbgpd_peers_done(struct erm_openbgpd_peers *peers);

/* bgpd has ended: the next reply is of another. */
void erm_openbgpd_peers_forget(struct erm_openbgpd_peers *peers);

/*
 * Takes a complete reply of that time.  How many of ours came, went or changed their
 * state, or fell unseen, since the one before; -EBADMSG: one is of an unknown shape, and
 * nothing is to be told.
 */
int erm_openbgpd_peers_take(struct erm_openbgpd_peers *peers,
			    const struct erm_openbgpd_reply *reply, usec_t now);

#endif
