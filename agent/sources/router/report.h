/*
 * What a source of a router tells of it, and logs: one line for a change, none for a retry.
 * Over source_report, which every source has.  Main thread.
 */
#ifndef ERM_SOURCES_ROUTER_REPORT_H
#define ERM_SOURCES_ROUTER_REPORT_H

#include "sources/source_report.h"

/*
 * Tells what the router says: kind is ERM_OBS_SESSION, with the session, or a mark of a dump,
 * with NULL.  asked: the monotonic time of the question.
 */
void erm_router_report_tell(const struct erm_source_report *report, enum erm_obs_kind kind,
			    const struct erm_obs_session *session, struct erm_time at,
			    usec_t asked);

/* A trouble; is_void: what was told before does not hold any more. */
void erm_router_report_lost(struct erm_source_report *report, enum erm_source_reason reason,
			    const char *text, bool is_void);

/* The same of the connection: void when nobody listens any more, as sessions end with their daemon. */
void erm_router_report_gone(struct erm_source_report *report, enum erm_source_reason reason,
			    const char *text);

/* The same of a reply that is no use: what it begins with, of len bytes, is shown after `what`. */
void erm_router_report_not_understood(struct erm_source_report *report,
				      enum erm_source_reason reason, const char *what,
				      const char *text, size_t len);

/* It has answered, to the questions about so many sessions. */
void erm_router_report_ok(struct erm_source_report *report, uint32_t n_sessions);

/* Another router is configured: what the one before told is void, and nothing is known yet. */
void erm_router_report_anew(struct erm_source_report *report);

#endif
