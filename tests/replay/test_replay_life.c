/* What time and repetition do: maintenance, intervals, reminders, heartbeats, degradation, flaps nobody told of. */
#include <string.h>

#include "../unit/check_main.h"
#include "lab.h"

#define DAY LAB_SEC(86400)

static struct lab lab;

static void set_up(void)
{
	lab_init(&lab);
}

static void tear_down(void)
{
	lab_done(&lab);
}

static void start(void)
{
	lab_start(&lab, NULL);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
}

static void start_one(usec_t poll)
{
	lab_poll_each(&lab, poll);
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	start();
}

START_TEST(test_maintenance)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->connections[0].maintenance = true;
	start();
	ck_assert(lab_circuit(&lab, "c1")->is_maintenance);
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_WARNING);
	/* Nobody works on the other leg: the outage is told in full. */
	lab_link(&lab, "er2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
	ck_assert_int_eq(lab_alarm(&lab, "redundancy-lost/c1")->severity, ERM_SEVERITY_MAJOR);
}
END_TEST

START_TEST(test_maintenance_of_the_other_leg)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->connections[0].maintenance = true;
	start();
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MAJOR);
}
END_TEST

/* Both legs are worked on: B is critical all the same. */
START_TEST(test_maintenance_mutes_no_outage)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->connections[0].maintenance = lab.config->connections[1].maintenance = true;
	start();
	lab_link(&lab, "er1", false);
	lab_link(&lab, "er2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
}
END_TEST

/* A pair's port is in maintenance when all that rides on it is; _i: is it all? */
START_TEST(test_maintenance_of_a_pair)
{
	(void)lab_add_pair(&lab, "pp", "p1", "p2");
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "p1", "p2");
	(void)lab_add_circuit(&lab, "c2", ERM_MODEL_DIRECT, "p1", "p2");
	lab.config->connections[0].maintenance = true;
	lab.config->connections[2].maintenance = _i;
	start();
	lab_link(&lab, "p1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/pair:pp");
	ck_assert_int_eq(lab_last_event(&lab)->severity,
			 _i ? ERM_SEVERITY_WARNING : ERM_SEVERITY_MAJOR);
	lab_link(&lab, "p2", false);
	lab_commit(&lab);
	lab_expect(&lab, "raise service-down/pair:pp");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_CRITICAL);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_maintenance_without_sessions)
{
	(void)lab_config_bare_circuit(lab.config, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->connections[1].maintenance = true;
	start();
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_WARNING);
}
END_TEST

static void both_legs(bool is_up)
{
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, is_up, ERM_CAUSE_PEER_CLOSED);
	lab_leg(&lab, "c1", ERM_ROLE_SECONDARY, is_up, ERM_CAUSE_PEER_CLOSED);
	lab_commit(&lab);
}

/* An outage each 20 s: at most one raise a minute, and the last state is told. */
START_TEST(test_min_interval)
{
	usec_t last = 0;
	uint32_t n = 0;
	bool is_open = false;

	start_one(LAB_SEC(1));
	for (int i = 0; i < 60; i++) {
		both_legs(false);
		lab_run(&lab, LAB_SEC(5));
		both_legs(true);
		lab_run(&lab, LAB_SEC(15));
	}
	both_legs(false);
	lab_run(&lab, LAB_SEC(70));
	for (uint32_t i = 0; i < lab.n_events; i++) {
		const struct erm_event *e = lab.events[i];

		if (strcmp(e->key, "service-down/c1") != 0)
			continue;
		is_open = e->kind == ERM_EVENT_RAISE;
		if (!is_open)
			continue;
		ck_assert(n == 0 || e->at.mono - last >= LAB_SEC(60));
		last = e->at.mono;
		n++;
	}
	ck_assert_uint_ge(n, 10); /* 20 minutes */
	ck_assert_uint_le(n, 22);
	ck_assert(is_open);
	ck_assert_uint_ge(lab_alarm(&lab, "service-down/c1")->suppressed, 30);
	ck_assert_uint_eq(lab.snapshot->counters.suppressed,
			  lab_alarm(&lab, "service-down/c1")->suppressed);
}
END_TEST

