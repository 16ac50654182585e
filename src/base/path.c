/* Path text; what needs the file system is in os/ and base/file. */
#include "base/path.h"

#include <string.h>

#include "base/str.h"

char *
path_join(struct arena *a, const char *dir, const char *name)
{
	size_t n;

	if (name[0] == '/' || !dir || !dir[0])
		return arena_strdup(a, name);
	n = strlen(dir);
	return arena_printf(
	    a, "%s%s%s", dir, dir[n - 1] == '/' ? "" : "/", name);
}

static void
drop_last(struct str *out)
{
	while (out->len && out->buf[out->len - 1] != '/')
		str_cut(out, out->len - 1);
	if (out->len > 1)
		str_cut(out, out->len - 1);
}

static bool
ends_in_dotdot(const struct str *out)
{
	return out->len >= 2 && memcmp(out->buf + out->len - 2, "..", 2) == 0 &&
	    (out->len == 2 || out->buf[out->len - 3] == '/');
}

char *
path_clean(struct arena *a, const char *path)
{
	struct sv rest = sv(path), part;
	auto_str out = STR_INIT;
	bool root = path[0] == '/';

	if (root)
		str_addc(&out, '/');
	while (sv_cut(&rest, '/', &part)) {
		if (part.n == 0 || sv_eq(part, "."))
			continue;
		if (sv_eq(part, "..") && out.len > (root ? 1u : 0u) &&
		    !ends_in_dotdot(&out)) {
			drop_last(&out);
			continue;
		}
		if (sv_eq(part, "..") && root && out.len == 1)
			continue;
		if (out.len && out.buf[out.len - 1] != '/')
			str_addc(&out, '/');
		str_addsv(&out, part);
	}
	return arena_strdup(a, out.len ? out.buf : ".");
}

char *
path_dir(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return arena_strdup(a, ".");
	return arena_dup(a, path, slash == path ? 1 : (size_t)(slash - path));
}

const char *
path_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *
path_inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	if (n > 1 && strncmp(path, dir, n) == 0 && path[n] == '/')
		return path + n + 1;
	return path;
}
