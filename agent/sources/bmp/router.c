#include "sources/bmp/router.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sources/bmp/census.h"

#define READ_BYTES    16384
#define READS_MAX     4 /* a dispatch, so that a flood of routes does not hold up the others */
#define ACCURACY_USEC ((uint64_t)10000)

struct erm_bmp_router {
	uint64_t id;
	struct erm_bmp_router_limits limits;
	const struct erm_bmp_router_handler *handler;
	int fd;
	sd_event_source *io, *deadline;
	struct erm_bmp_stream stream;
	struct erm_bmp_census census;
	bool is_ready, has_stats;
	usec_t heard_at; /* the newest whole message, or the connection's start */
	char name[ERM_TEXT_MAX];
};

/* How a read ended, when it did not end well. */
struct ending {
	enum erm_source_reason reason;
	char text[ERM_TEXT_MAX];
};

static int end(struct ending *ending, enum erm_source_reason reason, const char *text)
{
	ending->reason = reason;
	(void)!snprintf(ending->text, sizeof(ending->text), "%s", text);
	return -ESHUTDOWN;
}

static usec_t patience(const struct erm_bmp_router *router)
{
	return router->is_ready ? router->limits.silent_usec : router->limits.start_usec;
}

static bool is_of_peer(const struct erm_bmp_message *message)
{
	return message->type == ERM_BMP_PEER_UP || message->type == ERM_BMP_PEER_DOWN ||
	       message->type == ERM_BMP_STATS;
}

static int take_message(struct erm_bmp_router *router, const struct erm_bmp_message *message,
			struct ending *ending)
{
	char text[ERM_TEXT_MAX];
	int r = 0;

	if (message->type == ERM_BMP_INITIATION) {
		router->is_ready = true;
		if (message->name[0] != '\0')
			memcpy(router->name, message->name, sizeof(router->name));
	} else if (!router->is_ready) {
		return end(ending, ERM_REASON_PROTOCOL, "does not begin with an Initiation");
	}
	if (message->type == ERM_BMP_TERMINATION)
		return end(ending, ERM_REASON_CLOSED, erm_bmp_termination_text(message));
	if (is_of_peer(message))
		r = erm_bmp_census_add(&router->census, &message->peer, router->limits.max_peers);
	if (r == -ENOSPC) {
		(void)!snprintf(text, sizeof(text), "tells of more than max-peers = %u peers",
				router->limits.max_peers);
		return end(ending, ERM_REASON_TOO_LARGE, text);
	}
	if (r < 0)
		return end(ending, ERM_REASON_SYSTEM, strerrordesc_np(-r));
	if (message->type == ERM_BMP_STATS)
		router->has_stats = true;
	router->handler->message(router->handler->userdata, router, message);
	return 0;
}

/* ret_n: how many messages were taken. */
static int take_bytes(struct erm_bmp_router *router, const uint8_t *data, size_t len,
		      struct ending *ending, unsigned int *ret_n)
{
	for (;;) {
		struct erm_bmp_message message;
		int r = erm_bmp_stream_take(&router->stream, &data, &len);

		if (r == 0)
			return 0;
		if (r > 0)
			r = erm_bmp_message_parse(&router->stream, &message);
		if (r == -EMSGSIZE)
			return end(ending, ERM_REASON_TOO_LARGE, "a message of more than 64 kB");
		if (r < 0)
			return end(ending, ERM_REASON_PROTOCOL, "does not speak BMP version 3");
		r = take_message(router, &message, ending);
		if (r < 0)
			return r;
		(*ret_n)++;
	}
}

/* 0, or -ESHUTDOWN: it has ended. */
static int read_all(struct erm_bmp_router *router, struct ending *ending, unsigned int *ret_n)
{
	for (int i = 0; i < READS_MAX; i++) {
		uint8_t buffer[READ_BYTES];
		ssize_t n = recv(router->fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		int r = 0;

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0 && errno != ECONNRESET)
			return end(ending, ERM_REASON_SYSTEM, strerrordesc_np(errno));
		if (n <= 0)
			return end(ending, ERM_REASON_CLOSED, "closed by the router");
		r = take_bytes(router, buffer, (size_t)n, ending, ret_n);
		if (r < 0)
			return r;
		if ((size_t)n < sizeof(buffer))
			return 0;
	}
	return 0;
}

