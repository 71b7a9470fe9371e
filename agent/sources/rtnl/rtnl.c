/*
 * The rtnl source: owns the sockets' life, the timer, and what is told when.  A
 * notification only says where to look; every state comes from an answer of now.  Must not
 * know what a message means (query.c) or which link is whose (links.c).
 */
#include "sources/rtnl/rtnl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/rtnl/links.h"
#include "sources/rtnl/pace.h"
#include "sources/rtnl/query.h"
#include "sources/source_report.h"

#define ASKS_MAX         4 /* a turn */
#define TELL_USEC        ERM_USEC_PER_SEC
#define ABSENT_USEC      ERM_USEC_PER_SEC
#define BACKOFF_MIN_USEC (200 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC (5 * ERM_USEC_PER_SEC)

struct erm_source {
	struct erm_source_report report;
	struct erm_rtnl_kernel kernel;
	sd_event_source *io[ERM_RTNL_SOCKET_MAX];
	sd_event_source *timer;
	usec_t timer_accuracy;
	bool is_open;
	struct erm_rtnl_links *links;
	struct erm_rtnl_pace pace;
	struct erm_rtnl_query query;
	usec_t poll_at, absent_at, resync_at, retry_at, backoff;
};

static void close_sockets(struct erm_source *s)
{
	for (int id = 0; id < ERM_RTNL_SOCKET_MAX; id++) {
		s->io[id] = sd_event_source_disable_unref(s->io[id]);
		s->query.ops->close(s->query.userdata, (enum erm_rtnl_socket_id)id);
	}
	s->is_open = false;
}

static void lose(struct erm_source *s, int error, usec_t now)
{
	if (s->report.own.state != ERM_SOURCE_LOST)
		erm_log_warning("source %s: rtnetlink lost: %s", s->report.settings->name,
				strerror(-error));
	s->report.own.counters.errors++;
	(void)erm_source_report_set(&s->report, ERM_SOURCE_LOST, erm_source_reason_of(error),
				    strerror(-error));
	close_sockets(s);
	s->retry_at = erm_usec_add(now, s->backoff);
	s->backoff = s->backoff * 2 < BACKOFF_MAX_USEC ? s->backoff * 2 : BACKOFF_MAX_USEC;
}

static void tell_changes(struct erm_source *s, usec_t now)
{
	struct erm_obs obs = { .kind = ERM_OBS_INTERFACE };
	bool is_changed = false;

	/* Until the first dump is complete nothing is known for sure; it tells everything. */
	if (s->report.own.state != ERM_SOURCE_OK)
		return;
	while (erm_rtnl_links_next_change(s->links, &obs.iface)) {
		erm_source_report_emit(&s->report, &obs);
		is_changed = true;
	}
	if (!is_changed)
		return;
	erm_rtnl_pace_touch(&s->pace, now);
	erm_source_report_hint(&s->report);
}

static void tell_everything(struct erm_source *s)
{
	struct erm_obs obs = { .kind = ERM_OBS_DUMP_BEGIN };

	s->query.is_ready = false;
	erm_source_report_emit(&s->report, &obs);
	obs.kind = ERM_OBS_INTERFACE;
	for (uint32_t i = 0; i < erm_rtnl_links_n(s->links); i++) {
		erm_rtnl_links_tell(s->links, i, &obs.iface);
		erm_source_report_emit(&s->report, &obs);
	}
	obs = (struct erm_obs){ .kind = ERM_OBS_DUMP_END };
	erm_source_report_emit(&s->report, &obs);
	if (s->report.own.state == ERM_SOURCE_LOST)
		erm_log_notice("source %s: rtnetlink is back", s->report.settings->name);
	(void)erm_source_report_set(&s->report, ERM_SOURCE_OK, ERM_REASON_NONE, "");
	s->backoff = BACKOFF_MIN_USEC;
}

/* Asks for whatever is wanted, as far as the budget and the turn's share go. */
static void ask(struct erm_source *s, usec_t now)
{
	int r = 1;

	for (int i = 0; i < ASKS_MAX && r > 0; i++) {
		if (erm_rtnl_pace_allowed_at(&s->pace, now) > now)
			return;
		r = erm_rtnl_query_ask(&s->query, now);
		tell_changes(s, now);
	}
	if (r < 0)
		lose(s, r, now);
}

static usec_t resync_period(const struct erm_source *s)
{
	/* With nothing to poll the dump alone proves that the kernel answers. */
	if (erm_rtnl_links_n(s->links) == 0 && s->report.settings->resync_usec > TELL_USEC)
		return TELL_USEC;
	return s->report.settings->resync_usec;
}