/* A raise that came too soon is told when the interval is over, though nobody polls, and not a moment later. */
START_TEST(test_too_soon)
{
	usec_t raised = 0;

	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab_poll_each(&lab, LAB_SEC(3600));
	start();
	both_legs(false);
	lab_expect(&lab, "raise service-down/c1");
	raised = lab.now.mono;
	lab_run(&lab, LAB_SEC(1));
	both_legs(true);
	lab_run(&lab, LAB_SEC(20));
	lab_expect(&lab, "clear service-down/c1");
	lab_expect_silence(&lab);
	both_legs(false);
	lab_run(&lab, LAB_SEC(30));
	lab_expect_silence(&lab);
	ck_assert_ptr_nonnull(lab_alarm(&lab, "service-down/c1"));
	lab_run(&lab, LAB_SEC(30));
	lab_expect(&lab, "raise service-down/c1");
	ck_assert_uint_eq(lab_last_event(&lab)->at.mono, raised + LAB_SEC(60));
	lab_expect_silence(&lab);
}
END_TEST

/* The interval holds across a restart. */
START_TEST(test_too_soon_after_a_restart)
{
	start_one(LAB_SEC(1));
	both_legs(false);
	lab_expect(&lab, "raise service-down/c1");
	lab_restart(&lab, NULL, NULL);
	both_legs(true);
	lab_run(&lab, LAB_SEC(15));
	lab_expect(&lab, "clear service-down/c1");
	both_legs(false);
	lab_run(&lab, LAB_SEC(30));
	lab_expect_silence(&lab);
	lab_run(&lab, LAB_SEC(30));
	lab_expect(&lab, "raise service-down/c1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_reminder)
{
	usec_t raised = 0;
	uint32_t id = 0;

	start_one(LAB_SEC(600));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	raised = lab_last_event(&lab)->at.mono;
	id = lab_last_event(&lab)->alarm_id;
	for (usec_t day = 1; day <= 3; day++) {
		lab_run(&lab, DAY);
		lab_expect(&lab, "reminder redundancy-lost/c1");
		ck_assert_uint_eq(lab_last_event(&lab)->at.mono, raised + day * DAY);
		ck_assert_uint_eq(lab_last_event(&lab)->alarm_id, id);
		lab_expect_silence(&lab);
	}
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_run(&lab, 2 * DAY);
	lab_expect_silence(&lab);
}
END_TEST

/* A reminder that is due while the clear hold runs must not hide the end of the hold. */
START_TEST(test_reminder_in_the_clear_hold)
{
	start_one(LAB_SEC(86400)); /* only deadlines wake the model */
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_run(&lab, DAY - LAB_SEC(33));
	lab_link(&lab, "er1", true);
	lab_run(&lab, LAB_SEC(61));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_reminder_off)
{
	lab.config->agent.reminder_usec = 0;
	start_one(LAB_SEC(600));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_run(&lab, 3 * DAY);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_heartbeat)
{
	lab.config->agent.heartbeat_usec = LAB_SEC(300);
	start_one(LAB_SEC(3600));
	for (int i = 0; i < 3; i++) {
		lab_run(&lab, LAB_SEC(300));
		lab_expect(&lab, "heartbeat heartbeat/agent:lab");
		ck_assert_uint_eq(lab_last_event(&lab)->sequence, 0);
		lab_expect_silence(&lab);
	}
	both_legs(false);
	lab_expect(&lab, "raise service-down/c1");
	lab_run(&lab, LAB_SEC(300));
	lab_expect(&lab, "heartbeat heartbeat/agent:lab");
	ck_assert_uint_eq(lab_last_event(&lab)->sequence, 1); /* the last one's */
	ck_assert_int_eq(lab_last_event(&lab)->state, ERM_STATE_DOWN);
	ck_assert_uint_eq(lab_last_event(&lab)->impacted, lab.snapshot->n_alarms);
	ck_assert_uint_eq(lab.snapshot->log->n, 1); /* heartbeats are not kept */
}
END_TEST

START_TEST(test_announce)
{
	start_one(LAB_SEC(1));
	erm_model_announce(lab.model);
	ck_assert(erm_model_is_dirty(lab.model));
	lab_commit(&lab);
	lab_expect(&lab, "agent-started agent-started/agent:lab");
	ck_assert_uint_eq(lab_last_event(&lab)->sequence, 1);
	lab_run(&lab, LAB_SEC(10));
	lab_expect_silence(&lab);
}
END_TEST

static void degrade(bool is_degraded)
{
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++)
		lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, f)->bfd =
			is_degraded ? ERM_BFD_NONE : ERM_BFD_UP;
}

