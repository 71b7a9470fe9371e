/* The poll period and the CPU budget of the rtnl source, in virtual time. */
#include <check.h>

#include "check_main.h"
#include "sources/rtnl/pace.h"

#define SEC  ERM_USEC_PER_SEC
#define MSEC ERM_USEC_PER_MSEC

START_TEST(fast_for_a_window_after_each_touch)
{
	struct erm_rtnl_pace pace;
	usec_t t = 1000 * SEC;

	erm_rtnl_pace_init(&pace, 100 * MSEC, 10 * MSEC, 2 * SEC, t);
	ck_assert_uint_eq(erm_rtnl_pace_period(&pace, t), 100 * MSEC);
	for (int i = 0; i < 2; i++, t += 10 * SEC) {
		erm_rtnl_pace_touch(&pace, t);
		ck_assert_uint_eq(erm_rtnl_pace_period(&pace, t + 1999 * MSEC), 10 * MSEC);
		ck_assert_uint_eq(erm_rtnl_pace_period(&pace, t + 2 * SEC), 100 * MSEC);
	}
}
END_TEST

START_TEST(the_budget_is_kept_in_the_long_run)
{
	struct erm_rtnl_pace pace;
	usec_t t = 1000 * SEC, spent = 0;

	erm_rtnl_pace_init(&pace, 100 * MSEC, 10 * MSEC, 2 * SEC, t);
	ck_assert_uint_eq(erm_rtnl_pace_allowed_at(&pace, t), t);
	/* Rounds of 3 ms each, as often as allowed: 2 % of a core in the long run. */
	for (usec_t end = t + 100 * SEC; t < end;) {
		usec_t allowed_at = erm_rtnl_pace_allowed_at(&pace, t);

		if (allowed_at > t) {
			t = allowed_at;
			continue;
		}
		spent += 3 * MSEC;
		t += 3 * MSEC;
		erm_rtnl_pace_spend(&pace, 3000000, t);
	}
	ck_assert_uint_ge(spent, 1900 * MSEC);
	ck_assert_uint_le(spent, 2130 * MSEC);
	/* One monstrous round does not silence it for more than a second. */
	erm_rtnl_pace_spend(&pace, 3600000000000U, t);
	ck_assert_uint_le(erm_rtnl_pace_allowed_at(&pace, t), t + SEC + 1);
	ck_assert_uint_eq(erm_rtnl_pace_allowed_at(&pace, t + 2 * SEC), t + 2 * SEC);
}
END_TEST

START_TEST(nonsense_cannot_make_it_spin)
{
	struct erm_rtnl_pace pace;

	erm_rtnl_pace_init(&pace, 0, 0, 0, SEC);
	ck_assert_uint_ge(erm_rtnl_pace_period(&pace, SEC), MSEC);
	erm_rtnl_pace_init(&pace, 5 * MSEC, 10 * MSEC, ERM_USEC_INFINITY, SEC);
	erm_rtnl_pace_touch(&pace, SEC);
	ck_assert_uint_eq(erm_rtnl_pace_period(&pace, SEC), 5 * MSEC);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl_pace");
	TCase *tc = tcase_create("pace");

	tcase_add_test(tc, fast_for_a_window_after_each_touch);
	tcase_add_test(tc, the_budget_is_kept_in_the_long_run);
	tcase_add_test(tc, nonsense_cannot_make_it_spin);
	suite_add_tcase(s, tc);
	return s;
}

ERM_CHECK_MAIN(suite)
