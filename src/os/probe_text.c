/*
 * One text file, read from its end or written whole.  In a helper: a file may
 * be on a disk that does not answer.  Refuses what is no regular file.
 */
#include "os/probe_text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/utf8.h"

static const struct val *
fault(struct arena *a, const struct err *e)
{
	return helper_fault(a,
	    e->kind == ERR_ABSENT      ? "absent"
		: e->kind == ERR_INPUT ? "limit"
				       : "unreadable",
	    e->msg);
}

static int
open_regular(const char *path, off_t max, off_t *size, struct err *e)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno == ENOENT)
		return err_set(e, ERR_ABSENT, "%s is not there", path);
	if (fd < 0)
		return err_sys(e, "%s", path);
	if (fstat(fd, &st) < 0)
		return err_sys(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "%s is no regular file", path);
	if (st.st_size > max)
		return err_set(e, ERR_INPUT, "%s has over %lld bytes", path,
		    (long long)max);
	*size = st.st_size;
	return take_fd(&fd);
}

/* From byte `from` to the end, at most `keep`. */
static int
read_end(int fd, off_t from, size_t keep, struct str *out, struct err *e)
{
	char buf[65536];

	if (lseek(fd, from, SEEK_SET) < 0)
		return err_sys(e, "seek");
	while (out->len < keep) {
		size_t want = keep - out->len;
		ssize_t n =
		    read(fd, buf, want < sizeof(buf) ? want : sizeof(buf));

		if (n < 0)
			return err_sys(e, "read");
		if (n == 0)
			return 0;
		str_add(out, buf, (size_t)n);
	}
	return 0;
}

const struct val *
probe_text(const struct val *args, struct arena *a)
{
	const char *path = val_str(args, "file", "");
	long long keep = val_num(args, "keep", 0);
	auto_str text = STR_INIT, clean = STR_INIT;
	struct val *v = val_map(a);
	struct err e = ERR_INIT;
	off_t size = 0;
	auto_fd int fd = open_regular(path, val_num(args, "max", 0), &size, &e);

	if (fd < 0 ||
	    read_end(
		fd, size > keep ? size - keep : 0, (size_t)keep, &text, &e) < 0)
		return fault(a, &e);
	utf8_repair(&clean, text.buf, text.len);
	val_set(a, v, "text", val_bytes(a, clean.buf, clean.len));
	val_set(a, v, "bytes", val_int(a, size));
	return v;
}

const struct val *
probe_put_text(const struct val *args, struct arena *a)
{
	const char *path = val_str(args, "file", "");
	const struct val *text = val_get(args, "text");
	const char *end = strrchr(path, '/');
	struct err e = ERR_INIT;

	if (end && end > path &&
	    file_mkdirs(arena_dup(a, path, (size_t)(end - path)), 0777, &e) < 0)
		return fault(a, &e);
	if (file_put(path, text->t.p, text->t.n, 0644, &e) < 0)
		return fault(a, &e);
	return val_map(a);
}
