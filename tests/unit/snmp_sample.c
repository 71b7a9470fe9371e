#include "snmp_sample.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/usec.h"

enum {
	PER_CIRCUIT_CONNECTIONS = 2,
	PER_CIRCUIT_SERVICES = 2,
	PER_CIRCUIT_SESSIONS = 4,
	PORTS = 2,
	LANES = 2,
	SHELVES = 2
};

static void *zeroed(size_t n, size_t size)
{
	void *p = calloc(n > 0 ? n : 1, size);

	assert(p);
	return p;
}

static char *numbered(const char *stem, uint32_t n)
{
	char *text;
	int r = asprintf(&text, "%s-%u", stem, n);

	assert(r > 0);
	(void)r;
	return text;
}

static struct erm_time ago(uint32_t sec)
{
	struct erm_time t = erm_time_now();

	t.mono -= t.mono > (usec_t)sec * ERM_USEC_PER_SEC ? (usec_t)sec * ERM_USEC_PER_SEC
							  : t.mono - 1;
	t.real -= (usec_t)sec * ERM_USEC_PER_SEC;
	return t;
}

static struct erm_addr address(enum erm_family family, uint32_t circuit, uint32_t last)
{
	struct erm_addr addr;
	char text[ERM_ADDR_STRLEN];
	int r;

	(void)snprintf(text, sizeof(text),
		       family == ERM_FAMILY_IPV4 ? "192.168.%u.%u" : "2001:db8:%x::%x",
		       circuit % 256, last);
	r = erm_addr_parse(text, &addr);
	assert(r == 0);
	(void)r;
	return addr;
}

static void fill_circuit_config(struct erm_config *c, uint32_t i)
{
	struct erm_circuit_config *circuit = &c->circuits[i];

	*circuit = (struct erm_circuit_config){
		.name = numbered("contoso", i),
		.model = ERM_MODEL_DIRECT,
		.sku = ERM_SKU_PREMIUM,
		.service_key = numbered("key", i),
		.peering_location = numbered("Amsterdam", i),
		.provider = numbered("provider", i),
		.description = numbered("circuit", i),
		.bandwidth_mbps = 1000 + i,
		.min_service = 1,
		.min_redundant = 2,
		.first_connection = i * PER_CIRCUIT_CONNECTIONS,
		.n_connections = 2,
		.first_service = i * PER_CIRCUIT_SERVICES,
		.n_services = 2,
	};
	for (uint32_t k = 0; k < PER_CIRCUIT_CONNECTIONS; k++) {
		c->connections[i * PER_CIRCUIT_CONNECTIONS + k] = (struct erm_connection_config){
			.circuit = i,
			.role = k == 0 ? ERM_ROLE_PRIMARY : ERM_ROLE_SECONDARY,
			.interface = k,
			.port = k,
			.remote_agent = numbered("partner", k),
			.description = numbered("leg", k),
			.first_session = i * PER_CIRCUIT_SESSIONS + 2 * k,
			.n_sessions = 2,
		};
	}
	for (uint32_t k = 0; k < PER_CIRCUIT_SERVICES; k++) {
		c->services[i * PER_CIRCUIT_SERVICES + k] = (struct erm_service_config){
			.circuit = i,
			.peering = ERM_PEERING_PRIVATE,
			.family = k == 0 ? ERM_FAMILY_IPV4 : ERM_FAMILY_IPV6,
			.sessions = { i * PER_CIRCUIT_SESSIONS + k,
				      i * PER_CIRCUIT_SESSIONS + 2 + k },
		};
	}
	for (uint32_t k = 0; k < PER_CIRCUIT_SESSIONS; k++) {
		enum erm_family family = k % 2 == 0 ? ERM_FAMILY_IPV4 : ERM_FAMILY_IPV6;

		c->sessions[i * PER_CIRCUIT_SESSIONS + k] = (struct erm_session_config){
			.connection = i * PER_CIRCUIT_CONNECTIONS + k / 2,
			.circuit = i,
			.service = i * PER_CIRCUIT_SERVICES + k % 2,
			.peering = ERM_PEERING_PRIVATE,
			.family = family,
			.neighbor = address(family, i, 2 + 4 * (k / 2)),
			.local_address = k < 2 ? address(family, i, 1) : (struct erm_addr){ 0 },
			.peer_as = 12076,
			.min_prefixes = 1,
			.prefix_limit = 4000,
			.prefix_threshold_percent = 80,
			.bfd_expected = true,
			.n_expected = k == 0 ? 2 : 0,
			.expected = k == 0 ? zeroed(2, sizeof(struct erm_prefix)) : NULL,
			.description = numbered("session", k),
		};
	}
}

