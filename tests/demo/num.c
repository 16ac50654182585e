/* The text of a number, in groups of three. */
#include <stdio.h>
#include <string.h>

#include "calc.h"

char *
num_text(long n, char *buf, size_t size)
{
	char digits[24];
	size_t len, out = 0;

	snprintf(digits, sizeof(digits), "%ld", n < 0 ? -n : n);
	len = strlen(digits);
	if (n < 0 && out + 1 < size)
		buf[out++] = '-';
	for (size_t i = 0; i < len && out + 2 < size; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			buf[out++] = ',';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}
