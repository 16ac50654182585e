/*
 * What a run claims.  Here only what the text alone says is refused: where a
 * path leads is known when a run begins.
 */
#include "loop/load_part.h"

#include <string.h>

#include "base/auto.h"

static const struct {
	const char *key;
	int kind;
} rows[] = {
	{ "scope", CLAIM_PATH },
	{ "scope_shared", CLAIM_SHARED },
	{ "resources", CLAIM_NAME },
};

/* Values that are there before a run begins. */
static void
check_refs(struct loader *l, const struct tmpl *t, const char *path)
{
	for (size_t i = 0; i < t->nparts; i++) {
		const struct ref *r = t->part[i].ref;

		if (r && r->ns != NS_CONTEXT && r->ns != NS_ENV)
			diag_add(l->diags, r->at, "E226", path,
			    "'${%s}' is not known before the run begins; only "
			    "${context.*} and ${env.*} can be used here",
			    r->text);
	}
}

/* Does it leave the project, by what is written? */
static bool
climbs(const char *text)
{
	struct sv rest = sv(text), one;
	int depth = 0;

	while (depth >= 0 && sv_cut(&rest, '/', &one)) {
		if (sv_eq(one, ".."))
			depth--;
		else if (one.n && !sv_eq(one, "."))
			depth++;
	}
	return depth < 0;
}

static void
check_text(struct loader *l, const struct val *v, int kind, const char *path)
{
	const char *text = v->t.p, *why = NULL;

	if (!*text)
		why = kind == CLAIM_NAME
		    ? "names nothing"
		    : "is empty ('.' is the whole project)";
	else if (kind == CLAIM_NAME)
		why = strcmp(text, "user:") == 0 ? "names nothing" : NULL;
	else if (strpbrk(text, "*?["))
		diag_add(l->diags, v->at, "W239", path,
		    "'%.60s' is a pattern, which no run can claim: it will "
		    "not start (claim the directory that holds it all)",
		    text);
	else if (*text != '/' && climbs(text))
		why = "leads out of the project";
	if (why)
		diag_add(
		    l->diags, v->at, "E226", path, "'%.60s' %s", text, why);
}

static void
read_one(struct loader *l, struct claimed *out, const struct val *v, int kind,
    const char *path)
{
	out->kind = kind;
	out->tmpl = tmpl_compile(l->mem, v, path, l->diags);
	if (tmpl_is_plain(out->tmpl))
		check_text(l, v, kind, path);
	else
		check_refs(l, out->tmpl, path);
}

void
load_scope(struct loader *l)
{
	const struct val *src = l->loop->src;
	struct claimed *at;
	size_t n = 0;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct val *list = load_kind(src, rows[i].key, VAL_LIST);

		n += list ? list->list.len : 0;
	}
	at = arena_new(l->mem, (n + 1) * sizeof(*at));
	n = 0;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct val *list = load_kind(src, rows[i].key, VAL_LIST);

		for (size_t k = 0; list && k < list->list.len; k++)
			if (list->list.at[k]->kind == VAL_TEXT)
				read_one(l, &at[n++], list->list.at[k],
				    rows[i].kind,
				    load_path(l, "%s[%zu]", rows[i].key, k));
	}
	l->loop->claimed = at;
	l->loop->nclaimed = n;
}
