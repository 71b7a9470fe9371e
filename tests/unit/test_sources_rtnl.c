/* The rtnl source on a paper kernel: what it tells and when, and every way to miss something. */
#include <check.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "rtnl_fake.h"
#include "sources/rtnl.h"

#define SEC  ERM_USEC_PER_SEC
#define MSEC ERM_USEC_PER_MSEC

#define N_MANY 64

static const char *const names[] = { "e0", "e1", NULL };

static struct {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	struct fake_kernel kernel;
	struct erm_obs_interface now[N_MANY];
	struct erm_obs_source own;
	uint32_t index; /* every observation's source */
	unsigned int n_interface, n_source, n_begin, n_end, n_new, n_hints, n_lost;
	bool is_in_dump;
} t;

static void emit(void *userdata, const struct erm_obs *obs)
{
	ck_assert_ptr_eq(userdata, &t);
	ck_assert_uint_eq(obs->source, t.index);
	ck_assert_uint_gt(obs->at.mono, 0);
	switch (obs->kind) {
	case ERM_OBS_SOURCE:
		t.own = obs->src;
		t.n_source++;
		t.n_lost += obs->src.state == ERM_SOURCE_LOST;
		break;
	case ERM_OBS_DUMP_BEGIN:
		ck_assert(!t.is_in_dump);
		t.is_in_dump = true;
		t.n_begin++;
		break;
	case ERM_OBS_DUMP_END:
		ck_assert(t.is_in_dump);
		t.is_in_dump = false;
		t.n_end++;
		break;
	case ERM_OBS_INTERFACE:
		ck_assert_uint_lt(obs->iface.interface, ERM_ELEMENTS(t.now));
		t.now[obs->iface.interface] = obs->iface;
		t.n_interface++;
		t.n_new += obs->iface.is_new;
		break;
	case ERM_OBS_SESSION:
		ck_abort();
	}
}

static void hint(void *userdata, uint32_t from_source)
{
	ck_assert_ptr_eq(userdata, &t);
	ck_assert_uint_eq(from_source, t.index);
	t.n_hints++;
}

static usec_t monotonic(void)
{
	return erm_time_now().mono;
}

/* Turns the loop until the condition holds, for 3 s at most. */
#define UNTIL(condition)                                                           \
	do {                                                                       \
		usec_t _until = monotonic() + 3 * SEC;                             \
		while (!(condition)) {                                             \
			ck_assert_msg(monotonic() < _until, "never: " #condition); \
			ck_assert_int_ge(sd_event_run(t.event, 10 * MSEC), 0);     \
		}                                                                  \
	} while (0)

static void pass(usec_t usec)
{
	usec_t until = monotonic() + usec;

	while (monotonic() < until)
		ck_assert_int_ge(sd_event_run(t.event, until - monotonic()), 0);
}

static void start(void)
{
	struct erm_source_env env = { .emit = emit, .hint = hint, .userdata = &t };

	env.event = t.event;
	ck_assert_int_eq(erm_rtnl_start(&env, t.config, 0, &fake_kernel_ops, &t.kernel, &t.source),
			 0);
}

static struct fake_link link_named(const char *name, uint32_t ifindex)
{
	return (struct fake_link){
		.ifindex = ifindex,
		.flags = FAKE_UP,
		.name = name,
		.mtu = 1500,
		.operstate = ERM_RTNL_OPER_UP,
		.has_counts = true,
	};
}

static void add_link(const char *name, uint32_t ifindex)
{
	struct fake_link link = link_named(name, ifindex);

	fake_kernel_add(&t.kernel, &link);
}

static void set_up(void)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	fake_kernel_init(&t.kernel);
	t.config = fake_config(names);
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	add_link("lo", 1);
	add_link("e0", 2);
	add_link("e1", 3);
}

static void tear_down(void)
{
	erm_source_rtnl_ops.free(t.source);
	t.config = erm_config_unref(t.config);
	t.event = sd_event_unref(t.event);
	fake_kernel_done(&t.kernel);
}

static void start_and_settle(void)
{
	start();
	UNTIL(t.own.state == ERM_SOURCE_OK);
}

static struct fake_link *lose_carrier(const char *name)
{
	struct fake_link *link = fake_kernel_find(&t.kernel, name);

