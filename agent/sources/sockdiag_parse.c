/* Owns the byte layout of inet_diag messages (linux/inet_diag.h, linux/tcp.h). */
#include "sources/sockdiag_parse.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "sources/netlink_parse.h"

#define TCP_STATE_ESTABLISHED 1U
#define ADDRESS_SIZE          16U

/*
 * source port 179: to the end; else: skip the jump, destination port 179: to the end; else
 * 4 beyond it, which is "no".  The kernel demands that each jump lands on an operation that
 * the chain of "yes" reaches, so the first match needs a jump of its own.
 */
static const struct inet_diag_bc_op is_bgp[] = {
	{ .code = INET_DIAG_BC_S_EQ, .yes = 8, .no = 12 },
	{ .no = ERM_BGP_PORT },
	{ .code = INET_DIAG_BC_JMP, .yes = 4, .no = 12 },
	{ .code = INET_DIAG_BC_D_EQ, .yes = 8, .no = 12 },
	{ .no = ERM_BGP_PORT },
};

void erm_sockdiag_request_make(struct erm_sockdiag_request *request, int family, uint32_t seq)
{
	struct nlmsghdr *header;
	struct inet_diag_req_v2 *req;

	memset(request, 0, sizeof(*request));
	header = mnl_nlmsg_put_header(request->bytes);
	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = seq;
	req = mnl_nlmsg_put_extra_header(header, sizeof(*req));
	req->sdiag_family = (uint8_t)family;
	req->sdiag_protocol = IPPROTO_TCP;
	req->idiag_ext = 1U << (INET_DIAG_INFO - 1);
	req->idiag_states = 1U << TCP_STATE_ESTABLISHED;
	mnl_attr_put(header, INET_DIAG_REQ_BYTECODE, sizeof(is_bgp), is_bgp);
	request->len = header->nlmsg_len;
}

/* A mapped address becomes what it stands for, so that it compares equal to the neighbour's. */
static struct erm_addr address_of(const uint8_t *bytes, uint8_t family)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	struct erm_addr addr = { .family = family };

	if (family == AF_INET) {
		memcpy(&addr.v4, bytes, sizeof(addr.v4));
	} else if (memcmp(bytes, mapped, sizeof(mapped)) == 0) {
		addr.family = AF_INET;
		memcpy(&addr.v4, bytes + sizeof(mapped), sizeof(addr.v4));
	} else {
		memcpy(&addr.v6, bytes, sizeof(addr.v6));
	}
	return addr;
}

#define INFO_NEEDED (offsetof(struct tcp_info, tcpi_data_segs_in) + sizeof(uint32_t))

/* The structure grows at its end with the kernel: one that is too short tells nothing. */
static void parse_info(struct erm_reader value, struct erm_sockdiag_socket *socket)
{
	const uint8_t *at = erm_reader_take(&value, INFO_NEEDED);
	uint32_t silent_msec;

	if (!at)
		return;
	memcpy(&socket->bytes_received, at + offsetof(struct tcp_info, tcpi_bytes_received), 8);
	memcpy(&socket->bytes_acked, at + offsetof(struct tcp_info, tcpi_bytes_acked), 8);
	memcpy(&socket->data_segs_in, at + offsetof(struct tcp_info, tcpi_data_segs_in), 4);
	memcpy(&silent_msec, at + offsetof(struct tcp_info, tcpi_last_data_recv), 4);
	socket->silent_usec = silent_msec * ERM_USEC_PER_MSEC;
	socket->has_info = true;
}

/* struct inet_diag_msg.  0, -EBADMSG, -EAFNOSUPPORT. */
static int parse_socket(struct erm_reader *r, struct erm_sockdiag_socket *socket)
{
	const uint8_t *source, *destination, *cookie;
	uint32_t interface;
	uint16_t timer;
	uint8_t family;

	if (!erm_reader_u8(r, &family) || !erm_reader_u8(r, &socket->state) ||
	    !erm_reader_u16(r, &timer) || !erm_reader_be16(r, &socket->local_port) ||
	    !erm_reader_be16(r, &socket->peer_port))
		return -EBADMSG;
	source = erm_reader_take(r, ADDRESS_SIZE);
	destination = erm_reader_take(r, ADDRESS_SIZE);
	if (!source || !destination || !erm_reader_u32(r, &interface))
		return -EBADMSG;
	cookie = erm_reader_take(r, sizeof(socket->cookie));
	/* Timer, both queues, owner and inode: not wanted, but there they are. */
	if (!cookie || !erm_reader_take(r, 5 * sizeof(uint32_t)))
		return -EBADMSG;
	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	memcpy(&socket->cookie, cookie, sizeof(socket->cookie));
	socket->local = address_of(source, family);
	socket->peer = address_of(destination, family);
	return 0;
}

int erm_sockdiag_parse(struct erm_reader payload, struct erm_sockdiag_socket *ret)
{
	struct erm_sockdiag_socket socket = { 0 };
	struct erm_netlink_attr attr;
	int r;

	r = parse_socket(&payload, &socket);
	if (r < 0)
		return r;
	while ((r = erm_netlink_attr_next(&payload, &attr)) > 0)
		if (attr.type == INET_DIAG_INFO)
			parse_info(attr.value, &socket);
	if (r < 0)
		return r;
	*ret = socket;
	return 0;
}
