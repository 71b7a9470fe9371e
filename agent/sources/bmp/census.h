/*
 * How many different peers a router has told of: a set of their hashes, ten to twenty bytes a peer
 * and never more than the limit.  Two peers of one hash count as one.  Pure.
 */
#ifndef ERM_SOURCES_BMP_CENSUS_H
#define ERM_SOURCES_BMP_CENSUS_H

#include <stdint.h>

#include "sources/bmp/parse.h"

/* All zero at its start. */
struct erm_bmp_census {
	uint64_t *slots; /* 0 = free */
	uint32_t n_slots, n;
};

void erm_bmp_census_done(struct erm_bmp_census *census);

/* Counts the peer, once.  -ENOSPC: it would be the one after `max`; -ENOMEM. */
int erm_bmp_census_add(struct erm_bmp_census *census, const struct erm_bmp_peer_header *peer,
		       uint32_t max);

#endif
