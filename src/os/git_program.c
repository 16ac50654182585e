/*
 * The way of the program `git`, for where libgit2 is missing or does not know
 * the kind of repository.  It is asked only what changes nothing: no lock is
 * taken, no question reaches a terminal, no driver of the user's runs.
 */
#include "os/git_part.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "os/git_env.h"

enum { SAID_MAX = 64 << 20, WORDS_MAX = 16 };

struct said {
	int status; /* exit status, or -1 */
	struct str out, err;
};

static void
said_release(struct said *s)
{
	str_release(&s->out);
	str_release(&s->err);
}

#define auto_said __attribute__((cleanup(said_release))) struct said
#define SAID_INIT                      \
	{                              \
		-1, STR_INIT, STR_INIT \
	}

static int
read_back(int fd, struct str *out, struct err *e)
{
	off_t size = lseek(fd, 0, SEEK_END);
	off_t at = 0;

	if (size < 0)
		return err_sys(e, "git");
	if (size > SAID_MAX)
		return err_set(
		    e, ERR_INPUT, "git said over %d bytes", SAID_MAX);
	str_reserve(out, (size_t)size + 1);
	while (at < size) {
		ssize_t n =
		    pread(fd, out->buf + out->len, (size_t)(size - at), at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_sys(e, "git");
		str_cut(out, out->len + (size_t)n);
		at += n;
	}
	return 0;
}

static int
start(char *const *argv, const int fd[2], pid_t *pid)
{
	posix_spawn_file_actions_t acts;
	int rc = posix_spawn_file_actions_init(&acts);

	if (rc)
		return rc;
	rc = posix_spawn_file_actions_addopen(
	    &acts, 0, "/dev/null", O_RDONLY, 0);
	for (int i = 0; !rc && i < 2; i++)
		rc = posix_spawn_file_actions_adddup2(&acts, fd[i], i + 1);
	if (!rc)
		rc = posix_spawnp(pid, "git", &acts, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&acts);
	return rc;
}

static int
say(char *const *argv, struct said *out, struct err *e)
{
	auto_fd int o = memfd_create("git", MFD_CLOEXEC);
	auto_fd int r = memfd_create("git", MFD_CLOEXEC);
	int status = 0, rc;
	pid_t pid;

	if (o < 0 || r < 0)
		return err_sys(e, "git");
	rc = start(argv, (const int[]) { o, r }, &pid);
	if (rc) {
		errno = rc;
		err_sys(e, "git");
		e->kind = ERR_NEED;
		return -1;
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return err_sys(e, "git");
	out->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	if (read_back(o, &out->out, e) < 0)
		return -1;
	return read_back(r, &out->err, e);
}

/* git -C TOP WORDS... [-- SPECS...]; `words` ends in NULL. */
static int
git(const struct repo_room *g, const char *const *words, bool specs,
    struct said *out, struct err *e)
{
	static const char *const fixed[] = { "git", "-c",
		"core.fsmonitor=false", "-C" };
	VEC(const char *) argv = VEC_INIT;
	int rc;

	for (size_t i = 0; i < COUNT(fixed); i++)
		vec_push(&argv, fixed[i]);
	vec_push(&argv, g->top ? g->top : ".");
	while (*words)
		vec_push(&argv, *words++);
	vec_push(&argv, specs ? "--" : NULL);
	for (size_t i = 0; specs && i < g->spec.len; i++)
		vec_push(&argv, g->spec.at[i]);
	vec_push(&argv, NULL);
	rc = say((char *const *)argv.at, out, e);
	vec_release(&argv);
	return rc;
}

static int
refused(const struct said *s, struct err *e)
{
	struct sv why = sv_trim(str_sv(&s->err));

	if (strstr(s->err.buf, "not a git repository"))
		return err_set(e, ERR_ABSENT, "this is no git repository");
	if (strstr(s->err.buf, "must be run in a work tree"))
		return err_set(
		    e, ERR_ABSENT, "a bare git repository has no files");
	return err_set(e, ERR_IO, "git: %.*s", SV_ARG(why));
}

/* A hook's environment would point at another repository. */
static void
set_environment(void)
{
	git_env_drop();
	unsetenv("GIT_TRACE");
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
	setenv("GIT_TERMINAL_PROMPT", "0", 1);
	setenv("LC_ALL", "C", 1);
}

static int
open_repository(struct repo_room *g, struct err *e)
{
	static const char *const words[] = { "rev-parse", "--show-toplevel",
		NULL };
	auto_said s = SAID_INIT;
	struct sv top;

	set_environment();
	if (git(g, words, false, &s, e) < 0)
		return -1;
	if (s.status != 0)
		return refused(&s, e);
	top = sv_chomp(str_sv(&s.out));
	g->top = arena_dup(g->mem, top.p, top.n);
	return 0;
}

/* The id of something in HEAD; "none" when it is not there. */
static int
add_id(struct repo_room *g, const char *what, struct err *e)
{
	const char *const words[] = { "rev-parse", "-q", "--verify",
		what ? arena_printf(g->mem, "HEAD:%s", what) : "HEAD^{tree}",
		NULL };
	auto_said s = SAID_INIT;
	struct sv id;

	if (git(g, words, false, &s, e) < 0)
		return -1;
	id = s.status == 0 ? sv_trim(str_sv(&s.out)) : sv("none");
	vec_push(&g->tree, arena_dup(g->mem, id.p, id.n));
	return 0;
}

/* Without HEAD there is one id, "none", whatever the scope. */
static int
read_head(struct repo_room *g, bool *born, struct err *e)
{
	if (add_id(g, NULL, e) < 0)
		return -1;
	*born = strcmp(g->tree.at[0], "none") != 0;
	if (!*born || !g->spec.len)
		return 0;
	g->tree.len = 0;
	for (size_t i = 0; i < g->spec.len; i++)
		if (add_id(g, g->spec.at[i], e) < 0)
			return -1;
	return 0;
}

/* Names with a NUL after each. */
static int
add_paths(struct repo_room *g, const char *const *words, struct err *e)
{
	auto_said s = SAID_INIT;
	struct sv rest, one;

	if (git(g, words, true, &s, e) < 0)
		return -1;
	if (s.status != 0)
		return refused(&s, e);
	rest = str_sv(&s.out);
	while (sv_cut(&rest, '\0', &one))
		if (one.n)
			vec_push(&g->path, arena_dup(g->mem, one.p, one.n));
	return 0;
}

static int
list(struct repo_room *g, struct err *e)
{
	static const char *const changed[] = { "diff", "HEAD", "--name-only",
		"-z", "--no-renames", "--no-ext-diff", "--no-textconv",
		"--ignore-submodules=dirty", NULL };
	static const char *const staged[] = { "ls-files", "-z", "--cached",
		NULL };
	static const char *const fresh[] = { "ls-files", "-z", "--others",
		"--exclude-standard", NULL };
	bool born;

	if (read_head(g, &born, e) < 0 ||
	    add_paths(g, born ? changed : staged, e) < 0)
		return -1;
	return add_paths(g, fresh, e);
}

const struct repo_way repo_by_program = { "git", open_repository, list };
