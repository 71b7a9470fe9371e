/*
 * The one spelling of every value.  Knows nothing but core/types.h; the YANG's
 * enumerations are compared with these tables by a test.
 */
#include "core/types.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

#define NAME_OF(table, v) ((unsigned int)(v) < ERM_ELEMENTS(table) ? (table)[(v)] : NULL)

static const char *const state_names[ERM_STATE_MAX] = {
	[ERM_STATE_HEALTHY] = "healthy",
	[ERM_STATE_DEGRADED] = "degraded",
	[ERM_STATE_REDUNDANCY_LOST] = "redundancy-lost",
	[ERM_STATE_DOWN] = "down",
	[ERM_STATE_UNKNOWN] = "unknown",
};

static const char *const member_state_names[ERM_MEMBER_STATE_MAX] = {
	[ERM_MEMBER_UP] = "up",
	[ERM_MEMBER_DEGRADED] = "degraded",
	[ERM_MEMBER_DRAINING] = "draining",
	[ERM_MEMBER_ADMIN_DOWN] = "admin-down",
	[ERM_MEMBER_NOT_CONFIGURED] = "not-configured",
	[ERM_MEMBER_DOWN] = "down",
	[ERM_MEMBER_UNKNOWN] = "unknown",
};

static const char *const model_type_names[ERM_MODEL_MAX] = {
	[ERM_MODEL_CLOUD_EXCHANGE] = "cloud-exchange",
	[ERM_MODEL_POINT_TO_POINT] = "point-to-point",
	[ERM_MODEL_MANAGED_L3] = "managed-l3",
	[ERM_MODEL_ANY_TO_ANY] = "any-to-any",
	[ERM_MODEL_DIRECT] = "direct",
};

static const char *const role_names[ERM_ROLE_MAX] = {
	[ERM_ROLE_PRIMARY] = "primary",
	[ERM_ROLE_SECONDARY] = "secondary",
};

static const char *const peering_names[ERM_PEERING_MAX] = {
	[ERM_PEERING_PRIVATE] = "private",
	[ERM_PEERING_MICROSOFT] = "microsoft",
	[ERM_PEERING_AZURE_PUBLIC] = "azure-public",
};

static const char *const family_names[ERM_FAMILY_MAX] = {
	[ERM_FAMILY_IPV4] = "ipv4",
	[ERM_FAMILY_IPV6] = "ipv6",
};

static const char *const sku_names[ERM_SKU_MAX] = {
	[ERM_SKU_STANDARD] = "standard",
	[ERM_SKU_PREMIUM] = "premium",
	[ERM_SKU_LOCAL] = "local",
};

static const char *const bgp_state_names[ERM_BGP_STATE_MAX] = {
	[ERM_BGP_UNKNOWN] = "unknown",         [ERM_BGP_IDLE] = "idle",
	[ERM_BGP_CONNECT] = "connect",         [ERM_BGP_ACTIVE] = "active",
	[ERM_BGP_OPEN_SENT] = "open-sent",     [ERM_BGP_OPEN_CONFIRM] = "open-confirm",
	[ERM_BGP_ESTABLISHED] = "established",
};

static const char *const bfd_state_names[ERM_BFD_STATE_MAX] = {
	[ERM_BFD_NONE] = "none",
	[ERM_BFD_UP] = "up",
	[ERM_BFD_DOWN] = "down",
	[ERM_BFD_UNKNOWN] = "unknown",
};

static const char *const neighbor_state_names[ERM_NEIGHBOR_STATE_MAX] = {
	[ERM_NEIGHBOR_UNKNOWN] = "unknown",
	[ERM_NEIGHBOR_RESOLVED] = "resolved",
	[ERM_NEIGHBOR_UNRESOLVED] = "unresolved",
};

static const char *const claim_use_names[ERM_CLAIM_USE_MAX] = {
	[ERM_CLAIM_DECIDES] = "decides",   [ERM_CLAIM_AGREES] = "agrees",
	[ERM_CLAIM_DISPUTES] = "disputes", [ERM_CLAIM_OVERRULED] = "overruled",
	[ERM_CLAIM_LOST] = "lost",         [ERM_CLAIM_SILENT] = "silent",
};

static const char *const source_state_names[ERM_SOURCE_STATE_MAX] = {
	[ERM_SOURCE_OK] = "ok",
	[ERM_SOURCE_STARTING] = "starting",
	[ERM_SOURCE_LOST] = "lost",
};

static const char *const source_reason_names[ERM_REASON_MAX] = {
	[ERM_REASON_NONE] = "none",
	[ERM_REASON_NOT_STARTED] = "not-started",
	[ERM_REASON_REFUSED] = "refused",
	[ERM_REASON_PERMISSION] = "permission",
	[ERM_REASON_TIMEOUT] = "timeout",
	[ERM_REASON_CLOSED] = "closed",
	[ERM_REASON_PROTOCOL] = "protocol",
	[ERM_REASON_TOO_LARGE] = "too-large",
	[ERM_REASON_REJECTED] = "rejected",
	[ERM_REASON_SYSTEM] = "system",
	[ERM_REASON_STALE] = "stale",
	[ERM_REASON_NO_ROUTER] = "no-router",
	[ERM_REASON_UNSUPPORTED] = "unsupported",
};

