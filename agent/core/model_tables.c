/* The arrays that run parallel to the configuration: made, migrated over a reload, freed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "core/model_state.h"
#include "core/resource.h"

static const enum erm_alarm_type verdict_types[] = {
	ERM_ALARM_SERVICE_DOWN, ERM_ALARM_REDUNDANCY_LOST, ERM_ALARM_NOT_REDUNDANT,
	ERM_ALARM_DEGRADED,     ERM_ALARM_STATE_UNKNOWN,
};
static const enum erm_alarm_type port_types[] = { ERM_ALARM_PORT_DOWN, ERM_ALARM_OPTICAL,
						  ERM_ALARM_FLAPPING };
static const enum erm_alarm_type connection_types[] = { ERM_ALARM_DRAINING, ERM_ALARM_FLAPPING };
static const enum erm_alarm_type session_types[] = { ERM_ALARM_PREFIX_LIMIT, ERM_ALARM_SESSION_DOWN,
						     ERM_ALARM_PREFIX_THRESHOLD };
static const enum erm_alarm_type source_types[] = { ERM_ALARM_STATE_UNKNOWN };

const enum erm_alarm_type *erm_alarm_types_of(enum erm_resource_kind kind, uint32_t *ret_n)
{
	switch (kind) {
	case ERM_RESOURCE_PORT:
		*ret_n = ERM_ELEMENTS(port_types);
		return port_types;
	case ERM_RESOURCE_CONNECTION:
		*ret_n = ERM_ELEMENTS(connection_types);
		return connection_types;
	case ERM_RESOURCE_SESSION:
		*ret_n = ERM_ELEMENTS(session_types);
		return session_types;
	case ERM_RESOURCE_SERVICE:
	case ERM_RESOURCE_CIRCUIT:
	case ERM_RESOURCE_GROUP:
		*ret_n = ERM_ELEMENTS(verdict_types);
		return verdict_types;
	case ERM_RESOURCE_SOURCE:
		*ret_n = ERM_ELEMENTS(source_types);
		return source_types;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	*ret_n = 0;
	return NULL;
}

struct erm_alarm *erm_tables_alarm(const struct erm_tables *t, enum erm_resource_kind kind,
				   uint32_t position, enum erm_alarm_type type)
{
	uint32_t n = 0;
	const enum erm_alarm_type *types = erm_alarm_types_of(kind, &n);

	for (uint32_t i = 0; i < n; i++) {
		if (types[i] == type)
			return &t->alarms[t->first_alarm[kind] + position * n + i];
	}
	return NULL;
}

struct erm_verdict_status *erm_tables_verdict(const struct erm_tables *t,
					      enum erm_resource_kind kind, uint32_t position)
{
	switch (kind) {
	case ERM_RESOURCE_SERVICE:
		return &t->services[position];
	case ERM_RESOURCE_CIRCUIT:
		return &t->circuits[position];
	case ERM_RESOURCE_GROUP:
		return &t->groups[position];
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_PORT:
	case ERM_RESOURCE_CONNECTION:
	case ERM_RESOURCE_SESSION:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return NULL;
}

void erm_config_minima(const struct erm_config *config, enum erm_resource_kind kind,
		       uint32_t position, uint32_t *ret_min_service, uint32_t *ret_min_redundant)
{
	uint32_t circuit = erm_resource_circuit(config, kind, position);

	if (circuit != ERM_NO_INDEX) {
		*ret_min_service = config->circuits[circuit].min_service;
		*ret_min_redundant = config->circuits[circuit].min_redundant;
	} else {
		*ret_min_service = config->groups[position].min_service;
		*ret_min_redundant = config->groups[position].min_redundant;
	}
}

uint32_t erm_model_index(struct erm_model *model, enum erm_resource_kind kind, const char *name)
{
	struct erm_index_entry *grown = NULL;
	uint32_t last = 0;

	for (uint32_t i = 0; i < model->n_indexes; i++) {
		if (model->indexes[i].kind != kind)
			continue;
		if (strcmp(model->indexes[i].name, name) == 0)
			return model->indexes[i].index;
		if (model->indexes[i].index > last)
			last = model->indexes[i].index;
	}
	grown = reallocarray(model->indexes, model->n_indexes + 1, sizeof(*grown));
	if (!grown)
		return 0;
	model->indexes = grown;
	grown += model->n_indexes++;
	*grown = (struct erm_index_entry){ .kind = kind, .index = last + 1 };
	(void)snprintf(grown->name, sizeof(grown->name), "%s", name);
	return grown->index;
}

/* Gives every resource of a kind its index; `field` is where it goes, `stride` bytes apart. */
static int give_indexes(struct erm_model *model, const struct erm_config *config,
			enum erm_resource_kind kind, void *field, size_t stride)
{
	for (uint32_t i = 0; i < erm_resource_count(config, kind); i++) {
		char name[ERM_RESOURCE_MAX];
		uint32_t index =
			erm_model_index(model, kind, erm_resource_name(config, kind, i, name));

		if (index == 0)
			return -ENOMEM;
		memcpy((char *)field + i * stride, &index, sizeof(index));
	}
	return 0;
}

