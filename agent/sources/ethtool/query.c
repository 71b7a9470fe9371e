#include "sources/ethtool/query.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "sources/ethtool/module.h"
#include "sources/ethtool/parse.h"
#include "sources/ethtool/request.h"

#define DATAGRAMS_MAX 16 /* before an answer: late ones to questions given up */

static void kernel_close(void *userdata)
{
	struct erm_ethtool_kernel *kernel = userdata;

	if (kernel->fd >= 0)
		(void)close(kernel->fd);
	kernel->fd = -1;
}

static int kernel_open(void *userdata, usec_t timeout)
{
	struct erm_ethtool_kernel *kernel = userdata;
	struct timeval limit = {
		.tv_sec = (time_t)(timeout / ERM_USEC_PER_SEC),
		.tv_usec = (suseconds_t)(timeout % ERM_USEC_PER_SEC),
	};
	struct sockaddr_nl to_kernel = { .nl_family = AF_NETLINK };
	int one = 1;
	int r = 0;

	kernel_close(kernel);
	kernel->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (kernel->fd < 0)
		return -errno;
	/* Connected, the kernel alone is heard; errors need not bring the question back. */
	(void)setsockopt(kernel->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	if (setsockopt(kernel->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) < 0 ||
	    connect(kernel->fd, (const struct sockaddr *)&to_kernel, sizeof(to_kernel)) < 0)
		r = -errno;
	if (r < 0)
		kernel_close(kernel);
	return r;
}

static int kernel_send(void *userdata, const void *data, size_t len)
{
	const struct erm_ethtool_kernel *kernel = userdata;

	return send(kernel->fd, data, len, 0) < 0 ? -errno : 0;
}

static ssize_t kernel_recv(void *userdata, void *buf, size_t size)
{
	const struct erm_ethtool_kernel *kernel = userdata;
	ssize_t n;

	do
		n = recv(kernel->fd, buf, size, MSG_TRUNC);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == EWOULDBLOCK ? -EAGAIN : -errno;
	return (size_t)n > size ? -EMSGSIZE : n;
}

const struct erm_ethtool_io erm_ethtool_kernel_io = {
	.open = kernel_open,
	.send = kernel_send,
	.recv = kernel_recv,
	.close = kernel_close,
};

static int receive(struct erm_ethtool_query *q, struct erm_ethtool_answer *answer)
{
	for (int i = 0; i < DATAGRAMS_MAX; i++) {
		ssize_t n = q->io->recv(q->userdata, q->buf, sizeof(q->buf));
		int r;

		if (n < 0)
			return n == -EAGAIN ? -ETIMEDOUT : (int)n;
		r = erm_ethtool_parse(q->buf, (size_t)n, q->seq, answer);
		if (r != 0)
			return r < 0 ? r : 0;
	}
	return -EBADMSG;
}

/* 0 when there is an answer, be it that the kernel refuses. */
static int ask(struct erm_ethtool_query *q, const struct erm_ethtool_request *request,
	       struct erm_ethtool_look *look, struct erm_ethtool_answer *answer)
{
	int r = q->io->send(q->userdata, request->bytes, request->len);

	look->counters.requests++;
	if (r == 0)
		r = receive(q, answer);
	if (r == -ETIMEDOUT)
		look->counters.timeouts++;
	else if (r == -EMSGSIZE)
		look->counters.limits_hit++;
	if (r < 0)
		look->counters.errors++;
	return r;
}

static int find_family(struct erm_ethtool_query *q, struct erm_ethtool_look *look)
{
	struct erm_ethtool_request request;
	struct erm_ethtool_answer answer = { 0 };
	int r;

	erm_ethtool_ask_family(&request, ++q->seq);
	r = ask(q, &request, look, &answer);
	if (r == 0)
		r = answer.error;
	if (r < 0)
		return r;
	if (answer.family < NLMSG_MIN_TYPE)
		return -EBADMSG;
	q->family = answer.family;
	q->reads_modules = answer.reads_modules;
	return 0;
}

void erm_ethtool_query_close(struct erm_ethtool_query *query)
{
	if (query->is_open)
		query->io->close(query->userdata);
	query->is_open = false;
}

static int ensure_open(struct erm_ethtool_query *q, struct erm_ethtool_look *look)
{
	int r;

	if (q->is_open)
		return 0;
	r = q->io->open(q->userdata, q->timeout);
	if (r < 0)
		return r;
	q->is_open = true;
	return find_family(q, look);
}

static int look_at_state(struct erm_ethtool_query *q, struct erm_ethtool_look *look)
{
	struct erm_ethtool_request request;
	struct erm_ethtool_answer answer = { 0 };
	int r;

	look->is_absent = true;
	if (!erm_ethtool_ask_linkstate(&request, q->family, ++q->seq, look->name))
		return 0;
	r = ask(q, &request, look, &answer);
	if (r < 0)
		return r;
	/* Every interface has a state, though a driver may fail to tell it. */
	look->is_absent = answer.error == -ENODEV;
	if (answer.error < 0)
		return 0;
	look->ifindex = answer.ifindex;
	erm_ethtool_link_text(answer.link_state, answer.link_substate, look->optics.link_text);
	return 0;
}

static int look_at_speed(struct erm_ethtool_query *q, struct erm_ethtool_look *look)
{
	struct erm_ethtool_request request;
	struct erm_ethtool_answer answer = { 0 };
	int r;

	if (!erm_ethtool_ask_linkmodes(&request, q->family, ++q->seq, look->name))
		return 0;
	r = ask(q, &request, look, &answer);
	if (r < 0 || answer.error < 0)
		return r;
	look->ifindex = answer.ifindex;
	look->optics.speed_mbps = answer.speed_mbps;
	return 0;
}

static int read_piece(struct erm_ethtool_query *q, struct erm_ethtool_look *look,
		      struct erm_module_reader *reader, const struct erm_module_request *piece)
{
	struct erm_ethtool_request request;
	struct erm_ethtool_answer answer = { 0 };
	int r;

	if (!erm_ethtool_ask_module(&request, q->family, ++q->seq, look->name, piece))
		return -ENODEV;
	r = ask(q, &request, look, &answer);
	if (r < 0)
		return r;
	if (answer.error < 0) {
		look->module_error = erm_module_reader_fail(reader, answer.error);
		return 0;
	}
	look->module_error = erm_module_reader_take(reader, answer.eeprom, answer.eeprom_len);
	return 0;
}

static void tell_module(struct erm_ethtool_look *look)
{
	switch (-look->module_error) {
	case EPERM:
	case EACCES:
		look->module = ERM_ETHTOOL_MODULE_DENIED;
		break;
	case EOPNOTSUPP:
		look->module = ERM_ETHTOOL_MODULE_UNSUPPORTED;
		look->optics.is_known = true;
		break;
	case ENODEV: /* it was pulled out */
		look->module = ERM_ETHTOOL_MODULE_READ;
		look->optics.is_known = true;
		break;
	default:
		look->module = ERM_ETHTOOL_MODULE_FAILED;
		look->counters.errors++;
		break;
	}
}

static int look_at_module(struct erm_ethtool_query *q, struct erm_ethtool_look *look)
{
	struct erm_module_reader reader;
	struct erm_module_request piece;
	int r = 0;

	erm_module_reader_init(&reader);
	while (look->module_error == 0 && erm_module_reader_next(&reader, &piece)) {
		r = read_piece(q, look, &reader, &piece);
		if (r < 0)
			return r;
	}
	if (look->module_error == 0)
		erm_module_reader_decode(&reader, &look->optics);
	else
		tell_module(look);
	return 0;
}

static bool is_bare(const struct erm_ethtool_look *look)
{
	return look->ifindex != 0 && look->ifindex == look->bare_ifindex;
}

void erm_ethtool_query_look(struct erm_ethtool_query *query, struct erm_ethtool_look *look,
			    usec_t timeout)
{
	int r;

	if (query->timeout != timeout)
		erm_ethtool_query_close(query);
	query->timeout = timeout;
	r = ensure_open(query, look);
	if (r == 0)
		r = look_at_state(query, look);
	if (r == 0 && !look->is_absent)
		r = look_at_speed(query, look);
	if (r < 0) {
		look->error = r;
		erm_ethtool_query_close(query);
		return;
	}
	if (look->is_absent) {
		look->optics.is_known = true;
		return;
	}
	if (is_bare(look) || !query->reads_modules) {
		look->module_error = -EOPNOTSUPP;
		tell_module(look);
		return;
	}
	r = look_at_module(query, look);
	if (r < 0) {
		/* The link was told; a driver that does not answer is the module's affair. */
		look->module = ERM_ETHTOOL_MODULE_FAILED;
		look->module_error = r;
		erm_ethtool_query_close(query);
	}
}
