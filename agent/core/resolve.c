#include "core/resolve.h"

#include <assert.h>

enum opinion { OPINION_NONE, OPINION_DOWN, OPINION_UP };

bool erm_source_is_authority(enum erm_source_type type)
{
	return type == ERM_SOURCE_TYPE_FRR || type == ERM_SOURCE_TYPE_BIRD ||
	       type == ERM_SOURCE_TYPE_OPENBGPD || type == ERM_SOURCE_TYPE_SNMP;
}

static enum opinion opinion_of(const struct erm_obs_session *obs)
{
	if (!obs->is_configured)
		return OPINION_DOWN;
	if (obs->bgp == ERM_BGP_UNKNOWN)
		return OPINION_NONE;
	return obs->bgp == ERM_BGP_ESTABLISHED ? OPINION_UP : OPINION_DOWN;
}

/* The peer's own act, as the router tells it; RFC 7854 section 4.9, reasons 1, 3 and 4. */
static bool is_peers_act(const struct erm_obs_session *obs)
{
	if (!obs->has_reset)
		return false;
	return obs->reset_cause == ERM_CAUSE_ADMIN_SHUTDOWN ||
	       obs->reset_cause == ERM_CAUSE_PREFIX_LIMIT ||
	       obs->reset_cause == ERM_CAUSE_PEER_CEASE ||
	       obs->reset_cause == ERM_CAUSE_PEER_CLOSED ||
	       obs->reset_cause == ERM_CAUSE_HOLD_EXPIRED;
}

void erm_claim_take(struct erm_claim *claim, const struct erm_obs_session *obs, struct erm_time at,
		    usec_t asked)
{
	bool is_news = !claim->is_known || opinion_of(&claim->obs) != opinion_of(obs);

	if (is_news) {
		claim->is_plain = claim->is_known && opinion_of(&claim->obs) == OPINION_UP &&
				  opinion_of(obs) == OPINION_DOWN && is_peers_act(obs) &&
				  erm_usec_sub(at.mono, claim->since) >= ERM_COLLISION_USEC;
	}
	if (!claim->is_known)
		claim->began = at.mono;
	claim->is_known = !obs->is_withdrawn;
	claim->obs = *obs;
	claim->at = at;
	claim->asked = asked != 0 ? asked : at.mono;
	if (is_news)
		claim->since = at.mono;
	claim->is_ever_up =
		claim->is_ever_up || (!obs->is_withdrawn && opinion_of(obs) == OPINION_UP);
}

static bool is_heard(const struct erm_claim_input *in)
{
	return in->source == ERM_KNOWN && in->claim->is_known;
}

/* What this source has to say of the session, beside n others. */
static enum opinion vote_of(const struct erm_claim_input *in, uint32_t n)
{
	enum opinion opinion = is_heard(in) ? opinion_of(&in->claim->obs) : OPINION_NONE;

	if (in->type == ERM_SOURCE_TYPE_SOCK_DIAG && n > 1 && opinion == OPINION_DOWN &&
	    !in->claim->is_ever_up)
		return OPINION_NONE;
	return opinion;
}

static bool has_authority(const struct erm_claim_input *in, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (erm_source_is_authority(in[k].type))
			return true;
	}
	return false;
}

/* An authority that speaks for the sessions of its router is heard. */
static bool hears_authority(const struct erm_claim_input *in, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (erm_source_is_authority(in[k].type) && vote_of(&in[k], n) != OPINION_NONE)
			return true;
	}
	return false;
}

/* A router that was asked after this witness's news says otherwise: it knew. */
static bool is_settled(const struct erm_claim_input *in, uint32_t n, uint32_t witness)
{
	enum opinion vote = vote_of(&in[witness], n);

	if (erm_source_is_authority(in[witness].type))
		return false;
	for (uint32_t k = 0; k < n; k++) {
		enum opinion other = vote_of(&in[k], n);

		if (erm_source_is_authority(in[k].type) && other != OPINION_NONE && other != vote &&
		    in[k].claim->asked >= in[witness].claim->since)
			return true;
	}
	return false;
}

static uint32_t find_decider(const struct erm_claim_input *in, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		if (in[k].type == ERM_SOURCE_TYPE_SOCK_DIAG && has_authority(in, n))
			continue;
		/* An authority that is heard and cannot tell: its router speaks in riddles. */
		if (erm_source_is_authority(in[k].type) && is_heard(&in[k]))
			return k;
		if (vote_of(&in[k], n) != OPINION_NONE && !is_settled(in, n, k))
			return k;
	}
	return ERM_NO_INDEX;
}

/* May `other' win against the decider when that does not answer in time? */
static bool is_dispute(const struct erm_claim_input *in, uint32_t n, uint32_t decider,
		       uint32_t other)
{
	/* That an authority is late to see a session up harms nobody. */
	if (vote_of(&in[other], n) == OPINION_UP && erm_source_is_authority(in[decider].type))
		return false;
	if (in[other].type == ERM_SOURCE_TYPE_SOCK_DIAG && has_authority(in, n) &&
	    !hears_authority(in, n))
		return false;
	return in[other].claim->since > in[decider].claim->asked && !is_settled(in, n, other);
}

