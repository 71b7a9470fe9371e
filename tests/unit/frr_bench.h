/*
 * What the tests of the FRR source share: a loop, a configuration, a fake bgpd and a
 * record of all that was told.  One per test process.
 */
#ifndef ERM_TESTS_FRR_BENCH_H
#define ERM_TESTS_FRR_BENCH_H

#include "core/config.h"
#include "core/obs.h"
#include "frr_fake.h"
#include "sources/source.h"

#define FRR_A "192.0.2.1"
#define FRR_B "2001:db8::1"

struct frr_bench {
	sd_event *event;
	char dir[80], socket[128];
	struct erm_config *config;
	struct erm_source *source;
	struct fake_bgpd fake;

	struct erm_obs *told;
	size_t n_told, n_alloc;
	unsigned int n_hints;

	/* the newest of each kind */
	struct erm_obs_source src;
	struct erm_obs_session sessions[FAKE_NEIGHBORS_MAX];
	struct erm_time at;     /* of the newest session */
	usec_t asked;           /* its question */
	unsigned int n_ok;      /* heartbeats */
	unsigned int n_dumps;   /* complete ones */
	unsigned int n_in_dump; /* sessions of the newest */
	bool is_in_dump;
};

extern struct frr_bench bench;

/* Fixture of the whole test case, unchecked: the folder of all, and what tests that failed left in it. */
void frr_bench_open(void);
void frr_bench_close(void);

/* Fixture: a folder of its own, a loop, the configuration of two sessions, FRR_A (IPv4) and FRR_B (IPv6). */
void frr_bench_setup(void);
void frr_bench_teardown(void);

/* A configuration of one FRR source and these neighbours. */
struct erm_config *frr_bench_config(const char *const *neighbors, uint32_t n);

/* The fake comes up, with FRR_A and FRR_B Established. */
void frr_bench_router_up(void);
/* Starts the source under test. */
void frr_bench_start(void);

/* Turns the loop until the condition holds; false when it never did in 10 s. */
bool frr_bench_turn_until(bool (*holds)(void));
/* Turns the loop for a while, to see that something does not happen. */
void frr_bench_turn_for(usec_t usec);

/* Until the source reports this.  Aborts the test when it does not. */
void frr_bench_await_reason(enum erm_source_reason reason);
void frr_bench_await_ok(void);
/* Until n further complete cycles were told. */
void frr_bench_await_cycles(unsigned int n);

#endif
