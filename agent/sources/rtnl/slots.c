/*
 * Owns the memory and the indexes of followed links.  Must not judge what a link says.
 */
#include "sources/rtnl/slots.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define BUCKETS_MIN  64U
#define BUCKETS_MAX  (1U << 20)
#define N_LOWERS_MAX 1024U

static uint32_t hash_name(const char *name, size_t len)
{
	uint32_t h = 2166136261U; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619U;
	return h;
}

void erm_rtnl_slot_set_due(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot)
{
	if (slot->is_due)
		return;
	slot->is_due = true;
	slot->next_due = NULL;
	*links->due.last = slot;
	links->due.last = &slot->next_due;
	links->n_due++;
}

void erm_rtnl_slot_set_changed(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot)
{
	if (slot->is_changed)
		return;
	slot->is_changed = true;
	slot->next_changed = NULL;
	*links->changed.last = slot;
	links->changed.last = &slot->next_changed;
}

static struct erm_rtnl_slot *pop(struct erm_rtnl_queue *queue, struct erm_rtnl_slot *first,
				 struct erm_rtnl_slot *second)
{
	queue->first = second;
	if (!second)
		queue->last = &queue->first;
	return first;
}

struct erm_rtnl_slot *erm_rtnl_slots_pop_due(struct erm_rtnl_links *links)
{
	struct erm_rtnl_slot *slot = links->due.first;

	if (!slot)
		return NULL;
	slot->is_due = false;
	links->n_due--;
	return pop(&links->due, slot, slot->next_due);
}

struct erm_rtnl_slot *erm_rtnl_slots_pop_changed(struct erm_rtnl_links *links)
{
	struct erm_rtnl_slot *slot = links->changed.first;

	if (!slot)
		return NULL;
	slot->is_changed = false;
	return pop(&links->changed, slot, slot->next_changed);
}

void erm_rtnl_slots_drop_due(struct erm_rtnl_links *links)
{
	for (struct erm_rtnl_slot *slot = links->due.first; slot; slot = slot->next_due)
		slot->is_due = false;
	links->due = (struct erm_rtnl_queue){ .last = &links->due.first };
	links->n_due = 0;
}

static struct erm_rtnl_slot **index_bucket(const struct erm_rtnl_links *links, uint32_t ifindex)
{
	return &links->by_index[ifindex & (links->n_buckets - 1)];
}

struct erm_rtnl_slot *erm_rtnl_slot_by_index(const struct erm_rtnl_links *links, uint32_t ifindex)
{
	struct erm_rtnl_slot *slot = *index_bucket(links, ifindex);

	while (slot && slot->ifindex != ifindex)
		slot = slot->next_by_index;
	return slot;
}

/* Several slots may be bound to one link: two of its names, or a name and a lower link. */
struct erm_rtnl_slot *erm_rtnl_slot_next_same(const struct erm_rtnl_slot *after)
{
	struct erm_rtnl_slot *slot = after->next_by_index;

	while (slot && slot->ifindex != after->ifindex)
		slot = slot->next_by_index;
	return slot;
}

struct erm_rtnl_slot *erm_rtnl_slot_by_name(const struct erm_rtnl_links *links, const char *name,
					    size_t len)
{
	struct erm_rtnl_slot *slot = links->by_name[hash_name(name, len) & (links->n_buckets - 1)];

	while (slot && (strlen(slot->name) != len || memcmp(slot->name, name, len) != 0))
		slot = slot->next_by_name;
	return slot;
}

void erm_rtnl_slot_unbind(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot)
{
	struct erm_rtnl_slot **at;

	if (slot->ifindex == 0)
		return;
	at = index_bucket(links, slot->ifindex);
	while (*at != slot)
		at = &(*at)->next_by_index;
	*at = slot->next_by_index;
	slot->ifindex = 0;
	slot->is_resolved = false;
	slot->lag_since = 0;
}

void erm_rtnl_slot_bind(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, uint32_t ifindex,
			usec_t now)
{
	struct erm_rtnl_slot **bucket = index_bucket(links, ifindex);

	erm_rtnl_slot_unbind(links, slot);
	slot->ifindex = ifindex;
	slot->next_by_index = *bucket;
	*bucket = slot;
	slot->bound_at = now;
	slot->is_reborn = slot->was_told;
	slot->seen = (struct erm_rtnl_seen){ 0 };
}

int erm_rtnl_slot_follow(struct erm_rtnl_links *links, uint32_t ifindex, usec_t now)
{
	struct erm_rtnl_slot *slot;

	if (ifindex == 0)
		return 0;
	slot = erm_rtnl_slot_by_index(links, ifindex);
	for (struct erm_rtnl_slot *s = slot; s; s = erm_rtnl_slot_next_same(s))
		s->is_lower = true;
	if (slot)
		return 0;
	if (links->n_lowers >= N_LOWERS_MAX)
		return -ENOMEM;
	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	slot->interface = ERM_NO_INDEX;
	slot->is_lower = true;
	slot->next_lower = links->lowers;
	links->lowers = slot;
	links->n_lowers++;
	erm_rtnl_slot_bind(links, slot, ifindex, now);
	erm_rtnl_slot_set_due(links, slot);
	return 0;
}

