/* What the FRR source knows, told.  Asks nothing, decides nothing. */
#include "sources/frr/frr.h"
#include "sources/frr/parse.h"

void erm_frr_tell_peer(struct erm_source *source, uint32_t i, struct erm_time at)
{
	const struct erm_frr_peer *peer = &source->peers.peers[i];
	struct erm_obs_session session = peer->now;

	erm_frr_routes_fill(&source->routes, i, &session);
	erm_router_report_tell(&source->report, ERM_OBS_SESSION, &session, at, peer->asked);
}

void erm_frr_tell_all(struct erm_source *source, struct erm_time at, bool is_dump)
{
	const struct erm_source_report *report = &source->report;

	if (is_dump)
		erm_router_report_tell(report, ERM_OBS_DUMP_BEGIN, NULL, at, source->cycle_asked);
	for (uint32_t i = 0; i < source->peers.n; i++)
		if (source->peers.peers[i].is_seen)
			erm_frr_tell_peer(source, i, at);
	if (is_dump)
		erm_router_report_tell(report, ERM_OBS_DUMP_END, NULL, at, source->cycle_asked);
}
