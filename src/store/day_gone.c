/*
 * What runs that were removed have spent: a line for each, which begins with
 * the day it is of.  Those of another day go when the next one is written.  A
 * run that is still there counts by its journal, not by its line; a line that
 * was torn counts nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "store/day_part.h"
#include "store/place.h"

enum { READ_MAX = 16 << 20, RUN_MAX = 127 };

static const char *
file_of(struct arena *a, const char *root)
{
	return path_join(a, place_runs(a, root), ".spent");
}

/* Nothing when there is none. */
static int
read_lines(const char *path, struct str *out, struct err *e)
{
	struct err why = ERR_INIT;

	if (file_read(path, READ_MAX, out, &why) == 0 || why.kind == ERR_ABSENT)
		return 0;
	*e = why;
	return -1;
}

static bool
is_known(const struct day *d, const char *run)
{
	for (size_t i = 0; i < d->runs.len; i++)
		if (strcmp(d->runs.at[i]->run, run) == 0)
			return true;
	return false;
}

/* False: it is of another day, or no line of ours. */
static bool
scan(const char *line, long long from_us, char run[RUN_MAX + 1],
    struct day_run *r)
{
	long long from;
	char end;

	return sscanf(line, "%lld %127s %lld %lld %lld %lld %lld%c", &from, run,
		   &r->calls, &r->tokens, &r->cost, &r->unpriced, &r->dearest,
		   &end) == 8 &&
	    end == '\n' && from == from_us && place_time_of(run);
}

int
day_gone_read(struct day *d, const char *root, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str text = STR_INIT;
	const char *at, *next;

	if (read_lines(file_of(&a, root), &text, e) < 0)
		return -1;
	for (at = text.buf; at && (next = strchr(at, '\n')); at = next + 1) {
		struct day_run was = { .dearest = -1 }, *r;
		char run[RUN_MAX + 1];

		if (!scan(at, d->from_us, run, &was) || is_known(d, run))
			continue;
		r = day_row(d, run);
		r->calls = was.calls;
		r->tokens = was.tokens;
		r->cost = was.cost;
		r->unpriced = was.unpriced;
		r->dearest = was.dearest;
	}
	return 0;
}

/* Is what the file begins with of another day? */
static bool
is_stale(const struct day *d, const char *text)
{
	long long from;

	return !text || sscanf(text, "%lld ", &from) != 1 || from != d->from_us;
}

int
day_gone_write(const struct day *d, const char *root, struct err *e)
{
	auto_arena a = ARENA_INIT;
	auto_str old = STR_INIT, text = STR_INIT;
	const char *path = file_of(&a, root);
	int how = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	auto_fd int fd = -1;

	if (read_lines(path, &old, e) < 0)
		return -1;
	if (is_stale(d, old.buf))
		how |= O_TRUNC;
	else if (old.buf[old.len - 1] != '\n')
		str_addc(&text, '\n');
	for (size_t i = 0; i < d->runs.len; i++) {
		const struct day_run *r = d->runs.at[i];

		str_addf(&text, "%lld %s %lld %lld %lld %lld %lld\n",
		    d->from_us, r->run, r->calls, r->tokens, r->cost,
		    r->unpriced, r->dearest);
	}
	fd = open(path, how, 0600);
	if (fd < 0 || file_write_all(fd, text.buf, text.len) < 0 ||
	    fdatasync(fd) < 0)
		return err_sys(e, "write %s", path);
	return 0;
}
