/*
 * The stall family.  What was seen before comes from the point and what is
 * seen now goes into the event, so that counters belong to the run and a
 * resume goes on with them; no file of ours is kept between calls.
 */
#include <string.h>

#include "base/auto.h"
#include "engine/judge.h"
#include "os/print.h"
#include "text/render.h"

static const struct val *
number(const struct judge_in *in, long long n)
{
	return val_int(in->mem, n);
}

static const struct val *
text(const struct judge_in *in, const char *s)
{
	return val_text(in->mem, s);
}

static struct judged
unanswered(const struct judge_in *in, const struct helped *h)
{
	struct val *d = val_map(in->mem);
	struct judged out = judged_word("error", d);

	val_set(in->mem, d, "kind", text(in, h->kind));
	val_set(in->mem, d, "error", text(in, h->error));
	out.stopped = strcmp(h->kind, HELPER_STOPPED) == 0;
	return out;
}

/* The same again, or a change: what both fingerprint evaluators decide. */
static const char *
compare(const struct judge_in *in, struct val *d, const char *now,
    long long most, const char *changed)
{
	bool same = in->seen && strcmp(in->seen, now) == 0;
	long long count = same ? in->repeats + 1 : 0;

	val_set(in->mem, d, "stall_count", number(in, count));
	val_set(in->mem, d, changed, val_bool(in->mem, !same));
	val_set(in->mem, d, "fingerprint", text(in, now));
	return same && count >= most ? "no" : "yes";
}

struct judged
judge_diff_stall(const struct judge_in *in, struct sv unused)
{
	static const char *const told[] = { "files", "via", "why" };
	const struct evaluate *ev = in->evaluate;
	struct val *d = val_map(in->mem), *args = val_map(in->mem);
	struct helped h;
	const char *verdict;

	(void)unused;
	val_set(in->mem, args, "scope", ev->scope);
	in->ask(in->self, "git_changes", args, &h);
	if (!h.v)
		return unanswered(in, &h);
	verdict = compare(
	    in, d, val_str(h.v, "print", ""), ev->max_stall, "diff_changed");
	val_set(in->mem, d, "max_stall", number(in, ev->max_stall));
	for (size_t i = 0; i < COUNT(told); i++)
		val_set(in->mem, d, told[i], val_get(h.v, told[i]));
	return judged_word(verdict, d);
}

/* The value of one name, "" when it has none; false: it has none. */
static bool
track(const struct judge_in *in, const struct tracked *t, struct str *out)
{
	for (size_t i = 0; i < t->n; i++) {
		struct err why = ERR_INIT;
		size_t mark = out->len;

		if (tmpl_render(
			t->from[i], in->lookup, in->mem, out, NULL, &why) == 0)
			return true;
		str_cut(out, mark);
	}
	if (t->action && in->acted_print)
		str_adds(out, in->acted_print);
	return t->action && in->acted_print;
}

struct judged
judge_action_stall(const struct judge_in *in, struct sv unused)
{
	const struct evaluate *ev = in->evaluate;
	struct val *d = val_map(in->mem), *keys = val_list(in->mem);
	struct val *without = val_list(in->mem);
	auto_str all = STR_INIT;
	char hex[PRINT_HEX];
	const char *verdict;

	(void)unused;
	for (size_t i = 0; i < ev->ntrack; i++) {
		const struct tracked *t = &ev->track[i];

		str_addf(&all, "%s=", t->name);
		if (!track(in, t, &all))
			val_push(in->mem, without, text(in, t->name));
		str_addc(&all, '\0');
		val_push(in->mem, keys, text(in, t->name));
	}
	verdict = compare(in, d, print_text(str_sv(&all), hex), ev->max_repeat,
	    "hash_changed");
	val_set(in->mem, d, "max_repeat", number(in, ev->max_repeat));
	val_set(in->mem, d, "tracked_keys", keys);
	if (without->list.len)
		val_set(in->mem, d, "without_value", without);
	return judged_word(verdict, d);
}

/* The numbers of the history file, oldest first. */
static const struct val *
history(const struct judge_in *in, struct judged *fault)
{
	struct val *args = val_map(in->mem);
	auto_str file = STR_INIT;
	struct err why = ERR_INIT;
	struct helped h;

	if (tmpl_render(in->evaluate->history, in->lookup, in->mem, &file, NULL,
		&why) < 0) {
		*fault = judged_error(in, "history_file: %s", why.msg);
		return NULL;
	}
	val_set(in->mem, args, "file", text(in, file.buf));
	in->ask(in->self, "numbers", args, &h);
	if (h.v)
		return val_get(h.v, "numbers");
	*fault = unanswered(in, &h);
	return NULL;
}

static double
real(const struct val *v)
{
	return v->kind == VAL_INT ? (double)v->i : v->r;
}

/* `sign` 1: more is better, -1: less is.  The best follows every gain, but
 * only one of more than epsilon is progress. */
static struct judged
plateau(const struct judge_in *in, double sign)
{
	const struct evaluate *ev = in->evaluate;
	struct val *d = val_map(in->mem);
	struct judged fault;
	const struct val *all = history(in, &fault);
	long long count = 0;
	double best = 0;

	if (!all)
		return fault;
	for (size_t i = 0; i < all->list.len; i++) {
		double now = real(all->list.at[i]);
		double gain = i ? sign * (now - best) : 0;

		count = i == 0 || gain > ev->epsilon ? 0 : count + 1;
		if (i == 0 || gain > 0)
			best = now;
	}
	val_set(in->mem, d, "stall_count", number(in, count));
	val_set(in->mem, d, "max_stall", number(in, ev->max_stall));
	val_set(in->mem, d, "epsilon", val_real(in->mem, ev->epsilon));
	val_set(in->mem, d, "rounds", number(in, (long long)all->list.len));
	val_set(in->mem, d, "best",
	    all->list.len ? val_real(in->mem, best) : val_null(in->mem));
	return judged_word(count >= ev->max_stall ? "no" : "yes", d);
}

struct judged
judge_score_stall(const struct judge_in *in, struct sv unused)
{
	(void)unused;
	return plateau(in, 1);
}

struct judged
judge_question_stall(const struct judge_in *in, struct sv unused)
{
	(void)unused;
	return plateau(in, -1);
}
