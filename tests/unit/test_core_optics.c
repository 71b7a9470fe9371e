/* Light against figures worked out by hand: -10 dBm is too low, 0 too high, 0.1 dB a day is a fall. */
#include <stdio.h>
#include <string.h>

#include "check_main.h"
#include "core/optics.h"

#define HOUR (3600 * ERM_USEC_PER_SEC)
#define DAY  (24 * HOUR)
#define LOW  (-1000)
#define HIGH 0
#define DAYS 7

static struct erm_light light;
static struct erm_obs_optics optics;
static usec_t now;

static void set_up(void)
{
	const struct erm_optics_limits none = { ERM_NO_POWER, ERM_NO_POWER, ERM_NO_POWER,
						ERM_NO_POWER };

	light = (struct erm_light){ 0 };
	optics = (struct erm_obs_optics){
		.is_known = true,
		.has_light = true,
		.n_lanes = 1,
		.rx = none,
		.tx = none,
		.lanes[0] = { .rx_cdbm = -500, .tx_cdbm = -200 },
		.module_text = "ACME LR",
	};
	now = 1000 * DAY;
}

static bool is_out(void)
{
	return erm_light_is_out(&light, &optics, LOW, HIGH, DAYS);
}

static bool is_out_at(int16_t rx_cdbm)
{
	optics.lanes[0].rx_cdbm = rx_cdbm;
	return is_out();
}

/* A reading each quarter of an hour, from here on, on a straight line. */
static void pass_hours(uint32_t hours, double from_cdbm, double slope_a_day)
{
	for (uint32_t i = 0; i < hours * 4; i++) {
		optics.lanes[0].rx_cdbm = (int16_t)(from_cdbm + slope_a_day * i / (4.0 * 24));
		erm_light_note(&light, &optics, now);
		now += HOUR / 4;
	}
	/* The hour is over when the next begins. */
	erm_light_note(&light, &optics, now);
}

START_TEST(test_within)
{
	ck_assert(!is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_FINE);
	ck_assert(!is_out_at(LOW));
	ck_assert(!is_out_at(HIGH));
}
END_TEST

START_TEST(test_low_and_back_by_one_decibel)
{
	ck_assert(is_out_at(-1001));
	ck_assert_int_eq(light.reason, ERM_LIGHT_LOW);
	ck_assert(is_out_at(-1000));
	ck_assert(is_out_at(-901));
	ck_assert(!is_out_at(-900));
	ck_assert(!is_out_at(-1000));
}
END_TEST

START_TEST(test_high_and_back_by_one_decibel)
{
	ck_assert(is_out_at(1));
	ck_assert_int_eq(light.reason, ERM_LIGHT_HIGH);
	ck_assert(is_out_at(-99));
	ck_assert(!is_out_at(-100));
}
END_TEST

START_TEST(test_no_limits_no_judgement)
{
	optics.lanes[0].rx_cdbm = ERM_DARK_CDBM;
	ck_assert(!erm_light_is_out(&light, &optics, ERM_NO_POWER, ERM_NO_POWER, DAYS));
	optics.lanes[0].rx_cdbm = 816;
	ck_assert(!erm_light_is_out(&light, &optics, ERM_NO_POWER, ERM_NO_POWER, DAYS));
}
END_TEST

START_TEST(test_one_limit_alone)
{
	optics.lanes[0].rx_cdbm = 816;
	ck_assert(!erm_light_is_out(&light, &optics, LOW, ERM_NO_POWER, DAYS));
	optics.lanes[0].rx_cdbm = -1001;
	ck_assert(erm_light_is_out(&light, &optics, LOW, ERM_NO_POWER, DAYS));
	optics.lanes[0].rx_cdbm = -900;
	ck_assert(!erm_light_is_out(&light, &optics, LOW, ERM_NO_POWER, DAYS));
}
END_TEST

