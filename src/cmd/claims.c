/*
 * The scope of a run.  An entry that is one reference to a list is as many
 * claims; everything else is text.
 */
#include "cmd/claims.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/str.h"
#include "text/mask.h"
#include "text/render.h"

static int
get(void *self, const struct ref *r, struct arena *a, const struct val **out,
    struct err *why)
{
	const struct claims_from *f = self;
	const struct val *v = f->context;
	const char *text;

	if (r->ns == NS_ENV) {
		text = getenv(r->path);
		*out = text ? val_text(a, text) : NULL;
		return text ? 1
			    : (err_set(why, ERR_INPUT,
				   "%s: not set in the environment", r->text),
				  0);
	}
	for (size_t i = 0; v && i < r->nseg; i++)
		v = val_step(v, r->seg[i]);
	*out = v;
	if (!v)
		err_set(why, ERR_INPUT, "%s: there is no such value", r->text);
	return v != NULL;
}

/* Of an entry that is one reference to a list. */
static const struct val *
list_of(const struct claims_from *f, const struct tmpl *t, struct arena *a)
{
	struct lookup all = { get, (void *)(uintptr_t)f };
	struct err ignored = ERR_INIT;
	const struct val *v;

	if (t->nparts != 1 || !t->part[0].ref)
		return NULL;
	v = ref_value(t->part[0].ref, &all, a, &ignored);
	return v && v->kind == VAL_LIST ? v : NULL;
}

static int
add(const struct claims_from *f, const struct claimed *c, const char *text,
    struct arena *a, struct scope *out, struct err *e)
{
	if (f->mask && mask_hits(f->mask, sv(text)))
		return err_set(e, ERR_INPUT,
		    "the value of a secret is part of it, which cannot be "
		    "hidden");
	return c->kind == CLAIM_NAME
	    ? scope_name(out, a, text, e)
	    : scope_path(out, a, f->root, text, c->kind == CLAIM_SHARED, e);
}

static int
add_one(const struct claims_from *f, const struct claimed *c, struct arena *a,
    struct scope *out, struct err *e)
{
	struct lookup all = { get, (void *)(uintptr_t)f };
	const struct val *list = list_of(f, c->tmpl, a);
	auto_str text = STR_INIT;

	for (size_t i = 0; list && i < list->list.len; i++) {
		str_reset(&text);
		val_render(&text, list->list.at[i]);
		if (add(f, c, text.buf, a, out, e) < 0)
			return -1;
	}
	if (list)
		return 0;
	return tmpl_render(c->tmpl, &all, a, &text, NULL, e) < 0
	    ? -1
	    : add(f, c, text.buf, a, out, e);
}

static const char *
key_of_claim(const struct claimed *c)
{
	static const char *const names[] = {
		[CLAIM_PATH] = "scope",
		[CLAIM_SHARED] = "scope_shared",
		[CLAIM_NAME] = "resources",
	};

	return names[c->kind];
}

int
claims_make(const struct claims_from *f, struct arena *a, struct scope *out,
    struct err *e)
{
	struct scope s = { 0 };

	for (size_t i = 0; i < f->loop->nclaimed; i++) {
		const struct claimed *c = &f->loop->claimed[i];
		struct place at = c->tmpl->src->at;

		if (add_one(f, c, a, &s, e) < 0)
			return err_wrap(e, "%s:%d:%d: `%s`",
			    at.file ? at.file : "?", at.line, at.col,
			    key_of_claim(c));
	}
	if (!f->loop->nclaimed && scope_path(&s, a, f->root, ".", false, e) < 0)
		return -1;
	*out = s;
	return 0;
}

/* ---- for a page ---- */

/* One entry, as far as it is known. */
static void
show(const struct claims_from *f, const struct claimed *c, struct arena *a,
    struct val *list)
{
	struct err ignored = ERR_INIT;
	struct scope s = { 0 };

	if (add_one(f, c, a, &s, &ignored) < 0) {
		val_push(a, list, c->tmpl->src);
		return;
	}
	for (size_t i = 0; i < s.n; i++)
		val_push(a, list, val_text(a, s.at[i].text));
}

const struct val *
claims_val(const struct claims_from *f, struct arena *a)
{
	struct val *lists[] = { val_list(a), val_list(a), val_list(a) };
	struct val *v = val_map(a);
	struct err ignored = ERR_INIT;
	struct scope all = { 0 };

	for (size_t i = 0; i < f->loop->nclaimed; i++)
		show(f, &f->loop->claimed[i], a,
		    lists[f->loop->claimed[i].kind]);
	if (!f->loop->nclaimed && claims_make(f, a, &all, &ignored) == 0)
		val_push(a, lists[CLAIM_PATH], val_text(a, all.at[0].text));
	val_set(a, v, "declared", val_bool(a, f->loop->nclaimed > 0));
	val_set(a, v, "paths", lists[CLAIM_PATH]);
	val_set(a, v, "shared", lists[CLAIM_SHARED]);
	val_set(a, v, "resources", lists[CLAIM_NAME]);
	val_set(a, v, "singleton", val_bool(a, f->loop->singleton));
	return v;
}
