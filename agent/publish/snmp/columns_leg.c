/* ERMON-MIB's tables of what traffic runs over: ports, connections, sessions. */
#include <stddef.h>

#include "base/cleanup.h"
#include "core/resource.h"
#include "publish/snmp/columns.h"

static void get_role(const void *field, const struct erm_snmp_context *ctx,
		     struct erm_snmp_value *ret)
{
	(void)ctx;
	erm_snmp_set_text(ret, erm_role_name(*(const enum erm_role *)field));
}

static void get_connection_name(const void *field, const struct erm_snmp_context *ctx,
				struct erm_snmp_value *ret)
{
	const struct erm_connection_row *row = field;
	const struct erm_config *config = ctx->snapshot->config;

	erm_snmp_set_text(ret, erm_resource_name(config, ERM_RESOURCE_CONNECTION,
						 (uint32_t)(row->config - config->connections),
						 ret->text));
}

static void get_session_name(const void *field, const struct erm_snmp_context *ctx,
			     struct erm_snmp_value *ret)
{
	const struct erm_session_row *row = field;
	const struct erm_config *config = ctx->snapshot->config;

	erm_snmp_set_text(ret,
			  erm_resource_name(config, ERM_RESOURCE_SESSION,
					    (uint32_t)(row->config - config->sessions), ret->text));
}

/* RFC 4273 has no number for "not known", and 0 would pass every threshold check. */
static void get_bgp_state(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	enum erm_bgp_state v = *(const enum erm_bgp_state *)field;

	(void)ctx;
	erm_snmp_set_number(ret, ERM_SNMP_INTEGER, v == ERM_BGP_UNKNOWN ? ERM_BGP_STATE_MAX : v);
}

static const struct erm_snmp_column port_columns[] = {
	{ "ermonPortNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_port_row, index),
	  erm_snmp_get_unsigned },
	{ "ermonPortName", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG, offsetof(struct erm_port_config, name),
	  erm_snmp_get_string },
	{ "ermonPortInterface", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, interface), erm_snmp_get_string },
	{ "ermonPortPair", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_port_row, pair),
	  erm_snmp_get_string },
	{ "ermonPortState", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_port_row, state),
	  erm_snmp_get_enum },
	{ "ermonPortCause", ERM_SNMP_INTEGER, ERM_SNMP_ROW, offsetof(struct erm_port_row, cause),
	  erm_snmp_get_enum },
	{ "ermonPortFaultDomain", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, fault_domain), erm_snmp_get_enum },
	{ "ermonPortIsPresent", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, is_present), erm_snmp_get_bool },
	{ "ermonPortIsAdminUp", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, is_admin_up), erm_snmp_get_bool },
	{ "ermonPortHasCarrier", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, has_carrier), erm_snmp_get_bool },
	{ "ermonPortIsOperUp", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, is_oper_up), erm_snmp_get_bool },
	{ "ermonPortIsKnown", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, is_known), erm_snmp_get_bool },
	{ "ermonPortIfIndex", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, ifindex), erm_snmp_get_integer },
	{ "ermonPortMtu", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_port_row, mtu),
	  erm_snmp_get_gauge },
	{ "ermonPortSpeed", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_port_row, speed_mbps),
	  erm_snmp_get_gauge64 },
	{ "ermonPortTransitions", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, transitions), erm_snmp_get_counter },
	{ "ermonPortConnections", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, connections), erm_snmp_get_gauge },
	{ "ermonPortLastChange", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, changed), erm_snmp_get_time },
	{ "ermonPortLastChangeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_port_row, changed), erm_snmp_get_age },
};

const struct erm_snmp_table erm_snmp_port_table = {
	.name = "ermonPortTable",
	.number = 3,
	.n_index = 1,
	.columns = port_columns,
	.n_columns = ERM_ELEMENTS(port_columns),
	.rows_offset = offsetof(struct erm_snapshot, ports),
	.n_rows_offset = offsetof(struct erm_snapshot, n_ports),
	.row_size = sizeof(struct erm_port_row),
	.index_offset = offsetof(struct erm_port_row, index),
	.config_offset = offsetof(struct erm_port_row, config),
};

