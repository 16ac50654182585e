/* Facts about processes, from the kernel: identity, parents, command line. */
#ifndef OS_PROC_H
#define OS_PROC_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "os/sig.h"

/* What one line of /proc/PID/stat says. pid and start together name a
 * process for as long as the machine is up. */
struct proc {
	pid_t pid, parent, group, session;
	bool dead;                /* a zombie, all of it */
	unsigned long long start; /* clock ticks since boot */
	bool stopped;             /* by a signal, or a debugger */
};

/* Orphans among our descendants become our children, not init's. */
int proc_become_reaper(struct err *);
/* False when there is no such process (or /proc hides it). */
bool proc_read(pid_t pid, struct proc *out);
/* Clock ticks since boot of its start; 0 when there is no such process. */
unsigned long long proc_start_time(pid_t pid);
/* Signal that very process. False when it is gone or not ours to signal
 * (errno: EPERM). */
bool proc_signal(pid_t pid, unsigned long long start, int number);
/* The same, with a word why. */
bool proc_tell(pid_t pid, unsigned long long start, int number, enum sig_why);
/* Its arguments with blanks between them, or "[name]" when it has none; at
 * most 4,096 bytes, valid UTF-8. NULL when there is no such process. */
const char *proc_command(struct arena *, pid_t pid);
/* Its environment, a NUL behind each entry, appended to `out`: 1. 0 when it is
 * gone or not ours to read; -1 when nobody can say, since it is just becoming
 * another program. */
int proc_environ(pid_t pid, struct str *out);
/* "3f1c…-…", the same from boot to boot; NULL when it cannot be read. */
#define PROC_BOOT_ID 40
const char *proc_boot_id(char out[PROC_BOOT_ID]);

#endif