static usec_t poll_due_at(const struct erm_source *s, usec_t now)
{
	usec_t period = erm_rtnl_pace_period(&s->pace, now);

	return erm_usec_add(s->poll_at, period - period / 10);
}

static void poll_links(struct erm_source *s, usec_t now)
{
	bool with_absent = now >= s->absent_at;

	if (now < poll_due_at(s, now) || erm_rtnl_pace_allowed_at(&s->pace, now) > now)
		return;
	if (with_absent)
		s->absent_at = erm_usec_add(now, ABSENT_USEC);
	s->poll_at = now;
	erm_rtnl_links_poll(s->links, with_absent);
}

static usec_t next_deadline(const struct erm_source *s, usec_t now)
{
	usec_t at, query_at, allowed_at;

	if (!s->is_open)
		return s->retry_at;
	at = poll_due_at(s, now);
	query_at = erm_rtnl_query_next_at(&s->query, now);
	if (s->query.kind != ERM_RTNL_QUERY_NONE)
		return query_at; /* its socket wakes us before */
	if (query_at < at)
		at = query_at;
	if (s->resync_at < at)
		at = s->resync_at;
	if (s->query.is_good && erm_usec_add(s->report.told_at, TELL_USEC) < at)
		at = erm_usec_add(s->report.told_at, TELL_USEC);
	allowed_at = erm_rtnl_pace_allowed_at(&s->pace, now);
	return at > allowed_at ? at : allowed_at;
}

/*
 * sd-event sleeps to the end of [time, time + accuracy] unless another timer falls in it;
 * poll_due_at() is early by that much.  Finer than a tenth of the period is of no use.
 */
static int arm(struct erm_source *s, usec_t now)
{
	usec_t accuracy = erm_rtnl_pace_period(&s->pace, now) / 10;
	int r;

	if (accuracy != s->timer_accuracy) {
		r = sd_event_source_set_time_accuracy(s->timer, accuracy);
		if (r < 0)
			return r;
		s->timer_accuracy = accuracy;
	}
	r = sd_event_source_set_time(s->timer, next_deadline(s, now));
	return r < 0 ? r : sd_event_source_set_enabled(s->timer, SD_EVENT_ONESHOT);
}

/* The end of every turn: ask, tell, and arm the timer. */
static int finish_turn(struct erm_source *s, usec_t now, uint64_t cpu_since)
{
	usec_t then;

	if (s->is_open) {
		tell_changes(s, now);
		ask(s, now);
	}
	if (s->is_open && s->query.is_ready && erm_rtnl_query_is_settled(&s->query))
		tell_everything(s);
	/* A heartbeat takes a good answer since the last one. */
	if (erm_source_report_beat(&s->report, s->query.is_good, TELL_USEC, now))
		s->query.is_good = false;
	then = erm_time_now().mono;
	erm_rtnl_pace_spend(&s->pace, erm_thread_cpu_nsec() - cpu_since, then);
	return arm(s, then);
}

static int on_io(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *s = userdata;
	uint64_t cpu_since = erm_thread_cpu_nsec();
	usec_t now = erm_time_now().mono;
	int r;

	(void)fd;
	(void)revents;
	r = erm_rtnl_query_receive(&s->query,
				   source == s->io[ERM_RTNL_SOCKET_EVENTS]
					   ? ERM_RTNL_SOCKET_EVENTS
					   : ERM_RTNL_SOCKET_REQUESTS,
				   now);
	if (r < 0)
		lose(s, r, now);
	return finish_turn(s, now, cpu_since);
}

static int open_socket(struct erm_source *s, enum erm_rtnl_socket_id id)
{
	int r = s->query.ops->open(s->query.userdata, id);

	if (r < 0)
		return r;
	r = sd_event_add_io(s->report.env.event, &s->io[id], r, EPOLLIN, on_io, s);
	return r < 0 ? r : sd_event_source_set_exit_on_failure(s->io[id], true);
}

