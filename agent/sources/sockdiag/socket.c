/* Owns what sets a NETLINK_SOCK_DIAG socket apart; rtnl/socket.c does the rest. */
#include "sources/sockdiag/socket.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "sources/sockdiag/parse.h"

#define EVENTS_BUFFER_BYTES (1024 * 1024)
#define PORTS_OFFSET        20U /* struct nlmsghdr, four octets of struct inet_diag_msg */

/*
 * Passes what has BGP's port on one side.  Without it the notices of a busy web server
 * would fill the buffer, and wake us for each of its connections.
 */
static int attach_filter(int fd)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PORTS_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ERM_BGP_PORT, 2, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, PORTS_OFFSET + 2),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ERM_BGP_PORT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { .len = ERM_ELEMENTS(code), .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int prepare(struct mnl_socket *nl, enum erm_rtnl_socket_id id)
{
	int fd = mnl_socket_get_fd(nl), one = 1;
	unsigned int groups = 0;

	if (id == ERM_RTNL_SOCKET_EVENTS) {
		groups = 1U << (SKNLGRP_INET_TCP_DESTROY - 1) |
			 1U << (SKNLGRP_INET6_TCP_DESTROY - 1);
		erm_rtnl_kernel_grow(fd, EVENTS_BUFFER_BYTES);
		if (attach_filter(fd) < 0)
			return -errno;
	}
	/* Errors need not bring the request back; old kernels do not know the option. */
	(void)mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &one, sizeof(one));
	return mnl_socket_bind(nl, groups, MNL_SOCKET_AUTOPID) < 0 ? -errno : 0;
}

static int kernel_open(void *userdata, enum erm_rtnl_socket_id id)
{
	struct erm_rtnl_kernel *kernel = userdata;
	struct mnl_socket *nl;
	int r;

	erm_rtnl_kernel_close(kernel, id);
	nl = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!nl)
		return -errno;
	kernel->sockets[id] = nl;
	r = prepare(nl, id);
	if (r < 0) {
		erm_rtnl_kernel_close(kernel, id);
		return r;
	}
	return mnl_socket_get_fd(nl);
}

const struct erm_rtnl_socket_ops erm_sockdiag_kernel_ops = {
	.open = kernel_open,
	.send = erm_rtnl_kernel_send,
	.recv = erm_rtnl_kernel_recv,
	.close = erm_rtnl_kernel_close,
};
