/*
 * One root cause, one notification: which alarm covers which.  A parent covers its
 * children while it is being raised, raised, or being cleared; a child nobody
 * covers is a root and is notified.  The parent is looked up afresh at each commit,
 * so that late children join, and what a cleared parent leaves behind comes to light.
 * A shelved parent covers as ever: who shelved it has put its consequences aside, too.
 But an outage comes to light unless it, or an outage above it, is shelved.
 */
#include <stddef.h>

#include "core/model_state.h"
#include "core/resource.h"

#define MAX_DEPTH 16 /* of a chain of covers; the order below has no cycle, this is a belt */

/* The alarm when it is not idle and may cover others. */
static struct erm_alarm *open_alarm(const struct erm_tables *t, enum erm_resource_kind kind,
				    uint32_t position, enum erm_alarm_type type)
{
	struct erm_alarm *alarm = NULL;

	if (position == ERM_NO_INDEX)
		return NULL;
	alarm = erm_tables_alarm(t, kind, position, type);
	return alarm && alarm->phase != ERM_PHASE_IDLE && !alarm->is_no_cover ? alarm : NULL;
}

/* The worst loss alarm of a service, circuit or group that is open. */
static struct erm_alarm *open_loss(const struct erm_tables *t, enum erm_resource_kind kind,
				   uint32_t position)
{
	struct erm_alarm *alarm = open_alarm(t, kind, position, ERM_ALARM_SERVICE_DOWN);

	if (!alarm)
		alarm = open_alarm(t, kind, position, ERM_ALARM_REDUNDANCY_LOST);
	if (!alarm)
		alarm = open_alarm(t, kind, position, ERM_ALARM_NOT_REDUNDANT);
	return alarm;
}

/* A worse alarm of the same resource. */
static struct erm_alarm *own_worse(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	struct erm_alarm *worse = NULL;

	if (alarm->type == ERM_ALARM_SERVICE_DOWN)
		return NULL;
	if (alarm->type == ERM_ALARM_DEGRADED)
		worse = open_loss(t, alarm->kind, alarm->position);
	else
		worse = open_alarm(t, alarm->kind, alarm->position, ERM_ALARM_SERVICE_DOWN);
	return worse;
}

static bool port_is_out(const struct erm_tables *t, uint32_t port)
{
	return port != ERM_NO_INDEX && !erm_member_is_usable(t->ports[port].m.judgement.state);
}

/* Every leg the circuit has lost is lost by its port. */
static bool is_explained_by_ports(const struct erm_tables *t, uint32_t circuit)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];

	for (uint32_t i = 0; i < config->n_connections; i++) {
		uint32_t connection = config->first_connection + i;

		if (!erm_member_is_usable(t->connections[connection].m.judgement.state) &&
		    !port_is_out(t, t->config->connections[connection].port))
			return false;
	}
	return true;
}

/* A port that carries several circuits and belongs to no pair stands for all its legs. */
static struct erm_alarm *shared_port(const struct erm_tables *t, uint32_t circuit)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];
	struct erm_alarm *found = NULL;

	for (uint32_t i = 0; i < config->n_connections; i++) {
		uint32_t connection = config->first_connection + i;
		uint32_t port = t->config->connections[connection].port;

		if (erm_member_is_usable(t->connections[connection].m.judgement.state))
			continue;
		if (port == ERM_NO_INDEX || t->config->ports[port].pair != ERM_NO_INDEX ||
		    t->ports[port].only_circuit != ERM_NO_INDEX)
			return NULL;
		if (found && found->position != port)
			return NULL; /* two ports are out: the circuit is the highest that says so */
		found = open_alarm(t, ERM_RESOURCE_PORT, port, ERM_ALARM_PORT_DOWN);
		if (!found)
			return NULL;
	}
	return found;
}

/* What a port says that degrades its pair. */
static struct erm_alarm *port_alarm(const struct erm_tables *t, uint32_t port)
{
	struct erm_alarm *alarm = open_alarm(t, ERM_RESOURCE_PORT, port, ERM_ALARM_OPTICAL);

	return alarm ? alarm : open_alarm(t, ERM_RESOURCE_PORT, port, ERM_ALARM_FLAPPING);
}

static struct erm_alarm *prefix_alarm(const struct erm_tables *t, uint32_t session)
{
	struct erm_alarm *alarm =
		open_alarm(t, ERM_RESOURCE_SESSION, session, ERM_ALARM_PREFIX_LIMIT);

