/* A router that behaves: when it is asked, what is told of it, and that nothing is asked too often. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "frr_bench.h"
#include "sources/frr/frame.h"
#include "sources/router/conn.h"

static void look_now(void)
{
	erm_source_frr_ops.look_now(bench.source);
}

static void set_poll(usec_t usec)
{
	bench.config->sources[0].poll_usec = usec;
}

static void use_neighbors(const char *const *neighbors, uint32_t n)
{
	erm_config_unref(bench.config);
	bench.config = frr_bench_config(neighbors, n);
}

static void await_requests(unsigned int n)
{
	unsigned int wanted = bgpd.n_requests + n;

	UNTIL(bgpd.n_requests >= wanted);
}

START_TEST(test_first_reply_is_a_dump)
{
	static const enum erm_obs_kind wanted[] = {
		ERM_OBS_SOURCE,  ERM_OBS_DUMP_BEGIN, ERM_OBS_SESSION,
		ERM_OBS_SESSION, ERM_OBS_DUMP_END,   ERM_OBS_SOURCE,
	};

	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	ck_assert_uint_eq(bench.n_told, ERM_ELEMENTS(wanted));
	for (size_t i = 0; i < ERM_ELEMENTS(wanted); i++) {
		ck_assert_int_eq(bench.told[i].kind, wanted[i]);
		ck_assert_uint_eq(bench.told[i].source, 0);
		ck_assert_uint_gt(bench.told[i].at.mono, 0);
	}
	ck_assert_int_eq(bench.told[0].src.state, ERM_SOURCE_STARTING);
	ck_assert_uint_eq(bench.told[2].session.session, 0);
	ck_assert_uint_eq(bench.told[3].session.session, 1);
	ck_assert_uint_eq(bench.src.counters.requests, 2); /* how many are there; all of them */
	ck_assert_uint_eq(bgpd.n_summaries, 1);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
	ck_assert_str_eq(bgpd.last_request, "show bgp neighbors json");
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

