/*
 * What did not change: the fingerprints of stall evaluators and of
 * progress_paths.  They belong to the run, so they are in its point and
 * nowhere else (decisions.md §3.7).
 */
#include <stdlib.h>
#include <string.h>

#include "loop/point_fold.h"

static void
mark_set(
    struct map *marks, const char *state, const char *print, long long count)
{
	struct map_entry *m = map_put(marks, state);
	char *text = m->value;

	fold_text(&text, print);
	m->value = text;
	m->count = count;
}

void
marks_release(struct map *marks)
{
	for (size_t i = 0; i < marks->len; i++)
		free(marks->at[i].value);
	map_release(marks);
	*marks = (struct map)MAP_INIT;
}

/* A change since the last failure at this state begins a new row, as if
 * nothing had been seen anywhere. */
static void
note_progress(struct frame *f, const char *print)
{
	const struct map_entry *m = map_get(&f->progress, f->state);

	if (m && strcmp(m->value, print) != 0) {
		fold_text(&f->streak.key, NULL);
		f->streak.count = 0;
		marks_release(&f->progress);
	}
	mark_set(&f->progress, f->state, print, 0);
}

void
fold_marks(struct frame *f, const struct event *e)
{
	const char *print = val_str(e->fields, "fingerprint", NULL);
	const char *progress = val_str(e->fields, "progress_fingerprint", NULL);

	if (print)
		mark_set(&f->stalls, f->state, print,
		    val_num(e->fields, "stall_count", 0));
	if (progress)
		note_progress(f, progress);
}

void
fold_action_start(struct point *p, const struct event *e)
{
	struct frame *f = fold_frame(p, e);
	const char *print = val_str(e->fields, "fingerprint", NULL);

	struct lane *l = f ? NULL : fold_hand(p, e);

	if (l)
		fold_hand_acts(p, l);
	if (!f)
		return;
	f->doing = DOING_ACT;
	if (print)
		fold_text(&f->acted, print);
}
