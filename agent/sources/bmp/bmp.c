/*
 * A BMP station, RFC 7854: listens, and takes what routers tell of their sessions unasked.
 * When it listens, who is let in, what the end of a router means.  Connections are
 * bmp_router's, bytes bmp_parse's, who told what of a session bmp_claims's.  Must not know
 * how a state is judged.
 */
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/bmp/claims.h"
#include "sources/bmp/listen.h"
#include "sources/bmp/log.h"
#include "sources/bmp/router.h"
#include "sources/router/text.h"
#include "sources/router/timer.h"
#include "sources/source_report.h"

#define BACKOFF_MIN_USEC  (200 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC  (5 * ERM_USEC_PER_SEC)
#define PATIENCE_TIMEOUTS 5 /* what a router has time for, see patience() */
/* Of those who misbehave so many are let in each second. */
#define BAD_MAX  8
#define BAD_USEC ERM_USEC_PER_SEC

struct erm_source {
	struct erm_source_report report;
	struct erm_bmp_claims claims;

	char *listen; /* what listen_fd is bound to */
	int listen_fd;
	sd_event_source *accept;
	struct erm_router_timer timer;
	struct erm_bmp_router_handler handler;
	struct erm_bmp_router **routers;
	uint32_t n_routers;
	uint64_t last_id;
	bool was_ready;    /* one router was */
	uint32_t n_events; /* sessions that came up or went down since the last hint */

	/* why nobody is connected, for as long as nobody is */
	enum erm_source_reason end_reason;
	char end_text[ERM_TEXT_MAX];

	usec_t listen_at, accept_at, beat_at; /* ERM_USEC_INFINITY: not wanted */
	usec_t first_until;                   /* until then no router is no trouble */
	usec_t return_until; /* until then what routers up to return_id told holds, though they are gone */
	uint64_t return_id;
	usec_t backoff;

	usec_t bad_at; /* when the second of n_bad began */
	unsigned int n_bad;
	struct erm_bmp_log log;
};

/*
 * How long a connection may be without an Initiation, a start without a router, and routers
 * that we sent away without coming back: 10 s by default.
 */
static usec_t patience(const struct erm_source *source)
{
	return PATIENCE_TIMEOUTS * source->report.settings->timeout_usec;
}

static void emit_session(void *userdata, const struct erm_obs_session *session)
{
	struct erm_source *source = userdata;
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .session = *session };

	erm_source_report_emit(&source->report, &obs);
}

static bool has_ready(const struct erm_source *source)
{
	for (uint32_t i = 0; i < source->n_routers; i++)
		if (erm_bmp_router_is_ready(source->routers[i]))
			return true;
	return false;
}

static void set_state(struct erm_source *source, enum erm_source_state state,
		      enum erm_source_reason reason, const char *text)
{
	bool is_new = erm_source_report_set(&source->report, state, reason, text);

	if (is_new && state == ERM_SOURCE_LOST) {
		erm_log_warning("source %s: %s: %s", source->report.settings->name, source->listen,
				text);
	} else if (is_new && state == ERM_SOURCE_OK) {
		erm_log_info("source %s: %s: a router tells, %u sessions watched",
			     source->report.settings->name, source->listen, source->claims.n);
	}
}

/* What the source itself is just now. */
static void tell_state(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;

	if (has_ready(source) || now < source->return_until)
		set_state(source, ERM_SOURCE_OK, ERM_REASON_NONE, "");
	else if (now < source->first_until && !source->was_ready &&
		 source->end_reason == ERM_REASON_NO_ROUTER)
		set_state(source, ERM_SOURCE_STARTING, ERM_REASON_NONE, "");
	else
		set_state(source, ERM_SOURCE_LOST, source->end_reason, source->end_text);
	source->beat_at = erm_usec_add(now, source->report.settings->poll_usec);
	erm_source_report_tell(&source->report);
}

static void set_end(struct erm_source *source, enum erm_source_reason reason, const char *text)
{
	source->end_reason = reason;
	erm_router_text_clean(text, strlen(text), source->end_text);
}

static void hint(struct erm_source *source)
{
	if (source->n_events == 0)
		return;
	source->n_events = 0;
	erm_source_report_hint(&source->report);
}

static struct erm_bmp_router_limits limits_of(const struct erm_source *source)
{
	const struct erm_source_config *config = source->report.settings;

	return (struct erm_bmp_router_limits){ .start_usec = patience(source),
					       .silent_usec = config->stale_after_usec,
					       .max_peers = config->max_peers };
}

