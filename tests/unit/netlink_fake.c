/* The paper kernel of netlink_fake.h. */
#include "netlink_fake.h"

#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/reader.h"
#include "sources/neighbor/neighbor.h"
#include "sources/sockdiag/sockdiag.h"

struct netlink_bench t;

static void append(struct fake_bytes *bytes, const void *data, size_t len)
{
	ck_assert_uint_le(bytes->len + len, sizeof(bytes->data));
	memcpy(bytes->data + bytes->len, data, len);
	bytes->len += len;
}

static uint8_t put_addr(const char *text, bool is_dual, void *to)
{
	uint8_t *bytes = to;
	struct erm_addr addr;
	size_t len;
	const void *from;

	ck_assert_int_eq(erm_addr_parse(text, &addr), 0);
	from = erm_addr_bytes(&addr, &len);
	if (is_dual) {
		bytes[10] = bytes[11] = 0xff;
		bytes += 12;
	}
	memcpy(bytes, from, len);
	return is_dual || addr.family == AF_INET6 ? AF_INET6 : AF_INET;
}

static uint8_t diag_of(const struct fake_tcp *tcp, struct inet_diag_msg *ret)
{
	struct inet_diag_msg diag = { .idiag_state = tcp->is_closed ? 8 : 1 };

	diag.id.idiag_sport = htons(tcp->local_port);
	diag.id.idiag_dport = htons(tcp->peer_port);
	memcpy(diag.id.idiag_cookie, &tcp->cookie, sizeof(tcp->cookie));
	(void)put_addr(tcp->local, tcp->is_dual, diag.id.idiag_src);
	diag.idiag_family = put_addr(tcp->peer, tcp->is_dual, diag.id.idiag_dst);
	*ret = diag;
	return diag.idiag_family;
}

static void tcp_message(struct fake_bytes *bytes, const struct fake_tcp *tcp, uint16_t flags,
			uint32_t seq)
{
	struct tcp_info info = { .tcpi_bytes_received = tcp->bytes,
				 .tcpi_bytes_acked = tcp->bytes,
				 .tcpi_data_segs_in = tcp->bytes > 0 ? 2 : 0 };
	size_t begin = fake_begin(bytes, SOCK_DIAG_BY_FAMILY, flags, seq);
	struct inet_diag_msg diag;

	(void)diag_of(tcp, &diag);
	append(bytes, &diag, sizeof(diag));
	fake_put(bytes, INET_DIAG_INFO, &info, sizeof(info));
	fake_end(bytes, begin);
}

static void nud_message(struct fake_bytes *bytes, const struct fake_nud *nud, uint32_t ifindex,
			uint32_t seq)
{
	size_t begin = fake_begin(bytes, RTM_NEWNEIGH, 0, seq);
	struct ndmsg nd = { .ndm_ifindex = (int)ifindex,
			    .ndm_state = nud->state,
			    .ndm_flags = nud->flags };
	uint8_t addr[16] = { 0 };

	nd.ndm_family = put_addr(nud->addr, false, addr);
	append(bytes, &nd, sizeof(nd));
	fake_put(bytes, NDA_DST, addr, nd.ndm_family == AF_INET ? 4 : 16);
	fake_end(bytes, begin);
}

static void push(struct fake_netlink *n, const struct fake_bytes *bytes, int error)
{
	fake_kernel_push(&n->kernel, ERM_RTNL_SOCKET_REQUESTS, bytes, error);
}

static void push_number(struct fake_netlink *n, uint16_t type, uint32_t seq, int error)
{
	struct fake_bytes bytes = { 0 };

	fake_number_message(&bytes, type, seq, error);
	push(n, &bytes, 0);
}

void fake_tcp_notify(struct fake_netlink *netlink, const struct fake_tcp *tcp)
{
	struct fake_tcp closed = *tcp;
	struct fake_bytes bytes = { 0 };

	closed.is_closed = true;
	tcp_message(&bytes, &closed, 0, 0);
	fake_kernel_push(&netlink->kernel, ERM_RTNL_SOCKET_EVENTS, &bytes, 0);
}

struct fake_tcp *fake_tcp_add(struct fake_netlink *netlink, const char *peer, uint64_t cookie)
{
	struct fake_tcp *tcp = &netlink->tcps[netlink->n_tcps++];

