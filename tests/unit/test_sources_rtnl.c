/* The rtnl source on a paper kernel: what it tells and when. */
#include <check.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "rtnl_bench.h"

START_TEST(start_tells_everything_in_brackets)
{
	start();
	ck_assert_uint_eq(bench.n_src, 0); /* nothing before start() has returned */
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_begun, 1);
	ck_assert_uint_eq(bench.n_dumps, 1);
	ck_assert_uint_eq(t.n_interface, 2);
	ck_assert_uint_eq(t.kernel.n_dumps, 1);
	ck_assert(t.now[0].has_carrier && t.now[1].has_carrier);
	ck_assert_uint_eq(t.now[1].ifindex, 3);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_NONE);
	ck_assert_uint_eq(bench.src.counters.resyncs, 0);
	ck_assert_uint_eq(t.n_new, 0);
}
END_TEST

START_TEST(carrier_loss_without_a_notification)
{
	start_and_settle();
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	ck_assert_uint_eq(t.kernel.n_dumps, 1);
	ck_assert_uint_ge(bench.n_hints, 1);
	ck_assert(t.now[1].has_carrier);
}
END_TEST

START_TEST(notification_is_looked_into_at_once)
{
	unsigned int n_singles;

	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	n_singles = t.kernel.n_singles;
	fake_kernel_notify(&t.kernel, lose_carrier("e1"), RTM_NEWLINK);
	UNTIL(!t.now[1].has_carrier);
	ck_assert_uint_eq(t.kernel.n_singles, n_singles + 1);
	/* It may be stale: the kernel has the last word. */
	fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "e1"), RTM_NEWLINK);
	fake_kernel_find(&t.kernel, "e1")->flags = FAKE_UP;
	UNTIL(t.now[1].has_carrier);
}
END_TEST

START_TEST(unchanged_polls_tell_nothing)
{
	unsigned int n_interface, n_singles;

	start_and_settle();
	n_interface = t.n_interface;
	n_singles = t.kernel.n_singles;
	UNTIL(t.kernel.n_singles >= n_singles + 20);
	ck_assert_uint_eq(t.n_interface, n_interface);
	ck_assert_uint_eq(bench.n_begun, 1);
}
END_TEST

START_TEST(polls_are_fast_after_a_change_and_slow_again)
{
	unsigned int n_singles;

	bench.config->sources[0].poll_usec = 200 * MSEC;
	bench.config->sources[0].fast_window_usec = 200 * MSEC;
	start_and_settle();
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	n_singles = t.kernel.n_singles;
	bench_pass(150 * MSEC); /* 30 polls of two links; slow it would be 1 */
	ck_assert_uint_ge(t.kernel.n_singles, n_singles + 10);
	bench_pass(250 * MSEC);
	n_singles = t.kernel.n_singles;
	bench_pass(300 * MSEC);
	ck_assert_uint_le(t.kernel.n_singles, n_singles + 6);
}
END_TEST

START_TEST(a_hint_polls_at_once)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	bench_pass(20 * MSEC);
	lose_carrier("e0");
	bench_pass(50 * MSEC);
	ck_assert(t.now[0].has_carrier); /* nobody asked */
	erm_source_rtnl_ops.look_now(bench.source);
	UNTIL(!t.now[0].has_carrier);
}
END_TEST

START_TEST(heartbeat_once_a_second_with_counters)
{
	unsigned int n_source;
	uint64_t n_requests;

	start_and_settle();
	n_source = bench.n_src;
	n_requests = bench.src.counters.requests;
	bench_pass(2500 * MSEC);
	ck_assert_uint_ge(bench.n_src, n_source + 2); /* the second one too */
	ck_assert_uint_le(bench.n_src, n_source + 3);
	ck_assert_uint_gt(bench.src.counters.requests, n_requests);
}
END_TEST

START_TEST(no_interfaces_still_a_heartbeat)
{
	static const char *const none[] = { NULL };
	unsigned int n_source;

	erm_config_unref(bench.config);
	bench.config = fake_config(none);
	start_and_settle();
	n_source = bench.n_src;
	UNTIL(bench.n_src >= n_source + 2);
}
END_TEST

