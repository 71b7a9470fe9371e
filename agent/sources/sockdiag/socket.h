/*
 * The two sockets of the sock-diag source in the kernel: the dumps, and the notices of
 * sockets that were destroyed.  The same table of functions as rtnl's, so that tests can
 * put themselves in its place; userdata is a struct erm_rtnl_kernel.
 */
#ifndef ERM_SOURCES_SOCKDIAG_SOCKET_H
#define ERM_SOURCES_SOCKDIAG_SOCKET_H

#include "sources/rtnl/socket.h"

/* open() of the notices may fail where dumps do not: before Linux 4.5 there are none. */
extern const struct erm_rtnl_socket_ops erm_sockdiag_kernel_ops;

#endif
