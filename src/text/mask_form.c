/*
 * A table of writers.  Base64 is looked for at all three alignments, less the
 * characters that also depend on what stands around the value, and in pieces
 * of the 76 columns that base64(1) prints.  What a program compresses,
 * encrypts or cuts up cannot be found.
 */
#include "text/mask_form.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/auto.h"
#include "base/b64.h"
#include "base/str.h"
#include "base/utf8.h"
#include "text/json.h"

enum { B64_COLUMNS = 76 };

struct forms {
	mask_form_hear *hear;
	void *self;
};

static void
tell(const struct forms *f, struct sv form)
{
	if (form.n >= MASK_MIN)
		f->hear(f->self, form);
}

static bool
is_word(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static void
as_json(struct str *out, struct sv v)
{
	auto_str quoted = STR_INIT;

	json_quote(&quoted, v.p, v.n);
	str_add(out, quoted.buf + 1, quoted.len - 2);
}

static uint32_t
code_point(const char *p, size_t n)
{
	static const unsigned char lead[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	uint32_t c = (unsigned char)p[0] & lead[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)p[i] & 0x3f);
	return c;
}

/* JSON that is ASCII only, as Python's and `jq -a` write it. */
static void
as_ascii_json(struct str *out, struct sv v)
{
	auto_str json = STR_INIT;
	size_t n;

	as_json(&json, v);
	for (size_t i = 0; i < json.len; i += n) {
		uint32_t c;

		n = utf8_len(json.buf + i, json.len - i);
		n = n ? n : 1;
		c = code_point(json.buf + i, n);
		if (n == 1 && c != 0x7f)
			str_addc(out, json.buf[i]);
		else if (c < 0x10000)
			str_addf(out, "\\u%04x", c);
		else
			str_addf(out, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10),
			    0xdc00 + (c & 0x3ff));
	}
}

/* Inside '...', the quote as `with`. */
static void
as_single(struct str *out, struct sv v, const char *with)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] == '\'')
			str_adds(out, with);
		else
			str_addc(out, v.p[i]);
	}
}

static void
as_shell(struct str *out, struct sv v)
{
	as_single(out, v, "'\\''");
}

static void
as_shlex(struct str *out, struct sv v)
{
	as_single(out, v, "'\"'\"'");
}

/* Inside "...". */
static void
as_double(struct str *out, struct sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] && strchr("\"\\$`", v.p[i]))
			str_addc(out, '\\');
		str_addc(out, v.p[i]);
	}
}

/* With backslashes, as bash's `printf %q`. */
static void
as_backslashes(struct str *out, struct sv v)
{
	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];
		bool first = i == 0;

		if ((c && strchr(" '\"\\|&;()<>!{}*[]?^$`,", c)) ||
		    (first && (c == '#' || c == '~')))
			str_addc(out, '\\');
		str_addc(out, c);
	}
}

/* Inside $'...', as bash writes it in `set -x` and `printf %q`. */
static void
as_ansi(struct str *out, struct sv v)
{
	static const char plain[] = "\a\b\t\n\v\f\r\033\\'";
	static const char named[] = "abtnvfrE\\'";
	size_t n;

	for (size_t i = 0; i < v.n; i += n) {
		const char *at = v.p[i] ? strchr(plain, v.p[i]) : NULL;
		unsigned char c = (unsigned char)v.p[i];

		n = utf8_len(v.p + i, v.n - i);
		if (at)
			str_addf(out, "\\%c", named[at - plain]);
		else if (n == 0 || c < 0x20 || c == 0x7f)
			str_addf(out, "\\%03o", c);
		else
			str_add(out, v.p + i, n);
		n = n ? n : 1;
	}
}

static void
percent(struct str *out, struct sv v, char blank, char also)
{
	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (is_word(c) || c == '~' || c == (unsigned char)also)
			str_addc(out, (char)c);
		else if (c == ' ' && blank)
			str_addc(out, blank);
		else
			str_addf(out, "%%%02X", c);
	}
}