/* The log is bounded: what leaves it is counted, and what is left has no gap. */
START_TEST(test_log_is_bounded)
{
	const struct erm_event_list *log;

	start_one(LAB_SEC(1));
	for (unsigned int i = 0; i < 600; i++) {
		erm_model_announce(lab.model);
		lab_commit(&lab);
		lab_expect(&lab, "agent-started agent-started/agent:lab");
	}
	log = lab.snapshot->log;
	ck_assert_uint_lt(log->n, 600);
	ck_assert_uint_eq(lab.snapshot->counters.events_dropped, 600 - log->n);
	for (uint32_t i = 0; i < log->n; i++)
		ck_assert_uint_eq(log->events[i]->sequence, 600 - log->n + 1 + i);
}
END_TEST

START_TEST(test_bfd_expected_and_absent)
{
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	lab.config->sessions[0].bfd_expected = lab.config->sessions[1].bfd_expected = true;
	lab_start(&lab, NULL);
	degrade(false);
	lab_tell_all(&lab);
	lab_run(&lab, LAB_SEC(5));
	lab_expect_silence(&lab);
	for (int turn = 0; turn < 2; turn++) {
		degrade(true);
		lab_run(&lab, LAB_SEC(29));
		lab_expect_silence(&lab);
		ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DEGRADED);
		ck_assert_uint_eq(lab_circuit(&lab, "c1")->verdict.usable, 2);
		lab_run(&lab, LAB_SEC(3));
		lab_expect(&lab, "raise degraded/c1");
		ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_BFD_ABSENT);
		ck_assert_int_eq(lab_last_event(&lab)->severity, ERM_SEVERITY_MINOR);
		degrade(false);
		lab_run(&lab, LAB_SEC(33));
		lab_expect(&lab, "clear degraded/c1");
		lab_run(&lab, LAB_SEC(60));
		lab_expect_silence(&lab);
	}
}
END_TEST

START_TEST(test_prefix_threshold)
{
	start_one(LAB_SEC(1));
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++)
		lab_find_session(&lab, "c1", ERM_ROLE_SECONDARY, f)->prefixes_advertised = 3199;
	lab_run(&lab, LAB_SEC(40));
	lab_expect_silence(&lab);
	/* 80 % of 4000, one family only. */
	lab_find_session(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV4)->prefixes_advertised =
		3200;
	lab_run(&lab, LAB_SEC(40));
	lab_expect(&lab, "raise prefix-threshold/c1:secondary:private-ipv4");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_PREFIX_THRESHOLD);
	ck_assert_int_eq(lab_last_event(&lab)->fault_domain, ERM_FAULT_CUSTOMER);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_DEGRADED);
	lab_expect_silence(&lab);
}
END_TEST

/* Degraded, then worse: one notification for the worse, and nothing when only the degradation is left. */
START_TEST(test_degraded_is_covered)
{
	start_one(LAB_SEC(1));
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->remote_as = 64512;
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV6)->remote_as = 64512;
	lab_run(&lab, LAB_SEC(10));
	lab_link(&lab, "er2", false);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "raise redundancy-lost/c1");
	lab_expect_silence(&lab);
	lab_link(&lab, "er2", true);
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect(&lab, "raise degraded/c1");
	lab_expect_silence(&lab);
}
END_TEST

