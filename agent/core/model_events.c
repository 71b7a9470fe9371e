/* What is notified now: raises nobody covers, clears of what was notified, reminders, the agent's own. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model_state.h"
#include "core/resource.h"
#include "core/text.h"

uint32_t erm_next_number(uint32_t number)
{
	return number == UINT32_MAX ? 1 : number + 1;
}

static void log_event(struct erm_model *model, struct erm_event *event)
{
	uint32_t at = (model->log_first + model->log_n) % ERM_EVENT_LOG_MAX;

	if (model->log_n == ERM_EVENT_LOG_MAX) {
		(void)erm_event_unref(model->log[at]);
		model->log_first = (model->log_first + 1) % ERM_EVENT_LOG_MAX;
		model->counters.events_dropped++;
	} else {
		model->log_n++;
	}
	model->log[at] = erm_event_ref(event);
	model->log_list = erm_event_list_unref(model->log_list);
}

static int push(struct erm_model *model, const struct erm_event *fields)
{
	struct erm_event *event = NULL;

	if (model->pending.n == model->pending_size) {
		uint32_t size = model->pending_size ? model->pending_size * 2 : 16;
		struct erm_event **grown =
			reallocarray(model->pending.events, size, sizeof(struct erm_event *));

		if (!grown)
			return -ENOMEM;
		model->pending.events = grown;
		model->pending_size = size;
	}
	event = erm_event_new(fields);
	if (!event)
		return -ENOMEM;
	event->at = model->now;
	event->sequence = model->last_sequence;
	if (event->kind != ERM_EVENT_HEARTBEAT) { /* it repeats the last number */
		event->sequence = model->last_sequence = erm_next_number(model->last_sequence);
		log_event(model, event);
	}
	model->pending.events[model->pending.n++] = event;
	model->counters.notifications++;
	return 0;
}

static void fill_leg(const struct erm_tables *t, uint32_t connection, struct erm_event *e)
{
	const struct erm_connection_config *config = &t->config->connections[connection];

	(void)snprintf(e->connection, sizeof(e->connection), "%s", erm_role_name(config->role));
	if (config->interface != ERM_NO_INDEX)
		(void)snprintf(e->interface, sizeof(e->interface), "%s",
			       t->config->interfaces[config->interface].name);
}

static bool leg_is_up(const struct erm_tables *t, uint32_t connection, uint32_t service)
{
	uint32_t session = ERM_NO_INDEX;

	if (service == ERM_NO_INDEX)
		return t->connections[connection].m.judgement.state == ERM_MEMBER_UP;
	session =
		t->config->services[service].sessions[t->config->connections[connection].role - 1];
	return session == ERM_NO_INDEX || t->sessions[session].m.judgement.state == ERM_MEMBER_UP;
}

/* The failed leg, when it is one; of one service, or ERM_NO_INDEX. */
static void fill_failed_leg(const struct erm_tables *t, uint32_t circuit, uint32_t service,
			    struct erm_event *e)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];
	uint32_t failed = ERM_NO_INDEX;

	for (uint32_t i = 0; i < config->n_connections; i++) {
		uint32_t connection = config->first_connection + i;

		if (leg_is_up(t, connection, service))
			continue;
		if (failed != ERM_NO_INDEX)
			return;
		failed = connection;
	}
	if (failed != ERM_NO_INDEX)
		fill_leg(t, failed, e);
}

static void fill_circuit(const struct erm_tables *t, uint32_t circuit, struct erm_event *e)
{
	(void)snprintf(e->circuit, sizeof(e->circuit), "%s", t->config->circuits[circuit].name);
	e->index[0] = t->circuits[circuit].index;
	e->n_index = 1;
}

static void fill_session(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	const struct erm_session_config *config = &t->config->sessions[position];

	fill_circuit(t, config->circuit, e);
	fill_leg(t, config->connection, e);
	e->index[1] = t->config->connections[config->connection].role;
	e->index[2] = erm_service_index(config->peering, config->family);
	e->n_index = 3;
	e->state = (int)t->sessions[position].m.judgement.state;
	(void)erm_addr_format(&config->neighbor, e->peer);
}

