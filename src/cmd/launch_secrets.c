/*
 * The context that is recorded and the one that actions see part here.  What
 * cannot be hidden is refused before a directory exists; only the path of
 * that directory has to be looked at afterwards.
 */
#include "cmd/launch_secrets.h"

#include <string.h>

#include "base/auto.h"
#include "text/json.h"

static bool
is_talking(const struct opened *in)
{
	return !in->o->quiet && !in->o->json;
}

/* What --context and the input say, as far as either can be told apart before
 * the loop has taken it. */
static const struct val *
said_values(const struct opened *in)
{
	struct arena *a = in->args->mem;
	const struct inputs *given = &in->given;
	struct err unused = ERR_INIT;
	const struct val *doc = given->input.p
	    ? json_read(a, given->input.p, given->input.n, ORIGIN_DATA, &unused)
	    : NULL;
	struct val *all = val_map(a), *list;

	for (size_t i = 0; doc && doc->kind == VAL_MAP && i < doc->map.len; i++)
		val_set(a, all, doc->map.at[i].key, doc->map.at[i].v);
	for (size_t i = 0; i < given->npairs; i++) {
		const struct input_pair *p = &given->pair[i];
		const struct val *other = val_get(all, p->key);

		list = val_list(a);
		val_push(a, list, val_bytes(a, p->value.p, p->value.n));
		if (other)
			val_push(a, list, other);
		val_set(a, all, p->key, list);
	}
	return all;
}

/* The names of the loop and of all that it may call. */
static const struct val *
own_names(const struct opened *in)
{
	return family_secrets(in->family, in->loop, in->args->mem);
}

/* Before the context is there: so that a failure on the way hides what the
 * file, the command line, the input and the environment hold. */
static void
find_early(struct launch_secrets *s, const struct opened *in)
{
	const struct val *const lists[] = { own_names(in), s->more };
	const struct val *const contexts[] = { in->given.program,
		said_values(in) };
	struct secrets_from from = {
		.lists = lists,
		.nlists = COUNT(lists),
		.contexts = contexts,
		.ncontexts = COUNT(contexts),
		.pairs = in->o->context.at,
		.npairs = in->o->context.n,
	};

	secrets_add_all(&s->found, &from);
	from.contexts = secrets_contexts(
	    in->args->mem, in->loop, in->family, &from.ncontexts);
	secrets_add_all(&s->found, &from);
}

/* A name that hides nothing is a mistake of the loop; what configuration
 * lists for all loops need not be there. */
static void
say_unset(const struct opened *in, const struct secrets_from *all)
{
	struct secrets_from own = *all;
	const struct val *names;

	own.nlists = 1;
	names = secrets_names(in->args->mem, &own, false);
	for (size_t i = 0; i < names->list.len && is_talking(in); i++)
		out_paintf(in->args->said, PAINT_DIM,
		    "secret '%s' has no value here: nothing is hidden for it\n",
		    names->list.at[i]->t.p);
}

/* In any of the files that the loop is made of. */
static bool
is_written(const struct opened *in, const struct mask *m)
{
	for (size_t i = 0; i < in->files.n; i++)
		if (mask_hits(m, in->files.at[i].text))
			return true;
	return false;
}

/* The start context, then what the files say. */
static void
all_contexts(const struct opened *in, struct secrets_from *from)
{
	struct arena *a = in->args->mem;
	size_t n;
	const struct val *const *files =
	    secrets_contexts(a, in->loop, in->family, &n);
	const struct val **all = arena_new(a, (n + 1) * sizeof(*all));

	all[0] = in->context;
	for (size_t i = 0; i < n; i++)
		all[i + 1] = files[i];
	from->contexts = all;
	from->ncontexts = n + 1;
}

