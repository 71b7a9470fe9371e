/*
 * An IP address as a value.  Parsed with inet_pton(3), printed by RFC 5952.
 * Pure: no fd, no name look-up.
 */
#ifndef ERM_BASE_ADDR_H
#define ERM_BASE_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ERM_ADDR_STRLEN INET6_ADDRSTRLEN

struct erm_addr {
	int family; /* AF_INET, AF_INET6; AF_UNSPEC = no address */
	union {
		struct in_addr v4; /* network byte order */
		struct in6_addr v6;
	};
};

/* 0, or -EINVAL when text is neither an IPv4 nor an IPv6 address (no zone, no prefix length). */
int erm_addr_parse(const char *text, struct erm_addr *ret);

/* Writes the text form; "" for AF_UNSPEC.  Returns buf. */
const char *erm_addr_format(const struct erm_addr *addr, char buf[ERM_ADDR_STRLEN]);

/* The address octets in network byte order and their number (4, 16; 0 for AF_UNSPEC). */
const void *erm_addr_bytes(const struct erm_addr *addr, size_t *ret_len);

bool erm_addr_equal(const struct erm_addr *a, const struct erm_addr *b);

/* <0, 0, >0: no address, then IPv4, then IPv6, each by its octets. */
int erm_addr_compare(const struct erm_addr *a, const struct erm_addr *b);

#endif
