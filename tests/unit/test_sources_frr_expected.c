/* Expected prefixes: when they are asked for, for whom their answer holds and how long. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check_main.h"
#include "frr_bench.h"

#define FRR_C "192.0.2.5"
#define P     "10.1.0.0/16"
#define P6    "2001:db8:a1::/48"

#define PATH(peer, list)                                                                        \
	"{\"aspath\":{\"segments\":[{\"type\":\"as-sequence\",\"list\":[" list "]}]},\"peer\":" \
	"{\"peerId\":\"" peer "\"}}"

static void expect(struct erm_config *config, uint32_t session, const char *addr, uint8_t length)
{
	struct erm_session_config *s = &config->sessions[session];

	if (!s->expected)
		s->expected = calloc(ERM_EXPECTED_MAX, sizeof(*s->expected));
	ck_assert_ptr_nonnull(s->expected);
	s->expected[s->n_expected].length = length;
	ck_assert_int_eq(erm_addr_parse(addr, &s->expected[s->n_expected++].addr), 0);
}

/* A and C expect P, C also Q; B, of IPv6, expects P6. */
static struct erm_config *make_config(void)
{
	static const char *const neighbors[] = { FRR_A, FRR_B, FRR_C };
	struct erm_config *config = frr_bench_config(neighbors, 3);

	config->sources[0].poll_usec = 20 * MSEC;
	config->sources[0].resync_usec = 30 * ERM_USEC_PER_SEC;
	expect(config, 0, "10.1.0.0", 16);
	expect(config, 1, "2001:db8:a1::", 48);
	expect(config, 2, "10.1.0.0", 16);
	expect(config, 2, "10.2.0.0", 16);
	return config;
}

static void setup(void)
{
	frr_bench_setup();
	erm_config_unref(bench.config);
	bench.config = make_config();
	fake_bgpd_add(&bgpd, FRR_A, "Established", "");
	fake_bgpd_add(&bgpd, FRR_B, "Established", "");
	fake_bgpd_add(&bgpd, FRR_C, "Established", "");
	frr_bench_router_up();
}

static bool all_are_known(void)
{
	return bench.sessions[0].has_expected && bench.sessions[1].has_expected &&
	       bench.sessions[2].has_expected;
}

static void start(void)
{
	frr_bench_start();
	UNTIL(all_are_known());
}

START_TEST(test_each_is_asked_for_once)
{
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_C, "12076,12076,12076"));
	fake_bgpd_add_route(&bgpd, P6, PATH(FRR_B, "12076,12076"));
	start();
	ck_assert_uint_eq(bench.sessions[0].expected_received, 1);
	ck_assert(bench.sessions[0].has_path);
	ck_assert_uint_eq(bench.sessions[0].prepends, 0);
	ck_assert_uint_eq(bench.sessions[1].expected_received, 1);
	ck_assert_uint_eq(bench.sessions[1].prepends, 1);
	ck_assert_uint_eq(bench.sessions[2].expected_received, 1); /* of two */
	ck_assert_uint_eq(bench.sessions[2].prepends, 2);
	/* three prefixes, of which two sessions share one; and then not until the resync */
	frr_bench_await_cycles(5);
	ck_assert_uint_eq(bgpd.n_routes_asked, 3);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
	/* the values stand in every observation since */
	ck_assert_uint_eq(bench.sessions[2].prepends, 2);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

/* Not all of a session's prefixes were looked for yet: nothing is told of them. */
START_TEST(test_half_known_is_not_told)
{
	start();
	for (size_t i = 0; i < bench.n_told; i++) {
		const struct erm_obs *obs = &bench.told[i];

		if (obs->kind != ERM_OBS_SESSION || obs->session.session != 2)
			continue;
		ck_assert(obs->session.has_expected || obs->session.expected_received == 0);
	}
	ck_assert_uint_eq(bgpd.n_routes_asked, 3);
}
END_TEST

START_TEST(test_missing)
{
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_C, "12076"));
	start();
	ck_assert_uint_eq(bench.sessions[0].expected_received, 0);
	ck_assert(!bench.sessions[0].has_path);
	ck_assert_uint_eq(bench.sessions[0].prepends, 0);
}
END_TEST

static bool a_is_down(void)
{
	return bench.sessions[0].bgp == ERM_BGP_IDLE;
}

static bool a_is_known(void)
{
	return bench.sessions[0].bgp == ERM_BGP_ESTABLISHED && bench.sessions[0].has_expected;
}

START_TEST(test_dropped_with_the_session)
{
	unsigned int n_asked = 0;

	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076,12076"));
	start();
	fake_bgpd_set(&bgpd, FRR_A, "Idle", "");
	UNTIL(a_is_down());
	ck_assert(!bench.sessions[0].has_expected && !bench.sessions[0].has_path);
	ck_assert_uint_eq(bench.sessions[0].expected_received, 0);
	/* of the others, what is known stays */
	ck_assert(bench.sessions[2].has_expected);

	n_asked = bgpd.n_routes_asked;
	fake_bgpd_set(&bgpd, FRR_A, "Established", "");
	UNTIL(a_is_known());
	ck_assert_uint_eq(bgpd.n_routes_asked, n_asked + 1);
	ck_assert_uint_eq(bench.sessions[0].prepends, 1);
}
END_TEST

