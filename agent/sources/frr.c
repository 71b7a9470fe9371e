/*
 * The sessions of one FRR, read from bgpd's vty socket: when to ask, what to ask, what
 * a failure means.  Bytes are router_conn's, words frr_parse's.  Must not know how a state
 * is judged.
 *
 * One "show bgp neighbors json" tells of all neighbours and is the cheapest for bgpd as
 * long as a third of them is ours: one in the list costs it 40 to 90 us, one asked for
 * alone 140 to 220 (8.4.4).  When bgpd has many others, or the list comes near the cap,
 * each of ours is asked for alone, one after the other.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/frr_frame.h"
#include "sources/frr_parse.h"
#include "sources/frr_peers.h"
#include "sources/router_conn.h"
#include "sources/router_watch.h"
#include "sources/source.h"

/* A socket was just made: it will listen soon. */
#define BACKOFF_CREATED_USEC (50 * ERM_USEC_PER_MSEC)
#define BACKOFF_MIN_USEC     (200 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC     (5 * ERM_USEC_PER_SEC)
#define LOOK_MIN_USEC        (50 * ERM_USEC_PER_MSEC) /* 20 hinted reads a second */
#define SETTLE_USEC          (3 * ERM_USEC_PER_SEC)
#define TIMER_ACCURACY_USEC  ((uint64_t)1000)
#define SHOWN_BYTES          60 /* of a reply that is not understood */
/* All are asked for at once up to so many neighbours, or up to ALL_SHARE for each of ours. */
#define ALL_NEIGHBORS 20
#define ALL_SHARE     3

struct erm_source {
	struct erm_source_env env;
	struct erm_config *config;
	uint32_t index;
	struct erm_frr_peers peers;

	struct erm_router_conn *conn;
	struct erm_router_watch *watch; /* NULL: no inotify, back-off alone */
	sd_event_source *timer;

	struct erm_obs_source told; /* as last emitted */
	bool asks_each;
	bool is_cycle, is_replanned; /* a cycle is under way; its plan is no longer ours */
	bool is_settled;             /* see tell_cycle() */
	bool was_connected;
	uint32_t cursor; /* peer being asked for, when asks_each */
	usec_t cycle_start, connected_at, tried_at, looked_at;
	usec_t poll_at, retry_at, look_at; /* ERM_USEC_INFINITY: not wanted */
	bool is_follow_up;                 /* what is due at look_at */
	usec_t backoff;
};

static const struct erm_source_config *config_of(const struct erm_source *source)
{
	return &source->config->sources[source->index];
}

static void emit_source(struct erm_source *source, struct erm_time at)
{
	struct erm_obs obs = { .kind = ERM_OBS_SOURCE, .source = source->index, .at = at };

	obs.src = source->told;
	source->env.emit(source->env.userdata, &obs);
}

static void emit_mark(struct erm_source *source, enum erm_obs_kind kind, struct erm_time at)
{
	struct erm_obs obs = { .kind = kind, .source = source->index, .at = at };

	source->env.emit(source->env.userdata, &obs);
}

static void emit_peer(struct erm_source *source, const struct erm_frr_peer *peer,
		      struct erm_time at)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .source = source->index, .at = at };

	obs.session = peer->now;
	source->env.emit(source->env.userdata, &obs);
}

/* Tells a trouble; logs it when it is another than before. */
static void tell_lost(struct erm_source *source, enum erm_source_reason reason, const char *text,
		      bool is_void)
{
	bool is_new = source->told.state != ERM_SOURCE_LOST || source->told.reason != reason;

	source->told.counters.errors++;
	if (reason == ERM_REASON_TIMEOUT)
		source->told.counters.timeouts++;
	if (reason == ERM_REASON_TOO_LARGE)
		source->told.counters.limits_hit++;
	source->told.state = ERM_SOURCE_LOST;
	source->told.reason = reason;
	source->told.is_void = is_void;
	erm_frr_text_clean(text, ERM_TEXT_MAX, source->told.text);
	if (is_new)
		erm_log_warning("source %s: %s: %s", config_of(source)->name,
				config_of(source)->socket, source->told.text);
	emit_source(source, erm_time_now());
}

