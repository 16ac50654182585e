/*
 * Names to values.  A value that is a list or mapping hides each text and
 * number in it, since that is what comes back from programs.  Refuses what
 * would hide everything: `***` for every "a" is no output any more.
 */
#include "cmd/secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "text/mask_form.h"
#include "text/render.h"
#include "text/yml.h"

struct gather {
	struct secrets *into;
	const char *name;
	bool strict;
	size_t room; /* for the values that are still to come */
	struct err *e;
};

static int
add_bytes(struct gather *g, struct sv value)
{
	if (!value.n)
		return 0;
	if (!mask_can_hide(value))
		return g->strict
		    ? err_set(g->e, ERR_INPUT,
			  "secret '%s': a value of %zu byte%s cannot be "
			  "hidden: it needs a line of at least %d (`***` for "
			  "a shorter text would stand everywhere)",
			  g->name, value.n, value.n == 1 ? "" : "s", MASK_MIN)
		    : 0;
	if (value.n > g->room)
		return g->strict ? err_set(g->e, ERR_INPUT,
				       "secret '%s': the values of all secrets "
				       "have more than %d KiB",
				       g->name, SECRETS_MAX / 1024)
				 : 0;
	g->room -= value.n;
	mask_add(g->into->mask, value);
	return 0;
}

static int
add_val(struct gather *g, const struct val *v, bool top)
{
	auto_str text = STR_INIT;

	switch (v->kind) {
	case VAL_NULL:
		return 0;
	case VAL_BOOL:
		return top && g->strict
		    ? err_set(g->e, ERR_INPUT,
			  "secret '%s': a value that is true or false cannot "
			  "be hidden",
			  g->name)
		    : 0;
	case VAL_LIST:
		for (size_t i = 0; i < v->list.len; i++)
			if (add_val(g, v->list.at[i], false) < 0)
				return -1;
		return 0;
	case VAL_MAP:
		for (size_t i = 0; i < v->map.len; i++)
			if (add_val(g, v->map.at[i].v, false) < 0)
				return -1;
		return 0;
	default:
		val_render(&text, v);
		return add_bytes(g, str_sv(&text));
	}
}

/* The value of KEY=VALUE if the key has this name, as loop/inputs reads it. */
static bool
pair_value(const char *pair, const char *name, struct sv *value)
{
	struct sv rest = sv(pair), key;

	if (!strchr(pair, '='))
		return false;
	sv_cut(&rest, '=', &key);
	*value = rest;
	return sv_eq(sv_trim(key), name);
}

static int
add_name(struct gather *g, const struct secrets_from *from)
{
	const char *env = getenv(g->name);

	for (size_t i = 0; i < from->ncontexts; i++) {
		const struct val *v = from->contexts[i]
		    ? val_get(from->contexts[i], g->name)
		    : NULL;

		if (v && add_val(g, v, true) < 0)
			return -1;
	}
	for (size_t i = 0; i < from->npairs; i++) {
		struct sv value;

		if (pair_value(from->pairs[i], g->name, &value) &&
		    add_bytes(g, value) < 0)
			return -1;
	}
	return env ? add_bytes(g, sv(env)) : 0;
}

static bool
is_name(const struct val *v)
{
	return v->kind == VAL_TEXT && v->t.n && !memchr(v->t.p, '=', v->t.n);
}

static int
gather(struct gather *g, const struct secrets_from *from)
{
	for (size_t i = 0; i < from->nlists; i++) {
		const struct val *list = from->lists[i];

		if (!list || list->kind != VAL_LIST)
			continue;
		for (size_t k = 0; k < list->list.len; k++) {
			if (!is_name(list->list.at[k]))
				continue;
			g->name = list->list.at[k]->t.p;
			if (add_name(g, from) < 0)
				return -1;
		}
	}
	return 0;
}

static int
add(struct secrets *s, const struct secrets_from *from, bool strict,
    struct err *e)
{
	struct gather g = { s, "", strict, SECRETS_MAX, e };
	int rc;

	if (!s->mask)
		s->mask = mask_new();
	rc = gather(&g, from);
	if (mask_is_empty(s->mask))
		secrets_release(s);
	else
		mask_seal(s->mask);
	return rc;
}

