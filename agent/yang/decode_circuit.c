/* Interfaces, ports, circuits, connections, sessions and services. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "yang/decoder.h"

#define INTERFACE_KEY_SIZE 80
#define SESSIONS_MAX       ((ERM_PEERING_MAX - 1U) * (ERM_FAMILY_MAX - 1U)) /* of a connection */

/* One name is one interface of each router; that of the kernel is source 0. */
static const char *interface_key(const char *name, uint32_t source, char key[INTERFACE_KEY_SIZE])
{
	(void)snprintf(key, INTERFACE_KEY_SIZE, "%" PRIu32 " %s", source, name);
	return key;
}

/* The position of an interface; made when it is new.  There is room for one per port and connection. */
static int interface_of(struct erm_decoder *d, const char *name, uint32_t source, uint32_t *ret)
{
	char key[INTERFACE_KEY_SIZE];
	struct erm_config *config = d->config;
	uint32_t at;

	at = erm_index_find(&d->interfaces, interface_key(name, source, key));

	if (at == ERM_INDEX_NONE) {
		int r = erm_index_add(&d->interfaces, key, config->n_interfaces);

		if (r < 0)
			return r;
		at = config->n_interfaces;
		config->interfaces[at].source = source;
		config->interfaces[at].name = strdup(name);
		if (!config->interfaces[at].name)
			return -ENOMEM;
		config->n_interfaces++;
	}
	*ret = at;
	return 0;
}

static int port_add(struct erm_decoder *d, const char *name, uint32_t interface, bool is_implicit)
{
	struct erm_config *config = d->config;
	struct erm_port_config *port = &config->ports[config->n_ports];
	char key[INTERFACE_KEY_SIZE];
	int r = erm_index_add(&d->ports, name, config->n_ports);

	if (r < 0)
		return r;
	*port = (struct erm_port_config){
		.name = strdup(name),
		.interface = interface,
		.pair = ERM_NO_INDEX,
		.is_implicit = is_implicit,
		.rx_low_cdbm = ERM_NO_POWER,
		.rx_high_cdbm = ERM_NO_POWER,
	};
	if (!port->name)
		return -ENOMEM;
	config->n_ports++;
	r = erm_index_add(&d->port_of_interface,
			  interface_key(config->interfaces[interface].name,
					config->interfaces[interface].source, key),
			  config->n_ports - 1);
	return r == -EEXIST ? 0 : r;
}

/* Typedef power: two decimals. */
static int16_t decode_power(const struct lyd_node *node, const char *name)
{
	const struct lyd_node *c = erm_decode_child(node, name);

	if (!c)
		return ERM_NO_POWER;
	return (int16_t)((const struct lyd_node_term *)(const void *)c)->value.dec64;
}

static uint32_t count_connections(const struct lyd_node *root)
{
	uint32_t n = 0;

	for (const struct lyd_node *c = lyd_child(root); c; c = c->next) {
		if (strcmp(c->schema->name, "circuit") == 0)
			n += erm_decode_count(c, "connection");
	}
	return n;
}

static int decode_port(struct erm_decoder *d, const struct lyd_node *node)
{
	const char *name = erm_decode_text(node, "name");
	const char *interface = erm_decode_text(node, "interface");
	const char *told_by = erm_decode_text(node, "source");
	uint32_t source = told_by ? erm_index_find(&d->sources, told_by) : 0; /* the kernel */
	char key[INTERFACE_KEY_SIZE];
	struct erm_port_config *port = NULL;
	uint32_t at = 0;
	int r;

	if (source == ERM_INDEX_NONE)
		return -EPROTO; /* the references have been checked */
	interface = interface ? interface : name;
	r = interface_of(d, interface, source, &at);
	if (r < 0)
		return r;
	if (erm_index_find(&d->port_of_interface, interface_key(interface, source, key)) !=
	    ERM_INDEX_NONE) {
		erm_report_add(d->report, ERM_REPORT_ERROR, erm_tree_line(d->tree, node), name,
			       "keep one of the two",
			       "[port %s] has interface %s, as another port has", name, interface);
	}
	r = port_add(d, name, at, false);
	if (r < 0)
		return r;
	port = &d->config->ports[d->config->n_ports - 1];
	port->rx_low_cdbm = decode_power(node, "rx-power-low");
	port->rx_high_cdbm = decode_power(node, "rx-power-high");
	return 0;
}

