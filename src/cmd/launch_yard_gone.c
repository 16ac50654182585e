/*
 * Trees that are not there: whether we gave them back ourselves, and what is
 * told of those that somebody removed.
 */
#include <string.h>

#include "base/auto.h"
#include "cmd/launch_yard.h"
#include "cmd/worktree_ask.h"
#include "text/quote.h"

int
launch_yard_gone(struct err *e, const char *name)
{
	const struct err why = *e;
	auto_str quoted = STR_INIT;

	quote_shell(&quoted, sv(name));
	return err_set(e, ERR_INPUT,
	    "its worktree cannot be used (%s); 'll-loop worktree restore %s' "
	    "puts it back",
	    why.msg, quoted.buf);
}

/* Does the record say that there was nothing in it?  What came later is not
 * known. */
static bool
was_empty(const struct val *was)
{
	const char *action = val_str(was, "action", "");

	return strcmp(action, "created") == 0 ||
	    (strcmp(action, "stays") == 0 && val_num(was, "ahead", -1) == 0 &&
		!val_get(was, "ref") && !val_get(was, "stays"));
}

bool
launch_yard_given_back(struct launch_worktree *w, const struct val *was)
{
	const struct yard_tree *t = launch_yard_known(w, was);
	struct val *args = launch_yard_args(w, t);
	struct err unused = ERR_INIT;
	const struct val *got, *empty;

	if (!was_empty(was))
		return false;
	if (strcmp(t->of, "run") != 0)
		val_set(&w->mem, args, "existing", val_bool(&w->mem, true));
	got = launch_yard_ask(w, "worktree_gone", args, NULL, &unused);
	empty = got ? val_get(got, "empty") : NULL;
	return empty && empty->kind == VAL_BOOL && empty->b;
}