/* A time source fires once: the tenth poll is the one that proves it is set again. */
START_TEST(test_polls_on)
{
	usec_t begin = 0;

	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	begin = erm_time_now().mono;
	frr_bench_await_cycles(10);
	ck_assert_uint_ge(erm_time_now().mono - begin, 180 * MSEC);
	ck_assert_uint_eq(bgpd.n_accepted, 1);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(test_fall_is_told_with_its_reason)
{
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	fake_bgpd_set(&bgpd, FRR_B, "Idle",
		      ",\"lastResetDueTo\":\"BGP Notification received\",\"lastResetCode\":13,"
		      "\"lastErrorCodeSubcode\":\"0602\",\"connectionsEstablished\":1,"
		      "\"connectionsDropped\":1");
	frr_bench_await_cycles(2);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_IDLE);
	ck_assert_int_eq(bench.sessions[1].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	ck_assert_uint_eq(bench.sessions[1].dropped_count, 1);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.src.counters.events, 1);
	/* and once only */
	frr_bench_await_cycles(3);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

static bool a_is_down(void)
{
	return bench.sessions[0].bgp == ERM_BGP_ACTIVE;
}

START_TEST(test_hint_reads_at_once)
{
	set_poll(3600 * ERM_USEC_PER_SEC);
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	look_now();
	UNTIL(a_is_down());
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

/* The link is seen before bgpd has noticed: further reads come soon after a hint, and an end of them. */
START_TEST(test_hint_is_followed_up)
{
	set_poll(30 * ERM_USEC_PER_SEC);
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	UNTIL(a_is_down());
	/* three times in all, then it is quiet */
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(bgpd.n_lists, 1 + 1 + 3);
}
END_TEST

START_TEST(test_hints_in_a_running_request_are_one)
{
	usec_t hinted = 0;

	set_poll(30 * ERM_USEC_PER_SEC);
	bench.config->sources[0].timeout_usec = 30 * ERM_USEC_PER_SEC;
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	bgpd.mood = FAKE_HANGS;
	look_now();
	await_requests(1);
	for (unsigned int i = 0; i < 10; i++) {
		look_now();
		bench_pass(MSEC);
	}
	ck_assert_uint_eq(bgpd.n_lists, 2); /* one at a time */
	hinted = erm_time_now().mono;
	look_now();
	bgpd.mood = FAKE_ANSWERS;
	fake_bgpd_answer(&bgpd);
	/* the answer under way may be older than the hint, and says so */
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_lists, 2);
	ck_assert_uint_gt(bench.asked, 0);
	ck_assert_uint_lt(bench.asked, hinted);
	frr_bench_await_cycles(1);
	ck_assert_uint_ge(bench.asked, hinted);
	/* of the eleven one was kept; with those that follow it that makes four */
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(bgpd.n_lists, 2 + 1 + 3);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
}
END_TEST

/* Two close events: the second does not wait for the first one's turn to be over. */
START_TEST(test_second_hint_is_not_held_back)
{
	usec_t asked = 0;

	set_poll(30 * ERM_USEC_PER_SEC);
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	look_now();
	frr_bench_await_cycles(1);
	asked = erm_time_now().mono;
	look_now();
	/* asked from within the call: nothing is under way */
	ck_assert_uint_eq(bench.src.counters.requests, 3);
	frr_bench_await_cycles(1);
	ck_assert_uint_ge(bench.asked, asked);
}
END_TEST

START_TEST(test_storm_of_hints_is_limited)
{
	usec_t begin = 0, now = 0;

	set_poll(30 * ERM_USEC_PER_SEC);
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	begin = now = erm_time_now().mono;
	while (now < begin + 500 * MSEC) {
		look_now();
		ck_assert_int_ge(sd_event_run(bench.event, 500), 0);
		now = erm_time_now().mono;
	}
	/* eight at once, 20 a second, and the first read of all */
	ck_assert_uint_ge(bgpd.n_lists, 5);
	ck_assert_uint_le(bgpd.n_lists, 2 + 8 + (now - begin) / (50 * MSEC));
}
END_TEST

START_TEST(test_hint_without_connection_is_harmless)
{
	frr_bench_start();
	bench_await_lost(ERM_REASON_NOT_STARTED);
	for (unsigned int i = 0; i < 100; i++)
		look_now();
	ck_assert_uint_eq(bench.src.counters.errors, 1);
	frr_bench_router_up();
	bench_await_ok();
}
END_TEST

START_TEST(test_removed_neighbor_is_missing_in_the_dump)
{
	unsigned int n_dumps = 0;

	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	ck_assert_uint_eq(bench.n_in_dump, 2);
	fake_bgpd_remove_last(&bgpd);
	n_dumps = bench.n_dumps;
	frr_bench_await_cycles(2);
	ck_assert_uint_gt(bench.n_dumps, n_dumps);
	ck_assert_uint_eq(bench.n_in_dump, 1);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

static bool has_a_dump(void)
{
	return bench.n_dumps > 0;
}

/* bgpd answers before it is configured: that nothing is there yet is not told as "not configured". */
START_TEST(test_router_still_being_configured)
{
	usec_t begin = erm_time_now().mono;

	fake_bgpd_start(&bgpd, bench.event, bench.path);
	frr_bench_start();
	frr_bench_await_cycles(3);
	ck_assert_uint_eq(bench.n_dumps, 0);
	fake_bgpd_add(&bgpd, FRR_A, "Connect", "");
	frr_bench_await_cycles(2);
	ck_assert_uint_eq(bench.n_dumps, 0);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_CONNECT);
	/* what is still missing after some seconds will not come */
	UNTIL(has_a_dump());
	ck_assert_uint_ge(erm_time_now().mono - begin, 2 * ERM_USEC_PER_SEC);
	ck_assert_uint_eq(bench.n_in_dump, 1);
}
END_TEST

START_TEST(test_restarted_router_still_being_configured)
{
	unsigned int n_dumps = 0;

	frr_bench_router_up();
	frr_bench_start();
	frr_bench_await_cycles(2);
	fake_bgpd_stop(&bgpd, false);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	bgpd.n_neighbors = 0;
	n_dumps = bench.n_dumps;
	fake_bgpd_start(&bgpd, bench.event, bench.path);
	frr_bench_await_cycles(3);
	ck_assert_uint_eq(bench.n_dumps, n_dumps);
	fake_bgpd_add(&bgpd, FRR_A, "Active", "");
	fake_bgpd_add(&bgpd, FRR_B, "Active", "");
	frr_bench_await_cycles(2);
	ck_assert_uint_gt(bench.n_dumps, n_dumps);
	ck_assert_uint_eq(bench.n_in_dump, 2);
}
END_TEST

START_TEST(test_vrf)
{
	bench.config->sources[0].vrf = strdup("cust-a");
	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	ck_assert_str_eq(bgpd.last_request, "show bgp vrf cust-a neighbors json");
	ck_assert_uint_eq(bench.n_in_dump, 2);
}
END_TEST

START_TEST(test_vrf_that_is_more_than_a_name)
{
	bench.config->sources[0].vrf = strdup("a\nenable");
	frr_bench_router_up();
	frr_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
	bench_pass(100 * MSEC);
	ck_assert_uint_eq(bgpd.n_requests, 0);
}
END_TEST

START_TEST(test_no_sessions)
{
	use_neighbors(NULL, 0);
	bgpd.n_strangers = 200;
	frr_bench_router_up();
	frr_bench_start();
	frr_bench_await_cycles(3);
	ck_assert_uint_eq(bench.n_in_dump, 0);
}
END_TEST

/* A bgpd with many neighbours that are not ours: each of ours is asked for alone. */
START_TEST(test_among_many_strangers)
{
	frr_bench_router_up();
	bgpd.n_strangers = 200;
	frr_bench_start();
	bench_await_ok();
	ck_assert_uint_eq(bgpd.n_ones, 2);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, 4);
	ck_assert_uint_eq(bgpd.n_lists, 0);
	ck_assert_str_eq(bgpd.last_request, "show bgp neighbors " FRR_B " json");
	ck_assert_uint_eq(bench.n_in_dump, 2);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_ESTABLISHED);

	fake_bgpd_remove_last(&bgpd);
	frr_bench_await_cycles(2);
	ck_assert_uint_eq(bench.n_in_dump, 1);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
}
END_TEST

