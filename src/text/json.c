/*
 * Values as JSON text.  Members keep their order; bytes that are not UTF-8
 * are repaired, because JSON cannot carry them.
 */
#include "text/json.h"

#include "text/scalar.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

/* How many bytes from here on stand for themselves. */
static size_t
plain(const char *p, size_t n)
{
	size_t i = 0;

	while (
	    i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' && p[i] != '\\')
		i++;
	return i;
}

/* Bytes of the next piece, and what to write for it; NULL: the piece. */
static size_t
piece(const char *p, size_t n, char esc[8], const char **instead)
{
	static const char short_of[32] = { ['\b'] = 'b',
		['\t'] = 't',
		['\n'] = 'n',
		['\f'] = 'f',
		['\r'] = 'r' };
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)*p;
	size_t k = utf8_len(p, n);

	*instead = NULL;
	if (k == 0) {
		*instead = "\xef\xbf\xbd";
		return 1;
	}
	if (k > 1 || (c >= 0x20 && c != '"' && c != '\\'))
		return k;
	esc[0] = '\\';
	esc[1] = c >= 0x20 ? (char)c : short_of[c];
	esc[2] = '\0';
	if (!esc[1]) {
		esc[1] = 'u';
		esc[2] = esc[3] = '0';
		esc[4] = hex[c >> 4];
		esc[5] = hex[c & 15];
		esc[6] = '\0';
	}
	*instead = esc;
	return 1;
}

void
json_quote(struct str *out, const char *p, size_t n)
{
	const char *instead;
	size_t from = 0, i;
	char esc[8];

	str_reserve(out, n + 2);
	str_addc(out, '"');
	for (i = plain(p, n); i < n; i += plain(p + i, n - i)) {
		size_t k = piece(p + i, n - i, esc, &instead);

		if (instead) {
			str_add(out, p + from, i - from);
			str_adds(out, instead);
			from = i + k;
		}
		i += k;
	}
	str_add(out, p + from, n - from);
	str_addc(out, '"');
}

size_t
json_quoted_len(const char *p, size_t n)
{
	const char *instead;
	size_t len = 2, i = 0, k;
	char esc[8];

	while (i < n) {
		k = plain(p + i, n - i);
		len += k;
		i += k;
		if (i == n)
			break;
		k = piece(p + i, n - i, esc, &instead);
		len += instead ? strlen(instead) : k;
		i += k;
	}
	return len;
}

bool
json_is_exact(const char *p, size_t n)
{
	return utf8_valid(p, n);
}

struct writer {
	struct str *out;
	bool pretty;
};

static void
new_line(const struct writer *w, int depth)
{
	if (!w->pretty)
		return;
	str_addc(w->out, '\n');
	for (int i = 0; i < depth; i++)
		str_adds(w->out, "  ");
}

static void
write_at(const struct writer *w, const struct val *v, int depth)
{
	size_t n = v->kind == VAL_LIST ? v->list.len : v->map.len;
	bool list = v->kind == VAL_LIST;

	if (v->kind < VAL_TEXT) {
		if (v->kind == VAL_NULL ||
		    (v->kind == VAL_REAL && !isfinite(v->r)))
			str_adds(w->out, "null");
		else
			scalar_write(w->out, v);
		return;
	}
	if (v->kind == VAL_TEXT) {
		json_quote(w->out, v->t.p, v->t.n);
		return;
	}
	str_addc(w->out, list ? '[' : '{');
	for (size_t i = 0; i < n; i++) {
		if (i)
			str_addc(w->out, ',');
		new_line(w, depth + 1);
		if (!list) {
			const char *key = v->map.at[i].key;

			json_quote(w->out, key, strlen(key));
			str_adds(w->out, w->pretty ? ": " : ":");
		}
		write_at(w, list ? v->list.at[i] : v->map.at[i].v, depth + 1);
	}
	if (n)
		new_line(w, depth);
	str_addc(w->out, list ? ']' : '}');
}

void
json_write(struct str *out, const struct val *v, int how)
{
	struct writer w = { out, how == JSON_PRETTY };

	write_at(&w, v, 0);
}
