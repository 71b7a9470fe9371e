#include "publish/snmp/columns.h"

#include <string.h>

const struct erm_snmp_table *const erm_snmp_tables[ERM_SNMP_N_TABLES] = {
	&erm_snmp_agent,         &erm_snmp_source_table,     &erm_snmp_port_table,
	&erm_snmp_circuit_table, &erm_snmp_connection_table, &erm_snmp_session_table,
	&erm_snmp_service_table, &erm_snmp_group_table,      &erm_snmp_alarm_table,
	&erm_snmp_event_table,   &erm_snmp_light_table,      &erm_snmp_lane_table,
	&erm_snmp_shelf_table,
};

static uint32_t first_number(const struct erm_snmp_table *table)
{
	return table->n_index > 0 ? 2 : 1;
}

uint32_t erm_snmp_column_number(const struct erm_snmp_table *table, const char *name)
{
	for (uint32_t i = 0; i < table->n_columns; i++) {
		if (strcmp(table->columns[i].name, name) == 0)
			return first_number(table) + i;
	}
	return 0;
}

void erm_snmp_column_get(const struct erm_snmp_table *table, uint32_t column, const void *row,
			 const struct erm_snmp_context *ctx, struct erm_snmp_value *ret)
{
	const struct erm_snmp_column *c = &table->columns[column - first_number(table)];
	const char *base = row;

	switch (c->base) {
	case ERM_SNMP_ROW:
		break;
	case ERM_SNMP_CONFIG:
		base = *(const char *const *)(base + table->config_offset);
		break;
	case ERM_SNMP_HEALTH:
		base = (const char *)ctx->health;
		break;
	}
	c->get(base + c->offset, ctx, ret);
}