int erm_decode_ports(struct erm_decoder *d)
{
	const struct lyd_node *root = d->tree->root;
	size_t n = (size_t)erm_decode_count(root, "port") + count_connections(root);

	d->config->ports = calloc(n + 1, sizeof(*d->config->ports));
	d->config->interfaces = calloc(n + 1, sizeof(*d->config->interfaces));
	if (!d->config->ports || !d->config->interfaces)
		return -ENOMEM;

	for (const struct lyd_node *c = lyd_child(root); c; c = c->next) {
		int r = strcmp(c->schema->name, "port") == 0 ? decode_port(d, c) : 0;

		if (r < 0)
			return r;
	}
	return 0;
}

/* The port below a connection's interface: named, declared with that interface, or made for it. */
static int connection_port(struct erm_decoder *d, const struct lyd_node *node,
			   struct erm_connection_config *connection)
{
	const char *port = erm_decode_text(node, "port");
	const char *interface = erm_decode_text(node, "interface");
	uint32_t source = 0; /* the kernel */
	char key[INTERFACE_KEY_SIZE];
	int r;

	connection->interface = connection->port = ERM_NO_INDEX;
	if (port) {
		connection->port = erm_index_find(&d->ports, port);
		if (connection->port == ERM_INDEX_NONE)
			return -EPROTO; /* the references have been checked */
		connection->interface = d->config->ports[connection->port].interface;
		source = d->config->interfaces[connection->interface].source;
	}
	if (!interface)
		return 0;
	r = interface_of(d, interface, source, &connection->interface);
	if (r < 0 || port)
		return r;
	connection->port =
		erm_index_find(&d->port_of_interface, interface_key(interface, source, key));
	if (connection->port != ERM_INDEX_NONE)
		return 0;
	if (erm_index_find(&d->ports, interface) != ERM_INDEX_NONE) {
		erm_report_add(d->report, ERM_REPORT_ERROR, erm_tree_line(d->tree, node), interface,
			       "rename that port, or name the connection's port",
			       "interface %s has no port, and [port %s] is another interface",
			       interface, interface);
		return 0;
	}
	connection->port = d->config->n_ports;
	return port_add(d, interface, connection->interface, true);
}

static bool is_peer_microsoft(enum erm_model_type model)
{
	switch (model) {
	case ERM_MODEL_CLOUD_EXCHANGE:
	case ERM_MODEL_POINT_TO_POINT:
	case ERM_MODEL_DIRECT:
		return true;
	case ERM_MODEL_MANAGED_L3:
	case ERM_MODEL_ANY_TO_ANY:
	case ERM_MODEL_MAX:
		break;
	}
	return false;
}

/* What Microsoft takes before it ends the session. */
static uint32_t default_prefix_limit(const struct erm_circuit_config *circuit,
				     const struct erm_session_config *session)
{
	if (session->peering != ERM_PEERING_PRIVATE)
		return 200;
	if (session->family == ERM_FAMILY_IPV6)
		return 100;
	return circuit->sku == ERM_SKU_PREMIUM ? 10000 : 4000;
}

/* Type inet:ip-prefix has been checked. */
static int parse_prefix(const char *text, struct erm_prefix *ret)
{
	char address[ERM_ADDR_STRLEN] = "";
	const char *slash = strchr(text, '/');

	if (!slash || (size_t)(slash - text) >= sizeof(address))
		return -EPROTO;
	memcpy(address, text, (size_t)(slash - text));
	ret->length = (uint8_t)strtoul(slash + 1, NULL, 10);
	return erm_addr_parse(address, &ret->addr);
}

static int decode_expected(const struct lyd_node *node, struct erm_session_config *session)
{
	uint32_t n = erm_decode_count(node, "expected-prefix");

	if (n == 0)
		return 0;
	session->expected = calloc(n, sizeof(*session->expected));
	if (!session->expected)
		return -ENOMEM;
	for (const struct lyd_node *c = lyd_child(node); c; c = c->next) {
		if (strcmp(c->schema->name, "expected-prefix") != 0)
			continue;
		if (parse_prefix(lyd_get_value(c), &session->expected[session->n_expected]) < 0)
			return -EPROTO;
		session->n_expected++;
	}
	return 0;
}