/* A list that nears the cap is not waited for to pass it. */
START_TEST(test_list_near_the_cap)
{
	bench.config->sources[0].max_reply_bytes = 400;
	frr_bench_router_up();
	(void)snprintf(bgpd.neighbors[0].members, sizeof(bgpd.neighbors[0].members),
		       ",\"nbrDesc\":\"%0200d\"", 1);
	frr_bench_start();
	frr_bench_await_cycles(2);
	ck_assert_uint_eq(bgpd.n_lists, 1);
	ck_assert_uint_eq(bgpd.n_ones, 2);
	ck_assert_uint_eq(bench.n_in_dump, 2);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

/* Asked one by one, what has changed does not wait for the others. */
START_TEST(test_change_is_told_before_the_cycle_ends)
{
	bench.config->sources[0].timeout_usec = 30 * ERM_USEC_PER_SEC;
	frr_bench_router_up();
	bgpd.n_strangers = 200;
	set_poll(200 * MSEC);
	frr_bench_start();
	bench_await_ok();
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	bgpd.mood = FAKE_HANGS;
	await_requests(1);
	fake_bgpd_answer(&bgpd); /* the first of two */
	UNTIL(a_is_down());
	ck_assert_uint_eq(bench.n_ok, 1);
	ck_assert_uint_eq(bench.n_hints, 0);
	bgpd.mood = FAKE_ANSWERS;
	await_requests(0);
	fake_bgpd_answer(&bgpd);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

static void reconfigure(const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = frr_bench_config(neighbors, n);

	bench_reconfigure(&erm_source_frr_ops, config);
}

START_TEST(test_reload_turns_positions)
{
	static const char *const turned[] = { FRR_B, "192.0.2.9", FRR_A };
	unsigned int n_dumps = 0;

	set_poll(30 * ERM_USEC_PER_SEC);
	frr_bench_router_up();
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	frr_bench_start();
	bench_await_ok();
	n_dumps = bench.n_dumps;
	reconfigure(turned, 3);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_accepted, 1);
	ck_assert_uint_eq(bench.n_dumps, n_dumps + 1);
	ck_assert_uint_eq(bench.n_in_dump, 2);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.sessions[2].bgp, ERM_BGP_ACTIVE);
}
END_TEST

/* The reply to the old question is not taken for one to the new. */
START_TEST(test_reload_in_a_running_request)
{
	static const char *const turned[] = { FRR_B, FRR_A };

	bench.config->sources[0].timeout_usec = 30 * ERM_USEC_PER_SEC;
	frr_bench_router_up();
	bgpd.n_strangers = 200;
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	frr_bench_start();
	bench_await_ok();
	bgpd.mood = FAKE_HANGS;
	await_requests(1);
	ck_assert_str_eq(bgpd.last_request, "show bgp neighbors " FRR_A " json");
	reconfigure(turned, 2);
	bgpd.mood = FAKE_ANSWERS;
	fake_bgpd_answer(&bgpd);
	frr_bench_await_cycles(1);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(bench.n_in_dump, 2);
}
END_TEST

