/*
 * The tree of processes below us.  Listing races with forks and deaths, so
 * no single listing is believed where it matters: KILL goes out in rounds,
 * and the end is ECHILD, or two empty listings when older processes stay.
 * Refuses to signal a group: only child_run's own, whose leader is not yet
 * reaped, so that its number cannot have become somebody else's.
 */
#include "os/tree.h"

#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "base/sv.h"
#include "base/vec.h"

#define ROUND_MS 20
#define ROUND_MAX 4096 /* processes of one listing; more come next time */
#define CHILDREN_MAX (16u << 20)

void
tree_release(struct tree *t)
{
	vec_release(t);
}

static void
add(struct tree *t, pid_t pid)
{
	struct proc p;

	if (proc_read(pid, &p) && !p.dead)
		vec_push(t, p);
}

/* The children of one thread; -1 when the kernel does not say. */
static int
add_children_of_thread(struct tree *t, pid_t pid, const char *thread)
{
	char path[96];
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;
	struct sv rest, word;
	long long child;

	snprintf(path, sizeof(path), "/proc/%d/task/%.20s/children", (int)pid,
	    thread);
	if (file_read(path, CHILDREN_MAX, &text, &e) < 0)
		return -1;
	rest = str_sv(&text);
	while (sv_cut(&rest, ' ', &word))
		if (sv_to_long(word, 2, 1 << 30, &child))
			add(t, (pid_t)child);
	return 0;
}

static int
add_children(struct tree *t, pid_t pid)
{
	char path[64];
	struct dirent *ent;
	auto_dir DIR *d = NULL;
	int rc = -1;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	d = opendir(path);
	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.' &&
		    add_children_of_thread(t, pid, ent->d_name) == 0)
			rc = 0;
	return rc;
}

static bool
holds(const struct tree *t, pid_t pid, unsigned long long start)
{
	for (size_t i = 0; i < t->len; i++)
		if (t->at[i].pid == pid && t->at[i].start == start)
			return true;
	return false;
}

/* Processes move while we walk: one that was seen twice stays once. */
static void
drop_doubles(struct tree *t, size_t from)
{
	size_t n = from;

	for (size_t i = from; i < t->len; i++) {
		struct tree seen = { t->at, n, 0 };

		if (!holds(&seen, t->at[i].pid, t->at[i].start))
			t->at[n++] = t->at[i];
	}
	t->len = n;
}

/* About `most`: what forks faster than we read has no end. */
static void
list(struct tree *t, size_t most)
{
	t->len = 0;
	if (add_children(t, getpid()) < 0) {
		tree_scan(t);
		return;
	}
	for (size_t i = 0; i < t->len && t->len <= most; i++) {
		size_t before = t->len;

		add_children(t, t->at[i].pid);
		drop_doubles(t, before);
	}
}

void
tree_list(struct tree *t)
{
	list(t, SIZE_MAX);
}

static void
read_all_of_proc(struct tree *all)
{
	auto_dir DIR *d = opendir("/proc");
	struct dirent *ent;
	long long pid;

	while (d && (ent = readdir(d)))
		if (sv_to_long(sv(ent->d_name), 2, 1 << 30, &pid))
			add(all, (pid_t)pid);
}

/* A parent is never younger than its child: if it is, its number was used
 * again since the child was read. */
static void
add_those_below(
    struct tree *t, const struct tree *all, pid_t pid, unsigned long long start)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->at[i].parent == pid && all->at[i].start >= start)
			vec_push(t, all->at[i]);
}

void
tree_scan(struct tree *t)
{
	struct tree all = TREE_INIT;

	t->len = 0;
	read_all_of_proc(&all);
	add_those_below(t, &all, getpid(), 0);
	for (size_t i = 0; i < t->len; i++)
		add_those_below(t, &all, t->at[i].pid, t->at[i].start);
	tree_release(&all);
}

static bool
has_children(void)
{
	siginfo_t si;

	return waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) == 0 ||
	    errno != ECHILD;
}

/* A session's number is not given out again while anyone is in it. */
static bool
belongs(const struct proc *p, const struct tree *older, const struct tree *kept)
{
	for (size_t i = 0; i < older->len; i++)
		if (p->session == older->at[i].session ||
		    (p->pid == older->at[i].pid &&
			p->start == older->at[i].start))
			return true;
	for (size_t i = 0; i < kept->len; i++)
		if (p->parent == kept->at[i].pid)
			return true;
	return false;
}

static void
list_since(struct tree *t, const struct tree *older, size_t most)
{
	struct tree kept = TREE_INIT;
	size_t n = 0;

	t->len = 0;
	if (!has_children())
		return;
	list(t, most);
	if (!older || !older->len)
		return;
	for (size_t i = 0; i < t->len; i++) {
		struct proc p = t->at[i];

		if (belongs(&p, older, &kept))
			vec_push(&kept, p);
		else
			t->at[n++] = p;
	}
	t->len = n;
	tree_release(&kept);
}

