/* Port pairs, declared and found, and groups, children before parents. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "yang/decoder.h"

#define NAME_SIZE 160

/* Circuits that share two ports before the two are taken for a pair. */
#define PAIR_CIRCUITS_MIN 2

enum visit { VISIT_NEW = 0, VISIT_OPEN, VISIT_DONE, VISIT_REPORTED };

struct group_sort {
	struct erm_decoder *d;
	const struct lyd_node **nodes; /* lists group, in the order of the file */
	struct erm_index by_name;      /* into nodes */
	enum visit *visits;
	uint32_t *positions; /* into config->groups, once done */
	uint32_t *depths;    /* of groups below and the group itself, once done */
	uint32_t n;
};

/* A group or pair takes its name; both kinds share one set of names. */
static int name_take(struct erm_decoder *d, const struct lyd_node *node, const char *name)
{
	uint32_t first = erm_index_find(&d->groups, name);
	unsigned int line = erm_tree_line(d->tree, node);

	if (first == ERM_INDEX_NONE)
		return erm_index_add(&d->groups, name, line);
	erm_report_add(d->report, ERM_REPORT_ERROR, line, name, "groups and port pairs share names",
		       "the name %s is taken by the section in line %u", name, first);
	return 0;
}

static void member_add(struct erm_config *config, enum erm_resource_kind kind, uint32_t index)
{
	config->members[config->n_members++] = (struct erm_group_member){ kind, index };
	config->groups[config->n_groups].n_members++;
}

static void pair_make(struct erm_config *config, uint32_t port1, uint32_t port2)
{
	struct erm_group_config *pair = &config->groups[config->n_groups];

	pair->kind = ERM_GROUP_PORT_PAIR;
	pair->first_member = config->n_members;
	member_add(config, ERM_RESOURCE_PORT, port1);
	member_add(config, ERM_RESOURCE_PORT, port2);
	config->ports[port1].pair = config->n_groups;
	config->ports[port2].pair = config->n_groups;
}

static int decode_pair(struct erm_decoder *d, const struct lyd_node *node)
{
	static const char *const links[] = { "link1", "link2" };
	struct erm_config *config = d->config;
	struct erm_group_config *pair = &config->groups[config->n_groups];
	const char *name = erm_decode_text(node, "name");
	uint32_t ports[2];
	int r;

	for (size_t i = 0; i < 2; i++) {
		const struct lyd_node *link = erm_decode_child(node, links[i]);

		ports[i] = erm_index_find(&d->ports, lyd_get_value(link));
		if (ports[i] == ERM_INDEX_NONE)
			return -EPROTO; /* the references have been checked */
		if (config->ports[ports[i]].pair == ERM_NO_INDEX)
			continue;
		erm_report_add(d->report, ERM_REPORT_ERROR, erm_tree_line(d->tree, link),
			       lyd_get_value(link), "a port is in one pair",
			       "port %s is in port-pair %s already", lyd_get_value(link),
			       config->groups[config->ports[ports[i]].pair].name);
	}
	r = erm_decode_string(node, "name", &pair->name);
	if (r < 0)
		return r;
	pair->min_service = erm_decode_u32(node, "min-service");
	pair->min_redundant = erm_decode_u32(node, "min-redundant");
	pair_make(config, ports[0], ports[1]);
	config->n_groups++;
	r = erm_decode_string(node, "description", &pair->description);
	return r < 0 ? r : name_take(d, node, name);
}

/* "PORT1/PORT2", cut to fit, and counted up while somebody has that name. */
static int implicit_name(struct erm_decoder *d, uint32_t port1, uint32_t port2, char **ret)
{
	const struct erm_port_config *ports = d->config->ports;
	char name[ERM_NAME_MAX];
	int r;

	for (unsigned int i = 0;; i++) {
		if (i == 0) {
			(void)snprintf(name, sizeof(name), "%.31s/%.31s", ports[port1].name,
				       ports[port2].name);
		} else {
			(void)snprintf(name, sizeof(name), "%.28s/%.28s/%u", ports[port1].name,
				       ports[port2].name, i % 10000);
		}
		r = erm_index_add(&d->groups, name, 0);
		if (r != -EEXIST)
			break;
	}
	if (r < 0)
		return r;
	*ret = strdup(name);
	return *ret ? 0 : -ENOMEM;
}

struct port_use { /* of a circuit: the ports of its two connections, the lower position first */
	uint32_t low, high;
	uint32_t primary;
	uint32_t circuit;
};

