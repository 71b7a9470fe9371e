/* Alarms, shelves, events and sources as tables, for people. */
#ifndef ERM_CTL_LISTS_H
#define ERM_CTL_LISTS_H

#include <jansson.h>

#include "ctl/text.h"

/* data: the content of ermon.yang's container.  All return 0 or -ENOMEM. */
int erm_alarms_print(const struct erm_out *out, const json_t *data);
int erm_shelves_print(const struct erm_out *out, const json_t *data);
int erm_events_print(const struct erm_out *out, const json_t *data);
int erm_sources_print(const struct erm_out *out, const json_t *data);

/* One event, as one line that fits below those of erm_events_print(). */
int erm_event_print(const struct erm_out *out, const json_t *event);

#endif
