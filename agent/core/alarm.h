/*
 * One alarm of one resource: the hold machine.  Decides when a condition has
 * lasted long enough to be raised, and been gone long enough to be cleared.  What
 * is notified, and what covers what, is rollup.c's.  Pure.
 */
#ifndef ERM_CORE_ALARM_H
#define ERM_CORE_ALARM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "core/event.h"
#include "core/shelf.h"
#include "core/types.h"
#include "core/verdict.h"

enum erm_alarm_phase {
	ERM_PHASE_IDLE,
	ERM_PHASE_RAISING, /* true, the raise hold runs */
	ERM_PHASE_ACTIVE,
	ERM_PHASE_CLEARING, /* false, the clear hold runs */
};

enum erm_alarm_change { ERM_ALARM_UNCHANGED, ERM_ALARM_RAISED, ERM_ALARM_CLEARED };

/* How it is called and what was said of it when it was last true, and what that was made from. */
struct erm_alarm_words {
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t usable, unknown;
	char key[ERM_KEY_MAX];
	char circuit[ERM_NAME_MAX];
	char resource[ERM_RESOURCE_MAX];
	char text[ERM_EVENT_TEXT_MAX];
};

struct erm_alarm { /* what every commit looks at comes first */
	enum erm_alarm_type type;
	enum erm_resource_kind kind;
	uint32_t position; /* of the resource in its config array */
	enum erm_alarm_phase phase;
	enum erm_truth truth;
	enum erm_alarm_change change; /* of this commit */
	usec_t phase_since;           /* monotonic */
	bool is_held;                 /* damping keeps it from being cleared */
	bool is_no_cover;             /* never told and no longer true; of this commit */
	bool is_suppressed;           /* waits for min-interval to pass */
	bool is_muted;                /* its raise was due, and a shelf held it back */
	enum erm_severity severity;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t id, sequence; /* sequence 0: not notified */
	uint32_t impacted;
	uint32_t suppressed; /* raises of this key not notified because of min-interval */
	struct erm_time raised;
	struct erm_time notified;      /* last raise notification of this key; mono 0 = never */
	usec_t reminder_at;            /* monotonic */
	struct erm_alarm *parent;      /* covers this one; of this commit */
	struct erm_alarm_words *words; /* owned; NULL = not yet */
	struct erm_operator *op;       /* owned; NULL = nobody has said anything */
	uint32_t shelf;                /* from 1 into the model's shelves, 0 = on none */
	uint32_t shelves_seen;         /* the state of the shelves that `shelf' is of */
};

/*
 * Takes the truth at now.  Unknown proves nothing: it neither raises nor clears.
 * is_held keeps a raised alarm raised (damping) and never delays a raise.
 */
enum erm_alarm_change erm_alarm_step(struct erm_alarm *alarm, enum erm_truth truth,
				     const struct erm_hold *hold, bool is_held, usec_t now);

/* When the running hold ends; ERM_USEC_INFINITY when none runs, or damping has stopped it. */
usec_t erm_alarm_deadline(const struct erm_alarm *alarm, const struct erm_hold *hold);

#endif
