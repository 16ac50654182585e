/* Numbers of processes, as the kernel lists them now. */
#ifndef OS_PIDS_H
#define OS_PIDS_H

#include <stddef.h>
#include <sys/types.h>

struct pids {
	pid_t *at;
	size_t len, room;
};

#define PIDS_INIT          \
	{                  \
		NULL, 0, 0 \
	}

/* Append the children of a process, those of all its threads, the dead too.
 * -1 when the kernel does not say (it lacks CONFIG_PROC_CHILDREN, or there is
 * no such process). */
int pids_of_children(struct pids *, pid_t);
/* Append everybody. */
void pids_of_all(struct pids *);
void pids_release(struct pids *);

#endif
