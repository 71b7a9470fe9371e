/*
 * The questions put to bgpd beyond those of neighbours (frame.h): a fixed list of
 * read-only commands.  Pure.
 */
#ifndef ERM_SOURCES_FRR_COMMAND_H
#define ERM_SOURCES_FRR_COMMAND_H

#include <stdbool.h>

#include "core/config.h"
#include "sources/frr/frame.h"

/*
 * "show bgp [vrf VRF] summary [established] json".  Without "established" for a bgpd that
 * does not know the word.  vrf NULL = the default VRF.  -EINVAL as erm_frr_command_format().
 */
int erm_frr_command_summary(const char *vrf, bool is_plain, char ret_command[ERM_FRR_COMMAND_MAX]);

/* "show bgp [vrf VRF] ipv4|ipv6 unicast PREFIX json"; bits behind the length are left out. */
int erm_frr_command_route(const char *vrf, const struct erm_prefix *prefix,
			  char ret_command[ERM_FRR_COMMAND_MAX]);

#endif