	link->flags = FAKE_NO_LINK;
	link->down_count++;
	return link;
}

START_TEST(start_tells_everything_in_brackets)
{
	start();
	ck_assert_uint_eq(t.n_source, 0); /* nothing before start() has returned */
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(t.n_begin, 1);
	ck_assert_uint_eq(t.n_end, 1);
	ck_assert_uint_eq(t.n_interface, 2);
	ck_assert_uint_eq(t.kernel.n_dumps, 1);
	ck_assert(t.now[0].has_carrier && t.now[1].has_carrier);
	ck_assert_uint_eq(t.now[1].ifindex, 3);
	ck_assert_int_eq(t.own.reason, ERM_REASON_NONE);
	ck_assert_uint_eq(t.own.counters.resyncs, 0);
	ck_assert_uint_eq(t.n_new, 0);
}
END_TEST

START_TEST(carrier_loss_without_a_notification)
{
	start_and_settle();
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	ck_assert_uint_eq(t.kernel.n_dumps, 1);
	ck_assert_uint_ge(t.n_hints, 1);
	ck_assert(t.now[1].has_carrier);
}
END_TEST

START_TEST(notification_is_looked_into_at_once)
{
	unsigned int n_singles;

	t.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	n_singles = t.kernel.n_singles;
	fake_kernel_notify(&t.kernel, lose_carrier("e1"), RTM_NEWLINK);
	UNTIL(!t.now[1].has_carrier);
	ck_assert_uint_eq(t.kernel.n_singles, n_singles + 1);
	/* It may be stale: the kernel has the last word. */
	fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "e1"), RTM_NEWLINK);
	fake_kernel_find(&t.kernel, "e1")->flags = FAKE_UP;
	UNTIL(t.now[1].has_carrier);
}
END_TEST

START_TEST(unchanged_polls_tell_nothing)
{
	unsigned int n_interface, n_singles;

	start_and_settle();
	n_interface = t.n_interface;
	n_singles = t.kernel.n_singles;
	UNTIL(t.kernel.n_singles >= n_singles + 20);
	ck_assert_uint_eq(t.n_interface, n_interface);
	ck_assert_uint_eq(t.n_begin, 1);
}
END_TEST

START_TEST(polls_are_fast_after_a_change_and_slow_again)
{
	unsigned int n_singles;

	t.config->sources[0].poll_usec = 200 * MSEC;
	t.config->sources[0].fast_window_usec = 200 * MSEC;
	start_and_settle();
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	n_singles = t.kernel.n_singles;
	pass(150 * MSEC); /* 30 polls of two links; slow it would be 1 */
	ck_assert_uint_ge(t.kernel.n_singles, n_singles + 10);
	pass(250 * MSEC);
	n_singles = t.kernel.n_singles;
	pass(300 * MSEC);
	ck_assert_uint_le(t.kernel.n_singles, n_singles + 6);
}
END_TEST

START_TEST(a_hint_polls_at_once)
{
	t.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	pass(20 * MSEC);
	lose_carrier("e0");
	pass(50 * MSEC);
	ck_assert(t.now[0].has_carrier); /* nobody asked */
	erm_source_rtnl_ops.look_now(t.source);
	UNTIL(!t.now[0].has_carrier);
}
END_TEST

START_TEST(heartbeat_once_a_second_with_counters)
{
	unsigned int n_source;
	uint64_t n_requests;

	start_and_settle();
	n_source = t.n_source;
	n_requests = t.own.counters.requests;
	pass(2500 * MSEC);
	ck_assert_uint_ge(t.n_source, n_source + 2); /* the second one too */
	ck_assert_uint_le(t.n_source, n_source + 3);
	ck_assert_uint_gt(t.own.counters.requests, n_requests);
}
END_TEST

START_TEST(no_interfaces_still_a_heartbeat)
{
	static const char *const none[] = { NULL };
	unsigned int n_source;

	erm_config_unref(t.config);
	t.config = fake_config(none);
	start_and_settle();
	n_source = t.n_source;
	UNTIL(t.n_source >= n_source + 2);
}
END_TEST

