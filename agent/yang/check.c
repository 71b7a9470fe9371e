/* Walks the data next to the schema. */
#include "yang/check.h"

#include <errno.h>
#include <libyang/libyang.h>
#include <libyang/version.h>
#include <stdio.h>
#include <string.h>

#include "core/types.h"
#include "yang/ctx.h"
#include "yang/nearest.h"

#define KERNEL_SOURCE "kernel"
#define NAME_SIZE     160

#if LY_VERSION_MAJOR >= 3
#define ERROR_PATH(item) ((item)->data_path)
#else
#define ERROR_PATH(item) ((item)->path)
#endif

struct checker {
	struct erm_tree *tree;
	struct erm_config_report *report;
	const struct lyd_node *failed; /* the last entry that is against a rule of its own */
};

static bool is_term(const struct lyd_node *node)
{
	return node->schema->nodetype & (LYS_LEAF | LYS_LEAFLIST);
}

/* An entry nobody wrote: the implicit source, or the missing parent of a section. */
static bool is_made_up(const struct checker *c, const struct lyd_node *node)
{
	return node->schema->nodetype == LYS_LIST && erm_tree_own_line(c->tree, node) == 0;
}

static const char *word_of(const struct lyd_node *node)
{
	if (is_term(node))
		return lyd_get_value(node);
	if (node->schema->nodetype == LYS_LIST)
		return lyd_get_value(lyd_child(node));
	return node->schema->name;
}

static void report_rule(struct checker *c, const struct lyd_node *node, const char *message)
{
	unsigned int line = erm_tree_line(c->tree, node);
	char name[NAME_SIZE];

	(void)erm_tree_name(node, name, sizeof(name));
	if (is_term(node)) {
		erm_report_add(c->report, ERM_REPORT_ERROR, line, word_of(node), NULL,
			       "%s = %.60s%s in [%s]: %s", node->schema->name, word_of(node),
			       node->flags & LYD_DEFAULT ? " (the default)" : "", name, message);
	} else {
		erm_report_add(c->report, ERM_REPORT_ERROR, line, word_of(node), NULL, "[%s]: %s",
			       name, message);
	}
}

static int check_musts(struct checker *c, const struct lyd_node *node)
{
	struct lysc_must *musts = lysc_node_musts(node->schema);
	LY_ARRAY_COUNT_TYPE u;

	LY_ARRAY_FOR(musts, u) {
		ly_bool is_true = 0;

		if (lyd_eval_xpath(node, lyxp_get_expr(musts[u].cond), &is_true) != LY_SUCCESS)
			return -EPROTO;
		if (!is_true)
			report_rule(c, node,
				    musts[u].emsg ? musts[u].emsg : lyxp_get_expr(musts[u].cond));
	}
	return 0;
}

/* A key that has no meaning here: socket for the kernel. */
static int check_whens(struct checker *c, const struct lyd_node *node, bool *ret_is_true)
{
	struct lysc_when **whens = lysc_node_when(node->schema);
	char name[NAME_SIZE];
	LY_ARRAY_COUNT_TYPE u;

	*ret_is_true = true;
	LY_ARRAY_FOR(whens, u) {
		ly_bool is_true = 0;

		if (lyd_eval_xpath(node, lyxp_get_expr(whens[u]->cond), &is_true) != LY_SUCCESS)
			return -EPROTO;
		if (is_true)
			continue;
		*ret_is_true = false;
		if (node->flags & LYD_DEFAULT)
			continue;
		erm_report_add(c->report, ERM_REPORT_ERROR, erm_tree_line(c->tree, node),
			       node->schema->name, whens[u]->dsc ? whens[u]->dsc : "leave it out",
			       "\"%s\" has no meaning in [%s]", node->schema->name,
			       erm_tree_name(node, name, sizeof(name)));
	}
	return 0;
}

/* The list a leafref points into: "port" of ../../port/name.  False: the node is no leafref. */
static bool reference_list(const struct lyd_node *node, char *buf, size_t size)
{
	const struct lysc_type *type =
		node->schema->nodetype == LYS_LEAF
			? ((const struct lysc_node_leaf *)(const void *)node->schema)->type
			: ((const struct lysc_node_leaflist *)(const void *)node->schema)->type;
	const char *path, *end, *start;

	if (type->basetype != LY_TYPE_LEAFREF)
		return false;
	path = lyxp_get_expr(((const struct lysc_type_leafref *)(const void *)type)->path);
	end = strrchr(path, '/');
	if (!end)
		return false;
	for (start = end; start > path && start[-1] != '/'; start--)
		;
	(void)snprintf(buf, size, "%.*s", (int)(end - start), start);
	return true;
}

