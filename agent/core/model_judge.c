/* The state of everything, bottom up: sources, ports, sessions, connections, services, circuits, groups. */
#include "core/model_state.h"
#include "core/resource.h"

static void judge_source(struct erm_model *model, uint32_t i)
{
	struct erm_source_status *s = &model->t.sources[i];
	const struct erm_source_config *config = &model->t.config->sources[i];
	enum erm_source_state state = s->told.state;
	enum erm_source_reason reason = s->told.reason;
	bool is_old = s->last_good.mono != 0 &&
		      erm_usec_sub(model->now.mono, s->last_good.mono) >= config->stale_after_usec;

	if (state == ERM_SOURCE_OK && is_old) {
		state = ERM_SOURCE_LOST;
		reason = ERM_REASON_STALE;
	}
	if (is_old && !s->is_silenced) {
		s->is_silenced = true;
		erm_model_hear_source(model, i);
	}
	if (state != s->state) {
		s->changed = model->now;
		model->changed = model->now;
	}
	s->state = state;
	s->reason = reason;
}

static void set_judgement(struct erm_model *model, struct erm_member_status *m,
			  struct erm_judgement judgement)
{
	bool was_usable = erm_member_is_usable(m->judgement.state);
	bool is_usable = erm_member_is_usable(judgement.state);

	if (judgement.state != m->judgement.state) {
		m->changed = model->now;
		model->changed = model->now;
	}
	if (was_usable && !is_usable && judgement.state != ERM_MEMBER_UNKNOWN)
		m->transitions++;
	m->is_ever_up = m->is_ever_up || is_usable;
	m->judgement = judgement;
}

static struct erm_judgement judge_interface(const struct erm_tables *t, uint32_t interface)
{
	const struct erm_interface_status *s = &t->interfaces[interface];
	enum erm_knowledge source = t->sources[t->config->interfaces[interface].source].knowledge;

	return erm_interface_judge(&(struct erm_interface_input){
		.knowledge = source != ERM_KNOWN ? source
			     : s->is_known       ? ERM_KNOWN
						 : ERM_NOT_YET,
		.obs = &s->obs,
		.is_ever_up = s->is_ever_up,
	});
}

static bool has_optics(const struct erm_config *config)
{
	for (uint32_t i = 0; i < config->n_sources; i++) {
		if (config->sources[i].type == ERM_SOURCE_TYPE_ETHTOOL)
			return true;
	}
	return false;
}

/* What cannot be read proves nothing; what has no light has no fault in it. */
static enum erm_truth judge_light(const struct erm_tables *t, uint32_t i)
{
	const struct erm_port_config *config = &t->config->ports[i];
	struct erm_interface_light *light = t->interfaces[config->interface].light;

	if (!light)
		return has_optics(t->config) ? ERM_TRUTH_UNKNOWN : ERM_FALSE;
	if (!light->is_new)
		return t->ports[i].optical;
	light->is_new = false;
	if (!light->obs.is_known)
		return ERM_TRUTH_UNKNOWN;
	return erm_light_is_out(&light->light, &light->obs, config->rx_low_cdbm,
				config->rx_high_cdbm, t->config->agent.optical_days)
		       ? ERM_TRUE
		       : ERM_FALSE;
}

/* What cannot be read just now is as it was told to be. */
static bool is_light_out(const struct erm_tables *t, uint32_t i)
{
	const struct erm_alarm *alarm =
		erm_tables_alarm(t, ERM_RESOURCE_PORT, i, ERM_ALARM_OPTICAL);

	return t->ports[i].optical == ERM_TRUE ||
	       (t->ports[i].optical == ERM_TRUTH_UNKNOWN && alarm->phase >= ERM_PHASE_ACTIVE);
}

