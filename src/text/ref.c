/*
 * References: suffixes off the end, then the namespace, then what is known
 * about its properties.  Anything that looks like bash is refused with the
 * hint to write `$${`, because it would reach bash half replaced.
 */
#include "text/ref_property.h"

#include <string.h>

#include "base/auto.h"
#include "base/str.h"
#include "base/utf8.h"

enum { SHOWN = 80 };

static const char *const ns_names[NS_COUNT] = {
	[NS_CONTEXT] = "context",
	[NS_CAPTURED] = "captured",
	[NS_PREV] = "prev",
	[NS_RESULT] = "result",
	[NS_STATE] = "state",
	[NS_LOOP] = "loop",
	[NS_ENV] = "env",
	[NS_MESSAGES] = "messages",
	[NS_PARAM] = "param",
	[NS_ITEM] = "item",
};

static const struct suffix {
	const char *text;
	enum ref_code code;
} suffixes[] = {
	{ ":shell", CODE_SHELL },
	{ ":json", CODE_JSON },
	{ ":py", CODE_PY },
	{ ":code", CODE_PASTE },
};

const char *
ref_ns_name(enum ref_ns ns)
{
	return ns_names[ns];
}

/* A body for a message: one line, not long. */
const char *
ref_show(const struct ref_source *s, struct sv text)
{
	auto_str out = STR_INIT;
	size_t n = utf8_floor(text.p, text.n, SHOWN);

	utf8_show(&out, text.p, n);
	for (size_t i = 0; i < out.len; i++)
		if (out.buf[i] == '\n')
			out.buf[i] = ' ';
	if (n < text.n)
		str_adds(&out, "...");
	return arena_strdup(s->mem, out.buf);
}

static bool
bad(const struct ref_source *s, const char *id, const char *msg)
{
	diag_add(s->diags, s->at, id, s->path, "'${%s}' %s",
	    ref_show(s, s->body), msg);
	return false;
}

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

static size_t
word_len(struct sv t)
{
	size_t n = 0;

	while (n < t.n && is_word(t.p[n]))
		n++;
	return n;
}

bool
ref_item_word(const char *word)
{
	if (*word >= '0' && *word <= '9')
		return false;
	for (size_t i = 0; i < NS_ITEM; i++)
		if (strcmp(word, ns_names[i]) == 0)
			return false;
	return *word && word_len(sv(word)) == strlen(word);
}

static bool
has_blank(struct sv t)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.p[i] && strchr(" \t\r\n", t.p[i]))
			return true;
	return false;
}

/* bash: [!#] name-or-special, then nothing or an operator. */
static bool
is_bash(struct sv t)
{
	size_t n;

	if (t.n > 1 && (t.p[0] == '!' || t.p[0] == '#')) {
		t.p++;
		t.n--;
	}
	n = word_len(t);
	if (n == 0 && t.p[0] && strchr("@*#?$!-", t.p[0]))
		n = 1;
	if (n == 0)
		return false;
	return n == t.n || (t.p[n] && strchr(":-+=?/%#^,@[*", t.p[n]));
}

static const char *
find(struct sv t, const char *needle)
{
	return memmem(t.p, t.n, needle, strlen(needle));
}

/* Cut an encoding off the end; false when there is none. */
static bool
cut_code(struct sv *t, enum ref_code *code)
{
	for (size_t i = 0; i < COUNT(suffixes); i++) {
		if (!sv_ends(*t, suffixes[i].text))
			continue;
		t->n -= strlen(suffixes[i].text);
		*code = suffixes[i].code;
		return true;
	}
	return false;
}

/* What is left of the path after its suffixes may not hold another. */
static bool
check_left(const struct ref_source *s, const struct ref *r, struct sv path)
{
	enum ref_code code;
	struct sv left = path;

	if (sv_ends(path, "?"))
		return bad(s, "E404",
		    r->otherwise ? "has both '?' and ':default='"
				 : "has '?' twice");
	if (!cut_code(&left, &code))
		return true;
	if (r->code != CODE_NONE)
		return bad(s, "E404", "has two encodings");
	diag_add(s->diags, s->at, "E404", s->path,
	    "'${%s}': an encoding comes last: write '${%s%s%s}'",
	    ref_show(s, s->body), ref_show(s, left),
	    r->optional ? "?" : ":default=TEXT",
	    ref_show(s, sv_make(path.p + left.n, path.n - left.n)));
	return false;
}

static bool
cut_suffixes(const struct ref_source *s, struct ref *r, struct sv *path)
{
	const char *at;

	*path = s->body;
	cut_code(path, &r->code);
	at = find(*path, ":default=");
	if (at) {
		size_t skip = (size_t)(at - path->p) + strlen(":default=");

		r->otherwise =
		    arena_dup(s->mem, path->p + skip, path->n - skip);
		path->n = (size_t)(at - path->p);
	} else if (path->n > 1 && sv_ends(*path, "?")) {
		r->optional = true;
		path->n--;
	}
	return check_left(s, r, *path);
}

