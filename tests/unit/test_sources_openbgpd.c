/*
 * Every way in which bgpctl and the bgpd behind it fail, by name: what is told, that nothing is
 * left running, and that it recovers by itself.  bgpctl is a shell script of each test.
 */
#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "source_bench.h"
#include "sources/openbgpd/openbgpd.h"

#define NEVER_USEC (3600 * ERM_USEC_PER_SEC)

#define REPLY(state, more)                                                                   \
	"echo '{\"neighbors\":[{\"remote_addr\":\"192.0.2.1\",\"state\":\"" state "\"," more \
	"\"stats\":{\"prefixes\":{\"received\":1,\"sent\":2}}}]}'\n"
#define UP   REPLY("Established", "\"last_updown_sec\":100,")
#define DOWN REPLY("Active", "\"last_updown_sec\":0,")

static char program[96];

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[160], new[168];
	FILE *f = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", bench.dir, name);
	(void)snprintf(new, sizeof(new), "%s.new", path);
	f = fopen(new, "we");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
	ck_assert_int_eq(chmod(new, mode), 0);
	ck_assert_int_eq(rename(new, path), 0);
}

/* What bgpctl does from now on.  It tells its arguments first. */
static void bgpctl_does(const char *script)
{
	char text[2048];

	(void)snprintf(text, sizeof(text), "#!/bin/sh\necho \"$*\" >>%s/runs\n%s", bench.dir,
		       script);
	write_file("bgpctl", text, 0755);
}

/* As bgpd does when it starts: the source sees it and need not wait for its back-off. */
static void socket_made(void)
{
	(void)unlink(bench.path);
	write_file("sock", "", 0600);
}

static FILE *open_file(const char *name)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", bench.dir, name);
	return fopen(path, "re");
}

/* The arguments of the newest run, in *ret_last when not NULL. */
static unsigned int n_runs(char (*ret_last)[256])
{
	char line[256];
	unsigned int n = 0;
	FILE *f = open_file("runs");

	for (; f && fgets(line, sizeof(line), f); n++)
		if (ret_last)
			memcpy(*ret_last, line, sizeof(line));
	if (f)
		(void)fclose(f);
	return n;
}

static struct erm_config *make_config(const char *socket, const char *const *neighbors, uint32_t n)
{
	const struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_OPENBGPD,
		.socket = strdup(socket),
		.poll_usec = 20 * MSEC,
		.timeout_usec = 10 * SEC,
		.max_reply_bytes = 65536,
	};

	return bench_make_config(&settings, neighbors, n);
}

static void setup(void)
{
	static const char *const one[] = { "192.0.2.1" };

	erm_log_silence();
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_SESSION,
		   NULL);
	bench.patience_usec = 20 * SEC;
	(void)snprintf(program, sizeof(program), "%s/bgpctl", bench.dir);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/sock", bench.dir);
	erm_openbgpd_program = program;
	bench.config = make_config(bench.path, one, 1);
	bgpctl_does(UP);
}

static void teardown(void)
{
	bench_done(&erm_source_openbgpd_ops);
}

static void start(void)
{
	const struct erm_source_env env = bench_env();

	ck_assert_int_eq(erm_source_openbgpd_ops.start(&env, bench.config, 0, &bench.source), 0);
}

static bool has_runs(unsigned int n)
{
	return n_runs(NULL) >= n;
}

static bool has_errors(unsigned int n)
{
	return bench.src.counters.errors >= n;
}

static bool has_mark(void)
{
	FILE *f = open_file("mark");

	return f && fclose(f) == 0;
}

