/*
 * Flap damping by an exponentially decaying penalty (the idea of RFC 2439, used
 * here only to hold alarms raised, never to hide a loss).  Pure.
 */
#ifndef ERM_CORE_FLAP_H
#define ERM_CORE_FLAP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"

#define ERM_FLAP_PENALTY 1000.0

struct erm_flap {
	double penalty; /* at `at` */
	usec_t at;      /* monotonic */
	bool is_flapping;
};

/* count flaps happened at now. */
void erm_flap_note(struct erm_flap *flap, const struct erm_agent_config *config, uint32_t count,
		   usec_t now);

/* Lets time pass: is_flapping ends when the penalty has decayed below flap_reuse. */
void erm_flap_decay(struct erm_flap *flap, const struct erm_agent_config *config, usec_t now);

/* When is_flapping will end if nothing more happens; ERM_USEC_INFINITY when it is not flapping. */
usec_t erm_flap_deadline(const struct erm_flap *flap, const struct erm_agent_config *config);

#endif
