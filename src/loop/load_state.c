/*
 * One state into a struct: its action, its targets, its limits.  Aliases
 * collapse here, before anything looks at a route.
 */
#include "loop/load_part.h"

#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "loop/parameters.h"

/* Keys that are another name of one, and the verdicts they route. */
struct shorthand {
	const char *key, *verdict;
	const char *real; /* of an alias */
};

static const struct shorthand shorthands[] = {
	{ "on_yes", "yes", NULL },
	{ "on_no", "no", NULL },
	{ "on_error", "error", NULL },
	{ "on_partial", "partial", NULL },
	{ "on_blocked", "blocked", NULL },
	{ "on_success", "yes", "on_yes" },
	{ "on_failure", "no", "on_no" },
};

static const char *const failure_names[] = { "failed", "error", "aborted",
	"finalize_aborted" };

struct reader {
	struct loader *l;
	struct state *s;
	struct link_from from;
};

static void
target(struct reader *r, const char *key, struct target *out)
{
	link_target(
	    &r->l->linker, &r->from, load_kind(r->s->src, key, VAL_TEXT), out);
}

static const char *
field(const struct reader *r, const char *key)
{
	return load_path(r->l, "%s.%s", r->from.path, key);
}

static const struct shorthand *
shorthand_of(const char *key)
{
	for (size_t i = 0; i < COUNT(shorthands); i++)
		if (!strcmp(shorthands[i].key, key))
			return &shorthands[i];
	return NULL;
}

/* The verdict that a key routes; NULL when it is no such key. */
static const char *
verdict_of(const struct reader *r, const struct member *m)
{
	const struct shorthand *x = shorthand_of(m->key);

	if (m->v->kind != VAL_TEXT || strncmp(m->key, "on_", 3) || !m->key[3])
		return NULL;
	if (!x)
		return key_of(key_table_of("state"), m->key) ? NULL
							     : m->key + 3;
	if (!x->real || !load_kind(r->s->src, x->real, VAL_TEXT))
		return x->verdict;
	diag_add(r->l->diags, m->at, "W112", r->from.path,
	    "'%s' is another name of '%s', which counts", x->key, x->real);
	return NULL;
}

static void
read_shorthands(struct reader *r)
{
	const struct val *src = r->s->src;
	struct route *on = arena_new(r->l->mem, src->map.len * sizeof(*on) + 1);
	size_t n = 0;

	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];
		const char *verdict = verdict_of(r, m);

		if (!verdict)
			continue;
		on[n].verdict = verdict;
		link_target(&r->l->linker, &r->from, m->v, &on[n].to);
		n++;
	}
	r->s->on = on;
	r->s->non = n;
}

static bool
route_member_ok(const struct reader *r, const struct member *m)
{
	if (m->key[0] == '_' && strcmp(m->key, "_") &&
	    strcmp(m->key, "_error")) {
		diag_add(r->l->diags, m->at, "E203", field(r, "route"),
		    "a table of routes cannot have '%s'; only '_' and "
		    "'_error' are special",
		    m->key);
		return false;
	}
	if (m->v->kind == VAL_TEXT)
		return true;
	if (m->v->kind != VAL_NULL)
		diag_add(r->l->diags, m->v->at, "E102",
		    load_path(r->l, "%s.route.%s", r->from.path, m->key),
		    "'%s' must be the name of a state, not %s", m->key,
		    val_kind_name(m->v->kind));
	return false;
}

static void
read_route(struct reader *r)
{
	const struct val *src = load_kind(r->s->src, "route", VAL_MAP);
	struct route *route;
	size_t n = 0;

	if (!src)
		return;
	route = arena_new(r->l->mem, src->map.len * sizeof(*route) + 1);
	for (size_t i = 0; i < src->map.len; i++) {
		const struct member *m = &src->map.at[i];

		if (!route_member_ok(r, m))
			continue;
		route[n].verdict = m->key;
		link_target(&r->l->linker, &r->from, m->v, &route[n].to);
		n++;
	}
	r->s->has_route = true;
	r->s->route = route;
	r->s->nroute = n;
}

static void
read_routing(struct reader *r)
{
	struct state *s = r->s;

	target(r, "next", &s->next);
	s->has_next = s->next.name != NULL;
	read_shorthands(r);
	read_route(r);
	target(r, "on_maintain", &s->on_maintain);
	target(r, "on_retry_exhausted", &s->on_retry_exhausted);
	target(r, "on_throttle_hard", &s->on_throttle_hard);
	target(r, "on_rate_limit_exhausted", &s->ladder.exhausted);
}

/* "/word" alone is for an agent, unless it is a program: a path has a
 * second slash or a dot, or it is there. */
static bool
is_slash_command(const char *action)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_:-";
	size_t n = action[0] == '/' ? 1 + strspn(action + 1, letters) : 0;
	char word[256];

	if (n < 2 || !strchr(" \t\n", action[n]))
		return false;
	if (n >= sizeof(word))
		return true;
	memcpy(word, action, n);
	word[n] = '\0';
	return access(word, X_OK) < 0;
}

