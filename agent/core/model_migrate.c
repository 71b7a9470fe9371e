/* A reload: what has the same name keeps its state, counters and alarms; the rest starts or ends. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"
#include "core/resource.h"

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_same_source(const struct erm_source_config *a, const struct erm_source_config *b)
{
	return a->type == b->type && strcmp(a->name, b->name) == 0 &&
	       is_same_text(a->socket, b->socket) && is_same_text(a->vrf, b->vrf) &&
	       is_same_text(a->listen, b->listen) && is_same_text(a->address, b->address);
}

static bool has_type(const struct erm_config *config, enum erm_source_type type)
{
	for (uint32_t i = 0; i < config->n_sources; i++) {
		if (config->sources[i].type == type)
			return true;
	}
	return false;
}

static void keep_member(struct erm_member_status *m, const struct erm_member_status *old)
{
	*m = *old;
}

static void keep_verdict(struct erm_verdict_status *v, const struct erm_verdict_status *old)
{
	uint32_t index = v->index;
	uint32_t pair = v->pair;
	uint32_t parent_group = v->parent_group;

	*v = *old;
	v->index = index;
	v->pair = pair;
	v->parent_group = parent_group;
}

static void keep_source(struct erm_tables *t, uint32_t i, const struct erm_tables *old, uint32_t j)
{
	struct erm_source_status was = old->sources[j];

	if (!is_same_source(&t->config->sources[i], &old->config->sources[j]))
		return;
	was.index = t->sources[i].index;
	was.n_sessions = t->sources[i].n_sessions;
	was.n_interfaces = t->sources[i].n_interfaces;
	was.n_first = t->sources[i].n_first;
	t->sources[i] = was;
}

/* Which of the session's sources this one was; ERM_NO_INDEX = it is new to it. */
static uint32_t find_source(const struct erm_config *c, const struct erm_session_config *session,
			    const struct erm_source_config *source)
{
	for (uint32_t k = 0; k < session->n_sources; k++) {
		if (is_same_source(&c->sources[c->session_sources[session->first_source + k]],
				   source))
			return k;
	}
	return ERM_NO_INDEX;
}

/* What was observed of a session holds while it is the same neighbour's; of each source for itself. */
static void keep_session(struct erm_tables *t, uint32_t i, const struct erm_tables *old, uint32_t j)
{
	const struct erm_session_config *now = &t->config->sessions[i];
	const struct erm_session_config *was = &old->config->sessions[j];
	struct erm_session_status *s = &t->sessions[i];
	struct erm_session_status fresh = *s;
	bool is_known = false;

	if (!erm_addr_equal(&now->neighbor, &was->neighbor)) {
		keep_member(&s->m, &old->sessions[j].m);
		return;
	}
	*s = old->sessions[j];
	s->obs.session = i;
	s->decider = fresh.decider;
	s->told_by = fresh.told_by;
	s->knowledge = fresh.knowledge;
	s->dispute_until = fresh.dispute_until;
	if (!has_type(t->config, ERM_SOURCE_TYPE_NEIGHBOR))
		s->neighbor = fresh.neighbor;
	for (uint32_t k = 0; k < now->n_sources; k++) {
		uint32_t source = t->config->session_sources[now->first_source + k];
		uint32_t from = find_source(old->config, was, &t->config->sources[source]);
		struct erm_claim *claim = &t->claims[now->first_source + k];

		if (from == ERM_NO_INDEX)
			continue;
		*claim = old->claims[was->first_source + from];
		claim->obs.session = i;
		is_known = is_known || claim->is_known;
		if (from == old->sessions[j].told_by)
			s->told_by = k;
	}
	s->is_known = s->is_known && is_known;
}

/* On another interface its losses count from here on. */
static void keep_port(struct erm_tables *t, uint32_t i, const struct erm_tables *old, uint32_t j)
{
	uint32_t interface = t->config->ports[i].interface;

	keep_member(&t->ports[i].m, &old->ports[j].m);
	if (strcmp(t->config->interfaces[interface].name,
		   old->config->interfaces[old->config->ports[j].interface].name) == 0)
		t->ports[i].losses_seen = old->ports[j].losses_seen;
}

