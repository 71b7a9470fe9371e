/* ERMON-MIB's scalars and its source table. */
#include <stddef.h>

#include "base/cleanup.h"
#include "publish/snmp/columns.h"

static void get_version(const void *field, const struct erm_snmp_context *ctx,
			struct erm_snmp_value *ret)
{
	(void)field;
	(void)ctx;
	erm_snmp_set_text(ret, PACKAGE_VERSION);
}

static void get_worst_source(const void *field, const struct erm_snmp_context *ctx,
			     struct erm_snmp_value *ret)
{
	const struct erm_snapshot *snapshot = field;
	enum erm_source_state worst = ERM_SOURCE_OK;

	(void)ctx;
	for (uint32_t i = 0; i < snapshot->n_sources; i++) {
		if (snapshot->sources[i].is_needed && snapshot->sources[i].state > worst)
			worst = snapshot->sources[i].state;
	}
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, worst);
}

static void get_collector_age(const void *field, const struct erm_snmp_context *ctx,
			      struct erm_snmp_value *ret)
{
	const struct erm_snapshot *snapshot = field;
	uint32_t oldest = 0;

	for (uint32_t i = 0; i < snapshot->n_sources; i++) {
		struct erm_snmp_value age;

		if (!snapshot->sources[i].is_needed)
			continue;
		erm_snmp_get_age(&snapshot->sources[i].last_good, ctx, &age);
		if ((uint32_t)age.number > oldest)
			oldest = (uint32_t)age.number;
	}
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE, oldest);
}

static const struct erm_snmp_column agent_columns[] = {
	{ "ermonAgentVersion", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_version },
	{ "ermonAgentName", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_config, agent.name), erm_snmp_get_string },
	{ "ermonAgentStartTime", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, started), erm_snmp_get_time },
	{ "ermonAgentStartAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, started), erm_snmp_get_age },
	{ "ermonLastSequence", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, last_sequence), erm_snmp_get_unsigned },
	{ "ermonWorstState", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_snapshot, worst),
	  erm_snmp_get_enum },
	{ "ermonWorstGroupState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_group), erm_snmp_get_enum },
	{ "ermonWorstCircuitState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_circuit), erm_snmp_get_enum },
	{ "ermonWorstServiceState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_service), erm_snmp_get_enum },
	{ "ermonWorstConnectionState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_connection), erm_snmp_get_enum },
	{ "ermonWorstSessionState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_session), erm_snmp_get_enum },
	{ "ermonWorstPortState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, worst_port), erm_snmp_get_enum },
	{ "ermonWorstSourceState", ERM_SNMP_INTEGER, ERM_SNMP_ROW, 0, get_worst_source },
	{ "ermonActiveAlarms", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, n_alarms), erm_snmp_get_gauge },
	{ "ermonCollectorAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW, 0, get_collector_age },
	{ "ermonLastChange", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_snapshot, changed),
	  erm_snmp_get_time },
	{ "ermonLastChangeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, changed), erm_snmp_get_age },
	{ "ermonAgentObservations", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.observations), erm_snmp_get_counter64 },
	{ "ermonAgentCommits", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.commits), erm_snmp_get_counter64 },
	{ "ermonAgentReconciled", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.reconciled), erm_snmp_get_counter64 },
	{ "ermonAgentNotifications", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.notifications), erm_snmp_get_counter64 },
	{ "ermonAgentSuppressed", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.suppressed), erm_snmp_get_counter64 },
	{ "ermonAgentEventsDropped", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, counters.events_dropped), erm_snmp_get_counter64 },
	{ "ermonQueueLength", ERM_SNMP_GAUGE, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, queued), erm_snmp_get_gauge },
	{ "ermonQueueAckedSequence", ERM_SNMP_GAUGE, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, acked_sequence), erm_snmp_get_unsigned },
	{ "ermonQueueDelivered", ERM_SNMP_COUNTER, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, delivered), erm_snmp_get_counter64 },
	{ "ermonQueueResent", ERM_SNMP_COUNTER, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, resent), erm_snmp_get_counter64 },
	{ "ermonQueueDropped", ERM_SNMP_COUNTER, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, dropped), erm_snmp_get_counter64 },
	{ "ermonQueueRejected", ERM_SNMP_COUNTER, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, rejected), erm_snmp_get_counter64 },
	{ "ermonQueueReconnects", ERM_SNMP_COUNTER, ERM_SNMP_HEALTH,
	  offsetof(struct erm_publisher_health, reconnects), erm_snmp_get_counter64 },
	{ "ermonShelvedAlarms", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_snapshot, n_shelved), erm_snmp_get_gauge },
};

const struct erm_snmp_table erm_snmp_agent = {
	.name = "ermonAgent",
	.number = 1,
	.n_index = 0,
	.columns = agent_columns,
	.n_columns = ERM_ELEMENTS(agent_columns),
	.config_offset = offsetof(struct erm_snapshot, config),
};

static const struct erm_snmp_column source_columns[] = {
	{ "ermonSourceNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_source_row, index),
	  erm_snmp_get_unsigned },
	{ "ermonSourceName", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_source_config, name), erm_snmp_get_string },
	{ "ermonSourceType", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_source_config, type), erm_snmp_get_enum },
	{ "ermonSourceState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, state), erm_snmp_get_enum },
	{ "ermonSourceReason", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, reason), erm_snmp_get_enum },
	{ "ermonSourceText", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_source_row, text),
	  erm_snmp_get_chars },
	{ "ermonSourceLastGood", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, last_good), erm_snmp_get_time },
	{ "ermonSourceLastGoodAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, last_good), erm_snmp_get_age },
	{ "ermonSourceLastChange", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, changed), erm_snmp_get_time },
	{ "ermonSourceLastChangeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, changed), erm_snmp_get_age },
	{ "ermonSourceSessions", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, sessions), erm_snmp_get_gauge },
	{ "ermonSourceInterfaces", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, interfaces), erm_snmp_get_gauge },
	{ "ermonSourceRequests", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.requests), erm_snmp_get_counter64 },
	{ "ermonSourceErrors", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.errors), erm_snmp_get_counter64 },
	{ "ermonSourceTimeouts", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.timeouts), erm_snmp_get_counter64 },
	{ "ermonSourceResyncs", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.resyncs), erm_snmp_get_counter64 },
	{ "ermonSourceReconnects", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.reconnects), erm_snmp_get_counter64 },
	{ "ermonSourceLimitsHit", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.limits_hit), erm_snmp_get_counter64 },
	{ "ermonSourceEvents", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_source_row, counters.events), erm_snmp_get_counter64 },
};

const struct erm_snmp_table erm_snmp_source_table = {
	.name = "ermonSourceTable",
	.number = 2,
	.n_index = 1,
	.columns = source_columns,
	.n_columns = ERM_ELEMENTS(source_columns),
	.rows_offset = offsetof(struct erm_snapshot, sources),
	.n_rows_offset = offsetof(struct erm_snapshot, n_sources),
	.row_size = sizeof(struct erm_source_row),
	.index_offset = offsetof(struct erm_source_row, index),
	.config_offset = offsetof(struct erm_source_row, config),
};