static void check_reference(struct checker *c, const struct lyd_node *node)
{
	const char *value = lyd_get_value(node);
	struct erm_nearest nearest = erm_nearest_init(value);
	char hint[NAME_SIZE * 2], list[64];

	if (!reference_list(node, list, sizeof(list)) || erm_tree_find(c->tree, list, value))
		return;
	for (uint32_t i = 0; i < c->tree->n_entries; i++) {
		const struct erm_tree_entry *entry = &c->tree->entries[i];

		if (entry->line > 0 && strcmp(entry->node->schema->name, list) == 0)
			erm_nearest_offer(&nearest, lyd_get_value(lyd_child(entry->node)));
	}
	if (nearest.best) {
		(void)snprintf(hint, sizeof(hint), "did you mean \"%s\"? Or add [%s %.60s]",
			       nearest.best, list, value);
	} else {
		(void)snprintf(hint, sizeof(hint), "add [%s %.60s]", list, value);
	}
	erm_report_add(c->report, ERM_REPORT_ERROR, erm_tree_line(c->tree, node), value, hint,
		       "%s = %.60s: there is no section [%s %.60s]", node->schema->name, value,
		       list, value);
}

static void check_mandatory(struct checker *c, const struct lyd_node *entry)
{
	char name[NAME_SIZE], hint[NAME_SIZE];

	for (const struct lysc_node *n = lysc_node_child(entry->schema); n; n = n->next) {
		struct lyd_node *found = NULL;

		if (!(n->flags & LYS_MAND_TRUE) || !(n->flags & LYS_CONFIG_W) || lysc_is_key(n))
			continue;
		(void)lyd_find_sibling_val(lyd_child(entry), n, NULL, 0, &found);
		/* A refused value has been reported already. */
		if (found || erm_tree_child_line(c->tree, entry, n) > 0)
			continue;
		(void)snprintf(hint, sizeof(hint), "add %s = ...", n->name);
		erm_report_add(c->report, ERM_REPORT_ERROR, erm_tree_line(c->tree, entry), n->name,
			       hint, "[%s] has no \"%s\"", erm_tree_name(entry, name, sizeof(name)),
			       n->name);
	}
}

/* More instances of a list or values than the module allows: said once, at the first one too many. */
static void check_limit(struct checker *c, const struct lyd_node *first)
{
	const bool is_list = first->schema->nodetype == LYS_LIST;
	const uint32_t max =
		is_list ? ((const struct lysc_node_list *)(const void *)first->schema)->max
			: ((const struct lysc_node_leaflist *)(const void *)first->schema)->max;
	uint32_t n = 0;

	for (const struct lyd_node *i = first; i && i->schema == first->schema; i = i->next) {
		if (++n <= max)
			continue;
		erm_report_add(c->report, ERM_REPORT_ERROR, erm_tree_line(c->tree, i), word_of(i),
			       NULL, "there are more than %u %s%s%s", max,
			       is_list ? "sections [" : "values of ", first->schema->name,
			       is_list ? "]" : "");
		return;
	}
}

static int check_node(struct checker *c, const struct lyd_node *node)
{
	unsigned int n_errors;
	bool is_true = true;
	int r;

	if (!is_made_up(c, node)) {
		r = check_whens(c, node, &is_true);
		if (r < 0 || !is_true)
			return r;
		n_errors = c->report->n_errors;
		/* A default is against a rule only because of what its entry has wrong. */
		if (!(node->flags & LYD_DEFAULT) || !is_term(node) || c->failed != lyd_parent(node))
			r = check_musts(c, node);
		if (r < 0)
			return r;
		if (c->report->n_errors > n_errors && !is_term(node))
			c->failed = node;
		if (is_term(node) && c->report->n_errors == n_errors)
			check_reference(c, node);
		if (node->schema->nodetype == LYS_LIST)
			check_mandatory(c, node);
	}
	for (const struct lyd_node *child = lyd_child_no_keys(node); child; child = child->next) {
		r = check_node(c, child);
		if (r < 0)
			return r;
		if ((child->schema->nodetype & (LYS_LIST | LYS_LEAFLIST)) &&
		    (!child->prev->next || child->prev->schema != child->schema))
			check_limit(c, child);
		if (c->report->n_errors >= ERM_SECTION_ERRORS_MAX)
			return 0;
	}
	return 0;
}

