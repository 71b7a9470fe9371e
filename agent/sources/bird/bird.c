/*
 * The sessions of one BIRD 2, read from its control socket: when to ask, what to ask, what
 * a failure means.  Bytes are router_conn's, words bird_parse's, counts bird_peers'.  Must
 * not know how a state is judged.
 *
 * A cycle is "show protocols all", then "show bfd sessions" when BIRD runs BFD; what they
 * tell is told as one dump.  Expected prefixes are asked for behind it, one at a time and
 * only when something about them may have changed.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "sources/bird/echo.h"
#include "sources/bird/parse.h"
#include "sources/bird/peers.h"
#include "sources/router/conn.h"
#include "sources/router/report.h"
#include "sources/router/retry.h"
#include "sources/router/text.h"
#include "sources/router/timer.h"
#include "sources/source.h"

#define LOOK_MIN_USEC (50 * ERM_USEC_PER_MSEC) /* 20 hinted reads a second */
#define LOOKS_MAX     64                       /* expected prefixes asked for in a cycle */

static const struct erm_router_backoff backoff = {
	.min_usec = 200 * ERM_USEC_PER_MSEC,
	.max_usec = 5 * ERM_USEC_PER_SEC,
	.made_spacing_usec = 50 * ERM_USEC_PER_MSEC,
	.made_usec = 50 * ERM_USEC_PER_MSEC,
};

static const char ask_restrict[] = "restrict\n";
static const char ask_protocols[] = "show protocols all\n";
static const char ask_bfd[] = "show bfd sessions\n";

enum phase { /* what is waited for, on an open connection */
	     PHASE_IDLE,
	     PHASE_WELCOME,
	     PHASE_RESTRICT,
	     PHASE_PROTOCOLS,
	     PHASE_BFD,
	     PHASE_ROUTE,
};

struct erm_source {
	struct erm_source_report report;
	struct erm_bird_peers peers;

	struct erm_router_conn *conn;
	struct erm_bird_echo *echo;
	struct erm_router_retry retry;
	struct erm_router_timer timer;

	enum phase phase;
	bool is_replanned; /* the plan of the cycle under way is no longer ours */
	bool was_connected;
	bool has_bfd;             /* BIRD runs it */
	uint32_t n_changes;       /* of this cycle */
	uint32_t cursor, n_looks; /* peer whose prefix is asked for; how many were, in this cycle */
	struct erm_time seen_at;  /* when the states of this cycle came */
	usec_t asked;             /* when they were asked for */
	usec_t looked_at, echo_at;
	usec_t poll_at, look_at; /* ERM_USEC_INFINITY: not wanted */
	bool is_follow_up;       /* what is due at look_at */
};

static const struct erm_source_config *config_of(const struct erm_source *source)
{
	return source->report.settings;
}

static void emit_answer(struct erm_source *source, enum erm_obs_kind kind,
			const struct erm_obs_session *session)
{
	erm_router_report_tell(&source->report, kind, session, source->seen_at, source->asked);
}

/* The connection is gone, or there was none: try again after the back-off. */
static void disconnected(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	source->phase = PHASE_IDLE;
	source->is_replanned = false;
	source->poll_at = ERM_USEC_INFINITY;
	source->look_at = ERM_USEC_INFINITY;
	erm_bird_echo_close(source->echo);
	erm_bird_peers_forget(&source->peers);
	erm_router_retry_failed(&source->retry, erm_time_now().mono, config_of(source)->socket);
	erm_router_report_gone(&source->report, reason, text);
}

static void unreached(struct erm_source *source, int error)
{
	char text[ERM_TEXT_MAX];
	enum erm_source_reason reason =
		erm_router_text_unreached(error, "BIRD", "add user ermon to group bird", text);

	disconnected(source, reason, text);
}

/* What it says is no use: not BIRD, or one that must not be asked. */
static void hang_up(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	erm_router_conn_close(source->conn);
	disconnected(source, reason, text);
}

static void send_request(struct erm_source *source, enum phase phase, const char *request,
			 size_t len)
{
	int r = 0;

	source->phase = phase;
	if (len > 0)
		source->report.own.counters.requests++;
	r = erm_router_conn_request(source->conn, request, len);
	if (r < 0)
		unreached(source, r);
}

