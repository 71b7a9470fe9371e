/*
 * The life of a struct erm_config: birth with the built-in agent defaults,
 * references, death.  Must not know where a configuration comes from.
 */
#include "core/config.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DAY_USEC (86400 * ERM_USEC_PER_SEC)

static const struct erm_hold default_holds[ERM_ALARM_TYPE_MAX] = {
	[ERM_ALARM_SERVICE_DOWN] = { 0, 10 * ERM_USEC_PER_SEC },
	[ERM_ALARM_REDUNDANCY_LOST] = { 2 * ERM_USEC_PER_SEC, 60 * ERM_USEC_PER_SEC },
	[ERM_ALARM_NOT_REDUNDANT] = { 600 * ERM_USEC_PER_SEC, 60 * ERM_USEC_PER_SEC },
	[ERM_ALARM_DEGRADED] = { 30 * ERM_USEC_PER_SEC, 30 * ERM_USEC_PER_SEC },
	[ERM_ALARM_STATE_UNKNOWN] = { 60 * ERM_USEC_PER_SEC, 0 },
	[ERM_ALARM_PORT_DOWN] = { 0, 10 * ERM_USEC_PER_SEC },
	[ERM_ALARM_SESSION_DOWN] = { 0, 10 * ERM_USEC_PER_SEC },
	[ERM_ALARM_FLAPPING] = { 0, 0 },
	[ERM_ALARM_PREFIX_THRESHOLD] = { 5 * ERM_USEC_PER_SEC, 5 * ERM_USEC_PER_SEC },
	[ERM_ALARM_PREFIX_LIMIT] = { 5 * ERM_USEC_PER_SEC, 5 * ERM_USEC_PER_SEC },
	[ERM_ALARM_OPTICAL] = { 60 * ERM_USEC_PER_SEC, 60 * ERM_USEC_PER_SEC },
	[ERM_ALARM_DRAINING] = { 5 * ERM_USEC_PER_SEC, 5 * ERM_USEC_PER_SEC },
};

struct erm_config *erm_config_new(void)
{
	struct erm_config *config = calloc(1, sizeof(*config));

	if (!config)
		return NULL;

	config->n_ref = 1;
	config->agent.agentx_address = strdup("unix:/var/agentx/master");
	if (!config->agent.agentx_address)
		return erm_config_unref(config);
	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++)
		config->agent.hold[t] = default_holds[t];
	config->agent.min_interval_usec = 60 * ERM_USEC_PER_SEC;
	config->agent.reminder_usec = DAY_USEC;
	config->agent.heartbeat_usec = 0;
	config->agent.not_redundant_minor_usec = DAY_USEC;
	config->agent.flap_suppress = 3000;
	config->agent.flap_reuse = 1000;
	config->agent.flap_half_life_usec = 300 * ERM_USEC_PER_SEC;
	config->agent.flap_max_suppress_usec = 1800 * ERM_USEC_PER_SEC;
	config->agent.optical_days = 7;
	config->agent.snmp_enabled = true;
	config->agent.agentx_ping_usec = ERM_USEC_PER_SEC;
	return config;
}

struct erm_config *erm_config_ref(struct erm_config *config)
{
	unsigned int n = __atomic_fetch_add(&config->n_ref, 1, __ATOMIC_RELAXED);

	assert(n > 0);
	(void)n;
	return config;
}

static void objects_free(struct erm_config *config)
{
	for (uint32_t i = 0; i < config->n_sources; i++) {
		free(config->sources[i].name);
		free(config->sources[i].socket);
		free(config->sources[i].vrf);
		free(config->sources[i].listen);
		free(config->sources[i].address);
		free(config->sources[i].credentials);
		free(config->sources[i].trap_listen);
	}
	for (uint32_t i = 0; i < config->n_interfaces; i++)
		free(config->interfaces[i].name);
	for (uint32_t i = 0; i < config->n_ports; i++)
		free(config->ports[i].name);
	for (uint32_t i = 0; i < config->n_circuits; i++) {
		free(config->circuits[i].name);
		free(config->circuits[i].service_key);
		free(config->circuits[i].peering_location);
		free(config->circuits[i].provider);
		free(config->circuits[i].description);
	}
	for (uint32_t i = 0; i < config->n_connections; i++) {
		free(config->connections[i].remote_agent);
		free(config->connections[i].description);
	}
	for (uint32_t i = 0; i < config->n_sessions; i++) {
		free(config->sessions[i].description);
		free(config->sessions[i].expected);
	}
	for (uint32_t i = 0; i < config->n_groups; i++) {
		free(config->groups[i].name);
		free(config->groups[i].description);
	}
}

struct erm_config *erm_config_unref(struct erm_config *config)
{
	if (!config || __atomic_sub_fetch(&config->n_ref, 1, __ATOMIC_ACQ_REL) > 0)
		return NULL;

	objects_free(config);
	free(config->agent.name);
	free(config->agent.agentx_address);
	free(config->agent.operator_group);
	free(config->sources);
	free(config->interfaces);
	free(config->ports);
	free(config->circuits);
	free(config->connections);
	free(config->sessions);
	free(config->session_sources);
	free(config->services);
	free(config->groups);
	free(config->members);
	free(config);
	return NULL;
}

uint32_t erm_session_source(const struct erm_config *config, uint32_t session)
{
	const struct erm_session_config *s = &config->sessions[session];

	return s->n_sources > 0 ? config->session_sources[s->first_source] : ERM_NO_INDEX;
}

bool erm_session_has_source(const struct erm_config *config, uint32_t session, uint32_t source)
{
	const struct erm_session_config *s = &config->sessions[session];

	for (uint32_t k = 0; k < s->n_sources; k++) {
		if (config->session_sources[s->first_source + k] == source)
			return true;
	}
	return false;
}

int erm_session_add_source(struct erm_config *config, uint32_t session, uint32_t source)
{
	struct erm_session_config *s = &config->sessions[session];
	uint32_t *grown = NULL;

	if (s->n_sources == 0)
		s->first_source = config->n_session_sources;
	assert(s->first_source + s->n_sources == config->n_session_sources);
	if (s->n_sources == ERM_SESSION_SOURCES_MAX)
		return -ENOSPC;
	/* The room doubles. */
	if ((config->n_session_sources & (config->n_session_sources - 1)) == 0) {
		size_t room = config->n_session_sources > 0 ? 2UL * config->n_session_sources : 1;

		grown = reallocarray(config->session_sources, room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		config->session_sources = grown;
	}
	config->session_sources[config->n_session_sources++] = source;
	s->n_sources++;
	return 0;
}
