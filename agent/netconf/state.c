#include "netconf/state.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "netconf/compat.h"

/* A tree being built: after a failure everything is ignored. */
struct build {
	const struct erm_models *models;
	struct lyd_node *parent;
	bool is_failed;
};

static void leaf(struct build *b, struct lyd_node *parent, const char *name, const char *value)
{
	b->is_failed = b->is_failed || !parent ||
		       lyd_new_term(parent, NULL, name, value, 0, NULL) != LY_SUCCESS;
}

static void number(struct build *b, struct lyd_node *parent, const char *name, uint32_t value)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%" PRIu32, value);
	leaf(b, parent, name, text);
}

static void date(struct build *b, struct lyd_node *parent, const char *name, usec_t real)
{
	time_t seconds = (time_t)(real / ERM_USEC_PER_SEC);
	struct tm tm = { 0 };
	char text[32] = "";

	(void)gmtime_r(&seconds, &tm);
	(void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	leaf(b, parent, name, text);
}

static struct lyd_node *inner(struct build *b, const char *name)
{
	struct lyd_node *node = NULL;

	b->is_failed = b->is_failed || lyd_new_inner(b->parent, b->models->monitoring, name, 0,
						     &node) != LY_SUCCESS;
	return node;
}

/* Where the modules are on this host is nothing for a client: get-schema has them. */
static void drop_locations(struct lyd_node *tree)
{
	static const char *const paths[] = {
		"/ietf-yang-library:yang-library//location",
		"/ietf-yang-library:modules-state//schema",
	};
	struct ly_set *set = NULL;

	for (size_t i = 0; i < ERM_ELEMENTS(paths); i++) {
		if (lyd_find_xpath(tree, paths[i], &set) != LY_SUCCESS)
			continue;
		for (uint32_t n = 0; n < set->count; n++) {
			if (set->dnodes[n]->schema->nodetype & LYD_NODE_TERM)
				lyd_free_tree(set->dnodes[n]);
		}
		ly_set_free(set, NULL);
	}
}

static int make_library(const struct erm_models *models, struct lyd_node **ret)
{
	static const char *const names[] = { "running", "operational" };
	struct lyd_node *tree = NULL;
	struct lyd_node *library = NULL;
	char path[128];

	if (ly_ctx_get_yanglib_data(models->ctx, &tree, "%s", models->content_id) != LY_SUCCESS)
		return -ENOMEM;
	for (library = tree; library && library->schema->module != models->library;)
		library = library->next;
	for (size_t i = 0; i < ERM_ELEMENTS(names) && library; i++) {
		(void)snprintf(path, sizeof(path),
			       "/ietf-yang-library:yang-library/datastore"
			       "[name='ietf-datastores:%s']/schema",
			       names[i]);
		if (lyd_new_path(tree, NULL, path, "complete", LYD_NEW_PATH_UPDATE, NULL) !=
		    LY_SUCCESS) {
			lyd_free_all(tree);
			return -ENOMEM;
		}
	}
	drop_locations(tree);
	*ret = tree;
	return 0;
}

/* Frees tree. */
static int take_text(struct lyd_node *tree, char **ret)
{
	char *text = NULL;
	LY_ERR r = lyd_print_mem(&text, tree, LYD_JSON,
				 LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | LYD_PRINT_WD_ALL);

	lyd_free_all(tree);
	if (r != LY_SUCCESS || !text)
		return -ENOMEM;
	*ret = text;
	return 0;
}

int erm_state_prepare(struct erm_models *models)
{
	struct lyd_node *tree = NULL;
	int r = make_library(models, &tree);

	return r < 0 ? r : take_text(tree, &models->library_text);
}

int erm_state_streams(const struct erm_models *models, char **ret)
{
	struct build b = { .models = models };
	struct lyd_node *root = NULL;
	struct lyd_node *node = NULL;

	if (lyd_new_inner(NULL, models->streams, "netconf", 0, &root) != LY_SUCCESS)
		return -ENOMEM;
	b.is_failed = lyd_new_inner(root, NULL, "streams", 0, &node) != LY_SUCCESS ||
		      lyd_new_list(node, NULL, "stream", 0, &node, "NETCONF") != LY_SUCCESS;
	leaf(&b, node, "description", "All events of ermond");
	leaf(&b, node, "replaySupport", "true");
	if (b.is_failed) {
		lyd_free_all(root);
		return -ENOMEM;
	}
	return take_text(root, ret);
}

static int add_capability(void *userdata, const char *capability)
{
	struct build *b = userdata;

	leaf(b, b->parent, "capability", capability);
	return 0;
}

static void add_schemas(struct build *b, struct lyd_node *schemas)
{
	const struct lys_module *module;
	struct lyd_node *node = NULL;
	uint32_t i = 0;

	while (!b->is_failed && (module = ly_ctx_get_module_iter(b->models->ctx, &i))) {
		const char *revision = module->revision ? module->revision : "";

		b->is_failed = lyd_new_list(schemas, NULL, "schema", 0, &node, module->name,
					    revision, "yang") != LY_SUCCESS;
		leaf(b, node, "namespace", module->ns);
		leaf(b, node, "location", "NETCONF");
	}
}

static void add_counters(struct build *b, struct lyd_node *parent,
			 const struct erm_nc_counters *counters)
{
	number(b, parent, "in-rpcs", counters->in_rpcs);
	number(b, parent, "in-bad-rpcs", counters->in_bad_rpcs);
	number(b, parent, "out-rpc-errors", counters->out_rpc_errors);
	number(b, parent, "out-notifications", counters->out_notifications);
}

static void add_sessions(struct build *b, struct lyd_node *sessions,
			 const struct erm_channel_message *message)
{
	struct lyd_node *node = NULL;
	char id[16];

	for (uint32_t i = 0; i < message->n_rows && !b->is_failed; i++) {
		const struct erm_nc_row *row = &message->rows[i];

		(void)snprintf(id, sizeof(id), "%" PRIu32, row->id);
		b->is_failed = lyd_new_list(sessions, NULL, "session", 0, &node, id) != LY_SUCCESS;
		/* Mandatory, and sshd is how one gets here. */
		leaf(b, node, "transport", "netconf-ssh");
		leaf(b, node, "username", row->user);
		date(b, node, "login-time", row->login_usec);
		add_counters(b, node, &row->counters);
	}
}

int erm_state_monitoring(const struct erm_models *models,
			 const struct erm_channel_message *sessions, char **ret)
{
	struct build b = { .models = models };
	const struct erm_nc_totals *totals = &sessions->totals;
	struct lyd_node *root = inner(&b, "netconf-state");
	struct lyd_node *node;

	b.parent = root;
	node = inner(&b, "capabilities");
	b.parent = node;
	(void)erm_models_capabilities(models, add_capability, &b);
	b.parent = root;
	node = inner(&b, "datastores");
	b.is_failed = b.is_failed ||
		      lyd_new_list(node, NULL, "datastore", 0, NULL, "running") != LY_SUCCESS;
	add_schemas(&b, inner(&b, "schemas"));
	add_sessions(&b, inner(&b, "sessions"), sessions);
	node = inner(&b, "statistics");
	date(&b, node, "netconf-start-time", totals->start_usec);
	number(&b, node, "in-bad-hellos", totals->in_bad_hellos);
	number(&b, node, "in-sessions", totals->in_sessions);
	number(&b, node, "dropped-sessions", totals->dropped_sessions);
	add_counters(&b, node, &totals->counters);
	if (b.is_failed) {
		lyd_free_all(root);
		return -ENOMEM;
	}
	return take_text(root, ret);
}
