#include "lab_config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *pointer)
{
	if (!pointer)
		abort();
	return pointer;
}

void *lab_grow(void *array, uint32_t n, size_t size)
{
	char *grown = must(reallocarray(array, n + 1, size));

	memset(grown + n * size, 0, size);
	return grown;
}

struct erm_config *lab_config_new(void)
{
	struct erm_config *c = must(erm_config_new());

	c->agent.name = must(strdup("lab"));
	c->sources = must(calloc(LAB_N_SOURCES, sizeof(*c->sources)));
	c->n_sources = LAB_N_SOURCES;
	c->sources[LAB_KERNEL] =
		(struct erm_source_config){ .name = must(strdup("kernel")),
					    .type = ERM_SOURCE_TYPE_RTNL,
					    .stale_after_usec = 3 * ERM_USEC_PER_SEC };
	c->sources[LAB_ROUTER] =
		(struct erm_source_config){ .name = must(strdup("frr")),
					    .type = ERM_SOURCE_TYPE_FRR,
					    .stale_after_usec = 3 * ERM_USEC_PER_SEC };
	return c;
}

uint32_t lab_config_source(struct erm_config *c, const char *name, enum erm_source_type type)
{
	c->sources = lab_grow(c->sources, c->n_sources, sizeof(*c->sources));
	c->sources[c->n_sources] = (struct erm_source_config){
		.name = must(strdup(name)), .type = type, .stale_after_usec = 3 * ERM_USEC_PER_SEC
	};
	return c->n_sources++;
}

void lab_config_speakers(struct erm_config *c, const uint32_t *sources, uint32_t n)
{
	c->n_session_sources = 0;
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		bool is_remote = c->connections[c->sessions[i].connection].remote_agent != NULL;

		c->sessions[i].n_sources = 0;
		for (uint32_t k = 0; k < n && !is_remote; k++) {
			if (erm_session_add_source(c, i, sources[k]) < 0)
				abort();
		}
	}
}

uint32_t lab_config_find_port(const struct erm_config *c, const char *name)
{
	for (uint32_t i = 0; i < c->n_ports; i++) {
		if (strcmp(c->ports[i].name, name) == 0)
			return i;
	}
	return ERM_NO_INDEX;
}

uint32_t lab_config_port(struct erm_config *c, const char *name)
{
	uint32_t at = lab_config_find_port(c, name);

	if (at != ERM_NO_INDEX)
		return at;
	c->interfaces = lab_grow(c->interfaces, c->n_interfaces, sizeof(*c->interfaces));
	c->interfaces[c->n_interfaces].name = must(strdup(name));
	c->ports = lab_grow(c->ports, c->n_ports, sizeof(*c->ports));
	c->ports[c->n_ports] = (struct erm_port_config){ .name = must(strdup(name)),
							 .interface = c->n_interfaces++,
							 .pair = ERM_NO_INDEX };
	return c->n_ports++;
}

static void add_session(struct erm_config *c, uint32_t connection, enum erm_family family)
{
	char text[ERM_ADDR_STRLEN];
	uint32_t circuit = c->connections[connection].circuit;
	struct erm_session_config session = {
		.connection = connection,
		.circuit = circuit,
		.service = c->circuits[circuit].first_service + (uint32_t)family - 1,
		.peering = ERM_PEERING_PRIVATE,
		.family = family,
		.min_prefixes = 1,
		.prefix_limit = 4000,
		.prefix_threshold_percent = 80,
		.peer_as = 12076,
	};

	/* The address follows from the names, so that it is the same in another configuration. */
	(void)snprintf(text, sizeof(text),
		       family == ERM_FAMILY_IPV4 ? "192.0.2.%u" : "2001:db8::%x",
		       (c->circuits[circuit].name[1] % 100 * 2U + c->connections[connection].role));
	if (erm_addr_parse(text, &session.neighbor) < 0)
		abort();
	c->services[session.service].sessions[c->connections[connection].role - 1] = c->n_sessions;
	c->sessions = lab_grow(c->sessions, c->n_sessions, sizeof(*c->sessions));
	c->sessions[c->n_sessions] = session;
	if (!c->connections[connection].remote_agent &&
	    erm_session_add_source(c, c->n_sessions, LAB_ROUTER) < 0)
		abort();
	c->n_sessions++;
}

static uint32_t add_connection(struct erm_config *c, uint32_t circuit, enum erm_role role)
{
	c->connections = lab_grow(c->connections, c->n_connections, sizeof(*c->connections));
	c->connections[c->n_connections] =
		(struct erm_connection_config){ .circuit = circuit,
						.role = role,
						.interface = ERM_NO_INDEX,
						.port = ERM_NO_INDEX,
						.first_session = c->n_sessions };
	c->circuits[circuit].n_connections++;
	return c->n_connections++;
}

