#include "publish/ctl.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "publish/ctl_act.h"
#include "publish/ctl_listen.h"

#define ACCEPT_PER_TURN    16
#define RESULTS_PER_TURN   64
#define CHANGE_PERIOD_USEC (100 * ERM_USEC_PER_MSEC)
#define LOG_PERIOD_USEC    (60 * ERM_USEC_PER_SEC)

const struct erm_ctl_limits erm_ctl_default_limits = {
	.clients = 64,
	.request_bytes = (size_t)64 * 1024,
	.queue_bytes = (size_t)4 * 1024 * 1024,
	.total_bytes = (size_t)64 * 1024 * 1024,
	.timeout_usec = 30 * ERM_USEC_PER_SEC,
	.rate_per_sec = 50,
	.burst = 100,
	.jobs = 16384,
};

struct slot { /* a connection */
	struct erm_publisher *pub;
	struct erm_ctl_client *client;
	uint64_t id;
	struct erm_ctl_peer peer;
	bool is_gone;
	bool is_oneway; /* the request being answered */
	bool wants_events, wants_changes, owes_change;
	uint64_t since_job; /* events of later jobs are its */
};

struct erm_publisher {
	struct erm_publisher_env env;
	struct erm_ctl_client_env client_env;
	struct sockaddr_un address;
	int fd;
	sd_event_source *listen_source, *listen_timer, *result_source, *reap_source, *change_timer;
	struct erm_ctl_encoder *encoder;
	struct erm_snapshot *snapshot;
	struct slot **slots; /* limits.clients; NULL = free */
	uint64_t last_id;
	usec_t change_usec;                   /* last broadcast */
	usec_t logged_usec[ERM_CTL_GONE_MAX]; /* last line about this reason */
	usec_t refused_logged_usec;
	struct erm_ctl_actors actors;
	struct erm_ctl_counters counters;
};

static const char *gone_text(enum erm_ctl_gone why)
{
	switch (why) {
	case ERM_CTL_GONE_HANGUP:
	case ERM_CTL_GONE_SYSTEM:
	case ERM_CTL_GONE_MAX:
		return "hung up";
	case ERM_CTL_GONE_GARBAGE:
		return "sent what is no request";
	case ERM_CTL_GONE_TOO_LARGE:
		return "sent a request that is too long";
	case ERM_CTL_GONE_SLOW:
		return "does not read its replies";
	case ERM_CTL_GONE_TIMEOUT:
		return "was silent too long";
	case ERM_CTL_GONE_FULL:
		return "asked for more than fits into memory";
	}
	return "hung up";
}

static usec_t now_usec(const struct erm_publisher *pub)
{
	uint64_t now = 0;

	(void)sd_event_now(pub->env.event, CLOCK_MONOTONIC, &now);
	return now;
}

/* At most one line a minute about each thing; the counters tell the rest. */
static bool may_log(const struct erm_publisher *pub, usec_t *logged_usec)
{
	usec_t now = now_usec(pub);

	if (*logged_usec > 0 && now - *logged_usec < LOG_PERIOD_USEC)
		return false;
	*logged_usec = now;
	return true;
}

static void send_text(struct slot *slot, char *data)
{
	struct erm_ctl_text *text = erm_ctl_text_new(data, data ? strlen(data) + 1 : 0);

	if (!text) {
		erm_ctl_client_drop(slot->client, ERM_CTL_GONE_FULL);
		return;
	}
	erm_ctl_client_send(slot->client, text);
	erm_ctl_text_unref(text);
}

/* Takes ownership of data. */
static void reply(struct slot *slot, char *data)
{
	if (slot->is_oneway)
		free(data);
	else
		send_text(slot, data);
}

static void reply_error(struct slot *slot, enum erm_ctl_error error, const char *detail)
{
	reply(slot, erm_ctl_error_format(error, detail));
}

static void on_gone(void *userdata, enum erm_ctl_gone why)
{
	struct slot *slot = userdata;
	struct erm_publisher *pub = slot->pub;

	slot->is_gone = true;
	pub->counters.gone[why]++;
	if (why > ERM_CTL_GONE_SYSTEM && why != ERM_CTL_GONE_TIMEOUT &&
	    may_log(pub, &pub->logged_usec[why]))
		erm_log_notice("Control socket: dropped a client (pid %d, uid %u) that %s",
			       (int)slot->peer.pid, slot->peer.uid, gone_text(why));
	(void)sd_event_source_set_enabled(pub->reap_source, SD_EVENT_ONESHOT);
}

