/*
 * Which runs there are: directories by their names.  One that is only claimed
 * is no run yet: it may have no ticket, and would be taken for one that died.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/vec.h"
#include "store/runs.h"

struct wanted {
	const char *name; /* the name part; NULL: any */
	bool claimed;     /* those too that are only claimed */
};

/* A name, and where its time stands in it. */
struct timed {
	const char *time, *run;
};

static int
by_time(const void *a, const void *b)
{
	const struct timed *x = a, *y = b;
	int order = strncmp(x->time, y->time, 15);

	return order ? order : strcmp(x->run, y->run);
}

/* What may not be looked into is there all the same. */
static bool
is_furnished(DIR *runs, const char *run)
{
	char path[NAME_MAX + sizeof("/.ll")];

	snprintf(path, sizeof(path), "%s/.ll", run);
	return faccessat(dirfd(runs), path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno == EACCES;
}

static bool
is_wanted(const struct wanted *w, DIR *runs, const char *run)
{
	const char *time = place_time_of(run);
	size_t len = time ? (size_t)(time - run) - 1 : 0;

	if (!time ||
	    (w->name &&
		(strlen(w->name) != len || memcmp(w->name, run, len) != 0)))
		return false;
	return w->claimed || is_furnished(runs, run);
}

static int
list(struct arena *a, const char *dir, const struct wanted *w,
    struct run_names *out, struct err *e)
{
	auto_dir DIR *d = opendir(dir);
	VEC(struct timed) runs = VEC_INIT;
	struct dirent *ent;

	if (!d && errno != ENOENT)
		return err_sys(e, "open %s", dir);
	while (d && (ent = readdir(d))) {
		const char *run;

		if (!is_wanted(w, d, ent->d_name))
			continue;
		run = arena_strdup(a, ent->d_name);
		vec_push(&runs, ((struct timed) { place_time_of(run), run }));
	}
	if (runs.len)
		qsort(runs.at, runs.len, sizeof(*runs.at), by_time);
	out->at = arena_new(a, (runs.len + 1) * sizeof(*out->at));
	out->brief = arena_new(a, (runs.len + 1) * sizeof(*out->brief));
	out->n = runs.len;
	for (size_t i = 0; i < runs.len; i++)
		out->at[i] = runs.at[i].run;
	vec_release(&runs);
	return 0;
}

int
runs_list(struct arena *a, const char *root, const char *loop_name,
    struct run_names *out, struct err *e)
{
	const struct wanted w = { loop_name ? place_name(a, loop_name) : NULL,
		false };

	return list(a, place_runs(a, root), &w, out, e);
}

int
runs_claimed(
    struct arena *a, const char *root, struct run_names *out, struct err *e)
{
	const struct wanted w = { NULL, true };

	return list(a, place_runs(a, root), &w, out, e);
}
