#include "netconf/input.h"

#include <errno.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/xml.h"

static int fail_element(struct erm_request *request, enum erm_nc_tag tag, const char *element,
			const char *why)
{
	int r = erm_nc_fail(&request->error, ERM_NC_PROTOCOL, tag, "%s: %.200s", why, element);

	(void)snprintf(request->error.element, sizeof(request->error.element), "%s", element);
	return r;
}

static const struct lysc_node *find_schema(const struct lysc_node *operation,
					   const struct lys_module *module, const char *name)
{
	return lys_find_child(operation, module, name, 0, 0, 0);
}

static int check_known(struct erm_request *request, const struct lysc_node *schema)
{
	for (const struct lyd_node *x = erm_xml_child(request->operation); x; x = x->next) {
		const struct lys_module *module =
			ly_ctx_get_module_implemented_ns(request->env->models->ctx, erm_xml_ns(x));
		int r;

		if (module && find_schema(schema, module, erm_xml_name(x))) {
			if (erm_xml_find(x->next, erm_xml_ns(x), erm_xml_name(x)) &&
			    !(find_schema(schema, module, erm_xml_name(x))->nodetype &
			      (LYS_LIST | LYS_LEAFLIST)))
				return fail_element(request, ERM_NC_BAD_ELEMENT, erm_xml_name(x),
						    "It is there twice");
			continue;
		}
		if (module)
			return fail_element(request, ERM_NC_UNKNOWN_ELEMENT, erm_xml_name(x),
					    "The operation has no such parameter");
		r = fail_element(request, ERM_NC_UNKNOWN_NAMESPACE, erm_xml_name(x),
				 "The namespace is not known here");
		(void)snprintf(request->error.name_space, sizeof(request->error.name_space), "%s",
			       erm_xml_ns(x));
		return r;
	}
	return 0;
}

static bool is_given(const struct erm_request *request, const struct lysc_node *node)
{
	const struct lysc_node *child = NULL;

	if (!(node->nodetype & (LYS_CHOICE | LYS_CASE)))
		return erm_xml_find(erm_xml_child(request->operation), node->module->ns,
				    node->name);
	while ((child = lys_getnext(child, node, NULL, 0))) {
		if (erm_xml_find(erm_xml_child(request->operation), child->module->ns, child->name))
			return true;
	}
	return false;
}

static int check_mandatory(struct erm_request *request, const struct lysc_node *schema)
{
	const struct lysc_node *node = NULL;

	while ((node = lys_getnext(node, schema, NULL, LYS_GETNEXT_WITHCHOICE))) {
		if (node->flags & LYS_MAND_TRUE && !is_given(request, node))
			return fail_element(request, ERM_NC_MISSING_ELEMENT, node->name,
					    "The operation needs the parameter");
	}
	return 0;
}

/* The last node of "/ietf-netconf:kill-session/session-id", without prefix and predicates. */
static void element_of_path(const char *path, char *buf, size_t size)
{
	const char *name = path ? strrchr(path, '/') : NULL;
	const char *colon;
	size_t len;

	buf[0] = '\0';
	if (!name)
		return;
	len = strcspn(++name, "\"'[ (");
	colon = memchr(name, ':', len);
	if (colon) {
		len -= (size_t)(colon + 1 - name);
		name = colon + 1;
	}
	(void)snprintf(buf, size, "%.*s", (int)len, name);
}

/* What libyang has against the parameters. */
static int fail_value(struct erm_request *request)
{
	struct ly_ctx *ctx = request->env->models->ctx;
	const struct ly_err_item *item = ly_err_first(ctx);
	/* What refers to nothing: an element that the schema does not have there. */
	enum erm_nc_tag tag = item && item->vecode == LYVE_REFERENCE ? ERM_NC_UNKNOWN_ELEMENT
								     : ERM_NC_INVALID_VALUE;
	char element[128];
	char why[300];

	element_of_path(item ? ERM_LY_ERROR_PATH(item) : NULL, element, sizeof(element));
	/* There the path ends at the parent, and the name is the first word in quotes. */
	if (tag == ERM_NC_UNKNOWN_ELEMENT && item->msg && strchr(item->msg, '"')) {
		const char *name = strchr(item->msg, '"') + 1;

		(void)snprintf(element, sizeof(element), "%.*s", (int)strcspn(name, "\""), name);
	}
	erm_models_take_error(ctx, why, sizeof(why));
	(void)erm_nc_fail(&request->error, ERM_NC_PROTOCOL, tag, "%s",
			  why[0] ? why : "The parameters are not valid");
	(void)snprintf(request->error.element, sizeof(request->error.element), "%s", element);
	return -EINVAL;
}

int erm_input_read(struct erm_request *request, const struct lysc_node *schema, const char *text,
		   struct lyd_node **ret_tree)
{
	struct lyd_node *tree = NULL;
	struct lyd_node *input = NULL;
	struct ly_in *in = NULL;
	int r = check_known(request, schema);

	if (r == 0)
		r = check_mandatory(request, schema);
	if (r < 0)
		return r;
	if (ly_in_new_memory(text, &in) != LY_SUCCESS)
		return erm_nc_fail(&request->error, ERM_NC_RPC, ERM_NC_RESOURCE_DENIED,
				   "out of memory");
	if (ERM_LYD_PARSE_OP(request->env->models->ctx, in, LYD_TYPE_RPC_NETCONF, &tree, &input) !=
		    LY_SUCCESS ||
	    lyd_validate_op(input, NULL, LYD_TYPE_RPC_YANG, NULL) != LY_SUCCESS)
		r = fail_value(request);
	ly_in_free(in, 0);
	if (r < 0) {
		lyd_free_all(tree);
		lyd_free_all(input);
		return r;
	}
	/* The envelope is not ours to read. */
	lyd_free_all(tree);
	request->input = input;
	*ret_tree = input;
	return 0;
}

const char *erm_request_leaf(const struct erm_request *request, const char *name)
{
	for (const struct lyd_node *node = lyd_child(request->input); node; node = node->next) {
		if (node->schema && strcmp(node->schema->name, name) == 0)
			return lyd_get_value(node);
	}
	return NULL;
}
