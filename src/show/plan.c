/*
 * A plan is read before anything runs: states in file order with their
 * action, what judges it and where each verdict leads; then what bounds it
 * and the context it would start with, each value with its origin.
 */
#include "show/plan.h"

#include <string.h>

#include "base/auto.h"
#include "show/claims.h"
#include "show/hosts.h"
#include "text/json.h"
#include "text/render.h"

enum {
	INDENT = 12,
	VALUE_MAX = 200, /* characters of a value */
};

static void
action_text(struct out *o, const struct state *s)
{
	struct sv rest = s->action->src->t, line;
	int room = o->width > 2 * INDENT ? o->width - INDENT : 0;
	bool first = true;

	while (sv_cut(&rest, '\n', &line)) {
		if (!sv_trim(line).n)
			continue;
		str_adds(&o->buf, first ? "    action: " : "            ");
		out_text(o, line.p, line.n, room);
		str_addc(&o->buf, '\n');
		first = false;
	}
}

static void
lead(struct out *o, const char *label, const struct target *t)
{
	if (!t->name)
		return;
	str_addf(&o->buf, "    %s %s ", label, out_glyph(o, GLYPH_ARROW));
	out_text(o, t->name, strlen(t->name), 0);
	str_addc(&o->buf, '\n');
}

static void
pair_text(struct out *o, const char *label, struct sv text)
{
	int room = o->width > 2 * INDENT ? o->width - INDENT : 0;

	str_addf(&o->buf, "    %s: ", label);
	out_text(o, text.p, text.n, room);
	str_addc(&o->buf, '\n');
}

static void
fan_text(struct out *o, const struct state *s)
{
	const struct val *items = form_src(s->fan.items);
	auto_str text = STR_INIT;

	if (items->kind == VAL_LIST)
		str_addf(&text, "%zu items", items->list.len);
	else
		str_addf(&text, "the items of %.*s", SV_ARG(items->t));
	str_addf(&text, " as %s, at most %lld at once", s->fan.as,
	    s->fan.max_workers);
	pair_text(o, "parallel", str_sv(&text));
}

static void
call_text(struct out *o, const struct state *s)
{
	auto_str text = STR_INIT;

	str_addsv(&text, s->call.word->src->t);
	if (s->call.loop)
		str_addf(&text, " (%s)", s->call.loop->file);
	else if (!tmpl_is_plain(s->call.word))
		str_adds(&text, " (looked up when it is called)");
	pair_text(o, "loop", str_sv(&text));
	str_reset(&text);
	if (s->call.with)
		json_write(&text, form_src(s->call.with), JSON_COMPACT);
	if (s->call.with)
		pair_text(o, "with", str_sv(&text));
	if (s->call.passthrough)
		str_adds(&o->buf, "    context_passthrough: true\n");
}

static void
state_text(struct out *o, const struct state *s)
{
	auto_str label = STR_INIT;

	str_adds(&o->buf, "  ");
	out_paintf(o, PAINT_BOLD, "[%s]", s->name);
	str_adds(&o->buf, s->terminal ? " terminal" : "");
	str_adds(&o->buf, s->terminal && s->failure ? ", failure\n" : "\n");
	if (s->fan.items)
		fan_text(o, s);
	if (s->action)
		action_text(o, s);
	if (s->call.word)
		call_text(o, s);
	if (s->evaluate.set)
		str_addf(&o->buf, "    evaluate: %s\n",
		    eval_type_name(s->evaluate.type));
	lead(o, "next", &s->next);
	for (size_t i = 0; i < s->non; i++) {
		str_reset(&label);
		str_addf(&label, "on_%s", s->on[i].verdict);
		lead(o, label.buf, &s->on[i].to);
	}
	for (size_t i = 0; i < s->nroute; i++)
		lead(o, s->route[i].verdict, &s->route[i].to);
	lead(o, "on_retry_exhausted", &s->on_retry_exhausted);
	lead(o, "on_throttle_hard", &s->on_throttle_hard);
	lead(o, "on_interrupted", &s->on_interrupted);
}

static bool
is_known_later(const struct val *v)
{
	return v->origin == ORIGIN_RUNNER;
}

/* Who gave it, and over whom. */
static void
givers_text(struct out *o, const struct val *givers)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; givers && i < givers->list.len; i++)
		str_addf(
		    &text, "%s%s", i ? ", over " : "", givers->list.at[i]->t.p);
	out_paintf(o, PAINT_DIM, "  (%s)", text.buf);
}

static void
value_text(struct out *o, const struct member *m)
{
	int used = (int)strlen(m->key) + 2 * INDENT;
	auto_str text = STR_INIT;

	if (is_known_later(m->v)) {
		str_adds(&o->buf, "made when the run starts");
		return;
	}
	json_write(&text, m->v, JSON_COMPACT);
	out_text(o, text.buf, text.len,
	    o->width > used + INDENT ? o->width - used : VALUE_MAX);
}

static void
context_text(struct out *o, const struct plan *p)
{
	const struct val *context = p->context;

	str_adds(&o->buf,
	    "\nContext, the later over the earlier: loop file, "
	    "positional input, program.md,\n--context; where there is none: "
	    "parameter default, runner\n");
	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *m = &context->map.at[i];

		str_adds(&o->buf, "  ");
		out_text(o, m->key, strlen(m->key), 0);
		str_adds(&o->buf, ": ");
		value_text(o, m);
		givers_text(o, val_get(p->givers, m->key));
		str_addc(&o->buf, '\n');
	}
}

