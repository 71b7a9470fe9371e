#include "core/event.h"

#include <stdlib.h>
#include <string.h>

struct erm_event *erm_event_new(const struct erm_event *fields)
{
	struct erm_event *event = malloc(sizeof(*event));

	if (!event)
		return NULL;
	*event = *fields;
	event->n_ref = 1;
	return event;
}

struct erm_event *erm_event_ref(struct erm_event *event)
{
	(void)__atomic_add_fetch(&event->n_ref, 1, __ATOMIC_RELAXED);
	return event;
}

struct erm_event *erm_event_unref(struct erm_event *event)
{
	if (event && __atomic_sub_fetch(&event->n_ref, 1, __ATOMIC_ACQ_REL) == 0)
		free(event);
	return NULL;
}
