/* Reading: get and get-config of RFC 6241, get-data of RFC 8526, with-defaults of RFC 6243. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/doc_print.h"
#include "netconf/link.h"
#include "netconf/marks.h"
#include "netconf/request.h"
#include "netconf/state.h"
#include "netconf/subtree.h"
#include "netconf/xml.h"

#define XPATH_MAX 1024

/* What is asked for. */
struct query {
	bool has_config, has_state;
	bool has_filter;
	const struct lyd_node *subtree; /* first node of a subtree filter */
	const char *xpath;
	unsigned int depth_max; /* 0 = any */
	enum erm_doc_defaults defaults;
};

/* Data as JSON, each of other modules. */
struct texts {
	char *text[ERM_DOC_TEXTS];
	uint32_t n;
};

static int no_memory(struct erm_request *request)
{
	return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_RESOURCE_DENIED,
			   "out of memory");
}

/* The filter element of get and get-config: RFC 6241, section 7.7. */
static int read_filter(struct erm_request *request, struct query *query)
{
	const struct lyd_node *filter =
		erm_xml_find(erm_xml_child(request->operation), ERM_NC_NS, "filter");
	const struct lyd_node *input = lyd_child(request->input);
	const struct lyd_meta *meta = NULL;
	const char *type = filter ? erm_xml_attribute(filter, "type") : NULL;

	if (!filter)
		return 0;
	query->has_filter = true;
	query->subtree = erm_xml_child(filter);
	if (!type || strcmp(type, "subtree") == 0)
		return 0;
	query->subtree = NULL;
	while (input && strcmp(input->schema->name, "filter") != 0)
		input = input->next;
	/* As libyang has it, with modules' names for prefixes. */
	meta = input ? lyd_find_meta(input->meta, NULL, "ietf-netconf:select") : NULL;
	query->xpath = meta ? lyd_get_meta_value(meta) : NULL;
	if (strcmp(type, "xpath") == 0 && query->xpath)
		return 0;
	(void)erm_nc_fail(&request->error, ERM_NC_PROTOCOL,
			  strcmp(type, "xpath") == 0 ? ERM_NC_MISSING_ATTRIBUTE
						     : ERM_NC_INVALID_VALUE,
			  "A filter is of type subtree, or of type xpath with a select");
	(void)snprintf(request->error.attribute, sizeof(request->error.attribute), "%s",
		       strcmp(type, "xpath") == 0 ? "select" : "type");
	(void)strcpy(request->error.element, "filter");
	return -EINVAL;
}

/* RFC 6243; without the parameter the basic mode, report-all. */
static void read_defaults(const struct erm_request *request, struct query *query)
{
	const char *mode = erm_request_leaf(request, "with-defaults");

	query->defaults = ERM_DOC_REPORT_ALL;
	if (mode && strcmp(mode, "trim") == 0)
		query->defaults = ERM_DOC_TRIM;
	else if (mode && strcmp(mode, "report-all-tagged") == 0)
		query->defaults = ERM_DOC_TAGGED;
}

static int check_defaults(struct erm_request *request)
{
	const char *mode = erm_request_leaf(request, "with-defaults");

	if (!mode || strcmp(mode, "explicit") != 0)
		return 0;
	(void)erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_INVALID_VALUE,
			  "The mode explicit is not supported");
	(void)strcpy(request->error.element, "with-defaults");
	return -EINVAL;
}

/* --- What of ermond's data can matter --- */

static unsigned int parts_of(const struct lyd_node *child)
{
	const char *name = erm_xml_name(child);

	if (strcmp(name, "alarms") == 0)
		return ERM_LINK_ALARMS;
	if (strcmp(name, "events") == 0)
		return ERM_LINK_EVENTS;
	if (strcmp(name, "source") == 0)
		return ERM_LINK_CONFIG | ERM_LINK_SOURCES;
	return ERM_LINK_CONFIG | ERM_LINK_STATE;
}

static unsigned int parts_wanted(const struct query *query)
{
	unsigned int parts = 0;

	if (!query->has_state)
		return ERM_LINK_CONFIG;
	if (!query->subtree)
		return ERM_LINK_ALL;
	for (const struct lyd_node *f = query->subtree; f; f = f->next) {
		if (strcmp(erm_xml_name(f), "ermon") != 0)
			continue;
		if (!erm_xml_child(f))
			return ERM_LINK_ALL;
		for (const struct lyd_node *c = erm_xml_child(f); c; c = c->next)
			parts |= parts_of(c);
	}
	return parts;
}

/* Whether the filter may select anything of the module's only top-level node. */
static bool is_wanted(const struct query *query, const struct lys_module *module, const char *name)
{
	char start[80];

	if (!query->has_filter)
		return true;
	if (!query->xpath)
		return erm_subtree_wants(query->subtree, module->ns, name);
	if (query->xpath[0] != '/' || query->xpath[1] == '/' || query->xpath[1] == '*' ||
	    strpbrk(query->xpath, "|(") || strstr(query->xpath, ".."))
		return true;
	(void)snprintf(start, sizeof(start), "/%s:%s", module->name, name);
	return strncmp(query->xpath, start, strlen(start)) == 0;
}