	ck_assert_uint_le(netlink->n_tcps, FAKE_TCP_MAX);
	*tcp = (struct fake_tcp){ .local = strchr(peer, ':') ? "2001:db8::1" : "192.0.2.1",
				  .peer = peer,
				  .local_port = 179,
				  .peer_port = (uint16_t)(40000 + cookie),
				  .cookie = cookie,
				  .bytes = 48 };
	return tcp;
}

static void garble(struct fake_netlink *n, uint32_t seq)
{
	struct fake_bytes bytes = { 0 };
	size_t begin = fake_begin(&bytes, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, seq);

	append(&bytes, "cut", 4);
	fake_end(&bytes, begin);
	push(n, &bytes, 0);
}

static void answer_tcp_dump(struct fake_netlink *n, uint8_t family, uint32_t seq)
{
	bool is_skipping = n->n_skipping > 0 && family == AF_INET;

	n->n_dumps++;
	if (n->n_garbled > 0 && n->n_garbled--)
		garble(n, seq);
	if (n->n_overrun > 0 && n->n_overrun--)
		push(n, NULL, -ENOBUFS);
	n->n_skipping -= is_skipping;
	/* Each in a datagram of its own: more than one, and the dump came in pieces. */
	for (size_t i = is_skipping; i < n->n_tcps; i++) {
		struct fake_bytes bytes = { 0 };
		struct inet_diag_msg diag;

		if (diag_of(&n->tcps[i], &diag) != family || n->tcps[i].is_closed)
			continue;
		tcp_message(&bytes, &n->tcps[i], NLM_F_MULTI, seq);
		push(n, &bytes, 0);
	}
	push_number(n, NLMSG_DONE, seq, n->dump_error);
}

static void answer_tcp_get(struct fake_netlink *n, const struct inet_diag_sockid *id, uint32_t seq)
{
	struct fake_bytes bytes = { 0 };
	struct inet_diag_msg diag;
	size_t i = 0;

	n->n_gets++;
	while (i < n->n_tcps &&
	       ((void)diag_of(&n->tcps[i], &diag), memcmp(&diag.id, id, sizeof(*id)) != 0))
		i++;
	if (i == n->n_tcps || n->get_error < 0) {
		push_number(n, NLMSG_ERROR, seq, n->get_error < 0 ? n->get_error : -ENOENT);
		return;
	}
	tcp_message(&bytes, &n->tcps[i], 0, seq);
	push(n, &bytes, 0);
}

static void answer_sock_diag(struct fake_netlink *n, const struct nlmsghdr *header,
			     struct erm_reader body)
{
	struct inet_diag_req_v2 req;

	ck_assert_uint_ge(body.left, sizeof(req));
	memcpy(&req, body.data, sizeof(req));
	ck_assert_uint_eq(req.sdiag_protocol, IPPROTO_TCP);
	if (header->nlmsg_flags & NLM_F_DUMP)
		answer_tcp_dump(n, req.sdiag_family, header->nlmsg_seq);
	else
		answer_tcp_get(n, &req.id, header->nlmsg_seq);
}

static void answer_link(struct fake_netlink *n, const struct nlmsghdr *header,
			struct erm_reader body)
{
	struct fake_bytes bytes = { 0 };
	const char *name;
	uint16_t len = 0;

	n->n_names++;
	erm_reader_skip(&body, sizeof(struct ifinfomsg) + 8); /* IFLA_EXT_MASK */
	ck_assert(erm_reader_u16(&body, &len) && erm_reader_u16(&body, &len));
	name = (const char *)body.data;
	for (uint32_t i = 0; i < 4; i++) {
		const struct fake_link link = { .ifindex = i + 2, .name = n->links[i] };

		if (!n->links[i] || strcmp(n->links[i], name) != 0)
			continue;
		fake_link_message(&bytes, &link, RTM_NEWLINK, 0, header->nlmsg_seq);
		push(n, &bytes, 0);
		return;
	}
	push_number(n, NLMSG_ERROR, header->nlmsg_seq, -ENODEV);
}

static uint32_t ifindex_of(const struct fake_netlink *n, const struct fake_nud *nud)
{
	uint32_t i = 0;

	while (i < 4 && (!n->links[i] || strcmp(n->links[i], nud->link) != 0))
		i++;
	return i + 2;
}

