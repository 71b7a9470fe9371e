/* The agent, alarms and events; what is asked for; the way to a libyang tree. */
#include "yang/encode.h"

#include <errno.h>
#include <libyang/libyang.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "yang/ctx.h"
#include "yang/encoder.h"

static void agent_config(struct erm_json *j, const struct erm_agent_config *agent)
{
	static const char local[] = "unix:";
	const char *address = agent->agentx_address;

	if (address && strncmp(address, local, strlen(local)) == 0)
		address += strlen(local);
	erm_json_string(j, "name", agent->name);
	erm_json_seconds(j, "reminder-interval", agent->reminder_usec);
	erm_json_seconds(j, "heartbeat-interval", agent->heartbeat_usec);
	erm_json_seconds(j, "min-interval", agent->min_interval_usec);
	erm_json_seconds(j, "not-redundant-escalation", agent->not_redundant_minor_usec);
	erm_json_u32(j, "flap-suppress", (uint32_t)agent->flap_suppress);
	erm_json_u32(j, "flap-reuse", (uint32_t)agent->flap_reuse);
	erm_json_seconds(j, "flap-half-life", agent->flap_half_life_usec);
	erm_json_seconds(j, "flap-max-suppress", agent->flap_max_suppress_usec);
	erm_json_u32(j, "optical-days", agent->optical_days);
	erm_json_string(j, "operator-group", agent->operator_group);
	erm_json_bool(j, "snmp", agent->snmp_enabled);
	erm_json_string(j, "agentx-socket", address);
	erm_json_seconds(j, "agentx-ping-interval", agent->agentx_ping_usec);
}

static void agent_snmp(struct erm_json *j, const struct erm_encode_health *snmp)
{
	erm_json_object(j, "snmp");
	erm_json_bool(j, "connected", snmp->is_connected);
	erm_json_u32(j, "queued", snmp->queued);
	erm_json_u32(j, "acknowledged-sequence", snmp->acked_sequence);
	erm_json_u64(j, "delivered", snmp->delivered);
	erm_json_u64(j, "resent", snmp->resent);
	erm_json_u64(j, "dropped", snmp->dropped);
	erm_json_u64(j, "rejected", snmp->rejected);
	erm_json_u64(j, "reconnects", snmp->reconnects);
	erm_json_u64(j, "limits-hit", snmp->limits_hit);
	erm_json_string(j, "text", snmp->text);
	erm_json_object_end(j);
}

static void agent_state(struct erm_json *j, const struct erm_snapshot *s,
			const struct erm_encode_query *query)
{
	erm_json_object(j, "state");
	erm_json_string(j, "version", query->version);
	erm_json_time(j, "start-time", s->started.real);
	erm_json_u32(j, "last-sequence", s->last_sequence);
	erm_json_time(j, "last-change", s->changed.real);
	erm_json_string(j, "worst-state", erm_state_name(s->worst));
	erm_json_string(j, "worst-circuit", erm_state_name(s->worst_circuit));
	erm_json_string(j, "worst-group", erm_state_name(s->worst_group));
	erm_json_string(j, "worst-service", erm_state_name(s->worst_service));
	erm_json_string(j, "worst-port", erm_member_state_name(s->worst_port));
	erm_json_string(j, "worst-connection", erm_member_state_name(s->worst_connection));
	erm_json_string(j, "worst-session", erm_member_state_name(s->worst_session));
	erm_json_u32(j, "active-alarms", s->n_alarms);
	erm_json_u32(j, "shelved-alarms", s->n_shelved);
	erm_json_object(j, "counters");
	erm_json_u64(j, "observations", s->counters.observations);
	erm_json_u64(j, "commits", s->counters.commits);
	erm_json_u64(j, "reconciled", s->counters.reconciled);
	erm_json_u64(j, "notifications", s->counters.notifications);
	erm_json_u64(j, "suppressed", s->counters.suppressed);
	erm_json_u64(j, "events-dropped", s->counters.events_dropped);
	erm_json_object_end(j);
	if (query->snmp)
		agent_snmp(j, query->snmp);
	erm_json_object_end(j);
}

