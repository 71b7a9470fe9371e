/*
 * ERMON-MIB's one handler in libnetsnmp: hands each request to table.h.  Owns the
 * registration.  SNMP thread only.
 */
#ifndef ERM_PUBLISH_SNMP_HANDLER_H
#define ERM_PUBLISH_SNMP_HANDLER_H

#include "core/snapshot.h"
#include "publish/publisher.h"

/* What requests see.  The caller changes it between requests only. */
struct erm_snmp_view {
	const struct erm_snapshot *snapshot; /* NULL: nothing is served yet */
	struct erm_publisher_health health;
};

/* Registers the subtree and its line in sysORTable.  view must outlive it.  0 or -EIO. */
int erm_snmp_handler_register(struct erm_snmp_view *view);
void erm_snmp_handler_unregister(void);

#endif
