/*
 * One look at all of BGP's sockets: a dump of each address family, and whether what came
 * is the whole truth.  Feeds erm_sockdiag_sessions; never blocks; knows no clock and no
 * event loop.  A negative result means that the socket is of no use any more.
 *
 * A dump makes the kernel walk its whole table of connections, which has one entry for
 * some 100 kB of memory: half a millisecond with 24 GB.  So sockets that are known are
 * asked for one by one, which takes microseconds, and a round follows only when one of
 * them is not as it was.
 *
 * The kernel works a dump off in pieces, and looks a piece up by how many sockets came
 * before it: one that ends in between can make it pass over another.  So the loss of an
 * Established session is believed at once only when its dump came in one piece; otherwise
 * the round is begun anew, once.
 */
#ifndef ERM_SOURCES_SOCKDIAG_ROUND_H
#define ERM_SOURCES_SOCKDIAG_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/rtnl/socket.h"
#include "sources/sockdiag/sessions.h"

#define ERM_SOCKDIAG_RECV_SIZE    32768 /* the kernel fills the datagrams of a dump up to this */
#define ERM_SOCKDIAG_DISPATCH_MAX 64    /* messages of one call, give or take a datagram */

#define ERM_SOCKDIAG_BATCH_MAX 16 /* requests in one send */

enum erm_sockdiag_found {                       /* what begin(), check() and receive() come to */
			  ERM_SOCKDIAG_WAITING, /* or broken: is_running is false then, begin another */
			  ERM_SOCKDIAG_COMPLETE, /* a round: sessions may be judged */
			  ERM_SOCKDIAG_SAME,     /* a check: all that were Established still are */
};

/* Members are private, but for those marked. */
struct erm_sockdiag_round {
	const struct erm_rtnl_socket_ops *ops;
	void *userdata;
	struct erm_sockdiag_sessions *sessions; /* not owned */
	struct erm_source_counters *counters;   /* not owned */
	usec_t timeout_usec;

	bool is_running; /* public */
	usec_t asked;    /* public: when the round began: what it found is not older */
	usec_t deadline; /* public: of the dump under way */

	uint32_t seq;
	bool is_check, is_doubted;       /* one of those that were checked is not as it was */
	uint32_t first, n, next, cursor; /* of a check: of the batch under way; next session */
	uint32_t asks[ERM_SOCKDIAG_BATCH_MAX];
	int family;
	unsigned int n_parts;   /* datagrams with sockets, of this dump */
	bool is_pieced;         /* a dump of this round took several */
	bool is_broken;         /* something of this round was lost */
	bool is_second;         /* begun anew */
	unsigned int n_repeats; /* rounds in a row that were broken */
	_Alignas(8) uint8_t buf[ERM_SOCKDIAG_RECV_SIZE];
};

/* Each returns an enum erm_sockdiag_found or a negative errno. */
int erm_sockdiag_round_begin(struct erm_sockdiag_round *round, usec_t now);
/* Checks those that are Established; turns into a round when one of them is not as it was. */
int erm_sockdiag_round_check(struct erm_sockdiag_round *round, usec_t now);
/* Reads what is there. */
int erm_sockdiag_round_receive(struct erm_sockdiag_round *round, usec_t now);

#endif
