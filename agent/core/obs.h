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

#define ERM_TEXT_MAX         96      /* reason texts from outside, with NUL; longer ones are cut */
#define ERM_OPTICS_LANES_MAX 8       /* of one module; of more the first are kept */
#define ERM_DARK_CDBM        (-4000) /* a reading of zero: no light, -40 dBm */

enum erm_obs_kind {
	ERM_OBS_SOURCE,     /* the source's own state and counters */
	ERM_OBS_DUMP_BEGIN, /* what follows, up to DUMP_END, is all the source knows */
	ERM_OBS_DUMP_END, /* objects of this source not seen since DUMP_BEGIN: absent / not configured */
	ERM_OBS_INTERFACE,
	ERM_OBS_SESSION,
	ERM_OBS_NEIGHBOR,
	ERM_OBS_OPTICS,
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

/*
 * What one source says of a session.  It says what it knows: what it cannot tell is
 * left at 0 (false, UNKNOWN), and another source's word is taken for it.
 */
struct erm_obs_session {
	uint32_t session;       /* into config->sessions */
	bool is_withdrawn;      /* it no longer speaks for this session; nothing below holds then */
	bool is_configured;     /* false: the router has no such neighbour; nothing below holds */
	bool is_admin_shutdown; /* in the own router */
	bool has_counts, has_received, has_advertised;
	bool has_expected;                 /* the expected prefixes were looked for */
	bool has_path;                     /* their AS paths were looked at */
	bool has_reset;                    /* the reset_ and error_ values were told */
	uint8_t error_code, error_subcode; /* last NOTIFICATION, RFC 4271 section 4.5; 0/0 = none */
	/* UNKNOWN: cannot tell.  Who tells only Established or not says IDLE for not. */
	enum erm_bgp_state bgp;
	uint32_t established_count, dropped_count;
	uint32_t prefixes_received, prefixes_advertised;
	uint32_t remote_as, local_as;  /* 0 = not told */
	uint32_t uptime_sec;           /* while Established */
	enum erm_bfd_state bfd;        /* 0 and UNKNOWN: cannot tell */
	uint32_t expected_received;    /* of config->n_expected */
	uint32_t prepends;             /* most times beyond once that 12076 stands in a row */
	enum erm_cause reset_cause;    /* ERM_CAUSE_NONE = told, but says nothing useful */
	char reset_text[ERM_TEXT_MAX]; /* the router's own words */
};

struct erm_obs_neighbor {
	uint32_t session; /* whose neighbour */
	enum erm_neighbor_state state;
};

struct erm_optics_lane {
	int16_t rx_cdbm, tx_cdbm; /* 0.01 dBm; ERM_DARK_CDBM = no light, ERM_NO_POWER = not told */
	uint32_t bias_ua;         /* 0 = not told */
	bool is_los;              /* the module says: no signal */
};

struct erm_optics_limits { /* 0.01 dBm; ERM_NO_POWER = the module has none */
	int16_t low_alarm, low_warning, high_warning, high_alarm;
};

/* The link as ethtool tells it, and the light in its module. */
struct erm_obs_optics {
	uint32_t interface;           /* into config->interfaces */
	uint64_t speed_mbps;          /* 0 = not told */
	char link_text[ERM_TEXT_MAX]; /* extended link state in words, "" = not told */
	bool is_known;  /* false: the module could not be read just now; nothing below holds then */
	bool has_light; /* false: no module, or one without diagnostics; nothing below holds then */
	uint32_t n_lanes;
	struct erm_optics_lane lanes[ERM_OPTICS_LANES_MAX];
	struct erm_optics_limits rx, tx;
	bool has_temperature, has_voltage;
	int32_t temperature_mc; /* 0.001 Celsius */
	uint32_t voltage_mv;
	char module_text[ERM_TEXT_MAX]; /* vendor and part, "" = not told */
};

struct erm_obs {
	enum erm_obs_kind kind;
	uint32_t source;    /* into config->sources */
	struct erm_time at; /* when it was seen */
	/* Of an answer: when its question was sent, monotonic.  0 = nobody asked, it was told. */
	usec_t asked;
	union {
		struct erm_obs_source src;
		struct erm_obs_interface iface;
		struct erm_obs_session session;
		struct erm_obs_neighbor neighbor;
		struct erm_obs_optics optics;
	};
};

#endif
