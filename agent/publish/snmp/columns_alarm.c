/* ERMON-MIB's active alarms and event log. */
#include <stddef.h>

#include "base/cleanup.h"
#include "publish/snmp/columns.h"

#define ALARM_TYPE_NONE 255

static void get_alarm_type(const void *field, const struct erm_snmp_context *ctx,
			   struct erm_snmp_value *ret)
{
	unsigned int v = *(const unsigned int *)field;

	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, v > 0 ? v : ALARM_TYPE_NONE);
}

static void get_operator_state(const void *field, const struct erm_snmp_context *ctx,
			       struct erm_snmp_value *ret)
{
	const struct erm_alarm_row *row = field;

	erm_snmp_get_enum(&row->op->state, ctx, ret);
}

static void get_operator(const void *field, const struct erm_snmp_context *ctx,
			 struct erm_snmp_value *ret)
{
	const struct erm_alarm_row *row = field;

	erm_snmp_get_chars(row->op->who, ctx, ret);
}

static void get_operator_text(const void *field, const struct erm_snmp_context *ctx,
			      struct erm_snmp_value *ret)
{
	const struct erm_alarm_row *row = field;

	erm_snmp_get_chars(row->op->text, ctx, ret);
}

static void get_operator_time(const void *field, const struct erm_snmp_context *ctx,
			      struct erm_snmp_value *ret)
{
	const struct erm_alarm_row *row = field;

	erm_snmp_get_time(&row->op->at, ctx, ret);
}

static void get_operator_age(const void *field, const struct erm_snmp_context *ctx,
			     struct erm_snmp_value *ret)
{
	const struct erm_alarm_row *row = field;

	erm_snmp_get_age(&row->op->at, ctx, ret);
}

static void get_event_state(const void *field, const struct erm_snmp_context *ctx,
			    struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_text(ret, erm_event_state_name(field));
}

static const struct erm_snmp_column alarm_columns[] = {
	{ "ermonAlarmId", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, id),
	  erm_snmp_get_unsigned },
	{ "ermonAlarmSequence", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, sequence), erm_snmp_get_unsigned },
	{ "ermonAlarmRootId", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, root_id),
	  erm_snmp_get_unsigned },
	{ "ermonAlarmType", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, type),
	  get_alarm_type },
	{ "ermonAlarmSeverity", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, severity), erm_snmp_get_enum },
	{ "ermonAlarmKey", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, key),
	  erm_snmp_get_chars },
	{ "ermonAlarmText", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, text),
	  erm_snmp_get_chars },
	{ "ermonAlarmCircuitName", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, circuit), erm_snmp_get_chars },
	{ "ermonAlarmResourceKind", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, resource_kind), erm_snmp_get_enum },
	{ "ermonAlarmResource", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, resource), erm_snmp_get_chars },
	{ "ermonAlarmCause", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, cause),
	  erm_snmp_get_enum },
	{ "ermonAlarmFaultDomain", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, fault_domain), erm_snmp_get_enum },
	{ "ermonAlarmImpacted", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, impacted), erm_snmp_get_gauge },
	{ "ermonAlarmSuppressed", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, suppressed), erm_snmp_get_counter },
	{ "ermonAlarmIsClearing", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, is_clearing), erm_snmp_get_bool },
	{ "ermonAlarmRaised", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, raised),
	  erm_snmp_get_time },
	{ "ermonAlarmRaisedAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_alarm_row, raised), erm_snmp_get_age },
	{ "ermonAlarmOperatorState", ERM_SNMP_INTEGER, ERM_SNMP_ROW, 0, get_operator_state },
	{ "ermonAlarmOperator", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_operator },
	{ "ermonAlarmOperatorText", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_operator_text },
	{ "ermonAlarmOperatorTime", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_operator_time },
	{ "ermonAlarmOperatorTimeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW, 0, get_operator_age },
	{ "ermonAlarmShelf", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_alarm_row, shelf),
	  erm_snmp_get_string },
};

const struct erm_snmp_table erm_snmp_alarm_table = {
	.name = "ermonAlarmTable",
	.number = 9,
	.n_index = 1,
	.columns = alarm_columns,
	.n_columns = ERM_ELEMENTS(alarm_columns),
	.rows_offset = offsetof(struct erm_snapshot, alarms),
	.n_rows_offset = offsetof(struct erm_snapshot, n_alarms),
	.row_size = sizeof(struct erm_alarm_row),
	.index_offset = offsetof(struct erm_alarm_row, id),
};

static const struct erm_snmp_column event_columns[] = {
	{ "ermonEventSequence", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, sequence),
	  erm_snmp_get_unsigned },
	{ "ermonEventKind", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_event, kind),
	  erm_snmp_get_enum },
	{ "ermonEventAlarmType", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_event, type),
	  get_alarm_type },
	{ "ermonEventSeverity", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_event, severity), erm_snmp_get_enum },
	{ "ermonEventKey", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, key),
	  erm_snmp_get_chars },
	{ "ermonEventText", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, text),
	  erm_snmp_get_chars },
	{ "ermonEventCircuitName", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_event, circuit), erm_snmp_get_chars },
	{ "ermonEventTime", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, at),
	  erm_snmp_get_time },
	{ "ermonEventTimeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, at),
	  erm_snmp_get_age },
	{ "ermonEventAlarmId", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, alarm_id),
	  erm_snmp_get_unsigned },
	{ "ermonEventResourceKind", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_event, resource_kind), erm_snmp_get_enum },
	{ "ermonEventResource", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, resource),
	  erm_snmp_get_chars },
	{ "ermonEventState", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_event_state },
	{ "ermonEventExpected", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, expected),
	  erm_snmp_get_gauge },
	{ "ermonEventUsable", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, usable),
	  erm_snmp_get_gauge },
	{ "ermonEventUnknown", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, unknown),
	  erm_snmp_get_gauge },
	{ "ermonEventCause", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_event, cause),
	  erm_snmp_get_enum },
	{ "ermonEventFaultDomain", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_event, fault_domain), erm_snmp_get_enum },
	{ "ermonEventRole", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, connection),
	  erm_snmp_get_chars },
	{ "ermonEventInterface", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_event, interface), erm_snmp_get_chars },
	{ "ermonEventPeer", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_event, peer),
	  erm_snmp_get_chars },
	{ "ermonEventImpacted", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_event, impacted),
	  erm_snmp_get_gauge },
};

const struct erm_snmp_table erm_snmp_event_table = {
	.name = "ermonEventTable",
	.number = 10,
	.n_index = 1,
	.columns = event_columns,
	.n_columns = ERM_ELEMENTS(event_columns),
	.is_log = true,
	.row_size = sizeof(struct erm_event *),
	.index_offset = offsetof(struct erm_event, sequence),
};
