/*
 * The input of an operation: from XML to a valid tree of its schema, or to the error of
 * RFC 6241 that tells what is wrong with it.
 */
#ifndef ERM_NETCONF_INPUT_H
#define ERM_NETCONF_INPUT_H

#include "netconf/request.h"

struct lysc_node;

/*
 * text is the whole message.  0: request->input is the operation and ret_tree what to free
 * by lyd_free_all(), maybe NULL; else request->error is filled.
 */
int erm_input_read(struct erm_request *request, const struct lysc_node *schema, const char *text,
		   struct lyd_node **ret_tree);

#endif
