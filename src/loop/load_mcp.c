/*
 * A tool of an MCP server: the arguments, compiled like what a called loop is
 * given, and what can be said about the name before anything runs.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/load_part.h"
#include "text/form.h"

/* "SERVER/TOOL", as far as it is written out. */
static void
check_name(struct loader *l, const struct state *s)
{
	const struct val *src = s->action ? s->action->src : NULL;
	const char *slash = src ? strchr(src->t.p, '/') : NULL;

	if (!src || !tmpl_is_plain(s->action) ||
	    (slash && slash != src->t.p && slash[1]))
		return;
	diag_add(l->diags, src->at, "E250",
	    load_path(l, "states.%s.%s", s->name,
		s->fan.as ? "parallel.action" : "action"),
	    "the action of an 'mcp_tool' must be SERVER/TOOL, a server of "
	    ".mcp.json and one of its tools");
}

void
load_mcp(struct loader *l, struct state *s)
{
	const struct form_source from = { load_kind(s->src, "params", VAL_MAP),
		load_path(l, "states.%s.params", s->name), s->fan.as };

	if (s->type != ACTION_MCP)
		return;
	check_name(l, s);
	if (from.v)
		s->params = form_compile(l->mem, &from, l->diags);
}
