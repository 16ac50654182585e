/*
 * For the tests of the rules: a loop from YAML text, made by hand with only
 * what the rules look at, so that a finding is a rule's and never the
 * loader's.
 */
#ifndef TESTS_LOOP_FINDINGS_H
#define TESTS_LOOP_FINDINGS_H

#include <string.h>

#include "base/auto.h"
#include "loop/check.h"
#include "test.h"
#include "text/yml.h"

struct finding_row {
	const char *name;
	const char *states; /* lines below `states:` */
	const char *expect; /* "ID path\n" for each finding, by place */
};

static inline const struct tmpl *
made_tmpl(struct loop *l, const struct val *text)
{
	struct diags d = DIAGS_INIT;
	const struct tmpl *t = NULL;

	if (text && text->kind == VAL_TEXT)
		t = tmpl_compile(&l->mem, text, "", &d);
	cr_assert_eq(d.len, 0);
	diags_release(&d);
	return t;
}

static inline bool
made_true(const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);

	return v && v->kind == VAL_BOOL && v->b;
}

static inline struct target
made_target(const struct loop *l, const struct val *map, const char *key)
{
	const struct val *v = val_get(map, key);
	struct target t = { .name = v ? v->t.p : NULL };

	if (v) {
		t.at = v->at;
		t.current = strcmp(t.name, "$current") == 0;
		t.to = loop_state(l, t.name);
	}
	return t;
}

/* The routes of a map whose keys start with `prefix`. */
static inline const struct route *
made_routes(
    struct loop *l, const struct val *map, const char *prefix, size_t *n)
{
	struct route *r = arena_new(&l->mem, (map->map.len + 1) * sizeof(*r));

	for (size_t i = 0; i < map->map.len; i++) {
		const char *key = map->map.at[i].key;

		if (strncmp(key, prefix, strlen(prefix)) != 0)
			continue;
		r[*n].verdict = key + strlen(prefix);
		r[(*n)++].to = made_target(l, map, key);
	}
	return r;
}

static inline void
made_evaluate(struct loop *l, struct evaluate *e, const struct val *src)
{
	if (!src)
		return;
	e->set = true;
	e->type = (enum eval_type)eval_type_of(val_str(src, "type", ""));
	e->source = made_tmpl(l, val_get(src, "source"));
	e->target = val_get(src, "target");
	if (val_get(src, "operator"))
		e->op =
		    (enum operator)operator_of(val_str(src, "operator", ""));
}

static inline void
made_state(struct loop *l, struct state *s)
{
	const struct val *route = val_get(s->src, "route");

	s->action = made_tmpl(l, val_get(s->src, "action"));
	if (s->action)
		s->type = strcmp(val_str(s->src, "action_type", ""), "prompt")
		    ? ACTION_SHELL
		    : ACTION_PROMPT;
	s->capture = val_str(s->src, "capture", NULL);
	s->append_to_messages =
	    made_tmpl(l, val_get(s->src, "append_to_messages"));
	made_evaluate(l, &s->evaluate, val_get(s->src, "evaluate"));
	s->next = made_target(l, s->src, "next");
	s->has_next = s->next.name;
	s->on = made_routes(l, s->src, "on_", &s->non);
	s->has_route = route;
	if (route)
		s->route = made_routes(l, route, "", &s->nroute);
	s->terminal = made_true(s->src, "terminal");
	s->failure = made_true(s->src, "failure");
	if (val_get(s->src, "loop"))
		s->later = "loop";
}

static inline void
made_states(struct loop *l, const struct val *map)
{
	struct state *s = arena_new(&l->mem, map->map.len * sizeof(*s));
	const struct state **list =
	    arena_new(&l->mem, map->map.len * sizeof(*list));

	for (size_t i = 0; i < map->map.len; i++) {
		s[i].name = map->map.at[i].key;
		s[i].index = i;
		s[i].at = map->map.at[i].at;
		s[i].src = map->map.at[i].v;
		list[i] = &s[i];
	}
	l->states = list;
	l->nstates = map->map.len;
	for (size_t i = 0; i < l->nstates; i++)
		made_state(l, &s[i]);
}

/* The caller frees it with loop_free(). */
static inline struct loop *
made_loop(const char *text)
{
	struct loop *l = mem_new(sizeof(*l));
	struct diags d = DIAGS_INIT;
	const struct val *src =
	    yml_read(&l->mem, "t.yaml", text, strlen(text), &d);
	const struct val *circuit;

	cr_assert(src, "%s", d.len ? d.at[0].msg : "");
	diags_release(&d);
	l->src = src;
	l->description = val_str(src, "description", NULL);
	l->visibility = val_str(src, "visibility", NULL);
	l->input_key = val_str(src, "input_key", "input");
	l->required_inputs = val_get(src, "required_inputs");
	l->maintain = made_true(src, "maintain");
	l->max_steps = val_num(src, "max_steps", 50);
	l->context = val_get(src, "context");
	if (!l->context)
		l->context = val_map(&l->mem);
	made_states(l, val_get(src, "states"));
	l->initial = made_target(l, src, "initial");
	l->on_max_steps = made_target(l, src, "on_max_steps");
	circuit = val_get(val_get(src, "circuit"), "repeated_failure");
	l->circuit.to = made_target(l, circuit, "on_repeated_failure");
	return l;
}

/* Append "ID path\n" for each, by place; with the message if `words`. */
static inline void
made_write(struct diags *d, struct str *out, bool words)
{
	diags_sort(d);
	for (size_t i = 0; i < d->len; i++)
		str_addf(out, "%s %s%s%s\n", d->at[i].id, d->at[i].path,
		    words ? ": " : "", words ? d->at[i].msg : "");
}

static inline void
findings_of(const char *text, struct str *out)
{
	struct diags d = DIAGS_INIT;
	struct loop *l = made_loop(text);

	loop_check(l, &d);
	made_write(&d, out, false);
	loop_free(l);
	diags_release(&d);
}

/* Under a head that nothing is wrong with, and the lines of `more`. */
static inline void
expect_findings(const struct finding_row *row, const char *more)
{
	auto_str text = STR_INIT, got = STR_INIT;

	str_addf(&text,
	    "name: t\ndescription: d\nscope: [\".\"]\ninitial: a\n%s"
	    "states:\n%s",
	    more, row->states);
	findings_of(text.buf, &got);
	cr_expect_str_eq(
	    got.buf, row->expect, "%s: got\n%s", row->name, got.buf);
}

#endif