static const char *const layer_names[ERM_LAYER_MAX] = {
	[ERM_LAYER_NONE] = "none",         [ERM_LAYER_DATA] = "data",
	[ERM_LAYER_ADMIN] = "admin",       [ERM_LAYER_OPTICS] = "optics",
	[ERM_LAYER_PORT] = "port",         [ERM_LAYER_LAG] = "lag",
	[ERM_LAYER_MACSEC] = "macsec",     [ERM_LAYER_INTERFACE] = "interface",
	[ERM_LAYER_NEIGHBOR] = "neighbor", [ERM_LAYER_BFD] = "bfd",
	[ERM_LAYER_BGP] = "bgp",           [ERM_LAYER_PREFIXES] = "prefixes",
};

static const char *const cause_names[ERM_CAUSE_MAX] = {
	[ERM_CAUSE_NONE] = "none",
	[ERM_CAUSE_COLLECTOR_LOST] = "collector-lost",
	[ERM_CAUSE_NO_DATA_YET] = "no-data-yet",
	[ERM_CAUSE_REMOTE_AGENT] = "remote-agent",
	[ERM_CAUSE_INTERFACE_ADMIN] = "interface-admin",
	[ERM_CAUSE_INTERFACE_ABSENT] = "interface-absent",
	[ERM_CAUSE_NO_CARRIER] = "no-carrier",
	[ERM_CAUSE_LOWER_LAYER_DOWN] = "lower-layer-down",
	[ERM_CAUSE_NOT_CONFIGURED] = "not-configured",
	[ERM_CAUSE_LOCAL_SHUTDOWN] = "local-shutdown",
	[ERM_CAUSE_ADMIN_SHUTDOWN] = "admin-shutdown",
	[ERM_CAUSE_PREFIX_LIMIT] = "prefix-limit",
	[ERM_CAUSE_PEER_CEASE] = "peer-cease",
	[ERM_CAUSE_BFD_DOWN] = "bfd-down",
	[ERM_CAUSE_HOLD_EXPIRED] = "hold-expired",
	[ERM_CAUSE_WRONG_AS] = "wrong-as",
	[ERM_CAUSE_PEER_CLOSED] = "peer-closed",
	[ERM_CAUSE_NEVER_ESTABLISHED] = "never-established",
	[ERM_CAUSE_TRANSPORT] = "transport",
	[ERM_CAUSE_NOT_ESTABLISHED] = "not-established",
	[ERM_CAUSE_NO_PREFIXES] = "no-prefixes",
	[ERM_CAUSE_BFD_ABSENT] = "bfd-absent",
	[ERM_CAUSE_PREFIX_THRESHOLD] = "prefix-threshold",
	[ERM_CAUSE_FLAPPING] = "flapping",
	[ERM_CAUSE_NEIGHBOR_UNRESOLVED] = "neighbor-unresolved",
	[ERM_CAUSE_OPTICAL] = "optical",
	[ERM_CAUSE_DRAINING] = "draining",
	[ERM_CAUSE_PREFIX_MISSING] = "prefix-missing",
};

static const char *const fault_domain_names[ERM_FAULT_MAX] = {
	[ERM_FAULT_NONE] = "none",
	[ERM_FAULT_CUSTOMER] = "customer",
	[ERM_FAULT_PROVIDER] = "provider",
	[ERM_FAULT_MICROSOFT] = "microsoft",
	[ERM_FAULT_UNDETERMINED] = "undetermined",
};

static const char *const alarm_type_names[ERM_ALARM_TYPE_MAX] = {
	[ERM_ALARM_SERVICE_DOWN] = "service-down",
	[ERM_ALARM_REDUNDANCY_LOST] = "redundancy-lost",
	[ERM_ALARM_NOT_REDUNDANT] = "not-redundant",
	[ERM_ALARM_DEGRADED] = "degraded",
	[ERM_ALARM_STATE_UNKNOWN] = "state-unknown",
	[ERM_ALARM_PORT_DOWN] = "port-down",
	[ERM_ALARM_SESSION_DOWN] = "session-down",
	[ERM_ALARM_FLAPPING] = "flapping",
	[ERM_ALARM_PREFIX_THRESHOLD] = "prefix-threshold",
	[ERM_ALARM_PREFIX_LIMIT] = "prefix-limit",
	[ERM_ALARM_OPTICAL] = "optical",
	[ERM_ALARM_DRAINING] = "draining",
};

static const char *const severity_names[ERM_SEVERITY_MAX] = {
	[ERM_SEVERITY_CLEARED] = "cleared",   [ERM_SEVERITY_INDETERMINATE] = "indeterminate",
	[ERM_SEVERITY_CRITICAL] = "critical", [ERM_SEVERITY_MAJOR] = "major",
	[ERM_SEVERITY_MINOR] = "minor",       [ERM_SEVERITY_WARNING] = "warning",
};

