/* What the tests of the rtnl source share: the source, its loop, a paper kernel, all it told. */
#ifndef ERM_TESTS_RTNL_BENCH_H
#define ERM_TESTS_RTNL_BENCH_H

#include <systemd/sd-event.h>

#include "core/obs.h"
#include "rtnl_fake.h"
#include "sources/source.h"

#define SEC    ERM_USEC_PER_SEC
#define MSEC   ERM_USEC_PER_MSEC
#define N_MANY 64

struct bench {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct fake_kernel kernel;
	struct erm_obs_interface now[N_MANY];
	struct erm_obs_source own;
	uint32_t index; /* every observation's source */
	unsigned int n_interface, n_source, n_begin, n_end, n_new, n_hints, n_lost;
	bool is_in_dump;
};

extern struct bench t;

/* Turns the loop until the condition holds, for 3 s at most. */
#define UNTIL(condition)                                                                 \
	do {                                                                             \
		usec_t _until = bench_monotonic() + 3 * SEC;                             \
		while (!(condition)) {                                                   \
			ck_assert_msg(bench_monotonic() < _until, "never: " #condition); \
			ck_assert_int_ge(sd_event_run(t.event, 10 * MSEC), 0);           \
		}                                                                        \
	} while (0)

/* e0 and e1 configured; lo, e0 (index 2) and e1 (3) there, with carrier. */
void bench_set_up(void);
void bench_tear_down(void);

usec_t bench_monotonic(void);
/* Turns the loop for this long. */
void pass(usec_t usec);
void start(void);
void start_and_settle(void);
void add_link(const char *name, uint32_t ifindex);
/* In the kernel only: nobody is told. */
struct fake_link *lose_carrier(const char *name);

#endif
