/*
 * Notes of sizes: `BYTES RUN` a line, the last one of a run counts.  They are
 * hints: whoever must know measures.  A line that was lost or is torn is
 * skipped.
 */
#include "store/sizes.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "store/prune.h"

enum { READ_MAX = 1 << 20, NOTE_ENTRIES = 2000 };

static const char *
notes(struct arena *a, const char *root)
{
	return arena_printf(a, "%s/.sizes", place_runs(a, root));
}

void
sizes_note(const struct place_run *p)
{
	auto_arena mem = ARENA_INIT;
	auto_str line = STR_INIT;
	struct prune_size size;
	auto_fd int fd = -1;

	prune_measure(p, NOTE_ENTRIES, &size);
	if (size.files == 0)
		return;
	fd = open(notes(&mem, p->root),
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
	    0666);
	if (fd < 0)
		return;
	str_addf(&line, "%lld %s\n", size.bytes, p->run);
	(void)!write(fd, line.buf, line.len);
}

/* The end of the file, from the start of a line; empty when there is none. */
static void
read_notes(const char *path, struct str *out)
{
	auto_fd int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	off_t from = size > READ_MAX ? size - READ_MAX : 0;
	ssize_t n;

	if (size <= 0)
		return;
	str_reserve(out, (size_t)(size - from));
	n = pread(fd, out->buf, (size_t)(size - from), from);
	if (n > 0)
		str_cut(out, (size_t)n);
}

static void
add_notes(struct map *m, struct sv text)
{
	struct sv line, bytes;
	auto_arena mem = ARENA_INIT;
	long long n;

	while (sv_cut(&text, '\n', &line)) {
		const char *run;

		if (!sv_cut(&line, ' ', &bytes) ||
		    !sv_to_long(bytes, 0, 1LL << 60, &n))
			continue;
		run = arena_dup(&mem, line.p, line.n);
		if (place_time_of(run))
			map_put(m, run)->count = n;
	}
}

static long long
sum(const struct map *m)
{
	long long all = 0;

	for (size_t i = 0; i < m->len; i++)
		all += m->at[i].count;
	return all;
}

long long
sizes_total(struct arena *a, const char *root, long long enough)
{
	auto_str text = STR_INIT;
	struct map m = MAP_INIT;
	struct place_run p;
	long long all;

	read_notes(notes(a, root), &text);
	add_notes(&m, str_sv(&text));
	all = sum(&m);
	for (size_t i = 0; all > enough && i < m.len; i++) {
		place_of(a, root, m.at[i].key, &p);
		if (access(p.dir, F_OK) < 0)
			all -= m.at[i].count;
	}
	map_release(&m);
	return all;
}

int
sizes_put(struct arena *a, const char *root, const struct sizes_row *rows,
    size_t n, struct err *e)
{
	auto_str text = STR_INIT;

	for (size_t i = 0; i < n; i++)
		str_addf(&text, "%lld %s\n", rows[i].bytes, rows[i].run);
	return file_put(notes(a, root), text.buf, text.len, 0666, e);
}
