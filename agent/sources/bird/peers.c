#include "sources/bird/peers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Sessions come by the thousand at most and only at a reload: a plain search will do. */
static const struct erm_bird_peer *find(const struct erm_bird_peers *peers,
					const struct erm_bird_peer *peer)
{
	for (uint32_t i = 0; peers && i < peers->n; i++) {
		const struct erm_bird_peer *known = &peers->peers[i];

		if (known->family == peer->family && erm_addr_equal(&known->addr, &peer->addr) &&
		    erm_addr_equal(&known->local, &peer->local))
			return known;
	}
	return NULL;
}

static void forget_routes(struct erm_bird_peer *peer)
{
	peer->is_looked_for = false;
	peer->n_looked = peer->n_received = peer->most_prepends = 0;
	peer->has_path = false;
	peer->now.has_expected = peer->now.has_path = false;
	peer->now.expected_received = peer->now.prepends = 0;
}

int erm_bird_peers_make(const struct erm_config *config, uint32_t index,
			const struct erm_bird_peers *old, struct erm_bird_peers *ret)
{
	_cleanup_free_ struct erm_bird_peer *peers = NULL;
	bool expects_bfd = false;
	uint32_t n = 0;

	peers = calloc(config->n_sessions ? config->n_sessions : 1, sizeof(*peers));
	if (!peers)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		const struct erm_session_config *session = &config->sessions[i];
		const struct erm_bird_peer *known = NULL;
		struct erm_bird_peer *peer = &peers[n];

		if (!erm_session_has_source(config, i, index))
			continue;
		peer->addr = session->neighbor;
		peer->local = session->local_address;
		peer->family = session->family;
		known = find(old, peer);
		if (known)
			*peer = *known;
		forget_routes(peer);
		peer->session = i;
		peer->is_seen = false;
		peer->n_expected = session->n_expected;
		expects_bfd |= session->bfd_expected;
		n++;
	}
	*ret = (struct erm_bird_peers){
		.peers = ERM_TAKE_PTR(peers),
		.n = n,
		.has_cycle = old && old->has_cycle,
		.has_start = old && old->has_start,
		.expects_bfd = expects_bfd,
	};
	if (old)
		ret->start = old->start;
	return 0;
}

void erm_bird_peers_done(struct erm_bird_peers *peers)
{
	free(peers->peers);
	*peers = (struct erm_bird_peers){ 0 };
}

void erm_bird_peers_forget(struct erm_bird_peers *peers)
{
	peers->has_cycle = false;
	for (uint32_t i = 0; i < peers->n; i++) {
		peers->peers[i].was_seen = false;
		forget_routes(&peers->peers[i]);
	}
}

/*
 * True when a fall was between this reply and the one before and neither shows it.  Of a
 * BIRD met for the first time: what did not move since it was started was never up.
 */
static bool count(struct erm_bird_peer *peer, const struct erm_bird_neighbor *neighbor,
		  const struct erm_bird_since *start, bool is_clock_set)
{
	bool is_up = neighbor->obs.bgp == ERM_BGP_ESTABLISHED;
	bool was_up = peer->was == ERM_BGP_ESTABLISHED;

	if (!peer->has_counts) {
		peer->has_counts = true;
		peer->established_count = is_up || erm_bird_since_differs(start, &neighbor->since);
		peer->dropped_count = peer->established_count - is_up;
		return false;
	}
	if (neighbor->obs.bgp == ERM_BGP_UNKNOWN)
		return false;
	if (is_up && was_up) {
		if (is_clock_set || !erm_bird_since_differs(&peer->since, &neighbor->since))
			return false;
		peer->established_count++;
		peer->dropped_count++;
		return true;
	}
	peer->established_count += is_up;
	peer->dropped_count += was_up;
	return false;
}

static void take_one(struct erm_bird_peer *peer, const struct erm_bird_neighbor *neighbor,
		     const struct erm_bird_since *now)
{
	const struct erm_bird_routes *routes = &neighbor->routes[peer->family];
	struct erm_obs_session obs = neighbor->obs;

	obs.session = peer->session;
	obs.has_counts = true;
	obs.established_count = peer->established_count;
	obs.dropped_count = peer->dropped_count;
	obs.bfd = peer->now.bfd;
	if (obs.bgp == ERM_BGP_ESTABLISHED) {
		obs.has_received = obs.has_advertised = routes->is_told;
		obs.prefixes_received = routes->imported;
		obs.prefixes_advertised = routes->exported;
		obs.uptime_sec = erm_bird_since_age(&neighbor->since, now);
		/* of the fall before */
		obs.has_reset = false;
		obs.reset_cause = ERM_CAUSE_NONE;
		obs.error_code = obs.error_subcode = 0;
		obs.reset_text[0] = '\0';
		obs.has_expected = peer->now.has_expected;
		obs.expected_received = peer->now.expected_received;
		obs.has_path = peer->now.has_path;
		obs.prepends = peer->now.prepends;
	} else {
		if (!obs.has_reset)
			obs.reset_cause = ERM_CAUSE_NONE;
		forget_routes(peer);
	}
	peer->now = obs;
	memcpy(peer->name, neighbor->name, sizeof(peer->name));
}

