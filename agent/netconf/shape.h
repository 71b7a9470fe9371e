/*
 * What a document (netconf/doc.h) must know of the schema, in the form it is asked for: made
 * once from libyang's, before any client is there.  Read-only from then on.
 */
#ifndef ERM_NETCONF_SHAPE_H
#define ERM_NETCONF_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ly_ctx;
struct lysc_node;

enum erm_shape_value { /* what is special about a value */
		       ERM_SHAPE_PLAIN = 0,
		       ERM_SHAPE_DECIMAL, /* decimal64 */
		       ERM_SHAPE_DATE,    /* yang:date-and-time */
		       ERM_SHAPE_IDENTITY, /* identityref: by RFC 7951 it carries the name of a module */
};

struct erm_shape {
	const struct lysc_node *schema; /* NULL = the root of all */
	const char *module, *ns, *name, *prefix;
	uint32_t name_len;
	uint32_t n_keys; /* of a list; they come first among the children */
	bool is_term, is_list /* or leaf-list */, is_key, is_state;
	bool has_spellings;  /* equal values may be written differently */
	bool is_from_parent; /* of the same module */
	enum erm_shape_value value;
	const char *value_default; /* of a leaf, canonical; NULL = none */
	char *start; /* its start tag, without what only some values need, and without ">" */
	char *end;   /* its end tag */
	uint32_t start_len, end_len;
	struct erm_shape *children;
	uint32_t n_children;
};

/* The root: its children are the data nodes and notifications of all modules.  NULL: -ENOMEM. */
struct erm_shape *erm_shape_new(const struct ly_ctx *ctx);
/* Accepts NULL, returns NULL. */
struct erm_shape *erm_shape_free(struct erm_shape *root);

/*
 * The child of that name; a module's name and a colon before it are needed where the module
 * is not the parent's (RFC 7951, section 4).  hint: where the last one was, updated.  NULL = none.
 */
const struct erm_shape *erm_shape_find(const struct erm_shape *parent, const char *name, size_t len,
				       uint32_t *hint);

/* The namespace of the module of that name; NULL = there is none.  ret_prefix: its own. */
const char *erm_shape_module(const struct erm_shape *shape, const char *name, size_t len,
			     const char **ret_prefix);

#endif
