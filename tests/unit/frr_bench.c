#include "frr_bench.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

struct fake_bgpd bgpd;

static void note(const struct erm_obs *obs)
{
	/* only answers tell of sessions */
	if (obs->kind == ERM_OBS_SESSION)
		ck_assert_uint_gt(obs->asked, 0);
}

struct erm_config *frr_bench_config(const char *const *neighbors, uint32_t n)
{
	const struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_FRR,
		.socket = strdup(bench.path),
		.poll_usec = 20 * MSEC,
		.timeout_usec = 200 * MSEC,
		.stale_after_usec = SEC,
		.max_reply_bytes = 1 << 20,
	};

	return bench_make_config(&settings, neighbors, n);
}

void frr_bench_setup(void)
{
	static const char *const neighbors[] = { FRR_A, FRR_B };

	erm_log_open();
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_SESSION,
		   note);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/bgpd.vty", bench.dir);
	bench.config = frr_bench_config(neighbors, 2);
}

void frr_bench_teardown(void)
{
	bench_done(&erm_source_frr_ops);
	fake_bgpd_stop(&bgpd, false);
	(void)unlink(bench.path);
	ck_assert_int_eq(rmdir(bench.dir), 0);
}

void frr_bench_router_up(void)
{
	fake_bgpd_start(&bgpd, bench.event, bench.path);
	if (bgpd.n_neighbors > 0)
		return;
	fake_bgpd_add(&bgpd, FRR_A, "Established", "");
	fake_bgpd_add(&bgpd, FRR_B, "Established", "");
}

void frr_bench_start(void)
{
	const struct erm_source_env env = bench_env();

	ck_assert_int_eq(erm_source_frr_ops.start(&env, bench.config, 0, &bench.source), 0);
}

void frr_bench_await_cycles(unsigned int n)
{
	unsigned int wanted = bench.n_ok + n;

	UNTIL(bench.n_ok >= wanted);
}
