/* Chance.  The kernel's pool is ready long before anybody runs a loop, so
 * that a draw cannot fail; where there is none we refuse to go on. */
#include "os/lot.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

static uint64_t
draw(void)
{
	uint64_t x;
	ssize_t n;

	do
		n = getrandom(&x, sizeof(x), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(x))
		abort();
	return x;
}

const char *
lot_hex(char out[LOT_HEX])
{
	snprintf(out, LOT_HEX, "%016llx", (unsigned long long)draw());
	return out;
}

bool
lot_flip(void)
{
	return draw() & 1;
}
