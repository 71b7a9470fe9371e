/* Owns the reading of the kernel's flags and states; knows no configuration. */
#include "sources/rtnl/seen.h"

#include <linux/if.h>
#include <string.h>

#include "base/cleanup.h"

/*
 * The kernel puts IFLA_OPERSTATE right at most about a second after the carrier (its queue
 * runs once a second for the whole machine; 1.8 s was seen).  A contradiction that lasts
 * longer is meant.
 */
#define OPERSTATE_LAG_USEC (2 * ERM_USEC_PER_SEC)

/* Kinds that take over the carrier of the link below, but only when the kernel tells them. */
uint32_t erm_rtnl_seen_lower(const struct erm_rtnl_link *link)
{
	static const char *const kinds[] = { "vlan",    "macsec", "macvlan",
					     "macvtap", "ipvlan", "ipvtap" };

	if (link->lower == 0 || link->lower == link->ifindex || link->is_lower_elsewhere ||
	    link->is_bridge_bound)
		return 0;
	for (size_t i = 0; i < ERM_ELEMENTS(kinds); i++)
		if (strcmp(link->kind, kinds[i]) == 0)
			return link->lower;
	return 0;
}

struct erm_rtnl_seen erm_rtnl_seen_from_link(const struct erm_rtnl_link *link,
					     const struct erm_rtnl_seen *old)
{
	struct erm_rtnl_seen seen = {
		.flags = link->flags,
		.up_count = link->up_count,
		.down_count = link->down_count,
		.mtu = link->mtu,
		.lower = erm_rtnl_seen_lower(link),
		.has_counts = link->has_counts,
		.operstate = link->operstate,
		.perm_address_len = link->perm_address_len,
	};

	memcpy(seen.perm_address, link->perm_address, sizeof(seen.perm_address));
	memcpy(seen.kind, link->kind, sizeof(seen.kind));
	/* Sum and carrier are not read at one instant, so a derived half may have been one too high. */
	if (link->is_count_derived && old->has_counts) {
		if (old->down_count == seen.down_count + 1)
			seen.down_count = old->down_count;
		if (old->up_count == seen.up_count + 1)
			seen.up_count = old->up_count;
	}
	return seen;
}

bool erm_rtnl_seen_is_other(const struct erm_rtnl_seen *old, const struct erm_rtnl_seen *now)
{
	if (strcmp(old->kind, now->kind) != 0 || old->perm_address_len != now->perm_address_len ||
	    memcmp(old->perm_address, now->perm_address, old->perm_address_len) != 0)
		return true;
	return old->has_counts && now->has_counts &&
	       (now->up_count < old->up_count || now->down_count < old->down_count);
}

bool erm_rtnl_seen_carrier(const struct erm_rtnl_seen *seen)
{
	return (seen->flags & IFF_UP) && (seen->flags & IFF_LOWER_UP);
}

/*
 * IFF_LOWER_UP and IFF_DORMANT are computed when the message is built; IFLA_OPERSTATE is
 * what linkwatch left behind, so it lags.  No carrier: not operational, whatever it says.
 * With carrier, "down", "lower layer down" and "not present" can only be left over (the
 * kernel derives all three from the absence of carrier), so a fresh carrier counts at once;
 * "testing" and "dormant" are set on purpose and stand beside a carrier.
 */
bool erm_rtnl_seen_oper_up(const struct erm_rtnl_seen *seen, bool has_carrier, usec_t now,
			   usec_t *lag_since)
{
	usec_t since = *lag_since;

	*lag_since = 0;
	if (!has_carrier || (seen->flags & IFF_DORMANT))
		return false;
	switch (seen->operstate) {
	case ERM_RTNL_OPER_TESTING:
	case ERM_RTNL_OPER_DORMANT:
		return false;
	case ERM_RTNL_OPER_NOT_PRESENT:
	case ERM_RTNL_OPER_DOWN:
	case ERM_RTNL_OPER_LOWER_LAYER_DOWN:
		*lag_since = since > 0 ? since : now;
		return erm_usec_sub(now, *lag_since) < OPERSTATE_LAG_USEC;
	default: /* up, or unknown: a driver that does not tell */
		return true;
	}
}