/* Marks what each configured link stands on, down to the ground. */
static void mark_lowers(struct erm_rtnl_links *links)
{
	for (uint32_t i = 0; i < links->n_slots; i++)
		links->slots[i].is_lower = false;
	for (struct erm_rtnl_slot *slot = links->lowers; slot; slot = slot->next_lower)
		slot->is_lower = false;
	for (uint32_t i = 0; i < links->n_slots; i++) {
		uint32_t ifindex = links->slots[i].ifindex > 0 ? links->slots[i].seen.lower : 0;

		for (int depth = 0; depth < ERM_RTNL_LOWER_DEPTH && ifindex > 0; depth++) {
			struct erm_rtnl_slot *slot = erm_rtnl_slot_by_index(links, ifindex);

			ifindex = slot ? slot->seen.lower : 0;
			for (; slot; slot = erm_rtnl_slot_next_same(slot))
				slot->is_lower = true;
		}
	}
}

/* A configured slot on the same link serves as well as one of the lower link's own. */
static bool is_needed(struct erm_rtnl_links *links, const struct erm_rtnl_slot *slot)
{
	if (slot->is_due)
		return true;
	if (!slot->is_lower || slot->ifindex == 0)
		return false;
	for (const struct erm_rtnl_slot *s = erm_rtnl_slot_by_index(links, slot->ifindex); s;
	     s = erm_rtnl_slot_next_same(s))
		if (s->name)
			return false;
	return true;
}

void erm_rtnl_slots_drop_lowers(struct erm_rtnl_links *links)
{
	struct erm_rtnl_slot **at = &links->lowers, *slot;

	mark_lowers(links);
	while ((slot = *at)) {
		if (is_needed(links, slot)) {
			at = &slot->next_lower;
			continue;
		}
		erm_rtnl_slot_unbind(links, slot);
		*at = slot->next_lower;
		links->n_lowers--;
		free(slot);
	}
}

static void inherit(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot,
		    const struct erm_rtnl_slot *old)
{
	if (old->ifindex > 0)
		erm_rtnl_slot_bind(links, slot, old->ifindex, old->bound_at);
	slot->seen = old->seen;
	slot->is_resolved = old->is_resolved;
	slot->is_reborn = old->is_reborn;
	slot->is_lower = old->is_lower;
	slot->was_told = old->was_told;
	slot->lag_since = old->lag_since;
	slot->counts_of = old->counts_of;
	slot->now = old->now;
	slot->told = old->told;
	slot->now.interface = slot->told.interface = slot->interface;
}

static int inherit_all(struct erm_rtnl_links *links, const struct erm_rtnl_links *old)
{
	for (uint32_t i = 0; i < old->n_slots; i++) {
		const char *name = old->slots[i].name;
		struct erm_rtnl_slot *slot = erm_rtnl_slot_by_name(links, name, strlen(name));

		if (slot)
			inherit(links, slot, &old->slots[i]);
	}
	for (const struct erm_rtnl_slot *lower = old->lowers; lower; lower = lower->next_lower) {
		int r = erm_rtnl_slot_follow(links, lower->ifindex, lower->bound_at);

		if (r < 0)
			return r;
	}
	return 0;
}

static void add_slot(struct erm_rtnl_links *links, uint32_t interface, const char *name)
{
	struct erm_rtnl_slot *slot = &links->slots[links->n_slots], **bucket;

	slot->interface = interface;
	slot->now.interface = interface;
	slot->name = name;
	links->n_slots++;
	bucket = &links->by_name[hash_name(name, strlen(name)) & (links->n_buckets - 1)];
	slot->next_by_name = *bucket;
	*bucket = slot;
}

ERM_DEFINE_CLEANUP(struct erm_rtnl_links *, erm_rtnl_links_free)

int erm_rtnl_links_new(struct erm_config *config, uint32_t source, const struct erm_rtnl_links *old,
		       struct erm_rtnl_links **ret)
{
	ERM_CLEANUP(erm_rtnl_links_freep) struct erm_rtnl_links *links = NULL;
	int r;

	links = calloc(1, sizeof(*links));
	if (!links)
		return -ENOMEM;
	links->due.last = &links->due.first;
	links->changed.last = &links->changed.first;
	links->n_buckets = BUCKETS_MIN;
	while (links->n_buckets < config->n_interfaces && links->n_buckets < BUCKETS_MAX)
		links->n_buckets *= 2;
	links->by_index = calloc(links->n_buckets, sizeof(struct erm_rtnl_slot *));
	links->by_name = calloc(links->n_buckets, sizeof(struct erm_rtnl_slot *));
	links->slots = calloc(config->n_interfaces + 1U, sizeof(*links->slots));
	if (!links->by_index || !links->by_name || !links->slots)
		return -ENOMEM;
	links->config = erm_config_ref(config);
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		/* the others are a router's elsewhere */
		if (config->interfaces[i].source == source)
			add_slot(links, i, config->interfaces[i].name);
	}
	if (old) {
		r = inherit_all(links, old);
		if (r < 0)
			return r;
	}
	*ret = ERM_TAKE_PTR(links);
	return 0;
}

struct erm_rtnl_links *erm_rtnl_links_free(struct erm_rtnl_links *links)
{
	struct erm_rtnl_slot *slot;

	if (!links)
		return NULL;
	while ((slot = links->lowers)) {
		links->lowers = slot->next_lower;
		free(slot);
	}
	(void)erm_config_unref(links->config);
	free(links->slots);
	free(links->by_index);
	free(links->by_name);
	free(links);
	return NULL;
}
