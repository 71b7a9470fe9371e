/*
 * What a router's BGP4-MIB (RFC 4273) and IF-MIB (RFC 2863) say, made into observations.
 * Pure.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_PARSE_H
#define ERM_SOURCES_SNMP_ROUTER_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/obs.h"
#include "sources/snmp_router/line.h"

#define ERM_SNMPR_TEXT_MAX \
	255 /* of an ifName or ifDescr, with NUL; longer ones are no name of ours */

enum erm_snmpr_peer_column {
	ERM_SNMPR_PEER_STATE,
	ERM_SNMPR_PEER_ADMIN,
	ERM_SNMPR_PEER_REMOTE_AS,
	ERM_SNMPR_PEER_LAST_ERROR,
	ERM_SNMPR_PEER_TRANSITIONS,
	ERM_SNMPR_PEER_TIME,
	ERM_SNMPR_PEER_COLUMNS
};

enum erm_snmpr_if_column {
	ERM_SNMPR_IF_NAME, /* ifName or ifDescr: the row is still the same interface's */
	ERM_SNMPR_IF_OPER,
	ERM_SNMPR_IF_ADMIN,
	ERM_SNMPR_IF_SPEED,
	ERM_SNMPR_IF_MTU,
	ERM_SNMPR_IF_LAST_CHANGE,
	ERM_SNMPR_IF_COLUMNS
};

enum erm_snmpr_value_kind {
	ERM_SNMPR_VALUE_UNASKED,
	ERM_SNMPR_VALUE_NO_OBJECT,   /* the agent lacks the column */
	ERM_SNMPR_VALUE_NO_INSTANCE, /* the table has no such row */
	ERM_SNMPR_VALUE_NUMBER,
	ERM_SNMPR_VALUE_TEXT,
	ERM_SNMPR_VALUE_OTHER, /* of a type that none of our columns has */
};

struct erm_snmpr_value {
	enum erm_snmpr_value_kind kind;
	int64_t number;
	size_t len;
	char text[ERM_SNMPR_TEXT_MAX];
};

void erm_snmpr_value_take(const struct erm_snmpr_varbind *varbind, struct erm_snmpr_value *ret);

/* sysUpTime went back, and not because it wrapped (497 days): the agent was restarted. */
bool erm_snmpr_is_restart(uint32_t before, uint32_t now, usec_t between);

/* bgpPeerFsmEstablishedTransitions, carried on over its wrap. */
struct erm_snmpr_transitions {
	bool has_last;
	uint32_t last, count;
};
/* Returns the count to be told. */
uint32_t erm_snmpr_transitions_take(struct erm_snmpr_transitions *transitions, uint32_t now);

/* Falls and rises of an interface, those between two polls included as far as ifLastChange tells. */
struct erm_snmpr_link_history {
	bool has_last, was_up;
	uint32_t last_change;
	uint32_t up_count, down_count;
};
void erm_snmpr_link_history_take(struct erm_snmpr_link_history *history, bool is_up,
				 uint32_t last_change);

/*
 * 0: ret holds what the row says, but for session and its counts.  -ENOENT: no such row.
 * -EOPNOTSUPP: the agent lacks the table.  -EBADMSG: a state that is none.
 */
int erm_snmpr_peer_tell(const struct erm_snmpr_value values[ERM_SNMPR_PEER_COLUMNS],
			struct erm_obs_session *ret);

/* As above, but for interface, ifindex and counts. */
int erm_snmpr_interface_tell(const struct erm_snmpr_value values[ERM_SNMPR_IF_COLUMNS],
			     struct erm_obs_interface *ret);

#endif
