/*
 * The sock-diag source: the TCP sockets of whatever router runs on this host.  Owns the
 * sockets' life, the timer, and what is told when.  That a socket was destroyed is only a
 * reason to look; every state comes from a complete round.  Must not know what a message
 * means (round.c) or what a socket proves (sessions.c).
 */
#include "sources/sockdiag/sockdiag.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/netlink/parse.h"
#include "sources/sockdiag/round.h"
#include "sources/sockdiag/sessions.h"
#include "sources/sockdiag/socket.h"
#include "sources/source_report.h"

#define LOOK_MIN_USEC    (50 * ERM_USEC_PER_MSEC) /* 20 hinted rounds a second ... */
#define LOOK_BURST_USEC  (3 * LOOK_MIN_USEC)      /* ... and four at once: sessions fall together */
#define TELL_USEC        ERM_USEC_PER_SEC
#define FINE_USEC        ERM_USEC_PER_MSEC
#define BACKOFF_MIN_USEC (200 * ERM_USEC_PER_MSEC)
#define BACKOFF_MAX_USEC (5 * ERM_USEC_PER_SEC)
#define LACKING_USEC     (60 * ERM_USEC_PER_SEC) /* until a kernel without it is asked again */
/* Rounds may take a thousandth of a core where checks can do between them, else five. */
#define FIND_SHARE  1000
#define ROUND_SHARE 200
#define CHECK_MAX   128 /* sessions; for more of them a round is the cheaper */

struct erm_source {
	struct erm_source_report report;
	struct erm_rtnl_kernel kernel;
	sd_event_source *io[ERM_RTNL_SOCKET_MAX];
	sd_event_source *timer;
	usec_t timer_accuracy;
	bool is_open;
	struct erm_sockdiag_sessions *sessions;
	struct erm_sockdiag_round round;
	bool is_good;       /* a round was complete since the source was last told OK */
	bool is_follow_up;  /* what is due at look_at */
	usec_t await_until; /* the first rounds left something open; 0 = there was none */
	uint64_t cost_nsec; /* of the round under way */
	usec_t poll_at, find_at, look_at, looks_until, resync_at, retry_at, backoff;
	_Alignas(8) uint8_t buf[ERM_SOCKDIAG_RECV_SIZE];
};

static usec_t tell_period(const struct erm_source *s)
{
	usec_t stale = s->report.settings->stale_after_usec / 3;

	return stale > 0 && stale < TELL_USEC ? stale : TELL_USEC;
}

static void close_sockets(struct erm_source *s)
{
	for (int id = 0; id < ERM_RTNL_SOCKET_MAX; id++) {
		s->io[id] = sd_event_source_disable_unref(s->io[id]);
		s->round.ops->close(s->round.userdata, (enum erm_rtnl_socket_id)id);
	}
	s->is_open = s->round.is_running = false;
}

static enum erm_source_reason reason_of(int error)
{
	switch (error) {
	case -ENOENT:
	case -EOPNOTSUPP:
	case -EPROTONOSUPPORT:
	case -EAFNOSUPPORT:
	case -EINVAL: /* it does not understand the filter */
		return ERM_REASON_UNSUPPORTED;
	default:
		return erm_source_reason_of(error);
	}
}

static void lose(struct erm_source *s, int error, usec_t now)
{
	struct erm_source_report *report = &s->report;
	enum erm_source_reason reason = reason_of(error);

	report->own.counters.errors++;
	report->own.counters.timeouts += error == -ETIMEDOUT;
	if (erm_source_report_set(report, ERM_SOURCE_LOST, reason, strerror(-error))) {
		erm_log_warning("source %s: no sockets from the kernel: %s", report->settings->name,
				report->own.text);
		report->told_state = 0;
	}
	close_sockets(s);
	if (reason == ERM_REASON_UNSUPPORTED) {
		s->retry_at = erm_usec_add(now, LACKING_USEC);
		return;
	}
	s->retry_at = erm_usec_add(now, s->backoff);
	s->backoff = s->backoff * 2 < BACKOFF_MAX_USEC ? s->backoff * 2 : BACKOFF_MAX_USEC;
}

static void tell_session(struct erm_source *s, uint32_t i)
{
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .asked = s->round.asked };

	obs.session.session = erm_sockdiag_sessions_get(s->sessions, i, &obs.session.bgp);
	obs.session.is_configured = true;
	erm_source_report_emit(&s->report, &obs);
	erm_sockdiag_sessions_told(s->sessions, i);
}

