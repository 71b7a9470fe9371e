/*
 * The neighbor source: does the BGP peer answer ARP or neighbour discovery?  Owns the
 * socket's life, the timer, and what is told when.  It looks and changes nothing, unless
 * it is told to probe: a probe changes the kernel's own entry, so that a peer that ignores
 * it is given up earlier.  Must not know what a message means (query.c) or which
 * peer is on which link (table.c).
 */
#include "sources/neighbor/neighbor.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/neighbor/query.h"
#include "sources/neighbor/table.h"
#include "sources/source_report.h"

#define LOOK_MIN_USEC    (200 * ERM_USEC_PER_MSEC) /* 5 hinted looks a second */
#define ACCURACY_USEC    (20 * ERM_USEC_PER_MSEC)
#define TELL_USEC        ERM_USEC_PER_SEC
#define BACKOFF_MIN_USEC (200 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC (5 * ERM_USEC_PER_SEC)

/* The kernel asks three times, a second apart, before it gives a neighbour up. */
static const usec_t follow_usec[] = { ERM_USEC_PER_SEC, 2 * ERM_USEC_PER_SEC,
				      4 * ERM_USEC_PER_SEC };

struct erm_source {
	struct erm_source_report report;
	struct erm_rtnl_kernel kernel;
	sd_event_source *io, *timer;
	bool is_open, is_told; /* is_told: everything, since the last reload */
	bool has_said_refused;
	struct erm_neighbor_table table;
	struct erm_neighbor_query query;
	usec_t poll_at, look_at, looked_at, resync_at, retry_at, backoff;
	usec_t hinted_at;
	size_t n_followed; /* of follow_usec */
};

static void close_socket(struct erm_source *s)
{
	s->io = sd_event_source_disable_unref(s->io);
	s->query.ops->close(s->query.userdata, ERM_RTNL_SOCKET_REQUESTS);
	s->query.phase = ERM_NEIGHBOR_IDLE;
	s->is_open = false;
}

static void lose(struct erm_source *s, int error, usec_t now)
{
	struct erm_source_report *report = &s->report;
	enum erm_source_reason reason = erm_source_reason_of(error);

	report->own.counters.errors++;
	report->own.counters.timeouts += error == -ETIMEDOUT;
	if (erm_source_report_set(report, ERM_SOURCE_LOST, reason, strerror(-error))) {
		erm_log_warning("source %s: no neighbours from the kernel: %s",
				report->settings->name, report->own.text);
		report->told_state = 0;
	}
	close_socket(s);
	s->retry_at = erm_usec_add(now, s->backoff);
	s->backoff = s->backoff * 2 < BACKOFF_MAX_USEC ? s->backoff * 2 : BACKOFF_MAX_USEC;
	(void)erm_source_report_beat(&s->report, false, TELL_USEC, now);
}

/* True when somebody has begun or ceased to answer. */
static bool tell_peers(struct erm_source *s, bool is_all)
{
	struct erm_obs obs = { .kind = ERM_OBS_NEIGHBOR, .asked = s->query.asked };
	bool is_news = false;

	for (uint32_t i = 0; i < s->table.n_peers; i++) {
		struct erm_neighbor_peer *peer = &s->table.peers[i];

		if (peer->state == peer->told && !is_all)
			continue;
		is_news = is_news ||
			  (peer->state != peer->told && peer->told > ERM_NEIGHBOR_UNKNOWN &&
			   peer->state > ERM_NEIGHBOR_UNKNOWN);
		obs.neighbor = (struct erm_obs_neighbor){ peer->session, peer->state };
		erm_source_report_emit(&s->report, &obs);
		peer->told = peer->state;
	}
	return is_news;
}

static void end_look(struct erm_source *s, usec_t now)
{
	bool is_all = !s->is_told || now >= s->resync_at;

	if (s->report.own.state == ERM_SOURCE_LOST)
		erm_log_notice("source %s: the kernel tells neighbours again",
			       s->report.settings->name);
	(void)erm_source_report_set(&s->report, ERM_SOURCE_OK, ERM_REASON_NONE, "");
	s->backoff = BACKOFF_MIN_USEC;
	erm_neighbor_table_end(&s->table);
	if (is_all)
		s->resync_at = erm_usec_add(now, s->report.settings->resync_usec);
	s->is_told = true;
	(void)erm_source_report_beat(&s->report, true, TELL_USEC, now);
	if (tell_peers(s, is_all))
		erm_source_report_hint(&s->report);
}

