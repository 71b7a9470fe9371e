/*
 * The shape of a section file: lines to sections with keys.  Pure; knows no YANG.
 * A file is read to its end whatever is wrong with a line, but at most
 * ERM_SECTION_ERRORS_MAX errors are looked for.
 */
#ifndef ERM_YANG_SECTION_H
#define ERM_YANG_SECTION_H

#include <stddef.h>
#include <stdint.h>

#include "yang/report.h"

#define ERM_LINE_MAX           4096 /* octets of a line */
#define ERM_SECTION_WORDS_MAX  6
#define ERM_SECTION_ERRORS_MAX 1000

struct erm_section_entry {
	char *key, *value;
	unsigned int line;
};

struct erm_section {
	char *words[ERM_SECTION_WORDS_MAX];
	uint32_t n_words;
	unsigned int line;
	uint32_t first_entry, n_entries; /* into entries */
};

struct erm_section_file {
	char *text; /* the words point into it */
	struct erm_section *sections;
	struct erm_section_entry *entries;
	uint32_t n_sections, n_entries, n_sections_max, n_entries_max;
};

/* 0 (errors of the text are in the report) or -ENOMEM.  ret is done by the caller. */
int erm_section_parse(const char *text, size_t size, struct erm_config_report *report,
		      struct erm_section_file *ret);
void erm_section_file_done(struct erm_section_file *file);

/* The section as written in brackets, without them; cut when it does not fit.  Returns buf. */
const char *erm_section_name(const struct erm_section *section, char *buf, size_t size);

#endif
