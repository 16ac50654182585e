/*
 * Single values as text.  The shortest digits that read back are found by
 * trying 1 to 17 of them; the layout is that of Python's repr, because that is
 * what loop files were written against.
 */
#include "text/scalar.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "d.ddde-XX" cut into digits (without point) and exponent. */
static int
shortest(double r, char digits[24])
{
	char text[40];
	char *e;
	size_t n = 0;

	for (int precision = 0; precision < 17; precision++) {
		snprintf(text, sizeof(text), "%.*e", precision, r);
		if (strtod(text, NULL) == r)
			break;
	}
	e = strchr(text, 'e');
	for (const char *p = text; p < e; p++)
		if (*p >= '0' && *p <= '9')
			digits[n++] = *p;
	digits[n] = '\0';
	return (int)strtol(e + 1, NULL, 10);
}

static void
add_fixed(struct str *out, const char *digits, int exp)
{
	int n = (int)strlen(digits);

	if (exp < 0) {
		str_adds(out, "0.");
		for (int i = exp + 1; i < 0; i++)
			str_addc(out, '0');
		str_adds(out, digits);
		return;
	}
	for (int i = 0; i <= exp; i++)
		str_addc(out, i < n ? digits[i] : '0');
	str_addc(out, '.');
	str_adds(out, exp + 1 < n ? digits + exp + 1 : "0");
}

void
scalar_real(struct str *out, double r)
{
	char digits[24];
	int exp;

	if (!isfinite(r)) {
		str_adds(out, isnan(r) ? "nan" : r < 0 ? "-inf" : "inf");
		return;
	}
	if (signbit(r))
		str_addc(out, '-');
	exp = shortest(fabs(r), digits);
	if (exp >= -4 && exp < 16) {
		add_fixed(out, digits, exp);
		return;
	}
	str_addc(out, digits[0]);
	if (digits[1])
		str_addf(out, ".%s", digits + 1);
	str_addf(out, "e%c%02d", exp < 0 ? '-' : '+', abs(exp));
}

void
scalar_write(struct str *out, const struct val *v)
{
	switch (v->kind) {
	case VAL_BOOL:
		str_adds(out, v->b ? "true" : "false");
		break;
	case VAL_INT:
		str_addf(out, "%lld", v->i);
		break;
	case VAL_REAL:
		scalar_real(out, v->r);
		break;
	case VAL_TEXT:
		str_addsv(out, v->t);
		break;
	default:
		break;
	}
}