/* True when an entry of the list source has this name or type. */
static bool has_source(const struct erm_tree *tree, const char *name, enum erm_source_type type)
{
	for (const struct lyd_node *n = lyd_child(tree->root); n; n = n->next) {
		struct lyd_node *leaf = NULL;

		if (strcmp(n->schema->name, "source") != 0)
			continue;
		(void)lyd_find_path(n, "type", 0, &leaf);
		if ((leaf && strcmp(lyd_get_value(leaf), erm_source_type_name(type)) == 0) ||
		    (name && strcmp(lyd_get_value(lyd_child(n)), name) == 0))
			return true;
	}
	return false;
}

static int implicit_source_add(struct erm_tree *tree, const char *name, enum erm_source_type type)
{
	struct lyd_node *node = NULL;

	if (has_source(tree, name, type))
		return 0;
	if (lyd_new_list(tree->root, NULL, "source", 0, &node, name) != LY_SUCCESS ||
	    lyd_new_term(node, NULL, "type", erm_source_type_name(type), 0, NULL) != LY_SUCCESS)
		return -ENOMEM;
	return 0;
}

static bool has_interface(const struct erm_tree *tree)
{
	struct ly_set *set = NULL;
	bool is_there = lyd_find_xpath(tree->root, "circuit/connection[interface or port][session]",
				       &set) == LY_SUCCESS &&
			set->count > 0;

	ly_set_free(set, NULL);
	return is_there;
}

/*
 * What costs nothing and needs no right is read in any case: the kernel's links, the
 * sockets of a router on this host, and who answers below the sessions.
 */
static int implicit_sources_add(struct erm_tree *tree)
{
	int r = implicit_source_add(tree, KERNEL_SOURCE, ERM_SOURCE_TYPE_RTNL);

	if (r >= 0 && (has_source(tree, NULL, ERM_SOURCE_TYPE_FRR) ||
		       has_source(tree, NULL, ERM_SOURCE_TYPE_BIRD) ||
		       has_source(tree, NULL, ERM_SOURCE_TYPE_OPENBGPD)))
		r = implicit_source_add(tree, "sockets", ERM_SOURCE_TYPE_SOCK_DIAG);
	if (r >= 0 && has_interface(tree))
		r = implicit_source_add(tree, "neighbors", ERM_SOURCE_TYPE_NEIGHBOR);
	return r;
}

/* What libyang alone has found: its words, and the line of the node it names. */
static void report_libyang(struct checker *c, struct ly_ctx *ctx)
{
	const struct ly_err_item *item = ly_err_last(ctx);
	struct lyd_node *node = NULL;
	char why[NAME_SIZE];
	char path[NAME_SIZE * 4] = "";

	if (item && ERROR_PATH(item))
		(void)snprintf(path, sizeof(path), "%s", ERROR_PATH(item));
	erm_yang_take_error(ctx, why, sizeof(why));
	if (path[0] == '/')
		(void)lyd_find_path(c->tree->root, path, 0, &node);
	erm_report_add(c->report, ERM_REPORT_ERROR, node ? erm_tree_line(c->tree, node) : 0,
		       node ? word_of(node) : NULL, NULL, "%s", why[0] ? why : "not valid");
	ly_err_clean(ctx, NULL);
}

int erm_tree_check(struct erm_tree *tree, struct erm_config_report *report)
{
	struct ly_ctx *ctx = erm_yang_node_ctx(tree->root);
	struct checker c = { .tree = tree, .report = report };
	int r = implicit_sources_add(tree);

	if (r < 0)
		return r;
	ly_err_clean(ctx, NULL);
	if (lyd_new_implicit_tree(tree->root, LYD_IMPLICIT_NO_STATE, NULL) != LY_SUCCESS) {
		report_libyang(&c, ctx);
		return 0;
	}
	r = check_node(&c, tree->root);
	ly_err_clean(ctx, NULL);
	if (r < 0 || report->n_errors > 0)
		return r;
	if (lyd_validate_all(&tree->root, NULL, LYD_VALIDATE_NO_STATE | LYD_VALIDATE_PRESENT,
			     NULL) != LY_SUCCESS)
		report_libyang(&c, ctx);
	return 0;
}
