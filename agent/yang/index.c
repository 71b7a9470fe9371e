/* Open addressing with FNV-1a; at most three quarters full. */
#include "yang/index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t key_hash(const char *key)
{
	uint32_t h = 2166136261U;

	for (; *key; key++)
		h = (h ^ (unsigned char)*key) * 16777619U;
	return h;
}

/* The slot of key, or the free slot where it would be.  There is always a free one. */
static struct erm_index_slot *slot_of(struct erm_index_slot *slots, uint32_t n_slots,
				      const char *key)
{
	uint32_t i = key_hash(key) & (n_slots - 1);

	while (slots[i].key && strcmp(slots[i].key, key) != 0)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

void erm_index_done(struct erm_index *index)
{
	for (uint32_t i = 0; i < index->n_slots; i++)
		free(index->slots[i].key);
	free(index->slots);
	memset(index, 0, sizeof(*index));
}

uint32_t erm_index_find(const struct erm_index *index, const char *key)
{
	const struct erm_index_slot *slot;

	if (index->n == 0)
		return ERM_INDEX_NONE;
	slot = slot_of(index->slots, index->n_slots, key);
	return slot->key ? slot->value : ERM_INDEX_NONE;
}

static int index_grow(struct erm_index *index)
{
	uint32_t n_slots = index->n_slots ? index->n_slots * 2 : 64;
	struct erm_index_slot *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < index->n_slots; i++) {
		if (index->slots[i].key)
			*slot_of(slots, n_slots, index->slots[i].key) = index->slots[i];
	}
	free(index->slots);
	index->slots = slots;
	index->n_slots = n_slots;
	return 0;
}

int erm_index_add(struct erm_index *index, const char *key, uint32_t value)
{
	struct erm_index_slot *slot;
	char *copy;
	int r;

	if (index->n_slots == 0 || index->n + 1 > index->n_slots / 4 * 3) {
		r = index_grow(index);
		if (r < 0)
			return r;
	}
	slot = slot_of(index->slots, index->n_slots, key);
	if (slot->key)
		return -EEXIST;
	copy = strdup(key);
	if (!copy)
		return -ENOMEM;
	*slot = (struct erm_index_slot){ copy, value };
	index->n++;
	return 0;
}
