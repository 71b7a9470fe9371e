/*
 * Which nodes of a data tree a filter selected, and the tree cut down to them.
 */
#ifndef ERM_NETCONF_MARKS_H
#define ERM_NETCONF_MARKS_H

#include <stddef.h>

struct lyd_node;

enum erm_mark {
	ERM_MARK_NONE = 0,
	ERM_MARK_PATH, /* on the way to one: itself, and the keys of a list */
	ERM_MARK_ALL,  /* with everything below */
};

struct erm_marks { /* zeroed = empty */
	struct erm_marked {
		const struct lyd_node *node;
		enum erm_mark mark;
	} * slots;
	size_t n, n_slots;
};

void erm_marks_done(struct erm_marks *marks);

/* Marks node, and its ancestors as PATH; never takes anything back.  0, -ENOMEM. */
int erm_marks_add(struct erm_marks *marks, const struct lyd_node *node, enum erm_mark mark);
enum erm_mark erm_marks_get(const struct erm_marks *marks, const struct lyd_node *node);

/* Frees what is not marked, below tree and its siblings; ret_tree is what is left, maybe NULL. */
void erm_marks_prune(const struct erm_marks *marks, struct lyd_node *tree,
		     struct lyd_node **ret_tree);

#endif