static void
limits_text(struct out *o, const struct val *limits)
{
	for (size_t i = 0; limits && i < limits->map.len; i++) {
		const struct member *m = &limits->map.at[i];
		const struct val *to = val_get(m->v, "to");

		str_addf(&o->buf, "%s  %s: ", i ? "" : "\nLimits:\n", m->key);
		val_render(&o->buf, val_get(m->v, "value"));
		str_addf(&o->buf, ", then ");
		val_render(&o->buf, to ? to : val_get(m->v, "then"));
		out_paintf(o, PAINT_DIM, "  (%s)", val_str(m->v, "from", ""));
		str_addc(&o->buf, '\n');
	}
}

void
plan_text(struct out *o, const struct plan *p)
{
	const struct loop *l = p->loop;

	str_adds(&o->buf, "Execution plan for: ");
	out_paint(o, PAINT_BOLD, l->name);
	str_adds(&o->buf, "\n\nStates:\n");
	for (size_t i = 0; i < l->nstates; i++)
		state_text(o, l->states[i]);
	str_addf(&o->buf, "\nInitial state: %s\nMax steps: %lld\n",
	    l->initial.name, p->max_steps);
	if (l->max_iterations >= 0)
		str_addf(&o->buf, "Max iterations: %lld\n", l->max_iterations);
	if (p->timeout_ms >= 0)
		str_addf(
		    &o->buf, "Timeout: %gs\n", (double)p->timeout_ms / 1000);
	limits_text(o, p->limits);
	str_adds(&o->buf, "\nScope:\n");
	show_claims(o, p->scope);
	if (p->hosts)
		str_adds(&o->buf, "\nPrompts:\n");
	show_hosts(o, p->hosts);
	context_text(o, p);
}

static const struct val *
routes_val(struct arena *a, const struct state *s)
{
	struct val *v = val_map(a);

	if (s->next.name)
		val_set(a, v, "next", val_text(a, s->next.name));
	for (size_t i = 0; i < s->non; i++)
		val_set(a, v, arena_printf(a, "on_%s", s->on[i].verdict),
		    val_text(a, s->on[i].to.name));
	for (size_t i = 0; i < s->nroute; i++)
		val_set(a, v, s->route[i].verdict,
		    val_text(a, s->route[i].to.name));
	return v;
}

static const struct val *
fan_val(struct arena *a, const struct state *s)
{
	struct val *v = val_map(a);

	val_set(a, v, "items", form_src(s->fan.items));
	val_set(a, v, "as", val_text(a, s->fan.as));
	val_set(a, v, "max_workers", val_int(a, s->fan.max_workers));
	val_set(a, v, "fail_fast", val_bool(a, s->fan.fail_fast));
	val_set(a, v, "tolerate", val_int(a, s->fan.tolerate));
	return v;
}

static void
add_call(struct arena *a, struct val *v, const struct state *s)
{
	val_set(a, v, "loop", s->call.word->src);
	if (s->call.loop)
		val_set(a, v, "loop_file", val_text(a, s->call.loop->file));
	if (s->call.with)
		val_set(a, v, "with", form_src(s->call.with));
	val_set(a, v, "context_passthrough", val_bool(a, s->call.passthrough));
}

static const struct val *
state_val(struct arena *a, const struct state *s)
{
	struct val *v = val_map(a);

	val_set(a, v, "name", val_text(a, s->name));
	if (s->fan.items)
		val_set(a, v, "parallel", fan_val(a, s));
	val_set(a, v, "action", s->action ? s->action->src : NULL);
	if (s->call.word)
		add_call(a, v, s);
	if (s->evaluate.set)
		val_set(a, v, "evaluate",
		    val_text(a, eval_type_name(s->evaluate.type)));
	val_set(a, v, "routes", routes_val(a, s));
	val_set(a, v, "terminal", val_bool(a, s->terminal));
	val_set(a, v, "failure", val_bool(a, s->failure));
	return v;
}

static const struct val *
context_val(struct arena *a, const struct val *context)
{
	struct val *v = val_map(a);

	for (size_t i = 0; i < context->map.len; i++) {
		const struct member *m = &context->map.at[i];

		val_set(
		    a, v, m->key, is_known_later(m->v) ? val_null(a) : m->v);
	}
	return v;
}

static const struct val *
origins_val(struct arena *a, const struct val *context)
{
	struct val *v = val_map(a);

	for (size_t i = 0; i < context->map.len; i++)
		val_set(a, v, context->map.at[i].key,
		    val_text(a, origin_name(val_origin(context->map.at[i].v))));
	return v;
}

void
plan_json(struct str *out, const struct plan *p)
{
	auto_arena a = ARENA_INIT;
	struct val *v = val_map(&a), *states = val_list(&a);

	for (size_t i = 0; i < p->loop->nstates; i++)
		val_push(&a, states, state_val(&a, p->loop->states[i]));
	val_set(&a, v, "loop", val_text(&a, p->loop->name));
	val_set(&a, v, "file", val_text(&a, p->loop->file));
	val_set(&a, v, "initial", val_text(&a, p->loop->initial.name));
	val_set(&a, v, "max_steps", val_int(&a, p->max_steps));
	val_set(&a, v, "limits", p->limits);
	val_set(&a, v, "scope", p->scope);
	val_set(&a, v, "hosts", p->hosts);
	val_set(&a, v, "states", states);
	val_set(&a, v, "context", context_val(&a, p->context));
	val_set(&a, v, "origins", origins_val(&a, p->context));
	val_set(&a, v, "sources", p->givers);
	json_write(out, v, JSON_PRETTY);
	str_addc(out, '\n');
}
