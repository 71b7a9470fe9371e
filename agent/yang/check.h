/*
 * The rules of ermon.yang that take more than one line: must, when, mandatory,
 * references, limits.  libyang stops at the first violation; this finds them all,
 * and then lets libyang have the last word.
 */
#ifndef ERM_YANG_CHECK_H
#define ERM_YANG_CHECK_H

#include "yang/report.h"
#include "yang/tree.h"

/*
 * Adds defaults and the implicit source "kernel" to the tree, then reports what is
 * wrong with it.  0 (the report has the errors) or a negative errno.
 */
int erm_tree_check(struct erm_tree *tree, struct erm_config_report *report);

#endif
