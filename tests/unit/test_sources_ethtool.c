/* The ethtool source on a kernel of paper: what it tells, when, and beside a driver that hangs. */
#include <errno.h>
#include <string.h>

#include "check_main.h"
#include "ethtool_bench.h"

START_TEST(test_light_speed_and_state)
{
	e1->ext_state = 4; /* ETHTOOL_LINK_EXT_STATE_NO_CABLE */
	start();
	UNTIL(bench.n_src > 0);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_NONE);
	ck_assert_str_eq(bench.src.text, "");
	ck_assert(t.now[0].is_known && t.now[0].has_light);
	ck_assert_uint_eq(t.now[0].n_lanes, 1);
	ck_assert_int_eq(t.now[0].lanes[0].rx_cdbm, -300);
	ck_assert_int_eq(t.now[0].rx.low_warning, -1200);
	ck_assert_str_eq(t.now[0].module_text, "ACME OPTICS LR-10");
	ck_assert_uint_eq(t.now[0].speed_mbps, 10000);
	ck_assert_str_eq(t.now[0].link_text, "");
	ck_assert(t.now[1].is_known && !t.now[1].has_light);
	ck_assert_uint_eq(t.now[1].speed_mbps, 40000);
	ck_assert_str_eq(t.now[1].link_text, "no cable");
	ck_assert_uint_eq(bench.src.counters.errors, 0);
	ck_assert_uint_ge(bench.src.counters.requests, 8);
}
END_TEST

START_TEST(test_only_ports_of_this_host)
{
	settle();
	ck_assert_uint_ge(t.n_optics[0], 1);
	ck_assert_uint_ge(t.n_optics[1], 1);
	ck_assert_uint_eq(t.n_optics[2], 0);
	ck_assert_uint_eq(t.n_optics[3], 0);
}
END_TEST

START_TEST(test_light_changes)
{
	static struct module_pages dim;

	settle();
	pages_make_sfp(&dim);
	pages_put16(dim.monitor, 104, 0);
	CHANGE(e0->module = &dim);
	UNTIL(t.now[0].lanes[0].rx_cdbm == ERM_DARK_CDBM);
}
END_TEST

START_TEST(test_no_port_at_all)
{
	for (uint32_t i = 0; i < bench.config->n_ports; i++)
		bench.config->ports[i].interface = 3;
	settle();
	next_round();
	ck_assert_uint_eq(t.n_optics[0] + t.n_optics[3], 0);
}
END_TEST