/* The kernel's counter tells what no event did. */
START_TEST(test_missed_flaps)
{
	struct erm_obs_interface *er1 = NULL;

	start_one(LAB_SEC(1));
	er1 = lab_find_interface(&lab, "er1");
	er1->carrier_down_count += 2;
	er1->carrier_up_count += 2;
	lab_run(&lab, LAB_SEC(2));
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 2);
	ck_assert_uint_eq(lab.snapshot->counters.reconciled, 1);
	lab_expect_silence(&lab);
	er1->carrier_down_count += 3;
	lab_run(&lab, LAB_SEC(2));
	lab_expect(&lab, "raise flapping/port:er1");
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 5);
	ck_assert(lab_circuit(&lab, "c1")->is_flapping);
	ck_assert_int_eq(lab_circuit(&lab, "c1")->verdict.state, ERM_STATE_HEALTHY);
	lab_run(&lab, LAB_SEC(1900));
	lab_expect(&lab, "clear flapping/port:er1");
	lab_expect_silence(&lab);
	/* A fall of the counter is a restart of it, not four thousand million flaps. */
	er1->carrier_down_count = 0;
	lab_run(&lab, LAB_SEC(2));
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 5);
	ck_assert_uint_eq(lab.snapshot->counters.reconciled, 3);
}
END_TEST

START_TEST(test_missed_session_falls)
{
	start_one(LAB_SEC(1));
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->dropped_count += 3;
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->established_count += 3;
	lab_run(&lab, LAB_SEC(2));
	ck_assert_uint_eq(
		lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->transitions, 3);
	lab_expect(&lab, "raise flapping/c1:primary");
	/* It is degraded in the same snapshot that calls its connection flapping. */
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_DEGRADED);
	/* Two unseen and the one that is seen. */
	lab_find_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->dropped_count += 2;
	lab_session(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4, false, ERM_CAUSE_PEER_CLOSED);
	lab_commit(&lab);
	ck_assert_uint_eq(
		lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->transitions, 6);
}
END_TEST

/* A port dies, BGP notices when its hold time is over: one fall. */
START_TEST(test_late_notice_is_no_second_fall)
{
	start_one(LAB_SEC(1));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(180));
	lab_leg(&lab, "c1", ERM_ROLE_PRIMARY, false, ERM_CAUSE_HOLD_EXPIRED);
	lab_run(&lab, LAB_SEC(5));
	ck_assert_uint_eq(
		lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->transitions, 1);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_PRIMARY, ERM_FAMILY_IPV4)->cause,
			 ERM_CAUSE_NO_CARRIER);
}
END_TEST

START_TEST(test_interface_absent_and_recreated)
{
	struct erm_obs_interface was = { 0 };
	struct erm_obs_interface *er1 = NULL;

	start_one(LAB_SEC(1));
	er1 = lab_find_interface(&lab, "er1");
	er1->carrier_down_count = 40;
	was = *er1;
	lab_run(&lab, LAB_SEC(2));
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 40);
	lab_run(&lab, LAB_SEC(1900));
	lab_expect(&lab, "raise flapping/port:er1");
	lab_expect(&lab, "clear flapping/port:er1");
	*er1 = (struct erm_obs_interface){ .interface = was.interface };
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_INTERFACE_ABSENT);
	ck_assert(!lab.snapshot->ports[0].is_present);
	ck_assert_uint_eq(lab.snapshot->ports[0].ifindex, 0);
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 41);
	/* Another interface of that name: its counter begins anew and says nothing of ours. */
	*er1 = was;
	er1->is_new = true;
	er1->ifindex = 77;
	er1->carrier_down_count = 90;
	lab_run(&lab, LAB_SEC(1));
	er1->is_new = false;
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear redundancy-lost/c1");
	ck_assert_uint_eq(lab.snapshot->ports[0].ifindex, 77);
	ck_assert_uint_eq(lab.snapshot->ports[0].transitions, 41);
	lab_expect_silence(&lab);
}
END_TEST

