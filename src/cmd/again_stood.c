/*
 * Where a run stood, and whether it can go on from there: its journal must be
 * whole, and what its captures say is in files must be in them.  Sums are held
 * against them when they are read; here a size is enough, for all at once.
 */
#include "cmd/again_stood.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"

/* A file that the members PREFIXfile, PREFIXbytes and PREFIXsum name, where
 * the run is now: its project may have moved. */
static int
check_file(const struct place_run *place, const struct val *map,
    const struct member *m, struct err *e)
{
	auto_arena a = ARENA_INIT;
	size_t n = strlen(m->key) - strlen("file");
	const char *prefix = arena_dup(&a, m->key, n);
	long long bytes = val_num(map, arena_printf(&a, "%sbytes", prefix), -1);
	const char *file = path_join(&a, place->output, path_base(m->v->t.p));
	struct stat st;

	if (bytes < 0 || !val_get(map, arena_printf(&a, "%ssum", prefix)))
		return 0;
	if (stat(file, &st) < 0) {
		err_sys(e, "what the run has kept in %s", file);
		e->kind = ERR_INPUT;
		return -1;
	}
	if (st.st_size != bytes)
		return err_set(e, ERR_INPUT,
		    "%s: it has %lld bytes, not the %lld that the run wrote",
		    file, (long long)st.st_size, bytes);
	return 0;
}

static int
check_files(const struct place_run *place, const struct val *v, struct err *e)
{
	for (size_t i = 0; v->kind == VAL_LIST && i < v->list.len; i++)
		if (check_files(place, v->list.at[i], e) < 0)
			return -1;
	for (size_t i = 0; v->kind == VAL_MAP && i < v->map.len; i++) {
		const struct member *m = &v->map.at[i];

		if (m->v->kind == VAL_TEXT &&
		    (strcmp(m->key, "file") == 0 ||
			sv_ends(sv(m->key), "_file")) &&
		    check_file(place, v, m, e) < 0)
			return -1;
		if (check_files(place, m->v, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_point(const struct run_info *info, struct err *e)
{
	auto_arena a = ARENA_INIT;
	const struct val *v = point_val(&info->point, &a);

	return check_files(&info->place, val_get(v, "lanes"), e);
}

static int
check_journal(const struct run_info *info, struct err *e)
{
	const char *run = info->place.run;

	if (info->unreadable && !info->blank)
		return err_set(e, ERR_INPUT, "run '%s' cannot be read: %s", run,
		    info->why);
	if (info->end.state == JOURNAL_CORRUPT)
		return err_set(e, ERR_INPUT,
		    "the journal of '%s' is corrupt at byte %lld: %s "
		    "('ll-loop fsck --truncate %s' cuts it there)",
		    run, info->end.bytes, info->end.why, run);
	return 0;
}

/* One that is not there is made anew. */
static const struct val *
tree_of(struct arena *a, const struct val *worktree)
{
	return point_tree_stands(worktree) ? val_copy(a, worktree) : NULL;
}

int
again_stood(struct args *args, const struct run_info *info,
    const struct stood **out, struct err *e)
{
	const struct point *p = &info->point;
	struct stood *s = arena_new(args->mem, sizeof(*s));
	const struct frame *f = point_bottom(p);
	const struct lane *l = f ? point_lane(p, -1) : NULL;
	size_t n = l ? l->frames.len : 0;
	const char **states;

	if (check_journal(info, e) < 0 || check_point(info, e) < 0)
		return -1;
	states = arena_new(args->mem, (n + 1) * sizeof(*states));
	for (size_t i = 0; i < n; i++)
		states[i] = arena_strdup(args->mem, l->frames.at[i]->state);
	*s = (struct stood) { .seq = p->seq,
		.active_ms = p->active_ms,
		.steps = f ? f->steps : 0,
		.passes = f ? f->passes : 0,
		.states = states,
		.n = n,
		.tree = tree_of(args->mem, p->worktree.v),
		.main_tree = arena_strdup(
		    args->mem, val_str(p->worktree.v, "main", NULL)) };
	if (p->ended)
		s->cause = arena_strdup(
		    args->mem, val_str(p->end.v, "terminated_by", "error"));
	*out = s;
	return 0;
}