static const struct erm_snmp_column connection_columns[] = {
	{ "ermonConnectionCircuitNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, index[0]), erm_snmp_get_unsigned },
	{ "ermonConnectionNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, index[1]), erm_snmp_get_unsigned },
	{ "ermonConnectionCircuitName", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, circuit), erm_snmp_get_string },
	{ "ermonConnectionName", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_connection_name },
	{ "ermonConnectionRole", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_connection_config, role), get_role },
	{ "ermonConnectionInterface", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, interface), erm_snmp_get_string },
	{ "ermonConnectionPort", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, port), erm_snmp_get_string },
	{ "ermonConnectionState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, state), erm_snmp_get_enum },
	{ "ermonConnectionCause", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, cause), erm_snmp_get_enum },
	{ "ermonConnectionFaultDomain", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, fault_domain), erm_snmp_get_enum },
	{ "ermonConnectionSessions", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, sessions), erm_snmp_get_gauge },
	{ "ermonConnectionUsable", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, usable), erm_snmp_get_gauge },
	{ "ermonConnectionUnknown", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, unknown), erm_snmp_get_gauge },
	{ "ermonConnectionTransitions", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, transitions), erm_snmp_get_counter },
	{ "ermonConnectionIsMaintenance", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, is_maintenance), erm_snmp_get_bool },
	{ "ermonConnectionIsFlapping", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, is_flapping), erm_snmp_get_bool },
	{ "ermonConnectionRemoteAgent", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_connection_config, remote_agent), erm_snmp_get_string },
	{ "ermonConnectionDescription", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_connection_config, description), erm_snmp_get_string },
	{ "ermonConnectionLastChange", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, changed), erm_snmp_get_time },
	{ "ermonConnectionLastChangeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_connection_row, changed), erm_snmp_get_age },
};

const struct erm_snmp_table erm_snmp_connection_table = {
	.name = "ermonConnectionTable",
	.number = 5,
	.n_index = 2,
	.columns = connection_columns,
	.n_columns = ERM_ELEMENTS(connection_columns),
	.rows_offset = offsetof(struct erm_snapshot, connections),
	.n_rows_offset = offsetof(struct erm_snapshot, n_connections),
	.row_size = sizeof(struct erm_connection_row),
	.index_offset = offsetof(struct erm_connection_row, index),
	.config_offset = offsetof(struct erm_connection_row, config),
};

