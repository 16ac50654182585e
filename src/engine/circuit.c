/* The breaker as the engine uses it: advice, which never fails. */
#include "engine/circuit.h"

#include "base/clock.h"

bool
circuit_is_shut(const struct run *r, const char *host, struct shut *out)
{
	*out = (struct shut) { 0 };
	if (!r->breaker.ask || r->tries)
		return false;
	r->breaker.ask(r->breaker.self, host, out);
	return out->until_us > clock_wall_us();
}

void
circuit_shut(struct run *r, const char *host, long long until_us, bool known)
{
	const struct shut s = { .until_us = until_us, .known = known };

	r->tries = false;
	if (r->breaker.shut)
		r->breaker.shut(r->breaker.self, host, &s);
}

void
circuit_open(struct run *r, const char *host)
{
	r->tries = false;
	if (r->breaker.open)
		r->breaker.open(r->breaker.self, host);
}
