/* What the tests of the FRR source share: the bench of source_bench.h, and a fake bgpd. */
#ifndef ERM_TESTS_FRR_BENCH_H
#define ERM_TESTS_FRR_BENCH_H

#include "frr_fake.h"
#include "source_bench.h"

#define FRR_A "192.0.2.1"
#define FRR_B "2001:db8::1"

extern struct fake_bgpd bgpd;

/* Fixture, in a folder: the configuration of two sessions, FRR_A (IPv4) and FRR_B (IPv6). */
void frr_bench_setup(void);
void frr_bench_teardown(void);

/* A configuration of one FRR source and these neighbours. */
struct erm_config *frr_bench_config(const char *const *neighbors, uint32_t n);

/* The fake comes up, with FRR_A and FRR_B Established. */
void frr_bench_router_up(void);
/* Starts the source under test. */
void frr_bench_start(void);

/* Until n further complete cycles were told. */
void frr_bench_await_cycles(unsigned int n);

#endif