static void open_sockets(struct erm_source *s, usec_t now)
{
	int r;

	if (s->report.own.state == ERM_SOURCE_LOST)
		s->report.own.counters.reconnects++;
	s->is_open = true;
	/* Notifications first: what changes while the dump runs is then in them. */
	r = open_socket(s, ERM_RTNL_SOCKET_EVENTS);
	if (r >= 0)
		r = open_socket(s, ERM_RTNL_SOCKET_REQUESTS);
	if (r < 0) {
		lose(s, r, now);
		return;
	}
	erm_rtnl_query_reset(&s->query, s->links, s->report.settings->timeout_usec);
	s->resync_at = erm_usec_add(now, resync_period(s));
	s->absent_at = erm_usec_add(now, ABSENT_USEC);
	s->poll_at = now;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_source *s = userdata;
	uint64_t cpu_since = erm_thread_cpu_nsec();
	usec_t now = erm_time_now().mono;
	int r;

	(void)source;
	(void)usec;
	if (!s->is_open && now >= s->retry_at)
		open_sockets(s, now);
	if (!s->is_open)
		return finish_turn(s, now, cpu_since);
	r = erm_rtnl_query_check(&s->query, now);
	if (r < 0) {
		lose(s, r, now);
		return finish_turn(s, now, cpu_since);
	}
	if (now >= s->resync_at) {
		s->resync_at = erm_usec_add(now, resync_period(s));
		s->query.wants_dump = true;
	}
	poll_links(s, now);
	return finish_turn(s, now, cpu_since);
}

static struct erm_source *source_free(struct erm_source *s)
{
	if (!s)
		return NULL;
	close_sockets(s);
	s->timer = sd_event_source_disable_unref(s->timer);
	s->links = erm_rtnl_links_free(s->links);
	erm_source_report_done(&s->report);
	free(s);
	return NULL;
}

ERM_DEFINE_CLEANUP(struct erm_source *, source_free)

static void set_config(struct erm_source *s, struct erm_config *config, uint32_t index, usec_t now)
{
	erm_source_report_configure(&s->report, config, index);
	erm_rtnl_pace_init(&s->pace, s->report.settings->poll_usec,
			   s->report.settings->fast_poll_usec, s->report.settings->fast_window_usec,
			   now);
}

int erm_rtnl_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		   const struct erm_rtnl_socket_ops *ops, void *userdata, struct erm_source **ret)
{
	ERM_CLEANUP(source_freep) struct erm_source *s = NULL;
	usec_t now = erm_time_now().mono;
	int r;

	if (index >= config->n_sources)
		return -EINVAL;
	s = calloc(1, sizeof(*s));
	if (!s)
		return -ENOMEM;
	erm_source_report_init(&s->report, env);
	s->query.ops = ops;
	s->query.userdata = userdata ? userdata : &s->kernel;
	s->query.counters = &s->report.own.counters;
	s->backoff = BACKOFF_MIN_USEC;
	s->retry_at = now;
	set_config(s, config, index, now);
	r = erm_rtnl_links_new(config, index, NULL, &s->links);
	if (r < 0)
		return r;
	/* The first turn opens the sockets: nobody is told anything before start() has returned. */
	r = sd_event_add_time(s->report.env.event, &s->timer, CLOCK_MONOTONIC, now, 1, on_timer, s);
	if (r < 0)
		return r;
	r = sd_event_source_set_exit_on_failure(s->timer, true);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(s);
	return 0;
}

static int rtnl_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		      struct erm_source **ret)
{
	return erm_rtnl_start(env, config, index, &erm_rtnl_kernel_ops, NULL, ret);
}

static int rtnl_reconfigure(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	struct erm_rtnl_links *links = NULL;
	usec_t now = erm_time_now().mono;
	int r;

	if (index >= config->n_sources)
		return -EINVAL;
	r = erm_rtnl_links_new(config, index, s->links, &links);
	if (r < 0)
		return r;
	erm_rtnl_links_free(s->links);
	s->links = links;
	set_config(s, config, index, now);
	erm_rtnl_query_reset(&s->query, s->links, s->report.settings->timeout_usec);
	s->resync_at = erm_usec_add(now, resync_period(s));
	return arm(s, now);
}

static void rtnl_look_now(struct erm_source *s)
{
	usec_t now = erm_time_now().mono;

	/* The fast poll is the limit of the rate, whatever the number of hints. */
	erm_rtnl_pace_touch(&s->pace, now);
	(void)arm(s, now);
}

static void rtnl_free(struct erm_source *s)
{
	(void)source_free(s);
}

const struct erm_source_ops erm_source_rtnl_ops = {
	.type = ERM_SOURCE_TYPE_RTNL,
	.start = rtnl_start,
	.reconfigure = rtnl_reconfigure,
	.look_now = rtnl_look_now,
	.free = rtnl_free,
};
