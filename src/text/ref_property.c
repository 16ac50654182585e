/*
 * What the closed namespaces hold: state, loop, prev and messages have fixed
 * properties, so a misspelt one is told at load.
 */
#include "text/ref_property.h"

#include <string.h>

#include "base/auto.h"

/* What the closed namespaces hold; `deep`: more may follow the name. */
static const struct property {
	enum ref_ns ns;
	const char *name;
	bool deep;
} properties[] = {
	{ NS_STATE, "name", false },
	{ NS_STATE, "iteration", false },
	{ NS_LOOP, "name", false },
	{ NS_LOOP, "started_at", false },
	{ NS_LOOP, "elapsed_ms", false },
	{ NS_LOOP, "elapsed", false },
	{ NS_PREV, "output", true },
	{ NS_PREV, "exit_code", true },
	{ NS_PREV, "state", true },
	{ NS_PREV, "timeout_kind", true },
	{ NS_MESSAGES, "output", false },
	{ NS_MESSAGES, "summary", false },
};

static const char *
nearest_property(enum ref_ns ns, const char *word)
{
	const char *best = NULL;
	int least = 4;

	for (size_t i = 0; i < COUNT(properties); i++) {
		int d;

		if (properties[i].ns != ns)
			continue;
		d = sv_distance(word, properties[i].name, least);
		if (d < least) {
			least = d;
			best = properties[i].name;
		}
	}
	return best;
}

/* `last(N)`: a decimal number of messages. */
static bool
is_last(struct sv name)
{
	long long n;

	return sv_starts(name, "last(") && sv_ends(name, ")") &&
	    sv_to_long(sv_make(name.p + 5, name.n - 6), 0, 1000000000, &n);
}

/* A known property with something behind it that is no suffix,
 * such as the shell's `:0:19`.  Loop files of the reference
 * hold such in steps that are seldom reached: they load, and
 * the step fails when it is reached. */
static bool
is_sliced(const struct ref_source *s, const struct ref *r)
{
	const char *colon = memchr(r->seg[0].p, ':', r->seg[0].n);
	size_t n = colon ? (size_t)(colon - r->seg[0].p) : 0;

	for (size_t i = 0; n && i < COUNT(properties); i++) {
		const struct property *p = &properties[i];

		if (p->ns != r->ns || !sv_eq(sv_make(r->seg[0].p, n), p->name))
			continue;
		diag_add(s->diags, s->at, "W406", s->path,
		    "'${%s}': '%s' is no suffix; the step "
		    "fails when it is "
		    "reached",
		    ref_show(s, s->body), colon);
		return true;
	}
	return false;
}

bool
ref_check_property(const struct ref_source *s, const struct ref *r)
{
	const char *near, *word;
	bool closed = false;

	if (r->nseg == 0 ||
	    (r->ns == NS_MESSAGES && r->nseg == 1 && is_last(r->seg[0])))
		return true;
	for (size_t i = 0; i < COUNT(properties); i++) {
		const struct property *p = &properties[i];

		if (p->ns != r->ns)
			continue;
		closed = true;
		if (sv_eq(r->seg[0], p->name) && (r->nseg == 1 || p->deep))
			return true;
	}
	if (!closed || is_sliced(s, r))
		return true;
	word = arena_dup(s->mem, r->seg[0].p, r->seg[0].n);
	near = r->nseg == 1 ? nearest_property(r->ns, word) : NULL;
	diag_add(s->diags, s->at, "E403", s->path,
	    "'${%s}': %s has no '%s'%s%s%s", ref_show(s, s->body),
	    ref_ns_name(r->ns), ref_show(s, sv(r->path)),
	    near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return false;
}
