/*
 * Start a program (decisions.md §4): new session, default signals, empty
 * mask, stdin /dev/null or what is given, and none of our descriptors.
 */
#ifndef OS_SPAWN_H
#define OS_SPAWN_H

#include <signal.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"
#include "os/limit.h"

/* What every start needs, got once for many: /dev/null, the file that says
 * how likely we are chosen when memory runs out, and the signals that are not
 * at their default, so it is opened when ours are set (sig_init).  It is of
 * the process that opened it: not to be used behind a fork. */
struct spawn_kit {
	int null, oom; /* -1: cannot be had, done without */
	unsigned char changed[NSIG];
	size_t nchanged;
	char was[16], more[24];
};
void spawn_kit_open(struct spawn_kit *);
void spawn_kit_release(struct spawn_kit *);

struct spawn_spec {
	const char *file;  /* executed as it is; PATH is not searched */
	char *const *argv; /* ends in NULL */
	char *const *env;  /* ends in NULL; NULL means our own */
	const char *cwd;   /* NULL means ours */
	int out, err; /* what becomes 1 and 2; above 2, stay the caller's */
	const struct limits *limits; /* NULL: none */
	const struct spawn_kit *kit; /* NULL: one is opened for this start */
	int in; /* what becomes 0, as `out`; 0: /dev/null */
};

/* Added to our oom_score_adj, in thousandths of the memory there is. */
enum { SPAWN_OOM_MORE = 200 };

struct spawned {
	pid_t pid;
	int pidfd; /* close-on-exec; the caller closes */
};

/* 0 with *out filled, or the errno of what failed (ENOENT: the program, its
 * interpreter or cwd is missing); then no process is left.  What is started
 * is a likelier choice than we are when the kernel runs out of memory. */
int spawn(const struct spawn_spec *, struct spawned *out);
/* Where 0, 1 or 2 is closed, /dev/null is opened: no file of ours can become
 * the place that somebody prints to. */
void spawn_fill_standard(void);
/* Once at start: 0, 1 and 2 are open (on /dev/null if they were not), all
 * other descriptors are marked close-on-exec. */
void spawn_close_inherited(void);
/* The absolute path of the program that `word` means on `path` (PATH's
 * text), if its first bytes are ELF's magic or "#!"; NULL when there is none
 * or when only a shell can say what it means (relative entries, text without
 * "#!", "./word"). */
const char *spawn_find(struct arena *, const char *word, const char *path);
/* The same of a program that is not an action's: relative entries are in our
 * working directory. */
const char *spawn_find_ours(struct arena *, const char *word, const char *path);

#endif
