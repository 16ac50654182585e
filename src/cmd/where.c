/* Where loops are looked for: project, user, shipped. */
#include "cmd/where.h"

#include "base/path.h"

struct find
cmd_where(struct args *args)
{
	return (struct find) {
		.project = path_join(args->mem, cmd_root(args), ".loops"),
		.user = cmd_user_loops(args->mem),
	};
}
