/* ERMON-MIB's shelves. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "publish/snmp/columns.h"

/* Words with blanks between them, as many as fit. */
struct words {
	struct erm_snmp_value *value;
	size_t used;
};

static void add_word(struct words *w, const char *word)
{
	size_t space = sizeof(w->value->text) - w->used;
	int n = snprintf(w->value->text + w->used, space, "%s%s", w->used > 0 ? " " : "", word);

	w->used = (size_t)n < space ? w->used + (size_t)n : sizeof(w->value->text) - 1;
}

static void get_types(const void *field, const struct erm_snmp_context *ctx,
		      struct erm_snmp_value *ret)
{
	const struct erm_shelf_row *row = field;
	struct words words = { .value = ret };

	(void)ctx;
	ret->text[0] = '\0';
	for (unsigned int t = 1; t < ERM_ALARM_TYPE_MAX; t++) {
		if (row->rule.types & (1U << t))
			add_word(&words, erm_alarm_type_name(t));
	}
	erm_snmp_set_text(ret, ret->text);
}

static void get_resources(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	const struct erm_shelf_row *row = field;
	struct words words = { .value = ret };

	(void)ctx;
	ret->text[0] = '\0';
	for (size_t i = 0; i < ERM_SHELF_RESOURCES_MAX && row->rule.resources[i][0]; i++)
		add_word(&words, row->rule.resources[i]);
	erm_snmp_set_text(ret, ret->text);
}

static void get_remaining(const void *field, const struct erm_snmp_context *ctx,
			  struct erm_snmp_value *ret)
{
	const struct erm_shelf_row *row = field;
	uint64_t left = ERM_SNMP_NEVER;

	if (row->rule.until.real > 0)
		left = erm_usec_sub(row->rule.until.real, ctx->now.real) / ERM_USEC_PER_SEC;
	erm_snmp_set_number(ret, ERM_SNMP_GAUGE,
			    left < ERM_SNMP_NEVER ? (uint32_t)left : ERM_SNMP_NEVER);
}

static const struct erm_snmp_column shelf_columns[] = {
	{ "ermonShelfNumber", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.index), erm_snmp_get_unsigned },
	{ "ermonShelfName", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.name), erm_snmp_get_chars },
	{ "ermonShelfTypes", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_types },
	{ "ermonShelfResources", ERM_SNMP_OCTETS, ERM_SNMP_ROW, 0, get_resources },
	{ "ermonShelfOperator", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.who), erm_snmp_get_chars },
	{ "ermonShelfText", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.text), erm_snmp_get_chars },
	{ "ermonShelfSince", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.since), erm_snmp_get_time },
	{ "ermonShelfSinceAge", ERM_SNMP_GAUGE, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.since), erm_snmp_get_age },
	{ "ermonShelfUntil", ERM_SNMP_OCTETS, ERM_SNMP_ROW,
	  offsetof(struct erm_shelf_row, rule.until), erm_snmp_get_time },
	{ "ermonShelfRemaining", ERM_SNMP_GAUGE, ERM_SNMP_ROW, 0, get_remaining },
	{ "ermonShelfAlarms", ERM_SNMP_GAUGE, ERM_SNMP_ROW, offsetof(struct erm_shelf_row, alarms),
	  erm_snmp_get_gauge },
};

const struct erm_snmp_table erm_snmp_shelf_table = {
	.name = "ermonShelfTable",
	.number = 14,
	.n_index = 1,
	.columns = shelf_columns,
	.n_columns = ERM_ELEMENTS(shelf_columns),
	.rows_offset = offsetof(struct erm_snapshot, shelves),
	.n_rows_offset = offsetof(struct erm_snapshot, n_shelves),
	.row_size = sizeof(struct erm_shelf_row),
	.index_offset = offsetof(struct erm_shelf_row, rule.index),
};
