/*
 * The repository around the working directory and a tree of ours in it.
 * Refs are files with locks that others take too: who finds one held waits,
 * with jitter, and never removes a lock.
 */
#include "os/git_room.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "os/git_env.h"
#include "os/helper.h"
#include "text/json.h"

enum {
	META_MAX = 1 << 20,
	BUSY_MS = 10000,
	NAP_MS = 5,
	NAP_MAX_MS = 100,
	DIR_TRIES = 100,
	LOCK_S = 2
};

/* What the library says of what it does not know, in our words. */
static int
cannot_open(const struct gitlib *l, int rc, struct err *e)
{
	static const struct {
		const char *word, *means;
	} rows[] = {
		{ "worktreeconfig", "it has extensions.worktreeConfig" },
		{ "partialclone", "it is a partial clone" },
		{ "objectformat", "its object names are SHA-256" },
		{ "object format", "its object names are SHA-256" },
		{ "not owned", "it belongs to another user" },
		{ "safe.directory", "it belongs to another user" },
	};
	const git_error *g = l->git_error_last();
	const char *said = g && g->message ? g->message : "no reason given";

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcasestr(said, rows[i].word))
			return err_set(e, ERR_INPUT,
			    "libgit2 cannot work with this repository because "
			    "%s (%s)",
			    rows[i].means, said);
	if (rc == GIT_ENOTFOUND)
		return err_set(e, ERR_ABSENT, "this is no git repository");
	return err_set(
	    e, ERR_INPUT, "libgit2 cannot work with this repository: %s", said);
}

static const char *
without_slash(struct arena *a, const char *dir)
{
	size_t n = strlen(dir);

	return arena_dup(a, dir, n > 1 && dir[n - 1] == '/' ? n - 1 : n);
}

int
room_open(struct git_room *g, struct arena *a, struct err *e)
{
	auto_free char *common = NULL;
	const char *top;
	int rc;

	*g = (struct git_room) { .mem = a };
	git_env_drop();
	if (gitlib_load(&g->l, e) < 0)
		return -1;
	rc = g->l.git_repository_open_ext(&g->main, ".", 0, NULL);
	if (rc < 0)
		return cannot_open(&g->l, rc, e);
	common = realpath(g->l.git_repository_commondir(g->main), NULL);
	if (!common)
		return err_sys(e, "the repository");
	g->common = arena_strdup(a, common);
	top = g->l.git_repository_workdir(g->main);
	g->top = top ? without_slash(a, top) : NULL;
	return 0;
}

int
room_name(struct git_room *g, const char *name, struct err *e)
{
	if (!*name || *name == '.' || strchr(name, '/') || strlen(name) > 200)
		return err_set(
		    e, ERR_INPUT, "'%s' is no name of a worktree", name);
	g->name = name;
	g->admin = arena_printf(g->mem, "%s/worktrees/%s", g->common, name);
	g->stage = arena_printf(g->mem, "%s/ll-loop/%s", g->common, name);
	g->kept = arena_printf(g->mem, "refs/ll/kept/%s", name);
	return 0;
}

const struct val *
room_meta(struct git_room *g, const char *dir)
{
	auto_str text = STR_INIT;
	struct err unused = ERR_INIT;
	const struct val *v;

	if (file_read(path_join(g->mem, dir, ROOM_META), META_MAX, &text,
		&unused) < 0)
		return NULL;
	v = json_read(g->mem, text.buf, text.len, ORIGIN_DATA, &unused);
	return v && v->kind == VAL_MAP && val_str(v, "path", NULL) ? v : NULL;
}

int
room_tree(struct git_room *g, const char *name, struct err *e)
{
	if (room_name(g, name, e) < 0)
		return -1;
	g->meta = room_meta(g, g->admin);
	if (!g->meta || !room_true(g->meta, "made"))
		return err_set(
		    e, ERR_ABSENT, "there is no worktree '%s'", name);
	g->path = val_str(g->meta, "path", "");
	if (!file_exists(path_join(g->mem, g->path, ".git")))
		return err_set(e, ERR_ABSENT,
		    "the worktree '%s' was removed by somebody", g->path);
	if (g->l.git_repository_open(&g->tree, g->path) < 0)
		return gitlib_failed(&g->l, g->path, e);
	return 0;
}

int
room_move(struct git_room *g, const char *from, const char *to, struct err *e)
{
	for (int i = 0; i < DIR_TRIES; i++) {
		if (file_mkdirs(path_dir(g->mem, to), 0777, e) < 0 &&
		    e->sys != ENOENT)
			return -1;
		if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) ==
		    0)
			return 0;
		if (errno != ENOENT || !file_exists(from))
			break;
	}
	return err_sys(e, "%s", to);
}