static void judge_port(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	struct erm_port_status *port = &t->ports[i];
	const struct erm_interface_status *s = &t->interfaces[t->config->ports[i].interface];
	struct erm_judgement j = judge_interface(t, t->config->ports[i].interface);
	uint32_t losses = s->losses - port->losses_seen;
	uint32_t transitions = port->m.transitions + losses;

	port->losses_seen = s->losses;
	erm_flap_decay(&port->m.flap, &t->config->agent, model->now.mono);
	if (losses > 0)
		erm_flap_note(&port->m.flap, &t->config->agent, losses, model->now.mono);
	port->optical = judge_light(t, i);
	if (j.state == ERM_MEMBER_UP && is_light_out(t, i)) {
		j.state = ERM_MEMBER_DEGRADED;
		j.layer = ERM_LAYER_OPTICS;
		j.cause = ERM_CAUSE_OPTICAL;
	}
	if (j.state == ERM_MEMBER_UP && port->m.flap.is_flapping) {
		j.state = ERM_MEMBER_DEGRADED;
		j.layer = ERM_LAYER_PORT;
		j.cause = ERM_CAUSE_FLAPPING;
	}
	j.fault_domain =
		erm_fault_domain_of(port->model, j.cause, s->is_ever_up || port->m.is_ever_up);
	set_judgement(model, &port->m, j);
	port->m.transitions = transitions; /* carrier losses, from the kernel's own counter */
}

/*
 * A router or an agent that started a moment ago proves nothing: no session is up
 * yet, or one has just come up and its routes are still on their way.
 */
static bool is_settling(const struct erm_model *model, const struct erm_session_config *config,
			const struct erm_session_status *s, const struct erm_claim *claim,
			usec_t contact)
{
	/* Who does not count says so when it has not changed its first word. */
	bool is_first =
		s->obs.has_counts ? s->obs.established_count == 0 : claim->since == claim->began;
	bool is_young = s->obs.uptime_sec * ERM_USEC_PER_SEC < ERM_RESTART_GRACE_USEC;
	usec_t began = s->obs.has_counts || claim->began < contact ? contact : claim->began;

	if (!s->obs.is_configured || s->obs.is_admin_shutdown)
		return false;
	if (s->obs.bgp != ERM_BGP_ESTABLISHED)
		return is_first && erm_usec_sub(model->now.mono, began) < ERM_RESTART_GRACE_USEC;
	if (erm_usec_sub(model->now.mono, contact) >= ERM_RESTART_GRACE_USEC)
		return false;
	if (!is_young || s->losses != s->losses_before)
		return false;
	return (s->obs.has_received && s->obs.prefixes_received < config->min_prefixes) ||
	       (s->obs.has_expected && s->obs.expected_received < config->n_expected);
}

static enum erm_knowledge session_knowledge(const struct erm_model *model, uint32_t i)
{
	const struct erm_tables *t = &model->t;
	const struct erm_session_config *config = &t->config->sessions[i];
	const struct erm_session_status *s = &t->sessions[i];
	uint32_t at = 0;

	if (s->decider == ERM_NO_INDEX)
		return s->knowledge;
	at = config->first_source + s->decider;
	return is_settling(model, config, s, &t->claims[at],
			   t->sources[t->config->session_sources[at]].contact)
		       ? ERM_NOT_YET
		       : ERM_KNOWN;
}

