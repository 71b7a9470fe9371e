#include "bird_bench.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

#define ROW                                                                                     \
	"1002-dev Device --- up %s\n1002-one BGP --- up %s Established\n1006-  BGP state: %s\n" \
	" Neighbor address: 192.0.2.1\n Channel ipv4\n Routes: 1 imported, 2 exported\n%s0000 \n"
#define ROW_BFD "1002-bfd1 BFD --- up 10:00:00.000\n"

struct bird_bench bird;
static char folder[32];

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

void bird_answer(void)
{
	bool has_bfd = bird.mood == BIRD_BFD_HANGS || bird.mood == BIRD_BFD_REFUSES;
	int fd = bird.asker_fd;
	char text[512];

	switch (bird.mood) {
	case BIRD_HANGS:
		return;
	case BIRD_HALF_AND_END:
		say(fd, "1002-one BGP --- up");
		(void)shutdown(fd, SHUT_RDWR);
		return;
	case BIRD_FLOODS:
		flood(fd);
		return;
	case BIRD_GARBAGE:
		say(fd, "HTTP/1.1 400 Bad Request\n");
		return;
	case BIRD_REFUSES:
		say(fd, "8007 Access denied\n");
		return;
	case BIRD_NO_ROWS:
		say(fd, "0000 \n");
		return;
	case BIRD_ANSWERS:
	case BIRD_NO_RESTRICT:
	case BIRD_NO_WELCOME:
	case BIRD_SILENT:
	case BIRD_BFD_HANGS:
	case BIRD_BFD_REFUSES:
		break;
	}
	(void)snprintf(text, sizeof(text), ROW, bird.started, bird.since, bird.state,
		       has_bfd ? ROW_BFD : "");
	say(fd, text);
}

static void answer_echo(int fd)
{
	bird.n_echoes++;
	bird.echo_fd = fd;
	switch (bird.echo_mood) {
	case BIRD_ECHOES:
		say(fd, "0016 Access restricted\n0000 \n");
		break;
	case BIRD_ECHO_UNKNOWN:
		say(fd, "0016 Access restricted\n9001 syntax error, unexpected CF_SYM_UNDEFINED\n");
		break;
	case BIRD_ECHO_ENDS:
		(void)shutdown(fd, SHUT_RDWR);
		break;
	case BIRD_ECHO_SILENT:
		break;
	}
}

void bird_echo(const char *text)
{
	say(bird.echo_fd, text);
}

static void answer_restrict(int fd)
{
	say(fd, bird.mood == BIRD_NO_RESTRICT ? "9001 syntax error\n" : "0016 Access restricted\n");
}

static void answer_bfd(int fd)
{
	bird.n_bfds++;
	if (bird.mood == BIRD_BFD_REFUSES)
		say(fd, "9001 There is no BFD protocol running\n");
	else if (bird.mood != BIRD_BFD_HANGS)
		say(fd, "0000 \n");
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
	if (strcmp(request, "restrict\necho all\n") == 0) {
		answer_echo(fd);
	} else if (strcmp(request, "restrict\n") == 0) {
		answer_restrict(fd);
	} else if (strcmp(request, "show protocols all\n") == 0) {
		bird.n_shows++;
		bird.asker_fd = fd;
		bird_answer();
	} else if (strcmp(request, "show bfd sessions\n") == 0) {
		answer_bfd(fd);
	} else {
		bird.n_unrestricted++;
	}
	return 0;
}

static int on_accept(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC);

	(void)source;
	(void)revents;
	(void)userdata;
	ck_assert_int_ge(peer, 0);
	ck_assert_uint_lt(bird.n_peers, BIRD_CONNECTIONS_MAX);
	ck_assert_int_ge(sd_event_add_io(bird.event, &bird.peers[bird.n_peers], peer, EPOLLIN,
					 on_request, NULL),
			 0);
	(void)sd_event_source_set_io_fd_own(bird.peers[bird.n_peers++], 1);
	bird.n_accepted++;
	if (bird.mood != BIRD_SILENT)
		say(peer,
		    bird.mood == BIRD_NO_WELCOME ? "0013 hello\n" : "0001 BIRD 2.0.12 ready.\n");
	return 0;
}

void bird_down(bool leaves_file)
{
	for (; bird.n_peers > 0; bird.n_peers--)
		sd_event_source_disable_unref(bird.peers[bird.n_peers - 1]);
	bird.listener = sd_event_source_disable_unref(bird.listener);
	if (!leaves_file)
		(void)unlink(bird.path);
}

