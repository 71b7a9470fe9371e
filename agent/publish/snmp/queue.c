#include "publish/snmp/queue.h"

#include <string.h>

_Static_assert((ERM_SNMP_QUEUE_MAX & (ERM_SNMP_QUEUE_MAX - 1)) == 0, "a power of two");
_Static_assert(ERM_SNMP_WINDOW <= 32, "the mask holds the window");

void erm_snmp_queue_init(struct erm_snmp_queue *queue)
{
	(void)memset(queue, 0, sizeof(*queue));
	queue->window = ERM_SNMP_WINDOW;
}

static struct erm_event **slot(struct erm_snmp_queue *queue, uint64_t position)
{
	return &queue->events[position % ERM_SNMP_QUEUE_MAX];
}

static void remove_first(struct erm_snmp_queue *queue)
{
	struct erm_event **s = slot(queue, queue->first);

	queue->acked_sequence = (*s)->sequence;
	*s = erm_event_unref(*s);
	queue->first++;
	queue->acked_mask >>= 1;
	if (queue->next < queue->first)
		queue->next = queue->first;
}

void erm_snmp_queue_done(struct erm_snmp_queue *queue)
{
	while (queue->first < queue->end)
		remove_first(queue);
}

void erm_snmp_queue_push(struct erm_snmp_queue *queue, struct erm_event *event)
{
	if (erm_snmp_queue_length(queue) == ERM_SNMP_QUEUE_MAX) {
		remove_first(queue);
		queue->dropped++;
	}
	*slot(queue, queue->end) = erm_event_ref(event);
	queue->end++;
}

struct erm_event *erm_snmp_queue_take(struct erm_snmp_queue *queue, uint64_t *ret_position)
{
	/* After a rewind some may have been acknowledged out of order: those are not sent again. */
	while (queue->next < queue->end && queue->next - queue->first < ERM_SNMP_WINDOW &&
	       (queue->acked_mask >> (queue->next - queue->first) & 1) != 0)
		queue->next++;
	if (queue->next == queue->end || queue->next - queue->first >= queue->window)
		return NULL;
	*ret_position = queue->next++;
	if (*ret_position < queue->sent_end)
		queue->resent++;
	else
		queue->sent_end = queue->next;
	return erm_event_ref(*slot(queue, *ret_position));
}

static bool finish(struct erm_snmp_queue *queue, uint64_t position)
{
	uint64_t i = position - queue->first;

	if (position < queue->first || position >= queue->sent_end || i >= ERM_SNMP_WINDOW ||
	    (queue->acked_mask >> i & 1) != 0)
		return false;
	queue->acked_mask |= (uint32_t)1 << i;
	while ((queue->acked_mask & 1) != 0)
		remove_first(queue);
	queue->window = ERM_SNMP_WINDOW;
	return true;
}

void erm_snmp_queue_ack(struct erm_snmp_queue *queue, uint64_t position)
{
	if (finish(queue, position))
		queue->delivered++;
}

void erm_snmp_queue_reject(struct erm_snmp_queue *queue, uint64_t position)
{
	if (finish(queue, position))
		queue->rejected++;
}

void erm_snmp_queue_rewind(struct erm_snmp_queue *queue)
{
	queue->next = queue->first;
	queue->window = 1;
}
