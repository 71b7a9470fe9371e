#include "sources/bmp/census.h"

#include <errno.h>
#include <stdlib.h>

#define SLOTS_MIN 64U

void erm_bmp_census_done(struct erm_bmp_census *census)
{
	free(census->slots);
	*census = (struct erm_bmp_census){ 0 };
}

/* FNV-1a, and a last stir so that the low bits depend on all. */
static uint64_t hash_bytes(uint64_t hash, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_peer(const struct erm_bmp_peer_header *peer)
{
	size_t len = 0;
	const void *bytes = erm_addr_bytes(&peer->addr, &len);
	uint64_t hash = hash_bytes(UINT64_C(0xcbf29ce484222325), &peer->distinguisher,
				   sizeof(peer->distinguisher));

	hash = hash_bytes(hash, bytes, len);
	hash ^= hash >> 32;
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	hash ^= hash >> 29;
	return hash ? hash : 1;
}

/* The slot of that hash, or the free one where it belongs. */
static uint64_t *find(uint64_t *slots, uint32_t n_slots, uint64_t hash)
{
	uint32_t i = (uint32_t)hash & (n_slots - 1);

	while (slots[i] != 0 && slots[i] != hash)
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

/* Always a power of two, and one slot free at least. */
static int grow(struct erm_bmp_census *census)
{
	uint32_t n_slots = census->n_slots ? census->n_slots * 2 : SLOTS_MIN;
	uint64_t *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < census->n_slots; i++)
		if (census->slots[i] != 0)
			*find(slots, n_slots, census->slots[i]) = census->slots[i];
	free(census->slots);
	census->slots = slots;
	census->n_slots = n_slots;
	return 0;
}

int erm_bmp_census_add(struct erm_bmp_census *census, const struct erm_bmp_peer_header *peer,
		       uint32_t max)
{
	uint64_t hash = hash_peer(peer);
	uint64_t *slot = NULL;

	if (census->n_slots > 0 && *find(census->slots, census->n_slots, hash) == hash)
		return 0;
	if (census->n >= max)
		return -ENOSPC;
	if (census->n >= census->n_slots / 4 * 3) {
		int r = grow(census);

		if (r < 0)
			return r;
	}
	slot = find(census->slots, census->n_slots, hash);
	*slot = hash;
	census->n++;
	return 0;
}
