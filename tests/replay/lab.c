#include "lab.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/resource.h"

static void *grow(void *array, uint32_t n, size_t size)
{
	void *grown = reallocarray(array, n + 1, size);

	ck_assert_ptr_nonnull(grown);
	memset((char *)grown + n * size, 0, size);
	return grown;
}

void lab_init(struct lab *lab)
{
	struct erm_config *c = erm_config_new();

	ck_assert_ptr_nonnull(c);
	*lab = (struct lab){ .config = c,
			     .now = { .mono = LAB_SEC(1000), .real = LAB_SEC(1700000000) } };
	lab->poll_usec = LAB_SEC(1);
	c->agent.name = strdup("lab");
	c->sources = calloc(LAB_N_SOURCES, sizeof(*c->sources));
	c->n_sources = LAB_N_SOURCES;
	c->sources[LAB_KERNEL] = (struct erm_source_config){ .name = strdup("kernel"),
							     .type = ERM_SOURCE_TYPE_RTNL,
							     .stale_after_usec = LAB_SEC(3) };
	c->sources[LAB_ROUTER] = (struct erm_source_config){ .name = strdup("frr"),
							     .type = ERM_SOURCE_TYPE_FRR,
							     .stale_after_usec = LAB_SEC(3) };
}

void lab_poll_each(struct lab *lab, usec_t period)
{
	lab->poll_usec = period;
	for (uint32_t i = 0; i < LAB_N_SOURCES; i++)
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

static uint32_t find_port(const struct lab *lab, const char *name)
{
	for (uint32_t i = 0; i < lab->config->n_ports; i++) {
		if (strcmp(lab->config->ports[i].name, name) == 0)
			return i;
	}
	return ERM_NO_INDEX;
}

uint32_t lab_add_port(struct lab *lab, const char *name)
{
	struct erm_config *c = lab->config;
	uint32_t at = find_port(lab, name);

	if (at != ERM_NO_INDEX)
		return at;
	c->interfaces = grow(c->interfaces, c->n_interfaces, sizeof(*c->interfaces));
	c->interfaces[c->n_interfaces].name = strdup(name);
	c->ports = grow(c->ports, c->n_ports, sizeof(*c->ports));
	c->ports[c->n_ports] = (struct erm_port_config){ .name = strdup(name),
							 .interface = c->n_interfaces++,
							 .pair = ERM_NO_INDEX };
	return c->n_ports++;
}

static void add_session(struct lab *lab, uint32_t connection, enum erm_family family)
{
	struct erm_config *c = lab->config;
	char text[ERM_ADDR_STRLEN];
	struct erm_session_config session = {
		.connection = connection,
		.circuit = c->connections[connection].circuit,
		.service = c->circuits[c->connections[connection].circuit].first_service +
			   (uint32_t)family - 1,
		.peering = ERM_PEERING_PRIVATE,
		.family = family,
		.source = LAB_ROUTER,
		.min_prefixes = 1,
		.prefix_limit = 4000,
		.prefix_threshold_percent = 80,
		.peer_as = 12076,
	};

	(void)snprintf(text, sizeof(text),
		       family == ERM_FAMILY_IPV4 ? "192.0.2.%u" : "2001:db8::%x",
		       c->n_sessions % 250 + 1);
	ck_assert_int_eq(erm_addr_parse(text, &session.neighbor), 0);
	c->services[session.service].sessions[c->connections[connection].role - 1] = c->n_sessions;
	c->sessions = grow(c->sessions, c->n_sessions, sizeof(*c->sessions));
	c->sessions[c->n_sessions++] = session;
}

static void add_connection(struct lab *lab, uint32_t circuit, enum erm_role role, const char *port)
{
	struct erm_config *c = lab->config;
	struct erm_connection_config connection = {
		.circuit = circuit, .role = role, .first_session = c->n_sessions, .n_sessions = 2
	};

	connection.port = lab_add_port(lab, port);
	connection.interface = c->ports[connection.port].interface;
	c->connections = grow(c->connections, c->n_connections, sizeof(*c->connections));
	c->connections[c->n_connections++] = connection;
	c->circuits[circuit].n_connections++;
	add_session(lab, c->n_connections - 1, ERM_FAMILY_IPV4);
	add_session(lab, c->n_connections - 1, ERM_FAMILY_IPV6);
}

uint32_t lab_add_circuit(struct lab *lab, const char *name, enum erm_model_type model,
			 const char *primary_port, const char *secondary_port)
{
	struct erm_config *c = lab->config;
	uint32_t at = c->n_circuits++;

	c->circuits = grow(c->circuits, at, sizeof(*c->circuits));
	c->circuits[at] = (struct erm_circuit_config){
		.name = strdup(name),
		.model = model,
		.sku = ERM_SKU_STANDARD,
		.min_service = 1,
		.min_redundant = 2,
		.first_connection = c->n_connections,
		.first_service = c->n_services,
		.n_services = 2,
	};
	for (unsigned int family = ERM_FAMILY_IPV4; family < ERM_FAMILY_MAX; family++) {
		c->services = grow(c->services, c->n_services, sizeof(*c->services));
		c->services[c->n_services++] = (struct erm_service_config){
			.circuit = at,
			.peering = ERM_PEERING_PRIVATE,
			.family = family,
			.sessions = { ERM_NO_INDEX, ERM_NO_INDEX },
		};
	}
	add_connection(lab, at, ERM_ROLE_PRIMARY, primary_port);
	if (secondary_port)
		add_connection(lab, at, ERM_ROLE_SECONDARY, secondary_port);
	return at;
}

static uint32_t add_group(struct lab *lab, const char *name, enum erm_group_kind kind)
{
	struct erm_config *c = lab->config;

	c->groups = grow(c->groups, c->n_groups, sizeof(*c->groups));
	c->groups[c->n_groups] = (struct erm_group_config){ .name = strdup(name),
							    .kind = kind,
							    .min_service = 1,
							    .min_redundant = 2,
							    .first_member = c->n_members };
	return c->n_groups++;
}

static void add_member(struct lab *lab, uint32_t group, enum erm_resource_kind kind, uint32_t index)
{
	struct erm_config *c = lab->config;

	c->members = grow(c->members, c->n_members, sizeof(*c->members));
	c->members[c->n_members++] = (struct erm_group_member){ .kind = kind, .index = index };
	c->groups[group].n_members++;
}

uint32_t lab_add_pair(struct lab *lab, const char *name, const char *port1, const char *port2)
{
	uint32_t pair = add_group(lab, name, ERM_GROUP_PORT_PAIR);
	const char *names[] = { port1, port2 };

	for (int i = 0; i < 2; i++) {
		uint32_t port = lab_add_port(lab, names[i]);

		lab->config->ports[port].pair = pair;
		add_member(lab, pair, ERM_RESOURCE_PORT, port);
	}
	return pair;
}

uint32_t lab_add_group(struct lab *lab, const char *name, const uint32_t *circuits, uint32_t n)
{
	uint32_t group = add_group(lab, name, ERM_GROUP_CIRCUITS);

	for (uint32_t i = 0; i < n; i++)
		add_member(lab, group, ERM_RESOURCE_CIRCUIT, circuits[i]);
	return group;
}

static void apply(struct lab *lab, struct erm_obs obs)
{
	obs.at = lab->now;
	ck_assert_int_eq(erm_model_apply(lab->model, &obs), 0);
}

static void tell_interface(struct lab *lab, uint32_t i)
{
	apply(lab, (struct erm_obs){ .kind = ERM_OBS_INTERFACE,
				     .source = LAB_KERNEL,
				     .iface = lab->interfaces[i] });
}

static void tell_session(struct lab *lab, uint32_t i)
{
	apply(lab, (struct erm_obs){ .kind = ERM_OBS_SESSION,
				     .source = LAB_ROUTER,
				     .session = lab->sessions[i] });
}

static void tell_ok(struct lab *lab, uint32_t source)
{
	apply(lab,
	      (struct erm_obs){ .kind = ERM_OBS_SOURCE,
				.source = source,
				.src = { .state = ERM_SOURCE_OK, .reason = ERM_REASON_NONE } });
}

static void tell_source(struct lab *lab, uint32_t source)
{
	if (lab->is_lost[source])
		return;
	apply(lab, (struct erm_obs){ .kind = ERM_OBS_DUMP_BEGIN, .source = source });
	for (uint32_t i = 0; source == LAB_KERNEL && i < lab->config->n_interfaces; i++)
		tell_interface(lab, i);
	for (uint32_t i = 0; source == LAB_ROUTER && i < lab->config->n_sessions; i++) {
		if (lab->sessions[i].is_configured)
			tell_session(lab, i);
	}
	apply(lab, (struct erm_obs){ .kind = ERM_OBS_DUMP_END, .source = source });
	tell_ok(lab, source);
}

void lab_tell_all(struct lab *lab)
{
	tell_source(lab, LAB_KERNEL);
	tell_source(lab, LAB_ROUTER);
	lab_commit(lab);
}

void lab_start(struct lab *lab, const struct erm_persist *persist)
{
	const struct erm_config *c = lab->config;

	lab->interfaces = calloc(c->n_interfaces, sizeof(*lab->interfaces));
	lab->sessions = calloc(c->n_sessions, sizeof(*lab->sessions));
	ck_assert(lab->interfaces && lab->sessions);
	for (uint32_t i = 0; i < c->n_interfaces; i++)
		lab->interfaces[i] = (struct erm_obs_interface){ .interface = i,
								 .is_present = true,
								 .is_admin_up = true,
								 .has_carrier = true,
								 .is_oper_up = true,
								 .has_counts = true,
								 .carrier_up_count = 1,
								 .ifindex = i + 2,
								 .mtu = 1500 };
	for (uint32_t i = 0; i < c->n_sessions; i++)
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
	ck_assert_int_eq(erm_model_new(lab->config, persist, lab->now, &lab->model), 0);
}

void lab_commit(struct lab *lab)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };

	ck_assert_int_eq(erm_model_commit(lab->model, lab->now, &snapshot, &events), 0);
	(void)erm_snapshot_unref(lab->snapshot);
	lab->snapshot = snapshot;
	for (uint32_t i = 0; i < events.n; i++) {
		lab->events = grow(lab->events, lab->n_events, sizeof(struct erm_event *));
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
			tell_source(lab, LAB_KERNEL);
			tell_source(lab, LAB_ROUTER);
		}
		lab_commit(lab);
	}
}

void lab_link(struct lab *lab, const char *interface, bool has_carrier)
{
	uint32_t port = find_port(lab, interface);
	struct erm_obs_interface *obs = NULL;

	ck_assert_uint_ne(port, ERM_NO_INDEX);
	obs = &lab->interfaces[lab->config->ports[port].interface];
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

void lab_source_lost(struct lab *lab, uint32_t source, enum erm_source_reason reason)
{
	lab->is_lost[source] = true;
	apply(lab, (struct erm_obs){ .kind = ERM_OBS_SOURCE,
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
	if (lab->n_expected < lab->n_events)
		ck_abort_msg("unexpected: %s %s (%s)",
			     erm_event_kind_name(lab->events[lab->n_expected]->kind),
			     lab->events[lab->n_expected]->key, lab->events[lab->n_expected]->text);
}

const struct erm_event *lab_last_event(const struct lab *lab)
{
	ck_assert_uint_gt(lab->n_events, 0);
	return lab->events[lab->n_events - 1];
}