	return alarm ? alarm
		     : open_alarm(t, ERM_RESOURCE_SESSION, session, ERM_ALARM_PREFIX_THRESHOLD);
}

/* What one leg says that degrades the circuit. */
static struct erm_alarm *leg_alarm(const struct erm_tables *t, uint32_t connection)
{
	const struct erm_connection_config *config = &t->config->connections[connection];
	struct erm_alarm *alarm = port_alarm(t, config->port);

	if (!alarm)
		alarm = open_alarm(t, ERM_RESOURCE_CONNECTION, connection, ERM_ALARM_FLAPPING);
	for (uint32_t k = 0; k < config->n_sessions && !alarm; k++)
		alarm = prefix_alarm(t, config->first_session + k);
	return alarm;
}

static struct erm_alarm *degrading_leg(const struct erm_tables *t, uint32_t circuit)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];

	for (uint32_t i = 0; i < config->n_connections; i++) {
		struct erm_alarm *alarm = leg_alarm(t, config->first_connection + i);

		if (alarm)
			return alarm;
	}
	return NULL;
}

static struct erm_alarm *lost_kernel(const struct erm_tables *t)
{
	for (uint32_t i = 0; i < t->config->n_sources; i++) {
		if (t->config->sources[i].type == ERM_SOURCE_TYPE_RTNL)
			return open_alarm(t, ERM_RESOURCE_SOURCE, i, ERM_ALARM_STATE_UNKNOWN);
	}
	return NULL;
}

/* The lost source behind an unknown circuit. */
static struct erm_alarm *lost_source(const struct erm_tables *t, uint32_t circuit)
{
	const struct erm_circuit_config *config = &t->config->circuits[circuit];

	for (uint32_t i = 0; i < config->n_connections; i++) {
		const struct erm_connection_config *connection =
			&t->config->connections[config->first_connection + i];

		for (uint32_t k = 0; k < connection->n_sessions; k++) {
			struct erm_alarm *alarm =
				open_alarm(t, ERM_RESOURCE_SOURCE,
					   erm_session_source(t->config,
							      connection->first_session + k),
					   ERM_ALARM_STATE_UNKNOWN);

			if (alarm)
				return alarm;
		}
	}
	return lost_kernel(t);
}

static struct erm_alarm *parent_of_lost_session(const struct erm_tables *t, uint32_t position)
{
	const struct erm_session_config *session = &t->config->sessions[position];
	struct erm_alarm *alarm = open_loss(t, ERM_RESOURCE_CIRCUIT, session->circuit);

	if (!alarm)
		alarm = open_loss(t, ERM_RESOURCE_SERVICE, session->service);
	if (!alarm) {
		alarm = open_alarm(t, ERM_RESOURCE_PORT,
				   t->config->connections[session->connection].port,
				   ERM_ALARM_PORT_DOWN);
	}
	return alarm;
}

static struct erm_alarm *parent_of_session(const struct erm_tables *t,
					   const struct erm_alarm *alarm)
{
	struct erm_alarm *parent = NULL;

	/* What ended the session is the reason that its circuit names. */
	if (alarm->type == ERM_ALARM_SESSION_DOWN ||
	    !erm_member_is_usable(t->sessions[alarm->position].m.judgement.state))
		parent = parent_of_lost_session(t, alarm->position);
	if (!parent && alarm->type != ERM_ALARM_PREFIX_LIMIT)
		parent = open_alarm(t, alarm->kind, alarm->position, ERM_ALARM_PREFIX_LIMIT);
	return parent;
}

static struct erm_alarm *parent_of_port(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_port_status *port = &t->ports[alarm->position];
	uint32_t pair = t->config->ports[alarm->position].pair;

	if (alarm->type != ERM_ALARM_PORT_DOWN)
		return NULL;
	if (pair != ERM_NO_INDEX)
		return open_loss(t, ERM_RESOURCE_GROUP, pair);
	if (port->only_circuit != ERM_NO_INDEX)
		return open_loss(t, ERM_RESOURCE_CIRCUIT, port->only_circuit);
	return NULL;
}

