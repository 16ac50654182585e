/* A small calculator: text in, a whole number or a complaint out. */
#ifndef CALC_H
#define CALC_H

#include <stddef.h>

/* lex.c: one token at a time. */
enum token {
	TOKEN_END,
	TOKEN_NUMBER,
	TOKEN_NAME,
	TOKEN_SIGN, /* a single character: + - * / % ( ) , = */
	TOKEN_BAD
};

struct lexer {
	const char *at;
	enum token token;
	long number;
	char name[32];
	char sign;
};

void lexer_init(struct lexer *, const char *text);
void lexer_next(struct lexer *);

/* vars.c: names and their values. */
#define VARS_MAX 16

struct vars {
	struct {
		char name[32];
		long value;
	} at[VARS_MAX];
	size_t len;
};

/* 0, or -1 when the table is full. */
int vars_set(struct vars *, const char *name, long value);
/* 0 with *value, or -1 for a name that was never set. */
int vars_get(const struct vars *, const char *name, long *value);

/* func.c: functions of two numbers.  0 with *value, -1: no such function. */
int func_call(const char *name, long a, long b, long *value);

/* num.c: the text of a number, in groups of three ("1,234").  Returns buf. */
char *num_text(long n, char *buf, size_t size);

/* parse.c: 0 with *value, or -1 with *why. */
int calc(const char *text, struct vars *vars, long *value, const char **why);

#endif
