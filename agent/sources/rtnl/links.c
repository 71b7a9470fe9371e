/*
 * Owns the binding of configured interfaces to kernel links and what is known of them.
 * Must not know sockets, requests or when to ask.
 */
#include "sources/rtnl/links.h"

#include <assert.h>
#include <linux/if.h>
#include <string.h>

#include "sources/rtnl/slots.h"

/* A "new link" notification for an index bound for longer than it can have lain in the queue. */
#define REBIRTH_USEC ERM_USEC_PER_SEC

/*
 * The link whose carrier this one follows; NULL when it follows none, or one that cannot be
 * followed.  False: it is followed and not answered yet, so nothing can be said.
 */
static bool slot_lower(struct erm_rtnl_links *links, const struct erm_rtnl_slot *slot,
		       const struct erm_rtnl_slot **ret)
{
	const struct erm_rtnl_slot *first = NULL, *lower = NULL;

	if (slot->seen.lower > 0)
		first = lower = erm_rtnl_slot_by_index(links, slot->seen.lower);
	while (lower && !lower->is_resolved)
		lower = erm_rtnl_slot_next_same(lower);
	if (first && !lower)
		return false;
	*ret = lower;
	return true;
}

static bool same_interface(const struct erm_obs_interface *a, const struct erm_obs_interface *b)
{
	if (!a->is_present && !b->is_present)
		return true;
	return a->is_present == b->is_present && a->is_admin_up == b->is_admin_up &&
	       a->has_carrier == b->has_carrier && a->is_oper_up == b->is_oper_up &&
	       a->has_counts == b->has_counts && a->carrier_up_count == b->carrier_up_count &&
	       a->carrier_down_count == b->carrier_down_count && a->ifindex == b->ifindex &&
	       a->mtu == b->mtu;
}

/* Works out what the interface is, from its own link and the ones below it. */
static void evaluate(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, usec_t now)
{
	struct erm_obs_interface obs = { .interface = slot->interface };
	const struct erm_rtnl_slot *lower = slot, *base = slot;

	if (slot->interface == ERM_NO_INDEX || !slot->is_resolved)
		return;
	if (slot->ifindex > 0) {
		obs.is_present = true;
		obs.ifindex = slot->ifindex;
		obs.mtu = slot->seen.mtu;
		obs.is_admin_up = slot->seen.flags & IFF_UP;
		obs.has_carrier = true;
		for (int i = 0; i < ERM_RTNL_LOWER_DEPTH && lower; i++) {
			base = lower;
			obs.has_carrier = obs.has_carrier && erm_rtnl_seen_carrier(&base->seen);
			if (!slot_lower(links, base, &lower))
				return;
		}
		obs.is_oper_up =
			erm_rtnl_seen_oper_up(&slot->seen, obs.has_carrier, now, &slot->lag_since);
		/* The counters of the link whose carrier it is: one loss is then counted once. */
		obs.has_counts = base->seen.has_counts;
		obs.carrier_up_count = base->seen.up_count;
		obs.carrier_down_count = base->seen.down_count;
		if (slot->was_told && slot->told.is_present && slot->counts_of != base->ifindex)
			slot->is_reborn = true;
		slot->counts_of = base->ifindex;
	}
	slot->now = obs;
	if (!slot->was_told || slot->is_reborn || !same_interface(&slot->now, &slot->told))
		erm_rtnl_slot_set_changed(links, slot);
}

static void evaluate_uppers(struct erm_rtnl_links *links, usec_t now)
{
	for (uint32_t i = 0; i < links->n_slots; i++)
		if (links->slots[i].seen.lower > 0)
			evaluate(links, &links->slots[i], now);
}

static void see(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot,
		const struct erm_rtnl_link *link, usec_t now)
{
	struct erm_rtnl_seen old = slot->seen, seen = erm_rtnl_seen_from_link(link, &old);
	bool was_resolved = slot->is_resolved;

	if (was_resolved && erm_rtnl_seen_is_other(&old, &seen)) {
		slot->is_reborn = slot->was_told;
		slot->lag_since = 0;
	}
	slot->seen = seen;
	slot->is_resolved = true;
	slot->dump = links->dump;
	evaluate(links, slot, now);
	if (slot->is_lower &&
	    (!was_resolved || old.flags != seen.flags || old.lower != seen.lower ||
	     old.up_count != seen.up_count || old.down_count != seen.down_count))
		evaluate_uppers(links, now);
}

