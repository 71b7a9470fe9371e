/*
 * The inside of the model, shared by the model_*.c files and nobody else.  Every
 * state array runs parallel to its config array.
 */
#ifndef ERM_CORE_MODEL_STATE_H
#define ERM_CORE_MODEL_STATE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/alarm.h"
#include "core/config.h"
#include "core/event.h"
#include "core/flap.h"
#include "core/model.h"
#include "core/obs.h"
#include "core/optics.h"
#include "core/persist.h"
#include "core/resolve.h"
#include "core/session.h"
#include "core/shelf.h"
#include "core/snapshot.h"
#include "core/verdict.h"

/* A router that has just started has no session up yet: not a fault for this long. */
#define ERM_RESTART_GRACE_USEC (30 * ERM_USEC_PER_SEC)
/* A new snapshot at most this often when nothing but ages and counters moved. */
#define ERM_REFRESH_USEC  ERM_USEC_PER_SEC
#define ERM_EVENT_LOG_MAX 512

struct erm_source_status {
	struct erm_obs_source told; /* the last observation */
	struct erm_time last_good, changed;
	usec_t contact;   /* monotonic: first complete reply since it was lost */
	bool is_silenced; /* its values were given up: nothing it told counts */
	bool is_dumping;  /* a full re-read is being told */
	uint32_t dump;
	/* Judged at commit. */
	enum erm_source_state state;
	enum erm_source_reason reason;
	uint32_t index, n_sessions, n_interfaces;
	uint32_t n_first; /* sessions it is the most trusted source of */
	enum erm_knowledge knowledge;
};

/* Those that only help others, and whose loss nobody notices, are not. */
bool erm_source_is_needed(const struct erm_source_status *s);

struct erm_interface_light {
	struct erm_obs_optics obs; /* the last reading */
	struct erm_light light;
	bool is_new;        /* not judged yet */
	int16_t slope_cdbm; /* a day */
};

struct erm_interface_status {
	bool is_known, is_ever_up;
	struct erm_obs_interface obs;
	uint32_t dump;
	uint32_t losses;                   /* of carrier, those nobody was told of included */
	struct erm_interface_light *light; /* owned; NULL = nobody has looked */
};

struct erm_member_status { /* what ports, connections and sessions have in common */
	struct erm_judgement judgement;
	struct erm_time changed;
	uint32_t transitions;
	struct erm_flap flap;
	bool is_ever_up;
};

struct erm_port_status {
	struct erm_member_status m;
	uint32_t index, n_connections, losses_seen;
	uint32_t only_circuit; /* the one circuit riding on it, ERM_NO_INDEX = none or several */
	enum erm_model_type model; /* of a circuit on it */
	bool is_in_maintenance;    /* every connection on it is */
	enum erm_truth optical;    /* the light is out of range, or will soon be */
};

struct erm_connection_status {
	struct erm_member_status m;
	uint32_t usable, unknown;
	uint32_t flaps_seen; /* since all its sessions were up: of the one that fell most often */
};

struct erm_session_status {
	struct erm_member_status m;
	bool is_known;              /* somebody has told something */
	struct erm_obs_session obs; /* what holds, as core/resolve.h says */
	uint32_t decider;           /* into its sources; ERM_NO_INDEX: nobody can tell */
	uint32_t told_by; /* into its sources: whose `obs' is; ERM_NO_INDEX: theirs that left */
	enum erm_knowledge knowledge;
	usec_t dispute_until;                 /* monotonic; ERM_USEC_INFINITY = no dispute */
	uint8_t use[ERM_SESSION_SOURCES_MAX]; /* enum erm_claim_use: what became of each claim */
	enum erm_neighbor_state neighbor;
	uint32_t losses, losses_seen;
	uint32_t losses_healthy; /* when all sessions of the connection were last up */
	uint32_t losses_before;  /* the source that decides was heard (again) */
	enum erm_cause fall_cause;
	uint8_t error_code, error_subcode;
	char reset_text[ERM_TEXT_MAX];
};

