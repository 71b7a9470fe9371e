/*
 * A hash from strings to small numbers: names of objects to their positions.
 * Keys are copied.  Single thread.
 */
#ifndef ERM_YANG_INDEX_H
#define ERM_YANG_INDEX_H

#include <stddef.h>
#include <stdint.h>

#define ERM_INDEX_NONE UINT32_MAX

struct erm_index_slot {
	char *key; /* NULL = free */
	uint32_t value;
};

struct erm_index { /* zeroed = empty */
	struct erm_index_slot *slots;
	uint32_t n_slots, n;
};

void erm_index_done(struct erm_index *index);

/* The value of key, or ERM_INDEX_NONE. */
uint32_t erm_index_find(const struct erm_index *index, const char *key);

/* -EEXIST when the key is there, -ENOMEM. */
int erm_index_add(struct erm_index *index, const char *key, uint32_t value);

#endif
