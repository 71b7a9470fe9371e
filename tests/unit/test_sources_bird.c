/* Every way in which BIRD's side fails, by name: what is told, and that it recovers by itself. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bird_bench.h"
#include "check_main.h"

START_TEST(test_missing)
{
	bird_start();
	bench_await_lost(ERM_REASON_NOT_STARTED);
	ck_assert(bench.src.is_void);
	bird_up();
	bird_check_recovers();
}
END_TEST

START_TEST(test_refused)
{
	bird_up();
	bird_down(true);
	bird_start();
	bench_await_lost(ERM_REASON_REFUSED);
	ck_assert(bench.src.is_void);
	bird_up();
	bird_check_recovers();
}
END_TEST

START_TEST(test_permission)
{
	bool is_root = geteuid() == 0;

	bird_up();
	ck_assert_int_eq(chmod(bench.dir, 0755), 0);
	ck_assert_int_eq(chmod(bench.path, 0), 0);
	if (is_root)
		ck_assert_int_eq(seteuid(65534), 0);
	bird_start();
	bench_await_lost(ERM_REASON_PERMISSION);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "group bird"));
	if (is_root)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(bench.path, 0777), 0);
	bird_check_recovers();
}
END_TEST

/* From the first question on, and in the middle of a life. */
static const struct {
	enum bird_mood mood;
	enum erm_source_reason reason;
	bool is_void;
} faults[] = {
	{ BIRD_HANGS, ERM_REASON_TIMEOUT, false },
	{ BIRD_HALF_AND_END, ERM_REASON_CLOSED, true },
	{ BIRD_FLOODS, ERM_REASON_TOO_LARGE, false },
	{ BIRD_GARBAGE, ERM_REASON_PROTOCOL, false },
	{ BIRD_REFUSES, ERM_REASON_REJECTED, false },
	{ BIRD_NO_RESTRICT, ERM_REASON_REJECTED, false },
	{ BIRD_NO_WELCOME, ERM_REASON_PROTOCOL, false },
};

START_TEST(test_faults)
{
	bird_up();
	bench.config->sources[0].timeout_usec = 200 * ERM_USEC_PER_MSEC;
	bird.mood = faults[_i].mood;
	bird_start();
	bench_await_lost(faults[_i].reason);
	ck_assert_int_eq(bench.src.is_void, faults[_i].is_void);
	ck_assert_uint_eq(bench.n_sessions, 0);
	ck_assert_uint_eq(bench.n_dumps, 0);
	bird_check_recovers();
	if (faults[_i].mood == BIRD_NO_RESTRICT || faults[_i].mood == BIRD_NO_WELCOME)
		return;
	bird.mood = faults[_i].mood;
	bench_await_lost(faults[_i].reason);
	bird_check_recovers();
	ck_assert_uint_eq(bench.src.counters.limits_hit, faults[_i].mood == BIRD_FLOODS ? 2 : 0);
}
END_TEST

START_TEST(test_restart)
{
	bird_up();
	bird_start();
	bird_check_recovers();
	bird_down(false);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	ck_assert(bench.src.is_void);
	bird_up();
	bird_check_recovers();
	ck_assert_uint_ge(bench.src.counters.reconnects, 1);
}
END_TEST

/* Not in a complete reply: the dump's end tells it. */
START_TEST(test_not_configured)
{
	bird_up();
	bird_start();
	bird_check_recovers();
	bird.mood = BIRD_NO_ROWS;
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.n_in_dump, 0);
	ck_assert_uint_eq(bench.n_hints, 1);
	bird_check_recovers();
}
END_TEST

START_TEST(test_flaps_are_counted)
{
	bird_up();
	bird_start();
	bird_check_recovers();
	ck_assert_uint_eq(bench.session.established_count, 1);
	ck_assert_uint_eq(bench.session.dropped_count, 0);
	bird.since = "10:00:05.002"; /* wavers */
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.session.dropped_count, 0);
	bird.since = "10:00:09.000"; /* fell, and nobody saw it */
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.session.established_count, 2);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
	bird.since = "2026-11-22"; /* grew old */
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
	bird.state = "Active";
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.session.dropped_count, 2);
	ck_assert_int_eq(bench.session.bgp, ERM_BGP_ACTIVE);
}
END_TEST

static Suite *bird_suite(void)
{
	Suite *suite = suite_create("sources/bird");
	TCase *tcase = tcase_create("bird");

	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(tcase, bird_setup, bird_teardown);
	tcase_add_test(tcase, test_missing);
	tcase_add_test(tcase, test_refused);
	tcase_add_test(tcase, test_permission);
	tcase_add_loop_test(tcase, test_faults, 0, 7);
	tcase_add_test(tcase, test_restart);
	tcase_add_test(tcase, test_not_configured);
	tcase_add_test(tcase, test_flaps_are_counted);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(bird_suite)
