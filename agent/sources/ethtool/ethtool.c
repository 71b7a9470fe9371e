/*
 * The ethtool source: owns when is looked, and what is told of it.  A thread asks the
 * kernel (thread.c); how, and what modules write, is not known here.
 */
#include "sources/ethtool/ethtool.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "sources/ethtool/thread.h"
#include "sources/source_report.h"

#define LOOK_MIN_USEC ERM_USEC_PER_SEC
#define HANG_TIMEOUTS 5 /* so many times the timeout without an answer, and the driver hangs */
/* Some drivers say of an empty cage that it has no module at all: look again now and then. */
#define BARE_USEC   (600 * ERM_USEC_PER_SEC)
#define DENIED_TEXT "module EEPROM: no permission, see ermond.conf(5)"

/* An interface of this host that a port uses. */
struct target {
	uint32_t interface;
	uint32_t bare_ifindex; /* it has no module, as long as it is this one */
	usec_t bare_until;
	int module_error; /* the last one, for one log line a change */
	bool has_last;
	struct erm_obs_optics last;
};

struct erm_source {
	struct erm_source_report report;
	struct erm_ethtool_thread *thread;
	sd_event_source *io;
	sd_event_source *timer;
	struct target *targets;
	uint32_t n_targets;
	bool is_asking;       /* the thread has questions or answers of ours */
	bool wants_look;      /* hinted */
	bool is_retelling;    /* after a reload: say again what is known */
	bool is_denied;       /* CAP_NET_ADMIN is missing; said once */
	bool is_round_denied; /* in this round */
	int round_error;
	usec_t asked_at, answered_at, look_at;
};

static void lose(struct erm_source *s, enum erm_source_reason reason, const char *text)
{
	if (erm_source_report_set(&s->report, ERM_SOURCE_LOST, reason, text))
		erm_log_warning("source %s: lost: %s", s->report.settings->name, text);
	erm_source_report_tell(&s->report);
}

static void lose_kernel(struct erm_source *s, int error)
{
	switch (-error) {
	case ENOENT:
	case EPROTONOSUPPORT:
	case EAFNOSUPPORT:
		lose(s, ERM_REASON_UNSUPPORTED, "the kernel has no ethtool netlink");
		break;
	case EBADMSG:
		lose(s, ERM_REASON_PROTOCOL, "an answer of the kernel is not understood");
		break;
	case EMSGSIZE:
		lose(s, ERM_REASON_TOO_LARGE, "an answer of the kernel is too large");
		break;
	case ETIMEDOUT:
		lose(s, ERM_REASON_TIMEOUT, "the kernel does not answer");
		break;
	case EPERM:
	case EACCES:
		lose(s, ERM_REASON_PERMISSION, strerror(-error));
		break;
	default:
		lose(s, ERM_REASON_SYSTEM, strerror(-error));
		break;
	}
}

static const char *name_of(const struct erm_source *s, const struct target *target)
{
	return s->report.config->interfaces[target->interface].name;
}

static struct target *find_target(const struct erm_source *s, const char *name)
{
	for (uint32_t i = 0; i < s->n_targets; i++) {
		if (strcmp(name_of(s, &s->targets[i]), name) == 0)
			return &s->targets[i];
	}
	return NULL;
}

static void tell_target(struct erm_source *s, const struct target *target)
{
	struct erm_obs obs = {
		.kind = ERM_OBS_OPTICS,
		.asked = s->asked_at,
		.optics = target->last,
	};

	obs.optics.interface = target->interface;
	erm_source_report_emit(&s->report, &obs);
}

static void add_counters(struct erm_source *s, const struct erm_source_counters *more)
{
	s->report.own.counters.requests += more->requests;
	s->report.own.counters.errors += more->errors;
	s->report.own.counters.timeouts += more->timeouts;
	s->report.own.counters.limits_hit += more->limits_hit;
}

static void note_module(struct erm_source *s, struct target *target,
			const struct erm_ethtool_look *look)
{
	int error = look->module == ERM_ETHTOOL_MODULE_FAILED ? look->module_error : 0;

	if (error != target->module_error && error < 0) {
		erm_log_warning("source %s: the module of %s cannot be read: %s",
				s->report.settings->name, look->name, strerror(-error));
	} else if (error != target->module_error) {
		erm_log_notice("source %s: the module of %s can be read again",
			       s->report.settings->name, look->name);
	}
	target->module_error = error;
	if (look->module == ERM_ETHTOOL_MODULE_DENIED)
		s->is_round_denied = true;
	if (look->module != ERM_ETHTOOL_MODULE_UNSUPPORTED) {
		target->bare_ifindex = 0;
	} else if (target->bare_ifindex != look->ifindex) {
		target->bare_ifindex = look->ifindex;
		target->bare_until = erm_usec_add(erm_time_now().mono, BARE_USEC);
	}
}

