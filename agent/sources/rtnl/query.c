/* Owns the order of requests and answers; when to ask is its caller's to say. */
#include "sources/rtnl/query.h"

#include <assert.h>
#include <errno.h>

#include "sources/rtnl/request.h"

#define SINGLES_MAX       30 /* links to ask for above which one dump is cheaper ... */
#define DUMP_LINK_RATIO   8  /* ... unless it brings so many links for each one wanted */
#define TIMEOUTS_MAX      2  /* one may be an answer dropped for want of room */
#define REDUMPS_AT_ONCE   3
#define REDUMP_DELAY_USEC (50 * ERM_USEC_PER_MSEC)

/* Something was missed: nothing but a full dump brings certainty. */
static void resync(struct erm_rtnl_query *q)
{
	q->counters->resyncs++;
	q->wants_dump = true;
}

static void end_request(struct erm_rtnl_query *q)
{
	q->kind = ERM_RTNL_QUERY_NONE;
	q->n_timeouts = 0;
	q->is_good = true;
}

static void end_dump(struct erm_rtnl_query *q, int error, usec_t now)
{
	bool is_complete = !q->is_interrupted && error == 0;

	end_request(q);
	erm_rtnl_links_dump_end(q->links, is_complete, now);
	if (is_complete) {
		q->n_redumps = 0;
		q->is_ready = q->is_ready || q->is_report;
		return;
	}
	if (error < 0)
		q->counters->errors++;
	resync(q);
	/* Where links come and go all the time, the dumps must not take all of ours. */
	if (++q->n_redumps > REDUMPS_AT_ONCE || error < 0)
		q->redump_at = erm_usec_add(now, REDUMP_DELAY_USEC);
}

static void take_link(struct erm_rtnl_query *q, const struct erm_rtnl_link *link, usec_t now)
{
	if (erm_rtnl_links_answer(q->links, link, now) < 0)
		q->counters->limits_hit++;
}

static void take_dump_answer(struct erm_rtnl_query *q, const struct erm_rtnl_message *message,
			     usec_t now)
{
	if (message->seq != q->first)
		return; /* late: of a request given up */
	q->is_interrupted = q->is_interrupted || message->is_interrupted;
	switch (message->kind) {
	case ERM_RTNL_LINK_NEW:
		take_link(q, &message->link, now);
		break;
	case ERM_RTNL_DONE:
	case ERM_RTNL_ERROR:
		end_dump(q, message->error, now);
		break;
	case ERM_RTNL_MALFORMED:
		q->counters->errors++;
		q->is_interrupted = true;
		break;
	case ERM_RTNL_LINK_DEL:
	case ERM_RTNL_OVERRUN:
	case ERM_RTNL_OTHER:
		break;
	}
}

/* An old kernel that knows no alternative names calls a request by one invalid. */
static bool is_missing(const struct erm_rtnl_message *message, bool by_name)
{
	return message->kind == ERM_RTNL_ERROR &&
	       (message->error == -ENODEV || (message->error == -EINVAL && by_name));
}

static void take_batch_answer(struct erm_rtnl_query *q, const struct erm_rtnl_message *message,
			      usec_t now)
{
	uint32_t i = message->seq - q->first;

	if (i >= q->n || i < q->next)
		return; /* late: of a request given up */
	if (i > q->next)
		resync(q); /* answers in between were dropped for want of room */
	q->next = i + 1;
	if (message->kind == ERM_RTNL_LINK_NEW)
		take_link(q, &message->link, now);
	else if (is_missing(message, q->by_name[i]))
		erm_rtnl_links_missing(q->links, q->asked[i], now);
	else
		q->counters->errors++;
	if (q->next == q->n)
		end_request(q);
}

static void take_answer(struct erm_rtnl_query *q, const struct erm_rtnl_message *message,
			usec_t now)
{
	if (message->kind == ERM_RTNL_OVERRUN) {
		q->is_interrupted = true;
		resync(q);
		return;
	}
	switch (q->kind) {
	case ERM_RTNL_QUERY_NONE:
		break;
	case ERM_RTNL_QUERY_BATCH:
		take_batch_answer(q, message, now);
		break;
	case ERM_RTNL_QUERY_DUMP:
		take_dump_answer(q, message, now);
		break;
	}
}

static void take_event(struct erm_rtnl_query *q, const struct erm_rtnl_message *message, usec_t now)
{
	switch (message->kind) {
	case ERM_RTNL_LINK_NEW:
	case ERM_RTNL_LINK_DEL:
		q->counters->events++;
		(void)erm_rtnl_links_notify(q->links, message, now);
		break;
	case ERM_RTNL_OVERRUN:
		resync(q);
		break;
	case ERM_RTNL_MALFORMED:
		q->counters->errors++;
		resync(q);
		break;
	case ERM_RTNL_DONE:
	case ERM_RTNL_ERROR:
	case ERM_RTNL_OTHER:
		break;
	}
}

/* The number of messages in it. */
static unsigned int take_datagram(struct erm_rtnl_query *q, enum erm_rtnl_socket_id id, size_t len,
				  usec_t now)
{
	struct erm_reader r = erm_reader_init(q->buf, len);
	struct erm_rtnl_message message;
	unsigned int n = 0;
	int k;

	while ((k = erm_rtnl_message_next(&r, &message)) > 0) {
		n++;
		if (id == ERM_RTNL_SOCKET_EVENTS)
			take_event(q, &message, now);
		else
			take_answer(q, &message, now);
	}
	if (k < 0) {
		q->counters->errors++;
		q->is_interrupted = q->is_interrupted || id == ERM_RTNL_SOCKET_REQUESTS;
		resync(q);
	}
	return n;
}

