/* Which conditions are true, their severity, and the holds that run. */
#include <assert.h>
#include <stdlib.h>

#include "core/model_state.h"
#include "core/resource.h"

/* Of the limit that is raised: else a count on the edge would ring all day. */
#define PREFIX_HYSTERESIS_PERCENT 5

static const enum erm_severity severities[ERM_ALARM_TYPE_MAX] = {
	[ERM_ALARM_SERVICE_DOWN] = ERM_SEVERITY_CRITICAL,
	[ERM_ALARM_REDUNDANCY_LOST] = ERM_SEVERITY_MAJOR,
	[ERM_ALARM_NOT_REDUNDANT] = ERM_SEVERITY_WARNING,
	[ERM_ALARM_DEGRADED] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_STATE_UNKNOWN] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_PORT_DOWN] = ERM_SEVERITY_MAJOR,
	[ERM_ALARM_SESSION_DOWN] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_FLAPPING] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_PREFIX_THRESHOLD] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_PREFIX_LIMIT] = ERM_SEVERITY_MAJOR,
	[ERM_ALARM_OPTICAL] = ERM_SEVERITY_MINOR,
	[ERM_ALARM_DRAINING] = ERM_SEVERITY_WARNING,
};

static enum erm_truth member_is_down(const struct erm_member_status *m)
{
	if (m->judgement.state == ERM_MEMBER_UNKNOWN)
		return ERM_TRUTH_UNKNOWN;
	return m->judgement.state == ERM_MEMBER_DOWN ? ERM_TRUE : ERM_FALSE;
}

/* What was told to be lost was there once, whatever a new configuration asks for. */
static bool was_redundant(const struct erm_tables *t, const struct erm_alarm *alarm,
			  const struct erm_verdict_status *v)
{
	return v->is_ever_redundant ||
	       erm_tables_alarm(t, alarm->kind, alarm->position, ERM_ALARM_REDUNDANCY_LOST)
			       ->phase >= ERM_PHASE_ACTIVE;
}

/* A partner's leg is trusted to be there: else what the own leg has lost would never be mended. */
static enum erm_truth is_not_redundant(const struct erm_verdict_status *v, uint32_t min_redundant)
{
	enum erm_truth truth = erm_verdict_is_below(&v->verdict, min_redundant);

	return truth == ERM_TRUTH_UNKNOWN && v->is_remote_only ? ERM_FALSE : truth;
}

static enum erm_truth verdict_truth(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_verdict_status *v = erm_tables_verdict(t, alarm->kind, alarm->position);
	uint32_t min_service = 0;
	uint32_t min_redundant = 0;

	erm_config_minima(t->config, alarm->kind, alarm->position, &min_service, &min_redundant);
	switch (alarm->type) {
	case ERM_ALARM_SERVICE_DOWN:
		return erm_verdict_is_below(&v->verdict, min_service);
	case ERM_ALARM_REDUNDANCY_LOST:
		return was_redundant(t, alarm, v) ? is_not_redundant(v, min_redundant) : ERM_FALSE;
	case ERM_ALARM_NOT_REDUNDANT:
		return was_redundant(t, alarm, v) ? ERM_FALSE : is_not_redundant(v, min_redundant);
	case ERM_ALARM_DEGRADED:
		if (v->verdict.state == ERM_STATE_UNKNOWN)
			return ERM_TRUTH_UNKNOWN;
		return v->verdict.state == ERM_STATE_DEGRADED ? ERM_TRUE : ERM_FALSE;
	case ERM_ALARM_STATE_UNKNOWN:
		/* A partner's leg is always unknown here: news only when the service may be down. */
		if (v->is_remote_only && v->verdict.worst != ERM_STATE_DOWN)
			return ERM_FALSE;
		return v->verdict.state == ERM_STATE_UNKNOWN ? ERM_TRUE : ERM_FALSE;
	case ERM_ALARM_PORT_DOWN:
	case ERM_ALARM_SESSION_DOWN:
	case ERM_ALARM_FLAPPING:
	case ERM_ALARM_PREFIX_THRESHOLD:
	case ERM_ALARM_PREFIX_LIMIT:
	case ERM_ALARM_OPTICAL:
	case ERM_ALARM_DRAINING:
	case ERM_ALARM_TYPE_MAX:
		break;
	}
	return ERM_FALSE;
}

