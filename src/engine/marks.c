/*
 * Markers: from what an action printed into its record, and what one asks of
 * the run.
 */
#include "engine/marks.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "text/marker.h"

enum { CHARS_PER_TOKEN = 4 };

void
marks_put(struct run *r, struct val *f)
{
	const struct marker_scan *s = &r->worker->scan;
	struct arena *a = run_mem(r);

	if (s->found == MARKERS)
		return;
	val_set(a, f, "marker", val_text(a, marker_name(s->found)));
	val_set(a, f, "marker_text", val_bytes(a, s->text.buf, s->text.len));
}

/* It is told, and the run ends as the outermost loop says. */
static int
hand_over(struct run *r, const char *state, const struct val *text,
    struct finish *fin, struct err *e)
{
	const struct frame *f = run_frame(r);
	struct arena *a = run_mem(r);
	struct val *v = val_map(a);

	val_set(a, v, "state", val_text(a, state));
	val_set(a, v, "iteration", val_int(a, f->steps));
	val_set(a, v, "continuation", text);
	fin->cause = "handoff";
	fin->failure = r->loop->on_handoff == HANDOFF_TERMINATE;
	fin->all = true;
	return run_emit(r, EV_HANDOFF_DETECTED, v, e);
}

static int
give_up(struct run *r, const char *state, const struct val *text,
    struct finish *fin)
{
	fin->cause = "error";
	fin->error = arena_printf(
	    run_mem(r), "state '%s': %.*s", state, SV_ARG(text->t));
	fin->all = true;
	return 0;
}

int
marks_obey(struct run *r, const char *state, const struct val *mark,
    struct finish *fin, struct err *e)
{
	const struct val *text = val_get(mark, "text");

	if (!text || text->kind != VAL_TEXT)
		text = val_text(run_mem(r), "");
	if (marker_of(val_str(mark, "marker", "")) == MARKER_HANDOFF)
		return hand_over(r, state, text, fin, e);
	return give_up(r, state, text, fin);
}

int
marks_item(struct run *r, const struct state *s, const struct val *act,
    struct finish *fin, struct err *e)
{
	const char *name = val_str(act, "marker", NULL);
	enum marker m = name ? marker_of(name) : MARKERS;
	struct arena *a = run_mem(r);
	struct val *mark = val_map(a);

	*fin = (struct finish) { 0 };
	if (m == MARKERS || m == MARKER_STOP)
		return 0;
	val_set(a, mark, "marker", val_text(a, marker_name(m)));
	val_set(a, mark, "text", val_copy(a, val_get(act, "marker_text")));
	return marks_obey(r, s->name, mark, fin, e);
}

const char *
marks_continuation(const struct run *r)
{
	return val_str(r->point.handoff.v, "continuation", NULL);
}

int
marks_size(struct run *r, const struct state *s, struct sv text, struct err *e)
{
	const struct loop *l = run_loop(r);
	long long most = r->guards.sizes ? r->guards.warn_chars : l->warn_chars;
	long long n = most > 0 ? (long long)utf8_count(text.p, text.n) : 0;
	struct arena *a = run_mem(r);
	struct val *f;

	if (most <= 0 || n < most)
		return 0;
	f = val_map(a);
	val_set(a, f, "loop", val_text(a, l->name));
	val_set(a, f, "state", val_text(a, s->name));
	val_set(a, f, "size", val_int(a, n));
	val_set(a, f, "threshold", val_int(a, most));
	val_set(a, f, "est_tokens", val_int(a, n / CHARS_PER_TOKEN));
	return run_emit(r, EV_PROMPT_SIZE_WARN, f, e);
}
