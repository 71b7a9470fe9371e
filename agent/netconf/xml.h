/*
 * A message as plain XML: a tree whose nodes have names, namespaces, attributes and text,
 * without any schema.  Names of libyang stay in the .c; the tree is a struct lyd_node.
 */
#ifndef ERM_NETCONF_XML_H
#define ERM_NETCONF_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct ly_ctx;
struct lyd_node;

#define ERM_NC_NS "urn:ietf:params:xml:ns:netconf:base:1.0"

/* Stands for "in no namespace", which libyang does not take; erm_xml_ns() hides it. */
#define ERM_NC_NO_NS "urn:ermon:no-namespace"

/*
 * Parses text, which ends in a NUL, with a context of no modules.  0 with one root element,
 * to be freed by lyd_free_all(); -EBADMSG: not well-formed; -ENOMEM.
 */
int erm_xml_parse(struct ly_ctx *raw, const char *text, struct lyd_node **ret);

const char *erm_xml_name(const struct lyd_node *node);
/* "" = in no namespace. */
const char *erm_xml_ns(const struct lyd_node *node);
bool erm_xml_is(const struct lyd_node *node, const char *ns, const char *name);
/* The text, "" when it has none. */
const char *erm_xml_text(const struct lyd_node *node);
const struct lyd_node *erm_xml_child(const struct lyd_node *node);
/* The first of the name in ns among node and its later siblings; NULL = none. */
const struct lyd_node *erm_xml_find(const struct lyd_node *node, const char *ns, const char *name);
/* The value of an attribute in no namespace; NULL = it has none. */
const char *erm_xml_attribute(const struct lyd_node *node, const char *name);
bool erm_xml_has_attributes(const struct lyd_node *node);

/* Writes node's attributes as they came, those with a namespace too. */
void erm_xml_print_attributes(const struct lyd_node *node, FILE *out);

#endif
