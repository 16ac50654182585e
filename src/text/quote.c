/*
 * Quoting for the shell and for Python.  Both give text that reads back as
 * the same bytes; a NUL cannot be in a shell word and is the caller's fault.
 */
#include "text/quote.h"

#include <stdbool.h>
#include <string.h>

#include "base/utf8.h"

static bool
is_harmless(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c && strchr("_@%+=:,./-", c));
}

void
quote_shell(struct str *out, struct sv text)
{
	size_t i = 0;

	while (i < text.n && is_harmless(text.p[i]))
		i++;
	if (text.n && i == text.n) {
		str_addsv(out, text);
		return;
	}
	str_addc(out, '\'');
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '\'')
			str_adds(out, "'\"'\"'");
		else
			str_addc(out, text.p[i]);
	}
	str_addc(out, '\'');
}

static void
py_ascii(struct str *out, char c)
{
	static const char plain[] = "\n\r\t\\'", letter[] = "nrt\\'";
	const char *at = c ? strchr(plain, c) : NULL;

	if (at)
		str_addf(out, "\\%c", letter[at - plain]);
	else if (c < 0x20 || c == 0x7f)
		str_addf(out, "\\x%02x", (unsigned)c);
	else
		str_addc(out, c);
}

static void
py_wide(struct str *out, const char *p, size_t n)
{
	unsigned code = (unsigned char)p[0] & (0xffu >> (n + 1));

	for (size_t i = 1; i < n; i++)
		code = code << 6 | ((unsigned char)p[i] & 0x3f);
	str_addf(out, code > 0xffff ? "\\U%08x" : "\\u%04x", code);
}

void
quote_py(struct str *out, struct sv text)
{
	size_t n;

	str_addc(out, '\'');
	for (size_t i = 0; i < text.n; i += n ? n : 1) {
		const char *p = text.p + i;

		n = utf8_len(p, text.n - i);
		if (n == 0)
			str_addf(out, "\\udc%02x", (unsigned char)*p);
		else if (n == 1)
			py_ascii(out, *p);
		else
			py_wide(out, p, n);
	}
	str_addc(out, '\'');
}