static void encode_agent(struct erm_encoder *e, const struct erm_encode_query *query)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "agent");
	if (e->parts & ERM_ENCODE_CONFIG)
		agent_config(j, &e->config->agent);
	if (e->parts & ERM_ENCODE_STATE)
		agent_state(j, e->snapshot, query);
	erm_json_object_end(j);
	if (!(e->parts & ERM_ENCODE_CONFIG))
		return;
	erm_json_object(j, "hold");
	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++) {
		erm_json_object(j, erm_alarm_type_name(t));
		erm_json_seconds(j, "raise", e->config->agent.hold[t].raise_usec);
		erm_json_seconds(j, "clear", e->config->agent.hold[t].clear_usec);
		erm_json_object_end(j);
	}
	erm_json_object_end(j);
}

static bool is_wanted(const struct erm_encode_query *query, const char *circuit)
{
	return !query->circuit || strcmp(query->circuit, circuit) == 0;
}

static void encode_alarms(struct erm_encoder *e, const struct erm_encode_query *query)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "alarms");
	erm_json_array(j, "alarm");
	for (uint32_t i = 0; i < e->snapshot->n_alarms; i++) {
		const struct erm_alarm_row *a = &e->snapshot->alarms[i];

		if (!is_wanted(query, a->circuit))
			continue;
		erm_json_object(j, NULL);
		erm_json_u32(j, "id", a->id);
		erm_json_u32(j, "sequence", a->sequence);
		if (a->root_id)
			erm_json_u32(j, "root", a->root_id);
		erm_json_u32(j, "impacted", a->impacted);
		erm_json_string(j, "type", erm_alarm_type_name(a->type));
		erm_json_string(j, "severity", erm_severity_name(a->severity));
		erm_json_string(j, "resource-kind", erm_resource_kind_name(a->resource_kind));
		erm_json_string(j, "resource", a->resource);
		erm_json_string(j, "circuit", a->circuit);
		erm_json_string(j, "key", a->key);
		erm_json_string(j, "cause", erm_cause_name(a->cause));
		erm_json_string(j, "fault-domain", erm_fault_domain_name(a->fault_domain));
		erm_json_bool(j, "clearing", a->is_clearing);
		erm_json_u32(j, "suppressed", a->suppressed);
		erm_json_time(j, "raised", a->raised.real);
		erm_json_string(j, "text", a->text);
		erm_json_string(j, "operator-state", erm_operator_state_name(a->op->state));
		erm_json_string(j, "operator", a->op->who);
		erm_json_time(j, "operator-time", a->op->at.real);
		erm_json_string(j, "operator-text", a->op->text);
		erm_json_string(j, "shelf", a->shelf);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
	erm_json_object_end(j);
}

static void encode_shelf(struct erm_json *j, const struct erm_shelf_row *row)
{
	const struct erm_shelf *rule = &row->rule;

	erm_json_object(j, NULL);
	erm_json_string(j, "name", rule->name);
	erm_json_u32(j, "id", rule->index);
	erm_json_array(j, "type");
	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++) {
		if (rule->types & (1U << t))
			erm_json_item(j, erm_alarm_type_name(t));
	}
	erm_json_array_end(j);
	erm_json_array(j, "resource");
	for (uint32_t i = 0; i < ERM_SHELF_RESOURCES_MAX && rule->resources[i][0]; i++)
		erm_json_item(j, rule->resources[i]);
	erm_json_array_end(j);
	erm_json_string(j, "operator", rule->who);
	erm_json_string(j, "text", rule->text);
	erm_json_time(j, "since", rule->since.real);
	erm_json_time(j, "until", rule->until.real);
	erm_json_u32(j, "alarms", row->alarms);
	erm_json_object_end(j);
}

/* They are of no circuit: whoever asks for one sees all that may hide it. */
static void encode_shelves(struct erm_encoder *e)
{
	struct erm_json *j = &e->json;

	erm_json_object(j, "shelves");
	erm_json_array(j, "shelf");
	for (uint32_t i = 0; i < e->snapshot->n_shelves; i++)
		encode_shelf(j, &e->snapshot->shelves[i]);
	erm_json_array_end(j);
	erm_json_object_end(j);
}

