/*
 * Memory in use.  A group without a bound says nothing, and neither does one
 * that cannot be read; where no group says anything the machine does.  What
 * the kernel can take back at once (inactive file pages) is not counted as
 * used, or a build that reads much would look like one that is about to die.
 */
#include "os/memory.h"

#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/str.h"

enum { TEXT_MAX = 1 << 16, ALL = 100 };

static bool
get(const char *dir, const char *name, struct str *out)
{
	auto_str path = STR_INIT;
	struct err ignored = ERR_INIT;

	str_addf(&path, "%s%s%s", dir, *name ? "/" : "", name);
	return file_read(path.buf, TEXT_MAX, out, &ignored) == 0;
}

/* The number behind a word at the beginning of a line, blanks between. */
static bool
number_of(const struct str *text, const char *word, long long *out)
{
	struct sv rest = str_sv(text), line;

	while (sv_cut(&rest, '\n', &line)) {
		struct sv number;

		if (!sv_starts(line, word))
			continue;
		line = sv_trim(
		    sv_make(line.p + strlen(word), line.n - strlen(word)));
		return sv_cut(&line, ' ', &number) &&
		    sv_to_long(number, 0, 1LL << 60, out);
	}
	return false;
}

static bool
bytes_in(const char *dir, const char *name, long long *out)
{
	auto_str text = STR_INIT;

	/* An unlimited group says "max", which is no number. */
	return get(dir, name, &text) &&
	    sv_to_long(sv_trim(str_sv(&text)), 0, 1LL << 60, out);
}

static bool
group_pct(const char *dir, double *out)
{
	long long used, most, idle = 0;
	auto_str stat = STR_INIT;

	if (!bytes_in(dir, "memory.current", &used) ||
	    !bytes_in(dir, "memory.max", &most) || most <= 0)
		return false;
	if (get(dir, "memory.stat", &stat))
		number_of(&stat, "inactive_file ", &idle);
	*out = (double)ALL * (double)(idle < used ? used - idle : 0) /
	    (double)most;
	return true;
}

/* "0::/path" is our group in the tree of version 2. */
static bool
own_group(const struct memory_from *from, struct str *out)
{
	auto_str text = STR_INIT;
	struct sv rest, line;

	if (!get(from->cgroup, "", &text))
		return false;
	rest = str_sv(&text);
	while (sv_cut(&rest, '\n', &line))
		if (sv_starts(line, "0::/")) {
			str_add(out, line.p + 3, line.n - 3);
			return true;
		}
	return false;
}

/* The fullest of our group and those above it. */
static bool
groups_pct(const struct memory_from *from, double *out)
{
	auto_str dir = STR_INIT, own = STR_INIT;
	size_t top = strlen(from->mount);
	bool found = false;

	if (!own_group(from, &own))
		return false;
	str_addf(&dir, "%s%s", from->mount, own.buf);
	while (dir.len >= top) {
		const char *slash;
		double pct;

		if (group_pct(dir.buf, &pct) && (!found || pct > *out)) {
			*out = pct;
			found = true;
		}
		slash = strrchr(dir.buf, '/');
		if (!slash || (size_t)(slash - dir.buf) < top)
			break;
		str_cut(&dir, (size_t)(slash - dir.buf));
	}
	return found;
}

static bool
machine_pct(const struct memory_from *from, double *out)
{
	auto_str text = STR_INIT;
	long long all, left;

	if (!get(from->meminfo, "", &text) ||
	    !number_of(&text, "MemTotal:", &all) || all <= 0 ||
	    !number_of(&text, "MemAvailable:", &left))
		return false;
	*out =
	    (double)ALL * (double)(left < all ? all - left : 0) / (double)all;
	return true;
}

bool
memory_used_pct(const struct memory_from *from, double *out)
{
	double pct;

	if (!groups_pct(from, &pct) && !machine_pct(from, &pct))
		return false;
	*out = pct > ALL ? ALL : pct;
	return true;
}

bool
memory_used_here(double *out)
{
	const struct memory_from here = { "/proc/meminfo", "/proc/self/cgroup",
		"/sys/fs/cgroup" };
	const struct memory_from mixed = { "/proc/meminfo", "/proc/self/cgroup",
		"/sys/fs/cgroup/unified" };
	double pct;

	if (groups_pct(&mixed, &pct)) {
		*out = pct > ALL ? ALL : pct;
		return true;
	}
	return memory_used_pct(&here, out);
}
