/*
 * BIRD's side in the middle of a life: it hangs, its echo fails, it restarts between two polls,
 * it is another after a reload.
 */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "bird_bench.h"
#include "check_main.h"

#define NEVER_USEC (3600 * ERM_USEC_PER_SEC)

static const char *const one[] = { "192.0.2.1" };
static const char *const two[] = { "192.0.2.9", "192.0.2.1" };

static bool has_shows(unsigned int n)
{
	return bird.n_shows >= n;
}

static bool has_bfds(unsigned int n)
{
	return bird.n_bfds >= n;
}

static bool has_accepted(unsigned int n)
{
	return bird.n_accepted >= n;
}

static bool has_echoes(unsigned int n)
{
	return bird.n_echoes >= n;
}

static bool is_told(unsigned int state)
{
	return bench.session.bgp == (enum erm_bgp_state)state;
}

/* Told of by its echo or by a hint: a poll will never come. */
static void start_well(void)
{
	bench.config->sources[0].poll_usec = NEVER_USEC;
	bird_up();
	bird_start();
	UNTIL(bench_has_dumps(1));
	ck_assert(is_told(ERM_BGP_ESTABLISHED));
	UNTIL(has_echoes(1));
}

static void reconfigure(const char *socket, const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = bird_config(socket, neighbors, n);

	config->sources[0].poll_usec = bench.config->sources[0].poll_usec;
	bench_reconfigure(&erm_source_bird_ops, config);
}

/* Alive, and never accepts: its queue is full (EAGAIN). */
START_TEST(test_does_not_accept)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fds[8];
	unsigned int n = 0;

	memcpy(addr.sun_path, bench.path, strlen(bench.path) + 1);
	bird.backlog = 0;
	bird_up();
	for (bool is_full = false; !is_full && n < ERM_ELEMENTS(fds); n++) {
		fds[n] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		is_full = connect(fds[n], (struct sockaddr *)&addr, sizeof(addr)) < 0;
		ck_assert(!is_full || errno == EAGAIN);
	}
	(void)sd_event_source_set_enabled(bird.listener, SD_EVENT_OFF);
	bird_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void);
	ck_assert_ptr_nonnull(strstr(bench.src.text, "does not accept"));
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	while (n > 0)
		(void)close(fds[--n]);
	(void)sd_event_source_set_enabled(bird.listener, SD_EVENT_ON);
	bird_check_recovers();
}
END_TEST

/* The kernel takes the connection, BIRD does not: no welcome. */
START_TEST(test_hangs_on_connect)
{
	bench.config->sources[0].timeout_usec = 200 * ERM_USEC_PER_MSEC;
	bird_up();
	(void)sd_event_source_set_enabled(bird.listener, SD_EVENT_OFF);
	bird_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert(!bench.src.is_void);
	ck_assert_uint_eq(bench.n_dumps, 0);
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_SEC;
	(void)sd_event_source_set_enabled(bird.listener, SD_EVENT_ON);
	bird_check_recovers();
}
END_TEST

START_TEST(test_no_word_of_welcome)
{
	bench.config->sources[0].timeout_usec = 200 * ERM_USEC_PER_MSEC;
	bird.mood = BIRD_SILENT;
	bird_up();
	bird_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_uint_eq(bird.n_shows, 0);
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_SEC;
	bird_check_recovers();
}
END_TEST

/* In the second half of a cycle: nothing of its first half is told. */
START_TEST(test_hangs_when_asked_for_bfd)
{
	bench.config->sources[0].timeout_usec = 200 * ERM_USEC_PER_MSEC;
	bird.mood = BIRD_BFD_HANGS;
	bird_up();
	bird_start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_uint_ge(bird.n_bfds, 1);
	ck_assert_uint_eq(bench.n_dumps, 0);
	ck_assert_uint_eq(bench.n_sessions, 0);
	bird_check_recovers();
}
END_TEST