static int on_reap(sd_event_source *source, void *userdata)
{
	struct erm_publisher *pub = userdata;

	(void)source;
	for (uint32_t i = 0; i < pub->client_env.limits.clients; i++) {
		if (!pub->slots[i] || !pub->slots[i]->is_gone)
			continue;
		erm_ctl_client_free(pub->slots[i]->client);
		free(pub->slots[i]);
		pub->slots[i] = NULL;
		pub->counters.clients--;
	}
	return 0;
}

static void send_change(struct slot *slot)
{
	slot->owes_change = !erm_ctl_client_is_drained(slot->client);
	if (!slot->owes_change)
		send_text(slot, erm_ctl_change_format());
}

static void on_drained(void *userdata)
{
	struct slot *slot = userdata;

	if (slot->owes_change)
		send_change(slot);
}

static void handle_get(struct slot *slot, const struct erm_ctl_request *request)
{
	struct erm_publisher *pub = slot->pub;
	struct erm_ctl_job *job;

	if (!pub->snapshot) {
		reply_error(slot, ERM_CTL_NOT_READY, "");
		return;
	}
	job = erm_ctl_job_new_snapshot(slot->id, request, pub->snapshot);
	if (!job || erm_ctl_encoder_submit(pub->encoder, job) < 0) {
		reply_error(slot, ERM_CTL_FAILED, strerror(ENOMEM));
		return;
	}
	erm_ctl_client_set_waiting(slot->client, true);
}

static void handle_subscribe(struct slot *slot, const struct erm_ctl_request *request)
{
	struct erm_publisher *pub = slot->pub;
	struct erm_ctl_job *job = NULL;

	erm_ctl_client_set_streaming(slot->client);
	send_text(slot, erm_ctl_subscribed_format());
	if (request->wants_history && pub->snapshot) {
		job = erm_ctl_job_new_snapshot(slot->id, request, pub->snapshot);
		if (!job || erm_ctl_encoder_submit(pub->encoder, job) < 0) {
			erm_ctl_client_drop(slot->client, ERM_CTL_GONE_FULL);
			return;
		}
	}
	slot->wants_events = request->wants_events;
	slot->since_job = erm_ctl_encoder_last_number(pub->encoder);
	slot->wants_changes = request->wants_changes;
	if (slot->wants_changes)
		send_change(slot);
}

static void handle_reload(struct slot *slot)
{
	const struct erm_publisher_env *env = &slot->pub->env;
	char error[4096] = "";
	int r;

	/* Who could send SIGHUP may ask for it here. */
	if (slot->peer.uid != 0 && slot->peer.uid != geteuid()) {
		reply_error(slot, ERM_CTL_PERMISSION_DENIED, "");
		return;
	}
	r = env->reload ? env->reload(env->userdata, error, sizeof(error)) : -EOPNOTSUPP;
	if (r < 0)
		reply_error(slot, ERM_CTL_RELOAD_FAILED, error[0] ? error : strerror(-r));
	else
		reply(slot, erm_ctl_empty_format());
}

static void on_request(void *userdata, const char *text, size_t len)
{
	struct slot *slot = userdata;
	struct erm_ctl_request request;
	struct erm_act act;
	enum erm_ctl_error error;
	char detail[ERM_CTL_DETAIL_MAX];

	slot->is_oneway = false;
	if (erm_ctl_request_parse(text, len, &request, &act, &error, detail) < 0) {
		reply_error(slot, error, detail);
		if (error == ERM_CTL_BAD_REQUEST) {
			slot->pub->counters.gone[ERM_CTL_GONE_GARBAGE]++;
			erm_ctl_client_finish(slot->client);
		}
		return;
	}
	slot->is_oneway = request.is_oneway;
	switch (request.method) {
	case ERM_CTL_GET_INFO:
		reply(slot, erm_ctl_info_format());
		return;
	case ERM_CTL_GET_DESCRIPTION:
		reply(slot, erm_ctl_description_format(request.interface));
		return;
	case ERM_CTL_GET:
		handle_get(slot, &request);
		return;
	case ERM_CTL_SUBSCRIBE:
		handle_subscribe(slot, &request);
		return;
	case ERM_CTL_RELOAD:
		handle_reload(slot);
		return;
	case ERM_CTL_ACT:
		reply(slot, erm_ctl_act(&slot->pub->env, &slot->pub->actors, &slot->peer, &act));
		return;
	}
}

