/*
 * The vocabulary: every enumeration that trap, table, YANG leaf, journal line and
 * log share, with its one spelling.  Numbers of states are the MIB's: ordered by
 * badness from 1, so that a threshold check (check_snmp -w 0:1 -c 0:2) works; they
 * never change once released.
 */
#ifndef ERM_CORE_TYPES_H
#define ERM_CORE_TYPES_H

#include <stdint.h>

#define ERM_NO_POWER INT16_MIN /* in the place of a light power in 0.01 dBm: there is none */
#define ERM_NAME_MAX 64        /* [A-Za-z0-9._/-]{1,63} and its NUL */

/* Verdict of a service, circuit, port pair or group. */
enum erm_state {
	ERM_STATE_HEALTHY = 1,
	ERM_STATE_DEGRADED,
	ERM_STATE_REDUNDANCY_LOST,
	ERM_STATE_DOWN,
	ERM_STATE_UNKNOWN,
	ERM_STATE_MAX
};

/* State of a member: port, connection, session. */
enum erm_member_state {
	ERM_MEMBER_UP = 1,
	ERM_MEMBER_DEGRADED,
	ERM_MEMBER_DRAINING,
	ERM_MEMBER_ADMIN_DOWN,
	ERM_MEMBER_NOT_CONFIGURED,
	ERM_MEMBER_DOWN,
	ERM_MEMBER_UNKNOWN,
	ERM_MEMBER_STATE_MAX
};

enum erm_model_type { /* connectivity model */
		      ERM_MODEL_CLOUD_EXCHANGE = 1,
		      ERM_MODEL_POINT_TO_POINT,
		      ERM_MODEL_MANAGED_L3, /* exchange or point-to-point, but the provider runs the BGP to Microsoft */
		      ERM_MODEL_ANY_TO_ANY,
		      ERM_MODEL_DIRECT,
		      ERM_MODEL_MAX
};

enum erm_role { ERM_ROLE_PRIMARY = 1, ERM_ROLE_SECONDARY, ERM_ROLE_MAX };

enum erm_peering {
	ERM_PEERING_PRIVATE = 1,
	ERM_PEERING_MICROSOFT,
	ERM_PEERING_AZURE_PUBLIC, /* retired 2024 */
	ERM_PEERING_MAX
};

enum erm_family { ERM_FAMILY_IPV4 = 1, ERM_FAMILY_IPV6, ERM_FAMILY_MAX };

enum erm_sku { ERM_SKU_STANDARD = 1, ERM_SKU_PREMIUM, ERM_SKU_LOCAL, ERM_SKU_MAX };

/* BGP FSM, RFC 4273 numbers. */
enum erm_bgp_state {
	ERM_BGP_UNKNOWN = 0,
	ERM_BGP_IDLE,
	ERM_BGP_CONNECT,
	ERM_BGP_ACTIVE,
	ERM_BGP_OPEN_SENT,
	ERM_BGP_OPEN_CONFIRM,
	ERM_BGP_ESTABLISHED,
	ERM_BGP_STATE_MAX
};

enum erm_bfd_state {
	ERM_BFD_NONE = 1,
	ERM_BFD_UP,
	ERM_BFD_DOWN,
	ERM_BFD_UNKNOWN,
	ERM_BFD_STATE_MAX
};

/* What the kernel's ARP or neighbour discovery cache says of the BGP peer. */
enum erm_neighbor_state {
	ERM_NEIGHBOR_UNKNOWN = 1, /* no entry, or nobody looks: proves nothing */
	ERM_NEIGHBOR_RESOLVED,
	ERM_NEIGHBOR_UNRESOLVED, /* asked for, and nobody answers */
	ERM_NEIGHBOR_STATE_MAX
};

/* What became of what a source said of a session: core/resolve.h. */
enum erm_claim_use {
	ERM_CLAIM_DECIDES = 1,
	ERM_CLAIM_AGREES,
	ERM_CLAIM_DISPUTES,  /* says otherwise, later; whoever decides is being asked again */
	ERM_CLAIM_OVERRULED, /* says otherwise, and does not count against whoever decides */
	ERM_CLAIM_LOST,      /* its source is not heard */
	ERM_CLAIM_SILENT,    /* its source is heard and says nothing of this session */
	ERM_CLAIM_USE_MAX
};

enum erm_source_state {
	ERM_SOURCE_OK = 1,
	ERM_SOURCE_STARTING, /* no complete reply yet */
	ERM_SOURCE_LOST,
	ERM_SOURCE_STATE_MAX
};