static void tell_everything(struct erm_source *s, usec_t now)
{
	struct erm_obs obs = { .kind = ERM_OBS_DUMP_BEGIN, .asked = s->round.asked };

	erm_source_report_emit(&s->report, &obs);
	for (uint32_t i = 0; i < erm_sockdiag_sessions_count(s->sessions); i++)
		tell_session(s, i);
	obs = (struct erm_obs){ .kind = ERM_OBS_DUMP_END, .asked = s->round.asked };
	erm_source_report_emit(&s->report, &obs);
	s->resync_at = erm_usec_add(now, s->report.settings->resync_usec);
	if (s->report.own.state == ERM_SOURCE_LOST)
		erm_log_notice("source %s: the kernel tells its sockets again",
			       s->report.settings->name);
	(void)erm_source_report_set(&s->report, ERM_SOURCE_OK, ERM_REASON_NONE, "");
	s->backoff = BACKOFF_MIN_USEC;
}

static void tell_changes(struct erm_source *s)
{
	for (uint32_t i = 0; erm_sockdiag_sessions_next_change(s->sessions, &i); i++)
		tell_session(s, i);
}

/* A hinted look, 20 times a second at most. */
static void want_look(struct erm_source *s, bool is_follow_up, usec_t at)
{
	usec_t allowed_at = erm_usec_sub(s->looks_until, LOOK_BURST_USEC);

	if (at < allowed_at)
		at = allowed_at;
	if (at < s->look_at)
		s->look_at = at;
	s->is_follow_up = s->is_follow_up && is_follow_up;
}

static bool can_check(const struct erm_source *s)
{
	return erm_sockdiag_sessions_count_established(s->sessions) <= CHECK_MAX;
}

/* When the next round is due: to find new sockets of those that are not Established. */
static usec_t find_period(const struct erm_source *s)
{
	usec_t dear = s->cost_nsec * (can_check(s) ? FIND_SHARE : ROUND_SHARE) / 1000;
	usec_t least = s->report.settings->poll_usec, most = tell_period(s);

	if (erm_sockdiag_sessions_count_established(s->sessions) ==
		    erm_sockdiag_sessions_count(s->sessions) &&
	    can_check(s))
		return s->report.settings->resync_usec;
	if (dear > most)
		dear = most;
	return dear > least ? dear : least;
}

static void end_round(struct erm_source *s, usec_t now)
{
	bool is_open = erm_sockdiag_sessions_end(s->sessions, now), has_turned;

	s->find_at = erm_usec_add(s->round.asked, find_period(s));
	if (!can_check(s))
		s->poll_at = s->find_at;
	if (is_open) {
		want_look(s, true, erm_usec_add(now, ERM_SOCKDIAG_CONFIRM_USEC));
		if (s->await_until == 0)
			s->await_until = erm_usec_add(now, 2 * ERM_SOCKDIAG_CONFIRM_USEC);
		/* Rather nothing for a moment than "unknown" of all that is well. */
		if (s->report.own.state != ERM_SOURCE_OK && now < s->await_until)
			return;
	}
	s->is_good = true;
	if (s->report.own.state != ERM_SOURCE_OK || now >= s->resync_at) {
		tell_everything(s, now);
		return;
	}
	has_turned = erm_sockdiag_sessions_has_turned(s->sessions);
	tell_changes(s);
	if (has_turned)
		erm_source_report_hint(&s->report);
}

/* What begin() or receive() of the round came to. */
static void take_result(struct erm_source *s, int r, usec_t now, uint64_t cpu_since)
{
	s->cost_nsec += erm_thread_cpu_nsec() - cpu_since;
	if (r < 0)
		lose(s, r, now);
	else if (r == ERM_SOCKDIAG_COMPLETE)
		end_round(s, now);
	else if (r == ERM_SOCKDIAG_SAME)
		s->is_good = true;
	else if (!s->round.is_running)
		s->find_at = now; /* it was broken: again at the next poll */
}

static void look(struct erm_source *s, usec_t now)
{
	uint64_t cpu_since = erm_thread_cpu_nsec();
	bool is_look = now >= s->look_at, is_follow_up = s->is_follow_up, is_round;
	usec_t early = s->report.settings->poll_usec / 10;

	is_round = is_look || s->report.own.state != ERM_SOURCE_OK || now + early >= s->find_at ||
		   now >= s->resync_at || !can_check(s);
	s->poll_at = erm_usec_add(now, s->report.settings->poll_usec);
	if (is_look) {
		s->looks_until =
			erm_usec_add(now > s->looks_until ? now : s->looks_until, LOOK_MIN_USEC);
		s->look_at = ERM_USEC_INFINITY;
		s->is_follow_up = true;
		/* The router may only be about to close what it has given up. */
		if (!is_follow_up)
			want_look(s, true, erm_usec_add(now, LOOK_MIN_USEC));
	}
	s->cost_nsec = 0;
	take_result(s,
		    is_round ? erm_sockdiag_round_begin(&s->round, now)
			     : erm_sockdiag_round_check(&s->round, now),
		    now, cpu_since);
}

