/*
 * Lexers for Python and JavaScript, as far as needed to know in which
 * literal or comment a reference stands.  They give up on anything
 * doubtful: then every reference counts as bare code, where only one
 * harmless token may stand.
 */
#include "text/prog.h"

#include <stdbool.h>
#include <string.h>

struct lexer {
	const struct unit *u;
	size_t n, i;
	unsigned char *enc;
	int depth;
	enum { DIVISION, REGEX, DOUBT } slash; /* what a `/` would begin */
};

static int
at(const struct lexer *x, size_t k)
{
	return x->i + k < x->n ? x->u[x->i + k].c : UNIT_END;
}

static void
set(struct lexer *x, int c, enum enc enc)
{
	if (c >= UNIT_ATOM)
		x->enc[c - UNIT_ATOM] = (unsigned char)enc;
}

static bool
is_word(int c)
{
	return c == '_' || c == '$' || (c >= 'a' && c <= 'z') ||
	    (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 128 ||
	    c == UNIT_OPAQUE;
}

static void
all_bare(const struct unit *u, size_t n, unsigned char *enc)
{
	for (size_t i = 0; i < n; i++)
		if (u[i].c >= UNIT_ATOM)
			enc[u[i].c - UNIT_ATOM] = ENC_CODE;
}

/* To the end of the line. */
static void
line_comment(struct lexer *x, enum enc enc)
{
	for (; at(x, 0) != UNIT_END && at(x, 0) != '\n'; x->i++)
		set(x, at(x, 0), enc);
}

static int py_code(struct lexer *, int close);

/* How a literal was opened. */
struct literal {
	int quote;
	bool triple, raw, bytes, format;
};

static bool
py_closes(struct lexer *x, const struct literal *l)
{
	if (at(x, 0) != l->quote)
		return false;
	if (!l->triple) {
		x->i++;
		return true;
	}
	if (at(x, 1) != l->quote || at(x, 2) != l->quote)
		return false;
	x->i += 3;
	return true;
}

/* A backslash; a reference behind it could finish an escape. */
static void
escape(struct lexer *x, enum enc bare)
{
	set(x, at(x, 1), bare);
	x->i += at(x, 1) == UNIT_END ? 1 : 2;
}

static int
py_string(struct lexer *x, const struct literal *l)
{
	enum enc enc = l->raw || l->bytes ? ENC_LITERAL
	    : l->format                   ? ENC_PYF
					  : ENC_PY;

	while (!py_closes(x, l)) {
		int c = at(x, 0);

		if (c == UNIT_END || (c == '\n' && !l->triple))
			return -1;
		if (c == '\\') {
			escape(x, ENC_CODE);
		} else if (l->format && c == '{' && at(x, 1) == '{') {
			x->i += 2;
		} else if (l->format && c == '{') {
			x->i++;
			if (py_code(x, '}') < 0)
				return -1;
		} else {
			set(x, c, enc);
			x->i++;
		}
	}
	return 0;
}

static struct literal
py_open(struct lexer *x, size_t word)
{
	struct literal l = { .quote = at(x, 0) };

	for (size_t i = word; x->i - word <= 2 && i < x->i; i++) {
		l.raw |= x->u[i].c == 'r' || x->u[i].c == 'R';
		l.bytes |= x->u[i].c == 'b' || x->u[i].c == 'B';
		l.format |= x->u[i].c == 'f' || x->u[i].c == 'F';
	}
	l.triple = at(x, 1) == l.quote && at(x, 2) == l.quote;
	x->i += l.triple ? 3 : 1;
	return l;
}

/* A prefix that comes from a value could be any prefix. */
static bool
py_unknown_prefix(const struct lexer *x, size_t word)
{
	for (size_t i = word; i < x->i; i++)
		if (x->u[i].c >= UNIT_ATOM || x->u[i].c == UNIT_OPAQUE)
			return true;
	return false;
}

/* After `:` in a replacement field quotes are bytes. */
static int
py_spec(struct lexer *x)
{
	int nest = 0;

	for (; at(x, 0) != UNIT_END && at(x, 0) != '\n'; x->i++) {
		set(x, at(x, 0), ENC_CODE);
		nest += at(x, 0) == '{';
		if (at(x, 0) == '}' && nest-- == 0) {
			x->i++;
			return 0;
		}
	}
	return -1;
}

/* Code up to and over `close`, or to the end (0). */
static int
py_code(struct lexer *x, int close)
{
	size_t word = x->i;
	int nest = 0;

	if (++x->depth > 16)
		return -1;
	while (at(x, 0) != UNIT_END) {
		int c = at(x, 0);

		if (c == '\'' || c == '"') {
			struct literal l;

			if (py_unknown_prefix(x, word))
				return -1;
			l = py_open(x, word);
			if (py_string(x, &l) < 0)
				return -1;
			word = x->i;
			continue;
		}
		if (c == '#') {
			line_comment(x, ENC_PYNOTE);
			continue;
		}
		set(x, c, close ? ENC_CODE : ENC_PYCODE);
		x->i++;
		if (close && nest == 0 && c == ':') {
			x->depth--;
			return py_spec(x);
		}
		nest += c == '(' || c == '[' || c == '{';
		if (close && c == close && nest == 0) {
			x->depth--;
			return 0;
		}
		nest -= c == ')' || c == ']' || c == '}';
		if (!is_word(c))
			word = x->i;
	}
	x->depth--;
	return close ? -1 : 0;
}

void
prog_python(const struct unit *u, size_t n, unsigned char *enc)
{
	struct lexer x = { .u = u, .n = n, .enc = enc };

	if (py_code(&x, 0) < 0)
		all_bare(u, n, enc);
}

static int js_code(struct lexer *, bool field);

static int
js_string(struct lexer *x, int quote)
{
	for (x->i++; at(x, 0) != quote;) {
		int c = at(x, 0);

		if (c == UNIT_END || (c == '\n' && quote != '`'))
			return -1;
		if (c == '\\') {
			escape(x, ENC_CODE);
		} else if (quote == '`' && c == '$' && at(x, 1) == '{') {
			x->i += 2;
			if (js_code(x, true) < 0)
				return -1;
		} else if (quote == '`' && c == '$') {
			/* `$` and a value that begins with `{`. */
			set(x, at(x, 1), ENC_CODE);
			x->i += at(x, 1) >= UNIT_ATOM ? 2 : 1;
		} else {
			set(x, c, ENC_JS);
			x->i++;
		}
	}
	x->i++;
	return 0;
}

static int
js_block_comment(struct lexer *x)
{
	for (x->i += 2; at(x, 0) != '*' || at(x, 1) != '/'; x->i++) {
		if (at(x, 0) == UNIT_END)
			return -1;
		set(x, at(x, 0), ENC_JSNOTE);
	}
	x->i += 2;
	return 0;
}

/* Is there a quote between here and the next `/` of the line? */
static bool
js_doubtful(const struct lexer *x)
{
	bool quote = false;

	for (size_t k = 1; at(x, k) != UNIT_END && at(x, k) != '\n'; k++) {
		int c = at(x, k);

		if (c == '/')
			return quote;
		quote |= c == '\'' || c == '"' || c == '`';
	}
	return false;
}

/* `/`: a comment, a regular expression or a division. */
static int
js_slash(struct lexer *x)
{
	bool in_class = false;

	if (at(x, 1) == '*')
		return js_block_comment(x);
	if (at(x, 1) == '/') {
		line_comment(x, ENC_JSNOTE);
		return 0;
	}
	if (x->slash != REGEX) {
		if (x->slash == DOUBT && js_doubtful(x))
			return -1;
		x->slash = REGEX;
		x->i++;
		return 0;
	}
	for (x->i++; in_class || at(x, 0) != '/';) {
		int c = at(x, 0);

		if (c == UNIT_END || c == '\n')
			return -1;
		if (c == '\\') {
			escape(x, ENC_CODE);
			continue;
		}
		in_class = c == '[' || (in_class && c != ']');
		set(x, c, ENC_CODE);
		x->i++;
	}
	x->slash = DIVISION;
	x->i++;
	return 0;
}

static bool
js_keyword(const struct lexer *x, size_t from)
{
	static const char *const words[] = { "return", "typeof", "case", "in",
		"of", "delete", "void", "throw", "new", "else", "do",
		"instanceof", "yield", "await" };
	size_t n = x->i - from;

	for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++) {
		size_t i = 0;

		while (i < n && words[k][i] && x->u[from + i].c == words[k][i])
			i++;
		if (i == n && !words[k][i])
			return true;
	}
	return false;
}

