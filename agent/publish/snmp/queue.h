/*
 * The notifications on their way to the master agent: ordered, bounded; an event
 * leaves when it is acknowledged.  Pure bookkeeping: the caller locks, sends and
 * tells what became of it.  Positions count from 0 and never come back.
 */
#ifndef ERM_PUBLISH_SNMP_QUEUE_H
#define ERM_PUBLISH_SNMP_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/event.h"

#define ERM_SNMP_QUEUE_MAX 16384 /* a power of two; the oldest is dropped beyond */
#define ERM_SNMP_WINDOW    16    /* sent and not acknowledged; 500 dead-lock both processes */

struct erm_snmp_queue {
	struct erm_event *events[ERM_SNMP_QUEUE_MAX];
	uint64_t first;      /* oldest not acknowledged */
	uint64_t next;       /* the next to send: first <= next <= end */
	uint64_t end;        /* one past the newest */
	uint64_t sent_end;   /* one past the newest ever sent: below it a sending is a repetition */
	uint32_t acked_mask; /* bit i: first + i is acknowledged, though first is not */
	uint32_t window;     /* 1 after a failure, until the first acknowledgement */
	uint32_t acked_sequence;
	uint64_t delivered, resent, dropped, rejected;
};

void erm_snmp_queue_init(struct erm_snmp_queue *queue);
/* Drops all references. */
void erm_snmp_queue_done(struct erm_snmp_queue *queue);

/* Takes a reference.  A full queue loses its oldest event. */
void erm_snmp_queue_push(struct erm_snmp_queue *queue, struct erm_event *event);

/* The next event to send now, as a new reference, and its position; NULL when the window is full or all are sent. */
struct erm_event *erm_snmp_queue_take(struct erm_snmp_queue *queue, uint64_t *ret_position);

/* The answer for a position: delivered, or never acceptable.  Positions already gone are ignored. */
void erm_snmp_queue_ack(struct erm_snmp_queue *queue, uint64_t position);
void erm_snmp_queue_reject(struct erm_snmp_queue *queue, uint64_t position);

/* What is not acknowledged is to be sent again, from the oldest, one by one until the first answer. */
void erm_snmp_queue_rewind(struct erm_snmp_queue *queue);

static inline uint32_t erm_snmp_queue_length(const struct erm_snmp_queue *queue)
{
	return (uint32_t)(queue->end - queue->first);
}

static inline bool erm_snmp_queue_is_unsent(const struct erm_snmp_queue *queue)
{
	return queue->next < queue->end;
}

#endif
