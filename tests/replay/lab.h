/*
 * A model on a bench: a configuration built in a few calls, virtual time, and the
 * events that came of it as lines.  A week replays in milliseconds.
 */
#ifndef ERM_TESTS_REPLAY_LAB_H
#define ERM_TESTS_REPLAY_LAB_H

#include <stdbool.h>

#include "core/config.h"
#include "core/model.h"
#include "lab_config.h"

#define LAB_MS(n)  ((usec_t)(n)*ERM_USEC_PER_MSEC)
#define LAB_SEC(n) ((usec_t)(n)*ERM_USEC_PER_SEC)

struct lab {
	struct erm_config *config;
	struct erm_model *model;
	struct erm_snapshot *snapshot; /* of the last commit */
	struct erm_time now;
	struct erm_event **events; /* all since lab_start() */
	uint32_t n_events, n_expected;
	struct erm_obs_session *sessions; /* what the router would say of each */
	struct erm_obs_interface *interfaces;
	bool is_lost[LAB_SOURCES_MAX]; /* set without lab_source_lost(): it hangs */
	usec_t poll_usec; /* the kernel and the router tell all they know this often, others that they live; 1 s */
};

void lab_init(struct lab *lab);
/* For tests of hours and days: polls this often, and goes stale after three of them. */
void lab_poll_each(struct lab *lab, usec_t period);
void lab_done(struct lab *lab);

/* Configuration, before lab_start().  Every circuit gets private IPv4 and IPv6 on both connections. */
uint32_t lab_add_port(struct lab *lab, const char *name);
uint32_t lab_add_circuit(struct lab *lab, const char *name, enum erm_model_type model,
			 const char *primary_port, const char *secondary_port);
uint32_t lab_add_pair(struct lab *lab, const char *name, const char *port1, const char *port2);
uint32_t lab_add_group(struct lab *lab, const char *name, const uint32_t *circuits, uint32_t n);

/* Starts the model at the lab's time; every link has carrier and every session is up as far as the lab knows. */
void lab_start(struct lab *lab, const struct erm_persist *persist);
/* Goes on with another configuration, which the lab owns from then on; what has the same name goes on as it was. */
void lab_reload(struct lab *lab, struct erm_config *config);
/* The agent is gone for a second and comes back with what it left, or `persist`; config NULL = the same. */
void lab_restart(struct lab *lab, struct erm_config *config, const struct erm_persist *persist);
/* Both sources tell all they know, once. */
void lab_tell_all(struct lab *lab);

/* Lets virtual time pass, stopping at each deadline of the model and at each poll of the sources. */
void lab_run(struct lab *lab, usec_t span);
/* Commits now. */
void lab_commit(struct lab *lab);

/* What happens; the next commit sees it (lab_commit or lab_run). */
void lab_link(struct lab *lab, const char *interface, bool has_carrier);
void lab_session(struct lab *lab, const char *circuit, enum erm_role role, enum erm_family family,
		 bool is_established, enum erm_cause cause);
/* Both families of one connection. */
void lab_leg(struct lab *lab, const char *circuit, enum erm_role role, bool is_established,
	     enum erm_cause cause);
/* Anything at all, just now. */
void lab_apply(struct lab *lab, struct erm_obs obs);
/* What another source than the router says of both sessions of a leg. */
void lab_says(struct lab *lab, uint32_t source, const char *circuit, enum erm_role role,
	      bool is_established);
/* The same, of all sessions. */
void lab_says_all(struct lab *lab, uint32_t source, bool is_established);
/* It no longer speaks for any session. */
void lab_withdraws(struct lab *lab, uint32_t source);
void lab_source_lost(struct lab *lab, uint32_t source, enum erm_source_reason reason);
/* It answers again and tells all it knows. */
void lab_source_back(struct lab *lab, uint32_t source);

/* What the kernel would say of this interface. */
struct erm_obs_interface *lab_find_interface(struct lab *lab, const char *name);
struct erm_obs_session *lab_find_session(struct lab *lab, const char *circuit, enum erm_role role,
					 enum erm_family family);
const struct erm_circuit_row *lab_circuit(const struct lab *lab, const char *name);
const struct erm_group_row *lab_group(const struct lab *lab, const char *name);
const struct erm_alarm_row *lab_alarm(const struct lab *lab, const char *key); /* NULL = none */
const struct erm_session_row *lab_session_row(const struct lab *lab, const char *circuit,
					      enum erm_role role, enum erm_family family);

/* The next event nobody expected yet is "raise redundancy-lost/c1": kind, blank, key. */
void lab_expect(struct lab *lab, const char *line);
/* Nothing more has come. */
void lab_expect_silence(const struct lab *lab);
const struct erm_event *lab_last_event(const struct lab *lab);

#endif