START_TEST(test_unsupported_is_not_asked_again)
{
	settle();
	for (int i = 0; i < 5; i++)
		next_round();
	CHANGE(ck_assert_uint_eq(e1->n_module, 1));
	CHANGE(ck_assert_uint_ge(e0->n_module, 10));
	/* Until it is another interface of the same name. */
	CHANGE(e1->ifindex = 30; e1->module = &sfp);
	UNTIL(t.now[1].has_light);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

static bool is_hanging(void)
{
	bool yes;

	CHANGE(yes = t.kernel.n_hanging > 0);
	return yes;
}

START_TEST(test_hung_driver)
{
	unsigned int n_turns = 0;
	usec_t since;

	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	since = bench_monotonic();
	while (bench.src.state != ERM_SOURCE_LOST) {
		ck_assert_uint_lt(bench_monotonic() - since, 10 * SEC);
		ck_assert_int_ge(sd_event_run(bench.event, 5 * MSEC), 0);
		n_turns++;
	}
	/* timeout * 5, and the loop, that the driver would hold up for good, went on all the time */
	ck_assert_uint_ge(bench_monotonic() - since, 400 * MSEC);
	ck_assert_uint_ge(n_turns, 5);
	ck_assert_int_eq(bench.src.reason, ERM_REASON_TIMEOUT);
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	/* Said once, and nobody else is sent after the first one. */
	bench_pass(300 * MSEC);
	ck_assert_uint_eq(bench.n_lost, 1);
	erm_source_ethtool_ops.look_now(bench.source);
	bench_pass(50 * MSEC);
	CHANGE(ck_assert_uint_eq(t.kernel.n_hanging, 1));
	CHANGE(e0->is_hanging = false);
	UNTIL(bench.src.state == ERM_SOURCE_OK);
	ck_assert(t.now[0].has_light);
}
END_TEST

START_TEST(test_ends_beside_a_hung_driver)
{
	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	/* Returns, though the driver hangs until it is told to go on. */
	erm_source_ethtool_ops.free(bench.source);
	bench.source = NULL;
	CHANGE(ck_assert_uint_eq(t.kernel.n_close, 0));
	/* When the driver comes back, the thread cleans up. */
	CHANGE(e0->is_hanging = false);
	fake_ethtool_lock(&t.kernel);
	while (t.kernel.n_close == 0)
		(void)pthread_cond_wait(&t.kernel.changed, &t.kernel.lock);
	fake_ethtool_unlock(&t.kernel);
}
END_TEST

START_TEST(test_look_now_at_most_each_second)
{
	usec_t first;
	unsigned int n;

	bench.config->sources[1].poll_usec = 100 * SEC;
	settle();
	first = bench_monotonic();
	n = t.n_optics[0];
	for (int i = 0; i < 50; i++) {
		erm_source_ethtool_ops.look_now(bench.source);
		bench_pass(5 * MSEC);
	}
	ck_assert_uint_eq(t.n_optics[0], n);
	UNTIL(t.n_optics[0] == n + 1);
	/* 1 s from the question before, which was a little earlier than its answer */
	ck_assert_uint_ge(bench_monotonic() - first, 500 * MSEC);
	/* All of them together were one. */
	bench_pass(1200 * MSEC);
	ck_assert_uint_eq(t.n_optics[0], n + 1);
}
END_TEST

START_TEST(test_reconfigure)
{
	struct erm_config *next = bench_config();
	char *name = NULL;
	unsigned int n;

	settle();
	/* The interfaces change places, and e2 has a port now. */
	name = next->interfaces[0].name;
	next->interfaces[0].name = next->interfaces[1].name;
	next->interfaces[1].name = name;
	next->ports[2].interface = 2;
	next->sources[1].poll_usec = 100 * SEC;
	n = bench.n_src;
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(bench.source, next, 1), 0);
	bench.config = erm_config_unref(bench.config);
	bench.config = next;
	ck_assert_uint_eq(bench.n_src, n);
	memset(&t.now, 0, sizeof(t.now));
	UNTIL(bench.n_src > n);
	/* What was known is told at once, at the new place. */
	ck_assert_int_eq(t.now[1].lanes[0].rx_cdbm, -300);
	ck_assert_uint_eq(t.now[0].speed_mbps, 40000);
	UNTIL(t.n_optics[2] > 0);
	ck_assert(t.now[2].is_known && !t.now[2].has_light);
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(bench.source, next, 3), -EINVAL);
}
END_TEST

/* Answers that were on their way belong to nobody after a reload without their interface. */
START_TEST(test_reconfigure_while_asking)
{
	struct erm_config *next = bench_config();
	unsigned int n;

	settle();
	CHANGE(e0->is_hanging = true);
	UNTIL(is_hanging());
	next->ports[0].interface = 1;
	ck_assert_int_eq(erm_source_ethtool_ops.reconfigure(bench.source, next, 1), 0);
	bench.config = erm_config_unref(bench.config);
	bench.config = next;
	n = t.n_optics[0];
	CHANGE(e0->is_hanging = false);
	next_round();
	ck_assert_uint_eq(t.n_optics[0], n);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources/ethtool");
	TCase *c = tcase_create("ethtool");

	tcase_add_checked_fixture(c, bench_set_up, bench_tear_down);
	tcase_add_test(c, test_light_speed_and_state);
	tcase_add_test(c, test_only_ports_of_this_host);
	tcase_add_test(c, test_light_changes);
	tcase_add_test(c, test_no_port_at_all);
	tcase_add_test(c, test_unsupported_is_not_asked_again);
	tcase_add_test(c, test_hung_driver);
	tcase_add_test(c, test_ends_beside_a_hung_driver);
	tcase_add_test(c, test_look_now_at_most_each_second);
	tcase_add_test(c, test_reconfigure);
	tcase_add_test(c, test_reconfigure_while_asking);
	suite_add_tcase(s, c);
	return s;
}

ERM_CHECK_MAIN(suite)
