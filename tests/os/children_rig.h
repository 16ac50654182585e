/* What the tests of os/children share: lanes in a yard. */
#ifndef TESTS_OS_CHILDREN_RIG_H
#define TESTS_OS_CHILDREN_RIG_H

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "os/child_rig.h"

struct lane {
	struct child *child;
	struct str out, err;
	char mark[40];
	bool refuses;
	int raises; /* a signal, when bytes come */
	bool over;
	struct outcome how;
};

struct yard {
	struct sig sig;
	struct lane lane[CHILDREN_MAX];
	size_t n;
	long long (*due_ms)(void *);
	int (*tick)(void *, struct err *);
	void *tick_self;
};

static inline void
yard_init(struct yard *y)
{
	struct err e = ERR_INIT;

	memset(y, 0, sizeof(*y));
	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(sig_init(&y->sig, &e), 0);
}

static inline void
yard_release(struct yard *y)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < y->n; i++) {
		child_end(y->lane[i].child, NULL);
		str_release(&y->lane[i].out);
		str_release(&y->lane[i].err);
	}
	cr_assert_eq(tree_end(NULL, -1, &y->sig, &e), 0, "%s", e.msg);
	cr_assert_eq(living(), 0);
	sig_release(&y->sig);
}

static inline int
lane_hears(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct lane *l = self;
	struct str *s = stream == 1 ? &l->out : &l->err;

	if (l->refuses)
		return err_set(e, ERR_IO, "full");
	if (s->len < 100000)
		str_add(s, p, n);
	if (l->raises)
		raise(l->raises);
	l->raises = 0;
	return 0;
}

/* Each lane has its own mark. */
static inline struct lane *
begin(struct yard *y, struct child_spec s, const char *script)
{
	struct lane *l = &y->lane[y->n];
	char *argv[] = { (char *)"bash", (char *)"-c", (char *)script, NULL };
	char path[] = "PATH=/usr/bin:/bin";
	char *env[] = { path, l->mark, NULL };

	*l = (struct lane) { .out = STR_INIT, .err = STR_INIT };
	snprintf(l->mark, sizeof(l->mark), "LL_LANE=%zu", ++y->n);
	s.file = s.file ? s.file : "/bin/bash";
	s.argv = argv;
	s.env = env;
	s.mark = l->mark;
	s.bytes = lane_hears;
	s.self = l;
	l->child = child_start(&s, &y->sig);
	return l;
}

/* One call: 1 with a lane that is over, which is then released. */
static inline int
wait_once(struct yard *y, long long ms, struct err *e)
{
	struct child *at[CHILDREN_MAX];
	struct lane *lane[CHILDREN_MAX];
	struct children_wait w = { .at = at,
		.sig = &y->sig,
		.until_boot_ms = ms < 0 ? -1 : clock_boot_ms() + ms,
		.due_ms = y->due_ms,
		.tick = y->tick,
		.tick_self = y->tick_self };
	size_t over = 999;
	int rc;

	for (size_t i = 0; i < y->n; i++)
		if (y->lane[i].child) {
			lane[w.n] = &y->lane[i];
			at[w.n++] = y->lane[i].child;
		}
	rc = children_wait(&w, &over, e);
	if (rc != 1)
		return rc;
	cr_assert_lt(over, w.n);
	child_end(lane[over]->child, &lane[over]->how);
	lane[over]->child = NULL;
	lane[over]->over = true;
	return 1;
}

static inline void
wait_all(struct yard *y)
{
	struct err e = ERR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < y->n; i++)
		n += y->lane[i].child != NULL;
	for (; n > 0; n--)
		cr_assert_eq(wait_once(y, -1, &e), 1, "%s", e.msg);
}

/* Until so many lines have come. */
static inline void
wait_lines(struct yard *y, const struct lane *l, size_t lines)
{
	struct err e = ERR_INIT;

	for (;;) {
		size_t n = 0;

		for (size_t i = 0; i < l->out.len; i++)
			n += l->out.buf[i] == '\n';
		if (n >= lines)
			return;
		cr_assert_geq(wait_once(y, 10, &e), 0, "%s", e.msg);
	}
}

static inline void
wait_over(struct yard *y, const struct lane *l)
{
	struct err e = ERR_INIT;

	while (!l->over)
		cr_assert_geq(wait_once(y, -1, &e), 0, "%s", e.msg);
}

static inline bool
lives(int pid)
{
	struct proc p;

	return proc_read(pid, &p) && !p.dead;
}

/* The numbers it has printed; how many of them live. */
static inline int
alive(const struct lane *l)
{
	const char *p = l->out.buf;
	int pid, n, count = 0;

	for (; sscanf(p, "%d%n", &pid, &n) == 1; p += n)
		count += lives(pid);
	return count;
}

/* A leader, one below it, and an orphan in a session of its own; each says
 * its number. */
#define THREE                                                                \
	"(setsid bash -c 'echo $$; exec sleep 300' &); echo $BASHPID; bash " \
	"-c 'echo $$; exec sleep 300' & wait"

static inline int
count_of(struct yard *y, struct lane *l)
{
	wait_lines(y, l, 3);
	return alive(l);
}

#endif