struct order_entry {
	uint32_t index, position;
};

static int compare_order(const void *a, const void *b)
{
	const struct order_entry *x = a;
	const struct order_entry *y = b;

	return x->index < y->index ? -1 : x->index > y->index;
}

static uint32_t *make_order(const void *field, size_t stride, uint32_t n)
{
	_cleanup_free_ struct order_entry *entries = calloc(n + 1, sizeof(*entries));
	uint32_t *order = calloc(n + 1, sizeof(*order));

	if (!entries || !order) {
		free(order);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++) {
		entries[i].position = i;
		memcpy(&entries[i].index, (const char *)field + i * stride, sizeof(uint32_t));
	}
	qsort(entries, n, sizeof(*entries), compare_order);
	for (uint32_t i = 0; i < n; i++)
		order[i] = entries[i].position;
	return order;
}

static int number(struct erm_model *model, struct erm_tables *t)
{
	const struct erm_config *c = t->config;
	int r = 0;

	r = give_indexes(model, c, ERM_RESOURCE_SOURCE, &t->sources->index, sizeof(*t->sources));
	if (r >= 0)
		r = give_indexes(model, c, ERM_RESOURCE_PORT, &t->ports->index, sizeof(*t->ports));
	if (r >= 0)
		r = give_indexes(model, c, ERM_RESOURCE_CIRCUIT, &t->circuits->index,
				 sizeof(*t->circuits));
	if (r >= 0)
		r = give_indexes(model, c, ERM_RESOURCE_GROUP, &t->groups->index,
				 sizeof(*t->groups));
	if (r < 0)
		return r;
	t->source_order = make_order(&t->sources->index, sizeof(*t->sources), c->n_sources);
	t->port_order = make_order(&t->ports->index, sizeof(*t->ports), c->n_ports);
	t->circuit_order = make_order(&t->circuits->index, sizeof(*t->circuits), c->n_circuits);
	t->group_order = make_order(&t->groups->index, sizeof(*t->groups), c->n_groups);
	return t->source_order && t->port_order && t->circuit_order && t->group_order ? 0 : -ENOMEM;
}

/* Ports know how many connections and which one circuit ride on them. */
static void link_ports(struct erm_tables *t)
{
	const struct erm_config *c = t->config;

	for (uint32_t i = 0; i < c->n_ports; i++)
		t->ports[i].only_circuit = ERM_NO_INDEX;
	for (uint32_t i = 0; i < c->n_connections; i++) {
		const struct erm_connection_config *connection = &c->connections[i];
		struct erm_port_status *port = NULL;

		if (connection->port == ERM_NO_INDEX)
			continue;
		port = &t->ports[connection->port];
		if (port->n_connections++ == 0)
			port->only_circuit = connection->circuit;
		else if (port->only_circuit != connection->circuit)
			port->only_circuit = ERM_NO_INDEX;
		/* Beside others a Direct circuit decides: whose fault a dead port is cannot be told. */
		if (port->model != ERM_MODEL_DIRECT)
			port->model = c->circuits[connection->circuit].model;
		port->is_in_maintenance = connection->maintenance &&
					  (port->n_connections == 1 || port->is_in_maintenance);
	}
	for (uint32_t i = 0; i < c->n_session_sources; i++)
		t->sources[c->session_sources[i]].n_sessions++;
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		if (c->sessions[i].n_sources > 0)
			t->sources[erm_session_source(c, i)].n_first++;
	}
	for (uint32_t i = 0; i < c->n_interfaces; i++)
		t->sources[c->interfaces[i].source].n_interfaces++;
}

