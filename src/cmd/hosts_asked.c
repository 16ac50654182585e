/* What a prompt is put with, and what of it its host has no place for. */
#include "cmd/hosts_asked.h"

#include "base/auto.h"

static void
put(struct arena *a, struct val *v, const char *key, const char *s)
{
	if (s)
		val_set(a, v, key, val_text(a, s));
}

static void
put_how(struct arena *a, struct val *v, const struct state *s,
    const struct hosts_asked *how, const struct host *host)
{
	const struct prompting *p = &s->prompting;
	const struct {
		enum host_slot slot;
		const char *word;
	} rows[] = {
		{ SLOT_MODEL, p->model ? p->model : how->model },
		{ SLOT_EFFORT, p->effort ? p->effort : how->effort },
		{ SLOT_AGENT, p->agent },
		{ SLOT_TOOLS, p->tools },
	};
	bool prompt = s->type == ACTION_PROMPT || s->type == ACTION_SLASH;
	unsigned takes = host ? host->call[CALL_ACTION].takes : ~0U;
	struct val *unused = val_list(a);

	for (size_t i = 0; prompt && i < COUNT(rows); i++) {
		const char *name = host_slot_name(rows[i].slot);

		put(a, v, name, rows[i].word);
		if (rows[i].word && !(takes & 1U << rows[i].slot))
			val_push(a, unused, val_text(a, name));
	}
	if (unused->list.len)
		val_set(a, v, "unused", unused);
}

static bool
is_judged(const struct state *s)
{
	enum eval_type by = eval_by_host(s);

	return !s->has_next && !s->terminal && !s->fan.items &&
	    !s->evaluate.judging.off &&
	    (by == EVAL_LLM_STRUCTURED || by == EVAL_CONTRACT);
}

/* A judge has a model of its own; a state may have both. */
static void
put_judge(struct arena *a, struct val *v, const struct loop *l,
    const struct state *s, const struct hosts_asked *how)
{
	if (!is_judged(s))
		return;
	val_set(a, v, "judges", val_bool(a, true));
	put(a, v, "judge_model",
	    how->llm_model ? how->llm_model : l->llm.model);
}

static const struct val *
one(struct hosts_take *h, const struct loop *l, const struct state *s,
    const struct hosts_asked *how)
{
	struct arena *a = h->args->mem;
	struct val *v = val_map(a);
	const struct host_taken *x = NULL;
	struct err e = ERR_INIT;

	put(a, v, "state", s->name);
	if (how->none)
		err_set(&e, ERR_NEED, "--no-llm");
	else
		x = hosts_take(h, loop_host(l, s), &e);
	if (x) {
		put(a, v, "host", x->is.host->name);
		put(a, v, "program", x->is.program);
		put(a, v, "from", x->is.who);
	} else {
		put(a, v, "problem", e.msg);
	}
	put_how(a, v, s, how, x ? x->is.host : NULL);
	put_judge(a, v, l, s, how);
	return v;
}

const struct val *
hosts_asked(
    struct hosts_take *h, const struct loop *l, const struct hosts_asked *how)
{
	struct val *list = val_list(h->args->mem);

	for (size_t i = 0; i < l->nstates; i++)
		if (state_asks_host(l->states[i]))
			val_push(
			    h->args->mem, list, one(h, l, l->states[i], how));
	return list->list.len ? list : NULL;
}

const struct val *
hosts_asked_here(struct args *a, const struct loop *l)
{
	const struct hosts_asked how = { 0 };
	struct hosts_take h = { .args = a };
	const struct val *out;

	hosts_where_init(&h.where, a);
	out = hosts_asked(&h, l, &how);
	hosts_take_release(&h);
	return out;
}
