/*
 * What bgpd answers to "show bgp neighbors json", all or one: JSON -> observations.
 * Knows FRR's words and codes, and nothing about sockets.  Pure, does not log.
 * All fields but the state are optional, unknown ones are passed over, numbers may come
 * as strings.
 */
#ifndef ERM_SOURCES_FRR_PARSE_H
#define ERM_SOURCES_FRR_PARSE_H

#include <stddef.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "core/obs.h"

struct erm_frr_reply;

/* Parses in place as erm_frr_json_load() does.  -EBADMSG also: not an object of neighbours. */
int erm_frr_reply_parse(char *text, size_t len, struct erm_frr_reply **ret);
struct erm_frr_reply *erm_frr_reply_free(struct erm_frr_reply *reply);
ERM_DEFINE_CLEANUP(struct erm_frr_reply *, erm_frr_reply_free)

/* How many neighbours the reply tells of. */
size_t erm_frr_reply_n_neighbors(const struct erm_frr_reply *reply);

/*
 * One neighbour of the reply; prefix counts are those of `family`.  ret->session is 0:
 * the caller knows the position.  -ENOENT: the reply does not know this neighbour.
 * -EBADMSG: it is there, but has not the shape of one.
 */
int erm_frr_reply_session(const struct erm_frr_reply *reply, const struct erm_addr *neighbor,
			  enum erm_family family, struct erm_obs_session *ret);

/* "Idle (Admin)" -> ERM_BGP_IDLE; a word nobody knows -> ERM_BGP_UNKNOWN, never a state that is down. */
enum erm_bgp_state erm_frr_state_from_word(const char *word);

#endif
