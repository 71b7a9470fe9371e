#include "bird_bench.h"

#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"

#define ROW                                                                                     \
	"1002-dev Device --- up %s\n1002-one BGP --- up %s Established\n1006-  BGP state: %s\n" \
	" Neighbor address: 192.0.2.1\n Channel ipv4\n Routes: 1 imported, 2 exported\n%s0000 \n"
#define ROW_BFD "1002-bfd1 BFD --- up 10:00:00.000\n"

struct fake_bird bird;

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
	ck_assert_int_ge(sd_event_add_io(bench.event, &bird.peers[bird.n_peers], peer, EPOLLIN,
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
		(void)unlink(bench.path);
}

void bird_up(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	memcpy(addr.sun_path, bench.path, strlen(bench.path) + 1);
	(void)unlink(bench.path);
	bird.listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(bird.listen_fd, (struct sockaddr *)&addr, sizeof(addr)), 0);
	ck_assert_int_eq(listen(bird.listen_fd, bird.backlog), 0);
	ck_assert_int_ge(sd_event_add_io(bench.event, &bird.listener, bird.listen_fd, EPOLLIN,
					 on_accept, NULL),
			 0);
	(void)sd_event_source_set_io_fd_own(bird.listener, 1);
}

struct erm_config *bird_config(const char *socket, const char *const *neighbors, uint32_t n)
{
	const struct erm_source_config settings = {
		.type = ERM_SOURCE_TYPE_BIRD,
		.socket = strdup(socket),
		.poll_usec = 20 * MSEC,
		.timeout_usec = 10 * SEC,
		.resync_usec = SEC,
		.max_reply_bytes = 2048,
	};

	return bench_make_config(&settings, neighbors, n);
}

void bird_setup(void)
{
	static const char *const one[] = { "192.0.2.1" };

	memset(&bird, 0, sizeof(bird));
	erm_log_silence();
	bird.state = "Established";
	bird.started = "10:00:00.000";
	bird.since = "10:00:05.000";
	bird.backlog = 16;
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_SESSION,
		   NULL);
	(void)snprintf(bench.path, sizeof(bench.path), "%s/bird.ctl", bench.dir);
	bench.config = bird_config(bench.path, one, 1);
}

void bird_teardown(void)
{
	bench_done(&erm_source_bird_ops);
	bird_down(false);
}

void bird_start(void)
{
	const struct erm_source_env env = bench_env();

	ck_assert_int_eq(erm_source_bird_ops.start(&env, bench.config, 0, &bench.source), 0);
}

void bird_check_recovers(void)
{
	bird.mood = BIRD_ANSWERS;
	bench_await_dumps(2);
	ck_assert_int_eq(bench.session.bgp, ERM_BGP_ESTABLISHED);
	ck_assert_uint_eq(bench.session.prefixes_received, 1);
	ck_assert_uint_eq(bench.session.prefixes_advertised, 2);
	ck_assert_uint_eq(bench.n_in_dump, 1);
	/* the question came before the answer */
	ck_assert_uint_gt(bench.asked, 0);
	ck_assert_uint_le(bench.asked, bench.at.mono);
	ck_assert_uint_eq(bird.n_unrestricted, 0);
}
