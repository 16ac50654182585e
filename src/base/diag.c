/* Located complaints: a growing array whose texts live in its own arena. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DIAGS_MAX = 500 };

static struct diag *
diag_slot(struct diags *d)
{
	if (d->len == d->room) {
		d->room = d->room ? d->room * 2 : 16;
		d->at = mem_grow(d->at, d->room * sizeof(*d->at));
	}
	return &d->at[d->len++];
}

void
diag_add(struct diags *d, struct place at, const char *id, const char *path,
    const char *fmt, ...)
{
	struct diag *x;
	va_list ap;

	if (d->len > DIAGS_MAX)
		return;
	x = diag_slot(d);
	x->order = d->len;
	x->at = at;
	x->at.file = arena_strdup(&d->mem, at.file);
	x->path = arena_strdup(&d->mem, path);
	if (d->len > DIAGS_MAX) {
		x->id = "E000";
		x->msg = "too many findings; the rest is not shown";
	} else {
		x->id = arena_strdup(&d->mem, id);
		va_start(ap, fmt);
		x->msg = arena_vprintf(&d->mem, fmt, ap);
		va_end(ap);
	}
	x->sev = x->id[0] == 'W' ? SEV_WARNING : SEV_ERROR;
	if (x->sev == SEV_ERROR)
		d->errors++;
	else
		d->warnings++;
}

static int
by_place(const void *pa, const void *pb)
{
	const struct diag *a = pa, *b = pb;
	const char *fa = a->at.file ? a->at.file : "";
	const char *fb = b->at.file ? b->at.file : "";
	int c = strcmp(fa, fb);

	if (c == 0)
		c = (a->at.line > b->at.line) - (a->at.line < b->at.line);
	if (c == 0)
		c = (a->at.col > b->at.col) - (a->at.col < b->at.col);
	if (c == 0)
		c = (a->order > b->order) - (a->order < b->order);
	return c;
}

static bool
same_place(const struct place *a, const struct place *b)
{
	return a->line && a->line == b->line && a->col == b->col && a->file &&
	    b->file && strcmp(a->file, b->file) == 0;
}

/* What is used twice, such as a fragment, is wrong once. */
static bool
was_said(const struct diags *d, const struct diag *x)
{
	for (size_t i = d->len; i-- > 0;) {
		const struct diag *old = &d->at[i];

		if (!same_place(&old->at, &x->at))
			return false;
		if (strcmp(old->id, x->id) == 0 &&
		    strcmp(old->msg, x->msg) == 0)
			return true;
	}
	return false;
}

void
diags_sort(struct diags *d)
{
	size_t n = d->len;

	if (n)
		qsort(d->at, n, sizeof(*d->at), by_place);
	d->len = 0;
	for (size_t i = 0; i < n; i++) {
		struct diag x = d->at[i];

		if (!was_said(d, &x))
			d->at[d->len++] = x;
		else if (x.sev == SEV_ERROR)
			d->errors--;
		else
			d->warnings--;
	}
}

void
diags_release(struct diags *d)
{
	free(d->at);
	arena_release(&d->mem);
	*d = (struct diags)DIAGS_INIT;
}
