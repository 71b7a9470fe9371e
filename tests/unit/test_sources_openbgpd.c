/*
 * Every way in which bgpctl and the bgpd behind it fail, by name: what is told, that nothing is
 * left running, and that it recovers by itself.  bgpctl is a shell script of each test.
 */
#include <check.h>
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "check_main.h"
#include "sources/openbgpd.h"
#include "sources/source.h"

#define RUNS_MAX   64
#define NEVER_USEC (3600 * ERM_USEC_PER_SEC)

#define REPLY(state, more)                                                                   \
	"echo '{\"neighbors\":[{\"remote_addr\":\"192.0.2.1\",\"state\":\"" state "\"," more \
	"\"stats\":{\"prefixes\":{\"received\":1,\"sent\":2}}}]}'\n"
#define UP   REPLY("Established", "\"last_updown_sec\":100,")
#define DOWN REPLY("Active", "\"last_updown_sec\":0,")

static struct {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	char dir[64], program[96], socket[96];
	struct erm_obs_source src;
	struct erm_obs_session session;
	unsigned int n_sessions, n_dumps, n_in_dump, n_hints;
	usec_t asked[RUNS_MAX], at[RUNS_MAX]; /* of each dump */
	bool was_void;
} t;

static char folder[32];

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[160], new[168];
	FILE *f = NULL;

	(void)snprintf(path, sizeof(path), "%s/%s", t.dir, name);
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

	(void)snprintf(text, sizeof(text), "#!/bin/sh\necho \"$*\" >>%s/runs\n%s", t.dir, script);
	write_file("bgpctl", text, 0755);
}

/* As bgpd does when it starts: the source sees it and need not wait for its back-off. */
static void socket_made(void)
{
	(void)unlink(t.socket);
	write_file("sock", "", 0600);
}

static FILE *open_file(const char *name)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", t.dir, name);
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

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	if (obs->kind == ERM_OBS_SOURCE) {
		t.src = obs->src;
		t.was_void |= obs->src.is_void;
	} else if (obs->kind == ERM_OBS_SESSION) {
		t.session = obs->session;
		t.n_sessions++;
		t.n_in_dump++;
	} else if (obs->kind == ERM_OBS_DUMP_BEGIN) {
		t.n_in_dump = 0;
	} else if (obs->kind == ERM_OBS_DUMP_END) {
		ck_assert_uint_lt(t.n_dumps, RUNS_MAX);
		t.asked[t.n_dumps] = obs->asked;
		t.at[t.n_dumps++] = obs->at.mono;
	}
}

static void on_hint(void *userdata, uint32_t from)
{
	(void)userdata;
	ck_assert_uint_eq(from, 0);
	t.n_hints++;
}

static struct erm_config *make_config(const char *socket, const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = erm_config_new();

	config->sources = calloc(1, sizeof(*config->sources));
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("edge"),
		.type = ERM_SOURCE_TYPE_OPENBGPD,
		.socket = strdup(socket),
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.timeout_usec = 10 * ERM_USEC_PER_SEC,
		.max_reply_bytes = 65536,
	};
	config->sessions = calloc(n, sizeof(*config->sessions));
	config->n_sessions = n;
	for (uint32_t i = 0; i < n; i++) {
		config->sessions[i].family = ERM_FAMILY_IPV4;
		ck_assert_int_eq(erm_addr_parse(neighbors[i], &config->sessions[i].neighbor), 0);
		ck_assert_int_eq(erm_session_add_source(config, i, 0), 0);
	}
	return config;
}

static void setup(void)
{
	static const char *const one[] = { "192.0.2.1" };

	memset(&t, 0, sizeof(t));
	erm_log_silence();
	(void)snprintf(t.dir, sizeof(t.dir), "%s/XXXXXX", folder);
	ck_assert_ptr_nonnull(mkdtemp(t.dir));
	(void)snprintf(t.program, sizeof(t.program), "%s/bgpctl", t.dir);
	(void)snprintf(t.socket, sizeof(t.socket), "%s/sock", t.dir);
	erm_openbgpd_program = t.program;
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	t.config = make_config(t.socket, one, 1);
	bgpctl_does(UP);
}

