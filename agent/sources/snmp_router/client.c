#include "sources/snmp_router/client.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sources/router/child.h"

#define PROGRAM          "ermon-snmp-get"
#define TRIES            4 /* two for the question, and two for an engine that is not known yet */
#define SLACK_USEC       (1 * ERM_USEC_PER_SEC)
#define BACKOFF_MIN_USEC (500 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC (30 * ERM_USEC_PER_SEC)
#define READS_MAX        16 /* a dispatch */
#define TIMER_ACCURACY   ((uint64_t)1000)
#define PEER_TEXT_MAX    80

/* What tells a file from the same with other contents or rights. */
struct mark {
	dev_t device;
	ino_t inode;
	off_t size;
	struct timespec modified, changed;
};

/* Ordered for the reader, one per router: NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct erm_snmpr_client {
	sd_event *event;
	const struct erm_snmpr_client_handler *handler;
	void *userdata;
	struct erm_source_counters *counters;
	sd_event_source *timer;

	char *program, *credentials;
	char peer[PEER_TEXT_MAX];
	usec_t timeout_usec;

	struct erm_router_child *child;
	struct mark mark;     /* of the credentials it has read */
	bool is_mark_doubted; /* it has failed since */
	usec_t start_at, backoff;

	bool is_busy, is_sent;
	struct erm_snmpr_request request;
	struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
	usec_t asked;
	int error; /* why the process could not be asked */

	struct erm_snmpr_answer answer;
	char buffer[2 * ERM_SNMPR_LINE_MAX];
	size_t used;
};

static int arm(struct erm_snmpr_client *client, usec_t at)
{
	int r = sd_event_source_set_time(client->timer, at);

	return r < 0 ? r : sd_event_source_set_enabled(client->timer, SD_EVENT_ONESHOT);
}

static void end_question(struct erm_snmpr_client *client)
{
	client->is_busy = client->is_sent = false;
	client->error = 0;
	(void)sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
}

static void fail(struct erm_snmpr_client *client, enum erm_source_reason reason, const char *text)
{
	end_question(client);
	client->is_mark_doubted = true;
	client->handler->failed(client->userdata, reason, text);
}

/* The process does not do what it is there for: another one, after a while. */
static void give_up(struct erm_snmpr_client *client, enum erm_source_reason reason,
		    const char *text)
{
	erm_router_child_kill(client->child);
	client->start_at = erm_usec_add(erm_time_now().mono, client->backoff);
	client->backoff =
		client->backoff * 2 < BACKOFF_MAX_USEC ? client->backoff * 2 : BACKOFF_MAX_USEC;
	if (client->is_busy && client->is_sent)
		fail(client, reason, text);
	else if (reason == ERM_REASON_TOO_LARGE) /* unasked: not the failure of a question */
		client->counters->limits_hit++;
}

static struct mark mark_of(const char *path)
{
	struct mark mark = { 0 };
	struct stat st;

