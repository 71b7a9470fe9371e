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

const char *erm_event_state_name(const struct erm_event *event)
{
	switch (event->resource_kind) {
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_CIRCUIT:
	case ERM_RESOURCE_SERVICE:
	case ERM_RESOURCE_GROUP:
		return erm_state_name((enum erm_state)event->state);
	case ERM_RESOURCE_PORT:
	case ERM_RESOURCE_CONNECTION:
	case ERM_RESOURCE_SESSION:
		return erm_member_state_name((enum erm_member_state)event->state);
	case ERM_RESOURCE_SOURCE:
		return erm_source_state_name((enum erm_source_state)event->state);
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return NULL;
}