/* Tells one too many why, if that fits into its socket at once. */
static void refuse(struct erm_publisher *pub, int fd)
{
	_cleanup_free_ char *text = erm_ctl_error_format(ERM_CTL_TOO_MANY_CLIENTS, "");

	if (text && send(fd, text, strlen(text) + 1, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		erm_log_debug("Control socket: %s", strerror(errno));
	pub->counters.refused++;
	if (may_log(pub, &pub->refused_logged_usec)) {
		erm_log_notice("Control socket: refused a client, %u are connected",
			       pub->counters.clients);
	}
}

static int add_client(struct erm_publisher *pub, int fd)
{
	struct slot *slot;
	uint32_t i = 0;

	while (i < pub->client_env.limits.clients && pub->slots[i])
		i++;
	if (i == pub->client_env.limits.clients) {
		refuse(pub, fd);
		return -EBUSY;
	}
	slot = calloc(1, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = (struct slot){ .pub = pub, .id = ++pub->last_id };
	if (erm_ctl_peer_get(fd, &slot->peer) < 0 ||
	    erm_ctl_client_new(&pub->client_env, fd, slot, &slot->client) < 0) {
		free(slot);
		return -ENOMEM;
	}
	pub->slots[i] = slot;
	pub->counters.clients++;
	pub->counters.accepted++;
	return 0;
}

static int on_listen(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_publisher *pub = userdata;

	(void)revents;
	for (int i = 0; i < ACCEPT_PER_TURN; i++) {
		int client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (client >= 0) {
			if (add_client(pub, client) < 0)
				(void)close(client);
			continue;
		}
		if (errno == EAGAIN)
			return 0;
		if (errno == EINTR || errno == ECONNABORTED)
			continue;
		/* Out of descriptors: the socket stays readable, so look away for a second. */
		if (may_log(pub, &pub->logged_usec[ERM_CTL_GONE_SYSTEM]))
			erm_log_warning("Control socket: cannot accept: %s", strerror(errno));
		(void)sd_event_source_set_enabled(source, SD_EVENT_OFF);
		(void)sd_event_source_set_time(pub->listen_timer, now_usec(pub) + ERM_USEC_PER_SEC);
		(void)sd_event_source_set_enabled(pub->listen_timer, SD_EVENT_ONESHOT);
		return 0;
	}
	return 0;
}

static int on_listen_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_publisher *pub = userdata;

	(void)source;
	(void)usec;
	(void)sd_event_source_set_enabled(pub->listen_source, SD_EVENT_ON);
	return 0;
}

/* The slot a job's reply goes to; NULL when it left meanwhile. */
static struct slot *find_slot(struct erm_publisher *pub, uint64_t id)
{
	for (uint32_t i = 0; i < pub->client_env.limits.clients; i++)
		if (pub->slots[i] && pub->slots[i]->id == id && !pub->slots[i]->is_gone)
			return pub->slots[i];
	return NULL;
}

static void deliver_event(struct erm_publisher *pub, const struct erm_ctl_job *job)
{
	for (uint32_t i = 0; job->reply && i < pub->client_env.limits.clients; i++) {
		const struct slot *slot = pub->slots[i];

		if (slot && !slot->is_gone && slot->wants_events && job->number > slot->since_job)
			erm_ctl_client_send(slot->client, job->reply);
	}
}

static void deliver(struct erm_publisher *pub, const struct erm_ctl_job *job)
{
	struct slot *slot;

	if (job->client == 0) {
		deliver_event(pub, job);
		return;
	}
	slot = find_slot(pub, job->client);
	if (!slot)
		return;
	if (!job->reply)
		erm_ctl_client_drop(slot->client, ERM_CTL_GONE_FULL);
	else if (!slot->is_oneway && job->reply->len > 0)
		erm_ctl_client_send(slot->client, job->reply);
	if (job->request.method == ERM_CTL_GET && !slot->is_gone)
		erm_ctl_client_set_waiting(slot->client, false);
}

static int on_results(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_publisher *pub = userdata;

	(void)source;
	(void)fd;
	(void)revents;
	for (int i = 0; i < RESULTS_PER_TURN; i++) {
		ERM_CLEANUP(erm_ctl_job_freep)
		struct erm_ctl_job *job = erm_ctl_encoder_take(pub->encoder);

		if (!job)
			return 0;
		deliver(pub, job);
	}
	return 0;
}

static void broadcast_change(struct erm_publisher *pub)
{
	pub->change_usec = now_usec(pub);
	for (uint32_t i = 0; i < pub->client_env.limits.clients; i++) {
		struct slot *slot = pub->slots[i];

		if (slot && !slot->is_gone && slot->wants_changes)
			send_change(slot);
	}
}

static int on_change_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	(void)source;
	(void)usec;
	broadcast_change(userdata);
	return 0;
}

static void publish_events(struct erm_publisher *pub, struct erm_event *const *events, uint32_t n)
{
	bool has_subscriber = false;
	bool has_failed = false;

	for (uint32_t i = 0; i < pub->client_env.limits.clients; i++)
		has_subscriber = has_subscriber || (pub->slots[i] && pub->slots[i]->wants_events);
	for (uint32_t i = 0; has_subscriber && !has_failed && i < n; i++) {
		struct erm_ctl_job *job = erm_ctl_job_new_event(events[i]);

		has_failed = !job || erm_ctl_encoder_submit(pub->encoder, job) < 0;
	}
	/* A subscriber is told everything or is told that it is not. */
	for (uint32_t i = 0; has_failed && i < pub->client_env.limits.clients; i++)
		if (pub->slots[i] && pub->slots[i]->wants_events)
			erm_ctl_client_drop(pub->slots[i]->client, ERM_CTL_GONE_FULL);
}

static void ctl_publish(struct erm_publisher *pub, struct erm_snapshot *snapshot,
			struct erm_event *const *events, uint32_t n)
{
	usec_t next = erm_usec_add(pub->change_usec, CHANGE_PERIOD_USEC);

	if (snapshot != pub->snapshot) {
		erm_snapshot_unref(pub->snapshot);
		pub->snapshot = erm_snapshot_ref(snapshot);
	}
	publish_events(pub, events, n);
	if (now_usec(pub) >= next) {
		broadcast_change(pub);
	} else {
		(void)sd_event_source_set_time(pub->change_timer, next);
		(void)sd_event_source_set_enabled(pub->change_timer, SD_EVENT_ONESHOT);
	}
}

static void ctl_free(struct erm_publisher *pub)
{
	sd_event_source **sources[] = { &pub->listen_source, &pub->listen_timer,
					&pub->result_source, &pub->reap_source,
					&pub->change_timer };

	for (uint32_t i = 0; pub->slots && i < pub->client_env.limits.clients; i++) {
		if (pub->slots[i]) {
			erm_ctl_client_free(pub->slots[i]->client);
			free(pub->slots[i]);
		}
	}
	free((void *)pub->slots);
	for (size_t i = 0; i < ERM_ELEMENTS(sources); i++)
		*sources[i] = sd_event_source_disable_unref(*sources[i]);
	erm_ctl_encoder_free(pub->encoder);
	if (pub->fd >= 0) {
		(void)unlink(pub->address.sun_path);
		(void)close(pub->fd);
	}
	erm_snapshot_unref(pub->snapshot);
	free(pub);
}
ERM_DEFINE_CLEANUP(struct erm_publisher *, ctl_free)

static int open_socket(struct erm_publisher *pub)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/" ERM_CTL_SOCKET, pub->env.runtime_dir);
	int fd = n < 0 || (size_t)n >= sizeof(path) ? -ENAMETOOLONG
						    : erm_ctl_listen(path, &pub->address);

	if (fd == -EADDRINUSE)
		erm_log_error("Control socket %s: another ermond is running and serves it", path);
	else if (fd == -EEXIST)
		erm_log_error("Control socket %s: something else is there; remove it", path);
	else if (fd < 0)
		erm_log_error("Control socket %s: %s", path, strerror(-fd));
	pub->fd = fd < 0 ? -1 : fd;
	return fd < 0 ? fd : 0;
}

