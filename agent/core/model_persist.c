/* What a restart must not lose: out to plain values, and back in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"
#include "core/resource.h"
#include "core/text.h"

int erm_model_import(struct erm_model *model, const struct erm_persist *persist)
{
	model->last_sequence = persist->last_sequence;
	model->last_alarm_id = persist->last_alarm_id;
	model->indexes = calloc(persist->n_indexes + 1, sizeof(*model->indexes));
	if (!model->indexes)
		return -ENOMEM;
	for (uint32_t i = 0; i < persist->n_indexes; i++) {
		struct erm_index_entry *entry = &model->indexes[model->n_indexes];

		/* No index of ours: RFC 2578 wants a positive one, and the next must fit too. */
		if (persist->indexes[i].index == 0 || persist->indexes[i].index >= INT32_MAX)
			continue;
		model->n_indexes++;
		entry->kind = persist->indexes[i].kind;
		entry->index = persist->indexes[i].index;
		(void)snprintf(entry->name, sizeof(entry->name), "%s", persist->indexes[i].name);
	}
	return 0;
}

static struct erm_member_status *member_at(const struct erm_tables *t, enum erm_resource_kind kind,
					   uint32_t position)
{
	switch (kind) {
	case ERM_RESOURCE_PORT:
		return &t->ports[position].m;
	case ERM_RESOURCE_CONNECTION:
		return &t->connections[position].m;
	case ERM_RESOURCE_SESSION:
		return &t->sessions[position].m;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_CIRCUIT:
	case ERM_RESOURCE_SERVICE:
	case ERM_RESOURCE_GROUP:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return NULL;
}

static struct erm_alarm *find_alarm(const struct erm_tables *t,
				    struct erm_resource_map *const *maps, const char *key)
{
	enum erm_alarm_type type = 0;
	const char *resource = NULL;

	if (erm_key_split(key, &type, &resource) < 0)
		return NULL;
	for (unsigned int kind = ERM_RESOURCE_PORT; kind < ERM_RESOURCE_KIND_MAX; kind++) {
		uint32_t position = erm_resource_map_find(maps[kind], resource);

		if (position != ERM_NO_INDEX)
			return erm_tables_alarm(t, kind, position, type);
	}
	return NULL;
}

/* Its resource left the configuration while the agent was away: what was notified must be cleared. */
static int import_orphan(struct erm_model *model, const struct erm_persist_alarm *was)
{
	struct erm_orphan *o = NULL;
	enum erm_alarm_type type = 0;
	const char *resource = NULL;
	const char *name = NULL;

	if (was->sequence == 0 || erm_key_split(was->key, &type, &resource) < 0)
		return 0;
	o = calloc(1, sizeof(*o));
	if (!o)
		return -ENOMEM;
	name = strchr(resource, ':');
	o->fields = (struct erm_event){
		.kind = ERM_EVENT_CLEAR,
		.severity = ERM_SEVERITY_CLEARED,
		.type = type,
		.resource_kind = ERM_RESOURCE_CIRCUIT,
		.n_index = 1,
		.alarm_id = was->id,
		.state = ERM_STATE_UNKNOWN,
		.cause = ERM_CAUSE_NOT_CONFIGURED,
		.fault_domain = ERM_FAULT_CUSTOMER,
	};
	(void)snprintf(o->fields.key, sizeof(o->fields.key), "%s", was->key);
	(void)snprintf(o->fields.resource, sizeof(o->fields.resource), "%s", resource);
	(void)snprintf(o->fields.circuit, sizeof(o->fields.circuit), "%.63s",
		       name ? name + 1 : resource);
	(void)snprintf(o->fields.text, sizeof(o->fields.text), "%s cleared: no longer configured",
		       was->key);
	erm_text_clean(o->fields.text);
	o->next = model->orphans;
	model->orphans = o;
	return 0;
}

static int import_alarm(struct erm_model *model, struct erm_resource_map *const *maps,
			const struct erm_persist_alarm *was)
{
	struct erm_alarm *alarm = find_alarm(&model->t, maps, was->key);
	usec_t age = erm_usec_sub(model->now.real, was->raised_real);

	if (!alarm)
		return import_orphan(model, was);
	alarm->phase = ERM_PHASE_ACTIVE;
	alarm->phase_since = model->now.mono;
	alarm->truth = ERM_TRUTH_UNKNOWN;
	alarm->severity = was->severity;
	alarm->cause = ERM_CAUSE_NO_DATA_YET;
	alarm->fault_domain = ERM_FAULT_UNDETERMINED;
	alarm->id = was->id;
	alarm->sequence = was->sequence;
	if (was->notified_real != 0) {
		alarm->notified = (struct erm_time){
			.mono = erm_usec_sub(model->now.mono,
					     erm_usec_sub(model->now.real, was->notified_real)),
			.real = was->notified_real
		};
	}
	if (was->op.state != 0) {
		free(alarm->op);
		alarm->op = malloc(sizeof(*alarm->op));
		if (!alarm->op)
			return -ENOMEM;
		*alarm->op = was->op;
	}
	alarm->raised = (struct erm_time){ .mono = erm_usec_sub(model->now.mono, age),
					   .real = was->raised_real };
	if (was->sequence != 0 && alarm->type == ERM_ALARM_REDUNDANCY_LOST &&
	    model->t.config->agent.reminder_usec > 0)
		alarm->reminder_at =
			erm_usec_add(model->now.mono, model->t.config->agent.reminder_usec);
	return 0;
}

int erm_model_import_alarms(struct erm_model *model, const struct erm_persist *persist)
{
	struct erm_resource_map *maps[ERM_RESOURCE_KIND_MAX] = { 0 };
	int r = 0;

	for (unsigned int kind = ERM_RESOURCE_AGENT; r >= 0 && kind < ERM_RESOURCE_KIND_MAX; kind++)
		r = erm_resource_map_new(model->t.config, kind, &maps[kind]);
	for (uint32_t i = 0; r >= 0 && i < persist->n_members; i++) {
		const struct erm_persist_member *was = &persist->members[i];
		struct erm_member_status *m = NULL;
		uint32_t position = ERM_NO_INDEX;

		if (was->kind > 0 && was->kind < ERM_RESOURCE_KIND_MAX)
			position = erm_resource_map_find(maps[was->kind], was->resource);
		if (position != ERM_NO_INDEX)
			m = member_at(&model->t, was->kind, position);
		if (m)
			m->is_ever_up = true;
		else if (position != ERM_NO_INDEX && was->kind == ERM_RESOURCE_GROUP)
			model->t.groups[position].is_ever_redundant = true;
	}
	for (uint32_t i = 0; r >= 0 && i < persist->n_alarms; i++)
		r = import_alarm(model, maps, &persist->alarms[i]);
	for (unsigned int kind = 0; kind < ERM_RESOURCE_KIND_MAX; kind++)
		(void)erm_resource_map_free(maps[kind]);
	return r;
}

static void export_members(const struct erm_model *model, struct erm_persist *p)
{
	static const enum erm_resource_kind kinds[] = { ERM_RESOURCE_PORT, ERM_RESOURCE_CONNECTION,
							ERM_RESOURCE_SESSION, ERM_RESOURCE_GROUP };

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		for (uint32_t i = 0; i < erm_resource_count(model->t.config, kinds[k]); i++) {
			struct erm_persist_member *out = &p->members[p->n_members];

			const struct erm_member_status *m = member_at(&model->t, kinds[k], i);

			if (m ? !m->is_ever_up : !model->t.groups[i].is_ever_redundant)
				continue;
			out->kind = kinds[k];
			(void)erm_resource_name(model->t.config, kinds[k], i, out->resource);
			p->n_members++;
		}
	}
}

