/* Every way in which the router's side fails, by name: what is told, and that it recovers by itself. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "frr_bench.h"

#define NOBODY 65534

/* Nothing was told but the source's own state, since the first `from` observations. */
static void check_silent_about_sessions(size_t from)
{
	for (size_t i = from; i < bench.n_told; i++)
		ck_assert_msg(bench.told[i].kind == ERM_OBS_SOURCE, "told of a session");
}

static void check_recovers(void)
{
	unsigned int n_dumps = bench.n_dumps;

	bench_await_ok();
	frr_bench_await_cycles(2);
	ck_assert_uint_gt(bench.n_dumps, n_dumps);
	ck_assert_uint_eq(bench.n_in_dump, 2);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_NONE);
	ck_assert_str_eq(bench.src.text, "");
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bgpd.n_forbidden, 0);
}

/* Starts well, and is known to. */
static void start_well(void)
{
	frr_bench_router_up();
	frr_bench_start();
	frr_bench_await_cycles(1);
}

/* A reply of megabytes takes its time under a sanitizer on a busy machine: it is the size that must end it. */
static void start_patiently(void)
{
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_SEC;
	start_well();
}

START_TEST(test_missing)
{
	frr_bench_start();
	ck_assert_int_eq(bench.told[0].src.state, ERM_SOURCE_STARTING);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	ck_assert(bench.src.is_void);
	frr_bench_router_up();
	check_recovers();
}
END_TEST

/* FRR is not installed: not even the directory is there. */
START_TEST(test_missing_directory)
{
	char dir[96];

	(void)snprintf(dir, sizeof(dir), "%s/frr", bench.dir);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/bgpd.vty", dir);
	free(bench.config->sources[0].socket);
	bench.config->sources[0].socket = strdup(bench.path);
	frr_bench_start();
	bench_await_lost(ERM_REASON_NOT_STARTED);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	frr_bench_router_up();
	check_recovers();
	fake_bgpd_stop(&bgpd, false);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(test_refused)
{
	frr_bench_router_up();
	fake_bgpd_stop(&bgpd, true); /* killed: its socket stays */
	frr_bench_start();
	bench_await_lost(ERM_REASON_REFUSED);
	ck_assert(bench.src.is_void);
	frr_bench_router_up();
	check_recovers();
}
END_TEST

START_TEST(test_forbidden)
{
	bool is_root = geteuid() == 0;

	frr_bench_router_up();
	ck_assert_int_eq(chmod(bench.path, 0), 0);
	if (is_root)
		ck_assert_int_eq(seteuid(NOBODY), 0);
	frr_bench_start();
	bench_await_lost(ERM_REASON_PERMISSION);
	ck_assert(!bench.src.is_void);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "add user ermon to group frrvty"));
	if (is_root)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(bench.path, 0777), 0);
	check_recovers();
}
END_TEST

START_TEST(test_hangs)
{
	size_t n_told = 0;
	usec_t asked = 0;

	start_well();
	bgpd.mood = FAKE_HANGS;
	n_told = bench.n_told;
	asked = erm_time_now().mono;
	bench_await_lost(ERM_REASON_TIMEOUT);
	/* not before its deadline, and what is known stays until it is stale */
	ck_assert_uint_ge(erm_time_now().mono - asked, bench.config->sources[0].timeout_usec);
	ck_assert(!bench.src.is_void);
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	check_silent_about_sessions(n_told);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
	ck_assert_uint_ge(bench.src.counters.reconnects, 1);
}
END_TEST

static bool fake_has_a_request(void)
{
	return bgpd.n_requests > 0;
}

/* From the first connection on. */
START_TEST(test_accepts_and_hangs)
{
	frr_bench_router_up();
	bgpd.mood = FAKE_HANGS;
	frr_bench_start();
	UNTIL(fake_has_a_request());
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	bench_await_lost(ERM_REASON_TIMEOUT);
	check_silent_about_sessions(0);
	/* one connection, never a second beside it */
	ck_assert_uint_le(bgpd.n_connections, 1);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
}
END_TEST

/* Does not even accept: connections pile up until the kernel refuses more. */
START_TEST(test_does_not_accept)
{
	frr_bench_router_up();
	bgpd.listen_source = sd_event_source_disable_unref(bgpd.listen_source);
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_MSEC;
	frr_bench_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void);
	check_silent_about_sessions(0);
	fake_bgpd_stop(&bgpd, false);
	frr_bench_router_up();
	check_recovers();
}
END_TEST

