#include "lab.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/resource.h"

void lab_init(struct lab *lab)
{
	*lab = (struct lab){ .config = lab_config_new(),
			     .now = { .mono = LAB_SEC(1000), .real = LAB_SEC(1700000000) },
			     .poll_usec = LAB_SEC(1) };
}

void lab_poll_each(struct lab *lab, usec_t period)
{
	lab->poll_usec = period;
	for (uint32_t i = 0; i < lab->config->n_sources; i++)
		lab->config->sources[i].stale_after_usec = 3 * period;
}

void lab_done(struct lab *lab)
{
	for (uint32_t i = 0; i < lab->n_events; i++)
		(void)erm_event_unref(lab->events[i]);
	free(lab->events);
	free(lab->sessions);
	free(lab->interfaces);
	(void)erm_snapshot_unref(lab->snapshot);
	(void)erm_model_free(lab->model);
	(void)erm_config_unref(lab->config);
}

uint32_t lab_add_port(struct lab *lab, const char *name)
{
	return lab_config_port(lab->config, name);
}

uint32_t lab_add_circuit(struct lab *lab, const char *name, enum erm_model_type model,
			 const char *primary_port, const char *secondary_port)
{
	return lab_config_circuit(lab->config, name, model, primary_port, secondary_port);
}

uint32_t lab_add_pair(struct lab *lab, const char *name, const char *port1, const char *port2)
{
	return lab_config_pair(lab->config, name, port1, port2);
}

uint32_t lab_add_group(struct lab *lab, const char *name, const uint32_t *circuits, uint32_t n)
{
	uint32_t group = lab_config_group(lab->config, name);

	for (uint32_t i = 0; i < n; i++)
		lab_config_member(lab->config, group, ERM_RESOURCE_CIRCUIT, circuits[i]);
	return group;
}

void lab_apply(struct lab *lab, struct erm_obs obs)
{
	obs.at = lab->now;
	ck_assert_int_eq(erm_model_apply(lab->model, &obs), 0);
}

static void tell_interface(struct lab *lab, uint32_t i)
{
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_INTERFACE,
					 .source = LAB_KERNEL,
					 .iface = lab->interfaces[i] });
}

static void tell_session(struct lab *lab, uint32_t i)
{
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_SESSION,
					 .source = LAB_ROUTER,
					 .session = lab->sessions[i] });
}

static void tell_ok(struct lab *lab, uint32_t source)
{
	lab_apply(lab,
		  (struct erm_obs){ .kind = ERM_OBS_SOURCE,
				    .source = source,
				    .src = { .state = ERM_SOURCE_OK, .reason = ERM_REASON_NONE } });
}

static void tell_source(struct lab *lab, uint32_t source)
{
	if (lab->is_lost[source])
		return;
	if (source >= LAB_N_SOURCES) {
		tell_ok(lab, source);
		return;
	}
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_DUMP_BEGIN, .source = source });
	for (uint32_t i = 0; source == LAB_KERNEL && i < lab->config->n_interfaces; i++)
		tell_interface(lab, i);
	for (uint32_t i = 0; source == LAB_ROUTER && i < lab->config->n_sessions; i++) {
		if (lab->sessions[i].is_configured &&
		    erm_session_has_source(lab->config, i, LAB_ROUTER))
			tell_session(lab, i);
	}
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_DUMP_END, .source = source });
	tell_ok(lab, source);
}

static void tell_sources(struct lab *lab)
{
	for (uint32_t i = 0; i < lab->config->n_sources; i++)
		tell_source(lab, i);
}

void lab_tell_all(struct lab *lab)
{
	tell_sources(lab);
	lab_commit(lab);
}

/* All up, as far as the lab knows. */
static void make_world(struct lab *lab)
{
	const struct erm_config *c = lab->config;

	lab->interfaces = calloc(c->n_interfaces + 1, sizeof(*lab->interfaces));
	lab->sessions = calloc(c->n_sessions + 1, sizeof(*lab->sessions));
	ck_assert(lab->interfaces && lab->sessions);
	for (uint32_t i = 0; i < c->n_interfaces; i++) {
		lab->interfaces[i] = (struct erm_obs_interface){ .interface = i,
								 .is_present = true,
								 .is_admin_up = true,
								 .has_carrier = true,
								 .is_oper_up = true,
								 .has_counts = true,
								 .carrier_up_count = 1,
								 .ifindex = i + 2,
								 .mtu = 1500 };
	}
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		lab->sessions[i] = (struct erm_obs_session){ .session = i,
							     .is_configured = true,
							     .bgp = ERM_BGP_ESTABLISHED,
							     .has_counts = true,
							     .has_received = true,
							     .has_advertised = true,
							     .established_count = 1,
							     .prefixes_received = 10,
							     .prefixes_advertised = 3,
							     .remote_as = 12076,
							     .local_as = 65010,
							     .bfd = ERM_BFD_NONE };
	}
}

