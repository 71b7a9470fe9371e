/*
 * The rtnl source on the real kernel, in network namespaces of its own: what it tells, how
 * soon, and at what cost.  Prints the figures.  Needs root and /dev/net/tun.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "rtnl_bed.h"

#define MSEC ERM_USEC_PER_MSEC
#define SEC  ERM_USEC_PER_SEC

/* Repetitions and limits; ERM_TEST_ROUNDS asks for more of the former. */
static unsigned int rounds(void)
{
	const char *text = getenv("ERM_TEST_ROUNDS");
	unsigned long n = text ? strtoul(text, NULL, 10) : 0;

	return n > 0 && n < 1000 ? (unsigned int)n : 6;
}

static usec_t cpu_usec(void)
{
	struct timespec ts = { 0 };

	ck_assert_int_eq(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts), 0);
	return (usec_t)ts.tv_sec * SEC + (usec_t)ts.tv_nsec / 1000;
}

static usec_t random_usec(usec_t from, usec_t to)
{
	static unsigned int state;

	if (state == 0)
		state = (unsigned int)bed_monotonic() | 1U;
	state = state * 1103515245U + 12345U;
	return from + (state >> 8) % (to - from);
}

static int compare_usec(const void *a, const void *b)
{
	const usec_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double milliseconds(usec_t usec)
{
	return (double)usec / (double)MSEC;
}

/* Returns the median: the worst is the machine's, and anything may run beside. */
static usec_t print_times(const char *what, usec_t *times, unsigned int n)
{
	qsort(times, n, sizeof(*times), compare_usec);
	printf("%s: n %u, median %.2f ms, max %.2f ms\n", what, n, milliseconds(times[n / 2]),
	       milliseconds(times[n - 1]));
	return times[n / 2];
}

static void wait_for(struct bed *bed, uint32_t interface, bool is_present, bool has_carrier)
{
	struct want want = { interface, is_present, has_carrier };

	ck_assert_msg(bed_run(bed, 3 * SEC, bed_interface_is, &want),
		      "interface %u never became present %d, carrier %d", interface, is_present,
		      has_carrier);
}

/* Loses one carrier at a random time; how long until it was told. */
static usec_t lose_one(struct bed *bed, const int *tap, uint32_t interface, usec_t delay_usec)
{
	struct switching sw = { .taps = tap, .n_taps = 1, .delay_usec = delay_usec };
	size_t from = bed->n_told;
	const struct erm_obs *obs;

	switch_start(&sw);
	wait_for(bed, interface, true, false);
	switch_join(&sw);
	obs = bed_find(bed, from, interface, false);
	ck_assert_ptr_nonnull(obs);
	ck_assert(!obs->iface.is_oper_up);
	ck_assert_uint_ge(obs->at.mono, sw.done_at);
	return obs->at.mono - sw.done_at;
}

START_TEST(isolated_loss_is_seen_within_the_rest_period)
{
	struct bed bed;
	unsigned int n = rounds();
	_cleanup_free_ usec_t *times = calloc(n, sizeof(*times));
	_cleanup_free_ int *taps = NULL;
	struct erm_config *config;

	bed_isolate();
	taps = bed_taps(1);
	config = bed_config(1, NULL);
	config->sources[0].fast_window_usec = 50 * MSEC;
	bed_start(&bed, config);
	for (unsigned int i = 0; i < n; i++) {
		wait_for(&bed, 0, true, true);
		bed_pass(&bed, 150 * MSEC); /* the fast window is over: at rest */
		times[i] = lose_one(&bed, taps, 0, random_usec(100 * MSEC, 400 * MSEC));
		bed_carrier(taps[0], true);
	}
	ck_assert_uint_le(print_times("isolated loss, at rest", times, n), 120 * MSEC);
	bed_stop(&bed);
}
END_TEST

START_TEST(second_loss_is_seen_at_once)
{
	struct bed bed;
	unsigned int n = rounds();
	_cleanup_free_ usec_t *first = calloc(n, sizeof(*first));
	_cleanup_free_ usec_t *second = calloc(n, sizeof(*second));
	_cleanup_free_ int *taps = NULL;
	const char *fast = getenv("ERM_TEST_FAST_POLL_MSEC");
	struct erm_config *config;

	bed_isolate();
	taps = bed_taps(2);
	config = bed_config(2, NULL);
	if (fast)
		config->sources[0].fast_poll_usec = strtoul(fast, NULL, 10) * MSEC;
	bed_start(&bed, config);
	for (unsigned int i = 0; i < n; i++) {
		usec_t gap = random_usec(50 * MSEC, 300 * MSEC);
		struct switching one = { .taps = taps, .n_taps = 1, .delay_usec = 20 * MSEC };
		struct switching two = { .taps = taps + 1,
					 .n_taps = 1,
					 .delay_usec = 20 * MSEC + gap };
		size_t from;

		wait_for(&bed, 0, true, true);
		wait_for(&bed, 1, true, true);
		bed_pass(&bed, 2500 * MSEC + random_usec(0, 300 * MSEC));
		from = bed.n_told;
		switch_start(&one);
		switch_start(&two);
		wait_for(&bed, 0, true, false);
		wait_for(&bed, 1, true, false);
		switch_join(&one);
		switch_join(&two);
		first[i] = bed_find(&bed, from, 0, false)->at.mono - one.done_at;
		second[i] = bed_find(&bed, from, 1, false)->at.mono - two.done_at;
		if (second[i] > 15 * MSEC || first[i] > 15 * MSEC) {
			printf("late: first %.1f ms; %.1f ms after it second, %.1f ms\n",
			       milliseconds(first[i]), milliseconds(two.done_at - one.done_at),
			       milliseconds(second[i]));
		}
		bed_carrier(taps[0], true);
		bed_carrier(taps[1], true);
	}
	(void)print_times("first of a pair", first, n);
	/* The kernel's own notification takes 0.7 to 0.9 s here. */
	ck_assert_uint_le(print_times("second, 50-300 ms later", second, n), 40 * MSEC);
	ck_assert_uint_gt(bed.n_hints, 0);
	bed_stop(&bed);
}
END_TEST

START_TEST(flaps_are_counted_exactly)
{
	struct bed bed;
	_cleanup_free_ int *taps = NULL;
	struct erm_obs_interface before;
	unsigned int n_seen = 0;
	bool was_up = true;

	bed_isolate();
	taps = bed_taps(1);
	bed_start(&bed, bed_config(1, NULL));
	wait_for(&bed, 0, true, true);
	before = bed.now[0];
	ck_assert(before.has_counts);
	for (int i = 0; i < 120; i++) {
		bed_carrier(taps[0], i % 2);
		bed_pass(&bed, 25 * MSEC);
	}
	bed_pass(&bed, 300 * MSEC);
	ck_assert_uint_eq(bed.now[0].carrier_down_count - before.carrier_down_count, 60);
	ck_assert_uint_eq(bed.now[0].carrier_up_count - before.carrier_up_count, 60);
	for (size_t i = 0; i < bed.n_told; i++) {
		if (bed.told[i].kind != ERM_OBS_INTERFACE)
			continue;
		ck_assert(!bed.told[i].iface.is_new);
		n_seen += was_up && !bed.told[i].iface.has_carrier;
		was_up = bed.told[i].iface.has_carrier;
	}
	printf("60 flaps at 20/s: counted 60, seen one by one %u\n", n_seen);
	/* Two pulses of a microsecond: nothing to see, but counted. */
	before = bed.now[0];
	for (int i = 0; i < 4; i++)
		bed_carrier(taps[0], i % 2);
	bed_pass(&bed, 300 * MSEC);
	ck_assert_uint_eq(bed.now[0].carrier_down_count - before.carrier_down_count, 2);
	bed_stop(&bed);
}
END_TEST

START_TEST(fresh_carrier_is_operational_at_once)
{
	struct bed bed;
	_cleanup_free_ int *taps = NULL;

	bed_isolate();
	taps = bed_taps(1);
	bed_start(&bed, bed_config(1, NULL));
	for (int i = 0; i < 10; i++) {
		bed_carrier(taps[0], false);
		wait_for(&bed, 0, true, false);
		bed_carrier(taps[0], true);
		wait_for(&bed, 0, true, true);
	}
	for (size_t i = 0; i < bed.n_told; i++)
		if (bed.told[i].kind == ERM_OBS_INTERFACE)
			ck_assert(bed.told[i].iface.is_oper_up == bed.told[i].iface.has_carrier);
	bed_stop(&bed);
}
END_TEST

START_TEST(renamed_link_is_absent_and_comes_back_new)
{
	struct bed bed;

	bed_isolate();
	free(bed_taps(1));
	bed_start(&bed, bed_config(1, NULL));
	wait_for(&bed, 0, true, true);
	ck_assert_int_eq(bed_ip("link set t0 down"), 0);
	ck_assert_int_eq(bed_ip("link set t0 name other"), 0);
	wait_for(&bed, 0, false, false);
	ck_assert_int_eq(bed_ip("link set other name t0"), 0);
	ck_assert_int_eq(bed_ip("link set t0 up"), 0);
	wait_for(&bed, 0, true, true);
	for (size_t i = bed.n_told; i-- > 0;)
		if (bed.told[i].kind == ERM_OBS_INTERFACE && bed.told[i].iface.is_new)
			return bed_stop(&bed);
	ck_abort_msg("never told as new");
}
END_TEST

/* t0, always with the same index, and its far end p0; both up. */
static void add_veth(void)
{
	ck_assert_int_eq(bed_ip("link add t0 index 77 type veth peer name p0"), 0);
	ck_assert_int_eq(bed_ip("link set t0 up"), 0);
	ck_assert_int_eq(bed_ip("link set p0 up"), 0);
}

START_TEST(recreated_link_with_the_same_index_is_new)
{
	struct bed bed;
	struct erm_obs_interface before;
	size_t from, n_new = 0;

	bed_isolate();
	add_veth();
	bed_start(&bed, bed_config(1, NULL));
	wait_for(&bed, 0, true, true);
	before = bed.now[0];
	ck_assert_uint_eq(before.ifindex, 77);
	/* Both before the source looks again. */
	from = bed.n_told;
	ck_assert_int_eq(bed_ip("link del t0"), 0);
	add_veth();
	bed_pass(&bed, 300 * MSEC);
	ck_assert(bed.now[0].is_present);
	ck_assert_uint_eq(bed.now[0].ifindex, 77);
	for (size_t i = from; i < bed.n_told; i++)
		n_new += bed.told[i].kind == ERM_OBS_INTERFACE && bed.told[i].iface.is_new;
	ck_assert_uint_ge(n_new, 1);
	/* With time in between it is absent meanwhile. */
	ck_assert_int_eq(bed_ip("link del t0"), 0);
	wait_for(&bed, 0, false, false);
	add_veth();
	wait_for(&bed, 0, true, true);
	bed_stop(&bed);
}
END_TEST

START_TEST(link_moved_to_another_namespace_is_absent)
{
	struct bed bed;
	char pid[24];
	pid_t child;
	int pipefd[2];
	char byte;

	bed_isolate();
	ck_assert_int_eq(pipe(pipefd), 0);
	add_veth();
	bed_start(&bed, bed_config(1, NULL));
	wait_for(&bed, 0, true, true);
	child = fork();
	if (child == 0) {
		bed_isolate();
		(void)!write(pipefd[1], "x", 1);
		for (;;)
			(void)pause();
	}
	ck_assert_int_eq(read(pipefd[0], &byte, 1), 1);
	(void)snprintf(pid, sizeof(pid), "%d", (int)child);
	ck_assert_int_eq(bed_ip("link set t0 netns %s", pid), 0);
	wait_for(&bed, 0, false, false);
	kill(child, SIGKILL);
	bed_stop(&bed);
}
END_TEST

START_TEST(altname_matches_even_when_added_later)
{
	static const char *const names[] = { "expressroute-primary-leg", "short-alt" };
	struct bed bed;

	bed_isolate();
	free(bed_taps(2));
	ck_assert_int_eq(bed_ip("link property add dev t0 altname %s", names[0]), 0);
	bed_start(&bed, bed_config(2, names));
	ck_assert(bed.now[0].is_present);
	ck_assert(!bed.now[1].is_present);
	ck_assert_int_eq(bed_ip("link property add dev t1 altname %s", names[1]), 0);
	wait_for(&bed, 1, true, true);
	ck_assert_int_eq(bed_ip("link property del dev t0 altname %s", names[0]), 0);
	wait_for(&bed, 0, false, false);
	bed_stop(&bed);
}
END_TEST

START_TEST(upper_link_loses_its_carrier_with_the_one_below)
{
	static const char *const names[] = { "v0" };
	struct bed bed;
	unsigned int n = rounds();
	_cleanup_free_ usec_t *times = calloc(n, sizeof(*times));
	_cleanup_free_ int *taps = NULL;
	uint32_t before;

	bed_isolate();
	taps = bed_taps(1);
	/* MACVLAN: as a VLAN, but more kernels have it. */
	ck_assert_int_eq(bed_ip("link add link t0 name v0 type macvlan"), 0);
	ck_assert_int_eq(bed_ip("link set v0 up"), 0);
	bed_start(&bed, bed_config(1, names));
	wait_for(&bed, 0, true, true);
	before = bed.now[0].carrier_down_count;
	for (unsigned int i = 0; i < n; i++) {
		times[i] = lose_one(&bed, taps, 0, random_usec(100 * MSEC, 200 * MSEC));
		bed_carrier(taps[0], true);
		wait_for(&bed, 0, true, true);
	}
	ck_assert_uint_eq(bed.now[0].carrier_down_count - before, n);
	for (size_t i = 0; i < bed.n_told; i++)
		if (bed.told[i].kind == ERM_OBS_INTERFACE)
			ck_assert(!bed.told[i].iface.is_new);
	ck_assert_uint_le(print_times("link on a link that is lost", times, n), 40 * MSEC);
	bed_stop(&bed);
}
END_TEST

static bool all_are_down(const struct bed *bed, void *userdata)
{
	(void)userdata;
	for (uint32_t i = 0; i < bed->config->n_interfaces; i++)
		if (bed->now[i].has_carrier || !bed->now[i].is_present)
			return false;
	return true;
}

static bool all_are_up(const struct bed *bed, void *userdata)
{
	(void)userdata;
	for (uint32_t i = 0; i < bed->config->n_interfaces; i++)
		if (!bed->now[i].has_carrier)
			return false;
	return true;
}

START_TEST(a_thousand_links_down_at_once)
{
	enum { N = 1000 };
	struct bed bed;
	_cleanup_free_ int *taps = NULL;
	struct switching sw = { .n_taps = N, .delay_usec = 50 * MSEC };
	usec_t cpu;

	bed_isolate();
	taps = bed_taps(N);
	bed_start(&bed, bed_config(N, NULL));
	ck_assert(bed_run(&bed, 5 * SEC, all_are_up, NULL));
	bed_pass(&bed, 3 * SEC);
	sw.taps = taps;
	cpu = cpu_usec();
	switch_start(&sw);
	ck_assert(bed_run(&bed, 5 * SEC, all_are_down, NULL));
	switch_join(&sw);
	cpu = cpu_usec() - cpu;
	printf("1000 links down at once: all told after %.1f ms, CPU %.1f ms (switching included), "
	       "resyncs %llu\n",
	       (double)(bed.told[bed.n_told - 1].at.mono - sw.done_at) / 1000, (double)cpu / 1000,
	       (unsigned long long)bed.source_now.counters.resyncs);
	bed_stop(&bed);
}
END_TEST

START_TEST(rest_costs_next_to_nothing)
{
	struct bed bed;
	const usec_t span = rounds() > 6 ? 20 * SEC : 3 * SEC;
	unsigned int turns, beats = 0;
	size_t from;
	usec_t cpu;

	bed_isolate();
	free(bed_taps(4));
	bed_start(&bed, bed_config(4, NULL));
	bed_pass(&bed, 3 * SEC);
	from = bed.n_told;
	turns = bed.n_turns;
	cpu = cpu_usec();
	bed_pass(&bed, span);
	cpu = cpu_usec() - cpu;
	turns = bed.n_turns - turns;
	printf("at rest, 4 links: %.3f %% of a core, %.1f turns/s\n",
	       100.0 * (double)cpu / (double)span, (double)turns * SEC / (double)span);
	ck_assert_uint_le(cpu, span / 100);
	ck_assert_uint_le(turns, span / (50 * MSEC));
	/* Nothing changed: nothing but heartbeats is told, one a second. */
	for (size_t i = from; i < bed.n_told; i++) {
		ck_assert_int_eq(bed.told[i].kind, ERM_OBS_SOURCE);
		beats++;
	}
	ck_assert_uint_ge(beats, span / SEC - 1);
	ck_assert_uint_le(beats, span / SEC + 1);
	bed_stop(&bed);
}
END_TEST

START_TEST(the_fast_poll_stays_within_its_budget)
{
	struct bed bed;
	usec_t cpu;

	bed_isolate();
	free(bed_taps(200));
	bed_start(&bed, bed_config(200, NULL));
	for (int i = 0; i < 20; i++) { /* use up what was saved */
		erm_source_rtnl_ops.look_now(bed.source);
		bed_pass(&bed, 100 * MSEC);
	}
	cpu = cpu_usec();
	for (int i = 0; i < 20; i++) {
		erm_source_rtnl_ops.look_now(bed.source);
		bed_pass(&bed, 100 * MSEC);
	}
	cpu = cpu_usec() - cpu;
	printf("hints without end, 200 links: %.2f %% of a core\n",
	       100.0 * (double)cpu / (2.0 * SEC));
	ck_assert_uint_le(cpu, 2 * SEC * 4 / 100);
	bed_stop(&bed);
}
END_TEST

static void add_case(Suite *s, const char *name, const TTest *const *tests, size_t n_tests)
{
	TCase *tc = tcase_create(name);

	tcase_set_timeout(tc, 600);
	for (size_t i = 0; i < n_tests; i++)
		tcase_add_test(tc, tests[i]);
	suite_add_tcase(s, tc);
}

static Suite *suite(void)
{
	const TTest *const latency[] = {
		isolated_loss_is_seen_within_the_rest_period,
		upper_link_loses_its_carrier_with_the_one_below,
	};
	const TTest *const pair[] = { second_loss_is_seen_at_once };
	const TTest *const flaps[] = {
		flaps_are_counted_exactly,
		fresh_carrier_is_operational_at_once,
	};
	const TTest *const identity[] = {
		renamed_link_is_absent_and_comes_back_new,
		recreated_link_with_the_same_index_is_new,
		link_moved_to_another_namespace_is_absent,
		altname_matches_even_when_added_later,
	};
	const TTest *const cost[] = {
		a_thousand_links_down_at_once,
		rest_costs_next_to_nothing,
		the_fast_poll_stays_within_its_budget,
	};
	Suite *s = suite_create("rtnl_kernel");

	/* CK_RUN_CASE runs one of them. */
	add_case(s, "latency", latency, ERM_ELEMENTS(latency));
	add_case(s, "pair", pair, ERM_ELEMENTS(pair));
	add_case(s, "flaps", flaps, ERM_ELEMENTS(flaps));
	add_case(s, "identity", identity, ERM_ELEMENTS(identity));
	add_case(s, "cost", cost, ERM_ELEMENTS(cost));
	return s;
}

int main(void)
{
	const char *why = bed_is_impossible();
	SRunner *runner;
	int n_failed;

	if (why) {
		printf("SKIP: %s\n", why);
		return 77;
	}
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	runner = srunner_create(suite());
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
