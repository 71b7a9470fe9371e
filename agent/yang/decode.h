/*
 * A checked tree as a struct erm_config: positions for names, numbers for words,
 * and everything the file leaves to be understood (ports, port pairs, services,
 * sources, limits).  What ermon.yang cannot say is checked here: two sessions with
 * one neighbour, cycles of groups, and what deserves a warning.
 */
#ifndef ERM_YANG_DECODE_H
#define ERM_YANG_DECODE_H

#include "core/config.h"
#include "yang/report.h"
#include "yang/tree.h"

/*
 * tree: after erm_tree_check() without errors.  0 with the config, also when there
 * are warnings; -EINVAL when the report got an error; -ENOMEM.
 */
int erm_tree_decode(const struct erm_tree *tree, const char *host_name,
		    struct erm_config_report *report, struct erm_config **ret);

#endif
