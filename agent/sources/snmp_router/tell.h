/* Tells the rows of a complete cycle as observations, and what is new among them.  Main thread. */
#ifndef ERM_SOURCES_SNMP_ROUTER_TELL_H
#define ERM_SOURCES_SNMP_ROUTER_TELL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/usec.h"
#include "sources/snmp_router/rows.h"
#include "sources/source_report.h"

struct erm_snmpr_told {
	uint32_t n_told, n_changes;
	bool lacks_bgp, lacks_if; /* the agent has no such table */
};

/* rows: after erm_snmpr_rows_end(). */
struct erm_snmpr_told erm_snmpr_tell(const struct erm_source_report *report,
				     struct erm_snmpr_rows *rows, struct erm_time at);

#endif
