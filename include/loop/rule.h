/*
 * What every rule of the checker is given.  A rule is one function that
 * looks at the loop and adds findings; loop/check has the list.
 */
#ifndef LOOP_RULE_H
#define LOOP_RULE_H

#include "loop/graph.h"

/* A reference and the field it stands in. */
struct use {
	const struct state *state;
	const char *field; /* below the state: "action", "evaluate.source" */
	bool after;        /* rendered when the state's own capture is set */
	const struct ref *ref;
};

struct checkup {
	const struct loop *loop;
	struct graph graph;
	const struct use *use; /* all references, in file order */
	size_t nuses;
	/* Parts of the loop could not be had, which was told: what is missing
	 * may be there. */
	bool partial;
	/* Sub-loops bring captures of their own. */
	bool children;
	struct arena mem; /* for texts while checking */
	struct diags *diags;
};

typedef void rule(struct checkup *);

void checkup_init(struct checkup *, const struct loop *, struct diags *);
void checkup_release(struct checkup *);

/* A top-level flag such as `capture_reachability_ok`, written and true. */
bool rule_silenced(const struct checkup *, const char *flag);
/* "states.S", or "states.S.field" when `field` is not NULL. */
const char *rule_path(
    struct checkup *, const struct state *, const char *field);
/* The node of a state's key, for its place; the state itself if unwritten. */
struct place rule_place(const struct state *, const char *key);
/* A key of the state's mapping; NULL when unwritten or null. */
const struct val *rule_key(const struct state *, const char *key);
/* Does the state run something else: `loop` or `parallel`? */
bool rule_is_child(const struct state *);
/* Is its verdict a model's? */
bool rule_is_judged(const struct state *);
/* Is it no value for a required input: null, false, 0, "", [] or {}? */
bool rule_is_empty(const struct val *);
/* Without a value the reference fails: no `?`, no `:default=`. */
bool rule_must_exist(const struct ref *);

#endif
