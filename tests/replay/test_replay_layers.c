/* Neighbours, BFD, prefixes and drains: what they do to a circuit, in virtual time. */
#include <stdlib.h>
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

#define V4 "c1:primary:private-ipv4"

static struct lab lab;
static uint32_t arp;

static void set_up(void)
{
	lab_init(&lab);
	arp = lab_config_source(lab.config, "arp", ERM_SOURCE_TYPE_NEIGHBOR);
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
}

static void tear_down(void)
{
	lab_done(&lab);
}

static void start(void)
{
	lab_start(&lab, NULL);
	for (uint32_t i = 0; i < lab.config->n_sessions; i++)
		lab.sessions[i].bfd = ERM_BFD_UP;
	lab_tell_all(&lab);
	lab_run(&lab, LAB_MS(40500));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_expect_silence(&lab);
}

static struct erm_obs_session *session(enum erm_role role, enum erm_family family)
{
	return lab_find_session(&lab, "c1", role, family);
}

static const struct erm_session_row *row(void)
{
	return lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
}

static void answer(void)
{
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
}

static void advertise(uint32_t n)
{
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->prefixes_advertised = n;
	answer();
}

static void arp_says(enum erm_neighbor_state state)
{
	for (uint32_t i = 0; i < lab.config->n_sessions; i++) {
		lab_apply(&lab, (struct erm_obs){ .kind = ERM_OBS_NEIGHBOR,
						  .source = arp,
						  .neighbor = { .session = i, .state = state } });
	}
}

static void prepend(enum erm_role role, uint32_t n)
{
	for (unsigned int family = ERM_FAMILY_IPV4; family < ERM_FAMILY_MAX; family++) {
		session(role, family)->has_path = true;
		session(role, family)->prepends = n;
	}
	answer();
}

/* The alarm is open, and `root` covers it. */
static void assert_covered(const char *key, const char *root)
{
	const struct erm_alarm_row *alarm = lab_alarm(&lab, key);
	const struct erm_alarm_row *above = lab_alarm(&lab, root);

	ck_assert_msg(alarm != NULL, "%s is not open", key);
	ck_assert_msg(above != NULL, "%s is not open", root);
	ck_assert_uint_eq(alarm->root_id, above->id);
	ck_assert_uint_eq(alarm->sequence, 0);
}

START_TEST(test_neighbor_unresolved_is_why_a_session_is_down)
{
	start();
	arp_says(ERM_NEIGHBOR_UNRESOLVED);
	lab_run(&lab, LAB_SEC(70));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP); /* an Established session proves it wrong */
	lab_expect_silence(&lab);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(3));
	ck_assert_int_eq(row()->layer, ERM_LAYER_NEIGHBOR);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NEIGHBOR_UNRESOLVED);
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_NEIGHBOR_UNRESOLVED);
	arp_says(ERM_NEIGHBOR_RESOLVED);
	lab_commit(&lab);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_HOLD_EXPIRED);
	arp_says(ERM_NEIGHBOR_UNRESOLVED);
	lab_commit(&lab);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NEIGHBOR_UNRESOLVED);
	/* Nobody looks any more. */
	lab_source_lost(&lab, arp, ERM_REASON_SYSTEM);
	lab_run(&lab, LAB_SEC(4));
	ck_assert_int_eq(row()->cause, ERM_CAUSE_HOLD_EXPIRED);
	ck_assert_int_eq(row()->neighbor, ERM_NEIGHBOR_UNKNOWN);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_neighbor_looks_no_more_after_a_reload)
{
	struct erm_config *c = lab_config_new();

	start();
	arp_says(ERM_NEIGHBOR_UNRESOLVED);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(1));
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NEIGHBOR_UNRESOLVED);
	(void)lab_config_circuit(c, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	lab_reload(&lab, c);
	lab_commit(&lab);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_HOLD_EXPIRED);
}
END_TEST

START_TEST(test_peers_own_word_is_a_better_reason)
{
	static const enum erm_cause words[] = { ERM_CAUSE_ADMIN_SHUTDOWN, ERM_CAUSE_PREFIX_LIMIT,
						ERM_CAUSE_PEER_CEASE, ERM_CAUSE_WRONG_AS };

	start();
	arp_says(ERM_NEIGHBOR_UNRESOLVED);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, words[i]);
		lab_commit(&lab);
		ck_assert_int_eq(row()->cause, words[i]);
		lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
		lab_commit(&lab);
	}
	/* The port is lower still. */
	lab_link(&lab, "p1", false);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CEASE);
	lab_commit(&lab);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NO_CARRIER);
}
END_TEST

