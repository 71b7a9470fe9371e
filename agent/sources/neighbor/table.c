/* Owns which peer is looked for on which link. */
#include "sources/neighbor/table.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <stdlib.h>
#include <string.h>

/* The interface a session's peer is reached by, or ERM_NO_INDEX: none, or another host's. */
static uint32_t interface_of(const struct erm_config *config, uint32_t session)
{
	uint32_t connection = config->sessions[session].connection, interface;

	if (connection >= config->n_connections)
		return ERM_NO_INDEX;
	interface = config->connections[connection].interface;
	if (interface >= config->n_interfaces)
		return ERM_NO_INDEX;
	if (config->sources[config->interfaces[interface].source].type != ERM_SOURCE_TYPE_RTNL)
		return ERM_NO_INDEX;
	return interface;
}

static usec_t probed_at(const struct erm_neighbor_table *old, const char *name,
			const struct erm_addr *addr)
{
	for (uint32_t i = 0; old && i < old->n_peers; i++) {
		const struct erm_neighbor_peer *peer = &old->peers[i];

		if (erm_addr_equal(&peer->entry.addr, addr) &&
		    strcmp(old->links[peer->link].name, name) == 0)
			return peer->probed_at;
	}
	return 0;
}

static void add_peer(struct erm_neighbor_table *table, const struct erm_config *config,
		     uint32_t session, const struct erm_neighbor_table *old)
{
	struct erm_neighbor_link *link = &table->links[table->n_links - 1];
	struct erm_neighbor_peer *peer = &table->peers[table->n_peers++];

	*peer = (struct erm_neighbor_peer){
		.session = session,
		.link = table->n_links - 1,
		.entry.addr = config->sessions[session].neighbor,
		.state = ERM_NEIGHBOR_UNKNOWN,
		.probed_at = probed_at(old, link->name, &config->sessions[session].neighbor),
	};
	link->n++;
}

int erm_neighbor_table_make(const struct erm_config *config, const struct erm_neighbor_table *old,
			    struct erm_neighbor_table *ret)
{
	struct erm_neighbor_table table = { 0 };

	table.links = calloc((size_t)config->n_interfaces + 1, sizeof(*table.links));
	table.peers = calloc((size_t)config->n_sessions + 1, sizeof(*table.peers));
	if (!table.links || !table.peers) {
		erm_neighbor_table_done(&table);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		bool is_added = false;

		for (uint32_t k = 0; k < config->n_sessions; k++) {
			if (interface_of(config, k) != i)
				continue;
			if (!is_added) {
				table.links[table.n_links++] = (struct erm_neighbor_link){
					.name = config->interfaces[i].name,
					.first = table.n_peers,
				};
			}
			is_added = true;
			add_peer(&table, config, k, old);
		}
	}
	*ret = table;
	return 0;
}

void erm_neighbor_table_done(struct erm_neighbor_table *table)
{
	free(table->links);
	free(table->peers);
	*table = (struct erm_neighbor_table){ 0 };
}

void erm_neighbor_table_begin(struct erm_neighbor_table *table)
{
	for (uint32_t i = 0; i < table->n_links; i++)
		table->links[i].ifindex = 0;
	for (uint32_t i = 0; i < table->n_peers; i++) {
		table->peers[i].entry.ifindex = 0;
		table->peers[i].entry.nud = NUD_NONE;
	}
}

void erm_neighbor_table_take(struct erm_neighbor_table *table, uint32_t link,
			     const struct erm_neighbor_entry *entry)
{
	const struct erm_neighbor_link *l = &table->links[link];

	if (entry->ifindex != l->ifindex)
		return;
	for (uint32_t i = l->first; i < l->first + l->n; i++)
		if (erm_addr_equal(&table->peers[i].entry.addr, &entry->addr))
			table->peers[i].entry = *entry;
}

void erm_neighbor_table_end(struct erm_neighbor_table *table)
{
	for (uint32_t i = 0; i < table->n_peers; i++)
		table->peers[i].state = erm_neighbor_state_of(table->peers[i].entry.nud);
}

bool erm_neighbor_table_take_probe(struct erm_neighbor_table *table, uint32_t peer, usec_t now)
{
	struct erm_neighbor_peer *p = &table->peers[peer];

	if (p->entry.ifindex == 0 || !erm_neighbor_is_stale(p->entry.nud))
		return false;
	if (p->probed_at != 0 && now < erm_usec_add(p->probed_at, ERM_NEIGHBOR_PROBE_USEC))
		return false;
	p->probed_at = now;
	return true;
}
