#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "ctl_fixture.h"

START_TEST(test_garbage_is_answered_and_dropped)
{
	int fd = ctl_open();

	ctl_ask(fd, "GET / HTTP/1.1");
	ctl_expect(fd, "{\"error\":\"org.ermon.BadRequest\",\"parameters\":{\"reason\":"
		       "\"not a JSON object\"}}");
	ctl_expect_end(fd);
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_GARBAGE], 1);
}
END_TEST

START_TEST(test_giant_request)
{
	_cleanup_free_ char *giant = malloc(1000000);
	int fd = ctl_open();

	memset(giant, ' ', 1000000);
	ctl_put(fd, giant, 1000000);
	ctl_expect_end(fd);
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_TOO_LARGE], 1);
	/* The longest that is allowed. */
	fd = ctl_open();
	memcpy(giant + ctl.limits.request_bytes - sizeof(GET), GET, sizeof(GET));
	ctl_put(fd, giant, ctl.limits.request_bytes);
	ctl_expect(fd, ANSWER);
	(void)close(fd);
}
END_TEST

START_TEST(test_half_a_request_times_out)
{
	int half;
	int idle;
	int busy;

	ctl.limits.timeout_usec = 200 * ERM_USEC_PER_MSEC;
	ctl_restart();
	half = ctl_open();
	idle = ctl_open();
	busy = ctl_open();
	ctl_put(half, GET, 10);
	ctl_ask(busy, SUBSCRIBE);
	ctl_expect(busy, STARTED);
	ctl_expect_end(half);
	ctl_expect_end(idle);
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_TIMEOUT], 2);
	/* A subscriber has nothing to say. */
	ck_assert_uint_eq(ctl_counters().clients, 1);
	(void)close(busy);
}
END_TEST

START_TEST(test_a_slow_reader_is_dropped)
{
	struct erm_event *events[64];
	int slow = ctl_open();
	int good = ctl_open();

	ctl.limits.queue_bytes = 20000;
	ctl_restart();
	(void)close(slow);
	(void)close(good);
	slow = ctl_open();
	good = ctl_open();
	ctl_ask(slow, SUBSCRIBE);
	ctl_ask(good, SUBSCRIBE);
	ctl_expect(slow, STARTED);
	ctl_expect(good, STARTED);
	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++)
		events[i] = ctl_make_event(i);
	while (ctl_counters().gone[ERM_CTL_GONE_SLOW] == 0) {
		erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, events, ERM_ELEMENTS(events));
		for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++)
			free(ctl_next_message(good));
	}
	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++)
		erm_event_unref(events[i]);
	ctl_wait_for_clients(1);
	ctl_ask(good, GET); /* not while subscribed */
	ctl_expect_end(good);
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_GARBAGE], 1);
	(void)close(slow);
}
END_TEST

START_TEST(test_a_reader_that_stops_in_a_long_reply_times_out)
{
	int fd;

	ctl.padding = 8000000; /* one reply may be longer than the queue */
	ctl.limits.timeout_usec = 200 * ERM_USEC_PER_MSEC;
	ctl_restart();
	fd = ctl_open();
	ctl_ask(fd, GET);
	while (ctl_counters().gone[ERM_CTL_GONE_SLOW] == 0)
		ctl_spin();
	(void)close(fd);
	ctl.limits.timeout_usec = erm_ctl_default_limits.timeout_usec;
	ctl_restart();
	fd = ctl_open();
	ctl_ask(fd, GET);
	ctl_expect_word(fd, "3/1f/");
	(void)close(fd);
}
END_TEST

START_TEST(test_all_replies_together_are_limited)
{
	int fd;
	int second;

	ctl.padding = 8000000;
	ctl.limits.total_bytes = 9000000;
	ctl_restart();
	fd = ctl_open();
	second = ctl_open();
	ctl_ask(fd, GET);
	ctl_ask(second, GET);
	while (ctl_counters().gone[ERM_CTL_GONE_FULL] == 0)
		ctl_spin();
	(void)close(fd);
	(void)close(second);
}
END_TEST

