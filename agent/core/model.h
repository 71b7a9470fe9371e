/*
 * The model: observations in, snapshots and events out.  Pure: no fd, no clock,
 * no log; time is always an argument and never runs backwards (an earlier `now` is
 * taken as the latest seen).  One thread.  All functions return 0 or a negative
 * errno (-ENOMEM, -EINVAL for an observation about an object that does not exist);
 * an observation that fails changes nothing.
 */
#ifndef ERM_CORE_MODEL_H
#define ERM_CORE_MODEL_H

#include <stdbool.h>

#include "core/config.h"
#include "core/event.h"
#include "core/obs.h"
#include "core/persist.h"
#include "core/shelf.h"
#include "core/snapshot.h"

struct erm_model;

/* Events of one commit, in order; sequence numbers are consecutive. */
struct erm_events {
	struct erm_event **events; /* a reference each */
	uint32_t n;
};
void erm_events_done(struct erm_events *events);

/* persist may be NULL (first start ever).  The model takes a reference to config. */
int erm_model_new(struct erm_config *config, const struct erm_persist *persist, struct erm_time now,
		  struct erm_model **ret);
struct erm_model *erm_model_free(struct erm_model *model);

/* Reload: objects are matched by name; what did not change keeps state, counters, indexes and alarms. */
int erm_model_reconfigure(struct erm_model *model, struct erm_config *config, struct erm_time now);

int erm_model_apply(struct erm_model *model, const struct erm_obs *obs);

/* True when a commit would give something new. */
bool erm_model_is_dirty(const struct erm_model *model);

/* How many sessions are in dispute (core/resolve.h); *ret_session is one of them, if any is. */
uint32_t erm_model_count_disputes(const struct erm_model *model, uint32_t *ret_session);

/* Every session has a router that tells of it unasked (BMP), and is heard. */
bool erm_model_is_told_unasked(const struct erm_model *model);

/* CLOCK_MONOTONIC at which a hold, an age or a reminder wants a commit; ERM_USEC_INFINITY = never. */
usec_t erm_model_next_deadline(const struct erm_model *model);

/* Judges everything at `now`.  ret_snapshot gets a new reference; ret_events what happened. */
int erm_model_commit(struct erm_model *model, struct erm_time now,
		     struct erm_snapshot **ret_snapshot, struct erm_events *ret_events);

/*
 * What an operator says of a raised alarm; it holds until the alarm is cleared.  Of
 * op the state, who and text are taken.  -ENOENT: no alarm of this key is raised.
 */
int erm_model_set_operator(struct erm_model *model, const char *key, const struct erm_operator *op,
			   struct erm_time now);

/*
 * Shelves: a raised alarm that a shelf matches is told to nobody, neither its raise
 * nor its clear nor a reminder, and is judged as ever.  When no shelf matches it any
 * more, what nobody was told is told at the next commit: first the clear of a raise
 * that had been told, then the raise of what is still true, each once.  A raise that
 * had been told and still holds is not told again.
 *
 * Adds a shelf, or changes that of the same name; index and since are set here.
 * ret_n (may be NULL): raised alarms on it.  -ENOSPC: ERM_SHELVES_MAX are there;
 * -EINVAL: it ends in the past.
 */
int erm_model_shelve(struct erm_model *model, const struct erm_shelf *shelf, struct erm_time now,
		     uint32_t *ret_n);
/* Takes a shelf away.  -ENOENT: there is none of this name. */
int erm_model_unshelve(struct erm_model *model, const char *name, struct erm_time now,
		       uint32_t *ret_n);

/* Queues the agent-started event for the next commit. */
void erm_model_announce(struct erm_model *model);

/* Everything that must survive a restart.  ret_persist is owned by the caller (erm_persist_done). */
int erm_model_export(const struct erm_model *model, struct erm_persist *ret_persist);

#endif
