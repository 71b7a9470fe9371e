/* What the FRR source knows, told.  Asks nothing, decides nothing. */
#include "sources/frr.h"
#include "sources/frr_parse.h"

static void tell(struct erm_source *source, struct erm_obs *obs, struct erm_time at)
{
	obs->source = source->report.index;
	obs->at = at;
	source->report.env.emit(source->report.env.userdata, obs);
}

void erm_frr_tell_peer(struct erm_source *source, uint32_t i, struct erm_time at)
{
	const struct erm_frr_peer *peer = &source->peers.peers[i];
	struct erm_obs obs = { .kind = ERM_OBS_SESSION, .asked = peer->asked };

	obs.session = peer->now;
	erm_frr_routes_fill(&source->routes, i, &obs.session);
	tell(source, &obs, at);
}

void erm_frr_tell_all(struct erm_source *source, struct erm_time at, bool is_dump)
{
	struct erm_obs begin = { .kind = ERM_OBS_DUMP_BEGIN, .asked = source->cycle_asked };
	struct erm_obs end = { .kind = ERM_OBS_DUMP_END, .asked = source->cycle_asked };

	if (is_dump)
		tell(source, &begin, at);
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (source->peers.peers[i].is_seen)
			erm_frr_tell_peer(source, i, at);
	if (is_dump)
		tell(source, &end, at);
}
