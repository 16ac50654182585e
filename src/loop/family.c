/*
 * What a family holds and what is asked of all its members together.  How
 * one gets into it is load_family.c's: that needs the loader.
 */
#include <string.h>

#include "base/mem.h"
#include "loop/family_part.h"

struct family *
family_new(void)
{
	struct family *f = mem_new(sizeof(*f));

	f->circle = FAMILY_NO_CIRCLE;
	return f;
}

void
family_free(struct family *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->all.len; i++)
		loop_free(f->all.at[i]->loop);
	vec_release(&f->all);
	vec_release(&f->chain);
	arena_release(&f->mem);
	free(f);
}

struct relative *
family_known(const struct family *f, const char *path)
{
	for (size_t i = 0; i < f->all.len; i++)
		if (strcmp(f->all.at[i]->path, path) == 0)
			return f->all.at[i];
	return NULL;
}

struct relative *
family_add(struct family *f, const char *path)
{
	struct relative *r;

	if (f->all.len >= FAMILY_MAX)
		return NULL;
	r = arena_new(&f->mem, sizeof(*r));
	r->path = arena_strdup(&f->mem, path);
	vec_push(&f->all, r);
	return r;
}

/* Those that could not be loaded are not counted. */
static const struct loop *
loaded(const struct family *f, size_t want, size_t *n)
{
	*n = 0;
	for (size_t i = 0; f && i < f->all.len; i++) {
		if (!f->all.at[i]->loop)
			continue;
		if (*n == want)
			return f->all.at[i]->loop;
		++*n;
	}
	return NULL;
}

size_t
family_len(const struct family *f)
{
	size_t n;

	loaded(f, (size_t)-1, &n);
	return n;
}

const struct loop *
family_at(const struct family *f, size_t i)
{
	size_t n;

	return loaded(f, i, &n);
}

static void
add_secrets(struct arena *a, struct val **all, const struct val *list)
{
	if (list && !*all)
		*all = val_list(a);
	for (size_t i = 0; list && i < list->list.len; i++) {
		const struct val *v = list->list.at[i];
		bool known = false;

		for (size_t k = 0; k < (*all)->list.len; k++)
			known = known || val_equal((*all)->list.at[k], v);
		if (!known)
			val_push(a, *all, v);
	}
}

const struct val *
family_secrets(
    const struct family *f, const struct loop *first, struct arena *a)
{
	struct val *all = NULL;

	add_secrets(a, &all, first->secrets);
	for (size_t i = 0; f && i < f->all.len; i++)
		if (f->all.at[i]->loop)
			add_secrets(a, &all, f->all.at[i]->loop->secrets);
	return all;
}

const struct later *
family_later(const struct family *f, family_ignores *ignored, void *self)
{
	for (size_t i = 0; f && i < f->all.len; i++) {
		const struct loop *l = f->all.at[i]->loop;

		for (size_t k = 0; l && k < l->nlater; k++)
			if (!ignored(self, l->later[k].key))
				return &l->later[k];
	}
	return NULL;
}
