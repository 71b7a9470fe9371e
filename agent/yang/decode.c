/* Values, the agent and the sources. */
#include "yang/decode.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "yang/decoder.h"

/* The only defaults that depend on another leaf of the entry, so that the module cannot state them. */
static const struct type_defaults {
	usec_t poll_usec, stale_after_usec;
	const char *socket;
} type_defaults[ERM_SOURCE_TYPE_MAX] = {
	[ERM_SOURCE_TYPE_RTNL] = { 100 * ERM_USEC_PER_MSEC, 0, NULL },
	[ERM_SOURCE_TYPE_FRR] = { ERM_USEC_PER_SEC, 0, "/var/run/frr/bgpd.vty" },
	[ERM_SOURCE_TYPE_SOCK_DIAG] = { 250 * ERM_USEC_PER_MSEC, 0, NULL },
	[ERM_SOURCE_TYPE_BMP] = { ERM_USEC_PER_SEC, 30 * ERM_USEC_PER_SEC, NULL },
	[ERM_SOURCE_TYPE_BIRD] = { ERM_USEC_PER_SEC, 0, "/run/bird/bird.ctl" },
	[ERM_SOURCE_TYPE_OPENBGPD] = { ERM_USEC_PER_SEC, 0, "/run/openbgpd/bgpd.rsock" },
	[ERM_SOURCE_TYPE_SNMP] = { 5 * ERM_USEC_PER_SEC, 0, NULL },
	[ERM_SOURCE_TYPE_NEIGHBOR] = { 5 * ERM_USEC_PER_SEC, 0, NULL },
	[ERM_SOURCE_TYPE_ETHTOOL] = { 30 * ERM_USEC_PER_SEC, 0, NULL },
};

#define STALE_MIN_USEC (3 * ERM_USEC_PER_SEC)

const struct lyd_node *erm_decode_child(const struct lyd_node *node, const char *name)
{
	for (const struct lyd_node *c = lyd_child(node); c; c = c->next) {
		if (strcmp(c->schema->name, name) == 0)
			return c;
	}
	return NULL;
}

const char *erm_decode_text(const struct lyd_node *node, const char *name)
{
	const struct lyd_node *c = erm_decode_child(node, name);

	return c ? lyd_get_value(c) : NULL;
}

uint32_t erm_decode_u32(const struct lyd_node *node, const char *name)
{
	const char *text = erm_decode_text(node, name);

	return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

int erm_decode_enum(const struct lyd_node *node, const char *name)
{
	const struct lyd_node *c = erm_decode_child(node, name);

	/* The numbers of the module's enumerations are those of core/types.h; a test compares them. */
	return c ? ((const struct lyd_node_term *)(const void *)c)->value.enum_item->value : 0;
}

bool erm_decode_bool(const struct lyd_node *node, const char *name)
{
	const struct lyd_node *c = erm_decode_child(node, name);

	return c && ((const struct lyd_node_term *)(const void *)c)->value.boolean;
}

usec_t erm_decode_usec(const struct lyd_node *node, const char *name)
{
	const struct lyd_node *c = erm_decode_child(node, name);

	/* Typedef seconds: three decimals, never negative. */
	return c ? (usec_t)((const struct lyd_node_term *)(const void *)c)->value.dec64 *
			       ERM_USEC_PER_MSEC
		 : 0;
}

int erm_decode_string(const struct lyd_node *node, const char *name, char **ret)
{
	const char *text = erm_decode_text(node, name);
	char *copy = NULL;

	if (text) {
		copy = strdup(text);
		if (!copy)
			return -ENOMEM;
	}
	*ret = copy;
	return 0;
}

uint32_t erm_decode_count(const struct lyd_node *node, const char *list)
{
	uint32_t n = 0;

	for (const struct lyd_node *c = lyd_child(node); c; c = c->next)
		n += strcmp(c->schema->name, list) == 0;
	return n;
}

/* The host's name in the alphabet of typedef name. */
static char *agent_name(const char *host_name)
{
	char *name = strndup(host_name && host_name[0] ? host_name : "localhost", ERM_NAME_MAX - 1);

	for (char *p = name; p && *p; p++) {
		if (!isalnum((unsigned char)*p) && !strchr("._/-", *p))
			*p = '-';
	}
	return name;
}

static int decode_agent(struct erm_decoder *d, const char *host_name)
{
	struct erm_agent_config *agent = &d->config->agent;
	const struct lyd_node *node = erm_decode_child(d->tree->root, "agent");
	const char *socket = erm_decode_text(node, "agentx-socket");
	int r = erm_decode_string(node, "name", &agent->name);

	if (r < 0)
		return r;
	if (!agent->name)
		agent->name = agent_name(host_name);
	free(agent->agentx_address);
	agent->agentx_address = NULL;
	if (!agent->name ||
	    asprintf(&agent->agentx_address, "%s%s", socket[0] == '/' ? "unix:" : "", socket) < 0)
		return -ENOMEM;
	agent->min_interval_usec = erm_decode_usec(node, "min-interval");
	agent->reminder_usec = erm_decode_usec(node, "reminder-interval");
	agent->heartbeat_usec = erm_decode_usec(node, "heartbeat-interval");
	agent->not_redundant_minor_usec = erm_decode_usec(node, "not-redundant-escalation");
	agent->flap_suppress = erm_decode_u32(node, "flap-suppress");
	agent->flap_reuse = erm_decode_u32(node, "flap-reuse");
	agent->flap_half_life_usec = erm_decode_usec(node, "flap-half-life");
	agent->flap_max_suppress_usec = erm_decode_usec(node, "flap-max-suppress");
	agent->optical_days = erm_decode_u32(node, "optical-days");
	agent->snmp_enabled = erm_decode_bool(node, "snmp");
	agent->agentx_ping_usec = erm_decode_usec(node, "agentx-ping-interval");
	r = erm_decode_string(node, "operator-group", &agent->operator_group);
	if (r < 0)
		return r;

	node = erm_decode_child(d->tree->root, "hold");
	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++) {
		const struct lyd_node *hold = erm_decode_child(node, erm_alarm_type_name(t));

		agent->hold[t].raise_usec = erm_decode_usec(hold, "raise");
		agent->hold[t].clear_usec = erm_decode_usec(hold, "clear");
	}
	return 0;
}

