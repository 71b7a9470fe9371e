#include "model_plans.h"

#include <stdlib.h>
#include <string.h>

#include "../replay/lab_config.h"

/* Direct: two port pairs, a group over both. */
static void plan_pairs(struct erm_config *c, bool is_second)
{
	uint32_t group = 0;
	uint32_t c1 = 0;
	uint32_t c4 = 0;

	(void)lab_config_pair(c, "pp1", "p1", "p2");
	(void)lab_config_pair(c, "pp2", is_second ? "p4" : "p3", is_second ? "p3" : "p4");
	c1 = lab_config_circuit(c, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	if (!is_second)
		(void)lab_config_circuit(c, "c2", ERM_MODEL_DIRECT, "p1", "p2");
	c4 = lab_config_circuit(c, "c4", ERM_MODEL_DIRECT, "p3", "p4");
	group = lab_config_group(c, "g1");
	lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, c1);
	lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, c4);
}

/* Two edge routers, the partner's legs remote; one leg in maintenance. */
static void plan_partners(struct erm_config *c, bool is_second)
{
	uint32_t group = lab_config_group(c, "g1");

	lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, 0);
	lab_config_member(c, group, ERM_RESOURCE_CIRCUIT, 1);
	(void)lab_config_circuit(c, is_second ? "c3" : "c1", ERM_MODEL_CLOUD_EXCHANGE, "e1", NULL);
	lab_config_remote_leg(c, "ce2");
	(void)lab_config_circuit(c, "c2", ERM_MODEL_CLOUD_EXCHANGE, "e2", NULL);
	lab_config_remote_leg(c, "ce2");
	c->connections[0].maintenance = is_second;
}

/* Ports shared without a pair, both legs on one port. */
static void plan_shared(struct erm_config *c, bool is_second)
{
	(void)lab_config_circuit(c, "c1", ERM_MODEL_POINT_TO_POINT, "e1", is_second ? "e1" : "e2");
	(void)lab_config_circuit(c, "c2", ERM_MODEL_POINT_TO_POINT, "e1", "e3");
	(void)lab_config_circuit(c, "c3", ERM_MODEL_ANY_TO_ANY, "e4", "e4");
	(void)lab_config_circuit(c, "c4", ERM_MODEL_ANY_TO_ANY, "e4", "e4");
	(void)lab_config_circuit(c, "c5", ERM_MODEL_MANAGED_L3, "e5", "e5");
}

/* Groups of groups, single legs, circuits without sessions, a port that changes its interface. */
static void plan_nested(struct erm_config *c, bool is_second)
{
	uint32_t inner = lab_config_group(c, "g1");
	uint32_t outer = 0;

	(void)lab_config_circuit(c, "c1", ERM_MODEL_MANAGED_L3, "e1", NULL);
	(void)lab_config_circuit(c, "c2", ERM_MODEL_CLOUD_EXCHANGE, "e2", NULL);
	(void)lab_config_bare_circuit(c, "c3", ERM_MODEL_POINT_TO_POINT, "e3", "e4");
	if (is_second) {
		free(c->interfaces[0].name);
		c->interfaces[0].name = strdup("e9");
		c->circuits[1].min_redundant = 1;
	}
	lab_config_member(c, inner, ERM_RESOURCE_CIRCUIT, 0);
	lab_config_member(c, inner, ERM_RESOURCE_CIRCUIT, 1);
	outer = lab_config_group(c, "g2");
	lab_config_member(c, outer, ERM_RESOURCE_GROUP, inner);
	lab_config_member(c, outer, ERM_RESOURCE_CIRCUIT, 2);
}

/* Several speak for each session; a reload changes their order, and takes some away. */
static void add_sources(struct erm_config *c, bool is_second)
{
	static const uint32_t orders[2][4] = { { LAB_ROUTER, 2, 3, 4 }, { 2, 3, LAB_ROUTER } };

	(void)lab_config_source(c, "bmp", ERM_SOURCE_TYPE_BMP);
	(void)lab_config_source(c, "sock", ERM_SOURCE_TYPE_SOCK_DIAG);
	(void)lab_config_source(c, "core", ERM_SOURCE_TYPE_SNMP);
	lab_config_speakers(c, orders[is_second], is_second ? 3 : 4);
	(void)lab_config_source(c, "arp", ERM_SOURCE_TYPE_NEIGHBOR);
	if (!is_second)
		(void)lab_config_source(c, "optics", ERM_SOURCE_TYPE_ETHTOOL);
	for (uint32_t i = 0; i < c->n_ports; i++) {
		c->ports[i].rx_low_cdbm = -1000;
		c->ports[i].rx_high_cdbm = ERM_NO_POWER;
	}
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		c->sessions[i].n_expected = 2;
		c->sessions[i].expected = calloc(2, sizeof(*c->sessions[i].expected));
		if (!c->sessions[i].expected)
			abort();
	}
}

struct erm_config *model_plan(uint8_t plan, bool is_second)
{
	static void (*const layouts[])(struct erm_config *, bool) = { plan_pairs, plan_partners,
								      plan_shared, plan_nested };
	struct erm_config *c = lab_config_new();

	c->agent.min_interval_usec = plan & 1 ? 60 * ERM_USEC_PER_SEC : 0;
	c->agent.heartbeat_usec = plan & 2 ? 7 * ERM_USEC_PER_SEC : 0;
	c->agent.reminder_usec = plan & 4 ? 20 * ERM_USEC_PER_SEC : 86400 * ERM_USEC_PER_SEC;
	if (plan & 8) {
		for (uint32_t i = 0; i < c->n_sources; i++)
			c->sources[i].stale_after_usec = 3600 * ERM_USEC_PER_SEC;
		c->agent.not_redundant_minor_usec = 50 * ERM_USEC_PER_SEC;
	}
	layouts[plan >> 4 & 3](c, is_second);
	if (plan & 0x80)
		add_sources(c, is_second);
	for (uint32_t i = 0; plan & 0x40 && i < c->n_sessions; i++)
		c->sessions[i].bfd_expected = true;
	return c;
}
