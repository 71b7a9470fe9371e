/* What the tests of the ethtool source share: the source, its loop, a paper kernel, all it told. */
#ifndef ERM_TESTS_ETHTOOL_BENCH_H
#define ERM_TESTS_ETHTOOL_BENCH_H

#include <check.h>
#include <systemd/sd-event.h>

#include "core/obs.h"
#include "ethtool_fake.h"
#include "sources/source.h"

#define MSEC    ERM_USEC_PER_MSEC
#define SEC     ERM_USEC_PER_SEC
#define N_NAMES 4

struct bench {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct fake_ethtool kernel;
	struct erm_obs_source own;
	struct erm_obs_optics now[N_NAMES];
	unsigned int n_optics[N_NAMES];
	unsigned int n_source, n_lost;
};

extern struct bench t;

/* What the source was made with; e0 has it as its module. */
extern struct module_pages sfp;
extern struct fake_interface *e0, *e1;

/* Turns the loop until the condition holds, for 10 s at most. */
#define UNTIL(condition)                                                                 \
	do {                                                                             \
		usec_t _until = bench_monotonic() + 10 * SEC;                            \
		while (!(condition)) {                                                   \
			ck_assert_msg(bench_monotonic() < _until, "never: " #condition); \
			ck_assert_int_ge(sd_event_run(t.event, 10 * MSEC), 0);           \
		}                                                                        \
	} while (0)

/* Of the kernel, while the thread may look at it. */
#define CHANGE(statement)                       \
	do {                                    \
		fake_ethtool_lock(&t.kernel);   \
		statement;                      \
		fake_ethtool_unlock(&t.kernel); \
	} while (0)

/* e0 and e1 have ports, e2 none, e3 is another router's; the kernel has e0 and e1. */
struct erm_config *bench_config(void);
void bench_set_up(void);
void bench_tear_down(void);

usec_t bench_monotonic(void);
/* Turns the loop for this long. */
void pass(usec_t usec);
void start(void);
void settle(void);
/* A whole round that began after now. */
void next_round(void);

#endif
