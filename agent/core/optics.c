#include "core/optics.h"

#include <math.h>
#include <string.h>

#define HOUR (3600 * ERM_USEC_PER_SEC)

struct line { /* cdbm = end_cdbm + slope_cdbm * days from the newest hour */
	bool is_valid;
	double slope_cdbm, end_cdbm;
	double span_days;
};

struct range {
	int32_t low_cdbm, high_cdbm;
};

static bool is_power(int16_t cdbm)
{
	return cdbm != ERM_NO_POWER;
}

static void forget(struct erm_light *light)
{
	light->first = 0;
	light->n_hours = 0;
	light->sum_cdbm = 0;
	light->n_sum = 0;
}

static uint32_t lanes_of(const struct erm_obs_optics *optics)
{
	return optics->n_lanes < ERM_OPTICS_LANES_MAX ? optics->n_lanes : ERM_OPTICS_LANES_MAX;
}

/* ERM_NO_POWER where a lane is dark or lost, or none is told. */
static int16_t worst_lane(const struct erm_obs_optics *optics)
{
	int16_t worst = ERM_NO_POWER;

	for (uint32_t i = 0; i < lanes_of(optics); i++) {
		const struct erm_optics_lane *lane = &optics->lanes[i];

		if (lane->is_los || (is_power(lane->rx_cdbm) && lane->rx_cdbm <= ERM_DARK_CDBM))
			return ERM_NO_POWER;
		if (is_power(lane->rx_cdbm) && (!is_power(worst) || lane->rx_cdbm < worst))
			worst = lane->rx_cdbm;
	}
	return worst;
}

static uint32_t slot_of(const struct erm_light *light, uint32_t nth)
{
	return (light->first + nth) % ERM_LIGHT_HOURS;
}

static void end_hour(struct erm_light *light)
{
	int16_t mean = (int16_t)lround((double)light->sum_cdbm / light->n_sum);
	uint32_t slot;

	if (light->n_hours > 0) {
		int32_t step = mean - light->means_cdbm[slot_of(light, light->n_hours - 1)];

		if (step > ERM_LIGHT_STEP_CDBM || step < -ERM_LIGHT_STEP_CDBM)
			forget(light);
	}
	if (light->n_hours == ERM_LIGHT_HOURS) {
		light->first = slot_of(light, 1);
		light->n_hours--;
	}
	slot = slot_of(light, light->n_hours++);
	light->hours[slot] = light->hour;
	light->means_cdbm[slot] = mean;
	light->sum_cdbm = 0;
	light->n_sum = 0;
}

void erm_light_note(struct erm_light *light, const struct erm_obs_optics *optics, usec_t now_mono)
{
	uint32_t hour = (uint32_t)(now_mono / HOUR);
	int16_t worst;

	if (!optics->is_known)
		return;
	if (!optics->has_light || strcmp(optics->module_text, light->module_text) != 0) {
		forget(light);
		memcpy(light->module_text, optics->module_text, sizeof(light->module_text));
	}
	if (!optics->has_light)
		return;
	worst = worst_lane(optics);
	if (!is_power(worst))
		return;
	if (light->n_sum > 0 && light->hour != hour)
		end_hour(light);
	light->hour = hour;
	light->sum_cdbm += worst;
	light->n_sum++;
}

static struct line fit(const struct erm_light *light)
{
	double n = 0;
	double sum_x = 0;
	double sum_y = 0;
	double sum_xx = 0;
	double sum_xy = 0;
	double first_x = 0;
	struct line line = { 0 };
	double divisor;

	for (uint32_t i = 0; i < light->n_hours; i++) {
		uint32_t newest = light->hours[slot_of(light, light->n_hours - 1)];
		uint32_t age = newest - light->hours[slot_of(light, i)];
		double x = -(double)age / 24;
		double y = light->means_cdbm[slot_of(light, i)];

		if (age >= ERM_LIGHT_HOURS)
			continue;
		first_x = fmin(first_x, x);
		n++;
		sum_x += x;
		sum_y += y;
		sum_xx += x * x;
		sum_xy += x * y;
	}
	if (n < ERM_LIGHT_HOURS_MIN)
		return line;
	divisor = n * sum_xx - sum_x * sum_x; /* above 0: the hours differ */
	line.is_valid = true;
	line.slope_cdbm = (n * sum_xy - sum_x * sum_y) / divisor;
	line.end_cdbm = (sum_y - line.slope_cdbm * sum_x) / n;
	line.span_days = -first_x;
	return line;
}

