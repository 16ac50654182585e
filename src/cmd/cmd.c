/* What commands share: a complaint, the project, the user's directory. */
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/utf8.h"
#include "loop/find.h"

void
cmd_complain(struct args *a, const char *fmt, ...)
{
	auto_str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	out_paint(a->said, PAINT_BAD, "ll-loop:");
	str_addc(&a->said->buf, ' ');
	utf8_show_line(&a->said->buf, text.buf, text.len);
	str_addc(&a->said->buf, '\n');
	out_flush(a->said);
}

const char *
cmd_root(struct args *a)
{
	auto_free char *cwd = a->root ? NULL : getcwd(NULL, 0);

	if (!a->root)
		a->root = find_root(
		    a->mem, cwd ? cwd : "/", a->global.root, getenv("HOME"));
	return a->root;
}

int
cmd_check_root(struct args *a, struct err *e)
{
	const char *dir = a->global.root;
	auto_free char *cwd = getcwd(NULL, 0);

	/* Another project must not be taken for the one that is gone. */
	if (!cwd && !(dir && *dir == '/'))
		return err_sys(e, "the working directory");
	if (!dir || (*dir && file_is_dir(dir)))
		return 0;
	return err_set(e, ERR_USAGE, "--root '%s' is not a directory%s", dir,
	    file_exists(dir) ? "" : ": nothing is there");
}

const char *
cmd_user_file(struct arena *a, const char *name)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return arena_printf(a, "%s/ll-loop/%s", config, name);
	return home && home[0] == '/'
	    ? arena_printf(a, "%s/.config/ll-loop/%s", home, name)
	    : NULL;
}

const char *
cmd_user_loops(struct arena *a)
{
	return cmd_user_file(a, "loops");
}