static usec_t earlier(usec_t a, usec_t b)
{
	return a < b ? a : b;
}

static void start_listening(struct erm_source *source, usec_t now);

static void withdraw_quiet(struct erm_source *source, usec_t now)
{
	usec_t before = erm_usec_sub(now, source->report.settings->stale_after_usec);

	for (uint32_t i = 0; i < source->n_routers; i++) {
		struct erm_bmp_router *router = source->routers[i];

		if (!erm_bmp_router_has_stats(router))
			continue;
		source->n_events +=
			erm_bmp_claims_withdraw_quiet(&source->claims, erm_bmp_router_id(router),
						      before, emit_session, source);
	}
}

/* Does what is due and sets the timer for what will be. */
static void advance_or_exit(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;
	usec_t next = ERM_USEC_INFINITY;

	if (source->listen_at <= now)
		start_listening(source, now);
	if (source->accept_at <= now) {
		source->accept_at = ERM_USEC_INFINITY;
		if (sd_event_source_set_enabled(source->accept, SD_EVENT_ON) < 0)
			(void)sd_event_exit(source->report.env.event, EXIT_FAILURE);
	}
	if (source->return_until != 0 && source->return_until <= now) {
		source->return_until = 0;
		source->n_events += erm_bmp_claims_withdraw(&source->claims, 0, source->return_id,
							    emit_session, source);
		source->beat_at = 0;
	}
	if (source->beat_at <= now) {
		withdraw_quiet(source, now);
		tell_state(source);
	}
	hint(source);

	next = earlier(source->listen_at, earlier(source->accept_at, source->beat_at));
	if (source->return_until != 0)
		next = earlier(next, source->return_until);
	erm_router_timer_set(&source->timer, next);
}

static void pause_accept(struct erm_source *source, usec_t until)
{
	if (!source->accept)
		return;
	(void)sd_event_source_set_enabled(source->accept, SD_EVENT_OFF);
	source->accept_at = until;
}

/* Who misbehaves comes again at once, as a rule: that must not keep us busy. */
static void count_bad(struct erm_source *source)
{
	usec_t now = erm_time_now().mono;

	if (source->n_bad == 0 || now >= erm_usec_add(source->bad_at, BAD_USEC)) {
		source->bad_at = now;
		source->n_bad = 0;
	}
	source->n_bad++;
	if (source->n_bad >= BAD_MAX)
		pause_accept(source, erm_usec_add(source->bad_at, BAD_USEC));
}

static void remove_router(struct erm_source *source, struct erm_bmp_router *router)
{
	for (uint32_t i = 0; i < source->n_routers; i++) {
		if (source->routers[i] == router) {
			source->routers[i] = source->routers[--source->n_routers];
			break;
		}
	}
	erm_bmp_router_free(router);
}

static void greet(struct erm_source *source, const struct erm_bmp_router *router)
{
	char line[ERM_BMP_LINE_MAX];

	source->report.own.counters.reconnects += source->was_ready;
	source->was_ready = true;
	if (source->report.own.state != ERM_SOURCE_OK) {
		tell_state(source);
		return;
	}
	(void)!snprintf(line, sizeof(line), "%s: connected", erm_bmp_router_name(router));
	erm_bmp_log_line(&source->log, source->report.settings->name, line);
}

static void on_message(void *userdata, struct erm_bmp_router *router,
		       const struct erm_bmp_message *message)
{
	struct erm_source *source = userdata;
	uint32_t n = 0;

	if (message->type == ERM_BMP_INITIATION)
		greet(source, router);
	n = erm_bmp_claims_take(&source->claims, erm_bmp_router_id(router), message,
				erm_time_now().mono, emit_session, source);
	if (message->type != ERM_BMP_STATS) {
		source->n_events += n;
		source->report.own.counters.events += n;
	}
}

static void on_rest(void *userdata, struct erm_bmp_router *router)
{
	(void)router;
	hint(userdata);
}

static void count_end(struct erm_source *source, enum erm_source_reason reason)
{
	struct erm_source_counters *counters = &source->report.own.counters;

	counters->errors += reason != ERM_REASON_CLOSED;
	counters->timeouts += reason == ERM_REASON_STALE || reason == ERM_REASON_TIMEOUT;
	counters->limits_hit += reason == ERM_REASON_TOO_LARGE;
}

