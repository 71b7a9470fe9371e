/* What is wrong, or odd, between sessions: their sources, neighbours and interfaces. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "yang/decoder.h"

#define NAME_SIZE 160

static unsigned int session_line(const struct erm_decoder *d, uint32_t session)
{
	return erm_tree_line(d->tree, d->session_nodes[session]);
}

/* The line of a leaf of the session, or the session's own. */
static unsigned int leaf_line(const struct erm_decoder *d, uint32_t session, const char *leaf)
{
	const struct lyd_node *node = erm_decode_child(d->session_nodes[session], leaf);

	return node ? erm_tree_line(d->tree, node) : session_line(d, session);
}

static bool is_remote(const struct erm_config *config, const struct erm_session_config *session)
{
	return config->connections[session->connection].remote_agent;
}

/* Who is asked for the state of the sessions of a router, and is believed. */
static bool is_authority(enum erm_source_type type)
{
	return type == ERM_SOURCE_TYPE_FRR || type == ERM_SOURCE_TYPE_BIRD ||
	       type == ERM_SOURCE_TYPE_OPENBGPD || type == ERM_SOURCE_TYPE_SNMP;
}

/* Who speaks for a session that does not say so. */
struct usual_sources {
	uint32_t sources[ERM_SESSION_SOURCES_MAX], n;
	uint32_t authorities[2], n_authorities; /* the first two */
};

static void usual_add(struct usual_sources *u, const struct erm_config *config,
		      enum erm_source_type type)
{
	for (uint32_t i = 0; i < config->n_sources && u->n < ERM_SESSION_SOURCES_MAX; i++) {
		if (config->sources[i].type == type)
			u->sources[u->n++] = i;
	}
}

static struct usual_sources usual_sources(const struct erm_config *config)
{
	struct usual_sources u = { 0 };

	for (uint32_t i = 0; i < config->n_sources; i++) {
		if (is_authority(config->sources[i].type) && u.n_authorities++ < 2)
			u.authorities[u.n_authorities - 1] = i;
	}
	if (u.n_authorities > 0)
		u.sources[u.n++] = u.authorities[0];
	usual_add(&u, config, ERM_SOURCE_TYPE_BMP);
	/* The sockets of a router elsewhere are not here. */
	if (u.n_authorities == 0 || config->sources[u.authorities[0]].type != ERM_SOURCE_TYPE_SNMP)
		usual_add(&u, config, ERM_SOURCE_TYPE_SOCK_DIAG);
	return u;
}

static void report_no_source(struct erm_decoder *d, uint32_t session, const struct usual_sources *u)
{
	char name[NAME_SIZE], hint[NAME_SIZE];
	const struct erm_source_config *sources = d->config->sources;

	(void)erm_tree_name(d->session_nodes[session], name, sizeof(name));
	if (u->n_authorities == 0) {
		erm_report_add(d->report, ERM_REPORT_WARNING, session_line(d, session), "source",
			       "add [source frr] with type = frr",
			       "no router source is configured: [%s] and every other session stays "
			       "unknown",
			       name);
		return;
	}
	(void)snprintf(hint, sizeof(hint), "add source = %s, or source = %s%s",
		       sources[u->authorities[0]].name, sources[u->authorities[1]].name,
		       u->n_authorities > 2 ? ", or another one" : "");
	erm_report_add(d->report, ERM_REPORT_ERROR, session_line(d, session), "source", hint,
		       "[%s] has no \"source\", and there are %u router sources", name,
		       u->n_authorities);
}

/* Those the session names, in its order. */
static int take_named_sources(struct erm_decoder *d, uint32_t at)
{
	for (const struct lyd_node *c = lyd_child(d->session_nodes[at]); c; c = c->next) {
		uint32_t source;
		int r;

		if (strcmp(c->schema->name, "source") != 0)
			continue;
		source = erm_index_find(&d->sources, lyd_get_value(c));
		if (source == ERM_INDEX_NONE)
			return -EPROTO; /* the references have been checked */
		r = erm_session_add_source(d->config, at, source);
		if (r < 0)
			return r;
	}
	return 0;
}

static int resolve_sources(struct erm_decoder *d)
{
	struct usual_sources usual = usual_sources(d->config);
	bool is_said = false;

	for (uint32_t i = 0; i < d->config->n_sessions; i++) {
		struct erm_session_config *session = &d->config->sessions[i];
		int r = take_named_sources(d, i);

		if (r < 0)
			return r;
		if (session->n_sources > 0 || is_remote(d->config, session))
			continue;
		if (usual.n_authorities > 1 || (usual.n == 0 && !is_said))
			report_no_source(d, i, &usual);
		is_said = true;
		for (uint32_t k = 0; k < usual.n && usual.n_authorities < 2 && r >= 0; k++)
			r = erm_session_add_source(d->config, i, usual.sources[k]);
		if (r < 0)
			return r;
	}
	return 0;
}

struct neighbor {
	const struct erm_session_config *session;
	uint32_t index, source;
};

