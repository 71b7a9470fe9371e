/* The loop: sources feed the model, one commit a turn, publishers show it. */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon_state.h"

#define BEAT_USEC ERM_USEC_PER_SEC

static void keep_undelivered(struct erm_daemon *d, const struct erm_events *events)
{
	if (!d->config->agent.snmp_enabled)
		return;
	for (uint32_t i = 0; i < events->n; i++) {
		if (erm_undelivered_add(&d->undelivered, events->events[i]) < 0)
			erm_log_error("out of memory: notification %u would not survive a restart",
				      events->events[i]->sequence);
	}
}

static int arm_deadline(struct erm_daemon *d)
{
	usec_t at = erm_model_next_deadline(d->model);
	int r = sd_event_source_set_time(d->deadline, at);

	if (r < 0)
		return r;
	return sd_event_source_set_enabled(d->deadline, at == ERM_USEC_INFINITY ? SD_EVENT_OFF
										: SD_EVENT_ONESHOT);
}

/* Some alarms come and go without an event: those that are covered, or on a shelf. */
static bool has_other_alarms(const struct erm_snapshot *a, const struct erm_snapshot *b)
{
	return a->n_alarms != b->n_alarms ||
	       (a->n_alarms > 0 && a->alarms[a->n_alarms - 1].id != b->alarms[b->n_alarms - 1].id);
}

/* Shows a commit to everybody; takes over snapshot and events. */
static int show(struct erm_daemon *d, struct erm_snapshot *snapshot, struct erm_events *events)
{
	erm_daemon_publish(d, snapshot, events->events, events->n);
	keep_undelivered(d, events);
	if (d->snapshot) {
		erm_daemon_tell_ended(d, d->snapshot, snapshot);
		if (has_other_alarms(d->snapshot, snapshot))
			erm_daemon_save_later(d);
	}
	(void)erm_snapshot_unref(d->snapshot);
	d->snapshot = snapshot;
	if (events->n > 0 || snapshot->changed.mono != d->changed_saved) {
		d->changed_saved = snapshot->changed.mono;
		erm_daemon_save_later(d);
		erm_daemon_notify_status(d);
	}
	erm_events_done(events);
	return arm_deadline(d);
}

int erm_daemon_commit(struct erm_daemon *d)
{
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };
	int r = erm_model_commit(d->model, erm_time_now(), &snapshot, &events);

	if (r < 0) {
		/* No memory: what is pending stays pending, the next turn tries again. */
		erm_log_error("the model cannot be committed: %s", strerrordesc_np(-r));
		return 0;
	}
	return show(d, snapshot, &events);
}

/* After whatever else happened in this turn of the loop. */
static int on_post(sd_event_source *s, void *userdata)
{
	struct erm_daemon *d = userdata;

	(void)s;
	if (erm_model_is_dirty(d->model))
		return erm_daemon_commit(d);
	return arm_deadline(d);
}

static int on_deadline(sd_event_source *s, uint64_t usec, void *userdata)
{
	(void)s;
	(void)usec;
	return erm_daemon_commit(userdata);
}