START_TEST(test_half_a_reply)
{
	size_t n_told = 0;

	start_well();
	bgpd.mood = FAKE_HALF;
	n_told = bench.n_told;
	bench_await_lost(ERM_REASON_TIMEOUT);
	check_silent_about_sessions(n_told);
	ck_assert(!bench.src.is_void);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
}
END_TEST

START_TEST(test_end_within_a_reply)
{
	size_t n_told = 0;

	start_well();
	bgpd.mood = FAKE_HALF_AND_END;
	n_told = bench.n_told;
	bench_await_lost(ERM_REASON_CLOSED);
	ck_assert(bench.src.is_void);
	check_silent_about_sessions(n_told);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
}
END_TEST

START_TEST(test_end_at_a_request)
{
	start_well();
	bgpd.mood = FAKE_ENDS;
	bench_await_lost(ERM_REASON_CLOSED);
	ck_assert(bench.src.is_void);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
}
END_TEST

/* Killed with our request unread: the kernel resets the connection. */
START_TEST(test_reset)
{
	start_well();
	ck_assert_int_ge(sd_event_source_set_enabled(bgpd.source, SD_EVENT_OFF), 0);
	bench.config->sources[0].poll_usec = 5 * ERM_USEC_PER_SEC;
	erm_source_frr_ops.look_now(bench.source);
	fake_bgpd_stop(&bgpd, true);
	bench_await_lost(ERM_REASON_CLOSED);
	ck_assert(bench.src.is_void);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "reset"));
	bench.config->sources[0].poll_usec = 20 * ERM_USEC_PER_MSEC;
	frr_bench_router_up();
	check_recovers();
}
END_TEST

/* bgpd dies between two polls: told at once, not at the next poll. */
START_TEST(test_restart)
{
	size_t n_told = 0;

	bench.config->sources[0].poll_usec = 3600 * ERM_USEC_PER_SEC;
	start_well();
	fake_bgpd_stop(&bgpd, false);
	n_told = bench.n_told;
	bench_await_lost(ERM_REASON_CLOSED);
	ck_assert(bench.src.is_void);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	check_silent_about_sessions(n_told);

	fake_bgpd_set(&bgpd, FRR_A, "Active", "");
	n_told = bench.n_told;
	frr_bench_router_up();
	bench_await_ok();
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	/* the reply to a new bgpd is compared with nothing: no change, no hint */
	ck_assert_uint_eq(bench.n_hints, 0);
	/* the first thing told of a session is a complete reply */
	for (size_t i = n_told; i < bench.n_told; i++) {
		if (bench.told[i].kind != ERM_OBS_SOURCE) {
			ck_assert_int_eq(bench.told[i].kind, ERM_OBS_DUMP_BEGIN);
			break;
		}
	}
}
END_TEST

/* The whole directory goes and comes, as with RuntimeDirectory= of a unit. */
START_TEST(test_restart_with_its_directory)
{
	char dir[96];

	(void)snprintf(dir, sizeof(dir), "%s/frr", bench.dir);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/bgpd.vty", dir);
	free(bench.config->sources[0].socket);
	bench.config->sources[0].socket = strdup(bench.path);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	start_well();
	fake_bgpd_stop(&bgpd, false);
	ck_assert_int_eq(rmdir(dir), 0);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	ck_assert_int_eq(mkdir(dir, 0755), 0);
	frr_bench_router_up();
	check_recovers();
	fake_bgpd_stop(&bgpd, false);
	ck_assert_int_eq(rmdir(dir), 0);
}
END_TEST

START_TEST(test_reply_of_64_megabytes)
{
	size_t n_told = 0;

	start_patiently();
	bgpd.mood = FAKE_FLOODS;
	n_told = bench.n_told;
	bench_await_lost(ERM_REASON_TOO_LARGE);
	ck_assert_uint_eq(bench.src.counters.limits_hit, 1);
	ck_assert(!bench.src.is_void);
	check_silent_about_sessions(n_told);
	bgpd.mood = FAKE_ANSWERS;
	check_recovers();
}
END_TEST

/* A bgpd whose list of all neighbours is over the cap is asked for each of ours. */
START_TEST(test_too_large_for_all_but_not_for_each)
{
	start_patiently();
	bgpd.mood = FAKE_FLOODS_ALL;
	bench_await_lost(ERM_REASON_TOO_LARGE);
	check_recovers();
	ck_assert_ptr_nonnull(strstr(bgpd.last_request, "neighbors 2001:db8::1 json"));
}
END_TEST