/* True of a circuit when it is true of all its services. */
static enum erm_truth circuit_truth(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_circuit_config *circuit = &t->config->circuits[alarm->position];
	enum erm_truth all = ERM_TRUE;

	if (circuit->n_services == 0)
		return verdict_truth(t, alarm);
	for (uint32_t i = 0; i < circuit->n_services; i++) {
		enum erm_truth truth =
			verdict_truth(t, erm_tables_alarm(t, ERM_RESOURCE_SERVICE,
							  circuit->first_service + i, alarm->type));

		if (truth == ERM_FALSE)
			return ERM_FALSE;
		if (truth == ERM_TRUTH_UNKNOWN)
			all = ERM_TRUTH_UNKNOWN;
	}
	return all;
}

bool erm_source_is_needed(const struct erm_source_status *s)
{
	return s->n_first > 0 || s->n_interfaces > 0;
}

static enum erm_truth source_truth(const struct erm_tables *t, uint32_t position)
{
	const struct erm_source_status *s = &t->sources[position];

	if (!erm_source_is_needed(s))
		return ERM_FALSE;
	return s->state == ERM_SOURCE_OK ? ERM_FALSE : ERM_TRUE;
}

/* More than a share of the limit is advertised; 5 % less once it is raised. */
static bool is_over(const struct erm_session_config *config, const struct erm_obs_session *obs,
		    const struct erm_alarm *alarm, uint32_t percent)
{
	uint64_t bar = (uint64_t)config->prefix_limit * percent;

	if (alarm->phase >= ERM_PHASE_ACTIVE)
		bar = bar * (100 - PREFIX_HYSTERESIS_PERCENT) / 100;
	return obs->has_advertised && config->prefix_limit > 0 &&
	       (uint64_t)obs->prefixes_advertised * 100 >= bar;
}

static enum erm_truth prefix_truth(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_session_config *config = &t->config->sessions[alarm->position];
	const struct erm_session_status *s = &t->sessions[alarm->position];
	uint32_t percent =
		alarm->type == ERM_ALARM_PREFIX_LIMIT ? 100 : config->prefix_threshold_percent;

	/* Nobody can tell, the router itself cannot, or it has just started. */
	if (s->decider == ERM_NO_INDEX || s->m.judgement.state == ERM_MEMBER_UNKNOWN)
		return ERM_TRUTH_UNKNOWN;
	/* What was too much has ended the session: it is counted no more. */
	if (s->obs.bgp != ERM_BGP_ESTABLISHED)
		return s->fall_cause == ERM_CAUSE_PREFIX_LIMIT ? ERM_TRUE : ERM_FALSE;
	return is_over(config, &s->obs, alarm, percent) ? ERM_TRUE : ERM_FALSE;
}

static enum erm_truth draining_truth(const struct erm_tables *t, uint32_t position)
{
	const struct erm_connection_config *connection = &t->config->connections[position];
	enum erm_truth truth = ERM_FALSE;

	for (uint32_t k = 0; k < connection->n_sessions; k++) {
		const struct erm_session_status *s = &t->sessions[connection->first_session + k];

		if (s->decider == ERM_NO_INDEX || s->m.judgement.state == ERM_MEMBER_UNKNOWN)
			truth = ERM_TRUTH_UNKNOWN;
		else if (erm_session_is_draining(&s->obs))
			return ERM_TRUE;
	}
	return truth;
}

static enum erm_truth truth_of_port(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_port_status *port = &t->ports[alarm->position];

	if (alarm->type == ERM_ALARM_FLAPPING)
		return port->m.flap.is_flapping ? ERM_TRUE : ERM_FALSE;
	if (alarm->type == ERM_ALARM_OPTICAL)
		return port->optical;
	return member_is_down(&port->m);
}

/* Then no condition holds, and most are healthy. */
static bool is_healthy(const struct erm_verdict_status *v)
{
	return v->verdict.state == ERM_STATE_HEALTHY;
}