static int
find_late(struct launch_secrets *s, const struct opened *in, struct err *e)
{
	const struct val *const lists[] = { own_names(in), s->more };
	const struct secrets_from start = {
		.lists = lists,
		.nlists = COUNT(lists),
		.contexts = &in->context,
		.ncontexts = 1, /* only what is in force must be hideable */
	};
	struct secrets_from from = start;
	const struct secrets *f = &s->found;

	if (secrets_add(&s->found, &start, e) < 0)
		return -1;
	all_contexts(in, &from);
	secrets_add_all(&s->found, &from);
	say_unset(in, &from);
	if (!f->mask)
		return 0;
	s->names = secrets_names(in->args->mem, &from, true);
	if (is_talking(in) && is_written(in, f->mask))
		out_paintf(in->args->said, PAINT_WARN,
		    "the value of a secret is written in the loop file, of "
		    "which every run keeps a copy\n");
	return launch_secrets_check(s, in, "", e);
}

int
launch_secrets_find(
    struct launch_secrets *s, const struct opened *in, struct err *e)
{
	if (!own_names(in) && !s->more)
		return 0;
	if (in->context)
		return find_late(s, in, e);
	find_early(s, in);
	return 0;
}

/* One name; `what` says of what. */
static int
check_name(const struct launch_secrets *s, const char *name, const char *what,
    struct place at, struct err *e)
{
	if (!name || !mask_hits(s->found.mask, sv(name)))
		return 0;
	if (!at.line)
		return err_set(e, ERR_INPUT,
		    "the value of a secret is part of %s, which cannot be "
		    "hidden",
		    what);
	return err_set(e, ERR_INPUT,
	    "%s:%d:%d: the value of a secret is part of %s, which cannot be "
	    "hidden",
	    at.file, at.line, at.col, what);
}

/* Their words are in run.json, their paths in findings too. */
static int
check_files(
    const struct launch_secrets *s, const struct loop_files *f, struct err *e)
{
	const struct place none = { NULL, 0, 0 };
	const char *what = "the name of a file of the loop";

	for (size_t i = 0; i < f->n; i++)
		if (check_name(s, f->at[i].path, what, f->at[i].via, e) < 0)
			return -1;
	for (size_t i = 0; i < f->nwords; i++)
		if (check_name(s, f->words[i].word, what, none, e) < 0)
			return -1;
	return 0;
}

static int
check_state(
    const struct launch_secrets *s, const struct state *x, struct err *e)
{
	if (check_name(s, x->name, "the name of a state", x->at, e) < 0 ||
	    check_name(s, x->capture, "the name of a capture", x->at, e) < 0)
		return -1;
	for (size_t i = 0; i < x->non; i++)
		if (check_name(s, x->on[i].verdict, "a verdict", x->on[i].to.at,
			e) < 0)
			return -1;
	for (size_t i = 0; i < x->nroute; i++)
		if (check_name(s, x->route[i].verdict, "a verdict",
			x->route[i].to.at, e) < 0)
			return -1;
	return 0;
}

static int
check_loop(const struct launch_secrets *s, const struct loop *l, struct err *e)
{
	const struct place none = { NULL, 0, 0 };

	if (check_name(s, l->name, "the name of the loop", none, e) < 0)
		return -1;
	for (size_t i = 0; i < l->nstates; i++)
		if (check_state(s, l->states[i], e) < 0)
			return -1;
	return 0;
}

int
launch_secrets_check(const struct launch_secrets *s, const struct opened *in,
    const char *dir, struct err *e)
{
	const struct place none = { NULL, 0, 0 };
	const struct loop *l = in->loop;
	auto_free char *cwd = getcwd(NULL, 0);

	if (!s->found.mask)
		return 0;
	if (check_name(s, dir, "the path of the run's directory", none, e) <
		0 ||
	    check_name(s, cwd, "the path of the working directory", none, e) <
		0 ||
	    check_name(s, in->root, "the path of the project", none, e) < 0)
		return -1;
	if (check_files(s, &in->files, e) < 0 || check_loop(s, l, e) < 0)
		return -1;
	for (size_t i = 0; i < family_len(in->family); i++)
		if (check_loop(s, family_at(in->family, i), e) < 0)
			return -1;
	for (size_t i = 0; l->scope && i < l->scope->list.len; i++) {
		const struct val *path = l->scope->list.at[i];

		if (path->kind == VAL_TEXT &&
		    check_name(s, path->t.p, "a path of `scope`", path->at, e) <
			0)
			return -1;
	}
	return 0;
}

