#include "netconf/xml.h"

#include <errno.h>
#include <string.h>

#include "netconf/compat.h"
#include "netconf/error.h"

static const struct lyd_node_opaq *opaq(const struct lyd_node *node)
{
	return (const struct lyd_node_opaq *)node;
}

int erm_xml_parse(struct ly_ctx *raw, const char *text, struct lyd_node **ret)
{
	struct lyd_node *tree = NULL;

	if (lyd_parse_data_mem(raw, text, LYD_XML, LYD_PARSE_ONLY | LYD_PARSE_OPAQ, 0, &tree) !=
		    LY_SUCCESS ||
	    !tree || tree->next || tree->schema) {
		ly_err_clean(raw, NULL);
		lyd_free_all(tree);
		return -EBADMSG;
	}
	*ret = tree;
	return 0;
}

const char *erm_xml_name(const struct lyd_node *node)
{
	return node->schema ? node->schema->name : opaq(node)->name.name;
}

const char *erm_xml_ns(const struct lyd_node *node)
{
	const char *ns = node->schema ? node->schema->module->ns : opaq(node)->name.module_ns;

	return ns && strcmp(ns, ERM_NC_NO_NS) != 0 ? ns : "";
}

bool erm_xml_is(const struct lyd_node *node, const char *ns, const char *name)
{
	return strcmp(erm_xml_name(node), name) == 0 && strcmp(erm_xml_ns(node), ns) == 0;
}

const char *erm_xml_text(const struct lyd_node *node)
{
	const char *text = node->schema ? lyd_get_value(node) : opaq(node)->value;

	return text ? text : "";
}

const struct lyd_node *erm_xml_child(const struct lyd_node *node)
{
	return lyd_child(node);
}

const struct lyd_node *erm_xml_find(const struct lyd_node *node, const char *ns, const char *name)
{
	while (node && !erm_xml_is(node, ns, name))
		node = node->next;
	return node;
}

const char *erm_xml_attribute(const struct lyd_node *node, const char *name)
{
	if (node->schema)
		return NULL;
	for (const struct lyd_attr *a = opaq(node)->attr; a; a = a->next) {
		if (!a->name.module_ns && strcmp(a->name.name, name) == 0)
			return a->value ? a->value : "";
	}
	return NULL;
}

bool erm_xml_has_attributes(const struct lyd_node *node)
{
	return !node->schema && opaq(node)->attr;
}

void erm_xml_print_attributes(const struct lyd_node *node, FILE *out)
{
	unsigned int n = 0;

	for (const struct lyd_attr *a = node->schema ? NULL : opaq(node)->attr; a; a = a->next) {
		/* A prefix of our own: the client's is bound to something else for sure. */
		if (a->name.module_ns && a->name.prefix) {
			(void)fprintf(out, " xmlns:a%u=\"", ++n);
			erm_nc_escape(out, a->name.module_ns);
			(void)fprintf(out, "\" a%u:%s=\"", n, a->name.name);
		} else {
			(void)fprintf(out, " %s=\"", a->name.name);
		}
		erm_nc_escape(out, a->value ? a->value : "");
		(void)fputc('"', out);
	}
}
