/*
 * Preloaded into ll-loop: kills its two processes at the Nth record of the
 * journal, or lets the Nth call of a kind fail.  Nothing that it starts is
 * touched.
 *
 * LL_FAULT is `KIND N`: before, half, after (kill both around the writing of
 * the Nth record), full (ENOSPC from the Nth write to a file on), sync (EIO
 * from the Nth sync on), memory (no memory, once, in whoever asks first the
 * Nth time), guard (the same in the first process only), short (writes take
 * half), intr (every third call is interrupted).  LL_FAULT_LOG names a file
 * that gets a line when it happens; with N 0 it gets the number of calls
 * instead.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind {
	NONE,
	BEFORE,
	HALF,
	AFTER,
	FULL,
	SYNC,
	MEMORY,
	GUARD,
	SHORT,
	INTR,
	KINDS
};

static const char *const names[KINDS] = { "", "before", "half", "after", "full",
	"sync", "memory", "guard", "short", "intr" };

static enum kind kind;
static long at, calls;
static bool *hit; /* all processes share it */
static pid_t first;
static char log_path[4096];

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static void
note(const char *what, long n)
{
	char line[80];
	int fd = (int)syscall(SYS_openat, AT_FDCWD, log_path,
	    O_WRONLY | O_CREAT | O_APPEND, 0600);
	int len = snprintf(line, sizeof(line), "%s %ld\n", what, n);

	if (fd < 0)
		return;
	syscall(SYS_write, fd, line, (size_t)len);
	syscall(SYS_close, fd);
}

__attribute__((constructor)) static void
begin(void)
{
	const char *spec = getenv("LL_FAULT"), *log = getenv("LL_FAULT_LOG");
	char word[16] = "";

	if (spec && log && strlen(log) < sizeof(log_path) &&
	    strcmp(program_invocation_short_name, "ll-loop") == 0 &&
	    sscanf(spec, "%15s %ld", word, &at) == 2)
		for (int i = 0; i < KINDS; i++)
			if (strcmp(word, names[i]) == 0)
				kind = (enum kind)i;
	if (kind)
		strcpy(log_path, log);
	first = getpid();
	hit = mmap(NULL, sizeof(*hit), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (hit == MAP_FAILED)
		abort();
	unsetenv("LD_PRELOAD");
	unsetenv("LL_FAULT");
	unsetenv("LL_FAULT_LOG");
}

__attribute__((destructor)) static void
end(void)
{
	if (kind && at == 0)
		note("calls", calls);
}

/* One more of the kind that counts: is it this one? */
static bool
now(bool from_here_on)
{
	bool it = ++calls == at || (from_here_on && at && calls > at);

	if (!it || (*hit && !from_here_on))
		return false;
	if (!*hit)
		note("hit", calls);
	*hit = true;
	return true;
}

static bool
interrupted(void)
{
	if (kind != INTR || ++calls % 3 != 0)
		return false;
	errno = EINTR;
	return true;
}

static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static bool
is_journal(int fd)
{
	static const char tail[] = "/journal.jsonl";
	char path[64], to[4096];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, to, sizeof(to));
	return n > (ssize_t)sizeof(tail) &&
	    memcmp(to + n - (sizeof(tail) - 1), tail, sizeof(tail) - 1) == 0;
}

/* The engine writes; the guard is who started it. */
static void
both(void)
{
	kill(getppid(), SIGKILL);
	kill(getpid(), SIGKILL);
}

static bool
is_full(int fd)
{
	if (kind != FULL || !is_file(fd) || !now(true))
		return false;
	errno = ENOSPC;
	return true;
}

static size_t
shorter(size_t n)
{
	if (kind != SHORT || n < 2)
		return n;
	calls++;
	return n / 2;
}

ssize_t
write(int fd, const void *buf, size_t n)
{
	ssize_t got;

	if (is_full(fd) || interrupted())
		return -1;
	n = shorter(n);
	if (kind < BEFORE || kind > AFTER || !is_journal(fd) || !now(false))
		return syscall(SYS_write, fd, buf, n);
	if (kind == BEFORE)
		both();
	got = syscall(SYS_write, fd, buf, kind == HALF ? n / 2 : n);
	both();
	return got;
}

ssize_t
pwrite64(int fd, const void *buf, size_t n, off_t where)
{
	if (is_full(fd) || interrupted())
		return -1;
	n = shorter(n);
	return syscall(SYS_pwrite64, fd, buf, n, where);
}

ssize_t
pwrite(int fd, const void *buf, size_t n, off_t where)
{
	return pwrite64(fd, buf, n, where);
}

int
fallocate(int fd, int mode, off_t from, off_t len)
{
	if (is_full(fd) || interrupted())
		return -1;
	return (int)syscall(SYS_fallocate, fd, mode, from, len);
}

static int
sync_by(long number, int fd)
{
	if (interrupted())
		return -1;
	if (kind == SYNC && now(true)) {
		errno = EIO;
		return -1;
	}
	return (int)syscall(number, fd);
}

int
fsync(int fd)
{
	return sync_by(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	return sync_by(SYS_fdatasync, fd);
}

ssize_t
read(int fd, void *buf, size_t n)
{
	return interrupted() ? -1 : syscall(SYS_read, fd, buf, n);
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	return interrupted() ? -1 : (int)syscall(SYS_poll, p, n, ms);
}

int
waitid(idtype_t type, id_t id, siginfo_t *info, int how)
{
	if (!(how & WNOHANG) && interrupted())
		return -1;
	return (int)syscall(SYS_waitid, type, id, info, how, NULL);
}

static bool
no_memory(void)
{
	if (kind != MEMORY && (kind != GUARD || getpid() != first))
		return false;
	if (!now(false))
		return false;
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t n)
{
	return no_memory() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t each)
{
	return no_memory() ? NULL : __libc_calloc(n, each);
}

void *
realloc(void *was, size_t n)
{
	return no_memory() ? NULL : __libc_realloc(was, n);
}