static const struct {
	const char *name, *text;
	uint8_t result;
	enum erm_source_reason reason;
	const char *shown;
} replies[] = {
	{ "not JSON", "% BGP is busy\ntry later", 0, ERM_REASON_PROTOCOL,
	  "% BGP is busy try later" },
	{ "not even text", "\xff\xfe\x01", 0, ERM_REASON_PROTOCOL, "???" },
	{ "empty", "", 0, ERM_REASON_PROTOCOL, "not the JSON" },
	{ "a list", "[{\"bgpState\":\"Established\"}]", 0, ERM_REASON_PROTOCOL, "[{bgpState" },
	{ "another shape", "{\"peers\":{}}", 0, ERM_REASON_PROTOCOL, "{peers:{}}" },
	{ "a neighbor of another shape",
	  "{\"192.0.2.1\":[],\"2001:db8::1\":{\"bgpState\":\"Idle\"}}", 0, ERM_REASON_PROTOCOL,
	  "shape" },
	{ "too deep", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", 0, ERM_REASON_PROTOCOL,
	  "too deep" },
	{ "RET 1, no such VRF", "{}\n", 1, ERM_REASON_REJECTED, "refused with 1: {}" },
	{ "RET 2, unknown command", "% [BGP] Unknown command: show bgp", 2, ERM_REASON_REJECTED,
	  "refused with 2: % [BGP] Unknown command: show bgp" },
};

START_TEST(test_bad_replies)
{
	size_t n_told = 0;

	start_well();
	bgpd.text = replies[_i].text;
	bgpd.result = replies[_i].result;
	n_told = bench.n_told;
	bench_await_lost(replies[_i].reason);
	ck_assert_msg(strstr(bench.src.text, replies[_i].shown) != NULL, "%s: text '%s'",
		      replies[_i].name, bench.src.text);
	ck_assert(!bench.src.is_void);
	check_silent_about_sessions(n_told);

	bgpd.text = NULL;
	bgpd.result = 0;
	check_recovers();
	/* the stream is in step: the connection was kept */
	ck_assert_uint_eq(bgpd.n_accepted, 1);
}
END_TEST

/* Also as the very first reply. */
START_TEST(test_bad_first_replies)
{
	frr_bench_router_up();
	bgpd.text = replies[_i].text;
	bgpd.result = replies[_i].result;
	frr_bench_start();
	bench_await_lost(replies[_i].reason);
	check_silent_about_sessions(0);
	bgpd.text = NULL;
	bgpd.result = 0;
	check_recovers();
}
END_TEST

START_TEST(test_unknown_state_words)
{
	start_well();
	fake_bgpd_set(&bgpd, FRR_A, "Hibernating", "");
	frr_bench_await_cycles(2);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
	ck_assert(bench.sessions[0].is_configured);
	ck_assert_int_eq(bench.sessions[0].bgp, ERM_BGP_UNKNOWN);
	ck_assert_int_eq(bench.sessions[1].bgp, ERM_BGP_ESTABLISHED);
	fake_bgpd_set(&bgpd, FRR_A, "Established", "");
	check_recovers();
}
END_TEST

/* Bytes nobody asked for: the stream is out of step. */
START_TEST(test_speaks_unasked)
{
	bench.config->sources[0].poll_usec = 5 * ERM_USEC_PER_SEC;
	start_well();
	fake_bgpd_answer(&bgpd);
	bench_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "without being asked"));
	bench_await_ok();
	ck_assert_uint_eq(bgpd.n_accepted, 2);
}
END_TEST

START_TEST(test_path_too_long)
{
	char path[200] = "/";

	memset(path + 1, 'x', sizeof(path) - 2);
	path[sizeof(path) - 1] = '\0';
	free(bench.config->sources[0].socket);
	bench.config->sources[0].socket = strdup(path);
	frr_bench_start();
	bench_await_lost(ERM_REASON_SYSTEM);
}
END_TEST

