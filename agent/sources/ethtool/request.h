/*
 * The questions, as bytes for generic netlink.  Pure.
 */
#ifndef ERM_SOURCES_ETHTOOL_REQUEST_H
#define ERM_SOURCES_ETHTOOL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sources/ethtool/module.h"

#define ERM_ETHTOOL_REQUEST_MAX 256

struct erm_ethtool_request {
	uint32_t bytes[ERM_ETHTOOL_REQUEST_MAX / 4];
	size_t len;
};

/* Which number the family "ethtool" has in this kernel. */
void erm_ethtool_ask_family(struct erm_ethtool_request *request, uint32_t seq);

/* False when the name is longer than any the kernel knows. */
bool erm_ethtool_ask_linkmodes(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			       const char *name);
bool erm_ethtool_ask_linkstate(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			       const char *name);
bool erm_ethtool_ask_module(struct erm_ethtool_request *request, uint16_t family, uint32_t seq,
			    const char *name, const struct erm_module_request *piece);

#endif
