/*
 * Start of the neighbor source with another socket than the kernel's: for tests.  Everybody
 * else uses erm_source_neighbor_ops of sources/source.h.
 */
#ifndef ERM_SOURCES_NEIGHBOR_H
#define ERM_SOURCES_NEIGHBOR_H

#include "sources/rtnl/socket.h"
#include "sources/source.h"

/* ops and userdata outlive the source.  As erm_source_ops.start() otherwise. */
int erm_neighbor_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		       const struct erm_rtnl_socket_ops *ops, void *userdata,
		       struct erm_source **ret);

#endif