START_TEST(enobufs_leads_to_a_dump)
{
	t.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	lose_carrier("e0");
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -ENOBUFS);
	UNTIL(!t.now[0].has_carrier && t.n_end == 2);
	ck_assert_uint_eq(t.kernel.n_dumps, 2);
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -ENOBUFS);
	UNTIL(t.n_end == 3); /* and a second time */
	UNTIL(t.own.counters.resyncs == 2);
	ck_assert_uint_eq(t.n_lost, 0);
}
END_TEST

START_TEST(overrun_leads_to_a_dump)
{
	struct fake_bytes bytes = { 0 };

	start_and_settle();
	fake_end(&bytes, fake_begin(&bytes, NLMSG_OVERRUN, 0, 0));
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, &bytes, 0);
	UNTIL(t.n_end == 2);
	UNTIL(t.own.counters.resyncs == 1);
}
END_TEST

START_TEST(oversized_and_garbled_notifications_lead_to_a_dump)
{
	struct fake_bytes garbage = { .len = 20, .data = { 7 } };

	start_and_settle();
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -EMSGSIZE);
	UNTIL(t.n_end == 2);
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, &garbage, 0);
	UNTIL(t.n_end == 3);
	UNTIL(t.own.counters.resyncs == 2);
	ck_assert_uint_eq(t.own.counters.limits_hit, 1);
	ck_assert_uint_eq(t.own.counters.errors, 1);
	ck_assert_uint_eq(t.n_lost, 0);
}
END_TEST

START_TEST(interrupted_dump_is_repeated_and_proves_nothing)
{
	t.kernel.n_interrupted = 2;
	start_and_settle();
	ck_assert_uint_eq(t.kernel.n_dumps, 3);
	ck_assert_uint_eq(t.n_begin, 1); /* told once, when it was whole */
	ck_assert_uint_eq(t.own.counters.resyncs, 2);
}
END_TEST

START_TEST(endless_interruptions_are_paced)
{
	t.kernel.n_interrupted = UINT32_MAX;
	start();
	pass(500 * MSEC);
	ck_assert_uint_ge(t.kernel.n_dumps, 5);
	ck_assert_uint_le(t.kernel.n_dumps, 20);
	ck_assert_uint_eq(t.n_begin, 0);
	ck_assert_int_eq(t.own.state, ERM_SOURCE_STARTING);
	t.kernel.n_interrupted = 0;
	UNTIL(t.own.state == ERM_SOURCE_OK);
}
END_TEST

START_TEST(gap_in_sequence_numbers_leads_to_a_dump)
{
	start_and_settle();
	t.kernel.drop_answer = 1; /* of two in a batch the first */
	UNTIL(t.n_end == 2);
	UNTIL(t.own.counters.resyncs == 1);
	ck_assert_uint_eq(t.own.counters.timeouts, 0);
	ck_assert_uint_eq(t.n_lost, 0);
}
END_TEST

START_TEST(one_lost_answer_is_a_timeout_and_a_dump)
{
	start_and_settle();
	t.kernel.drop_answer = 2; /* the last: nothing follows that could tell */
	UNTIL(t.n_end == 2);
	UNTIL(t.own.counters.timeouts == 1);
	ck_assert_uint_eq(t.n_lost, 0);
}
END_TEST

START_TEST(a_mute_kernel_is_a_lost_source)
{
	start_and_settle();
	t.kernel.n_mute = UINT32_MAX;
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_TIMEOUT);
	ck_assert(!t.own.is_void);
	ck_assert(t.now[0].has_carrier); /* nothing is taken back: the model ages it */
	t.kernel.n_mute = 0;
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(t.n_end, 2);
	ck_assert_uint_ge(t.own.counters.reconnects, 1);
}
END_TEST

START_TEST(a_failing_socket_is_reopened)
{
	unsigned int n_opens;

	start_and_settle();
	n_opens = t.kernel.n_opens;
	lose_carrier("e1");
	fake_kernel_push(&t.kernel, ERM_RTNL_SOCKET_EVENTS, NULL, -EIO);
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_SYSTEM);
	ck_assert_str_ne(t.own.text, "");
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert_uint_eq(t.kernel.n_opens, n_opens + 2);
	ck_assert(!t.now[1].has_carrier);
	ck_assert_str_eq(t.own.text, "");
}
END_TEST

