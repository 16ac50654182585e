/* Evaluators that read one number: output_numeric and convergence. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "engine/judge.h"

/* Bytes of the number at the start of `s`: sign, digits, point, exponent. */
static size_t
number_len(struct sv s)
{
	size_t i = 0, digits = 0, mark;

	if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
		i++;
	for (; i < s.n && isdigit((unsigned char)s.p[i]); i++)
		digits++;
	if (i < s.n && s.p[i] == '.')
		for (i++; i < s.n && isdigit((unsigned char)s.p[i]); i++)
			digits++;
	if (!digits)
		return 0;
	mark = i;
	if (i < s.n && (s.p[i] == 'e' || s.p[i] == 'E')) {
		size_t from;

		i++;
		if (i < s.n && (s.p[i] == '-' || s.p[i] == '+'))
			i++;
		from = i;
		while (i < s.n && isdigit((unsigned char)s.p[i]))
			i++;
		if (i == from)
			i = mark;
	}
	return i;
}

static size_t
skip_blanks(struct sv s, size_t i)
{
	while (i < s.n && isspace((unsigned char)s.p[i]))
		i++;
	return i;
}

/* The last `KEY = number` in the text. */
static bool
find_keyed(struct sv text, const char *key, double *out)
{
	size_t k = strlen(key);
	bool found = false;

	for (size_t i = 0; k && i + k <= text.n; i++) {
		struct sv rest;
		size_t at, n;

		if (memcmp(text.p + i, key, k) != 0)
			continue;
		at = skip_blanks(text, i + k);
		if (at >= text.n || text.p[at] != '=')
			continue;
		at = skip_blanks(text, at + 1);
		rest = sv_make(text.p + at, text.n - at);
		n = number_len(rest);
		if (n && sv_to_real(sv_make(rest.p, n), out))
			found = true;
	}
	return found;
}

static bool
read_number(const struct judge_in *in, struct sv text, double *out)
{
	if (in->evaluate->type == EVAL_OUTPUT_NUMERIC && in->evaluate->key)
		return find_keyed(text, in->evaluate->key, out);
	return sv_to_real(sv_trim(text), out);
}

struct judged
judge_numeric(const struct judge_in *in, struct sv text)
{
	const struct evaluate *ev = in->evaluate;
	struct val *d = val_map(in->mem);
	const char *why = NULL;
	double value, target;

	if (!read_number(in, text, &value))
		return ev->key
		    ? judged_error(
			  in, "no '%s=' with a number in the output", ev->key)
		    : judged_error(in, "the output is not a number");
	if (!judge_number(in, ev->target, ev->target_tmpl, &target, &why))
		return judged_error(in, "target: %s", why);
	val_set(in->mem, d, "value", val_real(in->mem, value));
	val_set(in->mem, d, "target", val_real(in->mem, target));
	val_set(
	    in->mem, d, "operator", val_text(in->mem, operator_name(ev->op)));
	return judged_word(
	    operator_holds(ev->op, value, target) ? "yes" : "no", d);
}

static const struct val *
number_or_null(struct arena *a, bool have, double x)
{
	return have && isfinite(x) ? val_real(a, x) : val_null(a);
}

struct judged
judge_convergence(const struct judge_in *in, struct sv text)
{
	const struct evaluate *ev = in->evaluate;
	double now, target, before = 0, slack = ev->tolerance;
	struct val *d = val_map(in->mem);
	const char *why = NULL;
	bool had, better;

	if (!read_number(in, text, &now))
		return judged_error(in, "the output is not a number");
	if (!judge_number(in, ev->target, ev->target_tmpl, &target, &why))
		return judged_error(in, "target: %s", why);
	if (ev->tolerance_tmpl &&
	    !judge_number(in, NULL, ev->tolerance_tmpl, &slack, &why))
		return judged_error(in, "tolerance: %s", why);
	/* A first round has no previous value; that is no fault. */
	had =
	    ev->previous && judge_number(in, NULL, ev->previous, &before, &why);
	val_set(in->mem, d, "current", val_real(in->mem, now));
	val_set(in->mem, d, "previous", number_or_null(in->mem, had, before));
	val_set(in->mem, d, "target", val_real(in->mem, target));
	val_set(
	    in->mem, d, "delta", number_or_null(in->mem, had, now - before));
	val_set(in->mem, d, "direction",
	    val_text(in->mem, ev->maximize ? "maximize" : "minimize"));
	if (fabs(now - target) <= slack)
		return judged_word("target", d);
	better = ev->maximize ? now > before : now < before;
	return judged_word(!had || better ? "progress" : "stall", d);
}