static int port_use_compare(const void *a, const void *b)
{
	const struct port_use *x = a, *y = b;

	if (x->low != y->low)
		return x->low < y->low ? -1 : 1;
	if (x->high != y->high)
		return x->high < y->high ? -1 : 1;
	return x->circuit < y->circuit ? -1 : 1;
}

static uint32_t port_uses(const struct erm_config *config, struct port_use *uses)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < config->n_circuits; i++) {
		const struct erm_circuit_config *circuit = &config->circuits[i];
		const struct erm_connection_config *c =
			&config->connections[circuit->first_connection];
		uint32_t a, b;

		if (circuit->n_connections != 2)
			continue;
		a = c[0].port;
		b = c[1].port;
		if (a == ERM_NO_INDEX || b == ERM_NO_INDEX || a == b)
			continue;
		uses[n++] = (struct port_use){ a < b ? a : b, a < b ? b : a, a, i };
	}
	return n;
}

/* Ports that several circuits have as their two legs fail and come back for all of them: one alarm, not many. */
static int find_pairs(struct erm_decoder *d)
{
	struct erm_config *config = d->config;
	struct port_use *uses _cleanup_free_ =
		calloc((size_t)config->n_circuits + 1, sizeof(*uses));
	uint32_t n, run;

	if (!uses)
		return -ENOMEM;
	n = port_uses(config, uses);
	qsort(uses, n, sizeof(*uses), port_use_compare);
	for (uint32_t i = 0; i < n; i += run) {
		struct erm_group_config *pair = &config->groups[config->n_groups];
		uint32_t other = uses[i].primary == uses[i].low ? uses[i].high : uses[i].low;
		int r;

		for (run = 1; i + run < n && uses[i + run].low == uses[i].low &&
			      uses[i + run].high == uses[i].high;)
			run++;
		if (run < PAIR_CIRCUITS_MIN || config->ports[uses[i].low].pair != ERM_NO_INDEX ||
		    config->ports[uses[i].high].pair != ERM_NO_INDEX)
			continue;
		r = implicit_name(d, uses[i].primary, other, &pair->name);
		if (r < 0)
			return r;
		pair->is_implicit = true;
		pair->min_service = 1;
		pair->min_redundant = 2;
		pair_make(config, uses[i].primary, other);
		config->n_groups++;
	}
	return 0;
}

/* Makes the config's group from node, whose child groups are done. */
static int group_finish(struct group_sort *s, uint32_t at)
{
	struct erm_config *config = s->d->config;
	struct erm_group_config *group = &config->groups[config->n_groups];
	const struct lyd_node *node = s->nodes[at];
	int r;

	group->kind = ERM_GROUP_CIRCUITS;
	group->first_member = config->n_members;
	for (const struct lyd_node *c = lyd_child(node); c; c = c->next) {
		if (strcmp(c->schema->name, "circuit") == 0) {
			member_add(config, ERM_RESOURCE_CIRCUIT,
				   erm_index_find(&s->d->circuits, lyd_get_value(c)));
		} else if (strcmp(c->schema->name, "group") == 0) {
			member_add(config, ERM_RESOURCE_GROUP,
				   s->positions[erm_index_find(&s->by_name, lyd_get_value(c))]);
		}
	}
	group->min_service = erm_decode_u32(node, "min-service");
	group->min_redundant = erm_decode_u32(node, "min-redundant");
	if (group->min_redundant == 0)
		group->min_redundant = group->n_members < 2 ? 1 : 2;
	if (group->min_redundant < group->min_service)
		group->min_redundant = group->min_service;
	r = erm_decode_string(node, "name", &group->name);
	if (r < 0)
		return r;
	s->positions[at] = config->n_groups++;
	return erm_decode_string(node, "description", &group->description);
}

static void report_member(struct group_sort *s, const struct lyd_node *member, const char *what)
{
	const char *name = lyd_get_value(lyd_child(lyd_parent(member)));

	erm_report_add(s->d->report, ERM_REPORT_ERROR, erm_tree_line(s->d->tree, member),
		       lyd_get_value(member), "take one of the members out", "group %s: %s", name,
		       what);
}

