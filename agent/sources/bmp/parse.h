/*
 * BMP, RFC 7854: messages cut out of a byte stream, and what they say.  Of a message only
 * the first ERM_BMP_HEAD_MAX bytes are kept, of routes nothing but the common header: the
 * rest is counted past, so that a connection needs the same memory whatever it carries.
 * Pure, does not log.
 */
#ifndef ERM_SOURCES_BMP_PARSE_H
#define ERM_SOURCES_BMP_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "core/obs.h"

#define ERM_BMP_MESSAGE_MAX 65536 /* longer ones are refused */
#define ERM_BMP_HEAD_MAX    512   /* a Peer Down with the longest words of RFC 9003 takes 326 */

enum erm_bmp_type { /* RFC 7854 section 4.1; others are passed over */
		    ERM_BMP_ROUTE_MONITORING = 0,
		    ERM_BMP_STATS = 1,
		    ERM_BMP_PEER_DOWN = 2,
		    ERM_BMP_PEER_UP = 3,
		    ERM_BMP_INITIATION = 4,
		    ERM_BMP_TERMINATION = 5,
		    ERM_BMP_ROUTE_MIRRORING = 6,
};

enum erm_bmp_reason { /* of a Peer Down, section 4.9; 6 and above say nothing of a peer */
		      ERM_BMP_LOCAL_NOTIFICATION = 1,
		      ERM_BMP_LOCAL_FSM = 2,
		      ERM_BMP_REMOTE_NOTIFICATION = 3,
		      ERM_BMP_REMOTE_CLOSED = 4,
		      ERM_BMP_DECONFIGURED = 5,
};

/* A stream; all zero at its start. */
struct erm_bmp_stream {
	uint8_t head[ERM_BMP_HEAD_MAX];
	size_t used;  /* of head */
	size_t taken; /* of the message, head included */
	size_t total; /* length of the message; 0 = its header is not complete */
};

/* Who a message of a peer is about: the per-peer header, section 4.2. */
struct erm_bmp_peer_header {
	bool is_session; /* false: the router's own table (RFC 9069), or no address */
	uint64_t distinguisher;
	struct erm_addr addr;
	uint32_t as;
};

struct erm_bmp_message {
	uint8_t type;                    /* enum erm_bmp_type, or another number */
	struct erm_bmp_peer_header peer; /* of Stats, Peer Down and Peer Up */

	struct erm_addr local; /* Peer Up; AF_UNSPEC = not told */

	uint8_t reason;        /* Peer Down: enum erm_bmp_reason, or another number */
	bool has_notification; /* reason 1 and 3, when the PDU is whole */
	uint8_t code, subcode;
	char words
		[ERM_TEXT_MAX]; /* what the operator wrote to a shutdown, RFC 9003; "" = nothing */

	/* Stats: routes in Adj-RIB-In, of both families together or of one */
	bool has_routes, has_routes_of[ERM_FAMILY_MAX];
	uint32_t routes, routes_of[ERM_FAMILY_MAX];

	char name[ERM_TEXT_MAX]; /* Initiation: sysName, or the first text; "" = none */
	bool has_termination_reason;
	uint16_t termination_reason;
};

/*
 * Takes bytes from *data until a message is complete; both move on.  1: it is, its first
 * bytes are stream->head until the next call.  0: more is needed, all was taken.  -EBADMSG:
 * not BMP version 3, or a length that cannot be.  -EMSGSIZE: longer than ERM_BMP_MESSAGE_MAX.
 * After an error the stream is of no use.
 */
int erm_bmp_stream_take(struct erm_bmp_stream *stream, const uint8_t **data, size_t *left);

/*
 * What the complete message says.  -EBADMSG: it is too short for its type.  What is
 * behind an optional field that cannot be read is left out.
 */
int erm_bmp_message_parse(const struct erm_bmp_stream *stream, struct erm_bmp_message *ret);

/* The words of a Peer Down, as an observation has them. */
void erm_bmp_reset_take(const struct erm_bmp_message *message, struct erm_obs_session *session);

/* Of a Termination, in words. */
const char *erm_bmp_termination_text(const struct erm_bmp_message *message);

#endif