static void begin_cycle(struct erm_source *source, usec_t now)
{
	assert(source->phase == PHASE_IDLE);
	source->asked = now;
	source->poll_at = erm_usec_add(now, config_of(source)->poll_usec);
	source->n_changes = 0;
	source->cursor = source->n_looks = 0;
	if (!erm_bird_echo_is_open(source->echo) && source->echo_at <= now) {
		erm_bird_echo_open(source->echo, config_of(source)->socket);
		source->echo_at = erm_usec_add(now, config_of(source)->resync_usec);
	}
	send_request(source, PHASE_PROTOCOLS, ask_protocols, sizeof(ask_protocols) - 1);
}

static void try_connect(struct erm_source *source, usec_t now)
{
	const struct erm_source_config *config = config_of(source);
	int r = 0;

	erm_router_conn_set_limits(source->conn, config->timeout_usec, config->max_reply_bytes);
	erm_router_retry_begin(&source->retry, now, config->socket);
	r = erm_router_conn_open(source->conn, config->socket);
	if (r < 0) {
		unreached(source, r);
		return;
	}
	if (source->was_connected)
		source->report.own.counters.reconnects++;
	source->was_connected = true;
	source->echo_at = 0;
	send_request(source, PHASE_WELCOME, "", 0);
}

/* A hinted read may come before BIRD has noticed: look once more. */
static void begin_look(struct erm_source *source, usec_t now)
{
	bool is_follow_up = source->is_follow_up;

	source->looked_at = now;
	source->look_at = is_follow_up ? ERM_USEC_INFINITY : erm_usec_add(now, LOOK_MIN_USEC);
	source->is_follow_up = !is_follow_up;
	begin_cycle(source, now);
}

/* Does what is due and sets the timer for what will be.  The only place where work starts. */
static void advance_or_exit(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = ERM_USEC_INFINITY;

	if (!erm_router_conn_is_open(source->conn)) {
		if (source->retry.at <= now)
			try_connect(source, now);
	} else if (source->phase == PHASE_IDLE) {
		if (source->look_at <= now)
			begin_look(source, now);
		else if (source->poll_at <= now)
			begin_cycle(source, now);
	}

	if (!erm_router_conn_is_open(source->conn))
		next = source->retry.at;
	else if (source->phase == PHASE_IDLE)
		next = source->look_at < source->poll_at ? source->look_at : source->poll_at;
	erm_router_timer_set(&source->timer, next);
}

static void on_socket_made(void *userdata)
{
	struct erm_source *source = userdata;

	if (erm_router_conn_is_open(source->conn))
		return;
	erm_router_retry_made(&source->retry);
	advance_or_exit(source);
}

static struct erm_bird_since local_now(struct erm_time at)
{
	time_t sec = (time_t)(at.real / ERM_USEC_PER_SEC);
	struct tm tm = { 0 };

	if (!localtime_r(&sec, &tm))
		return (struct erm_bird_since){ 0 };
	return (struct erm_bird_since){
		.has_date = true,
		.has_time = true,
		.date = (uint32_t)(tm.tm_year + 1900) * 10000 + (uint32_t)(tm.tm_mon + 1) * 100 +
			(uint32_t)tm.tm_mday,
		.msec = (uint32_t)((tm.tm_hour * 60 + tm.tm_min) * 60 + tm.tm_sec) * 1000 +
			(uint32_t)(at.real % ERM_USEC_PER_SEC / ERM_USEC_PER_MSEC),
	};
}

/* The reply is no use, the connection is: keep it and ask again at the next poll. */
static void not_understood(struct erm_source *source, enum erm_source_reason reason,
			   const char *what, const char *text, size_t len)
{
	source->phase = PHASE_IDLE;
	erm_router_report_not_understood(&source->report, reason, what, text, len);
}

/* The next expected prefix, or the end of the cycle. */
static void look_for_routes(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	char request[ERM_ROUTER_REQUEST_MAX];

	source->phase = PHASE_IDLE;
	while (source->n_looks < LOOKS_MAX &&
	       erm_bird_peers_next_look(&source->peers, now, config_of(source)->resync_usec,
					&source->cursor)) {
		struct erm_bird_peer *peer = &source->peers.peers[source->cursor];
		const struct erm_session_config *session =
			&source->report.config->sessions[peer->session];
		const struct erm_prefix *prefix = &session->expected[peer->n_looked];
		int len = erm_bird_route_request(&prefix->addr, prefix->length, peer->name, request,
						 sizeof(request));

		source->n_looks++;
		if (len > 0) {
			send_request(source, PHASE_ROUTE, request, (size_t)len);
			return;
		}
		(void)erm_bird_peers_take_route(peer, NULL, now);
	}
}

