/* What the tests of the rtnl source share: the bench of source_bench.h, and a paper kernel. */
#ifndef ERM_TESTS_RTNL_BENCH_H
#define ERM_TESTS_RTNL_BENCH_H

#include "rtnl_fake.h"
#include "source_bench.h"

#define N_MANY 64

struct rtnl_bench {
	struct fake_kernel kernel;
	struct erm_obs_interface now[N_MANY];
	unsigned int n_interface, n_new;
};

extern struct rtnl_bench t;

/* e0 and e1 configured; lo, e0 (index 2) and e1 (3) there, with carrier. */
void bench_set_up(void);
void bench_tear_down(void);

void start(void);
void start_and_settle(void);
void add_link(const char *name, uint32_t ifindex);
/* In the kernel only: nobody is told. */
struct fake_link *lose_carrier(const char *name);

#endif
