/*
 * The paper kernel of rtnl_fake.h with sockets and neighbours instead of links, for the
 * tests of the sock-diag and neighbor sources, and what these tests share.
 */
#ifndef ERM_TESTS_NETLINK_FAKE_H
#define ERM_TESTS_NETLINK_FAKE_H

#include "rtnl_fake.h"
#include "source_bench.h"

#define FAKE_TCP_MAX 32
#define FAKE_NUD_MAX 8

struct fake_tcp {
	const char *local, *peer;
	uint16_t local_port, peer_port;
	uint64_t cookie;
	bool is_dual;   /* IPv4 on a socket for both families */
	bool is_closed; /* found when asked for alone, in another state */
	uint64_t bytes; /* said by each side */
};

struct fake_nud {
	const char *link, *addr;
	uint16_t state;
	uint8_t flags;
};

struct fake_netlink {
	struct fake_kernel kernel;
	struct fake_tcp tcps[FAKE_TCP_MAX];
	size_t n_tcps;
	const char *links[4]; /* their ifindex: the position plus 2 */
	struct fake_nud nuds[FAKE_NUD_MAX];
	size_t n_nuds;
	/* Faults, each counted down as it is used. */
	unsigned int n_mute;     /* requests that get no answer */
	unsigned int n_skipping; /* dumps that pass over the first socket, in two pieces */
	unsigned int n_garbled;  /* dumps with a message that does not add up */
	unsigned int n_overrun;  /* dumps in which recv() says ENOBUFS once */
	int open_error[ERM_RTNL_SOCKET_MAX];
	int dump_error, get_error, probe_error; /* each is answered by this; 0 = none */
	/* What was asked. */
	unsigned int n_dumps, n_gets, n_names, n_probes;
	uint8_t probe_flags;
};

extern const struct erm_rtnl_socket_ops fake_netlink_ops; /* userdata: struct fake_netlink */

/* A notice that the socket was destroyed. */
void fake_tcp_notify(struct fake_netlink *netlink, const struct fake_tcp *tcp);
struct fake_tcp *fake_tcp_add(struct fake_netlink *netlink, const char *peer, uint64_t cookie);

struct netlink_bench {
	struct fake_netlink netlink;
	enum erm_bgp_state bgp[FAKE_TCP_MAX]; /* of sessions, as told */
	enum erm_neighbor_state nud[FAKE_TCP_MAX];
	unsigned int n_neighbor;
};

extern struct netlink_bench t;

/* A source of this type at position 0, a kernel at 1, no sessions. */
void bench_set_up(enum erm_source_type type);
void bench_tear_down(void);
/* Over an interface when one is named; its position. */
uint32_t bench_session(const char *neighbor, const char *interface);
void bench_start(void);
void bench_free(void);

#endif