static int decode_session(struct erm_decoder *d, const struct lyd_node *node, uint32_t connection)
{
	struct erm_config *config = d->config;
	const uint32_t c = config->connections[connection].circuit;
	const struct erm_circuit_config *circuit = &config->circuits[c];
	struct erm_session_config *session = &config->sessions[config->n_sessions];
	const char *local = erm_decode_text(node, "local-address");
	int r;

	session->connection = connection;
	session->circuit = c;
	session->peering = (enum erm_peering)erm_decode_enum(node, "peering");
	session->family = (enum erm_family)erm_decode_enum(node, "family");
	if (erm_addr_parse(erm_decode_text(node, "neighbor"), &session->neighbor) < 0 ||
	    (local && erm_addr_parse(local, &session->local_address) < 0))
		return -EPROTO; /* the type inet:ip-address-no-zone has been checked */
	session->peer_as = is_peer_microsoft(circuit->model) ? ERM_AS_MICROSOFT : 0;
	if (erm_decode_child(node, "peer-as"))
		session->peer_as = erm_decode_u32(node, "peer-as");
	session->min_prefixes = erm_decode_u32(node, "min-prefixes");
	session->prefix_limit = erm_decode_u32(node, "prefix-limit");
	if (session->prefix_limit == 0)
		session->prefix_limit = default_prefix_limit(circuit, session);
	session->prefix_threshold_percent = erm_decode_u32(node, "prefix-threshold");
	session->bfd_expected = erm_decode_bool(node, "bfd");
	d->session_nodes[config->n_sessions++] = node;
	r = decode_expected(node, session);
	if (r < 0)
		return r;
	return erm_decode_string(node, "description", &session->description);
}

/* Sessions by peering and family, as the snapshot and the tables have them. */
static int decode_sessions(struct erm_decoder *d, const struct lyd_node *node, uint32_t connection)
{
	const struct lyd_node *slots[ERM_PEERING_MAX][ERM_FAMILY_MAX] = {};

	d->config->connections[connection].first_session = d->config->n_sessions;
	for (const struct lyd_node *c = lyd_child(node); c; c = c->next) {
		if (strcmp(c->schema->name, "session") == 0)
			slots[erm_decode_enum(c, "peering")][erm_decode_enum(c, "family")] = c;
	}
	for (unsigned int p = 1; p < ERM_PEERING_MAX; p++) {
		for (unsigned int f = 1; f < ERM_FAMILY_MAX; f++) {
			int r = slots[p][f] ? decode_session(d, slots[p][f], connection) : 0;

			if (r < 0)
				return r;
		}
	}
	d->config->connections[connection].n_sessions =
		d->config->n_sessions - d->config->connections[connection].first_session;
	return 0;
}

/* What Microsoft calls healthy at its own ports. */
static void take_direct_light(struct erm_port_config *port)
{
	if (port->rx_low_cdbm == ERM_NO_POWER)
		port->rx_low_cdbm = -1000;
	if (port->rx_high_cdbm == ERM_NO_POWER)
		port->rx_high_cdbm = 0;
}

static int decode_connection(struct erm_decoder *d, const struct lyd_node *node, uint32_t circuit)
{
	uint32_t at = d->config->n_connections;
	struct erm_connection_config *connection = &d->config->connections[at];
	int r;

	connection->circuit = circuit;
	connection->role = (enum erm_role)erm_decode_enum(node, "role");
	connection->maintenance = erm_decode_bool(node, "maintenance");
	d->connection_nodes[at] = node;
	d->config->n_connections++;
	r = connection_port(d, node, connection);
	if (r < 0)
		return r;
	if (connection->port != ERM_NO_INDEX &&
	    d->config->circuits[circuit].model == ERM_MODEL_DIRECT)
		take_direct_light(&d->config->ports[connection->port]);
	r = erm_decode_string(node, "remote-agent", &connection->remote_agent);
	if (r < 0)
		return r;
	r = erm_decode_string(node, "description", &connection->description);
	return r < 0 ? r : decode_sessions(d, node, at);
}

static uint32_t session_of(const struct erm_config *config,
			   const struct erm_connection_config *connection, enum erm_peering peering,
			   enum erm_family family)
{
	for (uint32_t i = 0; i < connection->n_sessions; i++) {
		uint32_t s = connection->first_session + i;

		if (config->sessions[s].peering == peering && config->sessions[s].family == family)
			return s;
	}
	return ERM_NO_INDEX;
}

