/*
 * How a state goes on whose action was under way when the run was killed or
 * stopped: its own word, else the loop's; `once` forbids the default.  What
 * says nothing is told: an interruption is rare, and then it is too late.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

static const struct {
	const char *word;
	bool fails;
} words[] = {
	{ "rerun", false },
	{ "fail", true },
	{ "$current", false },
};

/* Is it a word of ours?  Then what it says. */
static bool
is_word(const char *text, bool *fails)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		if (strcmp(words[i].word, text) != 0)
			continue;
		*fails = words[i].fails;
		return true;
	}
	return false;
}

/* The word wins over a state that has it for a name. */
static void
say_hidden(struct loader *l, const struct val *v, const char *path)
{
	if (map_get(&l->linker.states, v->t.p))
		diag_add(l->diags, v->at, "W247", path,
		    "'%s' is taken for the word, not for the state of that "
		    "name",
		    v->t.p);
}

/* What is written in `src`; `from` NULL: what is wrong has been said. */
static bool
read_word(struct loader *l, const struct val *src, const struct link_from *from,
    struct state *s)
{
	const struct val *v = load_kind(src, "on_interrupted", VAL_TEXT);
	const struct map_entry *e;

	if (!v)
		return false;
	if (is_word(v->t.p, &s->fails_interrupted)) {
		if (from)
			say_hidden(l, v, from->path);
		return true;
	}
	if (from) {
		link_target(&l->linker, from, v, &s->on_interrupted);
		return true;
	}
	e = map_get(&l->linker.states, v->t.p);
	s->on_interrupted = (struct target) {
		.name = v->t.p, .to = e ? e->value : NULL, .at = v->at
	};
	return true;
}

/* Is there nothing of its own that could be interrupted? */
static const char *
why_idle(const struct state *s)
{
	if (s->terminal)
		return "is terminal and does nothing";
	if (s->call.word && !s->fan.as)
		return "runs a loop, which goes on where it stood";
	if (!s->action && !s->fan.as && !load_get(s->src, "fragment"))
		return "has no action";
	return NULL;
}

static void
check(struct loader *l, const struct state *s, const char *path)
{
	static const char *const keys[] = { "once", "on_interrupted" };
	const char *why = l->partial ? NULL : why_idle(s);

	for (size_t i = 0; why && i < COUNT(keys); i++)
		if (load_get(s->src, keys[i]))
			diag_add(l->diags, load_at(s->src, keys[i]), "W248",
			    path, "'%s' never counts: state '%s' %s", keys[i],
			    s->name, why);
	if (s->once && load_get(s->src, "max_retries"))
		diag_add(l->diags, load_at(s->src, "once"), "W249", path,
		    "'once' is for interruptions only: 'max_retries' enters "
		    "state '%s' again all the same",
		    s->name);
}

void
load_interrupted(struct loader *l, struct state *s)
{
	const char *path = load_path(l, "states.%s", s->name);
	const struct link_from from = { s, path, false };
	bool own = read_word(l, s->src, &from, s), reruns;

	s->once = load_true(s->src, "once");
	if (!own)
		read_word(l, l->loop->src, NULL, s);
	reruns = !s->fails_interrupted && !s->on_interrupted.name;
	if (s->once && own && reruns)
		diag_add(l->diags, load_at(s->src, "on_interrupted"), "E246",
		    path,
		    "'once' forbids to execute state '%s' again, which "
		    "'on_interrupted' asks for",
		    s->name);
	if (s->once && reruns)
		s->fails_interrupted = true;
	check(l, s, path);
}

void
load_loop_interrupted(struct loader *l)
{
	const struct link_from from = { NULL, "on_interrupted", false };
	struct state unused = { 0 };

	read_word(l, l->loop->src, &from, &unused);
}