static void
as_percent(struct str *out, struct sv v)
{
	percent(out, v, 0, '~');
}

static void
as_url_path(struct str *out, struct sv v)
{
	percent(out, v, 0, '/');
}

static void
as_url_form(struct str *out, struct sv v)
{
	percent(out, v, '+', '~');
}

static void
as_repaired(struct str *out, struct sv v)
{
	utf8_repair(out, v.p, v.n);
}

/* As this program shows it on a terminal. */
static void
as_shown(struct str *out, struct sv v)
{
	utf8_show(out, v.p, v.n);
}

static const struct {
	void (*write)(struct str *, struct sv);
	bool always; /* for long values too */
} writers[] = {
	{ as_json, true },
	{ as_ascii_json, true },
	{ as_repaired, true },
	{ as_shown, true },
	{ as_shell, false },
	{ as_shlex, false },
	{ as_double, false },
	{ as_backslashes, false },
	{ as_ansi, false },
	{ as_percent, false },
	{ as_url_path, false },
	{ as_url_form, false },
};

static void
tell_part(const struct forms *f, struct sv part, bool all)
{
	tell(f, part);
	for (size_t i = 0; i < COUNT(writers); i++) {
		auto_str out = STR_INIT;

		if (!all && !writers[i].always)
			continue;
		writers[i].write(&out, part);
		tell(f, str_sv(&out));
	}
}

/* Both alphabets. */
static void
tell_b64(const struct forms *f, char *p, size_t n)
{
	tell(f, sv_make(p, n));
	for (size_t i = 0; i < n; i++)
		p[i] = p[i] == '+' ? '-' : p[i] == '/' ? '_' : p[i];
	tell(f, sv_make(p, n));
}

/* The value `shift` bytes behind the start of a group of three. */
static void
tell_shifted(const struct forms *f, struct sv v, size_t shift)
{
	static const size_t lost[] = { 0, 2, 3 };
	auto_str bytes = STR_INIT, text = STR_INIT;

	str_add(&bytes, "\0\0", shift);
	str_addsv(&bytes, v);
	b64_encode(&text, bytes.buf, bytes.len);
	tell_b64(f, text.buf + lost[shift], bytes.len * 4 / 3 - lost[shift]);
}

static void
tell_pieces(const struct forms *f, struct sv v)
{
	auto_str text = STR_INIT;

	b64_encode(&text, v.p, v.n);
	for (size_t i = 0; i < text.len; i += B64_COLUMNS)
		tell(f,
		    sv_make(text.buf + i,
			text.len - i < B64_COLUMNS ? text.len - i
						   : B64_COLUMNS));
	tell_b64(f, text.buf, text.len);
	while (sv_ends(str_sv(&text), "="))
		str_cut(&text, text.len - 1);
	tell_b64(f, text.buf, text.len);
}

static void
tell_base64(const struct forms *f, struct sv v)
{
	auto_str line = STR_INIT;

	for (size_t shift = 0; shift < 3; shift++)
		tell_shifted(f, v, shift);
	tell_pieces(f, v);
	/* As `echo` feeds it to base64. */
	str_addsv(&line, v);
	str_addc(&line, '\n');
	tell_pieces(f, str_sv(&line));
}

void
mask_forms(struct sv value, mask_form_hear *hear, void *self)
{
	const struct forms f = { hear, self };
	bool all = value.n <= MASK_FORMS_MAX;
	struct sv trimmed = sv_trim(value), rest = value, line;

	if (value.n < MASK_MIN)
		return;
	tell_part(&f, value, all);
	tell_part(&f, trimmed, all);
	while (sv_cut(&rest, '\n', &line))
		tell_part(&f, sv_trim(line), all);
	if (!all)
		return;
	tell_base64(&f, value);
	if (trimmed.n >= MASK_MIN)
		tell_base64(&f, trimmed);
}
