/*
 * Facts about processes.  A pid alone names nothing, since numbers come
 * again: every act here takes the start time too and checks it behind a
 * pidfd, so that a stranger is never signalled.
 */
#include "os/proc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/sv.h"
#include "base/utf8.h"

#define COMMAND_MAX 4096
#define ENVIRON_MAX (16u << 20)

int
proc_become_reaper(struct err *e)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return err_sys(e, "become a subreaper");
	return 0;
}

/* One read, NUL-ended; -1 when the file cannot be opened or read. */
static ssize_t
slurp(const char *path, char *buf, size_t room)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : file_read_some(fd, buf, room - 1);

	if (n >= 0)
		buf[n] = 0;
	return n;
}

/* Behind the name: state, then numbers, in this order (proc(5)). */
enum { PARENT = 1, GROUP, SESSION, THREADS = 17, START = 19, NUMBERS };

/* The name in parentheses may hold anything, also ") R 1": the fields begin
 * behind the last parenthesis. A dead first thread of a living process is
 * a zombie with more than one thread. */
static bool
parse_stat(const char *text, pid_t pid, struct proc *out)
{
	const char *p = strrchr(text, ')');
	unsigned long long at[NUMBERS] = { 0 };
	char phase, *end;

	if (!p || p[1] != ' ' || !p[2])
		return false;
	phase = p[2];
	p += 3;
	for (int i = 1; i < NUMBERS; i++, p = end) {
		at[i] = strtoull(p, &end, 10);
		if (end == p)
			return false;
	}
	*out = (struct proc) { pid, (pid_t)at[PARENT], (pid_t)at[GROUP],
		(pid_t)at[SESSION],
		(phase == 'Z' && at[THREADS] <= 1) || phase == 'X', at[START],
		phase == 'T' || phase == 't' };
	return true;
}

bool
proc_read(pid_t pid, struct proc *out)
{
	char path[64], text[1024];

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	return slurp(path, text, sizeof(text)) > 0 &&
	    parse_stat(text, pid, out);
}

unsigned long long
proc_start_time(pid_t pid)
{
	struct proc p;

	return proc_read(pid, &p) ? p.start : 0;
}

/* Open first, then compare: if the start time is right afterwards, the
 * descriptor is that process. */
bool
proc_tell(pid_t pid, unsigned long long start, int number, enum sig_why why)
{
	auto_fd int fd = pid > 1 ? pidfd_open(pid, 0) : -1;

	errno = ESRCH;
	return fd >= 0 && proc_start_time(pid) == start &&
	    sig_send(fd, number, why) == 0;
}

bool
proc_signal(pid_t pid, unsigned long long start, int number)
{
	return proc_tell(pid, start, number, SIG_WHY_NONE);
}

static bool
read_name(pid_t pid, struct str *out)
{
	char path[64], text[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	n = slurp(path, text, sizeof(text));
	if (n < 0)
		return false;
	str_addc(out, '[');
	str_addsv(out, sv_chomp(sv_make(text, (size_t)n)));
	str_addc(out, ']');
	return true;
}

const char *
proc_command(struct arena *mem, pid_t pid)
{
	char path[64], text[COMMAND_MAX + 1];
	auto_str raw = STR_INIT;
	auto_str fit = STR_INIT;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	n = slurp(path, text, sizeof(text));
	while (n > 0 && !text[n - 1])
		n--;
	for (ssize_t i = 0; i < n; i++)
		str_addc(&raw, text[i] ? text[i] : ' ');
	if (n <= 0 && !read_name(pid, &raw))
		return NULL;
	utf8_repair(&fit, raw.buf, raw.len);
	return arena_dup(mem, fit.buf, fit.len);
}

/* Between two programs there are no arguments either; a program always has
 * at least the end of an empty one. */
int
proc_environ(pid_t pid, struct str *out)
{
	char path[64], one[2];
	size_t before = out->len;
	struct err e = ERR_INIT;

	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	if (file_read(path, ENVIRON_MAX, out, &e) < 0)
		return 0;
	if (out->len > before)
		return 1;
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	return slurp(path, one, sizeof(one)) == 0 ? -1 : 1;
}

const char *
proc_boot_id(char out[PROC_BOOT_ID])
{
	ssize_t n = slurp("/proc/sys/kernel/random/boot_id", out, PROC_BOOT_ID);

	while (n > 0 && isspace((unsigned char)out[n - 1]))
		out[--n] = 0;
	return n > 0 ? out : NULL;
}
