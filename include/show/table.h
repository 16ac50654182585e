/* Columns: as wide as their widest cell, the last one cut at the width; long
 * cells of the first get a line of their own where that is too narrow. */
#ifndef SHOW_TABLE_H
#define SHOW_TABLE_H

#include "base/vec.h"
#include "show/out.h"

struct table_col {
	const char *title; /* NULL in all: no head line */
	enum paint paint;
	bool right; /* numbers */
};

struct table_cell {
	const char *text; /* must live until table_show() */
	enum paint paint; /* PAINT_NONE: the column's */
};

struct table {
	const struct table_col *cols;
	size_t ncols;
	VEC(struct table_cell) cells; /* row by row */
};

void table_add(struct table *, const char *text);
void table_add_paint(struct table *, enum paint, const char *text);
/* Append all rows to `out`. Control bytes are made visible. */
void table_show(const struct table *, struct out *);
void table_release(struct table *);

#endif
