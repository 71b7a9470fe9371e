/* Every way in which BIRD's side fails, by name: what is told, and that it recovers by itself. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "check_main.h"
#include "sources/source.h"

#define CONNECTIONS_MAX 64
#define ROW                                                                                        \
	"1002-dev Device --- up 10:00:00.000\n1002-one BGP --- up %s Established\n"                \
	"1006-  BGP state: %s\n Neighbor address: 192.0.2.1\n Channel ipv4\n Routes: 1 imported, " \
	"2 exported\n0000 \n"

enum mood {
	ANSWERS,
	HANGS,
	HALF_AND_END,
	FLOODS,
	GARBAGE,
	REFUSES,
	NO_RESTRICT,
	NO_WELCOME,
	NO_ROWS
};

static struct {
	sd_event *event;
	struct erm_config *config;
	struct erm_source *source;
	char dir[64], path[96];
	int listen_fd;
	sd_event_source *listener, *peers[CONNECTIONS_MAX];
	unsigned int n_peers, n_unrestricted;
	enum mood mood;
	const char *state, *since;
	struct erm_obs_source src;
	struct erm_obs_session session;
	unsigned int n_sessions, n_dumps, n_in_dump, n_hints;
	usec_t asked, at;
} t;

static void say(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void flood(int fd)
{
	static const char line[] = "1002-dev Device --- up 10:00:00.000\n";

	for (unsigned int i = 0; i < 100; i++)
		say(fd, line);
}

static void answer_show(int fd)
{
	char text[512];

	switch (t.mood) {
	case HANGS:
		return;
	case HALF_AND_END:
		say(fd, "1002-one BGP --- up");
		(void)shutdown(fd, SHUT_RDWR);
		return;
	case FLOODS:
		flood(fd);
		return;
	case GARBAGE:
		say(fd, "HTTP/1.1 400 Bad Request\n");
		return;
	case REFUSES:
		say(fd, "8007 Access denied\n");
		return;
	case NO_ROWS:
		say(fd, "0000 \n");
		return;
	case ANSWERS:
	case NO_RESTRICT:
	case NO_WELCOME:
		break;
	}
	(void)snprintf(text, sizeof(text), ROW, t.since, t.state);
	say(fd, text);
}

static int on_request(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	char request[256];
	ssize_t n = recv(fd, request, sizeof(request) - 1, MSG_DONTWAIT);

	(void)revents;
	(void)userdata;
	if (n <= 0) {
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
		return 0;
	}
	request[n] = '\0';
	if (strncmp(request, "restrict\necho", 13) == 0)
		say(fd, "0016 Access restricted\n0000 \n");
	else if (strcmp(request, "restrict\n") == 0)
		say(fd, t.mood == NO_RESTRICT ? "9001 syntax error\n" : "0016 Access restricted\n");
	else if (strcmp(request, "show protocols all\n") == 0)
		answer_show(fd);
	else
		t.n_unrestricted++;
	return 0;
}

static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	(void)source;
	(void)revents;
	(void)userdata;
	ck_assert_int_ge(peer, 0);
	ck_assert_uint_lt(t.n_peers, CONNECTIONS_MAX);
	ck_assert_int_ge(sd_event_add_io(t.event, &t.peers[t.n_peers], peer, EPOLLIN, on_request,
					 NULL),
			 0);
	(void)sd_event_source_set_io_fd_own(t.peers[t.n_peers++], 1);
	say(peer, t.mood == NO_WELCOME ? "0013 hello\n" : "0001 BIRD 2.0.12 ready.\n");
	return 0;
}

static void bird_down(bool leaves_file)
{
	for (; t.n_peers > 0; t.n_peers--)
		sd_event_source_disable_unref(t.peers[t.n_peers - 1]);
	t.listener = sd_event_source_disable_unref(t.listener);
	if (!leaves_file)
		(void)unlink(t.path);
}

static void bird_up(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memcpy(addr.sun_path, t.path, strlen(t.path) + 1);
	(void)unlink(t.path);
	t.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(t.listen_fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	ck_assert_int_eq(listen(t.listen_fd, 16), 0);
	ck_assert_int_ge(sd_event_add_io(t.event, &t.listener, t.listen_fd, EPOLLIN, on_accept,
					 NULL),
			 0);
	(void)sd_event_source_set_io_fd_own(t.listener, 1);
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	if (obs->kind == ERM_OBS_SOURCE) {
		t.src = obs->src;
	} else if (obs->kind == ERM_OBS_SESSION) {
		t.session = obs->session;
		t.n_sessions++;
		t.n_in_dump++;
		t.asked = obs->asked;
		t.at = obs->at.mono;
	} else if (obs->kind == ERM_OBS_DUMP_BEGIN) {
		t.n_in_dump = 0;
	} else if (obs->kind == ERM_OBS_DUMP_END) {
		t.n_dumps++;
	}
}

static void on_hint(void *userdata, uint32_t from)
{
	(void)userdata;
	ck_assert_uint_eq(from, 0);
	t.n_hints++;
}

static void setup(void)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	t.state = "Established";
	t.since = "10:00:05.000";
	(void)snprintf(t.dir, sizeof(t.dir), "%s", "/tmp/ermon-bird-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(t.dir));
	(void)snprintf(t.path, sizeof(t.path), "%s/bird.ctl", t.dir);
	ck_assert_int_ge(sd_event_new(&t.event), 0);
	t.config = erm_config_new();
	t.config->sources = calloc(1, sizeof(*t.config->sources));
	t.config->n_sources = 1;
	t.config->sources[0] = (struct erm_source_config){
		.name = strdup("edge"),
		.type = ERM_SOURCE_TYPE_BIRD,
		.socket = strdup(t.path),
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.timeout_usec = 200 * ERM_USEC_PER_MSEC,
		.resync_usec = ERM_USEC_PER_SEC,
		.max_reply_bytes = 2048,
	};
	t.config->sessions = calloc(1, sizeof(*t.config->sessions));
	t.config->n_sessions = 1;
	t.config->sessions[0].family = ERM_FAMILY_IPV4;
	ck_assert_int_eq(erm_addr_parse("192.0.2.1", &t.config->sessions[0].neighbor), 0);
	ck_assert_int_eq(erm_session_add_source(t.config, 0, 0), 0);
}

static void teardown(void)
{
	erm_source_bird_ops.free(t.source);
	bird_down(false);
	erm_config_unref(t.config);
	sd_event_unref(t.event);
	ck_assert_int_eq(rmdir(t.dir), 0);
}

static void start(void)
{
	struct erm_source_env env = { .event = t.event, .emit = on_emit, .hint = on_hint };

	ck_assert_int_eq(erm_source_bird_ops.start(&env, t.config, 0, &t.source), 0);
}

static bool turn_until(bool (*holds)(unsigned int), unsigned int wanted)
{
	usec_t end = erm_time_now().mono + 10 * ERM_USEC_PER_SEC;

	while (!holds(wanted)) {
		if (erm_time_now().mono >= end)
			return false;
		ck_assert_int_ge(sd_event_run(t.event, 100 * ERM_USEC_PER_MSEC), 0);
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

static void await_lost(enum erm_source_reason reason)
{
	ck_assert_msg(turn_until(is_lost, reason), "reason stays %s, wanted %s: %s",
		      erm_source_reason_name(t.src.reason), erm_source_reason_name(reason),
		      t.src.text);
	ck_assert_str_ne(t.src.text, "");
}

static void check_recovers(void)
{
	t.mood = ANSWERS;
	ck_assert_msg(turn_until(has_dumps, t.n_dumps + 2), "never ok: %s", t.src.text);
	ck_assert_int_eq(t.session.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(t.session.prefixes_received, 1);
	ck_assert_uint_eq(t.session.prefixes_advertised, 2);
	ck_assert_uint_eq(t.n_in_dump, 1);
	/* the question came before the answer */
	ck_assert_uint_gt(t.asked, 0);
	ck_assert_uint_le(t.asked, t.at);
	ck_assert_uint_eq(t.n_unrestricted, 0);
}

