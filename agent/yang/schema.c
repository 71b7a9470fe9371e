/* ermon.yang looked at from the section file. */
#include "yang/schema.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libyang/libyang.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "yang/nearest.h"

#define HINT_MAX 224

static const struct lysc_node *config_child(const struct lysc_node *parent,
					    const struct lysc_node *last)
{
	const struct lysc_node *n = last ? last->next : lysc_node_child(parent);

	while (n && !(n->flags & LYS_CONFIG_W))
		n = n->next;
	return n;
}

static bool is_leaf(const struct lysc_node *node)
{
	return node->nodetype == LYS_LEAF || node->nodetype == LYS_LEAFLIST;
}

static int kinds_collect(struct erm_schema *schema, const struct erm_section_kind *above,
			 const struct lysc_node *parent)
{
	for (const struct lysc_node *n = config_child(parent, NULL); n;
	     n = config_child(parent, n)) {
		struct erm_section_kind kind = *above;
		uint32_t n_leaves = 0;
		int r;

		if (is_leaf(n))
			continue;
		if (kind.depth == ERM_SCHEMA_DEPTH_MAX || schema->n_kinds == ERM_SCHEMA_KINDS_MAX ||
		    (n->nodetype != LYS_LIST && n->nodetype != LYS_CONTAINER))
			return -EPROTO;
		kind.path[kind.depth++] = n;
		kind.is_list = n->nodetype == LYS_LIST;
		kind.n_own_keys = 0;
		for (const struct lysc_node *c = config_child(n, NULL); c; c = config_child(n, c)) {
			n_leaves += is_leaf(c);
			if (!lysc_is_key(c))
				continue;
			if (kind.n_keys == ERM_SCHEMA_KEYS_MAX)
				return -EPROTO;
			kind.keys[kind.n_keys++] = c;
			kind.n_own_keys++;
		}
		if (n_leaves > ERM_SCHEMA_LEAVES_MAX)
			return -EPROTO;
		/* A container of containers only (hold) is no section by itself. */
		if (n_leaves > 0)
			schema->kinds[schema->n_kinds++] = kind;
		r = kinds_collect(schema, &kind, n);
		if (r < 0)
			return r;
	}
	return 0;
}

int erm_schema_init(const struct lys_module *module, struct erm_schema *ret)
{
	const struct erm_section_kind top = {};

	memset(ret, 0, sizeof(*ret));
	ret->root = lys_find_child(NULL, module, module->name, 0, LYS_CONTAINER, 0);
	return ret->root ? kinds_collect(ret, &top, ret->root) : -EPROTO;
}

