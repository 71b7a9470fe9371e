/* The snapshot of a commit: rows in the order of their SNMP index. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"
#include "core/resource.h"

static const char *interface_name(const struct erm_config *c, uint32_t interface)
{
	return interface == ERM_NO_INDEX ? "" : c->interfaces[interface].name;
}

static void fill_sources(const struct erm_tables *t, struct erm_snapshot *snap)
{
	for (uint32_t i = 0; i < snap->n_sources; i++) {
		uint32_t at = t->source_order[i];
		const struct erm_source_status *s = &t->sources[at];
		struct erm_source_row *row = &snap->sources[i];

		*row = (struct erm_source_row){
			.index = s->index,
			.config = &t->config->sources[at],
			.state = s->state,
			.reason = s->reason,
			.last_good = s->last_good,
			.changed = s->changed,
			.counters = s->told.counters,
			.sessions = s->n_sessions,
			.interfaces = s->n_interfaces,
			.is_needed = erm_source_is_needed(s),
		};
		memcpy(row->text, s->told.text, sizeof(row->text));
		row->text[sizeof(row->text) - 1] = '\0';
	}
}

/* Most drivers tell it by ethtool only. */
static uint64_t speed_of(const struct erm_interface_status *s)
{
	if (s->is_known && s->obs.speed_mbps > 0)
		return s->obs.speed_mbps;
	return s->light ? s->light->obs.speed_mbps : 0;
}

static void fill_ports(const struct erm_tables *t, struct erm_snapshot *snap)
{
	for (uint32_t i = 0; i < snap->n_ports; i++) {
		uint32_t at = t->port_order[i];
		const struct erm_port_config *config = &t->config->ports[at];
		const struct erm_port_status *s = &t->ports[at];
		const struct erm_interface_status *iface = &t->interfaces[config->interface];

		snap->ports[i] = (struct erm_port_row){
			.index = s->index,
			.config = config,
			.interface = interface_name(t->config, config->interface),
			.pair = config->pair == ERM_NO_INDEX ? ""
							     : t->config->groups[config->pair].name,
			.state = s->m.judgement.state,
			.cause = s->m.judgement.cause,
			.fault_domain = s->m.judgement.fault_domain,
			.is_known = s->m.judgement.state != ERM_MEMBER_UNKNOWN,
			.is_present = iface->is_known && iface->obs.is_present,
			.is_admin_up = iface->is_known && iface->obs.is_admin_up,
			.has_carrier = iface->is_known && iface->obs.has_carrier,
			.is_oper_up = iface->is_known && iface->obs.is_oper_up,
			.ifindex = iface->is_known ? iface->obs.ifindex : 0,
			.mtu = iface->is_known ? iface->obs.mtu : 0,
			.speed_mbps = speed_of(iface),
			.transitions = s->m.transitions,
			.connections = s->n_connections,
			.changed = s->m.changed,
		};
	}
}

static void fill_session(const struct erm_tables *t, uint32_t at, struct erm_session_row *row)
{
	const struct erm_session_config *config = &t->config->sessions[at];
	const struct erm_connection_config *connection =
		&t->config->connections[config->connection];
	const struct erm_session_status *s = &t->sessions[at];
	uint32_t source = erm_session_source(t->config, at);

	*row = (struct erm_session_row){
		.index = { t->circuits[config->circuit].index, connection->role,
			   erm_service_index(config->peering, config->family) },
		.config = config,
		.circuit = t->config->circuits[config->circuit].name,
		.interface = interface_name(t->config, connection->interface),
		.source = source == ERM_NO_INDEX ? "" : t->config->sources[source].name,
		.role = connection->role,
		.state = s->m.judgement.state,
		.layer = s->m.judgement.layer,
		.cause = s->m.judgement.cause,
		.fault_domain = s->m.judgement.fault_domain,
		.is_usable = erm_member_is_usable(s->m.judgement.state),
		.is_known = s->is_known,
		.bgp = s->is_known ? s->obs.bgp : ERM_BGP_UNKNOWN,
		.bfd = s->is_known && s->obs.bfd != 0 ? s->obs.bfd : ERM_BFD_UNKNOWN,
		.remote_as = s->obs.remote_as,
		.local_as = s->obs.local_as,
		.prefixes_received = s->is_known ? s->obs.prefixes_received : 0,
		.prefixes_advertised = s->is_known ? s->obs.prefixes_advertised : 0,
		.expected_received = s->is_known ? s->obs.expected_received : 0,
		.prepends = s->is_known ? s->obs.prepends : 0,
		.neighbor = s->neighbor,
		.first_claim = config->first_source,
		.n_claims = config->n_sources,
		.transitions = s->m.transitions,
		.established_count = s->obs.established_count,
		.error_code = s->error_code,
		.error_subcode = s->error_subcode,
		.changed = s->m.changed,
	};
	memcpy(row->reset_text, s->reset_text, sizeof(row->reset_text));
}

