/*
 * The neighbours one FRR source is asked about, and what its last replies told of them.
 * A cycle is one look at all of them; it is told as a dump.  Pure; knows nothing of
 * sockets and of time's passing.
 */
#ifndef ERM_SOURCES_FRR_PEERS_H
#define ERM_SOURCES_FRR_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "core/config.h"
#include "core/obs.h"
#include "sources/frr/parse.h"
#include "sources/frr/summary.h"

/*
 * Of those that a summary shows in another state, so many are asked for why before the
 * cycle is told; the others are told without a reason first.
 */
#define ERM_FRR_REASONS_MAX 16

struct erm_frr_peer {
	uint32_t session; /* into config->sessions */
	struct erm_addr addr;
	enum erm_family family;
	bool is_seen;   /* by the newest reply that spoke of it; `now` holds */
	bool is_known;  /* its own words were read on this connection */
	bool is_wanted; /* they are to be read (again) ... */
	bool is_late;   /* ... but the cycle does not wait for them */
	usec_t asked;   /* when the question was sent that `now` answers */
	usec_t read_at; /* when its own words were */
	struct erm_obs_session now;
	/* at the end of the cycle before, on the same connection */
	bool was_seen;
	enum erm_bgp_state was;
	uint32_t was_dropped;
};

struct erm_frr_peers {
	struct erm_frr_peer *peers;
	uint32_t n;
	uint32_t n_changed; /* by the summary of this cycle */
	uint32_t cursor;    /* of the slow rotation */
	bool has_cycle;     /* one was complete since erm_frr_peers_forget() */
};

/* Those sessions of config that name source `index`.  What `old` (or NULL) knew of an address is kept. */
int erm_frr_peers_make(const struct erm_config *config, uint32_t index,
		       const struct erm_frr_peers *old, struct erm_frr_peers *ret);
void erm_frr_peers_done(struct erm_frr_peers *peers);

/* Its place; n when there is none. */
uint32_t erm_frr_peers_find(const struct erm_frr_peers *peers, const struct erm_addr *addr,
			    enum erm_family family);

/* The place of a session of the configuration; n when it is none of theirs. */
uint32_t erm_frr_peers_find_session(const struct erm_frr_peers *peers, uint32_t session);

/* The connection has ended: the next cycle is compared with nothing. */
void erm_frr_peers_forget(struct erm_frr_peers *peers);

/* A cycle in which the words of all are read. */
void erm_frr_peers_begin_all(struct erm_frr_peers *peers);
/* A cycle of a summary, and of the words of whom it shows changed. */
void erm_frr_peers_begin_summary(struct erm_frr_peers *peers);

/*
 * Takes what the reply says of one, to a question sent at `asked`.  0, also when it does
 * not know it; -EBADMSG.  *ret_is_changed (0 only): seen before in another state.
 */
int erm_frr_peers_take(struct erm_frr_peers *peers, uint32_t i, const struct erm_frr_reply *reply,
		       usec_t asked, bool *ret_is_changed);

/* Takes what the summary says of all of them. */
void erm_frr_peers_take_summary(struct erm_frr_peers *peers, const struct erm_frr_summary *summary,
				usec_t asked);

/* The next one from `i` on whose words the cycle waits for; n when there is none. */
uint32_t erm_frr_peers_next_wanted(const struct erm_frr_peers *peers, uint32_t i);

/* One whose words the cycle did not wait for; n when there is none. */
uint32_t erm_frr_peers_next_late(const struct erm_frr_peers *peers);

/* The next in turn whose words are older than `before`; n when there is none. */
uint32_t erm_frr_peers_next_old(struct erm_frr_peers *peers, usec_t before);

/* How many of them were seen. */
uint32_t erm_frr_peers_count_seen(const struct erm_frr_peers *peers);

/* Notes what is known now as seen before; true: it came, went, rose or fell (even if it is back). */
bool erm_frr_peer_settle(struct erm_frr_peers *peers, uint32_t i);

/* Ends the cycle: how many came, went, rose or fell since the one before. */
uint32_t erm_frr_peers_end(struct erm_frr_peers *peers);

#endif
