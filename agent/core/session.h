/*
 * The judgement of one interface and of one session, from what was observed: its
 * state, the lowest failing layer, the cause, and who most likely owns the fault.
 * Knows the connectivity models, nothing of groups or alarms.  Pure.
 */
#ifndef ERM_CORE_SESSION_H
#define ERM_CORE_SESSION_H

#include <stdbool.h>

#include "core/config.h"
#include "core/obs.h"
#include "core/types.h"

struct erm_judgement {
	enum erm_member_state state;
	enum erm_layer layer;
	enum erm_cause cause;
	enum erm_fault_domain fault_domain;
};

/* What is known of an interface or a session. */
enum erm_knowledge {
	ERM_KNOWN,
	ERM_NOT_YET, /* its source has not told yet, or the router has just started */
	ERM_LOST,    /* its source went deaf */
};

struct erm_interface_input {
	enum erm_knowledge knowledge;
	const struct erm_obs_interface *obs;
	bool is_ever_up; /* carrier was seen once */
};

struct erm_session_input {
	const struct erm_session_config *config;
	enum erm_model_type model;
	bool is_remote; /* a partner agent's leg */
	/* The interfaces below, judged; NULL = this session has none. */
	const struct erm_judgement *port, *interface;
	enum erm_knowledge knowledge;
	const struct erm_obs_session *obs;
	enum erm_cause
		fall_cause; /* taken at the moment of the fall; NONE = not seen or said nothing */
	enum erm_neighbor_state neighbor;
	bool is_flapping;
};

struct erm_judgement erm_interface_judge(const struct erm_interface_input *in);
struct erm_judgement erm_session_judge(const struct erm_session_input *in);

/* The peer prepends its AS on what it advertises: it is about to be worked on. */
bool erm_session_is_draining(const struct erm_obs_session *obs);

/* Usable = up, degraded or draining. */
bool erm_member_is_usable(enum erm_member_state state);

/* Whose fault `cause` most likely is in this model. */
enum erm_fault_domain erm_fault_domain_of(enum erm_model_type model, enum erm_cause cause,
					  bool is_ever_up);

/* In these models the sessions prove the access legs only: the provider's edge is the BGP peer. */
bool erm_model_is_l3(enum erm_model_type model);

#endif