static void on_failed(void *userdata, struct erm_bmp_router *router, enum erm_source_reason reason,
		      const char *text)
{
	struct erm_source *source = userdata;
	uint64_t id = erm_bmp_router_id(router);
	bool was_ready = erm_bmp_router_is_ready(router);
	char line[ERM_BMP_LINE_MAX];

	count_end(source, reason);
	(void)!snprintf(line, sizeof(line), "%s: %s", erm_bmp_router_name(router), text);
	if (reason == ERM_REASON_PROTOCOL || reason == ERM_REASON_TOO_LARGE)
		count_bad(source);
	remove_router(source, router);
	/* who connects and goes without a word is none */
	if (was_ready || reason != ERM_REASON_CLOSED) {
		set_end(source, reason == ERM_REASON_CLOSED ? ERM_REASON_NO_ROUTER : reason, line);
		if (has_ready(source))
			erm_bmp_log_line(&source->log, source->report.settings->name, line);
	}
	source->n_events += erm_bmp_claims_withdraw(&source->claims, id, id, emit_session, source);
	source->beat_at = 0;
	advance_or_exit(source);
}

static int add_router(struct erm_source *source, int fd)
{
	struct erm_bmp_router_limits limits = limits_of(source);
	struct erm_bmp_router **routers = reallocarray(source->routers, source->n_routers + 1,
						       sizeof(struct erm_bmp_router *));
	int r = 0;

	if (!routers) {
		(void)close(fd);
		return -ENOMEM;
	}
	source->routers = routers;
	r = erm_bmp_router_new(source->report.env.event, fd, source->last_id + 1, &limits,
			       &source->handler, &routers[source->n_routers]);
	if (r < 0)
		return r;
	source->last_id++;
	source->n_routers++;
	return 0;
}

static void refuse(struct erm_source *source, int fd)
{
	char text[ERM_TEXT_MAX];

	(void)close(fd);
	source->report.own.counters.limits_hit++;
	(void)!snprintf(text, sizeof(text), "a router is refused: max-routers = %u are connected",
			source->report.settings->max_routers);
	erm_bmp_log_line(&source->log, source->report.settings->name, text);
	count_bad(source);
	advance_or_exit(source);
}

static void cannot_accept(struct erm_source *source, int error)
{
	char text[ERM_TEXT_MAX];

	source->report.own.counters.errors++;
	(void)!snprintf(text, sizeof(text), "cannot accept: %s", strerrordesc_np(error));
	erm_bmp_log_line(&source->log, source->report.settings->name, text);
	pause_accept(source, erm_usec_add(erm_time_now().mono, BAD_USEC));
	advance_or_exit(source);
}

static bool is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ECONNABORTED || error == EPROTO;
}

/* One a dispatch: who connects a thousand times gets no more of the loop than the others. */
static int on_accept(sd_event_source *event_source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *source = userdata;
	int router_fd = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	int r = 0;

	(void)event_source;
	(void)revents;
	if (router_fd < 0) {
		if (!is_passing(errno))
			cannot_accept(source, errno);
		return 0;
	}
	if (source->n_routers >= source->report.settings->max_routers) {
		refuse(source, router_fd);
		return 0;
	}
	r = add_router(source, router_fd);
	if (r < 0)
		cannot_accept(source, -r);
	return 0;
}

static void stop_listening(struct erm_source *source)
{
	source->accept = sd_event_source_disable_unref(source->accept);
	source->accept_at = ERM_USEC_INFINITY;
	if (source->listen)
		erm_bmp_listen_close(source->listen_fd, source->listen);
	source->listen_fd = -1;
}

static void cannot_listen(struct erm_source *source, int error, usec_t now)
{
	char text[ERM_TEXT_MAX];

	(void)!snprintf(text, sizeof(text), "cannot listen: %s",
			error == -EINVAL ? "not ADDRESS:PORT, [ADDRESS]:PORT or a path"
					 : strerrordesc_np(-error));
	source->report.own.counters.errors++;
	set_end(source, ERM_REASON_SYSTEM, text);
	source->listen_at = erm_usec_add(now, source->backoff);
	source->backoff = earlier(source->backoff * 2, BACKOFF_MAX_USEC);
	source->beat_at = 0;
}

static void start_listening(struct erm_source *source, usec_t now)
{
	int r = 0;

	source->listen_fd = erm_bmp_listen(source->listen);
	if (source->listen_fd < 0) {
		cannot_listen(source, source->listen_fd, now);
		return;
	}
	r = sd_event_add_io(source->report.env.event, &source->accept, source->listen_fd, EPOLLIN,
			    on_accept, source);
	if (r < 0) {
		stop_listening(source);
		cannot_listen(source, r, now);
		return;
	}
	(void)sd_event_source_set_description(source->accept, "bmp-accept");
	source->listen_at = ERM_USEC_INFINITY;
	source->backoff = BACKOFF_MIN_USEC;
	source->first_until = erm_usec_add(now, patience(source));
	set_end(source, ERM_REASON_NO_ROUTER, "no router has connected");
	source->beat_at = 0;
}

