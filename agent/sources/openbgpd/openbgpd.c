/*
 * The sessions of one OpenBGPD, read with its bgpctl: when to ask, what a failure means.
 * The control socket itself speaks structures of one release, so that only bgpctl of that
 * release can read them soundly; what it prints as JSON is stable.  Must not know how a
 * state is judged.
 */
#include "sources/openbgpd/openbgpd.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "sources/openbgpd/child.h"
#include "sources/openbgpd/parse.h"
#include "sources/openbgpd/peers.h"
#include "sources/router/report.h"
#include "sources/router/retry.h"
#include "sources/router/text.h"
#include "sources/router/timer.h"
#include "sources/source.h"

/* A process each: fewer than a router that is asked over a connection. */
#define LOOK_MIN_USEC (200 * ERM_USEC_PER_MSEC) /* 5 hinted reads a second */
static const struct erm_router_backoff backoff = {
	.min_usec = 1 * ERM_USEC_PER_SEC,
	.max_usec = 5 * ERM_USEC_PER_SEC,
	.made_spacing_usec = 100 * ERM_USEC_PER_MSEC,
	.made_usec = 1 * ERM_USEC_PER_SEC,
};

struct erm_source {
	struct erm_source_report report;
	struct erm_openbgpd_peers peers;
	struct erm_openbgpd_child *child;
	struct erm_router_retry retry;
	struct erm_router_timer timer;
	bool is_replanned; /* the question under way is no longer ours */
	usec_t asked;
	usec_t poll_at, look_at; /* ERM_USEC_INFINITY: not wanted */
};

const char *erm_openbgpd_program;

static const struct erm_source_config *config_of(const struct erm_source *source)
{
	return source->report.settings;
}

/* The next question is the next try. */
static void rest(struct erm_source *source)
{
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	erm_router_retry_failed(&source->retry, erm_time_now().mono, config_of(source)->socket);
}

static void failed(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	/* nobody listens: bgpd does not run, and sessions end with their daemon */
	bool is_void = reason == ERM_REASON_NOT_STARTED || reason == ERM_REASON_REFUSED;

	rest(source);
	if (is_void)
		erm_openbgpd_peers_forget(&source->peers);
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

	erm_router_retry_begin(&source->retry, now, config_of(source)->socket);
	source->asked = now;
	source->poll_at = erm_usec_add(now, config_of(source)->poll_usec);
	source->look_at = ERM_USEC_INFINITY;
	source->report.own.counters.requests++;
	r = run(source);
	if (r == -ENOENT)
		failed(source, ERM_REASON_UNSUPPORTED, "bgpctl is not installed");
	else if (r == -EACCES || r == -EPERM)
		failed(source, ERM_REASON_PERMISSION, "bgpctl must not be run");
	else if (r < 0)
		failed(source, ERM_REASON_SYSTEM, strerrordesc_np(-r));
}

static usec_t due_at(const struct erm_source *source)
{
	usec_t at = source->look_at < source->poll_at ? source->look_at : source->poll_at;

	return at < source->retry.at ? at : source->retry.at;
}

/* Does what is due and sets the timer for what will be.  The only place where work starts. */
static void advance_or_exit(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;

	if (!erm_openbgpd_child_is_running(source->child) && due_at(source) <= now)
		ask(source, now);
	erm_router_timer_set(&source->timer, erm_openbgpd_child_is_running(source->child)
						     ? ERM_USEC_INFINITY
						     : due_at(source));
}

static void on_socket_made(void *userdata)
{
	struct erm_source *source = userdata;

	erm_router_retry_made(&source->retry);
	advance_or_exit(source);
}

static void tell(struct erm_source *source, struct erm_time at, uint32_t n_changes)
{
	const struct erm_source_report *report = &source->report;

	erm_router_report_tell(report, ERM_OBS_DUMP_BEGIN, NULL, at, source->asked);
	for (uint32_t i = 0; i < source->peers.n; i++) {
		const struct erm_openbgpd_peer *peer = &source->peers.peers[i];

		if (peer->is_seen)
			erm_router_report_tell(report, ERM_OBS_SESSION, &peer->now, at,
					       source->asked);
	}
	erm_router_report_tell(report, ERM_OBS_DUMP_END, NULL, at, source->asked);
	erm_router_retry_good(&source->retry);
	/* bgpd rests at least as long as it worked for us */
	if (source->poll_at < at.mono + (at.mono - source->asked))
		source->poll_at = at.mono + (at.mono - source->asked);
	source->report.own.counters.events += n_changes;
	erm_router_report_ok(&source->report, source->peers.n);
	if (n_changes > 0)
		erm_source_report_hint(&source->report);
}

static void not_understood(struct erm_source *source, enum erm_source_reason reason,
			   const char *what, const char *text, size_t len)
{
	rest(source);
	erm_router_report_not_understood(&source->report, reason, what, text, len);
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
		source->report.own.counters.limits_hit++;
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
		int error;
	} known[] = {
		{ "No such file", -ENOENT },
		{ "Connection refused", -ECONNREFUSED },
		{ "Permission denied", -EACCES },
	};
	char why[ERM_TEXT_MAX];

	for (size_t i = 0; text && i < ERM_ELEMENTS(known); i++) {
		if (memmem(text, len, known[i].words, strlen(known[i].words))) {
			failed(source,
			       erm_router_text_unreached(known[i].error, "bgpd",
							 "give bgpd a restricted socket", why),
			       why);
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
	erm_router_timer_done(&source->timer);
	erm_router_retry_done(&source->retry);
	erm_openbgpd_child_free(source->child);
	erm_source_report_done(&source->report);
	erm_openbgpd_peers_done(&source->peers);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, openbgpd_free)

static int add_event_sources(struct erm_source *source)
{
	sd_event *event = source->report.env.event;
	int r = erm_openbgpd_child_new(event, &child_handler, source, &source->child);

	if (r >= 0)
		r = erm_router_timer_init(&source->timer, event, "openbgpd-timer", advance_or_exit,
					  source);
	if (r >= 0)
		r = erm_router_retry_init(&source->retry, event, &backoff, config_of(source)->name,
					  on_socket_made, source);
	return r;
}

static int openbgpd_start(const struct erm_source_env *env, struct erm_config *config,
			  uint32_t index, struct erm_source **ret)
{
	ERM_CLEANUP(openbgpd_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].socket);
	if (!source)
		return -ENOMEM;
	erm_source_report_init(&source->report, env);
	erm_source_report_configure(&source->report, config, index);
	source->poll_at = source->look_at = ERM_USEC_INFINITY;
	r = erm_openbgpd_peers_make(config, index, NULL, &source->peers);
	if (r >= 0)
		r = add_event_sources(source);
	if (r < 0)
		return r;
	erm_source_report_tell(&source->report);
	advance_or_exit(source); /* asks */
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
	erm_source_report_configure(&source->report, config, index);
	if (!is_same) {
		erm_openbgpd_child_kill(source->child);
		erm_router_retry_anew(&source->retry);
		erm_router_report_anew(&source->report);
	}
	if (is_same && erm_openbgpd_child_is_running(source->child))
		source->is_replanned = true;
	else
		source->poll_at = 0; /* tells it all again, under the new positions */
	erm_source_report_tell(&source->report);
	advance_or_exit(source);
	return 0;
}

static void openbgpd_look_now(struct erm_source *source)
{
	usec_t at = erm_usec_add(source->asked, LOOK_MIN_USEC);

	if (source->report.own.state == ERM_SOURCE_LOST)
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
