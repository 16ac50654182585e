/*
 * Columns.  The last one has no trailing blanks and is cut at the screen's
 * width, never wrapped.  Where the screen is too narrow for the longest cells
 * of the first, these get a line of their own: a name must be whole, and must
 * not push every other row over the edge.
 */
#include "show/table.h"

#include <string.h>

#include "base/utf8.h"

enum { GAP = 2, LEAST = 12, ROOMY = 24 };

void
table_add_paint(struct table *t, enum paint paint, const char *text)
{
	struct table_cell cell = { text, paint };

	vec_push(&t->cells, cell);
}

void
table_add(struct table *t, const char *text)
{
	table_add_paint(t, PAINT_NONE, text);
}

static int
cell_width(const char *text)
{
	auto_str shown = STR_INIT;

	utf8_show(&shown, text, strlen(text));
	return (int)utf8_columns(shown.buf, shown.len);
}

static int
col_width(const struct table *t, size_t col)
{
	const char *title = t->cols[col].title;
	int most = title ? cell_width(title) : 0;

	for (size_t i = col; i < t->cells.len; i += t->ncols) {
		int w = cell_width(t->cells.at[i].text);

		if (w > most)
			most = w;
	}
	return most;
}

/* The first column is as wide as the others leave room for. */
static void
narrow_first(const struct table *t, const struct out *o, int *widths)
{
	int last = col_width(t, t->ncols - 1);
	int room = o->width - (last < ROOMY ? last : ROOMY);
	int least = widths[0] < LEAST ? widths[0] : LEAST;

	if (!o->width || t->ncols < 2)
		return;
	for (size_t i = 1; i + 1 < t->ncols; i++)
		room -= widths[i] + GAP;
	room -= GAP;
	if (widths[0] > room)
		widths[0] = room > least ? room : least;
}

/* What is left for the last column; 0: as much as it wants. */
static int
last_room(const struct table *t, const struct out *o, const int *widths)
{
	int used = 0;

	if (!o->width)
		return 0;
	for (size_t i = 0; i + 1 < t->ncols; i++)
		used += widths[i] + GAP;
	return o->width - used < LEAST ? LEAST : o->width - used;
}

static void
add_cell(struct out *o, const struct table_cell *cell, int width, bool right)
{
	int wide = cell_width(cell->text);
	int blanks = wide < width ? width - wide : 0;
	bool on = o->colour && cell->paint != PAINT_NONE;
	struct out text = { .utf8 = o->utf8, .buf = STR_INIT };

	out_text(&text, cell->text, strlen(cell->text), 0);
	if (right)
		str_addf(&o->buf, "%*s", blanks, "");
	if (on)
		out_paint(o, cell->paint, text.buf.buf);
	else
		str_adds(&o->buf, text.buf.buf);
	if (!right)
		str_addf(&o->buf, "%*s", blanks, "");
	if (wide > width)
		str_addf(&o->buf, "\n%*s", width, "");
	str_addf(&o->buf, "%*s", GAP, "");
	out_release(&text);
}

static void
add_last(struct out *o, const struct table_cell *cell, int room)
{
	struct out text = { .utf8 = o->utf8, .buf = STR_INIT };

	out_text(&text, cell->text, strlen(cell->text), room);
	out_paint(o, cell->paint, text.buf.buf);
	out_release(&text);
	while (o->buf.len && o->buf.buf[o->buf.len - 1] == ' ')
		str_cut(&o->buf, o->buf.len - 1);
	str_addc(&o->buf, '\n');
}

static void
add_row(const struct table *t, struct out *o, const int *widths,
    const struct table_cell *row)
{
	for (size_t i = 0; i + 1 < t->ncols; i++)
		add_cell(o, &row[i], widths[i], t->cols[i].right);
	add_last(o, &row[t->ncols - 1], last_room(t, o, widths));
}

void
table_show(const struct table *t, struct out *o)
{
	int *widths = mem_new(t->ncols * sizeof(*widths));
	struct table_cell *row = mem_new(t->ncols * sizeof(*row));

	for (size_t i = 0; i < t->ncols; i++) {
		widths[i] = col_width(t, i);
		row[i].text = t->cols[i].title;
		row[i].paint = PAINT_DIM;
	}
	narrow_first(t, o, widths);
	if (row[0].text)
		add_row(t, o, widths, row);
	for (size_t i = 0; i + t->ncols <= t->cells.len; i += t->ncols) {
		for (size_t k = 0; k < t->ncols; k++) {
			row[k] = t->cells.at[i + k];
			if (row[k].paint == PAINT_NONE)
				row[k].paint = t->cols[k].paint;
		}
		add_row(t, o, widths, row);
	}
	free(row);
	free(widths);
}

void
table_release(struct table *t)
{
	vec_release(&t->cells);
}
