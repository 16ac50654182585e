/*
 * A judgement of several calls: whose turn is next, and what they come to.
 * An abstention of one judge is held by asking again, never by doing the
 * action again; a failure that may pass is asked once more.
 */
#include <string.h>

#include "base/auto.h"
#include "engine/judge_host.h"
#include "engine/route.h"

static size_t
count(const struct val *answers)
{
	return answers ? answers->list.len : 0;
}

static const char *
verdict_of(const struct val *answer)
{
	return val_str(answer, "verdict", "error");
}

static bool
may_pass(const struct val *answer)
{
	const struct val *again = val_get(answer, "again");

	return again && again->kind == VAL_BOOL && again->b;
}

bool
judge_host_abstains(const struct state *s, const char *verdict)
{
	static const char word[] = "cannot_judge";
	size_t n = sizeof(word) - 1;

	return eval_by_host(s) == EVAL_LLM_STRUCTURED &&
	    strncmp(verdict, word, n) == 0 &&
	    (!verdict[n] || verdict[n] == '_') && !route_declares(s, verdict);
}

/* How often in a row, at the end, it could not tell; tries that failed in
 * between are none. */
static size_t
abstained(const struct state *s, const struct val *answers)
{
	size_t n = 0;

	for (size_t i = 0; i < count(answers); i++)
		n += judge_host_abstains(s, verdict_of(answers->list.at[i]));
	return n;
}

/* Calls that were answered, whatever the answer was. */
static size_t
settled(const struct val *answers)
{
	size_t n = 0;

	for (size_t i = 0; i < count(answers); i++)
		n += !may_pass(answers->list.at[i]);
	return n;
}

/* The last one failed in passing, and that was its first try. */
static bool
is_worth_a_try(const struct val *answers)
{
	size_t n = count(answers);

	return may_pass(answers->list.at[n - 1]) &&
	    !(n > 1 && may_pass(answers->list.at[n - 2]));
}

struct judge_next
judge_host_next(const struct state *s, const struct val *answers)
{
	const struct judging *how = &s->evaluate.judging;
	struct judge_next next = { .pair = settled(answers) };
	enum eval_type type = eval_by_host(s);
	const char *last;
	size_t n = count(answers);

	if (!n || is_worth_a_try(answers))
		return next;
	last = verdict_of(answers->list.at[n - 1]);
	if (type == EVAL_LLM_STRUCTURED)
		next.over = !judge_host_abstains(s, last) ||
		    abstained(s, answers) >= JUDGE_ABSTAINS_MAX;
	else
		next.over = strcmp(last, "error") == 0 ||
		    next.pair >= (type == EVAL_CONTRACT
					 ? how->npairs
					 : (size_t)how->min_pairs);
	return next;
}

/* The details of all that were answered. */
static struct val *
results(const struct val *answers, struct arena *a)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < count(answers); i++) {
		const struct val *d = val_get(answers->list.at[i], "details");

		if (d && !may_pass(answers->list.at[i]))
			val_push(a, list, d);
	}
	return list;
}

static size_t
count_of(const struct val *answers, const char *verdict)
{
	size_t n = 0;

	for (size_t i = 0; i < count(answers); i++)
		n += strcmp(verdict_of(answers->list.at[i]), verdict) == 0;
	return n;
}

static bool
is_true(const struct val *details, const char *key)
{
	const struct val *v = details ? val_get(details, key) : NULL;

	return v && v->kind == VAL_BOOL && v->b;
}

static struct val *
copy(struct arena *a, const struct val *map)
{
	struct val *d = val_map(a);

	for (size_t i = 0; map && map->kind == VAL_MAP && i < map->map.len; i++)
		val_set(a, d, map->map.at[i].key, map->map.at[i].v);
	return d;
}

static struct judged
all_pairs(const struct val *answers, struct arena *a)
{
	struct val *d = val_map(a);

	val_set(a, d, "pair_results", results(answers, a));
	return judged_word(count_of(answers, "no") ? "no" : "yes", d);
}

static struct judged
both_sides(const struct val *answers, struct arena *a)
{
	struct val *d = val_map(a), *list = results(answers, a);
	long long ours = 0, theirs = 0;

	for (size_t i = 0; i < list->list.len; i++) {
		ours += is_true(list->list.at[i], "harness_pass");
		theirs += is_true(list->list.at[i], "baseline_pass");
	}
	val_set(a, d, "pairs", val_int(a, (long long)list->list.len));
	val_set(a, d, "harness_passes", val_int(a, ours));
	val_set(a, d, "baseline_passes", val_int(a, theirs));
	val_set(a, d, "pair_results", list);
	return judged_word(ours > theirs ? "yes"
		: ours < theirs          ? "no"
					 : "tie",
	    d);
}

struct judged
judge_host_verdict(const struct state *s, const struct val *answers,
    const struct val *last, struct arena *a)
{
	enum eval_type type = eval_by_host(s);
	size_t n = count(answers), held = abstained(s, answers);
	const char *word = n ? verdict_of(answers->list.at[n - 1]) : "error";
	struct val *d;

	if (strcmp(word, "error") != 0 && type == EVAL_CONTRACT)
		return all_pairs(answers, a);
	if (strcmp(word, "error") != 0 && type == EVAL_COMPARATOR)
		return both_sides(answers, a);
	d = copy(a, last);
	if (held > 1)
		val_set(a, d, "abstained", val_int(a, (long long)held));
	if (type != EVAL_LLM_STRUCTURED && n > 1)
		val_set(a, d, "pair_results", results(answers, a));
	return judged_word(word, d);
}
