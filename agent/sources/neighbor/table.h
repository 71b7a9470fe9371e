/*
 * The BGP peers whose table entries are looked up, by the link they are expected on, and
 * what the last look found.  Pure; time is an argument.
 */
#ifndef ERM_SOURCES_NEIGHBOR_TABLE_H
#define ERM_SOURCES_NEIGHBOR_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "core/config.h"
#include "sources/neighbor/parse.h"

#define ERM_NEIGHBOR_PROBE_USEC (10 * ERM_USEC_PER_SEC) /* between two probes of one entry */

struct erm_neighbor_link {
	const char *name;  /* the config's */
	uint32_t ifindex;  /* 0 = there is none now */
	uint32_t first, n; /* into peers */
};

struct erm_neighbor_peer {
	uint32_t session; /* into config->sessions */
	uint32_t link;
	struct erm_neighbor_entry entry; /* addr always holds; the rest as last found */
	enum erm_neighbor_state state;   /* after the last complete look */
	enum erm_neighbor_state told;    /* 0 = not yet */
	usec_t probed_at;                /* 0 = never */
};

struct erm_neighbor_table {
	struct erm_neighbor_link *links;
	struct erm_neighbor_peer *peers;
	uint32_t n_links, n_peers;
};

/*
 * The sessions of connections whose interface is one of this kernel's.  Keeps when the same
 * ones were probed.  Keeps no reference: the config must outlive it.  0, -ENOMEM.
 */
int erm_neighbor_table_make(const struct erm_config *config, const struct erm_neighbor_table *old,
			    struct erm_neighbor_table *ret);
void erm_neighbor_table_done(struct erm_neighbor_table *table);

/* A look begins: nothing is known of any entry. */
void erm_neighbor_table_begin(struct erm_neighbor_table *table);
/* An entry as the kernel tells it; taken when a peer has its link and address. */
void erm_neighbor_table_take(struct erm_neighbor_table *table, uint32_t link,
			     const struct erm_neighbor_entry *entry);
/* The look is complete. */
void erm_neighbor_table_end(struct erm_neighbor_table *table);
/* Should the kernel be made to confirm this one now?  Marks it as probed. */
bool erm_neighbor_table_take_probe(struct erm_neighbor_table *table, uint32_t peer, usec_t now);

#endif