START_TEST(test_a_thousand_clients)
{
	struct rlimit files = { 4096, 4096 };
	int fds[1000];
	unsigned int n_answered = 0;
	unsigned int n_refused = 0;

	(void)setrlimit(RLIMIT_NOFILE, &files);
	for (size_t i = 0; i < ERM_ELEMENTS(fds); i++) {
		fds[i] = ctl_open();
		ctl_ask(fds[i], GET);
	}
	for (size_t i = 0; i < ERM_ELEMENTS(fds); i++) {
		_cleanup_free_ char *text = ctl_next_message(fds[i]);

		n_answered += text && strcmp(text, ANSWER) == 0;
		n_refused += text && strstr(text, "TooManyClients") != NULL;
	}
	ck_assert_uint_eq(n_answered, ctl.limits.clients);
	ck_assert_uint_eq(n_answered + n_refused, ERM_ELEMENTS(fds));
	ck_assert_uint_eq(ctl_counters().refused, n_refused);
	ck_assert_uint_eq(ctl_counters().clients, ctl.limits.clients);
	for (size_t i = 0; i < ERM_ELEMENTS(fds); i++)
		(void)close(fds[i]);
	ctl_wait_for_clients(0);
	fds[0] = ctl_open();
	ctl_ask(fds[0], GET);
	ctl_expect(fds[0], ANSWER);
	(void)close(fds[0]);
}
END_TEST

START_TEST(test_out_of_descriptors)
{
	struct rlimit files;
	int fd = ctl_open();
	int second;

	ctl_ask(fd, GET);
	ctl_expect(fd, ANSWER);
	second = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
	files.rlim_cur = (rlim_t)second + 1;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	(void)close(second);
	second = ctl_open();
	ctl_ask(second, GET);
	ctl_ask(fd, GET); /* those inside go on */
	ctl_expect(fd, ANSWER);
	files.rlim_cur = files.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
	ctl_expect(second, ANSWER); /* after the listener's pause */
	(void)close(fd);
	(void)close(second);
}
END_TEST

START_TEST(test_too_many_requests_wait)
{
	int fd;

	ctl.limits.burst = 3;
	ctl.limits.rate_per_sec = 20;
	ctl_restart();
	fd = ctl_open();
	for (int i = 0; i < 10; i++)
		ctl_ask(fd, GET);
	ck_assert_int_eq(shutdown(fd, SHUT_WR), 0);
	for (int i = 0; i < 10; i++)
		ctl_expect(fd, ANSWER);
	ctl_expect_end(fd);
	ck_assert_uint_gt(ctl_counters().throttled, 0);
	ck_assert_uint_eq(ctl_counters().requests, 10);
}
END_TEST

START_TEST(test_events_too_many_to_encode)
{
	struct erm_event *events[100];
	int fd;

	ctl.limits.jobs = 50;
	ctl_restart();
	fd = ctl_open();
	ctl_ask(fd, SUBSCRIBE);
	ctl_expect(fd, STARTED);
	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++)
		events[i] = ctl_make_event(i);
	/* Results are not taken meanwhile: the loop does not turn. */
	erm_publisher_ctl_ops.publish(ctl.pub, ctl.snapshot, events, ERM_ELEMENTS(events));
	ctl_expect_end(fd); /* rather than a gap nobody sees */
	ck_assert_uint_eq(ctl_counters().gone[ERM_CTL_GONE_FULL], 1);
	for (uint32_t i = 0; i < ERM_ELEMENTS(events); i++)
		erm_event_unref(events[i]);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("publish/ctl limits");
	TCase *t = tcase_create("ctl");

	tcase_add_checked_fixture(t, ctl_set_up, ctl_tear_down);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, test_garbage_is_answered_and_dropped);
	tcase_add_test(t, test_giant_request);
	tcase_add_test(t, test_half_a_request_times_out);
	tcase_add_test(t, test_a_slow_reader_is_dropped);
	tcase_add_test(t, test_a_reader_that_stops_in_a_long_reply_times_out);
	tcase_add_test(t, test_all_replies_together_are_limited);
	tcase_add_test(t, test_a_thousand_clients);
	tcase_add_test(t, test_out_of_descriptors);
	tcase_add_test(t, test_too_many_requests_wait);
	tcase_add_test(t, test_events_too_many_to_encode);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
