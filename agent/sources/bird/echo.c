#include "sources/bird/echo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"

#define READS_MAX 16 /* a dispatch */

/* The first bytes of a line are all that is looked at. */
#define HEAD_LEN 5

static const char requests[] = "restrict\necho all\n";
/* With "debug commands" BIRD logs our own polls: looking for that would never end. */
static const char own[HEAD_LEN] = "+CLI:";

struct erm_bird_echo {
	sd_event *event;
	void (*seen)(void *userdata);
	void *userdata;
	int fd;
	sd_event_source *io;
	char head[HEAD_LEN]; /* of the line that is being read */
	size_t n_head;
};

int erm_bird_echo_new(sd_event *event, void (*seen)(void *userdata), void *userdata,
		      struct erm_bird_echo **ret)
{
	struct erm_bird_echo *echo = calloc(1, sizeof(*echo));

	if (!echo)
		return -ENOMEM;
	echo->event = sd_event_ref(event);
	echo->seen = seen;
	echo->userdata = userdata;
	echo->fd = -1;
	*ret = echo;
	return 0;
}

struct erm_bird_echo *erm_bird_echo_free(struct erm_bird_echo *echo)
{
	if (echo) {
		erm_bird_echo_close(echo);
		sd_event_unref(echo->event);
		free(echo);
	}
	return NULL;
}

void erm_bird_echo_close(struct erm_bird_echo *echo)
{
	echo->io = sd_event_source_disable_unref(echo->io);
	if (echo->fd >= 0)
		(void)close(echo->fd);
	echo->fd = -1;
}

bool erm_bird_echo_is_open(const struct erm_bird_echo *echo)
{
	return echo->fd >= 0;
}

/* True when a line of the log is among these bytes, which go on where those before ended. */
static bool has_line(struct erm_bird_echo *echo, const char *bytes, size_t len)
{
	bool has = false;

	for (size_t i = 0; i < len; i++) {
		if (bytes[i] == '\n') {
			has |= echo->n_head > 0 && echo->head[0] == '+' &&
			       (echo->n_head < HEAD_LEN || memcmp(echo->head, own, HEAD_LEN) != 0);
			echo->n_head = 0;
		} else if (echo->n_head < HEAD_LEN) {
			echo->head[echo->n_head++] = bytes[i];
		}
	}
	return has;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_bird_echo *echo = userdata;
	bool is_news = false;

	(void)source;
	(void)revents;
	for (unsigned int i = 0; i < READS_MAX; i++) {
		char buffer[4096];
		ssize_t n = recv(fd, buffer, sizeof(buffer), 0);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0) {
			erm_bird_echo_close(echo);
			break;
		}
		is_news |= has_line(echo, buffer, (size_t)n);
	}
	if (is_news)
		echo->seen(echo->userdata);
	return 0;
}

void erm_bird_echo_open(struct erm_bird_echo *echo, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };

	if (echo->fd >= 0 || strlen(path) >= sizeof(addr.sun_path))
		return;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	echo->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (echo->fd < 0)
		return;
	echo->n_head = 0;
	/* a new socket's buffer holds these few bytes */
	if (connect(echo->fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 ||
	    send(echo->fd, requests, sizeof(requests) - 1, MSG_NOSIGNAL) !=
		    (ssize_t)sizeof(requests) - 1 ||
	    sd_event_add_io(echo->event, &echo->io, echo->fd, EPOLLIN, on_io, echo) < 0) {
		erm_bird_echo_close(echo);
		return;
	}
	(void)sd_event_source_set_description(echo->io, "bird-echo");
}
