/* libnetsnmp's headers in the one order that works. */
#ifndef ERM_SNMPGET_NETSNMP_H
#define ERM_SNMPGET_NETSNMP_H

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
#pragma GCC diagnostic pop
/* clang-format on */

#endif
