/*
 * From the name in a `loop:` to the loop it means.  A loop that is called is
 * loaded by the same loader into the family of its caller, once.  What must
 * never be is an error of the caller: a name that nothing has, a circle, a
 * library.  That the other loop has errors of its own is a warning, so that
 * a file can be looked at by itself; to run it, that must be ignored by
 * name.
 */
#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "loop/family_part.h"
#include "loop/load_part.h"

/* One name on its way. */
struct call_site {
	struct loader *l;
	struct state *s;
	const char *path; /* "states.S.loop" */
	struct place at;
	const char *word;
};

static struct family *
family_of(const struct loader *l)
{
	return l->opts && l->opts->find ? l->opts->family : NULL;
}

void
load_family_enter(struct loader *l)
{
	struct family *f = family_of(l);

	if (f)
		vec_push(&f->chain, ((struct kin) { l->loop->file, 0 }));
}

void
load_family_leave(struct loader *l)
{
	struct family *f = family_of(l);

	if (f)
		f->height = f->chain.at[--f->chain.len].height + 1;
}

/* ---- loading ---- */

/* What was read for it tells where it was called. */
static void
sign_file(
    struct loop_files *files, size_t from, const char *path, struct place via)
{
	if (!files || files->n == from || strcmp(files->at[from].path, path))
		return;
	files->at[from].how = "loop";
	files->at[from].via = via;
	if (via.file)
		files->at[from].via.file = arena_strdup(&files->mem, via.file);
}

static void
keep_error(struct family *f, struct relative *r, struct diags *d)
{
	const struct diag *first = NULL;

	diags_sort(d);
	for (size_t i = 0; i < d->len && !first; i++)
		if (d->at[i].sev == SEV_ERROR)
			first = &d->at[i];
	r->more = d->errors ? d->errors - 1 : 0;
	r->why = !first ? "it cannot be loaded"
	    : first->at.line
	    ? arena_printf(&f->mem, "%s:%d:%d: %s", first->at.file,
		  first->at.line, first->at.col, first->msg)
	    : arena_strdup(&f->mem, first->msg);
}

static void
fill_relative(struct family *f, struct relative *r, const struct found *found,
    const struct load_opts *opts, struct place via)
{
	size_t before = opts->files ? opts->files->n : 0;
	struct diags d = DIAGS_INIT;

	r->loop = loop_load(
	    r->path, found->text.buf, found->text.len, found->name, opts, &d);
	r->height = f->height;
	if (!r->loop)
		keep_error(f, r, &d);
	sign_file(opts->files, before, r->path, via);
	diags_release(&d);
}

static int
look(const struct load_opts *opts, const char *referrer, const char *word,
    struct arena *a, struct found *out, struct err *e)
{
	struct find where;

	if (!opts->find)
		return err_set(
		    e, ERR_ABSENT, "loop '%s' cannot be looked up here", word);
	where = *opts->find;
	where.referrer = referrer;
	where.builtin_only = false;
	return find_loop(&where, word, a, out, e);
}

/* ---- while its caller is loaded ---- */

/* The link of the chain that this file is, or FAMILY_NO_CIRCLE. */
static size_t
link_of(const struct family *f, const char *path)
{
	for (size_t i = 0; i < f->chain.len; i++)
		if (strcmp(f->chain.at[i].path, path) == 0)
			return i;
	return FAMILY_NO_CIRCLE;
}

static const char *
names_from(struct family *f, size_t from)
{
	auto_str names = STR_INIT;

	for (size_t i = from; i < f->chain.len; i++)
		str_addf(&names, "%s -> ", path_base(f->chain.at[i].path));
	str_adds(&names, path_base(f->chain.at[from].path));
	return arena_strdup(&f->mem, names.buf);
}

static void
say_circle(const struct call_site *c, const struct family *f)
{
	diag_add(c->l->diags, c->at, "E141", c->path,
	    "loop '%s' calls itself in a circle: %s", c->word, f->circle_names);
}

static void
say_broken(const struct call_site *c, const struct relative *r)
{
	auto_str more = STR_INIT;
	struct later x = { .key = "loop", .path = c->path, .at = c->at };

	if (r->more)
		str_addf(&more, " (and %zu more)", r->more);
	x.why = load_path(c->l, "loop '%s' cannot be loaded: %s%s", c->word,
	    r->why, more.buf);
	vec_push(&c->l->later, x);
	diag_add(c->l->diags, c->at, "W140", c->path,
	    "%s; run it with --ignore loop", x.why);
}

