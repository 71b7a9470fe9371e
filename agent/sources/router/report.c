#include "sources/router/report.h"

#include <stdio.h>

#include "base/log.h"
#include "sources/router/text.h"

#define SHOWN_BYTES ((size_t)60) /* of a reply that is not understood */

void erm_router_report_tell(const struct erm_source_report *report, enum erm_obs_kind kind,
			    const struct erm_obs_session *session, struct erm_time at, usec_t asked)
{
	struct erm_obs obs = { .kind = kind, .asked = asked };

	if (session)
		obs.session = *session;
	erm_source_report_emit_at(report, &obs, at);
}

void erm_router_report_lost(struct erm_source_report *report, enum erm_source_reason reason,
			    const char *text, bool is_void)
{
	const struct erm_source_config *source = report->settings;
	struct erm_obs_source *own = &report->own;
	bool is_new = own->state != ERM_SOURCE_LOST || own->reason != reason;

	own->counters.errors++;
	own->counters.timeouts += reason == ERM_REASON_TIMEOUT;
	own->counters.limits_hit += reason == ERM_REASON_TOO_LARGE;
	(void)erm_source_report_set(report, ERM_SOURCE_LOST, reason, "");
	own->is_void = is_void;
	erm_router_text_clean(text, ERM_TEXT_MAX, own->text);
	if (is_new)
		erm_log_warning("source %s: %s: %s", source->name,
				source->socket ? source->socket : source->address, own->text);
	erm_source_report_tell(report);
}

void erm_router_report_gone(struct erm_source_report *report, enum erm_source_reason reason,
			    const char *text)
{
	bool is_void = reason == ERM_REASON_CLOSED || reason == ERM_REASON_NOT_STARTED ||
		       reason == ERM_REASON_REFUSED;

	erm_router_report_lost(report, reason, text, is_void);
}

void erm_router_report_not_understood(struct erm_source_report *report,
				      enum erm_source_reason reason, const char *what,
				      const char *text, size_t len)
{
	char shown[ERM_TEXT_MAX];
	char line[2 * ERM_TEXT_MAX];

	erm_router_text_clean(text, len < SHOWN_BYTES ? len : SHOWN_BYTES, shown);
	(void)!snprintf(line, sizeof(line), "%s: %s", what, shown);
	erm_router_report_lost(report, reason, line, false);
}

void erm_router_report_ok(struct erm_source_report *report, uint32_t n_sessions)
{
	if (report->own.state != ERM_SOURCE_OK)
		erm_log_info("source %s: %s: answers, %u of its sessions watched",
			     report->settings->name, report->settings->socket, n_sessions);
	(void)erm_source_report_set(report, ERM_SOURCE_OK, ERM_REASON_NONE, "");
	report->own.is_void = false;
	erm_source_report_tell(report);
}

void erm_router_report_anew(struct erm_source_report *report)
{
	(void)erm_source_report_set(report, ERM_SOURCE_LOST, ERM_REASON_CLOSED,
				    "another router is configured");
	report->own.is_void = true;
	erm_source_report_tell(report);
	(void)erm_source_report_set(report, ERM_SOURCE_STARTING, ERM_REASON_NONE, "");
	report->own.is_void = false;
}
