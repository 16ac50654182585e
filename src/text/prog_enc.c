/*
 * Values on their way into program text: escaped for a literal, or refused
 * with the way out.  One set of escapes serves every delimiter, so it does
 * not matter which one the author chose.
 */
#include "text/prog.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static int
encode_raw(struct sv v, struct str *out, struct err *e)
{
	(void)e;
	str_addsv(out, v);
	return 0;
}

static void
py_byte(struct str *out, char c)
{
	switch (c) {
	case '\n':
		str_adds(out, "\\n");
		break;
	case '\r':
		str_adds(out, "\\r");
		break;
	case '\\':
	case '\'':
	case '"':
		str_addc(out, '\\');
		str_addc(out, c);
		break;
	default:
		str_addc(out, c);
	}
}

static int
encode_py(struct sv v, struct str *out, struct err *e)
{
	(void)e;
	for (size_t i = 0; i < v.n;) {
		size_t n = utf8_len(v.p + i, v.n - i);

		if (n == 0)
			str_addf(out, "\\udc%02x", (unsigned char)v.p[i]);
		else if (n == 1)
			py_byte(out, v.p[i]);
		else
			str_add(out, v.p + i, n);
		i += n ? n : 1;
	}
	return 0;
}

static int
encode_pyf(struct sv v, struct str *out, struct err *e)
{
	size_t from = out->len;
	auto_str once = STR_INIT;

	if (encode_py(v, &once, e) < 0)
		return -1;
	str_cut(out, from);
	for (size_t i = 0; i < once.len; i++) {
		str_addc(out, once.buf[i]);
		if (once.buf[i] == '{' || once.buf[i] == '}')
			str_addc(out, once.buf[i]);
	}
	return 0;
}

static int
encode_js(struct sv v, struct str *out, struct err *e)
{
	if (!utf8_valid(v.p, v.n))
		return err_set(e, ERR_INPUT,
		    "is not valid UTF-8, which JavaScript text cannot hold");
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '`' || v.p[i] == '$')
			str_addc(out, '\\');
		py_byte(out, v.p[i]);
	}
	return 0;
}

/* A comment: nothing in it may end it, or declare an encoding. */
static void
encode_note(struct sv v, struct str *out, const char *unsafe)
{
	for (size_t i = 0; i < v.n;) {
		size_t n = utf8_len(v.p + i, v.n - i);

		if (n == 1 && !strchr(unsafe, v.p[i]))
			str_addc(out, v.p[i]);
		else if (n <= 1 || memcmp(v.p + i, "\xe2\x80", 2) == 0)
			str_addc(out, ' ');
		else
			str_add(out, v.p + i, n);
		i += n ? n : 1;
	}
}

static int
encode_pynote(struct sv v, struct str *out, struct err *e)
{
	(void)e;
	encode_note(v, out, "\n\r\f:=");
	return 0;
}

static int
encode_jsnote(struct sv v, struct str *out, struct err *e)
{
	(void)e;
	encode_note(v, out, "\n\r*/");
	return 0;
}

static bool
is_token(struct sv v, const char *more)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z');

		if (!word && (!c || !strchr(more, c)))
			return false;
	}
	return true;
}

static int
encode_code(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_@%+=:,.-"))
		return err_set(e, ERR_INPUT,
		    "stands in program text and must be empty or one word of "
		    "letters, digits and _@%%+=:,.- there; hand it over as an "
		    "argument, in the environment or on stdin instead");
	str_addsv(out, v);
	return 0;
}

static int
encode_literal(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_@%+=:,.-/"))
		return err_set(e, ERR_INPUT,
		    "stands in a raw or byte literal and must be empty or one "
		    "word of letters, digits and _@%%+=:,./- there; use a "
		    "plain literal");
	str_addsv(out, v);
	return 0;
}

static int
encode_pycode(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_@%+=:,.-"))
		return err_set(e, ERR_INPUT,
		    "stands in bare Python and must be empty or one word of "
		    "letters, digits and _@%%+=:,.- there; write it with :py, "
		    "or hand it over as an argument (sys.argv)");
	str_addsv(out, v);
	return 0;
}

static int
encode_jscode(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_@%+=:,.-"))
		return err_set(e, ERR_INPUT,
		    "stands in bare JavaScript and must be empty or one word "
		    "of letters, digits and _@%%+=:,.- there; write it with "
		    ":json, or hand it over as an argument (process.argv)");
	str_addsv(out, v);
	return 0;
}

static int
encode_shcode(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_@%+=:,.-/"))
		return err_set(e, ERR_INPUT,
		    "stands in shell program text and must be empty or one "
		    "word of letters, digits and _@%%+=:,./- there; write it "
		    "with :shell in no quotes, or hand it over as an argument "
		    "(\"$1\")");
	str_addsv(out, v);
	return 0;
}

static int
encode_integer(struct sv v, struct str *out, struct err *e)
{
	size_t i = 0;

	while (i < v.n && (v.p[i] == ' ' || v.p[i] == '\t'))
		i++;
	if (i < v.n && (v.p[i] == '-' || v.p[i] == '+'))
		i++;
	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	while (i < v.n && (v.p[i] == ' ' || v.p[i] == '\t'))
		i++;
	if (i < v.n)
		return err_set(
		    e, ERR_INPUT, "stands in arithmetic and is not an integer");
	str_addsv(out, v);
	return 0;
}

static int
encode_name(struct sv v, struct str *out, struct err *e)
{
	if (!is_token(v, "_") || v.n == 0 || (v.p[0] >= '0' && v.p[0] <= '9'))
		return err_set(e, ERR_INPUT,
		    "names a shell variable here and is not an identifier");
	str_addsv(out, v);
	return 0;
}

static int
encode_refused(struct sv v, struct str *out, struct err *e)
{
	(void)v;
	(void)out;
	return err_set(e, ERR_INPUT,
	    "stands where shell program text has a command; run it directly, "
	    "or paste it on purpose with :code");
}

static const struct {
	const char *name;
	int (*encode)(struct sv, struct str *, struct err *);
} encodings[ENC_COUNT] = {
	[ENC_RAW] = { "bytes", encode_raw },
	[ENC_PY] = { "python literal", encode_py },
	[ENC_PYF] = { "python f-string", encode_pyf },
	[ENC_PYNOTE] = { "python comment", encode_pynote },
	[ENC_PYCODE] = { "python token", encode_pycode },
	[ENC_JS] = { "javascript literal", encode_js },
	[ENC_JSNOTE] = { "javascript comment", encode_jsnote },
	[ENC_JSCODE] = { "javascript token", encode_jscode },
	[ENC_LITERAL] = { "raw literal", encode_literal },
	[ENC_CODE] = { "token", encode_code },
	[ENC_SHCODE] = { "shell token", encode_shcode },
	[ENC_SHWORD] = { "shell word", encode_shcode },
	[ENC_INTEGER] = { "integer", encode_integer },
	[ENC_NAME] = { "identifier", encode_name },
	[ENC_REFUSED] = { "refused", encode_refused },
};

int
prog_encode(enum enc enc, struct sv value, struct str *out, struct err *e)
{
	return encodings[enc].encode(value, out, e);
}

const char *
enc_name(enum enc enc)
{
	return encodings[enc].name;
}