START_TEST(test_bfd_expected_and_absent)
{
	for (uint32_t i = 0; i < lab.config->n_sessions; i++)
		lab.config->sessions[i].bfd_expected = true;
	start();
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->bfd = ERM_BFD_NONE;
	answer();
	ck_assert_int_eq(row()->state, ERM_MEMBER_DEGRADED);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_BFD_ABSENT);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DEGRADED);
	lab_run(&lab, LAB_MS(29900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise degraded/c1:private-ipv4");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_BFD_ABSENT);
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->bfd = ERM_BFD_UP;
	lab_run(&lab, LAB_SEC(32));
	lab_expect(&lab, "clear degraded/c1:private-ipv4");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_prefix_threshold_and_its_hysteresis)
{
	start();
	advertise(3199);
	lab_run(&lab, LAB_SEC(60));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	lab_expect_silence(&lab);
	advertise(3200);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DEGRADED);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_PREFIX_THRESHOLD);
	lab_run(&lab, LAB_MS(4900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise prefix-threshold/" V4);
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MINOR);
	/* What it does to the circuit is no second message. */
	lab_run(&lab, LAB_SEC(60));
	assert_covered("degraded/c1:private-ipv4", "prefix-threshold/" V4);
	lab_expect_silence(&lab);
	/* On the edge it does not ring. */
	for (int i = 0; i < 20; i++) {
		advertise(i % 2 ? 3200 : 3040);
		lab_run(&lab, LAB_SEC(40));
	}
	lab_expect_silence(&lab);
	advertise(3039);
	lab_run(&lab, LAB_MS(4900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "clear prefix-threshold/" V4);
	lab_expect_silence(&lab);
	ck_assert_ptr_null(lab_alarm(&lab, "degraded/c1:private-ipv4"));
	/* Cleared, the whole limit counts again. */
	advertise(3100);
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_prefix_limit_covers_the_threshold)
{
	start();
	advertise(4000);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "raise prefix-limit/" V4);
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MAJOR);
	lab_expect_silence(&lab);
	assert_covered("prefix-threshold/" V4, "prefix-limit/" V4);
	assert_covered("degraded/c1:private-ipv4", "prefix-limit/" V4);
	advertise(3800);
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	/* Less, and still near: what the limit had covered is news now. */
	advertise(3799);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "clear prefix-limit/" V4);
	lab_expect(&lab, "raise prefix-threshold/" V4);
	lab_expect_silence(&lab);
	advertise(10);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "clear prefix-threshold/" V4);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_session_closed_for_its_prefixes)
{
	start();
	advertise(4001);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PREFIX_LIMIT);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_PREFIX_LIMIT);
	lab_expect_silence(&lab);
	assert_covered("prefix-limit/" V4, "redundancy-lost/c1");
	assert_covered("session-down/" V4, "redundancy-lost/c1");
	/* The router was not heard for a while, and has just started: nothing is known to be better. */
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_CLOSED);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_ptr_nonnull(lab_alarm(&lab, "prefix-limit/" V4));
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->has_reset = false;
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->established_count = 0;
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->dropped_count = 0;
	answer();
	lab_run(&lab, LAB_SEC(10));
	ck_assert_int_eq(row()->state, ERM_MEMBER_UNKNOWN);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "prefix-limit/" V4));
	lab_expect_silence(&lab);
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->prefixes_advertised = 100;
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(120));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

START_TEST(test_prefixes_over_the_limit_then_closed)
{
	start();
	advertise(4001);
	lab_run(&lab, LAB_SEC(10));
	lab_expect(&lab, "raise prefix-limit/" V4);
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, false, ERM_CAUSE_PREFIX_LIMIT);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "raise redundancy-lost/c1:private-ipv4");
	lab_expect_silence(&lab);
	/* It comes back with as many: the same alarm goes on. */
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, true, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(120));
	lab_expect(&lab, "clear redundancy-lost/c1:private-ipv4");
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "prefix-limit/" V4));
}
END_TEST

static void expect_prefixes(struct erm_config *c, uint32_t n)
{
	for (uint32_t i = 0; i < c->n_sessions; i++) {
		c->sessions[i].n_expected = n;
		c->sessions[i].expected = calloc(n, sizeof(*c->sessions[i].expected));
	}
}

