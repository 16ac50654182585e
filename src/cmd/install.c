/*
 * install: a shipped loop becomes a file of the project, to be read and
 * changed.  It then hides the shipped one.  Refuses to replace a file unless
 * it is told to.
 */
#include <string.h>
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/cmd.h"
#include "cmd/where.h"
#include "loop/find.h"

struct install_opts {
	bool force;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .name = "force",
	  .help = "replace a file that is there",
	  .at = offsetof(struct install_opts, force) },
};
/* clang-format on */

/* Where it goes, with its directories. NULL and *e. */
static const char *
target(struct args *a, const char *name, bool force, struct err *e)
{
	const char *to =
	    arena_printf(a->mem, "%s/.loops/%s.yaml", cmd_root(a), name);
	struct stat st;

	if (!force && lstat(to, &st) == 0) {
		err_set(e, ERR_CREATE,
		    "%s is there already (--force replaces it)", to);
		return NULL;
	}
	if (file_mkdirs(path_dir(a->mem, to), 0777, e) < 0) {
		e->kind = ERR_CREATE;
		return NULL;
	}
	return to;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct install_opts *o = given;
	struct find where = cmd_where(a);
	struct found f = { .text = STR_INIT };
	const char *to;
	int rc = -1;

	where.builtin_only = true;
	if (find_loop(&where, arena_printf(a->mem, "builtin:%s", a->at[0]),
		a->mem, &f, e) < 0)
		return err_set(
		    e, ERR_ABSENT, "no shipped loop named '%s'", a->at[0]);
	to = target(a, a->at[0], o->force, e);
	if (to)
		rc = file_put(to, f.text.buf, f.text.len, 0644, e);
	if (to && rc < 0)
		e->kind = ERR_CREATE;
	if (rc == 0)
		str_addf(&a->out->buf, "Installed %s to %s\n", a->at[0], to);
	str_release(&f.text);
	return rc;
}

const struct cmd cmd_install = {
	.name = "install",
	.usage = "[--force] NAME",
	.summary = "copy a shipped loop into the project",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct install_opts),
	.min = 1,
	.max = 1,
	.run = run,
};
