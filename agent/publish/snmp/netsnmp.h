/*
 * libnetsnmp's headers in the one order that works, and what its private headers
 * keep from sub-agents (numbers of RFC 2741).
 */
#ifndef ERM_PUBLISH_SNMP_NETSNMP_H
#define ERM_PUBLISH_SNMP_NETSNMP_H

/* clang-format off */
/* net-snmp-config.h must come first, and repeats what config.h says of this package. */
#undef PACKAGE_BUGREPORT
#undef PACKAGE_NAME
#undef PACKAGE_STRING
#undef PACKAGE_TARNAME
#undef PACKAGE_URL
#undef PACKAGE_VERSION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wundef"
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#pragma GCC diagnostic ignored "-Wredundant-decls"
#pragma GCC diagnostic ignored "-Wcast-qual"
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>
#include <net-snmp/agent/net-snmp-agent-includes.h>
#include <net-snmp/agent/agent_callbacks.h>
#include <net-snmp/agent/agent_sysORTable.h>
#include <net-snmp/library/large_fd_set.h>
#pragma GCC diagnostic pop
/* clang-format on */

#define ERM_AGENTX_REGISTER           3
#define ERM_AGENTX_NOTIFY             12
#define ERM_AGENTX_RESPONSE           18
#define ERM_AGENTX_FLAG_NETWORK_ORDER 0x10

#define ERM_AGENTX_NO_ERROR  0
#define ERM_AGENTX_NOT_OPEN  257
#define ERM_AGENTX_DUPLICATE 263

#define ERM_AGENTX_PRIORITY 127 /* RFC 2741 section 6.2.3: the default */

#endif
