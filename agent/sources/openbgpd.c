/*
 * The sessions of one OpenBGPD, read with its bgpctl: when to ask, what a failure means.
 * The control socket itself speaks structures of one release, so that only bgpctl of that
 * release can read them soundly; what it prints as JSON is stable.  Must not know how a
 * state is judged.
 */
#include "sources/openbgpd.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/openbgpd_child.h"
#include "sources/openbgpd_parse.h"
#include "sources/openbgpd_peers.h"
#include "sources/router_report.h"
#include "sources/router_text.h"
#include "sources/router_watch.h"
#include "sources/source.h"

/* A process each: fewer than a router that is asked over a connection. */
#define BACKOFF_CREATED_USEC (100 * ERM_USEC_PER_MSEC)
#define BACKOFF_MIN_USEC     (1 * ERM_USEC_PER_SEC)
#define BACKOFF_MAX_USEC     (5 * ERM_USEC_PER_SEC)
#define LOOK_MIN_USEC        (200 * ERM_USEC_PER_MSEC) /* 5 hinted reads a second */
#define TIMER_ACCURACY_USEC  ((uint64_t)1000)
#define SHOWN_BYTES          60 /* of what is not understood */

struct erm_source {
	struct erm_router_report report; /* its config is our reference */
	struct erm_openbgpd_peers peers;
	struct erm_openbgpd_child *child;
	struct erm_router_watch *watch; /* NULL: no inotify, back-off alone */
	sd_event_source *timer;
	bool is_replanned; /* the question under way is no longer ours */
	usec_t asked;
	usec_t poll_at, look_at; /* ERM_USEC_INFINITY: not wanted */
	usec_t backoff;
};

const char *erm_openbgpd_program;

static const struct erm_source_config *config_of(const struct erm_source *source)
{
	return erm_router_report_source(&source->report);
}

/* The next try is after the back-off, or when the socket is made. */
static void failed(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	/* nobody listens: bgpd does not run, and sessions end with their daemon */
	bool is_void = reason == ERM_REASON_NOT_STARTED || reason == ERM_REASON_REFUSED;

	source->poll_at = erm_usec_add(erm_time_now().mono, source->backoff);
	source->look_at = ERM_USEC_INFINITY;
	source->backoff =
		source->backoff * 2 < BACKOFF_MAX_USEC ? source->backoff * 2 : BACKOFF_MAX_USEC;
	if (is_void)
		erm_openbgpd_peers_forget(&source->peers);
	if (source->watch)
		(void)erm_router_watch_arm(source->watch, config_of(source)->socket);
	erm_router_report_lost(&source->report, reason, text, is_void);
}

static int run(struct erm_source *source)
{
	static const char *const programs[] = { "/usr/sbin/bgpctl", "/usr/bin/bgpctl",
						"/sbin/bgpctl", "/bin/bgpctl" };
	static char name[] = "bgpctl", json[] = "-j", socket[] = "-s", show[] = "show",
		    neighbor[] = "neighbor";
	const struct erm_source_config *config = config_of(source);
	char *argv[] = { name, json, socket, config->socket, show, neighbor, NULL };
	int r = -ENOENT;

	if (erm_openbgpd_program)
		return erm_openbgpd_child_run(source->child, erm_openbgpd_program, argv,
					      config->timeout_usec, config->max_reply_bytes);
	for (size_t i = 0; i < ERM_ELEMENTS(programs) && r == -ENOENT; i++)
		r = erm_openbgpd_child_run(source->child, programs[i], argv, config->timeout_usec,
					   config->max_reply_bytes);
	return r;
}

static void ask(struct erm_source *source, usec_t now)
{
	int r = 0;

	/* watched first, so that a socket made between the two is not missed */
	if (source->watch && source->report.told.state != ERM_SOURCE_OK)
		(void)erm_router_watch_arm(source->watch, config_of(source)->socket);
	source->asked = now;
	source->poll_at = erm_usec_add(now, config_of(source)->poll_usec);
	source->look_at = ERM_USEC_INFINITY;
	source->report.told.counters.requests++;
	r = run(source);
	if (r == -ENOENT)
		failed(source, ERM_REASON_UNSUPPORTED, "bgpctl is not installed");
	else if (r == -EACCES || r == -EPERM)
		failed(source, ERM_REASON_PERMISSION, "bgpctl must not be run");
	else if (r < 0)
		failed(source, ERM_REASON_SYSTEM, strerrordesc_np(-r));
}

