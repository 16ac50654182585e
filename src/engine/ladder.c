/* One small rule for each class of failure. */
#include "engine/ladder.h"

#include "base/auto.h"

enum { SHIFT_MAX = 20, JITTER_MS = 1000 };

const char *
ladder_tier_name(enum ladder_tier t)
{
	static const char *const names[] = {
		[TIER_SHORT] = "short",
		[TIER_LONG] = "long_wait",
		[TIER_KNOWN] = "known",
		[TIER_ERROR] = "error",
		[TIER_PROCESS] = "process",
	};

	return names[t];
}

static long long
spread(const struct ladder_in *in, long long ms)
{
	return (long long)(in->draw * (double)ms);
}

/* Until the end that the host told of; 0 when it told none, or it is over. */
static long long
left_ms(const struct ladder_in *in)
{
	if (in->until_us <= in->now_us)
		return 0;
	return (in->until_us - in->now_us) / 1000 + 1;
}

static void
wait_for(struct ladder_out *out, enum ladder_tier tier, long long ms)
{
	out->act = LADDER_WAIT;
	out->tier = tier;
	out->wait_ms = ms;
	out->climb.tries++;
}

static long long
short_ms(const struct ladder_in *in)
{
	long long n =
	    in->climb.shorts < SHIFT_MAX ? in->climb.shorts : SHIFT_MAX;

	return (in->rules->base_ms << n) + spread(in, in->rules->base_ms);
}

/* The last step again and again, but not beyond the budget. */
static long long
long_ms(const struct ladder_in *in)
{
	const struct ladder *r = in->rules;
	size_t last = r->nlong - 1, at = (size_t)in->climb.longs;
	long long ms = r->long_ms[at < last ? at : last];
	long long left = r->budget_ms - in->climb.waited_ms;

	return ms < left ? ms : left;
}

/* An end that is not further than the first wait would be is no reason to
 * end the run. */
static void
on_quota(const struct ladder_in *in, struct ladder_out *out)
{
	long long known = left_ms(in);
	bool far = known > in->rules->base_ms;

	if (far && !in->waits) {
		out->act = LADDER_PARK;
		return;
	}
	if (far) {
		wait_for(out, TIER_KNOWN, known + spread(in, JITTER_MS));
		return;
	}
	if (in->climb.shorts < in->rules->short_max) {
		wait_for(out, TIER_SHORT,
		    known ? known + spread(in, JITTER_MS) : short_ms(in));
		out->climb.shorts++;
	} else if (in->climb.waited_ms < in->rules->budget_ms) {
		wait_for(out, TIER_LONG, long_ms(in));
		out->climb.longs++;
	} else {
		out->act = LADDER_EXHAUSTED;
		return;
	}
	out->climb.waited_ms += out->wait_ms;
}

static void
on_transient(const struct ladder_in *in, struct ladder_out *out)
{
	long long base = in->rules->base_ms, known = left_ms(in);

	if (in->climb.errors >= LADDER_ERRORS) {
		out->act = LADDER_GIVE_UP;
		return;
	}
	if (!in->told && base > LADDER_PROCESS_MS)
		base = LADDER_PROCESS_MS;
	base <<= in->climb.errors;
	if (known > base && known <= in->rules->budget_ms)
		base = known;
	wait_for(out, in->told ? TIER_ERROR : TIER_PROCESS,
	    base + spread(in, JITTER_MS));
	out->climb.errors++;
}

void
ladder_decide(const struct ladder_in *in, struct ladder_out *out)
{
	*out = (struct ladder_out) { .act = LADDER_PASS, .climb = in->climb };
	switch (in->class) {
	case CLASS_QUOTA:
		on_quota(in, out);
		break;
	case CLASS_TRANSIENT:
		on_transient(in, out);
		break;
	case CLASS_AUTH:
	case CLASS_CONFIG:
		/* What a shell action is refused for is the loop's affair. */
		out->act = in->agent ? LADDER_END : LADDER_DIVERT;
		break;
	default:
		break;
	}
}
