/*
 * An event: one notification, self-contained.  Trap, journal entry, log row and
 * NETCONF notification are all made from it.  Immutable and refcounted (atomic),
 * so that threads and queues share it.
 */
#ifndef ERM_CORE_EVENT_H
#define ERM_CORE_EVENT_H

#include <stdint.h>

#include "base/addr.h"
#include "base/usec.h"
#include "core/types.h"

#define ERM_KEY_MAX        160 /* "<alarm type>/<resource>", with NUL */
#define ERM_RESOURCE_MAX   128
#define ERM_EVENT_TEXT_MAX 256 /* printable ASCII without " ' ; ` $ \ | and newline */

struct erm_event {
	unsigned int n_ref;
	enum erm_event_kind kind;
	enum erm_alarm_type type;   /* 0 for agent-started and heartbeat */
	enum erm_severity severity; /* cleared for a clear */
	enum erm_resource_kind resource_kind;
	uint32_t index[3]; /* SNMP index of the resource; n_index of them */
	uint32_t n_index;
	uint32_t sequence; /* 1.., +1 an event, wraps to 1; a heartbeat repeats the last one */
	uint32_t alarm_id; /* 0 for agent-started and heartbeat */
	struct erm_time at;
	int state; /* of the resource, see erm_event_state_name(); agent events: the worst state */
	uint32_t expected, usable, unknown; /* members; 0 for ports and sessions */
	uint32_t impacted; /* resources below this alarm; agent events: active alarms */
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	char key[ERM_KEY_MAX];
	char circuit[ERM_NAME_MAX]; /* or the port's or group's name; never empty */
	char resource[ERM_RESOURCE_MAX];
	char connection[16]; /* role of the failed leg, "" when several or none */
	char interface[32];  /* "" when none */
	char peer[ERM_ADDR_STRLEN];
	char text[ERM_EVENT_TEXT_MAX];
};

struct erm_event *erm_event_new(
	const struct erm_event *fields); /* copies, n_ref = 1; NULL on ENOMEM */
struct erm_event *erm_event_ref(struct erm_event *event);
struct erm_event *erm_event_unref(
	struct erm_event *event); /* accepts NULL, returns NULL; thread-safe */

/*
 * What `state` is called: it is an enum erm_member_state of a port, connection or
 * session, an enum erm_source_state of a source, and an enum erm_state of all else.
 * NULL for a number that is none.
 */
const char *erm_event_state_name(const struct erm_event *event);

#endif
