/*
 * What ermon.yang says, in the words of the section file: which sections there
 * are, which keys they take, what a value may be.  Borrowed from the context.
 */
#ifndef ERM_YANG_SCHEMA_H
#define ERM_YANG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "yang/report.h"
#include "yang/section.h"

struct lysc_node;
struct lys_module;

#define ERM_SCHEMA_DEPTH_MAX  3
#define ERM_SCHEMA_KEYS_MAX   (ERM_SECTION_WORDS_MAX - 1)
#define ERM_SCHEMA_KINDS_MAX  48
#define ERM_SCHEMA_LEAVES_MAX 64

/* A kind of section: a container, or a list with the lists around it. */
struct erm_section_kind {
	const struct lysc_node
		*path[ERM_SCHEMA_DEPTH_MAX]; /* below the root; the last one is meant */
	uint32_t depth;
	bool is_list;
	const struct lysc_node *keys[ERM_SCHEMA_KEYS_MAX]; /* of all lists of the path */
	uint32_t n_keys;
	uint32_t n_own_keys; /* of the last one */
};

struct erm_schema {
	const struct lysc_node *root;
	struct erm_section_kind kinds[ERM_SCHEMA_KINDS_MAX];
	uint32_t n_kinds;
};

/* -EPROTO when the module has not the shape the section file can express. */
int erm_schema_init(const struct lys_module *module, struct erm_schema *ret);

/* The kind of a section, or NULL and an error in the report. */
const struct erm_section_kind *erm_schema_section(const struct erm_schema *schema,
						  const struct erm_section *section,
						  struct erm_config_report *report);

/* The leaf or leaf-list a key means, or NULL and an error in the report. */
const struct lysc_node *erm_schema_key(const struct erm_section_kind *kind,
				       const struct erm_section_entry *entry,
				       struct erm_config_report *report);

/* Reports that a value (of a leaf, or a word between the brackets) is none of `leaf`. */
void erm_schema_report_value(const struct lysc_node *leaf, const char *value, unsigned int line,
			     struct erm_config_report *report);

/* How a section of this kind is written: "[connection CIRCUIT ROLE]".  Returns buf. */
const char *erm_schema_form(const struct erm_section_kind *kind, char *buf, size_t size);

/* What a value of the leaf may be, for people.  Returns buf. */
const char *erm_schema_values(const struct lysc_node *leaf, char *buf, size_t size);

#endif