static struct erm_config *make_config(uint32_t n)
{
	struct erm_config *c = erm_config_new();

	assert(c);
	c->agent.name = strdup("ams-edge-1");
	c->sources = zeroed(1, sizeof(*c->sources));
	c->sources[0] = (struct erm_source_config){ .name = strdup("kernel"),
						    .type = ERM_SOURCE_TYPE_RTNL };
	c->interfaces = zeroed(PORTS, sizeof(*c->interfaces));
	c->ports = zeroed(PORTS, sizeof(*c->ports));
	for (uint32_t i = 0; i < PORTS; i++) {
		c->interfaces[i].name = numbered("ens", i);
		c->ports[i] =
			(struct erm_port_config){ .name = numbered("port", i), .interface = i };
	}
	c->groups = zeroed(1, sizeof(*c->groups));
	c->groups[0] = (struct erm_group_config){ .name = strdup("ams"),
						  .kind = ERM_GROUP_PORT_PAIR,
						  .description = strdup("both ports"),
						  .min_service = 1,
						  .min_redundant = 2 };
	c->circuits = zeroed(n, sizeof(*c->circuits));
	c->connections = zeroed((size_t)n * PER_CIRCUIT_CONNECTIONS, sizeof(*c->connections));
	c->services = zeroed((size_t)n * PER_CIRCUIT_SERVICES, sizeof(*c->services));
	c->sessions = zeroed((size_t)n * PER_CIRCUIT_SESSIONS, sizeof(*c->sessions));
	for (uint32_t i = 0; i < n; i++)
		fill_circuit_config(c, i);
	c->n_sources = c->n_groups = 1;
	c->n_interfaces = c->n_ports = PORTS;
	c->n_circuits = n;
	c->n_connections = n * PER_CIRCUIT_CONNECTIONS;
	c->n_services = n * PER_CIRCUIT_SERVICES;
	c->n_sessions = n * PER_CIRCUIT_SESSIONS;
	return c;
}

static const struct erm_verdict verdict = { .state = ERM_STATE_REDUNDANCY_LOST,
					    .worst = ERM_STATE_DOWN,
					    .best = ERM_STATE_DEGRADED,
					    .expected = 2,
					    .usable = 1,
					    .unknown = 1 };

