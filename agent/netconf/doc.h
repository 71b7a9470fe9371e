/*
 * Data of our modules as one array of nodes over the JSON text it came in: what goes to a
 * client is cut out of it and printed.  The data is the daemon's and libyang's, so that values
 * are not checked again; names and structure are, against the schema.
 */
#ifndef ERM_NETCONF_DOC_H
#define ERM_NETCONF_DOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netconf/shape.h"

#define ERM_DOC_TEXTS 4
#define ERM_DOC_NONE  UINT32_MAX

enum erm_doc_mark {
	ERM_DOC_UNMARKED = 0,
	ERM_DOC_PATH, /* on the way to one that is selected: itself, and the keys of a list */
	ERM_DOC_ALL,  /* with everything below */
};

struct erm_doc_node { /* what is below it follows it */
	const struct erm_shape *shape;
	const char *value; /* of a leaf, canonical, value_len octets without a NUL */
	uint32_t value_len;
	uint32_t end;    /* behind the last one below it */
	uint32_t parent; /* ERM_DOC_NONE = none */
	uint8_t mark;    /* of enum erm_doc_mark */
	bool is_out;     /* with everything below */
};

struct erm_doc { /* zeroed = empty */
	struct erm_doc_node *nodes;
	uint32_t n, n_max;
	char *texts[ERM_DOC_TEXTS]; /* owned */
	uint32_t n_texts;
};

void erm_doc_done(struct erm_doc *doc);

/*
 * Appends instance data by RFC 7951; text has a NUL at its end, is owned by doc from then on,
 * whatever happens, and changed.  -EPROTO: it is not of the schema; -ENOMEM.
 */
int erm_doc_add(struct erm_doc *doc, const struct erm_shape *root, char *text);

/*
 * Makes of an entry of from another node, of a shape with leaves of the same names; what the
 * shape does not have is left out.  ret must be empty, and be done before from.  0, -ENOMEM.
 */
int erm_doc_copy_leaves(const struct erm_doc *from, uint32_t node, const struct erm_shape *shape,
			struct erm_doc *ret);

/* The leaf of that name below a node, which is not out; NULL = none. */
const struct erm_doc_node *erm_doc_leaf(const struct erm_doc *doc, uint32_t parent,
					const char *name);
/* The first child of that name; ERM_DOC_NONE = none. */
uint32_t erm_doc_child(const struct erm_doc *doc, uint32_t parent, const char *name);

/* Marks a node, and its ancestors as PATH; never takes anything back. */
void erm_doc_mark(struct erm_doc *doc, uint32_t node, enum erm_doc_mark mark);
/* What is not marked is out.  Afterwards nothing is marked. */
void erm_doc_prune(struct erm_doc *doc);

/* Only state is left, with the way to it. */
void erm_doc_keep_state(struct erm_doc *doc);
/* Only levels below depth are left, keys excepted. */
void erm_doc_cut(struct erm_doc *doc, unsigned int depth);

#endif