START_TEST(test_the_modules_warning_counts)
{
	optics.rx = (struct erm_optics_limits){ -1400, -1300, 50, 150 };
	optics.lanes[0].rx_cdbm = -1301;
	ck_assert(erm_light_is_out(&light, &optics, ERM_NO_POWER, ERM_NO_POWER, DAYS));
	optics.lanes[0].rx_cdbm = 51;
	light = (struct erm_light){ 0 };
	ck_assert(erm_light_is_out(&light, &optics, ERM_NO_POWER, ERM_NO_POWER, DAYS));
	light = (struct erm_light){ 0 };
	/* The narrower of the two holds. */
	ck_assert(is_out_at(-1001));
	light = (struct erm_light){ 0 };
	optics.rx.low_warning = -800;
	ck_assert(is_out_at(-801));
}
END_TEST

START_TEST(test_the_modules_alarm_where_it_has_no_warning)
{
	optics.rx.low_alarm = -700;
	ck_assert(!is_out_at(-700));
	ck_assert(is_out_at(-701));
}
END_TEST

START_TEST(test_thresholds_upside_down_do_not_count)
{
	optics.rx = (struct erm_optics_limits){ 100, 100, -2000, -2000 };
	ck_assert(!is_out());
}
END_TEST

START_TEST(test_a_narrow_range_can_be_left_and_entered)
{
	optics.lanes[0].rx_cdbm = -451;
	ck_assert(erm_light_is_out(&light, &optics, -450, -350, DAYS));
	optics.lanes[0].rx_cdbm = -426;
	ck_assert(erm_light_is_out(&light, &optics, -450, -350, DAYS));
	optics.lanes[0].rx_cdbm = -425;
	ck_assert(!erm_light_is_out(&light, &optics, -450, -350, DAYS));
}
END_TEST

START_TEST(test_lost_signal)
{
	optics.lanes[0].is_los = true;
	ck_assert(is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_LOST);
	optics.lanes[0].is_los = false;
	ck_assert(!is_out());
}
END_TEST

START_TEST(test_any_lane_and_the_gravest)
{
	optics.n_lanes = 4;
	for (uint32_t i = 0; i < 4; i++)
		optics.lanes[i].rx_cdbm = -500;
	ck_assert(!is_out());
	optics.lanes[1].rx_cdbm = 100;
	ck_assert(is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_HIGH);
	ck_assert_uint_eq(light.lane, 1);
	optics.lanes[2].rx_cdbm = -2000;
	ck_assert(is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_LOW);
	ck_assert_uint_eq(light.lane, 2);
	optics.lanes[3].is_los = true;
	ck_assert(is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_LOST);
	ck_assert_uint_eq(light.lane, 3);
}
END_TEST

START_TEST(test_a_lane_not_told_is_fine)
{
	optics.n_lanes = 2;
	optics.lanes[1] = (struct erm_optics_lane){ ERM_NO_POWER, ERM_NO_POWER, 0, false };
	ck_assert(!is_out());
	/* A number of lanes no module has must not lead out of the array. */
	for (uint32_t i = 1; i < ERM_OPTICS_LANES_MAX; i++)
		optics.lanes[i] = optics.lanes[0];
	optics.n_lanes = UINT32_MAX;
	ck_assert(!is_out());
	erm_light_note(&light, &optics, now);
}
END_TEST

START_TEST(test_unknown_changes_nothing)
{
	ck_assert(is_out_at(-1100));
	optics.is_known = false;
	ck_assert(is_out_at(-500));
	ck_assert_int_eq(light.reason, ERM_LIGHT_LOW);
	optics.is_known = true;
	ck_assert(!is_out());
	optics.is_known = false;
	ck_assert(!is_out_at(-1100));
}
END_TEST

START_TEST(test_no_module_is_not_out)
{
	ck_assert(is_out_at(-1100));
	optics.has_light = false;
	ck_assert(!is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_FINE);
}
END_TEST

START_TEST(test_slope_needs_a_day)
{
	pass_hours(23, -500, -24);
	ck_assert_int_eq(erm_light_slope(&light), 0);
	pass_hours(1, -523, -24);
	ck_assert_int_ge(erm_light_slope(&light), -25);
	ck_assert_int_le(erm_light_slope(&light), -23);
}
END_TEST