	if (stat(path, &st) == 0) {
		mark.device = st.st_dev;
		mark.inode = st.st_ino;
		mark.size = st.st_size;
		mark.modified = st.st_mtim;
		mark.changed = st.st_ctim;
	}
	return mark;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static bool has_changed(const struct erm_snmpr_client *client)
{
	struct mark now = mark_of(client->credentials);
	const struct mark *was = &client->mark;

	return now.device != was->device || now.inode != was->inode || now.size != was->size ||
	       !is_same_time(&now.modified, &was->modified) ||
	       !is_same_time(&now.changed, &was->changed);
}

static int start(struct erm_snmpr_client *client)
{
	char name[] = PROGRAM;
	char timeout[24];
	char *argv[] = { name, client->peer, client->credentials, timeout, NULL };

	(void)snprintf(timeout, sizeof(timeout), "%llu", (unsigned long long)client->timeout_usec);
	/* looked at first: what changes in between is found by the next look */
	client->mark = mark_of(client->credentials);
	client->is_mark_doubted = false;
	client->used = 0;
	return erm_router_child_run(client->child, ERM_ROUTER_CHILD_SPOKEN, client->program, argv);
}

static int send_question(struct erm_snmpr_client *client)
{
	char line[ERM_SNMPR_ASK_LINE_MAX];
	int len = erm_snmpr_request_write(&client->request, line);
	ssize_t n;

	if (len < 0)
		return len;
	memset(&client->answer, 0, sizeof(client->answer));
	client->asked = erm_time_now().mono;
	client->counters->requests++;
	n = send(erm_router_child_fd(client->child), line, (size_t)len, MSG_NOSIGNAL);
	client->is_sent = true;
	/* it takes a line at once, or has ended, which is told by another way */
	return n == len || (n < 0 && (errno == EPIPE || errno == ECONNRESET)) ? 0 : -EPIPE;
}

/* Sends the question as soon as there is somebody to send it to. */
static int proceed(struct erm_snmpr_client *client)
{
	usec_t now = erm_time_now().mono;
	int r = 0;

	if (erm_router_child_is_alive(client->child) && client->is_mark_doubted) {
		if (has_changed(client))
			erm_router_child_kill(client->child);
		client->is_mark_doubted = false;
	}
	if (!erm_router_child_is_alive(client->child)) {
		if (erm_router_child_is_there(client->child)) /* on_ended() goes on */
			return 0;
		if (now < client->start_at)
			return arm(client, client->start_at);
		r = start(client);
	}
	if (r >= 0)
		r = send_question(client);
	if (r < 0) { /* told from the loop, not from within a call */
		client->error = -r;
		return arm(client, now);
	}
	return arm(client, erm_usec_add(client->asked, client->timeout_usec * TRIES + SLACK_USEC));
}

static void proceed_or_exit(struct erm_snmpr_client *client)
{
	if (proceed(client) < 0)
		(void)sd_event_exit(client->event, EXIT_FAILURE);
}

static void fail_by_error(struct erm_snmpr_client *client, int error)
{
	client->is_sent = true;
	if (error == ENOENT)
		give_up(client, ERM_REASON_UNSUPPORTED, PROGRAM " is not installed");
	else if (error == EACCES || error == EPERM)
		give_up(client, ERM_REASON_PERMISSION, PROGRAM " must not be run");
	else
		give_up(client, ERM_REASON_SYSTEM, strerrordesc_np(error));
}

static int on_timer(sd_event_source *event_source, uint64_t usec, void *userdata)
{
	struct erm_snmpr_client *client = userdata;

	(void)event_source;
	(void)usec;
	if (!client->is_busy)
		return 0;
	if (client->error > 0) {
		fail_by_error(client, client->error);
	} else if (client->is_sent) {
		client->counters->limits_hit++;
		give_up(client, ERM_REASON_TIMEOUT, PROGRAM " does not answer");
	} else {
		return proceed(client);
	}
	return 0;
}

static void finish(struct erm_snmpr_client *client)
{
	const struct erm_snmpr_answer *answer = &client->answer;

	client->backoff = BACKOFF_MIN_USEC;
	end_question(client);
	if (answer->failure == ERM_SNMPR_FAILURE_NONE) {
		client->handler->answer(client->userdata, answer, client->asked);
	} else if (answer->failure == ERM_SNMPR_FAILURE_TOO_BIG) {
		client->handler->too_big(client->userdata);
	} else {
		fail(client, erm_snmpr_failure_reason(answer->failure), answer->why);
	}
}

/* Takes the lines that are complete.  False when it is not spoken to any more. */
static bool take_lines(struct erm_snmpr_client *client)
{
	char *line = client->buffer;
	const char *end = client->buffer + client->used;

	for (;;) {
		char *newline = memchr(line, '\n', (size_t)(end - line));
		int r;

		if (!newline)
			break;
		r = client->is_sent
			    ? erm_snmpr_answer_take(&client->answer, line, (size_t)(newline - line))
			    : -EBADMSG;
		line = newline + 1;
		if (r < 0 || (r == 0 && line < end)) { /* or something behind its end */
			give_up(client, r == -E2BIG ? ERM_REASON_TOO_LARGE : ERM_REASON_PROTOCOL,
				r == -E2BIG ? PROGRAM " says too much"
					    : PROGRAM " says what it should not");
			return false;
		}
		if (r == 0) {
			client->used = 0;
			finish(client);
			return false;
		}
	}
	client->used = (size_t)(end - line);
	memmove(client->buffer, line, client->used);
	return true;
}

static void on_readable(void *userdata, int fd)
{
	struct erm_snmpr_client *client = userdata;

	for (unsigned int i = 0; i < READS_MAX; i++) {
		ssize_t n;

		if (client->used >= sizeof(client->buffer)) {
			give_up(client, ERM_REASON_TOO_LARGE, PROGRAM " says too long a line");
			return;
		}
		n = read(fd, client->buffer + client->used, sizeof(client->buffer) - client->used);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			give_up(client, ERM_REASON_CLOSED, PROGRAM " has ended");
			return;
		}
		client->used += (size_t)n;
		if (!take_lines(client))
			return;
	}
}

