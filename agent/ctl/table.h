/*
 * Rows of cells, printed in aligned columns.  A cell is made printable when it is
 * added; the last one of a row is cut to what the terminal has left.
 */
#ifndef ERM_CTL_TABLE_H
#define ERM_CTL_TABLE_H

#include "base/cleanup.h"
#include "ctl/text.h"

#define ERM_TABLE_COLUMNS_MAX 12

struct erm_table;

/* out outlives the table.  NULL on ENOMEM. */
struct erm_table *erm_table_new(const struct erm_out *out);

/* Starts a row.  Like the two below: out of memory, the table is printed as an error. */
void erm_table_row(struct erm_table *table);

/* Adds a cell to the current row. */
void erm_table_cell(struct erm_table *table, enum erm_style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Numbers look better at the right edge of their column. */
void erm_table_align_right(struct erm_table *table, size_t column);

/* 0, or -ENOMEM when something is missing from it. */
int erm_table_print(const struct erm_table *table);

/* Accepts NULL, returns NULL. */
struct erm_table *erm_table_free(struct erm_table *table);
ERM_DEFINE_CLEANUP(struct erm_table *, erm_table_free)

#endif