/* What is called the same is the same. */
static void move_world(struct lab *lab, struct erm_config *config)
{
	struct erm_config *old = lab->config;
	struct erm_obs_interface *interfaces = lab->interfaces;
	struct erm_obs_session *sessions = lab->sessions;
	char a[ERM_RESOURCE_MAX];
	char b[ERM_RESOURCE_MAX];

	lab->config = config;
	make_world(lab);
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		for (uint32_t j = 0; j < old->n_interfaces; j++) {
			if (strcmp(config->interfaces[i].name, old->interfaces[j].name) != 0)
				continue;
			lab->interfaces[i] = interfaces[j];
			lab->interfaces[i].interface = i;
		}
	}
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		for (uint32_t j = 0; j < old->n_sessions; j++) {
			if (strcmp(erm_resource_name(config, ERM_RESOURCE_SESSION, i, a),
				   erm_resource_name(old, ERM_RESOURCE_SESSION, j, b)) != 0)
				continue;
			lab->sessions[i] = sessions[j];
			lab->sessions[i].session = i;
		}
	}
	free(interfaces);
	free(sessions);
	(void)erm_config_unref(old);
}

void lab_start(struct lab *lab, const struct erm_persist *persist)
{
	make_world(lab);
	ck_assert_int_eq(erm_model_new(lab->config, persist, lab->now, &lab->model), 0);
}

void lab_reload(struct lab *lab, struct erm_config *config)
{
	ck_assert_int_eq(erm_model_reconfigure(lab->model, config, lab->now), 0);
	move_world(lab, config);
}

void lab_restart(struct lab *lab, struct erm_config *config, const struct erm_persist *persist)
{
	struct erm_persist own = { 0 };

	if (!persist)
		ck_assert_int_eq(erm_model_export(lab->model, &own), 0);
	lab->model = erm_model_free(lab->model);
	if (config)
		move_world(lab, config);
	ck_assert_int_eq(erm_model_new(lab->config, persist ? persist : &own, lab->now,
				       &lab->model),
			 0);
	erm_persist_done(&own);
	lab_run(lab, LAB_SEC(1));
	lab_tell_all(lab);
}

void lab_commit(struct lab *lab)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };

	ck_assert_int_eq(erm_model_commit(lab->model, lab->now, &snapshot, &events), 0);
	(void)erm_snapshot_unref(lab->snapshot);
	lab->snapshot = snapshot;
	for (uint32_t i = 0; i < events.n; i++) {
		lab->events = lab_grow(lab->events, lab->n_events, sizeof(struct erm_event *));
		lab->events[lab->n_events++] = erm_event_ref(events.events[i]);
	}
	erm_events_done(&events);
}

void lab_run(struct lab *lab, usec_t span)
{
	usec_t end = lab->now.mono + span;

	lab_commit(lab);
	while (lab->now.mono < end) {
		usec_t next = erm_model_next_deadline(lab->model);
		usec_t poll = (lab->now.mono / lab->poll_usec + 1) * lab->poll_usec;
		usec_t at = next < poll ? next : poll;

		if (at <= lab->now.mono)
			at = lab->now.mono + 1; /* a deadline of now: time goes on all the same */
		if (at > end)
			at = end;
		lab->now.real += at - lab->now.mono;
		lab->now.mono = at;
		if (at == poll) {
			tell_sources(lab);
		}
		lab_commit(lab);
	}
}

struct erm_obs_interface *lab_find_interface(struct lab *lab, const char *name)
{
	for (uint32_t i = 0; i < lab->config->n_interfaces; i++) {
		if (strcmp(lab->config->interfaces[i].name, name) == 0)
			return &lab->interfaces[i];
	}
	ck_abort_msg("no such interface");
	return NULL;
}

void lab_link(struct lab *lab, const char *interface, bool has_carrier)
{
	struct erm_obs_interface *obs = lab_find_interface(lab, interface);

	if (obs->has_carrier && !has_carrier)
		obs->carrier_down_count++;
	if (!obs->has_carrier && has_carrier)
		obs->carrier_up_count++;
	obs->has_carrier = obs->is_oper_up = has_carrier;
	tell_interface(lab, obs->interface);
}

struct erm_obs_session *lab_find_session(struct lab *lab, const char *circuit, enum erm_role role,
					 enum erm_family family)
{
	const struct erm_config *c = lab->config;

	for (uint32_t i = 0; i < c->n_sessions; i++) {
		const struct erm_session_config *s = &c->sessions[i];

		if (strcmp(c->circuits[s->circuit].name, circuit) == 0 &&
		    c->connections[s->connection].role == role && s->family == family)
			return &lab->sessions[i];
	}
	ck_abort_msg("no such session");
	return NULL;
}

