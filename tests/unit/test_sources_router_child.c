/*
 * The life of a process that asks for us.  waitpid(2) and pidfd_open(2) are wrapped: nobody may
 * wait, a process may take long to go (as one in the middle of I/O does, SIGKILL or not), and
 * there may be no descriptor left to watch it.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "check_main.h"
#include "sources/router/child.h"

#define TURN_USEC ((uint64_t)10 * 1000)

static struct {
	sd_event *event;
	struct erm_router_child *child;
	bool is_watched;      /* waitpid(2) is the child's, not Check's */
	unsigned int n_stuck; /* so often it is told that the process is still there */
	bool has_no_fd;
	unsigned int n_ended;
	int status;
	bool was_killed;
	char said[32];
	size_t n_said;
} t;

pid_t __real_waitpid(pid_t pid, int *status, int options);
pid_t __wrap_waitpid(pid_t pid, int *status, int options);
int __real_pidfd_open(pid_t pid, unsigned int flags);
int __wrap_pidfd_open(pid_t pid, unsigned int flags);

pid_t __wrap_waitpid(pid_t pid, int *status, int options)
{
	if (t.is_watched)
		ck_assert_msg(options & WNOHANG, "the event loop would wait");
	if (t.is_watched && t.n_stuck > 0) {
		t.n_stuck--;
		return 0;
	}
	return __real_waitpid(pid, status, options);
}

int __wrap_pidfd_open(pid_t pid, unsigned int flags)
{
	if (!t.has_no_fd)
		return __real_pidfd_open(pid, flags);
	errno = EMFILE;
	return -1;
}

static void on_readable(void *userdata, int fd)
{
	ssize_t n = read(fd, t.said + t.n_said, sizeof(t.said) - 1 - t.n_said);

	ck_assert_ptr_eq(userdata, &t);
	if (n > 0)
		t.n_said += (size_t)n;
	else if (n == 0)
		erm_router_child_close(t.child);
}

static void on_ended(void *userdata, int status, bool was_killed)
{
	ck_assert_ptr_eq(userdata, &t);
	t.n_ended++;
	t.status = status;
	t.was_killed = was_killed;
}

static const struct erm_router_child_handler handler = { .readable = on_readable,
							 .ended = on_ended };

static void set_up(void)
{
	memset(&t, 0, sizeof(t));
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	ck_assert_int_eq(erm_router_child_new(t.event, &handler, &t, &t.child), 0);
	t.is_watched = true;
}

static void tear_down(void)
{
	t.child = erm_router_child_free(t.child);
	t.event = sd_event_unref(t.event);
}

static int run(const char *script)
{
	char name[] = "sh", option[] = "-c";
	_cleanup_free_ char *text = strdup(script);
	char *argv[] = { name, option, text, NULL };

	ck_assert_ptr_nonnull(text);
	return erm_router_child_run(t.child, ERM_ROUTER_CHILD_LISTENED, "/bin/sh", argv);
}

