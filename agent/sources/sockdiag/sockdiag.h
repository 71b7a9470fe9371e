/*
 * Start of the sock-diag source with other sockets than the kernel's: for tests.
 * Everybody else uses erm_source_sockdiag_ops of sources/source.h.
 */
#ifndef ERM_SOURCES_SOCKDIAG_H
#define ERM_SOURCES_SOCKDIAG_H

#include "sources/rtnl/socket.h"
#include "sources/source.h"

/* ops and userdata outlive the source.  As erm_source_ops.start() otherwise. */
int erm_sockdiag_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		       const struct erm_rtnl_socket_ops *ops, void *userdata,
		       struct erm_source **ret);

#endif
