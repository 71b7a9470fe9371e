/*
 * Neighbours: any datagram through the parser and the table of peers.  First byte: bit 0 an
 * index for the first link that the sample has, bit 1 the probes as well.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/neighbor/table.h"
#include "sources/netlink/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const neighbors[] = { "192.0.2.2", "2001:db8::2", "192.0.2.6" };

static struct erm_config *new_config(void)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->sources = calloc(1, sizeof(*config->sources));
	config->sessions = calloc(ERM_ELEMENTS(neighbors), sizeof(*config->sessions));
	config->connections = calloc(2, sizeof(*config->connections));
	config->interfaces = calloc(2, sizeof(*config->interfaces));
	if (!config->sources || !config->sessions || !config->connections || !config->interfaces)
		abort();
	config->n_sources = 1;
	config->sources[0].type = ERM_SOURCE_TYPE_RTNL;
	config->n_connections = config->n_interfaces = 2;
	config->connections[1].interface = 1;
	config->interfaces[0].name = strdup("e0");
	config->interfaces[1].name = strdup("e1");
	for (size_t i = 0; i < ERM_ELEMENTS(neighbors); i++) {
		config->sessions[i].connection = (uint32_t)i / 2;
		if (erm_addr_parse(neighbors[i], &config->sessions[i].neighbor) < 0)
			abort();
		config->n_sessions++;
	}
	return config;
}

static void feed(struct erm_neighbor_table *table, const uint8_t *data, size_t size)
{
	struct erm_reader r = erm_reader_init(data, size);
	struct erm_netlink_message message;
	struct erm_neighbor_entry entry;
	uint32_t ifindex;

	while (erm_netlink_message_next(&r, &message) > 0) {
		if (message.kind != ERM_NETLINK_DATA)
			continue;
		if (message.type == 16 && table->links[1].ifindex == 0 &&
		    erm_neighbor_parse_link(message.payload, &ifindex) == 0)
			table->links[1].ifindex = ifindex;
		if (erm_neighbor_parse(message.payload, &entry) == 0)
			for (uint32_t i = 0; i < table->n_links; i++)
				erm_neighbor_table_take(table, i, &entry);
	}
}

static void check(struct erm_neighbor_table *table, bool with_probes)
{
	struct erm_rtnl_request request = { 0 };

	for (uint32_t i = 0; i < table->n_peers; i++) {
		const struct erm_neighbor_peer *peer = &table->peers[i];

		if (peer->state < ERM_NEIGHBOR_UNKNOWN || peer->state >= ERM_NEIGHBOR_STATE_MAX)
			abort();
		if (peer->state != ERM_NEIGHBOR_UNKNOWN &&
		    peer->entry.ifindex != table->links[peer->link].ifindex)
			abort();
		if (with_probes && erm_neighbor_table_take_probe(table, i, ERM_USEC_PER_SEC) &&
		    !erm_neighbor_request_probe(&request, i, &peer->entry))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct erm_neighbor_table table = { 0 };
	_cleanup_free_ uint8_t *input = NULL;
	struct erm_config *config;

	if (size == 0)
		return 0;
	input = malloc(size); /* exact: ASan sees an overread */
	config = new_config();
	if (!input || erm_neighbor_table_make(config, NULL, &table) < 0)
		abort();
	memcpy(input, data, size);
	erm_neighbor_table_begin(&table);
	table.links[0].ifindex = input[0] & 1 ? 3 : 2;
	feed(&table, input + 1, size - 1);
	erm_neighbor_table_end(&table);
	check(&table, input[0] & 2);
	erm_neighbor_table_done(&table);
	erm_config_unref(config);
	return 0;
}
