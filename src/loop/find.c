/*
 * From a word to a file, by one rule, and the project root.  A name is never
 * a path and a path never a name, so that nothing in the working directory
 * can stand in for a loop.
 */
#include "loop/find.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "loop/builtin.h"
#include "text/yml.h"

#define BUILTIN "builtin:"

enum { NAME_MAX_BYTES = 200, LIST_DEPTH = 8 };

static bool
is_path(const char *word)
{
	struct sv w = sv(word);

	return sv_starts(w, "/") || sv_starts(w, "./") || sv_starts(w, "../") ||
	    sv_ends(w, ".yaml") || sv_ends(w, ".yml");
}

static int
check_name(const char *word, struct err *e)
{
	struct sv rest = sv(word), part;

	if (!word[0] || rest.n > NAME_MAX_BYTES || word[0] == '-')
		return err_set(
		    e, ERR_INPUT, "'%.60s' cannot be a loop's name", word);
	while (sv_cut(&rest, '/', &part))
		if (!part.n || sv_eq(part, ".") || sv_eq(part, ".."))
			return err_set(e, ERR_INPUT,
			    "'%s' cannot be a loop's name (a path starts with "
			    "'./' or ends in .yaml)",
			    word);
	return 0;
}

/* A link that leads nowhere is a fault to tell, not a loop that is not
 * there: another one would silently take its place. */
static bool
is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

/* 1 read, 0 not there, -1 there and unreadable. */
static int
try_file(const char *path, struct arena *a, struct found *out, struct err *e)
{
	auto_str text = STR_INIT;
	char real[PATH_MAX];

	if (file_read(path, YML_MAX_BYTES, &text, e) < 0) {
		if (e->kind == ERR_ABSENT && !is_link(path))
			return 0;
		/* For the user, what cannot be opened is not there. */
		if (e->kind == ERR_IO)
			e->kind = ERR_ABSENT;
		return -1;
	}
	out->path = arena_strdup(a, realpath(path, real) ? real : path);
	out->text = text;
	text = (struct str)STR_INIT;
	return 1;
}

static int
try_dir(const char *dir, const char *name, struct arena *a, struct found *out,
    struct err *e)
{
	static const char *const ends[] = { ".fsm.yaml", ".yaml" };
	int got = 0;

	for (size_t i = 0; i < COUNT(ends) && got == 0; i++) {
		char *file = arena_printf(a, "%s%s", name, ends[i]);

		got = try_file(path_join(a, dir, file), a, out, e);
	}
	return got;
}

static int
try_builtin(const char *name, struct arena *a, struct found *out)
{
	for (const struct builtin *b = builtins; b->name; b++) {
		if (strcmp(b->name, name) != 0)
			continue;
		out->path = arena_printf(a, "builtin:%s", name);
		str_add(&out->text, b->text, b->len);
		return 1;
	}
	return 0;
}

/* The name of the built-in that says it, or NULL. */
static const char *
builtin_referrer(const struct find *where)
{
	const char *r = where->referrer;

	return r && sv_starts(sv(r), BUILTIN) ? r + strlen(BUILTIN) : NULL;
}

/* A file's name as the name of a loop. */
static const char *
bare(struct arena *a, const char *word)
{
	size_t n = strlen(word);

	if (sv_ends(sv(word), ".yaml"))
		n -= strlen(".yaml");
	else if (sv_ends(sv(word), ".yml"))
		n -= strlen(".yml");
	return arena_dup(a, word, n);
}

/* What a file says, looked up beside it. */
static int
find_beside(const struct find *where, const char *word, struct arena *a,
    struct found *out, struct err *e)
{
	const char *inside = builtin_referrer(where);
	const char *base = inside ? inside : where->referrer;
	const char *beside;

	if (!base)
		return 0;
	beside = path_join(a, path_dir(a, base), word);
	if (!inside)
		return is_path(word)
		    ? try_file(beside, a, out, e)
		    : try_dir(path_dir(a, base), word, a, out, e);
	return try_builtin(bare(a, path_clean(a, beside)), a, out);
}

static int
find_named(const struct find *where, const char *name, struct arena *a,
    struct found *out, struct err *e)
{
	const char *const dirs[] = { where->project, where->user };
	int got = find_beside(where, name, a, out, e);

	for (size_t i = 0; i < COUNT(dirs) && !where->builtin_only; i++) {
		if (dirs[i] && got == 0)
			got = try_dir(dirs[i], name, a, out, e);
	}
	return got ? got : try_builtin(name, a, out);
}

static int
find_path(const struct find *where, const char *word, struct arena *a,
    struct found *out, struct err *e)
{
	const char *const dirs[] = { where->project, where->user };
	int got;

	if (!where->referrer || *word == '/')
		return try_file(word, a, out, e);
	got = find_beside(where, word, a, out, e);
	for (size_t i = 0; i < COUNT(dirs) && *word != '.'; i++)
		if (dirs[i] && got == 0)
			got = try_file(path_join(a, dirs[i], word), a, out, e);
	if (got == 0 && *word != '.')
		got = try_builtin(bare(a, word), a, out);
	return got;
}

static int
not_found(
    const struct find *where, const char *word, struct arena *a, struct err *e)
{
	const char *near = NULL;
	int best = 3; /* farther away is no help */
	struct listed *all;
	size_t n;

	find_all(where, a, &all, &n);
	for (size_t i = 0; i < n; i++) {
		int d = sv_distance(all[i].name, word, best);

		if (d < best) {
			best = d;
			near = all[i].name;
		}
	}
	if (near)
		return err_set(e, ERR_ABSENT,
		    "no loop named '%s' (did you mean '%s'?)", word, near);
	return err_set(e, ERR_ABSENT,
	    "no loop named '%s'; `ll-loop list` shows those there are", word);
}

