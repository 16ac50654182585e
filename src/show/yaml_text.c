/*
 * Text in YAML's five ways of writing it.  Plain only where nothing can be
 * misread; a literal block keeps every byte of its lines, so it needs no
 * escapes but can hold no control characters; double quotes can hold all.
 * What YAML counts as a line break or cannot have at all (C1 controls, U+2028,
 * the byte order mark, ...) is escaped.
 */
#include "show/yaml_text.h"

#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "text/yml.h"

/* ---- what is in it ---- */

static unsigned
code_point(const char *p, size_t n)
{
	const unsigned char *u = (const unsigned char *)p;

	switch (n) {
	case 1:
		return u[0];
	case 2:
		return (u[0] & 0x1fU) << 6 | (u[1] & 0x3fU);
	case 3:
		return (u[0] & 0x0fU) << 12 | (u[1] & 0x3fU) << 6 |
		    (u[2] & 0x3fU);
	default:
		return (u[0] & 0x07U) << 18 | (u[1] & 0x3fU) << 12 |
		    (u[2] & 0x3fU) << 6 | (u[3] & 0x3fU);
	}
}

/* May it stand in a file as it is?  Tab and newline are for the caller. */
static bool
stands(unsigned c)
{
	static const struct {
		unsigned from, to;
	} ranges[] = {
		{ 0x20, 0x7e },
		{ 0xa0, 0x2027 },
		{ 0x202a, 0xd7ff },
		{ 0xe000, 0xfefe },
		{ 0xff00, 0xfffd },
		{ 0x10000, 0x10ffff },
	};

	for (size_t i = 0; i < COUNT(ranges); i++)
		if (c >= ranges[i].from && c <= ranges[i].to)
			return true;
	return false;
}

struct look {
	bool odd;   /* something that must be escaped */
	bool lines; /* newlines */
	bool solid; /* something beside newlines */
	bool tabs;
};

static struct look
look(struct sv t)
{
	struct look l = { 0 };

	for (size_t i = 0, n; i < t.n; i += n ? n : 1) {
		n = utf8_len(t.p + i, t.n - i);
		if (t.p[i] == '\n') {
			l.lines = true;
			continue;
		}
		l.solid = true;
		if (t.p[i] == '\t')
			l.tabs = true;
		else if (!n || !stands(code_point(t.p + i, n)))
			l.odd = true;
	}
	return l;
}

/* ---- plain ---- */

/* Nothing in it or at its ends means something to YAML. */
static bool
reads_plain(struct sv t)
{
	if (!t.n || strchr("-?:,[]{}#&*!|>'\"%@` ", t.p[0]) ||
	    t.p[t.n - 1] == ' ' || t.p[t.n - 1] == ':')
		return false;
	for (size_t i = 1; i < t.n; i++)
		if ((t.p[i] == '#' && t.p[i - 1] == ' ') ||
		    (t.p[i] == ' ' && t.p[i - 1] == ':'))
			return false;
	return !sv_eq(t, "<<") && !sv_eq(t, "=") && !sv_starts(t, "...");
}

static bool
is_text(struct sv t)
{
	auto_arena a = ARENA_INIT;

	return yml_scalar(&a, t)->kind == VAL_TEXT;
}

/* Text here, but a boolean, a number or a date to other readers. */
static bool
is_doubtful(struct sv t)
{
	static const char *const words[] = { "yes", "no", "on", "off", "y",
		"n" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (t.n == strlen(words[i]) && !strncasecmp(t.p, words[i], t.n))
			return true;
	for (size_t i = 0; i < t.n; i++)
		if (!strchr("0123456789abcdefABCDEF_:.+-xXoOtTZ ", t.p[i]))
			return false;
	return strchr("0123456789+.", t.p[0]);
}

/* ---- quotes ---- */

static void
add_escaped(struct str *out, unsigned c)
{
	static const struct {
		unsigned c;
		const char *as;
	} names[] = { { '\n', "\\n" }, { '\t', "\\t" }, { '\r', "\\r" },
		{ '"', "\\\"" }, { '\\', "\\\\" } };

	for (size_t i = 0; i < COUNT(names); i++)
		if (names[i].c == c) {
			str_adds(out, names[i].as);
			return;
		}
	if (c < 0x100)
		str_addf(out, "\\x%02x", c);
	else if (c < 0x10000)
		str_addf(out, "\\u%04x", c);
	else
		str_addf(out, "\\U%08x", c);
}

/* All of it, what cannot stand and the bytes of `also` escaped. */
static void
add_visible(struct str *out, struct sv t, const char *also)
{
	for (size_t i = 0, n; i < t.n; i += n ? n : 1) {
		unsigned c;

		n = utf8_len(t.p + i, t.n - i);
		c = n ? code_point(t.p + i, n) : 0xfffd;
		if (!n)
			str_adds(out, "\xef\xbf\xbd");
		else if (!stands(c) || (n == 1 && strchr(also, t.p[i])))
			add_escaped(out, c);
		else
			str_add(out, t.p + i, n);
	}
}

static void
add_double(struct str *out, struct sv t)
{
	str_addc(out, '"');
	add_visible(out, t, "\"\\");
	str_addc(out, '"');
}

static void
add_single(struct str *out, struct sv t)
{
	str_addc(out, '\'');
	for (size_t i = 0; i < t.n; i++)
		str_adds(
		    out, t.p[i] == '\'' ? "''" : (char[]) { t.p[i], '\0' });
	str_addc(out, '\'');
}

static void
add_line(struct str *out, struct sv t, bool doubtful)
{
	struct look l = look(t);
	bool clean = !l.odd && !l.lines && !l.tabs;

	if (clean && !doubtful && reads_plain(t) && is_text(t))
		str_addsv(out, t);
	else if (clean && (memchr(t.p, '"', t.n) || memchr(t.p, '\\', t.n)))
		add_single(out, t);
	else
		add_double(out, t);
}

void
yaml_text_line(struct str *out, struct sv t)
{
	add_line(out, t, t.n && is_doubtful(t));
}

void
yaml_text_key(struct str *out, struct sv t)
{
	add_line(out, t, false);
}

void
yaml_text_comment(struct str *out, struct sv t)
{
	add_visible(out, t, "");
}

/* ---- literal blocks ---- */

bool
yaml_text_is_block(struct sv t)
{
	struct look l = look(t);

	return l.lines && l.solid && !l.odd;
}

/* A first line that is empty or begins with a blank would set the wrong
 * indentation. */
void
yaml_text_head(struct str *out, struct sv t)
{
	bool ends = t.p[t.n - 1] == '\n';
	bool empty = ends && t.n > 1 && t.p[t.n - 2] == '\n';

	str_addc(out, '|');
	if (strchr(" \t\n", t.p[0]))
		str_addf(out, "%d", YAML_STEP);
	str_adds(out, empty ? "+" : ends ? "" : "-");
}

void
yaml_text_block(struct str *out, struct sv t, size_t indent)
{
	struct sv rest = t;
	struct sv line;

	if (t.p[t.n - 1] == '\n')
		rest.n--;
	while (sv_cut(&rest, '\n', &line)) {
		for (size_t i = 0; line.n && i < indent; i++)
			str_addc(out, ' ');
		str_addsv(out, line);
		str_addc(out, '\n');
	}
}
