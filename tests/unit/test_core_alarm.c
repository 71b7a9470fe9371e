/* The hold machine, its second turn included: a one-shot timer passes every first-turn test. */
#include "check_main.h"
#include "core/alarm.h"

#define SEC ERM_USEC_PER_SEC

static const struct erm_hold hold = { .raise_usec = 2 * SEC, .clear_usec = 10 * SEC };
static struct erm_alarm alarm_;
static usec_t now;

static void set_up(void)
{
	alarm_ = (struct erm_alarm){ .type = ERM_ALARM_REDUNDANCY_LOST };
	now = 1000 * SEC;
}

static void expect(enum erm_truth truth, enum erm_alarm_change change, enum erm_alarm_phase phase)
{
	ck_assert_int_eq(erm_alarm_step(&alarm_, truth, &hold, false, now), change);
	ck_assert_int_eq(alarm_.phase, phase);
	ck_assert_int_eq(alarm_.truth, truth);
}

static void expect_deadline(usec_t deadline)
{
	ck_assert_uint_eq(erm_alarm_deadline(&alarm_, &hold), deadline);
}

/* To the deadline, at which this must happen, and not a microsecond before. */
static void run_hold(enum erm_truth truth, enum erm_alarm_change change,
		     enum erm_alarm_phase before, enum erm_alarm_phase after)
{
	usec_t deadline = erm_alarm_deadline(&alarm_, &hold);

	ck_assert_uint_ne(deadline, ERM_USEC_INFINITY);
	now = deadline - 1;
	expect(truth, ERM_ALARM_UNCHANGED, before);
	expect_deadline(deadline);
	now = deadline;
	expect(truth, change, after);
	expect_deadline(ERM_USEC_INFINITY);
}

START_TEST(test_two_turns)
{
	expect_deadline(ERM_USEC_INFINITY);
	for (int turn = 0; turn < 2; turn++) {
		expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
		expect_deadline(now + hold.raise_usec);
		run_hold(ERM_TRUE, ERM_ALARM_RAISED, ERM_PHASE_RAISING, ERM_PHASE_ACTIVE);
		expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_ACTIVE);
		now += 3600 * SEC;
		expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
		expect_deadline(now + hold.clear_usec);
		run_hold(ERM_FALSE, ERM_ALARM_CLEARED, ERM_PHASE_CLEARING, ERM_PHASE_IDLE);
		expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_IDLE);
		now += 1;
	}
}
END_TEST

START_TEST(test_no_hold)
{
	static const struct erm_hold none = { 0, 0 };

	for (int turn = 0; turn < 2; turn++) {
		ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_TRUE, &none, false, now),
				 ERM_ALARM_RAISED);
		ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_TRUE, &none, true, now),
				 ERM_ALARM_UNCHANGED);
		ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_FALSE, &none, false, now),
				 ERM_ALARM_CLEARED);
		ck_assert_int_eq(alarm_.phase, ERM_PHASE_IDLE);
	}
}
END_TEST

START_TEST(test_a_short_loss_is_no_alarm)
{
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	now += hold.raise_usec - 1;
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_IDLE);
	expect_deadline(ERM_USEC_INFINITY);
	/* The next loss waits for its own hold, not for what was left of the first. */
	now += 1;
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	expect_deadline(now + hold.raise_usec);
	run_hold(ERM_TRUE, ERM_ALARM_RAISED, ERM_PHASE_RAISING, ERM_PHASE_ACTIVE);
}
END_TEST

START_TEST(test_a_short_mend_is_no_clear)
{
	alarm_.phase = ERM_PHASE_ACTIVE;
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
	now += hold.clear_usec - 1;
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_ACTIVE);
	expect_deadline(ERM_USEC_INFINITY);
	now += 1;
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
	expect_deadline(now + hold.clear_usec);
	run_hold(ERM_FALSE, ERM_ALARM_CLEARED, ERM_PHASE_CLEARING, ERM_PHASE_IDLE);
}
END_TEST