START_TEST(test_missing)
{
	start();
	await_lost(ERM_REASON_NOT_STARTED);
	ck_assert(t.src.is_void);
	bird_up();
	check_recovers();
}
END_TEST

START_TEST(test_refused)
{
	bird_up();
	bird_down(true);
	start();
	await_lost(ERM_REASON_REFUSED);
	ck_assert(t.src.is_void);
	bird_up();
	check_recovers();
}
END_TEST

START_TEST(test_permission)
{
	bool is_root = geteuid() == 0;

	bird_up();
	ck_assert_int_eq(chmod(t.dir, 0755), 0);
	ck_assert_int_eq(chmod(t.path, 0), 0);
	if (is_root)
		ck_assert_int_eq(seteuid(65534), 0);
	start();
	await_lost(ERM_REASON_PERMISSION);
	ck_assert_ptr_nonnull(strstr(t.src.text, "group bird"));
	if (is_root)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(t.path, 0777), 0);
	check_recovers();
}
END_TEST

/* From the first question on, and in the middle of a life. */
static const struct {
	enum mood mood;
	enum erm_source_reason reason;
	bool is_void;
} faults[] = {
	{ HANGS, ERM_REASON_TIMEOUT, false },       { HALF_AND_END, ERM_REASON_CLOSED, true },
	{ FLOODS, ERM_REASON_TOO_LARGE, false },    { GARBAGE, ERM_REASON_PROTOCOL, false },
	{ REFUSES, ERM_REASON_REJECTED, false },    { NO_RESTRICT, ERM_REASON_REJECTED, false },
	{ NO_WELCOME, ERM_REASON_PROTOCOL, false },
};

