/* One event as one structured journal entry.  Pure: no fd, no clock, no log. */
#ifndef ERM_PUBLISH_JOURNAL_ENTRY_H
#define ERM_PUBLISH_JOURNAL_ENTRY_H

#include <stddef.h>
#include <sys/uio.h>

#include "core/event.h"

#define ERM_JOURNAL_FIELDS_MAX 24

struct erm_journal_entry {
	int priority; /* syslog level */
	size_t n_fields;
	struct iovec fields[ERM_JOURNAL_FIELDS_MAX]; /* "NAME=value", into text */
	size_t used;
	char text[2048];
};

/*
 * Fields that are always there: MESSAGE, MESSAGE_ID, PRIORITY, ERMON_EVENT, _SEVERITY,
 * _CIRCUIT, _RESOURCE, _STATE, _CAUSE, _FAULT_DOMAIN, _SEQ; with an alarm also _KEY, _TYPE
 * and _ALARM_ID; where they are known _CONNECTION, _INTERFACE and _PEER.
 */
void erm_journal_entry_format(const struct erm_event *event, struct erm_journal_entry *ret);

/* The MESSAGE_ID of an event, NULL for one that has none (which would be a defect). */
const char *erm_journal_message_id(enum erm_event_kind kind, enum erm_alarm_type type);

/* Syslog level of an event: by its severity, but what the agent tells of itself is no alarm. */
int erm_journal_priority(enum erm_event_kind kind, enum erm_severity severity);

#endif
