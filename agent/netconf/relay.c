#include "netconf/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

#define PIPE_OCTETS ((size_t)64 * 1024)

/* One direction. */
struct flow {
	int from, to;
	size_t begin, end; /* of what is in data */
	bool is_over;      /* from has ended; what is in data is still to be written */
	char data[PIPE_OCTETS];
};

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		int r = -errno;

		(void)close(fd);
		return r;
	}
	return fd;
}

static bool is_waiting(int r)
{
	return r < 0 && (errno == EAGAIN || errno == EINTR);
}

/* Moves what can be moved; a negative errno when there is nobody to write to. */
static int move(struct flow *flow, short from_events)
{
	ssize_t n;

	if (flow->begin == flow->end && !flow->is_over && from_events) {
		n = read(flow->from, flow->data, sizeof(flow->data));
		if (n <= 0 && !is_waiting((int)n))
			flow->is_over = true;
		flow->begin = 0;
		flow->end = n > 0 ? (size_t)n : 0;
	}
	if (flow->begin < flow->end) {
		n = write(flow->to, flow->data + flow->begin, flow->end - flow->begin);
		if (n < 0 && !is_waiting((int)n))
			return -errno;
		flow->begin += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

static bool has_data(const struct flow *flow)
{
	return flow->begin < flow->end;
}

static int relay(struct flow *up, struct flow *down)
{
	bool is_shut = false;
	int r = 0;

	while (r == 0 && !(down->is_over && !has_data(down))) {
		struct pollfd fds[] = {
			{ .fd = has_data(up) || up->is_over ? -1 : up->from, .events = POLLIN },
			{ .fd = has_data(up) ? up->to : -1, .events = POLLOUT },
			{ .fd = has_data(down) ? -1 : down->from, .events = POLLIN },
			{ .fd = has_data(down) ? down->to : -1, .events = POLLOUT },
		};

		if (poll(fds, ERM_ELEMENTS(fds), -1) < 0 && errno != EINTR)
			return -errno;
		r = move(up, fds[0].revents);
		/* The server has gone; what it said last is still to be told. */
		if (r < 0) {
			up->is_over = true;
			up->begin = up->end = 0;
		}
		if (up->is_over && !has_data(up) && !is_shut) {
			is_shut = true;
			(void)shutdown(up->to, SHUT_WR);
		}
		r = move(down, fds[2].revents);
	}
	return r == -EPIPE ? 0 : r;
}

int erm_relay_run(const char *path)
{
	_cleanup_close_ int fd = connect_to(path);
	static struct flow up, down;

	if (fd < 0)
		return fd;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)fcntl(fd, F_SETFL, O_NONBLOCK);
	up.from = STDIN_FILENO;
	up.to = fd;
	down.from = fd;
	down.to = STDOUT_FILENO;
	return relay(&up, &down);
}
