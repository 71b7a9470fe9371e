/*
 * One source alone, for a program that prints what it tells, when it changes, with the time in us
 * since 1970.  A line "look" on standard input is a hint; the end of the input ends it, with a
 * line of what it cost.
 */
#ifndef ERM_TESTS_SOURCE_PROBE_H
#define ERM_TESTS_SOURCE_PROBE_H

#include "sources/source.h"

struct source_probe {
	/* set by the program */
	const struct erm_source_ops *ops;
	void (*print)(const struct erm_obs *obs); /* of a session or a neighbour, when it is new */

	struct erm_config *config;
	sd_event *event;
	struct erm_source *source;
	struct erm_obs_source src;
	uint32_t n_dumps, n_hints;
	usec_t looked_at; /* when it was last hinted; 0 = never, or the program took it */
};

extern struct source_probe probe;

/*
 * These settings at position 0, and at 1 a kernel for interfaces to belong to; room for n sessions,
 * connections and interfaces.  0, or a negative errno, as all here.
 */
int source_probe_configure(const struct erm_source_config *settings, size_t n);
/* The session with this neighbour, an address: its position. */
int source_probe_add(const char *neighbor);

/* Until the end of the input.  When r is negative only says so.  An exit status. */
int source_probe_run(const char *name, int r);

#endif
