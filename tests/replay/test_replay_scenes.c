/* The ten scenes that must come out right, in virtual time. */
#include <stdio.h>
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

static struct lab lab;

static void set_up(void)
{
	lab_init(&lab);
}

static void tear_down(void)
{
	lab_done(&lab);
}

/* One circuit on er1 and er2, all up for a while. */
static void start_one(enum erm_model_type model)
{
	(void)lab_add_circuit(&lab, "c1", model, "er1", "er2");
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_expect_silence(&lab);
}

static void start_pair(void)
{
	(void)lab_add_pair(&lab, "pp", "p1", "p2");
	for (int i = 1; i <= 8; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "c%d", i);
		(void)lab_add_circuit(&lab, name, ERM_MODEL_DIRECT, "p1", "p2");
	}
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
}

START_TEST(test_scene1_port_with_eight_circuits)
{
	start_pair();
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_MS(1900));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_MS(200));
	lab_expect(&lab, "raise redundancy-lost/pair:pp");
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 8);
	lab_run(&lab, LAB_SEC(30));
	lab_expect_silence(&lab);
	lab_link(&lab, "p2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/pair:pp");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 8);
	/* The sessions fall with it, some of them only when the hold time is over. */
	for (int i = 1; i <= 8; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "c%d", i);
		lab_leg(&lab, name, ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
		lab_leg(&lab, name, ERM_ROLE_SECONDARY, false, ERM_CAUSE_NONE);
	}
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab);
	lab_link(&lab, "p1", true);
	lab_link(&lab, "p2", true);
	for (int i = 1; i <= 8; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "c%d", i);
		lab_leg(&lab, name, ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
		lab_leg(&lab, name, ERM_ROLE_SECONDARY, true, ERM_CAUSE_NONE);
	}
	lab_run(&lab, LAB_SEC(120));
	lab_expect(&lab, "clear service-down/pair:pp");
	lab_expect(&lab, "clear redundancy-lost/pair:pp");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene1_both_within_a_second)
{
	start_pair();
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_MS(700));
	lab_link(&lab, "p2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/pair:pp");
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
	/* One port mended: in service again, and only now is the lost redundancy news. */
	lab_link(&lab, "p1", true);
	lab_run(&lab, LAB_SEC(20));
	lab_expect(&lab, "clear service-down/pair:pp");
	lab_expect(&lab, "raise redundancy-lost/pair:pp");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene2_second_link)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_MS(100));
	lab_expect_silence(&lab);
	lab_link(&lab, "er2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_NO_CARRIER);
	lab_run(&lab, LAB_SEC(60));
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_one_link_and_back)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_str_eq(lab_last_event(&lab)->interface, "er1");
	ck_assert_str_eq(lab_last_event(&lab)->connection, "primary");
	ck_assert_str_eq(lab_last_event(&lab)->text,
			 "Circuit c1 lost its redundancy, 1 of 2 connections left: primary no "
			 "carrier on er1. Likely owner: provider");
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(59));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(2));
	lab_expect(&lab, "clear redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CLEARED);
	lab_run(&lab, LAB_SEC(600));
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->n_alarms, 0);
}
END_TEST

START_TEST(test_scene3_flaps)
{
	start_one(ERM_MODEL_DIRECT);
	for (int i = 0; i < 20; i++) {
		lab_link(&lab, "er1", false);
		lab_run(&lab, LAB_MS(250));
		if (i == 10) {
			lab_link(&lab, "er2", false);
			lab_link(&lab, "er1", false);
			lab_commit(&lab);
			ck_assert_str_eq(lab_last_event(&lab)->key, "service-down/c1");
			ck_assert_int_eq(lab_last_event(&lab)->kind, ERM_EVENT_RAISE);
			lab_link(&lab, "er2", true);
		}
		lab_link(&lab, "er1", true);
		lab_run(&lab, LAB_MS(250));
	}
	lab_expect(&lab, "raise flapping/port:er1");
	lab_expect(&lab, "raise service-down/c1");
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(20));
	lab_expect(&lab, "clear service-down/c1");
	lab_run(&lab, LAB_SEC(1900));
	lab_expect(&lab, "clear flapping/port:er1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 20);
}
END_TEST