static void take_route(struct erm_source *source, const char *text, size_t len, unsigned int result)
{
	struct erm_bird_peer *peer = &source->peers.peers[source->cursor];
	struct erm_bird_route route = { 0 };
	bool is_use = result == ERM_BIRD_OK || result == ERM_BIRD_NO_ROUTE;

	if (result == ERM_BIRD_OK)
		route = erm_bird_route_parse(text, len);
	if (erm_bird_peers_take_route(peer, is_use ? &route : NULL, erm_time_now().mono))
		emit_answer(source, ERM_OBS_SESSION, &peer->now);
	look_for_routes(source);
}

/* All states are known: one dump. */
static void tell_cycle(struct erm_source *source)
{
	emit_answer(source, ERM_OBS_DUMP_BEGIN, NULL);
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (source->peers.peers[i].is_seen)
			emit_answer(source, ERM_OBS_SESSION, &source->peers.peers[i].now);
	emit_answer(source, ERM_OBS_DUMP_END, NULL);
	erm_router_retry_good(&source->retry);
	source->report.own.counters.events += source->n_changes;
	erm_router_report_ok(&source->report, source->peers.n);

	if (source->n_changes > 0) {
		/* one fall seldom comes alone: its sister family follows within milliseconds */
		if (source->look_at == ERM_USEC_INFINITY) {
			source->look_at = erm_usec_add(source->seen_at.mono, LOOK_MIN_USEC);
			source->is_follow_up = true;
		}
		erm_source_report_hint(&source->report);
	}
	look_for_routes(source);
}

/* BIRD rests at least as long as it worked for us. */
static void take_rest(struct erm_source *source, usec_t now)
{
	usec_t end = erm_usec_add(now, erm_usec_sub(now, source->asked));

	if (source->poll_at < end)
		source->poll_at = end;
}

static void take_bfd(struct erm_source *source, const char *text, size_t len, unsigned int result)
{
	struct erm_bird_bfd bfd = { 0 };
	/* refused: "There is no BFD protocol running", or a BIRD built without */
	int r = result == ERM_BIRD_OK ? erm_bird_bfd_parse(text, len, &bfd) : 0;

	if (r == -E2BIG)
		source->report.own.counters.limits_hit++;
	source->n_changes += erm_bird_peers_take_bfd(&source->peers, r < 0 ? NULL : &bfd);
	erm_bird_bfd_done(&bfd);
	tell_cycle(source);
}

static void take_protocols(struct erm_source *source, const char *text, size_t len,
			   unsigned int result)
{
	struct erm_bird_protocols protocols = { 0 };
	struct erm_bird_since now = { 0 };
	char what[32];
	int r = 0;

	if (result != ERM_BIRD_OK) {
		(void)!snprintf(what, sizeof(what), "refused with %04u", result);
		not_understood(source, ERM_REASON_REJECTED, what, text, len);
		return;
	}
	r = erm_bird_protocols_parse(text, len, &protocols);
	if (r < 0) {
		if (r == -E2BIG)
			source->report.own.counters.limits_hit++;
		not_understood(source, r == -ENOMEM ? ERM_REASON_SYSTEM : ERM_REASON_PROTOCOL,
			       r == -E2BIG    ? "too many protocols"
			       : r == -ENOMEM ? "out of memory"
					      : "not the protocols of BIRD",
			       text, len);
		return;
	}
	source->seen_at = erm_time_now();
	take_rest(source, source->seen_at.mono);
	now = local_now(source->seen_at);
	source->n_changes = erm_bird_peers_take(&source->peers, &protocols, &now);
	source->has_bfd = protocols.has_bfd;
	erm_bird_protocols_done(&protocols);
	if (source->has_bfd || source->peers.expects_bfd)
		send_request(source, PHASE_BFD, ask_bfd, sizeof(ask_bfd) - 1);
	else
		take_bfd(source, "", 0, ERM_BIRD_OK);
}