static void fill_verdict(const struct erm_verdict_status *v, struct erm_event *e)
{
	e->state = (int)v->verdict.state;
	e->expected = v->verdict.expected;
	e->usable = v->verdict.usable;
	e->unknown = v->verdict.unknown;
}

static void fill_group(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	(void)snprintf(e->circuit, sizeof(e->circuit), "%s", t->config->groups[position].name);
	e->index[0] = t->groups[position].index;
	e->n_index = 1;
	fill_verdict(&t->groups[position], e);
}

static void fill_port(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	const struct erm_port_config *config = &t->config->ports[position];

	(void)snprintf(e->circuit, sizeof(e->circuit), "%s", config->name);
	(void)snprintf(e->interface, sizeof(e->interface), "%s",
		       t->config->interfaces[config->interface].name);
	e->index[0] = t->ports[position].index;
	e->n_index = 1;
	e->state = (int)t->ports[position].m.judgement.state;
}

static void fill_source(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	(void)snprintf(e->circuit, sizeof(e->circuit), "%s", t->config->sources[position].name);
	e->index[0] = t->sources[position].index;
	e->n_index = 1;
	e->state = (int)t->sources[position].state;
}

static void fill_connection(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	fill_circuit(t, t->config->connections[position].circuit, e);
	fill_leg(t, position, e);
	e->index[1] = t->config->connections[position].role;
	e->n_index = 2;
	e->state = (int)t->connections[position].m.judgement.state;
}

static void fill_service(const struct erm_tables *t, uint32_t position, struct erm_event *e)
{
	const struct erm_service_config *config = &t->config->services[position];

	fill_circuit(t, config->circuit, e);
	fill_failed_leg(t, config->circuit, position, e);
	e->index[1] = erm_service_index(config->peering, config->family);
	e->n_index = 2;
	fill_verdict(&t->services[position], e);
}

