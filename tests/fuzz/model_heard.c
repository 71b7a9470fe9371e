#include "model_heard.h"

#include <string.h>

#include "core/resolve.h"
#include "model_checks.h"

struct decision {
	const struct heard *heard; /* NULL = nobody's */
	enum erm_source_type type;
	bool has_authority, hears_authority;
};

static uint32_t source_of(const struct erm_config *config, const struct erm_session_row *row,
			  uint32_t k)
{
	return config->session_sources[row->config->first_source + k];
}

static int opinion(const struct heard *heard)
{
	const struct erm_obs_session *s = &heard->obs.session;

	if (!heard->is_told || (s->is_configured && s->bgp == ERM_BGP_UNKNOWN))
		return 0;
	return s->is_configured && s->bgp == ERM_BGP_ESTABLISHED ? 1 : -1;
}

/* A router that was asked when the witness had told its last already. */
static void check_overruled(const struct heard *witness, const struct heard *router)
{
	usec_t asked = router->obs.asked != 0 ? router->obs.asked : router->obs.at.mono;

	MUST(opinion(router) == 0 || opinion(router) == opinion(witness) ||
	     asked < witness->obs.at.mono);
}

const struct heard *heard_check(const struct hearsay *said, const bool is_heard[LAB_SOURCES_MAX],
				const struct erm_snapshot *snapshot,
				const struct erm_session_row *row)
{
	const struct erm_config *config = snapshot->config;
	struct decision d = { 0 };

	for (uint32_t k = 0; k < row->n_claims; k++) {
		const struct erm_claim_row *claim = &snapshot->claims[row->first_claim + k];
		uint32_t source = source_of(config, row, k);
		const struct heard *heard = &said->by[source];

		MUST(strcmp(claim->source, config->sources[source].name) == 0);
		MUST(!claim->is_known ||
		     (heard->is_told && heard->obs.session.bgp == claim->bgp &&
		      heard->obs.session.is_configured == claim->is_configured));
		MUST((claim->use == ERM_CLAIM_LOST) == !is_heard[source]);
		if (erm_source_is_authority(config->sources[source].type)) {
			d.has_authority = true;
			d.hears_authority =
				d.hears_authority || (is_heard[source] && claim->is_known);
		}
		if (claim->use != ERM_CLAIM_DECIDES)
			continue;
		MUST(!d.heard && claim->is_known && is_heard[source]);
		d.heard = heard;
		d.type = config->sources[source].type;
	}
	MUST(d.type != ERM_SOURCE_TYPE_SOCK_DIAG || !d.has_authority || d.hears_authority);
	for (uint32_t k = 0; d.heard && k < row->n_claims; k++) {
		uint32_t source = source_of(config, row, k);

		if (erm_source_is_authority(config->sources[source].type) && is_heard[source] &&
		    snapshot->claims[row->first_claim + k].is_known &&
		    !erm_source_is_authority(d.type))
			check_overruled(d.heard, &said->by[source]);
	}
	return d.heard;
}
