/* What a source may say of a session, in the tests of core/resolve.h. */
#ifndef ERM_TESTS_CLAIMS_H
#define ERM_TESTS_CLAIMS_H

#include "core/resolve.h"

enum claim { NOTHING, UP, DOWN, CANNOT_TELL, NOT_CONFIGURED, DOWN_BY_PEER, WITHDRAWN };

static inline struct erm_obs_session claim_word(enum claim claim)
{
	return (struct erm_obs_session){
		.is_withdrawn = claim == WITHDRAWN,
		.is_configured = claim != NOT_CONFIGURED,
		.bgp = claim == UP            ? ERM_BGP_ESTABLISHED
		       : claim == CANNOT_TELL ? ERM_BGP_UNKNOWN
					      : ERM_BGP_IDLE,
		.has_reset = claim == DOWN_BY_PEER,
		.reset_cause = claim == DOWN_BY_PEER ? ERM_CAUSE_PEER_CEASE : ERM_CAUSE_NONE,
	};
}

static inline void claim_tell(struct erm_claim *claim, enum claim said, usec_t at, usec_t asked)
{
	struct erm_obs_session obs = claim_word(said);

	erm_claim_take(claim, &obs, (struct erm_time){ .mono = at }, asked);
}

#endif
