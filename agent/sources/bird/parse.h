/*
 * What BIRD 2 says on its control socket: where a reply ends, and what is in those to
 * "show protocols all", "show bfd sessions" and "show route ... all".  Knows BIRD's words
 * and nothing about sockets.  Pure, does not log.
 *
 * A line is "NNNN-text" (more follows), " text" (more of the same code), "+text" (said
 * unasked) or "NNNN text", which ends the reply.  The text of a reply is all of them.
 */
#ifndef ERM_SOURCES_BIRD_PARSE_H
#define ERM_SOURCES_BIRD_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "core/obs.h"
#include "sources/router/frame.h"

#define ERM_BIRD_OK            0 /* codes that end a reply */
#define ERM_BIRD_WELCOME       1
#define ERM_BIRD_RESTRICTED    16
#define ERM_BIRD_NO_ROUTE      8001
#define ERM_BIRD_NAME_MAX      64    /* BIRD's own limit, with NUL */
#define ERM_BIRD_PROTOCOLS_MAX 16384 /* and as many BFD sessions */

/* A reply ends behind the line that ends it; the result is that line's code. */
extern const struct erm_router_protocol erm_bird_protocol;

/* Since when a protocol is in its state, as far as it was said: local time, cut by age. */
struct erm_bird_since {
	bool has_date, has_time, has_fraction;
	uint32_t date; /* 10000 * year + 100 * month + day */
	uint32_t msec; /* of the day */
};

struct erm_bird_neighbor {
	char name[ERM_BIRD_NAME_MAX]; /* of the protocol; "" when it cannot be asked for */
	struct erm_addr address;
	struct erm_addr local; /* told while it is up only */
	struct erm_bird_since since;
	struct erm_obs_session obs; /* without counts, routes, BFD and session */
	struct erm_bird_routes {
		bool is_told;
		uint32_t imported, exported;
	} routes[ERM_FAMILY_MAX]; /* by family; [0] unused */
};

struct erm_bird_protocols {
	struct erm_bird_neighbor *neighbors; /* by address */
	size_t n;
	bool has_bfd;                /* its protocol runs */
	struct erm_bird_since start; /* of BIRD: that of the first protocol, which is no BGP */
};

/* -EBADMSG: a row that is none.  -E2BIG: over the limit.  -ENOMEM. */
int erm_bird_protocols_parse(const char *text, size_t len, struct erm_bird_protocols *ret);
void erm_bird_protocols_done(struct erm_bird_protocols *protocols);

/*
 * The neighbour of this address and, if that is given and known, this local address; of
 * several the one that is up, then one that is not disabled.  NULL: BIRD has none.
 */
const struct erm_bird_neighbor *erm_bird_protocols_find(const struct erm_bird_protocols *protocols,
							const struct erm_addr *address,
							const struct erm_addr *local);

struct erm_bird_bfd {
	struct erm_bird_bfd_session {
		struct erm_addr address;
		enum erm_bfd_state state;
	} * sessions; /* by address */
	size_t n;
};

int erm_bird_bfd_parse(const char *text, size_t len, struct erm_bird_bfd *ret);
void erm_bird_bfd_done(struct erm_bird_bfd *bfd);

/* The worst of the address's; ERM_BFD_NONE when there is none. */
enum erm_bfd_state erm_bird_bfd_find(const struct erm_bird_bfd *bfd,
				     const struct erm_addr *address);

struct erm_bird_route {
	bool is_there, has_path;
	uint32_t prepends; /* most times beyond once that 12076 stands in a row in a path */
};

struct erm_bird_route erm_bird_route_parse(const char *text, size_t len);

/*
 * Writes the request for the routes to exactly this prefix from that protocol; returns its
 * length, -EINVAL when the name cannot be asked for.
 */
int erm_bird_route_request(const struct erm_addr *prefix, unsigned int length, const char *name,
			   char *buf, size_t size);

/*
 * True when a session that was up since `a` and is up since `b` must have fallen in
 * between.  What is old is told with less precision, and what is told wavers by
 * milliseconds: neither is a fall.
 */
bool erm_bird_since_differs(const struct erm_bird_since *a, const struct erm_bird_since *b);

/* How long that is ago, in seconds; 0 = cannot tell.  now: local time, to the millisecond. */
uint32_t erm_bird_since_age(const struct erm_bird_since *since, const struct erm_bird_since *now);

#endif