/* The circuit of "/ermon:ermon/circuit[name='X']...", copied to buf; NULL = another kind. */
static const char *xpath_circuit(const char *xpath, char buf[64])
{
	static const char *const heads[] = {
		"/ermon:ermon/ermon:circuit[ermon:name=",
		"/ermon:ermon/circuit[name=",
	};

	for (size_t i = 0; i < ERM_ELEMENTS(heads); i++) {
		size_t len = strlen(heads[i]);
		const char *end;

		if (strncmp(xpath, heads[i], len) != 0 || !strchr("'\"", xpath[len]))
			continue;
		end = strchr(xpath + len + 1, xpath[len]);
		/* Nothing behind it that could look at something else. */
		if (!end || end[1] != ']' || end - xpath - (long)len > 64 ||
		    strpbrk(end + 2, "|([") || strstr(end, ".."))
			return NULL;
		(void)snprintf(buf, 64, "%.*s", (int)(end - xpath - (long)len - 1),
			       xpath + len + 1);
		return buf;
	}
	return NULL;
}

static int fail_link(struct erm_request *request, int error, const char *detail)
{
	enum erm_nc_tag tag =
		error == -EBUSY || error == -ENOMEM ? ERM_NC_RESOURCE_DENIED : ERM_NC_FAILED;

	(void)erm_nc_fail(&request->error, ERM_NC_APPLICATION, tag, "%s", detail);
	if (error == -ECONNREFUSED || error == -ETIMEDOUT)
		request->error.app_tag = "ermond-away";
	return -EINVAL;
}

static int fail_version(struct erm_request *request)
{
	ly_err_clean(request->env->models->ctx, NULL);
	return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_FAILED,
			   "ermond is of another version than ermon-netconf");
}

static int read_ermond(struct erm_request *request, const struct query *query, struct texts *texts)
{
	char detail[ERM_LINK_DETAIL_MAX] = "";
	char buf[64];
	unsigned int parts = parts_wanted(query);
	const char *circuit = NULL;
	int r;

	if (query->subtree)
		circuit = erm_subtree_only_circuit(query->subtree);
	else if (query->xpath)
		circuit = xpath_circuit(query->xpath, buf);
	if (circuit)
		parts &= ERM_LINK_CONFIG | ERM_LINK_STATE;
	r = erm_link_get(request->env->ctl, parts, circuit, &texts->text[texts->n], detail);
	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return fail_link(request, r, detail);
	texts->n++;
	return 0;
}

static int read_monitoring(struct erm_request *request, char **ret)
{
	_cleanup_free_ struct erm_channel_message *sessions = NULL;
	int r;

	r = erm_channel_list(request->env->channel, &sessions);
	return r < 0 ? r : erm_state_monitoring(request->env->models, sessions, ret);
}

/* All data that the filter may select from; on failure texts are to be freed, too. */
static int read_texts(struct erm_request *request, const struct query *query, struct texts *texts)
{
	const struct erm_models *models = request->env->models;

	if (is_wanted(query, models->ermon, "ermon")) {
		int r = read_ermond(request, query, texts);

		if (r < 0)
			return r;
	}
	if (!query->has_state)
		return 0;
	if (is_wanted(query, models->library, "yang-library") ||
	    is_wanted(query, models->library, "modules-state")) {
		texts->text[texts->n] = strdup(models->library_text);
		if (!texts->text[texts->n])
			return no_memory(request);
		texts->n++;
	}
	if (is_wanted(query, models->streams, "netconf")) {
		if (erm_state_streams(models, &texts->text[texts->n]) < 0)
			return no_memory(request);
		texts->n++;
	}
	if (is_wanted(query, models->monitoring, "netconf-state")) {
		if (read_monitoring(request, &texts->text[texts->n]) < 0)
			return no_memory(request);
		texts->n++;
	}
	return 0;
}

static void free_texts(struct texts *texts)
{
	while (texts->n > 0)
		free(texts->text[--texts->n]);
}

/* --- XPath, which is libyang's: on a tree of its own --- */

static int parse_texts(struct erm_request *request, const struct texts *texts,
		       struct lyd_node **ret)
{
	for (uint32_t i = 0; i < texts->n; i++) {
		struct lyd_node *more = NULL;

		if (lyd_parse_data_mem(request->env->models->ctx, texts->text[i], LYD_JSON,
				       LYD_PARSE_ONLY | LYD_PARSE_STRICT | LYD_PARSE_ORDERED, 0,
				       &more) != LY_SUCCESS)
			return fail_version(request);
		if (!*ret) {
			*ret = more;
		} else if (more && lyd_insert_sibling(*ret, more, ret) != LY_SUCCESS) {
			lyd_free_all(more);
			return no_memory(request);
		}
	}
	return 0;
}

static int select_xpath(struct erm_request *request, const char *xpath, const struct lyd_node *tree,
			struct erm_marks *marks)
{
	struct ly_set *set = NULL;
	char why[300];
	int r = 0;

