/* The ethtool source on a kernel of paper: how it bears each failure. */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ethtool_bench.h"

START_TEST(test_no_permission)
{
	e0->module_error = -EPERM;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert_str_eq(bench.src.text, "module EEPROM: no permission, see ermond.conf(5)");
	CHANGE(e0->module_error = 0);
	UNTIL(t.now[0].has_light);
	UNTIL(bench.src.text[0] == '\0');
	ck_assert_uint_eq(bench.n_lost, 0);
}
END_TEST

START_TEST(test_bus_errors)
{
	static const int errors[] = { -EIO, -ETIMEDOUT, -EREMOTEIO, -EBUSY };

	settle();
	for (size_t i = 0; i < ERM_ELEMENTS(errors); i++) {
		uint64_t before = bench.src.counters.errors;

		CHANGE(e0->module_error = errors[i]);
		UNTIL(!t.now[0].is_known);
		ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
		UNTIL(bench.src.counters.errors > before);
		CHANGE(e0->module_error = 0);
		UNTIL(t.now[0].is_known && t.now[0].has_light);
	}
	ck_assert_uint_eq(bench.n_lost, 0);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_module_pulled_out)
{
	settle();
	CHANGE(e0->module_error = -ENODEV);
	UNTIL(!t.now[0].has_light);
	ck_assert(t.now[0].is_known);
	CHANGE(e0->module_error = 0);
	UNTIL(t.now[0].has_light);
}
END_TEST

START_TEST(test_interface_is_missing_and_comes)
{
	CHANGE(strcpy(e1->name, "gone"));
	settle();
	ck_assert(t.now[1].is_known && !t.now[1].has_light);
	ck_assert_uint_eq(t.now[1].speed_mbps, 0);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
	CHANGE(strcpy(e1->name, "e1"));
	UNTIL(t.now[1].speed_mbps == 40000);
}
END_TEST

START_TEST(test_driver_refuses_state_or_speed)
{
	e0->state_error = -EIO;
	e1->speed_error = -EOPNOTSUPP;
	settle();
	ck_assert(t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert(t.now[1].is_known);
	ck_assert_uint_eq(t.now[1].speed_mbps, 0);
}
END_TEST

START_TEST(test_short_page)
{
	e0->short_by = 1;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_ge(bench.src.counters.errors, 1);
	CHANGE(e0->short_by = 128);
	next_round();
	ck_assert(!t.now[0].is_known);
}
END_TEST

START_TEST(test_old_kernel_without_ethtool)
{
	t.kernel.family_error = -ENOENT;
	start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_UNSUPPORTED);
	ck_assert_str_eq(bench.src.text, "the kernel has no ethtool netlink");
	ck_assert_uint_eq(t.n_optics[0], 0);
	CHANGE(t.kernel.family_error = 0);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert(t.now[0].has_light);
}
END_TEST

START_TEST(test_old_kernel_without_modules)
{
	t.kernel.is_old = true;
	settle();
	ck_assert(t.now[0].is_known && !t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	CHANGE(ck_assert_uint_eq(e0->n_module, 0));
}
END_TEST

START_TEST(test_no_socket)
{
	t.kernel.open_error = -EMFILE;
	start();
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_SYSTEM);
	CHANGE(t.kernel.open_error = 0);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_cannot_send)
{
	settle();
	CHANGE(t.kernel.send_error = -ENOBUFS);
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_SYSTEM);
	CHANGE(t.kernel.send_error = 0);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	/* It began anew with a socket of its own. */
	CHANGE(ck_assert_uint_ge(t.kernel.n_open, 2));
	CHANGE(ck_assert_uint_ge(t.kernel.n_close, 1));
}
END_TEST

START_TEST(test_answer_too_large)
{
	settle();
	CHANGE(t.kernel.recv_error = -EMSGSIZE);
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TOO_LARGE);
	ck_assert_uint_ge(bench.src.counters.limits_hit, 1);
}
END_TEST

START_TEST(test_nonsense)
{
	settle();
	CHANGE(t.kernel.is_babbling = true);
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_PROTOCOL);
	CHANGE(t.kernel.is_babbling = false);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(test_mute_kernel)
{
	settle();
	CHANGE(t.kernel.recv_error = -EAGAIN);
	UNTIL(bench.src.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TIMEOUT);
	ck_assert_uint_ge(bench.src.counters.timeouts, 1);
	CHANGE(t.kernel.recv_error = 0);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
}
END_TEST

/* One module of which no answer comes: its link is told, and the others in full. */
START_TEST(test_mute_module)
{
	e1->module = &sfp;
	e0->is_mute = true;
	settle();
	ck_assert(!t.now[0].is_known);
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert(t.now[1].has_light);
	ck_assert_uint_ge(bench.src.counters.timeouts, 1);
}
END_TEST

START_TEST(test_late_answers_are_passed_over)
{
	t.kernel.has_late_answers = true;
	settle();
	ck_assert(t.now[0].has_light);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool_faults");
	TCase *c = tcase_create("faults");

	tcase_add_checked_fixture(c, bench_set_up, bench_tear_down);
	tcase_add_test(c, test_no_permission);
	tcase_add_test(c, test_bus_errors);
	tcase_add_test(c, test_module_pulled_out);
	tcase_add_test(c, test_interface_is_missing_and_comes);
	tcase_add_test(c, test_driver_refuses_state_or_speed);
	tcase_add_test(c, test_short_page);
	tcase_add_test(c, test_old_kernel_without_ethtool);
	tcase_add_test(c, test_old_kernel_without_modules);
	tcase_add_test(c, test_no_socket);
	tcase_add_test(c, test_cannot_send);
	tcase_add_test(c, test_answer_too_large);
	tcase_add_test(c, test_nonsense);
	tcase_add_test(c, test_mute_kernel);
	tcase_add_test(c, test_mute_module);
	tcase_add_test(c, test_late_answers_are_passed_over);
	suite_add_tcase(s, c);
	return s;
}

ERM_CHECK_MAIN(suite)