/* Neither running nor a zombie. */
static bool has_no_child(void)
{
	siginfo_t info;

	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

static void check_up(void)
{
	bench_await_dumps(2);
	ck_assert_int_eq(bench.session.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.session.prefixes_received, 1);
	ck_assert_uint_eq(bench.session.prefixes_advertised, 2);
	ck_assert_uint_eq(bench.n_in_dump, 1);
	/* the question came before the answer */
	ck_assert_uint_gt(bench.dump_asked[bench.n_dumps - 1], 0);
	ck_assert_uint_le(bench.dump_asked[bench.n_dumps - 1], bench.dump_at[bench.n_dumps - 1]);
	ck_assert_str_eq(bench.src.text, "");
}

static void check_recovers(void)
{
	bgpctl_does(UP);
	socket_made();
	check_up();
}

/* No shell between, nothing to read, and these words: a restricted socket allows them. */
START_TEST(test_words)
{
	char wanted[160], got[256] = "";

	bgpctl_does("read -r word && exit 1\n" UP);
	start();
	check_up();
	(void)snprintf(wanted, sizeof(wanted), "-j -s %s show neighbor\n", bench.path);
	ck_assert_uint_ge(n_runs(&got), 1);
	ck_assert_str_eq(got, wanted);
}
END_TEST

static const struct {
	mode_t mode; /* 0: there is none */
	const char *text;
	enum erm_source_reason reason;
} programs[] = {
	{ 0, NULL, ERM_REASON_UNSUPPORTED },
	{ 0644, "#!/bin/sh\n", ERM_REASON_PERMISSION },
	{ 0755, "\x7f no program", ERM_REASON_SYSTEM },
};

START_TEST(test_no_program)
{
	ck_assert_int_eq(unlink(program), 0);
	if (programs[_i].mode)
		write_file("bgpctl", programs[_i].text, programs[_i].mode);
	start();
	bench_await_lost(programs[_i].reason);
	ck_assert(!bench.src.is_void);
	check_recovers();
}
END_TEST

/* From the first question on, and in the middle of a life. */
static const struct {
	const char *name, *script;
	enum erm_source_reason reason;
	bool is_void;
	unsigned int n_limits;
	const char *text; /* is told */
} faults[] = {
	{ "absent", "echo 'bgpctl: connect: /run/x: No such file or directory' >&2; exit 1\n",
	  ERM_REASON_NOT_STARTED, true, 0, "not started" },
	{ "refused", "echo 'bgpctl: connect: /run/x: Connection refused' >&2; exit 1\n",
	  ERM_REASON_REFUSED, true, 0, "nobody listens" },
	{ "permission", "echo 'bgpctl: connect: /run/x: Permission denied' >&2; exit 1\n",
	  ERM_REASON_PERMISSION, false, 0, "restricted socket" },
	{ "words", "echo 'bgpctl: pipe\33[2J closed' >&2; exit 3\n", ERM_REASON_REJECTED, false, 0,
	  "bgpctl failed: bgpctl: pipe" },
	{ "no words", "exit 1\n", ERM_REASON_REJECTED, false, 0, "bgpctl failed" },
	{ "up, and fails", UP "exit 1\n", ERM_REASON_REJECTED, false, 0, "bgpctl failed" },
	{ "killed", UP "kill -9 $$\n", ERM_REASON_REJECTED, false, 0, "bgpctl failed" },
	{ "bgpd refuses", "echo '{\"status\":\"FAILED\",\"error\":\"permission denied\"}'\n",
	  ERM_REASON_REJECTED, false, 0, "refused" },
	{ "garbage", "echo 'HTTP/1.1 400 Bad Request'\n", ERM_REASON_PROTOCOL, false, 0,
	  "not the JSON of neighbors: HTTP/1.1" },
	{ "zeros", "head -c 1000 /dev/zero\n", ERM_REASON_PROTOCOL, false, 0, "not the JSON" },
	{ "half", "printf '{\"neighbors\":[{\"remote_addr\":\"192.0.2.1\",\"sta'\n",
	  ERM_REASON_PROTOCOL, false, 0, "not the JSON" },
	{ "no state", "echo '{\"neighbors\":[{\"remote_addr\":\"192.0.2.1\"}]}'\n",
	  ERM_REASON_PROTOCOL, false, 0, "not the JSON" },
	{ "deep", "head -c 999 /dev/zero | tr '\\0' '['\n", ERM_REASON_PROTOCOL, false, 1,
	  "too deep" },
	{ "nothing", "exit 0\n", ERM_REASON_CLOSED, false, 0, "said nothing" },
	{ "too much", "exec yes\n", ERM_REASON_TOO_LARGE, false, 1, "max-reply" },
};

START_TEST(test_faults)
{
	unsigned int n_limits = 0;

	bgpctl_does(faults[_i].script);
	start();
	for (unsigned int round = 0; round < 2; round++) {
		unsigned int n_dumps = bench.n_dumps;

		bench_await_lost(faults[_i].reason);
		ck_assert_msg(bench.src.is_void == faults[_i].is_void, "%s: void", faults[_i].name);
		ck_assert_msg(strstr(bench.src.text, faults[_i].text), "%s: %s", faults[_i].name,
			      bench.src.text);
		for (const char *c = bench.src.text; *c; c++)
			ck_assert_msg(*c >= ' ' && *c <= '~', "%s: byte %d", faults[_i].name, *c);
		ck_assert_uint_eq(bench.n_dumps, n_dumps);
		UNTIL(has_no_child());
		n_limits += faults[_i].n_limits;
		ck_assert_uint_eq(bench.src.counters.limits_hit, n_limits);
		check_recovers();
		bgpctl_does(faults[_i].script);
	}
}
END_TEST

static const struct {
	const char *name, *script;
} hangs[] = {
	{ "silent", "exec sleep 60\n" },
	{ "deaf to signals", "trap '' TERM INT HUP PIPE\nwhile :; do sleep 0.1; done\n" },
	{ "half", "printf '{\"neighbors\":['\nexec sleep 60\n" },
	{ "all, and does not end", UP "exec sleep 60\n" },
	{ "closes, and does not end", UP "exec >&- 2>&-\nexec sleep 60\n" },
	{ "ends, and another holds its output", UP "sleep 5 &\n" },
};

/* At its deadline it is killed, and reaped; nothing it said before counts. */
START_TEST(test_hangs)
{
	bench.config->sources[0].timeout_usec = 500 * ERM_USEC_PER_MSEC;
	bgpctl_does(hangs[_i].script);
	start();
	bench_await_lost(ERM_REASON_TIMEOUT);
	ck_assert_msg(!bench.src.is_void, "%s", hangs[_i].name);
	ck_assert_uint_eq(bench.src.counters.timeouts, 1);
	ck_assert_uint_eq(bench.n_dumps + bench.n_sessions, 0);
	UNTIL(has_no_child());
	bench.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_SEC;
	check_recovers();
}
END_TEST

START_TEST(test_free_kills)
{
	bgpctl_does("exec sleep 60\n");
	start();
	UNTIL(has_runs(1));
	erm_source_openbgpd_ops.free(bench.source);
	bench.source = NULL;
	UNTIL(has_no_child());
}
END_TEST

/* Without a socket that is made: the back-off alone, which grows, and starts anew. */
START_TEST(test_backoff)
{
	usec_t lost_at[2] = { 0 };

	bgpctl_does("exit 1\n");
	start();
	for (unsigned int i = 0; i < 2; i++) {
		UNTIL(has_errors(i + 1));
		lost_at[i] = erm_time_now().mono;
		erm_source_openbgpd_ops.look_now(bench.source); /* does not hurry it */
	}
	ck_assert_uint_ge(lost_at[1] - lost_at[0], ERM_USEC_PER_SEC / 2);
	bgpctl_does(UP);
	UNTIL(bench_has_dumps(1));
	ck_assert_uint_ge(bench.dump_asked[0] - lost_at[1], 3 * ERM_USEC_PER_SEC / 2);
	ck_assert_uint_eq(bench.src.counters.requests, 3);
}
END_TEST

/* A socket that is made shortens that. */
START_TEST(test_socket_made)
{
	usec_t lost_at = 0;

	bgpctl_does("exit 1\n");
	start();
	UNTIL(has_errors(2));
	lost_at = erm_time_now().mono;
	bgpctl_does(UP);
	socket_made();
	UNTIL(bench_has_dumps(1));
	ck_assert_uint_lt(bench.dump_asked[0] - lost_at, 3 * ERM_USEC_PER_SEC / 2);
}
END_TEST

/* bgpd ended and came back between two polls of a life: counts begin anew, nothing is a flap. */
START_TEST(test_restart)
{
	start();
	check_up();
	ck_assert_uint_eq(bench.session.established_count, 1);
	bgpctl_does("echo 'bgpctl: connect: /run/x: Connection refused' >&2; exit 1\n");
	bench_await_lost(ERM_REASON_REFUSED);
	bgpctl_does(DOWN);
	socket_made();
	bench_await_dumps(1);
	ck_assert_int_eq(bench.session.bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
	ck_assert_uint_eq(bench.n_hints, 0);
}
END_TEST

START_TEST(test_news)
{
	start();
	check_up();
	bgpctl_does(DOWN);
	bench_await_dumps(2);
	ck_assert_int_eq(bench.session.bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(bench.session.dropped_count, 1);
	ck_assert_uint_eq(bench.n_hints, 1);
	bgpctl_does("echo '{\"neighbors\":[]}'\n");
	bench_await_dumps(2);
	ck_assert_uint_eq(bench.n_in_dump, 0);
	ck_assert_uint_eq(bench.n_hints, 2);
	ck_assert_uint_eq(bench.src.counters.events, 2);
}
END_TEST

/* Hints are a storm, processes are not: at most five a second. */
START_TEST(test_look_now)
{
	bench.config->sources[0].poll_usec = NEVER_USEC;
	start();
	UNTIL(bench_has_dumps(1));
	while (bench.n_dumps < 5) {
		for (unsigned int i = 0; i < 100; i++)
			erm_source_openbgpd_ops.look_now(bench.source);
		bench_await_dumps(1);
	}
	for (unsigned int i = 1; i < bench.n_dumps; i++)
		ck_assert_uint_ge(bench.dump_asked[i] - bench.dump_asked[i - 1],
				  200 * ERM_USEC_PER_MSEC);
	ck_assert_uint_le(n_runs(NULL), bench.n_dumps + 1);
}
END_TEST

/* bgpd rests at least as long as it worked, however short the interval. */
START_TEST(test_slow)
{
	bgpctl_does("sleep 0.2\n" UP);
	start();
	UNTIL(bench_has_dumps(3));
	for (unsigned int i = 1; i < bench.n_dumps; i++)
		ck_assert_uint_ge(bench.dump_asked[i] - bench.dump_at[i - 1],
				  bench.dump_at[i - 1] - bench.dump_asked[i - 1]);
}
END_TEST

static void reconfigure(const char *socket, const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = make_config(socket, neighbors, n);

	bench_reconfigure(&erm_source_openbgpd_ops, config);
}

/* Other sessions of the same bgpd: told at once under the new positions, and no flap. */
START_TEST(test_reload)
{
	static const char *const two[] = { "192.0.2.9", "192.0.2.1" };

	bench.config->sources[0].poll_usec = NEVER_USEC;
	start();
	UNTIL(bench_has_dumps(1));
	ck_assert_uint_eq(bench.session.session, 0);
	reconfigure(bench.path, two, 2);
	UNTIL(bench_has_dumps(2));
	ck_assert_uint_eq(bench.n_in_dump, 1);
	ck_assert_uint_eq(bench.session.session, 1);
	ck_assert_uint_eq(bench.session.established_count, 1);
	ck_assert(!bench.was_void);
}
END_TEST

/* While a question is under way: its answer is not told, the next one is. */
START_TEST(test_reload_in_question)
{
	static const char *const two[] = { "192.0.2.9", "192.0.2.1" };

	bgpctl_does("while [ ! -e ${0%/*}/mark ]; do sleep 0.02; done\n" UP);
	start();
	UNTIL(has_runs(1));
	reconfigure(bench.path, two, 2);
	bench.config->sources[0].poll_usec = NEVER_USEC;
	write_file("mark", "", 0600);
	UNTIL(bench_has_dumps(1));
	ck_assert_uint_eq(n_runs(NULL), 2);
	ck_assert_uint_eq(bench.session.session, 1);
	ck_assert_uint_eq(bench.n_sessions, 1);
}
END_TEST

/* Another bgpd while the one before hangs: its bgpctl is ended, what it told is void. */
START_TEST(test_reload_other)
{
	static const char *const one[] = { "192.0.2.1" };
	char other[160], got[256] = "";

	start();
	check_up();
	bgpctl_does("case $3 in *other) ;; *) : >${0%/*}/mark; exec sleep 60 ;; esac\n" UP);
	UNTIL(has_mark());
	(void)snprintf(other, sizeof(other), "%s.other", bench.path);
	ck_assert(!bench.was_void);
	reconfigure(other, one, 1);
	ck_assert_int_eq(bench.src.state, ERM_SOURCE_STARTING);
	ck_assert(bench.was_void);
	check_up();
	ck_assert_uint_eq(bench.src.counters.timeouts, 0);
	ck_assert_uint_ge(n_runs(&got), 3);
	ck_assert_ptr_nonnull(strstr(got, ".other show neighbor"));
}
END_TEST

static Suite *openbgpd_suite(void)
{
	Suite *suite = suite_create("sources/openbgpd");
	TCase *tcase = tcase_create("openbgpd");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, bench_open_folder, bench_close_folder);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_words);
	tcase_add_loop_test(tcase, test_no_program, 0, (int)ERM_ELEMENTS(programs));
	tcase_add_loop_test(tcase, test_faults, 0, (int)ERM_ELEMENTS(faults));
	tcase_add_loop_test(tcase, test_hangs, 0, (int)ERM_ELEMENTS(hangs));
	tcase_add_test(tcase, test_free_kills);
	tcase_add_test(tcase, test_backoff);
	tcase_add_test(tcase, test_socket_made);
	tcase_add_test(tcase, test_restart);
	tcase_add_test(tcase, test_news);
	tcase_add_test(tcase, test_look_now);
	tcase_add_test(tcase, test_slow);
	tcase_add_test(tcase, test_reload);
	tcase_add_test(tcase, test_reload_in_question);
	tcase_add_test(tcase, test_reload_other);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(openbgpd_suite)
