#include "undelivered.h"

#include <errno.h>
#include <stdlib.h>

static struct erm_event *at(const struct erm_undelivered *u, uint32_t i)
{
	return u->ring[(u->first + i) % u->size];
}

static void drop_first(struct erm_undelivered *u)
{
	(void)erm_event_unref(at(u, 0));
	u->first = (u->first + 1) % u->size;
	u->n--;
}

static int grow(struct erm_undelivered *u)
{
	uint32_t size = u->size ? u->size * 2 : 64;
	struct erm_event **ring = calloc(size, sizeof(struct erm_event *));

	if (!ring)
		return -ENOMEM;
	for (uint32_t i = 0; i < u->n; i++)
		ring[i] = at(u, i);
	free((void *)u->ring);
	u->ring = ring;
	u->size = size;
	u->first = 0;
	return 0;
}

int erm_undelivered_add(struct erm_undelivered *u, struct erm_event *event)
{
	if (event->kind == ERM_EVENT_HEARTBEAT)
		return 0;
	if (u->n == ERM_UNDELIVERED_MAX) {
		drop_first(u);
		u->dropped++;
	} else if (u->n == u->size && grow(u) < 0) {
		return -ENOMEM;
	}
	u->ring[(u->first + u->n++) % u->size] = erm_event_ref(event);
	return 0;
}

void erm_undelivered_ack(struct erm_undelivered *u, uint32_t sequence)
{
	/* Serial numbers, RFC 1982: "not after" holds across the wrap. */
	while (sequence != 0 && u->n > 0 && (int32_t)(at(u, 0)->sequence - sequence) <= 0)
		drop_first(u);
}

int erm_undelivered_export(const struct erm_undelivered *u, struct erm_persist *persist)
{
	struct erm_event **events = calloc((size_t)u->n + 1, sizeof(struct erm_event *));

	if (!events)
		return -ENOMEM;
	for (uint32_t i = 0; i < u->n; i++)
		events[i] = erm_event_ref(at(u, i));
	persist->undelivered = events;
	persist->n_undelivered = u->n;
	return 0;
}

void erm_undelivered_done(struct erm_undelivered *u)
{
	while (u->n > 0)
		drop_first(u);
	free((void *)u->ring);
	*u = (struct erm_undelivered){ 0 };
}
