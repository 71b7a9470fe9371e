/*
 * Notifications on their way: kept until the SNMP publisher says they arrived, so
 * that the state file can hand them to the next start.  Bounded: the oldest is
 * dropped and counted.  Main thread.
 */
#ifndef ERM_UNDELIVERED_H
#define ERM_UNDELIVERED_H

#include <stdint.h>

#include "core/event.h"
#include "core/persist.h"

#define ERM_UNDELIVERED_MAX 16384

struct erm_undelivered {
	struct erm_event **ring; /* grows up to ERM_UNDELIVERED_MAX */
	uint32_t size, first, n;
	uint64_t dropped;
};

/* Takes a reference.  Heartbeats are not kept.  0 or -ENOMEM. */
int erm_undelivered_add(struct erm_undelivered *u, struct erm_event *event);

/* Forgets what is delivered: all up to and including this sequence number (it may have wrapped). */
void erm_undelivered_ack(struct erm_undelivered *u, uint32_t sequence);

/* Adds a reference to each, oldest first, to persist.  0 or -ENOMEM. */
int erm_undelivered_export(const struct erm_undelivered *u, struct erm_persist *persist);

void erm_undelivered_done(struct erm_undelivered *u);

#endif
