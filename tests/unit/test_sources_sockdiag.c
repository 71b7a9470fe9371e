/* The sock-diag source on a paper kernel. */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "netlink_fake.h"

static void set_up(void)
{
	bench_set_up(ERM_SOURCE_TYPE_SOCK_DIAG);
	bench.config->sources[0].stale_after_usec = 60 * MSEC; /* a third of it between two beats */
	(void)bench_session("192.0.2.2", NULL);
	(void)bench_session("2001:db8::2", NULL);
	(void)fake_tcp_add(&t.netlink, "192.0.2.2", 1);
	(void)fake_tcp_add(&t.netlink, "2001:db8::2", 2);
}

static void start_and_settle(void)
{
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_OK && t.bgp[0] == ERM_BGP_ESTABLISHED);
}

static struct fake_tcp remove_tcp(size_t i)
{
	struct fake_tcp tcp = t.netlink.tcps[i];

	t.netlink.tcps[i] = t.netlink.tcps[--t.netlink.n_tcps];
	return tcp;
}

START_TEST(everything_is_told_once)
{
	start_and_settle();
	ck_assert_int_eq(t.bgp[1], ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_begun, 1); /* and nothing before all was sure */
	ck_assert_uint_eq(bench.n_sessions, 2);
	ck_assert_uint_eq(bench.n_hints, 0);
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(bench.n_sessions, 2);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(known_sockets_are_asked_for_alone)
{
	unsigned int n_dumps;

	start_and_settle();
	bench_pass(200 * MSEC); /* for the looks that follow the first */
	n_dumps = t.netlink.n_dumps;
	t.netlink.n_gets = 0;
	UNTIL(t.netlink.n_gets > 10);
	ck_assert_uint_eq(t.netlink.n_dumps, n_dumps);
}
END_TEST

START_TEST(a_session_that_ends_is_seen_by_the_poll)
{
	usec_t since;

	start_and_settle();
	(void)remove_tcp(0);
	since = bench_monotonic();
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
	ck_assert_uint_ge(bench.asked, since);
	ck_assert_uint_eq(bench.n_sessions, 3); /* the other is not told again */
	ck_assert_uint_eq(bench.n_hints, 1);
	(void)fake_tcp_add(&t.netlink, "192.0.2.2", 3);
	UNTIL(t.bgp[0] == ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_hints, 2);
}
END_TEST

START_TEST(a_socket_that_is_closing_is_no_session)
{
	start_and_settle();
	t.netlink.tcps[0].is_closed = true;
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
}
END_TEST

START_TEST(a_notice_is_a_hint_and_a_look)
{
	struct fake_tcp gone;

	bench.config->sources[0].poll_usec = 3600 * SEC;
	start_and_settle();
	gone = remove_tcp(0);
	fake_tcp_notify(&t.netlink, &gone);
	UNTIL(bench.n_hints > 0);
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
	UNTIL(bench.src.counters.events == 1);
}
END_TEST

START_TEST(notices_of_other_sockets_are_nothing)
{
	struct fake_tcp other;
	unsigned int n_dumps;

	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	bench_pass(100 * MSEC); /* for the look that follows the first */
	n_dumps = t.netlink.n_dumps;
	other = t.netlink.tcps[0];
	other.cookie = 77; /* the same peer called in vain */
	fake_tcp_notify(&t.netlink, &other);
	other = t.netlink.tcps[0];
	other.peer = "192.0.2.99";
	fake_tcp_notify(&t.netlink, &other);
	bench_pass(50 * MSEC);
	ck_assert_uint_eq(bench.n_hints, 0);
	ck_assert_uint_eq(t.netlink.n_dumps, n_dumps);
	ck_assert_uint_eq(bench.src.counters.events, 0);
}
END_TEST

START_TEST(lost_notices_lead_to_a_look)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	(void)remove_tcp(0);
	fake_kernel_push(&t.netlink.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -ENOBUFS);
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
	UNTIL(bench.src.counters.resyncs == 1);
	(void)remove_tcp(0);
	fake_kernel_push(&t.netlink.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -EMSGSIZE);
	UNTIL(t.bgp[1] == ERM_BGP_IDLE);
	UNTIL(bench.src.counters.limits_hit == 1);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(a_flood_of_notices_is_limited)
{
	unsigned int n_dumps;
	struct fake_tcp gone;

	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	gone = t.netlink.tcps[0];
	bench_pass(300 * MSEC);
	n_dumps = t.netlink.n_dumps;
	for (unsigned int i = 0; i < 100; i++) {
		fake_tcp_notify(&t.netlink, &gone);
		bench_pass(5 * MSEC);
	}
	/* Four at once, then 20 a second; each asks for two families. */
	ck_assert_uint_ge(t.netlink.n_dumps - n_dumps, 16);
	ck_assert_uint_le((t.netlink.n_dumps - n_dumps) / 2,
			  6 + (unsigned int)(20 * (bench_monotonic() - bench.asked) / SEC));
}
END_TEST

START_TEST(look_now_looks)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	(void)remove_tcp(0);
	erm_source_sockdiag_ops.look_now(bench.source);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED); /* not inside the call */
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
}
END_TEST

