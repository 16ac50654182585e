/* Where in Python and JavaScript text a reference stands. */
#include "text/prog.h"

#include <stdbool.h>

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "test.h"

static const struct {
	bool js;
	const char *text;
	enum enc want[3];
} rows[] = {
	{ false, "x = '@'", { ENC_PY } },
	{ false, "x = \"\"\"a\n\"'@\"\"\"; @", { ENC_PY, ENC_PYCODE } },
	{ false, "u'@' rb'@' R'@'", { ENC_PY, ENC_LITERAL, ENC_LITERAL } },
	{ false, "f'@{@}{{@}}'", { ENC_PYF, ENC_CODE, ENC_PYF } },
	{ false, "f'{x:>@}@' f\"{d['k']}@\"", { ENC_CODE, ENC_PYF, ENC_PYF } },
	{ false, "# '@\n'@'", { ENC_PYNOTE, ENC_PY } },
	{ false, "'a\\'@' '\\@'", { ENC_PY, ENC_CODE } },
	{ false, "@'@'", { ENC_CODE, ENC_CODE } },
	{ false, "'@\n'", { ENC_CODE } },
	{ false, "'@' '", { ENC_CODE } },
	{ false, "print(@) # it's\n'@'", { ENC_PYCODE, ENC_PY } },
	{ true, "f('@', \"@\", `@`)", { ENC_JS, ENC_JS, ENC_JS } },
	{ true, "`a ${'@' + `${@}`} @`", { ENC_JS, ENC_JSCODE, ENC_JS } },
	{ true, "// @\n/* @ */ @", { ENC_JSNOTE, ENC_JSNOTE, ENC_JSCODE } },
	{ true, "x.replace(/['\"]@/, '@')", { ENC_CODE, ENC_JS } },
	{ true, "a / 2; '@' / 1", { ENC_JS } },
	{ true, "return /'/.test('@')", { ENC_JS } },
	{ true, "(a) /'/.test('@')", { ENC_CODE } },
	{ true, "`$@` '\\@'", { ENC_CODE, ENC_CODE } },
	{ true, "'@\n'", { ENC_CODE } },
	{ true, "`@", { ENC_CODE } },
};

TEST(prog, places)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct unit u[64];
		unsigned char enc[8] = { 0 };
		int atoms = 0;
		size_t n = strlen(rows[i].text);

		for (size_t k = 0; k < n; k++) {
			u[k] = (struct unit) { (unsigned char)rows[i].text[k],
				(unsigned)k, 1 };
			if (u[k].c == '@')
				u[k].c = UNIT_ATOM + atoms++;
		}
		(rows[i].js ? prog_js : prog_python)(u, n, enc);
		for (int k = 0; k < atoms && k < 3; k++)
			cr_assert_eq(enc[k], rows[i].want[k],
			    "%s: %d is %s, not %s", rows[i].text, k,
			    enc_name(enc[k]), enc_name(rows[i].want[k]));
	}
}

static const struct {
	enum enc enc;
	const char *value, *want; /* NULL: refused */
} values[] = {
	{ ENC_RAW, "a'b", "a'b" },
	{ ENC_PY, "a\\'\"\n\r\xff\xc3\xa9",
	    "a\\\\\\'\\\"\\n\\r\\udcff\xc3\xa9" },
	{ ENC_PYF, "{x}'", "{{x}}\\'" },
	{ ENC_PYNOTE, "a\nb:=\xff", "a b   " },
	{ ENC_JS, "`$\\'", "\\`\\$\\\\\\'" },
	{ ENC_JS, "\xff", NULL },
	{ ENC_JSNOTE, "a*/b\n\xe2\x80\xa8", "a  b  " },
	{ ENC_INTEGER, " -12\t", " -12\t" },
	{ ENC_INTEGER, "", "" },
	{ ENC_INTEGER, "1+1", NULL },
	{ ENC_INTEGER, "1 2", NULL },
	{ ENC_INTEGER, "1\n", NULL },
	{ ENC_NAME, "a_1", "a_1" },
	{ ENC_NAME, "1a", NULL },
	{ ENC_NAME, "", NULL },
	{ ENC_CODE, "a.b:1", "a.b:1" },
	{ ENC_CODE, "a/b", NULL },
	{ ENC_CODE, "", "" },
	{ ENC_SHCODE, "a/b", "a/b" },
	{ ENC_SHCODE, "~x", NULL },
	{ ENC_LITERAL, "a/b", "a/b" },
	{ ENC_LITERAL, "a\\", NULL },
	{ ENC_PYCODE, "a b", NULL },
	{ ENC_JSCODE, "a;b", NULL },
	{ ENC_REFUSED, "", NULL },
};

TEST(prog, values)
{
	for (size_t i = 0; i < COUNT(values); i++) {
		auto_str out = STR_INIT;
		struct err e = ERR_INIT;
		int rc =
		    prog_encode(values[i].enc, sv(values[i].value), &out, &e);

		cr_assert_eq(rc < 0, values[i].want == NULL, "%s: %s",
		    values[i].value, e.msg);
		if (rc == 0)
			cr_assert_str_eq(out.buf, values[i].want);
		else
			cr_assert_eq(e.kind, ERR_INPUT);
	}
}