static void append(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void append(char *buf, size_t size, const char *format, ...)
{
	size_t n = strlen(buf);
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(buf + n, size - n, format, ap);
	va_end(ap);
}

/* A function, as toupper() is a nest of macros. */
static char upper(char c)
{
	return (char)toupper((unsigned char)c);
}

const char *erm_schema_form(const struct erm_section_kind *kind, char *buf, size_t size)
{
	const struct lysc_node *last = kind->path[kind->depth - 1];

	buf[0] = '\0';
	if (!kind->is_list) {
		for (uint32_t i = 0; i < kind->depth; i++)
			append(buf, size, "%s%s", i ? " " : "[", kind->path[i]->name);
		append(buf, size, "]");
		return buf;
	}
	append(buf, size, "[%s", last->name);
	for (uint32_t i = 0; i < kind->n_keys; i++) {
		const struct lysc_node *key = kind->keys[i];
		/* The circuit's key is a name only to the circuit itself. */
		const char *word = key->parent == last || strcmp(key->name, "name") != 0
					   ? key->name
					   : key->parent->name;
		size_t start = strlen(buf) + 1;

		append(buf, size, " %s", word);
		for (size_t c = start; c < strlen(buf); c++)
			buf[c] = upper(buf[c]);
	}
	append(buf, size, "]");
	return buf;
}

/* The words before the keys: the list's name, or the whole path of a container. */
static bool kind_matches(const struct erm_section_kind *kind, const struct erm_section *section)
{
	if (kind->is_list)
		return strcmp(kind->path[kind->depth - 1]->name, section->words[0]) == 0;
	for (uint32_t i = 0; i < kind->depth; i++) {
		if (i >= section->n_words || strcmp(kind->path[i]->name, section->words[i]) != 0)
			return false;
	}
	return true;
}

/* No kind matches: find out whether the first word is all right (hold) and what is like the wrong one. */
static void report_unknown(const struct erm_schema *schema, const struct erm_section *section,
			   struct erm_config_report *report)
{
	struct erm_nearest first = erm_nearest_init(section->words[0]);
	struct erm_nearest second = erm_nearest_init(section->n_words > 1 ? section->words[1] : "");
	const char *inside = NULL;
	char hint[HINT_MAX] = "";

	for (uint32_t i = 0; i < schema->n_kinds; i++) {
		const struct erm_section_kind *kind = &schema->kinds[i];
		const struct lysc_node *word = kind->path[kind->is_list ? kind->depth - 1 : 0];

		erm_nearest_offer(&first, word->name);
		if (kind->is_list || kind->depth < 2 || strcmp(word->name, section->words[0]) != 0)
			continue;
		inside = word->name;
		erm_nearest_offer(&second, kind->path[1]->name);
		append(hint, sizeof(hint), "%s%s", hint[0] ? ", " : "one of ", kind->path[1]->name);
	}
	if (inside) {
		if (section->n_words > 1 && second.best)
			(void)erm_nearest_format(&second, hint, sizeof(hint));
		erm_report_add(report, ERM_REPORT_ERROR, section->line,
			       section->words[section->n_words > 1], hint,
			       section->n_words > 1 ? "unknown section [%s %.60s]"
						    : "section [%s] needs a second word%.0s",
			       inside, section->n_words > 1 ? section->words[1] : "");
		return;
	}
	if (!erm_nearest_format(&first, hint, sizeof(hint))[0]) {
		(void)snprintf(hint, sizeof(hint), "sections are ");
		for (uint32_t i = 0; i < schema->n_kinds; i++) {
			const struct erm_section_kind *kind = &schema->kinds[i];

			if (kind->is_list || kind->depth == 1)
				append(hint, sizeof(hint), "%s%s", i ? ", " : "",
				       kind->path[kind->depth - 1]->name);
		}
	}
	erm_report_add(report, ERM_REPORT_ERROR, section->line, section->words[0], hint,
		       "unknown section [%.60s]", section->words[0]);
}

const struct erm_section_kind *erm_schema_section(const struct erm_schema *schema,
						  const struct erm_section *section,
						  struct erm_config_report *report)
{
	char form[HINT_MAX], hint[HINT_MAX + 8], name[128];

	for (uint32_t i = 0; i < schema->n_kinds; i++) {
		const struct erm_section_kind *kind = &schema->kinds[i];
		uint32_t expected = kind->is_list ? 1 + kind->n_keys : kind->depth;

		if (!kind_matches(kind, section))
			continue;
		if (section->n_words == expected)
			return kind;
		(void)snprintf(hint, sizeof(hint), "write %s",
			       erm_schema_form(kind, form, sizeof(form)));
		erm_report_add(report, ERM_REPORT_ERROR, section->line,
			       section->words[section->n_words > expected ? expected : 0], hint,
			       "section [%.100s] has %u words instead of %u",
			       erm_section_name(section, name, sizeof(name)), section->n_words,
			       expected);
		return NULL;
	}
	report_unknown(schema, section, report);
	return NULL;
}

const struct lysc_node *erm_schema_key(const struct erm_section_kind *kind,
				       const struct erm_section_entry *entry,
				       struct erm_config_report *report)
{
	const struct lysc_node *node = kind->path[kind->depth - 1];
	struct erm_nearest nearest = erm_nearest_init(entry->key);
	char form[HINT_MAX], hint[HINT_MAX];

	(void)erm_schema_form(kind, form, sizeof(form));
	for (const struct lysc_node *n = config_child(node, NULL); n; n = config_child(node, n)) {
		bool is_same = strcmp(n->name, entry->key) == 0;

		if (is_leaf(n) && !lysc_is_key(n)) {
			if (is_same)
				return n;
			erm_nearest_offer(&nearest, n->name);
		} else if (is_same) {
			erm_report_add(report, ERM_REPORT_ERROR, entry->line, entry->key,
				       lysc_is_key(n) ? "leave it out" : "start a section",
				       lysc_is_key(n) ? "\"%.60s\" is a word of %s, not a key"
						      : "\"%.60s\" is a section, not a key of %s",
				       entry->key, form);
			return NULL;
		}
	}
	erm_nearest_format(&nearest, hint, sizeof(hint));
	if (!hint[0]) {
		append(hint, sizeof(hint), "keys are ");
		for (const struct lysc_node *n = config_child(node, NULL); n;
		     n = config_child(node, n)) {
			if (is_leaf(n) && !lysc_is_key(n))
				append(hint, sizeof(hint), "%s%s",
				       strcmp(hint, "keys are ") == 0 ? "" : ", ", n->name);
		}
	}
	erm_report_add(report, ERM_REPORT_ERROR, entry->line, entry->key, hint,
		       "unknown key \"%.60s\" in %s", entry->key, form);
	return NULL;
}

static const struct lysc_type *type_of(const struct lysc_node *leaf)
{
	const struct lysc_type *type =
		leaf->nodetype == LYS_LEAF
			? ((const struct lysc_node_leaf *)(const void *)leaf)->type
			: ((const struct lysc_node_leaflist *)(const void *)leaf)->type;

	if (type->basetype == LY_TYPE_LEAFREF)
		type = ((const struct lysc_type_leafref *)(const void *)type)->realtype;
	return type;
}

static void append_decimal(char *buf, size_t size, int64_t v, unsigned int digits)
{
	int64_t scale = 1, fraction;

	for (unsigned int i = 0; i < digits; i++)
		scale *= 10;
	fraction = v % scale;
	append(buf, size, "%" PRId64, v / scale);
	if (fraction == 0)
		return;
	while (fraction % 10 == 0) {
		fraction /= 10;
		digits--;
	}
	append(buf, size, ".%0*" PRId64, (int)digits, fraction);
}

static void append_range(char *buf, size_t size, const struct lysc_range *range,
			 unsigned int digits, bool is_signed)
{
	LY_ARRAY_COUNT_TYPE u;

	LY_ARRAY_FOR(range->parts, u) {
		const struct lysc_range_part *part = &range->parts[u];

		append(buf, size, u ? " or " : "");
		if (is_signed) {
			append_decimal(buf, size, part->min_64, digits);
			if (part->min_64 != part->max_64) {
				append(buf, size, "..");
				append_decimal(buf, size, part->max_64, digits);
			}
			continue;
		}
		append(buf, size, "%" PRIu64, part->min_u64);
		if (part->min_u64 != part->max_u64)
			append(buf, size, "..%" PRIu64, part->max_u64);
	}
}

static void append_string(char *buf, size_t size, const struct lysc_type_str *type)
{
	LY_ARRAY_COUNT_TYPE u;

	if (type->length) {
		append(buf, size, "it has ");
		append_range(buf, size, type->length, 0, false);
		append(buf, size, " characters");
	}
	LY_ARRAY_FOR(type->patterns, u) {
		if (type->patterns[u]->emsg)
			append(buf, size, "%s%s", buf[0] ? ": " : "", type->patterns[u]->emsg);
	}
}

static void append_enum(char *buf, size_t size, const struct lysc_type_enum *type)
{
	LY_ARRAY_COUNT_TYPE u;

	LY_ARRAY_FOR(type->enums, u)
		append(buf, size, "%s%s", u ? ", " : "one of ", type->enums[u].name);
}

static void append_number(char *buf, size_t size, const struct lysc_node *leaf,
			  const struct lysc_type *type)
{
	const struct lysc_type_dec *dec = (const struct lysc_type_dec *)(const void *)type;
	const struct lysc_type_num *num = (const struct lysc_type_num *)(const void *)type;
	bool is_dec = type->basetype == LY_TYPE_DEC64;
	const struct lysc_range *range = is_dec ? dec->range : num->range;
	const char *units = leaf->nodetype == LYS_LEAF
				    ? ((const struct lysc_node_leaf *)(const void *)leaf)->units
				    : NULL;

	append(buf, size, "a %snumber", is_dec ? "" : "whole ");
	if (range) {
		append(buf, size, ", ");
		append_range(buf, size, range, is_dec ? dec->fraction_digits : 0, is_dec);
	} else if (type->basetype == LY_TYPE_UINT32) {
		append(buf, size, ", 0..%" PRIu32, UINT32_MAX);
	}
	if (is_dec)
		append(buf, size, ", with at most %u decimals", dec->fraction_digits);
	if (units)
		append(buf, size, " (%s)", units);
}

const char *erm_schema_values(const struct lysc_node *leaf, char *buf, size_t size)
{
	const struct lysc_type *type = type_of(leaf);

	buf[0] = '\0';
	switch ((int)type->basetype) {
	case LY_TYPE_ENUM:
		append_enum(buf, size, (const struct lysc_type_enum *)(const void *)type);
		break;
	case LY_TYPE_BOOL:
		append(buf, size, "true or false");
		break;
	case LY_TYPE_STRING:
		append_string(buf, size, (const struct lysc_type_str *)(const void *)type);
		break;
	case LY_TYPE_UNION: /* inet:ip-address-no-zone is the only one */
		append(buf, size, "an IPv4 or IPv6 address, without a prefix length");
		break;
	default:
		append_number(buf, size, leaf, type);
		break;
	}
	return buf;
}

void erm_schema_report_value(const struct lysc_node *leaf, const char *value, unsigned int line,
			     struct erm_config_report *report)
{
	const struct lysc_type *type = type_of(leaf);
	struct erm_nearest nearest = erm_nearest_init(value);
	char values[HINT_MAX], hint[HINT_MAX * 2];

	(void)erm_schema_values(leaf, values, sizeof(values));
	(void)snprintf(hint, sizeof(hint), "%s", values);
	if (type->basetype == LY_TYPE_ENUM) {
		const struct lysc_type_enum *e = (const struct lysc_type_enum *)(const void *)type;
		LY_ARRAY_COUNT_TYPE u;

		LY_ARRAY_FOR(e->enums, u)
			erm_nearest_offer(&nearest, e->enums[u].name);
		if (nearest.best)
			(void)snprintf(hint, sizeof(hint), "did you mean \"%s\"? It is %s",
				       nearest.best, values);
	}
	erm_report_add(report, ERM_REPORT_ERROR, line, value, hint, "%s cannot be \"%.60s\"",
		       leaf->name, value);
}