START_TEST(a_look_is_followed_by_another)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	bench_pass(100 * MSEC);
	t.netlink.n_dumps = 0;
	erm_source_sockdiag_ops.look_now(bench.source);
	UNTIL(t.netlink.n_dumps == 2);
	(void)remove_tcp(0); /* the router was slow to close it */
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
	bench_pass(150 * MSEC);
	ck_assert_uint_eq(t.netlink.n_dumps, 4);
}
END_TEST

START_TEST(a_loss_in_a_dump_of_pieces_is_asked_for_twice)
{
	bench.config->sources[0].poll_usec = 10 * SEC;
	(void)fake_tcp_add(&t.netlink, "192.0.2.50", 50);
	(void)fake_tcp_add(&t.netlink, "192.0.2.51", 51);
	start_and_settle();
	t.netlink.n_skipping = 1;
	t.netlink.n_dumps = 0;
	erm_source_sockdiag_ops.look_now(bench.source);
	UNTIL(t.netlink.n_dumps >= 4);
	bench_pass(20 * MSEC);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_hints, 0);
	ck_assert_uint_eq(t.netlink.n_skipping, 0);
	(void)remove_tcp(0);
	erm_source_sockdiag_ops.look_now(bench.source);
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
}
END_TEST

START_TEST(garbled_and_overrun_dumps_are_repeated)
{
	t.netlink.n_garbled = 1;
	start_and_settle();
	ck_assert_uint_eq(bench.n_lost, 0);
	UNTIL(bench.src.counters.resyncs == 1 && bench.src.counters.errors == 1);
	t.netlink.n_overrun = 1;
	erm_source_sockdiag_ops.look_now(bench.source);
	UNTIL(bench.src.counters.resyncs == 2);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(t.bgp[1], ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_sessions, 2);
}
END_TEST

START_TEST(a_mute_kernel_is_lost_and_comes_back)
{
	start_and_settle();
	t.netlink.n_mute = 2;
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void); /* what it told holds until it is stale */
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_begun, 2);
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(a_kernel_without_it)
{
	t.netlink.dump_error = -ENOENT;
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_UNSUPPORTED);
	t.netlink.n_dumps = 0;
	bench_pass(400 * MSEC);
	ck_assert_uint_eq(t.netlink.n_dumps, 0); /* asked again only after a minute */
	ck_assert_uint_eq(bench.n_sessions, 0);
	ck_assert_uint_eq(bench.n_src, 1);
}
END_TEST

START_TEST(a_socket_that_may_not_be_opened)
{
	t.netlink.open_error[ERM_RTNL_SOCKET_REQUESTS] = -EACCES;
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_PERMISSION);
	t.netlink.open_error[ERM_RTNL_SOCKET_REQUESTS] = 0;
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(without_notices_it_polls)
{
	t.netlink.open_error[ERM_RTNL_SOCKET_EVENTS] = -EPROTONOSUPPORT;
	start_and_settle();
	ck_assert_uint_eq(bench.n_lost, 0);
	(void)remove_tcp(0);
	UNTIL(t.bgp[0] == ERM_BGP_IDLE);
}
END_TEST

