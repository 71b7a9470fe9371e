#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "state_file.h"
#include "state_writer.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)

static char dir[] = "/tmp/ermon-test-XXXXXX";
static char path[64], temporary[64], log_path[64], moved[64];

static void set_up(void)
{
	ck_assert_ptr_nonnull(mkdtemp(dir));
	(void)snprintf(path, sizeof(path), "%s/state.json", dir);
	(void)snprintf(temporary, sizeof(temporary), "%s/state.json.tmp", dir);
	(void)snprintf(moved, sizeof(moved), "%s.moved", dir);
	(void)snprintf(log_path, sizeof(log_path), "%s.log", dir);
	ck_assert_ptr_nonnull(freopen(log_path, "w", stderr));
	(void)setvbuf(stderr, NULL, _IONBF, 0);
	erm_log_open();
}

static void tear_down(void)
{
	(void)unlink(path);
	(void)unlink(temporary);
	(void)unlink(log_path);
	ck_assert_int_eq(rmdir(dir), 0);
}

static void submit(struct erm_state_writer *writer, const char *text)
{
	erm_state_writer_submit(writer, strdup(text), strlen(text));
}

/* Returns what is in the file, "" when there is none; the caller frees it. */
static char *slurp(const char *file)
{
	char *text = calloc(1, FILE_MAX);
	FILE *f = fopen(file, "r");

	if (f) {
		text[fread(text, 1, FILE_MAX - 1, f)] = '\0';
		(void)fclose(f);
	}
	return text;
}

static unsigned int count_in_log(const char *word)
{
	_cleanup_free_ char *text = slurp(log_path);
	unsigned int n = 0;

	for (const char *at = text; (at = strstr(at, word)); at++)
		n++;
	return n;
}

/* Waits until the last write has this result; the test's time-out ends it otherwise. */
static void wait_for_error(const struct erm_state_writer *writer, int error)
{
	while (erm_state_writer_error(writer) != error)
		(void)usleep(500);
}

static void wait_for_text(const char *expected)
{
	for (;;) {
		_cleanup_free_ char *text = slurp(path);

		if (strcmp(text, expected) == 0)
			return;
		(void)usleep(500);
	}
}

START_TEST(test_writes_the_newest_text)
{
	struct erm_state_writer *writer = NULL;
	_cleanup_free_ char *text = NULL;
	struct stat st;

	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	submit(writer, "first");
	wait_for_text("first");
	for (int i = 0; i < 1000; i++)
		submit(writer, i == 999 ? "last" : "between");
	ck_assert_ptr_null(erm_state_writer_free(writer));
	text = slurp(path);
	ck_assert_str_eq(text, "last");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_uint_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(access(temporary, F_OK), -1);
	ck_assert_uint_eq(count_in_log("\n"), 0);
}
END_TEST

