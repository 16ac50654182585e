/*
 * `evaluate:` into a struct: the type and what it needs, the templates, the
 * pattern.  A pattern that is no regular expression is a warning: it is
 * searched as plain text, as in the reference.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

/* What a type cannot do without. */
struct need {
	enum eval_type type;
	const char *keys; /* "a|b" */
};

static const struct need needs[] = {
	{ EVAL_OUTPUT_NUMERIC, "operator|target" },
	{ EVAL_OUTPUT_JSON, "path|operator|target" },
	{ EVAL_OUTPUT_CONTAINS, "pattern" },
	{ EVAL_CONVERGENCE, "target" },
	{ EVAL_COMPARATOR, "baseline_path" },
	{ EVAL_CONTRACT, "pairs" },
};

struct reader {
	struct loader *l;
	struct state *s;
	const struct val *src;
	const char *path; /* "states.S.evaluate" */
};

static void
unknown_type(const struct reader *r, const struct val *v)
{
	const char *best = NULL;
	int near = 3;

	for (int t = EVAL_DEFAULT + 1; t < EVAL_TYPES; t++) {
		int d = sv_distance(v->t.p, eval_type_name(t), near);

		if (d > near)
			continue;
		best = eval_type_name(t);
		near = d - 1;
	}
	if (best)
		diag_add(r->l->diags, v->at, "E301", r->path,
		    "unknown evaluator '%s' (did you mean '%s'?)", v->t.p,
		    best);
	else
		diag_add(r->l->diags, v->at, "E301", r->path,
		    "unknown evaluator '%s'", v->t.p);
}

/* Parts of the block may come from a fragment or a parent. */
static bool
is_partial(const struct reader *r)
{
	return r->l->partial;
}

static void
check_needs(const struct reader *r, const char *keys)
{
	struct sv rest = sv(keys), one;

	while (!is_partial(r) && sv_cut(&rest, '|', &one)) {
		const char *key = load_path(r->l, "%.*s", SV_ARG(one));

		if (!load_get(r->src, key))
			diag_add(r->l->diags, r->src->at, "E302", r->path,
			    "'evaluate' of type '%s' needs '%s'",
			    load_text(r->src, "type"), key);
	}
}

static void
read_type(const struct reader *r)
{
	const struct val *v = load_kind(r->src, "type", VAL_TEXT);
	struct evaluate *e = &r->s->evaluate;
	int type;

	if (!load_get(r->src, "type") && !is_partial(r))
		diag_add(r->l->diags, r->src->at, "E302", r->path,
		    "'evaluate' needs a 'type'");
	if (!v)
		return;
	type = eval_type_of(v->t.p);
	if (type < 0) {
		unknown_type(r, v);
		return;
	}
	e->type = (enum eval_type)type;
	for (size_t i = 0; i < COUNT(needs); i++)
		if (needs[i].type == e->type)
			check_needs(r, needs[i].keys);
}

static void
read_pattern(const struct reader *r)
{
	struct evaluate *e = &r->s->evaluate;
	struct err why = ERR_INIT;
	struct rx *rx;

	e->pattern = load_kind(r->src, "pattern", VAL_TEXT);
	if (!e->pattern)
		return;
	rx = rx_new(e->pattern->t.p, e->pattern->t.n, &why);
	if (!rx) {
		diag_add(r->l->diags, e->pattern->at, "W301",
		    load_path(r->l, "%s.pattern", r->path),
		    "'pattern' is no regular expression (%s), so it is "
		    "searched as plain text",
		    why.msg);
		return;
	}
	vec_push(&r->l->rx, rx);
	e->rx = rx;
}

static void
read_line(const struct reader *r)
{
	const struct val *v = load_get(r->src, "line");
	struct evaluate *e = &r->s->evaluate;

	if (!v || (v->kind == VAL_TEXT && sv_eq(v->t, "last")))
		return;
	if (v->kind == VAL_TEXT && sv_eq(v->t, "first")) {
		e->line = LINE_FIRST;
		return;
	}
	e->line = LINE_INDEX;
	e->line_index = load_int(r->src, "line", 0);
	if (v->kind != VAL_INT)
		diag_add(r->l->diags, v->at, "E303",
		    load_path(r->l, "%s.line", r->path),
		    "'line' must be last, first or a whole number");
}

/* Text that can be no number, whoever reads it; a template may be one. */
static bool
is_no_number(const struct val *v)
{
	static const char *const words[] = { "inf", "nan" };

	if (v->kind != VAL_TEXT || strstr(v->t.p, "${") ||
	    strpbrk(v->t.p, "0123456789"))
		return false;
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcasestr(v->t.p, words[i]))
			return false;
	return true;
}

/* Only JSON has booleans and words to compare with. */
static void
check_target(const struct reader *r)
{
	const struct val *v = load_get(r->src, "target");
	enum eval_type type = r->s->evaluate.type;

	if (!v || (type != EVAL_OUTPUT_NUMERIC && type != EVAL_CONVERGENCE))
		return;
	if (v->kind == VAL_BOOL || is_no_number(v))
		diag_add(r->l->diags, v->at, "E102",
		    load_path(r->l, "%s.target", r->path),
		    "'target' of '%s' must be a number or a template that "
		    "gives one",
		    eval_type_name(type));
}

static struct tmpl *
compiled(const struct reader *r, const char *key)
{
	return load_tmpl(
	    r->l, r->src, key, load_path(r->l, "%s.%s", r->path, key));
}

static void
read_values(const struct reader *r)
{
	struct evaluate *e = &r->s->evaluate;
	const char *word = load_text(r->src, "operator");
	int op = word ? operator_of(word) : -1;

	e->op = op < 0 ? OP_EQ : (enum operator)op;
	e->target = load_get(r->src, "target");
	e->target_tmpl = compiled(r, "target");
	e->source = compiled(r, "source");
	e->previous = compiled(r, "previous");
	e->tolerance_tmpl = compiled(r, "tolerance");
	load_real(r->src, "tolerance", &e->tolerance);
	word = load_text(r->src, "direction");
	e->maximize = word && !strcmp(word, "maximize");
	e->negate = load_true(r->src, "negate");
	e->error_patterns = load_kind(r->src, "error_patterns", VAL_LIST);
	e->path = load_text(r->src, "path");
	e->key = load_text(r->src, "key");
}

void
load_evaluate(struct loader *l, struct state *s)
{
	struct reader r = { l, s, load_kind(s->src, "evaluate", VAL_MAP),
		load_path(l, "states.%s.evaluate", s->name) };

	if (!r.src)
		return;
	s->evaluate.set = true;
	read_type(&r);
	read_values(&r);
	check_target(&r);
	read_pattern(&r);
	read_line(&r);
	load_stall(l, &s->evaluate, r.src, r.path);
}
