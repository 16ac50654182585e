/*
 * `config --import`: one table of pairs.  A value that our tables do not
 * take is told like a key that has no counterpart; nothing is guessed.
 */
#include "cmd/config_import.h"

#include <string.h>

#include "base/auto.h"
#include "loop/config.h"
#include "text/json.h"

/* A value as ours; NULL when it means nothing here. */
typedef const struct val *convert(struct arena *, const struct val *);

static const struct val *
as_it_is(struct arena *a, const struct val *v)
{
	(void)a;
	return v;
}

/* Colours on there are colours on a terminal here. */
static const struct val *
colour(struct arena *a, const struct val *v)
{
	if (v->kind != VAL_BOOL)
		return NULL;
	return val_text(a, v->b ? "auto" : "never");
}

static const struct pair {
	const char *section, *key, *ours;
	convert *to;
} pairs[] = {
	{ "loops", "queue_wait_timeout_seconds", "queue_timeout", as_it_is },
	{ "loops", "run_defaults.delay", "run_defaults.delay", as_it_is },
	{ "cli", "color", "color", colour },
	{ "automation", "worktree_base", "worktree.base", as_it_is },
	{ "parallel", "worktree_copy_files", "worktree.copy_files", as_it_is },
	{ "orchestration", "host_cli", "host", as_it_is },
};

struct import {
	struct arena *a;
	struct val *out;
	import_tell *tell;
	void *self;
};

static const char *
theirs(const struct import *in, const struct pair *p)
{
	return arena_printf(in->a, "%s.%s", p->section, p->key);
}

/* Set "a" or "a.b" in a mapping. */
static void
set_path(
    struct arena *a, struct val *map, const char *path, const struct val *v)
{
	const char *dot = strchr(path, '.');
	const char *first =
	    dot ? arena_dup(a, path, (size_t)(dot - path)) : path;
	const struct val *old = val_get(map, first);
	struct val *in;

	if (!dot) {
		val_set(a, map, path, v);
		return;
	}
	in = val_map(a);
	for (size_t i = 0; old && i < old->map.len; i++)
		val_set(a, in, old->map.at[i].key, old->map.at[i].v);
	val_set(a, in, dot + 1, v);
	val_set(a, map, first, in);
}

/* Would the tables take it? */
static bool
is_taken(struct import *in, const struct pair *p, const struct val *v,
    const char **why)
{
	struct val *alone = val_map(in->a);
	struct diags d = DIAGS_INIT;
	bool good;

	set_path(in->a, alone, p->ours, v);
	good = config_check(in->a, alone, &d);
	for (size_t i = 0; i < d.len && !good; i++)
		if (d.at[i].sev == SEV_ERROR)
			*why = arena_strdup(in->a, d.at[i].msg);
	diags_release(&d);
	return good;
}

static void
take(struct import *in, const struct pair *p, const struct val *v)
{
	const struct val *ours = p->to(in->a, v);
	const char *why = "its value has no counterpart";

	if (v->kind == VAL_NULL)
		return;
	if (ours && is_taken(in, p, ours, &why))
		set_path(in->a, in->out, p->ours, ours);
	else
		in->tell(in->self, theirs(in, p), why);
}

static const struct pair *
pair_of(const struct import *in, const char *path)
{
	for (size_t i = 0; i < COUNT(pairs); i++)
		if (strcmp(theirs(in, &pairs[i]), path) == 0)
			return &pairs[i];
	return NULL;
}

/* Does a pair lie below `path`? */
static bool
leads_on(const struct import *in, const char *path)
{
	size_t n = strlen(path);

	for (size_t i = 0; i < COUNT(pairs); i++) {
		const char *full = theirs(in, &pairs[i]);

		if (strncmp(full, path, n) == 0 && full[n] == '.')
			return true;
	}
	return false;
}

/* What says the same as we do anyway. */
static bool
is_nothing_new(const char *path, const struct val *v)
{
	return path[0] == '$' ||
	    (strcmp(path, "loops.loops_dir") == 0 && v->kind == VAL_TEXT &&
		sv_eq(v->t, ".loops"));
}

/* At most as deep as the longest pair. */
static void
walk(struct import *in, const char *prefix, const struct val *map)
{
	for (size_t i = 0; i < map->map.len; i++) {
		const struct member *m = &map->map.at[i];
		const char *path = arena_printf(in->a, "%s%s", prefix, m->key);
		const struct pair *p = pair_of(in, path);

		if (p)
			take(in, p, m->v);
		else if (m->v->kind == VAL_MAP && leads_on(in, path))
			walk(in, arena_printf(in->a, "%s.", path), m->v);
		else if (!is_nothing_new(path, m->v))
			in->tell(in->self, path, NULL);
	}
}

const struct val *
config_import(struct arena *a, const char *file, struct sv text,
    import_tell *tell, void *self, struct err *e)
{
	const struct val *v = json_read(a, text.p, text.n, ORIGIN_OPERATOR, e);
	struct import in = { a, val_map(a), tell, self };

	if (!v) {
		err_wrap(e, "%s", file);
		return NULL;
	}
	if (v->kind != VAL_MAP) {
		err_set(e, ERR_INPUT, "%s: it must be an object, not %s", file,
		    val_kind_name(v->kind));
		return NULL;
	}
	walk(&in, "", v);
	return in.out;
}

/* JSON's scalars and lists of them are YAML too. */
static void
write_member(struct str *out, const char *indent, const struct member *m)
{
	str_addf(out, "%s%s: ", indent, m->key);
	json_write(out, m->v, JSON_COMPACT);
	str_addc(out, '\n');
}

void
config_write(struct str *out, const struct val *map)
{
	for (size_t i = 0; i < map->map.len; i++) {
		const struct member *m = &map->map.at[i];

		if (m->v->kind != VAL_MAP) {
			write_member(out, "", m);
			continue;
		}
		str_addf(out, "%s:\n", m->key);
		for (size_t k = 0; k < m->v->map.len; k++)
			write_member(out, "  ", &m->v->map.at[k]);
	}
}