/* Its sessions fall together, if not at once: however many they are, that is one flap. */
START_TEST(test_sessions_that_fall_one_by_one_are_one_flap)
{
	start_one(ERM_MODEL_DIRECT);
	for (unsigned int i = 0; i < 2; i++) {
		lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, false,
			    ERM_CAUSE_PEER_CEASE);
		lab_run(&lab, LAB_MS(10));
		lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6, false,
			    ERM_CAUSE_PEER_CEASE);
		lab_run(&lab, LAB_SEC(3));
		lab_expect(&lab, "raise redundancy-lost/c1");
		lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
		lab_run(&lab, LAB_SEC(65));
		lab_expect(&lab, "clear redundancy-lost/c1");
		lab_expect_silence(&lab);
	}
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_UP);
}
END_TEST

/* While one is down for good, each fall of the other counts. */
START_TEST(test_session_that_flaps_beside_one_that_is_down)
{
	start_one(ERM_MODEL_DIRECT);
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6, false, ERM_CAUSE_PEER_CEASE);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1:private-ipv6");
	for (unsigned int i = 0; i < 4; i++) {
		lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, false,
			    ERM_CAUSE_PEER_CEASE);
		lab_run(&lab, LAB_MS(10));
		lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, true, ERM_CAUSE_NONE);
		lab_run(&lab, LAB_MS(10));
	}
	ck_assert_ptr_nonnull(lab_alarm(&lab, "flapping/c1:primary"));
}
END_TEST

START_TEST(test_scene3_a_raised_alarm_is_held)
{
	start_one(ERM_MODEL_DIRECT);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	for (int i = 0; i < 20; i++) {
		lab_link(&lab, "er1", true);
		lab_run(&lab, LAB_MS(250));
		lab_link(&lab, "er1", false);
		lab_run(&lab, LAB_MS(250));
	}
	lab_link(&lab, "er1", true);
	lab_expect(&lab, "raise flapping/port:er1");
	lab_run(&lab, LAB_SEC(300));
	lab_expect_silence(&lab); /* up for 5 minutes, and still not trusted */
	lab_run(&lab, LAB_SEC(1600));
	lab_expect(&lab, "clear flapping/port:er1");
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene4_never_built)
{
	lab_poll_each(&lab, LAB_SEC(60));
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_POINT_TO_POINT, "er1", "er2");
	lab_start(&lab, NULL);
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++) {
		struct erm_obs_session *s = lab_find_session(&lab, "c1", ERM_ROLE_SECONDARY, f);

		s->bgp = ERM_BGP_ACTIVE;
		s->established_count = 0;
	}
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(600));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(60));
	lab_expect(&lab, "raise not-redundant/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_WARNING);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV4)->cause,
			 ERM_CAUSE_NEVER_ESTABLISHED);
	lab_run(&lab, LAB_SEC(86400));
	lab_expect_silence(&lab);
	for (uint32_t i = 0; i < lab.snapshot->n_alarms; i++) {
		if (lab.snapshot->alarms[i].type == ERM_ALARM_NOT_REDUNDANT)
			ck_assert_int_eq(lab.snapshot->alarms[i].severity, ERM_SEVERITY_MINOR);
	}
}
END_TEST

START_TEST(test_scene5_own_router_killed)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_CLOSED);
	lab_commit(&lab);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.worst, ERM_STATE_DOWN);
	lab_run(&lab, LAB_SEC(20));
	lab_expect_silence(&lab);
	/* Back, and nothing established yet: no raise. */
	for (unsigned int role = ERM_ROLE_PRIMARY; role < ERM_ROLE_MAX; role++) {
		for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++) {
			struct erm_obs_session *s = lab_find_session(&lab, "c1", role, f);

			s->bgp = ERM_BGP_ACTIVE;
			s->established_count = s->dropped_count = 0;
		}
	}
	lab_source_back(&lab, LAB_ROUTER);
	lab_run(&lab, LAB_SEC(4));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, true, ERM_CAUSE_NONE);
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, true, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(120));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_routes_on_their_way)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab_start(&lab, NULL);
	for (uint32_t i = 0; i < lab.config->n_sessions; i++)
		lab.sessions[i].prefixes_received = 0;
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(2));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	lab_expect_silence(&lab);
	/* They do not come: that is an outage. */
	lab_run(&lab, LAB_SEC(30));
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_NO_PREFIXES);
}
END_TEST

