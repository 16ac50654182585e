/*
 * From settings to a run: the loop and the options are laid over a copy, so
 * that one order of precedence holds for every value.
 */
#include "cmd/launch_settings.h"

#include <string.h>

#include "cmd/conf.h"

static void
put(struct settings *s, enum setting id, const struct val *v, const char *name)
{
	struct settled what = { .v = v, .from = FROM_OPTION, .name = name };

	settings_put(s, id, what);
}

void
launch_screen(const struct settings *given, struct launch_opts *o)
{
	struct settings s = *given;

	if (o->quiet)
		put(&s, SET_QUIET, val_bool(s.mem, true), "--quiet");
	if (o->verbose)
		put(&s, SET_VERBOSE, val_bool(s.mem, true), "--verbose");
	o->verbose = settings_true(&s, SET_VERBOSE);
	o->quiet = settings_true(&s, SET_QUIET) &&
	    !(o->verbose && s.at[SET_VERBOSE].from > s.at[SET_QUIET].from);
}

/* A rest that is not the loop's own. */
static long long
delay_of(const struct settings *s)
{
	enum giver from = s->at[SET_DELAY].from;

	return from == FROM_LOOP || from == FROM_BUILT_IN
	    ? -1
	    : settings_num(s, SET_DELAY);
}

struct launch_values
launch_settings(const struct args *args, const struct launch_opts *o,
    const struct loop *loop)
{
	struct settings s = *args->settings;
	struct launch_values out = { .timeout_ms = -1 };

	settings_document(&s, FROM_LOOP, loop->src);
	if (o->delay >= 0)
		put(&s, SET_DELAY, val_real(s.mem, o->delay), "--delay");
	if (o->output_limit >= 0)
		put(&s, SET_OUTPUT_LIMIT, val_int(s.mem, o->output_limit),
		    "--output-limit");
	if (o->queue_timeout >= 0)
		put(&s, SET_QUEUE_TIMEOUT, val_real(s.mem, o->queue_timeout),
		    "--queue-timeout");
	if (o->timeout >= 0)
		out.timeout_ms = (long long)(o->timeout * 1000 + 0.5);
	out.durable = strcmp(settings_text(&s, SET_DURABILITY), "process") != 0;
	out.grace_ms = settings_num(&s, SET_GRACE);
	if (out.grace_ms == 0)
		out.grace_ms = -1;
	out.output_limit = settings_num(&s, SET_OUTPUT_LIMIT);
	if (s.at[SET_OUTPUT_LIMIT].from > FROM_LOOP)
		out.output_limit_over = out.output_limit;
	out.queue_ms = settings_num(&s, SET_QUEUE_TIMEOUT);
	out.disk = settings_num(&s, SET_DISK);
	out.on_end = settings_text(&s, SET_ON_END);
	out.delay_ms = delay_of(&s);
	return out;
}

void
launch_say_later(struct args *a, const struct launch_opts *o)
{
	size_t n = conf_later(a);

	if (n && !o->quiet && !o->json)
		out_paintf(a->said, PAINT_DIM,
		    "%zu key%s of the configuration %s not acted on in this "
		    "version: ll-loop config\n",
		    n, n == 1 ? "" : "s", n == 1 ? "is" : "are");
}