START_TEST(failing_open_is_retried_with_growing_pauses)
{
	usec_t begin = monotonic();

	t.kernel.n_open_fails = 3;
	start();
	UNTIL(t.own.state == ERM_SOURCE_LOST);
	ck_assert_int_eq(t.own.reason, ERM_REASON_PERMISSION);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert_uint_ge(monotonic() - begin, 1400 * MSEC); /* 0.2 + 0.4 + 0.8 s */
	ck_assert_uint_eq(t.n_lost, 1);
}
END_TEST

START_TEST(absent_interface_comes_unannounced)
{
	fake_kernel_remove(&t.kernel, "e1");
	start_and_settle();
	ck_assert(t.now[0].is_present && !t.now[1].is_present);
	add_link("e1", 9);
	UNTIL(t.now[1].is_present);
	ck_assert(t.now[1].is_new);
	fake_kernel_remove(&t.kernel, "e1");
	UNTIL(!t.now[1].is_present);
	ck_assert_uint_eq(t.own.counters.errors, 0);
}
END_TEST

START_TEST(deleted_and_recreated_with_the_same_index)
{
	struct fake_link e0;

	t.config->sources[0].poll_usec = 10 * SEC;
	start_and_settle();
	e0 = *fake_kernel_find(&t.kernel, "e0");
	fake_kernel_notify(&t.kernel, &e0, RTM_DELLINK);
	e0.change = UINT32_MAX;
	fake_kernel_notify(&t.kernel, &e0, RTM_NEWLINK);
	UNTIL(t.n_new == 1);
	ck_assert(t.now[0].is_present);
	/* And gone for good. */
	fake_kernel_remove(&t.kernel, "e0");
	fake_kernel_notify(&t.kernel, &e0, RTM_DELLINK);
	UNTIL(!t.now[0].is_present);
}
END_TEST

START_TEST(an_error_is_neither_absent_nor_down)
{
	start_and_settle();
	t.kernel.single_error = -EBUSY;
	pass(100 * MSEC);
	ck_assert(t.now[0].is_present && t.now[0].has_carrier);
	t.kernel.single_error = 0;
	lose_carrier("e0");
	UNTIL(!t.now[0].has_carrier);
	UNTIL(t.own.counters.errors > 0);
}
END_TEST

START_TEST(a_flood_of_notifications_does_not_hog_the_loop)
{
	unsigned int n_turns = 0;

	start_and_settle();
	lose_carrier("e1");
	for (int i = 0; i < 300; i++)
		fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "lo"), RTM_NEWLINK);
	fake_kernel_notify(&t.kernel, fake_kernel_find(&t.kernel, "e1"), RTM_NEWLINK);
	while (t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS] > 0) {
		size_t before = t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS];

		ck_assert_int_ge(sd_event_run(t.event, SEC), 0);
		ck_assert_uint_le(before - t.kernel.n_queue[ERM_RTNL_SOCKET_EVENTS], 64);
		n_turns++;
	}
	ck_assert_uint_ge(n_turns, 5);
	UNTIL(!t.now[1].has_carrier);
}
END_TEST

static void check_polls(unsigned int n_interfaces, bool by_dump)
{
	char text[N_MANY][16];
	const char *many[N_MANY + 1] = { NULL };
	unsigned int n_dumps, n_singles;

	for (unsigned int i = 0; i < n_interfaces; i++) {
		(void)snprintf(text[i], sizeof(text[i]), "m%u", i);
		many[i] = text[i];
		add_link(many[i], 100 + i);
	}
	erm_config_unref(t.config);
	t.config = fake_config(many);
	start_and_settle();
	n_dumps = t.kernel.n_dumps;
	n_singles = t.kernel.n_singles;
	lose_carrier("m3");
	UNTIL(!t.now[3].has_carrier);
	ck_assert(by_dump == (t.kernel.n_dumps > n_dumps));
	ck_assert(by_dump == (t.kernel.n_singles == n_singles));
	ck_assert_uint_eq(t.n_begin, 1); /* a poll is no report */
	for (unsigned int i = 0; i < n_interfaces; i++)
		ck_assert(t.now[i].has_carrier == (i != 3));
}

START_TEST(a_few_interfaces_are_polled_one_by_one)
{
	check_polls(20, false);
}
END_TEST

