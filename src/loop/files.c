/* A list of files that outlives the loop they made, or failed to make. */
#include "loop/files.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static bool
is_known(const struct loop_files *f, const struct loop_file *x)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->at[i].text.n == x->text.n &&
		    strcmp(f->at[i].path, x->path) == 0 &&
		    (x->text.n == 0 ||
			memcmp(f->at[i].text.p, x->text.p, x->text.n) == 0))
			return true;
	return false;
}

void
loop_files_add(struct loop_files *f, const struct loop_file *x)
{
	struct loop_file copy = *x;
	struct arena *a = &f->mem;

	if (is_known(f, x))
		return;
	copy.path = arena_strdup(a, x->path);
	copy.text = sv_make(arena_dup(a, x->text.p, x->text.n), x->text.n);
	copy.how = x->how ? arena_strdup(a, x->how) : NULL;
	if (x->via.file)
		copy.via.file = arena_strdup(a, x->via.file);
	if (f->n == f->room) {
		f->room = f->room ? f->room * 2 : 4;
		f->at = mem_grow(f->at, f->room * sizeof(*f->at));
	}
	f->at[f->n++] = copy;
}

static bool
is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static const struct loop_word *
find_word(const struct loop_files *f, const char *by, const char *word)
{
	for (size_t i = 0; i < f->nwords; i++)
		if (is_same(f->words[i].by, by) &&
		    strcmp(f->words[i].word, word) == 0)
			return &f->words[i];
	return NULL;
}

void
loop_files_say(struct loop_files *f, const struct loop_word *x)
{
	struct arena *a = &f->mem;
	struct loop_word copy = {
		.by = x->by ? arena_strdup(a, x->by) : NULL,
		.word = arena_strdup(a, x->word),
		.path = arena_strdup(a, x->path),
	};

	if (find_word(f, x->by, x->word))
		return;
	if (f->nwords == f->words_room) {
		f->words_room = f->words_room ? f->words_room * 2 : 4;
		f->words =
		    mem_grow(f->words, f->words_room * sizeof(*f->words));
	}
	f->words[f->nwords++] = copy;
}

const struct loop_file *
loop_files_meant(const struct loop_files *f, const char *by, const char *word)
{
	const struct loop_word *w = find_word(f, by, word);

	for (size_t i = 0; w && i < f->n; i++)
		if (strcmp(f->at[i].path, w->path) == 0)
			return &f->at[i];
	return NULL;
}

void
loop_files_release(struct loop_files *f)
{
	free(f->at);
	free(f->words);
	arena_release(&f->mem);
	*f = (struct loop_files)LOOP_FILES_INIT;
}
