#include "publish/snmp/table.h"

#include <errno.h>

#include "base/cleanup.h"

#define ENTRY     1 /* the entry below its table */
#define MAX_INDEX 3

struct rows {
	const struct erm_snmp_table *table;
	const char *base;
	uint32_t n;
	uint32_t pivot; /* position of the lowest index; not 0 only in a log that wrapped */
};

static const void *row_at(const struct rows *rows, uint32_t position)
{
	uint32_t i = (uint32_t)(((uint64_t)rows->pivot + position) % rows->n);
	const char *row = rows->base + i * rows->table->row_size;

	return rows->table->is_log ? *(const void *const *)row : row;
}

static const uint32_t *index_of(const struct rows *rows, uint32_t position)
{
	return (const uint32_t *)((const char *)row_at(rows, position) + rows->table->index_offset);
}

/* Sequence numbers wrap to 1: then the log, in order of time, is sorted but for one step. */
static uint32_t find_pivot(const struct rows *rows)
{
	uint32_t low = 0;
	uint32_t high;

	if (rows->n < 2 || *index_of(rows, 0) <= *index_of(rows, rows->n - 1))
		return 0;
	high = rows->n - 1;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (*index_of(rows, middle) > *index_of(rows, high))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static struct rows rows_of(const struct erm_snmp_table *table, const struct erm_snapshot *snapshot)
{
	const char *base = (const char *)snapshot;
	struct rows rows = { .table = table };

	if (table->is_log) {
		rows.base = (const char *)snapshot->log->events;
		rows.n = snapshot->log->n;
		rows.pivot = find_pivot(&rows);
		return rows;
	}
	rows.base = *(const char *const *)(base + table->rows_offset);
	rows.n = *(const uint32_t *)(base + table->n_rows_offset);
	return rows;
}

/* Lexicographic, as OIDs compare: a prefix comes before what it begins. */
static int compare_index(const uint32_t *index, uint32_t n_index, const unsigned long *ids,
			 size_t len)
{
	for (uint32_t i = 0; i < n_index; i++) {
		if (i >= len || index[i] > ids[i])
			return 1;
		if (index[i] < ids[i])
			return -1;
	}
	return len > n_index ? -1 : 0;
}

/* Position of the first row after (with is_inclusive: at or after) the index; n = none. */
static uint32_t find_after(const struct rows *rows, const unsigned long *ids, size_t len,
			   bool is_inclusive)
{
	uint32_t low = 0;
	uint32_t high = rows->n;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		int c = compare_index(index_of(rows, middle), rows->table->n_index, ids, len);

		if (c > 0 || (c == 0 && is_inclusive))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static const struct erm_snmp_table *table_of_number(unsigned long number)
{
	for (size_t i = 0; i < ERM_ELEMENTS(erm_snmp_tables); i++) {
		if (erm_snmp_tables[i]->number == number)
			return erm_snmp_tables[i];
	}
	return NULL;
}

static uint32_t first_column(const struct erm_snmp_table *table)
{
	return table->n_index > 0 ? 2 : 1;
}

static uint32_t last_column(const struct erm_snmp_table *table)
{
	return first_column(table) + table->n_columns - 1;
}

static bool has_column(const struct erm_snmp_table *table, unsigned long number)
{
	return number >= first_column(table) && number <= last_column(table);
}

enum erm_snmp_found erm_snmp_get(const struct erm_snmp_context *ctx, const unsigned long *ids,
				 size_t len, struct erm_snmp_value *ret)
{
	const struct erm_snmp_table *table;
	struct rows rows;
	uint32_t position;

	if (len < 3 || ids[0] != ERM_SNMP_OBJECTS || !(table = table_of_number(ids[1])))
		return ERM_SNMP_NO_OBJECT;
	if (table->n_index == 0) {
		if (!has_column(table, ids[2]))
			return ERM_SNMP_NO_OBJECT;
		if (len != 4 || ids[3] != 0)
			return ERM_SNMP_NO_INSTANCE;
		erm_snmp_column_get(table, (uint32_t)ids[2], ctx->snapshot, ctx, ret);
		return ERM_SNMP_FOUND;
	}
	if (len < 4 || ids[2] != ENTRY || !has_column(table, ids[3]))
		return ERM_SNMP_NO_OBJECT;
	rows = rows_of(table, ctx->snapshot);
	position = find_after(&rows, ids + 4, len - 4, true);
	if (position == rows.n ||
	    compare_index(index_of(&rows, position), table->n_index, ids + 4, len - 4) != 0)
		return ERM_SNMP_NO_INSTANCE;
	erm_snmp_column_get(table, (uint32_t)ids[3], row_at(&rows, position), ctx, ret);
	return ERM_SNMP_FOUND;
}

static void set_oid(struct erm_snmp_oid *ret, const struct erm_snmp_table *table,
		    unsigned long column, const uint32_t *index)
{
	ret->ids[0] = ERM_SNMP_OBJECTS;
	ret->ids[1] = table->number;
	ret->len = 2;
	if (table->n_index > 0)
		ret->ids[ret->len++] = ENTRY;
	ret->ids[ret->len++] = column;
	for (uint32_t i = 0; i < table->n_index && i < MAX_INDEX; i++)
		ret->ids[ret->len++] = index[i];
	if (table->n_index == 0)
		ret->ids[ret->len++] = 0;
}

/* A question: the first object after (or at) ids, which are below the table; none ask for its first. */
struct query {
	const struct erm_snmp_context *ctx;
	const unsigned long *ids;
	size_t len;
	bool is_inclusive;
};

static bool next_scalar(const struct erm_snmp_table *table, const struct query *q,
			struct erm_snmp_oid *ret_oid, struct erm_snmp_value *ret)
{
	unsigned long column = q->len > 0 ? q->ids[0] : 0;
	bool is_past = q->len > 2 || (q->len == 2 && (q->ids[1] > 0 || !q->is_inclusive));

	if (column < first_column(table))
		column = first_column(table);
	else if (is_past)
		column++;
	if (column > last_column(table))
		return false;
	set_oid(ret_oid, table, column, NULL);
	erm_snmp_column_get(table, (uint32_t)column, q->ctx->snapshot, q->ctx, ret);
	return true;
}

static bool next_cell(const struct erm_snmp_table *table, const struct query *q,
		      struct erm_snmp_oid *ret_oid, struct erm_snmp_value *ret)
{
	struct rows rows = rows_of(table, q->ctx->snapshot);
	unsigned long column = q->len > 1 ? q->ids[1] : 0;
	uint32_t position = 0;

	if (rows.n == 0 || (q->len > 0 && q->ids[0] > ENTRY))
		return false;
	if (q->len == 0 || q->ids[0] < ENTRY || column < first_column(table)) {
		column = first_column(table);
	} else if (column <= last_column(table) && q->len > 2) {
		position = find_after(&rows, q->ids + 2, q->len - 2, q->is_inclusive);
		if (position == rows.n) {
			position = 0;
			column++;
		}
	}
	if (column > last_column(table))
		return false;
	set_oid(ret_oid, table, column, index_of(&rows, position));
	erm_snmp_column_get(table, (uint32_t)column, row_at(&rows, position), q->ctx, ret);
	return true;
}

bool erm_snmp_next(const struct erm_snmp_context *ctx, const unsigned long *ids, size_t len,
		   bool is_inclusive, struct erm_snmp_oid *ret_oid, struct erm_snmp_value *ret)
{
	unsigned long number = 0;

	if (len > 0 && ids[0] > ERM_SNMP_OBJECTS)
		return false;
	if (len > 1 && ids[0] == ERM_SNMP_OBJECTS)
		number = ids[1];
	for (size_t i = 0; i < ERM_ELEMENTS(erm_snmp_tables); i++) {
		const struct erm_snmp_table *table = erm_snmp_tables[i];
		struct query q = { .ctx = ctx, .is_inclusive = is_inclusive };

		if (table->number < number)
			continue;
		if (table->number == number) {
			q.ids = ids + 2;
			q.len = len - 2;
		}
		if (table->n_index == 0 ? next_scalar(table, &q, ret_oid, ret)
					: next_cell(table, &q, ret_oid, ret))
			return true;
	}
	return false;
}

int erm_snmp_instance(const struct erm_snmp_table *table, const char *column, const uint32_t *index,
		      struct erm_snmp_oid *ret)
{
	uint32_t number = erm_snmp_column_number(table, column);

	if (number == 0)
		return -ENOENT;
	set_oid(ret, table, number, index);
	return 0;
}

const void *erm_snmp_row(const struct erm_snmp_table *table, const struct erm_snapshot *snapshot,
			 const uint32_t *index)
{
	struct rows rows = rows_of(table, snapshot);
	unsigned long ids[MAX_INDEX] = { 0 };
	uint32_t position;

	for (uint32_t i = 0; i < table->n_index && i < MAX_INDEX; i++)
		ids[i] = index[i];
	position = find_after(&rows, ids, table->n_index, true);
	if (position == rows.n ||
	    compare_index(index_of(&rows, position), table->n_index, ids, table->n_index) != 0)
		return NULL;
	return row_at(&rows, position);
}
