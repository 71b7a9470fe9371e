/*
 * The whole truth at one instant, immutable and refcounted (atomic): every
 * publisher reads this and nothing else.  Row arrays are sorted by SNMP index, so
 * GET is a binary search and GETNEXT the next row.  Name strings belong to the
 * config the snapshot holds a reference to.
 */
#ifndef ERM_CORE_SNAPSHOT_H
#define ERM_CORE_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "core/event.h"
#include "core/obs.h"
#include "core/shelf.h"
#include "core/types.h"

/* In every row: index = SNMP index; changed = when `state` last changed. */

struct erm_source_row {
	uint32_t index;
	const struct erm_source_config *config;
	enum erm_source_state state;
	enum erm_source_reason reason;
	struct erm_time last_good; /* mono 0 = never */
	struct erm_time changed;
	struct erm_source_counters counters;
	uint32_t sessions, interfaces; /* objects it speaks for */
	bool is_needed; /* of some it is the most trusted source: its loss is an alarm */
	char text[ERM_TEXT_MAX];
};

struct erm_port_row {
	uint32_t index;
	const struct erm_port_config *config;
	const char *interface;
	const char *pair; /* "" = none */
	enum erm_member_state state;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	bool is_present, is_admin_up, has_carrier, is_oper_up, is_known;
	uint32_t ifindex; /* 0 = absent */
	uint32_t mtu;
	uint64_t speed_mbps;
	uint32_t transitions; /* carrier losses since the agent (or the interface) came */
	uint32_t connections; /* riding on it */
	struct erm_time changed;
};

/* What is seen of the light of a port; a port nobody has looked at has no such row. */
struct erm_light_row {
	uint32_t index; /* the port's */
	const struct erm_port_config *config;
	bool is_known;                /* the module could be read */
	bool has_light;               /* it tells of its light; nothing below holds otherwise */
	bool is_out;                  /* out of range, or soon */
	const char *reason;           /* in words, "" = not out */
	int32_t rx_cdbm, tx_cdbm;     /* 0.01 dBm, the worst lane's; ERM_NO_POWER = not told */
	int32_t slope_cdbm;           /* of what is received, a day; 0 = not known yet */
	uint32_t first_lane, n_lanes; /* into lanes */
	int32_t temperature_mc;       /* 0.001 Celsius; INT32_MIN = not told */
	uint32_t voltage_mv;          /* 0 = not told */
	char module_text[ERM_TEXT_MAX];
	char link_text[ERM_TEXT_MAX]; /* extended link state; holds always */
};

struct erm_lane_row {
	uint32_t index[2]; /* port, lane from 1 */
	int32_t rx_cdbm, tx_cdbm;
	uint32_t bias_ua;
	bool is_los;
};

/* What one source says of one session, and what became of it. */
struct erm_claim_row {
	const char *source;
	enum erm_claim_use use;
	bool is_known; /* nothing below holds otherwise */
	bool is_configured;
	enum erm_bgp_state bgp;
	enum erm_bfd_state bfd;
	bool has_received;
	uint32_t prefixes_received;
	struct erm_time at; /* last told */
};

struct erm_session_row {
	uint32_t index[3]; /* circuit, connection (role), session */
	const struct erm_session_config *config;
	const char *circuit, *interface, *source; /* interface, source: "" = none */
	enum erm_role role;
	enum erm_member_state state;
	enum erm_layer layer;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	bool is_usable, is_known;
	enum erm_bgp_state bgp;
	enum erm_bfd_state bfd;
	uint32_t remote_as, local_as;
	uint32_t prefixes_received, prefixes_advertised;
	uint32_t expected_received; /* of config->n_expected */
	uint32_t prepends;          /* more than 0: the leg is drained */
	enum erm_neighbor_state neighbor;
	uint32_t first_claim, n_claims; /* into claims, in the order of the sources */
	uint32_t transitions;           /* usable -> not usable, missed ones included */
	uint32_t established_count;
	uint8_t error_code, error_subcode;
	char reset_text[ERM_TEXT_MAX]; /* taken at the moment of the last fall */
	struct erm_time changed;
};

struct erm_connection_row {
	uint32_t index[2]; /* circuit, role */
	const struct erm_connection_config *config;
	const char *circuit, *interface, *port; /* "" = none */
	enum erm_member_state state;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t sessions, usable, unknown;
	uint32_t transitions;
	bool is_flapping, is_maintenance;
	struct erm_time changed;
};

