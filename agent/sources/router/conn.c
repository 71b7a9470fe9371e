#include "sources/router/conn.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/cleanup.h"

#define BUFFER_MIN    ((size_t)16 * 1024)
#define READS_MAX     16 /* a dispatch, so that a huge reply does not hold up the other sources */
#define ACCURACY_USEC ((uint64_t)1000)

struct erm_router_conn {
	sd_event *event;
	const struct erm_router_protocol *protocol;
	const struct erm_router_conn_handler *handler;
	void *userdata;
	usec_t timeout_usec;
	size_t max_reply_bytes;

	int fd;
	sd_event_source *io;
	sd_event_source *deadline;
	bool is_busy;
	char request[ERM_ROUTER_REQUEST_MAX];
	size_t request_len, request_sent;
	char *buffer;
	size_t capacity, used;
	struct erm_router_frame frame;
};

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata);

int erm_router_conn_new(sd_event *event, const struct erm_router_protocol *protocol,
			const struct erm_router_conn_handler *handler, void *userdata,
			struct erm_router_conn **ret)
{
	struct erm_router_conn *conn = calloc(1, sizeof(*conn));
	int r = 0;

	if (!conn)
		return -ENOMEM;
	conn->event = sd_event_ref(event);
	conn->protocol = protocol;
	conn->handler = handler;
	conn->userdata = userdata;
	conn->timeout_usec = 2 * ERM_USEC_PER_SEC;
	conn->max_reply_bytes = (size_t)4 << 20;
	conn->fd = -1;