int16_t erm_light_slope(const struct erm_light *light)
{
	struct line line = fit(light);

	return (int16_t)lround(fmax(fmin(line.slope_cdbm, INT16_MAX), -INT16_MAX));
}

static void narrow(struct range *range, int16_t low_cdbm, int16_t high_cdbm)
{
	/* Upside down they were never set in earnest. */
	if (is_power(low_cdbm) && is_power(high_cdbm) && low_cdbm >= high_cdbm)
		return;
	if (is_power(low_cdbm) && low_cdbm > range->low_cdbm)
		range->low_cdbm = low_cdbm;
	if (is_power(high_cdbm) && high_cdbm < range->high_cdbm)
		range->high_cdbm = high_cdbm;
}

/* While it is out the range is narrower by the hysteresis. */
static struct range allowed(const struct erm_light *light, const struct erm_obs_optics *optics,
			    int16_t low_cdbm, int16_t high_cdbm)
{
	const struct erm_optics_limits *rx = &optics->rx;
	struct range range = { .low_cdbm = INT16_MIN, .high_cdbm = INT16_MAX };
	int32_t inside = ERM_LIGHT_HYSTERESIS_CDBM;

	narrow(&range, low_cdbm, high_cdbm);
	narrow(&range, rx->low_alarm, rx->high_alarm);
	narrow(&range, rx->low_warning, rx->high_warning);
	if (!light->is_out)
		return range;
	if (range.high_cdbm - range.low_cdbm < 4 * inside)
		inside = (range.high_cdbm - range.low_cdbm) / 4;
	if (range.low_cdbm > INT16_MIN)
		range.low_cdbm += inside;
	if (range.high_cdbm < INT16_MAX)
		range.high_cdbm -= inside;
	return range;
}

static enum erm_light_reason judge_lane(const struct erm_optics_lane *lane,
					const struct range *range)
{
	if (lane->is_los)
		return ERM_LIGHT_LOST;
	if (!is_power(lane->rx_cdbm))
		return ERM_LIGHT_FINE;
	if (lane->rx_cdbm < range->low_cdbm)
		return ERM_LIGHT_LOW;
	if (lane->rx_cdbm > range->high_cdbm)
		return ERM_LIGHT_HIGH;
	return ERM_LIGHT_FINE;
}

static bool will_be_low(const struct erm_light *light, const struct range *range, uint32_t days)
{
	double least = light->is_out ? ERM_LIGHT_FALL_CDBM / 2 : ERM_LIGHT_FALL_CDBM;
	struct line line = fit(light);

	if (!line.is_valid || days == 0 || range->low_cdbm == INT16_MIN)
		return false;
	if (-line.slope_cdbm * line.span_days < least)
		return false;
	return line.end_cdbm + line.slope_cdbm * days < range->low_cdbm;
}

bool erm_light_is_out(struct erm_light *light, const struct erm_obs_optics *optics,
		      int16_t low_cdbm, int16_t high_cdbm, uint32_t days)
{
	enum erm_light_reason reason = ERM_LIGHT_FINE;
	struct range range;

	if (!optics->is_known)
		return light->is_out;
	range = allowed(light, optics, low_cdbm, high_cdbm);
	for (uint32_t i = 0; optics->has_light && i < lanes_of(optics); i++) {
		enum erm_light_reason lane = judge_lane(&optics->lanes[i], &range);

		/* The smaller value is the graver one. */
		if (lane != ERM_LIGHT_FINE && (reason == ERM_LIGHT_FINE || lane < reason)) {
			reason = lane;
			light->lane = i;
		}
	}
	if (reason == ERM_LIGHT_FINE && optics->has_light && will_be_low(light, &range, days))
		reason = ERM_LIGHT_FALLING;
	light->reason = reason;
	light->is_out = reason != ERM_LIGHT_FINE;
	return light->is_out;
}

const char *erm_light_reason_text(enum erm_light_reason reason)
{
	switch (reason) {
	case ERM_LIGHT_FINE:
		break;
	case ERM_LIGHT_LOST:
		return "no signal";
	case ERM_LIGHT_LOW:
		return "low";
	case ERM_LIGHT_HIGH:
		return "high";
	case ERM_LIGHT_FALLING:
		return "falling";
	}
	return "";
}
