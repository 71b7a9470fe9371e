#include "publish/ctl_client.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

struct output {
	struct output *next;
	struct erm_ctl_text *text;
};

struct erm_ctl_client {
	struct erm_ctl_client_env *env;
	void *userdata;
	int fd;
	sd_event_source *io_source, *timer_source;
	char *input; /* limits.request_bytes long */
	size_t n_input;
	struct output *first, *last;
	size_t n_written;     /* of first */
	size_t n_queued;      /* octets in the queue, those written of first included */
	usec_t request_usec;  /* the last request was complete, or its reply written */
	usec_t progress_usec; /* the queue last moved */
	usec_t bucket_usec;   /* when the bucket of requests will be empty again */
	usec_t resume_usec;   /* throttled until then; 0 = not */
	bool is_waiting, is_streaming, is_finishing, has_eof, is_gone;
};

static usec_t now_usec(const struct erm_ctl_client *c)
{
	uint64_t now = 0;

	(void)sd_event_now(c->env->event, CLOCK_MONOTONIC, &now);
	return now;
}

void erm_ctl_client_drop(struct erm_ctl_client *client, enum erm_ctl_gone why)
{
	if (client->is_gone)
		return;
	client->is_gone = true;
	(void)sd_event_source_set_enabled(client->io_source, SD_EVENT_OFF);
	(void)sd_event_source_set_enabled(client->timer_source, SD_EVENT_OFF);
	client->env->handlers.gone(client->userdata, why);
}

static void pop_output(struct erm_ctl_client *c)
{
	struct output *output = c->first;

	c->first = output->next;
	if (!c->first)
		c->last = NULL;
	c->n_queued -= output->text->len;
	c->env->total_bytes -= output->text->len;
	c->n_written = 0;
	erm_ctl_text_unref(output->text);
	free(output);
}

/* Writes what the kernel takes. */
static void flush(struct erm_ctl_client *c)
{
	while (c->first && !c->is_gone) {
		const struct erm_ctl_text *text = c->first->text;
		ssize_t n = send(c->fd, text->data + c->n_written, text->len - c->n_written,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n < 0) {
			erm_ctl_client_drop(c, ERM_CTL_GONE_HANGUP);
			return;
		}
		c->progress_usec = now_usec(c);
		c->n_written += (size_t)n;
		if (c->n_written == text->len)
			pop_output(c);
	}
	if (c->is_gone)
		return;
	c->request_usec = now_usec(c);
	if (c->is_finishing)
		erm_ctl_client_drop(c, ERM_CTL_GONE_HANGUP);
}

/* The bucket of requests: each fills it by 1/rate seconds' worth, burst of them fit (GCRA). */
static bool may_request(struct erm_ctl_client *c)
{
	const struct erm_ctl_limits *limits = &c->env->limits;
	usec_t interval = ERM_USEC_PER_SEC / limits->rate_per_sec;
	usec_t now = now_usec(c);
	usec_t level = c->bucket_usec > now ? c->bucket_usec : now;

	if (level - now > interval * limits->burst) {
		if (c->resume_usec == 0)
			c->env->throttled++;
		c->resume_usec = level - interval * limits->burst;
		return false;
	}
	c->resume_usec = 0;
	c->bucket_usec = level + interval;
	return true;
}

static void process_input(struct erm_ctl_client *c)
{
	while (!c->is_waiting && !c->is_streaming && !c->is_finishing && !c->is_gone) {
		const char *end = memchr(c->input, '\0', c->n_input);
		size_t len = end ? (size_t)(end - c->input) : 0;

		if (!end && c->n_input == c->env->limits.request_bytes)
			erm_ctl_client_drop(c, ERM_CTL_GONE_TOO_LARGE);
		if (!end || !may_request(c))
			return;
		c->env->requests++;
		c->request_usec = now_usec(c);
		c->env->handlers.request(c->userdata, c->input, len);
		c->n_input -= len + 1;
		memmove(c->input, c->input + len + 1, c->n_input);
	}
	if (c->is_streaming && c->n_input > 0)
		erm_ctl_client_drop(c, ERM_CTL_GONE_GARBAGE);
}

static void read_input(struct erm_ctl_client *c)
{
	size_t space = c->env->limits.request_bytes - c->n_input;
	ssize_t n;

	if (space == 0 || c->has_eof)
		return;
	n = recv(c->fd, c->input + c->n_input, space, MSG_DONTWAIT);
	if (n == 0)
		c->has_eof = true;
	else if (n > 0)
		c->n_input += (size_t)n;
	else if (errno != EAGAIN && errno != EINTR)
		erm_ctl_client_drop(c, ERM_CTL_GONE_HANGUP);
}

static usec_t next_deadline(const struct erm_ctl_client *c)
{
	usec_t timeout = c->env->limits.timeout_usec;

	if (c->first)
		return erm_usec_add(c->progress_usec, timeout);
	if (c->resume_usec > 0)
		return c->resume_usec;
	if (c->is_waiting || c->is_streaming)
		return ERM_USEC_INFINITY;
	return erm_usec_add(c->request_usec, timeout);
}

