/* Text to tokens. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "calc.h"

void
lexer_init(struct lexer *lx, const char *text)
{
	memset(lx, 0, sizeof(*lx));
	lx->at = text;
	lexer_next(lx);
}

static void
lex_name(struct lexer *lx)
{
	size_t n = 0;

	while (isalnum((unsigned char)*lx->at) || *lx->at == '_') {
		if (n + 1 < sizeof(lx->name))
			lx->name[n++] = *lx->at;
		lx->at++;
	}
	lx->name[n] = '\0';
	lx->token = TOKEN_NAME;
}

void
lexer_next(struct lexer *lx)
{
	while (*lx->at == ' ')
		lx->at++;
	if (*lx->at == '\0') {
		lx->token = TOKEN_END;
	} else if (isdigit((unsigned char)*lx->at)) {
		lx->number = strtol(lx->at, (char **)&lx->at, 10);
		lx->token = TOKEN_NUMBER;
	} else if (isalpha((unsigned char)*lx->at)) {
		lex_name(lx);
	} else {
		lx->token =
		    strchr("+-*/%(),=", *lx->at) ? TOKEN_SIGN : TOKEN_BAD;
		lx->sign = *lx->at++;
	}
}
