/*
 * What the kernel said of one link, cut down to what ermon judges by, and the judgements
 * on it: carrier, operational, still the same link.  Pure values.
 */
#ifndef ERM_SOURCES_RTNL_SEEN_H
#define ERM_SOURCES_RTNL_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "sources/rtnl/parse.h"

struct erm_rtnl_seen {
	uint32_t flags, up_count, down_count, mtu;
	uint32_t lower; /* ifindex of the link whose carrier this one follows; 0 = none */
	bool has_counts;
	uint8_t operstate;
	uint8_t perm_address_len;
	uint8_t perm_address[ERM_RTNL_ADDRESS_MAX];
	char kind[ERM_RTNL_KIND_MAX];
};

/* The ifindex of the link whose carrier this link follows, which the kernel passes on late; 0 = none. */
uint32_t erm_rtnl_seen_lower(const struct erm_rtnl_link *link);

/* old: what was seen of the same link before, all zero = nothing. */
struct erm_rtnl_seen erm_rtnl_seen_from_link(const struct erm_rtnl_link *link,
					     const struct erm_rtnl_seen *old);

/* An index is only a number: true when another link must have it now. */
bool erm_rtnl_seen_is_other(const struct erm_rtnl_seen *old, const struct erm_rtnl_seen *now);

/* Carrier of the link itself, right at the instant the kernel built the message. */
bool erm_rtnl_seen_carrier(const struct erm_rtnl_seen *seen);

/*
 * Operational as RFC 2863 means it.  has_carrier: of the link and all it follows.
 * lag_since: kept by the caller for the link, 0 at first; since when its operational state
 * contradicts its carrier.
 */
bool erm_rtnl_seen_oper_up(const struct erm_rtnl_seen *seen, bool has_carrier, usec_t now,
			   usec_t *lag_since);

#endif
