#include "core/alarm.h"

static void enter(struct erm_alarm *a, enum erm_alarm_phase phase, usec_t now)
{
	a->phase = phase;
	a->phase_since = now;
}

static enum erm_alarm_change step_true(struct erm_alarm *a, usec_t raise_usec, usec_t now)
{
	if (a->phase == ERM_PHASE_CLEARING)
		enter(a, ERM_PHASE_ACTIVE, now);
	if (a->phase == ERM_PHASE_IDLE)
		enter(a, ERM_PHASE_RAISING, now);
	if (a->phase != ERM_PHASE_RAISING || erm_usec_sub(now, a->phase_since) < raise_usec)
		return ERM_ALARM_UNCHANGED;
	enter(a, ERM_PHASE_ACTIVE, now);
	return ERM_ALARM_RAISED;
}

static enum erm_alarm_change step_false(struct erm_alarm *a, usec_t clear_usec, bool is_held,
					usec_t now)
{
	if (a->phase == ERM_PHASE_RAISING)
		enter(a, ERM_PHASE_IDLE, now);
	if (a->phase == ERM_PHASE_ACTIVE)
		enter(a, ERM_PHASE_CLEARING, now);
	/* The clear hold starts when the damping ends, however seldom somebody looks. */
	if (a->is_held && !is_held)
		a->phase_since = now;
	a->is_held = is_held;
	if (a->phase != ERM_PHASE_CLEARING || is_held ||
	    erm_usec_sub(now, a->phase_since) < clear_usec)
		return ERM_ALARM_UNCHANGED;
	enter(a, ERM_PHASE_IDLE, now);
	return ERM_ALARM_CLEARED;
}

enum erm_alarm_change erm_alarm_step(struct erm_alarm *a, enum erm_truth truth,
				     const struct erm_hold *hold, bool is_held, usec_t now)
{
	a->truth = truth;
	if (truth != ERM_FALSE)
		a->is_held = false;
	switch (truth) {
	case ERM_TRUE:
		return step_true(a, hold->raise_usec, now);
	case ERM_FALSE:
		return step_false(a, hold->clear_usec, is_held, now);
	case ERM_TRUTH_UNKNOWN:
		if (a->phase == ERM_PHASE_RAISING)
			enter(a, ERM_PHASE_IDLE, now);
		if (a->phase == ERM_PHASE_CLEARING)
			enter(a, ERM_PHASE_ACTIVE, now);
		break;
	}
	return ERM_ALARM_UNCHANGED;
}

usec_t erm_alarm_deadline(const struct erm_alarm *a, const struct erm_hold *hold)
{
	switch (a->phase) {
	case ERM_PHASE_RAISING:
		return erm_usec_add(a->phase_since, hold->raise_usec);
	case ERM_PHASE_CLEARING:
		return a->is_held ? ERM_USEC_INFINITY
				  : erm_usec_add(a->phase_since, hold->clear_usec);
	case ERM_PHASE_IDLE:
	case ERM_PHASE_ACTIVE:
		break;
	}
	return ERM_USEC_INFINITY;
}
