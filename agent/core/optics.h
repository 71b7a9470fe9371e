/*
 * Judges the light one interface receives: out of range, lost, or falling so that it
 * soon will be.  Pure; the caller brings the time and keeps the struct, all zero at
 * first.
 */
#ifndef ERM_CORE_OPTICS_H
#define ERM_CORE_OPTICS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"

#define ERM_LIGHT_HOURS           168U /* the trend looks so far back */
#define ERM_LIGHT_HOURS_MIN       24U  /* and says nothing on less */
#define ERM_LIGHT_HYSTERESIS_CDBM 100
/*
 * A fall of less than this over all hours seen is no trend: a reading follows the
 * module's temperature by as much from day to night.
 */
#define ERM_LIGHT_FALL_CDBM 50
/* More than this from one hour to the next is a hand at the fibre, not ageing. */
#define ERM_LIGHT_STEP_CDBM 200

enum erm_light_reason {
	ERM_LIGHT_FINE,
	ERM_LIGHT_LOST, /* the module says: no signal */
	ERM_LIGHT_LOW,
	ERM_LIGHT_HIGH,
	ERM_LIGHT_FALLING,
};

struct erm_light {
	bool is_out;
	enum erm_light_reason reason;        /* FINE unless is_out; the gravest one */
	uint32_t lane;                       /* of LOST, LOW and HIGH: which, from 0 */
	uint32_t hours[ERM_LIGHT_HOURS];     /* a ring; hours of the monotonic clock */
	int16_t means_cdbm[ERM_LIGHT_HOURS]; /* the worst lane's received power in that hour */
	uint32_t first, n_hours;
	uint32_t hour; /* the one being averaged */
	int64_t sum_cdbm;
	uint32_t n_sum;
	char module_text[ERM_TEXT_MAX]; /* whose light it is */
};

/*
 * Adds a reading to the trend.  Darkness, a lost signal and an unread module are no
 * part of a trend; another module, no module and a step begin it anew.
 */
void erm_light_note(struct erm_light *light, const struct erm_obs_optics *optics, usec_t now_mono);

/*
 * The received light is out of what the port (0.01 dBm, ERM_NO_POWER = no limit) or the
 * module's own warnings and alarms allow, on any lane; or a lane has no signal; or the
 * trend has it below the low limit within `days` (0 = do not ask the trend).  Once out
 * it must be 1 dB inside to be in again, a quarter of the range where that is narrow.
 * What is not known changes nothing; no light to speak of is not out.
 */
bool erm_light_is_out(struct erm_light *light, const struct erm_obs_optics *optics,
		      int16_t low_cdbm, int16_t high_cdbm, uint32_t days);

/* The trend in 0.01 dB a day, least squares over the hours seen; 0 = too few of them. */
int16_t erm_light_slope(const struct erm_light *light);

/* "low", "high", "no signal", "falling"; "" for FINE. */
const char *erm_light_reason_text(enum erm_light_reason reason);

#endif
