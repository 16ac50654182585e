/*
 * Steps as refs.  A step of a called loop is a step within a step: 3.2 is the
 * second of what step 3 called.
 */
#include "os/git_refs.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"

int
git_refs_find(
    struct git_room *g, const char *glob, struct git_refs *out, struct err *e)
{
	git_reference_iterator *it;
	git_reference *ref;

	if (g->l.git_reference_iterator_glob_new(&it, g->main, glob) < 0)
		return gitlib_failed(&g->l, glob, e);
	while (g->l.git_reference_next(&ref, it) == 0) {
		vec_push(&out->name,
		    arena_strdup(g->mem, g->l.git_reference_name(ref)));
		g->l.git_reference_free(ref);
	}
	g->l.git_reference_iterator_free(it);
	return 0;
}

int
git_refs_step_cmp(const char *a, const char *b)
{
	while (*a && *b) {
		char *ea, *eb;
		long long x = strtoll(a, &ea, 10), y = strtoll(b, &eb, 10);

		if (x != y)
			return x < y ? -1 : 1;
		if (ea == a || eb == b)
			return strcmp(a, b);
		a = *ea == '.' ? ea + 1 : ea;
		b = *eb == '.' ? eb + 1 : eb;
	}
	return *a ? 1 : *b ? -1 : 0;
}

/* Is it that step, or inside it? */
static bool
is_within(const char *step, const char *of)
{
	size_t n = strlen(of);

	return strncmp(step, of, n) == 0 && (step[n] == '\0' || step[n] == '.');
}

const char *
git_refs_step(
    struct git_room *g, const char *name, const char *step, struct err *e)
{
	const char *best = NULL;
	struct git_refs all = { VEC_INIT };

	if (git_refs_find(g, arena_printf(g->mem, "refs/ll/snap/%s/*", name),
		&all, e) < 0)
		return NULL;
	for (size_t i = 0; i < all.name.len; i++) {
		const char *this = path_base(all.name.at[i]);

		if (git_refs_step_cmp(this, step) > 0 && !is_within(this, step))
			continue;
		if (!best || git_refs_step_cmp(this, path_base(best)) > 0)
			best = all.name.at[i];
	}
	vec_release(&all.name);
	if (!best)
		err_set(e, ERR_ABSENT,
		    "there is no snapshot of '%s' up to step %s", name, step);
	return best;
}

const char *
git_refs_last(struct git_room *g, const char *name)
{
	struct err unused = ERR_INIT;

	/* No run gets there. */
	return git_refs_step(g, name, "9223372036854775807", &unused);
}