static void judge_session(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_session_config *config = &t->config->sessions[i];
	const struct erm_connection_config *connection =
		&t->config->connections[config->connection];
	struct erm_session_status *s = &t->sessions[i];
	enum erm_layer was_failing = s->m.judgement.layer;
	uint32_t losses = s->losses - s->losses_seen;
	struct erm_judgement interface = { 0 };
	struct erm_session_input in = {
		.config = config,
		.model = t->config->circuits[config->circuit].model,
		.is_remote = connection->remote_agent != NULL,
		.knowledge = session_knowledge(model, i),
		.obs = &s->obs,
		.fall_cause = s->fall_cause,
		.neighbor = s->neighbor,
		.is_flapping = t->connections[config->connection].m.flap.is_flapping,
	};
	uint32_t transitions = s->m.transitions;

	if (connection->port != ERM_NO_INDEX)
		in.port = &t->ports[connection->port].m.judgement;
	if (connection->interface != ERM_NO_INDEX) {
		interface = judge_interface(t, connection->interface);
		in.interface = &interface;
	}
	set_judgement(model, &s->m, erm_session_judge(&in));
	s->losses_seen = s->losses;
	/*
	 * Falls nobody saw between two reads count too; not BGP's late notice, when its hold
	 * time is over, of a fall that was seen at the port.
	 */
	if (was_failing < ERM_LAYER_ADMIN || was_failing > ERM_LAYER_INTERFACE) {
		uint32_t seen = s->m.transitions - transitions;

		s->m.transitions += losses > seen ? losses - seen : 0;
	}
	/* It was up before this agent came: its loss is a loss of redundancy. */
	if (in.knowledge == ERM_KNOWN && s->obs.has_counts && s->obs.established_count > 0)
		s->m.is_ever_up = true;
}

struct tally {
	uint32_t n, usable, unknown, degraded;
	bool may_have_degraded;
	const struct erm_member_status *worst; /* lowest failing layer, then the newest */
};

static bool is_more_telling(const struct erm_member_status *a, const struct erm_member_status *b)
{
	bool a_usable = erm_member_is_usable(a->judgement.state);
	bool b_usable = erm_member_is_usable(b->judgement.state);
	bool a_unknown = a->judgement.state == ERM_MEMBER_UNKNOWN;
	bool b_unknown = b->judgement.state == ERM_MEMBER_UNKNOWN;

	if (a_usable != b_usable)
		return b_usable;
	if (a_unknown != b_unknown)
		return b_unknown; /* what is known to be down tells more */
	if (a->changed.mono != b->changed.mono)
		return a->changed.mono > b->changed.mono;
	return a->judgement.layer < b->judgement.layer;
}

static void tally_add(struct tally *tally, const struct erm_member_status *m)
{
	tally->n++;
	tally->usable += erm_member_is_usable(m->judgement.state);
	tally->unknown += m->judgement.state == ERM_MEMBER_UNKNOWN;
	tally->degraded += m->judgement.state == ERM_MEMBER_DEGRADED;
	if (m->judgement.state != ERM_MEMBER_UP &&
	    (!tally->worst || is_more_telling(m, tally->worst)))
		tally->worst = m;
}

/* A connection is as good as its sessions; without any, as its interface. */
static struct erm_judgement judge_sessions(const struct erm_model *model, uint32_t i,
					   struct tally *tally)
{
	const struct erm_connection_config *config = &model->t.config->connections[i];
	struct erm_judgement j = { ERM_MEMBER_UP, ERM_LAYER_NONE, ERM_CAUSE_NONE, ERM_FAULT_NONE };

	for (uint32_t k = 0; k < config->n_sessions; k++)
		tally_add(tally, &model->t.sessions[config->first_session + k].m);
	if (!tally->worst)
		return j;
	j = tally->worst->judgement;
	if (tally->usable > 0 && !erm_member_is_usable(j.state))
		j.state = j.state == ERM_MEMBER_UNKNOWN ? ERM_MEMBER_UNKNOWN : ERM_MEMBER_DEGRADED;
	return j;
}

static struct erm_judgement judge_bare_connection(const struct erm_model *model, uint32_t i)
{
	const struct erm_tables *t = &model->t;
	const struct erm_connection_config *config = &t->config->connections[i];
	struct erm_judgement j = { ERM_MEMBER_UNKNOWN, ERM_LAYER_DATA, ERM_CAUSE_NO_DATA_YET,
				   ERM_FAULT_UNDETERMINED };

