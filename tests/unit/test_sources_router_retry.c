/* When a router is tried again: by the clock of the caller, and as its socket is made in a folder. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check_main.h"
#include "sources/router/retry.h"

#define MSEC ERM_USEC_PER_MSEC
#define NOW  ((usec_t)1000 * ERM_USEC_PER_SEC)

static const struct erm_router_backoff limits = {
	.min_usec = 200 * MSEC,
	.max_usec = 5000 * MSEC,
	.made_spacing_usec = 50 * MSEC,
	.made_usec = 70 * MSEC,
};

static struct {
	sd_event *event;
	struct erm_router_retry retry;
	char dir[32], socket[48];
	unsigned int n_made;
} t;

static void on_made(void *userdata)
{
	ck_assert_ptr_eq(userdata, &t);
	t.n_made++;
}

static void make_folder(void)
{
	(void)snprintf(t.dir, sizeof(t.dir), "/tmp/ermon-retry-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.dir));
	(void)snprintf(t.socket, sizeof(t.socket), "%s/bgpd.vty", t.dir);
}

static void remove_folder(void)
{
	(void)unlink(t.socket);
	(void)rmdir(t.dir);
}

static void set_up(void)
{
	(void)unlink(t.socket); /* of the test before */
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	ck_assert_int_eq(erm_router_retry_init(&t.retry, t.event, &limits, "r1", on_made, &t), 0);
	ck_assert_ptr_nonnull(t.retry.watch);
}

static void tear_down(void)
{
	erm_router_retry_done(&t.retry);
	sd_event_unref(t.event);
}

/* How often the loop has told of the socket, now that nothing is left to be read. */
static unsigned int told(void)
{
	unsigned int n_before = t.n_made;

	while (sd_event_run(t.event, 0) > 0)
		;
	return t.n_made - n_before;
}

static void make_socket(void)
{
	int fd = open(t.socket, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(close(fd), 0);
}

static void fails_for(usec_t backoff)
{
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	ck_assert_uint_eq(t.retry.at, ERM_USEC_INFINITY);
	erm_router_retry_failed(&t.retry, NOW, t.socket);
	ck_assert_uint_eq(t.retry.at, NOW + backoff);
}

START_TEST(backoff_doubles_up_to_its_cap)
{
	static const usec_t msec[] = { 200, 400, 800, 1600, 3200, 5000, 5000 };

	ck_assert_uint_eq(t.retry.at, 0); /* the first try is due */
	for (size_t i = 0; i < sizeof(msec) / sizeof(msec[0]); i++)
		fails_for(msec[i] * MSEC);
}
END_TEST

START_TEST(answer_forgets_the_failures)
{
	fails_for(200 * MSEC);
	fails_for(400 * MSEC);
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	erm_router_retry_good(&t.retry);
	ck_assert_uint_eq(t.retry.at, ERM_USEC_INFINITY);
	fails_for(200 * MSEC);
	fails_for(400 * MSEC);
}
END_TEST

START_TEST(another_router_is_tried_at_once)
{
	fails_for(200 * MSEC);
	fails_for(400 * MSEC);
	erm_router_retry_anew(&t.retry);
	ck_assert_uint_eq(t.retry.at, 0);
	fails_for(200 * MSEC);
}
END_TEST

START_TEST(made_socket_is_tried_soon_after_the_last_try)
{
	fails_for(200 * MSEC);
	fails_for(400 * MSEC);
	erm_router_retry_made(&t.retry);
	ck_assert_uint_eq(t.retry.at, NOW + 50 * MSEC);
	/* it did not listen yet */
	fails_for(70 * MSEC);
	fails_for(140 * MSEC);
}
END_TEST

START_TEST(made_socket_puts_no_try_off)
{
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	/* as of a try that has failed long after it began */
	erm_router_retry_failed(&t.retry, NOW - 190 * MSEC, t.socket);
	erm_router_retry_made(&t.retry);
	ck_assert_uint_eq(t.retry.at, NOW + 10 * MSEC);
}
END_TEST

START_TEST(socket_made_while_a_try_fails_is_not_missed)
{
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	make_socket();
	erm_router_retry_failed(&t.retry, NOW, t.socket);
	ck_assert_uint_gt(told(), 0);
}
END_TEST

START_TEST(socket_made_between_tries_is_told)
{
	fails_for(200 * MSEC);
	ck_assert_uint_eq(told(), 0);
	make_socket();
	ck_assert_uint_gt(told(), 0);
}
END_TEST

START_TEST(socket_of_a_good_router_is_not_watched)
{
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	erm_router_retry_good(&t.retry);
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	make_socket();
	ck_assert_uint_eq(told(), 0);
	/* it is again when the router is lost */
	erm_router_retry_failed(&t.retry, NOW, t.socket);
	ck_assert_int_eq(unlink(t.socket), 0);
	make_socket();
	ck_assert_uint_gt(told(), 0);
}
END_TEST

START_TEST(socket_of_another_router_is_watched)
{
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	erm_router_retry_good(&t.retry);
	erm_router_retry_anew(&t.retry);
	erm_router_retry_begin(&t.retry, NOW, t.socket);
	make_socket();
	ck_assert_uint_gt(told(), 0);
}
END_TEST

START_TEST(without_inotify_the_backoff_does_the_work)
{
	struct rlimit none = { .rlim_cur = 0, .rlim_max = 0 };
	struct rlimit before;
	int r;

	erm_router_retry_done(&t.retry);
	ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
	none.rlim_max = before.rlim_max;
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
	r = erm_router_retry_init(&t.retry, t.event, &limits, "r1", on_made, &t);
	ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &before), 0);
	ck_assert_int_eq(r, 0);
	ck_assert_ptr_null(t.retry.watch);
	fails_for(200 * MSEC);
	fails_for(400 * MSEC);
	erm_router_retry_good(&t.retry);
	fails_for(200 * MSEC);
}
END_TEST

static Suite *retry_suite(void)
{
	Suite *suite = suite_create("sources/router_retry");
	TCase *clock = tcase_create("clock"), *folder = tcase_create("folder");

	tcase_add_unchecked_fixture(clock, make_folder, remove_folder);
	tcase_add_checked_fixture(clock, set_up, tear_down);
	tcase_add_test(clock, backoff_doubles_up_to_its_cap);
	tcase_add_test(clock, answer_forgets_the_failures);
	tcase_add_test(clock, another_router_is_tried_at_once);
	tcase_add_test(clock, made_socket_is_tried_soon_after_the_last_try);
	tcase_add_test(clock, made_socket_puts_no_try_off);
	suite_add_tcase(suite, clock);

	tcase_add_unchecked_fixture(folder, make_folder, remove_folder);
	tcase_add_checked_fixture(folder, set_up, tear_down);
	tcase_add_test(folder, socket_made_while_a_try_fails_is_not_missed);
	tcase_add_test(folder, socket_made_between_tries_is_told);
	tcase_add_test(folder, socket_of_a_good_router_is_not_watched);
	tcase_add_test(folder, socket_of_another_router_is_watched);
	tcase_add_test(folder, without_inotify_the_backoff_does_the_work);
	suite_add_tcase(suite, folder);
	return suite;
}

ERM_CHECK_MAIN(retry_suite)