static void on_reply(void *userdata, char *text, size_t len, unsigned int result)
{
	struct erm_source *source = userdata;

	switch (source->phase) {
	case PHASE_WELCOME:
		if (result == ERM_BIRD_WELCOME) {
			send_request(source, PHASE_RESTRICT, ask_restrict,
				     sizeof(ask_restrict) - 1);
		} else {
			hang_up(source, ERM_REASON_PROTOCOL, "does not welcome as BIRD does");
		}
		break;
	case PHASE_RESTRICT:
		/* never ask a BIRD that would also take orders */
		source->phase = PHASE_IDLE;
		source->poll_at = 0;
		if (result != ERM_BIRD_RESTRICTED)
			hang_up(source, ERM_REASON_REJECTED, "refuses to restrict us to reading");
		break;
	case PHASE_PROTOCOLS:
	case PHASE_BFD:
	case PHASE_ROUTE:
		if (source->is_replanned) { /* asked under the configuration before */
			source->is_replanned = false;
			source->phase = PHASE_IDLE;
			source->poll_at = 0;
		} else if (source->phase == PHASE_PROTOCOLS) {
			take_protocols(source, text, len, result);
		} else if (source->phase == PHASE_BFD) {
			take_bfd(source, text, len, result);
		} else {
			take_route(source, text, len, result);
		}
		break;
	case PHASE_IDLE:
		break;
	}
	advance_or_exit(source);
}

static void on_failed(void *userdata, enum erm_source_reason reason, const char *text)
{
	struct erm_source *source = userdata;

	disconnected(source, reason, text);
	advance_or_exit(source);
}

static const struct erm_router_conn_handler conn_handler = { .reply = on_reply,
							     .failed = on_failed };

static void bird_look_now(struct erm_source *source)
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

static void on_echo(void *userdata)
{
	bird_look_now(userdata);
}

static void bird_free(struct erm_source *source)
{
	if (!source)
		return;
	erm_router_timer_done(&source->timer);
	erm_router_retry_done(&source->retry);
	erm_bird_echo_free(source->echo);
	erm_router_conn_free(source->conn);
	erm_source_report_done(&source->report);
	erm_bird_peers_done(&source->peers);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, bird_free)

static int add_event_sources(struct erm_source *source)
{
	sd_event *event = source->report.env.event;
	int r = erm_router_conn_new(event, &erm_bird_protocol, &conn_handler, source,
				    &source->conn);

	if (r >= 0)
		r = erm_bird_echo_new(event, on_echo, source, &source->echo);
	if (r >= 0)
		r = erm_router_timer_init(&source->timer, event, "bird-timer", advance_or_exit,
					  source);
	if (r >= 0)
		r = erm_router_retry_init(&source->retry, event, &backoff, config_of(source)->name,
					  on_socket_made, source);
	return r;
}

static int bird_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		      struct erm_source **ret)
{
	ERM_CLEANUP(bird_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].socket);
	if (!source)
		return -ENOMEM;
	erm_source_report_init(&source->report, env);
	erm_source_report_configure(&source->report, config, index);
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	r = erm_bird_peers_make(config, index, NULL, &source->peers);
	if (r >= 0)
		r = add_event_sources(source);
	if (r < 0)
		return r;
	erm_source_report_tell(&source->report);
	advance_or_exit(source); /* connects */
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

/* The router is another one: nothing that was known of the old one holds. */
static void start_anew(struct erm_source *source)
{
	erm_router_conn_close(source->conn);
	erm_bird_echo_close(source->echo);
	source->phase = PHASE_IDLE;
	source->is_replanned = false;
	source->was_connected = false;
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	erm_router_retry_anew(&source->retry);
	erm_router_report_anew(&source->report);
}

static int bird_reconfigure(struct erm_source *source, struct erm_config *config, uint32_t index)
{
	bool is_same = strcmp(config_of(source)->socket, config->sources[index].socket) == 0;
	struct erm_bird_peers peers = { 0 };
	int r = erm_bird_peers_make(config, index, is_same ? &source->peers : NULL, &peers);

	if (r < 0)
		return r;
	erm_bird_peers_done(&source->peers);
	source->peers = peers;
	erm_source_report_configure(&source->report, config, index);
	erm_router_conn_set_limits(source->conn, config_of(source)->timeout_usec,
				   config_of(source)->max_reply_bytes);

	if (!is_same)
		start_anew(source);
	else if (source->phase >= PHASE_PROTOCOLS)
		source->is_replanned = true;
	else if (source->phase == PHASE_IDLE && erm_router_conn_is_open(source->conn))
		source->poll_at = 0; /* tells it all again, under the new positions */
	erm_source_report_tell(&source->report);
	advance_or_exit(source);
	return 0;
}

const struct erm_source_ops erm_source_bird_ops = {
	.type = ERM_SOURCE_TYPE_BIRD,
	.start = bird_start,
	.reconfigure = bird_reconfigure,
	.look_now = bird_look_now,
	.free = bird_free,
};
