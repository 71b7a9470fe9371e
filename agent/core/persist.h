/*
 * What survives a restart, as plain values: written to and read from the state
 * file by state_file.c, understood by the model.  Owns its strings.
 */
#ifndef ERM_CORE_PERSIST_H
#define ERM_CORE_PERSIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/event.h"
#include "core/shelf.h"
#include "core/types.h"

struct erm_persist_index {           /* name -> SNMP index, never reused */
	enum erm_resource_kind kind; /* port, circuit, group, source */
	char name[ERM_RESOURCE_MAX];
	uint32_t index;
};

struct erm_persist_member { /* a leg once usable, or a group once redundant: its loss is a loss of redundancy */
	char resource[ERM_RESOURCE_MAX]; /* its name, see core/resource.h */
	enum erm_resource_kind kind;
};

struct erm_persist_alarm {
	char key[ERM_KEY_MAX];
	uint32_t id, sequence; /* sequence 0 = its raise was never notified */
	usec_t raised_real;
	usec_t notified_real; /* last raise notification of this key, 0 = never */
	enum erm_severity severity;
	struct erm_operator op; /* state 0 = nobody has said anything */
};

struct erm_persist {
	uint32_t last_sequence, last_alarm_id, last_shelf;
	struct erm_persist_index *indexes;
	struct erm_persist_member *members;
	struct erm_persist_alarm *alarms;
	struct erm_shelf *shelves;
	struct erm_event **owed; /* clears that no shelf may hold back for ever, a reference each */
	struct erm_event **undelivered; /* oldest first, a reference each */
	uint32_t n_indexes, n_members, n_alarms, n_shelves, n_owed, n_undelivered;
};

/* Frees what it holds and zeroes it. */
void erm_persist_done(struct erm_persist *persist);

#endif
