/*
 * Configurations built in a few calls, for whoever drives a model: the replay
 * tests, the fuzzer, the bench.  Knows nothing of Check; aborts when memory ends.
 */
#ifndef ERM_TESTS_REPLAY_LAB_CONFIG_H
#define ERM_TESTS_REPLAY_LAB_CONFIG_H

#include "core/config.h"

enum { LAB_KERNEL, LAB_ROUTER, LAB_N_SOURCES }; /* positions of the two sources */
#define LAB_SOURCES_MAX 8                       /* with those that a test adds */

/* The agent "lab" with a kernel and a router to listen to, and nothing else; both go stale after 3 s. */
struct erm_config *lab_config_new(void);

/* One more source, stale after 3 s; it speaks for no session yet. */
uint32_t lab_config_source(struct erm_config *config, const char *name, enum erm_source_type type);
/* Who speaks for a session, in this order, instead of those who did. */
void lab_config_speakers(struct erm_config *config, const uint32_t *sources, uint32_t n);

/* A zeroed element more at the end of an array of n. */
void *lab_grow(void *array, uint32_t n, size_t size);

/* The port of that name and its interface of the same name, made when it is not there. */
uint32_t lab_config_port(struct erm_config *config, const char *name);
uint32_t lab_config_find_port(const struct erm_config *config, const char *name);

/* Private IPv4 and IPv6 on each connection.  secondary NULL = one connection only. */
uint32_t lab_config_circuit(struct erm_config *config, const char *name, enum erm_model_type model,
			    const char *primary, const char *secondary);
/* A circuit without sessions: judged by its interfaces. */
uint32_t lab_config_bare_circuit(struct erm_config *config, const char *name,
				 enum erm_model_type model, const char *primary,
				 const char *secondary);
/* A partner agent's secondary for the circuit added last. */
void lab_config_remote_leg(struct erm_config *config, const char *agent);

uint32_t lab_config_pair(struct erm_config *config, const char *name, const char *port1,
			 const char *port2);
uint32_t lab_config_group(struct erm_config *config, const char *name);
void lab_config_member(struct erm_config *config, uint32_t group, enum erm_resource_kind kind,
		       uint32_t index);

#endif