void
tree_list_since(struct tree *t, const struct tree *older)
{
	list_since(t, older, ROUND_MAX);
}

bool
tree_is_over(const struct tree *older, size_t most)
{
	struct tree t = TREE_INIT;
	size_t n;

	list_since(&t, older, most + 2 * older->len);
	n = t.len;
	tree_release(&t);
	return n > most;
}

/* Look first and take then: a status somebody waits for must stay. */
bool
tree_reap(pid_t keep)
{
	siginfo_t si;

	for (;;) {
		si.si_pid = 0;
		if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) < 0) {
			if (errno == EINTR)
				continue;
			return false;
		}
		if (!si.si_pid || si.si_pid == keep)
			return true;
		waitid(P_PID, (id_t)si.si_pid, &si, WEXITED | WNOHANG);
	}
}

static size_t
forget_gone(struct tree *known, const struct tree *now)
{
	size_t n = 0;

	for (size_t i = 0; i < known->len; i++)
		if (holds(now, known->at[i].pid, known->at[i].start))
			known->at[n++] = known->at[i];
	return known->len = n;
}

size_t
tree_news(struct tree *known, struct arena *mem, const struct tree_left **out)
{
	struct tree now = TREE_INIT;
	struct tree_left *left;
	size_t had, n = 0;

	if (!tree_reap(0)) {
		known->len = 0;
		return 0;
	}
	tree_list(&now);
	had = forget_gone(known, &now);
	for (size_t i = 0; i < now.len; i++)
		if (!holds(known, now.at[i].pid, now.at[i].start))
			vec_push(known, now.at[i]);
	tree_release(&now);
	if (known->len == had)
		return 0;
	left = arena_new(mem, (known->len - had) * sizeof(*left));
	for (size_t i = had; i < known->len; i++) {
		const struct proc *p = &known->at[i];
		const char *command = proc_command(mem, p->pid);

		if (command)
			left[n++] =
			    (struct tree_left) { p->pid, p->start, command };
	}
	if (n)
		*out = left;
	return n;
}

/* The group gets it at once, so that none of its members can fork away from
 * under the listing; the others one by one. */
static size_t
signal_all(const struct tree_ending *g, int number)
{
	struct tree t = TREE_INIT;
	size_t n;

	if (g->child)
		killpg(g->child, number);
	tree_list_since(&t, g->older);
	for (size_t i = 0; i < t.len; i++)
		if (!g->child || t.at[i].group != g->child)
			proc_signal(t.at[i].pid, t.at[i].start, number);
	n = t.len;
	tree_release(&t);
	return n;
}

static size_t
count_left(const struct tree_ending *g)
{
	struct tree t = TREE_INIT;
	size_t n;

	tree_list_since(&t, g->older);
	if (!t.len)
		tree_list_since(&t, g->older);
	n = t.len;
	tree_release(&t);
	return n;
}

void
tree_ending_start(struct tree_ending *g, const struct tree *older, pid_t child,
    long long grace_ms)
{
	long long grace = grace_ms ? grace_ms : TREE_GRACE_MS;

	*g = (struct tree_ending) { .older = older, .child = child };
	g->next_ms = clock_ms() + (grace > 0 ? grace : 0);
	if (grace < 0)
		return;
	signal_all(g, SIGTERM);
	signal_all(g, SIGCONT);
}

/* When nobody is spared, only ECHILD is believed: a listing may miss one
 * that changes its parent just then. */
static bool
all_gone(struct tree_ending *g)
{
	bool spares = g->child || (g->older && g->older->len);

	g->left = 0;
	if (!tree_reap(g->child))
		return true;
	g->left = count_left(g);
	if (g->left)
		return false;
	return !tree_reap(g->child) || spares;
}

bool
tree_ending_step(struct tree_ending *g, bool hurry)
{
	long long now = clock_ms();

	g->over = all_gone(g) || (g->last_ms && now >= g->last_ms);
	if (g->over || (now < g->next_ms && !hurry && !g->last_ms))
		return g->over;
	if (!g->last_ms)
		g->last_ms = now + TREE_KILL_MS;
	signal_all(g, SIGKILL);
	g->next_ms = now + ROUND_MS;
	return false;
}

static void
wait_until(struct sig *s, long long until_ms)
{
	struct pollfd p = { sig_fd(s), POLLIN, 0 };
	long long ms = until_ms - clock_ms();

	poll(&p, 1, ms > 0 ? (int)(ms > 60000 ? 60000 : ms) : 0);
	while (sig_next(s))
		;
}

int
tree_end(
    const struct tree *older, long long grace_ms, struct sig *s, struct err *e)
{
	struct tree_ending g;

	if (!tree_reap(0))
		return 0;
	tree_ending_start(&g, older, 0, grace_ms);
	while (!tree_ending_step(&g, s->now))
		wait_until(s, g.next_ms);
	if (g.left)
		return err_set(
		    e, ERR_IO, "%zu processes could not be ended", g.left);
	return 0;
}