static void teardown(void)
{
	erm_source_openbgpd_ops.free(t.source);
	erm_config_unref(t.config);
	sd_event_unref(t.event);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Of all tests, and removed with what those that failed left in it. */
static void open_folder(void)
{
	(void)snprintf(folder, sizeof(folder), "%s", "/tmp/ermon-openbgpd-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void close_folder(void)
{
	ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void start(void)
{
	struct erm_source_env env = { .event = t.event, .emit = on_emit, .hint = on_hint };

	ck_assert_int_eq(erm_source_openbgpd_ops.start(&env, t.config, 0, &t.source), 0);
}

static bool turn_until(bool (*holds)(unsigned int), unsigned int wanted)
{
	usec_t end = erm_time_now().mono + 20 * ERM_USEC_PER_SEC;

	while (!holds(wanted)) {
		if (erm_time_now().mono >= end)
			return false;
		ck_assert_int_ge(sd_event_run(t.event, 20 * ERM_USEC_PER_MSEC), 0);
	}
	return true;
}

static bool is_lost(unsigned int reason)
{
	return t.src.state == ERM_SOURCE_LOST && t.src.reason == reason;
}

static bool has_dumps(unsigned int n)
{
	return t.src.state == ERM_SOURCE_OK && t.n_dumps >= n;
}

static bool has_runs(unsigned int n)
{
	return n_runs(NULL) >= n;
}

static bool has_errors(unsigned int n)
{
	return t.src.counters.errors >= n;
}

static bool has_mark(unsigned int unused)
{
	FILE *f = open_file("mark");

	(void)unused;
	return f && fclose(f) == 0;
}

/* Neither running nor a zombie. */
static bool has_no_child(unsigned int unused)
{
	siginfo_t info;

	(void)unused;
	return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0 && errno == ECHILD;
}

static void await_lost(enum erm_source_reason reason)
{
	ck_assert_msg(turn_until(is_lost, reason), "reason stays %s, wanted %s: %s",
		      erm_source_reason_name(t.src.reason), erm_source_reason_name(reason),
		      t.src.text);
	ck_assert_str_ne(t.src.text, "");
}

static void check_up(void)
{
	ck_assert_msg(turn_until(has_dumps, t.n_dumps + 2), "never ok: %s", t.src.text);
	ck_assert_int_eq(t.session.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(t.session.prefixes_received, 1);
	ck_assert_uint_eq(t.session.prefixes_advertised, 2);
	ck_assert_uint_eq(t.n_in_dump, 1);
	/* the question came before the answer */
	ck_assert_uint_gt(t.asked[t.n_dumps - 1], 0);
	ck_assert_uint_le(t.asked[t.n_dumps - 1], t.at[t.n_dumps - 1]);
	ck_assert_str_eq(t.src.text, "");
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
	(void)snprintf(wanted, sizeof(wanted), "-j -s %s show neighbor\n", t.socket);
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
	ck_assert_int_eq(unlink(t.program), 0);
	if (programs[_i].mode)
		write_file("bgpctl", programs[_i].text, programs[_i].mode);
	start();
	await_lost(programs[_i].reason);
	ck_assert(!t.src.is_void);
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
		unsigned int n_dumps = t.n_dumps;

		await_lost(faults[_i].reason);
		ck_assert_msg(t.src.is_void == faults[_i].is_void, "%s: void", faults[_i].name);
		ck_assert_msg(strstr(t.src.text, faults[_i].text), "%s: %s", faults[_i].name,
			      t.src.text);
		for (const char *c = t.src.text; *c; c++)
			ck_assert_msg(*c >= ' ' && *c <= '~', "%s: byte %d", faults[_i].name, *c);
		ck_assert_uint_eq(t.n_dumps, n_dumps);
		ck_assert(turn_until(has_no_child, 0));
		n_limits += faults[_i].n_limits;
		ck_assert_uint_eq(t.src.counters.limits_hit, n_limits);
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
	t.config->sources[0].timeout_usec = 500 * ERM_USEC_PER_MSEC;
	bgpctl_does(hangs[_i].script);
	start();
	await_lost(ERM_REASON_TIMEOUT);
	ck_assert_msg(!t.src.is_void, "%s", hangs[_i].name);
	ck_assert_uint_eq(t.src.counters.timeouts, 1);
	ck_assert_uint_eq(t.n_dumps + t.n_sessions, 0);
	ck_assert_msg(turn_until(has_no_child, 0), "%s: it lives on", hangs[_i].name);
	t.config->sources[0].timeout_usec = 10 * ERM_USEC_PER_SEC;
	check_recovers();
}
END_TEST

START_TEST(test_free_kills)
{
	bgpctl_does("exec sleep 60\n");
	start();
	ck_assert(turn_until(has_runs, 1));
	erm_source_openbgpd_ops.free(t.source);
	t.source = NULL;
	ck_assert(has_no_child(0));
}
END_TEST

/* Without a socket that is made: the back-off alone, which grows, and starts anew. */
START_TEST(test_backoff)
{
	usec_t lost_at[2] = { 0 };

	bgpctl_does("exit 1\n");
	start();
	for (unsigned int i = 0; i < 2; i++) {
		ck_assert(turn_until(has_errors, i + 1));
		lost_at[i] = erm_time_now().mono;
		erm_source_openbgpd_ops.look_now(t.source); /* does not hurry it */
	}
	ck_assert_uint_ge(lost_at[1] - lost_at[0], ERM_USEC_PER_SEC / 2);
	bgpctl_does(UP);
	ck_assert(turn_until(has_dumps, 1));
	ck_assert_uint_ge(t.asked[0] - lost_at[1], 3 * ERM_USEC_PER_SEC / 2);
	ck_assert_uint_eq(t.src.counters.requests, 3);
}
END_TEST

/* A socket that is made shortens that. */
START_TEST(test_socket_made)
{
	usec_t lost_at = 0;

	bgpctl_does("exit 1\n");
	start();
	ck_assert(turn_until(has_errors, 2));
	lost_at = erm_time_now().mono;
	bgpctl_does(UP);
	socket_made();
	ck_assert(turn_until(has_dumps, 1));
	ck_assert_uint_lt(t.asked[0] - lost_at, 3 * ERM_USEC_PER_SEC / 2);
}
END_TEST

/* bgpd ended and came back between two polls of a life: counts begin anew, nothing is a flap. */
START_TEST(test_restart)
{
	start();
	check_up();
	ck_assert_uint_eq(t.session.established_count, 1);
	bgpctl_does("echo 'bgpctl: connect: /run/x: Connection refused' >&2; exit 1\n");
	await_lost(ERM_REASON_REFUSED);
	bgpctl_does(DOWN);
	socket_made();
	ck_assert(turn_until(has_dumps, t.n_dumps + 1));
	ck_assert_int_eq(t.session.bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(t.session.dropped_count, 1);
	ck_assert_uint_eq(t.n_hints, 0);
}
END_TEST

START_TEST(test_news)
{
	start();
	check_up();
	bgpctl_does(DOWN);
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_int_eq(t.session.bgp, ERM_BGP_ACTIVE);
	ck_assert_uint_eq(t.session.dropped_count, 1);
	ck_assert_uint_eq(t.n_hints, 1);
	bgpctl_does("echo '{\"neighbors\":[]}'\n");
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.n_in_dump, 0);
	ck_assert_uint_eq(t.n_hints, 2);
	ck_assert_uint_eq(t.src.counters.events, 2);
}
END_TEST

/* Hints are a storm, processes are not: at most five a second. */
START_TEST(test_look_now)
{
	t.config->sources[0].poll_usec = NEVER_USEC;
	start();
	ck_assert(turn_until(has_dumps, 1));
	while (t.n_dumps < 5) {
		for (unsigned int i = 0; i < 100; i++)
			erm_source_openbgpd_ops.look_now(t.source);
		ck_assert(turn_until(has_dumps, t.n_dumps + 1));
	}
	for (unsigned int i = 1; i < t.n_dumps; i++)
		ck_assert_uint_ge(t.asked[i] - t.asked[i - 1], 200 * ERM_USEC_PER_MSEC);
	ck_assert_uint_le(n_runs(NULL), t.n_dumps + 1);
}
END_TEST

/* bgpd rests at least as long as it worked, however short the interval. */
START_TEST(test_slow)
{
	bgpctl_does("sleep 0.2\n" UP);
	start();
	ck_assert(turn_until(has_dumps, 3));
	for (unsigned int i = 1; i < t.n_dumps; i++)
		ck_assert_uint_ge(t.asked[i] - t.at[i - 1], t.at[i - 1] - t.asked[i - 1]);
}
END_TEST

static void reconfigure(const char *socket, const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = make_config(socket, neighbors, n);

	ck_assert_int_eq(erm_source_openbgpd_ops.reconfigure(t.source, config, 0), 0);
	erm_config_unref(t.config);
	t.config = config;
}

/* Other sessions of the same bgpd: told at once under the new positions, and no flap. */
START_TEST(test_reload)
{
	static const char *const two[] = { "192.0.2.9", "192.0.2.1" };

	t.config->sources[0].poll_usec = NEVER_USEC;
	start();
	ck_assert(turn_until(has_dumps, 1));
	ck_assert_uint_eq(t.session.session, 0);
	reconfigure(t.socket, two, 2);
	ck_assert(turn_until(has_dumps, 2));
	ck_assert_uint_eq(t.n_in_dump, 1);
	ck_assert_uint_eq(t.session.session, 1);
	ck_assert_uint_eq(t.session.established_count, 1);
	ck_assert(!t.was_void);
}
END_TEST

/* While a question is under way: its answer is not told, the next one is. */
START_TEST(test_reload_in_question)
{
	static const char *const two[] = { "192.0.2.9", "192.0.2.1" };

	bgpctl_does("while [ ! -e ${0%/*}/mark ]; do sleep 0.02; done\n" UP);
	start();
	ck_assert(turn_until(has_runs, 1));
	reconfigure(t.socket, two, 2);
	t.config->sources[0].poll_usec = NEVER_USEC;
	write_file("mark", "", 0600);
	ck_assert(turn_until(has_dumps, 1));
	ck_assert_uint_eq(n_runs(NULL), 2);
	ck_assert_uint_eq(t.session.session, 1);
	ck_assert_uint_eq(t.n_sessions, 1);
}
END_TEST

/* Another bgpd while the one before hangs: its bgpctl is ended, what it told is void. */
START_TEST(test_reload_other)
{
	static const char *const one[] = { "192.0.2.1" };
	char other[128], got[256] = "";

	start();
	check_up();
	bgpctl_does("case $3 in *other) ;; *) : >${0%/*}/mark; exec sleep 60 ;; esac\n" UP);
	ck_assert(turn_until(has_mark, 0));
	(void)snprintf(other, sizeof(other), "%s.other", t.socket);
	ck_assert(!t.was_void);
	reconfigure(other, one, 1);
	ck_assert_int_eq(t.src.state, ERM_SOURCE_STARTING);
	ck_assert(t.was_void);
	check_up();
	ck_assert_uint_eq(t.src.counters.timeouts, 0);
	ck_assert_uint_ge(n_runs(&got), 3);
	ck_assert_ptr_nonnull(strstr(got, ".other show neighbor"));
}
END_TEST

static Suite *openbgpd_suite(void)
{
	Suite *suite = suite_create("sources/openbgpd");
	TCase *tcase = tcase_create("openbgpd");

	tcase_set_timeout(tcase, 60);
	tcase_add_unchecked_fixture(tcase, open_folder, close_folder);
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
