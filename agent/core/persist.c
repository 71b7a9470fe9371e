#include "core/persist.h"

#include <stdlib.h>
#include <string.h>

void erm_persist_done(struct erm_persist *persist)
{
	for (uint32_t i = 0; i < persist->n_undelivered; i++)
		erm_event_unref(persist->undelivered[i]);
	for (uint32_t i = 0; i < persist->n_owed; i++)
		erm_event_unref(persist->owed[i]);
	free((void *)persist->undelivered);
	free((void *)persist->owed);
	free(persist->shelves);
	free(persist->alarms);
	free(persist->members);
	free(persist->indexes);
	memset(persist, 0, sizeof(*persist));
}