/* "There is no BFD protocol running": the sessions are told all the same. */
START_TEST(test_refuses_bfd)
{
	bird.mood = BIRD_BFD_REFUSES;
	bird_up();
	bird_start();
	UNTIL(has_bfds(2));
	UNTIL(bench_has_dumps(2));
	ck_assert(is_told(ERM_BGP_ESTABLISHED));
	ck_assert_int_eq(bench.session.bfd, ERM_BFD_NONE);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

/* A line of its log makes us look, wherever it is cut; what it logs of our own polls does not. */
START_TEST(test_echo)
{
	start_well();
	bird.state = "Active";
	bird_echo("+CLI: 1\n+CL");
	bench_pass(100 * ERM_USEC_PER_MSEC);
	bird_echo("I: 2\n0016 not of the log\n\n");
	bench_pass(100 * ERM_USEC_PER_MSEC);
	ck_assert_uint_eq(bird.n_shows, 1);
	bird_echo("+one: State chang");
	bird_echo("ed to stop\n");
	UNTIL(is_told(ERM_BGP_ACTIVE));
	ck_assert_uint_eq(bench.n_hints, 1);
	/* once more, as BIRD may say it before it is so; and no further */
	UNTIL(bench_has_dumps(3));
	bench_pass(200 * ERM_USEC_PER_MSEC);
	ck_assert_uint_eq(bird.n_shows, 3);
}
END_TEST

/* Unknown to BIRD, ended or silent: polls tell it all, and it is asked for again at each resync. */
START_TEST(test_no_echo)
{
	bird.echo_mood = (enum bird_echo_mood)_i;
	bench.config->sources[0].resync_usec = NEVER_USEC;
	bird_up();
	bird_start();
	bird_check_recovers();
	bench_await_dumps(5);
	bird.state = "Active";
	UNTIL(is_told(ERM_BGP_ACTIVE));
	UNTIL(has_echoes(1));
	ck_assert_uint_eq(bird.n_echoes, 1);
	ck_assert_uint_eq(bench.src.counters.errors, 0);
	ck_assert_uint_eq(bench.src.counters.reconnects, 0);
}
END_TEST

START_TEST(test_echo_ends_and_comes_again)
{
	bench.config->sources[0].resync_usec = 50 * ERM_USEC_PER_MSEC;
	bird_up();
	bird_start();
	UNTIL(has_echoes(1));
	for (unsigned int i = 2; i < 5; i++) {
		(void)shutdown(bird.echo_fd, SHUT_RDWR);
		UNTIL(has_echoes(i));
	}
	bench.config->sources[0].poll_usec = NEVER_USEC;
	bird_check_recovers();
	bird_echo("+one: State changed\n");
	bird.state = "Active";
	UNTIL(is_told(ERM_BGP_ACTIVE));
	ck_assert_uint_eq(bench.src.counters.errors, 0);
}
END_TEST

/* Between two polls, of which the next will never come: the end of the connection tells it. */
START_TEST(test_restart_between_polls)
{
	start_well();
	ck_assert_uint_eq(bench.session.established_count, 1);
	bird_down(false);
	bird.started = "10:59:00.000";
	bird.since = "11:00:00.000";
	bird.state = "Active";
	bird_up();
	ck_assert(!bench.was_void);
	UNTIL(has_accepted(3));
	ck_assert(bench.was_void);
	UNTIL(bench_has_dumps(2));
	ck_assert(is_told(ERM_BGP_ACTIVE));
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	/* another BIRD, which counts from its own start: no news; it was up once since then */
	ck_assert_uint_eq(bench.session.established_count, 1);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
	ck_assert_uint_eq(bench.n_hints, 0);
	/* and its echo is listened to */
	UNTIL(has_echoes(2));
	bird.state = "Established";
	bird_echo("+one: State changed\n");
	UNTIL(is_told(ERM_BGP_ESTABLISHED));
}
END_TEST

/* The connection alone ended: the same BIRD goes on to be counted, and a fall meanwhile with it. */
START_TEST(test_connection_ends)
{
	start_well();
	for (unsigned int i = 0; i < bird.n_peers; i++)
		(void)shutdown(sd_event_source_get_io_fd(bird.peers[i]), SHUT_RDWR);
	bird.since = "11:00:00.000";
	UNTIL(bench_has_dumps(2));
	ck_assert(bench.was_void);
	ck_assert_uint_eq(bench.src.counters.reconnects, 1);
	ck_assert_uint_eq(bench.session.established_count, 2);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
}
END_TEST

/* Hints are a storm, questions are not: at most twenty a second. */
START_TEST(test_look_now)
{
	start_well();
	while (bench.n_dumps < 6) {
		for (unsigned int i = 0; i < 100; i++)
			erm_source_bird_ops.look_now(bench.source);
		bench_await_dumps(1);
	}
	/* the first was no hinted one */
	for (unsigned int i = 2; i < bench.n_dumps; i++)
		ck_assert_uint_ge(bench.dump_asked[i] - bench.dump_asked[i - 1],
				  50 * ERM_USEC_PER_MSEC);
}
END_TEST

START_TEST(test_look_now_without_bird)
{
	bird_start();
	bench_await_lost(ERM_REASON_NOT_STARTED);
	for (unsigned int i = 0; i < 100; i++)
		erm_source_bird_ops.look_now(bench.source);
	ck_assert_uint_eq(bench.src.counters.errors, 1);
	bird_up();
	bird_check_recovers();
}
END_TEST

/* Other sessions of the same BIRD: told at once under the new positions, and no flap. */
START_TEST(test_reload)
{
	start_well();
	ck_assert_uint_eq(bench.session.session, 0);
	reconfigure(bench.path, two, 2);
	UNTIL(bench_has_dumps(2));
	ck_assert_uint_eq(bench.n_in_dump, 1);
	ck_assert_uint_eq(bench.session.session, 1);
	ck_assert_uint_eq(bench.session.established_count, 1);
	ck_assert_uint_eq(bench.src.counters.reconnects, 0);
	ck_assert(!bench.was_void);
	/* and none of its own */
	reconfigure(bench.path, two, 1);
	UNTIL(bench_has_dumps(3));
	ck_assert_uint_eq(bench.n_in_dump, 0);
}
END_TEST

/* While a question is under way: its answer is not told, the next one is. */
START_TEST(test_reload_in_question)
{
	bird.mood = BIRD_HANGS;
	bench.config->sources[0].poll_usec = NEVER_USEC;
	bird_up();
	bird_start();
	UNTIL(has_shows(1));
	reconfigure(bench.path, two, 2);
	bird.mood = BIRD_ANSWERS;
	bird_answer();
	UNTIL(bench_has_dumps(1));
	ck_assert_uint_eq(bird.n_shows, 2);
	ck_assert_uint_eq(bench.n_sessions, 1);
	ck_assert_uint_eq(bench.session.session, 1);
}
END_TEST

/* Another BIRD while the one before hangs: what it told is void, and it is left alone. */
START_TEST(test_reload_other)
{
	char other[sizeof(bench.path)];
	unsigned int n_shows = 0;

	start_well();
	bird.mood = BIRD_HANGS;
	erm_source_bird_ops.look_now(bench.source);
	UNTIL(has_shows(2));
	ck_assert(!bench.was_void);
	(void)snprintf(other, sizeof(other), "%s/none", bench.dir);
	reconfigure(other, one, 1);
	ck_assert(bench.was_void);
	ck_assert(bench.reasons & 1U << ERM_REASON_CLOSED);
	bench_await_lost(ERM_REASON_NOT_STARTED);
	n_shows = bird.n_shows;
	bird.mood = BIRD_ANSWERS;
	bird_answer(); /* nobody listens to it any more */
	bird_echo("+one: State changed\n");
	bench_pass(100 * ERM_USEC_PER_MSEC);
	ck_assert_uint_eq(bird.n_shows, n_shows);
	ck_assert_uint_eq(bench.n_dumps, 1);
	reconfigure(bench.path, one, 1);
	UNTIL(bench_has_dumps(2));
	UNTIL(has_echoes(2));
	ck_assert_uint_eq(bench.session.established_count, 1);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

static Suite *bird_life_suite(void)
{
	Suite *suite = suite_create("sources/bird life");
	TCase *tcase = tcase_create("bird life");

	tcase_set_timeout(tcase, 30);
	tcase_add_unchecked_fixture(tcase, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(tcase, bird_setup, bird_teardown);
	tcase_add_test(tcase, test_does_not_accept);
	tcase_add_test(tcase, test_hangs_on_connect);
	tcase_add_test(tcase, test_no_word_of_welcome);
	tcase_add_test(tcase, test_hangs_when_asked_for_bfd);
	tcase_add_test(tcase, test_refuses_bfd);
	tcase_add_test(tcase, test_echo);
	tcase_add_loop_test(tcase, test_no_echo, BIRD_ECHO_UNKNOWN, BIRD_ECHO_SILENT + 1);
	tcase_add_test(tcase, test_echo_ends_and_comes_again);
	tcase_add_test(tcase, test_restart_between_polls);
	tcase_add_test(tcase, test_connection_ends);
	tcase_add_test(tcase, test_look_now);
	tcase_add_test(tcase, test_look_now_without_bird);
	tcase_add_test(tcase, test_reload);
	tcase_add_test(tcase, test_reload_in_question);
	tcase_add_test(tcase, test_reload_other);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(bird_life_suite)
