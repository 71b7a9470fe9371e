/* The SNMP source and its ermon-snmp-get: each failure by name, and the way back. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_main.h"
#include "snmpr_bench.h"

/* Well, then this, then well again: what was told holds, and nothing is made up. */
static void survive(enum fake_agent_fault fault, enum erm_source_reason reason, const char *text)
{
	unsigned int n;

	snmpr_start();
	snmpr_cycles(1);
	fake_agent_fault(&t.fake, fault);
	snmpr_await_lost(reason);
	ck_assert_msg(strstr(bench.src.text, text), "%s", bench.src.text);
	n = bench.n_ok;
	UNTIL(bench.src.counters.errors >= 2);
	ck_assert_uint_eq(bench.n_ok, n);
	ck_assert_int_eq(bench.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
	fake_agent_fault(&t.fake, FAKE_AGENT_WELL);
	snmpr_cycles(2);
	ck_assert_str_eq(bench.src.text, "");
}

START_TEST(hangs)
{
	survive(FAKE_AGENT_HANGS, ERM_REASON_TIMEOUT, "does not answer");
	ck_assert_uint_gt(bench.src.counters.timeouts, 0);
	ck_assert_uint_gt(bench.src.counters.limits_hit, 0);
}
END_TEST

START_TEST(late)
{
	snmpr_start();
	snmpr_cycles(1);
	t.fake.late_msec = 300; /* tries of its own are over later */
	fake_agent_fault(&t.fake, FAKE_AGENT_LATE);
	snmpr_cycles(2);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
	ck_assert_uint_eq(fake_agent_count(&t.fake, "start"), 1);
}
END_TEST

START_TEST(rubbish)
{
	survive(FAKE_AGENT_RUBBISH, ERM_REASON_PROTOCOL, "what it should not");
}
END_TEST

START_TEST(cut)
{
	survive(FAKE_AGENT_CUT, ERM_REASON_CLOSED, "has ended");
}
END_TEST

START_TEST(ends)
{
	survive(FAKE_AGENT_ENDS, ERM_REASON_CLOSED, "has ended");
}
END_TEST

START_TEST(closes_its_output)
{
	survive(FAKE_AGENT_CLOSES, ERM_REASON_CLOSED, "has ended");
}
END_TEST

START_TEST(a_line_too_long)
{
	survive(FAKE_AGENT_LONG_LINE, ERM_REASON_TOO_LARGE, "too long a line");
	ck_assert_uint_gt(bench.src.counters.limits_hit, 0);
}
END_TEST

START_TEST(too_many_lines)
{
	survive(FAKE_AGENT_OVERFLOW, ERM_REASON_TOO_LARGE, "too much");
	ck_assert_uint_gt(bench.src.counters.limits_hit, 0);
}
END_TEST

START_TEST(talks_on)
{
	survive(FAKE_AGENT_TALKS_ON, ERM_REASON_PROTOCOL, "what it should not");
}
END_TEST

START_TEST(answers_to_something_else)
{
	survive(FAKE_AGENT_OTHER_NAMES, ERM_REASON_PROTOCOL, "something else");
}
END_TEST

/* It is ended for it, and another takes its place; no answer is taken for another's. */
START_TEST(speaks_unasked)
{
	bench.config->sources[1].poll_usec = 200 * MSEC;
	snmpr_start();
	snmpr_cycles(1);
	fake_agent_fault(&t.fake, FAKE_AGENT_UNASKED);
	UNTIL(fake_agent_count(&t.fake, "start") >= 2);
	fake_agent_fault(&t.fake, FAKE_AGENT_WELL);
	snmpr_cycles(2);
	ck_assert_int_eq(bench.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
}
END_TEST

/* A program that cannot live is started less and less often. */
START_TEST(ends_at_once)
{
	t.fake.fault = FAKE_AGENT_NEVER_IS;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_CLOSED);
	bench_pass(2500 * MSEC);
	ck_assert_uint_ge(fake_agent_count(&t.fake, "start"), 2);
	ck_assert_uint_le(fake_agent_count(&t.fake, "start"), 3); /* 0, 0.5, 1.5 s */
	fake_agent_fault(&t.fake, FAKE_AGENT_WELL);
	snmpr_cycles(1);
}
END_TEST

START_TEST(not_installed)
{
	t.is_uninstalled = true;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_UNSUPPORTED);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "not installed"));
}
END_TEST