static void fill_circuit_rows(struct erm_snapshot *s, uint32_t i)
{
	const struct erm_config *c = s->config;
	uint32_t number = 10 * (i + 1);

	s->circuits[i] = (struct erm_circuit_row){
		.index = number,
		.config = &c->circuits[i],
		.verdict = verdict,
		.cause = ERM_CAUSE_NO_CARRIER,
		.fault_domain = ERM_FAULT_MICROSOFT,
		.transitions = 5,
		.is_draining = true,
		.changed = ago(60),
		.discontinuity = ago(5),
	};
	for (uint32_t k = 0; k < PER_CIRCUIT_CONNECTIONS; k++) {
		s->connections[i * PER_CIRCUIT_CONNECTIONS + k] = (struct erm_connection_row){
			.index = { number, k + 1 },
			.config = &c->connections[i * PER_CIRCUIT_CONNECTIONS + k],
			.circuit = c->circuits[i].name,
			.interface = c->interfaces[k].name,
			.port = c->ports[k].name,
			.state = ERM_MEMBER_DOWN,
			.cause = ERM_CAUSE_NO_CARRIER,
			.fault_domain = ERM_FAULT_CUSTOMER,
			.sessions = 2,
			.usable = 1,
			.unknown = 1,
			.transitions = 6,
			.is_flapping = true,
			.changed = ago(61),
		};
	}
	for (uint32_t k = 0; k < PER_CIRCUIT_SERVICES; k++) {
		s->services[i * PER_CIRCUIT_SERVICES + k] = (struct erm_service_row){
			.index = { number, k + 1 },
			.config = &c->services[i * PER_CIRCUIT_SERVICES + k],
			.circuit = c->circuits[i].name,
			.verdict = verdict,
			.cause = ERM_CAUSE_NO_CARRIER,
			.fault_domain = ERM_FAULT_PROVIDER,
			.transitions = 7,
			.changed = ago(62),
		};
	}
	for (uint32_t k = 0; k < PER_CIRCUIT_SESSIONS; k++) {
		uint32_t at = i * PER_CIRCUIT_SESSIONS + k;

		s->sessions[at] = (struct erm_session_row){
			.index = { number, k / 2 + 1, k % 2 + 1 },
			.config = &c->sessions[at],
			.circuit = c->circuits[i].name,
			.interface = c->interfaces[k / 2].name,
			.source = c->sources[0].name,
			.role = k < 2 ? ERM_ROLE_PRIMARY : ERM_ROLE_SECONDARY,
			.state = ERM_MEMBER_UP,
			.layer = ERM_LAYER_BGP,
			.cause = ERM_CAUSE_NONE,
			.fault_domain = ERM_FAULT_NONE,
			.is_usable = true,
			.is_known = true,
			.bgp = k == 0 ? ERM_BGP_UNKNOWN : ERM_BGP_ESTABLISHED,
			.bfd = ERM_BFD_UP,
			.remote_as = 12076,
			.local_as = 65001,
			.prefixes_received = 20,
			.prefixes_advertised = 30,
			.expected_received = 1,
			.prepends = 3,
			.neighbor = ERM_NEIGHBOR_RESOLVED,
			.transitions = 8,
			.established_count = 9,
			.error_code = 6,
			.error_subcode = 2,
			.reset_text = "Cease/Administrative Shutdown",
			.changed = ago(63),
		};
	}
}

static void fill_singles(struct erm_snapshot *s)
{
	const struct erm_config *c = s->config;

	s->sources[0] = (struct erm_source_row){
		.index = 1,
		.config = &c->sources[0],
		.is_needed = true,
		.state = ERM_SOURCE_LOST,
		.reason = ERM_REASON_CLOSED,
		.last_good = ago(7),
		.changed = ago(7),
		.counters = { 1, 2, 3, 4, 5, 6, UINT32_MAX + 8ULL },
		.sessions = 4,
		.interfaces = 2,
		.text = "end of file",
	};
	for (uint32_t i = 0; i < PORTS; i++) {
		s->ports[i] = (struct erm_port_row){
			.index = 3 + 4 * i,
			.config = &c->ports[i],
			.interface = c->interfaces[i].name,
			.pair = c->groups[0].name,
			.state = ERM_MEMBER_DOWN,
			.cause = ERM_CAUSE_NO_CARRIER,
			.fault_domain = ERM_FAULT_CUSTOMER,
			.is_present = true,
			.is_admin_up = true,
			.is_known = true,
			.ifindex = 11 + i,
			.mtu = 1500,
			.speed_mbps = 5000000000,
			.transitions = 4,
			.connections = 2,
			.changed = ago(64),
		};
	}
	s->groups[0] = (struct erm_group_row){ .index = 2,
					       .config = &c->groups[0],
					       .verdict = verdict,
					       .cause = ERM_CAUSE_NO_CARRIER,
					       .fault_domain = ERM_FAULT_CUSTOMER,
					       .transitions = 3,
					       .changed = ago(65) };
}

