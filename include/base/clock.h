/*
 * The one door for time (house R26, decisions.md §3.11).  Tests may set it.
 * Order never comes from here; it comes from counters.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>

/* Milliseconds of CLOCK_MONOTONIC: steps, idle, durations. */
long long clock_ms(void);
/* Milliseconds of CLOCK_BOOTTIME: a loop's timeout, waits in the queue. */
long long clock_boot_ms(void);
/* Microseconds since 1970, UTC: display only. */
long long clock_wall_us(void);
/* "2026-11-21T02:37:33.421523+00:00", 32 characters and a NUL. */
#define CLOCK_TEXT 40
const char *clock_iso(long long wall_us, char out[CLOCK_TEXT]);
/* "20261121T023733" (UTC), for run ids. */
const char *clock_compact(long long wall_us, char out[CLOCK_TEXT]);
/*
 * Between these two no time passes for clock_ms() and clock_boot_ms(), which
 * then go on where they stood: a process that was stopped (Ctrl-Z) has used up
 * none of its limits.
 */
void clock_hold(void);
void clock_go_on(void);
/* What clock_boot_ms() is behind CLOCK_BOOTTIME for it: to be added to a
 * moment that the kernel is told. */
long long clock_held_ms(void);
/* Freeze all three clocks for a test; a negative value thaws them. */
void clock_fake(long long ms);

#endif
