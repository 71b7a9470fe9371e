#include "sources/frr/peers.h"

#include <errno.h>
#include <stdlib.h>

/* Sessions come by the thousand at most and only at a reload: a plain search will do. */
uint32_t erm_frr_peers_find(const struct erm_frr_peers *peers, const struct erm_addr *addr,
			    enum erm_family family)
{
	uint32_t i = 0;

	while (i < peers->n &&
	       (peers->peers[i].family != family || !erm_addr_equal(&peers->peers[i].addr, addr)))
		i++;
	return i;
}

uint32_t erm_frr_peers_find_session(const struct erm_frr_peers *peers, uint32_t session)
{
	uint32_t i = 0;

	while (i < peers->n && peers->peers[i].session != session)
		i++;
	return i;
}

int erm_frr_peers_make(const struct erm_config *config, uint32_t index,
		       const struct erm_frr_peers *old, struct erm_frr_peers *ret)
{
	_cleanup_free_ struct erm_frr_peer *peers = NULL;
	uint32_t n = 0;

	peers = calloc(config->n_sessions ? config->n_sessions : 1, sizeof(*peers));
	if (!peers)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		const struct erm_session_config *session = &config->sessions[i];
		struct erm_frr_peer *peer = &peers[n];
		uint32_t known = 0;

		if (!erm_session_has_source(config, i, index))
			continue;
		if (old)
			known = erm_frr_peers_find(old, &session->neighbor, session->family);
		if (old && known < old->n)
			*peer = old->peers[known];
		peer->session = peer->now.session = i;
		peer->addr = session->neighbor;
		peer->family = session->family;
		n++;
	}
	*ret = (struct erm_frr_peers){
		.peers = ERM_TAKE_PTR(peers),
		.n = n,
		.has_cycle = old && old->has_cycle,
	};
	return 0;
}

void erm_frr_peers_done(struct erm_frr_peers *peers)
{
	free(peers->peers);
	*peers = (struct erm_frr_peers){ 0 };
}

void erm_frr_peers_forget(struct erm_frr_peers *peers)
{
	peers->has_cycle = false;
	for (uint32_t i = 0; i < peers->n; i++) {
		struct erm_frr_peer *peer = &peers->peers[i];

		peer->was_seen = peer->is_seen = peer->is_known = false;
		peer->is_wanted = peer->is_late = false;
	}
}

void erm_frr_peers_begin_all(struct erm_frr_peers *peers)
{
	for (uint32_t i = 0; i < peers->n; i++) {
		peers->peers[i].is_seen = false;
		peers->peers[i].is_wanted = true;
		peers->peers[i].is_late = false;
	}
}

void erm_frr_peers_begin_summary(struct erm_frr_peers *peers)
{
	peers->n_changed = 0;
}

static bool is_up(const struct erm_frr_peer *peer)
{
	return peer->is_seen && peer->now.bgp == ERM_BGP_ESTABLISHED;
}

int erm_frr_peers_take(struct erm_frr_peers *peers, uint32_t i, const struct erm_frr_reply *reply,
		       usec_t asked, bool *ret_is_changed)
{
	struct erm_frr_peer *peer = &peers->peers[i];
	int r = erm_frr_reply_session(reply, &peer->addr, peer->family, &peer->now);

	if (r < 0 && r != -ENOENT)
		return r;
	peer->is_seen = r >= 0;
	peer->is_known = true;
	peer->is_wanted = peer->is_late = false;
	peer->asked = peer->read_at = asked;
	peer->now.session = peer->session;
	*ret_is_changed =
		peers->has_cycle && peer->is_seen && peer->was_seen && peer->now.bgp != peer->was;
	return 0;
}

/* Told as it is, until its own words are read: why, and what BFD says, is not known. */
static void assume(struct erm_frr_peer *peer, const struct erm_obs_session *fresh, bool is_fresh_up)
{
	struct erm_obs_session down = {
		.session = peer->session,
		.is_configured = true,
		.bgp = ERM_BGP_IDLE,
		.has_counts = peer->now.has_counts,
		.established_count = peer->now.established_count,
		.dropped_count = peer->now.dropped_count,
		.remote_as = peer->now.remote_as,
		.local_as = peer->now.local_as,
		.bfd = ERM_BFD_UNKNOWN,
		.reset_cause = ERM_CAUSE_NONE,
	};

	peer->now = is_fresh_up ? *fresh : down;
	peer->now.is_configured = true;
	peer->is_seen = true;
}

static void take_one(struct erm_frr_peers *peers, struct erm_frr_peer *peer,
		     const struct erm_frr_summary *summary, usec_t asked)
{
	struct erm_obs_session fresh = peer->now;
	bool is_fresh_up = erm_frr_summary_session(summary, &peer->addr, peer->family, &fresh);

	if (!peer->is_known) {
		peer->is_wanted = true;
		return;
	}
	if (is_fresh_up == is_up(peer) &&
	    (!is_fresh_up || (fresh.established_count == peer->now.established_count &&
			      fresh.dropped_count == peer->now.dropped_count))) {
		peer->now = fresh;
		peer->asked = asked;
		return;
	}
	peer->is_wanted = true;
	peer->is_late = peers->n_changed >= ERM_FRR_REASONS_MAX;
	peers->n_changed++;
	if (!peer->is_late)
		return;
	assume(peer, &fresh, is_fresh_up);
	peer->asked = asked;
}

void erm_frr_peers_take_summary(struct erm_frr_peers *peers, const struct erm_frr_summary *summary,
				usec_t asked)
{
	for (uint32_t i = 0; i < peers->n; i++)
		take_one(peers, &peers->peers[i], summary, asked);
}

uint32_t erm_frr_peers_next_wanted(const struct erm_frr_peers *peers, uint32_t i)
{
	while (i < peers->n && (!peers->peers[i].is_wanted || peers->peers[i].is_late))
		i++;
	return i;
}

uint32_t erm_frr_peers_next_late(const struct erm_frr_peers *peers)
{
	uint32_t i = 0;

	while (i < peers->n && !peers->peers[i].is_wanted)
		i++;
	return i;
}

uint32_t erm_frr_peers_next_old(struct erm_frr_peers *peers, usec_t before)
{
	for (uint32_t k = 0; k < peers->n; k++) {
		uint32_t i = (peers->cursor + k) % peers->n;

		if (peers->peers[i].read_at < before) {
			peers->cursor = (i + 1) % peers->n;
			return i;
		}
	}
	return peers->n;
}

uint32_t erm_frr_peers_count_seen(const struct erm_frr_peers *peers)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++)
		n += peers->peers[i].is_seen;
	return n;
}

bool erm_frr_peer_settle(struct erm_frr_peers *peers, uint32_t i)
{
	struct erm_frr_peer *peer = &peers->peers[i];
	bool was_up = peer->was_seen && peer->was == ERM_BGP_ESTABLISHED;
	bool is_news = peer->is_seen != peer->was_seen || is_up(peer) != was_up ||
		       (was_up && peer->now.dropped_count > peer->was_dropped);

	peer->was_seen = peer->is_seen;
	if (peer->is_seen) {
		peer->was = peer->now.bgp;
		peer->was_dropped = peer->now.dropped_count;
	}
	return peers->has_cycle && is_news;
}

uint32_t erm_frr_peers_end(struct erm_frr_peers *peers)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++)
		n += erm_frr_peer_settle(peers, i);
	peers->has_cycle = true;
	return n;
}