static int neighbor_compare(const void *a, const void *b)
{
	const struct neighbor *x = a, *y = b;
	char x_text[ERM_ADDR_STRLEN], y_text[ERM_ADDR_STRLEN];
	int c;

	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	c = strcmp(erm_addr_format(&x->session->neighbor, x_text),
		   erm_addr_format(&y->session->neighbor, y_text));
	if (c != 0)
		return c;
	return x->index < y->index ? -1 : 1;
}

/* A source has one VRF, so two sessions of it with one neighbour are the same session. */
static int check_neighbors(struct erm_decoder *d)
{
	struct neighbor *neighbors _cleanup_free_ =
		calloc((size_t)d->config->n_sessions + 1, sizeof(*neighbors));
	uint32_t n = 0;

	if (!neighbors)
		return -ENOMEM;
	for (uint32_t i = 0; i < d->config->n_sessions; i++) {
		if (d->config->sessions[i].n_sources > 0)
			neighbors[n++] = (struct neighbor){ &d->config->sessions[i], i,
							    erm_session_source(d->config, i) };
	}
	qsort(neighbors, n, sizeof(*neighbors), neighbor_compare);
	for (uint32_t i = 1; i < n; i++) {
		const struct neighbor *a = &neighbors[i - 1], *b = &neighbors[i], *swap = a;
		char name[NAME_SIZE], text[ERM_ADDR_STRLEN];

		if (a->source != b->source ||
		    !erm_addr_equal(&a->session->neighbor, &b->session->neighbor))
			continue;
		/* The later one in the file is the wrong one. */
		if (session_line(d, a->index) > session_line(d, b->index)) {
			a = b;
			b = swap;
		}
		erm_report_add(d->report, ERM_REPORT_ERROR, leaf_line(d, b->index, "neighbor"),
			       erm_addr_format(&b->session->neighbor, text),
			       "every session has a neighbor of its own, or another source",
			       "source %s knows neighbor %s once, but [%s] in line %u has it too",
			       d->config->sources[a->source].name, text,
			       erm_tree_name(d->session_nodes[a->index], name, sizeof(name)),
			       session_line(d, a->index));
	}
	return 0;
}

/*
 * Microsoft has the second usable address of each /30 and /126, the customer the
 * first.  A provider that runs the BGP has addresses of its own.
 */
static void check_half(struct erm_decoder *d, uint32_t index)
{
	const struct erm_session_config *session = &d->config->sessions[index];
	struct erm_addr right = session->neighbor;
	char is[ERM_ADDR_STRLEN], should[ERM_ADDR_STRLEN], hint[NAME_SIZE];
	uint8_t *last =
		right.family == AF_INET ? (uint8_t *)&right.v4 + 3 : (uint8_t *)&right.v6 + 15;
	unsigned int half = *last & 3U;

	switch (d->config->circuits[session->circuit].model) {
	case ERM_MODEL_CLOUD_EXCHANGE:
	case ERM_MODEL_POINT_TO_POINT:
	case ERM_MODEL_DIRECT:
		break;
	case ERM_MODEL_MANAGED_L3:
	case ERM_MODEL_ANY_TO_ANY:
	case ERM_MODEL_MAX:
		return;
	}
	if (half != 1)
		return;
	*last = (uint8_t)((*last & ~3U) | 2U);
	(void)snprintf(hint, sizeof(hint), "Microsoft's is %s", erm_addr_format(&right, should));
	erm_report_add(d->report, ERM_REPORT_WARNING, leaf_line(d, index, "neighbor"),
		       erm_addr_format(&session->neighbor, is), hint,
		       "neighbor %s is the customer's address of its /%d", is,
		       right.family == AF_INET ? 30 : 126);
}

static void check_interfaces(struct erm_decoder *d, const struct erm_circuit_config *circuit)
{
	const struct erm_connection_config *a = &d->config->connections[circuit->first_connection];

	if (circuit->n_connections < 2 || a[0].interface == ERM_NO_INDEX ||
	    a[0].interface != a[1].interface)
		return;
	erm_report_add(
		d->report, ERM_REPORT_WARNING,
		erm_tree_line(d->tree, d->connection_nodes[circuit->first_connection + 1]),
		d->config->interfaces[a[0].interface].name,
		"give each connection an interface of its own, or expect both to fail together",
		"both connections of circuit %s are on interface %s", circuit->name,
		d->config->interfaces[a[0].interface].name);
}

int erm_decode_sessions_check(struct erm_decoder *d)
{
	int r = resolve_sources(d);

	if (r < 0)
		return r;
	for (uint32_t i = 0; i < d->config->n_circuits; i++)
		check_interfaces(d, &d->config->circuits[i]);
	for (uint32_t i = 0; i < d->config->n_sessions; i++) {
		check_half(d, i);
		if (d->config->sessions[i].peering == ERM_PEERING_AZURE_PUBLIC) {
			erm_report_add(d->report, ERM_REPORT_WARNING, session_line(d, i),
				       erm_peering_name(ERM_PEERING_AZURE_PUBLIC),
				       "use microsoft or private",
				       "Azure public peering was retired in 2024");
		}
	}
	return check_neighbors(d);
}
