/*
 * What a state runs besides an action of its own: another loop (`loop`,
 * `with`, `context_passthrough`), or one thing for each of many items
 * (`parallel`); and the rules about which keys go together.  What the names
 * of loops mean is load_family.c's.
 */
#include <string.h>

#include "base/auto.h"
#include "loop/load_part.h"
#include "text/form.h"

enum { ITEMS_MAX = 10000, WORKERS = 4 };

struct caller {
	struct loader *l;
	struct state *s;
	const struct val *src, *fan; /* its mapping; that of `parallel` */
	const char *path;            /* "states.S" */
};

static struct caller
caller_of(struct loader *l, struct state *s)
{
	return (struct caller) { l, s, s->src,
		load_kind(s->src, "parallel", VAL_MAP),
		load_path(l, "states.%s", s->name) };
}

static const char *
field(const struct caller *c, const char *key)
{
	return load_path(c->l, "%s.%s", c->path, key);
}

/* ---- reading ---- */

static const struct form *
read_form(const struct caller *c, const struct val *map, const char *key,
    const char *item)
{
	const struct form_source from = { load_get(map, key),
		field(c,
		    map == c->fan ? load_path(c->l, "parallel.%s", key) : key),
		item };

	return from.v ? form_compile(c->l->mem, &from, c->l->diags) : NULL;
}

static void
read_fan(const struct caller *c)
{
	struct fan_spec *f = &c->s->fan;
	const char *as = load_text(c->fan, "as");

	f->items = read_form(c, c->fan, "items", NULL);
	f->as = as && ref_item_word(as) ? as : "item";
	f->max_workers = load_int(c->fan, "max_workers", WORKERS);
	f->fail_fast = load_true(c->fan, "fail_fast");
	f->tolerate = load_int(c->fan, "tolerate", 0);
}

void
load_call(struct loader *l, struct state *s)
{
	const struct caller c = caller_of(l, s);
	const struct val *from = c.fan ? c.fan : c.src;

	if (c.fan)
		read_fan(&c);
	s->call.word = load_tmpl_item(l, from, "loop",
	    field(&c, c.fan ? "parallel.loop" : "loop"), s->fan.as);
	s->call.passthrough = load_true(c.src, "context_passthrough");
	if (s->call.word && load_kind(from, "with", VAL_MAP))
		s->call.with = read_form(&c, from, "with", s->fan.as);
}

/* ---- rules ---- */

typedef void call_rule(const struct caller *);

static bool
has(const struct caller *c, const char *key)
{
	return load_get(c->src, key) != NULL;
}

static bool
has_members(const struct val *map, const char *key)
{
	const struct val *v = load_kind(map, key, VAL_MAP);

	return v && v->map.len;
}

static void
rule_child(const struct caller *c)
{
	struct diags *d = c->l->diags;

	if (has(c, "loop") && has(c, "action"))
		diag_add(d, load_at(c->src, "loop"), "E204", c->path,
		    "state '%s' cannot have both 'loop' and 'action'",
		    c->s->name);
	if (has_members(c->src, "with") && !has(c, "loop") && !c->l->partial)
		diag_add(d, load_at(c->src, "with"), "E205", field(c, "with"),
		    "'with' needs 'loop' or 'fragment'%s",
		    has(c, "parallel") ? "; here it belongs into 'parallel'"
				       : "");
	if (has_members(c->fan, "with") && !load_get(c->fan, "loop"))
		diag_add(d, load_at(c->fan, "with"), "E205",
		    field(c, "parallel.with"), "'with' needs 'loop'");
	if (has_members(c->src, "with") &&
	    load_true(c->src, "context_passthrough"))
		diag_add(d, load_at(c->src, "with"), "E206", c->path,
		    "'with' and 'context_passthrough' exclude each other");
	if (has(c, "worktree") && !has(c, "loop") && !c->l->partial)
		diag_add(d, load_at(c->src, "worktree"), "E217",
		    field(c, "worktree"), "'worktree' needs 'loop'");
}

static void
rule_items(const struct caller *c)
{
	const struct val *v = load_get(c->fan, "items");
	const char *path = field(c, "parallel.items");
	struct diags *d = c->l->diags;

	if (!v)
		diag_add(d, load_at(c->src, "parallel"), "E240", path,
		    "'parallel' needs 'items'");
	else if (v->kind != VAL_LIST && v->kind != VAL_TEXT)
		diag_add(d, v->at, "E240", path,
		    "'items' must be a list, or text that gives lines or a "
		    "JSON list, not %s",
		    val_kind_name(v->kind));
	else if (v->kind == VAL_LIST && v->list.len > ITEMS_MAX)
		diag_add(d, v->at, "E240", path,
		    "'items' has %zu items; at most %d are allowed",
		    v->list.len, ITEMS_MAX);
}

static void
rule_work(const struct caller *c)
{
	bool action = load_get(c->fan, "action");
	bool loop = load_get(c->fan, "loop");

	if (action == loop)
		diag_add(c->l->diags, load_at(c->src, "parallel"), "E241",
		    field(c, "parallel"),
		    "'parallel' needs exactly one of 'action' and 'loop'");
}

static void
rule_beside(const struct caller *c)
{
	static const char *const dead[] = { "action", "loop", "evaluate",
		"context_passthrough", "worktree", "learning" };

	for (size_t i = 0; i < COUNT(dead); i++)
		if (has(c, dead[i]))
			diag_add(c->l->diags, load_at(c->src, dead[i]), "E242",
			    c->path,
			    "state '%s' has 'parallel', so it cannot "
			    "have '%s'",
			    c->s->name, dead[i]);
}

static void
rule_as(const struct caller *c)
{
	const char *as = load_text(c->fan, "as");

	if (as && !ref_item_word(as))
		diag_add(c->l->diags, load_at(c->fan, "as"), "E243",
		    field(c, "parallel.as"),
		    "'as' must be a word of letters, digits and '_' that is "
		    "not the name of a namespace, not '%.60s'",
		    as);
}

static void
rule_tolerance(const struct caller *c)
{
	if (c->s->fan.fail_fast && c->s->fan.tolerate > 0)
		diag_add(c->l->diags, load_at(c->fan, "tolerate"), "E244",
		    field(c, "parallel.tolerate"),
		    "'tolerate' and 'fail_fast' exclude each other");
}

void
load_call_rules(struct loader *l, const struct state *s)
{
	static call_rule *const of_fan[] = { rule_items, rule_work, rule_beside,
		rule_as, rule_tolerance };
	const struct caller c = caller_of(l, (struct state *)s);

	rule_child(&c);
	for (size_t i = 0; c.fan && !l->partial && i < COUNT(of_fan); i++)
		of_fan[i](&c);
}
