/*
 * Numbers of processes out of /proc.  A number alone names nothing: whoever
 * acts on one reads who it is (os/proc), or has it as his own child.
 */
#include "os/pids.h"

#include <stdio.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"
#include "base/sv.h"
#include "base/vec.h"

#define CHILDREN_MAX (16u << 20)

/* The children of one thread, dead or alive; -1 when the kernel does not
 * say. */
static int
of_thread(struct pids *out, pid_t pid, const char *thread)
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
			vec_push(out, (pid_t)child);
	return 0;
}

int
pids_of_children(struct pids *out, pid_t pid)
{
	char path[64];
	struct dirent *ent;
	auto_dir DIR *d = NULL;
	int rc = -1;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
	d = opendir(path);
	while (d && (ent = readdir(d)))
		if (ent->d_name[0] != '.' &&
		    of_thread(out, pid, ent->d_name) == 0)
			rc = 0;
	return rc;
}

void
pids_of_all(struct pids *out)
{
	auto_dir DIR *d = opendir("/proc");
	struct dirent *ent;
	long long pid;

	while (d && (ent = readdir(d)))
		if (sv_to_long(sv(ent->d_name), 2, 1 << 30, &pid))
			vec_push(out, (pid_t)pid);
}

void
pids_release(struct pids *p)
{
	vec_release(p);
}
