/* Hostile values: what a capture may hold when somebody means harm. */
#ifndef TESTS_TEXT_SCRIPT_VALUES_H
#define TESTS_TEXT_SCRIPT_VALUES_H

#include <string.h>

#include "base/arena.h"
#include "base/auto.h"
#include "base/sv.h"
#include "base/vec.h"

/* Every fourth is also tried with `x` before it. `$CANARY` is a directory. */
static const char *const hostile[] = { "", " ", "  a  b  ", "a\tb", "\n",
	"\n\n", "a\n", "\na\nb\n\n", "a\r\nb\r\n", "\r", "'", "\"", "''",
	"\"\"", "'''", "\"\"\"", "`", "``", "\\", "\\\\", "\\\\\\", "a\\",
	"\\n", "\\'", "\\\"", "$", "$$", "$(", "${", "${}", "$((", "$[",
	"$HOME", "${HOME}", "${LL_V0}", "$LL_V0", "!", "!!", "#", "# x", "&",
	"&&", "|", "||", ";", ";;", "(", ")", "()", "((", "))", "{", "}",
	"{a,b}", "{1..3}", "[", "]", "[[", "]]", "<", ">", "<<", "<<<", ">x",
	"2>&1", "*", "?", "[a-z]", "~", "~root", "-", "--", "-n", "-e", "-rf",
	"--help", "-c", "%s", "%n%n%n", "%", "\\0", "\\x41", "\\u0041", "=",
	"a=b", "PATH=/x", "+", "if", "then", "fi", "done", "esac", "in", "EOF",
	"\nEOF\n", "a\nEOF\ntouch $CANARY/h", "\tEOF", "'EOF'", "PY",
	"\nPY\ntouch $CANARY/p", "JS\n", "LL_END0", "$(touch $CANARY/a)",
	"`touch $CANARY/b`", "; touch $CANARY/c", "& touch $CANARY/d #",
	"\ntouch $CANARY/e\n", "\"; touch $CANARY/f; echo \"",
	"'; touch $CANARY/g; echo '", "}\"; touch $CANARY/i; \"${x:-",
	"')\ntouch $CANARY/j\n#", "a[$(touch $CANARY/k)]",
	"$((a[$(touch $CANARY/l)]))", "x)); touch $CANARY/m; ((",
	"]]; touch $CANARY/n; [[", "*) touch $CANARY/o;; esac #",
	"() { :; }; touch $CANARY/q", "| tee $CANARY/r", "> $CANARY/s",
	"<(touch $CANARY/t)", "'''\nimport os\nos.mkdir('x')#",
	"\"\"\"\nimport os\nos.system('touch $CANARY/u')\n\"\"\"",
	"'+str(__import__('os').system('touch $CANARY/v'))+'",
	"{__import__('os').system('touch $CANARY/w')}", "{", "{{", "}}", "{0}",
	"'+require('child_process').execSync('touch $CANARY/x')+'",
	"${require('child_process').execSync('touch $CANARY/y')}", "*/touch/*",
	"//x", "</script>", "coding: utf-7", "+ACc-",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
	"\xe2\x80\xae"
	"evil",
	"\xe2\x80\xa8"
	"x",
	"\xc3\xa9\xe2\x9c\x93\xf0\x9f\x98\x80", "\xff\xfe", "\xc3",
	"a\x80"
	"b",
	"\xed\xa0\x80", "\x1b[31m", "\x07", "\x7f", "\x01\x02\x03", "\f\v", "0",
	"1", "-3", " 42 ", "007", "1+1", "1.5", "0x10", "word", "a_b",
	"dir/file.md", "/etc/passwd", "../x", "a b c",
	"{\"k\": [1, \"two\\n\"]}", "[1, 2]", "null", "true" };

struct values {
	VEC(struct sv) all;
	struct arena mem;
};

static inline void
make_values(struct values *v)
{
	char every[255];
	char *big;

	for (size_t i = 0; i < COUNT(hostile); i++) {
		vec_push(&v->all, sv(hostile[i]));
		if (i % 4 == 0)
			vec_push(&v->all,
			    sv(arena_printf(&v->mem, "x%s", hostile[i])));
	}
	for (int i = 0; i < 255; i++)
		every[i] = (char)(i + 1);
	vec_push(
	    &v->all, sv_make(arena_dup(&v->mem, every, sizeof(every)), 255));
	for (size_t n = 100000; n <= 200000; n += 100000) {
		big = arena_new(&v->mem, n + 1);
		memset(big, 'x', n);
		memcpy(big, "$(touch $CANARY/z) '\"\n", 22);
		memcpy(big + n - 3, "\\\n\n", 3);
		vec_push(&v->all, sv_make(big, n));
	}
	vec_push(&v->all, sv_make("a\0b", 3));
}

#endif