struct erm_verdict_status { /* service, circuit, group */
	struct erm_verdict verdict;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
	struct erm_time changed;
	uint32_t transitions;
	uint32_t index;
	uint32_t parent_group;  /* circuits and groups; ERM_NO_INDEX */
	uint32_t pair;          /* circuits and groups: the pair all of it rides on; ERM_NO_INDEX */
	bool is_ever_redundant; /* min-redundant members were up once */
	bool is_remote_only;    /* what is unknown is a partner agent's */
	bool is_covered_by_maintenance;
	struct erm_time discontinuity;
};

/* Everything whose shape follows the configuration: replaced as a whole by a reload. */
struct erm_tables {
	struct erm_config *config;
	struct erm_source_status *sources;
	struct erm_interface_status *interfaces;
	struct erm_port_status *ports;
	struct erm_connection_status *connections;
	struct erm_session_status *sessions;
	struct erm_claim *claims; /* parallel to config->session_sources */
	struct erm_verdict_status *services, *circuits, *groups;
	struct erm_alarm *alarms;
	uint32_t n_alarms;
	struct erm_alarm **open; /* those of this commit that are not idle, or were not until now */
	uint32_t n_open;
	uint32_t first_alarm[ERM_RESOURCE_KIND_MAX];
	/* Positions in the order of the SNMP index. */
	uint32_t *source_order, *port_order, *circuit_order, *group_order;
};

/*
 * A clear still to be told, at the next commit that finds it on no shelf: its alarm
 * was cleared on a shelf, or its resource is gone.
 */
struct erm_orphan {
	struct erm_event fields;
	uint32_t shelf, shelves_seen; /* as in struct erm_alarm */
	struct erm_orphan *next;
};

struct erm_index_entry {
	enum erm_resource_kind kind;
	uint32_t index;
	char name[ERM_RESOURCE_MAX];
};

struct erm_model {
	struct erm_tables t;
	struct erm_time now, started, changed;
	usec_t last_commit, deadline, next_heartbeat;
	usec_t dispute_until;                    /* the first dispute ends; ERM_USEC_INFINITY */
	bool is_dirty, is_stale, is_to_announce; /* stale: only ages and counters moved */
	uint32_t last_sequence, last_alarm_id;
	struct erm_index_entry *indexes; /* ever given, in order of assignment */
	uint32_t n_indexes;
	struct erm_orphan *orphans;
	struct erm_shelf *shelves; /* by index */
	uint32_t n_shelves, last_shelf;
	uint32_t shelves_changed; /* counts up: what is remembered of matches is void */
	struct erm_counters counters;
	struct erm_event *log[ERM_EVENT_LOG_MAX]; /* a ring: log_first is the oldest */
	uint32_t log_first, log_n;
	struct erm_event_list *log_list; /* of the last snapshot; NULL = to be made anew */
	/* Scratch of one commit. */
	struct erm_events pending;
	uint32_t pending_size;
};

/* Time never runs backwards; that of the wall clock may. */
void erm_model_set_now(struct erm_model *model, struct erm_time now);

/* Types of alarm a resource of this kind can have; ret_n of them, in order of badness. */
const enum erm_alarm_type *erm_alarm_types_of(enum erm_resource_kind kind, uint32_t *ret_n);

/* The alarm of a resource; NULL when its kind does not have that type. */
struct erm_alarm *erm_tables_alarm(const struct erm_tables *t, enum erm_resource_kind kind,
				   uint32_t position, enum erm_alarm_type type);

int erm_tables_new(struct erm_model *model, struct erm_config *config, struct erm_tables *ret);
void erm_tables_done(struct erm_tables *t);
/* Takes over what has the same name and meaning from old; what is gone and still open becomes an orphan. */
int erm_tables_migrate(struct erm_model *model, struct erm_tables *t, struct erm_tables *old);