/* The nearest known namespace; NULL when none is near. */
static const char *
nearest_ns(const char *word)
{
	const char *best = NULL;
	int least = 3;

	for (size_t i = 0; i < NS_ITEM; i++) {
		int d = sv_distance(word, ns_names[i], least);

		if (d < least) {
			least = d;
			best = ns_names[i];
		}
	}
	return best;
}

static bool
unknown_ns(const struct ref_source *s, struct sv path, size_t n)
{
	const char *word = arena_dup(s->mem, path.p, n);
	const char *near = nearest_ns(word);
	bool suffixed = path.n < s->body.n && !sv_ends(s->body, "?");

	if (n == path.n && n && word_len(path) == n && suffixed) {
		diag_add(s->diags, s->at, "E401", s->path,
		    "'${%s}' has no namespace: write '${context.%s}'",
		    ref_show(s, s->body), ref_show(s, s->body));
		return false;
	}
	if (is_bash(s->body)) {
		diag_add(s->diags, s->at, "E405", s->path,
		    "'${%s}' is shell, not a reference: write '$${%s}'",
		    ref_show(s, s->body), ref_show(s, s->body));
		return false;
	}
	if (has_blank(path))
		return bad(s, "E401", "has white space in its path");
	if (n == path.n || n == 0 || word_len(path) != n)
		return bad(s, "E401",
		    "is not a reference: write '${NAMESPACE.NAME}', or '$${' "
		    "for a literal '${'");
	diag_add(s->diags, s->at, "E402", s->path,
	    "'${%s}': no namespace '%s'%s%s%s", ref_show(s, s->body),
	    ref_show(s, sv(word)), near ? "; did you mean '" : "",
	    near ? near : "", near ? "'?" : "");
	return false;
}

static bool
is_item(const struct ref_source *s, struct sv word)
{
	return s->item &&
	    (sv_eq(word, s->item) || sv_eq(word, ns_names[NS_ITEM]));
}

static bool
find_ns(const struct ref_source *s, struct sv path, enum ref_ns *ns)
{
	const char *dot = memchr(path.p, '.', path.n);
	struct sv word = { path.p, dot ? (size_t)(dot - path.p) : path.n };

	if (is_item(s, word)) {
		*ns = NS_ITEM;
		return true;
	}
	for (size_t i = 0; i < NS_ITEM; i++) {
		if (!sv_eq(word, ns_names[i]))
			continue;
		if (dot || i == NS_MESSAGES) {
			*ns = (enum ref_ns)i;
			return true;
		}
		diag_add(s->diags, s->at, "E401", s->path,
		    "'${%s}' names no variable: write '${%s.NAME}', or "
		    "'$${%s}' for the shell's",
		    ref_show(s, s->body), ns_names[i], ref_show(s, s->body));
		return false;
	}
	return unknown_ns(s, path, word.n);
}

static bool
cut_path(const struct ref_source *s, struct ref *r)
{
	struct sv rest = sv(r->path), field;
	size_t n = 1;
	struct sv *seg;

	if (rest.n == 0 && !strchr(r->text, '.'))
		return true;
	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == '.';
	seg = arena_new(s->mem, n * sizeof(*seg));
	r->seg = seg;
	r->nseg = r->ns == NS_ENV ? 1 : n;
	if (r->ns == NS_ENV)
		seg[0] = rest;
	else
		for (n = 0; sv_cut(&rest, '.', &field); n++)
			seg[n] = field;
	for (size_t i = 0; i < r->nseg; i++)
		if (seg[i].n == 0)
			return bad(s, "E401", "has an empty name in its path");
	return true;
}

static bool
check_path(const struct ref_source *s, const struct ref *r)
{
	struct sv path = sv(r->path);

	if (find(path, ":-") || find(path, ":=") || find(path, ":+"))
		return bad(s, "E405",
		    "has a shell form of default: write ':default=TEXT'");
	if (has_blank(path))
		return bad(s, "E401", "has white space in its path");
	return true;
}

const struct ref *
ref_parse(const struct ref_source *s)
{
	struct ref *r = arena_new(s->mem, sizeof(*r));
	struct sv path;
	const char *dot;

	r->at = s->at;
	if (memchr(s->body.p, '\0', s->body.n)) {
		bad(s, "E401", "holds a NUL byte");
		return NULL;
	}
	if (!cut_suffixes(s, r, &path) || !find_ns(s, path, &r->ns))
		return NULL;
	r->text = arena_dup(s->mem, path.p, path.n);
	dot = strchr(r->text, '.');
	r->path = dot ? dot + 1 : r->text + path.n;
	if (!check_path(s, r) || !cut_path(s, r) || !ref_check_property(s, r))
		return NULL;
	return r;
}
