/* The list of a file's errors and warnings.  Must not know what a configuration is. */
#include "yang/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void erm_report_init(struct erm_config_report *report, const char *file)
{
	erm_report_done(report);
	(void)snprintf(report->file, sizeof(report->file), "%s", file);
}

void erm_report_done(struct erm_config_report *report)
{
	free(report->entries);
	memset(report, 0, sizeof(*report));
}

/* Cut UTF-8 and everything a terminal might obey become '?'. */
static void text_copy(char *to, size_t size, const char *from)
{
	size_t i = 0;

	for (; from && from[i] && i + 1 < size; i++) {
		unsigned char c = (unsigned char)from[i];

		to[i] = '?';
		if (c >= 0x20 && c <= 0x7e)
			to[i] = from[i];
	}
	to[i] = '\0';
}

/* Where the new entry goes: at the end, or in the place of a warning when the report is full. */
static struct erm_report_entry *entry_slot(struct erm_config_report *report,
					   enum erm_report_level level)
{
	if (!report->entries) {
		report->entries = calloc(ERM_REPORT_MAX, sizeof(*report->entries));
		if (!report->entries)
			return NULL;
	}
	if (report->n < ERM_REPORT_MAX)
		return &report->entries[report->n++];
	if (level == ERM_REPORT_WARNING)
		return NULL;
	for (unsigned int i = report->n; i > 0; i--) {
		if (report->entries[i - 1].level == ERM_REPORT_WARNING)
			return &report->entries[i - 1];
	}
	return NULL;
}

void erm_report_add(struct erm_config_report *report, enum erm_report_level level,
		    unsigned int line, const char *word, const char *remedy, const char *format,
		    ...)
{
	char problem[sizeof(((struct erm_report_entry *)NULL)->problem)];
	struct erm_report_entry *entry;
	va_list ap;

	if (level == ERM_REPORT_ERROR)
		report->n_errors++;
	else
		report->n_warnings++;

	entry = entry_slot(report, level);
	if (!entry)
		return;

	va_start(ap, format);
	(void)vsnprintf(problem, sizeof(problem), format, ap);
	va_end(ap);

	entry->level = level;
	entry->line = line;
	text_copy(entry->word, sizeof(entry->word), word);
	text_copy(entry->problem, sizeof(entry->problem), problem);
	text_copy(entry->remedy, sizeof(entry->remedy), remedy);
}

static int entry_compare(const void *a, const void *b)
{
	const struct erm_report_entry *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->level != y->level)
		return x->level < y->level ? -1 : 1;
	return strcmp(x->problem, y->problem);
}

void erm_report_sort(struct erm_config_report *report)
{
	if (report->n > 1)
		qsort(report->entries, report->n, sizeof(*report->entries), entry_compare);
}

unsigned int erm_report_more(const struct erm_config_report *report)
{
	return report->n_errors + report->n_warnings - report->n;
}

const char *erm_report_format(const struct erm_config_report *report, unsigned int i,
			      char buf[ERM_REPORT_LINE_MAX])
{
	const struct erm_report_entry *e = &report->entries[i];
	char line[16] = "";

	if (e->line > 0)
		(void)snprintf(line, sizeof(line), ":%u", e->line);
	(void)snprintf(buf, ERM_REPORT_LINE_MAX, "%s%s: %s: %s%s%s", report->file, line,
		       e->level == ERM_REPORT_ERROR ? "error" : "warning", e->problem,
		       e->remedy[0] ? "; " : "", e->remedy);
	return buf;
}
