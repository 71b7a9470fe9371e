/*
 * The rows one SNMP source asks for: a peer's in BGP4-MIB, an interface's in IF-MIB; in what
 * portions, and what the last answers said.  Pure; knows nothing of sockets and of time.
 */
#ifndef ERM_SOURCES_SNMP_ROUTER_ROWS_H
#define ERM_SOURCES_SNMP_ROUTER_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/config.h"
#include "sources/snmp_router/line.h"
#include "sources/snmp_router/parse.h"

#define ERM_SNMPR_PORTION_MAX 20 /* varbinds of one request */
#define ERM_SNMPR_PORTION_MIN 2  /* sysUpTime and one more */

struct erm_snmpr_peer {
	uint32_t session; /* into config->sessions */
	struct erm_addr addr;
	struct erm_snmpr_value values[ERM_SNMPR_PEER_COLUMNS];
	struct erm_snmpr_transitions transitions;
	usec_t asked;
	int result; /* of erm_snmpr_peer_tell() */
	bool has_told;
	struct erm_obs_session now, told;
};

struct erm_snmpr_interface {
	uint32_t interface; /* into config->interfaces */
	const char *name;   /* the configuration's */
	uint32_t ifindex;   /* 0: the router has none of this name */
	bool is_by_descr;   /* found in ifDescr, not in ifName */
	struct erm_snmpr_value values[ERM_SNMPR_IF_COLUMNS];
	struct erm_snmpr_link_history history;
	usec_t asked;
	int result; /* of erm_snmpr_interface_tell(); -ESTALE: the row is another interface's */
	bool has_told;
	struct erm_obs_interface now, told;
};

struct erm_snmpr_rows {
	struct erm_snmpr_peer *peers; /* of IPv4 */
	uint32_t *others;             /* sessions that BGP4-MIB cannot tell of: IPv6 */
	struct erm_snmpr_interface *interfaces;
	uint32_t n_peers, n_others, n_interfaces;
	struct erm_snmpr_value local_as;
	bool has_uptime;
	uint32_t uptime; /* ticks */

	/* the walk for ifindexes */
	bool is_walking_descr;
	struct erm_snmpr_oid walked; /* the last name seen */
	uint32_t n_walked;           /* rows, in all */

	/* the portion asked for */
	uint32_t cursor; /* its first item */
	uint32_t n_asked;
	struct erm_snmpr_oid names[ERM_SNMPR_ASK_MAX];
};

/* Those of config that name source `index`, whose names they keep; what `old` (or NULL) knew of them is kept. */
int erm_snmpr_rows_make(const struct erm_config *config, uint32_t index,
			const struct erm_snmpr_rows *old, struct erm_snmpr_rows *ret);
void erm_snmpr_rows_done(struct erm_snmpr_rows *rows);

/* The router's counters begin anew. */
void erm_snmpr_rows_rebase(struct erm_snmpr_rows *rows);

/* --- The walk over ifName, then over ifDescr for what was not found --- */
void erm_snmpr_rows_begin_walk(struct erm_snmpr_rows *rows);
/* The next request; names are valid until the next call. */
void erm_snmpr_rows_ask_walk(struct erm_snmpr_rows *rows, struct erm_snmpr_request *ret);
/*
 * 1: there is more to walk; 0: all is known.  -EBADMSG: no walk; -E2BIG: more rows than are
 * taken, what was found holds.
 */
int erm_snmpr_rows_take_walk(struct erm_snmpr_rows *rows, const struct erm_snmpr_answer *answer);

/* --- The rows --- */
void erm_snmpr_rows_begin(struct erm_snmpr_rows *rows);
/* The next request, of at most max varbinds.  False when all has been asked. */
bool erm_snmpr_rows_ask(struct erm_snmpr_rows *rows, uint32_t max, struct erm_snmpr_request *ret);
/* 0; -EBADMSG: not what was asked for.  The uptime is in *ret_uptime. */
int erm_snmpr_rows_take(struct erm_snmpr_rows *rows, const struct erm_snmpr_answer *answer,
			usec_t asked, uint32_t *ret_uptime);
/* Judges what was taken: fills `now` and `result` of all. */
void erm_snmpr_rows_end(struct erm_snmpr_rows *rows);

#endif
