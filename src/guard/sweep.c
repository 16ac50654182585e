/*
 * Survivors of a double kill.  Their parents are gone, so there is no tree to
 * walk: what names them is the run in their environment, which all that an
 * action starts inherits.  Numbers are never believed: each is signalled by
 * its start time.  Refuses to end the process that asks.
 */
#include "guard/sweep.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/str.h"
#include "base/sv.h"
#include "base/vec.h"
#include "os/proc.h"
#include "os/tree.h"
#include "store/place.h"
#include "store/runs.h"

enum {
	ROUND_MS = 20,
	WAIT_MAX_MS = 60000,
	SOON = 20, /* looks in a row, before there is time between them */
	LOOKS = 500,
	LOOK_MS = 2
};

struct search {
	const struct sweep_spec *spec;
	VEC(const char *) runs; /* killed, without an end record */
	struct tree found;
	struct str env; /* of the process that is looked at */
};

/* Not what the kernel runs for itself, and nobody who is dead. */
static bool
has_program(pid_t pid)
{
	char path[64], one;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	return readlink(path, &one, 1) >= 0;
}

/* Just becoming another program it has no environment; it soon is one, if it
 * gets to run. */
static int
environ_of(pid_t pid, struct str *out)
{
	int got = proc_environ(pid, out);

	for (int i = 0; i < LOOKS && got < 0 && has_program(pid); i++) {
		if (i > 0)
			poll(NULL, 0, i > SOON ? LOOK_MS : 0);
		str_reset(out);
		got = proc_environ(pid, out);
	}
	return got;
}

/* Which of the runs it belongs to, or NULL. */
static const char *
run_of(struct search *s, pid_t pid)
{
	const char *at, *end, *id;

	str_reset(&s->env);
	if (environ_of(pid, &s->env) <= 0)
		return NULL;
	str_addc(&s->env, '\0');
	end = s->env.buf + s->env.len;
	for (at = s->env.buf; at < end; at += strlen(at) + 1) {
		if (strncmp(at, "LL_RUN_ID=", 10) != 0)
			continue;
		id = at + 10;
		for (size_t i = 0; i < s->runs.len; i++)
			if (strcmp(id, s->runs.at[i]) == 0)
				return s->runs.at[i];
	}
	return NULL;
}

static void
find(struct search *s)
{
	auto_dir DIR *d = opendir("/proc");
	struct dirent *ent;
	long long pid;

	s->found.len = 0;
	while (d && (ent = readdir(d))) {
		struct proc p;

		if (sv_to_long(sv(ent->d_name), 2, 1 << 30, &pid) &&
		    pid != getpid() && run_of(s, (pid_t)pid) &&
		    proc_read((pid_t)pid, &p) && !p.dead)
			vec_push(&s->found, p);
	}
}

static void
signal_found(const struct search *s, int number)
{
	for (size_t i = 0; i < s->found.len; i++)
		proc_tell(s->found.at[i].pid, s->found.at[i].start, number,
		    SIG_WHY_PARENT);
}

/* Until the first of those found is gone, or a signal came, or the time. */
static void
await_one(const struct search *s, long long until_ms)
{
	const struct proc *first = &s->found.at[0];
	auto_fd int fd = pidfd_open(first->pid, 0);
	struct pollfd p[2] = { { fd, POLLIN, 0 },
		{ sig_fd(s->spec->sig), POLLIN, 0 } };
	long long ms = until_ms - clock_ms();

	if (fd >= 0 && proc_start_time(first->pid) == first->start)
		poll(p, COUNT(p), ms < 0 ? 0 : (int)ms);
	while (sig_next(s->spec->sig))
		;
}

/* TERM has been said; KILL goes out in rounds, since they may fork. */
static void
await_end(struct search *s, long long grace_ms)
{
	long long kill_at = clock_ms() + grace_ms;
	long long last = kill_at + TREE_KILL_MS, now;

	for (find(s); s->found.len && !s->spec->sig->stop; find(s)) {
		now = clock_ms();
		if (now >= last)
			return;
		if (now >= kill_at) {
			signal_found(s, SIGKILL);
			await_one(s, now + ROUND_MS);
		} else {
			await_one(s, kill_at);
		}
	}
}

static long long
grace_of(const struct sweep_spec *spec)
{
	long long ms = spec->grace_ms ? spec->grace_ms : TREE_GRACE_MS;

	return ms < 0 ? 0 : ms > WAIT_MAX_MS ? WAIT_MAX_MS : ms;
}

static int
end_found(struct search *s, size_t *ended, struct err *e)
{
	const char *ours = run_of(s, getpid());
	size_t n;

	if (ours)
		return err_set(e, ERR_BUSY,
		    "this was started by run '%s', which was killed", ours);
	find(s);
	n = s->found.len;
	signal_found(s, SIGTERM);
	signal_found(s, SIGCONT);
	await_end(s, grace_of(s->spec));
	if (s->found.len)
		return err_set(e, ERR_BUSY,
		    "process %d, which a killed run has left, could not be "
		    "ended",
		    (int)s->found.at[0].pid);
	*ended = n;
	return 0;
}

/* One that was killed before its first record has started nothing: it goes as
 * if it had never been.  False: it began, or is not of this project. */
static bool
forget_unbegun(const struct place_run *p)
{
	if (access(p->dir, F_OK) < 0)
		return false;
	place_discard(p);
	return access(p->dir, F_OK) < 0;
}

/* Those without an end record; who has one had ended its tree before. */
static void
pick_killed(struct search *s, const char *const *dead, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		auto_arena mem = ARENA_INIT;
		struct place_run p;
		struct run_brief brief;

		place_of(&mem, s->spec->root, dead[i], &p);
		if (forget_unbegun(&p))
			continue;
		runs_brief(&mem, s->spec->root, dead[i], &brief);
		if (!brief.end)
			vec_push(&s->runs, dead[i]);
	}
}

int
sweep_dead(
    const struct sweep_spec *spec, struct sweep_told *told, struct err *e)
{
	struct search s = { .spec = spec,
		.runs = VEC_INIT,
		.found = TREE_INIT,
		.env = STR_INIT };
	const char *const *dead;
	size_t n = ticket_dead(spec->ticket, &dead), ended = 0;
	int rc = 0;

	if (!n)
		return 0;
	pick_killed(&s, dead, n);
	if (s.runs.len)
		rc = end_found(&s, &ended, e);
	if (rc == 0) {
		ticket_bury(spec->ticket);
		told->ended = ended;
		told->run = s.runs.len ? s.runs.at[0] : NULL;
	}
	vec_release(&s.runs);
	tree_release(&s.found);
	str_release(&s.env);
	return rc;
}
