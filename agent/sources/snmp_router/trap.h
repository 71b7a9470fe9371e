/*
 * Hears that traps and informs come, and reads none of them: anybody can send one, so whatever
 * comes from the router's own address is a reason to look, and no more.  Sources that name the
 * same place to listen share one socket.  Main thread.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_TRAP_H
#define ERM_SOURCES_SNMP_ROUTER_TRAP_H

#include <systemd/sd-event.h>

#include "core/obs.h"
#include "sources/snmp_router/address.h"

struct erm_snmpr_trap;

struct erm_snmpr_trap_wish {
	union erm_snmpr_address from; /* of the host, whatever its port */
	void (*trap)(void *userdata);
	void *userdata;
	struct erm_source_counters *counters; /* outlive it */
};

/*
 * Calls trap() for each datagram from the host.  What comes from elsewhere, or too often, is
 * counted in limits_hit.  A negative errno of bind(2).
 */
int erm_snmpr_trap_join(sd_event *event, const union erm_snmpr_address *listen,
			const struct erm_snmpr_trap_wish *wish, struct erm_snmpr_trap **ret);

/* Accepts NULL, returns NULL. */
struct erm_snmpr_trap *erm_snmpr_trap_leave(struct erm_snmpr_trap *trap);

#endif
