/*
 * .mcp.json: {"mcpServers": {NAME: {"command", "args", "env"}}}.  The file is
 * other programs' too, so what else stands in it is theirs; what we read must
 * be as it should.  `${VAR}` and `${VAR:-text}` are put in as those programs
 * do it; a variable that is not set and has no text is refused rather than
 * taken for nothing.
 */
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "host/mcp_part.h"
#include "text/json.h"

enum { FILE_MAX = 1 << 20 };

/* One server while it is read. */
struct reader {
	const struct mcp_where *where;
	struct arena *mem;
	const char *file, *name;
	struct err *e;
};

int
mcp_split(struct sv word, struct sv *server, struct sv *tool, struct err *e)
{
	const char *slash = word.n ? memchr(word.p, '/', word.n) : NULL;

	if (!slash || slash == word.p || slash + 1 == word.p + word.n)
		return err_set(e, ERR_INPUT,
		    "'%.*s' must be SERVER/TOOL: a server of .mcp.json and one "
		    "of its tools",
		    (int)(word.n < 200 ? word.n : 200), word.p);
	*server = sv_make(word.p, (size_t)(slash - word.p));
	*tool = sv_make(slash + 1, word.n - server->n - 1);
	return 0;
}

static const char *
variable(char *const *env, struct sv name)
{
	for (; env && *env; env++)
		if (!strncmp(*env, name.p, name.n) && (*env)[name.n] == '=')
			return *env + name.n + 1;
	return NULL;
}

/* The name behind "${"; empty when it is none. */
static struct sv
name_at(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_')
		n++;
	return sv_make(p, isdigit((unsigned char)*p) ? 0 : n);
}

/* A reference at `p`, which begins "${": what it stands for goes to `out`,
 * and what is behind it is returned; NULL: it is none. */
static const char *
expand_one(const struct reader *r, const char *p, struct str *out, bool *known)
{
	struct sv name = name_at(p + 2);
	const char *rest = name.p + name.n, *end, *value;
	bool otherwise = sv_starts(sv(rest), ":-");

	if (!name.n || (!otherwise && *rest != '}'))
		return NULL;
	end = strchr(rest, '}');
	if (!end)
		return NULL;
	value = variable(r->where->env, name);
	*known = value || otherwise;
	if (value)
		str_adds(out, value);
	else if (otherwise)
		str_add(out, rest + 2, (size_t)(end - rest) - 2);
	else
		err_set(r->e, ERR_INPUT,
		    "%s: server '%s' needs the environment variable %.*s, "
		    "which is not set",
		    r->file, r->name, SV_ARG(name));
	return end + 1;
}

/* NULL and *e when a variable is missing. */
static const char *
expand(const struct reader *r, const char *text)
{
	auto_str out = STR_INIT;
	bool known = true;

	while (*text && known) {
		const char *rest = sv_starts(sv(text), "${")
		    ? expand_one(r, text, &out, &known)
		    : NULL;

		if (!rest)
			str_addc(&out, *text);
		text = rest ? rest : text + 1;
	}
	return known ? arena_dup(r->mem, out.buf, out.len) : NULL;
}

static int
wrong(const struct reader *r, const char *key, const char *what)
{
	return err_set(r->e, ERR_INPUT, "%s: server '%s': '%s' must %s",
	    r->file, r->name, key, what);
}

/* A text that can be an argument: NULL and *e when it cannot. */
static const char *
word(const struct reader *r, const struct val *v, const char *key)
{
	if (v && v->kind == VAL_TEXT && strlen(v->t.p) == v->t.n)
		return expand(r, v->t.p);
	wrong(r, key, "be text");
	return NULL;
}

static int
read_args(const struct reader *r, const struct val *src, const char *command,
    struct mcp_server *out)
{
	const struct val *list = val_get(src, "args");
	size_t n = list && list->kind == VAL_LIST ? list->list.len : 0;
	const char **argv = arena_new(r->mem, (n + 2) * sizeof(*argv));

	if (list && list->kind != VAL_LIST)
		return wrong(r, "args", "be a list");
	argv[0] = command;
	for (size_t i = 0; i < n; i++) {
		argv[i + 1] = word(
		    r, list->list.at[i], arena_printf(r->mem, "args[%zu]", i));
		if (!argv[i + 1])
			return -1;
	}
	out->argv = (char *const *)argv;
	return 0;
}

static bool
is_replaced(const struct val *own, const char *entry)
{
	size_t n = strcspn(entry, "=");

	for (size_t i = 0; own && i < own->map.len; i++)
		if (strlen(own->map.at[i].key) == n &&
		    !strncmp(own->map.at[i].key, entry, n))
			return true;
	return false;
}