/* Does what is due and sets the timer for what will be.  The only place where work starts. */
static int advance(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = source->look_at < source->poll_at ? source->look_at : source->poll_at;
	int r = 0;

	if (!erm_openbgpd_child_is_running(source->child) && next <= now)
		ask(source, now);
	next = source->look_at < source->poll_at ? source->look_at : source->poll_at;
	if (erm_openbgpd_child_is_running(source->child) || next == ERM_USEC_INFINITY)
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
		(void)sd_event_exit(source->report.env.event, EXIT_FAILURE);
}

static void on_socket_made(void *userdata)
{
	struct erm_source *source = userdata;
	usec_t at = erm_usec_add(source->asked, BACKOFF_CREATED_USEC);

	if (source->report.told.state == ERM_SOURCE_OK)
		return;
	source->backoff = BACKOFF_MIN_USEC;
	if (at < source->poll_at)
		source->poll_at = at;
	advance_or_exit(source);
}

static void emit_answer(struct erm_source *source, enum erm_obs_kind kind, struct erm_time at,
			const struct erm_openbgpd_peer *peer)
{
	struct erm_obs obs = {
		.kind = kind,
		.source = source->report.index,
		.at = at,
		.asked = source->asked,
	};

	if (peer)
		obs.session = peer->now;
	source->report.env.emit(source->report.env.userdata, &obs);
}

static void tell(struct erm_source *source, struct erm_time at, uint32_t n_changes)
{
	emit_answer(source, ERM_OBS_DUMP_BEGIN, at, NULL);
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (source->peers.peers[i].is_seen)
			emit_answer(source, ERM_OBS_SESSION, at, &source->peers.peers[i]);
	emit_answer(source, ERM_OBS_DUMP_END, at, NULL);
	source->backoff = BACKOFF_MIN_USEC;
	if (source->watch)
		erm_router_watch_disarm(source->watch);
	/* bgpd rests at least as long as it worked for us */
	if (source->poll_at < at.mono + (at.mono - source->asked))
		source->poll_at = at.mono + (at.mono - source->asked);
	source->report.told.counters.events += n_changes;
	erm_router_report_ok(&source->report, source->peers.n, at);
	if (n_changes > 0)
		source->report.env.hint(source->report.env.userdata, source->report.index);
}

static void not_understood(struct erm_source *source, enum erm_source_reason reason,
			   const char *what, const char *text, size_t len)
{
	char shown[ERM_TEXT_MAX];
	char line[2 * ERM_TEXT_MAX];

	erm_router_text_clean(text ? text : "", len < SHOWN_BYTES ? len : SHOWN_BYTES, shown);
	(void)!snprintf(line, sizeof(line), "%s: %s", what, shown);
	failed(source, reason, line);
}

static void take(struct erm_source *source, char *text, size_t len)
{
	ERM_CLEANUP(erm_openbgpd_reply_freep) struct erm_openbgpd_reply *reply = NULL;
	struct erm_time at = erm_time_now();
	int r = erm_openbgpd_reply_parse(text, len, &reply);

	if (r >= 0)
		r = erm_openbgpd_peers_take(&source->peers, reply, at.mono);
	if (r >= 0) {
		tell(source, at, (uint32_t)r);
		return;
	}
	if (r == -E2BIG)
		source->report.told.counters.limits_hit++;
	not_understood(source,
		       r == -ENOMEM  ? ERM_REASON_SYSTEM
		       : r == -EPERM ? ERM_REASON_REJECTED
				     : ERM_REASON_PROTOCOL,
		       r == -ENOMEM  ? "out of memory"
		       : r == -EPERM ? "refused"
		       : r == -E2BIG ? "too deep or too many values"
				     : "not the JSON of neighbors",
		       text, len);
}

/* bgpctl says in words why it could not ask. */
static void take_failure(struct erm_source *source, const char *text, size_t len)
{
	static const struct {
		const char *words;
		enum erm_source_reason reason;
		const char *text;
	} known[] = {
		{ "No such file", ERM_REASON_NOT_STARTED, "no such socket: bgpd is not started" },
		{ "Connection refused", ERM_REASON_REFUSED,
		  "refused: nobody listens on the socket" },
		{ "Permission denied", ERM_REASON_PERMISSION,
		  "permission denied: give bgpd a restricted socket" },
	};

	for (size_t i = 0; text && i < ERM_ELEMENTS(known); i++) {
		if (memmem(text, len, known[i].words, strlen(known[i].words))) {
			failed(source, known[i].reason, known[i].text);
			return;
		}
	}
	not_understood(source, ERM_REASON_REJECTED, "bgpctl failed", text, len);
}

