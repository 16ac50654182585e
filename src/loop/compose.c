/*
 * A loop out of its files.  The order is the reference's: parents, flow,
 * fragments; aliases collapse before anything is laid over anything.  A file
 * is read once.  Refuses to go in circles, too deep, or beyond a bound.
 */
#include "loop/compose.h"

#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "loop/compose_part.h"
#include "text/yml.h"

void
compose_wrong(
    struct compose *c, const struct val *v, const char *path, const char *must)
{
	diag_add(c->diags, v->at, "E102", path, "'%s' must be %s, not %s", path,
	    must, val_kind_name(v->kind));
}

/* ---- files ---- */

static const struct piece *
known_piece(const struct compose *c, const char *path)
{
	for (size_t i = 0; i < c->pieces.len; i++)
		if (!strcmp(c->pieces.at[i].path, path))
			return &c->pieces.at[i];
	return NULL;
}

static bool
word_ok(struct compose *c, const struct val *word, const char *how)
{
	if (word->kind != VAL_TEXT)
		compose_wrong(c, word, how, "text");
	else if (!word->t.n || strlen(word->t.p) != word->t.n)
		diag_add(
		    c->diags, word->at, "E130", how, "'%s' names no file", how);
	else if (!c->find)
		diag_add(c->diags, word->at, "E130", how,
		    "'%s' cannot be looked up here", word->t.p);
	else if (c->pieces.len >= COMPOSE_MAX_FILES)
		diag_add(c->diags, word->at, "E132", how,
		    "a loop is made of at most %d files", COMPOSE_MAX_FILES);
	else
		return true;
	return false;
}

/* Find it from where the word is written. */
static int
look(struct compose *c, const struct val *word, const char *how,
    struct found *out)
{
	struct err e = ERR_INIT;
	struct find where = *c->find;

	where.referrer = word->at.file;
	where.builtin_only = false;
	if (find_loop(&where, word->t.p, c->mem, out, &e) == 0)
		return 0;
	diag_add(c->diags, word->at, "E130", how, "'%s: %s': %s", how,
	    word->t.p, e.msg);
	return -1;
}

static void
keep_text(
    struct compose *c, const struct found *f, const char *how, struct place via)
{
	if (c->files)
		loop_files_add(c->files,
		    &(struct loop_file) {
			f->path, str_sv(&f->text), how, via });
}

bool
compose_piece(struct compose *c, const struct val *word, const char *how,
    struct piece *out)
{
	const struct piece *known;
	struct found f = { .text = STR_INIT };
	struct piece s;

	if (!word_ok(c, word, how) || look(c, word, how, &f) < 0)
		return false;
	known = known_piece(c, f.path);
	if (known) {
		s = *known;
	} else {
		s.path = f.path;
		s.root =
		    yml_read(c->mem, s.path, f.text.buf, f.text.len, c->diags);
		vec_push(&c->pieces, s);
		keep_text(c, &f, how, word->at);
	}
	str_release(&f.text);
	*out = s;
	return true;
}

/* ---- the loop's own file ---- */

/* Each state, and what becomes part of one, under the real names. */
static const struct val *
real_names_in(struct compose *c, const struct val *map)
{
	struct val *out = val_map(c->mem);

	out->at = map->at;
	for (size_t i = 0; i < map->map.len; i++) {
		struct member m = map->map.at[i];

		if (m.v->kind == VAL_MAP)
			m.v = merge_real_names(&c->merge, m.v);
		merge_add(&c->merge, out, &m);
	}
	return out;
}

/* The file as it is laid over its parent. */
const struct val *
compose_real_names(struct compose *c, const struct val *root)
{
	static const char *const keys[] = { "states", "fragments",
		"state_defs" };
	struct val *out = val_map(c->mem);

	out->at = root->at;
	for (size_t i = 0; i < root->map.len; i++) {
		struct member m = root->map.at[i];

		for (size_t k = 0; k < COUNT(keys); k++)
			if (!strcmp(m.key, keys[k]) && m.v->kind == VAL_MAP)
				m.v = real_names_in(c, m.v);
		merge_add(&c->merge, out, &m);
	}
	return out;
}

static bool
needs_nothing(const struct val *root)
{
	static const char *const keys[] = { "from", "flow", "import",
		"fragments", "state_defs" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (val_member(root, keys[i]))
			return false;
	return true;
}

static bool
uses_fragment(const struct val *root)
{
	const struct val *states = val_get(root, "states");

	for (size_t i = 0;
	     states && states->kind == VAL_MAP && i < states->map.len; i++)
		if (val_member(states->map.at[i].v, "fragment"))
			return true;
	return false;
}

const struct val *
compose(struct compose *c, const char *file, const struct val *root)
{
	static const char *const done[] = { "from", "flow", "state_defs",
		"import", "fragments", NULL };

	c->merge = (struct merge) { .mem = c->mem };
	vec_push(&c->pieces, ((struct piece) { file, root }));
	/* Most files are in one piece. */
	if (needs_nothing(root) && !uses_fragment(root))
		return root;
	vec_push(&c->chain, file);
	root = compose_from(c, compose_real_names(c, root));
	root = compose_flow(c, root);
	root = compose_fragments(c, root);
	root = merge_without(&c->merge, root, done);
	if (c->merge.over)
		diag_add(c->diags, c->pieces.at[0].root->at, "E132", "<root>",
		    "composing this loop makes more than %d members",
		    MERGE_MAX_MEMBERS);
	return root;
}

void
compose_release(struct compose *c)
{
	vec_release(&c->pieces);
	vec_release(&c->chain);
	map_release(&c->bindings);
}
