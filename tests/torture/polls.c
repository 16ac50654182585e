/*
 * Many readers at once, while runs begin and end: each asks where the newest
 * run stands, what runs, what ran, and again where that run stands.  What the
 * answers say must fit: who stood the same before and after stands so in what
 * was asked between, and who has ended stays as he ended.
 *
 * Usage: polls LL READERS GO, in a project.  As long as the file GO is there.
 * Says what does not fit, a line each, then how often was asked; ends with 1
 * when something does not.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"
#include "text/json.h"

extern char **environ;

enum { WORDS_MAX = 5, FAULTS_MAX = 5, NOTHING = 66 };

struct reader {
	const char *ll, *go;
	struct arena mem; /* of one round */
	long long rounds, faults;
};

/* ---- one question ---- */

static pid_t
start(const char *ll, const char *const *words, int out)
{
	posix_spawn_file_actions_t fa;
	char *argv[WORDS_MAX + 2] = { (char *)ll };
	pid_t pid = -1;

	for (int i = 0; words[i]; i++)
		argv[i + 1] = (char *)words[i];
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, out, 1);
	posix_spawn_file_actions_addopen(&fa, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawn(&pid, ll, &fa, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&fa);
	return pid;
}

static void
take(int fd, struct str *out)
{
	ssize_t n;

	do {
		str_reserve(out, 1 << 16);
		n = read(fd, out->buf + out->len, 1 << 16);
		if (n > 0)
			str_cut(out, out->len + (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
}

/* The document; NULL when there is none yet, or, said, when that is odd. */
static const struct val *
ask(struct reader *r, const char *const *words)
{
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;
	const struct val *doc;
	int fd[2], status = -1;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC) < 0)
		return NULL;
	pid = start(r->ll, words, fd[1]);
	close(fd[1]);
	take(fd[0], &text);
	close(fd[0]);
	if (pid < 0 || waitpid(pid, &status, 0) < 0 ||
	    (WIFEXITED(status) && WEXITSTATUS(status) == NOTHING))
		return NULL;
	doc = json_read(&r->mem, text.buf, text.len, ORIGIN_FILE, &e);
	if (status != 0 || !doc) {
		printf("%s: status %d, %s\n", words[0], status, e.msg);
		r->faults++;
	}
	return doc;
}

/* ---- what the answers say ---- */

/* How the run stands in a listing; NULL: it is not there. */
static const char *
word_in(const struct val *list, const char *member, const char *run)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (strcmp(val_str(list->list.at[i], member, ""), run) == 0)
			return val_str(list->list.at[i], "status", "");
	return NULL;
}

static bool
is_over(const char *word)
{
	static const char *const goes_on[] = { "queued", "running", "waiting",
		"stopping" };

	for (size_t i = 0; i < sizeof(goes_on) / sizeof(*goes_on); i++)
		if (strcmp(word, goes_on[i]) == 0)
			return false;
	return true;
}

struct round {
	const char *run;
	const char *before, *runs, *ran, *after; /* NULL: not there */
};

static void
fault(struct reader *r, const struct round *x, const char *what)
{
	if (r->faults++ < FAULTS_MAX)
		printf("%s: %s: status %s, list --running %s, history %s, "
		       "status %s\n",
		    x->run, what, x->before, x->runs ? x->runs : "-",
		    x->ran ? x->ran : "-", x->after);
}

/* What was said between two answers of `status`. */
static void
check_between(struct reader *r, const struct round *x, const char *word)
{
	if (is_over(x->before) && strcmp(word, x->before) != 0)
		fault(r, x, "it had ended otherwise");
	if (is_over(word) && strcmp(word, x->after) != 0)
		fault(r, x, "it has ended otherwise");
}

static void
check(struct reader *r, const struct round *x)
{
	if (is_over(x->before) && strcmp(x->before, x->after) != 0)
		fault(r, x, "what was over changed");
	if (!is_over(x->after) && !x->runs)
		fault(r, x, "it runs and is not listed");
	if (x->runs)
		check_between(r, x, x->runs);
	if (x->ran)
		check_between(r, x, x->ran);
	else
		fault(r, x, "it is not in the history");
}

/* The phase and the word of one answer. */
static const char *
word_of(struct reader *r, const struct val *doc)
{
	const char *word = val_str(doc, "status", "");
	bool over = strcmp(val_str(doc, "phase", ""), "ended") == 0 ||
	    strcmp(val_str(doc, "phase", ""), "died") == 0;

	if (over != is_over(word)) {
		printf("phase %s and status %s\n", val_str(doc, "phase", ""),
		    word);
		r->faults++;
	}
	return word;
}

static void
round_once(struct reader *r)
{
	const char *const where[] = { "status", "--json", NULL };
	const char *const running[] = { "list", "--running", "--json", NULL };
	const char *const past[] = { "history", "--json", NULL };
	const char *again[] = { "status", NULL, "--json", NULL };
	const struct val *before = ask(r, where), *runs, *ran, *after;
	struct round x;

	if (!before)
		return;
	x.run = again[1] = val_str(before, "run", "");
	runs = ask(r, running);
	ran = ask(r, past);
	after = ask(r, again);
	x.before = word_of(r, before);
	/* One that was ended before its first record is taken back. */
	if (!after && !is_over(x.before))
		return;
	if (!runs || !ran || !after) {
		printf("%s: no answer\n", x.run);
		r->faults++;
		return;
	}
	x.runs = word_in(runs, "run", x.run);
	x.ran = word_in(ran, "run_id", x.run);
	x.after = word_of(r, after);
	check(r, &x);
	r->rounds++;
}

static int
read_on(const char *ll, const char *go)
{
	struct reader r = { ll, go, ARENA_INIT, 0, 0 };

	while (access(go, F_OK) == 0) {
		round_once(&r);
		arena_reset(&r.mem);
	}
	printf("rounds %lld\n", r.rounds);
	arena_release(&r.mem);
	return r.faults != 0;
}

int
main(int argc, char **argv)
{
	int n, status, faults = 0;

	if (argc != 4)
		return 64;
	n = atoi(argv[2]);
	setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			return 71;
		if (pid == 0)
			exit(read_on(argv[1], argv[3]));
	}
	while (wait(&status) > 0)
		faults += status != 0;
	return faults != 0;
}
