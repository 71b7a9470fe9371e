/* The status tree: group > circuit > service > leg (connection and session), for people. */
#ifndef ERM_CTL_STATUS_H
#define ERM_CTL_STATUS_H

#include <jansson.h>

#include "ctl/text.h"

/* Prints the tree of data, the content of ermon.yang's container (config, state, sources, alarms); 0 or -ENOMEM. */
int erm_status_print(const struct erm_out *out, const json_t *data);

#endif