static bool
is_hidden(const struct launch_secrets *s, const struct val *name)
{
	for (size_t i = 0; s->names && i < s->names->list.len; i++)
		if (val_equal(s->names->list.at[i], name))
			return true;
	return false;
}

int
launch_secrets_grown(
    const struct launch_secrets *s, const struct opened *in, struct err *e)
{
	const struct val *all =
	    family_secrets(in->family, in->loop, in->args->mem);

	for (size_t i = 0; all && i < all->list.len; i++)
		if (!is_hidden(s, all->list.at[i]))
			return err_set(e, ERR_INPUT,
			    "it has a secret '%s' that this run does not "
			    "hide; name it in `secrets` of the loop that runs",
			    all->list.at[i]->t.p);
	for (size_t i = 0; s->found.mask && i < family_len(in->family); i++)
		if (check_loop(s, family_at(in->family, i), e) < 0)
			return -1;
	return 0;
}

void
launch_secrets_withhold(struct launch_secrets *s, struct opened *in)
{
	struct arena *a = in->args->mem;
	struct val *shown = val_map(a), *real = val_map(a);

	if (!s->found.mask)
		return;
	for (size_t i = 0; i < in->context->map.len; i++) {
		const struct member *m = &in->context->map.at[i];
		const struct val *v = mask_numbers(s->found.mask, a, m->v);

		val_set(a, shown, m->key, v);
		if (v != m->v)
			val_set(a, real, m->key, m->v);
	}
	in->context = shown;
	s->withheld = real;
}

/* JSON can write one text in many ways: it is read, not searched. */
static const char *
hide_arg(const struct mask *m, struct arena *a, const char *arg)
{
	struct err unused = ERR_INIT;
	auto_str out = STR_INIT;
	const struct val *doc = NULL, *shown;

	if (sv_starts(sv_trim(sv(arg)), "{"))
		doc = json_read(a, arg, strlen(arg), ORIGIN_DATA, &unused);
	shown = doc ? mask_numbers(m, a, doc) : NULL;
	if (shown != doc) {
		json_write(&out, shown, JSON_COMPACT);
		return arena_strdup(a, out.buf);
	}
	mask_text(m, sv(arg), &out);
	return arena_strdup(a, out.buf);
}

char *const *
launch_secrets_argv(
    const struct launch_secrets *s, struct arena *a, char *const *argv)
{
	const char **out;
	size_t n = 0;

	if (!s->found.mask)
		return argv;
	while (argv[n])
		n++;
	out = arena_new(a, (n + 1) * sizeof(*out));
	for (size_t i = 0; i < n; i++)
		out[i] = hide_arg(s->found.mask, a, argv[i]);
	return (char *const *)out;
}

void
launch_secrets_fields(
    const struct launch_secrets *s, struct arena *a, struct val *fields)
{
	struct val *keys = val_list(a);

	if (!s->found.mask)
		return;
	for (size_t i = 0; i < s->withheld->map.len; i++)
		val_push(a, keys, val_text(a, s->withheld->map.at[i].key));
	val_set(a, fields, "secrets", s->names);
	val_set(a, fields, "withheld", keys);
}

void
launch_secrets_hide_plan(const struct launch_secrets *s, struct arena *a,
    struct str *text, size_t from, bool json)
{
	struct err unused = ERR_INIT;
	const struct val *doc = NULL;

	if (!s->found.mask)
		return;
	if (json)
		doc = json_read(a, text->buf + from, text->len - from,
		    ORIGIN_FILE, &unused);
	if (!doc) {
		secrets_hide_tail(&s->found, text, from);
		return;
	}
	str_cut(text, from);
	json_write(text, mask_val(s->found.mask, a, doc), JSON_PRETTY);
	str_addc(text, '\n');
}
