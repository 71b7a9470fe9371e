/*
 * What "bgpctl -j show neighbor" of OpenBGPD prints: JSON -> observations.  Knows
 * OpenBGPD's words, and nothing about processes.  Pure, does not log.  All members but the
 * address and the state are optional, unknown ones are passed over.
 */
#ifndef ERM_SOURCES_OPENBGPD_PARSE_H
#define ERM_SOURCES_OPENBGPD_PARSE_H

#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cleanup.h"
#include "core/obs.h"

#define ERM_OPENBGPD_VALUES_MAX 262144 /* about 3000 neighbours */
#define ERM_OPENBGPD_DEPTH_MAX  32
#define ERM_OPENBGPD_NEVER      (-1)

struct erm_openbgpd_reply;

/*
 * Parses the text in place: bytes that are not printable ASCII become '?' first.  -EPERM:
 * bgpd refused it.  -EBADMSG: not the JSON of neighbours.  -E2BIG: over one of the limits.
 * -ENOMEM.
 */
int erm_openbgpd_reply_parse(char *text, size_t len, struct erm_openbgpd_reply **ret);
struct erm_openbgpd_reply *erm_openbgpd_reply_free(struct erm_openbgpd_reply *reply);
ERM_DEFINE_CLEANUP(struct erm_openbgpd_reply *, erm_openbgpd_reply_free)

/*
 * The neighbour of this address and, where both are known, this local address; without
 * counts and session.  *ret_updown_sec: how long it is in its state, ERM_OPENBGPD_NEVER =
 * it never was up.  -ENOENT: there is none.  -EBADMSG: it has not the shape of one.
 */
int erm_openbgpd_reply_session(const struct erm_openbgpd_reply *reply,
			       const struct erm_addr *neighbor, const struct erm_addr *local,
			       struct erm_obs_session *ret, int64_t *ret_updown_sec);

#endif
