/*
 * The neighbours one FRR source is asked about, and what its last replies told of them.
 * A cycle is one complete re-read; it is told as a dump.  Pure but for the callback it
 * is handed to tell observations; knows nothing of sockets and of time's passing.
 */
#ifndef ERM_SOURCES_FRR_PEERS_H
#define ERM_SOURCES_FRR_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "core/config.h"
#include "core/obs.h"
#include "sources/frr_parse.h"

struct erm_frr_peer {
	uint32_t session; /* into config->sessions */
	struct erm_addr addr;
	enum erm_family family;
	bool is_seen;  /* in this cycle; `now` holds */
	bool was_seen; /* in the cycle before, on the same connection */
	enum erm_bgp_state was;
	struct erm_obs_session now;
};

struct erm_frr_peers {
	struct erm_frr_peer *peers;
	uint32_t n;
	bool has_cycle; /* one was complete since erm_frr_peers_forget() */
};

/* Those sessions of config that name source `index`.  What `old` (or NULL) knew of an address is kept. */
int erm_frr_peers_make(const struct erm_config *config, uint32_t index,
		       const struct erm_frr_peers *old, struct erm_frr_peers *ret);
void erm_frr_peers_done(struct erm_frr_peers *peers);

/* The connection has ended: the next cycle is compared with nothing. */
void erm_frr_peers_forget(struct erm_frr_peers *peers);

void erm_frr_peers_begin(struct erm_frr_peers *peers);

/*
 * Takes what the reply says of one.  0, also when it does not know it; -EBADMSG.
 * *ret_is_changed (0 only): seen before in another state.
 */
int erm_frr_peers_take(struct erm_frr_peers *peers, uint32_t i, const struct erm_frr_reply *reply,
		       bool *ret_is_changed);

/* How many of them this cycle has seen. */
uint32_t erm_frr_peers_count_seen(const struct erm_frr_peers *peers);

/* Ends the cycle: how many came, went or changed their state since the one before. */
uint32_t erm_frr_peers_end(struct erm_frr_peers *peers);

#endif
