/* `ermonctl check': one line, performance data and exit status by the monitoring plugins' rules. */
#ifndef ERM_CTL_CHECK_H
#define ERM_CTL_CHECK_H

#include <jansson.h>

#include "ctl/text.h"

enum erm_check_status {
	ERM_CHECK_OK = 0,
	ERM_CHECK_WARNING = 1,  /* degraded, redundancy lost */
	ERM_CHECK_CRITICAL = 2, /* down */
	ERM_CHECK_UNKNOWN = 3,  /* not known; nothing configured; not reachable */
};

/*
 * Judges the circuits of data (the content of ermon.yang's container) and prints the
 * line; the worst counts, in the order critical, unknown, warning.  Groups are judged
 * too, unless circuit names the one circuit that data has.
 */
enum erm_check_status erm_check_print(const struct erm_out *out, const json_t *data,
				      const char *circuit);

/* The line for a daemon that cannot be asked. */
enum erm_check_status erm_check_print_unreachable(const struct erm_out *out, const char *why);

#endif
