/* A session in dispute: its neighbour alone is asked for, at once and not too often. */
#include <check.h>
#include <stdlib.h>

#include "check_main.h"
#include "frr_bench.h"

static void start(void)
{
	bench.config->sources[0].poll_usec = 3600 * ERM_USEC_PER_SEC;
	bench.config->sources[0].timeout_usec = 30 * ERM_USEC_PER_SEC;
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
}

static bool a_is_down(void)
{
	return bench.sessions[0].bgp == ERM_BGP_ACTIVE;
}

static void await_requests(unsigned int n)
{
	unsigned int wanted = bgpd.n_requests + n;

	UNTIL(bgpd.n_requests >= wanted);
}

static void look_at(uint32_t session)
{
	erm_source_frr_ops.look_at(bench.source, session);
}

/* And all of them soon after. */
START_TEST(test_dispute_is_asked_alone)
{
	usec_t disputed = 0;

	start();
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	disputed = erm_time_now().mono;
	look_at(0);
	UNTIL(a_is_down());
	ck_assert_uint_eq(bgpd.n_ones, 1);
	ck_assert_uint_eq(bgpd.n_lists, 1);
	ck_assert_uint_ge(bench.asked, disputed);
	ck_assert_uint_eq(bench.n_hints, 1);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, 1);
	ck_assert_uint_eq(bgpd.n_lists, 2);
}
END_TEST

START_TEST(test_dispute_waits_for_the_answer_under_way)
{
	start();
	bgpd.mood = FAKE_HANGS;
	erm_source_frr_ops.look_now(bench.source);
	await_requests(1);
	look_at(0);
	look_at(0);
	bench_pass(5 * MSEC);
	ck_assert_uint_eq(bgpd.n_ones, 0);
	bgpd.mood = FAKE_ANSWERS;
	fake_bgpd_answer(&bgpd);
	await_requests(1);
	ck_assert_uint_eq(bgpd.n_ones, 1);
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(bgpd.n_ones, 1);
}
END_TEST

START_TEST(test_dispute_of_a_session_of_others_is_a_hint)
{
	start();
	look_at(7);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, 0);
	ck_assert_uint_ge(bgpd.n_lists, 2);
}
END_TEST

START_TEST(test_dispute_without_connection_is_harmless)
{
	frr_bench_start();
	bench_await_lost(ERM_REASON_NOT_STARTED);
	look_at(0);
	frr_bench_router_up();
	bench_await_ok();
	ck_assert_uint_eq(bgpd.n_ones, 0);
}
END_TEST

/* Disputes without end cost bgpd no more than hints. */
START_TEST(test_storm_of_disputes_is_limited)
{
	usec_t begin = 0, now = 0;

	start();
	begin = now = erm_time_now().mono;
	while (now < begin + 500 * MSEC) {
		look_at(0);
		ck_assert_int_ge(sd_event_run(bench.event, 500), 0);
		now = erm_time_now().mono;
	}
	ck_assert_uint_ge(bgpd.n_ones, 1);
	ck_assert_uint_le(bgpd.n_ones + bgpd.n_lists, 2 + 8 + (now - begin) / (50 * MSEC));
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/frr: disputes");
	TCase *all = tcase_create("disputes");

	tcase_add_unchecked_fixture(all, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(all, frr_bench_setup, frr_bench_teardown);
	tcase_add_test(all, test_dispute_is_asked_alone);
	tcase_add_test(all, test_dispute_waits_for_the_answer_under_way);
	tcase_add_test(all, test_dispute_of_a_session_of_others_is_a_hint);
	tcase_add_test(all, test_dispute_without_connection_is_harmless);
	tcase_add_test(all, test_storm_of_disputes_is_limited);
	suite_add_tcase(s, all);
	return s;
}

ERM_CHECK_MAIN(suite)
