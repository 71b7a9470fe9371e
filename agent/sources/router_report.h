/*
 * The state of one source of a router as it is told and logged: one line in the log for a
 * change, none for a retry.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_REPORT_H
#define ERM_SOURCES_ROUTER_REPORT_H

#include "sources/source.h"

struct erm_router_report {
	struct erm_source_env env;
	struct erm_config *config; /* not owned */
	uint32_t index;
	struct erm_obs_source told; /* as last emitted */
};

static inline const struct erm_source_config *erm_router_report_source(
	const struct erm_router_report *report)
{
	return &report->config->sources[report->index];
}

/* Tells the state as it is. */
void erm_router_report_emit(const struct erm_router_report *report, struct erm_time at);

/* A trouble; is_void: what was told before does not hold any more. */
void erm_router_report_lost(struct erm_router_report *report, enum erm_source_reason reason,
			    const char *text, bool is_void);

/* It has answered, to the questions about so many sessions. */
void erm_router_report_ok(struct erm_router_report *report, uint32_t n_sessions,
			  struct erm_time at);

/* Another router is configured: what the one before told is void, and nothing is known yet. */
void erm_router_report_anew(struct erm_router_report *report);

#endif
