/*
 * Every state in full: the members of its normalised form, whatever they
 * are, so that none can be forgotten; texts of several lines as blocks.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/loop_val.h"
#include "show/outline_part.h"
#include "show/wrap.h"
#include "text/json.h"
#include "text/render.h"

enum { STEP = 2, DEEPEST = 8 };

static void add_map(struct out *, const struct val *, int indent);

/* A text that is a word or a line stands as it is. */
static void
add_scalar(struct out *o, const struct val *v)
{
	auto_str text = STR_INIT;

	if (v->kind == VAL_TEXT && v->t.n && sv_trim(v->t).n == v->t.n)
		str_addsv(&text, v->t);
	else
		json_write(&text, v, JSON_COMPACT);
	str_addc(&o->buf, ' ');
	out_text(o, text.buf, text.len, 0);
	str_addc(&o->buf, '\n');
}

static void
add_member(struct out *o, const struct member *m, int indent)
{
	const struct val *v = m->v;
	bool block = v->kind == VAL_TEXT && memchr(v->t.p, '\n', v->t.n);

	str_addf(&o->buf, "%*s", indent, "");
	out_text(o, m->key, strlen(m->key), 0);
	out_paint(o, PAINT_DIM, ":");
	if (block) {
		str_addc(&o->buf, '\n');
		wrap_lines(o, v->t, indent + STEP);
	} else if (v->kind == VAL_MAP && v->map.len && indent < DEEPEST) {
		str_addc(&o->buf, '\n');
		add_map(o, v, indent + STEP);
	} else {
		add_scalar(o, v);
	}
}

static void
add_map(struct out *o, const struct val *map, int indent)
{
	for (size_t i = 0; i < map->map.len; i++)
		add_member(o, &map->map.at[i], indent);
}

void
outline_bodies(struct out *o, const struct loop *l)
{
	auto_arena a = ARENA_INIT;
	const struct val *states = val_get(loop_val(&a, l), "states");

	for (size_t i = 0; i < l->nstates; i++) {
		const struct state *s = l->states[i];
		const struct val *body = val_get(states, s->name);

		str_addc(&o->buf, '\n');
		out_paint(o, PAINT_BOLD, outline_cell(&a, o, sv(s->name), 0));
		out_paintf(o, PAINT_DIM, "  line %d%s", s->at.line,
		    s == l->initial.to ? ", the first" : "");
		str_addc(&o->buf, '\n');
		if (body && body->kind == VAL_MAP)
			add_map(o, body, STEP);
	}
}
