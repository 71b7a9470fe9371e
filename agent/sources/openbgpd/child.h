/*
 * Runs one program and collects what it prints: no shell, no standard input, a deadline, a
 * cap on the output, at most one at a time, never waited for.  Knows nothing of what is
 * printed.  Main thread.
 */
#ifndef ERM_SOURCES_OPENBGPD_CHILD_H
#define ERM_SOURCES_OPENBGPD_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

#include "base/usec.h"
#include "core/types.h"

struct erm_openbgpd_child;

struct erm_openbgpd_child_handler {
	/* It has ended; status 0 is success.  text (output and errors) is valid until the return. */
	void (*ended)(void *userdata, char *text, size_t len, int status);
	/* It was ended by us: ERM_REASON_TIMEOUT or ERM_REASON_TOO_LARGE. */
	void (*killed)(void *userdata, enum erm_source_reason reason);
	/* What was killed is gone: the next may be run. */
	void (*reaped)(void *userdata);
};

int erm_openbgpd_child_new(sd_event *event, const struct erm_openbgpd_child_handler *handler,
			   void *userdata, struct erm_openbgpd_child **ret);
/* Kills what runs. */
struct erm_openbgpd_child *erm_openbgpd_child_free(struct erm_openbgpd_child *child);

/* -ENOENT and the like: there is no such program. */
int erm_openbgpd_child_run(struct erm_openbgpd_child *child, const char *program,
			   char *const argv[], usec_t timeout_usec, size_t max_bytes);
/* Without a call of the handler. */
void erm_openbgpd_child_kill(struct erm_openbgpd_child *child);
bool erm_openbgpd_child_is_running(const struct erm_openbgpd_child *child);

#endif