static usec_t next_deadline(const struct erm_source *s, bool *ret_is_fine)
{
	*ret_is_fine = true;
	if (!s->is_open)
		return s->retry_at;
	if (s->round.is_running)
		return s->round.deadline; /* its socket wakes us before */
	if (s->look_at <= s->poll_at)
		return s->look_at;
	*ret_is_fine = false;
	/* sd-event sleeps to the end of [time, time + accuracy] unless another timer is in it. */
	return erm_usec_sub(s->poll_at, s->report.settings->poll_usec / 10);
}

static int arm(struct erm_source *s)
{
	bool is_fine;
	usec_t at = next_deadline(s, &is_fine);
	usec_t accuracy = is_fine ? FINE_USEC : s->report.settings->poll_usec / 10 + 1;
	int r;

	if (accuracy != s->timer_accuracy) {
		r = sd_event_source_set_time_accuracy(s->timer, accuracy);
		if (r < 0)
			return r;
		s->timer_accuracy = accuracy;
	}
	r = sd_event_source_set_time(s->timer, at);
	return r < 0 ? r : sd_event_source_set_enabled(s->timer, SD_EVENT_ONESHOT);
}

static int finish_turn(struct erm_source *s, usec_t now)
{
	/* A heartbeat takes a complete round since the last one. */
	if (erm_source_report_beat(&s->report, s->is_good, tell_period(s), now))
		s->is_good = false;
	return arm(s);
}

static int on_answer(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *s = userdata;
	uint64_t cpu_since = erm_thread_cpu_nsec();
	usec_t now = erm_time_now().mono;

	(void)source;
	(void)fd;
	(void)revents;
	if (s->round.is_running) {
		take_result(s, erm_sockdiag_round_receive(&s->round, now), now, cpu_since);
		return finish_turn(s, now);
	}
	/* Of a dump given up: it must not wake us for ever. */
	(void)s->round.ops->recv(s->round.userdata, ERM_RTNL_SOCKET_REQUESTS, s->buf,
				 sizeof(s->buf));
	return 0;
}

/* Is the end of this socket that of a session? */
static bool is_news(struct erm_source *s, const struct erm_netlink_message *message)
{
	struct erm_sockdiag_socket socket;

	if (message->kind == ERM_NETLINK_OVERRUN)
		return true;
	if (message->kind != ERM_NETLINK_DATA || message->type != SOCK_DIAG_BY_FAMILY)
		return false;
	if (erm_sockdiag_parse(message->payload, &socket) < 0) {
		s->report.own.counters.errors++;
		return false;
	}
	if (!erm_sockdiag_sessions_is_theirs(s->sessions, &socket))
		return false;
	s->report.own.counters.events++;
	return true;
}

/* Returns the number of messages; *ret_is_news is set when one is of a session of ours. */
static unsigned int take_notices(struct erm_source *s, size_t len, bool *ret_is_news)
{
	struct erm_reader reader = erm_reader_init(s->buf, len);
	struct erm_netlink_message message;
	unsigned int n = 0;
	int k;

	while ((k = erm_netlink_message_next(&reader, &message)) > 0) {
		n++;
		*ret_is_news = is_news(s, &message) || *ret_is_news;
	}
	if (k < 0)
		s->report.own.counters.errors++;
	return n;
}

static int read_notices(struct erm_source *s, bool *ret_is_news)
{
	for (unsigned int n = 0; n < ERM_SOCKDIAG_DISPATCH_MAX;) {
		ssize_t len = s->round.ops->recv(s->round.userdata, ERM_RTNL_SOCKET_EVENTS, s->buf,
						 sizeof(s->buf));

		if (len == -EAGAIN)
			return 0;
		if (len == -ENOBUFS || len == -EMSGSIZE) { /* some were lost: look */
			s->report.own.counters.resyncs++;
			s->report.own.counters.limits_hit += len == -EMSGSIZE;
			*ret_is_news = true;
			n++;
			continue;
		}
		if (len < 0)
			return (int)len;
		n += 1 + take_notices(s, (size_t)len, ret_is_news);
	}
	return 0;
}

static int on_notice(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *s = userdata;
	bool has_news = false;
	usec_t now = erm_time_now().mono;
	int r = read_notices(s, &has_news);

	(void)source;
	(void)fd;
	(void)revents;
	if (r < 0) {
		lose(s, r, now);
		return finish_turn(s, now);
	}
	if (!has_news)
		return 0;
	erm_source_report_hint(&s->report);
	want_look(s, false, erm_usec_add(now, ERM_SOURCE_LATER_USEC));
	return finish_turn(s, now);
}

static int open_socket(struct erm_source *s, enum erm_rtnl_socket_id id)
{
	int r = s->round.ops->open(s->round.userdata, id);

	if (r < 0)
		return r;
	r = sd_event_add_io(s->report.env.event, &s->io[id], r, EPOLLIN,
			    id == ERM_RTNL_SOCKET_EVENTS ? on_notice : on_answer, s);
	return r < 0 ? r : sd_event_source_set_exit_on_failure(s->io[id], true);
}