static void tell_ok(struct erm_source *source, struct erm_time at)
{
	if (source->told.state != ERM_SOURCE_OK)
		erm_log_info("source %s: %s: answers, %u of its sessions watched",
			     config_of(source)->name, config_of(source)->socket, source->peers.n);
	source->told.state = ERM_SOURCE_OK;
	source->told.reason = ERM_REASON_NONE;
	source->told.is_void = false;
	source->told.text[0] = '\0';
	emit_source(source, at);
}

/* The connection is gone, or there was none: try again after the back-off. */
static void disconnected(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	usec_t now = erm_time_now().mono;
	/* nobody listens: bgpd does not run, and sessions end with their daemon */
	bool is_void = reason == ERM_REASON_CLOSED || reason == ERM_REASON_NOT_STARTED ||
		       reason == ERM_REASON_REFUSED;

	source->is_cycle = false;
	source->is_replanned = false;
	source->is_settled = false;
	source->poll_at = ERM_USEC_INFINITY;
	source->look_at = ERM_USEC_INFINITY;
	source->retry_at = erm_usec_add(now, source->backoff);
	source->backoff =
		source->backoff * 2 < BACKOFF_MAX_USEC ? source->backoff * 2 : BACKOFF_MAX_USEC;
	erm_frr_peers_forget(&source->peers);
	if (source->watch)
		(void)erm_router_watch_arm(source->watch, config_of(source)->socket);
	tell_lost(source, reason, text, is_void);
}

static void cannot_connect(struct erm_source *source, int error)
{
	switch (error) {
	case -ENOENT:
	case -ENOTDIR:
		disconnected(source, ERM_REASON_NOT_STARTED, "no such socket: bgpd is not started");
		break;
	case -ECONNREFUSED:
		disconnected(source, ERM_REASON_REFUSED, "refused: nobody listens on the socket");
		break;
	case -EACCES:
	case -EPERM:
		disconnected(source, ERM_REASON_PERMISSION,
			     "permission denied: add user ermon to group frrvty");
		break;
	case -EAGAIN:
		disconnected(source, ERM_REASON_TIMEOUT, "does not accept connections: bgpd hangs");
		break;
	default:
		disconnected(source, ERM_REASON_SYSTEM, strerrordesc_np(-error));
	}
}

/* The reply is no use, the connection is: keep it and ask again at the next poll. */
static void cycle_failed(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	source->is_cycle = false;
	tell_lost(source, reason, text, false);
}

static void ask(struct erm_source *source)
{
	char command[ERM_FRR_COMMAND_MAX];
	const struct erm_addr *addr =
		source->asks_each ? &source->peers.peers[source->cursor].addr : NULL;
	int r = erm_frr_command_format(config_of(source)->vrf, addr, command);

	if (r < 0) {
		cycle_failed(source, ERM_REASON_SYSTEM, "the VRF's name cannot be asked for");
		return;
	}
	source->told.counters.requests++;
	r = erm_router_conn_request(source->conn, command, strlen(command) + 1);
	if (r == -EPIPE || r == -ECONNRESET)
		disconnected(source, ERM_REASON_CLOSED, "closed by the router");
	else if (r < 0)
		disconnected(source, ERM_REASON_SYSTEM, strerrordesc_np(-r));
}

static void begin_cycle(struct erm_source *source, usec_t now)
{
	assert(!source->is_cycle);
	source->is_cycle = true;
	source->cycle_start = now;
	source->poll_at = erm_usec_add(now, config_of(source)->poll_usec);
	source->cursor = 0;
	erm_frr_peers_begin(&source->peers);
	if (source->peers.n == 0)
		source->asks_each = false;
	ask(source);
}

static void try_connect(struct erm_source *source, usec_t now)
{
	const struct erm_source_config *config = config_of(source);
	int r = 0;

	source->tried_at = now;
	erm_router_conn_set_limits(source->conn, config->timeout_usec, config->max_reply_bytes);
	/* watched first, so that a socket made between the two is not missed */
	if (source->watch)
		(void)erm_router_watch_arm(source->watch, config->socket);
	r = erm_router_conn_open(source->conn, config->socket);
	if (r < 0) {
		cannot_connect(source, r);
		return;
	}
	if (source->was_connected)
		source->told.counters.reconnects++;
	source->was_connected = true;
	source->connected_at = now;
	source->retry_at = ERM_USEC_INFINITY;
	begin_cycle(source, now);
}

