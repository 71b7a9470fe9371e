/*
 * One look at all of BGP's sockets: a dump of each address family, and whether what came
 * is the whole truth.  Feeds erm_sockdiag_sessions; never blocks; knows no clock and no
 * event loop.  A negative result means that the socket is of no use any more.
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
#include "sources/rtnl_socket.h"
#include "sources/sockdiag_sessions.h"

#define ERM_SOCKDIAG_RECV_SIZE    32768 /* the kernel fills the datagrams of a dump up to this */
#define ERM_SOCKDIAG_DISPATCH_MAX 64    /* messages of one call, give or take a datagram */

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
	int family;
	unsigned int n_parts;   /* datagrams with sockets, of this dump */
	bool is_pieced;         /* a dump of this round took several */
	bool is_broken;         /* something of this round was lost */
	bool is_second;         /* begun anew */
	unsigned int n_repeats; /* rounds in a row that were broken */
	_Alignas(8) uint8_t buf[ERM_SOCKDIAG_RECV_SIZE];
};

/* Begins a round.  As erm_sockdiag_round_receive(). */
int erm_sockdiag_round_begin(struct erm_sockdiag_round *round, usec_t now);

/*
 * Reads what is there.  1 = the round is complete, and sessions may be judged; 0 = it is
 * not, or it was broken and has ended (is_running is false then): begin another.
 */
int erm_sockdiag_round_receive(struct erm_sockdiag_round *round, usec_t now);

#endif
