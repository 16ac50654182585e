/* Hosts and models of prompts, for people. */
#include "show/hosts.h"

#include <string.h>

#include "base/auto.h"

static void
add(struct str *out, const char *label, const char *word)
{
	if (word)
		str_addf(out, ", %s %s", label, word);
}

static void
add_unused(struct str *out, const struct val *list)
{
	size_t n = list && list->kind == VAL_LIST ? list->list.len : 0;

	for (size_t i = 0; i < n; i++)
		str_addf(out, "%s%s", i ? ", " : " (it has no place for ",
		    list->list.at[i]->t.p);
	str_adds(out, n ? ")" : "");
}

static void
line(struct out *o, const struct val *v)
{
	static const char *const keys[] = { "model", "effort", "agent",
		"tools" };
	const struct val *judges = val_get(v, "judges");
	const char *host = val_str(v, "host", NULL);
	const char *state = val_str(v, "state", "");
	auto_str text = STR_INIT;

	if (host)
		str_addf(&text, "%s (%s)", host, val_str(v, "from", ""));
	else
		str_addf(&text, "not ready: %s", val_str(v, "problem", ""));
	for (size_t i = 0; host && i < COUNT(keys); i++)
		add(&text, keys[i], val_str(v, keys[i], NULL));
	add_unused(&text, val_get(v, "unused"));
	if (host && judges)
		str_adds(&text, ", judges");
	if (host && judges)
		add(&text, "with model", val_str(v, "judge_model", NULL));
	str_adds(&o->buf, "  ");
	out_text(o, state, strlen(state), 0);
	str_addf(&o->buf, " %s ", out_glyph(o, GLYPH_ARROW));
	out_text(o, text.buf, text.len, 0);
	str_addc(&o->buf, '\n');
}

void
show_hosts(struct out *o, const struct val *list)
{
	for (size_t i = 0; list && i < list->list.len; i++)
		line(o, list->list.at[i]);
}
