/*
 * The store behind rtnl_links: followed links by configured name and by ifindex, the
 * queues of those due and those changed, and the lower links that others stand on.
 * Private to links.c and slots.c.  Pure.
 */
#ifndef ERM_SOURCES_RTNL_SLOTS_H
#define ERM_SOURCES_RTNL_SLOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/rtnl/links.h"
#include "sources/rtnl/seen.h"

#define ERM_RTNL_LOWER_DEPTH 8 /* VLAN on VLAN on MACsec on a bond: more is a loop or a joke */

struct erm_rtnl_slot {
	uint32_t
		interface; /* position in the configuration; ERM_NO_INDEX = followed as a lower link only */
	const char *name; /* as configured; NULL = followed as a lower link only */
	uint32_t ifindex; /* 0 = not bound */
	uint32_t dump;    /* number of the last dump that held it */
	bool is_resolved; /* bound and answered, or known to be absent */
	bool is_reborn;   /* to be told as new */
	bool is_lower;    /* some slot's seen.lower */
	bool is_due, is_changed, was_told;
	usec_t bound_at;
	usec_t lag_since; /* carrier and operstate contradict each other since; 0 = they do not */
	struct erm_rtnl_seen seen;
	uint32_t counts_of; /* ifindex whose counters are in `now` */
	struct erm_obs_interface now, told;
	struct erm_rtnl_slot *next_by_index, *next_by_name, *next_due, *next_changed;
	struct erm_rtnl_slot *next_lower;
};

struct erm_rtnl_queue {
	struct erm_rtnl_slot *first, **last;
};

struct erm_rtnl_links {
	struct erm_config *config; /* a reference: the names are its */
	uint32_t n_slots;          /* configured ones */
	struct erm_rtnl_slot *slots;
	struct erm_rtnl_slot *lowers; /* the others */
	uint32_t n_lowers, n_due, n_dumped, n_in_dump, dump;
	uint32_t n_buckets; /* a power of two */
	struct erm_rtnl_slot **by_index, **by_name;
	struct erm_rtnl_queue due, changed;
};

/* A slot bound to this index, NULL = none; several may be: two names of a link, or a lower link. */
struct erm_rtnl_slot *erm_rtnl_slot_by_index(const struct erm_rtnl_links *links, uint32_t ifindex);
/* Another one bound to the same index. */
struct erm_rtnl_slot *erm_rtnl_slot_next_same(const struct erm_rtnl_slot *after);
/* The configured slot of this name (not terminated). */
struct erm_rtnl_slot *erm_rtnl_slot_by_name(const struct erm_rtnl_links *links, const char *name,
					    size_t len);

/* Forgets all about the link it was bound to. */
void erm_rtnl_slot_bind(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, uint32_t ifindex,
			usec_t now);
void erm_rtnl_slot_unbind(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot);

/* Appends to the queue, unless it is there. */
void erm_rtnl_slot_set_due(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot);
void erm_rtnl_slot_set_changed(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot);
/* Take the first; NULL when empty. */
struct erm_rtnl_slot *erm_rtnl_slots_pop_due(struct erm_rtnl_links *links);
struct erm_rtnl_slot *erm_rtnl_slots_pop_changed(struct erm_rtnl_links *links);
void erm_rtnl_slots_drop_due(struct erm_rtnl_links *links);

/* Follows the link of this index, because others stand on it; 0 = none.  0 or -ENOMEM. */
int erm_rtnl_slot_follow(struct erm_rtnl_links *links, uint32_t ifindex, usec_t now);
/* Finds out which links are stood on, and drops those followed for nothing. */
void erm_rtnl_slots_drop_lowers(struct erm_rtnl_links *links);

#endif