/* A module that could not be read, and one with two lanes, the first of them dark. */
static void fill_lights(struct erm_snapshot *s)
{
	s->lights = zeroed(PORTS, sizeof(*s->lights));
	s->lights[0] = (struct erm_light_row){ .index = s->ports[0].index,
					       .config = s->ports[0].config,
					       .reason = "",
					       .rx_cdbm = ERM_NO_POWER,
					       .tx_cdbm = ERM_NO_POWER,
					       .temperature_mc = INT32_MIN,
					       .link_text = "no cable" };
	s->lights[1] = (struct erm_light_row){ .index = s->ports[1].index,
					       .config = s->ports[1].config,
					       .is_known = true,
					       .has_light = true,
					       .is_out = true,
					       .reason = "below the limit",
					       .rx_cdbm = -1432,
					       .tx_cdbm = -210,
					       .slope_cdbm = -7,
					       .n_lanes = LANES,
					       .temperature_mc = -1250,
					       .voltage_mv = 3302,
					       .module_text = "Contoso LR4" };
	s->lanes = zeroed(LANES, sizeof(*s->lanes));
	for (uint32_t i = 0; i < LANES; i++) {
		s->lanes[i] = (struct erm_lane_row){ .index = { s->ports[1].index, i + 1 },
						     .rx_cdbm = i == 0 ? ERM_NO_POWER : -1432,
						     .tx_cdbm = -210 + (int32_t)i,
						     .bias_ua = 35000 + i,
						     .is_los = i == 0 };
	}
	s->n_lights = PORTS;
	s->n_lanes = LANES;
}

/* One that nobody has spoken of, one acknowledged and on the second shelf. */
static void fill_operators(struct erm_snapshot *s, uint32_t n_alarms)
{
	s->operators = zeroed(2, sizeof(*s->operators));
	s->operators[0].state = ERM_OPERATOR_NONE;
	s->operators[1] = (struct erm_operator){ .state = ERM_OPERATOR_ACK,
						 .at = { .real = ago(44).real },
						 .who = "jane",
						 .text = "seen" };
	s->n_shelves = SHELVES;
	s->shelves = zeroed(SHELVES, sizeof(*s->shelves));
	s->shelves[0].rule = (struct erm_shelf){
		.index = 3, .since = { .real = ago(22).real }, .name = "long", .who = "joe"
	};
	for (size_t i = 0; i < ERM_SHELF_RESOURCES_MAX; i++)
		(void)snprintf(s->shelves[0].rule.resources[i], ERM_RESOURCE_MAX, "%0*zu", 60, i);
	s->shelves[1] = (struct erm_shelf_row){
		.rule = { .index = 8,
			  .types = 1U << ERM_ALARM_REDUNDANCY_LOST | 1U << ERM_ALARM_DRAINING,
			  .since = { .real = ago(11).real },
			  .until = { .real = ago(0).real + 3600 * ERM_USEC_PER_SEC },
			  .name = "works",
			  .who = "jane",
			  .text = "fibre",
			  .resources = { "contoso-*", "port:p?" } },
		.alarms = n_alarms > 1
	};
	s->n_shelved = n_alarms > 1;
	for (uint32_t i = 0; i < n_alarms; i++) {
		s->alarms[i].op = &s->operators[i == 1];
		s->alarms[i].shelf = i == 1 ? s->shelves[1].rule.name : "";
	}
}

static void fill_alarm(struct erm_alarm_row *row, uint32_t i)
{
	*row = (struct erm_alarm_row){
		.id = 100 + i,
		.sequence = 200 + i,
		.root_id = i > 0 ? 100 : 0,
		.impacted = 4,
		.type = ERM_ALARM_REDUNDANCY_LOST,
		.severity = ERM_SEVERITY_MAJOR,
		.resource_kind = ERM_RESOURCE_CIRCUIT,
		.cause = ERM_CAUSE_NO_CARRIER,
		.fault_domain = ERM_FAULT_MICROSOFT,
		.suppressed = 2,
		.raised = ago(66),
		.circuit = "contoso-0",
		.resource = "contoso-0",
		.text = "one leg left",
	};
	(void)snprintf(row->key, sizeof(row->key), "redundancy-lost/contoso-%u", i);
}

