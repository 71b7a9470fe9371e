#include "sources/frr/routes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void erm_frr_routes_done(struct erm_frr_routes *routes)
{
	free(routes->uses);
	free(routes->watched);
	free(routes->users);
	free(routes->prefixes);
	*routes = (struct erm_frr_routes){ 0 };
}

static int compare_prefixes(const struct erm_prefix *a, const struct erm_prefix *b)
{
	size_t len = 0;
	const void *bytes = erm_addr_bytes(&a->addr, &len);

	if (a->addr.family != b->addr.family)
		return a->addr.family < b->addr.family ? -1 : 1;
	if (a->length != b->length)
		return a->length < b->length ? -1 : 1;
	return memcmp(bytes, erm_addr_bytes(&b->addr, &len), len);
}

struct order {
	const struct erm_prefix *prefix;
	uint32_t use;
};

static int compare_orders(const void *a, const void *b)
{
	const struct order *left = a;
	const struct order *right = b;
	int r = compare_prefixes(left->prefix, right->prefix);

	return r != 0 ? r : (left->use > right->use) - (left->use < right->use);
}

/* Equal prefixes stand together now: one is asked for. */
static void gather(struct erm_frr_routes *routes, const struct order *orders)
{
	for (uint32_t k = 0; k < routes->n_uses; k++) {
		struct erm_frr_prefix *last = NULL;

		if (k == 0 || compare_prefixes(orders[k - 1].prefix, orders[k].prefix) != 0) {
			routes->prefixes[routes->n_prefixes++] = (struct erm_frr_prefix){
				.prefix = *orders[k].prefix,
				.due_at = ERM_USEC_INFINITY,
				.first_user = k,
			};
		}
		last = &routes->prefixes[routes->n_prefixes - 1];
		last->n_users++;
		routes->users[k] = orders[k].use;
		routes->uses[orders[k].use].prefix = routes->n_prefixes - 1;
	}
}

static void list_uses(const struct erm_config *config, const struct erm_frr_peers *peers,
		      struct erm_frr_routes *routes, struct order *orders)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++) {
		const struct erm_session_config *session =
			&config->sessions[peers->peers[i].session];

		routes->watched[i].first_use = n;
		routes->watched[i].n_uses = session->n_expected;
		for (uint32_t k = 0; k < session->n_expected; k++) {
			routes->uses[n].peer = i;
			orders[n] = (struct order){ .prefix = &session->expected[k], .use = n };
			n++;
		}
	}
}

int erm_frr_routes_make(const struct erm_config *config, const struct erm_frr_peers *peers,
			struct erm_frr_routes *ret)
{
	ERM_CLEANUP(erm_frr_routes_done)
	struct erm_frr_routes routes = { .n_peers = peers->n };
	_cleanup_free_ struct order *orders = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < peers->n; i++)
		n += config->sessions[peers->peers[i].session].n_expected;
	routes.n_uses = n;
	routes.uses = calloc(n + 1, sizeof(*routes.uses));
	routes.users = calloc(n + 1, sizeof(*routes.users));
	routes.prefixes = calloc(n + 1, sizeof(*routes.prefixes));
	routes.watched = calloc((size_t)peers->n + 1, sizeof(*routes.watched));
	orders = calloc(n + 1, sizeof(*orders));
	if (!routes.uses || !routes.users || !routes.prefixes || !routes.watched || !orders)
		return -ENOMEM;

	list_uses(config, peers, &routes, orders);
	qsort(orders, n, sizeof(*orders), compare_orders);
	gather(&routes, orders);
	*ret = routes;
	routes = (struct erm_frr_routes){ 0 };
	return 0;
}

void erm_frr_routes_forget(struct erm_frr_routes *routes)
{
	for (uint32_t i = 0; i < routes->n_uses; i++)
		routes->uses[i].is_known = false;
	for (uint32_t i = 0; i < routes->n_prefixes; i++)
		routes->prefixes[i].due_at = ERM_USEC_INFINITY;
	for (uint32_t i = 0; i < routes->n_peers; i++)
		routes->watched[i].is_up = false;
}

