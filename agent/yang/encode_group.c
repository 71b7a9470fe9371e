/* Sources, ports, port pairs and groups. */
#include <string.h>

#include "yang/encoder.h"

void erm_encode_verdict(struct erm_json *json, const struct erm_verdict *verdict)
{
	erm_json_string(json, "state", erm_state_name(verdict->state));
	erm_json_string(json, "worst-case", erm_state_name(verdict->worst));
	erm_json_string(json, "best-case", erm_state_name(verdict->best));
	erm_json_u32(json, "expected", verdict->expected);
	erm_json_u32(json, "usable", verdict->usable);
	erm_json_u32(json, "unknown", verdict->unknown);
}

void erm_encode_diagnosis(struct erm_json *json, enum erm_cause cause, enum erm_fault_domain fault,
			  uint32_t transitions, struct erm_time changed)
{
	erm_json_string(json, "cause", erm_cause_name(cause));
	erm_json_string(json, "fault-domain", erm_fault_domain_name(fault));
	erm_json_u32(json, "transitions", transitions);
	erm_json_time(json, "last-change", changed.real);
}

static void source_state(struct erm_encoder *e, const struct erm_source_row *row)
{
	const struct erm_source_counters *c = &row->counters;
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_u32(j, "index", row->index);
	erm_json_string(j, "state", erm_source_state_name(row->state));
	erm_json_string(j, "reason", erm_source_reason_name(row->reason));
	if (row->last_good.mono > 0) {
		erm_json_time(j, "last-good", row->last_good.real);
		erm_json_seconds(j, "last-good-age",
				 erm_usec_sub(e->snapshot->at.mono, row->last_good.mono));
	}
	erm_json_time(j, "last-change", row->changed.real);
	erm_json_u32(j, "sessions", row->sessions);
	erm_json_u32(j, "interfaces", row->interfaces);
	erm_json_bool(j, "needed", row->is_needed);
	erm_json_u64(j, "requests", c->requests);
	erm_json_u64(j, "errors", c->errors);
	erm_json_u64(j, "timeouts", c->timeouts);
	erm_json_u64(j, "resyncs", c->resyncs);
	erm_json_u64(j, "reconnects", c->reconnects);
	erm_json_u64(j, "limits-hit", c->limits_hit);
	erm_json_u64(j, "events", c->events);
	erm_json_string(j, "text", row->text);
	erm_json_object_end(j);
}

static void source_config(struct erm_encoder *e, const struct erm_source_config *source)
{
	struct erm_json *j = &e->json;

	erm_json_string(j, "type", erm_source_type_name(source->type));
	erm_json_seconds(j, "poll-interval", source->poll_usec);
	if (source->type == ERM_SOURCE_TYPE_RTNL) {
		erm_json_seconds(j, "fast-poll-interval", source->fast_poll_usec);
		erm_json_seconds(j, "fast-window", source->fast_window_usec);
	}
	erm_json_seconds(j, "resync-interval", source->resync_usec);
	erm_json_seconds(j, "timeout", source->timeout_usec);
	erm_json_seconds(j, "stale-after", source->stale_after_usec);
	erm_json_string(j, "socket", source->socket);
	erm_json_string(j, "vrf", source->vrf);
	if (source->max_reply_bytes > 0)
		erm_json_u32(j, "max-reply", source->max_reply_bytes);
	erm_json_string(j, "listen", source->listen);
	if (source->type == ERM_SOURCE_TYPE_BMP) {
		erm_json_u32(j, "max-peers", source->max_peers);
		erm_json_u32(j, "max-routers", source->max_routers);
	}
	erm_json_string(j, "address", source->address);
	erm_json_string(j, "credentials", source->credentials);
	erm_json_string(j, "trap-listen", source->trap_listen);
	if (source->type == ERM_SOURCE_TYPE_NEIGHBOR)
		erm_json_bool(j, "probe", source->is_probing);
	if (source->type == ERM_SOURCE_TYPE_SOCK_DIAG)
		erm_json_seconds(j, "silent-after", source->silent_usec);
}

