/* Functions of two numbers, by table. */
#include <string.h>

#include "calc.h"

static long
func_min(long a, long b)
{
	return a < b ? a : b;
}

static long
func_max(long a, long b)
{
	return a > b ? a : b;
}

static long
func_gcd(long a, long b)
{
	while (b != 0) {
		long rest = a % b;

		a = b;
		b = rest;
	}
	return a < 0 ? -a : a;
}

static long
func_pow(long a, long b)
{
	long r = 1;

	while (b-- > 0)
		r *= a;
	return r;
}

static const struct {
	const char *name;
	long (*call)(long, long);
} funcs[] = {
	{ "min", func_min },
	{ "max", func_max },
	{ "gcd", func_gcd },
	{ "pow", func_pow },
};

int
func_call(const char *name, long a, long b, long *value)
{
	for (size_t i = 0; i < sizeof(funcs) / sizeof(funcs[0]); i++) {
		if (strcmp(funcs[i].name, name) == 0) {
			*value = funcs[i].call(a, b);
			return 0;
		}
	}
	return -1;
}