static const char *const operator_state_names[] = {
	[ERM_OPERATOR_NONE] = "none",
	[ERM_OPERATOR_ACK] = "ack",
	[ERM_OPERATOR_CLOSED] = "closed",
};

static const char *const resource_kind_names[ERM_RESOURCE_KIND_MAX] = {
	[ERM_RESOURCE_AGENT] = "agent",     [ERM_RESOURCE_PORT] = "port",
	[ERM_RESOURCE_CIRCUIT] = "circuit", [ERM_RESOURCE_CONNECTION] = "connection",
	[ERM_RESOURCE_SESSION] = "session", [ERM_RESOURCE_SERVICE] = "service",
	[ERM_RESOURCE_GROUP] = "group",     [ERM_RESOURCE_SOURCE] = "source",
};

static const char *const group_kind_names[ERM_GROUP_KIND_MAX] = {
	[ERM_GROUP_CIRCUITS] = "circuits",
	[ERM_GROUP_PORT_PAIR] = "port-pair",
};

static const char *const source_type_names[ERM_SOURCE_TYPE_MAX] = {
	[ERM_SOURCE_TYPE_RTNL] = "kernel",         [ERM_SOURCE_TYPE_FRR] = "frr",
	[ERM_SOURCE_TYPE_SOCK_DIAG] = "sock-diag", [ERM_SOURCE_TYPE_BMP] = "bmp",
	[ERM_SOURCE_TYPE_BIRD] = "bird",           [ERM_SOURCE_TYPE_OPENBGPD] = "openbgpd",
	[ERM_SOURCE_TYPE_SNMP] = "snmp",           [ERM_SOURCE_TYPE_NEIGHBOR] = "neighbor",
	[ERM_SOURCE_TYPE_ETHTOOL] = "ethtool",
};

static const char *const event_kind_names[ERM_EVENT_KIND_MAX] = {
	[ERM_EVENT_RAISE] = "raise",         [ERM_EVENT_CLEAR] = "clear",
	[ERM_EVENT_REMINDER] = "reminder",   [ERM_EVENT_AGENT_STARTED] = "agent-started",
	[ERM_EVENT_HEARTBEAT] = "heartbeat",
};

const char *erm_state_name(enum erm_state v)
{
	return NAME_OF(state_names, v);
}

const char *erm_member_state_name(enum erm_member_state v)
{
	return NAME_OF(member_state_names, v);
}

const char *erm_model_type_name(enum erm_model_type v)
{
	return NAME_OF(model_type_names, v);
}

const char *erm_role_name(enum erm_role v)
{
	return NAME_OF(role_names, v);
}

const char *erm_peering_name(enum erm_peering v)
{
	return NAME_OF(peering_names, v);
}

const char *erm_family_name(enum erm_family v)
{
	return NAME_OF(family_names, v);
}

const char *erm_sku_name(enum erm_sku v)
{
	return NAME_OF(sku_names, v);
}

const char *erm_bgp_state_name(enum erm_bgp_state v)
{
	return NAME_OF(bgp_state_names, v);
}

const char *erm_bfd_state_name(enum erm_bfd_state v)
{
	return NAME_OF(bfd_state_names, v);
}

const char *erm_neighbor_state_name(enum erm_neighbor_state v)
{
	return NAME_OF(neighbor_state_names, v);
}

const char *erm_claim_use_name(enum erm_claim_use v)
{
	return NAME_OF(claim_use_names, v);
}

const char *erm_source_state_name(enum erm_source_state v)
{
	return NAME_OF(source_state_names, v);
}

const char *erm_source_reason_name(enum erm_source_reason v)
{
	return NAME_OF(source_reason_names, v);
}

const char *erm_layer_name(enum erm_layer v)
{
	return NAME_OF(layer_names, v);
}

const char *erm_cause_name(enum erm_cause v)
{
	return NAME_OF(cause_names, v);
}

const char *erm_fault_domain_name(enum erm_fault_domain v)
{
	return NAME_OF(fault_domain_names, v);
}

const char *erm_alarm_type_name(enum erm_alarm_type v)
{
	return NAME_OF(alarm_type_names, v);
}

const char *erm_severity_name(enum erm_severity v)
{
	return NAME_OF(severity_names, v);
}

const char *erm_operator_state_name(enum erm_operator_state v)
{
	return NAME_OF(operator_state_names, v);
}

const char *erm_resource_kind_name(enum erm_resource_kind v)
{
	return NAME_OF(resource_kind_names, v);
}

const char *erm_group_kind_name(enum erm_group_kind v)
{
	return NAME_OF(group_kind_names, v);
}

const char *erm_source_type_name(enum erm_source_type v)
{
	return NAME_OF(source_type_names, v);
}

const char *erm_event_kind_name(enum erm_event_kind v)
{
	return NAME_OF(event_kind_names, v);
}

int erm_value_from_name(const char *(*name_of)(unsigned int), const char *name)
{
	/* Every enumeration runs on from 0 or 1 without a gap. */
	for (unsigned int v = 0;; v++) {
		const char *n = name_of(v);

		if (n && strcmp(n, name) == 0)
			return (int)v;
		if (!n && v > 0)
			return -EINVAL;
	}
}