/* Neither running nor a zombie. */
static bool has_no_process(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

static void await_end(void)
{
	while (t.n_ended == 0 || erm_router_child_fd(t.child) >= 0)
		ck_assert_int_ge(sd_event_run(t.event, TURN_USEC), 0);
	ck_assert(has_no_process());
}

static unsigned int n_fds(void)
{
	unsigned int n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

START_TEST(what_it_says_and_its_status_are_told)
{
	ck_assert_int_eq(run("echo out; echo err >&2; exit 3"), 0);
	ck_assert(erm_router_child_is_there(t.child) && erm_router_child_is_alive(t.child));
	await_end();
	ck_assert_int_eq(t.status, 3);
	ck_assert(!t.was_killed);
	ck_assert_str_eq(t.said, "out\nerr\n");
	ck_assert(!erm_router_child_is_there(t.child));
}
END_TEST

START_TEST(end_of_a_killed_one_comes_later)
{
	ck_assert_int_eq(run("exec sleep 60"), 0);
	t.n_stuck = 3;
	erm_router_child_kill(t.child);
	ck_assert_int_eq(erm_router_child_fd(t.child), -1);
	ck_assert(erm_router_child_is_there(t.child) && !erm_router_child_is_alive(t.child));
	ck_assert_uint_eq(t.n_ended, 0);
	await_end();
	ck_assert_uint_eq(t.n_stuck, 0);
	ck_assert_uint_eq(t.n_ended, 1);
	ck_assert(t.was_killed);
	ck_assert_int_eq(t.status, -1);
}
END_TEST

START_TEST(freed_one_is_reaped_by_the_loop)
{
	unsigned int n = n_fds();

	ck_assert_int_eq(run("exec sleep 60"), 0);
	t.n_stuck = 3;
	t.child = erm_router_child_free(t.child);
	ck_assert_uint_eq(t.n_stuck, 3);
	while (!has_no_process())
		ck_assert_int_ge(sd_event_run(t.event, TURN_USEC), 0);
	ck_assert_uint_eq(t.n_stuck, 0);
	ck_assert_uint_eq(t.n_ended, 0); /* nobody is told any more */
	ck_assert_uint_eq(n_fds(), n);
	ck_assert_int_eq(sd_event_run(t.event, 0), 0);
}
END_TEST

START_TEST(loop_may_end_before_a_freed_one)
{
	unsigned int n;

	tear_down();
	n = n_fds();
	set_up();
	ck_assert_int_eq(run("exec sleep 60"), 0);
	t.child = erm_router_child_free(t.child);
	t.event = sd_event_unref(t.event);
	ck_assert_uint_eq(n_fds(), n);
	ck_assert_uint_eq(t.n_ended, 0);
	/* for init, which is the test here, it is dead */
	t.is_watched = false;
	ck_assert_int_gt(__real_waitpid(-1, NULL, 0), 0);
}
END_TEST

START_TEST(one_that_cannot_be_watched_is_killed)
{
	unsigned int n = n_fds();
	int r;

	t.has_no_fd = true;
	ck_assert_int_eq(run("exec sleep 60"), -EMFILE);
	t.has_no_fd = false;
	ck_assert(!erm_router_child_is_there(t.child) && !erm_router_child_is_alive(t.child));
	ck_assert_int_eq(erm_router_child_fd(t.child), -1);
	ck_assert_uint_eq(n_fds(), n);
	/* the next has to come after it */
	t.n_stuck = 1;
	ck_assert_int_eq(run("exit 4"), -EBUSY);
	do {
		(void)usleep(1000);
		r = run("exit 4");
	} while (r == -EBUSY);
	ck_assert_int_eq(r, 0);
	await_end();
	ck_assert_uint_eq(t.n_ended, 1);
	ck_assert_int_eq(t.status, 4);
	ck_assert(!t.was_killed);
}
END_TEST

START_TEST(program_that_is_not_there_leaves_nothing)
{
	char name[] = "none";
	char *argv[] = { name, NULL };
	unsigned int n = n_fds();

	ck_assert_int_eq(erm_router_child_run(t.child, ERM_ROUTER_CHILD_SPOKEN, "/nonexistent/none",
					      argv),
			 -ENOENT);
	ck_assert(!erm_router_child_is_there(t.child));
	ck_assert_uint_eq(n_fds(), n);
	ck_assert(has_no_process());
}
END_TEST

static Suite *child_suite(void)
{
	Suite *suite = suite_create("sources/router_child");
	TCase *life = tcase_create("life");

	tcase_add_checked_fixture(life, set_up, tear_down);
	tcase_add_test(life, what_it_says_and_its_status_are_told);
	tcase_add_test(life, end_of_a_killed_one_comes_later);
	tcase_add_test(life, freed_one_is_reaped_by_the_loop);
	tcase_add_test(life, loop_may_end_before_a_freed_one);
	tcase_add_test(life, one_that_cannot_be_watched_is_killed);
	tcase_add_test(life, program_that_is_not_there_leaves_nothing);
	suite_add_tcase(suite, life);
	return suite;
}

ERM_CHECK_MAIN(child_suite)