static void say_refused(struct erm_source *s)
{
	if (!s->query.is_refused || s->has_said_refused)
		return;
	s->has_said_refused = true;
	erm_log_warning("source %s: may not probe, which needs CAP_NET_ADMIN: it only watches",
			s->report.settings->name);
}

/* When the looks that follow a hint are due. */
static void plan_follow_up(struct erm_source *s, usec_t now)
{
	s->look_at = ERM_USEC_INFINITY;
	while (s->n_followed < ERM_ELEMENTS(follow_usec) && s->look_at == ERM_USEC_INFINITY) {
		usec_t at = erm_usec_add(s->hinted_at, follow_usec[s->n_followed]);

		if (at > now)
			s->look_at = at;
		else
			s->n_followed++;
	}
}

static void want_look(struct erm_source *s, usec_t now)
{
	usec_t allowed_at = erm_usec_add(s->looked_at, LOOK_MIN_USEC);
	usec_t at = s->looked_at != 0 && now < allowed_at ? allowed_at : now;

	s->hinted_at = now;
	s->n_followed = 0;
	if (at < s->look_at)
		s->look_at = at;
}

/* What look(), probe() or receive() of the query came to. */
static void take_result(struct erm_source *s, int r, usec_t now)
{
	if (r > 0 && !s->query.is_probe) {
		end_look(s, now);
		if (!s->report.settings->is_probing || s->query.is_refused)
			return;
		r = erm_neighbor_query_probe(&s->query, now);
	}
	if (r < 0) {
		lose(s, r, now);
		return;
	}
	if (s->query.phase != ERM_NEIGHBOR_IDLE)
		return; /* the rest of the answers is awaited */
	if (!s->query.is_probe) {
		s->look_at = erm_usec_add(now, LOOK_MIN_USEC); /* it was broken: once more */
		return;
	}
	say_refused(s);
	if (s->query.n_probes > 0 && !s->query.is_refused) {
		s->hinted_at = now;
		s->n_followed = 0;
		plan_follow_up(s, now);
	}
}

static void look(struct erm_source *s, usec_t now)
{
	s->looked_at = now;
	s->poll_at = erm_usec_add(now, s->report.settings->poll_usec);
	plan_follow_up(s, now);
	take_result(s, erm_neighbor_query_look(&s->query, now), now);
}

static usec_t next_deadline(const struct erm_source *s)
{
	if (!s->is_open)
		return s->retry_at;
	if (s->query.phase != ERM_NEIGHBOR_IDLE)
		return s->query.deadline; /* its socket wakes us before */
	return s->look_at < s->poll_at ? s->look_at : s->poll_at;
}

static int arm(struct erm_source *s)
{
	int r = sd_event_source_set_time(s->timer, next_deadline(s));

	return r < 0 ? r : sd_event_source_set_enabled(s->timer, SD_EVENT_ONESHOT);
}

static int on_answer(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *s = userdata;
	usec_t now = erm_time_now().mono;

	(void)source;
	(void)fd;
	(void)revents;
	if (s->query.phase != ERM_NEIGHBOR_IDLE) {
		take_result(s, erm_neighbor_query_receive(&s->query, now), now);
		return arm(s);
	}
	/* Of a look given up: it must not wake us for ever. */
	(void)s->query.ops->recv(s->query.userdata, ERM_RTNL_SOCKET_REQUESTS, s->query.buf,
				 sizeof(s->query.buf));
	return 0;
}

