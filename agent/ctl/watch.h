/* What does not end by itself: the live status and the stream of events. */
#ifndef ERM_CTL_WATCH_H
#define ERM_CTL_WATCH_H

#include <jansson.h>

#include "ctl/command.h"

#define ERM_ROOT "ermon:ermon"

/* What the status tree is drawn from; ends in NULL. */
extern const char *const erm_status_parts[];

/* Parameters of org.ermon.Get, a new reference; NULL on ENOMEM.  parts ends in NULL; circuit NULL = all. */
json_t *erm_get_parameters(const char *const *parts, const char *circuit, bool is_xml);

/*
 * Draws the status anew at each change: on a terminal in place and once a second (ages
 * grow), elsewhere one below the other.  Waits for a daemon that went away.  Returns
 * an exit status when it cannot go on.
 */
int erm_watch(struct erm_command_env *env, const char *circuit);

/* Prints the event log and then each event as it happens, a line each. */
int erm_follow(struct erm_command_env *env);

#endif