static void take(struct erm_source *s, const struct erm_ethtool_look *look)
{
	struct target *target = find_target(s, look->name);

	add_counters(s, &look->counters);
	if (look->error < 0) {
		s->round_error = look->error;
		return;
	}
	/* Of a configuration before this one, perhaps. */
	if (!target)
		return;
	note_module(s, target, look);
	target->last = look->optics;
	target->has_last = true;
	tell_target(s, target);
}

static void end_round(struct erm_source *s)
{
	s->is_asking = false;
	if (s->round_error < 0) {
		lose_kernel(s, s->round_error);
		return;
	}
	if (s->is_round_denied && !s->is_denied)
		erm_log_notice("source %s: " DENIED_TEXT, s->report.settings->name);
	s->is_denied = s->is_round_denied;
	if (s->report.own.state == ERM_SOURCE_LOST)
		erm_log_notice("source %s: is back", s->report.settings->name);
	(void)erm_source_report_set(&s->report, ERM_SOURCE_OK, ERM_REASON_NONE,
				    s->is_denied ? DENIED_TEXT : "");
	erm_source_report_tell(&s->report);
}

static struct erm_ethtool_look *make_looks(const struct erm_source *s, usec_t now)
{
	struct erm_ethtool_look *looks = calloc(s->n_targets, sizeof(*looks));

	for (uint32_t i = 0; looks && i < s->n_targets; i++) {
		const struct target *target = &s->targets[i];

		(void)snprintf(looks[i].name, sizeof(looks[i].name), "%s", name_of(s, target));
		if (now < target->bare_until)
			looks[i].bare_ifindex = target->bare_ifindex;
	}
	return looks;
}

static void ask(struct erm_source *s, usec_t now)
{
	struct erm_ethtool_look *looks = NULL;

	s->wants_look = false;
	s->asked_at = now;
	s->answered_at = now;
	s->look_at = erm_usec_add(now, s->report.settings->poll_usec);
	s->round_error = 0;
	s->is_round_denied = false;
	/* Nobody to ask about: the kernel is as good as its word. */
	if (s->n_targets == 0) {
		end_round(s);
		return;
	}
	looks = make_looks(s, now);
	if (!looks) {
		lose_kernel(s, -ENOMEM);
		return;
	}
	if (erm_ethtool_thread_ask(s->thread, looks, s->n_targets,
				   s->report.settings->timeout_usec) < 0) {
		free(looks);
		return;
	}
	s->is_asking = true;
}

static usec_t hang_at(const struct erm_source *s)
{
	usec_t span = s->report.settings->timeout_usec;

	span = span > ERM_USEC_INFINITY / HANG_TIMEOUTS ? ERM_USEC_INFINITY : span * HANG_TIMEOUTS;
	return erm_usec_add(s->answered_at, span);
}

static bool is_hung(const struct erm_source *s)
{
	return s->report.own.state == ERM_SOURCE_LOST && s->report.own.reason == ERM_REASON_TIMEOUT;
}

static usec_t due_at(const struct erm_source *s)
{
	usec_t soonest = erm_usec_add(s->asked_at, LOOK_MIN_USEC);

	if (s->wants_look && soonest < s->look_at)
		return soonest;
	return s->look_at;
}

static int arm(struct erm_source *s)
{
	usec_t at = due_at(s);
	int r;

	if (s->is_asking)
		at = is_hung(s) ? ERM_USEC_INFINITY : hang_at(s);
	if (s->is_retelling)
		at = 0;
	if (at == ERM_USEC_INFINITY)
		return sd_event_source_set_enabled(s->timer, SD_EVENT_OFF);
	r = sd_event_source_set_time(s->timer, at);
	return r < 0 ? r : sd_event_source_set_enabled(s->timer, SD_EVENT_ONESHOT);
}

static int on_answer(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct erm_source *s = userdata;
	struct erm_ethtool_look look;
	bool is_last = false;

	(void)source;
	(void)fd;
	(void)revents;
	while (erm_ethtool_thread_take(s->thread, &look, &is_last) > 0) {
		s->answered_at = erm_time_now().mono;
		take(s, &look);
		if (is_last)
			end_round(s);
	}
	return arm(s);
}

