/*
 * The table of costs, in the reference's layout with a line of totals.  A sum
 * in which a part is unknown is not shown as if it were all.
 */
#include "show/cost.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"

enum { NAME_WIDTH = 24, COST_WIDTH = 10, RULE = 68 };

void
cost_usd(struct str *out, long long micro)
{
	long long tenth = micro / 100 + (micro % 100 >= 50);

	str_addf(out, "$%lld.%04lld", tenth / 10000, tenth % 10000);
}

/* States of the outermost loop by their names, others after their loop's. */
static void
add_name(struct out *o, const struct val *row, const char *otherwise)
{
	const char *state = val_str(row, "state", otherwise);
	auto_str name = STR_INIT, shown = STR_INIT;
	size_t n;

	if (val_num(row, "depth", 0) > 0)
		str_addf(&name, "%s/", val_str(row, "loop", "?"));
	str_adds(&name, state);
	utf8_show_line(&shown, name.buf, name.len);
	str_add(&o->buf, shown.buf, shown.len);
	for (n = utf8_columns(shown.buf, shown.len); n < NAME_WIDTH; n++)
		str_addc(&o->buf, ' ');
}

static void
add_row(struct out *o, const struct val *row, const char *otherwise)
{
	const struct val *cost = val_get(row, "cost_micro_usd");
	auto_str usd = STR_INIT;

	if (cost && cost->kind == VAL_INT)
		cost_usd(&usd, cost->i);
	else
		str_adds(&usd, "n/a");
	add_name(o, row, otherwise);
	str_addf(&o->buf, " %5lld %8lld %8lld %8lld %*s\n",
	    val_num(row, "iterations", 0) + val_num(row, "judge_calls", 0),
	    val_num(row, "input_tokens", 0), val_num(row, "output_tokens", 0),
	    val_num(row, "cache_read_tokens", 0) +
		val_num(row, "cache_creation_tokens", 0),
	    COST_WIDTH, usd.buf);
}

void
cost_table(struct out *o, const struct val *spent)
{
	const struct val *list = spent ? val_get(spent, "states") : NULL;
	const struct val *all = spent ? val_get(spent, "totals") : NULL;

	if (!list || list->kind != VAL_LIST || !all)
		return;
	str_addf(&o->buf, "%-*s %5s %8s %8s %8s %*s\n", NAME_WIDTH, "state",
	    "invoc", "input", "output", "cache", COST_WIDTH, "est_cost");
	for (int i = 0; i < RULE; i++)
		str_addc(&o->buf, '-');
	str_addc(&o->buf, '\n');
	for (size_t i = 0; i < list->list.len; i++)
		add_row(o, list->list.at[i], "(others)");
	if (list->list.len > 1)
		add_row(o, all, "total");
}