START_TEST(test_slope_of_a_week)
{
	pass_hours(ERM_LIGHT_HOURS + 50, -400, 15);
	ck_assert_int_ge(erm_light_slope(&light), 14);
	ck_assert_int_le(erm_light_slope(&light), 16);
	ck_assert_uint_eq(light.n_hours, ERM_LIGHT_HOURS);
}
END_TEST

/* -500 falling 0.6 dB a day is at -1000 after 8.3 days. */
START_TEST(test_falling)
{
	pass_hours(24, -500, -60);
	/* 4.4 dB left, 7.4 days */
	ck_assert(!is_out());
	pass_hours(24, -560, -60);
	/* 3.8 dB left, 6.4 days */
	ck_assert(is_out());
	ck_assert_int_eq(light.reason, ERM_LIGHT_FALLING);
	/* Not asked, not told. */
	ck_assert(!erm_light_is_out(&light, &optics, LOW, HIGH, 0));
	ck_assert(!erm_light_is_out(&light, &optics, ERM_NO_POWER, HIGH, DAYS));
	/* The module's own low limit serves as well. */
	optics.rx.low_warning = LOW;
	ck_assert(erm_light_is_out(&light, &optics, ERM_NO_POWER, ERM_NO_POWER, DAYS));
}
END_TEST

START_TEST(test_falling_ends_when_it_holds)
{
	pass_hours(48, -500, -60);
	ck_assert(is_out());
	pass_hours(ERM_LIGHT_HOURS, -620, 0);
	ck_assert_int_eq(erm_light_slope(&light), 0);
	ck_assert(!is_out());
}
END_TEST

/* A fall that is out is in again when half of it is left. */
START_TEST(test_fall_has_hysteresis)
{
	int32_t fall = 60;
	bool was_between = false;

	pass_hours(48, -810, -30);
	ck_assert(is_out());
	for (int hour = 0; fall > 30; hour++) {
		ck_assert_int_lt(hour, 150);
		pass_hours(1, -870, 0); /* more than 1 dB inside */
		fall = -erm_light_slope(&light) * (int32_t)light.n_hours / 24;
		ck_assert(fall <= 30 || is_out());
		was_between = was_between || (fall > 30 && fall < 45);
	}
	ck_assert(was_between);
}
END_TEST

START_TEST(test_no_days_no_trend)
{
	pass_hours(48, -900, -60);
	optics.lanes[0].rx_cdbm = -950;
	ck_assert(!erm_light_is_out(&light, &optics, LOW, HIGH, 0));
	ck_assert(erm_light_is_out(&light, &optics, LOW, HIGH, 1));
}
END_TEST

/* By day 0.4 dB less than by night, close to the limit: no fall. */
START_TEST(test_the_sun_is_no_trend)
{
	static const int16_t begin[] = { -950, -930, -950, -970 };
	static const double slope[] = { 80, -80, -80, 80 };

	for (int day = 0; day < 10; day++) {
		for (int quarter = 0; quarter < 4; quarter++) {
			pass_hours(6, begin[quarter], slope[quarter]);
			ck_assert_msg(!is_out(), "day %d, quarter %d", day, quarter);
		}
	}
}
END_TEST

START_TEST(test_another_module_begins_anew)
{
	pass_hours(48, -500, -60);
	ck_assert(is_out());
	(void)snprintf(optics.module_text, sizeof(optics.module_text), "OTHER LR");
	erm_light_note(&light, &optics, now);
	ck_assert(!is_out());
	ck_assert_int_eq(erm_light_slope(&light), 0);
}
END_TEST

START_TEST(test_no_module_begins_anew)
{
	pass_hours(48, -500, -60);
	ck_assert(is_out());
	optics.has_light = false;
	erm_light_note(&light, &optics, now);
	optics.has_light = true;
	erm_light_note(&light, &optics, now);
	ck_assert(!is_out());
}
END_TEST

START_TEST(test_a_step_begins_anew)
{
	pass_hours(40, -400, 0);
	pass_hours(30, -700, 0);
	/* The hour in which it happened counts: not quite 0, as the 2.4 dB a day without it. */
	ck_assert_int_ge(erm_light_slope(&light), -20);
	ck_assert(!is_out());
	pass_hours(30, -300, 0);
	ck_assert_int_le(erm_light_slope(&light), 20);
	/* One of 2 dB is taken for a fall. */
	light = (struct erm_light){ 0 };
	pass_hours(40, -400, 0);
	pass_hours(30, -600, 0);
	ck_assert_int_lt(erm_light_slope(&light), -50);
}
END_TEST

