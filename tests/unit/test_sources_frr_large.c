/* A bgpd with many neighbours: asked little, and still told of at once. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "frr_bench.h"
#include "sources/frr/peers.h"

#define N 40

static char addrs[N][32];

/* Forty sessions of ours; the first half is Established. */
static void setup(void)
{
	const char *neighbors[N];

	frr_bench_setup();
	erm_config_unref(bench.config);
	for (unsigned int i = 0; i < N; i++) {
		(void)snprintf(addrs[i], sizeof(addrs[i]), "198.51.100.%u", i + 1);
		neighbors[i] = addrs[i];
		fake_bgpd_add(&bgpd, addrs[i], i < N / 2 ? "Established" : "Active", "");
		bgpd.neighbors[i].established = 1;
		bgpd.neighbors[i].received = i + 1;
	}
	bench.config = frr_bench_config(neighbors, N);
	bench.config->sources[0].poll_usec = 30 * ERM_USEC_PER_SEC;
	frr_bench_router_up();
}

static void start(void)
{
	frr_bench_start();
	bench_await_ok();
	bench_pass(20 * MSEC); /* for what can wait: one is read in any case */
	bgpd.n_ones = bgpd.n_summaries = bgpd.n_lists = 0;
}

static void look_now(void)
{
	erm_source_frr_ops.look_now(bench.source);
}

static struct fake_neighbor *neighbor(unsigned int i)
{
	return &bgpd.neighbors[i];
}

static void fall(unsigned int i)
{
	(void)snprintf(neighbor(i)->state, sizeof(neighbor(i)->state), "Idle");
	(void)snprintf(neighbor(i)->members, sizeof(neighbor(i)->members), "%s",
		       ",\"lastResetDueTo\":\"BGP Notification received\",\"lastResetCode\":13,"
		       "\"lastErrorCodeSubcode\":\"0602\"");
	neighbor(i)->received = 0;
	neighbor(i)->dropped++;
}

START_TEST(test_first_cycle_knows_all)
{
	frr_bench_start();
	bench_await_ok();
	ck_assert_uint_eq(bench.n_in_dump, N);
	ck_assert_uint_eq(bgpd.n_lists, 0);
	ck_assert_uint_eq(bgpd.n_summaries, 1);
	ck_assert_uint_eq(bgpd.n_ones, N);
	for (unsigned int i = 0; i < N; i++) {
		ck_assert_int_eq(bench.sessions[i].bgp,
				 i < N / 2 ? ERM_BGP_ESTABLISHED : ERM_BGP_ACTIVE);
		ck_assert_uint_eq(bench.sessions[i].prefixes_received, i + 1);
	}
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

/* A hint is answered by one question, not by forty; all are told as of that question. */
START_TEST(test_hint_costs_one_question)
{
	usec_t asked = 0;

	start();
	neighbor(3)->received = 77;
	asked = erm_time_now().mono;
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_summaries, 1);
	ck_assert_uint_eq(bgpd.n_ones, 0);
	ck_assert_uint_eq(bench.n_in_dump, N);
	ck_assert_uint_ge(bench.asked, asked);
	ck_assert_uint_eq(bench.sessions[3].prefixes_received, 77);
}
END_TEST