static int
read_env(const struct reader *r, const struct val *src, struct mcp_server *out)
{
	const struct val *own = val_get(src, "env");
	char *const *ours = r->where->env;
	size_t n = 0, k = 0;
	const char **env;

	if (own && own->kind != VAL_MAP)
		return wrong(r, "env", "be an object");
	while (ours && ours[n])
		n++;
	n += own ? own->map.len : 0;
	env = arena_new(r->mem, (n + 1) * sizeof(*env));
	for (; ours && *ours; ours++)
		if (!is_replaced(own, *ours))
			env[k++] = *ours;
	for (size_t i = 0; own && i < own->map.len; i++) {
		const char *value = word(r, own->map.at[i].v,
		    arena_printf(r->mem, "env.%s", own->map.at[i].key));

		if (!value)
			return -1;
		env[k++] =
		    arena_printf(r->mem, "%s=%s", own->map.at[i].key, value);
	}
	out->env = (char *const *)env;
	return 0;
}

static bool
is_program(const char *file)
{
	struct stat st;

	return stat(file, &st) == 0 && S_ISREG(st.st_mode) &&
	    access(file, X_OK) == 0;
}

/* As a shell would find it, in the server's own PATH. */
static const char *
program(const struct reader *r, const char *name, char *const *env)
{
	const char *path = variable(env, sv("PATH"));
	struct sv rest = sv(path ? path : "/usr/local/bin:/usr/bin:/bin"), dir;

	if (strchr(name, '/'))
		return is_program(name) ? name : NULL;
	while (sv_cut(&rest, ':', &dir)) {
		const char *file = arena_printf(r->mem, "%.*s/%s",
		    dir.n ? (int)dir.n : 1, dir.n ? dir.p : ".", name);

		if (is_program(file))
			return file;
	}
	return NULL;
}

static enum mcp_end
read_server(
    const struct reader *r, const struct val *src, struct mcp_server *out)
{
	const char *type = val_str(src, "type", "stdio"), *command;

	*out = (struct mcp_server) { .name = r->name, .written = r->file };
	if (val_get(src, "url") || strcmp(type, "stdio") != 0) {
		err_set(r->e, ERR_INPUT,
		    "%s: server '%s' is reached by %s; only servers that a "
		    "'command' starts can be called",
		    r->file, r->name, val_get(src, "url") ? "url" : type);
		return MCP_CONFIG;
	}
	command = word(r, val_get(src, "command"), "command");
	if (!command || read_args(r, src, command, out) < 0 ||
	    read_env(r, src, out) < 0)
		return MCP_CONFIG;
	out->file = program(r, command, out->env);
	if (out->file)
		return MCP_DONE;
	err_set(r->e, ERR_NEED, "server '%s': there is no program '%s'",
	    r->name, command);
	return MCP_NOT_FOUND;
}

static void
note_names(struct mcp_nearest *near, const struct val *servers, struct arena *a)
{
	for (size_t i = 0; i < servers->map.len; i++)
		mcp_nearest_try(near, servers->map.at[i].key, a);
}

/* MCP_NOT_FOUND without *e: this file does not have it. */
static enum mcp_end
look_into(
    const struct reader *r, struct mcp_nearest *near, struct mcp_server *out)
{
	auto_str text = STR_INIT;
	const struct val *doc, *servers, *src;

	if (file_read(r->file, FILE_MAX, &text, r->e) < 0)
		return MCP_CONFIG;
	doc = json_read(r->mem, text.buf, text.len, ORIGIN_FILE, r->e);
	if (!doc) {
		err_wrap(r->e, "%s", r->file);
		return MCP_CONFIG;
	}
	servers = val_get(doc, "mcpServers");
	if (!servers || servers->kind != VAL_MAP) {
		err_set(
		    r->e, ERR_INPUT, "%s has no object 'mcpServers'", r->file);
		return MCP_CONFIG;
	}
	src = val_get(servers, r->name);
	if (src)
		return read_server(r, src, out);
	note_names(near, servers, r->mem);
	return MCP_NOT_FOUND;
}

static enum mcp_end
nowhere(const struct mcp_where *w, const char *name, const char *file,
    const struct mcp_nearest *near, struct err *e)
{
	if (!file)
		err_set(e, ERR_ABSENT,
		    "server '%s' is not known: there is no .mcp.json in %s",
		    name, w->n ? w->dir[0] : ".");
	else if (near->near)
		err_set(e, ERR_ABSENT,
		    "there is no server '%s' in %s (did you mean '%s'?)", name,
		    file, near->near);
	else
		err_set(
		    e, ERR_ABSENT, "there is no server '%s' in %s", name, file);
	return MCP_NOT_FOUND;
}

enum mcp_end
mcp_find(const struct mcp_where *w, const char *name, struct arena *a,
    struct mcp_server *out, struct err *e)
{
	struct mcp_nearest near = { .tool = name };
	const char *last = NULL;

	for (size_t i = 0; i < w->n; i++) {
		struct reader r = { w, a, path_join(a, w->dir[i], ".mcp.json"),
			name, e };
		enum mcp_end end;

		if (!file_exists(r.file) || (last && !strcmp(last, r.file)))
			continue;
		last = r.file;
		end = look_into(&r, &near, out);
		if (end != MCP_NOT_FOUND || e->kind != ERR_NONE)
			return end;
	}
	return nowhere(w, name, last, &near, e);
}
