/*
 * What every source tells of itself, and under which position: its environment, its
 * configuration, its own state.  What a source tells of links, sessions and neighbours, and
 * what a trouble means, is the source's (of routers: router_report).  Main thread.
 */
#ifndef ERM_SOURCES_SOURCE_REPORT_H
#define ERM_SOURCES_SOURCE_REPORT_H

#include "sources/source.h"

struct erm_source_report {
	struct erm_source_env env;                /* its event is referenced */
	struct erm_config *config;                /* referenced; NULL until it is configured */
	const struct erm_source_config *settings; /* of config, at index */
	uint32_t index;                           /* into config->sources */
	struct erm_obs_source own;                /* as it is now; who has it counts */
	enum erm_source_state told_state;         /* 0: the next beat tells, whatever the state */
	usec_t told_at;                           /* of the last beat, monotonic */
};

/* STARTING, and nothing told.  The report was all zero. */
void erm_source_report_init(struct erm_source_report *report, const struct erm_source_env *env);
/* Gives its references back; also when it was never configured. */
void erm_source_report_done(struct erm_source_report *report);

/* The configuration, and the position in it, from now on.  The next beat tells the state again. */
void erm_source_report_configure(struct erm_source_report *report, struct erm_config *config,
				 uint32_t index);

/* Fills in whose observation it is, and when it was made: now, or at. */
void erm_source_report_emit(const struct erm_source_report *report, struct erm_obs *obs);
void erm_source_report_emit_at(const struct erm_source_report *report, struct erm_obs *obs,
			       struct erm_time at);
/* All other sources are to look now. */
void erm_source_report_hint(const struct erm_source_report *report);

/* Tells nobody.  True when state or reason are others than before; text is cut to fit. */
bool erm_source_report_set(struct erm_source_report *report, enum erm_source_state state,
			   enum erm_source_reason reason, const char *text);
/* Tells the state as it is. */
void erm_source_report_tell(const struct erm_source_report *report);
/*
 * The same when the state is another than at the last beat, or a period has passed since then and
 * is_good.  A heartbeat vouches for what was told, so is_good takes a complete answer since the
 * last one.  True when it told.
 */
bool erm_source_report_beat(struct erm_source_report *report, bool is_good, usec_t period,
			    usec_t now);

/* Of a negative errno of a socket. */
enum erm_source_reason erm_source_reason_of(int error);

#endif
