/*
 * The keys about failures that are not the action's own.  Every state has
 * the reference's waits, written or not, since any agent may be refused for
 * a while; a shell action has them only when it asks for them.
 */
#include "loop/load_part.h"

#include "base/auto.h"

enum {
	USUAL_BASE_MS = 30 * 1000,
	USUAL_BUDGET_MS = 6 * 3600 * 1000,
	SECONDS_MAX = 1000 * 1000 * 1000 /* above, it is an error already */
};

static const long long usual_ms[] = { 300000, 900000, 1800000, 3600000 };

static void
read_long(struct loader *l, struct ladder *to, const struct val *list)
{
	long long *ms;

	to->long_ms = usual_ms;
	to->nlong = COUNT(usual_ms);
	if (!list || !list->list.len)
		return;
	ms = arena_new(l->mem, list->list.len * sizeof(*ms));
	to->long_ms = ms;
	to->nlong = 0;
	for (size_t i = 0; i < list->list.len; i++)
		if (list->list.at[i]->kind == VAL_INT &&
		    list->list.at[i]->i >= 0 &&
		    list->list.at[i]->i <= SECONDS_MAX)
			ms[to->nlong++] = list->list.at[i]->i * 1000;
}

static void
check(struct loader *l, const struct state *s, const struct val *list)
{
	const char *path = load_path(l, "states.%s", s->name);

	if (list && !list->list.len)
		diag_add(l->diags, list->at, "E103",
		    load_path(l, "%s.rate_limit_long_wait_ladder", path),
		    "'rate_limit_long_wait_ladder' must not be empty");
	if (s->ladder.classifies && s->type != ACTION_SHELL &&
	    s->type != ACTION_NONE)
		diag_add(l->diags, load_at(s->src, "classify_failures"), "W115",
		    load_path(l, "%s.classify_failures", path),
		    "failures of agents are told apart in any case; "
		    "'classify_failures' is for shell actions");
}

void
load_ladder(struct loader *l, struct state *s)
{
	const struct val *list =
	    load_kind(s->src, "rate_limit_long_wait_ladder", VAL_LIST);
	struct ladder *to = &s->ladder;

	to->classifies = load_true(s->src, "classify_failures");
	to->short_max = load_int(s->src, "max_rate_limit_retries", 3);
	to->base_ms =
	    load_ms(s->src, "rate_limit_backoff_base_seconds", USUAL_BASE_MS);
	to->budget_ms =
	    load_ms(s->src, "rate_limit_max_wait_seconds", USUAL_BUDGET_MS);
	read_long(l, to, list);
	check(l, s, list);
}
