/* Where loops are looked for: project, user, shipped. */
#include "cmd/where.h"

#include <stdlib.h>

#include "base/path.h"

/* $XDG_CONFIG_HOME/ll-loop/loops, by default under ~/.config; NULL when
 * neither is known. */
static const char *
user_loops(struct arena *a)
{
	const char *config = getenv("XDG_CONFIG_HOME");
	const char *home = getenv("HOME");

	if (config && config[0] == '/')
		return path_join(a, config, "ll-loop/loops");
	if (home && home[0] == '/')
		return path_join(a, home, ".config/ll-loop/loops");
	return NULL;
}

struct find
cmd_where(struct args *args)
{
	return (struct find) {
		.project = path_join(args->mem, cmd_root(args), ".loops"),
		.user = user_loops(args->mem),
	};
}