static int
js_step(struct lexer *x)
{
	int c = at(x, 0);
	size_t from = x->i;

	if (c == '\'' || c == '"' || c == '`') {
		if (js_string(x, c) < 0)
			return -1;
		x->slash = DIVISION;
		return 0;
	}
	if (c == '/') {
		if (js_slash(x) < 0)
			return -1;
		return 0;
	}
	if (is_word(c)) {
		while (is_word(at(x, 0))) {
			set(x, at(x, 0), ENC_JSCODE);
			x->i++;
		}
		x->slash = js_keyword(x, from) ? REGEX : DIVISION;
		return 0;
	}
	if (c == ')' || c == '}' ||
	    ((c == '+' || c == '-') && x->i && x->u[x->i - 1].c == c))
		x->slash = DOUBT;
	else if (c != ' ' && c != '\t' && c != '\n')
		x->slash = c == ']' ? DIVISION : REGEX;
	x->i++;
	return 0;
}

static int
js_code(struct lexer *x, bool field)
{
	int nest = 0;

	if (++x->depth > 16)
		return -1;
	x->slash = REGEX;
	while (at(x, 0) != UNIT_END) {
		int c = at(x, 0);

		nest += (c == '{') - (c == '}');
		if (field && nest < 0) {
			x->i++;
			x->depth--;
			return 0;
		}
		if (js_step(x) < 0)
			return -1;
	}
	x->depth--;
	return field ? -1 : 0;
}

void
prog_js(const struct unit *u, size_t n, unsigned char *enc)
{
	struct lexer x = { .u = u, .n = n, .enc = enc };

	if (js_code(&x, false) < 0)
		all_bare(u, n, enc);
}