static uint32_t common_pair(uint32_t a, uint32_t b)
{
	return a == b ? a : ERM_NO_INDEX;
}

/* Circuits and groups know the pair all of them rides on and the group they are in. */
static void link_groups(struct erm_tables *t)
{
	const struct erm_config *c = t->config;

	for (uint32_t i = 0; i < c->n_circuits; i++) {
		const struct erm_circuit_config *circuit = &c->circuits[i];
		uint32_t pair = ERM_NO_INDEX;

		for (uint32_t k = 0; k < circuit->n_connections; k++) {
			uint32_t port = c->connections[circuit->first_connection + k].port;
			uint32_t own = port == ERM_NO_INDEX ? ERM_NO_INDEX : c->ports[port].pair;

			pair = k == 0 ? own : common_pair(pair, own);
		}
		t->circuits[i].pair = pair;
		t->circuits[i].parent_group = ERM_NO_INDEX;
	}
	for (uint32_t i = 0; i < c->n_groups; i++) {
		t->groups[i].pair = ERM_NO_INDEX;
		t->groups[i].parent_group = ERM_NO_INDEX;
	}
	for (uint32_t i = 0; i < c->n_groups; i++) {
		const struct erm_group_config *group = &c->groups[i];

		for (uint32_t k = 0; group->kind == ERM_GROUP_CIRCUITS && k < group->n_members;
		     k++) {
			const struct erm_group_member *member =
				&c->members[group->first_member + k];
			struct erm_verdict_status *child =
				erm_tables_verdict(t, member->kind, member->index);

			if (!child)
				continue;
			child->parent_group = i;
			t->groups[i].pair =
				k == 0 ? child->pair : common_pair(t->groups[i].pair, child->pair);
		}
	}
}

static void place_alarms(struct erm_tables *t)
{
	uint32_t at = 0;

	for (unsigned int kind = ERM_RESOURCE_PORT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		uint32_t n = 0;
		const enum erm_alarm_type *types = erm_alarm_types_of(kind, &n);

		t->first_alarm[kind] = at;
		for (uint32_t i = 0; i < erm_resource_count(t->config, kind); i++) {
			for (uint32_t k = 0; k < n; k++, at++) {
				t->alarms[at].type = types[k];
				t->alarms[at].kind = kind;
				t->alarms[at].position = i;
			}
		}
	}
}

static uint32_t count_alarms(const struct erm_config *config)
{
	uint32_t total = 0;

	for (unsigned int kind = ERM_RESOURCE_PORT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		uint32_t n = 0;

		(void)erm_alarm_types_of(kind, &n);
		total += n * erm_resource_count(config, kind);
	}
	return total;
}

