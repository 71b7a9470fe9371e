/* Owns the order of requests and answers of a look. */
#include "sources/neighbor/query.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "sources/rtnl/request.h"

static bool link_has(const struct erm_neighbor_table *table, uint32_t link, int family)
{
	const struct erm_neighbor_link *l = &table->links[link];

	for (uint32_t i = l->first; l->ifindex > 0 && i < l->first + l->n; i++)
		if (table->peers[i].entry.addr.family == family)
			return true;
	return false;
}

static uint32_t count_of(const struct erm_neighbor_query *q)
{
	switch (q->phase) {
	case ERM_NEIGHBOR_IDLE:
		break;
	case ERM_NEIGHBOR_LINKS:
		return q->table->n_links;
	case ERM_NEIGHBOR_ENTRIES:
	case ERM_NEIGHBOR_PROBES:
		return q->table->n_peers;
	case ERM_NEIGHBOR_DUMPS:
		return 2 * q->table->n_links;
	}
	return 0;
}

/* 1 = the request for i was added, 0 = nothing is to be asked for it, -ENOSPC. */
static int add(struct erm_neighbor_query *q, struct erm_rtnl_request *request, uint32_t i,
	       usec_t now)
{
	const struct erm_neighbor_link *link;
	struct erm_neighbor_peer *peer;
	bool is_added = false;
	int family = i % 2 == 0 ? AF_INET : AF_INET6;

	switch (q->phase) {
	case ERM_NEIGHBOR_IDLE:
		return 0;
	case ERM_NEIGHBOR_LINKS:
		is_added = erm_rtnl_request_add_name(request, q->seq + 1, q->table->links[i].name);
		break;
	case ERM_NEIGHBOR_ENTRIES:
		peer = &q->table->peers[i];
		link = &q->table->links[peer->link];
		if (link->ifindex == 0)
			return 0;
		is_added = erm_neighbor_request_get(request, q->seq + 1, link->ifindex,
						    &peer->entry.addr);
		break;
	case ERM_NEIGHBOR_DUMPS:
		if (!link_has(q->table, i / 2, family))
			return 0;
		is_added = erm_neighbor_request_dump(request, q->seq + 1,
						     q->table->links[i / 2].ifindex, family);
		break;
	case ERM_NEIGHBOR_PROBES:
		if (!erm_neighbor_table_take_probe(q->table, i, now))
			return 0;
		is_added =
			erm_neighbor_request_probe(request, q->seq + 1, &q->table->peers[i].entry);
		break;
	}
	return is_added ? 1 : -ENOSPC;
}

/* 1 = a batch is under way, 0 = nothing more is to be asked in this phase. */
static int send_batch(struct erm_neighbor_query *q, usec_t now)
{
	uint32_t max = q->phase == ERM_NEIGHBOR_DUMPS ? 1 : ERM_NEIGHBOR_BATCH_MAX;
	struct erm_rtnl_request request = { 0 };
	int r;

	q->first = q->seq + 1;
	q->n = q->next = 0;
	for (; q->n < max && q->cursor < count_of(q); q->cursor++) {
		r = add(q, &request, q->cursor, now);
		if (r < 0)
			break;
		if (r == 0)
			continue;
		q->asks[q->n++] = q->cursor;
		q->seq++;
		q->n_probes += q->phase == ERM_NEIGHBOR_PROBES;
	}
	if (q->n == 0)
		return 0;
	q->deadline = erm_usec_add(now, q->timeout_usec);
	q->counters->requests += q->n;
	r = q->ops->send(q->userdata, request.bytes, request.len);
	return r < 0 ? r : 1;
}

/* 1 = complete, 0 = a batch is under way or all was in vain. */
static int go_on(struct erm_neighbor_query *q, usec_t now)
{
	int r;

	while ((r = send_batch(q, now)) == 0) {
		bool was_links = q->phase == ERM_NEIGHBOR_LINKS;

		q->cursor = 0;
		if (was_links) {
			q->phase = q->uses_dumps ? ERM_NEIGHBOR_DUMPS : ERM_NEIGHBOR_ENTRIES;
			continue;
		}
		q->phase = ERM_NEIGHBOR_IDLE;
		if (!q->is_broken)
			return 1;
		q->counters->resyncs++;
		return 0;
	}
	return r < 0 ? r : 0;
}

static int begin(struct erm_neighbor_query *q, enum erm_neighbor_phase phase, usec_t now)
{
	int r;

	q->phase = phase;
	q->cursor = 0;
	q->is_broken = false;
	r = go_on(q, now);
	return r != 0 || q->phase == ERM_NEIGHBOR_IDLE ? r : erm_neighbor_query_receive(q, now);
}

int erm_neighbor_query_look(struct erm_neighbor_query *q, usec_t now)
{
	q->asked = now;
	q->is_probe = false;
	erm_neighbor_table_begin(q->table);
	return begin(q, ERM_NEIGHBOR_LINKS, now);
}