/* It goes into the family; a circle through this call is told here. */
static struct relative *
load_new(const struct call_site *c, const struct found *found)
{
	struct family *f = family_of(c->l);
	size_t above = f->circle, self = f->chain.len - 1;
	struct relative *r = family_add(f, found->path);

	if (!r) {
		diag_add(c->l->diags, c->at, "E142", c->path,
		    "loops call more than %d others", FAMILY_MAX);
		return NULL;
	}
	f->circle = FAMILY_NO_CIRCLE;
	fill_relative(f, r, found, c->l->opts, c->at);
	if (!r->loop && f->circle <= self) {
		say_circle(c, f);
		f->circle = f->circle < above ? f->circle : above;
		return NULL;
	}
	f->circle = above;
	return r;
}

static void
link_to(const struct call_site *c, struct relative *r)
{
	struct family *f = family_of(c->l);
	struct kin *self = &f->chain.at[f->chain.len - 1];

	if (r->height > self->height)
		self->height = r->height;
	f->deep = f->deep || f->chain.len - 1 + r->height > FAMILY_DEPTH_MAX;
	if (!r->loop)
		say_broken(c, r);
	else if (r->loop->library)
		diag_add(c->l->diags, c->at, "E143", c->path,
		    "'%s' is a library of fragments, not a loop", c->word);
	else
		c->s->call.loop = r->loop;
}

/* It is no fault of the loop that is too deep down. */
static void
say_deep(const struct call_site *c)
{
	struct family *f = family_of(c->l);

	if (!f->deep || f->chain.len > 1)
		return;
	f->deep = false;
	diag_add(c->l->diags, c->at, "E142", c->path,
	    "from '%s' on, loops call each other more than %d deep", c->word,
	    FAMILY_DEPTH_MAX);
}

static void
resolve(const struct call_site *c)
{
	struct family *f = family_of(c->l);
	struct found found = { .text = STR_INIT };
	struct relative *r;
	struct err e = ERR_INIT;
	size_t link;

	if (look(c->l->opts, c->at.file, c->word, c->l->mem, &found, &e) < 0) {
		diag_add(c->l->diags, c->at, "E140", c->path, "'loop: %s': %s",
		    c->word, e.msg);
		return;
	}
	link = link_of(f, found.path);
	r = family_known(f, found.path);
	if (link != FAMILY_NO_CIRCLE) {
		f->circle = link < f->circle ? link : f->circle;
		f->circle_names = names_from(f, link);
		say_circle(c, f);
	} else if (f->chain.len > FAMILY_DEPTH_MAX) {
		f->deep = true;
	} else if (r || (r = load_new(c, &found))) {
		link_to(c, r);
	}
	say_deep(c);
	str_release(&found.text);
}

void
load_family(struct loader *l, struct state *s)
{
	const struct tmpl *t = s->call.word;
	const struct call_site c = { l, s,
		load_path(l, "states.%s.%sloop", s->name,
		    s->fan.as ? "parallel." : ""),
		t ? t->src->at : s->at, t ? t->src->t.p : NULL };

	if (t && tmpl_is_plain(t) && family_of(l))
		resolve(&c);
}

/* ---- while a run goes on ---- */

static int
refuse(const char *word, const struct relative *r, struct err *why)
{
	if (r->loop)
		return err_set(why, ERR_INPUT,
		    "'%s' is a library of fragments, not a loop", word);
	return err_set(
	    why, ERR_INPUT, "loop '%s' cannot be loaded: %s", word, r->why);
}

int
family_find(struct family *f, const struct family_ask *ask,
    const struct loop **out, struct err *why)
{
	const struct place nowhere = { NULL, 0, 0 };
	struct load_opts opts = *ask->opts;
	struct found found = { .text = STR_INIT };
	auto_arena a = ARENA_INIT;
	struct relative *r;

	opts.family = f;
	opts.files = ask->grown;
	if (look(&opts, ask->referrer, ask->word, &a, &found, why) < 0)
		return -1;
	r = family_known(f, found.path);
	if (!r && (r = family_add(f, found.path)))
		fill_relative(f, r, &found, &opts, nowhere);
	str_release(&found.text);
	if (!r)
		return err_set(why, ERR_INPUT,
		    "loop '%s': a run may call at most %d others", ask->word,
		    FAMILY_MAX);
	if (!r->loop || r->loop->library)
		return refuse(ask->word, r, why);
	*out = r->loop;
	return 0;
}