	if (strlen(xpath) > XPATH_MAX)
		return erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_TOO_BIG,
				   "The expression is too long");
	if (lyd_find_xpath3(NULL, tree, xpath, NULL, &set) != LY_SUCCESS) {
		erm_models_take_error(request->env->models->ctx, why, sizeof(why));
		(void)erm_nc_fail(&request->error, ERM_NC_APPLICATION, ERM_NC_INVALID_VALUE,
				  "The expression selects no nodes: %s", why);
		(void)strcpy(request->error.element, "filter");
		return -EINVAL;
	}
	for (uint32_t i = 0; i < set->count && r == 0; i++)
		r = erm_marks_add(marks, set->dnodes[i], ERM_MARK_ALL);
	ly_set_free(set, NULL);
	return r < 0 ? no_memory(request) : 0;
}

/* texts becomes what is selected of it. */
static int filter_xpath(struct erm_request *request, const char *xpath, struct texts *texts)
{
	struct erm_marks marks = { 0 };
	struct lyd_node *tree = NULL;
	int r = parse_texts(request, texts, &tree);

	free_texts(texts);
	if (r == 0 && tree)
		r = select_xpath(request, xpath, tree, &marks);
	if (r == 0 && tree)
		erm_marks_prune(&marks, tree, &tree);
	erm_marks_done(&marks);
	if (r == 0 && tree) {
		if (lyd_print_mem(&texts->text[0], tree, LYD_JSON,
				  LYD_PRINT_WITHSIBLINGS | LYD_PRINT_SHRINK | LYD_PRINT_WD_ALL) !=
		    LY_SUCCESS)
			r = no_memory(request);
		else
			texts->n = 1;
	}
	lyd_free_all(tree);
	return r;
}

/* --- The answer --- */

static int make_doc(struct erm_request *request, struct texts *texts, struct erm_doc *doc)
{
	int r = 0;

	for (uint32_t i = 0; i < texts->n && r == 0; i++)
		r = erm_doc_add(doc, request->env->models->shape, ERM_TAKE_PTR(texts->text[i]));
	if (r < 0)
		return r == -EPROTO ? fail_version(request) : no_memory(request);
	return 0;
}

static void cut_down(const struct query *query, struct erm_doc *doc)
{
	if (!query->has_config)
		erm_doc_keep_state(doc);
	if (query->has_filter && !query->xpath) {
		(void)erm_subtree_select(query->subtree, doc);
		erm_doc_prune(doc);
	}
	if (query->depth_max)
		erm_doc_cut(doc, query->depth_max);
}

static int answer(struct erm_request *request, struct query *query, const char *ns, FILE *out)
{
	struct texts texts = { 0 };
	struct erm_doc doc = { 0 };
	int r = check_defaults(request);

	read_defaults(request, query);
	if (r == 0)
		r = read_texts(request, query, &texts);
	if (r == 0 && query->xpath)
		r = filter_xpath(request, query->xpath, &texts);
	if (r == 0)
		r = make_doc(request, &texts, &doc);
	if (r == 0) {
		cut_down(query, &doc);
		(void)fprintf(out, "<data xmlns=\"%s\">", ns);
		erm_doc_print(&doc, query->defaults, out);
		(void)fputs("</data>", out);
	}
	free_texts(&texts);
	erm_doc_done(&doc);
	return r;
}

int erm_rpc_get(struct erm_request *request, FILE *out)
{
	struct query query = { .has_config = true, .has_state = true };
	int r = read_filter(request, &query);

	return r < 0 ? r : answer(request, &query, ERM_NC_NS, out);
}

int erm_rpc_get_config(struct erm_request *request, FILE *out)
{
	struct query query = { .has_config = true };
	int r = read_filter(request, &query);

	/* The source can only be running: the others are features that are off. */
	return r < 0 ? r : answer(request, &query, ERM_NC_NS, out);
}

int erm_rpc_get_data(struct erm_request *request, FILE *out)
{
	const char *ns = request->env->models->nmda->ns;
	const char *datastore = erm_request_leaf(request, "datastore");
	const char *kind = erm_request_leaf(request, "config-filter");
	const char *depth = erm_request_leaf(request, "max-depth");
	const struct lyd_node *filter =
		erm_xml_find(erm_xml_child(request->operation), ns, "subtree-filter");
	struct query query = {
		.xpath = erm_request_leaf(request, "xpath-filter"),
		.subtree = filter ? erm_xml_child(filter) : NULL,
		.has_config = true,
	};

	query.has_filter = query.xpath || filter;
	query.has_state = datastore && strcmp(datastore, "ietf-datastores:operational") == 0;
	if (!query.has_state && (!datastore || strcmp(datastore, "ietf-datastores:running") != 0)) {
		(void)erm_nc_fail(&request->error, ERM_NC_PROTOCOL, ERM_NC_INVALID_VALUE,
				  "The datastores are running and operational");
		(void)strcpy(request->error.element, "datastore");
		return -EINVAL;
	}
	if (kind && strcmp(kind, "true") == 0)
		query.has_state = false;
	else if (kind)
		query.has_config = false;
	if (depth && strcmp(depth, "unbounded") != 0)
		query.depth_max = (unsigned int)strtoul(depth, NULL, 10);
	return answer(request, &query, ns, out);
}
