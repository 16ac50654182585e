/* What the settings mean for one run. */
#ifndef CMD_LAUNCH_SETTINGS_H
#define CMD_LAUNCH_SETTINGS_H

#include "cmd/opened.h"

struct launch_values {
	bool durable;
	long long grace_ms;             /* as struct run has it */
	long long output_limit;         /* bytes of a stream */
	long long output_limit_over;    /* over every state's; 0: not */
	long long disk;                 /* bytes of a run's files */
	long long delay_ms, timeout_ms; /* over the loop's; -1: not */
	const char *on_end;             /* a command, or NULL */
	long long queue_ms;             /* how long it waits for its turn */
	/* The host where the loop names none, and the one over all; NULL:
	 * there is none. */
	const char *host, *host_over;
};

/* quiet and verbose where the command line does not say; the stronger of
 * two that contradict each other wins. */
void launch_screen(const struct settings *, struct launch_opts *);
/* The settings, the loop and the options together. */
struct launch_values launch_settings(
    const struct args *, const struct launch_opts *, const struct loop *);
/* On stderr, when the configuration holds keys that are not acted on. */
void launch_say_later(struct args *, const struct launch_opts *);

#endif