int
room_mkdir(struct git_room *g, const char *path, struct err *e)
{
	for (int i = 0; i < DIR_TRIES; i++) {
		if (file_mkdirs(path_dir(g->mem, path), 0777, e) < 0 &&
		    e->sys != ENOENT)
			return -1;
		if (mkdir(path, 0777) == 0)
			return 0;
		if (errno != ENOENT)
			break;
	}
	return err_sys(e, "%s", path);
}

const char *
room_hex(struct git_room *g, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	return arena_strdup(g->mem, g->l.git_oid_tostr(hex, sizeof(hex), id));
}

bool
room_true(const struct val *args, const char *key)
{
	const struct val *v = val_get(args, key);

	return v && v->kind == VAL_BOOL && v->b;
}

bool
room_ref(struct git_room *g, const char *name, git_oid *out)
{
	return g->l.git_reference_name_to_id(out, g->main, name) == 0;
}

/* False when it was long enough. */
static bool
nap(long long until, long long *ms)
{
	long long this = *ms / 2 + (clock_ms() * 7919 + getpid()) % *ms;
	struct timespec t = { 0, this * 1000000 };

	if (clock_ms() >= until)
		return false;
	nanosleep(&t, NULL);
	if (*ms < NAP_MAX_MS)
		*ms *= 2;
	return true;
}

static int
busy(struct git_room *g, const char *name, struct err *e)
{
	gitlib_failed(&g->l, name, e);
	err_wrap(e, "git is busy after %d s", BUSY_MS / 1000);
	e->kind = ERR_BUSY;
	return -1;
}

/* Nobody else writes a ref of ours, but `git pack-refs` locks it too, for a
 * moment: only a lock that is there for long was left by a killed helper.
 * False: it is there, and young. */
static bool
unlock_old(const char *lock)
{
	struct timespec now;
	struct stat st;

	clock_gettime(CLOCK_REALTIME, &now);
	if (stat(lock, &st) < 0)
		return true;
	return now.tv_sec - st.st_mtime > LOCK_S && unlink(lock) == 0;
}

static const char *
lock_of(struct git_room *g, const char *name)
{
	return arena_printf(g->mem, "%s/%s.lock", g->common, name);
}

static void
unlock_ours(struct git_room *g, const char *name)
{
	if (sv_starts(sv(name), "refs/ll/"))
		unlock_old(lock_of(g, name));
}

void
room_unlock(struct git_room *g, const char *name)
{
	long long until = clock_ms() + BUSY_MS, ms = NAP_MS;
	const char *lock = lock_of(g, name);

	while (!unlock_old(lock) && nap(until, &ms))
		;
}

int
room_ref_put(struct git_room *g, const char *name, const git_oid *id,
    bool force, struct err *e)
{
	long long until = clock_ms() + BUSY_MS, ms = NAP_MS;
	git_oid now;

	do {
		git_reference *ref;
		int rc = g->l.git_reference_create(
		    &ref, g->main, name, id, force, "ll-loop");

		if (rc == 0 && room_ref(g, name, &now) &&
		    g->l.git_oid_equal(&now, id))
			return 0;
		if (rc == GIT_EEXISTS)
			return err_set(
			    e, ERR_USAGE, "'%s' is there already", name);
		if (rc == GIT_EINVALIDSPEC)
			return gitlib_failed(&g->l, name, e);
		/* All else may be a lock, or the directory of the ref that
		 * somebody just found empty and removed. */
		unlock_ours(g, name);
	} while (nap(until, &ms));
	return busy(g, name, e);
}

int
room_ref_drop(
    struct git_room *g, const char *name, const git_oid *only, struct err *e)
{
	long long until = clock_ms() + BUSY_MS, ms = NAP_MS;

	do {
		git_reference *ref;
		int rc = g->l.git_reference_lookup(&ref, g->main, name);

		if (rc == GIT_ENOTFOUND)
			return 0;
		if (rc == 0 && only &&
		    (!g->l.git_reference_target(ref) ||
			!g->l.git_oid_equal(
			    g->l.git_reference_target(ref), only)))
			return err_set(e, ERR_INPUT, "'%s' has moved", name);
		if (rc == 0) {
			rc = g->l.git_reference_delete(ref);
			g->l.git_reference_free(ref);
		}
		if (rc == 0)
			return 0;
		unlock_ours(g, name);
	} while (nap(until, &ms));
	return busy(g, name, e);
}

const struct val *
room_fault(struct arena *a, const struct err *e)
{
	static const char *const kinds[] = {
		[ERR_INPUT] = "refused",
		[ERR_USAGE] = "taken",
		[ERR_ABSENT] = "absent",
		[ERR_NEED] = "refused",
		[ERR_BUSY] = "busy",
		[ERR_IO] = "failed",
	};
	const char *kind =
	    (size_t)e->kind < COUNT(kinds) ? kinds[e->kind] : NULL;

	return helper_fault(a, kind ? kind : "failed", e->msg);
}
