/* What the FRR source knows, told.  Asks nothing, decides nothing. */
#include "base/log.h"
#include "sources/frr.h"
#include "sources/frr_parse.h"
#include "sources/router_text.h"

static void tell(struct erm_source *source, struct erm_obs *obs, struct erm_time at)
{
	obs->source = source->index;
	obs->at = at;
	source->env.emit(source->env.userdata, obs);
}

void erm_frr_tell_source(struct erm_source *source, struct erm_time at, usec_t asked)
{
	struct erm_obs obs = { .kind = ERM_OBS_SOURCE, .asked = asked };

	obs.src = source->told;
	tell(source, &obs, at);
}

void erm_frr_tell_lost(struct erm_source *source, enum erm_source_reason reason, const char *text,
		       bool is_void)
{
	struct erm_obs_source *told = &source->told;
	bool is_new = told->state != ERM_SOURCE_LOST || told->reason != reason;

	told->counters.errors++;
	if (reason == ERM_REASON_TIMEOUT)
		told->counters.timeouts++;
	if (reason == ERM_REASON_TOO_LARGE)
		told->counters.limits_hit++;
	told->state = ERM_SOURCE_LOST;
	told->reason = reason;
	told->is_void = is_void;
	erm_router_text_clean(text, ERM_TEXT_MAX, told->text);
	if (is_new)
		erm_log_warning("source %s: %s: %s", erm_frr_config(source)->name,
				erm_frr_config(source)->socket, told->text);
	erm_frr_tell_source(source, erm_time_now(), 0);
}

void erm_frr_tell_ok(struct erm_source *source, struct erm_time at, usec_t asked)
{
	struct erm_obs_source *told = &source->told;

	if (told->state != ERM_SOURCE_OK) {
		erm_log_info("source %s: %s: answers, %u of its sessions watched",
			     erm_frr_config(source)->name, erm_frr_config(source)->socket,
			     source->peers.n);
	}
	told->state = ERM_SOURCE_OK;
	told->reason = ERM_REASON_NONE;
	told->is_void = false;
	told->text[0] = '\0';
	erm_frr_tell_source(source, at, asked);
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