static bool link_has_name(const struct erm_rtnl_link *link, const char *name)
{
	struct erm_reader altnames = link->altnames;
	struct erm_rtnl_text text;
	size_t len = strlen(name);

	if (strcmp(link->name, name) == 0)
		return true;
	while (erm_rtnl_altname_next(&altnames, &text))
		if (text.len == len && memcmp(text.data, name, len) == 0)
			return true;
	return false;
}

/* The next configured slot that one of the link's names matches. */
static struct erm_rtnl_slot *next_match(struct erm_rtnl_links *links, struct erm_reader *altnames)
{
	struct erm_rtnl_text text;

	while (erm_rtnl_altname_next(altnames, &text)) {
		struct erm_rtnl_slot *slot = erm_rtnl_slot_by_name(links, text.data, text.len);

		if (slot)
			return slot;
	}
	return NULL;
}

static void bind_match(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, uint32_t ifindex,
		       usec_t now)
{
	if (slot && slot->ifindex != ifindex)
		erm_rtnl_slot_bind(links, slot, ifindex, now);
}

int erm_rtnl_links_answer(struct erm_rtnl_links *links, const struct erm_rtnl_link *link,
			  usec_t now)
{
	struct erm_reader altnames = link->altnames;
	struct erm_rtnl_slot *slot, *next;
	int r = 0;

	links->n_in_dump++;
	for (slot = erm_rtnl_slot_by_index(links, link->ifindex); slot; slot = next) {
		next = erm_rtnl_slot_next_same(slot);
		if (slot->name && !link_has_name(link, slot->name)) {
			/* Renamed: the name may be another link's now. */
			erm_rtnl_slot_unbind(links, slot);
			erm_rtnl_slot_set_due(links, slot);
		}
	}
	bind_match(links, erm_rtnl_slot_by_name(links, link->name, strlen(link->name)),
		   link->ifindex, now);
	while ((slot = next_match(links, &altnames)))
		bind_match(links, slot, link->ifindex, now);
	slot = erm_rtnl_slot_by_index(links, link->ifindex);
	if (slot)
		r = erm_rtnl_slot_follow(links, erm_rtnl_seen_lower(link), now);
	for (; slot; slot = erm_rtnl_slot_next_same(slot))
		see(links, slot, link, now);
	return r;
}

void erm_rtnl_links_missing(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, usec_t now)
{
	bool was_bound = slot->ifindex > 0;

	if (!slot->name) {
		/* Unbound it is asked no more; the next dump drops it. */
		erm_rtnl_slot_unbind(links, slot);
		evaluate_uppers(links, now);
	} else if (was_bound) {
		/* The index is gone; the name may have a new one. */
		erm_rtnl_slot_unbind(links, slot);
		erm_rtnl_slot_set_due(links, slot);
	} else {
		slot->is_resolved = true;
		evaluate(links, slot, now);
	}
}

static bool notify_slot(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot,
			const struct erm_rtnl_message *message, usec_t now)
{
	/*
	 * An index may be given out again at once, with the state of the old link in our
	 * cache: after DELLINK nothing of it holds.
	 */
	if (message->kind == ERM_RTNL_LINK_DEL && slot->name && slot->ifindex > 0)
		erm_rtnl_slot_unbind(links, slot);
	else if (message->link.change == UINT32_MAX && slot->ifindex > 0 &&
		 erm_usec_sub(now, slot->bound_at) > REBIRTH_USEC)
		erm_rtnl_slot_bind(links, slot, slot->ifindex, now);
	erm_rtnl_slot_set_due(links, slot);
	return true;
}

