/*
 * Templates, scanned once from left to right; the longest mark wins: `$${`
 * is an escape, `${` up to the first `}` a reference, `${}` and everything
 * else literal.  Literal parts are slices of the source, so an escape simply
 * starts a new slice one byte later.  What stands between the braces is the
 * business of text/ref; values are put in by tmpl_render.c.
 */
#include "text/tmpl.h"
#include "text/render.h"

#include <string.h>

#include "base/vec.h"

struct scan {
	struct arena *mem;
	const struct val *src;
	const char *path;
	const char *item;
	struct diags *diags;
	VEC(struct part) parts;
	size_t from; /* start of the literal that is being scanned */
	size_t nrefs;
};

static void
flush(struct scan *s, size_t to)
{
	struct part part = { { s->src->t.p + s->from, to - s->from }, NULL,
		s->from };

	if (to > s->from)
		vec_push(&s->parts, part);
}

/* The body at `off` (of "${"), `n` bytes; a bad one stays literal. */
static void
take_ref(struct scan *s, size_t off, size_t n)
{
	struct ref_source body = { s->mem, { s->src->t.p + off + 2, n },
		val_place_at(s->src, off), s->path, s->diags, s->item };
	const struct ref *ref = ref_parse(&body);
	struct part part = { { NULL, 0 }, ref, off };

	if (!ref)
		return;
	flush(s, off);
	vec_push(&s->parts, part);
	s->nrefs++;
	s->from = off + n + 3;
}

/* One step at a '$'; the offset where to go on. */
static size_t
dollar(struct scan *s, size_t i)
{
	struct sv t = s->src->t;
	struct sv rest = { t.p + i, t.n - i };
	const char *end;

	if (sv_starts(rest, "$${")) {
		flush(s, i);
		s->from = i + 1;
		return i + 3;
	}
	if (!sv_starts(rest, "${"))
		return i + 1;
	end = memchr(rest.p, '}', rest.n);
	if (!end) {
		diag_add(s->diags, val_place_at(s->src, i), "E401", s->path,
		    "'${' is not closed; write '$${' for a literal one");
		return i + 2;
	}
	if (end == rest.p + 2)
		return i + 3;
	take_ref(s, i, (size_t)(end - rest.p - 2));
	return i + (size_t)(end - rest.p) + 1;
}

static void
scan(struct scan *s)
{
	struct sv t = s->src->t;

	for (size_t i = 0; i < t.n;) {
		const char *at = memchr(t.p + i, '$', t.n - i);

		if (!at)
			break;
		i = dollar(s, (size_t)(at - t.p));
	}
	flush(s, t.n);
}

/* A number or the like is its own text. */
static const struct val *
as_text(struct arena *a, const struct val *v)
{
	struct str out = STR_INIT;
	struct val *text;

	if (v->kind == VAL_TEXT)
		return v;
	val_render(&out, v);
	text = val_bytes(a, out.buf, out.len);
	text->at = v->at;
	text->origin = v->origin;
	text->style = STYLE_FOLDED;
	str_release(&out);
	return text;
}

struct tmpl *
tmpl_compile_item(struct arena *a, const struct val *text, const char *path,
    const char *item, struct diags *diags)
{
	struct tmpl *t = arena_new(a, sizeof(*t));
	struct scan s = { .mem = a,
		.src = as_text(a, text),
		.path = path,
		.item = item,
		.diags = diags };
	struct part *part;

	scan(&s);
	part = arena_new(a, s.parts.len * sizeof(*part));
	if (s.parts.len)
		memcpy(part, s.parts.at, s.parts.len * sizeof(*part));
	t->src = s.src;
	t->part = part;
	t->nparts = s.parts.len;
	t->nrefs = s.nrefs;
	vec_release(&s.parts);
	return t;
}

struct tmpl *
tmpl_compile(struct arena *a, const struct val *text, const char *path,
    struct diags *diags)
{
	return tmpl_compile_item(a, text, path, NULL, diags);
}

bool
tmpl_is_plain(const struct tmpl *t)
{
	return t->nrefs == 0;
}