static void encode_event_fields(struct erm_json *j, const struct erm_event *event)
{
	erm_json_u32(j, "sequence", event->sequence);
	erm_json_string(j, "kind", erm_event_kind_name(event->kind));
	erm_json_string(j, "type", erm_alarm_type_name(event->type));
	erm_json_string(j, "severity", erm_severity_name(event->severity));
	erm_json_string(j, "key", event->key);
	erm_json_string(j, "resource-kind", erm_resource_kind_name(event->resource_kind));
	erm_json_string(j, "resource", event->resource);
	erm_json_string(j, "circuit", event->circuit);
	erm_json_string(j, "connection", event->connection);
	erm_json_string(j, "interface", event->interface);
	erm_json_string(j, "peer", event->peer);
	erm_json_string(j, "cause", erm_cause_name(event->cause));
	erm_json_string(j, "fault-domain", erm_fault_domain_name(event->fault_domain));
	erm_json_string(j, "state", erm_event_state_name(event));
	erm_json_u32(j, "expected", event->expected);
	erm_json_u32(j, "usable", event->usable);
	erm_json_u32(j, "unknown", event->unknown);
	erm_json_u32(j, "impacted", event->impacted);
	if (event->alarm_id)
		erm_json_u32(j, "alarm-id", event->alarm_id);
	erm_json_time(j, "time", event->at.real);
	erm_json_string(j, "text", event->text);
}

/* The sequence wraps to 1: "after" is a distance, not a size. */
static bool is_after(uint32_t sequence, uint32_t after)
{
	return after == 0 || (sequence != after && sequence - after < UINT32_MAX / 2);
}

static void encode_events(struct erm_encoder *e, const struct erm_encode_query *query)
{
	const struct erm_event_list *log = e->snapshot->log;
	struct erm_json *j = &e->json;

	erm_json_object(j, "events");
	erm_json_array(j, "event");
	for (uint32_t i = 0; i < log->n; i++) {
		const struct erm_event *event = log->events[i];

		/* A heartbeat repeats a sequence number, which is the key here. */
		if (event->kind == ERM_EVENT_HEARTBEAT || !is_wanted(query, event->circuit) ||
		    !is_after(event->sequence, query->events_after))
			continue;
		erm_json_object(j, NULL);
		encode_event_fields(j, event);
		erm_json_object_end(j);
	}
	erm_json_array_end(j);
	erm_json_object_end(j);
}

