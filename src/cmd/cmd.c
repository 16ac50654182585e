/* What commands share: a complaint, the project, the user's directory. */
#include "cmd/cmd.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
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
	utf8_show(&a->said->buf, text.buf, text.len);
	str_addc(&a->said->buf, '\n');
	out_flush(a->said);
}

const char *
cmd_root(struct args *a)
{
	auto_free char *cwd = getcwd(NULL, 0);

	return find_root(
	    a->mem, cwd ? cwd : "/", a->global.root, getenv("HOME"));
}

const char *
cmd_user_loops(struct arena *a)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (config && config[0] == '/')
		return path_join(a, config, "ll-loop/loops");
	return home && home[0] == '/'
	    ? path_join(a, home, ".config/ll-loop/loops")
	    : NULL;
}
