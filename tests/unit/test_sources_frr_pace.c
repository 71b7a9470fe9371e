/* When bgpd is asked, on a clock of the test's own. */
#include <check.h>

#include "check_main.h"
#include "sources/frr/pace.h"

#define MSEC ERM_USEC_PER_MSEC
#define SEC  ERM_USEC_PER_SEC
#define T0   (1000 * SEC)

static struct erm_frr_pace pace;

static void setup(void)
{
	pace = (struct erm_frr_pace){ 0 };
	erm_frr_pace_set(&pace, SEC, 3 * SEC);
	erm_frr_pace_stop(&pace);
}

/* Runs from `now` to `end`: each cycle costs and takes `cost`.  How many there were. */
static unsigned int run(usec_t now, usec_t end, usec_t cost)
{
	unsigned int n = 0;

	while (now < end) {
		if (erm_frr_pace_turn(&pace, now) == ERM_FRR_TURN_CYCLE) {
			n++;
			erm_frr_pace_spend(&pace, cost);
			erm_frr_pace_end(&pace, now, now + cost, cost, false);
			now += cost;
			continue;
		}
		ck_assert_uint_gt(erm_frr_pace_next(&pace), now);
		now = erm_frr_pace_next(&pace);
	}
	return n;
}

START_TEST(test_nothing_wanted)
{
	ck_assert_int_eq(erm_frr_pace_turn(&pace, T0), ERM_FRR_TURN_NONE);
	ck_assert(erm_frr_pace_next(&pace) == ERM_USEC_INFINITY);
}
END_TEST

START_TEST(test_polls)
{
	erm_frr_pace_want(&pace);
	ck_assert_uint_eq(run(T0, T0 + 10 * SEC, MSEC), 10);
}
END_TEST

/* 30 ms for a cycle are 1/128 of 3.8 s: so long the period, were it not for stale-after. */
START_TEST(test_period_is_stretched)
{
	erm_frr_pace_want(&pace);
	ck_assert_uint_eq(run(T0, T0 + 100 * SEC, 10 * MSEC), 79); /* 1.28 s */
	setup();
	erm_frr_pace_want(&pace);
	ck_assert_uint_eq(run(T0, T0 + 150 * SEC, 30 * MSEC), 100); /* 1.5 s */
	setup();
	erm_frr_pace_set(&pace, SEC, 60 * SEC);
	erm_frr_pace_want(&pace);
	ck_assert_uint_eq(run(T0, T0 + 384 * SEC, 30 * MSEC), 100); /* 3.84 s */
}
END_TEST

/* One slow answer is no slow router. */
START_TEST(test_one_slow_answer)
{
	erm_frr_pace_want(&pace);
	(void)run(T0, T0 + 10 * SEC, MSEC);
	(void)erm_frr_pace_turn(&pace, T0 + 10 * SEC);
	erm_frr_pace_end(&pace, T0 + 10 * SEC, T0 + 10 * SEC + 20 * MSEC, 20 * MSEC, false);
	ck_assert_uint_eq(erm_frr_pace_next(&pace), T0 + 11 * SEC);
}
END_TEST

/* Slower than its period: it rests as long as it worked. */
START_TEST(test_very_slow_router)
{
	erm_frr_pace_want(&pace);
	(void)erm_frr_pace_turn(&pace, T0);
	erm_frr_pace_end(&pace, T0, T0 + 2 * SEC, 2 * SEC, false);
	ck_assert_uint_eq(erm_frr_pace_next(&pace), T0 + 4 * SEC);
}
END_TEST

START_TEST(test_hint_is_due_at_once)
{
	erm_frr_pace_want(&pace);
	(void)run(T0, T0 + 100 * MSEC, MSEC);
	for (unsigned int i = 0; i < 2; i++) {
		usec_t now = T0 + (100 + i) * MSEC;

		erm_frr_pace_hint(&pace, now);
		ck_assert_int_eq(erm_frr_pace_turn(&pace, now), ERM_FRR_TURN_CYCLE);
		erm_frr_pace_end(&pace, now, now + 100, 100, false);
	}
}
END_TEST

/* 4, 12 and 52 ms after it, and the poll is where it was. */
START_TEST(test_hint_is_followed_up)
{
	static const usec_t wanted[] = { 0, 4 * MSEC, 12 * MSEC, 52 * MSEC };
	usec_t hinted = T0 + 100 * MSEC;

	erm_frr_pace_want(&pace);
	(void)run(T0, T0 + 1, MSEC);
	erm_frr_pace_hint(&pace, hinted);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		ck_assert_uint_eq(erm_frr_pace_next(&pace), hinted + wanted[i]);
		ck_assert_int_eq(erm_frr_pace_turn(&pace, hinted + wanted[i]), ERM_FRR_TURN_CYCLE);
		erm_frr_pace_end(&pace, hinted + wanted[i], hinted + wanted[i] + 100, 100, false);
	}
	ck_assert_uint_eq(erm_frr_pace_next(&pace), T0 + SEC);
}
END_TEST

