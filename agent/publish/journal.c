/*
 * Events into the journal, or, where stderr is something else, one plain line each.
 * A journald that stops reading blocks its writers, so a thread writes; the queue is
 * bounded, and what did not fit is counted and said.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION /* a line number here tells nobody anything */

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "publish/journal_entry.h"
#include "publish/publisher.h"

#define QUEUE_MAX      16384
#define FREE_WAIT_USEC (800 * ERM_USEC_PER_MSEC)

struct erm_publisher {
	struct erm_publisher
		*self; /* for health(): a lock is taken by a pointer that is not const */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct erm_event *queue[QUEUE_MAX]; /* a ring */
	uint32_t first, n_queued;
	uint32_t last_written; /* sequence */
	uint64_t delivered, dropped;
	uint64_t n_unsaid; /* dropped, and not logged yet */
	int error;         /* of the last write */
	bool is_stopping, is_done, is_abandoned;
};

static void destroy(struct erm_publisher *pub)
{
	for (; pub->n_queued > 0; pub->n_queued--) {
		erm_event_unref(pub->queue[pub->first]);
		pub->first = (pub->first + 1) % QUEUE_MAX;
	}
	(void)pthread_cond_destroy(&pub->changed);
	(void)pthread_mutex_destroy(&pub->lock);
	free(pub);
}

static int write_event(const struct erm_event *event)
{
	struct erm_journal_entry entry;

	erm_journal_entry_format(event, &entry);
	if (erm_log_is_journal())
		return sd_journal_sendv(entry.fields, (int)entry.n_fields);
	erm_log(entry.priority, "%s [%s %s, seq %" PRIu32 "]", event->text,
		erm_severity_name(event->severity), event->key, event->sequence);
	return 0;
}

/* An error is said when it begins, by a line that may go where the entries cannot. */
static void report(int before, int now, uint64_t n_lost)
{
	if (now < 0 && before == 0)
		erm_log_warning("Journal: cannot write an event: %s", strerror(-now));
	if (n_lost > 0)
		erm_log_warning("Journal: %" PRIu64 " events were not written, it was too slow",
				n_lost);
}

static void *run(void *userdata)
{
	struct erm_publisher *pub = userdata;
	bool is_abandoned;

	(void)pthread_mutex_lock(&pub->lock);
	while (pub->n_queued > 0 || !pub->is_stopping) {
		struct erm_event *event = pub->queue[pub->first];
		uint64_t n_lost = pub->n_unsaid;
		int before = pub->error;
		int r;

		if (pub->n_queued == 0) {
			(void)pthread_cond_wait(&pub->changed, &pub->lock);
			continue;
		}
		pub->first = (pub->first + 1) % QUEUE_MAX;
		pub->n_queued--;
		pub->n_unsaid = 0;
		(void)pthread_mutex_unlock(&pub->lock);
		r = write_event(event);
		report(before, r, n_lost);
		(void)pthread_mutex_lock(&pub->lock);
		pub->error = r;
		pub->delivered += r >= 0;
		pub->dropped += r < 0;
		pub->last_written = event->sequence;
		erm_event_unref(event);
	}
	pub->is_done = true;
	is_abandoned = pub->is_abandoned;
	(void)pthread_cond_broadcast(&pub->changed);
	(void)pthread_mutex_unlock(&pub->lock);
	if (is_abandoned) {
		(void)pthread_detach(pthread_self());
		destroy(pub);
	}
	return NULL;
}

static int journal_start(const struct erm_publisher_env *env, struct erm_publisher **ret)
{
	struct erm_publisher *pub = calloc(1, sizeof(*pub));
	pthread_condattr_t attr;
	int r;

	(void)env;
	if (!pub)
		return -ENOMEM;
	pub->self = pub;
	(void)pthread_mutex_init(&pub->lock, NULL);
	(void)pthread_condattr_init(&attr);
	(void)pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&pub->changed, &attr);
	(void)pthread_condattr_destroy(&attr);
	r = erm_thread_start(&pub->thread, run, pub, 0);
	if (r < 0) {
		destroy(pub);
		return r;
	}
	*ret = pub;
	return 0;
}

static void journal_publish(struct erm_publisher *pub, struct erm_snapshot *snapshot,
			    struct erm_event *const *events, uint32_t n)
{
	(void)snapshot;
	if (n == 0)
		return;
	(void)pthread_mutex_lock(&pub->lock);
	for (uint32_t i = 0; i < n; i++) {
		if (pub->n_queued == QUEUE_MAX) {
			pub->dropped++;
			pub->n_unsaid++;
			continue;
		}
		pub->queue[(pub->first + pub->n_queued++) % QUEUE_MAX] = erm_event_ref(events[i]);
	}
	(void)pthread_cond_broadcast(&pub->changed);
	(void)pthread_mutex_unlock(&pub->lock);
}

static void journal_health(const struct erm_publisher *pub, struct erm_publisher_health *ret)
{
	(void)pthread_mutex_lock(&pub->self->lock);
	*ret = (struct erm_publisher_health){
		.is_alive = true,
		.is_connected = pub->error >= 0,
		.queued = pub->n_queued,
		.acked_sequence = pub->last_written,
		.delivered = pub->delivered,
		.dropped = pub->dropped,
	};
	(void)snprintf(ret->text, sizeof(ret->text), "%s%s",
		       erm_log_is_journal() ? "journal" : "standard error",
		       pub->error < 0 ? ", failing" : "");
	(void)pthread_mutex_unlock(&pub->self->lock);
}

static void journal_free(struct erm_publisher *pub)
{
	struct timespec deadline = { 0 };
	bool is_done;
	int r = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_nsec += (long)(FREE_WAIT_USEC * 1000);
	deadline.tv_sec += deadline.tv_nsec / 1000000000;
	deadline.tv_nsec %= 1000000000;
	(void)pthread_mutex_lock(&pub->lock);
	pub->is_stopping = true;
	(void)pthread_cond_broadcast(&pub->changed);
	while (!pub->is_done && r != ETIMEDOUT)
		r = pthread_cond_timedwait(&pub->changed, &pub->lock, &deadline);
	is_done = pub->is_done;
	pub->is_abandoned = !is_done;
	(void)pthread_mutex_unlock(&pub->lock);
	if (is_done) {
		(void)pthread_join(pub->thread, NULL);
		destroy(pub);
	}
}

const struct erm_publisher_ops erm_publisher_journal_ops = {
	.name = "journal",
	.start = journal_start,
	.publish = journal_publish,
	.health = journal_health,
	.free = journal_free,
};
