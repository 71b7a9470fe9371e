/*
 * The envelope of netlink messages and their attributes, for the sources whose messages
 * are not links (those are rtnl_parse's).  Pure: bytes in, values out.  Everything it is
 * given may be hostile or cut.
 */
#ifndef ERM_SOURCES_NETLINK_PARSE_H
#define ERM_SOURCES_NETLINK_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reader.h"

enum erm_netlink_kind {
	ERM_NETLINK_DATA = 1,  /* of the family's own: see type and payload */
	ERM_NETLINK_DONE,      /* end of a dump; error is 0 or negative */
	ERM_NETLINK_ERROR,     /* answer to a request; error is 0 (done) or negative */
	ERM_NETLINK_OVERRUN,   /* NLMSG_OVERRUN: messages were lost */
	ERM_NETLINK_OTHER,     /* NLMSG_NOOP and what is reserved */
	ERM_NETLINK_MALFORMED, /* the lengths hold, the content does not; skipped */
};

struct erm_netlink_message {
	enum erm_netlink_kind kind;
	uint16_t type;
	uint32_t seq;
	bool is_interrupted; /* NLM_F_DUMP_INTR */
	int error;
	struct erm_reader payload; /* of DATA; as long as the datagram's bytes */
};

/*
 * Takes the next message of a datagram.  1 = *ret is filled; 0 = the end; -EBADMSG = the
 * lengths do not add up and the rest is given up.  *ret is touched only when 1 is returned.
 */
int erm_netlink_message_next(struct erm_reader *r, struct erm_netlink_message *ret);

struct erm_netlink_attr {
	uint16_t type; /* without NLA_F_NESTED and NLA_F_NET_BYTEORDER */
	struct erm_reader value;
};

/* As erm_netlink_message_next(), for the attributes behind a family's header. */
int erm_netlink_attr_next(struct erm_reader *r, struct erm_netlink_attr *ret);

#endif
