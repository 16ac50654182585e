/*
 * Ways into JSON: compiled once when a host file is read, walked once per
 * event.  Owns nothing; refuses empty steps and more than PICK_STEPS of them,
 * which also bounds the recursion.
 */
#include "host/pick.h"

#include <string.h>

#include "host/usd.h"

#define COUNT_MAX 1000000000000000LL

enum step_kind { STEP_NAMES, STEP_ALL, STEP_WHERE };

struct pick_step {
	enum step_kind kind;
	struct sv name; /* "x" or "x+y"; of STEP_WHERE the member */
	struct sv want;
};

/* Cut a step off: up to a point that stands in no brackets. */
static struct sv
cut_step(struct sv *rest)
{
	bool where = rest->n && rest->p[0] == '[';
	const char *end = memchr(rest->p, where ? ']' : '.', rest->n);
	size_t n = end ? (size_t)(end - rest->p) + where : rest->n;
	struct sv step = sv_make(rest->p, n);

	if (n < rest->n && rest->p[n] == '.')
		n++;
	else if (n < rest->n)
		step.n = 0;
	*rest = sv_make(rest->p + n, rest->n - n);
	return step;
}

static int
read_step(struct sv s, struct pick_step *out, struct err *e)
{
	const char *eq = s.n ? memchr(s.p, '=', s.n) : NULL;

	out->kind = STEP_NAMES;
	out->name = s;
	if (sv_eq(s, "*"))
		out->kind = STEP_ALL;
	if (!s.n || s.p[0] == ']' || s.p[0] == '+' || s.p[s.n - 1] == '+')
		return err_set(e, ERR_INPUT, "a step is empty or cut short");
	if (s.p[0] != '[')
		return 0;
	if (!eq || eq == s.p + 1 || s.p[s.n - 1] != ']')
		return err_set(
		    e, ERR_INPUT, "'%.*s' must be [member=text]", SV_ARG(s));
	out->kind = STEP_WHERE;
	out->name = sv_make(s.p + 1, (size_t)(eq - s.p) - 1);
	out->want = sv_make(eq + 1, (size_t)(s.p + s.n - eq) - 2);
	return 0;
}

int
pick_compile(struct arena *a, struct sv text, struct pick *out, struct err *e)
{
	struct pick_step step[PICK_STEPS] = { { 0 } };
	struct sv rest = sv_make(arena_dup(a, text.p, text.n), text.n);
	size_t n = 0;

	if (!text.n || text.p[text.n - 1] == '.')
		return err_set(e, ERR_INPUT, "a step is empty or cut short");
	for (; rest.n; n++) {
		if (n == PICK_STEPS)
			return err_set(
			    e, ERR_INPUT, "over %d steps", PICK_STEPS);
		if (read_step(cut_step(&rest), &step[n], e) < 0)
			return -1;
	}
	out->at = (struct pick_step *)arena_dup(a, step, n * sizeof(*step));
	out->n = n;
	return 0;
}

int
picks_compile(
    struct arena *a, const struct val *v, struct picks *out, struct err *e)
{
	const struct val *one[] = { v };
	const struct val *const *at = v ? one : NULL;
	size_t n = v ? 1 : 0;
	struct pick *way;

	if (v && v->kind == VAL_LIST) {
		at = v->list.at;
		n = v->list.len;
	}
	if (n > PICK_WAYS)
		return err_set(e, ERR_INPUT, "over %d ways", PICK_WAYS);
	way = arena_new(a, (n + 1) * sizeof(*way));
	for (size_t i = 0; i < n; i++) {
		if (at[i]->kind != VAL_TEXT)
			return err_set(e, ERR_INPUT, "must be text, not %s",
			    val_kind_name(at[i]->kind));
		if (pick_compile(a, at[i]->t, &way[i], e) < 0)
			return -1;
	}
	*out = (struct picks) { way, n };
	return 0;
}

/* ---- walking ---- */

struct walk {
	const struct pick *pick;
	pick_visitor *visit;
	void *self;
};

static bool walk_from(const struct walk *, size_t step, const struct val *);