static const struct erm_snmp_column session_columns[] = {
	{ "ermonSessionCircuitNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, index[0]), erm_snmp_get_unsigned },
	{ "ermonSessionConnectionNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, index[1]), erm_snmp_get_unsigned },
	{ "ermonSessionNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, index[2]), erm_snmp_get_unsigned },
	{ "ermonSessionCircuitName", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, circuit), erm_snmp_get_string },
	{ "ermonSessionName", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_session_name },
	{ "ermonSessionRole", ERM_SNMP_OCTETS, ERM_SNMP_ROW, offsetof(struct erm_session_row, role),
	  get_role },
	{ "ermonSessionInterface", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, interface), erm_snmp_get_string },
	{ "ermonSessionSource", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, source), erm_snmp_get_string },
	{ "ermonSessionPeering", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, peering), erm_snmp_get_enum },
	{ "ermonSessionFamily", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, family), erm_snmp_get_enum },
	{ "ermonSessionState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, state), erm_snmp_get_enum },
	{ "ermonSessionLayer", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, layer), erm_snmp_get_enum },
	{ "ermonSessionCause", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, cause), erm_snmp_get_enum },
	{ "ermonSessionFaultDomain", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, fault_domain), erm_snmp_get_enum },
	{ "ermonSessionIsUsable", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, is_usable), erm_snmp_get_bool },
	{ "ermonSessionIsKnown", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, is_known), erm_snmp_get_bool },
	{ "ermonSessionBgpState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, bgp), get_bgp_state },
	{ "ermonSessionBfdState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, bfd), erm_snmp_get_enum },
	{ "ermonSessionBfdExpected", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, bfd_expected), erm_snmp_get_bool },
	{ "ermonSessionNeighborType", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, neighbor), erm_snmp_get_addr_type },
	{ "ermonSessionNeighbor", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, neighbor), erm_snmp_get_addr },
	{ "ermonSessionNeighborText", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, neighbor), erm_snmp_get_addr_text },
	{ "ermonSessionLocalType", ERM_SNMP_INTEGER, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, local_address), erm_snmp_get_addr_type },
	{ "ermonSessionLocal", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, local_address), erm_snmp_get_addr },
	{ "ermonSessionLocalText", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, local_address), erm_snmp_get_addr_text },
	{ "ermonSessionRemoteAs", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, remote_as), erm_snmp_get_unsigned },
	{ "ermonSessionExpectedAs", ERM_SNMP_GAUGE, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, peer_as), erm_snmp_get_unsigned },
	{ "ermonSessionLocalAs", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, local_as), erm_snmp_get_unsigned },
	{ "ermonSessionPrefixesReceived", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, prefixes_received), erm_snmp_get_gauge },
	{ "ermonSessionPrefixesAdvertised", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, prefixes_advertised), erm_snmp_get_gauge },
	{ "ermonSessionMinPrefixes", ERM_SNMP_GAUGE, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, min_prefixes), erm_snmp_get_unsigned },
	{ "ermonSessionPrefixLimit", ERM_SNMP_GAUGE, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, prefix_limit), erm_snmp_get_unsigned },
	{ "ermonSessionPrefixThreshold", ERM_SNMP_GAUGE, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, prefix_threshold_percent), erm_snmp_get_unsigned },
	{ "ermonSessionEstablished", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, established_count), erm_snmp_get_counter },
	{ "ermonSessionTransitions", ERM_SNMP_COUNTER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, transitions), erm_snmp_get_counter },
	{ "ermonSessionErrorCode", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, error_code), erm_snmp_get_octet },
	{ "ermonSessionErrorSubcode", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, error_subcode), erm_snmp_get_octet },
	{ "ermonSessionErrorText", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, reset_text), erm_snmp_get_chars },
	{ "ermonSessionDescription", ERM_SNMP_OCTETS, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, description), erm_snmp_get_string },
	{ "ermonSessionLastChange", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, changed), erm_snmp_get_time },
	{ "ermonSessionLastChangeAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, changed), erm_snmp_get_age },
	{ "ermonSessionNeighborState", ERM_SNMP_INTEGER, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, neighbor), erm_snmp_get_enum },
	{ "ermonSessionPrefixesExpected", ERM_SNMP_GAUGE, ERM_SNMP_CONFIG,
	  offsetof(struct erm_session_config, n_expected), erm_snmp_get_unsigned },
	{ "ermonSessionExpectedReceived", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, expected_received), erm_snmp_get_gauge },
	{ "ermonSessionPrepends", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_session_row, prepends), erm_snmp_get_gauge },
};

const struct erm_snmp_table erm_snmp_session_table = {
	.name = "ermonSessionTable",
	.number = 6,
	.n_index = 3,
	.columns = session_columns,
	.n_columns = ERM_ELEMENTS(session_columns),
	.rows_offset = offsetof(struct erm_snapshot, sessions),
	.n_rows_offset = offsetof(struct erm_snapshot, n_sessions),
	.row_size = sizeof(struct erm_session_row),
	.index_offset = offsetof(struct erm_session_row, index),
	.config_offset = offsetof(struct erm_session_row, config),
};
