/*
 * Who wrote what: each node has the place where it stood, and a place in a
 * file that lies inside one of its fragments came by that fragment.
 */
#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "show/resolved_part.h"
#include "text/yml.h"

/* One file; `fragments` as they stand in it, and what comes behind them. */
struct source_file {
	const struct loop_file *file;
	const char *shown;
	bool part; /* of the loop itself, and not of one that it calls */
	const struct val *fragments; /* NULL: none */
	struct place end;
};

struct sources {
	struct arena *mem;
	const struct resolved *x;
	struct source_file *at;
	size_t n;
};

static bool
before(struct place x, struct place y)
{
	return x.line < y.line || (x.line == y.line && x.col < y.col);
}

/* Files as they lie beside the loop's own. */
static const char *
shown(struct arena *a, const char *path, const char *own)
{
	return path_inside(path, path_dir(a, own));
}

static void
look_into(struct sources *s, struct source_file *f)
{
	struct diags unused = DIAGS_INIT;
	const struct val *root = yml_read(
	    s->mem, f->file->path, f->file->text.p, f->file->text.n, &unused);
	const struct member *m = val_member(root, "fragments");

	diags_release(&unused);
	if (!m || m->v->kind != VAL_MAP)
		return;
	f->fragments = m->v;
	f->end = (struct place) { NULL, YML_MAX_BYTES, 0 };
	for (size_t i = 0; i < root->map.len; i++)
		if (before(m->at, root->map.at[i].at) &&
		    before(root->map.at[i].at, f->end))
			f->end = root->map.at[i].at;
}

static const struct source_file *
file_of(const struct sources *s, const char *path)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->at[i].file->path, path))
			return &s->at[i];
	return NULL;
}

/* The first is the loop's own; files come after those that ask for them. */
static bool
is_part(const struct sources *s, const struct loop_file *f)
{
	const struct source_file *via;

	if (!f->how)
		return f == s->x->files->at;
	if (strcmp(f->how, "from") != 0 && strcmp(f->how, "import") != 0)
		return false;
	via = f->via.file ? file_of(s, f->via.file) : NULL;
	return via && via->part;
}

struct sources *
sources_new(struct arena *a, const struct resolved *x)
{
	struct sources *s = arena_new(a, sizeof(*s));

	*s = (struct sources) { .mem = a, .x = x };
	s->at = arena_new(a, (x->files->n + 1) * sizeof(*s->at));
	for (size_t i = 0; i < x->files->n; i++) {
		struct source_file *f = &s->at[i];

		f->file = &x->files->at[i];
		f->shown = shown(a, f->file->path, x->loop->file);
		f->part = is_part(s, f->file);
		s->n++;
		if (f->part)
			look_into(s, f);
	}
	return s;
}

/* Secrets may be parts of names, too. */
static void
say(const struct sources *s, struct str *out, const char *text)
{
	if (s->x->mask)
		mask_text(s->x->mask, sv(text), out);
	else
		str_adds(out, text);
}

static void
head_line(const struct sources *s, const struct source_file *f, struct str *out)
{
	const struct loop_file *x = f->file;
	size_t parts = 0;

	for (size_t i = 0; i < s->n; i++)
		parts += s->at[i].part;
	str_adds(out, f->shown);
	if (x->how)
		str_addf(out, ": %s, %s:%d", x->how,
		    file_of(s, x->via.file)->shown, x->via.line);
	else
		str_adds(
		    out, parts > 1 ? " in one piece with" : " is in one piece");
}

void
sources_head(const struct sources *s, struct str *out)
{
	for (size_t i = 0; i < s->n; i++) {
		auto_str line = STR_INIT, masked = STR_INIT;

		if (!s->at[i].part)
			continue;
		head_line(s, &s->at[i], &line);
		say(s, &masked, line.buf);
		yaml_comment(out, masked.buf);
	}
}

/* The fragment of the file that this place is in, or NULL. */
static const char *
fragment_at(const struct source_file *f, struct place at)
{
	const char *name = NULL;

	if (!f->fragments || !before(at, f->end))
		return NULL;
	for (size_t i = 0; i < f->fragments->map.len; i++)
		if (!before(at, f->fragments->map.at[i].at))
			name = f->fragments->map.at[i].key;
	return name;
}

/* Where it stood: its key, or what holds it when we made the key. */
static struct place
place_of(const struct sources *s, const struct yaml_spot *spot)
{
	for (; spot->up; spot = spot->up) {
		if (spot->member && spot->member->at.file)
			return spot->member->at;
		if (spot->v->at.file)
			return spot->v->at;
	}
	return (struct place) { s->x->loop->file, 0, 0 };
}

/* Keys of the loop, states, and keys of a state speak for themselves; what
 * is deeper only where the file changes. */
static bool
always_says(const struct yaml_spot *spot)
{
	size_t depth = 1;

	for (; spot->up && spot->up->up; depth++)
		spot = spot->up;
	return depth == 1 ||
	    (depth <= 3 && !strcmp(spot->member->key, "states"));
}

void
sources_note(void *self, const struct yaml_spot *spot, struct str *out)
{
	const struct sources *s = self;
	struct place at = place_of(s, spot);
	const struct source_file *f = file_of(s, at.file);
	auto_str text = STR_INIT;
	const char *name;

	if (!spot->up->up && !strcmp(spot->member->key, RESOLVED_FRAGMENTS))
		str_adds(out, "what states give to parameters of fragments");
	if (!strcmp(at.file, s->x->loop->file) || !f ||
	    (!always_says(spot) &&
		!strcmp(at.file, place_of(s, spot->up).file)))
		return;
	name = fragment_at(f, at);
	if (name)
		str_addf(&text, "fragment %s, ", name);
	else if (strncmp(f->shown, "builtin:", strlen("builtin:")) != 0)
		str_adds(&text, "from ");
	str_addf(&text, "%s:%d", f->shown, at.line);
	say(s, out, text.buf);
}
