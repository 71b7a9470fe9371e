/*
 * Sections as a libyang tree, with the line each node came from.  Everything that
 * can be said about one line is said here; what several lines say together is for
 * check.h.  A node without a line was made up (a default, the implicit source, the
 * missing parent of a section that is there).
 */
#ifndef ERM_YANG_TREE_H
#define ERM_YANG_TREE_H

#include <stdbool.h>
#include <stdint.h>

#include "yang/index.h"
#include "yang/report.h"
#include "yang/section.h"

struct ly_ctx;
struct lyd_node;
struct lysc_node;

struct erm_tree_line { /* sorted by the three pointers, once the tree is complete */
	const struct lyd_node *parent;
	const struct lysc_node *schema;
	const struct lyd_node *node; /* NULL: the value was refused */
	unsigned int line;
};

struct erm_tree_entry { /* an instance of a list */
	struct lyd_node *node;
	unsigned int line; /* 0 = made up */
};

struct erm_tree {
	struct lyd_node *root;   /* container ermon */
	struct erm_index by_key; /* "list key key" -> entries */
	struct erm_tree_entry *entries;
	struct erm_tree_line *lines;
	uint32_t n_entries, n_entries_max, n_lines, n_lines_max;
};

/* 0 (errors of the file are in the report) or a negative errno.  ret is done by the caller. */
int erm_tree_build(struct ly_ctx *ctx, const struct erm_section_file *file,
		   struct erm_config_report *report, struct erm_tree *ret);
void erm_tree_done(struct erm_tree *tree);

/* The line of a node; 0 = it was made up. */
unsigned int erm_tree_own_line(const struct erm_tree *tree, const struct lyd_node *node);

/* The line of a node, or of the nearest node above that has one; 0 = none. */
unsigned int erm_tree_line(const struct erm_tree *tree, const struct lyd_node *node);

/* The line a child is written on, be its value good or not; 0 = it is not in the file. */
unsigned int erm_tree_child_line(const struct erm_tree *tree, const struct lyd_node *parent,
				 const struct lysc_node *child);

/* The entry of a list with one key; NULL when the file has none (a made-up one does not count). */
const struct erm_tree_entry *erm_tree_find(const struct erm_tree *tree, const char *list,
					   const char *key);

/* "circuit a", "session a primary private ipv4": as in the brackets.  Returns buf. */
const char *erm_tree_name(const struct lyd_node *node, char *buf, size_t size);

#endif
