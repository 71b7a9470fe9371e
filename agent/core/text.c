#include "core/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/resource.h"

struct line {
	char *text;
	size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line, const char *format, ...)
{
	va_list args;
	int n = 0;

	va_start(args, format);
	n = vsnprintf(line->text + line->used, ERM_EVENT_TEXT_MAX - line->used, format, args);
	va_end(args);
	if (n < 0)
		return;
	line->used += (size_t)n;
	if (line->used >= ERM_EVENT_TEXT_MAX) /* cut: say so */ {
		line->used = ERM_EVENT_TEXT_MAX - 1;
		memcpy(line->text + line->used - 3, "...", 4);
	}
}

void erm_text_clean(char *text)
{
	for (char *p = text; *p; p++) {
		if (*p < ' ' || *p > '~' || strchr("\"';`$\\|", *p))
			*p = ' ';
	}
}

static const char *const cause_words[ERM_CAUSE_MAX] = {
	[ERM_CAUSE_NONE] = "up",
	[ERM_CAUSE_COLLECTOR_LOST] = "state unknown, its source does not answer",
	[ERM_CAUSE_NO_DATA_YET] = "state not known yet",
	[ERM_CAUSE_REMOTE_AGENT] = "watched by a partner agent",
	[ERM_CAUSE_INTERFACE_ADMIN] = "interface set down",
	[ERM_CAUSE_INTERFACE_ABSENT] = "no such interface",
	[ERM_CAUSE_NO_CARRIER] = "no carrier",
	[ERM_CAUSE_LOWER_LAYER_DOWN] = "carrier, but not operational",
	[ERM_CAUSE_NOT_CONFIGURED] = "neighbor not configured in the router",
	[ERM_CAUSE_LOCAL_SHUTDOWN] = "shut down in the own router",
	[ERM_CAUSE_ADMIN_SHUTDOWN] = "shut down by the peer",
	[ERM_CAUSE_PREFIX_LIMIT] = "prefix limit exceeded, peer closed",
	[ERM_CAUSE_PEER_CEASE] = "closed by the peer (Cease)",
	[ERM_CAUSE_BFD_DOWN] = "BFD down",
	[ERM_CAUSE_HOLD_EXPIRED] = "BGP hold time expired",
	[ERM_CAUSE_WRONG_AS] = "wrong peer AS",
	[ERM_CAUSE_PEER_CLOSED] = "peer closed the connection",
	[ERM_CAUSE_NEVER_ESTABLISHED] = "BGP never established",
	[ERM_CAUSE_TRANSPORT] = "no TCP connection (MD5, ACL or VLAN?)",
	[ERM_CAUSE_NOT_ESTABLISHED] = "BGP not established",
	[ERM_CAUSE_NO_PREFIXES] = "too few prefixes received",
	[ERM_CAUSE_BFD_ABSENT] = "BFD expected and absent",
	[ERM_CAUSE_PREFIX_THRESHOLD] = "prefixes near the limit",
	[ERM_CAUSE_FLAPPING] = "flapping",
	[ERM_CAUSE_NEIGHBOR_UNRESOLVED] = "no answer to ARP or neighbor discovery",
	[ERM_CAUSE_OPTICAL] = "light out of range",
	[ERM_CAUSE_DRAINING] = "drained by the peer",
	[ERM_CAUSE_PREFIX_MISSING] = "an expected prefix is missing",
};

static const char *const fault_words[ERM_FAULT_MAX] = {
	[ERM_FAULT_CUSTOMER] = "own side",
	[ERM_FAULT_PROVIDER] = "provider",
	[ERM_FAULT_MICROSOFT] = "Microsoft",
};

static void add_fault(struct line *line, enum erm_fault_domain fault)
{
	if (fault < ERM_FAULT_MAX && fault_words[fault])
		add(line, ". Likely owner: %s", fault_words[fault]);
}

static const char *leg_noun(const struct erm_tables *t, uint32_t circuit)
{
	return erm_model_is_l3(t->config->circuits[circuit].model) ? "access leg" : "connection";
}

static bool is_of_interface(enum erm_cause cause)
{
	return cause == ERM_CAUSE_INTERFACE_ADMIN || cause == ERM_CAUSE_INTERFACE_ABSENT ||
	       cause == ERM_CAUSE_NO_CARRIER || cause == ERM_CAUSE_LOWER_LAYER_DOWN;
}

