/*
 * Time as everybody in ermon counts it: unsigned microseconds.  The core never
 * reads a clock; it is handed a struct erm_time by its caller.
 */
#ifndef ERM_BASE_USEC_H
#define ERM_BASE_USEC_H

#include <stdint.h>

typedef uint64_t usec_t;

#define ERM_USEC_INFINITY UINT64_MAX
#define ERM_USEC_PER_MSEC ((usec_t)1000)
#define ERM_USEC_PER_SEC  ((usec_t)1000000)

/* One instant on two clocks: CLOCK_MONOTONIC for every age and hold, CLOCK_REALTIME for display only. */
struct erm_time {
	usec_t mono;
	usec_t real;
};

/* Reads both clocks.  Never fails.  Not to be called from core/. */
struct erm_time erm_time_now(void);

/* CPU time the calling thread has had, in ns.  Not to be called from core/. */
uint64_t erm_thread_cpu_nsec(void);

/* a + b, saturating at ERM_USEC_INFINITY. */
static inline usec_t erm_usec_add(usec_t a, usec_t b)
{
	return a > ERM_USEC_INFINITY - b ? ERM_USEC_INFINITY : a + b;
}

/* a - b, or 0 when b is later than a. */
static inline usec_t erm_usec_sub(usec_t a, usec_t b)
{
	return a > b ? a - b : 0;
}

#endif