/* One service for each peering and family that any connection of the circuit has. */
static void make_services(struct erm_config *config, uint32_t c)
{
	struct erm_circuit_config *circuit = &config->circuits[c];

	circuit->first_service = config->n_services;
	for (unsigned int i = 0; i < SESSIONS_MAX; i++) {
		struct erm_service_config service = {
			.circuit = c,
			.peering = (enum erm_peering)(1 + i / (ERM_FAMILY_MAX - 1)),
			.family = (enum erm_family)(1 + i % (ERM_FAMILY_MAX - 1)),
			.sessions = { ERM_NO_INDEX, ERM_NO_INDEX },
		};
		bool is_there = false;

		for (uint32_t k = 0; k < circuit->n_connections; k++) {
			const struct erm_connection_config *connection =
				&config->connections[circuit->first_connection + k];
			uint32_t s =
				session_of(config, connection, service.peering, service.family);

			service.sessions[connection->role - 1] = s;
			if (s == ERM_NO_INDEX)
				continue;
			config->sessions[s].service = config->n_services;
			is_there = true;
		}
		if (is_there)
			config->services[config->n_services++] = service;
	}
	circuit->n_services = config->n_services - circuit->first_service;
}

static int decode_circuit_texts(const struct lyd_node *node, struct erm_circuit_config *circuit)
{
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "service-key", &circuit->service_key },
		{ "peering-location", &circuit->peering_location },
		{ "provider", &circuit->provider },
		{ "description", &circuit->description },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int r = erm_decode_string(node, texts[i].name, texts[i].to);

		if (r < 0)
			return r;
	}
	return 0;
}

static int decode_circuit(struct erm_decoder *d, const struct lyd_node *node)
{
	uint32_t at = d->config->n_circuits;
	struct erm_circuit_config *circuit = &d->config->circuits[at];
	int r = erm_decode_string(node, "name", &circuit->name);

	if (r < 0)
		return r;
	d->config->n_circuits++;
	circuit->model = (enum erm_model_type)erm_decode_enum(node, "connectivity-model");
	circuit->sku = (enum erm_sku)erm_decode_enum(node, "sku");
	circuit->bandwidth_mbps = erm_decode_u32(node, "bandwidth");
	circuit->min_service = erm_decode_u32(node, "min-service");
	circuit->min_redundant = erm_decode_u32(node, "min-redundant");
	r = decode_circuit_texts(node, circuit);
	if (r < 0)
		return r;

	circuit->first_connection = d->config->n_connections;
	for (int role = ERM_ROLE_PRIMARY; role < ERM_ROLE_MAX; role++) {
		for (const struct lyd_node *c = lyd_child(node); c; c = c->next) {
			if (strcmp(c->schema->name, "connection") != 0 ||
			    erm_decode_enum(c, "role") != role)
				continue;
			r = decode_connection(d, c, at);
			if (r < 0)
				return r;
		}
	}
	circuit->n_connections = d->config->n_connections - circuit->first_connection;
	make_services(d->config, at);
	return erm_index_add(&d->circuits, circuit->name, at);
}

int erm_decode_circuits(struct erm_decoder *d)
{
	const struct lyd_node *root = d->tree->root;
	size_t n_circuits = erm_decode_count(root, "circuit");
	size_t n_connections = count_connections(root),
	       n_sessions = n_connections * (size_t)SESSIONS_MAX;
	struct erm_config *config = d->config;

	config->circuits = calloc(n_circuits + 1, sizeof(*config->circuits));
	config->connections = calloc(n_connections + 1, sizeof(*config->connections));
	config->sessions = calloc(n_sessions + 1, sizeof(*config->sessions));
	config->services = calloc(n_circuits * (size_t)SESSIONS_MAX + 1, sizeof(*config->services));
	d->connection_nodes = calloc(n_connections + 1, sizeof(const struct lyd_node *));
	d->session_nodes = calloc(n_sessions + 1, sizeof(const struct lyd_node *));
	if (!config->circuits || !config->connections || !config->sessions || !config->services ||
	    !d->connection_nodes || !d->session_nodes)
		return -ENOMEM;

	for (const struct lyd_node *c = lyd_child(root); c; c = c->next) {
		int r;

		if (strcmp(c->schema->name, "circuit") != 0)
			continue;
		r = decode_circuit(d, c);
		if (r < 0)
			return r;
	}
	if (config->n_circuits == 0) {
		erm_report_add(d->report, ERM_REPORT_ERROR, 0, NULL,
			       "add [circuit NAME] with its connections and sessions",
			       "no circuit is configured: there is nothing to watch");
	}
	return 0;
}