static void fill_connection(const struct erm_tables *t, uint32_t at, struct erm_connection_row *row)
{
	const struct erm_connection_config *config = &t->config->connections[at];
	const struct erm_connection_status *s = &t->connections[at];

	*row = (struct erm_connection_row){
		.index = { t->circuits[config->circuit].index, config->role },
		.config = config,
		.circuit = t->config->circuits[config->circuit].name,
		.interface = interface_name(t->config, config->interface),
		.port = config->port == ERM_NO_INDEX ? "" : t->config->ports[config->port].name,
		.state = s->m.judgement.state,
		.cause = s->m.judgement.cause,
		.fault_domain = s->m.judgement.fault_domain,
		.sessions = config->n_sessions,
		.usable = s->usable,
		.unknown = s->unknown,
		.transitions = s->m.transitions,
		.is_flapping = s->m.flap.is_flapping,
		.is_maintenance = config->maintenance,
		.changed = s->m.changed,
	};
}

static void fill_service(const struct erm_tables *t, uint32_t at, struct erm_service_row *row)
{
	const struct erm_service_config *config = &t->config->services[at];
	const struct erm_verdict_status *s = &t->services[at];

	*row = (struct erm_service_row){
		.index = { t->circuits[config->circuit].index,
			   erm_service_index(config->peering, config->family) },
		.config = config,
		.circuit = t->config->circuits[config->circuit].name,
		.verdict = s->verdict,
		.cause = s->cause,
		.fault_domain = s->fault_domain,
		.transitions = s->transitions,
		.changed = s->changed,
	};
}

/* Overlays say what is going on beside the state; they are never a state. */
static void fill_overlays(const struct erm_model *model, uint32_t at, struct erm_circuit_row *row)
{
	const struct erm_tables *t = &model->t;
	const struct erm_circuit_config *config = row->config;

	row->is_flapping = erm_model_is_flapping(model, ERM_RESOURCE_CIRCUIT, at);
	for (uint32_t i = 0; i < config->n_connections; i++) {
		const struct erm_connection_config *connection =
			&t->config->connections[config->first_connection + i];

		row->is_maintenance = row->is_maintenance || connection->maintenance;
		for (uint32_t k = 0; k < connection->n_sessions; k++) {
			enum erm_member_state state =
				t->sessions[connection->first_session + k].m.judgement.state;

			row->is_draining = row->is_draining || state == ERM_MEMBER_DRAINING;
			row->is_admin_down = row->is_admin_down || state == ERM_MEMBER_ADMIN_DOWN;
		}
	}
}

static void fill_circuits(const struct erm_model *model, struct erm_snapshot *snap)
{
	const struct erm_tables *t = &model->t;
	uint32_t connections = 0;
	uint32_t sessions = 0;
	uint32_t services = 0;

	for (uint32_t i = 0; i < snap->n_circuits; i++) {
		uint32_t at = t->circuit_order[i];
		const struct erm_circuit_config *config = &t->config->circuits[at];
		const struct erm_verdict_status *s = &t->circuits[at];

		snap->circuits[i] = (struct erm_circuit_row){
			.index = s->index,
			.config = config,
			.verdict = s->verdict,
			.cause = s->cause,
			.fault_domain = s->fault_domain,
			.transitions = s->transitions,
			.changed = s->changed,
			.discontinuity = s->discontinuity,
		};
		fill_overlays(model, at, &snap->circuits[i]);
		for (uint32_t k = 0; k < config->n_services; k++)
			fill_service(t, config->first_service + k, &snap->services[services++]);
		for (uint32_t k = 0; k < config->n_connections; k++) {
			uint32_t connection = config->first_connection + k;
			const struct erm_connection_config *leg =
				&t->config->connections[connection];

			fill_connection(t, connection, &snap->connections[connections++]);
			for (uint32_t n = 0; n < leg->n_sessions; n++)
				fill_session(t, leg->first_session + n,
					     &snap->sessions[sessions++]);
		}
	}
}

static int compare_circuits(const void *key, const void *row)
{
	uint32_t index = *(const uint32_t *)key;
	const struct erm_circuit_row *circuit = row;

	return index < circuit->index ? -1 : index > circuit->index;
}

/* What is put aside of a circuit must not look as if nothing were the matter with it. */
static void mark_shelved(const struct erm_tables *t, struct erm_snapshot *snap)
{
	for (uint32_t i = 0; i < t->n_open; i++) {
		const struct erm_alarm *alarm = t->open[i];
		uint32_t circuit = erm_resource_circuit(t->config, alarm->kind, alarm->position);
		struct erm_circuit_row *row = NULL;

		if (alarm->shelf == 0 || alarm->phase < ERM_PHASE_ACTIVE || circuit == ERM_NO_INDEX)
			continue;
		row = bsearch(&t->circuits[circuit].index, snap->circuits, snap->n_circuits,
			      sizeof(*snap->circuits), compare_circuits);
		if (row)
			row->is_shelved = true;
	}
}