/* Why a source is not OK. */
enum erm_source_reason {
	ERM_REASON_NONE = 1,
	ERM_REASON_NOT_STARTED, /* its socket is not there: ENOENT */
	ERM_REASON_REFUSED,     /* ECONNREFUSED: the daemon died and left its socket */
	ERM_REASON_PERMISSION,  /* EACCES */
	ERM_REASON_TIMEOUT,     /* no answer before the deadline */
	ERM_REASON_CLOSED,      /* end of file: the daemon went away */
	ERM_REASON_PROTOCOL,    /* not the expected shape, not JSON, wrong type */
	ERM_REASON_TOO_LARGE,   /* reply over the cap */
	ERM_REASON_REJECTED,    /* the router refused the command */
	ERM_REASON_SYSTEM,      /* another errno; see the text */
	ERM_REASON_STALE,       /* no good answer for stale-after */
	ERM_REASON_NO_ROUTER,   /* it listens, and no router has connected */
	ERM_REASON_UNSUPPORTED, /* the kernel or the router lacks it */
	ERM_REASON_MAX
};

/* Layers of domain rules, bottom up; a cause belongs to the lowest failing one. */
enum erm_layer {
	ERM_LAYER_NONE = 1,
	ERM_LAYER_DATA,
	ERM_LAYER_ADMIN,
	ERM_LAYER_OPTICS,
	ERM_LAYER_PORT,
	ERM_LAYER_LAG,
	ERM_LAYER_MACSEC,
	ERM_LAYER_INTERFACE,
	ERM_LAYER_NEIGHBOR,
	ERM_LAYER_BFD,
	ERM_LAYER_BGP,
	ERM_LAYER_PREFIXES,
	ERM_LAYER_MAX
};

enum erm_cause {
	ERM_CAUSE_NONE = 1,
	ERM_CAUSE_COLLECTOR_LOST,
	ERM_CAUSE_NO_DATA_YET,
	ERM_CAUSE_REMOTE_AGENT,    /* a partner agent sees this leg, and says nothing */
	ERM_CAUSE_INTERFACE_ADMIN, /* own port or interface set down */
	ERM_CAUSE_INTERFACE_ABSENT,
	ERM_CAUSE_NO_CARRIER,
	ERM_CAUSE_LOWER_LAYER_DOWN, /* carrier, but not operational: RFC 2863 lowerLayerDown, dormant */
	ERM_CAUSE_NOT_CONFIGURED, /* the router does not know the neighbour */
	ERM_CAUSE_LOCAL_SHUTDOWN, /* neighbour shut down in the own router */
	ERM_CAUSE_ADMIN_SHUTDOWN, /* Cease 6/2 from the peer, RFC 4486 */
	ERM_CAUSE_PREFIX_LIMIT,   /* Cease 6/1 */
	ERM_CAUSE_PEER_CEASE,     /* any other Cease */
	ERM_CAUSE_BFD_DOWN,       /* 6/10, RFC 9384, or the router's BFD */
	ERM_CAUSE_HOLD_EXPIRED,   /* 4/0 */
	ERM_CAUSE_WRONG_AS,       /* 2/2 */
	ERM_CAUSE_PEER_CLOSED,    /* TCP closed without a NOTIFICATION */
	ERM_CAUSE_NEVER_ESTABLISHED,
	ERM_CAUSE_TRANSPORT,       /* no TCP: MD5, ACL, VLAN */
	ERM_CAUSE_NOT_ESTABLISHED, /* down, and nobody said why */
	ERM_CAUSE_NO_PREFIXES,     /* fewer received than min-prefixes */
	ERM_CAUSE_BFD_ABSENT,      /* expected, not there */
	ERM_CAUSE_PREFIX_THRESHOLD,
	ERM_CAUSE_FLAPPING,
	ERM_CAUSE_NEIGHBOR_UNRESOLVED, /* carrier, and no answer to ARP or neighbour discovery */
	ERM_CAUSE_OPTICAL,             /* light out of range, or on its way there */
	ERM_CAUSE_DRAINING,            /* the peer prepends its AS: about to be worked on */
	ERM_CAUSE_PREFIX_MISSING,      /* an expected prefix is not received */
	ERM_CAUSE_MAX
};

/* Who most likely owns the fault: a hint, never claimed where the model cannot see it. */
enum erm_fault_domain {
	ERM_FAULT_NONE = 1,
	ERM_FAULT_CUSTOMER,
	ERM_FAULT_PROVIDER,
	ERM_FAULT_MICROSOFT,
	ERM_FAULT_UNDETERMINED,
	ERM_FAULT_MAX
};