static void open_sockets(struct erm_source *s, usec_t now)
{
	int r;

	if (s->report.own.state == ERM_SOURCE_LOST)
		s->report.own.counters.reconnects++;
	s->is_open = true;
	r = open_socket(s, ERM_RTNL_SOCKET_REQUESTS);
	if (r < 0) {
		lose(s, r, now);
		return;
	}
	/* They only make it faster. */
	r = open_socket(s, ERM_RTNL_SOCKET_EVENTS);
	if (r < 0) {
		s->report.own.counters.errors++;
		if (s->report.told_state == 0)
			erm_log_notice("source %s: sockets that end are not told at once: %s",
				       s->report.settings->name, strerror(-r));
	}
	s->round.n_repeats = 0;
	s->poll_at = now;
	s->look_at = ERM_USEC_INFINITY;
	s->await_until = 0;
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_source *s = userdata;
	usec_t now = erm_time_now().mono;
	bool is_fine;

	(void)source;
	(void)usec;
	if (!s->is_open && now >= s->retry_at)
		open_sockets(s, now);
	if (s->is_open && s->round.is_running && now >= s->round.deadline)
		lose(s, -ETIMEDOUT, now);
	if (s->is_open && !s->round.is_running && now >= next_deadline(s, &is_fine))
		look(s, now);
	return finish_turn(s, now);
}

static struct erm_source *source_free(struct erm_source *s)
{
	if (!s)
		return NULL;
	close_sockets(s);
	s->timer = sd_event_source_disable_unref(s->timer);
	s->sessions = erm_sockdiag_sessions_free(s->sessions);
	erm_source_report_done(&s->report);
	free(s);
	return NULL;
}

ERM_DEFINE_CLEANUP(struct erm_source *, source_free)

/* On failure all is as before. */
static int set_config(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	struct erm_sockdiag_sessions *sessions;
	int r;

	if (index >= config->n_sources)
		return -EINVAL;
	r = erm_sockdiag_sessions_new(config, index, s->sessions, &sessions);
	if (r < 0)
		return r;
	erm_sockdiag_sessions_free(s->sessions);
	s->sessions = s->round.sessions = sessions;
	erm_source_report_configure(&s->report, config, index);
	s->round.timeout_usec = s->report.settings->timeout_usec;
	return 0;
}

int erm_sockdiag_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		       const struct erm_rtnl_socket_ops *ops, void *userdata,
		       struct erm_source **ret)
{
	ERM_CLEANUP(source_freep) struct erm_source *s = calloc(1, sizeof(*s));
	usec_t now = erm_time_now().mono;
	int r;

	if (!s)
		return -ENOMEM;
	erm_source_report_init(&s->report, env);
	s->round.ops = ops;
	s->round.userdata = userdata ? userdata : &s->kernel;
	s->round.counters = &s->report.own.counters;
	s->backoff = BACKOFF_MIN_USEC;
	s->retry_at = now;
	s->look_at = ERM_USEC_INFINITY;
	r = set_config(s, config, index);
	if (r < 0)
		return r;
	/* The first turn opens the sockets: nobody is told anything before start() has returned. */
	r = sd_event_add_time(s->report.env.event, &s->timer, CLOCK_MONOTONIC, now, 1, on_timer, s);
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

static int sockdiag_start(const struct erm_source_env *env, struct erm_config *config,
			  uint32_t index, struct erm_source **ret)
{
	return erm_sockdiag_start(env, config, index, &erm_sockdiag_kernel_ops, NULL, ret);
}

static int sockdiag_reconfigure(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	usec_t now = erm_time_now().mono;
	int r = set_config(s, config, index);

	if (r < 0)
		return r;
	/* A round under way is of the sessions before; the next one tells all of the new. */
	if (s->is_open && s->round.is_running)
		close_sockets(s);
	if (!s->is_open && s->report.own.state != ERM_SOURCE_LOST)
		s->retry_at = now;
	s->resync_at = s->poll_at = s->find_at = now;
	return arm(s);
}

static void sockdiag_look_now(struct erm_source *s)
{
	want_look(s, false, erm_usec_add(erm_time_now().mono, ERM_SOURCE_LATER_USEC));
	(void)arm(s);
}

static void sockdiag_free(struct erm_source *s)
{
	(void)source_free(s);
}

const struct erm_source_ops erm_source_sockdiag_ops = {
	.type = ERM_SOURCE_TYPE_SOCK_DIAG,
	.start = sockdiag_start,
	.reconfigure = sockdiag_reconfigure,
	.look_now = sockdiag_look_now,
	.free = sockdiag_free,
};
