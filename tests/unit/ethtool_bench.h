/* What the tests of the ethtool source share: the bench of source_bench.h, and a paper kernel. */
#ifndef ERM_TESTS_ETHTOOL_BENCH_H
#define ERM_TESTS_ETHTOOL_BENCH_H

#include "ethtool_fake.h"
#include "source_bench.h"

#define N_NAMES 4

struct ethtool_bench {
	struct fake_ethtool kernel;
	struct erm_obs_optics now[N_NAMES];
	unsigned int n_optics[N_NAMES];
};

extern struct ethtool_bench t;

/* What the source was made with; e0 has it as its module. */
extern struct module_pages sfp;
extern struct fake_interface *e0, *e1;

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

void start(void);
void settle(void);
/* A whole round that began after now. */
void next_round(void);

#endif