void lab_session(struct lab *lab, const char *circuit, enum erm_role role, enum erm_family family,
		 bool is_established, enum erm_cause cause)
{
	struct erm_obs_session *s = lab_find_session(lab, circuit, role, family);

	if (s->bgp == ERM_BGP_ESTABLISHED && !is_established)
		s->dropped_count++;
	if (s->bgp != ERM_BGP_ESTABLISHED && is_established)
		s->established_count++;
	s->bgp = is_established ? ERM_BGP_ESTABLISHED : ERM_BGP_ACTIVE;
	s->has_reset = true;
	s->reset_cause = cause;
	s->prefixes_received = is_established ? 10 : 0;
	if (!lab->is_lost[LAB_ROUTER])
		tell_session(lab, s->session);
}

void lab_leg(struct lab *lab, const char *circuit, enum erm_role role, bool is_established,
	     enum erm_cause cause)
{
	lab_session(lab, circuit, role, ERM_FAMILY_IPV4, is_established, cause);
	lab_session(lab, circuit, role, ERM_FAMILY_IPV6, is_established, cause);
}

static void says(struct lab *lab, uint32_t source, uint32_t session, bool is_established)
{
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_SESSION,
					 .source = source,
					 .session = { .session = session,
						      .is_configured = true,
						      .bgp = is_established ? ERM_BGP_ESTABLISHED
									    : ERM_BGP_IDLE } });
}

void lab_says(struct lab *lab, uint32_t source, const char *circuit, enum erm_role role,
	      bool is_established)
{
	for (unsigned int family = ERM_FAMILY_IPV4; family < ERM_FAMILY_MAX; family++)
		says(lab, source, lab_find_session(lab, circuit, role, family)->session,
		     is_established);
}

void lab_says_all(struct lab *lab, uint32_t source, bool is_established)
{
	for (uint32_t i = 0; i < lab->config->n_sessions; i++)
		says(lab, source, i, is_established);
}

void lab_withdraws(struct lab *lab, uint32_t source)
{
	for (uint32_t i = 0; i < lab->config->n_sessions; i++) {
		lab_apply(lab,
			  (struct erm_obs){ .kind = ERM_OBS_SESSION,
					    .source = source,
					    .session = { .session = i, .is_withdrawn = true } });
	}
}

void lab_source_lost(struct lab *lab, uint32_t source, enum erm_source_reason reason)
{
	lab->is_lost[source] = true;
	lab_apply(lab, (struct erm_obs){ .kind = ERM_OBS_SOURCE,
					 .source = source,
					 .src = { .state = ERM_SOURCE_LOST,
						  .reason = reason,
						  .is_void = reason == ERM_REASON_CLOSED } });
}

void lab_source_back(struct lab *lab, uint32_t source)
{
	lab->is_lost[source] = false;
	tell_source(lab, source);
}

const struct erm_circuit_row *lab_circuit(const struct lab *lab, const char *name)
{
	for (uint32_t i = 0; i < lab->snapshot->n_circuits; i++) {
		if (strcmp(lab->snapshot->circuits[i].config->name, name) == 0)
			return &lab->snapshot->circuits[i];
	}
	ck_abort_msg("no such circuit");
	return NULL;
}

const struct erm_group_row *lab_group(const struct lab *lab, const char *name)
{
	for (uint32_t i = 0; i < lab->snapshot->n_groups; i++) {
		if (strcmp(lab->snapshot->groups[i].config->name, name) == 0)
			return &lab->snapshot->groups[i];
	}
	ck_abort_msg("no such group row");
	return NULL;
}

const struct erm_alarm_row *lab_alarm(const struct lab *lab, const char *key)
{
	for (uint32_t i = 0; i < lab->snapshot->n_alarms; i++) {
		if (strcmp(lab->snapshot->alarms[i].key, key) == 0)
			return &lab->snapshot->alarms[i];
	}
	return NULL;
}

const struct erm_session_row *lab_session_row(const struct lab *lab, const char *circuit,
					      enum erm_role role, enum erm_family family)
{
	for (uint32_t i = 0; i < lab->snapshot->n_sessions; i++) {
		const struct erm_session_row *row = &lab->snapshot->sessions[i];

		if (strcmp(row->circuit, circuit) == 0 && row->role == role &&
		    row->config->family == family)
			return row;
	}
	ck_abort_msg("no such session row");
	return NULL;
}

void lab_expect(struct lab *lab, const char *line)
{
	char got[ERM_KEY_MAX + 32];
	const struct erm_event *e = NULL;

	if (lab->n_expected >= lab->n_events)
		ck_abort_msg("expected %s, but nothing came", line);
	e = lab->events[lab->n_expected++];
	(void)snprintf(got, sizeof(got), "%s %s", erm_event_kind_name(e->kind), e->key);
	ck_assert_str_eq(got, line);
}

void lab_expect_silence(const struct lab *lab)
{
	if (lab->n_expected < lab->n_events) {
		ck_abort_msg("unexpected: %s %s (%s)",
			     erm_event_kind_name(lab->events[lab->n_expected]->kind),
			     lab->events[lab->n_expected]->key, lab->events[lab->n_expected]->text);
	}
}

const struct erm_event *lab_last_event(const struct lab *lab)
{
	ck_assert_uint_gt(lab->n_events, 0);
	return lab->events[lab->n_events - 1];
}
