/* Threads leave the signals to the main one; a stuck one is left behind, and cleans up. */
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

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

/* Does what it is asked, once; stuck in a pipe when it has one. */
struct work {
	int n_asked, n_done;
	int stuck_fd, stuck_in_fd, destroyed_fd;
};

static void work_run(struct erm_worker *worker, void *userdata)
{
	struct work *work = userdata;
	char byte = 0;

	if (work->stuck_fd >= 0) {
		(void)!write(work->stuck_in_fd, "", 1);
		(void)!read(work->stuck_fd, &byte, 1);
	}
	erm_worker_lock(worker);
	while (work->n_asked == 0 && erm_worker_wait(worker, ERM_USEC_INFINITY))
		;
	ck_assert(erm_worker_is_ending(worker) || work->n_asked > 0);
	work->n_done = work->n_asked;
	erm_worker_unlock(worker);
}

static void work_destroy(void *userdata)
{
	struct work *work = userdata;

	(void)!write(work->destroyed_fd, "", 1);
}

static void make_pipe(int *ret_read, int *ret_write)
{
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	*ret_read = fds[0];
	*ret_write = fds[1];
}

START_TEST(test_worker_works_and_ends)
{
	struct erm_worker *worker = NULL;
	struct work work = { .stuck_fd = -1 };
	int destroyed_fd;
	char byte;

	make_pipe(&destroyed_fd, &work.destroyed_fd);
	ck_assert_int_eq(erm_worker_start(work_run, work_destroy, &work, &worker), 0);
	erm_worker_lock(worker);
	work.n_asked = 3;
	erm_worker_wake(worker);
	erm_worker_unlock(worker);
	ck_assert(erm_worker_end(worker, ERM_USEC_INFINITY));
	ck_assert_int_eq(work.n_done, 3);
	/* Before end() returned. */
	ck_assert_int_eq(fcntl(destroyed_fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(read(destroyed_fd, &byte, 1), 1);
	(void)close(destroyed_fd);
	(void)close(work.destroyed_fd);
}
END_TEST

START_TEST(test_worker_that_is_stuck_is_left_behind)
{
	static struct work work; /* outlives the test: the thread may */
	struct erm_worker *worker = NULL;
	int destroyed_fd;
	int stuck_fd;
	int is_stuck_fd;
	usec_t before;
	char byte;

	make_pipe(&destroyed_fd, &work.destroyed_fd);
	make_pipe(&work.stuck_fd, &stuck_fd);
	make_pipe(&is_stuck_fd, &work.stuck_in_fd);
	ck_assert_int_eq(erm_worker_start(work_run, work_destroy, &work, &worker), 0);
	ck_assert_int_eq(read(is_stuck_fd, &byte, 1), 1);
	before = erm_time_now().mono;
	ck_assert(!erm_worker_end(worker, 20 * ERM_USEC_PER_MSEC));
	ck_assert_uint_ge(erm_time_now().mono - before, 20 * ERM_USEC_PER_MSEC);
	ck_assert_int_eq(fcntl(destroyed_fd, F_SETFL, O_NONBLOCK), 0);
	ck_assert_int_eq(read(destroyed_fd, &byte, 1), -1);
	ck_assert_int_eq(fcntl(destroyed_fd, F_SETFL, 0), 0);
	ck_assert_int_eq(write(stuck_fd, "", 1), 1);
	ck_assert_int_eq(read(destroyed_fd, &byte, 1), 1);
}
END_TEST

START_TEST(test_no_worker_has_ended)
{
	ck_assert(erm_worker_end(NULL, 0));
}
END_TEST

static Suite *thread_suite(void)
{
	Suite *s = suite_create("base/thread");
	TCase *t = tcase_create("thread");

	tcase_add_test(t, test_every_signal_is_blocked);
	tcase_add_test(t, test_but_the_one_it_takes);
	tcase_add_test(t, test_the_caller_keeps_its_mask);
	tcase_add_test(t, test_worker_works_and_ends);
	tcase_add_test(t, test_worker_that_is_stuck_is_left_behind);
	tcase_add_test(t, test_no_worker_has_ended);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(thread_suite)