int erm_neighbor_query_probe(struct erm_neighbor_query *q, usec_t now)
{
	q->is_probe = true;
	q->n_probes = 0;
	return begin(q, ERM_NEIGHBOR_PROBES, now);
}

static void take_data(struct erm_neighbor_query *q, const struct erm_netlink_message *message,
		      uint32_t ask)
{
	struct erm_neighbor_entry entry;
	uint32_t link;
	int r;

	if (q->phase == ERM_NEIGHBOR_LINKS) {
		if (message->type == RTM_NEWLINK &&
		    erm_neighbor_parse_link(message->payload, &q->table->links[ask].ifindex) == 0)
			return;
		q->counters->errors++;
		q->is_broken = true;
		return;
	}
	if (message->type != RTM_NEWNEIGH)
		return;
	link = q->phase == ERM_NEIGHBOR_DUMPS ? ask / 2 : q->table->peers[ask].link;
	r = erm_neighbor_parse(message->payload, &entry);
	if (r == 0) {
		erm_neighbor_table_take(q->table, link, &entry);
	} else if (r == -EBADMSG) {
		q->counters->errors++;
		q->is_broken = true;
	}
}

/* What an error means depends on what was asked for. */
static void take_error(struct erm_neighbor_query *q, int error)
{
	switch (q->phase) {
	case ERM_NEIGHBOR_IDLE:
		break;
	case ERM_NEIGHBOR_LINKS:
		/* An old kernel that knows no alternative names calls a request by one invalid. */
		q->counters->errors += error != -ENODEV && error != -EINVAL;
		break;
	case ERM_NEIGHBOR_ENTRIES:
		if (error == -EOPNOTSUPP)
			q->uses_dumps = q->is_broken = true;
		else if (error != -ENOENT && error != -ENODEV)
			q->counters->errors++;
		break;
	case ERM_NEIGHBOR_DUMPS:
		q->counters->errors++;
		q->is_broken = true;
		break;
	case ERM_NEIGHBOR_PROBES:
		if (error == -EPERM || error == -EACCES)
			q->is_refused = true;
		q->counters->errors += error != -ENOENT && error != -ENODEV;
		break;
	}
}

/* 1 = complete, 0 = go on, or a negative errno. */
static int take_message(struct erm_neighbor_query *q, const struct erm_netlink_message *message,
			usec_t now)
{
	uint32_t i = message->seq - q->first;

	q->is_broken = q->is_broken || message->kind == ERM_NETLINK_OVERRUN;
	if (i >= q->n || i < q->next)
		return 0; /* late: of a look given up */
	q->is_broken = q->is_broken || message->is_interrupted || i > q->next;
	q->next = i;
	switch (message->kind) {
	case ERM_NETLINK_DATA:
		take_data(q, message, q->asks[i]);
		if (q->phase == ERM_NEIGHBOR_DUMPS)
			return 0;
		break;
	case ERM_NETLINK_DONE:
	case ERM_NETLINK_ERROR:
		if (message->error < 0)
			take_error(q, message->error);
		break;
	case ERM_NETLINK_MALFORMED:
		return -EBADMSG;
	case ERM_NETLINK_OVERRUN:
	case ERM_NETLINK_OTHER:
		return 0;
	}
	q->next = i + 1;
	return q->next < q->n ? 0 : go_on(q, now);
}

static int take_datagram(struct erm_neighbor_query *q, size_t len, usec_t now, unsigned int *n)
{
	struct erm_reader reader = erm_reader_init(q->buf, len);
	struct erm_netlink_message message;
	int k, r = 0;

	while (r == 0 && q->phase != ERM_NEIGHBOR_IDLE &&
	       (k = erm_netlink_message_next(&reader, &message)) != 0) {
		if (k < 0) {
			q->counters->errors++;
			q->is_broken = true;
			break;
		}
		(*n)++;
		r = take_message(q, &message, now);
	}
	return r;
}

int erm_neighbor_query_receive(struct erm_neighbor_query *q, usec_t now)
{
	unsigned int n = 0;

	while (n < ERM_NEIGHBOR_DISPATCH_MAX && q->phase != ERM_NEIGHBOR_IDLE) {
		ssize_t len =
			q->ops->recv(q->userdata, ERM_RTNL_SOCKET_REQUESTS, q->buf, sizeof(q->buf));
		int r;

		if (len == -EAGAIN)
			return 0;
		n++;
		if (len == -ENOBUFS || len == -EMSGSIZE) {
			q->counters->limits_hit += len == -EMSGSIZE;
			q->is_broken = true;
			continue;
		}
		if (len < 0)
			return (int)len;
		r = take_datagram(q, (size_t)len, now, &n);
		if (r != 0)
			return r;
	}
	return 0;
}
