/*
 * The grammar, one function per rule:
 *   line = [name "="] sum        sum  = term {("+" | "-") term}
 *   term = unary {("*" | "/" | "%") unary}
 *   unary = "-" unary | atom     atom = number | name | call | "(" sum ")"
 *   call = name "(" sum "," sum ")"
 */
#include <string.h>

#include "calc.h"

struct parser {
	struct lexer lx;
	struct vars *vars;
	const char *why; /* NULL: nothing wrong so far */
};

static long sum(struct parser *);

static long
wrong(struct parser *p, const char *why)
{
	if (!p->why)
		p->why = why;
	return 0;
}

static int
sign(struct parser *p, char c)
{
	if (p->lx.token != TOKEN_SIGN || p->lx.sign != c)
		return 0;
	lexer_next(&p->lx);
	return 1;
}

static long
call(struct parser *p, const char *name)
{
	long a, b, value = 0;

	a = sum(p);
	if (!sign(p, ','))
		return wrong(p, "',' expected");
	b = sum(p);
	if (!sign(p, ')'))
		return wrong(p, "')' expected");
	if (func_call(name, a, b, &value) < 0)
		return wrong(p, "no such function");
	return value;
}

static long
atom(struct parser *p)
{
	char name[32];
	long value = 0;

	if (p->lx.token == TOKEN_NUMBER) {
		value = p->lx.number;
		lexer_next(&p->lx);
		return value;
	}
	if (p->lx.token == TOKEN_NAME) {
		memcpy(name, p->lx.name, sizeof(name));
		lexer_next(&p->lx);
		if (sign(p, '('))
			return call(p, name);
		if (vars_get(p->vars, name, &value) < 0)
			return wrong(p, "no such variable");
		return value;
	}
	if (!sign(p, '('))
		return wrong(p, "number expected");
	value = sum(p);
	if (!sign(p, ')'))
		return wrong(p, "')' expected");
	return value;
}

static long
unary(struct parser *p)
{
	return sign(p, '-') ? -unary(p) : atom(p);
}

static long
divided(struct parser *p, long a, long b, int rest)
{
	if (b == 0)
		return wrong(p, "division by zero");
	return rest ? a % b : a / b;
}

static long
term(struct parser *p)
{
	long value = unary(p);

	for (;;) {
		if (sign(p, '*'))
			value *= unary(p);
		else if (sign(p, '/'))
			value = divided(p, value, unary(p), 0);
		else if (sign(p, '%'))
			value = divided(p, value, unary(p), 1);
		else
			return value;
	}
}

static long
sum(struct parser *p)
{
	long value = term(p);

	if (sign(p, '+'))
		return value + sum(p);
	if (sign(p, '-'))
		return value - sum(p);
	return value;
}

int
calc(const char *text, struct vars *vars, long *value, const char **why)
{
	struct parser p = { .vars = vars };
	struct lexer first, ahead;
	int assign;
	long v;

	lexer_init(&first, text);
	ahead = first;
	lexer_next(&ahead);
	assign = first.token == TOKEN_NAME && ahead.token == TOKEN_SIGN &&
	    ahead.sign == '=';
	if (assign)
		lexer_next(&ahead);
	p.lx = assign ? ahead : first;
	v = sum(&p);
	if (!p.why && p.lx.token != TOKEN_END)
		wrong(&p, "end expected");
	if (!p.why && assign && vars_set(vars, first.name, v) < 0)
		wrong(&p, "too many variables");
	if (p.why) {
		*why = p.why;
		return -1;
	}
	*value = v;
	return 0;
}