START_TEST(test_expected_prefixes)
{
	struct erm_obs_session *s = NULL;

	expect_prefixes(lab.config, 2);
	start();
	s = session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4);
	s->has_expected = true;
	s->expected_received = 2;
	answer();
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
	s->expected_received = 1;
	answer();
	ck_assert_int_eq(row()->state, ERM_MEMBER_DEGRADED);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_PREFIX_MISSING);
	lab_run(&lab, LAB_SEC(31));
	lab_expect(&lab, "raise degraded/c1:private-ipv4");
	s->expected_received = 0;
	answer();
	ck_assert_int_eq(row()->state, ERM_MEMBER_DOWN);
	ck_assert_int_eq(row()->cause, ERM_CAUSE_NO_PREFIXES);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1:private-ipv4");
	/* Not looked for: nothing is missing. */
	s->has_expected = false;
	answer();
	ck_assert_int_eq(row()->state, ERM_MEMBER_UP);
}
END_TEST

START_TEST(test_drained_leg)
{
	start();
	prepend(ERM_ROLE_PRIMARY, 2);
	ck_assert_int_eq(row()->state, ERM_MEMBER_DRAINING);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	ck_assert(lab_circuit(&lab, "c1")->is_draining);
	lab_run(&lab, LAB_MS(4900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise draining/c1:primary");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_WARNING);
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_DRAINING);
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	/* The sister falls: this leg is all there is. */
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_alarm(&lab, "draining/c1:primary")->severity, ERM_SEVERITY_MAJOR);
	prepend(ERM_ROLE_PRIMARY, 0);
	ck_assert(!lab_circuit(&lab, "c1")->is_draining);
	lab_run(&lab, LAB_SEC(6));
	lab_expect(&lab, "clear draining/c1:primary");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_drained_while_the_sister_is_down)
{
	start();
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	prepend(ERM_ROLE_PRIMARY, 1);
	lab_run(&lab, LAB_SEC(6));
	lab_expect(&lab, "raise draining/c1:primary");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MAJOR);
	lab_expect_silence(&lab);
}
END_TEST

/* Drained first, worked on then: the router no longer sees paths, and nobody says the work is over. */
START_TEST(test_drain_is_held_while_nobody_can_tell)
{
	start();
	prepend(ERM_ROLE_PRIMARY, 1);
	lab_run(&lab, LAB_SEC(6));
	lab_expect(&lab, "raise draining/c1:primary");
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_TIMEOUT);
	lab_run(&lab, LAB_SEC(30));
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "draining/c1:primary"));
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->bgp = ERM_BGP_UNKNOWN;
	session(ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6)->bgp = ERM_BGP_UNKNOWN;
	answer();
	lab_run(&lab, LAB_SEC(30));
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "draining/c1:primary"));
}
END_TEST

START_TEST(test_restart_keeps_what_was_told)
{
	start();
	prepend(ERM_ROLE_SECONDARY, 1);
	advertise(4000);
	lab_run(&lab, LAB_SEC(6));
	lab_expect(&lab, "raise draining/c1:secondary");
	lab_expect(&lab, "raise prefix-limit/" V4);
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	assert_covered("prefix-threshold/" V4, "prefix-limit/" V4);
	lab_restart(&lab, NULL, NULL);
	prepend(ERM_ROLE_SECONDARY, 0);
	advertise(3);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "clear draining/c1:secondary");
	lab_expect(&lab, "clear prefix-limit/" V4);
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

static Suite *layers_suite(void)
{
	Suite *suite = suite_create("replay layers");
	TCase *below = tcase_create("below BGP");
	TCase *prefixes = tcase_create("prefixes");
	TCase *drains = tcase_create("drains");

	tcase_add_checked_fixture(below, set_up, tear_down);
	tcase_add_test(below, test_neighbor_unresolved_is_why_a_session_is_down);
	tcase_add_test(below, test_neighbor_looks_no_more_after_a_reload);
	tcase_add_test(below, test_peers_own_word_is_a_better_reason);
	tcase_add_test(below, test_bfd_expected_and_absent);
	suite_add_tcase(suite, below);
	tcase_add_checked_fixture(prefixes, set_up, tear_down);
	tcase_add_test(prefixes, test_prefix_threshold_and_its_hysteresis);
	tcase_add_test(prefixes, test_prefix_limit_covers_the_threshold);
	tcase_add_test(prefixes, test_session_closed_for_its_prefixes);
	tcase_add_test(prefixes, test_prefixes_over_the_limit_then_closed);
	tcase_add_test(prefixes, test_expected_prefixes);
	suite_add_tcase(suite, prefixes);
	tcase_add_checked_fixture(drains, set_up, tear_down);
	tcase_add_test(drains, test_drained_leg);
	tcase_add_test(drains, test_drained_while_the_sister_is_down);
	tcase_add_test(drains, test_drain_is_held_while_nobody_can_tell);
	tcase_add_test(drains, test_restart_keeps_what_was_told);
	suite_add_tcase(suite, drains);
	return suite;
}

ERM_CHECK_MAIN(layers_suite)