START_TEST(a_walk_that_goes_in_circles)
{
	t.fake.fault = FAKE_AGENT_CIRCLES;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_PROTOCOL);
}
END_TEST

START_TEST(too_big)
{
	t.fake.big = 4;
	snmpr_start();
	snmpr_cycles(2);
	ck_assert_int_eq(bench.sessions[S_B].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(t.interfaces[I_GI1].ifindex, 18);
	t.fake.big = 1;
	fake_agent_write(&t.fake);
	snmpr_await_lost(ERM_REASON_PROTOCOL);
}
END_TEST

START_TEST(errors_of_the_agent)
{
	static const struct {
		const char *error;
		enum erm_source_reason reason;
	} cases[] = {
		{ "timeout no answer: agent unreachable", ERM_REASON_TIMEOUT },
		{ "refused nobody listens on the port", ERM_REASON_REFUSED },
		{ "permission the agent does not know the user", ERM_REASON_PERMISSION },
		{ "rejected error 5", ERM_REASON_REJECTED },
		{ "protocol something", ERM_REASON_PROTOCOL },
		{ "too-large more values than are taken", ERM_REASON_TOO_LARGE },
		{ "system Network is unreachable", ERM_REASON_SYSTEM },
	};

	snmpr_start();
	snmpr_cycles(1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake_agent_error(&t.fake, cases[i].error);
		snmpr_await_lost(cases[i].reason);
		ck_assert_str_eq(bench.src.text, strchr(cases[i].error, ' ') + 1);
	}
	ck_assert_int_eq(bench.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
	fake_agent_fault(&t.fake, FAKE_AGENT_WELL);
	snmpr_cycles(1);
	ck_assert_uint_eq(fake_agent_count(&t.fake, "start"), 1); /* none of it is its own fault */
}
END_TEST

/* Without a reload: once the file is another, it is read again. */
START_TEST(wrong_community)
{
	t.fake.community = "other";
	snmpr_start();
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "community"));
	ck_assert_ptr_null(strstr(bench.src.text, "public"));
	bench_pass(200 * MSEC);
	ck_assert_uint_eq(fake_agent_count(&t.fake, "start"), 1);
	snmpr_write_credentials("community = other\n");
	snmpr_cycles(1);
	ck_assert_uint_eq(fake_agent_count(&t.fake, "start"), 2);
}
END_TEST

START_TEST(restart_of_the_engine)
{
	t.fake.mib.boots = 3;
	snmpr_start();
	snmpr_cycles(1);
	t.fake.mib.boots = 4;
	fake_agent_write(&t.fake);
	UNTIL(bench.src.counters.resyncs == 1);
	snmpr_cycles(1);
}
END_TEST

/* A reload in the middle of a question: its answer is not taken for the next one's. */
START_TEST(reload_while_it_is_asked)
{
	t.fake.late_msec = 200;
	t.fake.fault = FAKE_AGENT_LATE;
	snmpr_start();
	UNTIL(fake_agent_count(&t.fake, "bulk") == 1);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(erm_source_snmp_ops.reconfigure(bench.source, bench.config, 1), 0);
		bench_pass(20 * MSEC);
	}
	snmpr_cycles(1);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

static Suite *snmp_suite(void)
{
	const TTest *const tests[] = {
		hangs,
		late,
		rubbish,
		cut,
		ends,
		closes_its_output,
		a_line_too_long,
		too_many_lines,
		talks_on,
		answers_to_something_else,
		speaks_unasked,
		ends_at_once,
		not_installed,
		a_walk_that_goes_in_circles,
		too_big,
		errors_of_the_agent,
		wrong_community,
		restart_of_the_engine,
		reload_while_it_is_asked,
	};
	Suite *s = suite_create("sources_snmp_faults");
	TCase *tc = tcase_create("agent");

	tcase_set_timeout(tc, 30);
	tcase_add_checked_fixture(tc, snmpr_set_up, snmpr_tear_down);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(snmp_suite)
