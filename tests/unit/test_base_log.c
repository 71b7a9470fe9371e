#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pthread.h>
#include <pty.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "check_main.h"

/* Stderr is given away for the length of a test; Check runs each in a process of its own. */
static int saved_stderr = -1;
static int read_fd = -1;

static void stderr_to(int write_fd)
{
	saved_stderr = dup(STDERR_FILENO);
	ck_assert_int_ge(saved_stderr, 0);
	ck_assert_int_ge(dup2(write_fd, STDERR_FILENO), 0);
	ck_assert_int_eq(close(write_fd), 0);
}

static void stderr_to_pipe(void)
{
	int fds[2];

	ck_assert_int_eq(pipe2(fds, O_CLOEXEC), 0);
	ck_assert_int_eq(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	read_fd = fds[0];
	stderr_to(fds[1]);
}

static const char *logged(void)
{
	static char text[65536];
	ssize_t n = read(read_fd, text, sizeof(text) - 1);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void stderr_back(void)
{
	ck_assert_int_ge(dup2(saved_stderr, STDERR_FILENO), 0);
}

START_TEST(test_pipe_lines_carry_the_level)
{
	stderr_to_pipe();
	erm_log_open();
	erm_log_error("disk %s is full: %d", "sda", 28);
	erm_log_info("on");
	stderr_back();
	ck_assert_str_eq(logged(), "<3>disk sda is full: 28\n<6>on\n");
	ck_assert(!erm_log_is_journal());
}
END_TEST

START_TEST(test_level_limits)
{
	stderr_to_pipe();
	erm_log_open();
	erm_log_debug("not by default");
	erm_log_set_level(LOG_DEBUG);
	erm_log_debug("now");
	erm_log_set_level(LOG_ERR);
	erm_log_warning("too low");
	erm_log_error("kept");
	erm_log(LOG_DEBUG + 1, "no such level");
	erm_log(-1, "no such level");
	stderr_back();
	ck_assert_str_eq(logged(), "<7>now\n<3>kept\n");
}
END_TEST

START_TEST(test_text_from_outside_forges_no_line)
{
	stderr_to_pipe();
	erm_log_open();
	erm_log_warning("peer said '%s'", "a\n<0>b\r\033[2J\177\tc");
	stderr_back();
	ck_assert_str_eq(logged(), "<4>peer said 'a?<0>b??[2J?\tc'\n");
}
END_TEST

START_TEST(test_long_line_is_cut)
{
	char *text = malloc(10000);
	const char *got = NULL;

	ck_assert_ptr_nonnull(text);
	memset(text, 'x', 9999);
	text[9999] = '\0';
	stderr_to_pipe();
	erm_log_open();
	erm_log_info("%s", text);
	erm_log_info("next");
	stderr_back();
	got = logged();
	ck_assert_uint_eq(strcspn(got, "\n"), 2046); /* 2048 with the newline and the NUL */
	ck_assert_str_eq(strchr(got, '\n'), "\n<6>next\n");
	free(text);
}
END_TEST

START_TEST(test_errno_is_kept)
{
	stderr_to_pipe();
	erm_log_open();
	errno = ENOENT;
	erm_log_error("open: %m");
	ck_assert_int_eq(errno, ENOENT);
	ck_assert_int_eq(close(STDERR_FILENO), 0);
	errno = EAGAIN;
	erm_log_error("nobody hears this");
	ck_assert_int_eq(errno, EAGAIN);
	stderr_back();
	ck_assert_str_eq(logged(), "<3>open: No such file or directory\n");
}
END_TEST

START_TEST(test_terminal_lines_carry_time_and_word)
{
	int master = -1;
	int slave = -1;
	unsigned int hour = 99;
	unsigned int min = 99;
	unsigned int sec = 99;
	int rest = 0;
	const char *got = NULL;

	ck_assert_int_eq(openpty(&master, &slave, NULL, NULL, NULL), 0);
	read_fd = master;
	stderr_to(slave);
	erm_log_open();
	erm_log_warning("careful");
	stderr_back();
	got = logged();
	/* NOLINTNEXTLINE(cert-err34-c): the ranges are checked below */
	ck_assert_int_eq(sscanf(got, "%2u:%2u:%2u %n", &hour, &min, &sec, &rest), 3);
	ck_assert(hour < 24 && min < 60 && sec < 61);
	ck_assert_str_eq(got + rest, "warning: careful\r\n");
}
END_TEST

/* What systemd sets for a service whose stderr is the journal's stream. */
static void set_journal_stream(uint64_t inode_offset)
{
	char stream[64];
	struct stat st;

	ck_assert_int_eq(fstat(STDERR_FILENO, &st), 0);
	(void)snprintf(stream, sizeof(stream), "%" PRIu64 ":%" PRIu64, (uint64_t)st.st_dev,
		       (uint64_t)st.st_ino + inode_offset);
	ck_assert_int_eq(setenv("JOURNAL_STREAM", stream, 1), 0);
}

START_TEST(test_journal_is_known_by_its_inode)
{
	bool is_journal = false;
	bool is_other_journal = true;

	stderr_to_pipe();
	set_journal_stream(0);
	erm_log_open();
	is_journal = erm_log_is_journal();
	/* stderr was redirected after the service was started: the variable is somebody else's. */
	set_journal_stream(1);
	erm_log_open();
	is_other_journal = erm_log_is_journal();
	erm_log_info("to the pipe");
	stderr_back();
	ck_assert(is_journal);
	ck_assert(!is_other_journal);
	ck_assert_str_eq(logged(), "<6>to the pipe\n");
}
END_TEST

START_TEST(test_silence)
{
	stderr_to_pipe();
	erm_log_open();
	erm_log_silence();
	erm_log(LOG_EMERG, "nothing");
	stderr_back();
	ck_assert_str_eq(logged(), "");
}
END_TEST

#define N_THREADS 4U
#define N_LINES   100U

static void *log_lines(void *userdata)
{
	const char *word = userdata;

	for (unsigned int i = 0; i < N_LINES; i++)
		erm_log_info("%s %s %s %s", word, word, word, word);
	return NULL;
}

START_TEST(test_threads_do_not_mix_lines)
{
	static char words[N_THREADS][8] = { "aaaaaa", "bbbbbb", "cccccc", "dddddd" };
	pthread_t threads[N_THREADS];
	char expected[64];
	const char *at = NULL;
	unsigned int n = 0;

	stderr_to_pipe();
	erm_log_open();
	for (unsigned int i = 0; i < N_THREADS; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, log_lines, words[i]), 0);
	for (unsigned int i = 0; i < N_THREADS; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	stderr_back();
	for (at = logged(); *at; at += strcspn(at, "\n") + 1) {
		const char *word = words[(unsigned char)(at[3] - 'a') % N_THREADS];

		(void)snprintf(expected, sizeof(expected), "<6>%s %s %s %s\n", word, word, word,
			       word);
		ck_assert_int_eq(strncmp(at, expected, strlen(expected)), 0);
		n++;
	}
	ck_assert(n == N_THREADS * N_LINES);
}
END_TEST

START_TEST(test_level_from_string)
{
	static const char *const names[] = { "emerg",   "alert",  "crit", "err",
					     "warning", "notice", "info", "debug" };

	for (int i = 0; i < 8; i++) {
		char digit[2] = { (char)('0' + i), '\0' };

		ck_assert_int_eq(erm_log_level_from_string(names[i]), i);
		ck_assert_int_eq(erm_log_level_from_string(digit), i);
	}
	ck_assert_int_eq(erm_log_level_from_string("8"), -EINVAL);
	ck_assert_int_eq(erm_log_level_from_string("-1"), -EINVAL);
	ck_assert_int_eq(erm_log_level_from_string("33"), -EINVAL);
	ck_assert_int_eq(erm_log_level_from_string(""), -EINVAL);
	ck_assert_int_eq(erm_log_level_from_string("Info"), -EINVAL);
	ck_assert_int_eq(erm_log_level_from_string("infos"), -EINVAL);
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("base/log");
	TCase *t = tcase_create("log");

	tcase_add_test(t, test_pipe_lines_carry_the_level);
	tcase_add_test(t, test_level_limits);
	tcase_add_test(t, test_text_from_outside_forges_no_line);
	tcase_add_test(t, test_long_line_is_cut);
	tcase_add_test(t, test_errno_is_kept);
	tcase_add_test(t, test_terminal_lines_carry_time_and_word);
	tcase_add_test(t, test_journal_is_known_by_its_inode);
	tcase_add_test(t, test_silence);
	tcase_add_test(t, test_threads_do_not_mix_lines);
	tcase_add_test(t, test_level_from_string);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