static enum erm_truth truth_of(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	switch (alarm->kind) {
	case ERM_RESOURCE_PORT:
		return truth_of_port(t, alarm);
	case ERM_RESOURCE_CONNECTION:
		if (alarm->type == ERM_ALARM_DRAINING)
			return draining_truth(t, alarm->position);
		return t->connections[alarm->position].m.flap.is_flapping ? ERM_TRUE : ERM_FALSE;
	case ERM_RESOURCE_SESSION:
		if (alarm->type != ERM_ALARM_SESSION_DOWN)
			return prefix_truth(t, alarm);
		return member_is_down(&t->sessions[alarm->position].m);
	case ERM_RESOURCE_SERVICE:
		return is_healthy(&t->services[alarm->position]) ? ERM_FALSE
								 : verdict_truth(t, alarm);
	case ERM_RESOURCE_GROUP:
		return is_healthy(&t->groups[alarm->position]) ? ERM_FALSE
							       : verdict_truth(t, alarm);
	case ERM_RESOURCE_CIRCUIT:
		return is_healthy(&t->circuits[alarm->position]) ? ERM_FALSE
								 : circuit_truth(t, alarm);
	case ERM_RESOURCE_SOURCE:
		return source_truth(t, alarm->position);
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return ERM_FALSE;
}

static bool connection_is_flapping(const struct erm_tables *t, uint32_t position)
{
	uint32_t port = t->config->connections[position].port;

	return t->connections[position].m.flap.is_flapping ||
	       (port != ERM_NO_INDEX && t->ports[port].m.flap.is_flapping);
}

static bool circuit_is_flapping(const struct erm_tables *t, uint32_t position)
{
	const struct erm_circuit_config *circuit = &t->config->circuits[position];

	for (uint32_t i = 0; i < circuit->n_connections; i++) {
		if (connection_is_flapping(t, circuit->first_connection + i))
			return true;
	}
	return false;
}

static bool group_is_flapping(const struct erm_model *model, uint32_t position)
{
	const struct erm_config *c = model->t.config;
	const struct erm_group_config *group = &c->groups[position];

	for (uint32_t i = 0; i < group->n_members; i++) {
		const struct erm_group_member *member = &c->members[group->first_member + i];

		if (erm_model_is_flapping(model, member->kind, member->index))
			return true;
	}
	return false;
}

bool erm_model_is_flapping(const struct erm_model *model, enum erm_resource_kind kind,
			   uint32_t position)
{
	const struct erm_tables *t = &model->t;

	switch (kind) {
	case ERM_RESOURCE_PORT:
		return t->ports[position].m.flap.is_flapping;
	case ERM_RESOURCE_CONNECTION:
		return connection_is_flapping(t, position);
	case ERM_RESOURCE_SESSION:
		return connection_is_flapping(t, t->config->sessions[position].connection);
	case ERM_RESOURCE_SERVICE:
	case ERM_RESOURCE_CIRCUIT:
		return circuit_is_flapping(t, erm_resource_circuit(t->config, kind, position));
	case ERM_RESOURCE_GROUP:
		return group_is_flapping(model, position);
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return false;
}

/* Damping holds what it damps; service-down and the flapping alarm itself follow the truth. */
static bool is_held(const struct erm_model *model, const struct erm_alarm *alarm)
{
	if (alarm->phase < ERM_PHASE_ACTIVE)
		return false;
	switch (alarm->type) {
	case ERM_ALARM_REDUNDANCY_LOST:
	case ERM_ALARM_DEGRADED:
	case ERM_ALARM_PORT_DOWN:
	case ERM_ALARM_SESSION_DOWN:
		return erm_model_is_flapping(model, alarm->kind, alarm->position);
	case ERM_ALARM_SERVICE_DOWN:
	case ERM_ALARM_NOT_REDUNDANT:
	case ERM_ALARM_STATE_UNKNOWN:
	case ERM_ALARM_FLAPPING:
	case ERM_ALARM_PREFIX_THRESHOLD:
	case ERM_ALARM_PREFIX_LIMIT:
	case ERM_ALARM_OPTICAL:
	case ERM_ALARM_DRAINING:
	case ERM_ALARM_TYPE_MAX:
		break;
	}
	return false;
}

/* The other leg of the circuit carries what this one gives up. */
static bool has_usable_sister(const struct erm_tables *t, uint32_t position)
{
	const struct erm_circuit_config *circuit =
		&t->config->circuits[t->config->connections[position].circuit];

	for (uint32_t i = 0; i < circuit->n_connections; i++) {
		uint32_t connection = circuit->first_connection + i;
		const struct erm_connection_status *s = &t->connections[connection];

		if (connection != position && s->usable > 0 &&
		    erm_member_is_usable(s->m.judgement.state))
			return true;
	}
	return false;
}

static enum erm_severity severity_of(const struct erm_model *model, const struct erm_alarm *alarm)
{
	const struct erm_tables *t = &model->t;
	const struct erm_verdict_status *v = erm_tables_verdict(t, alarm->kind, alarm->position);

	if (alarm->type == ERM_ALARM_REDUNDANCY_LOST && v->is_covered_by_maintenance)
		return ERM_SEVERITY_WARNING;
	if (alarm->type == ERM_ALARM_STATE_UNKNOWN && v && v->verdict.worst == ERM_STATE_DOWN)
		return ERM_SEVERITY_MAJOR;
	if (alarm->type == ERM_ALARM_NOT_REDUNDANT && alarm->phase >= ERM_PHASE_ACTIVE &&
	    erm_usec_sub(model->now.mono, alarm->raised.mono) >=
		    t->config->agent.not_redundant_minor_usec)
		return ERM_SEVERITY_MINOR;
	if (alarm->type == ERM_ALARM_DRAINING && !has_usable_sister(t, alarm->position))
		return ERM_SEVERITY_MAJOR;
	assert(alarm->type < ERM_ALARM_TYPE_MAX);
	return severities[alarm->type];
}

static const struct erm_judgement *judgement_of(const struct erm_tables *t,
						const struct erm_alarm *alarm)
{
	if (alarm->kind == ERM_RESOURCE_PORT)
		return &t->ports[alarm->position].m.judgement;
	if (alarm->kind == ERM_RESOURCE_CONNECTION)
		return &t->connections[alarm->position].m.judgement;
	return &t->sessions[alarm->position].m.judgement;
}

/* The connectivity model of what a port, connection or session belongs to. */
static enum erm_model_type model_of(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	uint32_t circuit = erm_resource_circuit(t->config, alarm->kind, alarm->position);

	if (alarm->kind == ERM_RESOURCE_PORT)
		return t->ports[alarm->position].model;
	return t->config->circuits[circuit].model;
}

/* The cause of a member's alarm that says it itself; NONE for those that have the member's. */
static enum erm_cause own_cause(enum erm_alarm_type type)
{
	switch (type) {
	case ERM_ALARM_FLAPPING:
		return ERM_CAUSE_FLAPPING;
	case ERM_ALARM_PREFIX_THRESHOLD:
		return ERM_CAUSE_PREFIX_THRESHOLD;
	case ERM_ALARM_PREFIX_LIMIT:
		return ERM_CAUSE_PREFIX_LIMIT;
	case ERM_ALARM_OPTICAL:
		return ERM_CAUSE_OPTICAL;
	case ERM_ALARM_DRAINING:
		return ERM_CAUSE_DRAINING;
	case ERM_ALARM_SERVICE_DOWN:
	case ERM_ALARM_REDUNDANCY_LOST:
	case ERM_ALARM_NOT_REDUNDANT:
	case ERM_ALARM_DEGRADED:
	case ERM_ALARM_STATE_UNKNOWN:
	case ERM_ALARM_PORT_DOWN:
	case ERM_ALARM_SESSION_DOWN:
	case ERM_ALARM_TYPE_MAX:
		break;
	}
	return ERM_CAUSE_NONE;
}

static void take_cause(const struct erm_tables *t, struct erm_alarm *alarm)
{
	const struct erm_verdict_status *v = erm_tables_verdict(t, alarm->kind, alarm->position);

	if (v) {
		alarm->cause = v->cause;
		alarm->fault_domain = v->fault_domain;
		return;
	}
	if (alarm->kind == ERM_RESOURCE_SOURCE) {
		alarm->cause = ERM_CAUSE_COLLECTOR_LOST;
		alarm->fault_domain = ERM_FAULT_CUSTOMER;
		return;
	}
	alarm->cause = own_cause(alarm->type);
	if (alarm->cause == ERM_CAUSE_NONE) {
		alarm->cause = judgement_of(t, alarm)->cause;
		alarm->fault_domain = judgement_of(t, alarm)->fault_domain;
		return;
	}
	alarm->fault_domain = erm_fault_domain_of(model_of(t, alarm), alarm->cause, true);
}

static void step(struct erm_model *model, struct erm_alarm *alarm)
{
	const struct erm_hold *hold = &model->t.config->agent.hold[alarm->type];
	enum erm_truth truth = truth_of(&model->t, alarm);

	/* Most are idle and stay so: their memory is not written to. */
	if (alarm->phase == ERM_PHASE_IDLE && truth != ERM_TRUE) {
		if (alarm->truth != truth)
			alarm->truth = truth;
		if (alarm->change != ERM_ALARM_UNCHANGED)
			alarm->change = ERM_ALARM_UNCHANGED;
		return;
	}
	alarm->change = erm_alarm_step(alarm, truth, hold, is_held(model, alarm), model->now.mono);
	if (alarm->change == ERM_ALARM_RAISED) {
		alarm->id = model->last_alarm_id = erm_next_number(model->last_alarm_id);
		alarm->sequence = 0;
		alarm->raised = model->now; /* its severity may rise with its age */
	}
	if (truth == ERM_TRUE) {
		take_cause(&model->t, alarm);
		alarm->severity = severity_of(model, alarm);
	}
}

/* The rest of a commit looks at the open ones only: at most times they are few of many. */
void erm_model_step_alarms(struct erm_model *model)
{
	struct erm_tables *t = &model->t;

	t->n_open = 0;
	for (uint32_t i = 0; i < t->n_alarms; i++) {
		struct erm_alarm *alarm = &t->alarms[i];

		step(model, alarm);
		if (alarm->phase != ERM_PHASE_IDLE || alarm->change != ERM_ALARM_UNCHANGED)
			t->open[t->n_open++] = alarm;
	}
}

/* The earlier of two moments to come: what is past and still there waits for something else, a cover say. */
static usec_t earlier_to_come(usec_t now, usec_t a, usec_t b)
{
	return b > now && b < a ? b : a;
}

static usec_t alarm_deadline(const struct erm_model *model, const struct erm_alarm *alarm)
{
	const struct erm_agent_config *agent = &model->t.config->agent;
	usec_t now = model->now.mono;
	usec_t deadline = earlier_to_come(now, ERM_USEC_INFINITY,
					  erm_alarm_deadline(alarm, &agent->hold[alarm->type]));

	if (alarm->phase < ERM_PHASE_ACTIVE)
		return deadline;
	if (alarm->sequence == 0 && alarm->notified.mono != 0) {
		deadline = earlier_to_come(now, deadline,
					   erm_usec_add(alarm->notified.mono,
							agent->min_interval_usec));
	}
	if (alarm->reminder_at != 0)
		deadline = earlier_to_come(now, deadline, alarm->reminder_at);
	if (alarm->type == ERM_ALARM_NOT_REDUNDANT && alarm->severity != ERM_SEVERITY_MINOR) {
		deadline = earlier_to_come(now, deadline,
					   erm_usec_add(alarm->raised.mono,
							agent->not_redundant_minor_usec));
	}
	return deadline;
}

usec_t erm_model_alarm_deadline(const struct erm_model *model)
{
	const struct erm_tables *t = &model->t;
	const struct erm_agent_config *agent = &t->config->agent;
	usec_t now = model->now.mono;
	usec_t deadline =
		earlier_to_come(now, model->next_heartbeat, erm_model_shelf_deadline(model));

	for (uint32_t i = 0; i < t->n_open; i++) {
		if (t->open[i]->phase != ERM_PHASE_IDLE)
			deadline =
				earlier_to_come(now, deadline, alarm_deadline(model, t->open[i]));
	}
	for (uint32_t i = 0; i < t->config->n_ports; i++)
		deadline = earlier_to_come(now, deadline,
					   erm_flap_deadline(&t->ports[i].m.flap, agent));
	for (uint32_t i = 0; i < t->config->n_connections; i++)
		deadline = earlier_to_come(now, deadline,
					   erm_flap_deadline(&t->connections[i].m.flap, agent));
	for (uint32_t i = 0; i < t->config->n_session_sources; i++) {
		if (t->claims[i].is_known && t->claims[i].since == t->claims[i].began) {
			deadline = earlier_to_come(now, deadline,
						   erm_usec_add(t->claims[i].began,
								ERM_RESTART_GRACE_USEC));
		}
	}
	for (uint32_t i = 0; i < t->config->n_sources; i++) {
		if (t->sources[i].contact != 0) {
			deadline = earlier_to_come(now, deadline,
						   erm_usec_add(t->sources[i].contact,
								ERM_RESTART_GRACE_USEC));
		}
	}
	return deadline;
}