/* Once a second: the publishers' health, systemd's watchdog, what was delivered. */
static int on_beat(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct erm_daemon *d = userdata;
	bool is_alive = erm_daemon_take_health(d);
	int r = 0;

	if (is_alive && d->watchdog_usec > 0)
		(void)sd_notify(0, "WATCHDOG=1");
	if (is_alive != d->is_alive)
		erm_log(is_alive ? LOG_NOTICE : LOG_ERR, "publisher threads: %s",
			is_alive ? "all turning again" : "one does not turn");
	d->is_alive = is_alive;
	erm_daemon_notify_status(d);
	r = sd_event_source_set_time(s, usec + BEAT_USEC);
	return r < 0 ? r : sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int on_hangup(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
	char error[256];

	(void)s;
	(void)si;
	(void)erm_daemon_reload(userdata, error, sizeof(error));
	return 0;
}

static int make_dir(const char *path, mode_t mode)
{
	if (mkdir(path, mode) < 0 && errno != EEXIST) {
		erm_log_error("%s: cannot be made: %s", path, strerrordesc_np(errno));
		return -errno;
	}
	return 0;
}

static int set_up_loop(struct erm_daemon *d)
{
	sd_event_source *hangup = NULL;
	int r = sd_event_new(&d->event);

	if (r < 0)
		return r;
	r = sd_event_add_signal(d->event, NULL, SIGTERM | SD_EVENT_SIGNAL_PROCMASK, NULL, NULL);
	if (r >= 0)
		r = sd_event_add_signal(d->event, NULL, SIGINT | SD_EVENT_SIGNAL_PROCMASK, NULL,
					NULL);
	if (r >= 0)
		r = sd_event_add_signal(d->event, &hangup, SIGHUP | SD_EVENT_SIGNAL_PROCMASK,
					on_hangup, d);
	if (r >= 0)
		r = sd_event_source_set_floating(hangup, true);
	(void)sd_event_source_unref(hangup);
	if (r >= 0)
		r = sd_event_add_time(d->event, &d->deadline, CLOCK_MONOTONIC, 0, 1, on_deadline,
				      d);
	if (r >= 0)
		r = sd_event_add_time(d->event, &d->beat, CLOCK_MONOTONIC, erm_time_now().mono,
				      BEAT_USEC / 4, on_beat, d);
	if (r >= 0)
		r = sd_event_add_post(d->event, &d->post, on_post, d);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(d->deadline, true);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(d->beat, true);
	if (r >= 0)
		r = sd_event_source_set_exit_on_failure(d->post, true);
	if (r >= 0)
		r = erm_daemon_save_start(d);
	return r;
}

/* What the last run left: numbers, open alarms, and notifications nobody took yet. */
static int make_model(struct erm_daemon *d)
{
	struct erm_persist persist = { 0 };
	bool is_restored = erm_daemon_restore(d, &persist) >= 0;
	int r = erm_model_new(d->config, is_restored ? &persist : NULL, erm_time_now(), &d->model);

	for (uint32_t i = 0; r >= 0 && i < persist.n_undelivered; i++)
		r = erm_undelivered_add(&d->undelivered, persist.undelivered[i]);
	erm_persist_done(&persist);
	return r;
}

/* The first snapshot, and before anything new what the last run could not deliver. */
static int publish_first(struct erm_daemon *d)
{
	struct erm_running_publisher *snmp = &d->publishers[0];
	struct erm_snapshot *snapshot = NULL;
	struct erm_events events = { 0 };
	struct erm_persist left = { 0 };
	int r = 0;

	erm_model_announce(d->model);
	r = erm_model_commit(d->model, erm_time_now(), &snapshot, &events);
	if (r < 0)
		return r;
	r = erm_undelivered_export(&d->undelivered, &left);
	if (r >= 0 && left.n_undelivered > 0 && snmp->pub) {
		erm_log_notice("%u notifications of the last run are still to be delivered",
			       left.n_undelivered);
		snmp->ops->publish(snmp->pub, snapshot, left.undelivered, left.n_undelivered);
	}
	erm_persist_done(&left);
	return show(d, snapshot, &events);
}

static int start(struct erm_daemon *d)
{
	uint64_t watchdog = 0;
	int r = 0;

	if (make_dir(d->options.runtime_dir, 0755) < 0)
		return -EACCES;
	/* Without it nothing outlives a restart, but the links are watched. */
	(void)make_dir(d->options.state_dir, 0750);
	r = set_up_loop(d);
	if (r >= 0)
		r = make_model(d);
	if (r >= 0)
		r = erm_daemon_start_publishers(d);
	if (r >= 0)
		r = publish_first(d);
	if (r >= 0)
		r = erm_daemon_update_sources(d, d->config);
	if (r < 0)
		return r;
	if (sd_watchdog_enabled(0, &watchdog) > 0)
		d->watchdog_usec = watchdog;
	(void)malloc_trim(0); /* the YANG context of the configuration is gone */
	return 0;
}

static void stop(struct erm_daemon *d)
{
	erm_daemon_free_sources(d);
	if (d->model && d->writer) {
		(void)erm_daemon_take_health(d);
		erm_daemon_save_now(d);
	}
	erm_daemon_free_publishers(d);
	d->writer = erm_state_writer_free(d->writer);
	erm_undelivered_done(&d->undelivered);
	d->snapshot = erm_snapshot_unref(d->snapshot);
	d->model = erm_model_free(d->model);
	d->config = erm_config_unref(d->config);
	d->save = sd_event_source_disable_unref(d->save);
	d->beat = sd_event_source_disable_unref(d->beat);
	d->deadline = sd_event_source_disable_unref(d->deadline);
	d->post = sd_event_source_disable_unref(d->post);
	d->event = sd_event_unref(d->event);
	(void)pthread_mutex_destroy(&d->health_lock);
}

int erm_daemon_run(const struct erm_daemon_options *options)
{
	struct erm_daemon d = { .options = *options, .is_alive = true };
	int r = 0;

	if (gethostname(d.host_name, sizeof(d.host_name) - 1) < 0)
		(void)strcpy(d.host_name, "localhost");
	if (erm_daemon_load(&d, &d.config) < 0)
		return EX_CONFIG;
	(void)pthread_mutex_init(&d.health_lock, NULL);
	r = start(&d);
	if (r >= 0) {
		erm_log_info("watching %u circuits with %u sessions", d.config->n_circuits,
			     d.config->n_sessions);
		(void)sd_notify(0, "READY=1");
		erm_daemon_notify_status(&d);
		r = sd_event_loop(d.event);
		(void)sd_notify(0, "STOPPING=1");
	}
	if (r < 0)
		erm_log_error("stopped: %s", strerrordesc_np(-r));
	stop(&d);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
