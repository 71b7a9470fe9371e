/*
 * Everything that is wrong with a configuration file, so that a person can mend
 * it in one go.  At most ERM_REPORT_MAX entries are kept, errors before warnings;
 * the rest is counted.  Single thread.
 */
#ifndef ERM_YANG_REPORT_H
#define ERM_YANG_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#define ERM_REPORT_MAX      100
#define ERM_REPORT_LINE_MAX 1024 /* one formatted entry, with NUL */

enum erm_report_level { ERM_REPORT_ERROR = 1, ERM_REPORT_WARNING };

struct erm_report_entry {
	enum erm_report_level level;
	unsigned int line; /* 0 = the file as a whole */
	char word[64];     /* the offending word, cut at 63 octets; "" = none */
	char problem[352]; /* what is wrong; one line */
	char remedy[256];  /* what would be right; "" = nothing to say */
};

struct erm_config_report {
	char file[256];
	struct erm_report_entry *entries; /* by line, after erm_report_sort() */
	unsigned int n;
	unsigned int n_errors, n_warnings; /* all of them, also those not kept */
};

/* Empties the report and names the file; a zeroed struct is a valid empty report. */
void erm_report_init(struct erm_config_report *report, const char *file);
void erm_report_done(struct erm_config_report *report);

/* word and remedy may be NULL.  Octets that are not printable become '?'. */
void erm_report_add(struct erm_config_report *report, enum erm_report_level level,
		    unsigned int line, const char *word, const char *remedy, const char *format,
		    ...) __attribute__((format(printf, 6, 7)));

void erm_report_sort(struct erm_config_report *report);

/* Entries that did not fit: the "and N more". */
unsigned int erm_report_more(const struct erm_config_report *report);

/* "FILE:LINE: error: PROBLEM; REMEDY".  Returns buf. */
const char *erm_report_format(const struct erm_config_report *report, unsigned int i,
			      char buf[ERM_REPORT_LINE_MAX]);

#endif
