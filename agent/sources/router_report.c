#include "sources/router_report.h"

#include <stdio.h>

#include "base/log.h"
#include "sources/router_text.h"

void erm_router_report_emit(const struct erm_router_report *report, struct erm_time at)
{
	struct erm_obs obs = { .kind = ERM_OBS_SOURCE, .source = report->index, .at = at };

	obs.src = report->told;
	report->env.emit(report->env.userdata, &obs);
}

void erm_router_report_lost(struct erm_router_report *report, enum erm_source_reason reason,
			    const char *text, bool is_void)
{
	const struct erm_source_config *source = erm_router_report_source(report);
	struct erm_obs_source *told = &report->told;
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
		erm_log_warning("source %s: %s: %s", source->name, source->socket, told->text);
	erm_router_report_emit(report, erm_time_now());
}

void erm_router_report_ok(struct erm_router_report *report, uint32_t n_sessions, struct erm_time at)
{
	const struct erm_source_config *source = erm_router_report_source(report);
	struct erm_obs_source *told = &report->told;

	if (told->state != ERM_SOURCE_OK)
		erm_log_info("source %s: %s: answers, %u of its sessions watched", source->name,
			     source->socket, n_sessions);
	told->state = ERM_SOURCE_OK;
	told->reason = ERM_REASON_NONE;
	told->is_void = false;
	told->text[0] = '\0';
	erm_router_report_emit(report, at);
}

void erm_router_report_anew(struct erm_router_report *report)
{
	struct erm_obs_source *told = &report->told;

	told->state = ERM_SOURCE_LOST;
	told->reason = ERM_REASON_CLOSED;
	told->is_void = true;
	(void)!snprintf(told->text, sizeof(told->text), "another router is configured");
	erm_router_report_emit(report, erm_time_now());
	told->state = ERM_SOURCE_STARTING;
	told->reason = ERM_REASON_NONE;
	told->is_void = false;
	told->text[0] = '\0';
}
