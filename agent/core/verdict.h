/*
 * The redundancy verdict of n members of which u are usable and k unknown, judged
 * on the whole interval [u, u + k]: what holds at both ends is certain, the rest
 * is unknown.  Pure.
 */
#ifndef ERM_CORE_VERDICT_H
#define ERM_CORE_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/snapshot.h"

struct erm_members {
	uint32_t expected, usable, unknown; /* usable + unknown <= expected */
	bool has_degraded;                  /* a usable member is certainly not at its best */
	bool may_have_degraded;             /* one may not be: a circuit whose state is unknown */
};

/* A condition judged on an interval: true or false at both ends, else unknown. */
enum erm_truth { ERM_FALSE, ERM_TRUE, ERM_TRUTH_UNKNOWN };

struct erm_verdict erm_verdict_judge(const struct erm_members *members, uint32_t min_service,
				     uint32_t min_redundant);

/* "Fewer than `needed` members are usable." */
enum erm_truth erm_verdict_is_below(const struct erm_verdict *verdict, uint32_t needed);

/* The worse of two states, unknown being the worst. */
enum erm_state erm_state_worse(enum erm_state a, enum erm_state b);

#endif
