#include "core/flap.h"

#include <math.h>

static double half_lives(usec_t span, const struct erm_agent_config *c)
{
	return (double)span / (double)c->flap_half_life_usec;
}

void erm_flap_decay(struct erm_flap *flap, const struct erm_agent_config *c, usec_t now)
{
	if (flap->penalty > 0)
		flap->penalty *= exp2(-half_lives(erm_usec_sub(now, flap->at), c));
	flap->at = now;
	if (flap->penalty < 1)
		flap->penalty = 0;
	if (flap->penalty < c->flap_reuse)
		flap->is_flapping = false;
}

void erm_flap_note(struct erm_flap *flap, const struct erm_agent_config *c, uint32_t count,
		   usec_t now)
{
	double ceiling = c->flap_reuse * exp2(half_lives(c->flap_max_suppress_usec, c));

	erm_flap_decay(flap, c, now);
	flap->penalty = fmin(flap->penalty + ERM_FLAP_PENALTY * count, ceiling);
	if (flap->penalty >= c->flap_suppress)
		flap->is_flapping = true;
}

usec_t erm_flap_deadline(const struct erm_flap *flap, const struct erm_agent_config *c)
{
	double span = 0;

	if (!flap->is_flapping)
		return ERM_USEC_INFINITY;
	/* A millisecond more, so that rounding cannot leave the penalty just above the limit. */
	span = log2(flap->penalty / c->flap_reuse) * (double)c->flap_half_life_usec;
	return erm_usec_add(flap->at, (usec_t)fmax(span, 0) + ERM_USEC_PER_MSEC);
}
