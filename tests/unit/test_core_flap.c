/* Flap damping against figures worked out by hand: 1000 a flap, half of it gone each 300 s. */
#include <math.h>

#include "check_main.h"
#include "core/flap.h"

#define SEC ERM_USEC_PER_SEC

static struct erm_config *config;
static const struct erm_agent_config *agent;
static struct erm_flap flap;
static usec_t now;

static void set_up(void)
{
	config = erm_config_new();
	ck_assert_ptr_nonnull(config);
	agent = &config->agent;
	flap = (struct erm_flap){ 0 };
	now = 5000 * SEC;
}

static void tear_down(void)
{
	config = erm_config_unref(config);
}

START_TEST(test_three_flaps_at_once)
{
	for (int i = 0; i < 3; i++) {
		ck_assert(!flap.is_flapping);
		ck_assert_uint_eq(erm_flap_deadline(&flap, agent), ERM_USEC_INFINITY);
		erm_flap_note(&flap, agent, 1, now);
	}
	ck_assert(flap.is_flapping);
	ck_assert_double_eq_tol(flap.penalty, 3000, 0.001);
}
END_TEST

START_TEST(test_three_flaps_too_far_apart)
{
	/* 1000, 1500, 1750, ...: the sum of a half each never reaches 2000. */
	for (int i = 0; i < 100; i++) {
		erm_flap_note(&flap, agent, 1, now);
		ck_assert(!flap.is_flapping);
		now += 300 * SEC;
	}
	erm_flap_decay(&flap, agent, now);
	ck_assert_double_lt(flap.penalty, 1000.001);
}
END_TEST

START_TEST(test_half_life)
{
	erm_flap_note(&flap, agent, 2, now);
	erm_flap_decay(&flap, agent, now + 300 * SEC);
	ck_assert_double_eq_tol(flap.penalty, 1000, 0.001);
	erm_flap_decay(&flap, agent, now + 900 * SEC);
	ck_assert_double_eq_tol(flap.penalty, 250, 0.001);
	erm_flap_decay(&flap, agent, now + 86400 * SEC);
	ck_assert_double_eq(flap.penalty, 0);
}
END_TEST

/* The decay is the same, in one look or in thousands. */
START_TEST(test_looking_changes_nothing)
{
	struct erm_flap other = { 0 };

	erm_flap_note(&flap, agent, 5, now);
	erm_flap_note(&other, agent, 5, now);
	for (int i = 1; i <= 20000; i++)
		erm_flap_decay(&other, agent, now + (usec_t)i * SEC / 40);
	erm_flap_decay(&flap, agent, now + 500 * SEC);
	ck_assert_double_eq_tol(flap.penalty, other.penalty, 0.001);
	ck_assert_double_eq_tol(flap.penalty, 5000 * exp2(-500.0 / 300.0), 0.001);
}
END_TEST

/* The deadline is when it ends, for the first and the second time. */
START_TEST(test_deadline)
{
	for (int turn = 0; turn < 2; turn++) {
		usec_t deadline = 0;

		erm_flap_note(&flap, agent, 4, now);
		ck_assert(flap.is_flapping);
		deadline = erm_flap_deadline(&flap, agent);
		/* log2(4) half-lives; a rest of the first turn's penalty delays the second. */
		ck_assert_uint_ge(deadline, now + 600 * SEC);
		ck_assert_uint_le(deadline, now + 700 * SEC);
		erm_flap_decay(&flap, agent, deadline - 2 * ERM_USEC_PER_MSEC);
		ck_assert(flap.is_flapping);
		ck_assert_uint_le(erm_flap_deadline(&flap, agent), deadline + 1);
		erm_flap_decay(&flap, agent, deadline);
		ck_assert(!flap.is_flapping);
		ck_assert_uint_eq(erm_flap_deadline(&flap, agent), ERM_USEC_INFINITY);
		now = deadline + 3600 * SEC;
	}
}
END_TEST

/* Between suppress and reuse what flaps goes on flapping, and what does not, does not. */
START_TEST(test_hysteresis)
{
	erm_flap_note(&flap, agent, 2, now);
	ck_assert(!flap.is_flapping);
	erm_flap_note(&flap, agent, 1, now);
	erm_flap_decay(&flap, agent, now + 300 * SEC);
	ck_assert_double_eq_tol(flap.penalty, 1500, 0.001);
	ck_assert(flap.is_flapping);
}
END_TEST

START_TEST(test_however_many_not_longer_than_the_maximum)
{
	for (int i = 0; i < 50; i++) {
		erm_flap_note(&flap, agent, 100000, now);
		ck_assert_uint_le(erm_flap_deadline(&flap, agent),
				  now + agent->flap_max_suppress_usec + SEC);
		now += SEC;
	}
	erm_flap_decay(&flap, agent, now + agent->flap_max_suppress_usec + SEC);
	ck_assert(!flap.is_flapping);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("core/flap");
	TCase *t = tcase_create("flap");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_add_test(t, test_three_flaps_at_once);
	tcase_add_test(t, test_three_flaps_too_far_apart);
	tcase_add_test(t, test_half_life);
	tcase_add_test(t, test_looking_changes_nothing);
	tcase_add_test(t, test_deadline);
	tcase_add_test(t, test_hysteresis);
	tcase_add_test(t, test_however_many_not_longer_than_the_maximum);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
