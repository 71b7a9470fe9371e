/* The rtnl source on a paper kernel: every way to miss something. */
#include <check.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "rtnl_bench.h"

START_TEST(enobufs_leads_to_a_dump)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	lose_carrier("e0");
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -ENOBUFS);
	UNTIL(!t.now[0].has_carrier && bench.n_dumps == 2);
	ck_assert_uint_eq(t.kernel.n_dumps, 2);
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -ENOBUFS);
	UNTIL(bench.n_dumps == 3); /* and a second time */
	UNTIL(bench.src.counters.resyncs == 2);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(overrun_leads_to_a_dump)
{
	struct fake_bytes bytes = { 0 };

	start_and_settle();
	fake_end(&bytes, fake_begin(&bytes, NLMSG_OVERRUN, 0, 0));
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, &bytes, 0);
	UNTIL(bench.n_dumps == 2);
	UNTIL(bench.src.counters.resyncs == 1);
}
END_TEST

START_TEST(oversized_and_garbled_notifications_lead_to_a_dump)
{
	struct fake_bytes garbage = { .len = 20, .data = { 7 } };

	start_and_settle();
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -EMSGSIZE);
	UNTIL(bench.n_dumps == 2);
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, &garbage, 0);
	UNTIL(bench.n_dumps == 3);
	UNTIL(bench.src.counters.resyncs == 2);
	ck_assert_uint_eq(bench.src.counters.limits_hit, 1);
	ck_assert_uint_eq(bench.src.counters.errors, 1);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(interrupted_dump_is_repeated_and_proves_nothing)
{
	t.kernel.n_interrupted = 2;
	start_and_settle();
	ck_assert_uint_eq(t.kernel.n_dumps, 3);
	ck_assert_uint_eq(bench.n_begun, 1); /* told once, when it was whole */
	ck_assert_uint_eq(bench.src.counters.resyncs, 2);
}
END_TEST

START_TEST(endless_interruptions_are_paced)
{
	t.kernel.n_interrupted = UINT32_MAX;
	start();
	bench_pass(500 * MSEC);
	ck_assert_uint_ge(t.kernel.n_dumps, 5);
	ck_assert_uint_le(t.kernel.n_dumps, 20);
	ck_assert_uint_eq(bench.n_begun, 0);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	t.kernel.n_interrupted = 0;
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(gap_in_sequence_numbers_leads_to_a_dump)
{
	start_and_settle();
	t.kernel.drop_answer = 1; /* of two in a batch the first */
	UNTIL(bench.n_dumps == 2);
	UNTIL(bench.src.counters.resyncs == 1);
	ck_assert_uint_eq(bench.src.counters.timeouts, 0);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(one_lost_answer_is_a_timeout_and_a_dump)
{
	start_and_settle();
	t.kernel.drop_answer = 2; /* the last: nothing follows that could tell */
	UNTIL(bench.n_dumps == 2);
	UNTIL(bench.src.counters.timeouts == 1);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(a_mute_kernel_is_a_lost_source)
{
	start_and_settle();
	t.kernel.n_mute = UINT32_MAX;
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void);
	ck_assert(t.now[0].has_carrier); /* nothing is taken back: the model ages it */
	t.kernel.n_mute = 0;
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_dumps, 2);
	ck_assert_uint_ge(bench.src.counters.reconnects, 1);
}
END_TEST

START_TEST(a_failing_socket_is_reopened)
{
	unsigned int n_opens;

	start_and_settle();
	n_opens = t.kernel.n_opens;
	lose_carrier("e1");
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -EIO);
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_SYSTEM);
	ck_assert_str_ne(bench.src.text, "");
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(t.kernel.n_opens, n_opens + 2);
	ck_assert(!t.now[1].has_carrier);
	ck_assert_str_eq(bench.src.text, "");
}
END_TEST

START_TEST(failing_open_is_retried_with_growing_pauses)
{
	usec_t begin = bench_monotonic();

	t.kernel.n_open_fails = 3;
	start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_PERMISSION);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_ge(bench_monotonic() - begin, 1400 * MSEC); /* 0.2 + 0.4 + 0.8 s */
	ck_assert_uint_eq(bench.n_lost, 1);
}
END_TEST

START_TEST(an_error_is_neither_absent_nor_down)
{
	start_and_settle();
	t.kernel.single_error = -EBUSY;
	bench_pass(100 * MSEC);
	ck_assert(t.now[0].is_present && t.now[0].has_carrier);
	t.kernel.single_error = 0;
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	UNTIL(bench.src.counters.errors > 0);
}
END_TEST

START_TEST(a_flood_of_notifications_does_not_hog_the_loop)
{
	unsigned int n_turns = 0;

	start_and_settle();
	lose_carrier("e1");
	for (int i = 0; i < 300; i++)
		fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "lo"), RTM_NEWLINK);
	fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "e1"), RTM_NEWLINK);
	while (t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS] > 0) {
		size_t before = t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS];

		ck_assert_int_ge(sd_event_run(bench.event, SEC), 0);
		ck_assert_uint_le(before - t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS], 64);
		n_turns++;
	}
	ck_assert_uint_ge(n_turns, 5);
	UNTIL(!t.now[1].has_carrier);
}
END_TEST

START_TEST(no_heartbeat_without_an_answer)
{
	unsigned int n_source;

	bench.config->sources[0].timeout_usec = 10 * SEC;
	start_and_settle();
	t.kernel.n_mute = UINT32_MAX;
	bench_pass(1200 * MSEC); /* what was answered before may still be vouched for */
	n_source = bench.n_src;
	for (int i = 0; i < 12; i++) { /* notifications are no answers */
		fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "lo"), RTM_NEWLINK);
		bench_pass(100 * MSEC);
	}
	ck_assert_uint_eq(bench.n_src, n_source);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl_faults");
	TCase *tc = tcase_create("faults");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, bench_set_up, bench_tear_down);
	tcase_add_test(tc, enobufs_leads_to_a_dump);
	tcase_add_test(tc, overrun_leads_to_a_dump);
	tcase_add_test(tc, oversized_and_garbled_notifications_lead_to_a_dump);
	tcase_add_test(tc, interrupted_dump_is_repeated_and_proves_nothing);
	tcase_add_test(tc, endless_interruptions_are_paced);
	tcase_add_test(tc, gap_in_sequence_numbers_leads_to_a_dump);
	tcase_add_test(tc, one_lost_answer_is_a_timeout_and_a_dump);
	tcase_add_test(tc, a_mute_kernel_is_a_lost_source);
	tcase_add_test(tc, a_failing_socket_is_reopened);
	tcase_add_test(tc, failing_open_is_retried_with_growing_pauses);
	tcase_add_test(tc, an_error_is_neither_absent_nor_down);
	tcase_add_test(tc, a_flood_of_notifications_does_not_hog_the_loop);
	tcase_add_test(tc, no_heartbeat_without_an_answer);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
