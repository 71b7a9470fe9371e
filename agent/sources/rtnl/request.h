/*
 * Builder of RTM_GETLINK requests, several in one buffer.  Pure.  All of them ask for
 * links without statistics (RTEXT_FILTER_SKIP_STATS): a third of the size.
 */
#ifndef ERM_SOURCES_RTNL_REQUEST_H
#define ERM_SOURCES_RTNL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ERM_RTNL_REQUEST_SIZE 2048

struct erm_rtnl_request {
	size_t len; /* bytes in use */
	_Alignas(8) uint8_t bytes[ERM_RTNL_REQUEST_SIZE];
};

/* Each appends one request; false when it does not fit, which leaves the buffer as it was. */
bool erm_rtnl_request_add_index(struct erm_rtnl_request *request, uint32_t seq, uint32_t ifindex);
/* By name; one of 16 characters or more can only be an alternative name. */
bool erm_rtnl_request_add_name(struct erm_rtnl_request *request, uint32_t seq, const char *name);
/* All links of the namespace. */
bool erm_rtnl_request_add_dump(struct erm_rtnl_request *request, uint32_t seq);

#endif
