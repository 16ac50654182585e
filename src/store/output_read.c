/*
 * Reading what an action printed, now or long ago.  A live file is read as it
 * grows; a finished one is checked against the sum its record states.  Follows
 * no link and opens nothing but what lies in the run's output directory.
 */
#include "store/output_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

enum { PIECE = 64 * 1024 };

struct output_read {
	int fd;
	char *path;
	long long at;
	XXH3_state_t *sum;
};

static int
open_it(const char *path, struct err *e)
{
	auto_fd int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_ABSENT, "%s: not there any more", path);
	if (fd < 0 && errno != ELOOP)
		return err_sys(e, "open %s", path);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_set(e, ERR_INPUT, "%s: not a regular file", path);
	return take_fd(&fd);
}

struct output_read *
output_read_new(const struct place_run *p, const char *file, struct err *e)
{
	auto_str path = STR_INIT;
	struct output_read *r;
	int fd;

	str_addf(&path, "%s/%s", p->output, path_base(file));
	fd = open_it(path.buf, e);
	if (fd < 0)
		return NULL;
	r = mem_new(sizeof(*r));
	r->fd = fd;
	r->path = str_detach(&path);
	r->sum = XXH3_createState();
	if (!r->sum)
		abort();
	output_read_rewind(r);
	return r;
}

int
output_read_more(struct output_read *r, long long max,
    void (*give)(void *self, const char *p, size_t n), void *self,
    struct err *e)
{
	auto_free char *buf = mem_grow(NULL, PIECE);

	while (max < 0 || r->at < max) {
		size_t want = PIECE;
		ssize_t n;

		if (max >= 0 && max - r->at < PIECE)
			want = (size_t)(max - r->at);
		n = pread(r->fd, buf, want, (off_t)r->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "read %s", r->path);
		if (n == 0)
			break;
		XXH3_64bits_update(r->sum, buf, (size_t)n);
		r->at += n;
		if (give)
			give(self, buf, (size_t)n);
	}
	return 0;
}

int
output_read_check(const struct output_read *r, long long bytes, const char *sum,
    struct err *e)
{
	struct stat st;
	char got[17];

	snprintf(got, sizeof(got), "%016llx",
	    (unsigned long long)XXH3_64bits_digest(r->sum));
	if (r->at != bytes || strcmp(got, sum) != 0 || fstat(r->fd, &st) < 0 ||
	    st.st_size != bytes)
		return err_set(
		    e, ERR_INPUT, "%s: changed since it was written", r->path);
	return 0;
}

void
output_read_rewind(struct output_read *r)
{
	XXH3_64bits_reset(r->sum);
	r->at = 0;
}

void
output_read_free(struct output_read *r)
{
	if (!r)
		return;
	close(r->fd);
	XXH3_freeState(r->sum);
	free(r->path);
	free(r);
}