	if (config->remote_agent) {
		j.cause = ERM_CAUSE_REMOTE_AGENT;
		return j;
	}
	if (config->port != ERM_NO_INDEX)
		j = t->ports[config->port].m.judgement;
	if (erm_member_is_usable(j.state) && config->interface != ERM_NO_INDEX &&
	    config->interface != t->config->ports[config->port].interface) {
		j = judge_interface(t, config->interface);
		j.fault_domain = erm_fault_domain_of(t->config->circuits[config->circuit].model,
						     j.cause, true);
	}
	return j;
}

static void judge_connection(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	struct tally tally = { 0 };
	struct erm_judgement j = { 0 };

	if (t->config->connections[i].n_sessions > 0)
		j = judge_sessions(model, i, &tally);
	else
		j = judge_bare_connection(model, i);
	t->connections[i].usable = tally.usable;
	t->connections[i].unknown = tally.unknown;
	set_judgement(model, &t->connections[i].m, j);
}

static void set_verdict(struct erm_model *model, struct erm_verdict_status *v,
			struct erm_verdict verdict)
{
	bool was_lost =
		v->verdict.state == ERM_STATE_REDUNDANCY_LOST || v->verdict.state == ERM_STATE_DOWN;
	bool is_lost =
		verdict.state == ERM_STATE_REDUNDANCY_LOST || verdict.state == ERM_STATE_DOWN;

	if (verdict.state != v->verdict.state) {
		v->changed = model->now;
		model->changed = model->now;
	}
	if ((is_lost && !was_lost) ||
	    (verdict.state == ERM_STATE_DOWN && v->verdict.state == ERM_STATE_REDUNDANCY_LOST))
		v->transitions++;
	v->verdict = verdict;
}

static void set_cause(struct erm_verdict_status *v, const struct erm_member_status *worst)
{
	v->cause = worst ? worst->judgement.cause : ERM_CAUSE_NONE;
	v->fault_domain = worst ? worst->judgement.fault_domain : ERM_FAULT_NONE;
}

static void judge_tally(struct erm_model *model, struct erm_verdict_status *v,
			const struct tally *tally, uint32_t min_service, uint32_t min_redundant)
{
	set_verdict(model, v,
		    erm_verdict_judge(&(struct erm_members){ .expected = tally->n,
							     .usable = tally->usable,
							     .unknown = tally->unknown,
							     .has_degraded = tally->degraded > 0,
							     .may_have_degraded =
								     tally->may_have_degraded },
				      min_service, min_redundant));
	set_cause(v, tally->worst);
}

static bool is_lost(const struct erm_member_status *m)
{
	return !erm_member_is_usable(m->judgement.state) &&
	       m->judgement.state != ERM_MEMBER_UNKNOWN;
}

/* Every lost member is one that somebody works on. */
static bool is_covered(const struct tally *tally, uint32_t covered)
{
	return covered > 0 && covered == tally->n - tally->usable - tally->unknown;
}

static void judge_service(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_service_config *config = &t->config->services[i];
	const struct erm_circuit_config *circuit = &t->config->circuits[config->circuit];
	struct erm_verdict_status *v = &t->services[i];
	struct tally tally = { 0 };
	uint32_t ever_up = 0;
	uint32_t remote = 0;
	uint32_t covered = 0;

	for (uint32_t k = 0; k < ERM_ROLE_MAX - 1; k++) {
		uint32_t session = config->sessions[k];
		const struct erm_connection_config *connection = NULL;

		if (session == ERM_NO_INDEX)
			continue;
		connection = &t->config->connections[t->config->sessions[session].connection];
		tally_add(&tally, &t->sessions[session].m);
		ever_up += t->sessions[session].m.is_ever_up || connection->remote_agent;
		remote += connection->remote_agent != NULL;
		covered += connection->maintenance && is_lost(&t->sessions[session].m);
	}
	v->is_ever_redundant = ever_up >= circuit->min_redundant;
	v->is_remote_only = tally.unknown > 0 && tally.unknown == remote;
	v->is_covered_by_maintenance = is_covered(&tally, covered);
	judge_tally(model, v, &tally, circuit->min_service, circuit->min_redundant);
}