static void add_leg(const struct erm_tables *t, struct line *line, uint32_t connection,
		    const struct erm_judgement *j)
{
	const struct erm_connection_config *config = &t->config->connections[connection];

	add(line, "%s%s %s", erm_role_name(config->role),
	    erm_model_is_l3(t->config->circuits[config->circuit].model) ? " access leg" : "",
	    cause_words[j->cause]);
	if (config->interface != ERM_NO_INDEX && is_of_interface(j->cause))
		add(line, " on %s", t->config->interfaces[config->interface].name);
}

static void add_peer(const struct erm_tables *t, struct line *line, uint32_t session)
{
	char addr[ERM_ADDR_STRLEN];

	if (t->sessions[session].m.judgement.layer > ERM_LAYER_INTERFACE)
		add(line, " (%s)", erm_addr_format(&t->config->sessions[session].neighbor, addr));
}

/* ": primary no carrier on er1, secondary BFD down (192.168.100.6)" */
static void add_legs(const struct erm_tables *t, struct line *line, const struct erm_alarm *alarm)
{
	uint32_t circuit = erm_resource_circuit(t->config, alarm->kind, alarm->position);
	const struct erm_circuit_config *config = &t->config->circuits[circuit];
	const char *separator = ": ";

	for (uint32_t i = 0; i < config->n_connections; i++) {
		uint32_t connection = config->first_connection + i;
		const struct erm_judgement *j = &t->connections[connection].m.judgement;
		uint32_t session = ERM_NO_INDEX;

		if (alarm->kind == ERM_RESOURCE_SERVICE) {
			session = t->config->services[alarm->position]
					  .sessions[t->config->connections[connection].role - 1];
			if (session == ERM_NO_INDEX)
				continue;
			j = &t->sessions[session].m.judgement;
		}
		if (j->state == ERM_MEMBER_UP)
			continue;
		add(line, "%s", separator);
		add_leg(t, line, connection, j);
		if (session != ERM_NO_INDEX)
			add_peer(t, line, session);
		separator = ", ";
	}
}

