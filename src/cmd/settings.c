/*
 * Settings.  One row each; who may say it, and what it is called there.
 * Types, ranges and built-in values come from the tables of loop/keys, so
 * that a variable is held against the same row as a file.
 */
#include "cmd/settings.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/size.h"
#include "loop/config.h"

/* clang-format off */
static const struct setting_row rows[SETTINGS] = {
	[SET_DURABILITY] =
	    { "durability", "durability", "LL_DURABILITY", false },
	[SET_QUEUE_TIMEOUT] =
	    { "queue_timeout", NULL, "LL_QUEUE_TIMEOUT", false },
	[SET_GRACE] = { "grace", NULL, "LL_GRACE", false },
	[SET_OUTPUT_LIMIT] =
	    { "output_limit", "output_limit", "LL_OUTPUT_LIMIT", false },
	[SET_DISK] = { "limits.disk", "limits.disk", "LL_DISK_LIMIT", false },
	[SET_STEPS] = { "limits.steps", NULL, "LL_STEPS_LIMIT", false },
	[SET_WALL] = { "limits.wall", NULL, "LL_WALL_LIMIT", false },
	[SET_AGENT_CALLS] =
	    { "limits.agent_calls", NULL, "LL_AGENT_CALLS_LIMIT", false },
	[SET_TOKENS] = { "limits.tokens", NULL, "LL_TOKENS_LIMIT", false },
	[SET_USD] = { "limits.usd", NULL, "LL_USD_LIMIT", false },
	[SET_USD_PER_DAY] =
	    { "limits.usd_per_day", NULL, "LL_USD_PER_DAY_LIMIT", false },
	[SET_HOST] = { "host", "host", "LL_HOST", false },
	[SET_WORKTREE_BASE] =
	    { "worktree.base", NULL, "LL_WORKTREE_BASE", false },
	[SET_COPY_FILES] = { "worktree.copy_files", NULL, NULL, false },
	[SET_LINK_FILES] = { "worktree.link_files", NULL, NULL, false },
	[SET_DELAY] = { "run_defaults.delay", "backoff", "LL_DELAY", false },
	[SET_QUIET] = { "run_defaults.quiet", NULL, "LL_QUIET", false },
	[SET_VERBOSE] = { "run_defaults.verbose", NULL, "LL_VERBOSE", false },
	[SET_COLOR] = { "color", NULL, "LL_COLOR", false },
	[SET_SECRETS] = { "secrets", "secrets", NULL, true },
	[SET_ON_END] = { "on_end", "on_end", NULL, false },
};
/* clang-format on */

static const char *const givers[GIVERS] = {
	[FROM_BUILT_IN] = "built in",
	[FROM_USER] = "user",
	[FROM_PROJECT] = "project",
	[FROM_LOOP] = "loop",
	[FROM_VARIABLE] = "variable",
	[FROM_OPTION] = "option",
};

const struct setting_row *
setting_row(enum setting s)
{
	return &rows[s];
}

const struct key *
setting_key(enum setting s, bool *acted)
{
	return config_key(rows[s].path, acted);
}

const char *
giver_name(enum giver from)
{
	return givers[from];
}

static const struct val *
number_of(struct arena *a, const char *text)
{
	long long whole;
	double real;

	if (sv_to_long(sv(text), -(1LL << 53), 1LL << 53, &whole))
		return val_int(a, whole);
	return sv_to_real(sv(text), &real) ? val_real(a, real) : NULL;
}

static const struct val *
truth_of(struct arena *a, const char *text)
{
	static const struct {
		const char *word;
		bool means;
	} words[] = {
		{ "1", true },
		{ "true", true },
		{ "0", false },
		{ "false", false },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(text, words[i].word) == 0)
			return val_bool(a, words[i].means);
	return NULL;
}

/* A value of the key's type, or NULL when the text is none. */
static const struct val *
value_of(struct arena *a, const struct key *k, const char *text)
{
	long long size;

	switch (k->type) {
	case KT_SECONDS:
	case KT_INT:
	case KT_NUMBER:
		return number_of(a, text);
	case KT_SIZE:
		return size_parse(sv(text), &size) ? val_text(a, text) : NULL;
	case KT_BOOL:
		return truth_of(a, text);
	case KT_TEXTS:
		return strcmp(text, "[]") == 0 ? val_list(a) : NULL;
	default:
		return val_text(a, text);
	}
}

void
settings_init(struct settings *s, struct arena *mem)
{
	*s = (struct settings) { .mem = mem };
	for (int i = 0; i < SETTINGS; i++) {
		bool acted;
		const struct key *k = setting_key((enum setting)i, &acted);

		if (*k->otherwise)
			s->at[i].v = value_of(mem, k, k->otherwise);
	}
}

static bool
has_text(const struct val *list, const struct val *v)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (val_equal(list->list.at[i], v))
			return true;
	return false;
}