START_TEST(test_session_not_configured)
{
	start_one(LAB_SEC(1));
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++)
		lab_find_session(&lab, "c1", ERM_ROLE_SECONDARY, f)->is_configured = false;
	lab_run(&lab, LAB_SEC(5));
	lab_expect(&lab, "raise redundancy-lost/c1");
	ck_assert_int_eq(lab_last_event(&lab)->cause, ERM_CAUSE_NOT_CONFIGURED);
	ck_assert_int_eq(lab_session_row(&lab, "c1", ERM_ROLE_SECONDARY, ERM_FAMILY_IPV4)->state,
			 ERM_MEMBER_NOT_CONFIGURED);
	ck_assert_ptr_null(lab_alarm(&lab, "session-down/c1:secondary:private-ipv4"));
	for (unsigned int f = ERM_FAMILY_IPV4; f < ERM_FAMILY_MAX; f++)
		lab_find_session(&lab, "c1", ERM_ROLE_SECONDARY, f)->is_configured = true;
	lab_run(&lab, LAB_SEC(100));
	lab_expect(&lab, "clear redundancy-lost/c1");
	lab_expect_silence(&lab);
}
END_TEST

/* Lost, not void: what it told holds until it is stale, and then somebody must wake up. */
START_TEST(test_stale_without_polls)
{
	usec_t good = 0;

	lab.config->agent.hold[ERM_ALARM_STATE_UNKNOWN].raise_usec = DAY;
	lab_poll_each(&lab, LAB_SEC(100));
	lab.config->sources[LAB_KERNEL].stale_after_usec = DAY;
	(void)lab_add_circuit(&lab, "c1", ERM_MODEL_DIRECT, "er1", "er2");
	start();
	lab_run(&lab, LAB_SEC(60)); /* past the grace of a start */
	good = lab.snapshot->sources[LAB_ROUTER].last_good.mono;
	lab_source_lost(&lab, LAB_ROUTER, ERM_REASON_TIMEOUT);
	lab_commit(&lab);
	ck_assert_uint_eq(erm_model_next_deadline(lab.model), good + LAB_SEC(300));
}
END_TEST

/* Whoever polls seldom learns all the same: what a hold or a decay brings comes at its time. */
START_TEST(test_flapping_ends_on_time)
{
	usec_t ended = 0;

	start_one(LAB_SEC(86400));
	lab_link(&lab, "er1", false);
	lab_run(&lab, LAB_SEC(3));
	lab_expect(&lab, "raise redundancy-lost/c1");
	for (int i = 0; i < 5; i++) {
		lab_link(&lab, "er1", true);
		lab_link(&lab, "er1", false);
	}
	lab_link(&lab, "er1", true);
	lab_commit(&lab);
	lab_expect(&lab, "raise flapping/port:er1");
	lab_run(&lab, LAB_SEC(2000));
	lab_expect(&lab, "clear flapping/port:er1");
	ended = lab.events[lab.n_expected - 1]->at.mono;
	lab_expect(&lab, "clear redundancy-lost/c1");
	ck_assert_uint_eq(lab_last_event(&lab)->at.mono, ended + LAB_SEC(60));
	lab_expect_silence(&lab);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("replay life");
	TCase *tc = tcase_create("life");

	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, test_maintenance);
	tcase_add_test(tc, test_maintenance_of_the_other_leg);
	tcase_add_test(tc, test_maintenance_mutes_no_outage);
	tcase_add_loop_test(tc, test_maintenance_of_a_pair, 0, 2);
	tcase_add_test(tc, test_maintenance_without_sessions);
	tcase_add_test(tc, test_min_interval);
	tcase_add_test(tc, test_too_soon);
	tcase_add_test(tc, test_too_soon_after_a_restart);
	tcase_add_test(tc, test_reminder);
	tcase_add_test(tc, test_reminder_in_the_clear_hold);
	tcase_add_test(tc, test_reminder_off);
	tcase_add_test(tc, test_heartbeat);
	tcase_add_test(tc, test_announce);
	tcase_add_test(tc, test_log_is_bounded);
	tcase_add_test(tc, test_bfd_expected_and_absent);
	tcase_add_test(tc, test_prefix_threshold);
	tcase_add_test(tc, test_degraded_is_covered);
	tcase_add_test(tc, test_missed_flaps);
	tcase_add_test(tc, test_missed_session_falls);
	tcase_add_test(tc, test_late_notice_is_no_second_fall);
	tcase_add_test(tc, test_interface_absent_and_recreated);
	tcase_add_test(tc, test_session_not_configured);
	tcase_add_test(tc, test_stale_without_polls);
	tcase_add_test(tc, test_flapping_ends_on_time);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