/* A hinted read often comes before bgpd has noticed (1 to 8 ms after the link): look once more. */
static void begin_look(struct erm_source *source, usec_t now)
{
	bool is_follow_up = source->is_follow_up;

	source->looked_at = now;
	source->look_at = is_follow_up ? ERM_USEC_INFINITY : erm_usec_add(now, LOOK_MIN_USEC);
	source->is_follow_up = !is_follow_up;
	begin_cycle(source, now);
}

/* Does what is due and sets the timer for what will be.  The only place where work starts. */
static int advance(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = ERM_USEC_INFINITY;
	int r = 0;

	if (!erm_router_conn_is_open(source->conn)) {
		if (source->retry_at <= now)
			try_connect(source, now);
	} else if (!source->is_cycle) {
		if (source->look_at <= now)
			begin_look(source, now);
		else if (source->poll_at <= now)
			begin_cycle(source, now);
	}

	if (!erm_router_conn_is_open(source->conn))
		next = source->retry_at;
	else if (!source->is_cycle)
		next = source->look_at < source->poll_at ? source->look_at : source->poll_at;
	if (next == ERM_USEC_INFINITY)
		return sd_event_source_set_enabled(source->timer, SD_EVENT_OFF);
	r = sd_event_source_set_time(source->timer, next);
	return r < 0 ? r : sd_event_source_set_enabled(source->timer, SD_EVENT_ONESHOT);
}

static int on_timer(sd_event_source *event_source, uint64_t usec, void *userdata)
{
	(void)event_source;
	(void)usec;
	return advance(userdata);
}

/* From a callback that cannot fail: without its timer the source would be deaf unnoticed. */
static void advance_or_exit(struct erm_source *source)
{
	if (advance(source) < 0)
		(void)sd_event_exit(source->env.event, EXIT_FAILURE);
}

static void on_socket_made(void *userdata)
{
	struct erm_source *source = userdata;
	usec_t at = erm_usec_add(source->tried_at, BACKOFF_CREATED_USEC);

	if (erm_router_conn_is_open(source->conn))
		return;
	source->backoff = BACKOFF_CREATED_USEC;
	if (at < source->retry_at)
		source->retry_at = at;
	advance_or_exit(source);
}

/* Takes what the reply tells of one peer.  False: the cycle has failed. */
static bool take_peer(struct erm_source *source, const struct erm_frr_reply *reply, uint32_t i,
		      struct erm_time at)
{
	bool is_changed = false;

	if (erm_frr_peers_take(&source->peers, i, reply, &is_changed) < 0) {
		cycle_failed(source, ERM_REASON_PROTOCOL, "a neighbor of an unknown shape");
		return false;
	}
	/* while the others are still asked for, what has changed is told at once */
	if (is_changed && source->asks_each)
		emit_peer(source, &source->peers.peers[i], at);
	return true;
}

/*
 * A complete cycle.  A neighbour that is not in it is not configured: the model learns it
 * from the dump's end.  Not so in the first seconds of a connection, when bgpd may still be
 * fed its configuration: until all were seen once, a cycle with gaps is told without the
 * marks of a dump.
 */
static void tell_cycle(struct erm_source *source, struct erm_time at)
{
	if (erm_frr_peers_count_seen(&source->peers) == source->peers.n ||
	    at.mono >= erm_usec_add(source->connected_at, SETTLE_USEC))
		source->is_settled = true;

	if (source->is_settled)
		emit_mark(source, ERM_OBS_DUMP_BEGIN, at);
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (source->peers.peers[i].is_seen)
			emit_peer(source, &source->peers.peers[i], at);
	if (source->is_settled)
		emit_mark(source, ERM_OBS_DUMP_END, at);
}

