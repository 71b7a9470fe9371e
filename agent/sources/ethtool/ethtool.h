/*
 * The ethtool source, with the kernel's side to be chosen: for tests.
 */
#ifndef ERM_SOURCES_ETHTOOL_H
#define ERM_SOURCES_ETHTOOL_H

#include "sources/ethtool/query.h"
#include "sources/source.h"

/* As erm_source_ops.start; io and userdata must outlive the thread, which a stuck driver may keep. */
int erm_ethtool_start(const struct erm_source_env *env, struct erm_config *config, uint32_t index,
		      const struct erm_ethtool_io *io, void *userdata, struct erm_source **ret);

#endif