static usec_t stale_after(const struct lyd_node *node, const struct erm_source_config *source)
{
	usec_t usec = type_defaults[source->type].stale_after_usec;

	if (erm_decode_child(node, "stale-after"))
		return erm_decode_usec(node, "stale-after");
	if (usec == 0)
		usec = 3 * source->poll_usec;
	return usec > STALE_MIN_USEC ? usec : STALE_MIN_USEC;
}

static int source_texts(const struct lyd_node *node, struct erm_source_config *source)
{
	const char *socket = type_defaults[source->type].socket;
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "socket", &source->socket },           { "vrf", &source->vrf },
		{ "listen", &source->listen },           { "address", &source->address },
		{ "credentials", &source->credentials }, { "trap-listen", &source->trap_listen },
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int r = erm_decode_string(node, texts[i].name, texts[i].to);

		if (r < 0)
			return r;
	}
	if (!source->socket && socket) {
		source->socket = strdup(socket);
		if (!source->socket)
			return -ENOMEM;
	}
	return 0;
}

static void check_stale(struct erm_decoder *d, const struct lyd_node *node,
			const struct erm_source_config *source)
{
	if (source->stale_after_usec > source->poll_usec)
		return;
	erm_report_add(d->report, ERM_REPORT_ERROR,
		       erm_tree_line(d->tree, erm_decode_child(node, "stale-after")),
		       erm_decode_text(node, "stale-after"), "give it three poll-intervals",
		       "source %s is read every %g s: stale-after must be longer", source->name,
		       (double)source->poll_usec / (double)ERM_USEC_PER_SEC);
}

static int decode_source(struct erm_decoder *d, const struct lyd_node *node)
{
	struct erm_source_config *source = &d->config->sources[d->config->n_sources];
	int r;

	source->type = (enum erm_source_type)erm_decode_enum(node, "type");
	source->is_implicit = erm_tree_line(d->tree, node) == 0;
	source->poll_usec = type_defaults[source->type].poll_usec;
	if (erm_decode_child(node, "poll-interval"))
		source->poll_usec = erm_decode_usec(node, "poll-interval");
	source->fast_poll_usec = erm_decode_usec(node, "fast-poll-interval");
	source->fast_window_usec = erm_decode_usec(node, "fast-window");
	source->resync_usec = erm_decode_usec(node, "resync-interval");
	source->timeout_usec = erm_decode_usec(node, "timeout");
	source->stale_after_usec = stale_after(node, source);
	source->silent_usec = erm_decode_usec(node, "silent-after");
	source->max_reply_bytes = erm_decode_u32(node, "max-reply");
	source->max_peers = erm_decode_u32(node, "max-peers");
	source->max_routers = erm_decode_u32(node, "max-routers");
	source->is_probing = erm_decode_bool(node, "probe");
	r = erm_decode_string(node, "name", &source->name);
	if (r < 0)
		return r;
	d->config->n_sources++;
	r = source_texts(node, source);
	if (r < 0)
		return r;
	check_stale(d, node, source);
	return erm_index_add(&d->sources, source->name, d->config->n_sources - 1);
}

static int decode_sources(struct erm_decoder *d)
{
	d->config->sources =
		calloc(erm_decode_count(d->tree->root, "source"), sizeof(*d->config->sources));
	if (!d->config->sources)
		return -ENOMEM;
	/* The kernel first, whatever order the file has. */
	for (int is_router = 0; is_router < 2; is_router++) {
		for (const struct lyd_node *c = lyd_child(d->tree->root); c; c = c->next) {
			int r;

			if (strcmp(c->schema->name, "source") != 0 ||
			    (erm_decode_enum(c, "type") != ERM_SOURCE_TYPE_RTNL) != is_router)
				continue;
			r = decode_source(d, c);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int decode_all(struct erm_decoder *d, const char *host_name)
{
	int (*const steps[])(struct erm_decoder *) = {
		decode_sources,    erm_decode_ports, erm_decode_circuits, erm_decode_sessions_check,
		erm_decode_groups,
	};
	int r = decode_agent(d, host_name);

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && r == 0; i++)
		r = steps[i](d);
	return r;
}

int erm_tree_decode(const struct erm_tree *tree, const char *host_name,
		    struct erm_config_report *report, struct erm_config **ret)
{
	struct erm_decoder d = { .tree = tree, .report = report, .config = erm_config_new() };
	int r = d.config ? decode_all(&d, host_name) : -ENOMEM;

	erm_index_done(&d.sources);
	erm_index_done(&d.interfaces);
	erm_index_done(&d.ports);
	erm_index_done(&d.circuits);
	erm_index_done(&d.groups);
	erm_index_done(&d.port_of_interface);
	free(d.connection_nodes);
	free(d.session_nodes);
	if (r == 0 && report->n_errors > 0)
		r = -EINVAL;
	if (r < 0) {
		(void)erm_config_unref(d.config);
		return r;
	}
	*ret = d.config;
	return 0;
}
