#include "netconf/subtree.h"

#include <errno.h>
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

static bool matches_name(const struct lyd_node *filter, const struct lyd_node *node)
{
	return node->schema && has_name(filter, node->schema->module->ns, node->schema->name);
}

static bool is_content(const struct lyd_node *filter)
{
	return !erm_xml_child(filter) && erm_xml_text(filter)[strspn(erm_xml_text(filter), BLANKS)];
}

/* Section 6.2.5: blanks around the value do not count; other spellings of it do. */
static bool matches_value(const struct lyd_node *filter, const struct lyd_node *node)
{
	const char *text = erm_xml_text(filter) + strspn(erm_xml_text(filter), BLANKS);
	const char *value = lyd_get_value(node);
	size_t len = strlen(text);

	while (len > 0 && strchr(BLANKS, text[len - 1]))
		len--;
	if (!(node->schema->nodetype & LYD_NODE_TERM) || !value)
		return false;
	if (strlen(value) == len && memcmp(value, text, len) == 0)
		return true;
	return lyd_value_compare((const struct lyd_node_term *)node, text, len) == LY_SUCCESS;
}

/* The child of parent with that name and value; NULL = none. */
static const struct lyd_node *find_content(const struct lyd_node *filter,
					   const struct lyd_node *parent)
{
	const struct lyd_node *node = lyd_child(parent);

	while (node && !(matches_name(filter, node) && matches_value(filter, node)))
		node = node->next;
	return node;
}

static int apply(const struct lyd_node *filter, const struct lyd_node *node,
		 struct erm_marks *marks);

/* 1: selected something; 0: nothing. */
static int apply_to_siblings(const struct lyd_node *filter, const struct lyd_node *first,
			     struct erm_marks *marks)
{
	int has_any = 0;

	for (const struct lyd_node *node = first; node; node = node->next) {
		int r = matches_name(filter, node) ? apply(filter, node, marks) : 0;

		if (r < 0)
			return r;
		has_any |= r;
	}
	return has_any;
}

/* Section 6.2.5: all content match nodes are one condition; alone they select their parent. */
static int apply_containment(const struct lyd_node *filter, const struct lyd_node *node,
			     struct erm_marks *marks)
{
	bool has_content = false;
	bool has_other = false;
	int has_any = 0;
	int r = 0;

	for (const struct lyd_node *f = erm_xml_child(filter); f; f = f->next) {
		if (!is_content(f))
			has_other = true;
		else if (erm_xml_has_attributes(f) || !find_content(f, node))
			return 0;
		else
			has_content = true;
	}
	if (!has_other)
		return erm_marks_add(marks, node, ERM_MARK_ALL) < 0 ? -ENOMEM : 1;
	for (const struct lyd_node *f = erm_xml_child(filter); f && r >= 0; f = f->next) {
		if (is_content(f))
			r = erm_marks_add(marks, find_content(f, node), ERM_MARK_ALL);
		else
			r = apply_to_siblings(f, lyd_child(node), marks);
		has_any |= r > 0;
	}
	return r < 0 ? r : has_any || has_content;
}

static int apply(const struct lyd_node *filter, const struct lyd_node *node,
		 struct erm_marks *marks)
{
	/* Section 6.2.2: none of our data has attributes, so that no attribute matches. */
	if (erm_xml_has_attributes(filter))
		return 0;
	if (erm_xml_child(filter))
		return apply_containment(filter, node, marks);
	if (is_content(filter) && !matches_value(filter, node))
		return 0;
	return erm_marks_add(marks, node, ERM_MARK_ALL) < 0 ? -ENOMEM : 1;
}

int erm_subtree_select(const struct lyd_node *filter, const struct lyd_node *data,
		       struct erm_marks *marks)
{
	int r = 0;

	for (; filter && r >= 0; filter = filter->next)
		r = apply_to_siblings(filter, data, marks);
	return r < 0 ? r : 0;
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