static void init_members(struct erm_tables *t, struct erm_time now)
{
	const struct erm_config *c = t->config;
	const struct erm_member_status fresh = {
		.judgement = { ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA, ERM_CAUSE_NO_DATA_YET,
			       ERM_FAULT_UNDETERMINED },
		.changed = now,
	};
	const struct erm_verdict_status undecided = {
		.verdict = { .state = ERM_STATE_UNKNOWN,
			     .worst = ERM_STATE_DOWN,
			     .best = ERM_STATE_HEALTHY },
		.cause = ERM_CAUSE_NO_DATA_YET,
		.fault_domain = ERM_FAULT_UNDETERMINED,
		.changed = now,
		.discontinuity = now,
	};

	for (uint32_t i = 0; i < c->n_sources; i++) {
		t->sources[i].state = ERM_SOURCE_STARTING;
		t->sources[i].reason = ERM_REASON_NONE;
		t->sources[i].told.state = ERM_SOURCE_STARTING;
		t->sources[i].told.reason = ERM_REASON_NONE;
		t->sources[i].changed = now;
		t->sources[i].knowledge = ERM_NOT_YET;
	}
	for (uint32_t i = 0; i < c->n_ports; i++)
		t->ports[i].m = fresh;
	for (uint32_t i = 0; i < c->n_connections; i++)
		t->connections[i].m = fresh;
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		t->sessions[i].m = fresh;
		t->sessions[i].fall_cause = ERM_CAUSE_NONE;
		t->sessions[i].obs.bfd = ERM_BFD_UNKNOWN;
		t->sessions[i].neighbor = ERM_NEIGHBOR_UNKNOWN;
		t->sessions[i].decider = ERM_NO_INDEX;
		t->sessions[i].told_by = ERM_NO_INDEX;
		t->sessions[i].knowledge = ERM_NOT_YET;
		t->sessions[i].dispute_until = ERM_USEC_INFINITY;
		memset(t->sessions[i].use, ERM_CLAIM_LOST, sizeof(t->sessions[i].use));
	}
	for (uint32_t i = 0; i < c->n_services; i++)
		t->services[i] = undecided;
	for (uint32_t i = 0; i < c->n_circuits; i++)
		t->circuits[i] = undecided;
	for (uint32_t i = 0; i < c->n_groups; i++)
		t->groups[i] = undecided;
}

int erm_tables_new(struct erm_model *model, struct erm_config *config, struct erm_tables *ret)
{
	struct erm_tables t = { .config = erm_config_ref(config) };
	int r = -ENOMEM;

	t.n_alarms = count_alarms(config);
	t.sources = calloc(config->n_sources + 1, sizeof(*t.sources));
	t.interfaces = calloc(config->n_interfaces + 1, sizeof(*t.interfaces));
	t.ports = calloc(config->n_ports + 1, sizeof(*t.ports));
	t.connections = calloc(config->n_connections + 1, sizeof(*t.connections));
	t.sessions = calloc(config->n_sessions + 1, sizeof(*t.sessions));
	t.claims = calloc(config->n_session_sources + 1, sizeof(*t.claims));
	t.services = calloc(config->n_services + 1, sizeof(*t.services));
	t.circuits = calloc(config->n_circuits + 1, sizeof(*t.circuits));
	t.groups = calloc(config->n_groups + 1, sizeof(*t.groups));
	t.alarms = calloc(t.n_alarms + 1, sizeof(*t.alarms));
	t.open = calloc(t.n_alarms + 1, sizeof(struct erm_alarm *));
	if (t.sources && t.interfaces && t.ports && t.connections && t.sessions && t.claims &&
	    t.services && t.circuits && t.groups && t.alarms && t.open) {
		init_members(&t, model->now);
		r = number(model, &t);
	}
	if (r < 0) {
		erm_tables_done(&t);
		return r;
	}
	link_ports(&t);
	link_groups(&t);
	place_alarms(&t);
	*ret = t;
	return 0;
}

void erm_tables_done(struct erm_tables *t)
{
	for (uint32_t i = 0; t->alarms && i < t->n_alarms; i++) {
		free(t->alarms[i].words);
		free(t->alarms[i].op);
	}
	for (uint32_t i = 0; t->interfaces && i < t->config->n_interfaces; i++)
		free(t->interfaces[i].light);
	free(t->sources);
	free(t->interfaces);
	free(t->ports);
	free(t->connections);
	free(t->sessions);
	free(t->claims);
	free(t->services);
	free(t->circuits);
	free(t->groups);
	free(t->alarms);
	free(t->open);
	free(t->source_order);
	free(t->port_order);
	free(t->circuit_order);
	free(t->group_order);
	(void)erm_config_unref(t->config);
	*t = (struct erm_tables){ 0 };
}