START_TEST(test_darkness_is_no_part_of_it)
{
	pass_hours(30, -500, 0);
	for (int i = 0; i < 10; i++) {
		now += HOUR;
		optics.lanes[0].rx_cdbm = ERM_DARK_CDBM;
		erm_light_note(&light, &optics, now);
		optics.lanes[0] = (struct erm_optics_lane){ -900, -200, 0, true };
		erm_light_note(&light, &optics, now);
		optics.lanes[0].is_los = false;
		optics.is_known = false;
		erm_light_note(&light, &optics, now);
		optics.is_known = true;
	}
	ck_assert_uint_le(light.n_hours, 31);
	ck_assert_int_eq(erm_light_slope(&light), 0);
	pass_hours(30, -500, 0);
	ck_assert_int_eq(erm_light_slope(&light), 0);
	ck_assert_uint_ge(light.n_hours, 60);
}
END_TEST

/* Hours nobody looked at are gaps, not neighbours; what is older than a week is no part. */
START_TEST(test_gaps)
{
	for (int i = 0; i < 30; i++) {
		pass_hours(1, -500 - 5 * i, 0);
		now += 3 * HOUR;
	}
	/* 0.05 dB each 4 hours */
	ck_assert_int_ge(erm_light_slope(&light), -31);
	ck_assert_int_le(erm_light_slope(&light), -29);
	now += 8 * DAY;
	pass_hours(10, -600, 0);
	ck_assert_int_eq(erm_light_slope(&light), 0);
}
END_TEST

START_TEST(test_reasons_have_words)
{
	ck_assert_str_eq(erm_light_reason_text(ERM_LIGHT_FINE), "");
	ck_assert_str_eq(erm_light_reason_text(ERM_LIGHT_LOST), "no signal");
	ck_assert_str_eq(erm_light_reason_text(ERM_LIGHT_LOW), "low");
	ck_assert_str_eq(erm_light_reason_text(ERM_LIGHT_HIGH), "high");
	ck_assert_str_eq(erm_light_reason_text(ERM_LIGHT_FALLING), "falling");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/optics");
	TCase *t = tcase_create("light");

	tcase_add_checked_fixture(t, set_up, NULL);
	tcase_add_test(t, test_within);
	tcase_add_test(t, test_low_and_back_by_one_decibel);
	tcase_add_test(t, test_high_and_back_by_one_decibel);
	tcase_add_test(t, test_no_limits_no_judgement);
	tcase_add_test(t, test_one_limit_alone);
	tcase_add_test(t, test_the_modules_warning_counts);
	tcase_add_test(t, test_the_modules_alarm_where_it_has_no_warning);
	tcase_add_test(t, test_thresholds_upside_down_do_not_count);
	tcase_add_test(t, test_a_narrow_range_can_be_left_and_entered);
	tcase_add_test(t, test_lost_signal);
	tcase_add_test(t, test_any_lane_and_the_gravest);
	tcase_add_test(t, test_a_lane_not_told_is_fine);
	tcase_add_test(t, test_unknown_changes_nothing);
	tcase_add_test(t, test_no_module_is_not_out);
	tcase_add_test(t, test_slope_needs_a_day);
	tcase_add_test(t, test_slope_of_a_week);
	tcase_add_test(t, test_falling);
	tcase_add_test(t, test_falling_ends_when_it_holds);
	tcase_add_test(t, test_fall_has_hysteresis);
	tcase_add_test(t, test_no_days_no_trend);
	tcase_add_test(t, test_the_sun_is_no_trend);
	tcase_add_test(t, test_another_module_begins_anew);
	tcase_add_test(t, test_no_module_begins_anew);
	tcase_add_test(t, test_a_step_begins_anew);
	tcase_add_test(t, test_darkness_is_no_part_of_it);
	tcase_add_test(t, test_gaps);
	tcase_add_test(t, test_reasons_have_words);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
