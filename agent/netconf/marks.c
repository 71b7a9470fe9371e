/* Open addressing over pointers; at most three quarters full. */
#include "netconf/marks.h"

#include <errno.h>
#include <libyang/libyang.h>
#include <stdint.h>
#include <stdlib.h>

void erm_marks_done(struct erm_marks *marks)
{
	free(marks->slots);
	*marks = (struct erm_marks){ 0 };
}

static struct erm_marked *slot_of(struct erm_marked *slots, size_t n_slots,
				  const struct lyd_node *node)
{
	size_t i = (size_t)(((uintptr_t)node >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 20);

	for (i &= n_slots - 1; slots[i].node && slots[i].node != node;)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

static int grow(struct erm_marks *marks)
{
	size_t n_slots = marks->n_slots ? marks->n_slots * 2 : 64;
	struct erm_marked *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < marks->n_slots; i++) {
		if (marks->slots[i].node)
			*slot_of(slots, n_slots, marks->slots[i].node) = marks->slots[i];
	}
	free(marks->slots);
	marks->slots = slots;
	marks->n_slots = n_slots;
	return 0;
}

static int add_one(struct erm_marks *marks, const struct lyd_node *node, enum erm_mark mark)
{
	struct erm_marked *slot;

	if (marks->n + 1 > marks->n_slots / 4 * 3 && grow(marks) < 0)
		return -ENOMEM;
	slot = slot_of(marks->slots, marks->n_slots, node);
	if (!slot->node)
		marks->n++;
	slot->node = node;
	if (slot->mark < mark)
		slot->mark = mark;
	return 0;
}

int erm_marks_add(struct erm_marks *marks, const struct lyd_node *node, enum erm_mark mark)
{
	int r = add_one(marks, node, mark);

	for (node = lyd_parent(node); r == 0 && node && !erm_marks_get(marks, node);
	     node = lyd_parent(node))
		r = add_one(marks, node, ERM_MARK_PATH);
	return r;
}

enum erm_mark erm_marks_get(const struct erm_marks *marks, const struct lyd_node *node)
{
	return marks->n_slots ? slot_of(marks->slots, marks->n_slots, node)->mark : ERM_MARK_NONE;
}

void erm_marks_prune(const struct erm_marks *marks, struct lyd_node *tree,
		     struct lyd_node **ret_tree)
{
	struct lyd_node *first = NULL;
	struct lyd_node *next;

	for (struct lyd_node *node = tree; node; node = next) {
		enum erm_mark mark = erm_marks_get(marks, node);

		next = node->next;
		if (mark == ERM_MARK_NONE && !lysc_is_key(node->schema)) {
			lyd_free_tree(node);
			continue;
		}
		if (mark == ERM_MARK_PATH)
			erm_marks_prune(marks, lyd_child(node), NULL);
		if (!first)
			first = node;
	}
	if (ret_tree)
		*ret_tree = first;
}
