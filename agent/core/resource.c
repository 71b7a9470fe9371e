#include "core/resource.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint32_t erm_service_index(enum erm_peering peering, enum erm_family family)
{
	return ((uint32_t)peering - 1) * 2 + (uint32_t)family;
}

uint32_t erm_resource_count(const struct erm_config *config, enum erm_resource_kind kind)
{
	switch (kind) {
	case ERM_RESOURCE_AGENT:
		return 1;
	case ERM_RESOURCE_PORT:
		return config->n_ports;
	case ERM_RESOURCE_CIRCUIT:
		return config->n_circuits;
	case ERM_RESOURCE_CONNECTION:
		return config->n_connections;
	case ERM_RESOURCE_SESSION:
		return config->n_sessions;
	case ERM_RESOURCE_SERVICE:
		return config->n_services;
	case ERM_RESOURCE_GROUP:
		return config->n_groups;
	case ERM_RESOURCE_SOURCE:
		return config->n_sources;
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return 0;
}

uint32_t erm_resource_circuit(const struct erm_config *config, enum erm_resource_kind kind,
			      uint32_t position)
{
	switch (kind) {
	case ERM_RESOURCE_CIRCUIT:
		return position;
	case ERM_RESOURCE_CONNECTION:
		return config->connections[position].circuit;
	case ERM_RESOURCE_SESSION:
		return config->sessions[position].circuit;
	case ERM_RESOURCE_SERVICE:
		return config->services[position].circuit;
	case ERM_RESOURCE_AGENT:
	case ERM_RESOURCE_PORT:
	case ERM_RESOURCE_GROUP:
	case ERM_RESOURCE_SOURCE:
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	return ERM_NO_INDEX;
}

static const char *session_name(const struct erm_config *c, uint32_t position,
				char buf[ERM_RESOURCE_MAX])
{
	const struct erm_session_config *s = &c->sessions[position];

	(void)snprintf(buf, ERM_RESOURCE_MAX, "%s:%s:%s-%s", c->circuits[s->circuit].name,
		       erm_role_name(c->connections[s->connection].role),
		       erm_peering_name(s->peering), erm_family_name(s->family));
	return buf;
}

const char *erm_resource_name(const struct erm_config *c, enum erm_resource_kind kind,
			      uint32_t position, char buf[ERM_RESOURCE_MAX])
{
	const struct erm_service_config *service = NULL;
	const struct erm_connection_config *connection = NULL;
	const char *prefix = "";
	const char *name = "";

	switch (kind) {
	case ERM_RESOURCE_SESSION:
		return session_name(c, position, buf);
	case ERM_RESOURCE_SERVICE:
		service = &c->services[position];
		(void)snprintf(buf, ERM_RESOURCE_MAX, "%s:%s-%s",
			       c->circuits[service->circuit].name,
			       erm_peering_name(service->peering),
			       erm_family_name(service->family));
		return buf;
	case ERM_RESOURCE_CONNECTION:
		connection = &c->connections[position];
		(void)snprintf(buf, ERM_RESOURCE_MAX, "%s:%s",
			       c->circuits[connection->circuit].name,
			       erm_role_name(connection->role));
		return buf;
	case ERM_RESOURCE_CIRCUIT:
		name = c->circuits[position].name;
		break;
	case ERM_RESOURCE_PORT:
		prefix = "port:";
		name = c->ports[position].name;
		break;
	case ERM_RESOURCE_GROUP:
		prefix = c->groups[position].kind == ERM_GROUP_PORT_PAIR ? "pair:" : "group:";
		name = c->groups[position].name;
		break;
	case ERM_RESOURCE_SOURCE:
		prefix = "source:";
		name = c->sources[position].name;
		break;
	case ERM_RESOURCE_AGENT:
		prefix = "agent:";
		name = c->agent.name ? c->agent.name : "";
		break;
	case ERM_RESOURCE_KIND_MAX:
		break;
	}
	(void)snprintf(buf, ERM_RESOURCE_MAX, "%s%s", prefix, name);
	return buf;
}

struct map_entry {
	char name[ERM_RESOURCE_MAX];
	uint32_t position;
};

struct erm_resource_map {
	uint32_t n;
	struct map_entry entries[];
};

static int compare_entries(const void *a, const void *b)
{
	const struct map_entry *x = a;
	const struct map_entry *y = b;

	return strcmp(x->name, y->name);
}

int erm_resource_map_new(const struct erm_config *config, enum erm_resource_kind kind,
			 struct erm_resource_map **ret)
{
	uint32_t n = erm_resource_count(config, kind);
	struct erm_resource_map *map = malloc(sizeof(*map) + n * sizeof(map->entries[0]));

	if (!map)
		return -ENOMEM;
	map->n = n;
	for (uint32_t i = 0; i < n; i++) {
		(void)erm_resource_name(config, kind, i, map->entries[i].name);
		map->entries[i].position = i;
	}
	qsort(map->entries, n, sizeof(map->entries[0]), compare_entries);
	*ret = map;
	return 0;
}

struct erm_resource_map *erm_resource_map_free(struct erm_resource_map *map)
{
	free(map);
	return NULL;
}

static int compare_name(const void *name, const void *entry)
{
	return strcmp(name, ((const struct map_entry *)entry)->name);
}

uint32_t erm_resource_map_find(const struct erm_resource_map *map, const char *name)
{
	const struct map_entry *found =
		bsearch(name, map->entries, map->n, sizeof(map->entries[0]), compare_name);

	return found ? found->position : ERM_NO_INDEX;
}
