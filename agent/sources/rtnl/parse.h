/*
 * Parser of rtnetlink link messages (rtnetlink(7), linux/if_link.h).  Pure: bytes in,
 * values out; no fd, no log, no state.  Everything it is given may be hostile or cut.
 */
#ifndef ERM_SOURCES_RTNL_PARSE_H
#define ERM_SOURCES_RTNL_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/reader.h"

#define ERM_RTNL_NAME_MAX    16  /* IFNAMSIZ: 15 characters and a NUL */
#define ERM_RTNL_ALTNAME_MAX 128 /* ALTIFNAMSIZ, with its NUL */
#define ERM_RTNL_KIND_MAX    16  /* of a link kind such as "vlan"; a longer one is cut */
#define ERM_RTNL_ADDRESS_MAX 32  /* MAX_ADDR_LEN */

/* RFC 2863 ifOperStatus as IFLA_OPERSTATE numbers it. */
enum erm_rtnl_operstate {
	ERM_RTNL_OPER_UNKNOWN = 0,
	ERM_RTNL_OPER_NOT_PRESENT,
	ERM_RTNL_OPER_DOWN,
	ERM_RTNL_OPER_LOWER_LAYER_DOWN,
	ERM_RTNL_OPER_TESTING,
	ERM_RTNL_OPER_DORMANT,
	ERM_RTNL_OPER_UP,
};

/* A string inside the message: not terminated, valid as long as the message's bytes. */
struct erm_rtnl_text {
	const char *data;
	size_t len;
};

struct erm_rtnl_link {
	uint32_t ifindex;             /* never 0 */
	uint32_t flags;               /* IFF_* */
	uint32_t change;              /* UINT32_MAX: a new link, in a notification */
	char name[ERM_RTNL_NAME_MAX]; /* "" = not told */
	struct erm_reader
		altnames; /* see erm_rtnl_altname_next(); as long as the message's bytes */
	struct erm_rtnl_text alias;   /* data NULL = none; as long as the message's bytes */
	char kind[ERM_RTNL_KIND_MAX]; /* "" = none, as of a physical NIC */
	uint8_t perm_address[ERM_RTNL_ADDRESS_MAX];
	uint8_t perm_address_len;       /* 0 = not told */
	uint8_t operstate;              /* enum erm_rtnl_operstate; unknown when not told */
	bool has_carrier_attr, carrier; /* IFLA_CARRIER: what the driver says, whatever IFF_UP is */
	bool has_counts;
	bool is_count_derived;   /* from IFLA_CARRIER_CHANGES (kernels before 4.16) */
	bool is_lower_elsewhere; /* `lower` is an index in another network namespace */
	bool is_bridge_bound;    /* a VLAN that does not follow the carrier of its lower link */
	uint32_t up_count, down_count; /* carrier gained and lost since the link was made */
	uint32_t mtu;                  /* 0 = not told */
	uint32_t lower, master;        /* ifindex; 0 = none */
};

enum erm_rtnl_kind {
	ERM_RTNL_LINK_NEW = 1,
	ERM_RTNL_LINK_DEL,
	ERM_RTNL_DONE,      /* end of a dump; error is 0 or negative */
	ERM_RTNL_ERROR,     /* answer to a request; error is 0 (done) or negative */
	ERM_RTNL_OVERRUN,   /* NLMSG_OVERRUN: messages were lost */
	ERM_RTNL_OTHER,     /* well-formed, none of ours (AF_BRIDGE link messages are here too) */
	ERM_RTNL_MALFORMED, /* the envelope holds, its content does not; skipped */
};

struct erm_rtnl_message {
	enum erm_rtnl_kind kind;
	uint32_t seq;
	bool is_interrupted; /* NLM_F_DUMP_INTR: links came or went while the dump ran */
	int error;
	struct erm_rtnl_link link; /* of LINK_NEW and LINK_DEL */
};

/*
 * Takes the next message of a datagram.  1 = *ret is filled; 0 = the end; -EBADMSG = the
 * lengths do not add up and the rest is given up (*r is then at its end).  *ret is
 * touched only when 1 is returned.
 */
int erm_rtnl_message_next(struct erm_reader *r, struct erm_rtnl_message *ret);

/* Takes the next alternative name of link->altnames (work on a copy); false at the end. */
bool erm_rtnl_altname_next(struct erm_reader *altnames, struct erm_rtnl_text *ret);

#endif
