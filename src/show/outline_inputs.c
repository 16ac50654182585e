/* What a run takes: the variables of a loop, those it needs first told. */
#include <string.h>

#include "base/auto.h"
#include "loop/asks.h"
#include "show/outline_part.h"
#include "show/table.h"
#include "text/json.h"
#include "text/render.h"

enum { VALUE_MAX = 36 };

static const char *
value_text(struct arena *a, const struct out *o, const struct ask *x)
{
	auto_str text = STR_INIT;

	if (!x->value)
		return "-";
	if (x->secret)
		return OUTLINE_HIDDEN;
	json_write(&text, x->value, JSON_COMPACT);
	return outline_cell(a, o, str_sv(&text), VALUE_MAX);
}

static void
add_words(struct str *out, const struct val *list)
{
	for (size_t i = 0; i < list->list.len; i++) {
		str_adds(out, i ? "|" : " ");
		val_render(out, list->list.at[i]);
	}
}

static const char *
about_text(struct arena *a, const struct out *o, const struct ask *x)
{
	auto_str text = STR_INIT;

	if (x->input)
		str_adds(&text, "the positional input");
	if (x->type) {
		str_addf(&text, "%s%s", text.len ? ", " : "", x->type);
		if (x->words && x->words->kind == VAL_LIST)
			add_words(&text, x->words);
	}
	if (strcmp(x->from, "references") == 0 && !x->input)
		str_addf(&text, "%snobody declares it", text.len ? ", " : "");
	if (x->about)
		str_addf(&text, "%s%s", text.len ? "; " : "", x->about);
	return outline_cell(a, o, str_sv(&text), 0);
}

/* Those that are required, or the others. */
static void
add_rows(struct out *o, struct arena *a, struct table *t, const struct loop *l,
    bool required)
{
	size_t n;
	const struct ask *at = asks_of(a, l, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ask *x = &at[i];

		if (x->required != required)
			continue;
		table_add(t,
		    arena_printf(
			a, "  %s", outline_cell(a, o, sv(x->name), 0)));
		table_add_paint(t, required ? PAINT_WARN : PAINT_DIM,
		    required ? "required" : "optional");
		table_add(t, value_text(a, o, x));
		table_add(t, about_text(a, o, x));
	}
}

void
outline_inputs(struct out *o, const struct loop *l)
{
	static const struct table_col cols[] = {
		{ NULL, PAINT_NONE, false },
		{ NULL, PAINT_NONE, false },
		{ NULL, PAINT_NONE, false },
		{ NULL, PAINT_DIM, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };
	auto_arena a = ARENA_INIT;

	out_paint(o, PAINT_BOLD, "\nInputs\n");
	add_rows(o, &a, &t, l, true);
	add_rows(o, &a, &t, l, false);
	if (t.cells.len)
		table_show(&t, o);
	else
		str_adds(&o->buf, "  none\n");
	table_release(&t);
}
