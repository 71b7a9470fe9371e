/*
 * What bgpd answers to "show bgp summary [established] json": who is Established, with how
 * many prefixes, and how many neighbours there are at all.  Asked for those that are
 * Established only, it is the cheapest question there is: bgpd 8.4.4 with 1000 neighbours
 * works 0.8 ms for it when all are down, against 46 ms for the list.  Pure, does not log.
 */
#ifndef ERM_SOURCES_FRR_SUMMARY_H
#define ERM_SOURCES_FRR_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "core/obs.h"

struct erm_frr_summary;

/* Parses in place as erm_frr_json_load() does.  -EBADMSG also: not an object of families. */
int erm_frr_summary_parse(char *text, size_t len, struct erm_frr_summary **ret);
struct erm_frr_summary *erm_frr_summary_free(struct erm_frr_summary *summary);
ERM_DEFINE_CLEANUP(struct erm_frr_summary *, erm_frr_summary_free)

/*
 * How many neighbours bgpd has: at least so many, for each is counted once in every
 * family.  False: it does not tell.
 */
bool erm_frr_summary_count(const struct erm_frr_summary *summary, size_t *ret_n);

/*
 * True when the neighbour is in it and Established, in whatever family; counts of
 * prefixes are those of `family`.  Fills in what a summary knows and touches nothing else.
 */
bool erm_frr_summary_session(const struct erm_frr_summary *summary, const struct erm_addr *neighbor,
			     enum erm_family family, struct erm_obs_session *session);

#endif
