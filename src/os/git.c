/*
 * What differs from HEAD is listed by libgit2, or by the program `git` when
 * libgit2 cannot do it; what the files hold is hashed here in both cases, so
 * that attributes, drivers and filters have no say.
 */
#include "os/git.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/path.h"
#include "os/git_part.h"
#include "os/helper.h"
#include "os/print.h"

enum { PATHS_MAX = 200000 };

static const struct val *
fault(struct arena *a, const struct err *e)
{
	const char *kind = e->kind == ERR_ABSENT ? "not_a_repository"
	    : e->kind == ERR_INPUT               ? "limit"
						 : "failed";

	return helper_fault(a, kind, e->msg);
}

/* Scopes as they look from the top of the work tree. */
static int
place_scopes(struct repo_room *g, const struct val *scope, struct err *e)
{
	auto_free char *cwd = realpath(".", NULL);

	if (!cwd)
		return err_sys(e, "the working directory");
	for (size_t i = 0; scope && i < scope->list.len; i++) {
		const char *text = scope->list.at[i]->t.p;
		const char *full =
		    path_clean(g->mem, path_join(g->mem, cwd, text));
		const char *below = path_inside(full, g->top);

		if (strcmp(full, g->top) == 0) {
			g->spec.len = 0;
			return 0;
		}
		if (below == full)
			return err_set(e, ERR_IO,
			    "scope '%s' is outside the repository %s", text,
			    g->top);
		vec_push(&g->spec, below);
	}
	return 0;
}

static int
look(const struct repo_way *way, const struct val *scope, struct repo_room *g,
    struct err *e)
{
	if (way->open(g, e) < 0 || place_scopes(g, scope, e) < 0)
		return -1;
	if (way->list(g, e) < 0)
		return -1;
	if (g->path.len > PATHS_MAX)
		return err_set(
		    e, ERR_INPUT, "over %d changed files", PATHS_MAX);
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const struct val *
answer(struct repo_room *g, const char *via, const char *why)
{
	struct val *v = val_map(g->mem);
	struct print *p = print_new();
	char hex[PRINT_HEX];

	for (size_t i = 0; i < g->tree.len; i++)
		print_bytes(p, g->tree.at[i], strlen(g->tree.at[i]) + 1);
	if (g->path.len)
		qsort(g->path.at, g->path.len, sizeof(*g->path.at), by_name);
	for (size_t i = 0; i < g->path.len; i++)
		if (!i || strcmp(g->path.at[i], g->path.at[i - 1]) != 0)
			print_file(p, path_join(g->mem, g->top, g->path.at[i]),
			    g->path.at[i]);
	val_set(g->mem, v, "print", val_text(g->mem, print_hex(p, hex)));
	val_set(g->mem, v, "files", val_int(g->mem, (long long)print_count(p)));
	val_set(g->mem, v, "via", val_text(g->mem, via));
	if (why)
		val_set(g->mem, v, "why", val_text(g->mem, why));
	print_free(p);
	return v;
}

static const struct val *
by_program(struct arena *a, const struct val *scope, const char *why)
{
	struct repo_room g = { .mem = a };
	struct err e = ERR_INIT;

	if (look(&repo_by_program, scope, &g, &e) < 0)
		return fault(a, &e);
	return answer(&g, repo_by_program.name, why);
}

const struct val *
repo_changes(const struct val *args, struct arena *a)
{
	const struct val *scope = val_get(args, "scope");
	struct repo_room g = { .mem = a };
	struct err e = ERR_INIT;

	if (val_get(args, "program"))
		return by_program(a, scope, "asked for");
	if (look(&repo_by_library, scope, &g, &e) == 0)
		return answer(&g, repo_by_library.name, NULL);
	if (e.kind == ERR_ABSENT || e.kind == ERR_INPUT)
		return fault(a, &e);
	return by_program(a, scope, arena_strdup(a, e.msg));
}
