/*
 * What ERMON-MIB serves, as data: each table's columns, where a column's value
 * lies and which getter makes it.  A new column is one line here and one object in
 * mibs/ERMON-MIB.txt.in; a test compares the two.  Pure.
 */
#ifndef ERM_PUBLISH_SNMP_COLUMNS_H
#define ERM_PUBLISH_SNMP_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "publish/snmp/value.h"

enum erm_snmp_base {
	ERM_SNMP_ROW,    /* the row; for scalars the snapshot */
	ERM_SNMP_CONFIG, /* what the row's (for scalars the snapshot's) `config` points to */
	ERM_SNMP_HEALTH, /* the publisher's own health */
};

struct erm_snmp_column {
	const char *name; /* its descriptor in the MIB */
	enum erm_snmp_type type;
	enum erm_snmp_base base;
	size_t offset; /* of the field, from base */
	erm_snmp_getter *get;
};

/*
 * Rows: an array in the snapshot, sorted by index.  Column 1 is the not-accessible
 * index (or left out where that is another table's), so columns[i] has number i + 2;
 * of the scalars, which have no rows, columns[i] has number i + 1.
 */
struct erm_snmp_table {
	const char *name;
	uint32_t number;  /* sub-identifier below ermonObjects */
	uint32_t n_index; /* 0: scalars */
	const struct erm_snmp_column *columns;
	uint32_t n_columns;
	size_t rows_offset, n_rows_offset; /* in struct erm_snapshot; unused for the log */
	size_t row_size;
	size_t index_offset, config_offset; /* in the row */
	bool is_log; /* rows are snapshot->log's events, whose sequence numbers may have wrapped */
};

extern const struct erm_snmp_table erm_snmp_agent;
extern const struct erm_snmp_table erm_snmp_source_table;
extern const struct erm_snmp_table erm_snmp_port_table;
extern const struct erm_snmp_table erm_snmp_circuit_table;
extern const struct erm_snmp_table erm_snmp_connection_table;
extern const struct erm_snmp_table erm_snmp_session_table;
extern const struct erm_snmp_table erm_snmp_service_table;
extern const struct erm_snmp_table erm_snmp_group_table;
extern const struct erm_snmp_table erm_snmp_alarm_table;
extern const struct erm_snmp_table erm_snmp_event_table;
extern const struct erm_snmp_table erm_snmp_light_table;
extern const struct erm_snmp_table erm_snmp_lane_table;
extern const struct erm_snmp_table erm_snmp_shelf_table;

/* All of them, by number. */
#define ERM_SNMP_N_TABLES 13
extern const struct erm_snmp_table *const erm_snmp_tables[ERM_SNMP_N_TABLES];

/* Column number of the descriptor, 0 when the table has none of that name. */
uint32_t erm_snmp_column_number(const struct erm_snmp_table *table, const char *name);

/* The value of a column (by its number, which must exist) in a row (the snapshot for scalars). */
void erm_snmp_column_get(const struct erm_snmp_table *table, uint32_t column, const void *row,
			 const struct erm_snmp_context *ctx, struct erm_snmp_value *ret);

#endif
