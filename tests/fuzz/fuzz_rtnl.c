/*
 * rtnetlink: any datagram, as a notification and as an answer, through the parser and the
 * store of links.  First byte: bit 0 answers or notifications, bit 1 inside a dump.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/rtnl/links.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "e0", "e1", "t0", "expressroute-primary" };

static struct erm_config *new_config(void)
{
	struct erm_config *config = erm_config_new();

	if (!config)
		abort();
	config->interfaces = calloc(ERM_ELEMENTS(names), sizeof(*config->interfaces));
	if (!config->interfaces)
		abort();
	for (size_t i = 0; i < ERM_ELEMENTS(names); i++)
		config->interfaces[config->n_interfaces++].name = strdup(names[i]);
	return config;
}

static void feed(struct erm_rtnl_links *links, const uint8_t *data, size_t size, uint8_t how)
{
	struct erm_reader r = erm_reader_init(data, size);
	struct erm_rtnl_message message;
	usec_t now = 1;

	if (how & 2)
		erm_rtnl_links_dump_begin(links);
	for (; erm_rtnl_message_next(&r, &message) > 0;
	     now += 1 + message.seq % (3 * ERM_USEC_PER_SEC)) {
		if (message.kind != ERM_RTNL_LINK_NEW && message.kind != ERM_RTNL_LINK_DEL)
			continue;
		if ((how & 1) && message.kind == ERM_RTNL_LINK_NEW)
			(void)erm_rtnl_links_answer(links, &message.link, now);
		else
			(void)erm_rtnl_links_notify(links, &message, now);
	}
	if (how & 2)
		erm_rtnl_links_dump_end(links, true, now);
}

/* What is due gets the answer "no such link" until nothing is: that must come to an end. */
static void settle(struct erm_rtnl_links *links)
{
	struct erm_obs_interface obs;
	struct erm_rtnl_slot *slot;
	const char *name;
	uint32_t ifindex;

	for (unsigned int i = 0; (slot = erm_rtnl_links_next_due(links, &ifindex, &name)); i++) {
		if (i > 4096 || (ifindex == 0 && !name))
			abort();
		erm_rtnl_links_missing(links, slot, ERM_USEC_PER_SEC);
	}
	while (erm_rtnl_links_next_change(links, &obs)) {
		if (obs.interface >= ERM_ELEMENTS(names) || (obs.is_oper_up && !obs.has_carrier) ||
		    (obs.has_carrier && !obs.is_present))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_free_ uint8_t *input = NULL;
	struct erm_rtnl_links *links = NULL, *next = NULL;
	struct erm_config *config;

	if (size == 0)
		return 0;
	input = malloc(size); /* exact: ASan sees an overread */
	config = new_config();
	if (!input || erm_rtnl_links_new(config, 0, NULL, &links) < 0)
		abort();
	memcpy(input, data, size);
	feed(links, input + 1, size - 1, input[0]);
	if (erm_rtnl_links_new(config, 0, links, &next) < 0)
		abort();
	settle(links);
	erm_rtnl_links_free(links);
	feed(next, input + 1, size - 1, input[0] ^ 1U);
	settle(next);
	erm_rtnl_links_free(next);
	erm_config_unref(config);
	return 0;
}