static const struct erm_frr_use *find_use(const struct erm_frr_routes *routes, uint32_t peer,
					  const struct erm_prefix *prefix)
{
	const struct erm_frr_watched *watched = &routes->watched[peer];

	for (uint32_t k = 0; k < watched->n_uses; k++) {
		const struct erm_frr_use *use = &routes->uses[watched->first_use + k];

		if (compare_prefixes(&routes->prefixes[use->prefix].prefix, prefix) == 0)
			return use;
	}
	return NULL;
}

static void keep_one(struct erm_frr_routes *routes, struct erm_frr_use *use,
		     const struct erm_frr_routes *old, uint32_t old_peer)
{
	const struct erm_frr_use *known =
		find_use(old, old_peer, &routes->prefixes[use->prefix].prefix);

	if (!known)
		return;
	use->is_known = known->is_known;
	use->is_received = known->is_received;
	use->prepends = known->prepends;
}

void erm_frr_routes_keep(struct erm_frr_routes *routes, const struct erm_frr_peers *peers,
			 const struct erm_frr_routes *old, const struct erm_frr_peers *old_peers)
{
	for (uint32_t i = 0; i < routes->n_uses; i++) {
		const struct erm_frr_peer *peer = &peers->peers[routes->uses[i].peer];
		uint32_t j = erm_frr_peers_find(old_peers, &peer->addr, peer->family);

		if (j < old_peers->n)
			keep_one(routes, &routes->uses[i], old, j);
	}
}

void erm_frr_routes_see(struct erm_frr_routes *routes, uint32_t i, const struct erm_frr_peer *peer,
			usec_t now)
{
	struct erm_frr_watched *watched = &routes->watched[i];
	bool is_up = peer->is_seen && peer->now.bgp == ERM_BGP_ESTABLISHED;
	bool is_news =
		is_up && (!watched->is_up || peer->now.prefixes_received != watched->received);

	watched->is_up = is_up;
	watched->received = peer->now.prefixes_received;
	for (uint32_t k = 0; k < watched->n_uses; k++) {
		struct erm_frr_use *use = &routes->uses[watched->first_use + k];
		struct erm_frr_prefix *prefix = &routes->prefixes[use->prefix];

		if (!is_up)
			use->is_known = false;
		if (is_news && prefix->due_at > now)
			prefix->due_at = now;
	}
}

uint32_t erm_frr_routes_next(struct erm_frr_routes *routes, usec_t now)
{
	for (uint32_t k = 0; k < routes->n_prefixes; k++) {
		uint32_t i = (routes->cursor + k) % routes->n_prefixes;

		if (routes->prefixes[i].due_at <= now) {
			routes->cursor = (i + 1) % routes->n_prefixes;
			return i;
		}
	}
	return routes->n_prefixes;
}

void erm_frr_routes_take(struct erm_frr_routes *routes, uint32_t prefix,
			 const struct erm_frr_route *route, const struct erm_frr_peers *peers,
			 usec_t due_at)
{
	struct erm_frr_prefix *p = &routes->prefixes[prefix];
	bool is_needed = false;

	for (uint32_t k = 0; k < p->n_users; k++) {
		struct erm_frr_use *use = &routes->uses[routes->users[p->first_user + k]];
		const struct erm_frr_peer *peer = &peers->peers[use->peer];

		if (!peer->is_seen || peer->now.bgp != ERM_BGP_ESTABLISHED)
			continue;
		is_needed = true;
		if (!route)
			continue;
		use->is_known = true;
		use->prepends = 0;
		use->is_received = erm_frr_route_from(route, &peer->addr, &use->prepends);
	}
	p->due_at = is_needed ? due_at : ERM_USEC_INFINITY;
}

void erm_frr_routes_fill(const struct erm_frr_routes *routes, uint32_t peer,
			 struct erm_obs_session *session)
{
	const struct erm_frr_watched *watched = &routes->watched[peer];
	uint32_t n_received = 0, prepends = 0;

	for (uint32_t k = 0; k < watched->n_uses; k++) {
		const struct erm_frr_use *use = &routes->uses[watched->first_use + k];

		if (!use->is_known)
			return;
		n_received += use->is_received;
		prepends = use->prepends > prepends ? use->prepends : prepends;
	}
	session->has_expected = watched->n_uses > 0;
	session->expected_received = n_received;
	session->has_path = n_received > 0;
	session->prepends = prepends;
}