struct erm_verdict { /* of n members, u usable, k unknown */
	enum erm_state state;
	enum erm_state worst, best; /* equal to state unless that is unknown */
	uint32_t expected, usable, unknown;
};

struct erm_service_row {
	uint32_t index[2]; /* circuit, service */
	const struct erm_service_config *config;
	const char *circuit;
	struct erm_verdict verdict;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t transitions; /* into redundancy-lost or down */
	struct erm_time changed;
};

struct erm_circuit_row {
	uint32_t index;
	const struct erm_circuit_config *config;
	struct erm_verdict verdict; /* the worst service's; members are connections */
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t transitions;
	bool is_maintenance, is_flapping, is_draining, is_admin_down; /* overlays, never states */
	bool is_shelved; /* an overlay too: a raised alarm of it, or of what is below, is */
	struct erm_time changed;
	struct erm_time discontinuity;
};

struct erm_group_row {
	uint32_t index;
	const struct erm_group_config *config;
	struct erm_verdict verdict;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	uint32_t transitions;
	struct erm_time changed;
};

struct erm_alarm_row {     /* sorted by id */
	uint32_t id;       /* of this raise; persistent, never reused; the SNMP index */
	uint32_t sequence; /* of its raise notification, 0 = covered by `root`, none was sent */
	uint32_t root_id;  /* the alarm that covers this one, 0 = it is a root itself */
	uint32_t impacted; /* alarms below this one */
	enum erm_alarm_type type;
	enum erm_severity severity;
	enum erm_resource_kind resource_kind;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	bool is_clearing;    /* the condition is gone, the clear hold runs */
	uint32_t suppressed; /* raises not notified because of min-interval */
	struct erm_time raised;
	const struct erm_operator *op; /* never NULL */
	const char *shelf;             /* the name of the first one it is on, "" = on none */
	char key[ERM_KEY_MAX];
	char circuit[ERM_NAME_MAX];
	char resource[ERM_RESOURCE_MAX];
	char text[ERM_EVENT_TEXT_MAX];
};

struct erm_shelf_row { /* sorted by index */
	struct erm_shelf rule;
	uint32_t alarms; /* raised ones on it, and on none before it */
};

/* The last events, oldest first; shared between snapshots while nothing new comes. */
struct erm_event_list {
	unsigned int n_ref;
	uint32_t n;
	struct erm_event *events[];
};

struct erm_counters {                               /* of the agent */
	uint64_t observations, commits, reconciled, /* found by a re-read that no event had told */
		notifications, suppressed, events_dropped;
};

struct erm_snapshot {
	unsigned int n_ref;
	struct erm_config *config;            /* a reference */
	struct erm_time at, started, changed; /* changed: last change of any state */
	uint32_t last_sequence;
	enum erm_state worst; /* over circuits (and groups) */
	enum erm_state worst_circuit, worst_group, worst_service;
	enum erm_member_state worst_port, worst_connection, worst_session;
	struct erm_counters counters;
	struct erm_source_row *sources;
	struct erm_port_row *ports;
	struct erm_circuit_row *circuits;
	struct erm_connection_row *connections;
	struct erm_session_row *sessions;
	struct erm_service_row *services;
	struct erm_group_row *groups;
	struct erm_alarm_row *alarms;
	struct erm_light_row *lights;
	struct erm_lane_row *lanes;
	struct erm_claim_row *claims;
	struct erm_shelf_row *shelves;
	struct erm_operator *operators; /* those that alarms point to */
	uint32_t n_lights, n_lanes, n_claims, n_shelves;
	uint32_t n_shelved; /* of the alarms */
	uint32_t n_sources, n_ports, n_circuits, n_connections, n_sessions, n_services, n_groups,
		n_alarms;
	struct erm_event_list *log; /* never NULL */
};

/* The light of the port with this index; NULL when nobody has looked. */
const struct erm_light_row *erm_snapshot_light(const struct erm_snapshot *snapshot, uint32_t port);

struct erm_event_list *erm_event_list_ref(struct erm_event_list *list);
struct erm_event_list *erm_event_list_unref(struct erm_event_list *list); /* accepts NULL */

struct erm_snapshot *erm_snapshot_ref(struct erm_snapshot *snapshot);
/* Accepts NULL, returns NULL; thread-safe. */
struct erm_snapshot *erm_snapshot_unref(struct erm_snapshot *snapshot);

#endif
