/*
 * The running configuration: plain, immutable, refcounted.  Made by yang/decode
 * (or a test), read by everybody, changed by nobody.  Objects live in flat arrays;
 * a parent names its children as a range, a child its parent by position.  A
 * position is valid for this erm_config only; across a reload objects are matched
 * by name.  Strings are owned by the config.  Times are usec_t.
 */
#ifndef ERM_CORE_CONFIG_H
#define ERM_CORE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/usec.h"
#include "core/types.h"

#define ERM_NO_INDEX            UINT32_MAX
#define ERM_SESSION_SOURCES_MAX 4
#define ERM_EXPECTED_MAX        16
#define ERM_AS_MICROSOFT        12076U

struct erm_hold {
	usec_t raise_usec; /* the condition must last this long before the alarm is raised */
	usec_t clear_usec; /* and be gone this long before it is cleared */
};

struct erm_agent_config {
	char *name; /* default: the host name, put there by the decoder's caller */
	struct erm_hold hold[ERM_ALARM_TYPE_MAX]; /* by enum erm_alarm_type; [0] unused */
	usec_t min_interval_usec;                 /* between two raise notifications of one key */
	usec_t reminder_usec;                     /* 0 = off */
	usec_t heartbeat_usec;                    /* 0 = off */
	usec_t not_redundant_minor_usec;          /* not-redundant turns from warning to minor */
	double flap_suppress, flap_reuse;         /* penalty is 1000 a flap */
	usec_t flap_half_life_usec;
	usec_t flap_max_suppress_usec;
	uint32_t
		optical_days; /* light that falls so that it is out of range within so many; 0 = off */
	char *operator_group; /* its members may act on alarms; NULL = none */
	/* SNMP */
	bool snmp_enabled;
	char *agentx_address; /* net-snmp transport, e.g. "unix:/var/agentx/master" */
	usec_t agentx_ping_usec;
};

struct erm_source_config {
	char *name;
	enum erm_source_type type;
	/* rtnl: one implicit source of this type, named "kernel", is always there, at position 0, unless configured */
	bool is_implicit;        /* made because others need it, not written in the file */
	usec_t poll_usec;        /* poll period; rtnl: carrier poll at rest */
	usec_t fast_poll_usec;   /* rtnl: carrier poll while anything moves */
	usec_t fast_window_usec; /* rtnl: how long after a change the fast poll lasts */
	usec_t resync_usec;      /* full re-read */
	usec_t timeout_usec;     /* per request */
	usec_t stale_after_usec; /* without a good answer for this long what it told becomes unknown */
	char *socket;         /* frr: path of bgpd.vty; bird, openbgpd: of their control socket */
	char *listen;         /* bmp: ADDRESS:PORT, [ADDRESS]:PORT or the path of a UNIX socket */
	char *address;        /* snmp: net-snmp transport address of the router's agent */
	char *credentials;    /* snmp: file with the community or the user; never shown */
	char *trap_listen;    /* snmp: where the router's traps are heard, NULL = nowhere */
	bool is_probing;      /* neighbor: ask the kernel to confirm what is stale */
	usec_t silent_usec;   /* sock-diag: without a byte for this long a peer is mute */
	uint32_t max_peers;   /* bmp: of one router */
	uint32_t max_routers; /* bmp */
	char *vrf;            /* frr: NULL = default VRF */
	uint32_t max_reply_bytes;
};

/* One kernel interface somebody depends on.  Ports and connections point here. */
struct erm_interface_config {
	char *name;      /* as configured: IFNAME or an altname; of a remote router its ifName */
	uint32_t source; /* into sources: who tells its state, type rtnl or snmp */
};

struct erm_port_config {
	char *name;
	uint32_t interface; /* into interfaces */
	uint32_t pair;      /* into groups (kind port-pair), ERM_NO_INDEX = none */
	bool is_implicit;   /* made for a connection's interface, not written in the file */
	/* Received light outside is a fault, 0.01 dBm; ERM_NO_POWER = only what the module says. */
	int16_t rx_low_cdbm, rx_high_cdbm;
};