static bool a_misses_it(void)
{
	return bench.sessions[0].has_expected && bench.sessions[0].expected_received == 0;
}

/* The number of prefixes changed: it is looked for at once, not at the resync. */
START_TEST(test_looked_for_when_the_count_changes)
{
	bgpd.neighbors[0].received = 2;
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	start();
	ck_assert_uint_eq(bench.sessions[0].expected_received, 1);
	bgpd.n_routes = 0;
	frr_bench_await_cycles(3);
	ck_assert_uint_eq(bench.sessions[0].expected_received, 1);
	bgpd.neighbors[0].received = 1;
	UNTIL(a_misses_it());
}
END_TEST

static bool a_is_prepended(void)
{
	return bench.sessions[0].prepends == 1;
}

/* The path alone changed: the resync finds it. */
START_TEST(test_resync)
{
	bench.config->sources[0].resync_usec = 100 * MSEC;
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	start();
	bgpd.routes[0].paths = PATH(FRR_A, "12076,12076");
	UNTIL(a_is_prepended());
}
END_TEST

/* Nobody who is up expects it: it is not asked for. */
START_TEST(test_not_for_sessions_that_are_down)
{
	bench.config->sources[0].resync_usec = 20 * MSEC;
	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	fake_bgpd_set(&bgpd, FRR_B, "Active", "");
	fake_bgpd_set(&bgpd, FRR_C, "Active", "");
	frr_bench_start();
	frr_bench_await_cycles(5);
	ck_assert_uint_eq(bgpd.n_routes_asked, 0);
	ck_assert(!bench.sessions[0].has_expected);
}
END_TEST

START_TEST(test_vrf)
{
	bench.config->sources[0].vrf = strdup("edge");
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	start();
	ck_assert_uint_eq(bench.sessions[0].expected_received, 1);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
}
END_TEST

static unsigned int wanted_routes;
static bool has_asked(void)
{
	return bgpd.n_routes_asked >= wanted_routes;
}

/* A bgpd that does not tell of prefixes still tells of its sessions. */
START_TEST(test_refused)
{
	bgpd.has_no_routes = true;
	frr_bench_start();
	bench_await_ok();
	wanted_routes = 3;
	UNTIL(has_asked());
	frr_bench_await_cycles(3);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	ck_assert(!bench.sessions[0].has_expected);
	ck_assert_uint_eq(bgpd.n_routes_asked, 3);
	ck_assert_uint_eq(bench.src.counters.errors, 3);
	ck_assert_uint_eq(bgpd.n_accepted, 1);
}
END_TEST

START_TEST(test_connection_lost)
{
	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	start();
	fake_bgpd_stop(&bgpd, false);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	bgpd.n_routes = 0;
	memset(bench.sessions, 0, sizeof(bench.sessions));
	frr_bench_router_up();
	bench_await_ok();
	UNTIL(all_are_known());
	ck_assert_uint_eq(bench.sessions[0].expected_received, 0);
}
END_TEST

/* A reload of the same router does not make anything unknown. */
START_TEST(test_reload)
{
	struct erm_config *config = NULL;
	size_t n_told = 0;

	fake_bgpd_add_route(&bgpd, P, PATH(FRR_A, "12076"));
	start();
	config = make_config();
	n_told = bench.n_told;
	bench_reconfigure(&erm_source_frr_ops, config);
	frr_bench_await_cycles(3);
	for (size_t i = n_told; i < bench.n_told; i++)
		if (bench.told[i].kind == ERM_OBS_SESSION)
			ck_assert(bench.told[i].session.has_expected);
	ck_assert_uint_eq(bench.sessions[0].expected_received, 1);
}
END_TEST

static Suite *frr_expected_suite(void)
{
	Suite *suite = suite_create("sources/frr, expected prefixes");
	TCase *all = tcase_create("all");

	tcase_set_timeout(all, 30);
	tcase_add_unchecked_fixture(all, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(all, setup, frr_bench_teardown);
	tcase_add_test(all, test_each_is_asked_for_once);
	tcase_add_test(all, test_half_known_is_not_told);
	tcase_add_test(all, test_missing);
	tcase_add_test(all, test_dropped_with_the_session);
	tcase_add_test(all, test_looked_for_when_the_count_changes);
	tcase_add_test(all, test_resync);
	tcase_add_test(all, test_not_for_sessions_that_are_down);
	tcase_add_test(all, test_vrf);
	tcase_add_test(all, test_refused);
	tcase_add_test(all, test_connection_lost);
	tcase_add_test(all, test_reload);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_expected_suite)
