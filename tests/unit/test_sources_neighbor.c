/* The neighbor source on a paper kernel. */
#include <check.h>
#include <errno.h>
#include <linux/neighbour.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "netlink_fake.h"

static void set_up(void)
{
	bench_set_up(ERM_SOURCE_TYPE_NEIGHBOR);
	bench.config->sources[0].stale_after_usec = 60 * MSEC;
	t.netlink.links[0] = "e0";
	t.netlink.links[1] = "expressroute-secondary"; /* an alternative name */
	(void)bench_session("192.0.2.2", "e0");
	(void)bench_session("2001:db8::2", "e0");
	(void)bench_session("192.0.2.6", "expressroute-secondary");
	t.netlink.nuds[t.netlink.n_nuds++] =
		(struct fake_nud){ "e0", "192.0.2.2", NUD_REACHABLE, 0 };
	t.netlink.nuds[t.netlink.n_nuds++] =
		(struct fake_nud){ "e0", "2001:db8::2", NUD_STALE, NTF_ROUTER };
	t.netlink.nuds[t.netlink.n_nuds++] =
		(struct fake_nud){ "expressroute-secondary", "192.0.2.6", NUD_FAILED, 0 };
	/* The same address on another link is another neighbour. */
	t.netlink.nuds[t.netlink.n_nuds++] =
		(struct fake_nud){ "expressroute-secondary", "192.0.2.2", NUD_FAILED, 0 };
}

static void start_and_settle(void)
{
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_OK && t.n_neighbor >= 3);
}

static void assert_states(void)
{
	ck_assert_int_eq(t.nud[0], ERM_NEIGHBOR_RESOLVED);
	ck_assert_int_eq(t.nud[1], ERM_NEIGHBOR_RESOLVED);
	ck_assert_int_eq(t.nud[2], ERM_NEIGHBOR_UNRESOLVED);
}

