/*
 * Several sources may speak for one session.  Who is believed, and why: pure, no
 * clock; the model calls it whenever a source has spoken or fallen silent.
 *
 * - The first source in the session's order that is heard and can tell decides; not a
 *   witness against whom an authority has been asked since.  An authority that is heard
 *   and speaks in riddles decides that nobody knows.
 * - An authority is one that asks the router (frr, bird, openbgpd, snmp); the others
 *   are witnesses.  A TCP socket says nothing of a router whose own word is missing: a
 *   router that was killed loses its sockets too.
 * - A witness that says otherwise later than the decider's last question disputes.  The
 *   decider is being asked again meanwhile; when it has not answered after
 *   ERM_DISPUTE_USEC, the witness is believed.
 * - A router that tells how the peer ended a session which was long up needs no second
 *   word: it is believed at once.  What it leaves open is worth the wait for the reason,
 *   and in the first second after it came up two of its connections may have collided.
 * - A socket that was never seen is no witness: the router may live elsewhere.
 */
#ifndef ERM_CORE_RESOLVE_H
#define ERM_CORE_RESOLVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "core/obs.h"
#include "core/session.h"

#define ERM_DISPUTE_USEC   (100 * ERM_USEC_PER_MSEC)
#define ERM_COLLISION_USEC ERM_USEC_PER_SEC

/* What one source says of one session. */
struct erm_claim {
	bool is_known;
	bool is_ever_up; /* it has seen the session Established */
	bool is_plain;   /* it told how the peer ended what was long up */
	uint32_t dump;
	struct erm_obs_session obs; /* holds when is_known */
	struct erm_time at;         /* when it was last told */
	usec_t asked;               /* monotonic: what it says is not older than this */
	usec_t since;               /* monotonic: since when it has said Established, or not */
	usec_t began;               /* monotonic: since when it has spoken at all */
};

struct erm_claim_input {
	const struct erm_claim *claim;
	enum erm_source_type type;
	enum erm_knowledge source; /* is the source heard? */
};

struct erm_resolution {
	uint32_t decider;             /* into the input; ERM_NO_INDEX = nobody can tell */
	enum erm_knowledge knowledge; /* when nobody can: why */
	usec_t deadline;              /* a dispute ends; ERM_USEC_INFINITY = there is none */
	enum erm_claim_use use[ERM_SESSION_SOURCES_MAX];
	struct erm_obs_session obs; /* what holds, when somebody decides */
};

/* n of at most ERM_SESSION_SOURCES_MAX, in the order of the session. */
void erm_session_resolve(const struct erm_claim_input *in, uint32_t n, usec_t now,
			 struct erm_resolution *ret);

/* The source's new word on the session, told at a time, asked for at another (0 = unasked). */
void erm_claim_take(struct erm_claim *claim, const struct erm_obs_session *obs, struct erm_time at,
		    usec_t asked);

/* It is asked for the state of the router's own sessions, and believed. */
bool erm_source_is_authority(enum erm_source_type type);

#endif
