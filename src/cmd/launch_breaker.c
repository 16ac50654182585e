/* The engine's breaker, on the file of the gate. */
#include "cmd/launch_breaker.h"

#include "gate/breaker.h"

static void
warn(struct launch_breaker *b, const struct err *why)
{
	if (!b->said)
		cmd_complain(b->args, "warning: %s", why->msg);
	b->said = true;
}

static void
ask(void *self, const char *host, struct shut *out)
{
	struct launch_breaker *b = self;
	struct breaker_says says;
	struct err why = ERR_INIT;

	if (breaker_ask(b->root, host, &says, &why) < 0)
		warn(b, &why);
	*out = (struct shut) { says.until_us, says.known };
}

static void
shut(void *self, const char *host, const struct shut *s)
{
	struct launch_breaker *b = self;
	const struct breaker_says says = { s->until_us, s->known };
	struct err why = ERR_INIT;

	if (breaker_shut(b->root, host, &says, &why) < 0)
		warn(b, &why);
}

static void
open_again(void *self, const char *host)
{
	struct launch_breaker *b = self;
	struct err why = ERR_INIT;

	if (breaker_open(b->root, host, &why) < 0)
		warn(b, &why);
}

struct breaker
launch_breaker(struct launch_breaker *b)
{
	return (struct breaker) {
		.ask = ask, .shut = shut, .open = open_again, .self = b
	};
}
