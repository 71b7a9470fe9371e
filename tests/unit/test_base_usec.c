#include <check.h>

#include "base/usec.h"
#include "check_main.h"

START_TEST(test_add_saturates)
{
	ck_assert_uint_eq(erm_usec_add(1, 2), 3);
	ck_assert_uint_eq(erm_usec_add(ERM_USEC_INFINITY, 1), ERM_USEC_INFINITY);
	ck_assert_uint_eq(erm_usec_add(1, ERM_USEC_INFINITY), ERM_USEC_INFINITY);
	ck_assert_uint_eq(erm_usec_add(ERM_USEC_INFINITY - 1, 1), ERM_USEC_INFINITY);
	ck_assert_uint_eq(erm_usec_add(ERM_USEC_INFINITY - 2, 1), ERM_USEC_INFINITY - 1);
	ck_assert_uint_eq(erm_usec_add(ERM_USEC_INFINITY, ERM_USEC_INFINITY), ERM_USEC_INFINITY);
}
END_TEST

START_TEST(test_sub_stops_at_zero)
{
	ck_assert_uint_eq(erm_usec_sub(3, 2), 1);
	ck_assert_uint_eq(erm_usec_sub(2, 2), 0);
	ck_assert_uint_eq(erm_usec_sub(2, 3), 0);
	ck_assert_uint_eq(erm_usec_sub(0, ERM_USEC_INFINITY), 0);
}
END_TEST

START_TEST(test_now_advances_in_microseconds)
{
	struct erm_time a = erm_time_now();
	struct erm_time b = a;

	for (int i = 0; i < 1000000 && b.mono < a.mono + 100; i++)
		b = erm_time_now();
	ck_assert_uint_ge(b.mono, a.mono + 100);
	ck_assert_uint_lt(b.mono - a.mono, 60 * ERM_USEC_PER_SEC);
	/* The wall clock of any machine that builds this is past 2020. */
	ck_assert_uint_gt(a.real, 1577836800 * ERM_USEC_PER_SEC);
}
END_TEST

START_TEST(test_cpu_grows_with_work)
{
	uint64_t began = erm_thread_cpu_nsec();
	usec_t until = erm_time_now().mono + 10 * ERM_USEC_PER_SEC;

	while (erm_thread_cpu_nsec() < began + 1000000)
		ck_assert_uint_lt(erm_time_now().mono, until);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/usec");
	TCase *t = tcase_create("usec");

	tcase_add_test(t, test_add_saturates);
	tcase_add_test(t, test_sub_stops_at_zero);
	tcase_add_test(t, test_now_advances_in_microseconds);
	tcase_add_test(t, test_cpu_grows_with_work);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
