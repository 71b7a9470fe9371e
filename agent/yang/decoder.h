/* What the files of the decoder share: decode.c, decode_circuit.c, decode_group.c. */
#ifndef ERM_YANG_DECODER_H
#define ERM_YANG_DECODER_H

#include <libyang/libyang.h>

#include "core/config.h"
#include "yang/index.h"
#include "yang/report.h"
#include "yang/tree.h"

#define ERM_GROUP_DEPTH_MAX 32

struct erm_decoder {
	const struct erm_tree *tree;
	struct erm_config_report *report;
	struct erm_config *config;
	struct erm_index sources, interfaces, ports, circuits, groups;
	struct erm_index port_of_interface; /* declared ports by the name of their interface */
	const struct lyd_node **connection_nodes, **session_nodes; /* by position in config */
};

/* Children by name; NULL, 0 or false when there is none. */
const struct lyd_node *erm_decode_child(const struct lyd_node *node, const char *name);
const char *erm_decode_text(const struct lyd_node *node, const char *name);
uint32_t erm_decode_u32(const struct lyd_node *node, const char *name);
int erm_decode_enum(const struct lyd_node *node, const char *name);
bool erm_decode_bool(const struct lyd_node *node, const char *name);
usec_t erm_decode_usec(const struct lyd_node *node, const char *name);
/* -ENOMEM; NULL is put when there is no such child. */
int erm_decode_string(const struct lyd_node *node, const char *name, char **ret);

/* Instances of a list right below the node. */
uint32_t erm_decode_count(const struct lyd_node *node, const char *list);

/* The steps, in this order; each 0 or -ENOMEM. */
int erm_decode_ports(struct erm_decoder *d);
int erm_decode_circuits(struct erm_decoder *d);
int erm_decode_sessions_check(struct erm_decoder *d);
int erm_decode_groups(struct erm_decoder *d);

#endif