struct erm_circuit_config {
	char *name;
	enum erm_model_type model;
	enum erm_sku sku;
	char *service_key, *peering_location, *provider, *description; /* NULL = not given */
	uint64_t bandwidth_mbps;                                       /* 0 = not given */
	uint32_t min_service, min_redundant;                           /* default 1 and 2 */
	uint32_t first_connection, n_connections;                      /* 1 or 2, primary first */
	uint32_t first_service, n_services; /* by peering, family; 0 = a circuit without sessions */
};

struct erm_connection_config {
	uint32_t circuit;
	enum erm_role role;
	uint32_t interface; /* ERM_NO_INDEX = none (router elsewhere, or remote) */
	uint32_t port;      /* ERM_NO_INDEX when there is no interface */
	char *remote_agent; /* NULL = local */
	char *description;
	bool maintenance;
	uint32_t first_session, n_sessions; /* by peering, family */
};

struct erm_prefix {
	struct erm_addr addr;
	uint8_t length;
};

struct erm_session_config {
	uint32_t connection, circuit, service;
	enum erm_peering peering;
	enum erm_family family;
	struct erm_addr neighbor;
	struct erm_addr local_address; /* AF_UNSPEC = any */
	uint32_t peer_as;              /* expected; 0 = do not check */
	/* Who speaks for it, the most trusted first: into session_sources.  0 = always unknown. */
	uint32_t first_source, n_sources;
	struct erm_prefix *expected; /* to be received; owned */
	uint32_t n_expected;
	uint32_t min_prefixes; /* received, below: not usable */
	uint32_t prefix_limit; /* advertised: what Microsoft counts */
	uint32_t prefix_threshold_percent;
	bool bfd_expected;
	char *description;
};

struct erm_service_config { /* (circuit, peering, family) across connections */
	uint32_t circuit;
	enum erm_peering peering;
	enum erm_family family;
	uint32_t sessions[ERM_ROLE_MAX -
			  1]; /* into sessions by role - 1, ERM_NO_INDEX = that leg has none */
};

struct erm_group_member {
	enum erm_resource_kind kind; /* circuit, group or port */
	uint32_t index;
};

struct erm_group_config { /* children before parents in the array */
	char *name;
	enum erm_group_kind kind;
	bool is_implicit; /* a pair derived from circuits that share two ports */
	char *description;
	uint32_t min_service, min_redundant;
	uint32_t first_member, n_members; /* into members */
};

struct erm_config {
	unsigned int n_ref; /* atomic */
	struct erm_agent_config agent;
	struct erm_source_config *sources;
	struct erm_interface_config *interfaces;
	struct erm_port_config *ports;
	struct erm_circuit_config *circuits;
	struct erm_connection_config *connections;
	struct erm_session_config *sessions;
	uint32_t *session_sources; /* into sources */
	struct erm_service_config *services;
	struct erm_group_config *groups;
	struct erm_group_member *members;
	uint32_t n_sources, n_interfaces, n_ports, n_circuits, n_connections, n_sessions,
		n_services, n_groups, n_members, n_session_sources;
};

/* The most trusted source of a session; ERM_NO_INDEX when it has none. */
uint32_t erm_session_source(const struct erm_config *config, uint32_t session);
/*
 * Appends a source to those of a session that is being made; sessions one after the
 * other, since those of one lie together.  -ENOMEM, -ENOSPC.
 */
int erm_session_add_source(struct erm_config *config, uint32_t session, uint32_t source);
/* True when this source speaks for the session. */
bool erm_session_has_source(const struct erm_config *config, uint32_t session, uint32_t source);

/* An empty configuration with the built-in agent defaults (which a test compares with the YANG's); NULL on ENOMEM. */
struct erm_config *erm_config_new(void);
struct erm_config *erm_config_ref(struct erm_config *config);
/* Frees at the last reference.  Accepts NULL, returns NULL.  Thread-safe. */
struct erm_config *erm_config_unref(struct erm_config *config);

#endif
