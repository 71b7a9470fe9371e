#include "netconf/stream.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

#define QUESTION "{\"method\":\"org.ermon.Subscribe\",\"parameters\":{},\"more\":true}"
/* How the daemon begins and ends an event. */
#define EVENT_HEAD  "{\"parameters\":{\"event\":"
#define EVENT_TAIL  "},\"continues\":true}"
#define ANSWER_MSEC 10000
#define INPUT_MAX   ((size_t)64 * 1024) /* one event */

void erm_stream_close(struct erm_stream *stream)
{
	if (stream->fd >= 0)
		(void)close(stream->fd);
	free(stream->input);
	*stream = (struct erm_stream){ .fd = -1 };
}

/* 1: another message is in input, of len octets before its NUL. */
static int read_message(struct erm_stream *stream, size_t *len)
{
	ssize_t n;

	for (;;) {
		const char *end =
			stream->n_input > 0 ? memchr(stream->input, '\0', stream->n_input) : NULL;

		if (end) {
			*len = (size_t)(end - stream->input);
			return 1;
		}
		if (!stream->input) {
			stream->input = malloc(INPUT_MAX);
			if (!stream->input)
				return -ENOMEM;
		}
		if (stream->n_input == INPUT_MAX)
			return -ECONNRESET;
		n = recv(stream->fd, stream->input + stream->n_input, INPUT_MAX - stream->n_input,
			 MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n <= 0)
			return -ECONNRESET;
		stream->n_input += (size_t)n;
	}
}

static void drop_message(struct erm_stream *stream, size_t len)
{
	stream->n_input -= len + 1;
	memmove(stream->input, stream->input + len + 1, stream->n_input);
}

static json_t *take_message(struct erm_stream *stream, size_t len)
{
	json_t *root = json_loadb(stream->input, len, 0, NULL);

	drop_message(stream, len);
	return root;
}

/* The first answer says that the subscription is in force. */
static int await_answer(struct erm_stream *stream, char detail[ERM_LINK_DETAIL_MAX])
{
	struct pollfd wait = { .fd = stream->fd, .events = POLLIN };
	json_auto_t *root = NULL;
	size_t len = 0;
	int r = 0;

	while (r == 0) {
		if (poll(&wait, 1, ANSWER_MSEC) == 0) {
			(void)snprintf(detail, ERM_LINK_DETAIL_MAX, "ermond does not answer");
			return -ETIMEDOUT;
		}
		r = read_message(stream, &len);
	}
	root = r > 0 ? take_message(stream, len) : NULL;
	if (json_object_get(root, "parameters") && !json_object_get(root, "error"))
		return 0;
	(void)snprintf(detail, ERM_LINK_DETAIL_MAX, "ermond refuses to tell its events");
	return r < 0 ? -ECONNREFUSED : -EBUSY;
}

int erm_stream_open(struct erm_stream *stream, const char *path, char detail[ERM_LINK_DETAIL_MAX])
{
	int r;

	*stream = (struct erm_stream){ .fd = erm_link_connect(path, detail) };
	if (stream->fd < 0)
		return stream->fd;
	if (send(stream->fd, QUESTION, sizeof(QUESTION), MSG_NOSIGNAL) < 0) {
		(void)snprintf(detail, ERM_LINK_DETAIL_MAX, "ermond closed the connection");
		r = -ECONNREFUSED;
	} else {
		r = await_answer(stream, detail);
	}
	if (r < 0)
		erm_stream_close(stream);
	return r;
}

/* The event of a message of len octets; NULL: it carries none. */
static char *take_event(struct erm_stream *stream, size_t len)
{
	const size_t head = sizeof(EVENT_HEAD) - 1;
	const size_t tail = sizeof(EVENT_TAIL) - 1;
	const char *text = stream->input;
	json_auto_t *root = NULL;
	char *event = NULL;

	if (len > head + tail && memcmp(text, EVENT_HEAD, head) == 0 &&
	    memcmp(text + len - tail, EVENT_TAIL, tail) == 0) {
		event = strndup(text + head, len - head - tail);
		drop_message(stream, len);
		return event;
	}
	root = take_message(stream, len);
	return json_dumps(json_object_get(json_object_get(root, "parameters"), "event"),
			  JSON_COMPACT);
}

int erm_stream_next(struct erm_stream *stream, char **ret)
{
	for (;;) {
		size_t len = 0;
		int r = read_message(stream, &len);
		char *event = r > 0 ? take_event(stream, len) : NULL;

		if (r <= 0)
			return r;
		if (!event)
			continue;
		*ret = event;
		return 1;
	}
}
