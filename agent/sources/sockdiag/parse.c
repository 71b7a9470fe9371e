/* Owns the byte layout of inet_diag messages (linux/inet_diag.h, linux/tcp.h). */
#include "sources/sockdiag/parse.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <string.h>
#include <sys/socket.h>

#include "sources/netlink/parse.h"

#define TCP_STATE_ESTABLISHED 1U

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

static struct nlmsghdr *put(struct erm_sockdiag_request *request, uint16_t flags, uint32_t seq,
			    struct inet_diag_req_v2 req)
{
	struct nlmsghdr *header = mnl_nlmsg_put_header(request->bytes + request->len);

	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = seq;
	req.sdiag_protocol = IPPROTO_TCP;
	req.idiag_ext = 1U << (INET_DIAG_INFO - 1);
	req.idiag_states = 1U << TCP_STATE_ESTABLISHED;
	memcpy(mnl_nlmsg_put_extra_header(header, sizeof(req)), &req, sizeof(req));
	return header;
}

void erm_sockdiag_request_dump(struct erm_sockdiag_request *request, int family, uint32_t seq)
{
	struct inet_diag_req_v2 req = { .sdiag_family = (uint8_t)family };
	struct nlmsghdr *header;

	request->len = 0;
	header = put(request, NLM_F_DUMP, seq, req);
	mnl_attr_put(header, INET_DIAG_REQ_BYTECODE, sizeof(is_bgp), is_bgp);
	request->len = header->nlmsg_len;
}

bool erm_sockdiag_request_add(struct erm_sockdiag_request *request,
			      const struct erm_sockdiag_id *id, uint32_t seq)
{
	struct inet_diag_req_v2 req = { .sdiag_family = id->family };

	_Static_assert(sizeof(req.id) == ERM_SOCKDIAG_ID_SIZE, "as linux/inet_diag.h has it");
	if (sizeof(request->bytes) - request->len < sizeof(struct nlmsghdr) + sizeof(req))
		return false;
	memcpy(&req.id, id->bytes, sizeof(req.id));
	request->len += MNL_ALIGN(put(request, 0, seq, req)->nlmsg_len);
	return true;
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
	const uint8_t *id;
	struct erm_reader ports;
	uint8_t family, state;
	uint16_t timer;

	if (!erm_reader_u8(r, &family) || !erm_reader_u8(r, &state) || !erm_reader_u16(r, &timer))
		return -EBADMSG;
	id = erm_reader_take(r, ERM_SOCKDIAG_ID_SIZE);
	/* Timer, both queues, owner and inode: not wanted, but there they are. */
	if (!id || !erm_reader_take(r, 5 * sizeof(uint32_t)))
		return -EBADMSG;
	if (family != AF_INET && family != AF_INET6)
		return -EAFNOSUPPORT;
	ports = erm_reader_init(id, ERM_SOCKDIAG_ID_SIZE);
	(void)erm_reader_be16(&ports, &socket->local_port);
	(void)erm_reader_be16(&ports, &socket->peer_port);
	socket->is_established = state == TCP_STATE_ESTABLISHED;
	socket->local = address_of(id + offsetof(struct inet_diag_sockid, idiag_src), family);
	socket->peer = address_of(id + offsetof(struct inet_diag_sockid, idiag_dst), family);
	memcpy(&socket->cookie, id + offsetof(struct inet_diag_sockid, idiag_cookie),
	       sizeof(socket->cookie));
	socket->id.family = family;
	memcpy(socket->id.bytes, id, sizeof(socket->id.bytes));
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