START_TEST(test_nothing_to_write)
{
	struct erm_state_writer *writer = NULL;

	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	ck_assert_ptr_null(erm_state_writer_free(writer));
	ck_assert_ptr_null(erm_state_writer_free(NULL));
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(test_a_left_temporary_file_is_no_obstacle)
{
	struct erm_state_writer *writer = NULL;

	/* Someone else's symlink there must not be followed either. */
	ck_assert_int_eq(symlink("/dev/full", temporary), 0);
	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	submit(writer, "text");
	wait_for_text("text");
	ck_assert_ptr_null(erm_state_writer_free(writer));
	ck_assert_int_eq(access(temporary, F_OK), -1);
}
END_TEST

START_TEST(test_failure_is_said_once_and_so_is_its_end)
{
	struct erm_state_writer *writer = NULL;

	ck_assert_int_eq(rename(dir, moved), 0);
	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	for (int i = 0; i < 3; i++) {
		submit(writer, "lost");
		wait_for_error(writer, -ENOENT);
	}
	ck_assert_uint_eq(count_in_log("Cannot write"), 1);
	ck_assert_int_eq(rename(moved, dir), 0);
	submit(writer, "found");
	wait_for_error(writer, 0);
	ck_assert_uint_eq(count_in_log("works again"), 1);
	submit(writer, "again");
	wait_for_text("again");
	ck_assert_ptr_null(erm_state_writer_free(writer));
	ck_assert_uint_eq(count_in_log("\n"), 2);
}
END_TEST

START_TEST(test_a_failed_text_is_tried_again_without_a_newer_one)
{
	struct erm_state_writer *writer = NULL;

	ck_assert_int_eq(rename(dir, moved), 0);
	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	submit(writer, "kept");
	wait_for_error(writer, -ENOENT);
	ck_assert_int_eq(rename(moved, dir), 0);
	wait_for_text("kept");
	ck_assert_ptr_null(erm_state_writer_free(writer));
}
END_TEST

START_TEST(test_full_disk_keeps_the_old_file)
{
	struct rlimit limit = { 4096, 4096 };
	struct erm_state_writer *writer = NULL;
	_cleanup_free_ char *big = malloc(100001);
	_cleanup_free_ char *text = NULL;

	memset(big, 'x', 100000);
	big[100000] = '\0';
	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	submit(writer, "old");
	wait_for_text("old");
	limit.rlim_max = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	submit(writer, big);
	wait_for_error(writer, -EFBIG);
	text = slurp(path);
	ck_assert_str_eq(text, "old");
	ck_assert_int_eq(access(temporary, F_OK), -1);
	ck_assert_uint_eq(count_in_log("Cannot write"), 1);
	limit.rlim_cur = RLIM_INFINITY;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	submit(writer, big);
	wait_for_error(writer, 0);
	ck_assert_ptr_null(erm_state_writer_free(writer));
}
END_TEST

/* Writes texts of one letter each, of ever the same length, until it is killed. */
static void write_for_ever(void)
{
	const size_t len = 300000;
	struct erm_state_writer *writer = NULL;

	if (erm_state_writer_new(dir, &writer) < 0)
		_exit(1);
	for (unsigned int i = 0;; i++) {
		char *text = malloc(len + 1);

		memset(text, 'a' + (int)(i % 26), len);
		text[len] = '\0';
		erm_state_writer_submit(writer, text, len);
		(void)usleep(100);
	}
}

START_TEST(test_killed_between_writes)
{
	unsigned int seen = 0;

	for (int round = 0; round < 25; round++) {
		_cleanup_free_ char *text = NULL;
		pid_t pid = fork();
		size_t len;

		ck_assert_int_ge(pid, 0);
		if (pid == 0)
			write_for_ever();
		(void)usleep((useconds_t)(2000 + round * 1700));
		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		ck_assert_int_eq(waitpid(pid, NULL, 0), pid);
		text = slurp(path);
		len = strlen(text);
		if (len == 0)
			continue;
		seen++;
		ck_assert_uint_eq(len, 300000);
		ck_assert_uint_eq(strspn(text, (char[]){ text[0], '\0' }), len);
	}
	ck_assert_uint_gt(seen, 0);
}
END_TEST

static void *keep_submitting(void *userdata)
{
	for (int i = 0; i < 2000; i++)
		submit(userdata, "thread");
	return NULL;
}

START_TEST(test_submit_never_waits_for_the_disk)
{
	struct erm_state_writer *writer = NULL;
	pthread_t threads[2];

	/* For TSan: several submitters while the writer works. */
	ck_assert_int_eq(erm_state_writer_new(dir, &writer), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, keep_submitting, writer), 0);
	for (int i = 0; i < 2; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	ck_assert_ptr_null(erm_state_writer_free(writer));
	wait_for_text("thread");
}
END_TEST

static Suite *suite(void)
{
	Suite *s = suite_create("state_writer");
	TCase *t = tcase_create("writer");

	tcase_add_checked_fixture(t, set_up, tear_down);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, test_writes_the_newest_text);
	tcase_add_test(t, test_nothing_to_write);
	tcase_add_test(t, test_a_left_temporary_file_is_no_obstacle);
	tcase_add_test(t, test_failure_is_said_once_and_so_is_its_end);
	tcase_add_test(t, test_a_failed_text_is_tried_again_without_a_newer_one);
	tcase_add_test(t, test_full_disk_keeps_the_old_file);
	tcase_add_test(t, test_killed_between_writes);
	tcase_add_test(t, test_submit_never_waits_for_the_disk);
	suite_add_tcase(s, t);
	return s;
}

ERM_CHECK_MAIN(suite)
