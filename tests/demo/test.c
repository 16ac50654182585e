/* The tests, a table: lines for one calculator, what the last one answers. */
#include <stdio.h>
#include <string.h>

#include "calc.h"

static const struct {
	const char *name;
	const char *lines[3];
	const char *answer;
} tests[] = {
	{ "a number", { "42" }, "42" },
	{ "groups of three", { "1234567" }, "1,234,567" },
	{ "a negative group", { "-1234" }, "-1,234" },
	{ "addition", { "1 + 2" }, "3" },
	{ "a sum of many", { "1+2+3+4" }, "10" },
	{ "subtraction", { "5 - 3" }, "2" },
	{ "subtraction goes left to right", { "10 - 3 - 2" }, "5" },
	{ "mixed signs go left to right", { "10 - 3 + 2" }, "9" },
	{ "times before plus", { "2 + 3 * 4" }, "14" },
	{ "division goes left to right", { "100 / 5 / 2" }, "10" },
	{ "rest", { "17 % 5" }, "2" },
	{ "brackets", { "(2 + 3) * 4" }, "20" },
	{ "nested brackets", { "((1))" }, "1" },
	{ "minus a bracket", { "-(2 + 3)" }, "-5" },
	{ "minus minus", { "--4" }, "4" },
	{ "tabs are blanks", { "1\t+\t2" }, "3" },
	{ "a blank at the end", { "7\t" }, "7" },
	{ "a variable", { "x = 5", "x * 2" }, "10" },
	{ "a variable changes", { "x = 5", "x = 6", "x" }, "6" },
	{ "a variable counts", { "n = 1", "n = n + 1", "n" }, "2" },
	{ "two variables", { "a = 2", "b = 3", "a * b" }, "6" },
	{ "min", { "min(3, 2)" }, "2" },
	{ "max", { "max(3, 2)" }, "3" },
	{ "gcd", { "gcd(12, 18)" }, "6" },
	{ "pow", { "pow(2, 10)" }, "1,024" },
	{ "division by zero", { "1 / 0" }, "error: division by zero" },
	{ "an open bracket", { "(1" }, "error: ')' expected" },
	{ "an unknown name", { "y" }, "error: no such variable" },
	{ "an unknown function", { "f(1, 2)" }, "error: no such function" },
	{ "rubbish at the end", { "1 2" }, "error: end expected" },
};

static void
answer(const char *const lines[3], char *buf, size_t size)
{
	struct vars vars = { 0 };

	for (int i = 0; i < 3 && lines[i]; i++) {
		const char *why;
		long value;

		if (calc(lines[i], &vars, &value, &why) < 0)
			snprintf(buf, size, "error: %s", why);
		else
			num_text(value, buf, size);
	}
}

int
main(void)
{
	size_t n = sizeof(tests) / sizeof(tests[0]), failed = 0;

	for (size_t i = 0; i < n; i++) {
		char got[64] = "";
		int ok;

		answer(tests[i].lines, got, sizeof(got));
		ok = strcmp(got, tests[i].answer) == 0;
		printf("%s %zu - %s\n", ok ? "ok" : "not ok", i + 1,
		    tests[i].name);
		if (!ok) {
			printf("# expected '%s', got '%s'\n", tests[i].answer,
			    got);
			failed++;
		}
	}
	printf("%zu passed, %zu failed\n", n - failed, failed);
	return failed > 0;
}