struct erm_snapshot *snmp_sample_new(const struct snmp_sample_size *size)
{
	struct erm_snapshot *s = zeroed(1, sizeof(*s));
	uint32_t n = size->n_circuits;
	uint32_t sequence = size->first_sequence;

	s->n_ref = 1;
	s->config = make_config(n);
	s->at = ago(0);
	s->started = ago(100);
	s->changed = ago(9);
	s->last_sequence = 4711;
	s->worst = s->worst_group = ERM_STATE_DOWN;
	s->worst_circuit = ERM_STATE_REDUNDANCY_LOST;
	s->worst_port = ERM_MEMBER_DOWN; /* the others 0: nothing to judge */
	s->counters = (struct erm_counters){ 1001, 1002, 1003, 1004, 1005, 1006 };
	s->sources = zeroed(1, sizeof(*s->sources));
	s->ports = zeroed(PORTS, sizeof(*s->ports));
	s->groups = zeroed(1, sizeof(*s->groups));
	s->circuits = zeroed(n, sizeof(*s->circuits));
	s->connections = zeroed((size_t)n * PER_CIRCUIT_CONNECTIONS, sizeof(*s->connections));
	s->services = zeroed((size_t)n * PER_CIRCUIT_SERVICES, sizeof(*s->services));
	s->sessions = zeroed((size_t)n * PER_CIRCUIT_SESSIONS, sizeof(*s->sessions));
	s->alarms = zeroed(size->n_alarms, sizeof(*s->alarms));
	s->log = zeroed(1, sizeof(*s->log) + (size_t)size->n_events * sizeof(struct erm_event *));
	fill_singles(s);
	fill_lights(s);
	for (uint32_t i = 0; i < n; i++)
		fill_circuit_rows(s, i);
	for (uint32_t i = 0; i < size->n_alarms; i++)
		fill_alarm(&s->alarms[i], i);
	fill_operators(s, size->n_alarms);
	s->log->n_ref = 1;
	s->log->n = size->n_events;
	for (uint32_t i = 0; i < size->n_events; i++) {
		s->log->events[i] = snmp_sample_event(sequence, "one leg left");
		sequence = sequence == UINT32_MAX ? 1 : sequence + 1;
	}
	s->n_sources = s->n_groups = 1;
	s->n_ports = PORTS;
	s->n_circuits = n;
	s->n_connections = n * PER_CIRCUIT_CONNECTIONS;
	s->n_services = n * PER_CIRCUIT_SERVICES;
	s->n_sessions = n * PER_CIRCUIT_SESSIONS;
	s->n_alarms = size->n_alarms;
	return s;
}

struct erm_event *snmp_sample_event(uint32_t sequence, const char *text)
{
	bool is_raise = sequence % 2 == 1;
	struct erm_event fields = {
		.kind = is_raise ? ERM_EVENT_RAISE : ERM_EVENT_CLEAR,
		.type = ERM_ALARM_REDUNDANCY_LOST,
		.severity = is_raise ? ERM_SEVERITY_MAJOR : ERM_SEVERITY_CLEARED,
		.resource_kind = ERM_RESOURCE_CIRCUIT,
		.index = { 10 },
		.n_index = 1,
		.sequence = sequence,
		.alarm_id = sequence,
		.at = erm_time_now(),
		.state = verdict.state,
		.expected = verdict.expected,
		.usable = verdict.usable,
		.unknown = verdict.unknown,
		.impacted = 4,
		.cause = ERM_CAUSE_NO_CARRIER,
		.fault_domain = ERM_FAULT_MICROSOFT,
		.key = "redundancy-lost/contoso-0",
		.circuit = "contoso-0",
		.resource = "contoso-0",
		.connection = "primary",
		.interface = "ens-0",
		.peer = "192.168.0.2",
	};
	struct erm_event *event;

	(void)snprintf(fields.text, sizeof(fields.text), "%s", text);
	event = erm_event_new(&fields);
	assert(event);
	return event;
}