static const struct val *
joined(struct arena *a, const struct val *x, const struct val *y)
{
	struct val *both = val_list(a);

	for (size_t i = 0; x && i < x->list.len; i++)
		val_push(a, both, x->list.at[i]);
	for (size_t i = 0; i < y->list.len; i++)
		if (!has_text(both, y->list.at[i]))
			val_push(a, both, y->list.at[i]);
	return both;
}

void
settings_put(struct settings *s, enum setting id, struct settled what)
{
	struct settled *at = &s->at[id];

	if (rows[id].adds)
		what.v = joined(s->mem, at->v, what.v);
	if (what.from >= at->from)
		*at = what;
	else if (rows[id].adds)
		at->v = what.v;
}

/* What the variable may be, for the complaint. */
static void
add_wanted(struct str *out, const struct key *k)
{
	struct sv rest = sv(k->words), one;

	if (k->type == KT_BOOL)
		str_adds(out, "1, 0, true or false");
	else if (k->type != KT_ENUM)
		str_adds(out, key_type_name(k->type));
	else
		while (sv_cut(&rest, '|', &one))
			str_addf(out, "%s%.*s", out->len ? ", " : "one of ",
			    SV_ARG(one));
	if (k->type == KT_SECONDS || k->type == KT_INT || k->type == KT_NUMBER)
		str_addf(out, " from %.10g to %.10g", k->min, k->max);
}

/* Of the right kind and in range?  What a loop says has been told by the
 * loader, if it is wrong. */
static bool
fits(const struct key *k, const struct val *v)
{
	bool number = v->kind == VAL_INT || v->kind == VAL_REAL;
	long long size = v->kind == VAL_INT ? v->i : -1;
	double x = v->kind == VAL_INT ? (double)v->i : v->r;

	switch (k->type) {
	case KT_ENUM:
		return v->kind == VAL_TEXT && key_has_word(k->words, v->t.p);
	case KT_SIZE:
		if (v->kind == VAL_TEXT && !size_parse(v->t, &size))
			return false;
		return (double)size >= k->min && (double)size <= k->max;
	case KT_INT:
		number = v->kind == VAL_INT;
		__attribute__((fallthrough));
	case KT_SECONDS:
	case KT_NUMBER:
		return number && x >= k->min && x <= k->max;
	case KT_BOOL:
		return v->kind == VAL_BOOL;
	case KT_TEXTS:
		return v->kind == VAL_LIST;
	default:
		return v->kind == VAL_TEXT;
	}
}

int
settings_variable(
    struct settings *s, enum setting id, const char *text, struct err *e)
{
	const char *name = rows[id].variable;
	bool acted;
	const struct key *k = setting_key(id, &acted);
	const struct val *v = value_of(s->mem, k, text);
	struct settled what = { v, FROM_VARIABLE, { NULL, 0, 0 }, name };
	auto_str wanted = STR_INIT;

	if (!v || !fits(k, v)) {
		add_wanted(&wanted, k);
		return err_set(e, ERR_USAGE,
		    "the environment variable %s must be %s, not '%.60s'", name,
		    wanted.buf, text);
	}
	settings_put(s, id, what);
	return 0;
}

int
settings_environment(struct settings *s, struct err *e)
{
	for (int i = 0; i < SETTINGS; i++) {
		const char *text =
		    rows[i].variable ? getenv(rows[i].variable) : NULL;

		if (text && *text &&
		    settings_variable(s, (enum setting)i, text, e) < 0)
			return -1;
	}
	return 0;
}

void
settings_document(struct settings *s, enum giver from, const struct val *doc)
{
	for (int i = 0; i < SETTINGS; i++) {
		const char *path =
		    from == FROM_LOOP ? rows[i].loop : rows[i].path;
		struct settled what = { .from = from };
		bool acted;

		what.v = path ? config_get(doc, path, &what.at) : NULL;
		if (what.v &&
		    fits(setting_key((enum setting)i, &acted), what.v))
			settings_put(s, (enum setting)i, what);
	}
}

long long
settings_num(const struct settings *s, enum setting id)
{
	const struct val *v = s->at[id].v;
	bool acted;
	double x = v->kind == VAL_INT ? (double)v->i : v->r;
	long long size = v->i;

	if (setting_key(id, &acted)->type == KT_SECONDS)
		return (long long)(x * 1000 + 0.5);
	if (v->kind == VAL_TEXT)
		size_parse(v->t, &size);
	return size;
}

bool
settings_true(const struct settings *s, enum setting id)
{
	return s->at[id].v->b;
}

const char *
settings_text(const struct settings *s, enum setting id)
{
	return s->at[id].v ? s->at[id].v->t.p : NULL;
}

const struct val *
settings_list(const struct settings *s, enum setting id)
{
	return s->at[id].v;
}