START_TEST(test_fall_is_told_with_its_reason)
{
	size_t n_told = 0;

	start();
	fall(7);
	n_told = bench.n_told;
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_summaries, 1);
	ck_assert_uint_eq(bgpd.n_ones, 1);
	ck_assert_str_eq(bgpd.last_request, "show bgp neighbors 198.51.100.8 json");
	ck_assert_int_eq(bench.sessions[7].bgp, ERM_BGP_IDLE);
	ck_assert_int_eq(bench.sessions[7].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	ck_assert_uint_eq(bench.n_hints, 1);
	/* first of all, and never without its reason */
	ck_assert_int_eq(bench.told[n_told].kind, ERM_OBS_SESSION);
	ck_assert_uint_eq(bench.told[n_told].session.session, 7);
	for (size_t i = n_told; i < bench.n_told; i++) {
		const struct erm_obs *obs = &bench.told[i];

		if (obs->kind == ERM_OBS_SESSION && obs->session.session == 7)
			ck_assert_int_eq(obs->session.reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	}
}
END_TEST

START_TEST(test_rise_is_told)
{
	start();
	(void)snprintf(neighbor(30)->state, sizeof(neighbor(30)->state), "Established");
	neighbor(30)->established++;
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_int_eq(bench.sessions[30].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.sessions[30].established_count, 2);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

/* Fell and came back between two questions: its counters tell. */
START_TEST(test_flap_between_two_questions)
{
	start();
	neighbor(5)->dropped = 1;
	neighbor(5)->established = 2;
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, 1);
	ck_assert_uint_eq(bench.sessions[5].dropped_count, 1);
	ck_assert_int_eq(bench.sessions[5].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

static bool all_have_reasons(void)
{
	for (unsigned int i = 0; i < N / 2; i++)
		if (bench.sessions[i].reset_cause != ERM_CAUSE_ADMIN_SHUTDOWN)
			return false;
	return true;
}

/* All fall at once: told at once, the reasons of some only by and by. */
START_TEST(test_many_falls)
{
	unsigned int n_with_reason = 0;

	start();
	for (unsigned int i = 0; i < N / 2; i++)
		fall(i);
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.n_in_dump, N);
	for (unsigned int i = 0; i < N / 2; i++) {
		ck_assert_int_eq(bench.sessions[i].bgp, ERM_BGP_IDLE);
		ck_assert_msg(!bench.sessions[i].has_received, "session %u", i);
		n_with_reason += bench.sessions[i].has_reset;
	}
	ck_assert_uint_eq(n_with_reason, ERM_FRR_REASONS_MAX);
	UNTIL(all_have_reasons());
	/* that they were told of in two steps is no second fall */
	ck_assert_uint_eq(bench.n_hints, 1);
	ck_assert_uint_eq(bench.src.counters.events, N / 2);
}
END_TEST

static bool bfd_is_down(void)
{
	return bench.sessions[11].bfd == ERM_BFD_DOWN && bench.sessions[39].is_admin_shutdown;
}

/* What a summary does not tell is read by and by. */
START_TEST(test_rotation)
{
	bench.config->sources[0].poll_usec = 20 * MSEC;
	start();
	(void)snprintf(neighbor(11)->members, sizeof(neighbor(11)->members),
		       ",\"peerBfdInfo\":{\"status\":\"Down\"}");
	(void)snprintf(neighbor(39)->members, sizeof(neighbor(39)->members),
		       ",\"adminShutDown\":true");
	UNTIL(bfd_is_down());
	ck_assert_uint_eq(bench.n_hints, 0);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
}
END_TEST

static bool one_is_gone(void)
{
	return !bench.is_in_dump && bench.n_in_dump == N - 1;
}

START_TEST(test_removed_neighbor)
{
	bench.config->sources[0].poll_usec = 20 * MSEC;
	start();
	fake_bgpd_remove_last(&bgpd);
	UNTIL(one_is_gone());
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

/* One that is up is missed at once. */
START_TEST(test_removed_while_up)
{
	start();
	(void)snprintf(neighbor(0)->addr, sizeof(neighbor(0)->addr), "203.0.113.1");
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bench.n_in_dump, N - 1);
	ck_assert_uint_eq(bench.n_hints, 1);
}
END_TEST

START_TEST(test_shrinks)
{
	start();
	bgpd.n_neighbors = 10;
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_lists, 1);
	ck_assert_uint_eq(bench.n_in_dump, 10);
}
END_TEST

/* A bgpd before 8.0 knows no "established". */
START_TEST(test_old_router)
{
	bgpd.has_no_established = true;
	start();
	fall(7);
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_summaries, 1);
	ck_assert_uint_eq(bgpd.n_ones, 1);
	ck_assert_int_eq(bench.sessions[7].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	ck_assert_int_eq(bench.sessions[8].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.sessions[30].bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

START_TEST(test_router_without_a_summary)
{
	bgpd.has_no_summary = true;
	start();
	fall(7);
	look_now();
	frr_bench_await_cycles(1);
	/* once the list, then one by one */
	ck_assert_uint_eq(bgpd.n_ones, N);
	ck_assert_int_eq(bench.sessions[7].reset_cause, ERM_CAUSE_ADMIN_SHUTDOWN);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

/* A summary that is no summary: nothing is told from it. */
START_TEST(test_bad_summary)
{
	size_t n_told = 0;

	start();
	bgpd.text = "{\"peers\":{}}";
	n_told = bench.n_told;
	look_now();
	bench_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_uint_eq(bench.n_told, n_told + 1);
	ck_assert(!bench.src.is_void);
	bgpd.text = NULL;
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bench.n_in_dump, N);
	ck_assert_uint_eq(bgpd.n_accepted, 1);
}
END_TEST

/* Its BGP instance was removed, and comes back. */
START_TEST(test_instance_removed)
{
	start();
	bgpd.text = "{\n}\n";
	look_now();
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, ERM_FRR_REASONS_MAX);
	ck_assert_uint_eq(bench.n_in_dump, N - ERM_FRR_REASONS_MAX);
	ck_assert_uint_eq(bench.n_hints, 1);
	bgpd.text = NULL;
	look_now();
	while (bench.n_in_dump < N)
		frr_bench_await_cycles(1);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
}
END_TEST

START_TEST(test_reload_keeps_what_is_known)
{
	const char *neighbors[N];
	struct erm_config *config = NULL;

	start();
	for (unsigned int i = 0; i < N; i++)
		neighbors[i] = addrs[N - 1 - i];
	config = frr_bench_config(neighbors, N);
	bench_reconfigure(&erm_source_frr_ops, config);
	frr_bench_await_cycles(1);
	ck_assert_uint_eq(bgpd.n_ones, 0);
	ck_assert_uint_eq(bench.n_in_dump, N);
	for (unsigned int i = 0; i < N; i++)
		ck_assert_int_eq(bench.sessions[i].bgp,
				 i < N / 2 ? ERM_BGP_ACTIVE : ERM_BGP_ESTABLISHED);
}
END_TEST

static Suite *frr_large_suite(void)
{
	Suite *suite = suite_create("sources/frr, many neighbours");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 30);
	tcase_add_unchecked_fixture(all, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(all, setup, frr_bench_teardown);
	tcase_add_test(all, test_first_cycle_knows_all);
	tcase_add_test(all, test_hint_costs_one_question);
	tcase_add_test(all, test_fall_is_told_with_its_reason);
	tcase_add_test(all, test_rise_is_told);
	tcase_add_test(all, test_flap_between_two_questions);
	tcase_add_test(all, test_many_falls);
	tcase_add_test(all, test_rotation);
	tcase_add_test(all, test_removed_neighbor);
	tcase_add_test(all, test_removed_while_up);
	tcase_add_test(all, test_shrinks);
	tcase_add_test(all, test_old_router);
	tcase_add_test(all, test_router_without_a_summary);
	tcase_add_test(all, test_bad_summary);
	tcase_add_test(all, test_instance_removed);
	tcase_add_test(all, test_reload_keeps_what_is_known);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_large_suite)
