/*
 * Hears traps and informs.  Anybody can send one, so a trap is taken for nothing but a reason
 * to look, and only from the router's own address.  Sources that name the same place to listen
 * share one socket.  Main thread.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_TRAP_H
#define ERM_SOURCES_SNMP_ROUTER_TRAP_H

#include <systemd/sd-event.h>

#include "core/obs.h"
#include "sources/snmp_router_address.h"
#include "sources/snmp_router_credentials.h"

struct erm_snmpr_trap;

/*
 * Calls trap(userdata) for each trap or inform from the host of `from`.  An inform of v2c with
 * the credentials' community is answered; they and the counters must outlive it.  What comes
 * from elsewhere, or too often, is counted in limits_hit.  A negative errno of bind(2).
 */
int erm_snmpr_trap_join(sd_event *event, const union erm_snmpr_address *listen,
			const union erm_snmpr_address *from,
			const struct erm_snmpr_credentials *credentials,
			void (*trap)(void *userdata), void *userdata,
			struct erm_source_counters *counters, struct erm_snmpr_trap **ret);

/* Accepts NULL, returns NULL. */
struct erm_snmpr_trap *erm_snmpr_trap_leave(struct erm_snmpr_trap *trap);

#endif
