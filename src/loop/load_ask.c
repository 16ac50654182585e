/*
 * Prompts: which host is asked for what.  Whether that host exists, and has a
 * place for it, is known only where it runs.
 */
#include "loop/load_part.h"

#include "base/auto.h"
#include "base/str.h"

/* Words with commas between them; NULL: none. */
static const char *
join(struct loader *l, const struct val *list)
{
	auto_str out = STR_INIT;

	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind != VAL_TEXT)
			continue;
		if (out.len)
			str_addc(&out, ',');
		str_addsv(&out, v->t);
	}
	return out.len ? arena_dup(l->mem, out.buf, out.len) : NULL;
}

void
load_loop_ask(struct loader *l)
{
	l->loop->host = load_text(l->loop->src, "host");
}

void
load_ask(struct loader *l, struct state *s)
{
	s->prompting = (struct prompting) {
		.host = load_text(s->src, "host"),
		.model = load_text(s->src, "model"),
		.effort = load_text(s->src, "effort"),
		.agent = load_text(s->src, "agent"),
		.tools = join(l, load_kind(s->src, "tools", VAL_LIST)),
	};
}

/* What only a prompt has means nothing elsewhere. */
static void
rule_unused(struct loader *l, const struct state *s)
{
	static const char *const keys[] = { "host", "agent", "tools", "model",
		"effort" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (load_get(s->src, keys[i]))
			diag_add(l->diags, load_at(s->src, keys[i]), "W251",
			    load_path(l, "states.%s.%s", s->name, keys[i]),
			    "'%s' is for prompts, and state '%s' asks no host",
			    keys[i], s->name);
}

void
load_ask_rules(struct loader *l, struct state *s)
{
	if (!state_asks_host(s) && !l->partial && !s->later)
		rule_unused(l, s);
}