static enum action_type
type_of_action(const struct reader *r, const char *action)
{
	const char *type = load_text(r->s->src, "action_type");
	int known = type ? action_type_of(type) : -1;

	if (known > ACTION_NONE)
		return (enum action_type)known;
	/* Unknown, or what a fragment or parent says that is not read. */
	if (!action || type || r->l->partial)
		return ACTION_NONE;
	return is_slash_command(action) ? ACTION_SLASH : ACTION_SHELL;
}

/* Where a reference's value will come from, as far as the file says: a key
 * of the context is the file's own unless it takes the input; a parameter's
 * type may say that it is harmless. */
static enum origin
source_of(void *self, const struct ref *ref)
{
	const struct reader *r = self;
	const struct loop *l = r->l->loop;

	if (ref->ns == NS_PARAM)
		return load_param_origin(r->s, ref);
	if (ref->ns != NS_CONTEXT || !ref->nseg)
		return ORIGIN_DATA;
	if (sv_eq(ref->seg[0], "run_dir"))
		return ORIGIN_RUNNER;
	if (sv_eq(ref->seg[0], l->input_key) ||
	    !val_step(l->context, ref->seg[0]))
		return parameters_origin(l, ref->seg[0], ORIGIN_DATA);
	return ORIGIN_FILE;
}

static void
read_action(struct reader *r)
{
	struct state *s = r->s;
	const struct val *fan = load_kind(s->src, "parallel", VAL_MAP);
	const struct val *from = fan ? fan : s->src;
	const char *path = field(r, fan ? "parallel.action" : "action");

	s->action = load_tmpl_item(r->l, from, "action", path, s->fan.as);
	s->type = type_of_action(r, load_text(from, "action"));
	if (s->type == ACTION_SHELL && s->action)
		s->script = script_compile(
		    r->l->mem, s->action, path, source_of, r, r->l->diags);
}

static void
read_retryable(struct reader *r)
{
	const struct val *v =
	    load_kind(r->s->src, "retryable_exit_codes", VAL_LIST);
	long long *codes;

	if (!v)
		return;
	codes = arena_new(r->l->mem, v->list.len * sizeof(*codes) + 1);
	for (size_t i = 0; i < v->list.len; i++)
		if (v->list.at[i]->kind == VAL_INT)
			codes[r->s->nretryable++] = v->list.at[i]->i;
	r->s->retryable = codes;
	r->s->has_retryable = true;
}

static void
read_limits(struct reader *r)
{
	struct state *s = r->s;
	const struct val *t = load_kind(s->src, "throttle", VAL_MAP);

	s->timeout_ms = load_ms(s->src, "timeout", -1);
	s->idle_timeout_ms = load_ms(s->src, "idle_timeout", -1);
	s->max_retries = load_int(s->src, "max_retries", -1);
	read_retryable(r);
	s->throttle.set = t != NULL;
	s->throttle.normal_max = load_int(t, "normal_max", 3);
	s->throttle.warn_max = load_int(t, "warn_max", 8);
	s->throttle.hard_max = load_int(t, "hard_max", 12);
}

static void
read_end(struct state *s)
{
	const struct val *failure = load_kind(s->src, "failure", VAL_BOOL);

	s->terminal = load_true(s->src, "terminal");
	s->failure = failure && failure->b;
	for (size_t i = 0; !failure && i < COUNT(failure_names); i++)
		if (s->terminal && !strcmp(s->name, failure_names[i]))
			s->failure = true;
}

/* Keys that make another thing of a state than this version can do. */
static void
read_later(struct state *s)
{
	static const char *const keys[] = { "type", "learning" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (load_get(s->src, keys[i]))
			s->later = keys[i];
}

void
load_state(struct loader *l, struct state *s)
{
	struct reader r = { l, s,
		{ s, load_path(l, "states.%s", s->name), false } };

	load_params(l, s, source_of, &r);
	load_call(l, s);
	read_action(&r);
	load_mcp(l, s);
	load_ask(l, s);
	s->append_to_messages = load_tmpl(
	    l, s->src, "append_to_messages", field(&r, "append_to_messages"));
	s->call.worktree =
	    load_tmpl(l, s->src, "worktree", field(&r, "worktree"));
	s->capture = load_text(s->src, "capture");
	if (s->capture && strlen(s->capture) > LOAD_NAME_MAX)
		diag_add(l->diags, load_at(s->src, "capture"), "E103",
		    field(&r, "capture"), "'capture' must have 1 to %d bytes",
		    LOAD_NAME_MAX);
	load_evaluate(l, s);
	load_judge(l, s);
	load_ask_rules(l, s);
	read_later(s);
	read_routing(&r);
	read_limits(&r);
	load_state_bounds(l, s);
	load_ladder(l, s);
	load_state_limits(l, s);
	read_end(s);
	load_interrupted(l, s);
	load_state_rules(l, s);
	load_call_rules(l, s);
}
