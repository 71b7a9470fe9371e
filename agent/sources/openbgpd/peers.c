#include "sources/openbgpd/peers.h"

#include <errno.h>
#include <stdlib.h>

/* What is told to the second may waver by one, and the reply comes a moment later. */
#define WAVER_USEC (2 * ERM_USEC_PER_SEC)

static const struct erm_openbgpd_peer *find(const struct erm_openbgpd_peers *peers,
					    const struct erm_openbgpd_peer *peer)
{
	for (uint32_t i = 0; peers && i < peers->n; i++) {
		if (erm_addr_equal(&peers->peers[i].addr, &peer->addr) &&
		    erm_addr_equal(&peers->peers[i].local, &peer->local))
			return &peers->peers[i];
	}
	return NULL;
}

int erm_openbgpd_peers_make(const struct erm_config *config, uint32_t index,
			    const struct erm_openbgpd_peers *old, struct erm_openbgpd_peers *ret)
{
	_cleanup_free_ struct erm_openbgpd_peer *peers = NULL;
	uint32_t n = 0;

	peers = calloc(config->n_sessions ? config->n_sessions : 1, sizeof(*peers));
	if (!peers)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		struct erm_openbgpd_peer *peer = &peers[n];
		const struct erm_openbgpd_peer *known = NULL;

		if (!erm_session_has_source(config, i, index))
			continue;
		peer->addr = config->sessions[i].neighbor;
		peer->local = config->sessions[i].local_address;
		known = find(old, peer);
		if (known)
			*peer = *known;
		peer->session = i;
		peer->is_seen = false;
		n++;
	}
	*ret = (struct erm_openbgpd_peers){
		.peers = ERM_TAKE_PTR(peers),
		.n = n,
		.has_cycle = old && old->has_cycle,
	};
	return 0;
}

void erm_openbgpd_peers_done(struct erm_openbgpd_peers *peers)
{
	free(peers->peers);
	*peers = (struct erm_openbgpd_peers){ 0 };
}

void erm_openbgpd_peers_forget(struct erm_openbgpd_peers *peers)
{
	peers->has_cycle = false;
	for (uint32_t i = 0; i < peers->n; i++)
		peers->peers[i].was_seen = peers->peers[i].has_counts = false;
}

/* True when a fall was between this reply and the one before and neither shows it. */
static bool count(struct erm_openbgpd_peer *peer, int64_t updown_sec, usec_t now)
{
	bool is_up = peer->now.bgp == ERM_BGP_ESTABLISHED;
	bool was_up = peer->was == ERM_BGP_ESTABLISHED;
	usec_t since =
		erm_usec_sub(now, updown_sec > 0 ? (usec_t)updown_sec * ERM_USEC_PER_SEC : 0);
	bool has_fallen = false;

	if (!peer->has_counts) {
		peer->has_counts = true;
		peer->established_count = is_up || updown_sec != ERM_OPENBGPD_NEVER;
		peer->dropped_count = peer->established_count - is_up;
	} else if (is_up && was_up) {
		has_fallen = since > erm_usec_add(peer->up_since, WAVER_USEC);
		peer->established_count += has_fallen;
		peer->dropped_count += has_fallen;
		if (!has_fallen)
			return false; /* up_since stays: wavering must not add up */
	} else if (peer->now.bgp != ERM_BGP_UNKNOWN) {
		peer->established_count += is_up;
		peer->dropped_count += was_up;
	}
	peer->up_since = since;
	return has_fallen;
}

int erm_openbgpd_peers_take(struct erm_openbgpd_peers *peers,
			    const struct erm_openbgpd_reply *reply, usec_t now)
{
	int n_changes = 0;

	for (uint32_t i = 0; i < peers->n; i++) {
		struct erm_openbgpd_peer *peer = &peers->peers[i];
		int64_t updown_sec = 0;
		bool has_fallen = false;
		int r = erm_openbgpd_reply_session(reply, &peer->addr, &peer->local, &peer->now,
						   &updown_sec);

		if (r < 0 && r != -ENOENT)
			return r;
		peer->is_seen = r >= 0;
		if (peer->is_seen) {
			has_fallen = count(peer, updown_sec, now);
			peer->now.session = peer->session;
			peer->now.has_counts = true;
			peer->now.established_count = peer->established_count;
			peer->now.dropped_count = peer->dropped_count;
		}
		if (peers->has_cycle && (peer->is_seen != peer->was_seen || has_fallen ||
					 (peer->is_seen && peer->now.bgp != peer->was)))
			n_changes++;
		peer->was_seen = peer->is_seen;
		if (peer->is_seen)
			peer->was = peer->now.bgp;
	}
	peers->has_cycle = true;
	return n_changes;
}
