#include "core/snapshot.h"

#include <stdlib.h>

struct erm_snapshot *erm_snapshot_ref(struct erm_snapshot *snapshot)
{
	(void)__atomic_add_fetch(&snapshot->n_ref, 1, __ATOMIC_RELAXED);
	return snapshot;
}

struct erm_snapshot *erm_snapshot_unref(struct erm_snapshot *snapshot)
{
	if (!snapshot || __atomic_sub_fetch(&snapshot->n_ref, 1, __ATOMIC_ACQ_REL) != 0)
		return NULL;
	free(snapshot->sources);
	free(snapshot->ports);
	free(snapshot->circuits);
	free(snapshot->connections);
	free(snapshot->sessions);
	free(snapshot->services);
	free(snapshot->groups);
	free(snapshot->alarms);
	free(snapshot->lights);
	free(snapshot->lanes);
	free(snapshot->claims);
	free(snapshot->shelves);
	free(snapshot->operators);
	(void)erm_event_list_unref(snapshot->log);
	(void)erm_config_unref(snapshot->config);
	free(snapshot);
	return NULL;
}

struct erm_event_list *erm_event_list_ref(struct erm_event_list *list)
{
	(void)__atomic_add_fetch(&list->n_ref, 1, __ATOMIC_RELAXED);
	return list;
}

struct erm_event_list *erm_event_list_unref(struct erm_event_list *list)
{
	if (!list || __atomic_sub_fetch(&list->n_ref, 1, __ATOMIC_ACQ_REL) != 0)
		return NULL;
	for (uint32_t i = 0; i < list->n; i++)
		(void)erm_event_unref(list->events[i]);
	free(list);
	return NULL;
}

const struct erm_light_row *erm_snapshot_light(const struct erm_snapshot *snapshot, uint32_t port)
{
	uint32_t low = 0;
	uint32_t high = snapshot->n_lights;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (snapshot->lights[middle].index < port)
			low = middle + 1;
		else
			high = middle;
	}
	return low < snapshot->n_lights && snapshot->lights[low].index == port
		       ? &snapshot->lights[low]
		       : NULL;
}