/* As it was then. */
static int
find_sealed(const struct find *where, const char *word, struct arena *a,
    struct found *out, struct err *e)
{
	const struct loop_file *f =
	    loop_files_meant(where->sealed, where->referrer, word);

	if (!f)
		return err_set(e, ERR_ABSENT,
		    "'%s' is not among the files that the run has sealed",
		    word);
	out->path = arena_strdup(a, f->path);
	str_add(&out->text, f->text.p, f->text.n);
	return 1;
}

/* 1 and *out; 0 there is none; -1. */
static int
find_word(const struct find *where, const char *word, struct arena *a,
    struct found *out, struct err *e)
{
	if (sv_starts(sv(word), BUILTIN)) {
		out->name = word + strlen(BUILTIN);
		return where->sealed ? find_sealed(where, word, a, out, e)
				     : try_builtin(out->name, a, out);
	}
	if (!is_path(word)) {
		if (check_name(word, e) < 0)
			return -1;
		out->name = arena_strdup(a, word);
	}
	if (where->sealed)
		return find_sealed(where, word, a, out, e);
	return out->name ? find_named(where, word, a, out, e)
			 : find_path(where, word, a, out, e);
}

int
find_loop(const struct find *where, const char *word, struct arena *a,
    struct found *out, struct err *e)
{
	struct found got = { .text = STR_INIT };
	int rc = find_word(where, word, a, &got, e);

	if (rc < 0)
		return -1;
	if (rc == 0 && is_path(word) && !got.name)
		return err_set(e, ERR_ABSENT, "no loop file '%s'", word);
	if (rc == 0)
		return not_found(where, word, a, e);
	if (where->words)
		loop_files_say(where->words,
		    &(struct loop_word) { where->referrer, word, got.path });
	*out = got;
	return 0;
}

/* ---- listing ---- */

struct listing {
	struct arena *a;
	struct listed *at;
	size_t len, room;
};

static void
list_add(
    struct listing *l, const char *name, const char *path, const char *kind)
{
	for (size_t i = 0; i < l->len; i++) {
		if (strcmp(l->at[i].name, name) != 0)
			continue;
		if (!l->at[i].hides) {
			l->at[i].hides = kind;
			l->at[i].hides_path = path;
		}
		return;
	}
	if (l->len == l->room) {
		struct listed *more;

		l->room = l->room ? l->room * 2 : 64;
		more = arena_new(l->a, l->room * sizeof(*more));
		if (l->len)
			memcpy(more, l->at, l->len * sizeof(*more));
		l->at = more;
	}
	l->at[l->len++] = (struct listed) { .name = name,
		.path = path,
		.from = kind,
		.builtin = strcmp(kind, "builtin") == 0 };
}

/* The loop's name in this file name, or NULL when it is none. */
static const char *
stem(struct arena *a, const char *file, const char *end)
{
	struct sv f = sv(file);
	bool fsm = sv_ends(f, ".fsm.yaml");
	size_t n = strlen(end);

	if (!sv_ends(f, end) || (fsm && strcmp(end, ".yaml") == 0) ||
	    f.n == n || file[0] == '.')
		return NULL;
	return arena_dup(a, file, f.n - n);
}

static void list_dir(struct listing *l, const char *dir, const char *prefix,
    const char *kind, int depth);

static void
list_entry(struct listing *l, const char *dir, const char *prefix,
    const char *kind, const char *file, const char *end, int depth)
{
	const char *path = path_join(l->a, dir, file);
	const char *name;

	if (strcmp(end, "/") == 0) {
		/* Runs and the queue are no loops; neither are hidden
		 * directories. */
		if (file[0] != '.' && depth < LIST_DEPTH && file_is_dir(path) &&
		    (depth || strcmp(file, "runs") != 0))
			list_dir(l, path,
			    arena_printf(l->a, "%s%s/", prefix, file), kind,
			    depth + 1);
		return;
	}
	if (depth == 0 && strcmp(kind, "project") == 0 &&
	    (strcmp(file, "config.yaml") == 0 ||
		strcmp(file, "prices.yaml") == 0))
		return; /* the configuration of the project */
	name = stem(l->a, file, end);
	if (name && file_is_regular(path))
		list_add(
		    l, arena_printf(l->a, "%s%s", prefix, name), path, kind);
}

static void
list_dir(struct listing *l, const char *dir, const char *prefix,
    const char *kind, int depth)
{
	static const char *const ends[] = { ".fsm.yaml", ".yaml", "/" };
	struct dirent **names;
	int n = scandir(dir, &names, NULL, alphasort);

	for (size_t k = 0; n > 0 && k < COUNT(ends); k++)
		for (int i = 0; i < n; i++)
			list_entry(l, dir, prefix, kind, names[i]->d_name,
			    ends[k], depth);
	for (int i = 0; i < n; i++)
		free(names[i]);
	if (n >= 0)
		free(names);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(
	    ((const struct listed *)a)->name, ((const struct listed *)b)->name);
}

void
find_all(
    const struct find *where, struct arena *a, struct listed **out, size_t *n)
{
	struct listing l = { .a = a };

	if (where->project && !where->builtin_only)
		list_dir(&l, where->project, "", "project", 0);
	if (where->user && !where->builtin_only)
		list_dir(&l, where->user, "", "user", 0);
	for (const struct builtin *b = builtins; b->name; b++)
		list_add(&l, b->name, arena_printf(a, "builtin:%s", b->name),
		    "builtin");
	if (l.len)
		qsort(l.at, l.len, sizeof(*l.at), by_name);
	*out = l.at;
	*n = l.len;
}
