/*
 * Entries of the kernel's ARP and neighbour discovery tables (linux/neighbour.h): what is
 * asked, and what comes back.  Pure; what it parses may be hostile or cut.
 */
#ifndef ERM_SOURCES_NEIGHBOR_PARSE_H
#define ERM_SOURCES_NEIGHBOR_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/reader.h"
#include "core/types.h"
#include "sources/rtnl/request.h"

struct erm_neighbor_entry {
	uint32_t ifindex;
	struct erm_addr addr;
	uint16_t nud; /* NUD_* bits */
	uint8_t flags;
};

/* The payload of RTM_NEWNEIGH.  0; -EBADMSG; -EAFNOSUPPORT: not of IPv4 or IPv6, or a proxy. */
int erm_neighbor_parse(struct erm_reader payload, struct erm_neighbor_entry *ret);
/* The payload of RTM_NEWLINK: its index.  0, -EBADMSG. */
int erm_neighbor_parse_link(struct erm_reader payload, uint32_t *ret_ifindex);

/* RFC 4861 section 7.3.2 and its like for ARP: has somebody answered? */
enum erm_neighbor_state erm_neighbor_state_of(uint16_t nud);
/* Resolved, but confirmed by nobody for a while. */
bool erm_neighbor_is_stale(uint16_t nud);

/* Each appends one request; false when it does not fit, which leaves the buffer as it was. */
bool erm_neighbor_request_get(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex,
			      const struct erm_addr *addr);
/* All of one link: for kernels before 5.0, that cannot be asked for one. */
bool erm_neighbor_request_dump(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex,
			       int family);
/* Makes the kernel ask the neighbour of this entry; creates none. */
bool erm_neighbor_request_probe(struct erm_rtnl_request *request, uint32_t seq,
				const struct erm_neighbor_entry *entry);

#endif
