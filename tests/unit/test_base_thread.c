/* Threads leave the signals to the main one. */
#include <signal.h>
#include <stddef.h>

#include "base/thread.h"
#include "check_main.h"

static void *take_mask(void *arg)
{
	(void)pthread_sigmask(SIG_BLOCK, NULL, arg);
	return arg;
}

static void start_and_join(int taken, sigset_t *ret_mask)
{
	pthread_t thread;
	void *result = NULL;

	ck_assert_int_eq(erm_thread_start(&thread, take_mask, ret_mask, taken), 0);
	ck_assert_int_eq(pthread_join(thread, &result), 0);
	ck_assert_ptr_eq(result, ret_mask);
}

START_TEST(test_every_signal_is_blocked)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	start_and_join(0, &mask);
	ck_assert_int_eq(sigismember(&mask, SIGTERM), 1);
	ck_assert_int_eq(sigismember(&mask, SIGHUP), 1);
	ck_assert_int_eq(sigismember(&mask, SIGUSR1), 1);
	ck_assert_int_eq(sigismember(&mask, SIGCHLD), 1);
}
END_TEST

START_TEST(test_but_the_one_it_takes)
{
	sigset_t mask;

	(void)sigfillset(&mask);
	start_and_join(SIGUSR1, &mask);
	ck_assert_int_eq(sigismember(&mask, SIGUSR1), 0);
	ck_assert_int_eq(sigismember(&mask, SIGTERM), 1);
}
END_TEST

START_TEST(test_the_caller_keeps_its_mask)
{
	sigset_t own;
	sigset_t other;

	(void)sigemptyset(&own);
	(void)sigaddset(&own, SIGUSR2);
	ck_assert_int_eq(pthread_sigmask(SIG_SETMASK, &own, NULL), 0);
	start_and_join(0, &other);
	ck_assert_int_eq(pthread_sigmask(SIG_BLOCK, NULL, &own), 0);
	ck_assert_int_eq(sigismember(&own, SIGUSR2), 1);
	ck_assert_int_eq(sigismember(&own, SIGUSR1), 0);
	ck_assert_int_eq(sigismember(&own, SIGTERM), 0);
}
END_TEST

static Suite *thread_suite(void)
{
	Suite *s = suite_create("base/thread");
	TCase *t = tcase_create("thread");

	tcase_add_test(t, test_every_signal_is_blocked);
	tcase_add_test(t, test_but_the_one_it_takes);
	tcase_add_test(t, test_the_caller_keeps_its_mask);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(thread_suite)