void erm_encode_sources(struct erm_encoder *e)
{
	struct erm_json *j = &e->json;

	erm_json_array(j, "source");
	for (uint32_t i = 0; i < e->config->n_sources; i++) {
		erm_json_object(j, NULL);
		erm_json_string(j, "name", e->config->sources[i].name);
		if (e->parts & ERM_ENCODE_CONFIG)
			source_config(e, &e->config->sources[i]);
		if (e->parts & ERM_ENCODE_SOURCES && e->sources[i])
			source_state(e, e->sources[i]);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}

static void port_lane(struct erm_json *j, const struct erm_lane_row *lane)
{
	erm_json_object(j, NULL);
	erm_json_u32(j, "number", lane->index[1]);
	erm_json_power(j, "rx-power", (int16_t)lane->rx_cdbm);
	erm_json_power(j, "tx-power", (int16_t)lane->tx_cdbm);
	erm_json_u32(j, "bias", lane->bias_ua);
	erm_json_bool(j, "signal-lost", lane->is_los);
	erm_json_object_end(j);
}

static void light_values(struct erm_encoder *e, const struct erm_light_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_bool(j, "out-of-range", row->is_out);
	erm_json_string(j, "reason", row->reason);
	erm_json_power(j, "rx-power", (int16_t)row->rx_cdbm);
	erm_json_power(j, "tx-power", (int16_t)row->tx_cdbm);
	erm_json_power(j, "rx-slope", (int16_t)row->slope_cdbm);
	if (row->temperature_mc != INT32_MIN)
		erm_json_i32(j, "temperature", row->temperature_mc);
	erm_json_u32(j, "voltage", row->voltage_mv);
	erm_json_string(j, "module", row->module_text);
	erm_json_array(j, "lane");
	for (uint32_t i = 0; i < row->n_lanes; i++)
		port_lane(j, &e->snapshot->lanes[row->first_lane + i]);
	erm_json_array_end(j);
}

static void port_light(struct erm_encoder *e, const struct erm_light_row *row)
{
	struct erm_json *j = &e->json;

	if (!row)
		return;
	erm_json_object(j, "light");
	erm_json_bool(j, "known", row->is_known);
	erm_json_bool(j, "present", row->has_light);
	erm_json_string(j, "link", row->link_text);
	if (row->has_light)
		light_values(e, row);
	erm_json_object_end(j);
}

static void port_state(struct erm_encoder *e, const struct erm_port_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_u32(j, "index", row->index);
	erm_json_bool(j, "implicit", row->config->is_implicit);
	erm_json_string(j, "pair", row->pair);
	erm_json_string(j, "state", erm_member_state_name(row->state));
	erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions, row->changed);
	erm_json_bool(j, "known", row->is_known);
	erm_json_bool(j, "present", row->is_present);
	erm_json_bool(j, "admin-up", row->is_admin_up);
	erm_json_bool(j, "carrier", row->has_carrier);
	erm_json_bool(j, "oper-up", row->is_oper_up);
	erm_json_u32(j, "if-index", row->ifindex);
	erm_json_u32(j, "mtu", row->mtu);
	erm_json_u64(j, "speed", row->speed_mbps);
	erm_json_u32(j, "connections", row->connections);
	port_light(e, erm_snapshot_light(e->snapshot, row->index));
	erm_json_object_end(j);
}

/* With one circuit wanted: whether that circuit has a connection on the port. */
static bool is_port_wanted(const struct erm_encoder *e, uint32_t port)
{
	const struct erm_circuit_config *circuit;

	if (!e->snapshot && e->config->ports[port].is_implicit)
		return false;
	if (e->only == ERM_NO_INDEX)
		return true;
	circuit = &e->config->circuits[e->only];
	for (uint32_t i = 0; i < circuit->n_connections; i++) {
		if (e->config->connections[circuit->first_connection + i].port == port)
			return true;
	}
	return false;
}

static void port_config(struct erm_encoder *e, const struct erm_port_config *port)
{
	const struct erm_interface_config *interface = &e->config->interfaces[port->interface];
	struct erm_json *j = &e->json;

	erm_json_string(j, "interface", interface->name);
	erm_json_string(j, "source", e->config->sources[interface->source].name);
	erm_json_power(j, "rx-power-low", port->rx_low_cdbm);
	erm_json_power(j, "rx-power-high", port->rx_high_cdbm);
}

