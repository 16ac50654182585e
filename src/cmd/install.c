/*
 * install: a shipped loop becomes a file of the project, to be read and
 * changed.  It then hides the shipped one.  Refuses to replace a file unless
 * it is told to.
 */
#include <sys/stat.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/cmd.h"
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

/* The file of that name that the project has, or that it gets. */
static const char *
target(struct args *a, const char *name)
{
	static const char *const ends[] = { ".fsm.yaml", ".yaml" };
	const char *to = NULL;
	struct stat st;

	for (size_t i = 0; i < COUNT(ends); i++) {
		to = arena_printf(
		    a->mem, "%s/.loops/%s%s", cmd_root(a), name, ends[i]);
		if (lstat(to, &st) == 0)
			break;
	}
	return to;
}

static int
put(const char *to, const struct str *text, struct args *a, bool force,
    struct err *e)
{
	struct stat st;

	if (!force && lstat(to, &st) == 0)
		return err_set(e, ERR_CREATE,
		    "%s is there already (--force replaces it)", to);
	if (file_mkdirs(path_dir(a->mem, to), 0777, e) < 0 ||
	    file_put(to, text->buf, text->len, 0644, e) < 0) {
		e->kind = ERR_CREATE;
		return -1;
	}
	return 0;
}

static int
absent(struct args *a, const struct find *where, struct err *e)
{
	auto_str names = STR_INIT;
	struct listed *all;
	size_t n;

	find_all(where, a->mem, &all, &n);
	for (size_t i = 0; i < n; i++)
		str_addf(&names, "%s%s", i ? ", " : "", all[i].name);
	return err_set(e, ERR_ABSENT,
	    "no shipped loop named '%s' (there are: %s)", a->at[0], names.buf);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct install_opts *o = given;
	const struct find where = { .builtin_only = true };
	struct found f = { .text = STR_INIT };
	const char *to;
	int rc;

	if (find_loop(&where, arena_printf(a->mem, "builtin:%s", a->at[0]),
		a->mem, &f, e) < 0)
		return absent(a, &where, e);
	to = target(a, a->at[0]);
	rc = put(to, &f.text, a, o->force, e);
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
