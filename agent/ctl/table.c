#include "ctl/table.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define GAP 2

struct cell {
	char *text; /* NULL = empty */
	size_t width;
	enum erm_style style;
};

struct row {
	struct cell cells[ERM_TABLE_COLUMNS_MAX];
	size_t n;
};

struct erm_table {
	const struct erm_out *out;
	struct row *rows;
	size_t n_rows, n_allocated;
	size_t widths[ERM_TABLE_COLUMNS_MAX];
	bool is_right[ERM_TABLE_COLUMNS_MAX];
	bool has_failed;
};

struct erm_table *erm_table_new(const struct erm_out *out)
{
	struct erm_table *table = calloc(1, sizeof(*table));

	if (table)
		table->out = out;
	return table;
}

void erm_table_row(struct erm_table *table)
{
	if (table->n_rows == table->n_allocated) {
		size_t n = table->n_allocated ? table->n_allocated * 2 : 16;
		struct row *rows = reallocarray(table->rows, n, sizeof(*rows));

		if (!rows) {
			table->has_failed = true;
			return;
		}
		table->rows = rows;
		table->n_allocated = n;
	}
	memset(&table->rows[table->n_rows++], 0, sizeof(*table->rows));
}

/* A column is as wide as its widest cell that has another cell behind it. */
static void widen(struct erm_table *table, const struct row *row, size_t column)
{
	if (row->cells[column].width > table->widths[column])
		table->widths[column] = row->cells[column].width;
}

void erm_table_cell(struct erm_table *table, enum erm_style style, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	struct row *row;
	struct cell *cell;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	if (n < 0) {
		text = NULL;
		table->has_failed = true;
	}
	if (table->has_failed || table->n_rows == 0)
		return;
	row = &table->rows[table->n_rows - 1];
	if (row->n == ERM_TABLE_COLUMNS_MAX)
		return;
	cell = &row->cells[row->n++];
	cell->text = erm_text_printable(table->out, text);
	if (!cell->text) {
		table->has_failed = true;
		return;
	}
	cell->width = erm_text_width(cell->text);
	cell->style = style;
	if (row->n >= 2)
		widen(table, row, row->n - 2);
}

void erm_table_align_right(struct erm_table *table, size_t column)
{
	table->is_right[column] = true;
}

/* Octets of text that fit into width columns. */
static size_t octets_within(const char *text, size_t width)
{
	size_t i = 0;

	while (text[i]) {
		bool is_start = ((unsigned char)text[i] & 0xc0) != 0x80;

		if (is_start && width-- == 0)
			break;
		i++;
	}
	return i;
}

static void print_last(const struct erm_out *out, const struct cell *cell, size_t column)
{
	const char *dots = out->is_utf8 ? "…" : "~";
	size_t left = out->width > column ? out->width - column : 1;

	if (out->width == 0 || cell->width <= left)
		(void)fputs(cell->text, out->f);
	else
		(void)fprintf(out->f, "%.*s%s", (int)octets_within(cell->text, left - 1),
			      cell->text, dots);
}

static void print_row(const struct erm_table *table, const struct row *row)
{
	const struct erm_out *out = table->out;
	size_t column = 0;
	size_t n = row->n;

	while (n > 0 && row->cells[n - 1].width == 0)
		n--;
	for (size_t i = 0; i < n; i++) {
		const struct cell *cell = &row->cells[i];
		size_t width = cell->width > table->widths[i] ? cell->width : table->widths[i];
		int pad = (int)(width - cell->width);

		if (table->is_right[i])
			(void)fprintf(out->f, "%*s", pad, "");
		(void)fputs(erm_style_on(out, cell->style), out->f);
		if (i + 1 == n)
			print_last(out, cell, column);
		else
			(void)fputs(cell->text, out->f);
		(void)fputs(erm_style_off(out, cell->style), out->f);
		if (i + 1 < n)
			(void)fprintf(out->f, "%*s", table->is_right[i] ? GAP : pad + GAP, "");
		column += width + GAP;
	}
	(void)fputc('\n', out->f);
}

int erm_table_print(const struct erm_table *table)
{
	for (size_t i = 0; i < table->n_rows; i++)
		print_row(table, &table->rows[i]);
	return table->has_failed ? -ENOMEM : 0;
}

struct erm_table *erm_table_free(struct erm_table *table)
{
	if (!table)
		return NULL;
	for (size_t i = 0; i < table->n_rows; i++)
		for (size_t j = 0; j < table->rows[i].n; j++)
			free(table->rows[i].cells[j].text);
	free(table->rows);
	free(table);
	return NULL;
}