static void fill_groups(const struct erm_tables *t, struct erm_snapshot *snap)
{
	for (uint32_t i = 0; i < snap->n_groups; i++) {
		uint32_t at = t->group_order[i];
		const struct erm_verdict_status *s = &t->groups[at];

		snap->groups[i] = (struct erm_group_row){
			.index = s->index,
			.config = &t->config->groups[at],
			.verdict = s->verdict,
			.cause = s->cause,
			.fault_domain = s->fault_domain,
			.transitions = s->transitions,
			.changed = s->changed,
		};
	}
}

/* Nothing was told about it since the restart. */
static void name_imported(const struct erm_tables *t, const struct erm_alarm *alarm,
			  struct erm_alarm_row *row)
{
	struct erm_event e = { 0 };

	erm_event_fill(t, alarm, &e);
	memcpy(row->key, e.key, sizeof(row->key));
	memcpy(row->circuit, e.circuit, sizeof(row->circuit));
	memcpy(row->resource, e.resource, sizeof(row->resource));
	(void)snprintf(row->text, sizeof(row->text), "Raised before the agent was restarted");
}

static const struct erm_operator nobody = { .state = ERM_OPERATOR_NONE };

static void fill_alarm(const struct erm_tables *t, struct erm_alarm *alarm,
		       struct erm_alarm_row *row)
{
	struct erm_alarm *root = erm_alarm_root(alarm);

	*row = (struct erm_alarm_row){
		.id = alarm->id,
		.sequence = alarm->sequence,
		.root_id = root == alarm ? 0 : root->id,
		.impacted = alarm->impacted,
		.type = alarm->type,
		.severity = alarm->severity,
		.resource_kind = alarm->kind,
		.cause = alarm->cause,
		.fault_domain = alarm->fault_domain,
		.is_clearing = alarm->phase == ERM_PHASE_CLEARING,
		.suppressed = alarm->suppressed,
		.raised = alarm->raised,
		.op = &nobody,
		.shelf = "",
	};
	if (!alarm->words) {
		name_imported(t, alarm, row);
		return;
	}
	memcpy(row->key, alarm->words->key, sizeof(row->key));
	memcpy(row->circuit, alarm->words->circuit, sizeof(row->circuit));
	memcpy(row->resource, alarm->words->resource, sizeof(row->resource));
	memcpy(row->text, alarm->words->text, sizeof(row->text));
}

static int compare_alarms(const void *a, const void *b)
{
	const struct erm_alarm *x = *(struct erm_alarm *const *)a;
	const struct erm_alarm *y = *(struct erm_alarm *const *)b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* On the first that matches. */
static void fill_shelved(const struct erm_alarm *alarm, struct erm_alarm_row *row,
			 struct erm_snapshot *snap)
{
	struct erm_shelf_row *shelf = &snap->shelves[alarm->shelf - 1];

	row->shelf = shelf->rule.name;
	shelf->alarms++;
	snap->n_shelved++;
}

static int fill_shelves(const struct erm_model *model, struct erm_snapshot *snap)
{
	snap->shelves = calloc(model->n_shelves + 1UL, sizeof(*snap->shelves));
	if (!snap->shelves)
		return -ENOMEM;
	snap->n_shelves = model->n_shelves;
	for (uint32_t i = 0; i < model->n_shelves; i++)
		snap->shelves[i].rule = model->shelves[i];
	return 0;
}

static int fill_alarms(const struct erm_model *model, struct erm_snapshot *snap)
{
	const struct erm_tables *t = &model->t;
	uint32_t n = 0;
	uint32_t n_operators = 0;

	for (uint32_t i = 0; i < t->n_open; i++) {
		n += t->open[i]->phase >= ERM_PHASE_ACTIVE;
		n_operators += t->open[i]->op != NULL;
	}
	snap->alarms = malloc((n + 1UL) * sizeof(*snap->alarms));
	snap->operators = malloc((n_operators + 1UL) * sizeof(*snap->operators));
	if (!snap->alarms || !snap->operators)
		return -ENOMEM;
	n_operators = 0;
	/* Nobody needs them in another order any more. */
	qsort(t->open, t->n_open, sizeof(struct erm_alarm *), compare_alarms);
	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm_row *row = &snap->alarms[snap->n_alarms];

		if (t->open[i]->phase < ERM_PHASE_ACTIVE)
			continue;
		snap->n_alarms++;
		fill_alarm(t, t->open[i], row);
		if (t->open[i]->op) {
			row->op = &snap->operators[n_operators];
			snap->operators[n_operators++] = *t->open[i]->op;
		}
		if (t->open[i]->shelf != 0)
			fill_shelved(t->open[i], row, snap);
	}
	return 0;
}