START_TEST(test_reload_to_another_socket)
{
	static const char *const neighbors[] = { FRR_A, FRR_B };
	struct fake_bgpd other = { 0 };
	size_t n_told = 0;

	frr_bench_router_up();
	frr_bench_start();
	bench_await_ok();
	(void)snprintf(bench.path, sizeof(bench.path), "%s/other.vty", bench.dir);
	fake_bgpd_add(&other, FRR_A, "Connect", "");
	fake_bgpd_add(&other, FRR_B, "Connect", "");
	fake_bgpd_start(&other, bench.event, bench.path);
	n_told = bench.n_told;
	reconfigure(neighbors, 2);
	/* what the old one told is void, before the new one has answered */
	ck_assert_uint_eq(bench.n_told, n_told + 2);
	ck_assert(bench.told[n_told].src.state == ERM_SOURCE_LOST &&
		  bench.told[n_told].src.is_void);
	ck_assert_int_eq(bench.told[n_told + 1].src.state, ERM_SOURCE_STARTING);
	bench_await_ok();
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_CONNECT);
	fake_bgpd_stop(&other, false);
}
END_TEST

static struct {
	unsigned int n;
	size_t len;
} got;

static void on_reply(void *userdata, char *text, size_t len, unsigned int result)
{
	(void)userdata;
	ck_assert_uint_eq(result, 0);
	memset(text, 0, len); /* it is ours to change */
	got.n++;
	got.len = len;
}

static void on_failed(void *userdata, enum erm_source_reason reason, const char *text)
{
	(void)userdata;
	ck_abort_msg("failed with %s: %s", erm_source_reason_name(reason), text);
}

static bool has_reply(void)
{
	return got.n > 0;
}

static void ask(struct erm_router_conn *conn)
{
	static const char command[] = "show bgp neighbors json";

	got.n = 0;
	ck_assert_int_eq(erm_router_conn_request(conn, command, sizeof(command)), 0);
	UNTIL(has_reply());
	ck_assert_uint_eq(got.n, 1);
}

/* Exactly the cap passes; the memory of one large reply is given back. */
START_TEST(test_buffer_grows_and_shrinks)
{
	static const struct erm_router_conn_handler handler = { .reply = on_reply,
								.failed = on_failed };
	size_t cap = 3000000;
	_cleanup_free_ char *large = malloc(cap + 1);
	struct erm_router_conn *conn = NULL;

	ck_assert_ptr_nonnull(large);
	memset(large, 'x', cap);
	large[cap] = '\0';
	frr_bench_router_up();
	ck_assert_int_eq(erm_router_conn_new(bench.event, &erm_frr_protocol, &handler, NULL, &conn),
			 0);
	erm_router_conn_set_limits(conn, 10 * ERM_USEC_PER_SEC, cap);
	ck_assert_int_eq(erm_router_conn_open(conn, bench.path), 0);
	ask(conn);
	ck_assert_uint_le(erm_router_conn_capacity(conn), 16384);
	bgpd.text = large;
	ask(conn);
	ck_assert_uint_eq(got.len, cap);
	ck_assert_uint_ge(erm_router_conn_capacity(conn), cap);
	ck_assert_uint_le(erm_router_conn_capacity(conn), 2 * cap);
	bgpd.text = NULL;
	ask(conn);
	ck_assert_uint_le(erm_router_conn_capacity(conn), 16384);
	erm_router_conn_free(conn);
}
END_TEST

static Suite *frr_suite(void)
{
	Suite *suite = suite_create("sources/frr");
	TCase *all = tcase_create("frr");

	tcase_set_timeout(all, 30);
	tcase_add_unchecked_fixture(all, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(all, frr_bench_setup, frr_bench_teardown);
	tcase_add_test(all, test_first_reply_is_a_dump);
	tcase_add_test(all, test_polls_on);
	tcase_add_test(all, test_fall_is_told_with_its_reason);
	tcase_add_test(all, test_hint_reads_at_once);
	tcase_add_test(all, test_hint_is_followed_up);
	tcase_add_test(all, test_hints_in_a_running_request_are_one);
	tcase_add_test(all, test_second_hint_is_not_held_back);
	tcase_add_test(all, test_storm_of_hints_is_limited);
	tcase_add_test(all, test_hint_without_connection_is_harmless);
	tcase_add_test(all, test_removed_neighbor_is_missing_in_the_dump);
	tcase_add_test(all, test_router_still_being_configured);
	tcase_add_test(all, test_restarted_router_still_being_configured);
	tcase_add_test(all, test_vrf);
	tcase_add_test(all, test_vrf_that_is_more_than_a_name);
	tcase_add_test(all, test_no_sessions);
	tcase_add_test(all, test_among_many_strangers);
	tcase_add_test(all, test_list_near_the_cap);
	tcase_add_test(all, test_change_is_told_before_the_cycle_ends);
	tcase_add_test(all, test_reload_turns_positions);
	tcase_add_test(all, test_reload_in_a_running_request);
	tcase_add_test(all, test_reload_to_another_socket);
	tcase_add_test(all, test_buffer_grows_and_shrinks);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_suite)