static void judge_bare_circuit(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_circuit_config *circuit = &t->config->circuits[i];
	struct erm_verdict_status *v = &t->circuits[i];
	struct tally tally = { 0 };
	uint32_t ever_up = 0;
	uint32_t remote = 0;
	uint32_t covered = 0;

	for (uint32_t k = 0; k < circuit->n_connections; k++) {
		const struct erm_connection_config *connection =
			&t->config->connections[circuit->first_connection + k];
		const struct erm_member_status *m =
			&t->connections[circuit->first_connection + k].m;

		tally_add(&tally, m);
		ever_up += m->is_ever_up || connection->remote_agent;
		remote += connection->remote_agent != NULL;
		covered += connection->maintenance && is_lost(m);
	}
	v->is_ever_redundant = ever_up >= circuit->min_redundant;
	v->is_remote_only = tally.unknown > 0 && tally.unknown == remote;
	v->is_covered_by_maintenance = is_covered(&tally, covered);
	judge_tally(model, v, &tally, circuit->min_service, circuit->min_redundant);
}

/* As bad as the worst of the services, whatever the unknown ones turn out to be. */
static struct erm_verdict worst_of_services(const struct erm_tables *t, uint32_t circuit,
					    const struct erm_verdict_status **ret_telling)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];
	const struct erm_verdict_status *telling = &t->services[config->first_service];
	struct erm_verdict v = { .worst = ERM_STATE_HEALTHY, .best = ERM_STATE_HEALTHY };

	for (uint32_t k = 0; k < config->n_services; k++) {
		const struct erm_verdict_status *s = &t->services[config->first_service + k];

		v.worst = erm_state_worse(v.worst, s->verdict.worst);
		v.best = erm_state_worse(v.best, s->verdict.best);
		if (s->verdict.best > telling->verdict.best ||
		    (s->verdict.best == telling->verdict.best &&
		     s->verdict.worst > telling->verdict.worst))
			telling = s; /* what is certain tells more than what may be */
	}
	v.state = v.worst == v.best ? v.worst : ERM_STATE_UNKNOWN;
	v.expected = telling->verdict.expected;
	v.usable = telling->verdict.usable;
	v.unknown = telling->verdict.unknown;
	*ret_telling = telling;
	return v;
}

/* The members of a circuit are what its worst service counts. */
static void judge_circuit(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_circuit_config *circuit = &t->config->circuits[i];
	struct erm_verdict_status *v = &t->circuits[i];
	const struct erm_verdict_status *telling = NULL;
	struct erm_verdict verdict = { 0 };

	if (circuit->n_services == 0) {
		judge_bare_circuit(model, i);
		return;
	}
	verdict = worst_of_services(t, i, &telling);
	v->is_ever_redundant = true;
	v->is_remote_only = verdict.state == ERM_STATE_UNKNOWN;
	v->is_covered_by_maintenance = true;
	for (uint32_t k = 0; k < circuit->n_services; k++) {
		const struct erm_verdict_status *s = &t->services[circuit->first_service + k];

		v->is_ever_redundant = v->is_ever_redundant && s->is_ever_redundant;
		v->is_covered_by_maintenance =
			v->is_covered_by_maintenance && s->is_covered_by_maintenance;
		if (s->verdict.state == ERM_STATE_UNKNOWN && !s->is_remote_only)
			v->is_remote_only = false;
	}
	v->cause = telling->cause;
	v->fault_domain = telling->fault_domain;
	set_verdict(model, v, verdict);
}

