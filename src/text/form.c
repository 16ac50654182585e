/*
 * Forms: a tree beside the tree of the value, with a template at each text
 * that is more than its own bytes.  Parts without any are handed out as they
 * were written, so a literal costs nothing when it is filled.
 */
#include "text/form.h"

#include <string.h>

#include "base/auto.h"

struct form {
	const struct val *v;
	const char *path;
	const struct tmpl *tmpl;       /* text with references or `$${` */
	const struct form *const *sub; /* of a list or map, by its index */
	bool plain;                    /* no reference in it */
	bool same;                     /* filled, it is `v` itself */
};

struct compiling {
	struct arena *mem;
	const char *item;
	struct diags *diags;
};

static size_t
size_of(const struct val *v)
{
	return v->kind == VAL_LIST ? v->list.len
	    : v->kind == VAL_MAP   ? v->map.len
				   : 0;
}

static const struct val *
val_of(const struct val *v, size_t i)
{
	return v->kind == VAL_LIST ? v->list.at[i] : v->map.at[i].v;
}

static const char *
path_of(const struct compiling *c, const struct form *f, size_t i)
{
	if (f->v->kind == VAL_LIST)
		return arena_printf(c->mem, "%s[%zu]", f->path, i);
	return arena_printf(c->mem, "%s.%s", f->path, f->v->map.at[i].key);
}

static void
compile_text(const struct compiling *c, struct form *f)
{
	const struct tmpl *t =
	    tmpl_compile_item(c->mem, f->v, f->path, c->item, c->diags);

	f->plain = tmpl_is_plain(t);
	f->same = f->plain && !memmem(f->v->t.p, f->v->t.n, "$${", 3);
	if (!f->same)
		f->tmpl = t;
}

/* As deep as the value, which the reader bounds. */
static const struct form *
compile(const struct compiling *c, const struct val *v, const char *path)
{
	struct form *f = arena_new(c->mem, sizeof(*f));
	size_t n = size_of(v);
	const struct form **sub;

	*f =
	    (struct form) { .v = v, .path = path, .plain = true, .same = true };
	if (v->kind == VAL_TEXT)
		compile_text(c, f);
	if (!n)
		return f;
	sub = arena_new(c->mem, n * sizeof(*sub));
	for (size_t i = 0; i < n; i++) {
		sub[i] = compile(c, val_of(v, i), path_of(c, f, i));
		f->plain = f->plain && sub[i]->plain;
		f->same = f->same && sub[i]->same;
	}
	f->sub = sub;
	return f;
}

const struct form *
form_compile(
    struct arena *a, const struct form_source *from, struct diags *diags)
{
	const struct compiling c = { a, from->item, diags };

	return compile(&c, from->v, from->path);
}

bool
form_is_plain(const struct form *f)
{
	return f->plain;
}

const struct val *
form_src(const struct form *f)
{
	return f->v;
}

const struct form *
form_get(const struct form *f, const char *key)
{
	for (size_t i = 0; f->v->kind == VAL_MAP && i < f->v->map.len; i++)
		if (strcmp(f->v->map.at[i].key, key) == 0)
			return f->sub[i];
	return NULL;
}

void
form_each(const struct form *f, form_visitor *visit, void *self)
{
	size_t n = f->plain ? 0 : size_of(f->v);

	if (!f->plain && f->tmpl)
		visit(self, f->path, f->tmpl);
	for (size_t i = 0; i < n; i++)
		form_each(f->sub[i], visit, self);
}

static const struct val *
fill_text(const struct form *f, const struct lookup *look, struct arena *a,
    struct err *e)
{
	auto_str text = STR_INIT;
	enum origin worst;
	struct val *out;

	if (tmpl_render(f->tmpl, look, a, &text, &worst, e) < 0)
		return NULL;
	out = val_bytes(a, text.buf, text.len);
	out->origin = (unsigned char)worst;
	out->at = f->v->at;
	out->style = STYLE_FOLDED;
	return out;
}

const struct val *
form_fill(const struct form *f, const struct lookup *look, struct arena *a,
    struct err *e)
{
	size_t n = size_of(f->v);
	struct val *out;

	if (f->same)
		return f->v;
	if (f->tmpl)
		return fill_text(f, look, a, e);
	out = f->v->kind == VAL_LIST ? val_list(a) : val_map(a);
	out->origin = f->v->origin;
	out->at = f->v->at;
	for (size_t i = 0; i < n; i++) {
		const struct val *v = form_fill(f->sub[i], look, a, e);
		struct member m;

		if (!v)
			return NULL;
		if (f->v->kind == VAL_LIST) {
			val_push(a, out, v);
			continue;
		}
		m = f->v->map.at[i];
		m.v = v;
		val_add(a, out, m);
	}
	return out;
}
