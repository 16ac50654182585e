/*
 * Scopes.  A path is walked component by component, links are followed also
 * where they lead to nothing, and `..` is taken back where it really leads.
 * What does not exist yet is compared as text below what does.  Refuses globs
 * (a claim that means nothing today may mean much tomorrow) and paths that
 * leave the project, which no other project would see.
 */
#include "gate/scope.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/vec.h"
#include "text/json.h"

enum { LINKS_MAX = 40, DEPTH_MAX = 1000 };

/* A path while it is walked. */
struct walk {
	struct str done; /* "" is the root */
	struct str rest; /* components still to come */
	size_t missing;  /* how many of `done` do not exist */
	size_t depth;
	int links;
};

static void
pop(struct walk *w)
{
	char *slash = strrchr(w->done.buf, '/');

	if (!slash)
		return;
	str_cut(&w->done, (size_t)(slash - w->done.buf));
	w->depth--;
	if (w->missing)
		w->missing--;
}

/* A link is in the way: where it leads comes before the rest. */
static int
follow(struct walk *w, size_t base, struct err *e)
{
	char target[PATH_MAX];
	ssize_t n = readlink(w->done.buf, target, sizeof(target) - 1);
	struct str rest = STR_INIT;

	if (n < 0)
		return err_sys(e, "%s", w->done.buf);
	target[n] = 0;
	if (++w->links > LINKS_MAX) {
		errno = ELOOP;
		return err_sys(e, "%s", w->done.buf);
	}
	str_addf(&rest, "%s/%s", target, w->rest.buf);
	str_release(&w->rest);
	w->rest = rest;
	str_cut(&w->done, base);
	w->depth--;
	if (target[0] == '/') {
		str_reset(&w->done);
		w->depth = 0;
	}
	return 0;
}

/* One component further. */
static int
step(struct walk *w, struct sv name, struct err *e)
{
	size_t base = w->done.len;
	struct stat st;

	if (!name.n || sv_eq(name, "."))
		return 0;
	if (sv_eq(name, "..")) {
		pop(w);
		return 0;
	}
	str_addc(&w->done, '/');
	str_addsv(&w->done, name);
	if (++w->depth > DEPTH_MAX || w->done.len >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return err_sys(e, "%.100s...", w->done.buf);
	}
	if (w->missing) {
		w->missing++;
		return 0;
	}
	if (lstat(w->done.buf, &st) < 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return err_sys(e, "%s", w->done.buf);
		w->missing = 1;
		return 0;
	}
	return S_ISLNK(st.st_mode) ? follow(w, base, e) : 0;
}

static int
walk_all(struct walk *w, struct err *e)
{
	while (w->rest.len) {
		struct sv rest = str_sv(&w->rest), name;
		auto_str left = STR_INIT;
		auto_str one = STR_INIT;

		sv_cut(&rest, '/', &name);
		str_addsv(&one, name);
		if (rest.p)
			str_addsv(&left, rest);
		str_reset(&w->rest);
		str_addsv(&w->rest, str_sv(&left));
		if (step(w, str_sv(&one), e) < 0)
			return -1;
	}
	return 0;
}

/* The identity of each directory on the way that exists. */
static void
note_ids(struct claim *c, struct arena *a, size_t depth)
{
	struct claim_id *id = arena_new(a, (depth + 1) * sizeof(*id));
	auto_str at = STR_INIT;
	const char *p = c->text;
	struct stat st;

	for (size_t i = 0; i <= depth; i++) {
		if (stat(i ? at.buf : "/", &st) < 0)
			break;
		id[c->nid++] = (struct claim_id) { st.st_dev, st.st_ino };
		if (i == depth)
			break;
		str_adds(&at, "/");
		str_add(&at, p + 1, strcspn(p + 1, "/"));
		p += 1 + strcspn(p + 1, "/");
	}
	c->id = id;
}

static int
resolve(struct claim *c, struct arena *a, const char *base, const char *text,
    struct err *e)
{
	struct walk w = { .done = STR_INIT, .rest = STR_INIT };
	int rc;

	if (*text != '/')
		str_addf(&w.rest, "%s/", base);
	str_adds(&w.rest, text);
	rc = walk_all(&w, e);
	if (rc == 0) {
		c->text = arena_strdup(a, w.done.len ? w.done.buf : "/");
		note_ids(c, a, w.depth - w.missing);
	}
	str_release(&w.done);
	str_release(&w.rest);
	return rc;
}

/* Text of a path is a prefix of another's, component by component. */
static bool
is_prefix(const char *a, const char *b)
{
	size_t n = strlen(a);

	return n == 0 || (strncmp(a, b, n) == 0 && (b[n] == 0 || b[n] == '/'));
}

static int
add(struct scope *s, struct arena *a, const struct claim *c, struct err *e)
{
	struct claim *at;

	if (s->n >= SCOPE_CLAIMS)
		return err_set(
		    e, ERR_INPUT, "over %d paths and names", SCOPE_CLAIMS);
	at = arena_new(a, (s->n + 1) * sizeof(*at));
	if (s->n)
		memcpy(at, s->at, s->n * sizeof(*at));
	at[s->n] = *c;
	s->at = at;
	s->n++;
	return 0;
}

bool
scope_is_glob(const char *text)
{
	return strpbrk(text, "*?[") != NULL;
}