static int arm(struct erm_bmp_router *router)
{
	int r = sd_event_source_set_time(router->deadline,
					 erm_usec_add(router->heard_at, patience(router)));

	return r < 0 ? r : sd_event_source_set_enabled(router->deadline, SD_EVENT_ONESHOT);
}

/* From a callback that cannot fail: without its timer a silent router would stay for ever. */
static void arm_or_exit(struct erm_bmp_router *router)
{
	if (arm(router) < 0)
		(void)sd_event_exit(sd_event_source_get_event(router->deadline), EXIT_FAILURE);
}

/* False: it has ended and is freed. */
static bool serve(struct erm_bmp_router *router)
{
	struct ending ending = { .reason = ERM_REASON_NONE };
	bool was_ready = router->is_ready;
	unsigned int n = 0;
	int r = read_all(router, &ending, &n);

	if (n > 0) {
		router->heard_at = erm_time_now().mono;
		if (!was_ready)
			arm_or_exit(router);
		router->handler->rest(router->handler->userdata, router);
	}
	if (r < 0)
		router->handler->failed(router->handler->userdata, router, ending.reason,
					ending.text);
	return r >= 0;
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	(void)source;
	(void)fd;
	(void)revents;
	(void)serve(userdata);
	return 0;
}

/* Messages do not move the timer: it looks when they would have been due. */
static int on_deadline(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_bmp_router *router = userdata;
	char text[ERM_TEXT_MAX];

	(void)source;
	(void)usec;
	/* we may have slept ourselves: what is there counts */
	if (!serve(router))
		return 0;
	if (erm_time_now().mono < erm_usec_add(router->heard_at, patience(router)))
		return arm(router);
	(void)!snprintf(text, sizeof(text), "%s for %g s",
			router->is_ready ? "silent" : "no Initiation",
			(double)patience(router) / (double)ERM_USEC_PER_SEC);
	router->handler->failed(router->handler->userdata, router,
				router->is_ready ? ERM_REASON_STALE : ERM_REASON_TIMEOUT, text);
	return 0;
}

static int add_event_sources(struct erm_bmp_router *router, sd_event *event)
{
	int r = sd_event_add_io(event, &router->io, router->fd, EPOLLIN, on_io, router);

	if (r >= 0) {
		r = sd_event_add_time(event, &router->deadline, CLOCK_MONOTONIC,
				      erm_usec_add(router->heard_at, patience(router)),
				      ACCURACY_USEC, on_deadline, router);
	}
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(router->deadline, 1);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(router->io, "bmp-router");
	(void)sd_event_source_set_description(router->deadline, "bmp-deadline");
	return 0;
}

int erm_bmp_router_new(sd_event *event, int fd, uint64_t id,
		       const struct erm_bmp_router_limits *limits,
		       const struct erm_bmp_router_handler *handler, struct erm_bmp_router **ret)
{
	struct erm_bmp_router *router = calloc(1, sizeof(*router));
	int r = 0;

	if (!router) {
		(void)close(fd);
		return -ENOMEM;
	}
	router->id = id;
	router->limits = *limits;
	router->handler = handler;
	router->fd = fd;
	router->heard_at = erm_time_now().mono;
	(void)!snprintf(router->name, sizeof(router->name), "router");
	r = add_event_sources(router, event);
	if (r < 0) {
		erm_bmp_router_free(router);
		return r;
	}
	*ret = router;
	return 0;
}

struct erm_bmp_router *erm_bmp_router_free(struct erm_bmp_router *router)
{
	if (!router)
		return NULL;
	/* sd-event knows fds by number: the event source goes first */
	sd_event_source_disable_unref(router->io);
	sd_event_source_disable_unref(router->deadline);
	(void)close(router->fd);
	erm_bmp_census_done(&router->census);
	free(router);
	return NULL;
}

void erm_bmp_router_set_limits(struct erm_bmp_router *router,
			       const struct erm_bmp_router_limits *limits)
{
	router->limits = *limits;
	arm_or_exit(router);
}

uint64_t erm_bmp_router_id(const struct erm_bmp_router *router)
{
	return router->id;
}

bool erm_bmp_router_is_ready(const struct erm_bmp_router *router)
{
	return router->is_ready;
}

bool erm_bmp_router_has_stats(const struct erm_bmp_router *router)
{
	return router->has_stats;
}

const char *erm_bmp_router_name(const struct erm_bmp_router *router)
{
	return router->name;
}
