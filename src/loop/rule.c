/*
 * The ground the rules stand on: the graph, every reference of every field
 * where references may stand, and what the file says about other files.
 * `evaluate.prompt` is read here although no judge runs in this version: a
 * key that is missing there is missing all the same.
 */
#include "loop/rule.h"

#include <string.h>

#include "base/auto.h"
#include "base/vec.h"

struct uses {
	struct checkup *c;
	VEC(struct use) list;
};

static void
add_field(struct uses *u, const struct state *s, const char *field, bool after,
    const struct tmpl *t)
{
	for (size_t i = 0; t && i < t->nparts; i++) {
		struct use x = { s, field, after, t->part[i].ref };

		if (x.ref)
			vec_push(&u->list, x);
	}
}

/* The checks of the prompt's own syntax are the loader's, once it compiles
 * prompts; here only its good references count. */
static const struct tmpl *
prompt_of(struct checkup *c, const struct state *s)
{
	const struct val *evaluate = rule_key(s, "evaluate");
	const struct val *prompt = val_get(evaluate, "prompt");
	struct diags unused = DIAGS_INIT;
	const struct tmpl *t;

	if (!prompt || prompt->kind != VAL_TEXT)
		return NULL;
	t = tmpl_compile(&c->mem, prompt, "", &unused);
	diags_release(&unused);
	return t;
}

/* A form's path begins with the state's, which a field has not. */
struct form_uses {
	struct uses *u;
	const struct state *s;
};

static void
add_part(void *self, const char *path, const struct tmpl *t)
{
	const struct form_uses *f = self;

	add_field(f->u, f->s, path + strlen("states.") + strlen(f->s->name) + 1,
	    false, t);
}

static void
add_form(struct uses *u, const struct state *s, const struct form *form)
{
	struct form_uses f = { u, s };

	if (form)
		form_each(form, add_part, &f);
}

static void
add_uses(struct uses *u, const struct state *s)
{
	const char *in = s->fan.as ? "parallel." : "";
	const struct evaluate *e = &s->evaluate;
	const struct {
		const char *field;
		bool after;
		const struct tmpl *t;
	} rows[] = {
		{ "action", false, s->fan.as ? NULL : s->action },
		{ "parallel.action", false, s->fan.as ? s->action : NULL },
		{ "append_to_messages", true, s->append_to_messages },
		{ "evaluate.source", true, e->source },
		{ "evaluate.target", true, e->target_tmpl },
		{ "evaluate.previous", true, e->previous },
		{ "evaluate.tolerance", true, e->tolerance_tmpl },
		{ "evaluate.history_file", true, e->history },
		{ "evaluate.prompt", true, prompt_of(u->c, s) },
	};

	for (size_t i = 0; i < s->nparam; i++)
		add_field(u, s,
		    arena_printf(&u->c->mem, "with.%s", s->param[i].name),
		    false, s->param[i].tmpl);
	add_form(u, s, s->fan.items);
	add_field(
	    u, s, arena_printf(&u->c->mem, "%sloop", in), false, s->call.word);
	add_form(u, s, s->call.with);
	add_form(u, s, s->params);
	for (size_t i = 0; i < COUNT(rows); i++)
		add_field(u, s, rows[i].field, rows[i].after, rows[i].t);
}

static void
find_uses(struct checkup *c)
{
	struct uses u = { c, VEC_INIT };

	for (size_t i = 0; i < c->loop->nstates; i++)
		add_uses(&u, c->loop->states[i]);
	c->nuses = u.list.len;
	if (u.list.len)
		c->use = (const struct use *)arena_dup(
		    &c->mem, u.list.at, u.list.len * sizeof(*u.list.at));
	vec_release(&u.list);
}

void
checkup_init(struct checkup *c, const struct loop *l, struct diags *d)
{
	*c = (struct checkup) { .loop = l, .diags = d, .partial = l->partial };
	graph_init(&c->graph, l);
	for (size_t i = 0; i < l->nstates; i++)
		if (rule_is_child(l->states[i]))
			c->children = true;
	find_uses(c);
}

void
checkup_release(struct checkup *c)
{
	graph_release(&c->graph);
	arena_release(&c->mem);
}

bool
rule_silenced(const struct checkup *c, const char *flag)
{
	const struct val *v = val_get(c->loop->src, flag);

	return v && v->kind == VAL_BOOL && v->b;
}

const char *
rule_path(struct checkup *c, const struct state *s, const char *field)
{
	return arena_printf(&c->mem, "states.%s%s%s", s->name, field ? "." : "",
	    field ? field : "");
}

struct place
rule_place(const struct state *s, const char *key)
{
	const struct member *m = val_member(s->src, key);

	return m ? m->v->at : s->at;
}

const struct val *
rule_key(const struct state *s, const char *key)
{
	const struct val *v = val_get(s->src, key);

	return v && v->kind != VAL_NULL ? v : NULL;
}

bool
rule_is_child(const struct state *s)
{
	return rule_key(s, "loop") || rule_key(s, "parallel");
}

bool
rule_is_judged(const struct state *s)
{
	if (s->evaluate.set)
		return s->evaluate.type == EVAL_LLM_STRUCTURED;
	return s->type == ACTION_PROMPT || s->type == ACTION_SLASH;
}

bool
rule_must_exist(const struct ref *r)
{
	return !r->optional && !r->otherwise;
}
