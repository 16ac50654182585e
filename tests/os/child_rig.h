/* What the tests of os/child share: a listener, and a script to run. */
#ifndef TESTS_OS_CHILD_RIG_H
#define TESTS_OS_CHILD_RIG_H

#include <signal.h>

#include "base/str.h"
#include "os/child.h"
#include "os/tree.h"
#include "test.h"

#define LONG_MS 20000 /* "did not wait for the sleep" */

struct rig {
	struct sig sig;
	struct str text[2];
	size_t bytes[2];
	size_t keep;   /* of each stream */
	size_t refuse; /* at this many bytes; 0: never */
	size_t enough; /* at this many bytes; 0: never */
	size_t all;    /* it has said its end at this many; 0: never */
	int raise;     /* signal to send to us when bytes come */
	int raises;
};

static inline void
rig_init(struct rig *r)
{
	struct err e = ERR_INIT;

	*r = (struct rig) { .text = { STR_INIT, STR_INIT }, .keep = 1 << 20 };
	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(sig_init(&r->sig, &e), 0);
}

static inline void
rig_release(struct rig *r)
{
	sig_release(&r->sig);
	str_release(&r->text[0]);
	str_release(&r->text[1]);
}

static inline int
hear(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct rig *r = self;
	struct str *s = &r->text[stream - 1];

	r->bytes[stream - 1] += n;
	if (s->len < r->keep)
		str_add(s, p, n);
	if (r->refuse && r->bytes[0] + r->bytes[1] >= r->refuse)
		return err_set(e, ERR_IO, "full");
	if (r->enough && r->bytes[0] + r->bytes[1] >= r->enough)
		return 1;
	if (r->all && r->bytes[0] + r->bytes[1] >= r->all)
		return CHILD_SAID_END;
	for (; r->raises > 0; r->raises--)
		raise(r->raise);
	return 0;
}

static inline struct outcome
run(struct rig *r, struct child_spec s, const char *script)
{
	char *argv[] = { (char *)"bash", (char *)"-c", (char *)script, NULL };
	struct outcome o = { .code = -1 };
	struct err e = ERR_INIT;

	s.file = s.file ? s.file : "/bin/bash";
	s.argv = argv;
	s.bytes = hear;
	s.self = r;
	str_reset(&r->text[0]);
	str_reset(&r->text[1]);
	r->bytes[0] = r->bytes[1] = 0;
	cr_assert_eq(
	    child_run(&s, &r->sig, &o, &e), 0, "%s: %s", script, e.msg);
	return o;
}

static inline size_t
living(void)
{
	struct tree t = TREE_INIT;
	size_t n;

	tree_list(&t);
	n = t.len;
	tree_release(&t);
	return n;
}

static inline void
end_all(struct rig *r)
{
	struct err e = ERR_INIT;

	cr_assert_eq(tree_end(NULL, -1, &r->sig, &e), 0, "%s", e.msg);
	cr_assert_eq(living(), 0);
}

#endif
