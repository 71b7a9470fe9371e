/* The SNMP source against a fake agent: each failure by name, and SNMPv3. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check_main.h"
#include "snmpr_bench.h"

START_TEST(silent)
{
	snmpr_start();
	snmpr_cycles(1);
	t.fake.fault = FAKE_AGENT_SILENT;
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_uint_gt(t.src.counters.timeouts, 0);
	ck_assert_int_eq(t.sessions[S_A].bgp, ERM_BGP_ESTABLISHED); /* nothing was made up */
	t.fake.fault = FAKE_AGENT_WELL;
	snmpr_cycles(1);
	ck_assert_str_eq(t.src.text, "");
}
END_TEST

START_TEST(one_repetition_and_no_more)
{
	unsigned int n;

	t.config->sources[1].poll_usec = 400 * MSEC;
	snmpr_start();
	snmpr_cycles(1);
	n = t.fake.n_requests;
	t.fake.fault = FAKE_AGENT_SILENT;
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_uint_eq(t.fake.n_requests, n + 2);
}
END_TEST

START_TEST(late)
{
	unsigned int n;

	snmpr_start();
	snmpr_cycles(1);
	t.fake.fault = FAKE_AGENT_LATE;
	t.fake.late_usec = 350 * MSEC; /* both tries are over */
	n = t.n_ok;
	UNTIL(t.n_lost >= 3);
	ck_assert_uint_eq(t.n_ok, n); /* an answer to an old question is none */
	ck_assert_int_eq(t.src.reason, ERM_REASON_TIMEOUT);
	t.fake.late_usec = 50 * MSEC;
	snmpr_cycles(1);
}
END_TEST

START_TEST(nobody_listens)
{
	snmpr_start();
	snmpr_cycles(1);
	fake_agent_stop(&t.fake);
	snmpr_await_lost(ERM_REASON_REFUSED);
	fake_agent_start(&t.fake, t.event);
	snmpr_cycles(1);
}
END_TEST

START_TEST(rubbish)
{
	t.fake.fault = FAKE_AGENT_RUBBISH;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_PROTOCOL);
	t.fake.fault = FAKE_AGENT_CUT;
	snmpr_turn_for(300 * MSEC);
	ck_assert_int_eq(t.src.reason, ERM_REASON_PROTOCOL);
	t.fake.fault = FAKE_AGENT_OTHER_ID;
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	t.fake.fault = FAKE_AGENT_OTHER_NAMES;
	snmpr_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_uint_eq(t.n_ok, 0);
	t.fake.fault = FAKE_AGENT_WELL;
	snmpr_cycles(1);
}
END_TEST

START_TEST(a_walk_that_goes_in_circles)
{
	t.fake.fault = FAKE_AGENT_CIRCLES;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_PROTOCOL);
}
END_TEST

START_TEST(too_many_varbinds)
{
	t.fake.fault = FAKE_AGENT_OVERFLOW;
	snmpr_start();
	snmpr_await_lost(ERM_REASON_PROTOCOL);
	ck_assert_uint_gt(t.src.counters.limits_hit, 0);
}
END_TEST

