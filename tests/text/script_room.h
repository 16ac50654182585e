/*
 * A place to run rendered shell text in: an empty directory to stand in, a
 * program `args` that writes down what it was called with, one value for
 * `${captured.v.output}`.
 */
#ifndef TESTS_TEXT_SCRIPT_ROOM_H
#define TESTS_TEXT_SCRIPT_ROOM_H

#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/utf8.h"
#include "text/script.h"

#include "test.h"

struct room {
	char dir[64];
	int files; /* spilled so far */
};

static inline const char *
room_path(struct arena *a, const struct room *r, const char *name)
{
	return arena_printf(a, "%s/%s", r->dir, name);
}

static inline void
room_put(struct room *r, const char *name, const char *text, int mode)
{
	auto_arena a = ARENA_INIT;
	const char *path = room_path(&a, r, name);
	auto_fd int fd = open(path, O_CREAT | O_WRONLY | O_TRUNC, mode);

	cr_assert(fd >= 0 && file_write_all(fd, text, strlen(text)) == 0);
}

static inline void
room_open(struct room *r)
{
	auto_arena a = ARENA_INIT;

	strcpy(r->dir, "/tmp/ll-room-XXXXXX");
	r->files = 0;
	cr_assert(mkdtemp(r->dir));
	cr_assert(mkdir(room_path(&a, r, "bin"), 0755) == 0);
	cr_assert(mkdir(room_path(&a, r, "cwd"), 0755) == 0);
	room_put(r, "bin/args",
	    "#!/bin/sh\n"
	    "s=\n"
	    "for a; do s=\"$s${s:+ }[$a]\"; done\n"
	    "in=$(cat; echo x)\n"
	    "[ \"$in\" = x ] || s=\"${s:-(none)} <{${in%x}}\"\n"
	    "printf '%s then ' \"${s:-(none)}\" >>\"$ROOM_LOG\"\n",
	    0755);
	room_put(r, "log", "", 0644);
}

static inline int
room_forget(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void
room_close(struct room *r)
{
	nftw(r->dir, room_forget, 16, FTW_DEPTH | FTW_PHYS);
}

/* Make the working directory empty again. */
static inline void
room_clean(struct room *r)
{
	auto_arena a = ARENA_INIT;
	const char *cwd = room_path(&a, r, "cwd");

	nftw(cwd, room_forget, 16, FTW_DEPTH | FTW_PHYS);
	cr_assert(mkdir(cwd, 0755) == 0);
}

static inline const char *
room_spill(void *self, int n, struct sv value, struct err *e)
{
	struct room *r = self;
	static _Thread_local char path[100];

	(void)n;
	snprintf(path, sizeof(path), "%s/spill%d", r->dir, r->files++);
	return file_put(path, value.p, value.n, 0600, e) < 0 ? NULL : path;
}

/* Start it; the process, which the caller waits for. */
static inline pid_t
room_start(struct room *r, const struct command *c)
{
	auto_arena a = ARENA_INIT;
	const char *fixed[] = { arena_printf(&a,
				    "PATH=%s/bin:/usr/local/bin:/usr/bin:/bin",
				    r->dir),
		arena_printf(&a, "ROOM_LOG=%s/log", r->dir),
		arena_printf(&a, "HOME=%s/cwd", r->dir), "LC_ALL=C.UTF-8" };
	size_t n = COUNT(fixed);
	const char **env = arena_new(&a, (n + c->env.len + 1) * sizeof(*env));
	char *argv[] = { (char[]) { "bash" }, (char[]) { "-c" },
		arena_strdup(&a, c->run), NULL };
	posix_spawn_file_actions_t todo;
	pid_t pid = -1;

	memcpy(env, fixed, sizeof(fixed));
	for (size_t i = 0; i < c->env.len; i++)
		env[n + i] = c->env.at[i];
	posix_spawn_file_actions_init(&todo);
	posix_spawn_file_actions_addopen(&todo, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&todo, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&todo, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addchdir_np(&todo, room_path(&a, r, "cwd"));
	cr_assert(posix_spawn(&pid, "/bin/bash", &todo, NULL, argv,
		      (char *const *)env) == 0);
	posix_spawn_file_actions_destroy(&todo);
	return pid;
}

static inline int
room_run(struct room *r, const struct command *c)
{
	int status = -1;
	pid_t pid = room_start(r, c);

	cr_assert(waitpid(pid, &status, 0) == pid);
	return status;
}

/* What `args` wrote since the last time, without the last " then ". */
static inline void
room_log(struct room *r, struct str *out)
{
	auto_arena a = ARENA_INIT;
	struct err e = ERR_INIT;

	str_reset(out);
	cr_assert(file_read(room_path(&a, r, "log"), 1 << 20, out, &e) == 0);
	if (out->len >= 6)
		str_cut(out, out->len - 6);
	room_put(r, "log", "", 0644);
}

/* A lookup that has one value for every reference. */
static inline int
room_get(void *self, const struct ref *ref, struct arena *a,
    const struct val **out, struct err *why)
{
	(void)ref;
	(void)a;
	(void)why;
	*out = *(const struct val *const *)self;
	return 1;
}

static inline const struct val *
room_value(struct arena *a, const char *p, size_t n, enum origin origin)
{
	struct val *v = val_bytes(a, p, n);

	v->origin = (unsigned char)origin;
	return v;
}

/* Compile and render; NULL or "E412"/the message in *why when refused. */
static inline int
room_render(struct room *r, struct arena *a, const char *action,
    const struct val *value, struct command *out, const char **why)
{
	struct diags diags = DIAGS_INIT;
	struct lookup look = { room_get, &value };
	struct tmpl *t = tmpl_compile(a, val_text(a, action), "x", &diags);
	struct script *s = script_compile(a, t, "x", NULL, NULL, &diags);
	struct err e = ERR_INIT;
	int rc = -1;

	*why = "";
	if (diags.errors)
		*why =
		    arena_printf(a, "%s %s", diags.at[0].id, diags.at[0].msg);
	else if (s && script_render(s, &look, room_spill, r, a, out, &e) == 0)
		rc = 0;
	else
		*why = arena_strdup(a, e.msg);
	diags_release(&diags);
	return rc;
}

#endif
