/*
 * Events into the journal, or, where stderr is something else, one plain line each.
 * A journald that stops reading blocks its writers, so a thread writes; the queue is
 * bounded, and what did not fit is counted and said.
 */
#define SD_JOURNAL_SUPPRESS_LOCATION /* a line number here tells nobody anything */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "base/thread.h"
#include "publish/journal_entry.h"
#include "publish/publisher.h"

#define QUEUE_MAX      16384
#define FREE_WAIT_USEC (800 * ERM_USEC_PER_MSEC)

/* Shared with the thread, which a stuck journald may keep longer than its owner lives. */
struct work {
	struct erm_event *queue[QUEUE_MAX]; /* a ring */
	uint32_t first, n_queued;
	uint32_t last_written; /* sequence */
	uint64_t delivered, dropped;
	uint64_t n_unsaid; /* dropped, and not logged yet */
	int error;         /* of the last write */
};

struct erm_publisher {
	struct erm_worker *worker;
	struct work *work;
};

static void destroy(void *userdata)
{
	struct work *w = userdata;

	for (; w->n_queued > 0; w->n_queued--) {
		erm_event_unref(w->queue[w->first]);
		w->first = (w->first + 1) % QUEUE_MAX;
	}
	free(w);
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

static void run(struct erm_worker *worker, void *userdata)
{
	struct work *w = userdata;

	erm_worker_lock(worker);
	while (w->n_queued > 0 || !erm_worker_is_ending(worker)) {
		struct erm_event *event = w->queue[w->first];
		uint64_t n_lost = w->n_unsaid;
		int before = w->error;
		int r;

		if (w->n_queued == 0) {
			(void)erm_worker_wait(worker, ERM_USEC_INFINITY);
			continue;
		}
		w->first = (w->first + 1) % QUEUE_MAX;
		w->n_queued--;
		w->n_unsaid = 0;
		erm_worker_unlock(worker);
		r = write_event(event);
		report(before, r, n_lost);
		erm_worker_lock(worker);
		w->error = r;
		w->delivered += r >= 0;
		w->dropped += r < 0;
		w->last_written = event->sequence;
		erm_event_unref(event);
	}
	erm_worker_unlock(worker);
}

static int journal_start(const struct erm_publisher_env *env, struct erm_publisher **ret)
{
	_cleanup_free_ struct erm_publisher *pub = calloc(1, sizeof(*pub));
	struct work *w = calloc(1, sizeof(*w));
	int r;

	(void)env;
	if (!pub || !w) {
		free(w);
		return -ENOMEM;
	}
	pub->work = w;
	r = erm_worker_start(run, destroy, w, &pub->worker);
	if (r < 0) {
		destroy(w);
		return r;
	}
	*ret = ERM_TAKE_PTR(pub);
	return 0;
}

static void journal_publish(struct erm_publisher *pub, struct erm_snapshot *snapshot,
			    struct erm_event *const *events, uint32_t n)
{
	struct work *w = pub->work;

	(void)snapshot;
	if (n == 0)
		return;
	erm_worker_lock(pub->worker);
	for (uint32_t i = 0; i < n; i++) {
		if (w->n_queued == QUEUE_MAX) {
			w->dropped++;
			w->n_unsaid++;
			continue;
		}
		w->queue[(w->first + w->n_queued++) % QUEUE_MAX] = erm_event_ref(events[i]);
	}
	erm_worker_wake(pub->worker);
	erm_worker_unlock(pub->worker);
}

static void journal_health(const struct erm_publisher *pub, struct erm_publisher_health *ret)
{
	const struct work *w = pub->work;

	erm_worker_lock(pub->worker);
	*ret = (struct erm_publisher_health){
		.is_alive = true,
		.is_connected = w->error >= 0,
		.queued = w->n_queued,
		.acked_sequence = w->last_written,
		.delivered = w->delivered,
		.dropped = w->dropped,
	};
	(void)snprintf(ret->text, sizeof(ret->text), "%s%s",
		       erm_log_is_journal() ? "journal" : "standard error",
		       w->error < 0 ? ", failing" : "");
	erm_worker_unlock(pub->worker);
}

static void journal_free(struct erm_publisher *pub)
{
	(void)erm_worker_end(pub->worker, FREE_WAIT_USEC);
	free(pub);
}

const struct erm_publisher_ops erm_publisher_journal_ops = {
	.name = "journal",
	.start = journal_start,
	.publish = journal_publish,
	.health = journal_health,
	.free = journal_free,
};