bool erm_rtnl_links_notify(struct erm_rtnl_links *links, const struct erm_rtnl_message *message,
			   usec_t now)
{
	const struct erm_rtnl_link *link = &message->link;
	struct erm_reader altnames = link->altnames;
	struct erm_rtnl_slot *slot, *next;
	bool is_ours = false;

	for (slot = erm_rtnl_slot_by_index(links, link->ifindex); slot; slot = next) {
		next = erm_rtnl_slot_next_same(slot);
		is_ours = notify_slot(links, slot, message, now);
	}
	if (message->kind == ERM_RTNL_LINK_DEL)
		return is_ours;
	slot = erm_rtnl_slot_by_name(links, link->name, strlen(link->name));
	if (slot) {
		erm_rtnl_slot_set_due(links, slot);
		is_ours = true;
	}
	while ((slot = next_match(links, &altnames))) {
		erm_rtnl_slot_set_due(links, slot);
		is_ours = true;
	}
	return is_ours;
}

void erm_rtnl_links_dump_begin(struct erm_rtnl_links *links)
{
	links->dump++;
	links->n_in_dump = 0;
	erm_rtnl_slots_drop_due(links);
}

static void sweep(struct erm_rtnl_links *links, struct erm_rtnl_slot *slot, usec_t now)
{
	/* What became due since the dump began is younger than the dump: ask. */
	if (slot->is_due)
		return;
	if (slot->dump != links->dump)
		erm_rtnl_slot_unbind(links, slot);
	if (slot->ifindex == 0) {
		slot->is_resolved = true;
		evaluate(links, slot, now);
	}
}

void erm_rtnl_links_dump_end(struct erm_rtnl_links *links, bool is_complete, usec_t now)
{
	if (!is_complete)
		return;
	links->n_dumped = links->n_in_dump;
	for (uint32_t i = 0; i < links->n_slots; i++)
		sweep(links, &links->slots[i], now);
	erm_rtnl_slots_drop_lowers(links);
}

void erm_rtnl_links_poll(struct erm_rtnl_links *links, bool with_absent)
{
	for (uint32_t i = 0; i < links->n_slots; i++)
		if (with_absent || links->slots[i].ifindex > 0)
			erm_rtnl_slot_set_due(links, &links->slots[i]);
	for (struct erm_rtnl_slot *slot = links->lowers; slot; slot = slot->next_lower)
		if (slot->ifindex > 0)
			erm_rtnl_slot_set_due(links, slot);
}

uint32_t erm_rtnl_links_n_due(const struct erm_rtnl_links *links)
{
	return links->n_due;
}

uint32_t erm_rtnl_links_n_dumped(const struct erm_rtnl_links *links)
{
	return links->n_dumped;
}

struct erm_rtnl_slot *erm_rtnl_links_next_due(struct erm_rtnl_links *links, uint32_t *ret_ifindex,
					      const char **ret_name)
{
	struct erm_rtnl_slot *slot;

	while ((slot = erm_rtnl_slots_pop_due(links))) {
		/* A lower link that was lost in the meantime has no name to ask by. */
		if (slot->ifindex == 0 && !slot->name)
			continue;
		*ret_ifindex = slot->ifindex;
		*ret_name = slot->name;
		return slot;
	}
	return NULL;
}

static void take(struct erm_rtnl_slot *slot, struct erm_obs_interface *ret)
{
	slot->told = slot->now;
	slot->was_told = true;
	*ret = slot->now;
	ret->is_new = ret->is_present && slot->is_reborn;
	if (ret->is_present)
		slot->is_reborn = false;
}

bool erm_rtnl_links_next_change(struct erm_rtnl_links *links, struct erm_obs_interface *ret)
{
	struct erm_rtnl_slot *slot;

	while ((slot = erm_rtnl_slots_pop_changed(links))) {
		/* There and back again between two looks is no change. */
		if (slot->was_told && !slot->is_reborn && same_interface(&slot->now, &slot->told))
			continue;
		take(slot, ret);
		return true;
	}
	return false;
}

uint32_t erm_rtnl_links_n(const struct erm_rtnl_links *links)
{
	return links->n_slots;
}

void erm_rtnl_links_tell(struct erm_rtnl_links *links, uint32_t i, struct erm_obs_interface *ret)
{
	assert(i < links->n_slots);
	take(&links->slots[i], ret);
}