static int add_sources(struct erm_publisher *pub)
{
	sd_event *event = pub->env.event;
	int r = sd_event_add_io(event, &pub->listen_source, pub->fd, EPOLLIN, on_listen, pub);

	if (r >= 0)
		r = sd_event_add_time(event, &pub->listen_timer, CLOCK_MONOTONIC, 0, 0,
				      on_listen_timer, pub);
	if (r >= 0)
		r = sd_event_source_set_enabled(pub->listen_timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_time(event, &pub->change_timer, CLOCK_MONOTONIC, 0, 0,
				      on_change_timer, pub);
	if (r >= 0)
		r = sd_event_source_set_enabled(pub->change_timer, SD_EVENT_OFF);
	if (r >= 0)
		r = sd_event_add_io(event, &pub->result_source, erm_ctl_encoder_fd(pub->encoder),
				    EPOLLIN, on_results, pub);
	if (r >= 0)
		r = sd_event_add_defer(event, &pub->reap_source, on_reap, pub);
	if (r >= 0)
		r = sd_event_source_set_enabled(pub->reap_source, SD_EVENT_OFF);
	return r < 0 ? r : 0;
}

static int ctl_reconfigure(struct erm_publisher *pub, struct erm_config *config)
{
	erm_ctl_actors_set(&pub->actors, config ? config->agent.operator_group : NULL);
	return 0;
}

int erm_ctl_start(const struct erm_publisher_env *env, const struct erm_ctl_limits *limits,
		  struct erm_publisher **ret)
{
	ERM_CLEANUP(ctl_freep) struct erm_publisher *pub = calloc(1, sizeof(*pub));
	int r;

	if (!pub)
		return -ENOMEM;
	*pub = (struct erm_publisher){ .env = *env, .fd = -1 };
	(void)ctl_reconfigure(pub, env->config);
	pub->env.config = NULL; /* not kept */
	pub->client_env.event = env->event;
	pub->client_env.limits = *limits;
	pub->client_env.handlers =
		(struct erm_ctl_client_handlers){ on_request, on_drained, on_gone };
	pub->slots = (struct slot **)calloc(limits->clients, sizeof(struct slot *));
	if (!pub->slots)
		return -ENOMEM;
	r = open_socket(pub);
	if (r == 0)
		r = erm_ctl_encoder_new(&pub->env, limits->jobs, &pub->encoder);
	if (r == 0)
		r = add_sources(pub);
	if (r < 0)
		return r;
	pub->env.runtime_dir = NULL; /* the caller's, maybe not for ever */
	*ret = ERM_TAKE_PTR(pub);
	return 0;
}

void erm_ctl_counters(const struct erm_publisher *pub, struct erm_ctl_counters *ret)
{
	*ret = pub->counters;
	ret->requests = pub->client_env.requests;
	ret->throttled = pub->client_env.throttled;
}

static int ctl_start(const struct erm_publisher_env *env, struct erm_publisher **ret)
{
	return erm_ctl_start(env, &erm_ctl_default_limits, ret);
}

static void ctl_health(const struct erm_publisher *pub, struct erm_publisher_health *ret)
{
	*ret = (struct erm_publisher_health){ .is_alive = true, .is_connected = true };
	for (unsigned int why = ERM_CTL_GONE_GARBAGE; why < ERM_CTL_GONE_MAX; why++)
		ret->limits_hit += pub->counters.gone[why];
	ret->limits_hit += pub->counters.refused + pub->client_env.throttled;
	(void)snprintf(ret->text, sizeof(ret->text), "%u clients, %" PRIu64 " limits hit",
		       pub->counters.clients, ret->limits_hit);
}

const struct erm_publisher_ops erm_publisher_ctl_ops = {
	.name = "ctl",
	.start = ctl_start,
	.publish = ctl_publish,
	.health = ctl_health,
	.reconfigure = ctl_reconfigure,
	.free = ctl_free,
};