static void add_subject(const struct erm_tables *t, struct line *line,
			const struct erm_alarm *alarm)
{
	const struct erm_config *c = t->config;
	const struct erm_service_config *service = NULL;
	const struct erm_session_config *session = NULL;

	switch (alarm->kind) {
	case ERM_RESOURCE_CIRCUIT:
		add(line, "Circuit %s", c->circuits[alarm->position].name);
		break;
	case ERM_RESOURCE_SERVICE:
		service = &c->services[alarm->position];
		add(line, "Circuit %s %s peering %s", c->circuits[service->circuit].name,
		    erm_peering_name(service->peering), erm_family_name(service->family));
		break;
	case ERM_RESOURCE_GROUP:
		add(line, "%s %s",
		    c->groups[alarm->position].kind == ERM_GROUP_PORT_PAIR ? "Port pair" : "Group",
		    c->groups[alarm->position].name);
		break;
	case ERM_RESOURCE_PORT:
		add(line, "Port %s", c->ports[alarm->position].name);
		break;
	case ERM_RESOURCE_CONNECTION:
		add(line, "Circuit %s %s %s",
		    c->circuits[c->connections[alarm->position].circuit].name,
		    erm_role_name(c->connections[alarm->position].role),
		    leg_noun(t, c->connections[alarm->position].circuit));
		break;
	case ERM_RESOURCE_SESSION:
		session = &c->sessions[alarm->position];
		add(line, "Circuit %s %s%s %s %s session", c->circuits[session->circuit].name,
		    erm_role_name(c->connections[session->connection].role),
		    erm_model_is_l3(c->circuits[session->circuit].model) ? " access leg" : "",
		    erm_peering_name(session->peering), erm_family_name(session->family));
		break;
	case ERM_RESOURCE_SOURCE:
		add(line, "Source %s", c->sources[alarm->position].name);
		break;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
}

static const char *member_noun(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	uint32_t circuit = erm_resource_circuit(t->config, alarm->kind, alarm->position);

	if (circuit != ERM_NO_INDEX)
		return leg_noun(t, circuit);
	return t->config->groups[alarm->position].kind == ERM_GROUP_PORT_PAIR ? "port" : "circuit";
}

static void add_count(struct line *line, const struct erm_verdict *v, const char *noun,
		      const char *what)
{
	add(line, "%u of %u %ss %s", v->usable, v->expected, noun, what);
	if (v->unknown > 0)
		add(line, ", %u unknown", v->unknown);
}

static const char *member_name(const struct erm_config *c, const struct erm_group_member *m)
{
	return m->kind == ERM_RESOURCE_CIRCUIT ? c->circuits[m->index].name
					       : c->groups[m->index].name;
}

static bool is_l3_circuit(const struct erm_config *c, const struct erm_group_member *m)
{
	return m->kind == ERM_RESOURCE_CIRCUIT && erm_model_is_l3(c->circuits[m->index].model);
}

static void add_members(const struct erm_tables *t, struct line *line,
			const struct erm_alarm *alarm)
{
	const struct erm_group_config *group = &t->config->groups[alarm->position];
	const char *separator = ": ";

	for (uint32_t i = 0; i < group->n_members; i++) {
		const struct erm_group_member *m = &t->config->members[group->first_member + i];

		if (m->kind == ERM_RESOURCE_PORT) {
			const struct erm_judgement *j = &t->ports[m->index].m.judgement;

			if (j->state == ERM_MEMBER_UP)
				continue;
			add(line, "%s%s %s", separator, t->config->ports[m->index].name,
			    cause_words[j->cause]);
		} else {
			const struct erm_verdict_status *v =
				erm_tables_verdict(t, m->kind, m->index);

			if (v->verdict.state == ERM_STATE_HEALTHY)
				continue;
			add(line, "%s%s %s%s", separator, member_name(t->config, m),
			    erm_state_name(v->verdict.state),
			    is_l3_circuit(t->config, m) ? " (access legs)" : "");
		}
		separator = ", ";
	}
}

static void add_details(const struct erm_tables *t, struct line *line,
			const struct erm_alarm *alarm)
{
	if (alarm->kind == ERM_RESOURCE_GROUP)
		add_members(t, line, alarm);
	else
		add_legs(t, line, alarm);
	if (alarm->impacted > 0 && alarm->kind == ERM_RESOURCE_GROUP)
		add(line, ". Circuits affected: %u", alarm->impacted);
	add_fault(line, alarm->fault_domain);
}

static void add_verdict(const struct erm_tables *t, struct line *line,
			const struct erm_alarm *alarm)
{
	const struct erm_verdict *v = &erm_tables_verdict(t, alarm->kind, alarm->position)->verdict;
	const char *noun = member_noun(t, alarm);

	switch (alarm->type) {
	case ERM_ALARM_SERVICE_DOWN:
		add(line, " DOWN, ");
		add_count(line, v, noun, "left");
		break;
	case ERM_ALARM_REDUNDANCY_LOST:
		add(line, " lost its redundancy, ");
		add_count(line, v, noun, "left");
		break;
	case ERM_ALARM_NOT_REDUNDANT:
		add(line, " is not redundant and never was, ");
		add_count(line, v, noun, "up");
		break;
	case ERM_ALARM_DEGRADED:
		add(line, " is degraded");
		break;
	case ERM_ALARM_STATE_UNKNOWN:
		add(line, " is in an unknown state, between %s and %s", erm_state_name(v->worst),
		    erm_state_name(v->best));
		break;
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
	add_details(t, line, alarm);
}

static void add_limit(const struct erm_tables *t, struct line *line, uint32_t session)
{
	const struct erm_obs_session *obs = &t->sessions[session].obs;
	uint32_t limit = t->config->sessions[session].prefix_limit;

	if (obs->bgp != ERM_BGP_ESTABLISHED) {
		add(line, " was closed by the peer: more prefixes than the limit of %u", limit);
		return;
	}
	add(line, " advertises %u prefixes, over the limit of %u", obs->prefixes_advertised, limit);
}

static void add_light(const struct erm_tables *t, struct line *line, uint32_t port)
{
	const struct erm_interface_light *l = t->interfaces[t->config->ports[port].interface].light;
	const struct erm_light *light = l ? &l->light : NULL;
	int power = l ? l->obs.lanes[light->lane].rx_cdbm : ERM_NO_POWER;

	add(line, " has bad light");
	if (!l)
		return;
	add(line, " (%s)", erm_light_reason_text(light->reason));
	if (light->reason == ERM_LIGHT_FALLING)
		add(line, ", %.2f dB a day", l->slope_cdbm / 100.0);
	else if (light->reason != ERM_LIGHT_LOST && power != ERM_NO_POWER)
		add(line, ", lane %u receives %.2f dBm", light->lane + 1, power / 100.0);
}

/* What harms a port, connection or session that is not down for it. */
static void add_impairment(const struct erm_tables *t, struct line *line,
			   const struct erm_alarm *alarm)
{
	switch (alarm->type) {
	case ERM_ALARM_FLAPPING:
		add(line, " is flapping");
		break;
	case ERM_ALARM_PREFIX_THRESHOLD:
		add(line, " advertises %u prefixes, near the limit of %u",
		    t->sessions[alarm->position].obs.prefixes_advertised,
		    t->config->sessions[alarm->position].prefix_limit);
		break;
	case ERM_ALARM_PREFIX_LIMIT:
		add_limit(t, line, alarm->position);
		break;
	case ERM_ALARM_OPTICAL:
		add_light(t, line, alarm->position);
		break;
	case ERM_ALARM_DRAINING:
		add(line, " is being drained: the peer prepends its AS");
		break;
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
}

void erm_text_raise(const struct erm_tables *t, const struct erm_alarm *alarm,
		    char ret[ERM_EVENT_TEXT_MAX])
{
	struct line line = { .text = ret };
	uint32_t circuits = alarm->impacted;

	ret[0] = '\0';
	add_subject(t, &line, alarm);
	if (erm_tables_verdict(t, alarm->kind, alarm->position)) {
		add_verdict(t, &line, alarm);
	} else if (alarm->kind == ERM_RESOURCE_SOURCE) {
		add(&line, " is lost (%s): what it watches is unknown",
		    erm_source_reason_name(t->sources[alarm->position].reason));
		if (circuits > 0)
			add(&line, ". Circuits affected: %u", circuits);
	} else if (alarm->type != ERM_ALARM_PORT_DOWN && alarm->type != ERM_ALARM_SESSION_DOWN) {
		add_impairment(t, &line, alarm);
		add_fault(&line, alarm->fault_domain);
	} else {
		add(&line, " down: %s", cause_words[alarm->cause]);
		if (alarm->kind == ERM_RESOURCE_SESSION)
			add_peer(t, &line, alarm->position);
		if (alarm->kind == ERM_RESOURCE_PORT && circuits > 0)
			add(&line, ". Circuits affected: %u", circuits);
		add_fault(&line, alarm->fault_domain);
	}
	erm_text_clean(ret);
}

static const char *const clear_words[ERM_ALARM_TYPE_MAX] = {
	[ERM_ALARM_SERVICE_DOWN] = "is in service again",
	[ERM_ALARM_REDUNDANCY_LOST] = "is redundant again",
	[ERM_ALARM_NOT_REDUNDANT] = "is redundant now",
	[ERM_ALARM_DEGRADED] = "is no longer degraded",
	[ERM_ALARM_STATE_UNKNOWN] = "is known again",
	[ERM_ALARM_PORT_DOWN] = "is up again",
	[ERM_ALARM_SESSION_DOWN] = "is up again",
	[ERM_ALARM_FLAPPING] = "is stable again",
	[ERM_ALARM_PREFIX_THRESHOLD] = "is no longer near its prefix limit",
	[ERM_ALARM_PREFIX_LIMIT] = "is below its prefix limit again",
	[ERM_ALARM_OPTICAL] = "has good light again",
	[ERM_ALARM_DRAINING] = "is no longer drained",
};

void erm_text_clear(const struct erm_tables *t, const struct erm_alarm *alarm,
		    char ret[ERM_EVENT_TEXT_MAX])
{
	struct line line = { .text = ret };
	const struct erm_verdict_status *v = erm_tables_verdict(t, alarm->kind, alarm->position);

	ret[0] = '\0';
	add_subject(t, &line, alarm);
	add(&line, " %s", clear_words[alarm->type]);
	if (v) {
		add(&line, ", ");
		add_count(&line, &v->verdict, member_noun(t, alarm), "up");
	}
	erm_text_clean(ret);
}