int
scope_path(struct scope *s, struct arena *a, const char *root, const char *text,
    bool shared, struct err *e)
{
	struct claim c = { .shared = shared }, top = { 0 };

	if (!*text)
		return err_set(
		    e, ERR_INPUT, "an empty path ('.' is the whole project)");
	if (scope_is_glob(text))
		return err_set(e, ERR_INPUT,
		    "'%s' is a pattern; claim the directory that holds it all",
		    text);
	if (resolve(&top, a, "/", root, e) < 0 ||
	    resolve(&c, a, root, text, e) < 0)
		return -1;
	if (strcmp(top.text, "/") != 0 && !is_prefix(top.text, c.text))
		return err_set(e, ERR_INPUT,
		    "'%s' is %s, outside the project %s (claim what is shared "
		    "between projects as 'user:NAME' in 'resources')",
		    text, c.text, top.text);
	return add(s, a, &c, e);
}

int
scope_foreign(struct scope *s, struct arena *a, const char *path, struct err *e)
{
	struct claim c = { 0 };

	return resolve(&c, a, "/", path, e) < 0 ? -1 : add(s, a, &c, e);
}

int
scope_name(struct scope *s, struct arena *a, const char *name, struct err *e)
{
	struct claim c = { .name = true, .text = arena_strdup(a, name) };

	if (!*name || strcmp(name, "user:") == 0)
		return err_set(e, ERR_INPUT, "'%s' names nothing", name);
	if (strlen(name) > SCOPE_NAME)
		return err_set(e, ERR_INPUT, "a name of over %d bytes: '%.40s'",
		    SCOPE_NAME, name);
	return add(s, a, &c, e);
}

bool
scope_is_users(const struct claim *c)
{
	return c->name && strncmp(c->text, "user:", 5) == 0;
}

struct scope
scope_part(struct arena *a, const struct scope *s, bool users)
{
	struct claim *at = arena_new(a, (s->n + 1) * sizeof(*at));
	struct scope part = { .at = at, .all = s->all };

	for (size_t i = 0; i < s->n; i++)
		if (scope_is_users(&s->at[i]) == users)
			at[part.n++] = s->at[i];
	return part;
}

/* The text of a path below its first `n` components. */
static const char *
below(const struct claim *c, size_t n)
{
	const char *p = c->text + 1;

	for (; n && *p; n--) {
		p += strcspn(p, "/");
		p += *p == '/';
	}
	return p;
}

/* From a directory that both have on their way: does the text of the one lead
 * to the other? */
static bool
leads(const struct claim *outer, const struct claim *inner)
{
	for (size_t i = 0; i < outer->nid; i++)
		for (size_t k = 0; k < inner->nid; k++)
			if (outer->id[i].dev == inner->id[k].dev &&
			    outer->id[i].ino == inner->id[k].ino &&
			    is_prefix(below(outer, i), below(inner, k)))
				return true;
	return false;
}

bool
claim_overlaps(const struct claim *x, const struct claim *y)
{
	if (x->name != y->name || (x->shared && y->shared))
		return false;
	return x->name ? strcmp(x->text, y->text) == 0
		       : leads(x, y) || leads(y, x);
}

bool
claim_covers(const struct claim *outer, const struct claim *inner)
{
	if (outer->name != inner->name || (outer->shared && !inner->shared))
		return false;
	return outer->name ? strcmp(outer->text, inner->text) == 0
			   : leads(outer, inner);
}

/* ---- in a ticket ---- */

static const struct val *
ids_val(struct arena *a, const struct claim *c)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < c->nid; i++)
		val_push(a, list,
		    val_text(a,
			arena_printf(
			    a, "%llx:%llx", c->id[i].dev, c->id[i].ino)));
	return list;
}

const struct val *
scope_val(struct arena *a, const struct scope *s)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < s->n; i++) {
		const struct claim *c = &s->at[i];
		struct val *v = val_map(a);

		val_set(a, v, c->name ? "name" : "path", val_text(a, c->text));
		if (c->shared)
			val_set(a, v, "shared", val_bool(a, true));
		if (!c->name)
			val_set(a, v, "ids", ids_val(a, c));
		val_push(a, list, v);
	}
	return list;
}

static bool
read_ids(struct arena *a, const struct val *list, struct claim *c)
{
	size_t n = list && list->kind == VAL_LIST ? list->list.len : 0;
	struct claim_id *id = arena_new(a, (n + 1) * sizeof(*id));
	char junk;

	for (size_t i = 0; i < n; i++) {
		const struct val *v = list->list.at[i];

		if (v->kind != VAL_TEXT ||
		    sscanf(v->t.p, "%llx:%llx%c", &id[i].dev, &id[i].ino,
			&junk) != 2)
			return false;
	}
	c->id = id;
	c->nid = n;
	return n > 0;
}

static bool
read_claim(struct arena *a, const struct val *v, struct claim *c)
{
	const struct val *shared = val_get(v, "shared");
	const char *name = val_str(v, "name", NULL);

	*c = (struct claim) {
		.text = name ? name : val_str(v, "path", NULL),
		.name = name != NULL,
		.shared = shared && shared->kind == VAL_BOOL && shared->b,
	};
	if (!c->text)
		return false;
	return name || (*c->text == '/' && read_ids(a, val_get(v, "ids"), c));
}

struct scope
scope_read(struct arena *a, const struct val *list)
{
	const struct scope unknown = { .all = true };
	struct claim *at;

	if (!list || list->kind != VAL_LIST || list->list.len > SCOPE_CLAIMS)
		return unknown;
	at = arena_new(a, (list->list.len + 1) * sizeof(*at));
	for (size_t i = 0; i < list->list.len; i++)
		if (list->list.at[i]->kind != VAL_MAP ||
		    !read_claim(a, list->list.at[i], &at[i]))
			return unknown;
	return (struct scope) { .at = at, .n = list->list.len };
}
