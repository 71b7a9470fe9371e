/*
 * When bgpd is asked.  Polls come at their period, hints at once but not without end, and
 * what can wait comes in between as long as bgpd is not worked more than a share of its
 * time.  Pure: handed the time, knows nothing of what is asked.
 */
#ifndef ERM_SOURCES_FRR_PACE_H
#define ERM_SOURCES_FRR_PACE_H

#include <stdbool.h>

#include "base/usec.h"

/*
 * Of bgpd's time polls may take 1/128.  What can wait may take what polls leave of 1/512:
 * it never ends, while a poll has its period.  A reply is counted from its question to its
 * last byte, which is more than bgpd worked for it.
 */
#define ERM_FRR_SHARE       128
#define ERM_FRR_SPARE_SHARE 512
/* Hinted reads: so many at once, 20 a second in the long run. */
#define ERM_FRR_HINT_BURST 8
#define ERM_FRR_HINT_USEC  (50 * ERM_USEC_PER_MSEC)

enum erm_frr_turn {
	ERM_FRR_TURN_NONE,  /* nothing is due */
	ERM_FRR_TURN_CYCLE, /* look at all of it */
	ERM_FRR_TURN_SPARE, /* nothing is due, and bgpd has time for what can wait */
};

struct erm_frr_pace {
	usec_t poll_usec;
	usec_t stretch_usec;     /* a period is stretched to no more than this */
	usec_t poll_at, look_at; /* ERM_USEC_INFINITY: not wanted */
	unsigned int n_followed; /* how often the last hint was followed up */
	usec_t hints_full_at;    /* the bucket of hints is full again */
	usec_t cost;             /* of a cycle, nearer to the least than to the mean */
	usec_t began_at;         /* the period under way */
	usec_t spent;            /* in it */
	bool is_spare_used;
};

/* For a configuration; no poll and no look is wanted afterwards, as after _stop(). */
void erm_frr_pace_set(struct erm_frr_pace *pace, usec_t poll_usec, usec_t stale_after_usec);
void erm_frr_pace_stop(struct erm_frr_pace *pace);

/* A cycle as soon as there is time for it. */
void erm_frr_pace_want(struct erm_frr_pace *pace);

/* Something moved: a cycle that begins after now, and some more soon after. */
void erm_frr_pace_hint(struct erm_frr_pace *pace, usec_t now);

/*
 * One neighbour is to be asked for at once.  True: it may be, and a cycle follows soon.
 * False: too many hints have come; it is a hint like the others.
 */
bool erm_frr_pace_spot(struct erm_frr_pace *pace, usec_t now);

/* A state has changed that no hint has told of: a cycle soon, if none is queued. */
void erm_frr_pace_follow(struct erm_frr_pace *pace, usec_t now);

/* What is to be done now.  CYCLE has begun then. */
enum erm_frr_turn erm_frr_pace_turn(struct erm_frr_pace *pace, usec_t now);

/* A reply came that took so long. */
void erm_frr_pace_spend(struct erm_frr_pace *pace, usec_t took);

/*
 * The cycle that began at `began` is over.  cost: what one like it costs bgpd, 0 = this
 * one was not like the others.
 */
void erm_frr_pace_end(struct erm_frr_pace *pace, usec_t began, usec_t now, usec_t cost,
		      bool is_changed);

/* When the next is due; ERM_USEC_INFINITY: nothing is. */
usec_t erm_frr_pace_next(const struct erm_frr_pace *pace);

#endif