/* The persistent SNMP index of a name, a new one when it is new; 0 on ENOMEM. */
uint32_t erm_model_index(struct erm_model *model, enum erm_resource_kind kind, const char *name);

/* model_claims.c: what sources say of sessions, and what holds. */
int erm_model_apply_session(struct erm_model *model, const struct erm_obs *obs);
/* Sessions of the source that it has not told of in this full re-read. */
void erm_model_sweep_sessions(struct erm_model *model, const struct erm_obs *obs);
/* Nothing this source has told counts any more. */
void erm_model_forget_claims(struct erm_model *model, uint32_t source);
/* Judges anew whether the source is heard, and what follows for its sessions. */
void erm_model_hear_source(struct erm_model *model, uint32_t source);
/* Who is believed now that sources came and went. */
void erm_model_resolve_sessions(struct erm_model *model);
/* Of a connection: flaps of its sessions that the port does not explain. */
void erm_model_note_flaps(struct erm_model *model, uint32_t connection);

/* Ends the disputes that are due. */
void erm_model_end_disputes(struct erm_model *model);
/* model_judge.c: states of everything, bottom up. */
void erm_model_judge(struct erm_model *model);

/* model_alarms.c: truths, holds, deadlines. */
void erm_model_step_alarms(struct erm_model *model);
usec_t erm_model_alarm_deadline(const struct erm_model *model);
/* True while damping holds the alarms of this resource raised. */
bool erm_model_is_flapping(const struct erm_model *model, enum erm_resource_kind kind,
			   uint32_t position);

/* model_rollup.c: which alarm covers which; one root cause. */
void erm_model_roll_up(struct erm_model *model);
/* The alarm at the end of the chain of covers; the alarm itself when nobody covers it. */
struct erm_alarm *erm_alarm_root(struct erm_alarm *alarm);

/* model_events.c: what is notified now. */
/* 1.., 0 never comes again. */
uint32_t erm_next_number(uint32_t number);
int erm_model_emit_events(struct erm_model *model);
/* Fills an event's resource part (index, names, state, counts) for an alarm. */
void erm_event_fill(const struct erm_tables *t, const struct erm_alarm *alarm,
		    struct erm_event *event);

/* model_snapshot.c */
int erm_model_snapshot(struct erm_model *model, struct erm_snapshot **ret);

/* model_rows.c: what goes deeper than a row of its own for each object.  -ENOMEM. */
int erm_model_fill_claims(const struct erm_tables *t, struct erm_snapshot *snap);
int erm_model_fill_lights(const struct erm_tables *t, struct erm_snapshot *snap);

/* model_shelves.c */
/* Ends the shelves that are due and finds which alarms are on one. */
void erm_model_step_shelves(struct erm_model *model);
/* The monotonic time at which the first one ends; ERM_USEC_INFINITY = never. */
usec_t erm_model_shelf_deadline(const struct erm_model *model);
/* A clear to be told later; text is that of the event. */
int erm_model_owe_clear(struct erm_model *model, const struct erm_tables *t,
			const struct erm_alarm *alarm, const char *text);
int erm_model_import_shelves(struct erm_model *model, const struct erm_persist *persist);
int erm_model_export_shelves(const struct erm_model *model, struct erm_persist *persist);

/* model_persist.c */
/* First the numbers; then, when the tables are there, who was ever up and which alarms are open. */
int erm_model_import(struct erm_model *model, const struct erm_persist *persist);
int erm_model_import_alarms(struct erm_model *model, const struct erm_persist *persist);

/* The verdict status of a service, circuit or group; NULL for other kinds. */
struct erm_verdict_status *erm_tables_verdict(const struct erm_tables *t,
					      enum erm_resource_kind kind, uint32_t position);
/* The min-service and min-redundant of a service, circuit or group. */
void erm_config_minima(const struct erm_config *config, enum erm_resource_kind kind,
		       uint32_t position, uint32_t *ret_min_service, uint32_t *ret_min_redundant);

#endif