static void answer_nud_dump(struct fake_netlink *n, uint8_t family, uint32_t seq)
{
	n->n_dumps++;
	if (n->n_garbled > 0 && n->n_garbled--) {
		struct fake_bytes bytes = { 0 };

		fake_end(&bytes, fake_begin(&bytes, RTM_NEWNEIGH, 0, seq));
		push(n, &bytes, 0);
	}
	/* As of an old kernel: of all links, whichever was asked for. */
	for (size_t i = 0; i < n->n_nuds; i++) {
		struct fake_bytes bytes = { 0 };

		if ((strchr(n->nuds[i].addr, ':') ? AF_INET6 : AF_INET) != family)
			continue;
		nud_message(&bytes, &n->nuds[i], ifindex_of(n, &n->nuds[i]), seq);
		push(n, &bytes, 0);
	}
	push_number(n, NLMSG_DONE, seq, n->dump_error);
}

static struct fake_nud *find_nud(struct fake_netlink *n, const struct ndmsg *nd,
				 const struct erm_reader *dst)
{
	for (size_t i = 0; i < n->n_nuds; i++) {
		uint8_t addr[16] = { 0 };
		uint8_t family = put_addr(n->nuds[i].addr, false, addr);

		if (nd->ndm_family == family && dst->left >= (family == AF_INET ? 4U : 16U) &&
		    (uint32_t)nd->ndm_ifindex == ifindex_of(n, &n->nuds[i]) &&
		    memcmp(addr, dst->data, family == AF_INET ? 4 : 16) == 0)
			return &n->nuds[i];
	}
	return NULL;
}

static void answer_nud(struct fake_netlink *n, const struct nlmsghdr *header,
		       struct erm_reader body)
{
	struct fake_bytes bytes = { 0 };
	struct fake_nud *nud;
	struct ndmsg nd;

	memcpy(&nd, body.data, sizeof(nd));
	erm_reader_skip(&body, sizeof(nd) + 4);
	if (header->nlmsg_type == RTM_GETNEIGH && (header->nlmsg_flags & NLM_F_DUMP)) {
		answer_nud_dump(n, nd.ndm_family, header->nlmsg_seq);
		return;
	}
	nud = find_nud(n, &nd, &body);
	if (header->nlmsg_type == RTM_NEWNEIGH) {
		n->n_probes++;
		n->probe_flags = nd.ndm_flags;
		ck_assert_uint_eq(nd.ndm_state, NUD_PROBE);
		if (nud && n->probe_error == 0)
			nud->state = NUD_REACHABLE;
		push_number(n, NLMSG_ERROR, header->nlmsg_seq, n->probe_error);
		return;
	}
	n->n_gets++;
	if (n->get_error < 0 || !nud) {
		push_number(n, NLMSG_ERROR, header->nlmsg_seq,
			    n->get_error < 0 ? n->get_error : -ENOENT);
		return;
	}
	nud_message(&bytes, nud, (uint32_t)nd.ndm_ifindex, header->nlmsg_seq);
	push(n, &bytes, 0);
}

static int fake_open(void *userdata, enum erm_rtnl_socket_id id)
{
	struct fake_netlink *n = userdata;
	int r = fake_kernel_ops.open(&n->kernel, id);

	return r >= 0 && n->open_error[id] < 0 ? n->open_error[id] : r;
}

static void fake_close(void *userdata, enum erm_rtnl_socket_id id)
{
	struct fake_netlink *n = userdata;

	fake_kernel_ops.close(&n->kernel, id);
}

static ssize_t fake_recv(void *userdata, enum erm_rtnl_socket_id id, void *buf, size_t size)
{
	struct fake_netlink *n = userdata;

	return fake_kernel_ops.recv(&n->kernel, id, buf, size);
}

static int fake_send(void *userdata, const void *data, size_t len)
{
	struct fake_netlink *n = userdata;
	struct erm_reader r = erm_reader_init(data, len), body;
	struct nlmsghdr header;

	while (r.left > 0) {
		memcpy(&header, r.data, sizeof(header));
		erm_reader_skip(&r, sizeof(header));
		ck_assert(erm_reader_split(&r, NLMSG_ALIGN(header.nlmsg_len) - sizeof(header),
					   &body));
		if (n->n_mute > 0)
			n->n_mute--;
		else if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY)
			answer_sock_diag(n, &header, body);
		else if (header.nlmsg_type == RTM_GETLINK)
			answer_link(n, &header, body);
		else
			answer_nud(n, &header, body);
	}
	return 0;
}

