/*
 * How often the kernel is asked: seldom at rest, often while something moves, and never
 * more than a fixed share of a core.  Pure arithmetic, time is an argument.
 */
#ifndef ERM_SOURCES_RTNL_PACE_H
#define ERM_SOURCES_RTNL_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"

struct erm_rtnl_pace {
	usec_t rest_usec, fast_usec, window_usec;
	usec_t fast_until;
	int64_t credit_nsec; /* CPU time that may be spent now; negative = overdrawn */
	usec_t credit_at;
};

/* All three from the configuration; a 0 gets a sane least value. */
void erm_rtnl_pace_init(struct erm_rtnl_pace *pace, usec_t rest_usec, usec_t fast_usec,
			usec_t window_usec, usec_t now);

/* Something moved: poll fast for one window from now. */
void erm_rtnl_pace_touch(struct erm_rtnl_pace *pace, usec_t now);

/* Books CPU time that was spent. */
void erm_rtnl_pace_spend(struct erm_rtnl_pace *pace, uint64_t cpu_nsec, usec_t now);

/* The period wanted now, budget aside. */
usec_t erm_rtnl_pace_period(const struct erm_rtnl_pace *pace, usec_t now);

/* When the budget allows the next request: `now` or earlier = at once. */
usec_t erm_rtnl_pace_allowed_at(const struct erm_rtnl_pace *pace, usec_t now);

#endif
