/*
 * The states of a loop as a table: what each does in a glance and where each
 * verdict leads.  Ways take as many lines as they need, and only one that
 * is wider than all there is is cut; on a narrow screen the glance at the
 * action goes first.
 */
#include <ctype.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "show/outline_part.h"
#include "show/table.h"

enum {
	GAP = 2,
	GLANCE = 44, /* of an action, where the width is not known */
	GLANCE_LEAST = 16,
	WAYS_LEAST = 24,
};

/* One state, as the cells of its row. */
struct row {
	const struct state *s;
	const char *name, *kind, *action;
	const struct way *way;
	size_t nways;
};

struct sheet {
	struct arena mem;
	struct out *o;
	const struct mask *mask;
	struct row *row;
	size_t n;
	int glance, ways; /* widths; 0: no such column, as wide as it is */
};

/* Text as it will stand on one line, at most `max` characters. */
static const char *
fit(struct sheet *t, const char *text, size_t n, int max)
{
	return outline_cell(&t->mem, t->o, sv_make(text, n), max);
}

static int
width_of(const char *text)
{
	return (int)utf8_columns(text, strlen(text));
}

/* Comments, brackets and `set -e` say nothing about an action. */
static bool
says_something(struct sv line)
{
	bool letter = false;

	for (size_t i = 0; i < line.n; i++)
		letter = letter || isalnum((unsigned char)line.p[i]) ||
		    (line.p[i] & 0x80);
	return letter && *line.p != '#' && !sv_starts(line, "set -");
}

/* The first line that says something. */
static const char *
first_line(struct sheet *t, const struct state *s)
{
	struct sv rest = s->action ? s->action->src->t : sv(""), line;
	auto_str shown = STR_INIT;

	if (s->terminal)
		return "";
	if (!s->action && s->call.word)
		rest = s->call.word->src->t;
	if (t->mask) {
		mask_text(t->mask, rest, &shown);
		rest = str_sv(&shown);
	}
	while (sv_cut(&rest, '\n', &line)) {
		line = sv_trim(line);
		if (says_something(line))
			return fit(t, line.p, line.n, 0);
	}
	return "";
}

static const char *
way_text(struct sheet *t, const struct way *w)
{
	const char *text = arena_printf(
	    &t->mem, "%s%s%s", w->on, out_glyph(t->o, GLYPH_ARROW), w->to);

	return fit(t, text, strlen(text), 0);
}

static void
fill(struct sheet *t, const struct loop *l)
{
	int most = t->o->width ? t->o->width / 3 : 0;

	t->row = arena_new(&t->mem, (l->nstates + 1) * sizeof(*t->row));
	for (size_t i = 0; i < l->nstates; i++) {
		const struct state *s = l->states[i];
		struct row *r = &t->row[t->n++];
		const char *mark = s != l->initial.to ? " "
		    : t->o->utf8 ? out_glyph(t->o, GLYPH_ARROW)
				 : ">";

		r->s = s;
		r->name = arena_printf(&t->mem, "%s %s", mark,
		    fit(t, s->name, strlen(s->name), most));
		r->kind = outline_kind(s);
		r->action = first_line(t, s);
		r->way = outline_ways(&t->mem, s, &r->nways);
	}
}

/* Share what the first two columns leave. */
static void
measure(struct sheet *t)
{
	int name = 7, kind = 4, action = 0, ways = 0, room;

	for (size_t i = 0; i < t->n; i++) {
		const struct row *r = &t->row[i];
		int w = 0;

		for (size_t k = 0; k < r->nways; k++)
			w += width_of(way_text(t, &r->way[k])) + GAP;
		ways = w - GAP > ways ? w - GAP : ways;
		w = width_of(r->name);
		name = w > name ? w : name;
		w = width_of(r->kind);
		kind = w > kind ? w : kind;
		w = width_of(r->action);
		action = w > action ? w : action;
	}
	if (!t->o->width) {
		t->glance = action < GLANCE ? action : GLANCE;
		return;
	}
	room = t->o->width - name - kind - 2 * GAP;
	if (ways > room)
		ways = room;
	if (action + GAP + ways <= room)
		t->glance = action;
	else if (room - GAP - ways >= room * 2 / 5)
		t->glance = room - GAP - ways;
	else
		t->glance = room * 2 / 5;
	if (t->glance < GLANCE_LEAST || room - t->glance - GAP < WAYS_LEAST)
		t->glance = 0;
	t->ways = room - (t->glance ? t->glance + GAP : 0);
}

/* As many ways as fit into a line, from way *at on. */
static const char *
next_ways(struct sheet *t, const struct row *r, size_t *at)
{
	auto_str line = STR_INIT;

	for (; *at < r->nways; (*at)++) {
		const char *text = way_text(t, &r->way[*at]);
		int need = (int)utf8_columns(line.buf, line.len) + GAP +
		    width_of(text) + (*at + 1 < r->nways);

		if (line.len && t->ways && need > t->ways)
			break;
		str_adds(&line, line.len ? ", " : "");
		str_adds(&line, text);
	}
	if (*at < r->nways)
		str_addc(&line, ',');
	return arena_dup(&t->mem, line.buf, line.len);
}

static void
add_row(struct sheet *t, struct table *to, const struct row *r)
{
	enum paint end = r->s->failure ? PAINT_BAD : PAINT_GOOD;
	size_t at = 0;

	table_add(to, r->name);
	table_add_paint(to, r->s->terminal ? end : PAINT_NONE, r->kind);
	if (t->glance)
		table_add(to, fit(t, r->action, strlen(r->action), t->glance));
	table_add(to, next_ways(t, r, &at));
	while (at < r->nways) {
		table_add(to, "");
		table_add(to, "");
		if (t->glance)
			table_add(to, "");
		table_add(to, next_ways(t, r, &at));
	}
}

void
outline_states(struct out *o, const struct outline *x)
{
	static const struct table_col wide[] = {
		{ "  STATE", PAINT_BOLD, false },
		{ "TYPE", PAINT_NONE, false },
		{ "ACTION", PAINT_DIM, false },
		{ "TRANSITIONS", PAINT_NONE, false },
	};
	static const struct table_col narrow[] = {
		{ "  STATE", PAINT_BOLD, false },
		{ "TYPE", PAINT_NONE, false },
		{ "TRANSITIONS", PAINT_NONE, false },
	};
	struct sheet t = { .mem = ARENA_INIT, .o = o, .mask = x->mask };
	struct table table = { .cols = wide, .ncols = COUNT(wide) };

	str_adds(&o->buf, x->loop->nstates ? "\n" : "");
	fill(&t, x->loop);
	measure(&t);
	if (!t.glance) {
		table.cols = narrow;
		table.ncols = COUNT(narrow);
	}
	for (size_t i = 0; i < t.n; i++)
		add_row(&t, &table, &t.row[i]);
	if (t.n)
		table_show(&table, o);
	table_release(&table);
	arena_release(&t.mem);
}
