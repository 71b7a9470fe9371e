/*
 * What bgpd answers to "show bgp ipv4|ipv6 unicast PREFIX json": who advertises the prefix,
 * and how often Microsoft's AS stands in a row in the path.  Pure, does not log.
 */
#ifndef ERM_SOURCES_FRR_ROUTE_H
#define ERM_SOURCES_FRR_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cleanup.h"

struct erm_frr_route;

/*
 * Parses in place as erm_frr_json_load() does.  An empty object is a prefix nobody
 * advertises.  -EBADMSG also: an object that speaks of something else.
 */
int erm_frr_route_parse(char *text, size_t len, struct erm_frr_route **ret);
struct erm_frr_route *erm_frr_route_free(struct erm_frr_route *route);
ERM_DEFINE_CLEANUP(struct erm_frr_route *, erm_frr_route_free)

/*
 * True when the prefix was received from this neighbour.  *ret_prepends: how many times
 * beyond once ERM_AS_MICROSOFT stands in a row, the most of its paths.
 */
bool erm_frr_route_from(const struct erm_frr_route *route, const struct erm_addr *neighbor,
			uint32_t *ret_prepends);

#endif
