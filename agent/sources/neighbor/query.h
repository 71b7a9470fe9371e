/*
 * The conversation with the kernel about neighbours.  A look asks for the index of each
 * link by its name, then for the entry of each peer.  Never blocks; knows no clock and no
 * event loop.  A negative result means that the socket is of no use any more.
 */
#ifndef ERM_SOURCES_NEIGHBOR_QUERY_H
#define ERM_SOURCES_NEIGHBOR_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/neighbor/table.h"
#include "sources/netlink/parse.h"
#include "sources/rtnl/socket.h"

#define ERM_NEIGHBOR_BATCH_MAX    16    /* requests in one send */
#define ERM_NEIGHBOR_DISPATCH_MAX 64    /* messages of one call, give or take a datagram */
#define ERM_NEIGHBOR_RECV_SIZE    32768 /* the kernel fills the datagrams of a dump up to this */

enum erm_neighbor_phase {
	ERM_NEIGHBOR_IDLE,
	ERM_NEIGHBOR_LINKS,   /* cursor and asked are links */
	ERM_NEIGHBOR_ENTRIES, /* peers */
	ERM_NEIGHBOR_DUMPS,   /* twice the link, plus 1 for IPv6 */
	ERM_NEIGHBOR_PROBES,  /* peers */
};

/* Members are private, but for those marked. */
struct erm_neighbor_query {
	const struct erm_rtnl_socket_ops *ops;
	void *userdata;
	struct erm_neighbor_table *table;     /* not owned */
	struct erm_source_counters *counters; /* not owned */
	usec_t timeout_usec;

	enum erm_neighbor_phase phase; /* public: ERM_NEIGHBOR_IDLE = nothing is under way */
	bool is_probe;                 /* public: it is, or was last, probes and not a look */
	uint32_t n_probes;             /* public: sent by the last erm_neighbor_query_probe() */
	bool is_refused;        /* public: the kernel does not let us probe; clear it at will */
	usec_t asked, deadline; /* public: when the look began; of what is under way */

	bool uses_dumps; /* the kernel cannot be asked for one entry */
	bool is_broken;  /* something of this look was lost */
	uint32_t seq, first, n, next, cursor;
	uint32_t asks[ERM_NEIGHBOR_BATCH_MAX];
	_Alignas(8) uint8_t buf[ERM_NEIGHBOR_RECV_SIZE];
};

/* Begins a look.  As erm_neighbor_query_receive(). */
int erm_neighbor_query_look(struct erm_neighbor_query *query, usec_t now);
/* Makes the kernel confirm those that are due for it.  As erm_neighbor_query_receive(). */
int erm_neighbor_query_probe(struct erm_neighbor_query *query, usec_t now);
/*
 * Reads what is there.  1 = what was begun is complete; 0 = not yet, or it was broken and
 * has ended (phase is IDLE then).
 */
int erm_neighbor_query_receive(struct erm_neighbor_query *query, usec_t now);

#endif