static struct erm_alarm *parent_of_service(const struct erm_tables *t,
					   const struct erm_alarm *alarm)
{
	uint32_t circuit = t->config->services[alarm->position].circuit;
	struct erm_alarm *parent = open_alarm(t, ERM_RESOURCE_CIRCUIT, circuit, alarm->type);

	if (!parent && alarm->type != ERM_ALARM_SERVICE_DOWN)
		parent = open_alarm(t, ERM_RESOURCE_CIRCUIT, circuit, ERM_ALARM_SERVICE_DOWN);
	if (!parent && alarm->type == ERM_ALARM_DEGRADED)
		parent = degrading_leg(t, circuit);
	if (!parent && alarm->type == ERM_ALARM_STATE_UNKNOWN)
		parent = lost_source(t, circuit);
	return parent ? parent : own_worse(t, alarm);
}

static struct erm_alarm *parent_of_circuit_loss(const struct erm_tables *t,
						const struct erm_alarm *alarm)
{
	const struct erm_verdict_status *circuit = &t->circuits[alarm->position];
	struct erm_alarm *parent = NULL;

	if (circuit->pair != ERM_NO_INDEX && is_explained_by_ports(t, alarm->position)) {
		parent = alarm->type == ERM_ALARM_SERVICE_DOWN
				 ? open_alarm(t, ERM_RESOURCE_GROUP, circuit->pair, alarm->type)
				 : open_loss(t, ERM_RESOURCE_GROUP, circuit->pair);
	}
	if (!parent)
		parent = shared_port(t, alarm->position);
	if (!parent && alarm->type == ERM_ALARM_SERVICE_DOWN)
		parent = open_alarm(t, ERM_RESOURCE_GROUP, circuit->parent_group, alarm->type);
	return parent;
}

