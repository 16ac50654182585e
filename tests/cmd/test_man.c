/* ll-loop(1) has every command and every option row, in its section. */
#include "test.h"

#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "cmd/cmd.h"

static struct sv
section(struct arena *mem, const struct str *page, const char *head)
{
	const char *at = strstr(page->buf, arena_printf(mem, "\n%s\n", head));
	const char *end = NULL;

	cr_assert_not_null(at, "ll-loop(1) has no '%s'", head);
	for (const char *p = at + 1; p && !end; p = strstr(p + 1, "\n.S"))
		if (p > at + 1 && (p[3] == 's' || p[3] == 'h'))
			end = p;
	return sv_make(at, end ? (size_t)(end - at) : strlen(at));
}

static void
has_rows(struct arena *mem, struct sv text, const char *where,
    const struct opt *rows, size_t n)
{
	const char *copy = arena_dup(mem, text.p, text.n);

	for (size_t i = 0; i < n; i++) {
		const struct opt *o = &rows[i];
		const char *letter =
		    o->letter ? arena_printf(mem, "Fl %c , ", o->letter) : "";
		const char *want =
		    arena_printf(mem, "\n.It %sFl \\-%s%s%s\n", letter, o->name,
			o->arg ? " Ar " : "", o->arg ? o->arg : "");

		cr_assert_not_null(strstr(copy, want), "%s: no%s", where, want);
	}
}

TEST(man, has_every_command_and_option)
{
	auto_arena mem = ARENA_INIT;
	auto_str page = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert_eq(
	    file_read("man/ll-loop.1", 1 << 20, &page, &e), 0, "%s", e.msg);
	for (size_t i = 0; cmd_table[i]; i++) {
		const struct cmd *c = cmd_table[i];
		struct sv text =
		    section(&mem, &page, arena_printf(&mem, ".Ss %s", c->name));

		has_rows(&mem, text, c->name, c->opts, c->nopts);
		if (c->alias)
			cr_assert_not_null(
			    strstr(arena_dup(&mem, text.p, text.n),
				arena_printf(&mem, "\n.Ic %s ", c->alias)),
			    "%s: no alias", c->name);
	}
	has_rows(&mem, section(&mem, &page, ".Sh DESCRIPTION"), "global",
	    cmd_global_opts, cmd_global_count);
}
