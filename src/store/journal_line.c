/*
 * What all readers of a journal share: the file, which must be a regular one,
 * and the sum at the end of a line.
 */
#include "store/journal_line.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/auto.h"
#include "base/str.h"

static const char sum_key[] = ",\"sum\":\"";
enum { SUM_HEX = 16 };

_Static_assert(JOURNAL_SUM_TAIL == sizeof(sum_key) - 1 + SUM_HEX + 2,
    "the length of what a line ends in");

bool
journal_line_states(const char *line, size_t len, uint64_t *sum)
{
	const char *p = line + len - JOURNAL_SUM_TAIL;
	uint64_t got = 0;

	if (len < JOURNAL_SUM_TAIL ||
	    memcmp(p, sum_key, sizeof(sum_key) - 1) != 0 ||
	    memcmp(line + len - 2, "\"}", 2) != 0)
		return false;
	p += sizeof(sum_key) - 1;
	for (int i = 0; i < SUM_HEX; i++) {
		const char *hex = "0123456789abcdef";
		const char *digit = memchr(hex, p[i], SUM_HEX);

		if (!digit)
			return false;
		got = got << 4 | (uint64_t)(digit - hex);
	}
	*sum = got;
	return true;
}

bool
journal_line_holds(const char *line, size_t len, uint64_t before, uint64_t *sum)
{
	uint64_t stated;

	if (!journal_line_states(line, len, &stated) ||
	    XXH3_64bits_withSeed(line, len - JOURNAL_SUM_TAIL, before) !=
		stated)
		return false;
	*sum = stated;
	return true;
}

int
journal_line_open(const char *path, struct err *e)
{
	auto_fd int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return err_sys(e, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_IO, "%s: not a regular file", path);
	return take_fd(&fd);
}

int
journal_line_piece(int fd, const char *path, long long off, size_t n,
    struct str *out, struct err *e)
{
	str_reset(out);
	str_reserve(out, n);
	while (out->len < n) {
		ssize_t got = pread(fd, out->buf + out->len, n - out->len,
		    (off_t)(off + (long long)out->len));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, "read %s", path);
		if (got == 0)
			break;
		str_cut(out, out->len + (size_t)got);
	}
	return 0;
}