START_TEST(test_unknown_proves_nothing)
{
	expect(ERM_TRUTH_UNKNOWN, ERM_ALARM_UNCHANGED, ERM_PHASE_IDLE);
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	now += SEC;
	expect(ERM_TRUTH_UNKNOWN, ERM_ALARM_UNCHANGED, ERM_PHASE_IDLE);
	now += SEC;
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	now += hold.raise_usec;
	expect(ERM_TRUE, ERM_ALARM_RAISED, ERM_PHASE_ACTIVE);
	now += 3600 * SEC;
	expect(ERM_TRUTH_UNKNOWN, ERM_ALARM_UNCHANGED, ERM_PHASE_ACTIVE);
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
	now += hold.clear_usec;
	expect(ERM_TRUTH_UNKNOWN, ERM_ALARM_UNCHANGED, ERM_PHASE_ACTIVE);
	expect_deadline(ERM_USEC_INFINITY);
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
	run_hold(ERM_FALSE, ERM_ALARM_CLEARED, ERM_PHASE_CLEARING, ERM_PHASE_IDLE);
}
END_TEST

static void expect_held(bool is_held, enum erm_alarm_change change, enum erm_alarm_phase phase)
{
	ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_FALSE, &hold, is_held, now), change);
	ck_assert_int_eq(alarm_.phase, phase);
}

/* _i: how often somebody looks meanwhile; what comes of it must not depend on that. */
START_TEST(test_held)
{
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	now += hold.raise_usec;
	/* Damping never delays a raise. */
	ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_TRUE, &hold, true, now), ERM_ALARM_RAISED);
	for (int turn = 0; turn < 2; turn++) {
		expect_held(true, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
		expect_deadline(ERM_USEC_INFINITY);
		for (int look = 0; look < _i; look++) {
			now += 100 * SEC / (usec_t)_i;
			expect_held(true, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
		}
		now += 100 * SEC;
		expect_held(false, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
		expect_deadline(now + hold.clear_usec);
		now += hold.clear_usec - 1;
		expect_held(false, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
		if (turn == 0)
			continue; /* flapping again, a moment before the end */
		now += 1;
		expect_held(false, ERM_ALARM_CLEARED, ERM_PHASE_IDLE);
	}
	/* The damping of the last alarm is forgotten with it. */
	expect(ERM_TRUE, ERM_ALARM_UNCHANGED, ERM_PHASE_RAISING);
	now += hold.raise_usec;
	expect(ERM_TRUE, ERM_ALARM_RAISED, ERM_PHASE_ACTIVE);
	expect(ERM_FALSE, ERM_ALARM_UNCHANGED, ERM_PHASE_CLEARING);
	run_hold(ERM_FALSE, ERM_ALARM_CLEARED, ERM_PHASE_CLEARING, ERM_PHASE_IDLE);
}
END_TEST

START_TEST(test_holds_that_never_end)
{
	static const struct erm_hold never = { ERM_USEC_INFINITY, ERM_USEC_INFINITY };

	ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_TRUE, &never, false, now),
			 ERM_ALARM_UNCHANGED);
	ck_assert_uint_eq(erm_alarm_deadline(&alarm_, &never), ERM_USEC_INFINITY);
	now += (usec_t)86400 * 36500 * SEC;
	ck_assert_int_eq(erm_alarm_step(&alarm_, ERM_TRUE, &never, false, now),
			 ERM_ALARM_UNCHANGED);
	ck_assert_int_eq(alarm_.phase, ERM_PHASE_RAISING);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/alarm");
	TCase *t = tcase_create("alarm");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, test_two_turns);
	tcase_add_test(t, test_no_hold);
	tcase_add_test(t, test_a_short_loss_is_no_alarm);
	tcase_add_test(t, test_a_short_mend_is_no_clear);
	tcase_add_test(t, test_unknown_proves_nothing);
	tcase_add_loop_test(t, test_held, 0, 5);
	tcase_add_test(t, test_holds_that_never_end);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