START_TEST(many_interfaces_are_polled_by_dump)
{
	check_polls(N_MANY, true);
}
END_TEST

START_TEST(reload_tells_everything_under_the_new_positions)
{
	static const char *const swapped[] = { "e9", "e1", "e0", NULL };
	struct erm_config *next = fake_config(swapped);
	uint32_t down_count;

	start_and_settle();
	lose_carrier("e0")->down_count = 5;
	next->sources = realloc(next->sources, 2 * sizeof(*next->sources));
	ck_assert_ptr_nonnull(next->sources);
	next->n_sources = 2;
	next->sources[1] = next->sources[0];
	next->sources[1].name = strdup("again");
	ck_assert_int_eq(erm_source_rtnl_ops.reconfigure(t.source, next, 7), -EINVAL);
	ck_assert_int_eq(erm_source_rtnl_ops.reconfigure(t.source, next, 1), 0);
	erm_config_unref(next);
	t.index = 1;
	t.own.state = 0;
	memset(t.now, 0, sizeof(t.now));
	UNTIL(t.n_end == 2);
	UNTIL(t.own.state == ERM_SOURCE_OK);
	ck_assert(!t.now[0].is_present);
	ck_assert(t.now[1].has_carrier);
	ck_assert(t.now[2].is_present && !t.now[2].has_carrier);
	down_count = t.now[2].carrier_down_count;
	ck_assert_uint_eq(down_count, 5);
	ck_assert_uint_eq(t.n_new, 0);
	ck_assert_uint_eq(t.kernel.n_opens, 2); /* the sockets stay */
}
END_TEST

START_TEST(full_dump_each_resync_period)
{
	t.config->sources[0].resync_usec = 100 * MSEC;
	start_and_settle();
	UNTIL(t.n_end == 4);
	ck_assert_uint_eq(t.own.counters.resyncs, 0); /* nothing was missed */
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("sources_rtnl");
	TCase *tc = tcase_create("rest"), *faults = tcase_create("faults");

	tcase_set_timeout(tc, 20);
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, start_tells_everything_in_brackets);
	tcase_add_test(tc, carrier_loss_without_a_notification);
	tcase_add_test(tc, notification_is_looked_into_at_once);
	tcase_add_test(tc, unchanged_polls_tell_nothing);
	tcase_add_test(tc, polls_are_fast_after_a_change_and_slow_again);
	tcase_add_test(tc, a_hint_polls_at_once);
	tcase_add_test(tc, heartbeat_once_a_second_with_counters);
	tcase_add_test(tc, no_interfaces_still_a_heartbeat);
	tcase_add_test(tc, absent_interface_comes_unannounced);
	tcase_add_test(tc, deleted_and_recreated_with_the_same_index);
	tcase_add_test(tc, a_few_interfaces_are_polled_one_by_one);
	tcase_add_test(tc, many_interfaces_are_polled_by_dump);
	tcase_add_test(tc, reload_tells_everything_under_the_new_positions);
	tcase_add_test(tc, full_dump_each_resync_period);
	suite_add_tcase(s, tc);
	tcase_set_timeout(faults, 20);
	tcase_add_checked_fixture(faults, set_up, tear_down);
	tcase_add_test(faults, enobufs_leads_to_a_dump);
	tcase_add_test(faults, overrun_leads_to_a_dump);
	tcase_add_test(faults, oversized_and_garbled_notifications_lead_to_a_dump);
	tcase_add_test(faults, interrupted_dump_is_repeated_and_proves_nothing);
	tcase_add_test(faults, endless_interruptions_are_paced);
	tcase_add_test(faults, gap_in_sequence_numbers_leads_to_a_dump);
	tcase_add_test(faults, one_lost_answer_is_a_timeout_and_a_dump);
	tcase_add_test(faults, a_mute_kernel_is_a_lost_source);
	tcase_add_test(faults, a_failing_socket_is_reopened);
	tcase_add_test(faults, failing_open_is_retried_with_growing_pauses);
	tcase_add_test(faults, an_error_is_neither_absent_nor_down);
	tcase_add_test(faults, a_flood_of_notifications_does_not_hog_the_loop);
	suite_add_tcase(s, faults);
	return s;
}

ERM_CHECK_MAIN(suite)
