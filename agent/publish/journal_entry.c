#include "publish/journal_entry.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "base/cleanup.h"
#include "publish/journal_ids.h"

static const struct {
	enum erm_event_kind kind;
	unsigned int type; /* enum erm_alarm_type; 0 = any */
	const char *id;
} message_ids[] = {
#define ERM_JOURNAL_ID(k, t, i) { ERM_EVENT_##k, (t), (i) },
	ERM_JOURNAL_IDS(ERM_JOURNAL_ID)
#undef ERM_JOURNAL_ID
};

const char *erm_journal_message_id(enum erm_event_kind kind, enum erm_alarm_type type)
{
	for (size_t i = 0; i < ERM_ELEMENTS(message_ids); i++) {
		if (message_ids[i].kind == kind &&
		    (message_ids[i].type == 0 || message_ids[i].type == (unsigned int)type))
			return message_ids[i].id;
	}
	return NULL;
}

int erm_journal_priority(enum erm_event_kind kind, enum erm_severity severity)
{
	if (kind == ERM_EVENT_AGENT_STARTED)
		return LOG_NOTICE;
	if (kind == ERM_EVENT_HEARTBEAT)
		return LOG_INFO;
	switch (severity) {
	case ERM_SEVERITY_CRITICAL:
		return LOG_CRIT;
	case ERM_SEVERITY_MAJOR:
		return LOG_ERR;
	case ERM_SEVERITY_MINOR:
	case ERM_SEVERITY_WARNING:
	case ERM_SEVERITY_INDETERMINATE:
		return LOG_WARNING;
	case ERM_SEVERITY_CLEARED:
	case ERM_SEVERITY_MAX:
		return LOG_NOTICE;
	}
	return LOG_NOTICE;
}

/* The text has room for the longest event; what would not fit is left out. */
__attribute__((format(printf, 2, 3))) static void add(struct erm_journal_entry *entry,
						      const char *format, ...)
{
	size_t space = sizeof(entry->text) - entry->used;
	char *at = entry->text + entry->used;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(at, space, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= space || entry->n_fields == ERM_JOURNAL_FIELDS_MAX)
		return;
	entry->fields[entry->n_fields++] = (struct iovec){ at, (size_t)n };
	entry->used += (size_t)n + 1;
}

static void add_string(struct erm_journal_entry *entry, const char *name, const char *value)
{
	if (value && value[0])
		add(entry, "%s=%s", name, value);
}

static const char *or_unknown(const char *name)
{
	return name ? name : "unknown";
}

static const char *or_none(const char *name)
{
	return name ? name : "none";
}

void erm_journal_entry_format(const struct erm_event *event, struct erm_journal_entry *ret)
{
	const char *resource = event->resource[0] ? event->resource : event->circuit;

	ret->priority = erm_journal_priority(event->kind, event->severity);
	ret->n_fields = 0;
	ret->used = 0;
	add(ret, "MESSAGE=%s", event->text[0] ? event->text : event->key);
	add_string(ret, "MESSAGE_ID", erm_journal_message_id(event->kind, event->type));
	add(ret, "PRIORITY=%d", ret->priority);
	add(ret, "ERMON_EVENT=%s", or_unknown(erm_event_kind_name(event->kind)));
	add(ret, "ERMON_SEVERITY=%s", or_unknown(erm_severity_name(event->severity)));
	add(ret, "ERMON_CIRCUIT=%s", event->circuit);
	add(ret, "ERMON_RESOURCE=%s", resource);
	add(ret, "ERMON_STATE=%s", or_unknown(erm_event_state_name(event)));
	add(ret, "ERMON_CAUSE=%s", or_none(erm_cause_name(event->cause)));
	add(ret, "ERMON_FAULT_DOMAIN=%s", or_none(erm_fault_domain_name(event->fault_domain)));
	add(ret, "ERMON_SEQ=%" PRIu32, event->sequence);
	add_string(ret, "ERMON_KEY", event->key);
	add_string(ret, "ERMON_TYPE", erm_alarm_type_name(event->type));
	if (event->alarm_id > 0)
		add(ret, "ERMON_ALARM_ID=%" PRIu32, event->alarm_id);
	add(ret, "ERMON_IMPACTED=%" PRIu32, event->impacted);
	add_string(ret, "ERMON_CONNECTION", event->connection);
	add_string(ret, "ERMON_INTERFACE", event->interface);
	add_string(ret, "ERMON_PEER", event->peer);
}