START_TEST(a_dual_socket_is_one_of_ipv4)
{
	t.netlink.tcps[0].is_dual = true;
	start_and_settle();
	UNTIL(t.netlink.n_gets > 3);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(a_session_that_begins_is_found)
{
	(void)remove_tcp(0);
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_IDLE);
	(void)fake_tcp_add(&t.netlink, "192.0.2.2", 9)->bytes;
	UNTIL(t.bgp[0] == ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(all_is_told_again_at_a_resync)
{
	bench.config->sources[0].resync_usec = 300 * MSEC;
	start_and_settle();
	UNTIL(bench.n_dumps == 3);
	ck_assert_uint_eq(bench.n_sessions, 6);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(a_reload_tells_all_again)
{
	struct erm_config *old = bench.config, *new;

	start_and_settle();
	new = erm_config_new();
	ck_assert_ptr_nonnull(new);
	bench.config = new;
	new->sources = calloc(3, sizeof(*new->sources));
	new->sessions = calloc(FAKE_TCP_MAX, sizeof(*new->sessions));
	ck_assert(new->sources &&new->sessions);
	new->n_sources = 2;
	new->sources[0].name = strdup("new");
	new->sources[1] = old->sources[0];
	new->sources[1].name = strdup("source");
	new->n_sessions = 2;
	for (uint32_t i = 0; i < 2; i++) {
		new->sessions[i].neighbor = old->sessions[1 - i].neighbor;
		ck_assert_int_eq(erm_session_add_source(new, i, 1), 0);
	}
	bench.index = 1;
	memset(t.bgp, 0, sizeof(t.bgp));
	ck_assert_int_eq(erm_source_sockdiag_ops.reconfigure(bench.source, new, 1), 0);
	erm_config_unref(old);
	UNTIL(bench.n_dumps == 2);
	ck_assert_int_eq(t.bgp[0], ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(t.bgp[1], ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_sessions, 4);
	new->sources[0].type = ERM_SOURCE_TYPE_SOCK_DIAG; /* for the bench to know whom to free */
}
END_TEST

START_TEST(without_sessions_it_is_well)
{
	bench.config->n_sessions = 0;
	bench_start();
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(bench.n_dumps, 1);
	ck_assert_uint_eq(bench.n_sessions, 0);
}
END_TEST

START_TEST(it_says_that_it_is_well)
{
	start_and_settle();
	UNTIL(bench.n_src > 4);
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

static Suite *make_suite(void)
{
	Suite *suite = suite_create("sockdiag");
	TCase *life = tcase_create("life"), *faults = tcase_create("faults");

	tcase_add_checked_fixture(life, set_up, bench_tear_down);
	tcase_add_test(life, everything_is_told_once);
	tcase_add_test(life, known_sockets_are_asked_for_alone);
	tcase_add_test(life, a_session_that_ends_is_seen_by_the_poll);
	tcase_add_test(life, a_socket_that_is_closing_is_no_session);
	tcase_add_test(life, a_notice_is_a_hint_and_a_look);
	tcase_add_test(life, notices_of_other_sockets_are_nothing);
	tcase_add_test(life, look_now_looks);
	tcase_add_test(life, a_look_is_followed_by_another);
	tcase_add_test(life, a_dual_socket_is_one_of_ipv4);
	tcase_add_test(life, a_session_that_begins_is_found);
	tcase_add_test(life, all_is_told_again_at_a_resync);
	tcase_add_test(life, a_reload_tells_all_again);
	tcase_add_test(life, without_sessions_it_is_well);
	tcase_add_test(life, it_says_that_it_is_well);
	tcase_add_checked_fixture(faults, set_up, bench_tear_down);
	tcase_add_test(faults, lost_notices_lead_to_a_look);
	tcase_add_test(faults, a_flood_of_notices_is_limited);
	tcase_add_test(faults, a_loss_in_a_dump_of_pieces_is_asked_for_twice);
	tcase_add_test(faults, garbled_and_overrun_dumps_are_repeated);
	tcase_add_test(faults, a_mute_kernel_is_lost_and_comes_back);
	tcase_add_test(faults, a_kernel_without_it);
	tcase_add_test(faults, a_socket_that_may_not_be_opened);
	tcase_add_test(faults, without_notices_it_polls);
	tcase_set_timeout(life, 20);
	tcase_set_timeout(faults, 20);
	suite_add_tcase(suite, life);
	suite_add_tcase(suite, faults);
	return suite;
}

ERM_CHECK_MAIN(make_suite)
