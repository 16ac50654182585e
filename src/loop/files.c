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

void
loop_files_release(struct loop_files *f)
{
	free(f->at);
	arena_release(&f->mem);
	*f = (struct loop_files)LOOP_FILES_INIT;
}
