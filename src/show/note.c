/* Sentences about what turned a run aside, one row per kind of event. */
#include "show/note.h"

#include <string.h>
#include <time.h>

#include "base/auto.h"
#include "show/cost.h"
#include "show/span.h"

static const char *
word(const struct event *ev, const char *key)
{
	return val_str(ev->fields, key, "");
}

static void
say_retry_exhausted(struct str *s, const struct event *ev)
{
	str_addf(s, "tried %lld times -> %s", val_num(ev->fields, "retries", 0),
	    word(ev, "next"));
}

static void
say_retry_backoff(struct str *s, const struct event *ev)
{
	char span[SPAN_TEXT];

	span_text(val_num(ev->fields, "wait_ms", 0), span);
	str_addf(s, "retry %lld of '%s' in %s",
	    val_num(ev->fields, "attempt", 0), word(ev, "state"), span);
}

static void
add_reason(struct str *s, const struct event *ev)
{
	const char *why = word(ev, "reason");

	if (!*why)
		why = word(ev, "failure_class");
	if (*word(ev, "host"))
		str_addf(s, "%s: ", word(ev, "host"));
	str_adds(s, *why ? why : "refused");
}

static void
add_until(struct str *s, const struct event *ev)
{
	long long us = val_num(ev->fields, "until_us", 0);
	time_t at = (time_t)(us / 1000000);
	char text[32];
	struct tm tm;

	if (us <= 0)
		return;
	localtime_r(&at, &tm);
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
	str_addf(s, " (until %s)", text);
}

static void
say_wait(struct str *s, const struct event *ev)
{
	long long attempt = val_num(ev->fields, "attempt", 0);
	char span[SPAN_TEXT];

	add_reason(s, ev);
	if (strcmp(word(ev, "tier"), "parked") == 0) {
		str_adds(s, "; parked");
	} else {
		span_text(val_num(ev->fields, "wait_ms", 0), span);
		str_addf(s, "; again in %s", span);
	}
	add_until(s, ev);
	if (attempt > 0)
		str_addf(s, ", try %lld", attempt + 1);
}

static void
say_given_up(struct str *s, const struct event *ev)
{
	const char *next = word(ev, "next");

	add_reason(s, ev);
	str_addf(s, "; waited and tried %lld times%s%s",
	    val_num(ev->fields, "retries", 0), *next ? " -> " : "", next);
}

static void
say_storm(struct str *s, const struct event *ev)
{
	str_addf(s, "rate limits: %lld states in a row had no more waits",
	    val_num(ev->fields, "count", 0));
}

static void
say_cycle(struct str *s, const struct event *ev)
{
	str_addf(s, "%s was taken %lld times, at most %lld are allowed",
	    word(ev, "edge"), val_num(ev->fields, "count", 0),
	    val_num(ev->fields, "max", 0));
}

static void
say_stall(struct str *s, const struct event *ev)
{
	long long row = val_num(ev->fields, "consecutive", 0);

	str_addf(s, "'%s' %lld times%s: %s", word(ev, "verdict"),
	    row ? row : val_num(ev->fields, "recurrent", 0),
	    row ? " in a row" : "", word(ev, "action"));
}

static void
say_throttle(struct str *s, const struct event *ev)
{
	str_addf(s, "throttle: acted %lld times, %lld are allowed",
	    val_num(ev->fields, "count", 0),
	    val_num(ev->fields, "hard_max", 0));
}

static void
say_summary(struct str *s, const struct event *ev)
{
	str_addf(s, "%s reached -> %s",
	    ev->kind == EV_MAX_STEPS_SUMMARY ? "max_steps" : "max_iterations",
	    word(ev, "summary_state"));
}

static void
say_phase(struct str *s, const struct event *ev)
{
	const char *name = sigabbrev_np((int)val_num(ev->fields, "signal", 0));
	str_addf(s, "%s%s%s%s", word(ev, "phase"), name ? " (SIG" : "",
	    name ? name : "", name ? ")" : "");
}

static void
say_repaired(struct str *s, const struct event *ev)
{
	(void)ev;
	str_adds(s, "the journal's torn last line was cut");
}

static void
say_reached(struct str *s, const struct event *ev)
{
	const char *to = word(ev, "to");

	str_addf(s, "limit reached: %s", word(ev, "text"));
	if (*to)
		str_addf(s, " -> %s", to);
}

static void
say_warn(struct str *s, const struct event *ev)
{
	auto_str usd = STR_INIT;

	cost_usd(&usd, val_num(ev->fields, "spent", 0));
	str_addf(s, "state '%s' has cost %s", word(ev, "state"), usd.buf);
}

/* clang-format off */
static void (*const rows[EV_KINDS])(struct str *, const struct event *) = {
	[EV_JOURNAL_REPAIRED]       = say_repaired,
	[EV_PHASE]                  = say_phase,
	[EV_RETRY_EXHAUSTED]        = say_retry_exhausted,
	[EV_RETRY_BACKOFF]          = say_retry_backoff,
	[EV_RATE_LIMIT_WAITING]     = say_wait,
	[EV_RATE_LIMIT_EXHAUSTED]   = say_given_up,
	[EV_RATE_LIMIT_STORM]       = say_storm,
	[EV_API_ERROR_RETRY]        = say_wait,
	[EV_API_ERROR_EXHAUSTED]    = say_given_up,
	[EV_INFRA_RETRY]            = say_wait,
	[EV_INFRA_RETRY_EXHAUSTED]  = say_given_up,
	[EV_CYCLE_DETECTED]         = say_cycle,
	[EV_STALL_DETECTED]         = say_stall,
	[EV_THROTTLE_WARN]          = say_throttle,
	[EV_THROTTLE_HARD]          = say_throttle,
	[EV_THROTTLE_STOP]          = say_throttle,
	[EV_LIMIT_REACHED]          = say_reached,
	[EV_LIMIT_WARN]             = say_warn,
	[EV_MAX_STEPS_SUMMARY]      = say_summary,
	[EV_MAX_ITERATIONS_SUMMARY] = say_summary,
};
/* clang-format on */

bool
note_text(struct str *out, const struct event *ev)
{
	if (ev->kind >= EV_KINDS || !rows[ev->kind])
		return false;
	rows[ev->kind](out, ev);
	return true;
}
