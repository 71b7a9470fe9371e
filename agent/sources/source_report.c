#include "sources/source_report.h"

#include <errno.h>
#include <stdio.h>

void erm_source_report_init(struct erm_source_report *report, const struct erm_source_env *env)
{
	report->env = *env;
	sd_event_ref(report->env.event);
	report->own.state = ERM_SOURCE_STARTING;
	report->own.reason = ERM_REASON_NONE;
}

void erm_source_report_done(struct erm_source_report *report)
{
	report->config = erm_config_unref(report->config);
	report->env.event = sd_event_unref(report->env.event);
}

void erm_source_report_configure(struct erm_source_report *report, struct erm_config *config,
				 uint32_t index)
{
	erm_config_ref(config);
	(void)erm_config_unref(report->config);
	report->config = config;
	report->index = index;
	report->settings = &config->sources[index];
	report->told_state = 0;
}

void erm_source_report_emit_at(const struct erm_source_report *report, struct erm_obs *obs,
			       struct erm_time at)
{
	obs->source = report->index;
	obs->at = at;
	report->env.emit(report->env.userdata, obs);
}

void erm_source_report_emit(const struct erm_source_report *report, struct erm_obs *obs)
{
	erm_source_report_emit_at(report, obs, erm_time_now());
}

void erm_source_report_hint(const struct erm_source_report *report)
{
	report->env.hint(report->env.userdata, report->index);
}

bool erm_source_report_set(struct erm_source_report *report, enum erm_source_state state,
			   enum erm_source_reason reason, const char *text)
{
	struct erm_obs_source *own = &report->own;
	bool is_new = own->state != state || own->reason != reason;

	own->state = state;
	own->reason = reason;
	(void)snprintf(own->text, sizeof(own->text), "%s", text);
	return is_new;
}

void erm_source_report_tell(const struct erm_source_report *report)
{
	struct erm_obs obs = { .kind = ERM_OBS_SOURCE, .src = report->own };

	erm_source_report_emit(report, &obs);
}

bool erm_source_report_beat(struct erm_source_report *report, bool is_good, usec_t period,
			    usec_t now)
{
	bool is_beat = is_good && now >= erm_usec_add(report->told_at, period);

	if (report->own.state == report->told_state && !is_beat)
		return false;
	erm_source_report_tell(report);
	report->told_state = report->own.state;
	report->told_at = now;
	return true;
}

enum erm_source_reason erm_source_reason_of(int error)
{
	if (error == -EACCES || error == -EPERM)
		return ERM_REASON_PERMISSION;
	if (error == -EBADMSG)
		return ERM_REASON_PROTOCOL;
	return error == -ETIMEDOUT ? ERM_REASON_TIMEOUT : ERM_REASON_SYSTEM;
}