static void export_alarms(const struct erm_model *model, struct erm_persist *p)
{
	for (uint32_t i = 0; i < model->t.n_alarms; i++) {
		const struct erm_alarm *alarm = &model->t.alarms[i];
		struct erm_persist_alarm *out = &p->alarms[p->n_alarms];
		char resource[ERM_RESOURCE_MAX];

		if (alarm->phase < ERM_PHASE_ACTIVE)
			continue;
		(void)snprintf(out->key, sizeof(out->key), "%s/%s",
			       erm_alarm_type_name(alarm->type),
			       erm_resource_name(model->t.config, alarm->kind, alarm->position,
						 resource));
		out->id = alarm->id;
		out->sequence = alarm->sequence;
		out->raised_real = alarm->raised.real;
		out->notified_real = alarm->notified.real;
		out->severity = alarm->severity;
		if (alarm->op)
			out->op = *alarm->op;
		p->n_alarms++;
	}
}

int erm_model_export(const struct erm_model *model, struct erm_persist *ret)
{
	const struct erm_config *c = model->t.config;
	struct erm_persist p = { .last_sequence = model->last_sequence,
				 .last_alarm_id = model->last_alarm_id };
	uint32_t n_open = 0;

	for (uint32_t i = 0; i < model->t.n_alarms; i++)
		n_open += model->t.alarms[i].phase >= ERM_PHASE_ACTIVE;
	p.indexes = calloc(model->n_indexes + 1, sizeof(*p.indexes));
	p.members = calloc((size_t)c->n_ports + c->n_connections + c->n_sessions + c->n_groups + 1,
			   sizeof(*p.members));
	p.alarms = calloc(n_open + 1, sizeof(*p.alarms));
	if (!p.indexes || !p.members || !p.alarms || erm_model_export_shelves(model, &p) < 0) {
		erm_persist_done(&p);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < model->n_indexes; i++) {
		struct erm_persist_index *out = &p.indexes[p.n_indexes++];

		out->kind = model->indexes[i].kind;
		out->index = model->indexes[i].index;
		(void)snprintf(out->name, sizeof(out->name), "%s", model->indexes[i].name);
	}
	export_members(model, &p);
	export_alarms(model, &p);
	*ret = p;
	return 0;
}
