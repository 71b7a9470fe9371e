/*
 * An event as a notification of ERMON-MIB: its number below ermonNotifications and
 * its objects, each with its instance.  Values come from the column getters that
 * serve GET, with the event as the row.  Pure.
 */
#ifndef ERM_PUBLISH_SNMP_NOTIFICATION_H
#define ERM_PUBLISH_SNMP_NOTIFICATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "publish/snmp/table.h"
#include "publish/snmp/value.h"

#define ERM_SNMP_OBJECTS_MAX 17 /* 6 of every one, 10 of the event, 1 of the resource's row */

struct erm_snmp_object {
	struct erm_snmp_oid oid; /* relative to ermonMIB */
	struct erm_snmp_value value;
};

struct erm_snmp_notification {
	uint32_t number;
	uint32_t n_objects;
	struct erm_snmp_object objects[ERM_SNMP_OBJECTS_MAX];
};

/* 0, or -EINVAL for an event of no known kind or type.  ret borrows from event and ctx->snapshot. */
int erm_snmp_notification_make(const struct erm_event *event, const struct erm_snmp_context *ctx,
			       struct erm_snmp_notification *ret);

#endif