int erm_rtnl_query_receive(struct erm_rtnl_query *q, enum erm_rtnl_socket_id id, usec_t now)
{
	unsigned int n = 0;

	while (n < ERM_RTNL_DISPATCH_MAX) {
		ssize_t len = q->ops->recv(q->userdata, id, q->buf, sizeof(q->buf));

		if (len == -EAGAIN)
			return 0;
		if (len == -ENOBUFS || len == -EMSGSIZE) {
			if (len == -EMSGSIZE)
				q->counters->limits_hit++;
			q->is_interrupted = q->is_interrupted || id == ERM_RTNL_SOCKET_REQUESTS;
			resync(q);
			n++;
			continue;
		}
		if (len < 0)
			return (int)len;
		n += 1 + take_datagram(q, id, (size_t)len, now);
		if (id == ERM_RTNL_SOCKET_REQUESTS && q->kind == ERM_RTNL_QUERY_NONE)
			return 0;
	}
	return 0;
}

static int send_request(struct erm_rtnl_query *q, const struct erm_rtnl_request *request,
			usec_t now)
{
	int r;

	q->deadline = erm_usec_add(now, q->timeout_usec);
	r = q->ops->send(q->userdata, request->bytes, request->len);
	if (r < 0)
		return r;
	r = erm_rtnl_query_receive(q, ERM_RTNL_SOCKET_REQUESTS, now);
	return r < 0 ? r : 1;
}

static int ask_dump(struct erm_rtnl_query *q, usec_t now)
{
	struct erm_rtnl_request request = { 0 };

	q->kind = ERM_RTNL_QUERY_DUMP;
	q->first = ++q->seq;
	q->is_report = q->wants_dump;
	q->is_interrupted = false;
	q->wants_dump = false;
	q->counters->requests++;
	erm_rtnl_links_dump_begin(q->links);
	(void)erm_rtnl_request_add_dump(&request, q->first);
	return send_request(q, &request, now);
}

static int ask_batch(struct erm_rtnl_query *q, usec_t now)
{
	struct erm_rtnl_request request = { 0 };
	struct erm_rtnl_slot *slot;
	const char *name;
	uint32_t ifindex;

	q->first = q->seq + 1;
	q->n = q->next = 0;
	while (q->n < ERM_RTNL_BATCH_MAX &&
	       (slot = erm_rtnl_links_next_due(q->links, &ifindex, &name))) {
		uint32_t seq = ++q->seq;
		bool is_added = ifindex > 0 ? erm_rtnl_request_add_index(&request, seq, ifindex)
					    : erm_rtnl_request_add_name(&request, seq, name);

		assert(is_added); /* a request holds as many of the longest */
		(void)is_added;
		q->by_name[q->n] = ifindex == 0;
		q->asked[q->n++] = slot;
	}
	if (q->n == 0)
		return 0;
	q->kind = ERM_RTNL_QUERY_BATCH;
	q->counters->requests += q->n;
	return send_request(q, &request, now);
}

static bool is_dump_cheaper(const struct erm_rtnl_query *q)
{
	uint32_t n_due = erm_rtnl_links_n_due(q->links);

	return n_due > SINGLES_MAX &&
	       erm_rtnl_links_n_dumped(q->links) <= (uint64_t)n_due * DUMP_LINK_RATIO;
}

int erm_rtnl_query_ask(struct erm_rtnl_query *q, usec_t now)
{
	if (q->kind != ERM_RTNL_QUERY_NONE)
		return 0;
	if ((q->wants_dump && now >= q->redump_at) || is_dump_cheaper(q))
		return ask_dump(q, now);
	return ask_batch(q, now);
}

int erm_rtnl_query_check(struct erm_rtnl_query *q, usec_t now)
{
	if (q->kind == ERM_RTNL_QUERY_NONE || now < q->deadline)
		return 0;
	q->kind = ERM_RTNL_QUERY_NONE;
	q->counters->timeouts++;
	if (++q->n_timeouts >= TIMEOUTS_MAX)
		return -ETIMEDOUT;
	resync(q);
	return 0;
}

usec_t erm_rtnl_query_next_at(const struct erm_rtnl_query *q, usec_t now)
{
	if (q->kind != ERM_RTNL_QUERY_NONE)
		return q->deadline;
	if (erm_rtnl_links_n_due(q->links) > 0)
		return now;
	return q->wants_dump ? q->redump_at : ERM_USEC_INFINITY;
}

bool erm_rtnl_query_is_settled(const struct erm_rtnl_query *q)
{
	return q->kind == ERM_RTNL_QUERY_NONE && erm_rtnl_links_n_due(q->links) == 0;
}

void erm_rtnl_query_reset(struct erm_rtnl_query *q, struct erm_rtnl_links *links,
			  usec_t timeout_usec)
{
	q->links = links;
	q->timeout_usec = timeout_usec;
	q->kind = ERM_RTNL_QUERY_NONE; /* late answers have sequence numbers of the past */
	q->wants_dump = true;
	q->is_ready = q->is_good = false;
	q->redump_at = 0;
	q->n_timeouts = q->n_redumps = 0;
}
