/*
 * An observation: what a source saw, when.  The only thing sources hand to the
 * core.  Values only, no pointers to keep: `text` fields are copied by the model.
 */
#ifndef ERM_CORE_OBS_H
#define ERM_CORE_OBS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/types.h"

#define ERM_TEXT_MAX 96 /* reason texts from outside, with NUL; longer ones are cut */

enum erm_obs_kind {
	ERM_OBS_SOURCE,     /* the source's own state and counters */
	ERM_OBS_DUMP_BEGIN, /* what follows, up to DUMP_END, is all the source knows */
	ERM_OBS_DUMP_END, /* objects of this source not seen since DUMP_BEGIN: absent / not configured */
	ERM_OBS_INTERFACE,
	ERM_OBS_SESSION,
};

struct erm_source_counters {
	uint64_t requests, errors, timeouts, resyncs, reconnects, limits_hit, events;
};

struct erm_obs_source {
	enum erm_source_state state;
	enum erm_source_reason reason;
	bool is_void; /* with LOST: forget its values now (end of file), do not wait for stale_after */
	struct erm_source_counters counters;
	char text[ERM_TEXT_MAX]; /* last error, "" = none; printable ASCII */
};

struct erm_obs_interface {
	uint32_t interface; /* into config->interfaces */
	bool is_present;    /* false: the kernel has no such interface; nothing below holds then */
	bool is_new;        /* (re-)created: counters start anew */
	bool is_admin_up, has_carrier, is_oper_up;
	bool has_counts;
	uint32_t carrier_up_count, carrier_down_count; /* IFLA_CARRIER_{UP,DOWN}_COUNT */
	uint32_t ifindex;
	uint32_t mtu;
	uint64_t speed_mbps; /* 0 = not known */
};

struct erm_obs_session {
	uint32_t session;   /* into config->sessions */
	bool is_configured; /* false: the router has no such neighbour; nothing below holds then */
	enum erm_bgp_state bgp; /* ERM_BGP_UNKNOWN for a word nobody knows */
	bool is_admin_shutdown; /* in the own router */
	bool has_counts, has_received, has_advertised;
	uint32_t established_count, dropped_count;
	uint32_t prefixes_received, prefixes_advertised;
	uint32_t remote_as, local_as; /* 0 = not told */
	uint32_t uptime_sec;          /* while Established */
	enum erm_bfd_state bfd;
	bool has_reset;                    /* the three below were told */
	enum erm_cause reset_cause;        /* ERM_CAUSE_NONE = told, but says nothing useful */
	uint8_t error_code, error_subcode; /* last NOTIFICATION, RFC 4271 section 4.5; 0/0 = none */
	char reset_text[ERM_TEXT_MAX];     /* the router's own words */
};

struct erm_obs {
	enum erm_obs_kind kind;
	uint32_t source;    /* into config->sources */
	struct erm_time at; /* when it was seen */
	union {
		struct erm_obs_source src;
		struct erm_obs_interface iface;
		struct erm_obs_session session;
	};
};

#endif