START_TEST(test_scene5_router_stays_away)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_CLOSED);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "raise state-unknown/source:frr");
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, 1);
	lab_run(&lab, LAB_SEC(600));
	lab_expect_silence(&lab);
	/* What is certain is said all the same. */
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_link(&lab, "er2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	lab_source_back(&lab, LAB_ROUTER);
	lab_commit(&lab);
	lab_expect(&lab, "clear state-unknown/source:frr");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_a_hung_router_goes_stale)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_TIMEOUT);
	lab_commit(&lab);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_run(&lab, LAB_MS(3100));
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_UNKNOWN);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene6_silent_leg)
{
	start_one(ERM_MODEL_POINT_TO_POINT);
	lab_run(&lab, LAB_SEC(180));
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_HOLD_EXPIRED);
	/* The next attempts overwrite the router's reason; ours stays. */
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, false, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(10));
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV4)->cause,
			 ERM_CAUSE_HOLD_EXPIRED);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene6_with_bfd)
{
	start_one(ERM_MODEL_DIRECT);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_BFD_DOWN);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_BFD_DOWN);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6)->layer,
			 ERM_LAYER_BFD);
}
END_TEST

START_TEST(test_scene7_access_leg)
{
	start_one(ERM_MODEL_ANY_TO_ANY);
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_PEER_CLOSED);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_ptr_nonnull(strstr(lab_last_event(&lab)->text, "access leg"));
	ck_assert_ptr_null(strstr(lab_last_event(&lab)->text, "Microsoft"));
	ck_assert_int_eq(lab_last_event(&lab)->fault_domain, ERM_FAULT_PROVIDER);
}
END_TEST

START_TEST(test_scene8_admin_shut)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++)
		lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, f)->is_admin_shutdown = true;
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_NONE);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_LOCAL_SHUTDOWN);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_ADMIN_DOWN);
	ck_assert(lab_circuit(&lab, "c1")->is_admin_down);
	for (uint32_t i = 0; i < lab.snapshot->n_alarms; i++)
		ck_assert_int_ne(lab.snapshot->alarms[i].type, ERM_ALARM_SESSION_DOWN);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_scene9_sequence_is_gapless)
{
	uint32_t sequence = 0;

	lab_poll_each(&lab, LAB_SEC(60));
	start_pair();
	for (int i = 0; i < 50; i++) {
		lab_link(&lab, i % 2 ? "p1" : "p2", false);
		lab_run(&lab, LAB_SEC(100));
		lab_link(&lab, i % 2 ? "p1" : "p2", true);
		lab_run(&lab, LAB_SEC(3600));
	}
	ck_assert_uint_eq(lab.n_events, 100);
	for (uint32_t i = 0; i < lab.n_events; i++)
		ck_assert_uint_eq(lab.events[i]->sequence, ++sequence);
}
END_TEST

START_TEST(test_scene10_restart_in_an_outage)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect(&lab, "raise service-down/c1");
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(120));
	lab_expect_silence(&lab);
	lab_link(&lab, "er1", true);
	lab_link(&lab, "er2", true);
	lab_run(&lab, LAB_SEC(120));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
	ck_assert_uint_eq(lab_last_event(&lab)->sequence, 4);
}
END_TEST

START_TEST(test_scene10_loss_while_away)
{
	start_one(ERM_MODEL_CLOUD_EXCHANGE);
	lab.interfaces[0].has_carrier = lab.interfaces[0].is_oper_up = false;
	lab_restart(&lab, NULL, NULL);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("replay scenes");
	TCase *tc = tcase_create("scenes");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_scene1_port_with_eight_circuits);
	tcase_add_test(tc, test_scene1_both_within_a_second);
	tcase_add_test(tc, test_scene2_second_link);
	tcase_add_test(tc, test_one_link_and_back);
	tcase_add_test(tc, test_scene3_flaps);
	tcase_add_test(tc, test_sessions_that_fall_one_by_one_are_one_flap);
	tcase_add_test(tc, test_session_that_flaps_beside_one_that_is_down);
	tcase_add_test(tc, test_scene3_a_raised_alarm_is_held);
	tcase_add_test(tc, test_scene4_never_built);
	tcase_add_test(tc, test_scene5_own_router_killed);
	tcase_add_test(tc, test_scene5_router_stays_away);
	tcase_add_test(tc, test_routes_on_their_way);
	tcase_add_test(tc, test_a_hung_router_goes_stale);
	tcase_add_test(tc, test_scene6_silent_leg);
	tcase_add_test(tc, test_scene6_with_bfd);
	tcase_add_test(tc, test_scene7_access_leg);
	tcase_add_test(tc, test_scene8_admin_shut);
	tcase_add_test(tc, test_scene9_sequence_is_gapless);
	tcase_add_test(tc, test_scene10_restart_in_an_outage);
	tcase_add_test(tc, test_scene10_loss_while_away);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