START_TEST(each_is_told_once)
{
	start_and_settle();
	assert_states();
	ck_assert_uint_gt(bench.asked, 0);
	bench_pass(100 * MSEC);
	ck_assert_uint_eq(t.n_neighbor, 3);
	ck_assert_uint_eq(bench.n_hints, 0);
	ck_assert_uint_eq(t.netlink.n_dumps, 0);
	ck_assert_uint_eq(t.netlink.n_probes, 0); /* it only watches */
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(changes_are_told_with_a_hint)
{
	start_and_settle();
	t.netlink.nuds[0].state = NUD_FAILED;
	UNTIL(t.nud[0] == ERM_NEIGHBOR_UNRESOLVED);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(t.n_neighbor, 4);
	t.netlink.nuds[0].state = NUD_NONE; /* nobody asks any more: no news */
	UNTIL(t.nud[0] == ERM_NEIGHBOR_UNKNOWN);
	t.netlink.nuds[0].state = NUD_REACHABLE;
	UNTIL(t.nud[0] == ERM_NEIGHBOR_RESOLVED);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

START_TEST(no_entry_no_link_and_no_interface)
{
	(void)bench_session("192.0.2.9", "e0");
	(void)bench_session("192.0.2.10", "absent");
	(void)bench_session("192.0.2.2", NULL);
	bench_start();
	UNTIL(t.n_neighbor == 5);
	assert_states();
	ck_assert_int_eq(t.nud[3], ERM_NEIGHBOR_UNKNOWN);
	ck_assert_int_eq(t.nud[4], ERM_NEIGHBOR_UNKNOWN);
	ck_assert_int_eq(t.nud[5], 0); /* not ours to tell */
	bench_pass(50 * MSEC);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

START_TEST(interfaces_of_other_hosts_are_left_alone)
{
	bench.config->interfaces[0].source = 0; /* not of type rtnl */
	bench_start();
	UNTIL(t.n_neighbor == 1);
	bench_pass(50 * MSEC);
	ck_assert_int_eq(t.nud[2], ERM_NEIGHBOR_UNRESOLVED);
	ck_assert_uint_eq(t.n_neighbor, 1);
}
END_TEST

START_TEST(a_link_that_comes_back_under_another_index)
{
	start_and_settle();
	t.netlink.links[0] = NULL;
	UNTIL(t.nud[0] == ERM_NEIGHBOR_UNKNOWN);
	t.netlink.links[3] = "e0";
	UNTIL(t.nud[0] == ERM_NEIGHBOR_RESOLVED);
}
END_TEST

START_TEST(an_old_kernel_is_asked_for_all)
{
	t.netlink.get_error = -EOPNOTSUPP;
	start_and_settle();
	assert_states();
	ck_assert_uint_gt(t.netlink.n_dumps, 0);
	t.netlink.nuds[2].state = NUD_DELAY;
	UNTIL(t.nud[2] == ERM_NEIGHBOR_RESOLVED);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(a_dump_that_does_not_add_up_proves_nothing)
{
	t.netlink.get_error = -EOPNOTSUPP;
	start_and_settle();
	t.netlink.n_garbled = 3;
	UNTIL(t.netlink.n_garbled == 0);
	bench_pass(50 * MSEC);
	assert_states();
	ck_assert_uint_eq(t.n_neighbor, 3);
	UNTIL(bench.src.counters.errors >= 3 && bench.src.counters.resyncs >= 2);
}
END_TEST

START_TEST(a_hint_is_followed_for_seconds)
{
	unsigned int n;

	bench.config->sources[0].poll_usec = 60 * SEC;
	start_and_settle();
	n = t.netlink.n_gets;
	erm_source_neighbor_ops.look_now(bench.source);
	ck_assert_uint_eq(t.netlink.n_gets, n); /* not inside the call */
	UNTIL(t.netlink.n_gets == n + 3);
	t.netlink.nuds[0].state = NUD_FAILED;
	UNTIL(t.nud[0] == ERM_NEIGHBOR_UNRESOLVED); /* after 1 s */
	t.netlink.nuds[0].state = NUD_REACHABLE;
	UNTIL(t.nud[0] == ERM_NEIGHBOR_RESOLVED); /* after 2 s */
	ck_assert_uint_eq(t.netlink.n_gets, n + 9);
}
END_TEST

START_TEST(hints_are_limited)
{
	unsigned int n;

	bench.config->sources[0].poll_usec = 60 * SEC;
	start_and_settle();
	n = t.netlink.n_gets;
	for (unsigned int i = 0; i < 100; i++) {
		erm_source_neighbor_ops.look_now(bench.source);
		bench_pass(5 * MSEC);
	}
	ck_assert_uint_ge(t.netlink.n_gets, n + 2 * 3);
	ck_assert_uint_le(t.netlink.n_gets, n + 9 * 3); /* 5 a second, on a slow machine too */
}
END_TEST

START_TEST(a_stale_neighbour_is_probed_when_asked_for)
{
	bench.config->sources[0].is_probing = true;
	start_and_settle();
	UNTIL(t.netlink.n_probes == 1);
	ck_assert_uint_eq(t.netlink.probe_flags, NTF_ROUTER);
	ck_assert_uint_eq(t.netlink.nuds[1].state, NUD_REACHABLE);
	t.netlink.nuds[1].state = NUD_STALE;
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(t.netlink.n_probes, 1); /* not twice in 10 s */
	assert_states();
}
END_TEST

START_TEST(probes_that_are_refused)
{
	bench.config->sources[0].is_probing = true;
	t.netlink.probe_error = -EPERM;
	start_and_settle();
	UNTIL(bench.src.counters.errors == 1);
	t.netlink.nuds[0].state = NUD_STALE; /* another one */
	bench_pass(100 * MSEC);
	ck_assert_uint_eq(t.netlink.n_probes, 1);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_lost, 0);
	assert_states();
}
END_TEST

START_TEST(a_mute_kernel_is_lost_and_comes_back)
{
	start_and_settle();
	t.netlink.n_mute = 2;
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	assert_states();
}
END_TEST

START_TEST(answers_lost_for_want_of_room)
{
	start_and_settle();
	fake_kernel_push(&t.netlink.kernel, ERM_RTNL_SOCKET_REQUESTS, NULL, -ENOBUFS);
	bench_pass(50 * MSEC);
	ck_assert_uint_eq(bench.n_lost, 0);
	fake_kernel_push(&t.netlink.kernel, ERM_RTNL_SOCKET_REQUESTS, NULL, -EBADF);
	bench_pass(400 * MSEC);
	assert_states();
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
}
END_TEST

START_TEST(a_socket_that_may_not_be_opened)
{
	t.netlink.open_error[ERM_RTNL_SOCKET_REQUESTS] = -EPERM;
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_PERMISSION);
	t.netlink.open_error[ERM_RTNL_SOCKET_REQUESTS] = 0;
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(all_is_told_again_at_a_resync)
{
	bench.config->sources[0].resync_usec = 100 * MSEC;
	start_and_settle();
	UNTIL(t.n_neighbor == 9);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(a_reload_tells_all_again)
{
	struct erm_config *old;
	uint32_t n = bench.config->n_sessions;

	start_and_settle();
	/* The same file, read again. */
	old = erm_config_ref(bench.config);
	ck_assert_int_eq(erm_source_neighbor_ops.reconfigure(bench.source, bench.config, 0), 0);
	erm_config_unref(old);
	UNTIL(t.n_neighbor == 2 * n);
	assert_states();
}
END_TEST

START_TEST(without_sessions_it_is_well)
{
	bench.config->n_sessions = 0;
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	bench_pass(50 * MSEC);
	ck_assert_uint_eq(t.n_neighbor, 0);
}
END_TEST

START_TEST(more_than_one_batch)
{
	for (unsigned int i = 0; i < 20; i++)
		(void)bench_session("192.0.2.2", "e0");
	bench_start();
	UNTIL(t.n_neighbor == 23);
	ck_assert_int_eq(t.nud[22], ERM_NEIGHBOR_RESOLVED);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("neighbor");
	TCase *life = tcase_create("life"), *faults = tcase_create("faults");

	tcase_add_checked_fixture(life, set_up, bench_tear_down);
	tcase_add_test(life, each_is_told_once);
	tcase_add_test(life, changes_are_told_with_a_hint);
	tcase_add_test(life, no_entry_no_link_and_no_interface);
	tcase_add_test(life, interfaces_of_other_hosts_are_left_alone);
	tcase_add_test(life, a_link_that_comes_back_under_another_index);
	tcase_add_test(life, a_hint_is_followed_for_seconds);
	tcase_add_test(life, hints_are_limited);
	tcase_add_test(life, a_stale_neighbour_is_probed_when_asked_for);
	tcase_add_test(life, all_is_told_again_at_a_resync);
	tcase_add_test(life, a_reload_tells_all_again);
	tcase_add_test(life, without_sessions_it_is_well);
	tcase_add_test(life, more_than_one_batch);
	tcase_add_checked_fixture(faults, set_up, bench_tear_down);
	tcase_add_test(faults, an_old_kernel_is_asked_for_all);
	tcase_add_test(faults, a_dump_that_does_not_add_up_proves_nothing);
	tcase_add_test(faults, probes_that_are_refused);
	tcase_add_test(faults, a_mute_kernel_is_lost_and_comes_back);
	tcase_add_test(faults, answers_lost_for_want_of_room);
	tcase_add_test(faults, a_socket_that_may_not_be_opened);
	tcase_set_timeout(life, 20);
	tcase_set_timeout(faults, 20);
	suite_add_tcase(suite, life);
	suite_add_tcase(suite, faults);
	return suite;
}

ERM_CHECK_MAIN(make_suite)