/* Rows find their object by the pointer into the snapshot's own config. */
#define MAP_ROWS(e, kind)                                                               \
	do {                                                                            \
		(e)->kind = calloc((size_t)(e)->config->n_##kind + 1, sizeof(void *));  \
		if (!(e)->kind)                                                         \
			return -ENOMEM;                                                 \
		for (uint32_t i_ = 0; i_ < (e)->snapshot->n_##kind; i_++)               \
			(e)->kind[(e)->snapshot->kind[i_].config - (e)->config->kind] = \
				&(e)->snapshot->kind[i_];                               \
	} while (0)

static int map_rows(struct erm_encoder *e)
{
	MAP_ROWS(e, sources);
	MAP_ROWS(e, ports);
	MAP_ROWS(e, circuits);
	MAP_ROWS(e, connections);
	MAP_ROWS(e, sessions);
	MAP_ROWS(e, services);
	MAP_ROWS(e, groups);
	return 0;
}

static int encoder_finish(struct erm_encoder *e, char **ret, size_t *ret_len)
{
	free(e->sources);
	free(e->ports);
	free(e->circuits);
	free(e->connections);
	free(e->sessions);
	free(e->services);
	free(e->groups);
	return erm_json_finish(&e->json, ret, ret_len);
}

static void encode_all(struct erm_encoder *e, const struct erm_encode_query *query)
{
	const unsigned int objects = ERM_ENCODE_CONFIG | ERM_ENCODE_STATE;
	struct erm_json *j = &e->json;

	erm_json_object(j, NULL);
	erm_json_object(j, "ermon:ermon");
	if (e->parts & objects)
		encode_agent(e, query);
	if (e->parts & (ERM_ENCODE_CONFIG | ERM_ENCODE_SOURCES))
		erm_encode_sources(e);
	if (e->parts & objects) {
		erm_encode_ports(e);
		if (e->only == ERM_NO_INDEX)
			erm_encode_pairs(e);
		erm_encode_circuits(e);
		if (e->only == ERM_NO_INDEX)
			erm_encode_groups(e);
	}
	if (e->parts & ERM_ENCODE_ALARMS) {
		encode_alarms(e, query);
		encode_shelves(e);
	}
	if (e->parts & ERM_ENCODE_EVENTS)
		encode_events(e, query);
	erm_json_object_end(j);
	erm_json_object_end(j);
}

int erm_encode_snapshot_json(const struct erm_snapshot *snapshot,
			     const struct erm_encode_query *query, char **ret, size_t *ret_len)
{
	struct erm_encoder e = { .config = snapshot->config,
				 .snapshot = snapshot,
				 .parts = query->parts,
				 .only = ERM_NO_INDEX };
	int r;

	for (uint32_t i = 0; query->circuit && i < e.config->n_circuits; i++) {
		if (strcmp(e.config->circuits[i].name, query->circuit) == 0)
			e.only = i;
	}
	if (query->circuit && e.only == ERM_NO_INDEX)
		return -ENOENT;

	r = map_rows(&e);
	if (r < 0)
		e.json.is_failed = true;
	else
		encode_all(&e, query);
	return encoder_finish(&e, ret, ret_len);
}

int erm_encode_config_json(const struct erm_config *config, char **ret, size_t *ret_len)
{
	static const struct erm_encode_query query = { .parts = ERM_ENCODE_CONFIG };
	struct erm_encoder e = { .config = config, .parts = query.parts, .only = ERM_NO_INDEX };

	encode_all(&e, &query);
	return encoder_finish(&e, ret, ret_len);
}

int erm_encode_event_json(const struct erm_event *event, char **ret, size_t *ret_len)
{
	struct erm_json json = {};

	erm_json_object(&json, NULL);
	erm_json_object(&json, "ermon:event");
	encode_event_fields(&json, event);
	erm_json_object_end(&json);
	erm_json_object_end(&json);
	return erm_json_finish(&json, ret, ret_len);
}

/* Parsed strictly: a member the module does not know is a defect of the encoder. */
static int tree_parse(struct ly_ctx *ctx, const char *text, struct lyd_node **ret)
{
	struct lyd_node *tree = NULL;

	if (lyd_parse_data_mem(ctx, text, LYD_JSON, LYD_PARSE_ONLY | LYD_PARSE_STRICT, 0, &tree) !=
	    LY_SUCCESS)
		return -EPROTO;
	*ret = tree;
	return 0;
}

int erm_encode_snapshot(struct ly_ctx *ctx, const struct erm_snapshot *snapshot,
			const struct erm_encode_query *query, struct lyd_node **ret)
{
	char *text _cleanup_free_ = NULL;
	int r = erm_encode_snapshot_json(snapshot, query, &text, NULL);

	return r < 0 ? r : tree_parse(ctx, text, ret);
}

int erm_encode_config(struct ly_ctx *ctx, const struct erm_config *config, struct lyd_node **ret)
{
	char *text _cleanup_free_ = NULL;
	int r = erm_encode_config_json(config, &text, NULL);

	return r < 0 ? r : tree_parse(ctx, text, ret);
}

int erm_encode_event(struct ly_ctx *ctx, const struct erm_event *event, struct lyd_node **ret)
{
	char *text _cleanup_free_ = NULL;
	int r = erm_encode_event_json(event, &text, NULL);
	struct ly_in *in = NULL;
	struct lyd_node *tree = NULL;

	if (r < 0)
		return r;
	if (ly_in_new_memory(text, &in) != LY_SUCCESS)
		return -ENOMEM;
	if (lyd_parse_op(ctx, NULL, in, LYD_JSON, LYD_TYPE_NOTIF_YANG, &tree, NULL) != LY_SUCCESS) {
		lyd_free_all(tree);
		tree = NULL;
	}
	ly_in_free(in, 0);
	if (!tree)
		return -EPROTO;
	*ret = tree;
	return 0;
}