static void on_ended(void *userdata, char *text, size_t len, int status)
{
	struct erm_source *source = userdata;

	if (source->is_replanned) { /* asked under the configuration before */
		source->is_replanned = false;
		source->poll_at = 0;
	} else if (status != 0) {
		take_failure(source, text, len);
	} else if (len == 0) {
		failed(source, ERM_REASON_CLOSED, "bgpctl said nothing: closed by the router");
	} else {
		take(source, text, len);
	}
	advance_or_exit(source);
}

static void on_killed(void *userdata, enum erm_source_reason reason)
{
	struct erm_source *source = userdata;

	source->is_replanned = false;
	failed(source, reason,
	       reason == ERM_REASON_TIMEOUT ? "no reply in time" : "reply over max-reply");
	advance_or_exit(source);
}

static void on_reaped(void *userdata)
{
	advance_or_exit(userdata);
}

static const struct erm_openbgpd_child_handler child_handler = { .ended = on_ended,
								 .killed = on_killed,
								 .reaped = on_reaped };

static void openbgpd_free(struct erm_source *source)
{
	if (!source)
		return;
	sd_event_source_disable_unref(source->timer);
	erm_router_watch_free(source->watch);
	erm_openbgpd_child_free(source->child);
	erm_config_unref(source->report.config);
	erm_openbgpd_peers_done(&source->peers);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, openbgpd_free)

static int add_event_sources(struct erm_source *source)
{
	sd_event *event = source->report.env.event;
	int r = erm_openbgpd_child_new(event, &child_handler, source, &source->child);

	if (r >= 0)
		r = sd_event_add_time(event, &source->timer, CLOCK_MONOTONIC, 0,
				      TIMER_ACCURACY_USEC, on_timer, source);
	if (r < 0)
		return r;
	(void)sd_event_source_set_description(source->timer, "openbgpd-timer");
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

static int openbgpd_start(const struct erm_source_env *env, struct erm_config *config,
			  uint32_t index, struct erm_source **ret)
{
	ERM_CLEANUP(openbgpd_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].socket);
	if (!source)
		return -ENOMEM;
	source->report.env = *env;
	source->report.config = erm_config_ref(config);
	source->report.index = index;
	source->backoff = BACKOFF_MIN_USEC;
	source->look_at = ERM_USEC_INFINITY;
	source->report.told.state = ERM_SOURCE_STARTING;
	source->report.told.reason = ERM_REASON_NONE;
	r = erm_openbgpd_peers_make(config, index, NULL, &source->peers);
	if (r >= 0)
		r = add_event_sources(source);
	if (r >= 0) {
		erm_router_report_emit(&source->report, erm_time_now());
		r = advance(source); /* poll_at is 0: asks */
	}
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

static int openbgpd_reconfigure(struct erm_source *source, struct erm_config *config,
				uint32_t index)
{
	bool is_same = strcmp(config_of(source)->socket, config->sources[index].socket) == 0;
	struct erm_openbgpd_peers peers = { 0 };
	int r = erm_openbgpd_peers_make(config, index, is_same ? &source->peers : NULL, &peers);

	if (r < 0)
		return r;
	erm_openbgpd_peers_done(&source->peers);
	source->peers = peers;
	erm_config_ref(config);
	erm_config_unref(source->report.config);
	source->report.config = config;
	source->report.index = index;
	if (!is_same) {
		erm_openbgpd_child_kill(source->child);
		source->backoff = BACKOFF_MIN_USEC;
		erm_router_report_anew(&source->report);
	}
	if (is_same && erm_openbgpd_child_is_running(source->child))
		source->is_replanned = true;
	else
		source->poll_at = 0; /* tells it all again, under the new positions */
	erm_router_report_emit(&source->report, erm_time_now());
	return advance(source);
}

static void openbgpd_look_now(struct erm_source *source)
{
	usec_t at = erm_usec_add(source->asked, LOOK_MIN_USEC);

	if (source->report.told.state == ERM_SOURCE_LOST)
		return; /* the back-off and the watch decide */
	if (at < source->look_at)
		source->look_at = at;
	advance_or_exit(source);
}

const struct erm_source_ops erm_source_openbgpd_ops = {
	.type = ERM_SOURCE_TYPE_OPENBGPD,
	.start = openbgpd_start,
	.reconfigure = openbgpd_reconfigure,
	.look_now = openbgpd_look_now,
	.free = openbgpd_free,
};
