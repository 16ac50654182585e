/*
 * Host files by name.  Opens files, decides nothing about hosts; a name is
 * never a path.
 */
#include "host/shelf.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "base/vec.h"
#include "host/builtin.h"
#include "text/yml.h"

#define BUILTIN "builtin:"
#define SEALED_BUILTIN BUILTIN "hosts/" /* there are loops, too */
#define SAYS "hosts"
#define SUFFIX ".yaml"

enum { NAME_BYTES = 64 };

static bool
is_name(struct sv s)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

	if (!s.n || s.n > NAME_BYTES || s.p[0] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!s.p[i] || !strchr(good, s.p[i]))
			return false;
	return true;
}

/* ---- what is there ---- */

struct listing {
	struct arena *mem;
	VEC(struct shelf_entry) at;
};

static void
add(struct listing *l, struct shelf_entry x)
{
	for (size_t i = 0; i < l->at.len; i++)
		if (!strcmp(l->at.at[i].name, x.name))
			return;
	vec_push(&l->at, x);
}

static void
add_directory(struct listing *l, const char *dir, const char *from)
{
	auto_dir DIR *d = dir ? opendir(dir) : NULL;
	const struct dirent *x;

	while (d && (x = readdir(d))) {
		struct sv s = sv(x->d_name);

		if (!sv_ends(s, SUFFIX))
			continue;
		s.n -= strlen(SUFFIX);
		if (is_name(s))
			add(l,
			    (struct shelf_entry) {
				.name = arena_dup(l->mem, s.p, s.n),
				.file = path_join(l->mem, dir, x->d_name),
				.from = from });
	}
}

static void
add_sealed(struct listing *l, const struct loop_files *f)
{
	for (size_t i = 0; f && i < f->nwords; i++) {
		const struct loop_word *w = &f->words[i];
		const struct loop_file *x = w->by && !strcmp(w->by, SAYS)
		    ? loop_files_meant(f, SAYS, w->word)
		    : NULL;

		if (x)
			add(l,
			    (struct shelf_entry) { .name = w->word,
				.file = x->path,
				.from = "run",
				.text = x->text });
	}
}

static int
by_name(const void *a, const void *b)
{
	const struct shelf_entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

size_t
shelf_list(
    const struct shelf *s, struct arena *a, const struct shelf_entry **out)
{
	struct listing l = { a, VEC_INIT };
	size_t n;

	add_sealed(&l, s->sealed);
	add_directory(&l, s->project, "project");
	add_directory(&l, s->user, "user");
	for (size_t i = 0; host_builtins[i].name; i++)
		add(&l,
		    (struct shelf_entry) { .name = host_builtins[i].name,
			.file = arena_printf(
			    a, BUILTIN "%s", host_builtins[i].name),
			.from = "builtin" });
	n = l.at.len;
	if (n)
		qsort(l.at.at, n, sizeof(*l.at.at), by_name);
	*out = arena_new(a, (n + 1) * sizeof(**out));
	if (n)
		memcpy((struct shelf_entry *)*out, l.at.at, n * sizeof(**out));
	vec_release(&l.at);
	return n;
}

/* ---- one of them ---- */

static int
read_text(const struct shelf_entry *x, struct str *out, struct err *e)
{
	struct sv file = sv(x->file);

	if (x->text.n) {
		str_addsv(out, x->text);
		return 0;
	}
	for (size_t i = 0; host_builtins[i].name; i++)
		if (sv_starts(file, BUILTIN) &&
		    !strcmp(host_builtins[i].name, x->name)) {
			str_add(
			    out, host_builtins[i].text, host_builtins[i].len);
			return 0;
		}
	return file_read(x->file, YML_MAX_BYTES, out, e);
}

static const struct shelf_entry *
entry_of(const struct shelf_entry *at, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(at[i].name, name))
			return &at[i];
	return NULL;
}

static struct host *
read_entry(const struct shelf_entry *x, struct host *base, struct diags *d,
    struct err *e)
{
	struct host_source src = { .name = x->name, .file = x->file };
	auto_str text = STR_INIT;
	struct host *h;

