/* What this build can watch and how it can tell: two const arrays, and the only place to add to. */
#ifndef ERM_REGISTRY_H
#define ERM_REGISTRY_H

#include <stddef.h>

#include "publish/publisher.h"
#include "sources/source.h"

extern const struct erm_source_ops *const erm_source_registry[];
extern const size_t erm_source_registry_n;

extern const struct erm_publisher_ops *const erm_publisher_registry[];
extern const size_t erm_publisher_registry_n;

/* The operations for a type of source, NULL when this build has none. */
const struct erm_source_ops *erm_source_ops_of(enum erm_source_type type);

#endif
