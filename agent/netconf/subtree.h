/*
 * The subtree filter of RFC 6241, section 6.
 */
#ifndef ERM_NETCONF_SUBTREE_H
#define ERM_NETCONF_SUBTREE_H

#include <stdbool.h>

#include "netconf/marks.h"

/*
 * Marks what the filter selects: filter is its first child (netconf/xml.h; NULL: it selects
 * nothing), data the first of the top-level nodes.  0, -ENOMEM.
 */
int erm_subtree_select(const struct lyd_node *filter, const struct lyd_node *data,
		       struct erm_marks *marks);

/* Whether the filter could select anything of this top-level node. */
bool erm_subtree_wants(const struct lyd_node *filter, const char *ns, const char *name);

/*
 * The name of the only circuit the filter selects anything of; NULL when it selects more,
 * or something else.
 */
const char *erm_subtree_only_circuit(const struct lyd_node *filter);

#endif
