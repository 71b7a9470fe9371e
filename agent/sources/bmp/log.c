#include "sources/bmp/log.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"

#define LINES_MAX  20
#define LINES_USEC (60 * ERM_USEC_PER_SEC)

void erm_bmp_log_line(struct erm_bmp_log *log, const char *source, const char *line)
{
	usec_t now = erm_time_now().mono;

	if (log->since == 0 || now >= erm_usec_add(log->since, LINES_USEC)) {
		log->since = now;
		log->n_lines = 0;
		log->last[0] = '\0';
	}
	if (log->n_lines >= LINES_MAX || strcmp(line, log->last) == 0)
		return;
	log->n_lines++;
	(void)!snprintf(log->last, sizeof(log->last), "%s", line);
	erm_log_info("source %s: %s%s", source, line,
		     log->n_lines == LINES_MAX ? "; more of this is left out for a minute" : "");
}