/* In a group a circuit counts unless it is, or may be, down. */
static void add_child(struct tally *tally, struct erm_member_status *scratch,
		      const struct erm_verdict_status *child)
{
	const struct erm_verdict *v = &child->verdict;

	*scratch = (struct erm_member_status){
		.judgement = { ERM_MEMBER_UP, ERM_LAYER_NONE, child->cause, child->fault_domain },
		.changed = child->changed,
	};
	if (v->best == ERM_STATE_DOWN)
		scratch->judgement.state = ERM_MEMBER_DOWN;
	else if (v->worst == ERM_STATE_DOWN)
		scratch->judgement.state = ERM_MEMBER_UNKNOWN;
	else if (v->best != ERM_STATE_HEALTHY)
		scratch->judgement.state = ERM_MEMBER_DEGRADED;
	else if (v->worst != ERM_STATE_HEALTHY)
		tally->may_have_degraded = true;
	tally_add(tally, scratch);
}

static void judge_group_of_circuits(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_group_config *group = &t->config->groups[i];
	struct erm_verdict_status *v = &t->groups[i];
	struct tally tally = { 0 };
	struct erm_member_status scratch[2];
	uint32_t ever_up = 0;
	uint32_t not_remote = 0;

	for (uint32_t k = 0; k < group->n_members; k++) {
		const struct erm_group_member *member =
			&t->config->members[group->first_member + k];
		const struct erm_verdict_status *child =
			erm_tables_verdict(t, member->kind, member->index);
		/* The tally points at the worst one: the other slot is free. */
		struct erm_member_status *slot =
			tally.worst == &scratch[0] ? &scratch[1] : &scratch[0];

		add_child(&tally, slot, child);
		ever_up += child->is_ever_redundant ||
			   child->verdict.state <= ERM_STATE_REDUNDANCY_LOST;
		not_remote += child->verdict.state == ERM_STATE_UNKNOWN && !child->is_remote_only;
	}
	v->is_ever_redundant = v->is_ever_redundant || ever_up >= group->min_redundant;
	judge_tally(model, v, &tally, group->min_service, group->min_redundant);
	v->is_remote_only = v->verdict.state == ERM_STATE_UNKNOWN && not_remote == 0;
}

static void judge_pair(struct erm_model *model, uint32_t i)
{
	struct erm_tables *t = &model->t;
	const struct erm_group_config *group = &t->config->groups[i];
	struct erm_verdict_status *v = &t->groups[i];
	struct tally tally = { 0 };
	uint32_t ever_up = 0;
	uint32_t covered = 0;

	for (uint32_t k = 0; k < group->n_members; k++) {
		const struct erm_port_status *port =
			&t->ports[t->config->members[group->first_member + k].index];

		tally_add(&tally, &port->m);
		ever_up += port->m.is_ever_up;
		covered += is_lost(&port->m) && port->is_in_maintenance;
	}
	v->is_ever_redundant = v->is_ever_redundant || ever_up >= group->min_redundant;
	v->is_covered_by_maintenance = is_covered(&tally, covered);
	judge_tally(model, v, &tally, group->min_service, group->min_redundant);
}

static void judge_group(struct erm_model *model, uint32_t i)
{
	if (model->t.config->groups[i].kind == ERM_GROUP_PORT_PAIR)
		judge_pair(model, i);
	else
		judge_group_of_circuits(model, i);
}

void erm_model_judge(struct erm_model *model)
{
	const struct erm_config *c = model->t.config;

	for (uint32_t i = 0; i < c->n_sources; i++)
		judge_source(model, i);
	for (uint32_t i = 0; i < c->n_ports; i++)
		judge_port(model, i);
	for (uint32_t i = 0; i < c->n_connections; i++)
		erm_model_note_flaps(model, i); /* a flapping connection degrades its sessions */
	for (uint32_t i = 0; i < c->n_sessions; i++)
		judge_session(model, i);
	for (uint32_t i = 0; i < c->n_connections; i++)
		judge_connection(model, i);
	for (uint32_t i = 0; i < c->n_services; i++)
		judge_service(model, i);
	for (uint32_t i = 0; i < c->n_circuits; i++)
		judge_circuit(model, i);
	for (uint32_t i = 0; i < c->n_groups; i++)
		judge_group(model, i);
}