static void end_cycle(struct erm_source *source, struct erm_time at)
{
	uint32_t n_changes = erm_frr_peers_end(&source->peers);
	usec_t took = erm_usec_sub(at.mono, source->cycle_start);

	tell_cycle(source, at);
	source->is_cycle = false;
	source->backoff = BACKOFF_MIN_USEC;
	if (source->watch)
		erm_router_watch_disarm(source->watch);
	/* bgpd rests at least as long as it worked for us */
	if (source->poll_at < at.mono + took)
		source->poll_at = at.mono + took;
	source->told.counters.events += n_changes;
	tell_ok(source, at);

	if (n_changes > 0) {
		/* one fall seldom comes alone: its sister family follows within milliseconds */
		if (source->look_at == ERM_USEC_INFINITY) {
			source->look_at = erm_usec_add(at.mono, LOOK_MIN_USEC);
			source->is_follow_up = true;
		}
		source->env.hint(source->env.userdata, source->index);
	}
}

/* Which way is cheaper next time, now that bgpd's size is known; and before the cap is met. */
static void choose_plan(struct erm_source *source, size_t n_neighbors, size_t len)
{
	if ((n_neighbors > ALL_NEIGHBORS && n_neighbors / ALL_SHARE > source->peers.n) ||
	    len > (size_t)config_of(source)->max_reply_bytes * 3 / 4)
		source->asks_each = true;
}

static void take_reply(struct erm_source *source, const struct erm_frr_reply *reply, size_t len)
{
	struct erm_time at = erm_time_now();

	if (!source->asks_each) {
		for (uint32_t i = 0; i < source->peers.n; i++)
			if (!take_peer(source, reply, i, at))
				return;
		end_cycle(source, at);
		choose_plan(source, erm_frr_reply_n_neighbors(reply), len);
		return;
	}
	if (!take_peer(source, reply, source->cursor, at))
		return;
	source->cursor++;
	if (source->cursor < source->peers.n)
		ask(source);
	else
		end_cycle(source, at);
}

static void not_understood(struct erm_source *source, enum erm_source_reason reason,
			   const char *what, const char *text)
{
	char shown[ERM_TEXT_MAX];
	char line[2 * ERM_TEXT_MAX];

	erm_frr_text_clean(text, SHOWN_BYTES, shown);
	(void)!snprintf(line, sizeof(line), "%s: %s", what, shown);
	cycle_failed(source, reason, line);
}

static void understand(struct erm_source *source, char *text, size_t len)
{
	struct erm_frr_reply *reply = NULL;
	int r = erm_frr_reply_parse(text, len, &reply);

	if (r < 0) {
		char start[SHOWN_BYTES + 1] = "";

		memcpy(start, text, len < SHOWN_BYTES ? len : SHOWN_BYTES);
		if (r == -E2BIG)
			source->told.counters.limits_hit++;
		not_understood(source, r == -ENOMEM ? ERM_REASON_SYSTEM : ERM_REASON_PROTOCOL,
			       r == -E2BIG    ? "too deep or too many values"
			       : r == -ENOMEM ? "out of memory"
					      : "not the JSON of neighbors",
			       start);
		return;
	}
	take_reply(source, reply, len);
	erm_frr_reply_free(reply);
}

static void on_reply(void *userdata, char *text, size_t len, unsigned int result)
{
	struct erm_source *source = userdata;

	if (source->is_replanned) { /* asked under the configuration before */
		source->is_replanned = false;
		source->is_cycle = false;
		source->poll_at = 0;
	} else if (result != 0) {
		char start[SHOWN_BYTES + 1] = "";
		char what[32];

		memcpy(start, text, len < SHOWN_BYTES ? len : SHOWN_BYTES);
		(void)!snprintf(what, sizeof(what), "refused with %u", result);
		not_understood(source, ERM_REASON_REJECTED, what, start);
	} else {
		understand(source, text, len);
	}
	advance_or_exit(source);
}

static void on_failed(void *userdata, enum erm_source_reason reason, const char *text)
{
	struct erm_source *source = userdata;

	if (reason == ERM_REASON_TOO_LARGE)
		source->asks_each = source->peers.n > 0;
	else if (reason == ERM_REASON_CLOSED)
		source->asks_each = false; /* another bgpd will come, of another size */
	disconnected(source, reason, text);
	advance_or_exit(source);
}

static const struct erm_router_conn_handler conn_handler = { .reply = on_reply,
							     .failed = on_failed };

static void frr_free(struct erm_source *source)
{
	if (!source)
		return;
	sd_event_source_disable_unref(source->timer);
	erm_router_watch_free(source->watch);
	erm_router_conn_free(source->conn);
	erm_config_unref(source->config);
	erm_frr_peers_done(&source->peers);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, frr_free)