int
secrets_add(struct secrets *s, const struct secrets_from *from, struct err *e)
{
	return add(s, from, true, e);
}

void
secrets_add_all(struct secrets *s, const struct secrets_from *from)
{
	struct err unused = ERR_INIT;

	add(s, from, false, &unused);
}

/* The defaults of `parameters`, by name. */
static const struct val *
defaults(struct arena *a, const struct val *doc)
{
	const struct val *all = val_get(doc, "parameters");
	struct val *out = val_map(a);

	if (!all || all->kind != VAL_MAP)
		return out;
	for (size_t i = 0; i < all->map.len; i++) {
		const struct val *v = val_get(all->map.at[i].v, "default");

		if (v)
			val_set(a, out, all->map.at[i].key, v);
	}
	return out;
}

void
secrets_add_files(
    struct secrets *s, const struct loop_files *files, const struct val *names)
{
	auto_arena a = ARENA_INIT;
	size_t room = 2 * files->n + 1;
	const struct val **list = arena_new(&a, room * sizeof(*list));
	const struct val **context = arena_new(&a, room * sizeof(*context));
	struct secrets_from from = { list, 1, context, 0, NULL, 0 };
	struct diags unused = DIAGS_INIT;
	bool any = names && names->kind == VAL_LIST && names->list.len;

	list[0] = names;
	for (size_t i = 0; i < files->n; i++)
		any |= memmem(files->at[i].text.p, files->at[i].text.n,
			   "secrets", strlen("secrets")) != NULL;
	for (size_t i = 0; any && i < files->n; i++) {
		const struct loop_file *f = &files->at[i];
		const struct val *doc =
		    yml_read(&a, "", f->text.p, f->text.n, &unused);

		list[from.nlists++] = val_get(doc, "secrets");
		context[from.ncontexts++] = val_get(doc, "context");
		context[from.ncontexts++] = defaults(&a, doc);
	}
	diags_release(&unused);
	if (any)
		secrets_add_all(s, &from);
}

static bool
has_value(const struct secrets_from *from, const char *name)
{
	const char *env = getenv(name);
	struct sv value;

	for (size_t i = 0; i < from->ncontexts; i++) {
		const struct val *v =
		    from->contexts[i] ? val_get(from->contexts[i], name) : NULL;

		if (v && v->kind != VAL_NULL && (v->kind != VAL_TEXT || v->t.n))
			return true;
	}
	for (size_t i = 0; i < from->npairs; i++)
		if (pair_value(from->pairs[i], name, &value) && value.n)
			return true;
	return env && *env;
}

const struct val *
secrets_names(struct arena *a, const struct secrets_from *from, bool found)
{
	struct val *seen = val_map(a), *out = val_list(a);

	for (size_t i = 0; i < from->nlists; i++) {
		const struct val *list = from->lists[i];

		for (size_t k = 0;
		     list && list->kind == VAL_LIST && k < list->list.len;
		     k++) {
			const struct val *name = list->list.at[k];

			if (!is_name(name) || val_get(seen, name->t.p))
				continue;
			val_set(a, seen, name->t.p, name);
			if (has_value(from, name->t.p) == found)
				val_push(a, out, name);
		}
	}
	return out;
}

void
secrets_release(struct secrets *s)
{
	mask_free(s->mask);
	*s = (struct secrets) { 0 };
}

void
secrets_hide_err(const struct secrets *s, struct err *e)
{
	struct sv text = sv(e->msg);
	bool cut = sv_ends(text, "...");
	auto_str out = STR_INIT;

	/* A value that was cut is at the end, before the dots. */
	text.n -= cut ? 3 : 0;
	if (!s->mask || !mask_hits(s->mask, text))
		return;
	mask_text(s->mask, text, &out);
	str_adds(&out, cut ? "..." : "");
	snprintf(e->msg, sizeof(e->msg), "%s", out.buf);
}

void
secrets_hide_tail(const struct secrets *s, struct str *text, size_t from)
{
	struct sv tail = sv_make(text->buf + from, text->len - from);
	auto_str out = STR_INIT;

	if (!s->mask || !mask_hits(s->mask, tail))
		return;
	mask_text(s->mask, tail, &out);
	str_cut(text, from);
	str_add(text, out.buf, out.len);
}