/* Another BIRD answers than before: what was counted of the other does not go on. */
static bool is_restarted(const struct erm_bird_peers *peers,
			 const struct erm_bird_protocols *protocols)
{
	return !peers->has_cycle &&
	       (!peers->has_start || erm_bird_since_differs(&peers->start, &protocols->start));
}

uint32_t erm_bird_peers_take(struct erm_bird_peers *peers,
			     const struct erm_bird_protocols *protocols,
			     const struct erm_bird_since *now)
{
	bool is_new_bird = is_restarted(peers, protocols);
	/* BIRD does not start anew within a connection: all its times have moved */
	bool is_clock_set = !is_new_bird && peers->has_start &&
			    erm_bird_since_differs(&peers->start, &protocols->start);
	uint32_t n_changes = 0;

	for (uint32_t i = 0; i < peers->n; i++) {
		struct erm_bird_peer *peer = &peers->peers[i];
		const struct erm_bird_neighbor *neighbor =
			erm_bird_protocols_find(protocols, &peer->addr, &peer->local);
		bool has_fallen = false;

		peer->is_seen = neighbor != NULL;
		if (is_new_bird)
			peer->has_counts = false;
		if (neighbor) {
			has_fallen = count(peer, neighbor, &protocols->start, is_clock_set);
			take_one(peer, neighbor, now);
		}
		if (peers->has_cycle &&
		    (peer->is_seen != peer->was_seen || has_fallen ||
		     (neighbor && peer->was_seen && neighbor->obs.bgp != peer->was)))
			n_changes++;
		peer->was_seen = peer->is_seen;
		if (neighbor) {
			peer->was = neighbor->obs.bgp;
			peer->since = neighbor->since;
		}
	}
	peers->start = protocols->start;
	peers->has_start = true;
	peers->has_cycle = true;
	return n_changes;
}

/*
 * BIRD's BGP gives its BFD session up when it falls: a session that is not there is no
 * news then.
 */
static enum erm_bfd_state bfd_of(const struct erm_bird_peer *peer, const struct erm_bird_bfd *bfd)
{
	enum erm_bfd_state state = ERM_BFD_UNKNOWN;

	if (!bfd)
		return ERM_BFD_UNKNOWN;
	state = erm_bird_bfd_find(bfd, &peer->addr);
	if (state == ERM_BFD_NONE && bfd->n > 0 && peer->now.bgp != ERM_BGP_ESTABLISHED)
		return ERM_BFD_UNKNOWN;
	return state;
}

uint32_t erm_bird_peers_take_bfd(struct erm_bird_peers *peers, const struct erm_bird_bfd *bfd)
{
	uint32_t n_changes = 0;

	for (uint32_t i = 0; i < peers->n; i++) {
		struct erm_bird_peer *peer = &peers->peers[i];
		enum erm_bfd_state state = bfd_of(peer, bfd);

		if (!peer->is_seen)
			continue;
		n_changes += peer->now.bfd != 0 && peer->now.bfd != state;
		peer->now.bfd = state;
	}
	return n_changes;
}

bool erm_bird_peers_next_look(const struct erm_bird_peers *peers, usec_t now, usec_t every,
			      uint32_t *i)
{
	for (; *i < peers->n; ++*i) {
		const struct erm_bird_peer *peer = &peers->peers[*i];

		if (!peer->is_seen || peer->now.bgp != ERM_BGP_ESTABLISHED ||
		    peer->n_expected == 0 || peer->name[0] == '\0')
			continue;
		if (!peer->is_looked_for || peer->n_looked > 0 ||
		    peer->looked_routes != peer->now.prefixes_received ||
		    erm_usec_add(peer->looked_at, every) <= now)
			return true;
	}
	return false;
}

bool erm_bird_peers_take_route(struct erm_bird_peer *peer, const struct erm_bird_route *route,
			       usec_t now)
{
	bool is_known = peer->now.has_expected;
	bool is_over = false;

	if (route && peer->n_looked == 0)
		peer->n_received = peer->most_prepends = peer->has_path = 0;
	if (route) {
		peer->n_received += route->is_there;
		peer->has_path |= route->has_path;
		if (route->prepends > peer->most_prepends)
			peer->most_prepends = route->prepends;
		peer->n_looked++;
		is_over = peer->n_looked >= peer->n_expected;
	}
	if (route && !is_over)
		return false;

	peer->is_looked_for = true;
	peer->looked_at = now;
	peer->looked_routes = peer->now.prefixes_received;
	peer->n_looked = 0;
	peer->now.has_expected = route != NULL;
	peer->now.expected_received = route ? peer->n_received : 0;
	peer->now.has_path = route && peer->has_path;
	peer->now.prepends = route ? peer->most_prepends : 0;
	return route || is_known;
}