static void fill_resource(const struct erm_tables *t, const struct erm_alarm *a,
			  struct erm_event *e)
{
	switch (a->kind) {
	case ERM_RESOURCE_PORT:
		fill_port(t, a->position, e);
		break;
	case ERM_RESOURCE_CIRCUIT:
		fill_circuit(t, a->position, e);
		fill_failed_leg(t, a->position, ERM_NO_INDEX, e);
		fill_verdict(&t->circuits[a->position], e);
		break;
	case ERM_RESOURCE_CONNECTION:
		fill_connection(t, a->position, e);
		break;
	case ERM_RESOURCE_SESSION:
		fill_session(t, a->position, e);
		break;
	case ERM_RESOURCE_SERVICE:
		fill_service(t, a->position, e);
		break;
	case ERM_RESOURCE_GROUP:
		fill_group(t, a->position, e);
		break;
	case ERM_RESOURCE_SOURCE:
		fill_source(t, a->position, e);
		break;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
}

void erm_event_fill(const struct erm_tables *t, const struct erm_alarm *a, struct erm_event *e)
{
	*e = (struct erm_event){
		.type = a->type,
		.severity = a->severity,
		.resource_kind = a->kind,
		.alarm_id = a->id,
		.impacted = a->impacted,
		.cause = a->cause,
		.fault_domain = a->fault_domain,
	};
	fill_resource(t, a, e);
	(void)erm_resource_name(t->config, a->kind, a->position, e->resource);
	(void)snprintf(e->key, sizeof(e->key), "%s/%s", erm_alarm_type_name(a->type), e->resource);
}

static int emit_clear(struct erm_model *model, const struct erm_alarm *alarm)
{
	struct erm_event e = { 0 };

	erm_event_fill(&model->t, alarm, &e);
	e.kind = ERM_EVENT_CLEAR;
	e.severity = ERM_SEVERITY_CLEARED;
	erm_text_clear(&model->t, alarm, e.text);
	return push(model, &e);
}

/* Who knows of the raise is told, now or when the shelf is gone. */
static int tell_clear(struct erm_model *model, const struct erm_alarm *alarm)
{
	char text[ERM_EVENT_TEXT_MAX];

	if (alarm->shelf == 0)
		return emit_clear(model, alarm);
	erm_text_clear(&model->t, alarm, text);
	return erm_model_owe_clear(model, &model->t, alarm, text);
}

/* The end of an alarm, told when its beginning was. */
static int finish(struct erm_model *model, struct erm_alarm *alarm)
{
	int r = 0;

	if (alarm->sequence != 0) {
		r = tell_clear(model, alarm);
		if (r < 0) {
			alarm->phase = ERM_PHASE_CLEARING; /* not told: again at the next commit */
			return r;
		}
	} else if (alarm->is_suppressed) {
		alarm->suppressed++;
		model->counters.suppressed++;
	}
	free(alarm->words);
	alarm->words = NULL;
	free(alarm->op);
	alarm->op = NULL; /* it was said of this raise */
	alarm->id = alarm->sequence = 0;
	alarm->reminder_at = 0;
	alarm->is_suppressed = alarm->is_muted = false;
	return 0;
}

static int emit_raise(struct erm_model *model, struct erm_alarm *alarm, enum erm_event_kind kind)
{
	struct erm_event e = { 0 };
	int r = 0;

	erm_event_fill(&model->t, alarm, &e);
	e.kind = kind;
	erm_text_raise(&model->t, alarm, e.text);
	r = push(model, &e);
	if (r < 0)
		return r;
	if (kind == ERM_EVENT_RAISE) {
		alarm->sequence = model->last_sequence;
		alarm->notified = model->now;
		alarm->is_suppressed = false;
	}
	if (alarm->type == ERM_ALARM_REDUNDANCY_LOST && model->t.config->agent.reminder_usec > 0)
		alarm->reminder_at =
			erm_usec_add(model->now.mono, model->t.config->agent.reminder_usec);
	return 0;
}

static bool is_too_soon(const struct erm_model *model, const struct erm_alarm *alarm)
{
	return alarm->notified.mono != 0 && erm_usec_sub(model->now.mono, alarm->notified.mono) <
						    model->t.config->agent.min_interval_usec;
}

/* What the words of a covered alarm depend on; those of a root are made anew each time. */
static bool is_told_as_it_is(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_verdict_status *v = erm_tables_verdict(t, alarm->kind, alarm->position);
	const struct erm_alarm_words *words = alarm->words;

	return words && alarm->parent && words->cause == alarm->cause &&
	       words->fault_domain == alarm->fault_domain &&
	       (!v || (words->usable == v->verdict.usable && words->unknown == v->verdict.unknown));
}

/* Keeps the words of an alarm at what they were when it was last true. */
static int refresh_words(struct erm_model *model, struct erm_alarm *alarm)
{
	const struct erm_verdict_status *v =
		erm_tables_verdict(&model->t, alarm->kind, alarm->position);
	struct erm_alarm_words *words = alarm->words;

	if (is_told_as_it_is(&model->t, alarm))
		return 0;
	if (!words) {
		struct erm_event e = { 0 };

		words = calloc(1, sizeof(*words));
		if (!words)
			return -ENOMEM;
		erm_event_fill(&model->t, alarm, &e);
		memcpy(words->key, e.key, sizeof(words->key));
		memcpy(words->circuit, e.circuit, sizeof(words->circuit));
		memcpy(words->resource, e.resource, sizeof(words->resource));
		alarm->words = words;
	}
	words->cause = alarm->cause;
	words->fault_domain = alarm->fault_domain;
	words->usable = v ? v->verdict.usable : 0;
	words->unknown = v ? v->verdict.unknown : 0;
	erm_text_raise(&model->t, alarm, words->text);
	return 0;
}

static int emit_active(struct erm_model *model, struct erm_alarm *alarm)
{
	int r = refresh_words(model, alarm);

	if (r < 0)
		return r;
	if (alarm->shelf != 0) {
		alarm->is_muted = alarm->is_muted || !alarm->parent;
		alarm->is_suppressed = false;
		return 0;
	}
	if (alarm->sequence != 0) {
		if (alarm->reminder_at != 0 && model->now.mono >= alarm->reminder_at)
			return emit_raise(model, alarm, ERM_EVENT_REMINDER);
		return 0;
	}
	if (alarm->parent)
		return 0;
	alarm->is_suppressed = is_too_soon(model, alarm);
	return alarm->is_suppressed ? 0 : emit_raise(model, alarm, ERM_EVENT_RAISE);
}

static enum erm_state worst_state(const struct erm_tables *t)
{
	enum erm_state worst = ERM_STATE_HEALTHY;