/* One member group: false and an error when it must not be one. */
static bool member_check(struct group_sort *s, uint32_t at, const struct lyd_node *node)
{
	uint32_t member = erm_index_find(&s->by_name, lyd_get_value(node));
	char what[NAME_SIZE];

	if (s->visits[member] == VISIT_REPORTED)
		return false;
	if (s->visits[member] == VISIT_OPEN) {
		(void)snprintf(what, sizeof(what),
			       "its member %.60s is in it and contains it: a cycle",
			       lyd_get_value(node));
		report_member(s, node, what);
		return false;
	}
	/* Not visited: too far below the first one.  Visited: too much below it. */
	if (s->visits[member] == VISIT_NEW || s->depths[member] >= ERM_GROUP_DEPTH_MAX) {
		report_member(s, node, "groups are nested more than 32 deep");
		return false;
	}
	if (s->depths[at] <= s->depths[member])
		s->depths[at] = s->depths[member] + 1;
	return true;
}

/* Depth first.  A group with an error is not made, nor one that has it as a member. */
static int group_visit(struct group_sort *s, uint32_t at, unsigned int depth)
{
	bool is_good = true;

	s->visits[at] = VISIT_OPEN;
	s->depths[at] = 1;
	for (const struct lyd_node *c = lyd_child(s->nodes[at]); c; c = c->next) {
		uint32_t member;
		int r;

		if (strcmp(c->schema->name, "group") != 0)
			continue;
		member = erm_index_find(&s->by_name, lyd_get_value(c));
		if (s->visits[member] == VISIT_NEW && depth < ERM_GROUP_DEPTH_MAX) {
			r = group_visit(s, member, depth + 1);
			if (r < 0)
				return r;
		}
		is_good = member_check(s, at, c) && is_good;
	}
	s->visits[at] = is_good ? VISIT_DONE : VISIT_REPORTED;
	return is_good ? group_finish(s, at) : 0;
}

static int decode_circuit_groups(struct group_sort *s)
{
	struct erm_decoder *d = s->d;
	int r = 0;

	s->n = erm_decode_count(d->tree->root, "group");
	s->nodes = calloc((size_t)s->n + 1, sizeof(const struct lyd_node *));
	s->visits = calloc((size_t)s->n + 1, sizeof(*s->visits));
	s->positions = calloc((size_t)s->n + 1, sizeof(*s->positions));
	s->depths = calloc((size_t)s->n + 1, sizeof(*s->depths));
	if (!s->nodes || !s->visits || !s->positions || !s->depths)
		return -ENOMEM;

	s->n = 0;
	for (const struct lyd_node *c = lyd_child(d->tree->root); c && r == 0; c = c->next) {
		if (strcmp(c->schema->name, "group") != 0)
			continue;
		r = name_take(d, c, erm_decode_text(c, "name"));
		if (r == 0)
			r = erm_index_add(&s->by_name, erm_decode_text(c, "name"), s->n);
		s->nodes[s->n++] = c;
	}
	for (uint32_t i = 0; i < s->n && r == 0; i++) {
		if (s->visits[i] == VISIT_NEW)
			r = group_visit(s, i, 1);
	}
	return r;
}

static int groups_alloc(struct erm_decoder *d)
{
	const struct lyd_node *root = d->tree->root;
	struct erm_config *config = d->config;
	/* A found pair takes two circuits, and each pair two members. */
	size_t n_pairs = (size_t)erm_decode_count(root, "port-pair") + config->n_circuits;
	size_t n_members = n_pairs * 2;

	for (const struct lyd_node *c = lyd_child(root); c; c = c->next) {
		if (strcmp(c->schema->name, "group") == 0)
			n_members += (size_t)erm_decode_count(c, "circuit") +
				     erm_decode_count(c, "group");
	}
	config->groups =
		calloc(n_pairs + erm_decode_count(root, "group") + 1, sizeof(*config->groups));
	config->members = calloc(n_members + 1, sizeof(*config->members));
	return config->groups && config->members ? 0 : -ENOMEM;
}

int erm_decode_groups(struct erm_decoder *d)
{
	struct group_sort sort = { .d = d };
	int r = groups_alloc(d);

	for (const struct lyd_node *c = lyd_child(d->tree->root); c && r == 0; c = c->next) {
		if (strcmp(c->schema->name, "port-pair") == 0)
			r = decode_pair(d, c);
	}
	if (r == 0)
		r = decode_circuit_groups(&sort);
	/* Last, so that a name in the file is never taken by a pair that was found. */
	if (r == 0 && d->report->n_errors == 0)
		r = find_pairs(d);
	erm_index_done(&sort.by_name);
	free(sort.nodes);
	free(sort.visits);
	free(sort.positions);
	free(sort.depths);
	return r;
}
