#include "netconf/subtree.h"

#include <libyang/libyang.h>
#include <string.h>

#include "netconf/xml.h"

#define BLANKS "\t\n\r "

/* Section 6.2.1: without a namespace it matches in every one. */
static bool has_name(const struct lyd_node *filter, const char *ns, const char *name)
{
	const char *wanted = erm_xml_ns(filter);

	return strcmp(erm_xml_name(filter), name) == 0 && (!wanted[0] || strcmp(wanted, ns) == 0);
}

static bool matches_name(const struct lyd_node *filter, const struct erm_doc_node *node)
{
	return !node->is_out && has_name(filter, node->shape->ns, node->shape->name);
}

static bool is_content(const struct lyd_node *filter)
{
	return !erm_xml_child(filter) && erm_xml_text(filter)[strspn(erm_xml_text(filter), BLANKS)];
}

static bool equals(const struct erm_doc_node *node, const char *text, size_t len)
{
	return node->value_len == len && memcmp(node->value, text, len) == 0;
}

/* The values of a document are canonical: what text means, in that form, is. */
static bool equals_canonical(const struct erm_doc_node *node, const char *text, size_t len)
{
	const struct lysc_node *schema = node->shape->schema;
	const char *wanted = NULL;
	const char *value = NULL;
	uint32_t log = ly_log_options(0);
	bool is_equal;

	(void)lyd_value_validate(NULL, schema, text, len, NULL, NULL, &wanted);
	/* But for times, which libyang writes in another way. */
	if (wanted && node->shape->value == ERM_SHAPE_DATE)
		(void)lyd_value_validate(NULL, schema, node->value, node->value_len, NULL, NULL,
					 &value);
	(void)ly_log_options(log);
	if (!wanted)
		return false;
	is_equal = value ? strcmp(wanted, value) == 0 : equals(node, wanted, strlen(wanted));
	lydict_remove(schema->module->ctx, wanted);
	lydict_remove(schema->module->ctx, value);
	return is_equal;
}

/* Section 6.2.5: blanks around the value do not count; other spellings of it do. */
static bool matches_value(const struct lyd_node *filter, const struct erm_doc_node *node)
{
	const char *text = erm_xml_text(filter) + strspn(erm_xml_text(filter), BLANKS);
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]))
		len--;
	if (!node->shape->is_term)
		return false;
	return equals(node, text, len) ||
	       (node->shape->has_spellings && equals_canonical(node, text, len));
}

/* The child of parent with that name and value; ERM_DOC_NONE = none. */
static uint32_t find_content(const struct lyd_node *filter, const struct erm_doc *doc,
			     uint32_t parent)
{
	for (uint32_t i = parent + 1; i < doc->nodes[parent].end; i = doc->nodes[i].end) {
		if (matches_name(filter, &doc->nodes[i]) && matches_value(filter, &doc->nodes[i]))
			return i;
	}
	return ERM_DOC_NONE;
}

static bool apply(const struct lyd_node *filter, struct erm_doc *doc, uint32_t node);

/* To the siblings from first to before end.  True: selected something. */
static bool apply_to_siblings(const struct lyd_node *filter, struct erm_doc *doc, uint32_t first,
			      uint32_t end)
{
	bool has_any = false;

	for (uint32_t i = first; i < end; i = doc->nodes[i].end) {
		if (matches_name(filter, &doc->nodes[i]) && apply(filter, doc, i))
			has_any = true;
	}
	return has_any;
}

/* Section 6.2.5: all content match nodes are one condition; alone they select their parent. */
static bool apply_containment(const struct lyd_node *filter, struct erm_doc *doc, uint32_t node)
{
	bool has_content = false;
	bool has_other = false;
	bool has_any = false;

	for (const struct lyd_node *f = erm_xml_child(filter); f; f = f->next) {
		if (!is_content(f))
			has_other = true;
		else if (erm_xml_has_attributes(f) || find_content(f, doc, node) == ERM_DOC_NONE)
			return false;
		else
			has_content = true;
	}
	if (!has_other) {
		erm_doc_mark(doc, node, ERM_DOC_ALL);
		return true;
	}
	for (const struct lyd_node *f = erm_xml_child(filter); f; f = f->next) {
		if (is_content(f))
			erm_doc_mark(doc, find_content(f, doc, node), ERM_DOC_ALL);
		else if (apply_to_siblings(f, doc, node + 1, doc->nodes[node].end))
			has_any = true;
	}
	return has_any || has_content;
}

static bool apply(const struct lyd_node *filter, struct erm_doc *doc, uint32_t node)
{
	/* Section 6.2.2: none of our data has attributes, so that no attribute matches. */
	if (erm_xml_has_attributes(filter))
		return false;
	if (erm_xml_child(filter))
		return apply_containment(filter, doc, node);
	if (is_content(filter) && !matches_value(filter, &doc->nodes[node]))
		return false;
	erm_doc_mark(doc, node, ERM_DOC_ALL);
	return true;
}

bool erm_subtree_select(const struct lyd_node *filter, struct erm_doc *doc)
{
	bool has_any = false;

	for (; filter; filter = filter->next)
		has_any = apply_to_siblings(filter, doc, 0, doc->n) || has_any;
	return has_any;
}

bool erm_subtree_wants(const struct lyd_node *filter, const char *ns, const char *name)
{
	while (filter && !has_name(filter, ns, name))
		filter = filter->next;
	return filter != NULL;
}

const char *erm_subtree_only_circuit(const struct lyd_node *filter)
{
	const struct lyd_node *list = filter ? erm_xml_child(filter) : NULL;

	if (!list || filter->next || list->next || strcmp(erm_xml_name(filter), "ermon") != 0 ||
	    strcmp(erm_xml_name(list), "circuit") != 0)
		return NULL;
	for (const struct lyd_node *f = erm_xml_child(list); f; f = f->next) {
		const char *text = erm_xml_text(f);

		/* A name has no blanks: with some around it the filter's own rules apply. */
		if (strcmp(erm_xml_name(f), "name") == 0 && is_content(f) &&
		    !text[strcspn(text, BLANKS)])
			return text;
	}
	return NULL;
}