void erm_encode_ports(struct erm_encoder *e)
{
	const struct erm_config *config = e->config;
	struct erm_json *j = &e->json;

	erm_json_array(j, "port");
	for (uint32_t i = 0; i < config->n_ports; i++) {
		if (!is_port_wanted(e, i))
			continue;
		erm_json_object(j, NULL);
		erm_json_string(j, "name", config->ports[i].name);
		if (e->parts & ERM_ENCODE_CONFIG)
			port_config(e, &config->ports[i]);
		if (e->parts & ERM_ENCODE_STATE && e->ports[i])
			port_state(e, e->ports[i]);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}

static void group_state(struct erm_encoder *e, const struct erm_group_row *row)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "state");
	erm_json_u32(j, "index", row->index);
	if (row->config->kind == ERM_GROUP_PORT_PAIR)
		erm_json_bool(j, "implicit", row->config->is_implicit);
	erm_encode_verdict(j, &row->verdict);
	erm_encode_diagnosis(j, row->cause, row->fault_domain, row->transitions, row->changed);
	erm_json_object_end(j);
}

static const char *member_name(const struct erm_config *config, const struct erm_group_member *m)
{
	switch (m->kind) {
	case ERM_RESOURCE_PORT:
		return config->ports[m->index].name;
	case ERM_RESOURCE_CIRCUIT:
		return config->circuits[m->index].name;
	case ERM_RESOURCE_GROUP:
		return config->groups[m->index].name;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_CONNECTION:
	case ERM_RESOURCE_SESSION:
	case ERM_RESOURCE_SERVICE:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return "";
}

static void group_members(struct erm_encoder *e, const struct erm_group_config *group,
			  enum erm_resource_kind kind, const char *name)
{
	bool is_open = false;

	for (uint32_t i = 0; i < group->n_members; i++) {
		const struct erm_group_member *m = &e->config->members[group->first_member + i];

		if (m->kind != kind)
			continue;
		if (!is_open)
			erm_json_array(&e->json, name);
		is_open = true;
		erm_json_item(&e->json, member_name(e->config, m));
	}
	if (is_open)
		erm_json_array_end(&e->json);
}

static void group_config(struct erm_encoder *e, const struct erm_group_config *group)
{
	const struct erm_group_member *m = &e->config->members[group->first_member];
	struct erm_json *j = &e->json;

	if (group->kind == ERM_GROUP_PORT_PAIR) {
		erm_json_string(j, "link1", member_name(e->config, &m[0]));
		erm_json_string(j, "link2", member_name(e->config, &m[1]));
	} else {
		group_members(e, group, ERM_RESOURCE_CIRCUIT, "circuit");
		group_members(e, group, ERM_RESOURCE_GROUP, "group");
	}
	erm_json_u32(j, "min-service", group->min_service);
	erm_json_u32(j, "min-redundant", group->min_redundant);
	erm_json_string(j, "description", group->description);
}

static void encode_kind(struct erm_encoder *e, enum erm_group_kind kind, const char *list)
{
	struct erm_json *j = &e->json;

	erm_json_array(j, list);
	for (uint32_t i = 0; i < e->config->n_groups; i++) {
		const struct erm_group_config *group = &e->config->groups[i];

		if (group->kind != kind || (!e->snapshot && group->is_implicit))
			continue;
		erm_json_object(j, NULL);
		erm_json_string(j, "name", group->name);
		if (e->parts & ERM_ENCODE_CONFIG)
			group_config(e, group);
		if (e->parts & ERM_ENCODE_STATE && e->groups[i])
			group_state(e, e->groups[i]);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
}

void erm_encode_pairs(struct erm_encoder *e)
{
	encode_kind(e, ERM_GROUP_PORT_PAIR, "port-pair");
}

void erm_encode_groups(struct erm_encoder *e)
{
	encode_kind(e, ERM_GROUP_CIRCUITS, "group");
}
