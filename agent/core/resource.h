/*
 * The one name of every resource: what keys, the state file and texts call it.
 * A colon, which no configured name can hold, keeps the kinds apart.  Pure.
 *   circuit NAME, service NAME:private-ipv4, connection NAME:primary,
 *   session NAME:primary:private-ipv4, port port:NAME, group group:NAME,
 *   port pair pair:NAME, source source:NAME, agent agent:NAME
 */
#ifndef ERM_CORE_RESOURCE_H
#define ERM_CORE_RESOURCE_H

#include <stdint.h>

#include "core/config.h"
#include "core/event.h"
#include "core/types.h"

/* Writes the name of the resource at `position` of its config array; returns buf. */
const char *erm_resource_name(const struct erm_config *config, enum erm_resource_kind kind,
			      uint32_t position, char buf[ERM_RESOURCE_MAX]);

/* Number of resources of a kind. */
uint32_t erm_resource_count(const struct erm_config *config, enum erm_resource_kind kind);

/* SNMP index of a session or service within its parent: 1 private-ipv4, 2 private-ipv6, 3 microsoft-ipv4 ... */
uint32_t erm_service_index(enum erm_peering peering, enum erm_family family);

/* The circuit a resource belongs to, ERM_NO_INDEX for ports, groups, sources and the agent. */
uint32_t erm_resource_circuit(const struct erm_config *config, enum erm_resource_kind kind,
			      uint32_t position);

/* name -> position for all resources of a kind: made once, asked often. */
struct erm_resource_map;
int erm_resource_map_new(const struct erm_config *config, enum erm_resource_kind kind,
			 struct erm_resource_map **ret);
struct erm_resource_map *erm_resource_map_free(struct erm_resource_map *map);
uint32_t erm_resource_map_find(const struct erm_resource_map *map,
			       const char *name); /* or ERM_NO_INDEX */

#endif
