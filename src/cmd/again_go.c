/*
 * From where the command was typed to where the run's actions ran: what a
 * relative path on the command line means must not change on the way.
 */
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/again.h"
#include "loop/inputs.h"

int
again_from_here(struct args *a, struct opt_list *context, struct err *e)
{
	auto_free char *cwd = getcwd(NULL, 0);

	if (!cwd)
		return err_sys(e, "the working directory");
	for (size_t i = 0; i < context->n; i++) {
		struct input_pair p;

		if (inputs_pair(a->mem, context->at[i], &p, e) < 0)
			return -1;
		if (p.file && *p.file != '/')
			context->at[i] = arena_printf(a->mem, "%s=@%s", p.key,
			    path_join(a->mem, cwd, p.file));
	}
	return 0;
}

int
again_go(struct args *a, const struct again *g, bool quiet, struct err *e)
{
	auto_free char *cwd = getcwd(NULL, 0);

	if (cwd && strcmp(cwd, g->cwd) == 0)
		return 0;
	if (chdir(g->cwd) < 0) {
		err_sys(e, "'%s' ran in %s", g->run, g->cwd);
		e->kind = ERR_INPUT;
		return -1;
	}
	if (!quiet)
		out_paintf(a->said, PAINT_DIM, "in %s\n", g->cwd);
	return 0;
}