START_TEST(absent_interface_comes_unannounced)
{
	fake_kernel_remove(&t.kernel, "e1");
	start_and_settle();
	ck_assert(t.now[0].is_present && !t.now[1].is_present);
	add_link("e1", 9);
	UNTIL(t.now[1].is_present);
	ck_assert(t.now[1].is_new);
	fake_kernel_remove(&t.kernel, "e1");
	UNTIL(!t.now[1].is_present);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

START_TEST(deleted_and_recreated_with_the_same_index)
{
	struct fake_link e0;

	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	e0 = *fake_kernel_find(&t.kernel, "e0");
	fake_kernel_notify(&t.kernel, &e0, RTM_DELLINK);
	e0.change = UINT32_MAX;
	fake_kernel_notify(&t.kernel, &e0, RTM_NEWLINK);
	UNTIL(t.n_new == 1);
	ck_assert(t.now[0].is_present);
	/* And gone for good. */
	fake_kernel_remove(&t.kernel, "e0");
	fake_kernel_notify(&t.kernel, &e0, RTM_DELLINK);
	UNTIL(!t.now[0].is_present);
}
END_TEST

static void check_polls(unsigned int n_interfaces, bool by_dump)
{
	char text[N_MANY][16];
	const char *many[N_MANY + 1] = { NULL };
	unsigned int n_dumps, n_singles;

	for (unsigned int i = 0; i < n_interfaces; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "m%u", i);
		many[i] = text[i];
		add_link(many[i], 100 + i);
	}
	erm_config_unref(bench.config);
	bench.config = fake_config(many);
	start_and_settle();
	n_dumps = t.kernel.n_dumps;
	n_singles = t.kernel.n_singles;
	lose_carrier("m3");
	UNTIL(!t.now[3].has_carrier);
	ck_assert(by_dump == (t.kernel.n_dumps > n_dumps));
	ck_assert(by_dump == (t.kernel.n_singles == n_singles));
	ck_assert_uint_eq(bench.n_begun, 1); /* a poll is no report */
	for (unsigned int i = 0; i < n_interfaces; i++)
		ck_assert(t.now[i].has_carrier == (i != 3));
}

START_TEST(a_few_interfaces_are_polled_one_by_one)
{
	check_polls(20, false);
}
END_TEST

START_TEST(many_interfaces_are_polled_by_dump)
{
	check_polls(N_MANY, true);
}
END_TEST

START_TEST(reload_tells_everything_under_the_new_positions)
{
	static const char *const swapped[] = { "e9", "e1", "e0", NULL };
	struct erm_config *next = fake_config(swapped);
	uint32_t down_count;

	start_and_settle();
	lose_carrier("e0")->down_count = 5;
	next->sources = realloc(next->sources, 2 * sizeof(*next->sources));
	ck_assert_ptr_nonnull(next->sources);
	next->n_sources = 2;
	next->sources[1] = next->sources[0];
	next->sources[1].name = strdup("again");
	for (uint32_t i = 0; i < next->n_interfaces; i++)
		next->interfaces[i].source = 1;
	ck_assert_int_eq(erm_source_rtnl_ops.reconfigure(bench.source, next, 7), -EINVAL);
	ck_assert_int_eq(erm_source_rtnl_ops.reconfigure(bench.source, next, 1), 0);
	erm_config_unref(next);
	bench.index = 1;
	bench.src.state = 0;
	memset(t.now, 0, sizeof(t.now));
	UNTIL(bench.n_dumps == 2);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK); /* in the same turn */
	ck_assert(!t.now[0].is_present);
	ck_assert(t.now[1].has_carrier);
	ck_assert(t.now[2].is_present && !t.now[2].has_carrier);
	down_count = t.now[2].carrier_down_count;
	ck_assert_uint_eq(down_count, 5);
	ck_assert_uint_eq(t.n_new, 0);
	ck_assert_uint_eq(t.kernel.n_opens, 2); /* the sockets stay */
}
END_TEST

START_TEST(full_dump_each_resync_period)
{
	bench.config->sources[0].resync_usec = 100 * MSEC;
	start_and_settle();
	UNTIL(bench.n_dumps == 4);
	ck_assert_uint_eq(bench.src.counters.resyncs, 0); /* nothing was missed */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl");
	TCase *tc = tcase_create("rest");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, bench_set_up, bench_tear_down);
	tcase_add_test(tc, start_tells_everything_in_brackets);
	tcase_add_test(tc, carrier_loss_without_a_notification);
	tcase_add_test(tc, notification_is_looked_into_at_once);
	tcase_add_test(tc, unchanged_polls_tell_nothing);
	tcase_add_test(tc, polls_are_fast_after_a_change_and_slow_again);
	tcase_add_test(tc, a_hint_polls_at_once);
	tcase_add_test(tc, heartbeat_once_a_second_with_counters);
	tcase_add_test(tc, no_interfaces_still_a_heartbeat);
	tcase_add_test(tc, absent_interface_comes_unannounced);
	tcase_add_test(tc, deleted_and_recreated_with_the_same_index);
	tcase_add_test(tc, a_few_interfaces_are_polled_one_by_one);
	tcase_add_test(tc, many_interfaces_are_polled_by_dump);
	tcase_add_test(tc, reload_tells_everything_under_the_new_positions);
	tcase_add_test(tc, full_dump_each_resync_period);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
