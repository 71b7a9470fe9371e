/* Addresses as net-snmp writes them, as far as they need no name look-up.  Pure. */
#ifndef ERM_SOURCES_SNMP_ROUTER_ADDRESS_H
#define ERM_SOURCES_SNMP_ROUTER_ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

union erm_snmpr_address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

/*
 * "192.0.2.1", "udp:192.0.2.1:161", "udp6:[2001:db8::1]:161", "2001:db8::1".  0; -EINVAL;
 * -EPROTONOSUPPORT for another transport than UDP.
 */
int erm_snmpr_address_parse(const char *text, uint16_t default_port, union erm_snmpr_address *ret);

socklen_t erm_snmpr_address_len(const union erm_snmpr_address *address);

/* The same host, whatever the port; an IPv4 address in IPv6's clothes is itself. */
bool erm_snmpr_address_is_host(const union erm_snmpr_address *a, const union erm_snmpr_address *b);
bool erm_snmpr_address_equal(const union erm_snmpr_address *a, const union erm_snmpr_address *b);

#endif
