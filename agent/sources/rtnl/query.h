/*
 * The conversation with the kernel: what is wanted, the one request under way, its
 * answers and its deadline, the notifications.  Feeds erm_rtnl_links; never blocks; knows
 * no clock and no event loop.  A negative result means that the sockets are of no use any
 * more; what was missed without that is asked again and counted as a resync.
 *
 * rtnetlink works a request off inside sendto(2), so its answer is there when that
 * returns: it is read at once, and only long dumps come back through the loop.
 */
#ifndef ERM_SOURCES_RTNL_QUERY_H
#define ERM_SOURCES_RTNL_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/rtnl/links.h"
#include "sources/rtnl/socket.h"

#define ERM_RTNL_BATCH_MAX 16    /* requests in one send */
#define ERM_RTNL_RECV_SIZE 32768 /* the kernel fills the datagrams of a dump up to this */

/* Messages that one call takes from a socket at most, give or take a datagram. */
#define ERM_RTNL_DISPATCH_MAX 64

enum erm_rtnl_query_kind { ERM_RTNL_QUERY_NONE, ERM_RTNL_QUERY_BATCH, ERM_RTNL_QUERY_DUMP };

/* Members are private, but for those marked. */
struct erm_rtnl_query {
	const struct erm_rtnl_socket_ops *ops;
	void *userdata;
	struct erm_rtnl_links *links;         /* not owned */
	struct erm_source_counters *counters; /* not owned */
	usec_t timeout_usec;

	bool wants_dump; /* public: set it for a full dump with a report */
	bool is_ready;   /* public: a dump with a report is complete; clear it when told */
	bool is_good;    /* public: something was answered; clear it at will */

	enum erm_rtnl_query_kind kind; /* the request under way */
	uint32_t seq;                  /* last one given out */
	uint32_t first, n, next; /* its first sequence number; of a batch: size, answer awaited */
	struct erm_rtnl_slot *asked[ERM_RTNL_BATCH_MAX];
	bool by_name[ERM_RTNL_BATCH_MAX];
	bool is_report, is_interrupted; /* of a dump */
	usec_t deadline, redump_at;
	unsigned int n_timeouts, n_redumps;
	uint8_t buf[ERM_RTNL_RECV_SIZE];
};

/* New sockets or new links: forgets the request under way.  Wants a dump. */
void erm_rtnl_query_reset(struct erm_rtnl_query *query, struct erm_rtnl_links *links,
			  usec_t timeout_usec);

/* Reads one socket until it is empty, the request is answered, or the turn's share is taken. */
int erm_rtnl_query_receive(struct erm_rtnl_query *query, enum erm_rtnl_socket_id id, usec_t now);

/* Asks for one batch or dump of what is wanted or due.  1 = asked, 0 = nothing to ask, or busy. */
int erm_rtnl_query_ask(struct erm_rtnl_query *query, usec_t now);

/* Gives up a request past its deadline; -ETIMEDOUT at the second one in a row. */
int erm_rtnl_query_check(struct erm_rtnl_query *query, usec_t now);

/* When to call ask() or, with a request under way, check(); infinity = never. */
usec_t erm_rtnl_query_next_at(const struct erm_rtnl_query *query, usec_t now);

/* Nothing is under way and nothing is due. */
bool erm_rtnl_query_is_settled(const struct erm_rtnl_query *query);

#endif