/* Four hints a second of a slow router: what follows them does not eat up what they need. */
START_TEST(test_follow_ups_leave_room)
{
	usec_t now = T0;

	for (unsigned int i = 0; i < 40; i++) {
		usec_t hinted = T0 + (usec_t)i * 250 * MSEC;

		while (erm_frr_pace_next(&pace) < hinted) {
			now = erm_frr_pace_next(&pace);
			ck_assert_int_eq(erm_frr_pace_turn(&pace, now), ERM_FRR_TURN_CYCLE);
			erm_frr_pace_end(&pace, now, now + 5 * MSEC, 5 * MSEC, false);
			/* 5 ms are 100 for a token */
		}
		erm_frr_pace_hint(&pace, hinted);
		ck_assert_uint_eq(erm_frr_pace_next(&pace), hinted);
		ck_assert_int_eq(erm_frr_pace_turn(&pace, hinted), ERM_FRR_TURN_CYCLE);
		erm_frr_pace_end(&pace, hinted, hinted + 5 * MSEC, 5 * MSEC, false);
	}
}
END_TEST

START_TEST(test_change_is_followed_up)
{
	erm_frr_pace_want(&pace);
	ck_assert_int_eq(erm_frr_pace_turn(&pace, T0), ERM_FRR_TURN_CYCLE);
	erm_frr_pace_end(&pace, T0, T0 + MSEC, MSEC, true);
	ck_assert_uint_eq(erm_frr_pace_next(&pace), T0 + 9 * MSEC);
	ck_assert_uint_eq(run(T0 + MSEC, T0 + 900 * MSEC, MSEC), 2);
}
END_TEST

START_TEST(test_storm_of_hints)
{
	unsigned int n = 0;

	for (usec_t now = T0; now < T0 + 10 * SEC; now += MSEC) {
		erm_frr_pace_hint(&pace, now);
		if (erm_frr_pace_turn(&pace, now) != ERM_FRR_TURN_CYCLE)
			continue;
		n++;
		erm_frr_pace_end(&pace, now, now + 100, 100, false);
	}
	ck_assert_uint_ge(n, 200);
	ck_assert_uint_le(n, 200 + ERM_FRR_HINT_BURST);
}
END_TEST

/* Where an answer costs 15 ms, a storm costs bgpd 1/20 of its time and not a third. */
START_TEST(test_storm_of_hints_at_a_large_router)
{
	unsigned int n = 0;

	for (usec_t now = T0; now < T0 + 30 * SEC; now += MSEC) {
		erm_frr_pace_hint(&pace, now);
		if (erm_frr_pace_turn(&pace, now) != ERM_FRR_TURN_CYCLE)
			continue;
		n++;
		erm_frr_pace_end(&pace, now, now + 15 * MSEC, 15 * MSEC, false);
		now += 15 * MSEC;
	}
	ck_assert_uint_ge(n, 100);
	ck_assert_uint_le(n, 110 + ERM_FRR_HINT_BURST);
}
END_TEST

START_TEST(test_hint_while_busy_is_due_after)
{
	erm_frr_pace_want(&pace);
	(void)erm_frr_pace_turn(&pace, T0);
	erm_frr_pace_hint(&pace, T0 + 100);
	erm_frr_pace_end(&pace, T0, T0 + MSEC, MSEC, false);
	ck_assert_int_eq(erm_frr_pace_turn(&pace, T0 + MSEC), ERM_FRR_TURN_CYCLE);
}
END_TEST

/* What can wait gets what polls leave of 1/512; one in any case. */
START_TEST(test_spare)
{
	unsigned int n = 0;

	erm_frr_pace_want(&pace);
	(void)erm_frr_pace_turn(&pace, T0);
	erm_frr_pace_spend(&pace, MSEC / 2);
	erm_frr_pace_end(&pace, T0, T0 + MSEC / 2, MSEC / 2, false);
	while (erm_frr_pace_turn(&pace, T0 + 3 * MSEC) == ERM_FRR_TURN_SPARE) {
		erm_frr_pace_spend(&pace, 100);
		n++;
	}
	ck_assert_uint_eq(n, 15); /* 1.45 of 1.95 ms */

	(void)erm_frr_pace_turn(&pace, T0 + SEC);
	erm_frr_pace_spend(&pace, 20 * MSEC);
	erm_frr_pace_end(&pace, T0 + SEC, T0 + SEC + 20 * MSEC, 20 * MSEC, false);
	ck_assert_int_eq(erm_frr_pace_turn(&pace, T0 + SEC + 21 * MSEC), ERM_FRR_TURN_SPARE);
	ck_assert_int_eq(erm_frr_pace_turn(&pace, T0 + SEC + 22 * MSEC), ERM_FRR_TURN_NONE);
}
END_TEST

static Suite *frr_pace_suite(void)
{
	Suite *suite = suite_create("sources/frr_pace");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, setup, NULL);
	tcase_add_test(all, test_nothing_wanted);
	tcase_add_test(all, test_polls);
	tcase_add_test(all, test_period_is_stretched);
	tcase_add_test(all, test_one_slow_answer);
	tcase_add_test(all, test_very_slow_router);
	tcase_add_test(all, test_hint_is_due_at_once);
	tcase_add_test(all, test_hint_is_followed_up);
	tcase_add_test(all, test_follow_ups_leave_room);
	tcase_add_test(all, test_change_is_followed_up);
	tcase_add_test(all, test_storm_of_hints);
	tcase_add_test(all, test_storm_of_hints_at_a_large_router);
	tcase_add_test(all, test_hint_while_busy_is_due_after);
	tcase_add_test(all, test_spare);
	suite_add_tcase(suite, all);
	return suite;
}

ERM_CHECK_MAIN(frr_pace_suite)
