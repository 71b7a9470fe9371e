#include "sources/bmp/claims.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static int compare_claim(const void *a, const void *b)
{
	const struct erm_bmp_claim *x = a, *y = b;

	return erm_addr_compare(&x->addr, &y->addr);
}

/* The first claim on that address; n when there is none. */
static uint32_t first_of(const struct erm_bmp_claims *claims, const struct erm_addr *addr)
{
	uint32_t low = 0, high = claims->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (erm_addr_compare(&claims->claims[middle].addr, addr) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_on(const struct erm_bmp_claims *claims, uint32_t i, const struct erm_addr *addr)
{
	return i < claims->n && erm_addr_equal(&claims->claims[i].addr, addr);
}

static const struct erm_bmp_claim *find_old(const struct erm_bmp_claims *old,
					    const struct erm_bmp_claim *claim)
{
	if (!old)
		return NULL;
	for (uint32_t i = first_of(old, &claim->addr); is_on(old, i, &claim->addr); i++)
		if (erm_addr_compare(&old->claims[i].local, &claim->local) == 0)
			return &old->claims[i];
	return NULL;
}

int erm_bmp_claims_make(const struct erm_config *config, uint32_t index,
			const struct erm_bmp_claims *old, struct erm_bmp_claims *ret,
			bool *ret_has_new)
{
	struct erm_bmp_claims claims = { 0 };
	bool has_new = false;

	claims.claims = calloc((size_t)config->n_sessions + 1, sizeof(*claims.claims));
	if (!claims.claims)
		return -ENOMEM;
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		const struct erm_session_config *session = &config->sessions[i];
		struct erm_bmp_claim *claim = &claims.claims[claims.n];
		const struct erm_bmp_claim *known = NULL;

		if (!erm_session_has_source(config, i, index))
			continue;
		claim->addr = session->neighbor;
		claim->local = session->local_address;
		known = find_old(old, claim);
		if (known)
			*claim = *known;
		else
			has_new = true;
		claim->family = session->family;
		claim->now.session = i;
		claims.n++;
	}
	qsort(claims.claims, claims.n, sizeof(*claims.claims), compare_claim);
	*ret = claims;
	*ret_has_new = has_new;
	return 0;
}

void erm_bmp_claims_done(struct erm_bmp_claims *claims)
{
	free(claims->claims);
	*claims = (struct erm_bmp_claims){ 0 };
}

/* Is this peer, which has just come up, the session? */
static bool is_meant_by_up(struct erm_bmp_claim *claim, uint64_t router,
			   const struct erm_bmp_message *message)
{
	if (claim->local.family == AF_UNSPEC || message->local.family == AF_UNSPEC ||
	    erm_addr_equal(&claim->local, &message->local))
		return true;
	claim->has_stranger = true;
	claim->stranger_router = router;
	claim->stranger_distinguisher = message->peer.distinguisher;
	return false;
}

/*
 * Peer Down and Stats name no local address: they are of the peer that came up under this
 * distinguisher.  Of none that is up it may be any but a stranger.
 */
static bool is_meant(const struct erm_bmp_claim *claim, uint64_t router,
		     const struct erm_bmp_message *message)
{
	uint64_t distinguisher = message->peer.distinguisher;

	if ((claim->is_told || claim->is_quiet) && claim->router == router &&
	    claim->now.bgp == ERM_BGP_ESTABLISHED)
		return claim->distinguisher == distinguisher;
	return !claim->has_stranger || claim->stranger_router != router ||
	       claim->stranger_distinguisher != distinguisher;
}

static bool take_up(struct erm_bmp_claim *claim, const struct erm_bmp_message *message)
{
	struct erm_obs_session session = {
		.session = claim->now.session,
		.is_configured = true,
		.bgp = ERM_BGP_ESTABLISHED,
		.remote_as = message->peer.as,
	};

	if (claim->is_told && claim->now.bgp == ERM_BGP_ESTABLISHED &&
	    claim->now.remote_as == session.remote_as)
		return false;
	claim->now = session;
	return true;
}

static bool take_down(struct erm_bmp_claim *claim, const struct erm_bmp_message *message)
{
	const struct erm_obs_session *was = &claim->now;
	struct erm_obs_session session = {
		.session = was->session,
		.is_configured = true,
		.bgp = ERM_BGP_IDLE,
		.remote_as = message->peer.as,
	};
	bool was_down = claim->is_told && was->bgp == ERM_BGP_IDLE;

	erm_bmp_reset_take(message, &session);
	/* said again, without a reason: the one that was given stays */
	if (was_down && session.is_configured == was->is_configured &&
	    (!session.has_reset ||
	     (was->has_reset && strcmp(session.reset_text, was->reset_text) == 0)))
		return false;
	claim->now = session;
	return true;
}

static bool take_routes(struct erm_bmp_claim *claim, const struct erm_bmp_message *message)
{
	struct erm_obs_session *now = &claim->now;
	bool has_own = message->has_routes_of[claim->family];
	uint32_t routes = has_own ? message->routes_of[claim->family] : message->routes;

	if (!has_own && !message->has_routes)
		return false;
	if (now->has_received && now->prefixes_received == routes)
		return false;
	now->has_received = true;
	now->prefixes_received = routes;
	return true;
}

/*
 * Of one that is Established, by the router that said so; a beat alone is no news.  Of what
 * another router told, or of what is not up, they prove nothing.
 */
static bool take_stats(struct erm_bmp_claim *claim, uint64_t router,
		       const struct erm_bmp_message *message, usec_t now)
{
	bool was_quiet = claim->is_quiet;

	if (claim->router != router || (!claim->is_told && !was_quiet) ||
	    claim->now.bgp != ERM_BGP_ESTABLISHED || !is_meant(claim, router, message))
		return false;
	claim->heard_at = now;
	claim->is_told = true;
	claim->is_quiet = false;
	return take_routes(claim, message) || was_quiet;
}

static bool take_one(struct erm_bmp_claim *claim, uint64_t router,
		     const struct erm_bmp_message *message, usec_t now)
{
	bool is_news = false;

	if (message->type == ERM_BMP_STATS)
		return take_stats(claim, router, message, now);
	if (message->type == ERM_BMP_PEER_UP) {
		if (!is_meant_by_up(claim, router, message))
			return false;
		is_news = take_up(claim, message);
	} else {
		if (!is_meant(claim, router, message))
			return false;
		is_news = take_down(claim, message);
	}
	claim->is_told = true;
	claim->is_quiet = false;
	claim->heard_at = now;
	claim->router = router;
	claim->distinguisher = message->peer.distinguisher;
	return is_news;
}

uint32_t erm_bmp_claims_take(struct erm_bmp_claims *claims, uint64_t router,
			     const struct erm_bmp_message *message, usec_t now, erm_bmp_tell_t tell,
			     void *userdata)
{
	const struct erm_addr *addr = &message->peer.addr;
	uint32_t n = 0;

	if (!message->peer.is_session ||
	    (message->type != ERM_BMP_PEER_UP && message->type != ERM_BMP_PEER_DOWN &&
	     message->type != ERM_BMP_STATS))
		return 0;
	for (uint32_t i = first_of(claims, addr); is_on(claims, i, addr); i++) {
		struct erm_bmp_claim *claim = &claims->claims[i];

		if (take_one(claim, router, message, now)) {
			tell(userdata, &claim->now);
			n++;
		}
	}
	return n;
}

static void tell_withdrawn(const struct erm_bmp_claim *claim, erm_bmp_tell_t tell, void *userdata)
{
	const struct erm_obs_session session = { .session = claim->now.session,
						 .is_withdrawn = true };

	tell(userdata, &session);
}

uint32_t erm_bmp_claims_withdraw(struct erm_bmp_claims *claims, uint64_t first, uint64_t last,
				 erm_bmp_tell_t tell, void *userdata)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < claims->n; i++) {
		struct erm_bmp_claim *claim = &claims->claims[i];

		if (claim->router < first || claim->router > last)
			continue;
		claim->is_quiet = false;
		if (!claim->is_told)
			continue;
		claim->is_told = false;
		tell_withdrawn(claim, tell, userdata);
		n++;
	}
	return n;
}

uint32_t erm_bmp_claims_withdraw_quiet(struct erm_bmp_claims *claims, uint64_t router,
				       usec_t before, erm_bmp_tell_t tell, void *userdata)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < claims->n; i++) {
		struct erm_bmp_claim *claim = &claims->claims[i];

		if (!claim->is_told || claim->router != router ||
		    claim->now.bgp != ERM_BGP_ESTABLISHED || claim->heard_at >= before)
			continue;
		claim->is_told = false;
		claim->is_quiet = true;
		tell_withdrawn(claim, tell, userdata);
		n++;
	}
	return n;
}

void erm_bmp_claims_tell_all(const struct erm_bmp_claims *claims, erm_bmp_tell_t tell,
			     void *userdata)
{
	for (uint32_t i = 0; i < claims->n; i++)
		if (claims->claims[i].is_told)
			tell(userdata, &claims->claims[i].now);
}