START_TEST(test_faults)
{
	bird_up();
	t.mood = faults[_i].mood;
	start();
	await_lost(faults[_i].reason);
	ck_assert_int_eq(t.src.is_void, faults[_i].is_void);
	ck_assert_uint_eq(t.n_sessions, 0);
	ck_assert_uint_eq(t.n_dumps, 0);
	check_recovers();
	if (faults[_i].mood == NO_RESTRICT || faults[_i].mood == NO_WELCOME)
		return;
	t.mood = faults[_i].mood;
	await_lost(faults[_i].reason);
	check_recovers();
	ck_assert_uint_eq(t.src.counters.limits_hit, faults[_i].mood == FLOODS ? 2 : 0);
}
END_TEST

START_TEST(test_restart)
{
	bird_up();
	start();
	check_recovers();
	bird_down(false);
	await_lost(ERM_REASON_NOT_STARTED);
	ck_assert(t.src.is_void);
	bird_up();
	check_recovers();
	ck_assert_uint_ge(t.src.counters.reconnects, 1);
}
END_TEST

/* Not in a complete reply: the dump's end tells it. */
START_TEST(test_not_configured)
{
	bird_up();
	start();
	check_recovers();
	t.mood = NO_ROWS;
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.n_in_dump, 0);
	ck_assert_uint_eq(t.n_hints, 1);
	check_recovers();
}
END_TEST

START_TEST(test_flaps_are_counted)
{
	bird_up();
	start();
	check_recovers();
	ck_assert_uint_eq(t.session.established_count, 1);
	ck_assert_uint_eq(t.session.dropped_count, 0);
	t.since = "10:00:05.002"; /* wavers */
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.session.dropped_count, 0);
	t.since = "10:00:09.000"; /* fell, and nobody saw it */
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.session.established_count, 2);
	ck_assert_uint_eq(t.session.dropped_count, 1);
	t.since = "2026-11-22"; /* grew old */
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.session.dropped_count, 1);
	t.state = "Active";
	ck_assert(turn_until(has_dumps, t.n_dumps + 2));
	ck_assert_uint_eq(t.session.dropped_count, 2);
	ck_assert_int_eq(t.session.bgp, ERM_BGP_ACTIVE);
}
END_TEST

static Suite *bird_suite(void)
{
	Suite *suite = suite_create("sources/bird");
	TCase *tcase = tcase_create("bird");

	tcase_set_timeout(tcase, 30);
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_missing);
	tcase_add_test(tcase, test_refused);
	tcase_add_test(tcase, test_permission);
	tcase_add_loop_test(tcase, test_faults, 0, 7);
	tcase_add_test(tcase, test_restart);
	tcase_add_test(tcase, test_not_configured);
	tcase_add_test(tcase, test_flaps_are_counted);
	suite_add_tcase(suite, tcase);
	return suite;
}

ERM_CHECK_MAIN(bird_suite)
