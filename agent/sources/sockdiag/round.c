/* Owns the order of dumps and answers of a round. */
#include "sources/sockdiag/round.h"

#include <errno.h>
#include <linux/sock_diag.h>
#include <sys/socket.h>

#include "sources/netlink/parse.h"
#include "sources/sockdiag/parse.h"

#define REPEATS_AT_ONCE 3 /* of a broken round; then it waits for the next poll */

static int send_dump(struct erm_sockdiag_round *round, int family, usec_t now)
{
	struct erm_sockdiag_request request = { 0 };

	round->family = family;
	round->n_parts = 0;
	round->deadline = erm_usec_add(now, round->timeout_usec);
	round->counters->requests++;
	erm_sockdiag_request_dump(&request, family, ++round->seq);
	return round->ops->send(round->userdata, request.bytes, request.len);
}

static int start(struct erm_sockdiag_round *round, bool is_second, usec_t now)
{
	bool has_ipv4 = erm_sockdiag_sessions_has_ipv4(round->sessions);

	round->is_running = true;
	round->is_check = false;
	round->is_second = is_second;
	round->is_broken = round->is_pieced = false;
	round->asked = now;
	erm_sockdiag_sessions_begin(round->sessions);
	/* IPv4 on a socket for both families, as of GoBGP, is among those of IPv6. */
	return send_dump(round, has_ipv4 ? AF_INET : AF_INET6, now);
}

int erm_sockdiag_round_begin(struct erm_sockdiag_round *round, usec_t now)
{
	int r = start(round, false, now);

	return r < 0 ? r : erm_sockdiag_round_receive(round, now);
}

/* All families are through. */
static int end_round(struct erm_sockdiag_round *round, usec_t now)
{
	round->is_running = false;
	if (round->is_broken) {
		round->counters->resyncs++;
		if (++round->n_repeats > REPEATS_AT_ONCE) {
			round->n_repeats = 0;
			return 0;
		}
		return start(round, round->is_second, now);
	}
	round->n_repeats = 0;
	if (round->is_pieced && !round->is_second &&
	    erm_sockdiag_sessions_count_lost(round->sessions) > 0) {
		round->counters->resyncs++;
		return start(round, true, now);
	}
	return ERM_SOCKDIAG_COMPLETE;
}

static int end_dump(struct erm_sockdiag_round *round, int error, usec_t now)
{
	if (error < 0)
		return error;
	round->is_pieced = round->is_pieced || round->n_parts > 1;
	if (round->family == AF_INET)
		return send_dump(round, AF_INET6, now);
	return end_round(round, now);
}

/* Asks for the next of those that are to be checked; with none left, the check is complete. */
static int go_on_checking(struct erm_sockdiag_round *round, usec_t now)
{
	struct erm_sockdiag_request request = { 0 };
	const struct erm_sockdiag_id *id;
	uint32_t *cursor = &round->cursor;

	round->first = round->seq + 1;
	round->n = round->next = 0;
	while (round->n < ERM_SOCKDIAG_BATCH_MAX && !round->is_doubted &&
	       (id = erm_sockdiag_sessions_next_established(round->sessions, cursor)) &&
	       erm_sockdiag_request_add(&request, id, round->seq + 1)) {
		round->asks[round->n++] = (*cursor)++;
		round->seq++;
	}
	if (round->n > 0) {
		round->counters->requests += round->n;
		round->deadline = erm_usec_add(now, round->timeout_usec);
		return round->ops->send(round->userdata, request.bytes, request.len);
	}
	if (round->is_doubted || round->is_broken)
		return start(round, false, now);
	round->is_running = false;
	return ERM_SOCKDIAG_SAME;
}

int erm_sockdiag_round_check(struct erm_sockdiag_round *round, usec_t now)
{
	int r;

	round->is_running = round->is_check = true;
	round->is_doubted = round->is_broken = false;
	round->cursor = 0;
	round->asked = now;
	r = go_on_checking(round, now);
	return r != ERM_SOCKDIAG_WAITING ? r : erm_sockdiag_round_receive(round, now);
}

static int take_checked(struct erm_sockdiag_round *round, const struct erm_netlink_message *message,
			usec_t now)
{
	uint32_t i = message->seq - round->first;
	struct erm_sockdiag_socket socket;

	if (i >= round->n || i < round->next)
		return ERM_SOCKDIAG_WAITING; /* late: of a look given up */
	if (i > round->next || message->kind != ERM_NETLINK_DATA ||
	    erm_sockdiag_parse(message->payload, &socket) < 0 ||
	    !erm_sockdiag_sessions_still_holds(round->sessions, round->asks[i], &socket, now))
		round->is_doubted = true;
	round->next = i + 1;
	return round->next < round->n ? ERM_SOCKDIAG_WAITING : go_on_checking(round, now);
}

static void take_socket(struct erm_sockdiag_round *round, const struct erm_netlink_message *message,
			usec_t now)
{
	struct erm_sockdiag_socket socket;

	if (message->type != SOCK_DIAG_BY_FAMILY)
		return;
	if (erm_sockdiag_parse(message->payload, &socket) == 0) {
		erm_sockdiag_sessions_take(round->sessions, &socket, now);
		return;
	}
	round->counters->errors++;
	round->is_broken = true;
}

static int take_message(struct erm_sockdiag_round *round, const struct erm_netlink_message *message,
			usec_t now)
{
	if (message->kind == ERM_NETLINK_OVERRUN) {
		round->is_broken = true;
		return 0;
	}
	if (round->is_check)
		return take_checked(round, message, now);
	if (message->seq != round->seq || !round->is_running)
		return 0;
	round->is_broken = round->is_broken || message->is_interrupted;
	switch (message->kind) {
	case ERM_NETLINK_DATA:
		take_socket(round, message, now);
		return 0;
	case ERM_NETLINK_DONE:
	case ERM_NETLINK_ERROR:
		return end_dump(round, message->error, now);
	case ERM_NETLINK_MALFORMED:
		return -EBADMSG;
	case ERM_NETLINK_OVERRUN:
	case ERM_NETLINK_OTHER:
		break;
	}
	return 0;
}

static int take_datagram(struct erm_sockdiag_round *round, size_t len, usec_t now, unsigned int *n)
{
	struct erm_reader reader = erm_reader_init(round->buf, len);
	struct erm_netlink_message message;
	bool has_data = false;
	int k, r = 0;

	while (r == 0 && (k = erm_netlink_message_next(&reader, &message)) != 0) {
		if (k < 0) {
			round->counters->errors++;
			round->is_broken = true;
			break;
		}
		(*n)++;
		if (message.kind == ERM_NETLINK_DATA && !has_data) {
			has_data = true;
			round->n_parts++;
		}
		r = take_message(round, &message, now);
	}
	return r;
}

int erm_sockdiag_round_receive(struct erm_sockdiag_round *round, usec_t now)
{
	unsigned int n = 0;

	while (n < ERM_SOCKDIAG_DISPATCH_MAX && round->is_running) {
		ssize_t len = round->ops->recv(round->userdata, ERM_RTNL_SOCKET_REQUESTS,
					       round->buf, sizeof(round->buf));
		int r;

		if (len == -EAGAIN)
			return 0;
		n++;
		if (len == -ENOBUFS || len == -EMSGSIZE) {
			round->counters->limits_hit += len == -EMSGSIZE;
			round->is_broken = true;
			continue;
		}
		if (len < 0)
			return (int)len;
		r = take_datagram(round, (size_t)len, now, &n);
		if (r != 0)
			return r;
	}
	return 0;
}