/* What becomes of the others, held against what was decided. */
static void compare_others(const struct erm_claim_input *in, uint32_t n, struct erm_resolution *ret)
{
	enum opinion decided = vote_of(&in[ret->decider], n);

	for (uint32_t k = 0; k < n; k++) {
		enum opinion vote = vote_of(&in[k], n);

		if (k != ret->decider && vote != OPINION_NONE)
			ret->use[k] = vote == decided ? ERM_CLAIM_AGREES : ERM_CLAIM_OVERRULED;
	}
}

/* Those who dispute all say the same: when one of them wins, the first of them decides. */
static void judge_disputes(const struct erm_claim_input *in, uint32_t n, usec_t now,
			   struct erm_resolution *ret)
{
	uint32_t first = ERM_NO_INDEX;

	if (vote_of(&in[ret->decider], n) == OPINION_NONE)
		return;
	for (uint32_t k = 0; k < n; k++) {
		usec_t wait = in[k].claim->is_plain ? 0 : ERM_DISPUTE_USEC;
		usec_t end = erm_usec_add(in[k].claim->since, wait);

		if (ret->use[k] != ERM_CLAIM_OVERRULED || !is_dispute(in, n, ret->decider, k))
			continue;
		ret->use[k] = ERM_CLAIM_DISPUTES;
		ret->deadline = end < ret->deadline ? end : ret->deadline;
		first = first == ERM_NO_INDEX ? k : first;
	}
	if (ret->deadline > now)
		return;
	ret->decider = first;
	ret->deadline = ERM_USEC_INFINITY;
	compare_others(in, n, ret);
}

/* What the decider cannot tell is taken from the first that can. */
static void fill_up(struct erm_obs_session *obs, const struct erm_obs_session *other)
{
	if (obs->bfd == 0 || obs->bfd == ERM_BFD_UNKNOWN)
		obs->bfd = other->bfd;
	if (obs->remote_as == 0)
		obs->remote_as = other->remote_as;
	if (obs->local_as == 0)
		obs->local_as = other->local_as;
	if (obs->uptime_sec == 0)
		obs->uptime_sec = other->uptime_sec;
	if (!obs->has_received) {
		obs->has_received = other->has_received;
		obs->prefixes_received = other->prefixes_received;
	}
	if (!obs->has_advertised) {
		obs->has_advertised = other->has_advertised;
		obs->prefixes_advertised = other->prefixes_advertised;
	}
	if (!obs->has_expected) {
		obs->has_expected = other->has_expected;
		obs->expected_received = other->expected_received;
	}
	if (!obs->has_path) {
		obs->has_path = other->has_path;
		obs->prepends = other->prepends;
	}
	if (!obs->has_reset && other->has_reset) {
		obs->has_reset = true;
		obs->reset_cause = other->reset_cause;
		obs->error_code = other->error_code;
		obs->error_subcode = other->error_subcode;
		for (size_t i = 0; i < sizeof(obs->reset_text); i++)
			obs->reset_text[i] = other->reset_text[i];
	}
}

static void merge(const struct erm_claim_input *in, uint32_t n, struct erm_resolution *ret)
{
	enum opinion decided = opinion_of(&in[ret->decider].claim->obs);

	ret->obs = in[ret->decider].claim->obs;
	for (uint32_t k = 0; k < n; k++) {
		/* Who sees the session otherwise counts other prefixes, and gives other reasons. */
		if (k != ret->decider && is_heard(&in[k]) && in[k].claim->obs.is_configured &&
		    opinion_of(&in[k].claim->obs) == decided)
			fill_up(&ret->obs, &in[k].claim->obs);
	}
}

static enum erm_knowledge why_unknown(const struct erm_claim_input *in, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++) {
		/* The first of those that could tell at all. */
		if (in[k].type != ERM_SOURCE_TYPE_SOCK_DIAG || !has_authority(in, n))
			return in[k].source == ERM_LOST ? ERM_LOST : ERM_NOT_YET;
	}
	return ERM_NOT_YET;
}

void erm_session_resolve(const struct erm_claim_input *in, uint32_t n, usec_t now,
			 struct erm_resolution *ret)
{
	assert(n <= ERM_SESSION_SOURCES_MAX);
	*ret = (struct erm_resolution){
		.decider = find_decider(in, n),
		.knowledge = ERM_KNOWN,
		.deadline = ERM_USEC_INFINITY,
	};
	for (uint32_t k = 0; k < n; k++) {
		ret->use[k] = in[k].source == ERM_KNOWN ? ERM_CLAIM_SILENT : ERM_CLAIM_LOST;
	}
	if (ret->decider == ERM_NO_INDEX) {
		ret->knowledge = why_unknown(in, n);
		return;
	}
	compare_others(in, n, ret);
	judge_disputes(in, n, now, ret);
	ret->use[ret->decider] = ERM_CLAIM_DECIDES;
	merge(in, n, ret);
}
