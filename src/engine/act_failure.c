/*
 * What is recorded about the failure of an action.  What agents fail by their
 * host files tell; the words of a shell action mean something only where its
 * state asks for it.
 */
#include "engine/act_child.h"
#include "engine/broken.h"
#include "host/words.h"

void
act_put_failure(struct run *run, const struct state *s, struct val *f)
{
	struct arena *a = run_mem(run);
	const struct act *act = &run->worker->act;
	enum failure_class class = act->failure.class;
	const struct tail *t = run->worker->tail;

	if (act->exit_code != 0 && s->ladder.classifies &&
	    !broken_kind(&act->outcome))
		for (size_t i = 0; i < 2 && class == CLASS_NONE; i++)
			class = words_class(sv_make(t[i].buf, t[i].len));
	if (act->exit_code != 0 && class == CLASS_NONE)
		class = CLASS_AGENT;
	if (s->ladder.classifies)
		val_set(a, f, "failure_class",
		    val_text(a, failure_class_name(class)));
	if (act->exit_code != 0)
		val_set(
		    a, f, "failure_type", val_text(a, failure_type_of(class)));
}

int
act_tell_unbegun(struct run *run, const struct state *s, struct err *e)
{
	struct arena *a = run_mem(run);
	struct val *f = val_map(a);

	val_set(a, f, "state", val_text(a, s->name));
	val_set(
	    a, f, "error", val_text(a, "a signal came before it was started"));
	val_set(a, f, "kind", val_text(a, "stopped"));
	return run_emit(run, EV_ACTION_ERROR, f, e);
}