START_TEST(too_big)
{
	t.fake.big = 4;
	snmpr_start();
	snmpr_cycles(2);
	ck_assert_int_eq(t.sessions[S_B].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(t.interfaces[I_GI1].ifindex, 18);
	t.fake.big = 1;
	snmpr_await_lost(ERM_REASON_PROTOCOL);
}
END_TEST

START_TEST(errors_of_the_agent)
{
	t.fake.fault = FAKE_AGENT_ERROR;
	t.fake.error = 5; /* genErr */
	snmpr_start();
	snmpr_await_lost(ERM_REASON_REJECTED);
	t.fake.error = 16; /* authorizationError */
	snmpr_await_lost(ERM_REASON_PERMISSION);
}
END_TEST

START_TEST(wrong_community)
{
	t.fake.community = "other";
	snmpr_start();
	snmpr_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_ptr_nonnull(strstr(t.src.text, "community"));
	ck_assert_ptr_null(strstr(t.src.text, "public"));
}
END_TEST

/* --- v3 --- */

static const char v3_text[] = "user = monitor\nauth-protocol = SHA-256\n"
			      "auth-password = authentic1\npriv-protocol = AES\n"
			      "priv-password = private01\n";

static void v3(const char *text)
{
	struct erm_snmpr_credentials user = { 0 };
	char error[ERM_SNMPR_ERROR_MAX];

	ck_assert_int_eq(erm_snmpr_credentials_parse(v3_text, strlen(v3_text), &user, error), 0);
	fake_agent_set_user(&t.fake, &user, "\x80\1\1\1\1unit");
	snmpr_write_credentials(text);
	snmpr_start();
}

START_TEST(v3_authentic_and_private)
{
	v3(v3_text);
	snmpr_cycles(3);
	ck_assert_int_eq(t.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(t.src.counters.errors, 0);
}
END_TEST

START_TEST(v3_restart_of_the_engine)
{
	v3(v3_text);
	snmpr_cycles(1);
	t.fake.security.boots++;
	t.fake.security.time = 1;
	UNTIL(t.src.counters.resyncs == 1);
	snmpr_cycles(1);
}
END_TEST

START_TEST(v3_another_engine)
{
	struct erm_snmpr_credentials user;

	v3(v3_text);
	snmpr_cycles(1);
	user = t.fake.user;
	fake_agent_set_user(&t.fake, &user, "\x80\1\1\1\1other");
	snmpr_cycles(2);
	ck_assert_uint_eq(t.src.counters.errors, 0);
}
END_TEST

START_TEST(v3_wrong_keys)
{
	v3("user = monitor\nauth-protocol = SHA-256\nauth-password = mistaken1\n");
	snmpr_await_lost(ERM_REASON_PERMISSION);
	ck_assert_ptr_nonnull(strstr(t.src.text, "auth-password"));
	ck_assert_uint_eq(t.n_ok, 0);
}
END_TEST

START_TEST(v3_unknown_user)
{
	v3("user = nobody\nauth-protocol = SHA-256\nauth-password = authentic1\n");
	snmpr_await_lost(ERM_REASON_PERMISSION);
	ck_assert_ptr_nonnull(strstr(t.src.text, "user"));
}
END_TEST

static void refuse(enum fake_agent_fault fault)
{
	unsigned int n;

	v3(v3_text);
	snmpr_cycles(1);
	t.fake.fault = fault;
	n = t.n_ok;
	fake_agent_peer(&t.fake, A, 1, 3);
	snmpr_await_lost(ERM_REASON_PERMISSION);
	ck_assert_uint_eq(t.n_ok, n);
	ck_assert_int_eq(t.sessions[S_A].bgp, ERM_BGP_ESTABLISHED);
}

START_TEST(v3_forged)
{
	refuse(FAKE_AGENT_FORGED);
}
END_TEST

START_TEST(v3_unprotected)
{
	refuse(FAKE_AGENT_UNPROTECTED);
}
END_TEST

START_TEST(v3_replayed)
{
	refuse(FAKE_AGENT_REPLAY);
}
END_TEST

static Suite *snmp_suite(void)
{
	const TTest *const tests[] = {
		silent,
		one_repetition_and_no_more,
		late,
		nobody_listens,
		rubbish,
		a_walk_that_goes_in_circles,
		too_many_varbinds,
		too_big,
		errors_of_the_agent,
		wrong_community,
		v3_authentic_and_private,
		v3_restart_of_the_engine,
		v3_another_engine,
		v3_wrong_keys,
		v3_unknown_user,
		v3_forged,
		v3_unprotected,
		v3_replayed,
	};
	Suite *s = suite_create("sources_snmp_faults");
	TCase *tc = tcase_create("agent");

	tcase_add_checked_fixture(tc, snmpr_set_up, snmpr_tear_down);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(snmp_suite)
