/*
 * Start of the rtnl source with other sockets than the kernel's: for tests.  Everybody
 * else uses erm_source_rtnl_ops of sources/source.h.
 */
#ifndef ERM_SOURCES_RTNL_H
#define ERM_SOURCES_RTNL_H

#include "sources/rtnl/socket.h"
#include "sources/source.h"

/* ops and userdata outlive the source.  As erm_source_ops.start() otherwise. */
int erm_rtnl_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		   const struct erm_rtnl_socket_ops *ops, void *userdata, struct erm_source **ret);

#endif
