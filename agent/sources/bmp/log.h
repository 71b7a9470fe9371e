/*
 * The log of a BMP station.  Routers come and go at their own pace: the same line is taken
 * once a minute, and so many.  What changes the state of the source is logged by the source.
 */
#ifndef ERM_SOURCES_BMP_LOG_H
#define ERM_SOURCES_BMP_LOG_H

#include "base/usec.h"
#include "core/obs.h"

#define ERM_BMP_LINE_MAX (3 * ERM_TEXT_MAX)

/* All zero at its start. */
struct erm_bmp_log {
	usec_t since; /* when the minute began */
	unsigned int n_lines;
	char last[ERM_BMP_LINE_MAX];
};

void erm_bmp_log_line(struct erm_bmp_log *log, const char *source, const char *line);

#endif