static void keep_resource(struct erm_tables *t, enum erm_resource_kind kind, uint32_t i,
			  const struct erm_tables *old, uint32_t j)
{
	struct erm_verdict_status *verdict = erm_tables_verdict(t, kind, i);

	if (verdict) {
		keep_verdict(verdict, erm_tables_verdict(old, kind, j));
		return;
	}
	if (kind == ERM_RESOURCE_SOURCE) {
		keep_source(t, i, old, j);
	} else if (kind == ERM_RESOURCE_PORT) {
		keep_port(t, i, old, j);
	} else if (kind == ERM_RESOURCE_CONNECTION) {
		keep_member(&t->connections[i].m, &old->connections[j].m);
		t->connections[i].flaps_seen = old->connections[j].flaps_seen;
	} else if (kind == ERM_RESOURCE_SESSION) {
		keep_session(t, i, old, j);
	}
}

static bool is_same_interface(const struct erm_config *a, const struct erm_interface_config *x,
			      const struct erm_config *b, const struct erm_interface_config *y)
{
	return strcmp(x->name, y->name) == 0 &&
	       is_same_source(&a->sources[x->source], &b->sources[y->source]);
}

static void keep_interface(struct erm_tables *t, uint32_t i, struct erm_tables *old)
{
	for (uint32_t j = 0; j < old->config->n_interfaces; j++) {
		if (!is_same_interface(t->config, &t->config->interfaces[i], old->config,
				       &old->config->interfaces[j]))
			continue;
		t->interfaces[i] = old->interfaces[j];
		t->interfaces[i].obs.interface = i;
		if (!has_type(t->config, ERM_SOURCE_TYPE_ETHTOOL)) {
			t->interfaces[i].light = NULL; /* nobody looks any more */
			return;
		}
		if (t->interfaces[i].light)
			t->interfaces[i].light->is_new = true; /* the limits may be others */
		old->interfaces[j].light = NULL;
		return;
	}
}

static int orphan(struct erm_model *model, const struct erm_tables *old,
		  const struct erm_alarm *alarm)
{
	char name[ERM_RESOURCE_MAX];
	char text[ERM_EVENT_TEXT_MAX];

	(void)snprintf(text, sizeof(text), "%s/%s cleared: no longer configured",
		       erm_alarm_type_name(alarm->type),
		       erm_resource_name(old->config, alarm->kind, alarm->position, name));
	return erm_model_owe_clear(model, old, alarm, text);
}

/* Alarms move with their resource: the pointers change hands. */
static int keep_alarms(struct erm_model *model, struct erm_tables *t, enum erm_resource_kind kind,
		       uint32_t i, struct erm_tables *old, uint32_t j)
{
	uint32_t n = 0;
	const enum erm_alarm_type *types = erm_alarm_types_of(kind, &n);

	for (uint32_t k = 0; k < n; k++) {
		struct erm_alarm *was = erm_tables_alarm(old, kind, j, types[k]);

		if (i == ERM_NO_INDEX) {
			if (was->phase >= ERM_PHASE_ACTIVE && was->sequence != 0 &&
			    orphan(model, old, was) < 0)
				return -ENOMEM;
			continue;
		}
		*erm_tables_alarm(t, kind, i, types[k]) = *was;
		erm_tables_alarm(t, kind, i, types[k])->position = i;
		was->words = NULL;
		was->op = NULL;
	}
	return 0;
}

int erm_tables_migrate(struct erm_model *model, struct erm_tables *t, struct erm_tables *old)
{
	for (uint32_t i = 0; i < t->config->n_interfaces; i++)
		keep_interface(t, i, old);
	for (uint32_t i = 0; i < t->config->n_ports; i++)
		t->ports[i].losses_seen = t->interfaces[t->config->ports[i].interface].losses;
	for (unsigned int kind = ERM_RESOURCE_PORT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		struct erm_resource_map *map = NULL;
		int r = erm_resource_map_new(t->config, kind, &map);

		if (r < 0)
			return r;
		for (uint32_t j = 0; r >= 0 && j < erm_resource_count(old->config, kind); j++) {
			char name[ERM_RESOURCE_MAX];
			uint32_t i = erm_resource_map_find(map, erm_resource_name(old->config, kind,
										  j, name));

			if (i != ERM_NO_INDEX)
				keep_resource(t, kind, i, old, j);
			r = keep_alarms(model, t, kind, i, old, j);
		}
		(void)erm_resource_map_free(map);
		if (r < 0)
			return r;
	}
	return 0;
}