static int add_event_sources(struct erm_source *source)
{
	sd_event *event = source->env.event;
	int r = erm_router_conn_new(event, &erm_frr_protocol, &conn_handler, source, &source->conn);

	if (r < 0)
		return r;
	r = sd_event_add_time(event, &source->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY_USEC,
			      on_timer, source);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(source->timer, "frr-timer");
	r = sd_event_source_set_exit_on_failure(source->timer, 1);
	if (r < 0)
		return r;
	r = erm_router_watch_new(event, on_socket_made, source, &source->watch);
	if (r == -ENOMEM)
		return r;
	if (r < 0)
		erm_log_warning("source %s: no inotify (%s): a restart is met by retries alone",
				config_of(source)->name, strerrordesc_np(-r));
	return 0;
}

static int frr_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		     struct erm_source **ret)
{
	ERM_CLEANUP(frr_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].socket);
	if (!source)
		return -ENOMEM;
	source->env = *env;
	source->config = erm_config_ref(config);
	source->index = index;
	source->backoff = BACKOFF_MIN_USEC;
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	source->told.state = ERM_SOURCE_STARTING;
	source->told.reason = ERM_REASON_NONE;
	r = erm_frr_peers_make(config, index, NULL, &source->peers);
	if (r >= 0)
		r = add_event_sources(source);
	if (r >= 0) {
		emit_source(source, erm_time_now());
		r = advance(source); /* retry_at is 0: connects */
	}
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

/* The router is another one: nothing that was known of the old one holds. */
static void start_anew(struct erm_source *source)
{
	struct erm_obs_source *told = &source->told;

	erm_router_conn_close(source->conn);
	source->is_cycle = source->is_replanned = source->is_settled = false;
	source->was_connected = false;
	source->backoff = BACKOFF_MIN_USEC;
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	source->retry_at = 0;

	told->state = ERM_SOURCE_LOST;
	told->reason = ERM_REASON_CLOSED;
	told->is_void = true;
	(void)!snprintf(told->text, sizeof(told->text), "another socket or VRF is configured");
	emit_source(source, erm_time_now());
	told->state = ERM_SOURCE_STARTING;
	told->reason = ERM_REASON_NONE;
	told->is_void = false;
	told->text[0] = '\0';
}

static bool is_same_router(const struct erm_source_config *a, const struct erm_source_config *b)
{
	if (strcmp(a->socket, b->socket) != 0 || !a->vrf != !b->vrf)
		return false;
	return !a->vrf || strcmp(a->vrf, b->vrf) == 0;
}

static int frr_reconfigure(struct erm_source *source, struct erm_config *config, uint32_t index)
{
	bool is_same = is_same_router(config_of(source), &config->sources[index]);
	struct erm_frr_peers peers = { 0 };
	int r = erm_frr_peers_make(config, index, is_same ? &source->peers : NULL, &peers);

	if (r < 0)
		return r;
	erm_frr_peers_done(&source->peers);
	source->peers = peers;
	erm_config_ref(config);
	erm_config_unref(source->config);
	source->config = config;
	source->index = index;
	source->asks_each = false;
	erm_router_conn_set_limits(source->conn, config_of(source)->timeout_usec,
				   config_of(source)->max_reply_bytes);

	if (!is_same)
		start_anew(source);
	else if (source->is_cycle)
		source->is_replanned = true;
	else if (erm_router_conn_is_open(source->conn))
		source->poll_at = 0; /* tells it all again, under the new positions */
	emit_source(source, erm_time_now());
	return advance(source);
}

static void frr_look_now(struct erm_source *source)
{
	usec_t at = erm_usec_add(source->looked_at, LOOK_MIN_USEC);

	if (!erm_router_conn_is_open(source->conn))
		return; /* the back-off and the watch decide */
	/* at most one is queued; a follow-up that was becomes a hinted read */
	if (at < source->look_at)
		source->look_at = at;
	source->is_follow_up = false;
	advance_or_exit(source);
}

const struct erm_source_ops erm_source_frr_ops = {
	.type = ERM_SOURCE_TYPE_FRR,
	.start = frr_start,
	.reconfigure = frr_reconfigure,
	.look_now = frr_look_now,
	.free = frr_free,
};
