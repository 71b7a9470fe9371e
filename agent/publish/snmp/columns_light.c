/* ERMON-MIB's tables of the light of ports, by module and by lane. */
#include <stddef.h>

#include "base/cleanup.h"
#include "publish/snmp/columns.h"

static void get_light_port(const void *field, const struct erm_snmp_context *ctx,
			   struct erm_snmp_value *ret)
{
	const struct erm_light_row *row = field;

	(void)ctx;
	erm_snmp_set_text(ret, row->config->name);
}

static void get_light_interface(const void *field, const struct erm_snmp_context *ctx,
				struct erm_snmp_value *ret)
{
	const struct erm_light_row *row = field;

	erm_snmp_set_text(ret, ctx->snapshot->config->interfaces[row->config->interface].name);
}

static void get_lane_port(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	const struct erm_lane_row *row = field;
	const struct erm_light_row *light = erm_snapshot_light(ctx->snapshot, row->index[0]);

	erm_snmp_set_text(ret, light ? light->config->name : NULL);
}

static const struct erm_snmp_column light_columns[] = {
	{ "ermonLightPortNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, index), erm_snmp_get_unsigned },
	{ "ermonLightPortName", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_light_port },
	{ "ermonLightInterface", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_light_interface },
	{ "ermonLightIsKnown", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, is_known), erm_snmp_get_bool },
	{ "ermonLightIsPresent", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, has_light), erm_snmp_get_bool },
	{ "ermonLightIsOutOfRange", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, is_out), erm_snmp_get_bool },
	{ "ermonLightReason", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_light_row, reason),
	  erm_snmp_get_string },
	{ "ermonLightRxPower", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, rx_cdbm), erm_snmp_get_signed },
	{ "ermonLightTxPower", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, tx_cdbm), erm_snmp_get_signed },
	{ "ermonLightRxSlope", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, slope_cdbm), erm_snmp_get_signed },
	{ "ermonLightLanes", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_light_row, n_lanes),
	  erm_snmp_get_gauge },
	{ "ermonLightTemperature", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, temperature_mc), erm_snmp_get_signed },
	{ "ermonLightVoltage", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, voltage_mv), erm_snmp_get_gauge },
	{ "ermonLightModule", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, module_text), erm_snmp_get_chars },
	{ "ermonLightLink", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_light_row, link_text), erm_snmp_get_chars },
};

const struct erm_snmp_table erm_snmp_light_table = {
	.name = "ermonLightTable",
	.number = 12,
	.n_index = 1,
	.columns = light_columns,
	.n_columns = ERM_ELEMENTS(light_columns),
	.rows_offset = offsetof(struct erm_snapshot, lights),
	.n_rows_offset = offsetof(struct erm_snapshot, n_lights),
	.row_size = sizeof(struct erm_light_row),
	.index_offset = offsetof(struct erm_light_row, index),
	.config_offset = offsetof(struct erm_light_row, config),
};

static const struct erm_snmp_column lane_columns[] = {
	{ "ermonLanePortNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_lane_row, index[0]), erm_snmp_get_unsigned },
	{ "ermonLaneNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_lane_row, index[1]),
	  erm_snmp_get_unsigned },
	{ "ermonLanePortName", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_lane_port },
	{ "ermonLaneRxPower", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_lane_row, rx_cdbm), erm_snmp_get_signed },
	{ "ermonLaneTxPower", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_lane_row, tx_cdbm), erm_snmp_get_signed },
	{ "ermonLaneBias", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_lane_row, bias_ua),
	  erm_snmp_get_gauge },
	{ "ermonLaneIsSignalLost", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_lane_row, is_los), erm_snmp_get_bool },
};

const struct erm_snmp_table erm_snmp_lane_table = {
	.name = "ermonLaneTable",
	.number = 13,
	.n_index = 2,
	.columns = lane_columns,
	.n_columns = ERM_ELEMENTS(lane_columns),
	.rows_offset = offsetof(struct erm_snapshot, lanes),
	.n_rows_offset = offsetof(struct erm_snapshot, n_lanes),
	.row_size = sizeof(struct erm_lane_row),
	.index_offset = offsetof(struct erm_lane_row, index),
};