/* Alarm types.  The number is also the notification's: raise X.0.(2t-1), clear X.0.(2t). */
enum erm_alarm_type {
	ERM_ALARM_SERVICE_DOWN = 1,
	ERM_ALARM_REDUNDANCY_LOST,
	ERM_ALARM_NOT_REDUNDANT,
	ERM_ALARM_DEGRADED,
	ERM_ALARM_STATE_UNKNOWN,
	ERM_ALARM_PORT_DOWN,
	ERM_ALARM_SESSION_DOWN,
	ERM_ALARM_FLAPPING,
	ERM_ALARM_PREFIX_THRESHOLD,
	ERM_ALARM_PREFIX_LIMIT,
	ERM_ALARM_OPTICAL,
	ERM_ALARM_DRAINING,
	ERM_ALARM_TYPE_MAX
};

/* X.733 / ItuPerceivedSeverity numbers (RFC 3877).  RFC 8632 counts the other way: convert by table, never cast. */
enum erm_severity {
	ERM_SEVERITY_CLEARED = 1,
	ERM_SEVERITY_INDETERMINATE,
	ERM_SEVERITY_CRITICAL,
	ERM_SEVERITY_MAJOR,
	ERM_SEVERITY_MINOR,
	ERM_SEVERITY_WARNING,
	ERM_SEVERITY_MAX
};

/* What an operator says of an alarm: RFC 8632's writable-operator-state and its numbers. */
enum erm_operator_state {
	ERM_OPERATOR_NONE = 1, /* nothing yet, or no longer */
	ERM_OPERATOR_ACK,
	ERM_OPERATOR_CLOSED,
	ERM_OPERATOR_STATE_MAX
};

enum erm_resource_kind {
	ERM_RESOURCE_AGENT = 1,
	ERM_RESOURCE_PORT,
	ERM_RESOURCE_CIRCUIT,
	ERM_RESOURCE_CONNECTION,
	ERM_RESOURCE_SESSION,
	ERM_RESOURCE_SERVICE,
	ERM_RESOURCE_GROUP, /* port pairs too: see enum erm_group_kind */
	ERM_RESOURCE_SOURCE, /* carries only state-unknown: the root of all that a lost source makes unknown */
	ERM_RESOURCE_KIND_MAX
};

enum erm_group_kind { ERM_GROUP_CIRCUITS = 1, ERM_GROUP_PORT_PAIR, ERM_GROUP_KIND_MAX };

enum erm_source_type {
	ERM_SOURCE_TYPE_RTNL = 1,
	ERM_SOURCE_TYPE_FRR,
	ERM_SOURCE_TYPE_SOCK_DIAG, /* the kernel's TCP sockets of BGP */
	ERM_SOURCE_TYPE_BMP,
	ERM_SOURCE_TYPE_BIRD,
	ERM_SOURCE_TYPE_OPENBGPD,
	ERM_SOURCE_TYPE_SNMP,     /* a remote router's agent */
	ERM_SOURCE_TYPE_NEIGHBOR, /* the kernel's ARP and ND cache */
	ERM_SOURCE_TYPE_ETHTOOL,  /* optics, speed, extended link state */
	ERM_SOURCE_TYPE_MAX
};

enum erm_event_kind {
	ERM_EVENT_RAISE = 1,
	ERM_EVENT_CLEAR,
	ERM_EVENT_REMINDER,
	ERM_EVENT_AGENT_STARTED,
	ERM_EVENT_HEARTBEAT,
	ERM_EVENT_KIND_MAX
};

/* The one spelling of each value, as in YANG ("redundancy-lost"); NULL for a number out of range. */
const char *erm_state_name(enum erm_state v);
const char *erm_member_state_name(enum erm_member_state v);
const char *erm_model_type_name(enum erm_model_type v);
const char *erm_role_name(enum erm_role v);
const char *erm_peering_name(enum erm_peering v);
const char *erm_family_name(enum erm_family v);
const char *erm_sku_name(enum erm_sku v);
const char *erm_bgp_state_name(enum erm_bgp_state v);
const char *erm_bfd_state_name(enum erm_bfd_state v);
const char *erm_neighbor_state_name(enum erm_neighbor_state v);
const char *erm_claim_use_name(enum erm_claim_use v);
const char *erm_source_state_name(enum erm_source_state v);
const char *erm_source_reason_name(enum erm_source_reason v);
const char *erm_layer_name(enum erm_layer v);
const char *erm_cause_name(enum erm_cause v);
const char *erm_fault_domain_name(enum erm_fault_domain v);
const char *erm_alarm_type_name(enum erm_alarm_type v);
const char *erm_severity_name(enum erm_severity v);
const char *erm_operator_state_name(enum erm_operator_state v);
const char *erm_resource_kind_name(enum erm_resource_kind v);
const char *erm_group_kind_name(enum erm_group_kind v);
const char *erm_source_type_name(enum erm_source_type v);
const char *erm_event_kind_name(enum erm_event_kind v);

/* The reverse, for any of the functions above: the value, or -EINVAL. */
int erm_value_from_name(const char *(*name_of)(unsigned int), const char *name);

#endif