/* After anything happened: what to wait for now. */
static void rearm(struct erm_ctl_client *c)
{
	uint32_t events = 0;
	usec_t deadline;

	if (c->is_gone)
		return;
	/* A half-closed client that has got all its answers. */
	if (c->has_eof && !c->first && !c->is_waiting && !c->is_streaming &&
	    !memchr(c->input, '\0', c->n_input)) {
		erm_ctl_client_drop(c, ERM_CTL_GONE_HANGUP);
		return;
	}
	if (!c->has_eof && !c->is_finishing && c->n_input < c->env->limits.request_bytes)
		events |= EPOLLIN;
	if (c->first)
		events |= EPOLLOUT;
	(void)sd_event_source_set_io_events(c->io_source, events);
	deadline = next_deadline(c);
	(void)sd_event_source_set_time(c->timer_source, deadline);
	(void)sd_event_source_set_enabled(c->timer_source, deadline == ERM_USEC_INFINITY
								   ? SD_EVENT_OFF
								   : SD_EVENT_ONESHOT);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_ctl_client *c = userdata;

	(void)source;
	(void)fd;
	if (revents & EPOLLOUT) {
		flush(c);
		if (!c->is_gone && !c->first)
			c->env->handlers.drained(c->userdata);
	}
	if (!c->is_gone && (revents & EPOLLIN)) {
		read_input(c);
		process_input(c);
	}
	/* Both directions are closed: nobody will read an answer. */
	if (!c->is_gone && (revents & (EPOLLHUP | EPOLLERR)))
		erm_ctl_client_drop(c, ERM_CTL_GONE_HANGUP);
	rearm(c);
	return 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_ctl_client *c = userdata;

	(void)source;
	(void)usec;
	if (now_usec(c) < next_deadline(c)) {
		rearm(c);
		return 0;
	}
	if (c->first)
		erm_ctl_client_drop(c, ERM_CTL_GONE_SLOW);
	else if (c->resume_usec > 0)
		process_input(c);
	else
		erm_ctl_client_drop(c, ERM_CTL_GONE_TIMEOUT);
	rearm(c);
	return 0;
}

int erm_ctl_client_new(struct erm_ctl_client_env *env, int fd, void *userdata,
		       struct erm_ctl_client **ret)
{
	struct erm_ctl_client *c = calloc(1, sizeof(*c));
	int r = -ENOMEM;

	if (!c)
		return -ENOMEM;
	*c = (struct erm_ctl_client){ .env = env, .userdata = userdata, .fd = -1 };
	c->request_usec = now_usec(c);
	c->input = malloc(env->limits.request_bytes);
	if (c->input)
		r = sd_event_add_io(env->event, &c->io_source, fd, EPOLLIN, on_io, c);
	if (r >= 0)
		r = sd_event_add_time(env->event, &c->timer_source, CLOCK_MONOTONIC,
				      ERM_USEC_INFINITY, 0, on_timer, c);
	if (r < 0) {
		erm_ctl_client_free(c);
		return r;
	}
	c->fd = fd;
	rearm(c);
	*ret = c;
	return 0;
}

static void append_output(struct erm_ctl_client *c, struct output *output,
			  struct erm_ctl_text *text)
{
	text->n_ref++;
	*output = (struct output){ .text = text };
	if (c->last)
		c->last->next = output;
	else
		c->first = output;
	c->last = output;
	c->n_queued += text->len;
	c->env->total_bytes += text->len;
}

void erm_ctl_client_send(struct erm_ctl_client *client, struct erm_ctl_text *text)
{
	const struct erm_ctl_limits *limits = &client->env->limits;
	struct output *output;

	if (client->is_gone || client->is_finishing)
		return;
	if (client->first && client->n_queued + text->len > limits->queue_bytes) {
		erm_ctl_client_drop(client, ERM_CTL_GONE_SLOW);
		return;
	}
	output = malloc(sizeof(*output));
	if (!output || client->env->total_bytes + text->len > limits->total_bytes) {
		free(output);
		erm_ctl_client_drop(client, ERM_CTL_GONE_FULL);
		return;
	}
	if (!client->first)
		client->progress_usec = now_usec(client);
	append_output(client, output, text);
	if (client->first == output)
		flush(client);
	rearm(client);
}

void erm_ctl_client_set_waiting(struct erm_ctl_client *client, bool is_waiting)
{
	client->is_waiting = is_waiting;
	if (!is_waiting) {
		client->request_usec = now_usec(client);
		process_input(client);
	}
	rearm(client);
}

void erm_ctl_client_set_streaming(struct erm_ctl_client *client)
{
	client->is_streaming = true;
	rearm(client);
}

void erm_ctl_client_finish(struct erm_ctl_client *client)
{
	client->is_finishing = true;
	flush(client);
	rearm(client);
}

bool erm_ctl_client_is_drained(const struct erm_ctl_client *client)
{
	return !client->first;
}

struct erm_ctl_client *erm_ctl_client_free(struct erm_ctl_client *client)
{
	if (!client)
		return NULL;
	while (client->first)
		pop_output(client);
	/* sd-event matches by number: the source goes before its fd is closed. */
	(void)sd_event_source_disable_unref(client->timer_source);
	(void)sd_event_source_disable_unref(client->io_source);
	if (client->fd >= 0)
		(void)close(client->fd);
	free(client->input);
	free(client);
	return NULL;
}