	r = sd_event_add_time(event, &conn->deadline, CLOCK_MONOTONIC, 0, ACCURACY_USEC,
			      on_deadline, conn);
	if (r >= 0)
		r = sd_event_source_set_enabled(conn->deadline, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(conn->deadline, 1);
	if (r < 0) {
		erm_router_conn_free(conn);
		return r;
	}
	(void)sd_event_source_set_description(conn->deadline, "router-deadline");
	*ret = conn;
	return 0;
}

struct erm_router_conn *erm_router_conn_free(struct erm_router_conn *conn)
{
	if (conn) {
		erm_router_conn_close(conn);
		sd_event_source_disable_unref(conn->deadline);
		sd_event_unref(conn->event);
		free(conn->buffer);
		free(conn);
	}
	return NULL;
}

void erm_router_conn_set_limits(struct erm_router_conn *conn, usec_t timeout_usec,
				size_t max_reply_bytes)
{
	conn->timeout_usec = timeout_usec;
	conn->max_reply_bytes = max_reply_bytes;
}

bool erm_router_conn_is_open(const struct erm_router_conn *conn)
{
	return conn->fd >= 0;
}

size_t erm_router_conn_capacity(const struct erm_router_conn *conn)
{
	return conn->capacity;
}

void erm_router_conn_close(struct erm_router_conn *conn)
{
	(void)sd_event_source_set_enabled(conn->deadline, SD_EVENT_OFF);
	/* sd-event knows fds by number: the event source goes first */
	conn->io = sd_event_source_disable_unref(conn->io);
	if (conn->fd >= 0)
		(void)close(conn->fd);
	conn->fd = -1;
	conn->is_busy = false;
	conn->used = 0;
	free(conn->buffer);
	conn->buffer = NULL;
	conn->capacity = 0;
}

static void fail(struct erm_router_conn *conn, enum erm_source_reason reason, const char *text)
{
	erm_router_conn_close(conn);
	conn->handler->failed(conn->userdata, reason, text);
}

static void fail_errno(struct erm_router_conn *conn, int error)
{
	char text[ERM_ROUTER_REQUEST_MAX];

	if (error == -ECONNRESET || error == -EPIPE) {
		fail(conn, ERM_REASON_CLOSED, "connection reset by the router");
		return;
	}
	(void)!snprintf(text, sizeof(text), "cannot read: %s", strerrordesc_np(-error));
	fail(conn, ERM_REASON_SYSTEM, text);
}

/* Room for at least one more byte; -E2BIG when the cap is reached. */
static int grow(struct erm_router_conn *conn)
{
	size_t cap = conn->max_reply_bytes + conn->protocol->trailer_max + 1;
	size_t capacity = conn->capacity ? conn->capacity * 2 : BUFFER_MIN;
	char *buffer = NULL;

	if (conn->used < conn->capacity)
		return 0;
	if (conn->used >= cap)
		return -E2BIG;
	if (capacity > cap)
		capacity = cap;
	buffer = realloc(conn->buffer, capacity);
	if (!buffer)
		return -ENOMEM;
	conn->buffer = buffer;
	conn->capacity = capacity;
	return 0;
}

/* One large reply must not cost its memory for ever. */
static void shrink(struct erm_router_conn *conn, size_t reply_len)
{
	size_t wanted = reply_len * 2 > BUFFER_MIN ? reply_len * 2 : BUFFER_MIN;
	char *buffer = NULL;

	if (conn->capacity / 2 < wanted)
		return;
	buffer = realloc(conn->buffer, wanted);
	if (buffer) {
		conn->buffer = buffer;
		conn->capacity = wanted;
	}
}

/* 1: a reply was handed over; 0: more must come; negative: the stream is bad. */
static int try_reply(struct erm_router_conn *conn)
{
	size_t text_len = 0;
	unsigned int result = 0;
	int r = conn->protocol->find(&conn->frame, conn->buffer, conn->used, &text_len, &result);

	if (r <= 0)
		return r;
	if (text_len > conn->max_reply_bytes)
		return -E2BIG;

	shrink(conn, text_len);
	conn->is_busy = false;
	(void)sd_event_source_set_enabled(conn->deadline, SD_EVENT_OFF);
	conn->handler->reply(conn->userdata, conn->buffer, text_len, result);
	return 1;
}

static void on_end(struct erm_router_conn *conn)
{
	fail(conn, ERM_REASON_CLOSED,
	     conn->used > 0 ? "closed by the router within a reply" : "closed by the router");
}

static void on_bad_stream(struct erm_router_conn *conn, int error)
{
	if (error == -E2BIG)
		fail(conn, ERM_REASON_TOO_LARGE, "reply over max-reply-bytes");
	else if (error == -EBADMSG)
		fail(conn, ERM_REASON_PROTOCOL, conn->protocol->broken);
	else
		fail_errno(conn, error);
}

/* Reads until there is no more, a reply is complete or the turn is used up. */
static void read_some(struct erm_router_conn *conn)
{
	for (unsigned int i = 0; i < READS_MAX; i++) {
		ssize_t n = 0;
		int r = grow(conn);

		if (r < 0) {
			on_bad_stream(conn, r);
			return;
		}
		n = recv(conn->fd, conn->buffer + conn->used, conn->capacity - conn->used, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0) {
			fail_errno(conn, -errno);
			return;
		}
		if (n == 0) {
			on_end(conn);
			return;
		}
		conn->used += (size_t)n;
		if (!conn->is_busy) {
			fail(conn, ERM_REASON_PROTOCOL, "the router spoke without being asked");
			return;
		}
		r = try_reply(conn);
		if (r < 0)
			on_bad_stream(conn, r);
		if (r != 0)
			return; /* the handler may have closed or asked again */
	}
}

static int send_rest(struct erm_router_conn *conn)
{
	ssize_t n = send(conn->fd, conn->request + conn->request_sent,
			 conn->request_len - conn->request_sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return -errno;
	if (n > 0)
		conn->request_sent += (size_t)n;
	return sd_event_source_set_io_events(conn->io, conn->request_sent < conn->request_len
							       ? EPOLLIN | EPOLLOUT
							       : EPOLLIN);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_router_conn *conn = userdata;

	(void)source;
	(void)fd;
	if (revents & EPOLLOUT) {
		int r = send_rest(conn);

		if (r < 0) {
			fail_errno(conn, r);
			return 0;
		}
	}
	if (revents & (EPOLLIN | EPOLLHUP | EPOLLERR))
		read_some(conn);
	return 0;
}

static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_router_conn *conn = userdata;
	usec_t due = usec;

	(void)source;
	/* after a suspend or a long turn the reply may lie there, unread: it counts */
	read_some(conn);
	if (conn->fd < 0 || !conn->is_busy)
		return 0;
	if (sd_event_source_get_time(conn->deadline, &due) >= 0 && due > usec)
		return 0; /* answered, and the next request is under way */
	fail(conn, ERM_REASON_TIMEOUT,
	     conn->used > 0 ? "no complete reply in time" : "no reply in time");
	return 0;
}

int erm_router_conn_open(struct erm_router_conn *conn, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = -1;
	int r = 0;

	assert(conn->fd < 0);
	if (strlen(path) >= sizeof(addr.sun_path))
		return -ENAMETOOLONG;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	r = connect(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0
		    ? -errno
		    : sd_event_add_io(conn->event, &conn->io, fd, EPOLLIN, on_io, conn);
	if (r < 0) {
		(void)close(fd);
		return r;
	}
	(void)sd_event_source_set_description(conn->io, "router-conn");
	(void)sd_event_source_set_exit_on_failure(conn->io, 1);
	conn->fd = fd;
	return 0;
}

int erm_router_conn_request(struct erm_router_conn *conn, const void *request, size_t len)
{
	int r = 0;

	assert(conn->fd >= 0 && !conn->is_busy);
	assert(len <= sizeof(conn->request));
	memcpy(conn->request, request, len);
	conn->request_len = len;
	conn->request_sent = 0;
	conn->used = 0;
	conn->frame = (struct erm_router_frame){ 0 };
	conn->is_busy = true;

	r = sd_event_source_set_time(conn->deadline,
				     erm_usec_add(erm_time_now().mono, conn->timeout_usec));
	if (r >= 0) /* a time source fires once: it must be switched on again each time */
		r = sd_event_source_set_enabled(conn->deadline, SD_EVENT_ONESHOT);
	if (r >= 0 && len > 0)
		r = send_rest(conn);
	if (r < 0)
		erm_router_conn_close(conn);
	return r;
}