static void retell(struct erm_source *s)
{
	s->is_retelling = false;
	erm_source_report_tell(&s->report);
	for (uint32_t i = 0; i < s->n_targets; i++) {
		if (s->targets[i].has_last)
			tell_target(s, &s->targets[i]);
	}
}

static int on_timer(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct erm_source *s = userdata;
	usec_t now = erm_time_now().mono;

	(void)source;
	(void)usec;
	if (s->is_retelling)
		retell(s);
	if (!s->is_asking && now >= due_at(s))
		ask(s, now);
	if (s->is_asking && !is_hung(s) && now >= hang_at(s)) {
		s->report.own.counters.timeouts++;
		lose(s, ERM_REASON_TIMEOUT, "a driver does not answer");
	}
	return arm(s);
}

static struct erm_source *source_free(struct erm_source *s)
{
	if (!s)
		return NULL;
	s->io = sd_event_source_disable_unref(s->io);
	s->timer = sd_event_source_disable_unref(s->timer);
	s->thread = erm_ethtool_thread_free(s->thread);
	erm_source_report_done(&s->report);
	free(s->targets);
	free(s);
	return NULL;
}

ERM_DEFINE_CLEANUP(struct erm_source *, source_free)

static bool is_of_port(const struct erm_config *config, uint32_t interface)
{
	uint32_t source = config->interfaces[interface].source;

	if (source < config->n_sources && config->sources[source].type != ERM_SOURCE_TYPE_RTNL)
		return false;
	for (uint32_t i = 0; i < config->n_ports; i++) {
		if (config->ports[i].interface == interface)
			return true;
	}
	return false;
}

/* What is known of an interface that stays is kept. */
static int set_config(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	uint32_t n = 0;
	struct target *targets = NULL;

	if (index >= config->n_sources)
		return -EINVAL;
	targets = calloc((size_t)config->n_interfaces + 1, sizeof(*targets));
	if (!targets)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_interfaces; i++) {
		const struct target *known = NULL;

		if (!is_of_port(config, i))
			continue;
		if (s->report.config)
			known = find_target(s, config->interfaces[i].name);
		if (known)
			targets[n] = *known;
		targets[n++].interface = i;
	}
	free(s->targets);
	s->targets = targets;
	s->n_targets = n;
	erm_source_report_configure(&s->report, config, index);
	return 0;
}

static int add_sources(struct erm_source *s)
{
	int r = sd_event_add_io(s->report.env.event, &s->io, erm_ethtool_thread_fd(s->thread),
				EPOLLIN, on_answer, s);

	if (r < 0)
		return r;
	r = sd_event_source_set_exit_on_failure(s->io, true);
	if (r < 0)
		return r;
	/* The first turn asks: nobody is told anything before start() has returned. */
	r = sd_event_add_time(s->report.env.event, &s->timer, CLOCK_MONOTONIC, 0, 0, on_timer, s);
	return r < 0 ? r : sd_event_source_set_exit_on_failure(s->timer, true);
}

int erm_ethtool_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		      const struct erm_ethtool_io *io, void *userdata, struct erm_source **ret)
{
	ERM_CLEANUP(source_freep) struct erm_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	erm_source_report_init(&s->report, env);
	s->is_retelling = true; /* that it is starting */
	r = set_config(s, config, index);
	if (r == 0)
		r = erm_ethtool_thread_new(io, userdata, &s->thread);
	if (r == 0)
		r = add_sources(s);
	if (r < 0)
		return r;
	*ret = ERM_TAKE_PTR(s);
	return 0;
}

static int ethtool_start(const struct erm_source_env *env, struct erm_config *config,
			 uint32_t index, struct erm_source **ret)
{
	return erm_ethtool_start(env, config, index, &erm_ethtool_kernel_io, NULL, ret);
}

static int ethtool_reconfigure(struct erm_source *s, struct erm_config *config, uint32_t index)
{
	int r = set_config(s, config, index);

	if (r < 0)
		return r;
	s->is_retelling = true;
	s->wants_look = true; /* there may be new interfaces */
	return arm(s);
}

static void ethtool_look_now(struct erm_source *s)
{
	s->wants_look = true;
	(void)arm(s);
}

static void ethtool_free(struct erm_source *s)
{
	(void)source_free(s);
}

const struct erm_source_ops erm_source_ethtool_ops = {
	.type = ERM_SOURCE_TYPE_ETHTOOL,
	.start = ethtool_start,
	.reconfigure = ethtool_reconfigure,
	.look_now = ethtool_look_now,
	.free = ethtool_free,
};
