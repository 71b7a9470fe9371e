#include "sources/frr_peers.h"

#include <errno.h>
#include <stdlib.h>

/* Sessions come by the thousand at most and only at a reload: a plain search will do. */
static const struct erm_frr_peer *find(const struct erm_frr_peers *peers,
				       const struct erm_addr *addr)
{
	for (uint32_t i = 0; peers && i < peers->n; i++)
		if (erm_addr_equal(&peers->peers[i].addr, addr))
			return &peers->peers[i];
	return NULL;
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
		const struct erm_frr_peer *known = NULL;
		struct erm_frr_peer *peer = &peers[n];

		if (!erm_session_has_source(config, i, index))
			continue;
		known = find(old, &session->neighbor);
		peer->session = i;
		peer->addr = session->neighbor;
		peer->family = session->family;
		peer->was_seen = known && known->was_seen;
		peer->was = known ? known->was : ERM_BGP_UNKNOWN;
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
	for (uint32_t i = 0; i < peers->n; i++)
		peers->peers[i].was_seen = false;
}

void erm_frr_peers_begin(struct erm_frr_peers *peers)
{
	for (uint32_t i = 0; i < peers->n; i++)
		peers->peers[i].is_seen = false;
}

int erm_frr_peers_take(struct erm_frr_peers *peers, uint32_t i, const struct erm_frr_reply *reply,
		       bool *ret_is_changed)
{
	struct erm_frr_peer *peer = &peers->peers[i];
	int r = erm_frr_reply_session(reply, &peer->addr, peer->family, &peer->now);

	if (r < 0 && r != -ENOENT)
		return r;
	peer->is_seen = r >= 0;
	peer->now.session = peer->session;
	*ret_is_changed =
		peers->has_cycle && peer->is_seen && peer->was_seen && peer->now.bgp != peer->was;
	return 0;
}

uint32_t erm_frr_peers_count_seen(const struct erm_frr_peers *peers)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++)
		n += peers->peers[i].is_seen;
	return n;
}

uint32_t erm_frr_peers_end(struct erm_frr_peers *peers)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++) {
		struct erm_frr_peer *peer = &peers->peers[i];

		if (peers->has_cycle && (peer->is_seen != peer->was_seen ||
					 (peer->is_seen && peer->now.bgp != peer->was)))
			n++;
		peer->was_seen = peer->is_seen;
		if (peer->is_seen)
			peer->was = peer->now.bgp;
	}
	peers->has_cycle = true;
	return n;
}