	if (read_text(x, &text, e) < 0) {
		host_free(base);
		return NULL;
	}
	src.text = str_sv(&text);
	src.base = base;
	h = host_read(&src, d);
	if (!h)
		err_set(e, ERR_INPUT, "the host file %s is wrong", x->file);
	return h;
}

/* The one whose failures follow; NULL when there is none, or it is wrong. */
static struct host *
read_base(const struct shelf *s, const struct shelf_entry *x)
{
	auto_arena a = ARENA_INIT;
	const struct shelf_entry *at, *of;
	struct diags unused = DIAGS_INIT;
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	struct host_source src = { .name = x->name, .file = x->file };
	struct host *h = NULL;
	const char *name;
	size_t n = shelf_list(s, &a, &at);

	if (read_text(x, &text, &e) < 0)
		return NULL;
	src.text = str_sv(&text);
	name = host_base_of(&a, &src);
	of = name && strcmp(name, x->name) ? entry_of(at, n, name) : NULL;
	if (of)
		h = read_entry(of, NULL, &unused, &e);
	diags_release(&unused);
	return h;
}

struct host *
shelf_read(const struct shelf *s, const struct shelf_entry *x, struct diags *d,
    struct err *e)
{
	return read_entry(x, read_base(s, x), d, e);
}

static bool
says_also(const struct host *h, const char *name)
{
	for (size_t i = 0; i < h->nalso; i++)
		if (!strcmp(h->also[i], name))
			return true;
	return false;
}

static const struct shelf_entry *
by_other_name(const struct shelf *s, const struct shelf_entry *at, size_t n,
    const char *name)
{
	const struct shelf_entry *found = NULL;

	for (size_t i = 0; i < n && !found; i++) {
		struct diags unused = DIAGS_INIT;
		struct err e = ERR_INIT;
		struct host *h = shelf_read(s, &at[i], &unused, &e);

		if (h && says_also(h, name))
			found = &at[i];
		host_free(h);
		diags_release(&unused);
	}
	return found;
}

static void
absent(const struct shelf_entry *at, size_t n, const char *name, struct err *e)
{
	const char *near = NULL;
	auto_str all = STR_INIT;
	int best = 2;

	for (size_t i = 0; i < n; i++) {
		int d = sv_distance(name, at[i].name, best);

		str_addf(&all, "%s%s", i ? ", " : "", at[i].name);
		if (d > best)
			continue;
		near = at[i].name;
		best = d - 1;
	}
	if (near)
		err_set(e, ERR_ABSENT,
		    "there is no host '%.60s' (did you mean '%s'?)", name,
		    near);
	else
		err_set(e, ERR_ABSENT, "there is no host '%.60s', only %s",
		    name, all.buf);
}

struct host *
shelf_take(
    const struct shelf *s, const char *name, struct diags *d, struct err *e)
{
	auto_arena a = ARENA_INIT;
	const struct shelf_entry *at, *x;
	size_t n = shelf_list(s, &a, &at);

	x = entry_of(at, n, name);
	if (!x)
		x = by_other_name(s, at, n, name);
	if (x)
		return shelf_read(s, x, d, e);
	absent(at, n, name, e);
	return NULL;
}

/* ---- what a run keeps of them ---- */

static void
seal(const struct host *h, struct loop_files *out)
{
	auto_arena a = ARENA_INIT;
	struct sv file = sv(h->file);
	const char *path = h->file;

	if (sv_starts(file, BUILTIN) && !sv_starts(file, SEALED_BUILTIN))
		path = arena_printf(
		    &a, SEALED_BUILTIN "%s", h->file + strlen(BUILTIN));
	loop_files_add(out,
	    &(struct loop_file) {
		.path = path, .text = h->text, .how = "host" });
	loop_files_say(out, &(struct loop_word) { SAYS, h->name, path });
}

void
shelf_seal(const struct host *h, struct loop_files *out)
{
	seal(h, out);
	if (h->base)
		seal(h->base, out);
}

bool
shelf_is_sealed(const struct loop_files *f, const char *name)
{
	return loop_files_meant(f, SAYS, name) != NULL;
}