static struct erm_alarm *parent_of_circuit(const struct erm_tables *t,
					   const struct erm_alarm *alarm)
{
	struct erm_alarm *parent = own_worse(t, alarm);

	if (parent)
		return parent;
	switch (alarm->type) {
	case ERM_ALARM_SERVICE_DOWN:
	case ERM_ALARM_REDUNDANCY_LOST:
	case ERM_ALARM_NOT_REDUNDANT:
		return parent_of_circuit_loss(t, alarm);
	case ERM_ALARM_DEGRADED:
		return degrading_leg(t, alarm->position);
	case ERM_ALARM_STATE_UNKNOWN:
		return lost_source(t, alarm->position);
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
	return NULL;
}

/* What a member of the group says that explains the group. */
static struct erm_alarm *member_alarm(const struct erm_tables *t, uint32_t group,
				      enum erm_alarm_type type)
{
	const struct erm_group_config *config = &t->config->groups[group];

	for (uint32_t i = 0; i < config->n_members; i++) {
		const struct erm_group_member *m = &t->config->members[config->first_member + i];
		struct erm_alarm *alarm = NULL;

		if (m->kind == ERM_RESOURCE_PORT)
			alarm = port_alarm(t, m->index);
		else if (type == ERM_ALARM_DEGRADED)
			alarm = open_loss(t, m->kind, m->index);
		if (!alarm)
			alarm = open_alarm(t, m->kind, m->index, type);
		if (alarm)
			return alarm;
	}
	return NULL;
}

/* A pair whose circuits all belong to one group that is down is covered by that group. */
static struct erm_alarm *group_above_pair(const struct erm_tables *t, uint32_t pair)
{
	uint32_t group = ERM_NO_INDEX;

	for (uint32_t i = 0; i < t->config->n_circuits; i++) {
		if (t->circuits[i].pair != pair)
			continue;
		if (t->circuits[i].parent_group == ERM_NO_INDEX ||
		    (group != ERM_NO_INDEX && group != t->circuits[i].parent_group))
			return NULL;
		group = t->circuits[i].parent_group;
	}
	if (group == ERM_NO_INDEX || t->groups[group].pair == pair)
		return NULL;
	return open_alarm(t, ERM_RESOURCE_GROUP, group, ERM_ALARM_SERVICE_DOWN);
}

static struct erm_alarm *parent_of_group(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	const struct erm_verdict_status *group = &t->groups[alarm->position];
	bool is_pair = t->config->groups[alarm->position].kind == ERM_GROUP_PORT_PAIR;
	struct erm_alarm *parent = own_worse(t, alarm);

	if (parent)
		return parent;
	switch (alarm->type) {
	case ERM_ALARM_SERVICE_DOWN:
		if (is_pair)
			return group_above_pair(t, alarm->position);
		parent = open_alarm(t, ERM_RESOURCE_GROUP, group->pair, alarm->type);
		return parent ? parent
			      : open_alarm(t, ERM_RESOURCE_GROUP, group->parent_group, alarm->type);
	case ERM_ALARM_REDUNDANCY_LOST:
	case ERM_ALARM_NOT_REDUNDANT:
		return is_pair ? NULL : member_alarm(t, alarm->position, ERM_ALARM_SERVICE_DOWN);
	case ERM_ALARM_DEGRADED:
		return member_alarm(t, alarm->position, alarm->type);
	case ERM_ALARM_STATE_UNKNOWN:
		return is_pair ? lost_kernel(t) : member_alarm(t, alarm->position, alarm->type);
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
	return NULL;
}

static struct erm_alarm *parent_of(const struct erm_tables *t, const struct erm_alarm *alarm)
{
	switch (alarm->kind) {
	case ERM_RESOURCE_SESSION:
		return parent_of_session(t, alarm);
	case ERM_RESOURCE_PORT:
		return parent_of_port(t, alarm);
	case ERM_RESOURCE_SERVICE:
		return parent_of_service(t, alarm);
	case ERM_RESOURCE_CIRCUIT:
		return parent_of_circuit(t, alarm);
	case ERM_RESOURCE_GROUP:
		return parent_of_group(t, alarm);
	case ERM_RESOURCE_CONNECTION:
		if (alarm->type == ERM_ALARM_DRAINING)
			return NULL;
		return open_alarm(t, ERM_RESOURCE_PORT,
				  t->config->connections[alarm->position].port, ERM_ALARM_FLAPPING);
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return NULL;
}

struct erm_alarm *erm_alarm_root(struct erm_alarm *alarm)
{
	for (unsigned int depth = 0; alarm->parent && depth < MAX_DEPTH; depth++)
		alarm = alarm->parent;
	return alarm;
}

/* An outage is put aside by a shelf for outages only, never by one for the port below it. */
static bool is_hidden_outage(const struct erm_alarm *alarm, const struct erm_alarm *parent)
{
	return parent && parent->shelf != 0 && alarm->shelf == 0 &&
	       alarm->type == ERM_ALARM_SERVICE_DOWN && parent->type != ERM_ALARM_SERVICE_DOWN;
}

/* Finds whom each alarm is covered by; true when one of the covers must not be one. */
static bool find_parents(const struct erm_tables *t)
{
	bool is_wrong = false;

	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm *alarm = t->open[i];

		alarm->parent = alarm->phase == ERM_PHASE_IDLE ? NULL : parent_of(t, alarm);
		if (is_hidden_outage(alarm, alarm->parent))
			alarm->parent = NULL;
	}
	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm *parent = t->open[i]->parent;

		if (!parent || parent->parent || parent->sequence != 0 ||
		    parent->truth == ERM_TRUE || (parent->is_muted && parent->shelf != 0))
			continue;
		parent->is_no_cover = true;
		is_wrong = true;
	}
	return is_wrong;
}

/* A root of circuits counts circuits, a circuit or service counts sessions; each once. */
static bool is_counted_below(const struct erm_alarm *root, const struct erm_alarm *alarm)
{
	if (root->kind == ERM_RESOURCE_CIRCUIT || root->kind == ERM_RESOURCE_SERVICE)
		return alarm->kind == ERM_RESOURCE_SESSION;
	return alarm->kind == ERM_RESOURCE_CIRCUIT && alarm->parent->kind != ERM_RESOURCE_CIRCUIT;
}

void erm_model_roll_up(struct erm_model *model)
{
	const struct erm_tables *t = &model->t;

	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm *alarm = t->open[i];

		alarm->impacted = 0;
		alarm->is_no_cover = false;
	}
	/*
	 * What was never told and is no longer true covers nothing: else an outage would stay
	 * silent behind an alarm that was covered itself, when its own cover is gone.
	 */
	for (unsigned int depth = 0; depth < MAX_DEPTH && find_parents(t); depth++)
		;
	for (uint32_t i = 0; i < t->n_open; i++) {
		struct erm_alarm *alarm = t->open[i];
		struct erm_alarm *root = NULL;

		if (!alarm->parent || alarm->truth != ERM_TRUE)
			continue;
		root = erm_alarm_root(alarm);
		/* A shared port that takes whole circuits down is as bad as what it covers. */
		if (alarm->type == ERM_ALARM_SERVICE_DOWN && root->kind == ERM_RESOURCE_PORT)
			root->severity = ERM_SEVERITY_CRITICAL;
		if (is_counted_below(root, alarm))
			root->impacted++;
	}
}