static void bmp_free(struct erm_source *source)
{
	if (!source)
		return;
	while (source->n_routers > 0)
		remove_router(source, source->routers[0]);
	stop_listening(source);
	erm_router_timer_done(&source->timer);
	erm_source_report_done(&source->report);
	erm_bmp_claims_done(&source->claims);
	free(source->routers);
	free(source->listen);
	free(source);
}
ERM_DEFINE_CLEANUP(struct erm_source *, bmp_free)

static int set_up(struct erm_source *source)
{
	bool has_new = false;
	int r = erm_bmp_claims_make(source->report.config, source->report.index, NULL,
				    &source->claims, &has_new);

	if (r < 0)
		return r;
	source->listen = strdup(source->report.settings->listen);
	if (!source->listen)
		return -ENOMEM;
	return erm_router_timer_init(&source->timer, source->report.env.event, "bmp-timer",
				     advance_or_exit, source);
}

static int bmp_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		     struct erm_source **ret)
{
	ERM_CLEANUP(bmp_freep) struct erm_source *source = calloc(1, sizeof(*source));
	int r = 0;

	assert(config->sources[index].listen);
	if (!source)
		return -ENOMEM;
	erm_source_report_init(&source->report, env);
	erm_source_report_configure(&source->report, config, index);
	source->handler = (struct erm_bmp_router_handler){
		.userdata = source, .message = on_message, .rest = on_rest, .failed = on_failed
	};
	source->listen_fd = -1;
	source->backoff = BACKOFF_MIN_USEC;
	source->accept_at = ERM_USEC_INFINITY;
	set_end(source, ERM_REASON_NO_ROUTER, "no router has connected");
	r = set_up(source);
	if (r < 0)
		return r;
	advance_or_exit(source); /* listen_at and beat_at are 0: listens, tells */
	*ret = ERM_TAKE_PTR(source);
	return 0;
}

/* They come again at once and tell everything; until then what they have told holds. */
static void send_routers_away(struct erm_source *source)
{
	if (source->n_routers == 0)
		return;
	while (source->n_routers > 0)
		remove_router(source, source->routers[0]);
	source->return_id = source->last_id;
	if (source->report.own.state == ERM_SOURCE_OK)
		source->return_until = erm_usec_add(erm_time_now().mono, patience(source));
	set_end(source, ERM_REASON_NO_ROUTER, "no router has connected again");
}

static int bmp_reconfigure(struct erm_source *source, struct erm_config *config, uint32_t index)
{
	const struct erm_source_config *wanted = &config->sources[index];
	bool is_same = strcmp(source->listen, wanted->listen) == 0;
	_cleanup_free_ char *listen = strdup(wanted->listen);
	struct erm_bmp_claims claims = { 0 };
	struct erm_bmp_router_limits limits = { 0 };
	bool has_new = false;
	int r = listen ? erm_bmp_claims_make(config, index, &source->claims, &claims, &has_new)
		       : -ENOMEM;

	if (r < 0)
		return r;
	erm_bmp_claims_done(&source->claims);
	source->claims = claims;
	erm_source_report_configure(&source->report, config, index);

	if (!is_same) {
		stop_listening(source);
		free(source->listen);
		source->listen = ERM_TAKE_PTR(listen);
		source->listen_at = 0;
		source->backoff = BACKOFF_MIN_USEC;
	}
	if (has_new || !is_same)
		send_routers_away(source);
	limits = limits_of(source);
	for (uint32_t i = 0; i < source->n_routers; i++)
		erm_bmp_router_set_limits(source->routers[i], &limits);
	erm_bmp_claims_tell_all(&source->claims, emit_session, source);
	source->beat_at = 0;
	advance_or_exit(source);
	return 0;
}

/* Routers are not asked. */
static void bmp_look_now(struct erm_source *source)
{
	(void)source;
}

const struct erm_source_ops erm_source_bmp_ops = {
	.type = ERM_SOURCE_TYPE_BMP,
	.start = bmp_start,
	.reconfigure = bmp_reconfigure,
	.look_now = bmp_look_now,
	.free = bmp_free,
};
