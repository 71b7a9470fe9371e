/*
 * The two netlink sockets of the rtnl source, behind a table of functions so that a test
 * can put recorded messages, ENOBUFS and interrupted dumps in the kernel's place.
 * Non-blocking.  Main thread.
 */
#ifndef ERM_SOURCES_RTNL_SOCKET_H
#define ERM_SOURCES_RTNL_SOCKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum erm_rtnl_socket_id {
	ERM_RTNL_SOCKET_EVENTS,   /* member of RTNLGRP_LINK */
	ERM_RTNL_SOCKET_REQUESTS, /* so that answers and notifications never mix */
	ERM_RTNL_SOCKET_MAX
};

struct erm_rtnl_socket_ops {
	/* The fd, for polling only, or a negative errno.  Closed by close(). */
	int (*open)(void *userdata, enum erm_rtnl_socket_id id);
	/* 0, or a negative errno. */
	int (*send)(void *userdata, const void *data, size_t len);
	/*
	 * One datagram of the kernel: its length; 0 = one that is not the kernel's, dropped;
	 * -EAGAIN = none there; -ENOBUFS = some were lost; -EMSGSIZE = one did not fit, dropped.
	 */
	ssize_t (*recv)(void *userdata, enum erm_rtnl_socket_id id, void *buf, size_t size);
	/* Also when open() failed or was never called. */
	void (*close)(void *userdata, enum erm_rtnl_socket_id id);
};

struct mnl_socket;

/* userdata of erm_rtnl_kernel_ops; all zero before the first open(). */
struct erm_rtnl_kernel {
	struct mnl_socket *sockets[ERM_RTNL_SOCKET_MAX];
};

extern const struct erm_rtnl_socket_ops erm_rtnl_kernel_ops;

/* Its parts, for the sockets of other netlink families. */
int erm_rtnl_kernel_send(void *userdata, const void *data, size_t len);
ssize_t erm_rtnl_kernel_recv(void *userdata, enum erm_rtnl_socket_id id, void *buf, size_t size);
void erm_rtnl_kernel_close(void *userdata, enum erm_rtnl_socket_id id);
/* FORCE passes net.core.rmem_max and wants CAP_NET_ADMIN; without it takes what is allowed. */
void erm_rtnl_kernel_grow(int fd, int bytes);

#endif