static enum erm_state worst_verdict(const struct erm_verdict_status *v, uint32_t n)
{
	enum erm_state worst = ERM_STATE_HEALTHY;

	for (uint32_t i = 0; i < n; i++)
		worst = erm_state_worse(worst, v[i].verdict.state);
	return worst;
}

static void add_worst(enum erm_member_state *worst, const struct erm_member_status *m)
{
	if (m->judgement.state > *worst)
		*worst = m->judgement.state;
}

static void find_worst(const struct erm_tables *t, struct erm_snapshot *snap)
{
	snap->worst_circuit = worst_verdict(t->circuits, snap->n_circuits);
	snap->worst_group = worst_verdict(t->groups, snap->n_groups);
	snap->worst_service = worst_verdict(t->services, snap->n_services);
	snap->worst = erm_state_worse(snap->worst_circuit, snap->worst_group);
	snap->worst_port = snap->worst_connection = snap->worst_session = ERM_MEMBER_UP;
	for (uint32_t i = 0; i < snap->n_ports; i++)
		add_worst(&snap->worst_port, &t->ports[i].m);
	for (uint32_t i = 0; i < snap->n_connections; i++)
		add_worst(&snap->worst_connection, &t->connections[i].m);
	for (uint32_t i = 0; i < snap->n_sessions; i++)
		add_worst(&snap->worst_session, &t->sessions[i].m);
}

static int share_log(struct erm_model *model, struct erm_snapshot *snap)
{
	if (!model->log_list) {
		struct erm_event_list *list =
			malloc(sizeof(*list) + model->log_n * sizeof(struct erm_event *));

		if (!list)
			return -ENOMEM;
		list->n_ref = 1;
		list->n = model->log_n;
		for (uint32_t i = 0; i < model->log_n; i++)
			list->events[i] = erm_event_ref(
				model->log[(model->log_first + i) % ERM_EVENT_LOG_MAX]);
		model->log_list = list;
	}
	snap->log = erm_event_list_ref(model->log_list);
	return 0;
}

/* Every row is written in full. */
static int allocate(const struct erm_config *c, struct erm_snapshot *snap)
{
	snap->n_sources = c->n_sources;
	snap->n_ports = c->n_ports;
	snap->n_circuits = c->n_circuits;
	snap->n_connections = c->n_connections;
	snap->n_sessions = c->n_sessions;
	snap->n_services = c->n_services;
	snap->n_groups = c->n_groups;
	snap->sources = malloc((c->n_sources + 1UL) * sizeof(*snap->sources));
	snap->ports = malloc((c->n_ports + 1UL) * sizeof(*snap->ports));
	snap->circuits = malloc((c->n_circuits + 1UL) * sizeof(*snap->circuits));
	snap->connections = malloc((c->n_connections + 1UL) * sizeof(*snap->connections));
	snap->sessions = malloc((c->n_sessions + 1UL) * sizeof(*snap->sessions));
	snap->services = malloc((c->n_services + 1UL) * sizeof(*snap->services));
	snap->groups = malloc((c->n_groups + 1UL) * sizeof(*snap->groups));
	return snap->sources && snap->ports && snap->circuits && snap->connections &&
			       snap->sessions && snap->services && snap->groups
		       ? 0
		       : -ENOMEM;
}

int erm_model_snapshot(struct erm_model *model, struct erm_snapshot **ret)
{
	struct erm_snapshot *snap = calloc(1, sizeof(*snap));
	int r = 0;

	if (!snap)
		return -ENOMEM;
	snap->n_ref = 1;
	snap->config = erm_config_ref(model->t.config);
	snap->at = model->now;
	snap->started = model->started;
	snap->changed = model->changed;
	snap->last_sequence = model->last_sequence;
	snap->counters = model->counters;
	r = allocate(model->t.config, snap);
	if (r >= 0)
		r = fill_shelves(model, snap);
	if (r >= 0)
		r = fill_alarms(model, snap);
	if (r >= 0)
		r = erm_model_fill_claims(&model->t, snap);
	if (r >= 0)
		r = erm_model_fill_lights(&model->t, snap);
	if (r >= 0)
		r = share_log(model, snap);
	if (r < 0) {
		(void)erm_snapshot_unref(snap);
		return r;
	}
	fill_sources(&model->t, snap);
	fill_ports(&model->t, snap);
	fill_circuits(model, snap);
	mark_shelved(&model->t, snap);
	fill_groups(&model->t, snap);
	find_worst(&model->t, snap);
	*ret = snap;
	return 0;
}
