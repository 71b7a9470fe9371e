/*
 * The subtree filter of RFC 6241, section 6.
 */
#ifndef ERM_NETCONF_SUBTREE_H
#define ERM_NETCONF_SUBTREE_H

#include <stdbool.h>

#include "netconf/doc.h"

struct lyd_node;

/*
 * Marks what the filter selects of doc: filter is its first child (netconf/xml.h; NULL: it
 * selects nothing).  True when there is anything.
 */
bool erm_subtree_select(const struct lyd_node *filter, struct erm_doc *doc);

/* Whether the filter could select anything of this top-level node. */
bool erm_subtree_wants(const struct lyd_node *filter, const char *ns, const char *name);

/*
 * The name of the only circuit the filter selects anything of; NULL when it selects more,
 * or something else.
 */
const char *erm_subtree_only_circuit(const struct lyd_node *filter);

#endif
