#include "base/usec.h"

#include <time.h>

static usec_t read_clock(clockid_t id)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(id, &ts); /* fails only for an unknown clock */
	return (usec_t)ts.tv_sec * ERM_USEC_PER_SEC + (usec_t)ts.tv_nsec / 1000;
}

struct erm_time erm_time_now(void)
{
	return (struct erm_time){ .mono = read_clock(CLOCK_MONOTONIC),
				  .real = read_clock(CLOCK_REALTIME) };
}

uint64_t erm_thread_cpu_nsec(void)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return (uint64_t)ts.tv_sec * 1000000000U + (uint64_t)ts.tv_nsec;
}