	for (uint32_t i = 0; i < t->config->n_circuits; i++)
		worst = erm_state_worse(worst, t->circuits[i].verdict.state);
	for (uint32_t i = 0; i < t->config->n_groups; i++)
		worst = erm_state_worse(worst, t->groups[i].verdict.state);
	return worst;
}

static uint32_t count_open(const struct erm_tables *t)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n_open; i++)
		n += t->open[i]->phase >= ERM_PHASE_ACTIVE;
	return n;
}

static int emit_agent(struct erm_model *model, enum erm_event_kind kind)
{
	const char *name = model->t.config->agent.name ? model->t.config->agent.name : "ermond";
	struct erm_event e = {
		.kind = kind,
		.severity = ERM_SEVERITY_INDETERMINATE,
		.resource_kind = ERM_RESOURCE_AGENT,
		.state = (int)worst_state(&model->t),
		.impacted = count_open(&model->t),
		.cause = ERM_CAUSE_NONE,
		.fault_domain = ERM_FAULT_NONE,
	};

	(void)snprintf(e.circuit, sizeof(e.circuit), "%s", name);
	(void)erm_resource_name(model->t.config, ERM_RESOURCE_AGENT, 0, e.resource);
	(void)snprintf(e.key, sizeof(e.key), "%s/%s", erm_event_kind_name(kind), e.resource);
	(void)snprintf(e.text, sizeof(e.text), "Agent %s %s, %u active alarms, worst state %s",
		       name, kind == ERM_EVENT_AGENT_STARTED ? "started" : "is alive", e.impacted,
		       erm_state_name((enum erm_state)e.state));
	erm_text_clean(e.text);
	return push(model, &e);
}

/* Those on a shelf wait. */
static int emit_orphans(struct erm_model *model)
{
	struct erm_orphan **at = &model->orphans;

	while (*at) {
		struct erm_orphan *o = *at;
		int r = 0;

		if (o->shelf != 0) {
			at = &o->next;
			continue;
		}
		r = push(model, &o->fields);
		if (r < 0)
			return r;
		*at = o->next;
		free(o);
	}
	return 0;
}

static int emit_clears(struct erm_model *model)
{
	for (uint32_t i = 0; i < model->t.n_open; i++) {
		struct erm_alarm *alarm = model->t.open[i];
		int r = alarm->change == ERM_ALARM_CLEARED ? finish(model, alarm) : 0;

		alarm->change = ERM_ALARM_UNCHANGED;
		if (r < 0)
			return r;
	}
	return 0;
}

static int emit_raises(struct erm_model *model, bool is_service_down)
{
	for (uint32_t i = 0; i < model->t.n_open; i++) {
		struct erm_alarm *alarm = model->t.open[i];
		int r = 0;

		if (alarm->phase != ERM_PHASE_ACTIVE || alarm->truth != ERM_TRUE ||
		    (alarm->type == ERM_ALARM_SERVICE_DOWN) != is_service_down)
			continue;
		r = emit_active(model, alarm);
		if (r < 0)
			return r;
	}
	return 0;
}

static int emit_heartbeat(struct erm_model *model)
{
	usec_t period = model->t.config->agent.heartbeat_usec;

	if (model->now.mono < model->next_heartbeat)
		return 0;
	model->next_heartbeat = erm_usec_add(model->now.mono, period);
	return emit_agent(model, ERM_EVENT_HEARTBEAT);
}

/* The worst first: what is down now must not wait behind what is good again. */
int erm_model_emit_events(struct erm_model *model)
{
	int r = 0;

	if (model->is_to_announce) {
		r = emit_agent(model, ERM_EVENT_AGENT_STARTED);
		if (r < 0)
			return r;
		model->is_to_announce = false;
	}
	/* Orphans before all: a resource that came back after it was gone may raise the same key. */
	r = emit_orphans(model);
	if (r >= 0)
		r = emit_raises(model, true);
	if (r >= 0)
		r = emit_clears(model);
	if (r >= 0)
		r = emit_raises(model, false);
	if (r >= 0)
		r = emit_heartbeat(model);
	return r;
}
