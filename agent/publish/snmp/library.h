/*
 * Starting, turning and stopping libnetsnmp, with every knob a sub-agent needs.
 * One per process; SNMP thread only.
 */
#ifndef ERM_PUBLISH_SNMP_LIBRARY_H
#define ERM_PUBLISH_SNMP_LIBRARY_H

#include <stdbool.h>

#include "base/usec.h"
#include "publish/snmp/handler.h"
#include "publish/snmp/master.h"

/* Where the master agent is, as a transport of net-snmp's.  Holds from the next connection on. */
void erm_snmp_library_set_address(const char *address);

/*
 * Initializes the library as a sub-agent, attaches master, registers ERMON-MIB and
 * tries to connect to the address set before.  The library then goes on trying.  0
 * or -EIO.
 */
int erm_snmp_library_start(struct erm_snmp_master *master, struct erm_snmp_view *view);

/* Waits for the library's sockets and timers and for wake_fd, at most timeout; serve() then serves what came. */
void erm_snmp_library_wait(int wake_fd, usec_t timeout);
void erm_snmp_library_serve(void);

void erm_snmp_library_stop(struct erm_snmp_master *master);

#endif