/* An operator sees a line for each change and none for each retry. */
START_TEST(test_one_line_a_change)
{
	char path[96];
	char line[512];
	unsigned int n = 0;
	FILE *f = NULL;
	int fd = -1;

	(void)snprintf(path, sizeof(path), "%s/log", bench.dir);
	fd = open(path, O_CREAT | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_ge(dup2(fd, STDERR_FILENO), 0);
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_MSEC;
	frr_bench_router_up();
	bgpd.mood = FAKE_HANGS;
	frr_bench_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	while (bench.src.counters.timeouts < 3)
		bench_pass(10 * ERM_USEC_PER_MSEC);
	bgpd.mood = FAKE_ANSWERS;
	bench_await_ok();
	frr_bench_await_cycles(5);
	f = fdopen(fd, "r");
	rewind(f);
	while (fgets(line, sizeof(line), f))
		n++;
	(void)fclose(f);
	(void)unlink(path);
	ck_assert_uint_eq(n, 2); /* no reply in time; answers */
}
END_TEST

static bool has_failed_four_times(void)
{
	return bench.src.counters.errors >= 4;
}

/* When the source told of its state for the n-th time of those, by its own clock. */
static usec_t told_at(enum erm_source_state state, unsigned int n)
{
	for (size_t i = 0; i < bench.n_told; i++) {
		if (bench.told[i].kind == ERM_OBS_SOURCE && bench.told[i].src.state == state &&
		    n-- == 0)
			return bench.told[i].at.mono;
	}
	ck_abort_msg("it told of it less often");
}

/* Waits grow, so that a router that stays away costs nothing. */
START_TEST(test_back_off)
{
	usec_t at[4];

	frr_bench_start();
	UNTIL(has_failed_four_times());
	for (unsigned int i = 0; i < ERM_ELEMENTS(at); i++)
		at[i] = told_at(ERM_SOURCE_LOST, i);
	/* 0.2, 0.4 and 0.8 s: from the failure, that was a moment before it was told */
	ck_assert_uint_ge(at[1] - at[0], 150 * ERM_USEC_PER_MSEC);
	ck_assert_uint_ge(at[2] - at[1], 350 * ERM_USEC_PER_MSEC);
	ck_assert_uint_ge(at[3] - at[2], 750 * ERM_USEC_PER_MSEC);
	/* now it waits 1.6 s; the socket made in between shortens that */
	frr_bench_router_up();
	bench_await_ok();
	ck_assert_uint_lt(told_at(ERM_SOURCE_OK, 0) - at[3], 1600 * ERM_USEC_PER_MSEC);
}
END_TEST

static bool is_asked_again(void)
{
	return bgpd.n_accepted >= 5;
}

/* Once it has answered, the waits begin anew. */
START_TEST(test_back_off_begins_anew)
{
	usec_t lost = 0;

	frr_bench_router_up();
	bgpd.mood = FAKE_ENDS;
	frr_bench_start();
	while (bgpd.n_accepted < 4) /* 0.2, 0.4 and 0.8 s between them */
		bench_pass(5 * ERM_USEC_PER_MSEC);
	bgpd.mood = FAKE_ANSWERS;
	bench_await_ok();
	bgpd.n_accepted = 4;
	bgpd.mood = FAKE_ENDS;
	bench_await_lost(ERM_REASON_CLOSED);
	lost = erm_time_now().mono;
	UNTIL(is_asked_again());
	/* the wait that would have followed those */
	ck_assert_uint_lt(erm_time_now().mono - lost, 1600 * ERM_USEC_PER_MSEC);
}
END_TEST

static Suite *frr_faults_suite(void)
{
	Suite *suite = suite_create("sources/frr faults");
	TCase *faults = tcase_create("faults");
	TCase *bad = tcase_create("bad replies");

	tcase_set_timeout(faults, 30);
	tcase_add_unchecked_fixture(faults, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(faults, frr_bench_setup, frr_bench_teardown);
	tcase_add_test(faults, test_missing);
	tcase_add_test(faults, test_missing_directory);
	tcase_add_test(faults, test_refused);
	tcase_add_test(faults, test_forbidden);
	tcase_add_test(faults, test_hangs);
	tcase_add_test(faults, test_accepts_and_hangs);
	tcase_add_test(faults, test_does_not_accept);
	tcase_add_test(faults, test_half_a_reply);
	tcase_add_test(faults, test_end_within_a_reply);
	tcase_add_test(faults, test_end_at_a_request);
	tcase_add_test(faults, test_reset);
	tcase_add_test(faults, test_restart);
	tcase_add_test(faults, test_restart_with_its_directory);
	tcase_add_test(faults, test_reply_of_64_megabytes);
	tcase_add_test(faults, test_too_large_for_all_but_not_for_each);
	tcase_add_test(faults, test_unknown_state_words);
	tcase_add_test(faults, test_speaks_unasked);
	tcase_add_test(faults, test_path_too_long);
	tcase_add_test(faults, test_one_line_a_change);
	tcase_add_test(faults, test_back_off);
	tcase_add_test(faults, test_back_off_begins_anew);
	suite_add_tcase(suite, faults);
	tcase_set_timeout(bad, 30);
	tcase_add_unchecked_fixture(bad, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(bad, frr_bench_setup, frr_bench_teardown);
	tcase_add_loop_test(bad, test_bad_replies, 0, (int)ERM_ELEMENTS(replies));
	tcase_add_loop_test(bad, test_bad_first_replies, 0, (int)ERM_ELEMENTS(replies));
	suite_add_tcase(suite, bad);
	return suite;
}

ERM_CHECK_MAIN(frr_faults_suite)