static void add_sessions(struct erm_config *c, uint32_t connection)
{
	if (c->circuits[c->connections[connection].circuit].n_services == 0)
		return;
	add_session(c, connection, ERM_FAMILY_IPV4);
	add_session(c, connection, ERM_FAMILY_IPV6);
	c->connections[connection].n_sessions = 2;
}

static void add_leg(struct erm_config *c, uint32_t circuit, enum erm_role role, const char *name)
{
	uint32_t port = lab_config_port(c, name);
	uint32_t connection = add_connection(c, circuit, role);

	c->connections[connection].port = port;
	c->connections[connection].interface = c->ports[port].interface;
	add_sessions(c, connection);
}

void lab_config_remote_leg(struct erm_config *c, const char *agent)
{
	uint32_t connection = add_connection(c, c->n_circuits - 1, ERM_ROLE_SECONDARY);

	c->connections[connection].remote_agent = must(strdup(agent));
	add_sessions(c, connection);
}

static void add_services(struct erm_config *c, uint32_t circuit)
{
	for (unsigned int family = ERM_FAMILY_IPV4; family < ERM_FAMILY_MAX; family++) {
		c->services = lab_grow(c->services, c->n_services, sizeof(*c->services));
		c->services[c->n_services++] = (struct erm_service_config){
			.circuit = circuit,
			.peering = ERM_PEERING_PRIVATE,
			.family = family,
			.sessions = { ERM_NO_INDEX, ERM_NO_INDEX },
		};
		c->circuits[circuit].n_services++;
	}
}

static uint32_t add_circuit(struct erm_config *c, const char *name, enum erm_model_type model)
{
	c->circuits = lab_grow(c->circuits, c->n_circuits, sizeof(*c->circuits));
	c->circuits[c->n_circuits] = (struct erm_circuit_config){
		.name = must(strdup(name)),
		.model = model,
		.sku = ERM_SKU_STANDARD,
		.min_service = 1,
		.min_redundant = 2,
		.first_connection = c->n_connections,
		.first_service = c->n_services,
	};
	return c->n_circuits++;
}

static void add_legs(struct erm_config *c, uint32_t circuit, const char *primary,
		     const char *secondary)
{
	add_leg(c, circuit, ERM_ROLE_PRIMARY, primary);
	if (secondary)
		add_leg(c, circuit, ERM_ROLE_SECONDARY, secondary);
}

uint32_t lab_config_circuit(struct erm_config *c, const char *name, enum erm_model_type model,
			    const char *primary, const char *secondary)
{
	uint32_t circuit = add_circuit(c, name, model);

	add_services(c, circuit);
	add_legs(c, circuit, primary, secondary);
	return circuit;
}

uint32_t lab_config_bare_circuit(struct erm_config *c, const char *name, enum erm_model_type model,
				 const char *primary, const char *secondary)
{
	uint32_t circuit = add_circuit(c, name, model);

	add_legs(c, circuit, primary, secondary);
	return circuit;
}

static uint32_t add_group(struct erm_config *c, const char *name, enum erm_group_kind kind)
{
	c->groups = lab_grow(c->groups, c->n_groups, sizeof(*c->groups));
	c->groups[c->n_groups] = (struct erm_group_config){ .name = must(strdup(name)),
							    .kind = kind,
							    .min_service = 1,
							    .min_redundant = 2,
							    .first_member = c->n_members };
	return c->n_groups++;
}

uint32_t lab_config_group(struct erm_config *c, const char *name)
{
	return add_group(c, name, ERM_GROUP_CIRCUITS);
}

void lab_config_member(struct erm_config *c, uint32_t group, enum erm_resource_kind kind,
		       uint32_t index)
{
	c->members = lab_grow(c->members, c->n_members, sizeof(*c->members));
	c->members[c->n_members++] = (struct erm_group_member){ .kind = kind, .index = index };
	c->groups[group].n_members++;
}

uint32_t lab_config_pair(struct erm_config *c, const char *name, const char *port1,
			 const char *port2)
{
	uint32_t pair = add_group(c, name, ERM_GROUP_PORT_PAIR);
	const char *names[] = { port1, port2 };

	for (int i = 0; i < 2; i++) {
		uint32_t port = lab_config_port(c, names[i]);

		c->ports[port].pair = pair;
		lab_config_member(c, pair, ERM_RESOURCE_PORT, port);
	}
	return pair;
}