void bird_up(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memcpy(addr.sun_path, bird.path, strlen(bird.path) + 1);
	(void)unlink(bird.path);
	bird.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(bird.listen_fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	ck_assert_int_eq(listen(bird.listen_fd, bird.backlog), 0);
	ck_assert_int_ge(sd_event_add_io(bird.event, &bird.listener, bird.listen_fd, EPOLLIN,
					 on_accept, NULL),
			 0);
	(void)sd_event_source_set_io_fd_own(bird.listener, 1);
}

static void on_emit(void *userdata, const struct erm_obs *obs)
{
	(void)userdata;
	if (obs->kind == ERM_OBS_SOURCE) {
		bird.src = obs->src;
		bird.was_void |= obs->src.is_void;
		bird.reasons |= 1U << obs->src.reason;
	} else if (obs->kind == ERM_OBS_SESSION) {
		bird.session = obs->session;
		bird.n_sessions++;
		bird.n_in_dump++;
		bird.asked = obs->asked;
		bird.at = obs->at.mono;
	} else if (obs->kind == ERM_OBS_DUMP_BEGIN) {
		bird.n_in_dump = 0;
	} else if (obs->kind == ERM_OBS_DUMP_END) {
		ck_assert_uint_lt(bird.n_dumps, BIRD_DUMPS_MAX);
		bird.dumps_asked[bird.n_dumps++] = obs->asked;
	}
}

static void on_hint(void *userdata, uint32_t from)
{
	(void)userdata;
	ck_assert_uint_eq(from, 0);
	bird.n_hints++;
}

struct erm_config *bird_config(const char *socket, const char *const *neighbors, uint32_t n)
{
	struct erm_config *config = erm_config_new();

	config->sources = calloc(1, sizeof(*config->sources));
	config->n_sources = 1;
	config->sources[0] = (struct erm_source_config){
		.name = strdup("edge"),
		.type = ERM_SOURCE_TYPE_BIRD,
		.socket = strdup(socket),
		.poll_usec = 20 * ERM_USEC_PER_MSEC,
		.timeout_usec = 10 * ERM_USEC_PER_SEC,
		.resync_usec = ERM_USEC_PER_SEC,
		.max_reply_bytes = 2048,
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

void bird_setup(void)
{
	static const char *const one[] = { "192.0.2.1" };

	memset(&bird, 0, sizeof(bird));
	erm_log_silence();
	bird.state = "Established";
	bird.started = "10:00:00.000";
	bird.since = "10:00:05.000";
	(void)snprintf(bird.dir, sizeof(bird.dir), "%s/XXXXXX", folder);
	ck_assert_ptr_nonnull(mkdtemp(bird.dir));
	(void)snprintf(bird.path, sizeof(bird.path), "%s/bird.ctl", bird.dir);
	ck_assert_int_ge(sd_event_new(&bird.event), 0);
	bird.backlog = 16;
	bird.config = bird_config(bird.path, one, 1);
}

void bird_teardown(void)
{
	erm_source_bird_ops.free(bird.source);
	bird_down(false);
	erm_config_unref(bird.config);
	sd_event_unref(bird.event);
}

void bird_open(void)
{
	(void)snprintf(folder, sizeof(folder), "%s", "/tmp/ermon-bird-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	ck_assert_int_eq(chmod(folder, 0755), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void bird_close(void)
{
	ck_assert_int_eq(nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

void bird_start(void)
{
	struct erm_source_env env = { .event = bird.event, .emit = on_emit, .hint = on_hint };

	ck_assert_int_eq(erm_source_bird_ops.start(&env, bird.config, 0, &bird.source), 0);
}

bool bird_turn_until(bool (*holds)(unsigned int), unsigned int wanted)
{
	usec_t end = erm_time_now().mono + 10 * ERM_USEC_PER_SEC;

	while (!holds(wanted)) {
		if (erm_time_now().mono >= end)
			return false;
		ck_assert_int_ge(sd_event_run(bird.event, 100 * ERM_USEC_PER_MSEC), 0);
	}
	return true;
}

void bird_turn_for(usec_t usec)
{
	usec_t end = erm_time_now().mono + usec;

	for (usec_t now = 0; (now = erm_time_now().mono) < end;)
		ck_assert_int_ge(sd_event_run(bird.event, end - now), 0);
}

bool bird_is_lost(unsigned int reason)
{
	return bird.src.state == ERM_SOURCE_LOST && bird.src.reason == reason;
}

bool bird_has_dumps(unsigned int n)
{
	return bird.src.state == ERM_SOURCE_OK && bird.n_dumps >= n;
}

void bird_await_lost(enum erm_source_reason reason)
{
	ck_assert_msg(bird_turn_until(bird_is_lost, reason), "reason stays %s, wanted %s: %s",
		      erm_source_reason_name(bird.src.reason), erm_source_reason_name(reason),
		      bird.src.text);
	ck_assert_str_ne(bird.src.text, "");
}

void bird_check_recovers(void)
{
	bird.mood = BIRD_ANSWERS;
	ck_assert_msg(bird_turn_until(bird_has_dumps, bird.n_dumps + 2), "never ok: %s",
		      bird.src.text);
	ck_assert_int_eq(bird.session.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bird.session.prefixes_received, 1);
	ck_assert_uint_eq(bird.session.prefixes_advertised, 2);
	ck_assert_uint_eq(bird.n_in_dump, 1);
	/* the question came before the answer */
	ck_assert_uint_gt(bird.asked, 0);
	ck_assert_uint_le(bird.asked, bird.at);
	ck_assert_uint_eq(bird.n_unrestricted, 0);
}
