/* Owns the kernel side of the rtnl source by libmnl; knows nothing of what the bytes mean. */
#include "sources/rtnl/socket.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#define EVENTS_BUFFER_BYTES   (1024 * 1024) /* the kernel doubles it; about 500 link notifications */
#define REQUESTS_BUFFER_BYTES (256 * 1024)

void erm_rtnl_kernel_close(void *userdata, enum erm_rtnl_socket_id id)
{
	struct erm_rtnl_kernel *kernel = userdata;

	if (kernel->sockets[id])
		(void)mnl_socket_close(kernel->sockets[id]);
	kernel->sockets[id] = NULL;
}

void erm_rtnl_kernel_grow(int fd, int bytes)
{
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

static int kernel_open(void *userdata, enum erm_rtnl_socket_id id)
{
	struct erm_rtnl_kernel *kernel = userdata;
	bool is_events = id == ERM_RTNL_SOCKET_EVENTS;
	struct mnl_socket *nl;
	int one = 1, r;

	erm_rtnl_kernel_close(kernel, id);
	nl = mnl_socket_open2(NETLINK_ROUTE, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (!nl)
		return -errno;
	kernel->sockets[id] = nl;
	erm_rtnl_kernel_grow(mnl_socket_get_fd(nl),
			     is_events ? EVENTS_BUFFER_BYTES : REQUESTS_BUFFER_BYTES);
	/* Errors need not bring the request back; old kernels do not know the option. */
	(void)mnl_socket_setsockopt(nl, NETLINK_CAP_ACK, &one, sizeof(one));
	if (mnl_socket_bind(nl, is_events ? RTMGRP_LINK : 0, MNL_SOCKET_AUTOPID) < 0) {
		r = -errno;
		erm_rtnl_kernel_close(kernel, id);
		return r;
	}
	return mnl_socket_get_fd(nl);
}

int erm_rtnl_kernel_send(void *userdata, const void *data, size_t len)
{
	struct erm_rtnl_kernel *kernel = userdata;

	if (mnl_socket_sendto(kernel->sockets[ERM_RTNL_SOCKET_REQUESTS], data, len) < 0)
		return -errno;
	return 0;
}

ssize_t erm_rtnl_kernel_recv(void *userdata, enum erm_rtnl_socket_id id, void *buf, size_t size)
{
	struct erm_rtnl_kernel *kernel = userdata;
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t n;

	do
		n = recvmsg(mnl_socket_get_fd(kernel->sockets[id]), &msg, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	/* Any process with CAP_NET_ADMIN can write to this socket; only the kernel has port 0. */
	if (msg.msg_namelen != sizeof(from) || from.nl_pid != 0)
		return 0;
	if (msg.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return n;
}

const struct erm_rtnl_socket_ops erm_rtnl_kernel_ops = {
	.open = kernel_open,
	.send = erm_rtnl_kernel_send,
	.recv = erm_rtnl_kernel_recv,
	.close = erm_rtnl_kernel_close,
};