const struct erm_rtnl_socket_ops fake_netlink_ops = {
	.open = fake_open,
	.send = fake_send,
	.recv = fake_recv,
	.close = fake_close,
};

static void note(const struct erm_obs *obs)
{
	if (obs->kind == ERM_OBS_SESSION) {
		ck_assert(obs->session.is_configured);
		ck_assert_uint_gt(obs->asked, 0);
		t.bgp[obs->session.session] = obs->session.bgp;
	} else if (obs->kind == ERM_OBS_NEIGHBOR) {
		t.nud[obs->neighbor.session] = obs->neighbor.state;
		t.n_neighbor++;
	}
}

void bench_set_up(enum erm_source_type type)
{
	memset(&t, 0, sizeof(t));
	erm_log_silence();
	fake_kernel_init(&t.netlink.kernel);
	bench_init(1U << ERM_OBS_SOURCE | 1U << ERM_OBS_DUMP_BEGIN | 1U << ERM_OBS_DUMP_END |
			   1U << ERM_OBS_SESSION | 1U << ERM_OBS_NEIGHBOR,
		   note);
	bench.patience_usec = 5 * SEC;
	bench.config = erm_config_new();
	ck_assert_ptr_nonnull(bench.config);
	bench.config->sources = calloc(2, sizeof(*bench.config->sources));
	bench.config->sessions = calloc(FAKE_TCP_MAX, sizeof(*bench.config->sessions));
	bench.config->connections = calloc(FAKE_TCP_MAX, sizeof(*bench.config->connections));
	bench.config->interfaces = calloc(FAKE_TCP_MAX, sizeof(*bench.config->interfaces));
	ck_assert(bench.config->sources && bench.config->sessions && bench.config->connections &&
		  bench.config->interfaces);
	bench.config->n_sources = 2;
	bench.config->sources[0] = (struct erm_source_config){
		.name = strdup("source"),
		.type = type,
		.poll_usec = 20 * MSEC,
		.resync_usec = 60 * SEC,
		.timeout_usec = 50 * MSEC,
		.stale_after_usec = 3 * SEC,
	};
	bench.config->sources[1] = (struct erm_source_config){ .name = strdup("kernel"),
							       .type = ERM_SOURCE_TYPE_RTNL };
}

uint32_t bench_session(const char *neighbor, const char *interface)
{
	struct erm_config *config = bench.config;
	struct erm_session_config *session = &config->sessions[config->n_sessions];
	struct erm_connection_config *connection = &config->connections[config->n_connections];

	connection->interface = connection->port = ERM_NO_INDEX;
	session->connection = config->n_connections++;
	for (uint32_t i = 0; interface && i < config->n_interfaces; i++)
		if (strcmp(config->interfaces[i].name, interface) == 0)
			connection->interface = i;
	if (interface && connection->interface == ERM_NO_INDEX) {
		connection->interface = config->n_interfaces;
		config->interfaces[config->n_interfaces++] =
			(struct erm_interface_config){ .name = strdup(interface), .source = 1 };
	}
	ck_assert_int_eq(erm_addr_parse(neighbor, &session->neighbor), 0);
	ck_assert_int_eq(erm_session_add_source(config, config->n_sessions, 0), 0);
	return config->n_sessions++;
}

static const struct erm_source_ops *ops_of_bench(void)
{
	return bench.config->sources[0].type == ERM_SOURCE_TYPE_NEIGHBOR ? &erm_source_neighbor_ops
									 : &erm_source_sockdiag_ops;
}

void bench_start(void)
{
	const struct erm_source_env env = bench_env();
	int r = bench.config->sources[0].type == ERM_SOURCE_TYPE_NEIGHBOR
			? erm_neighbor_start(&env, bench.config, 0, &fake_netlink_ops, &t.netlink,
					     &bench.source)
			: erm_sockdiag_start(&env, bench.config, 0, &fake_netlink_ops, &t.netlink,
					     &bench.source);

	ck_assert_int_eq(r, 0);
	ck_assert_uint_eq(bench.n_src + bench.n_begun, 0); /* not before start() has returned */
}

void bench_free(void)
{
	ops_of_bench()->free(bench.source);
	bench.source = NULL;
}

void bench_tear_down(void)
{
	bench_done(ops_of_bench());
	fake_kernel_done(&t.netlink.kernel);
}
