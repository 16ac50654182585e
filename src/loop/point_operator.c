/*
 * What an operator changes in a run before it goes on: variables of the
 * outermost frame, or where a frame stands.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/point_fold.h"

static bool
is_given(const struct val *given, const char *key)
{
	return given && val_get(given, key);
}

/* Copy the members that are not given anew. */
static void
keep(struct arena *a, struct val *to, const struct val *from,
    const struct event *e)
{
	for (size_t i = 0; from && i < from->map.len; i++) {
		const struct member *m = &from->map.at[i];

		if (!is_given(val_get(e->fields, "context"), m->key) &&
		    !is_given(val_get(e->fields, "context_files"), m->key))
			val_set(a, to, m->key, val_copy(a, m->v));
	}
}

static void
set_context(struct point *p, const struct event *e)
{
	const struct val *given = val_get(e->fields, "context");
	const struct val *files = val_get(e->fields, "context_files");
	const struct val *origins = val_get(e->fields, "origins");
	struct frame *f = point_bottom(p);
	struct arena mem = ARENA_INIT, files_mem = ARENA_INIT;
	size_t n = given && given->kind == VAL_MAP ? given->map.len : 0;
	struct val *v, *far;

	if (!f)
		return;
	v = val_map(&mem);
	far = val_map(&files_mem);
	keep(&mem, v, f->context.v, e);
	for (size_t i = 0; i < n; i++) {
		const struct member *m = &given->map.at[i];
		const char *from = val_str(origins, m->key, "operator");

		val_set(
		    &mem, v, m->key, val_taint(&mem, m->v, origin_of(from)));
	}
	keep(&files_mem, far, f->files.v, e);
	n = files && files->kind == VAL_MAP ? files->map.len : 0;
	for (size_t i = 0; i < n; i++)
		val_set(&files_mem, far, files->map.at[i].key,
		    val_copy(&files_mem, files->map.at[i].v));
	box_take(&f->context, &mem, v);
	box_take(&f->files, &files_mem, far->map.len ? far : NULL);
	arena_release(&files_mem);
}

static void
set_run_dir(struct frame *f, const char *dir)
{
	struct arena mem = ARENA_INIT;
	struct val *v = val_map(&mem);
	const struct val *was = f->context.v;

	for (size_t i = 0; was && i < was->map.len; i++) {
		const struct member *m = &was->map.at[i];

		if (strcmp(m->key, "run_dir") == 0)
			val_set(&mem, v, m->key,
			    val_taint(
				&mem, val_text(&mem, dir), val_origin(m->v)));
		else
			val_set(&mem, v, m->key, val_copy(&mem, m->v));
	}
	if (was)
		box_take(&f->context, &mem, v);
	else
		arena_release(&mem);
}

/* The project is somewhere else now, and the run's directory with it. */
static void
set_place(struct point *p, const struct event *e)
{
	for (size_t i = 0; i < p->lanes.len; i++)
		for (size_t k = 0; k < p->lanes.at[i].frames.len; k++)
			set_run_dir(
			    p->lanes.at[i].frames.at[k], fold_field(e, "to"));
}

/* The frame of this level stands before the state `to`; what it had called
 * is gone, and it may reach its caps anew. */
static void
move_to(struct point *p, const struct event *e)
{
	struct lane *l = point_lane(p, -1);
	size_t level = (size_t)val_num(e->fields, "level", 0);
	const char *to = fold_field(e, "to");
	struct frame *f;

	if (!l || level >= l->frames.len)
		return;
	fold_fan_drop(p, lane_top(l));
	while (l->frames.len > level + 1)
		frame_free(l->frames.at[--l->frames.len]);
	f = l->frames.at[level];
	fold_fan_drop(p, f);
	box_release(&f->called);
	map_drop(&f->retries, f->state);
	map_drop(&f->throttles, f->state);
	map_drop(&f->retries, to);
	map_drop(&f->throttles, to);
	fold_text(&f->state, to);
	f->doing = DOING_NOTHING;
	f->entered = f->closing = false;
	f->steps_summary = f->passes_summary = false;
}

void
fold_operator(struct point *p, const struct event *e)
{
	static const struct {
		const char *action;
		void (*apply)(struct point *, const struct event *);
	} rows[] = {
		{ "context", set_context },
		{ "moved", set_place },
		{ "from", move_to },
		{ "skip", move_to },
	};
	const char *action = fold_field(e, "action");

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].action, action) == 0)
			rows[i].apply(p, e);
}