static void open_socket(struct erm_source *s, usec_t now)
{
	int r = s->query.ops->open(s->query.userdata, ERM_RTNL_SOCKET_REQUESTS);

	if (s->report.own.state == ERM_SOURCE_LOST)
		s->report.own.counters.reconnects++;
	s->is_open = true;
	if (r >= 0)
		r = sd_event_add_io(s->report.env.event, &s->io, r, EPOLLIN, on_answer, s);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(s->io, true);
	if (r < 0)
		lose(s, r, now);
	s->poll_at = now;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_source *s = userdata;
	usec_t now = erm_time_now().mono;

	(void)source;
	(void)usec;
	if (!s->is_open && now >= s->retry_at)
		open_socket(s, now);
	if (s->is_open && s->query.phase != ERM_NEIGHBOR_IDLE && now >= s->query.deadline)
		lose(s, -ETIMEDOUT, now);
	if (s->is_open && s->query.phase == ERM_NEIGHBOR_IDLE && now >= next_deadline(s))
		look(s, now);
	(void)erm_source_report_beat(&s->report, false, TELL_USEC, now);
	return arm(s);
}

static struct erm_source *source_free(struct erm_source *s)
{
	if (!s)
		return NULL;
	close_socket(s);
	s->timer = sd_event_source_disable_unref(s->timer);
	erm_neighbor_table_done(&s->table);
	erm_source_report_done(&s->report);
	free(s);
	return NULL;
}

ERM_DEFINE_CLEANUP(struct erm_source *, source_free)

/* On failure all is as before. */
static int set_config(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	struct erm_neighbor_table table;
	int r;

	if (index >= config->n_sources)
		return -EINVAL;
	r = erm_neighbor_table_make(config, s->report.config ? &s->table : NULL, &table);
	if (r < 0)
		return r;
	erm_neighbor_table_done(&s->table);
	s->table = table;
	erm_source_report_configure(&s->report, config, index);
	s->query.timeout_usec = s->report.settings->timeout_usec;
	s->query.is_refused = s->has_said_refused = s->is_told = false;
	s->query.phase = ERM_NEIGHBOR_IDLE; /* late answers have sequence numbers of the past */
	s->query.n = 0;
	return 0;
}

int erm_neighbor_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		       const struct erm_rtnl_socket_ops *ops, void *userdata,
		       struct erm_source **ret)
{
	ERM_CLEANUP(source_freep) struct erm_source *s = calloc(1, sizeof(*s));
	usec_t now = erm_time_now().mono;
	int r;

	if (!s)
		return -ENOMEM;
	erm_source_report_init(&s->report, env);
	s->query.ops = ops;
	s->query.userdata = userdata ? userdata : &s->kernel;
	s->query.counters = &s->report.own.counters;
	s->query.table = &s->table;
	s->backoff = BACKOFF_MIN_USEC;
	s->retry_at = now;
	s->look_at = ERM_USEC_INFINITY;
	s->n_followed = ERM_ELEMENTS(follow_usec);
	r = set_config(s, config, index);
	if (r < 0)
		return r;
	/* The first turn opens the socket: nobody is told anything before start() has returned. */
	r = sd_event_add_time(s->report.env.event, &s->timer, CLOCK_MONOTONIC, now, ACCURACY_USEC,
			      on_timer, s);
	if (r < 0)
		return r;
	r = sd_event_source_set_priority(s->timer, ERM_SOURCE_LATER);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(s->timer, true);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(s);
	return 0;
}

static int neighbor_start(const struct erm_source_env *env, struct erm_config *config,
			  uint32_t index, struct erm_source **ret)
{
	return erm_neighbor_start(env, config, index, &erm_rtnl_kernel_ops, NULL, ret);
}

static int neighbor_reconfigure(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	int r = set_config(s, config, index);

	if (r < 0)
		return r;
	s->poll_at = erm_time_now().mono;
	return arm(s);
}

static void neighbor_look_now(struct erm_source *s)
{
	want_look(s, erm_usec_add(erm_time_now().mono, ERM_SOURCE_LATER_USEC));
	(void)arm(s);
}

static void neighbor_free(struct erm_source *s)
{
	(void)source_free(s);
}

const struct erm_source_ops erm_source_neighbor_ops = {
	.type = ERM_SOURCE_TYPE_NEIGHBOR,
	.start = neighbor_start,
	.reconfigure = neighbor_reconfigure,
	.look_now = neighbor_look_now,
	.free = neighbor_free,
};