static bool
walk_names(const struct walk *w, size_t i, const struct val *v)
{
	struct sv rest = w->pick->at[i].name, name;

	while (sv_cut(&rest, '+', &name)) {
		const struct val *x = val_step(v, name);

		if (x && !walk_from(w, i + 1, x))
			return false;
	}
	return true;
}

static bool
is_wanted(const struct pick_step *s, const struct val *v)
{
	const struct val *x = val_step(v, s->name);

	return x && x->kind == VAL_TEXT && x->t.n == s->want.n &&
	    !memcmp(x->t.p, s->want.p, x->t.n);
}

static bool
walk_all(const struct walk *w, size_t i, const struct val *v)
{
	const struct pick_step *s = &w->pick->at[i];
	size_t n = v->kind == VAL_LIST ? v->list.len
	    : v->kind == VAL_MAP       ? v->map.len
				       : 0;

	for (size_t k = 0; k < n; k++) {
		const struct val *x =
		    v->kind == VAL_LIST ? v->list.at[k] : v->map.at[k].v;

		if ((s->kind == STEP_ALL || is_wanted(s, x)) &&
		    !walk_from(w, i + 1, x))
			return false;
	}
	return true;
}

static bool
walk_from(const struct walk *w, size_t i, const struct val *v)
{
	if (i == w->pick->n)
		return w->visit(w->self, v);
	return w->pick->at[i].kind == STEP_NAMES ? walk_names(w, i, v)
						 : walk_all(w, i, v);
}

bool
pick_each(const struct pick *p, const struct val *doc, pick_visitor *visit,
    void *self)
{
	const struct walk w = { p, visit, self };

	return walk_from(&w, 0, doc);
}

struct first {
	unsigned kinds;
	const struct val *v;
};

static bool
take_first(void *self, const struct val *v)
{
	struct first *f = self;

	if (f->kinds & (1u << v->kind))
		f->v = v;
	return !f->v;
}

const struct val *
picks_first(const struct picks *ways, const struct val *doc, unsigned kinds)
{
	struct first f = { kinds, NULL };

	for (size_t i = 0; i < ways->n && !f.v; i++)
		pick_each(&ways->at[i], doc, take_first, &f);
	return f.v;
}

static bool
take_text(void *self, const struct val *v)
{
	struct str *out = self;

	if (v->kind != VAL_TEXT || !v->t.n)
		return true;
	if (out->len)
		str_adds(out, "\n\n");
	str_addsv(out, v->t);
	return true;
}

bool
picks_text(const struct picks *ways, const struct val *doc, struct str *out)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; i < ways->n && !text.len; i++)
		pick_each(&ways->at[i], doc, take_text, &text);
	str_addsv(out, str_sv(&text));
	return text.len > 0;
}

struct sum {
	bool found;
	long long n;
};

static bool
take_count(void *self, const struct val *v)
{
	struct sum *s = self;

	if (v->kind != VAL_INT || v->i < 0 || v->i > COUNT_MAX)
		return true;
	s->found = true;
	s->n = v->i > COUNT_MAX - s->n ? COUNT_MAX : s->n + v->i;
	return true;
}

static bool
take_usd(void *self, const struct val *v)
{
	struct sum *s = self;
	long long micro = 0;
	bool whole =
	    v->kind == VAL_INT && v->i >= 0 && v->i <= USD_MAX / 1000000;

	if (whole)
		micro = v->i * 1000000;
	else if (v->kind != VAL_TEXT || !usd_parse(v->t, &micro))
		return true;
	s->found = true;
	s->n = usd_add(s->n, micro);
	return true;
}

static bool
add_up(const struct picks *ways, const struct val *doc, pick_visitor *take,
    long long *out)
{
	struct sum s = { false, 0 };

	for (size_t i = 0; i < ways->n && !s.found; i++)
		pick_each(&ways->at[i], doc, take, &s);
	if (s.found)
		*out = s.n;
	return s.found;
}

bool
picks_count(const struct picks *ways, const struct val *doc, long long *out)
{
	return add_up(ways, doc, take_count, out);
}

bool
picks_usd(const struct picks *ways, const struct val *doc, long long *out)
{
	return add_up(ways, doc, take_usd, out);
}