static void on_ended(void *userdata, int status, bool was_killed)
{
	struct erm_snmpr_client *client = userdata;
	char text[64];

	if (!was_killed) {
		(void)snprintf(text, sizeof(text), PROGRAM " has ended: status %d", status);
		give_up(client, ERM_REASON_CLOSED, text);
	}
	if (client->is_busy && !client->is_sent && client->error == 0)
		proceed_or_exit(client);
}

static const struct erm_router_child_handler child_handler = { .readable = on_readable,
							       .ended = on_ended };

int erm_snmpr_client_ask(struct erm_snmpr_client *client, const struct erm_snmpr_request *request)
{
	assert(!client->is_busy);
	if (request->n > ERM_SNMPR_ASK_MAX)
		return -E2BIG;
	memcpy(client->names, request->names, request->n * sizeof(client->names[0]));
	client->request = *request;
	client->request.names = client->names;
	client->is_busy = true;
	client->is_sent = false;
	client->error = 0;
	return proceed(client);
}

void erm_snmpr_client_drop(struct erm_snmpr_client *client)
{
	if (client->is_sent) /* its answer would be taken for another's */
		erm_router_child_kill(client->child);
	end_question(client);
}

static void write_peer(const union erm_snmpr_address *address, char ret[PEER_TEXT_MAX])
{
	char host[INET6_ADDRSTRLEN] = "";

	if (address->any.sa_family == AF_INET) {
		(void)inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof(host));
		(void)snprintf(ret, PEER_TEXT_MAX, "udp:%s:%u", host, ntohs(address->v4.sin_port));
	} else {
		(void)inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof(host));
		(void)snprintf(ret, PEER_TEXT_MAX, "udp6:[%s]:%u", host,
			       ntohs(address->v6.sin6_port));
	}
}

int erm_snmpr_client_set_peer(struct erm_snmpr_client *client,
			      const union erm_snmpr_address *address, usec_t timeout_usec,
			      const char *credentials)
{
	_cleanup_free_ char *path = strdup(credentials);
	char peer[PEER_TEXT_MAX];
	bool is_same;

	if (!path)
		return -ENOMEM;
	write_peer(address, peer);
	is_same = client->credentials && strcmp(client->credentials, path) == 0 &&
		  strcmp(client->peer, peer) == 0 && client->timeout_usec == timeout_usec;
	erm_snmpr_client_drop(client);
	client->is_mark_doubted = true;
	if (is_same)
		return 0;
	erm_router_child_kill(client->child);
	client->start_at = 0;
	client->backoff = BACKOFF_MIN_USEC;
	client->timeout_usec = timeout_usec;
	memcpy(client->peer, peer, sizeof(peer));
	free(client->credentials);
	client->credentials = ERM_TAKE_PTR(path);
	return 0;
}

struct erm_snmpr_client *erm_snmpr_client_free(struct erm_snmpr_client *client)
{
	if (!client)
		return NULL;
	erm_router_child_free(client->child);
	sd_event_source_disable_unref(client->timer);
	free(client->program);
	free(client->credentials);
	free(client);
	return NULL;
}
ERM_DEFINE_CLEANUP(struct erm_snmpr_client *, erm_snmpr_client_free)

int erm_snmpr_client_new(sd_event *event, const char *folder,
			 const struct erm_snmpr_client_handler *handler, void *userdata,
			 struct erm_source_counters *counters, struct erm_snmpr_client **ret)
{
	ERM_CLEANUP(erm_snmpr_client_freep)
	struct erm_snmpr_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	client->event = event;
	client->handler = handler;
	client->userdata = userdata;
	client->counters = counters;
	client->backoff = BACKOFF_MIN_USEC;
	if (asprintf(&client->program, "%s/" PROGRAM, folder) < 0) {
		client->program = NULL;
		return -ENOMEM;
	}
	r = erm_router_child_new(event, &child_handler, client, &client->child);
	if (r >= 0)
		r = sd_event_add_time(event, &client->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY,
				      on_timer, client);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(client->timer, "snmp-router-timer");
	(void)sd_event_source_set_enabled(client->timer, SD_EVENT_OFF);
	r = sd_event_source_set_exit_on_failure(client->timer, 1);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(client);
	return 0;
}
