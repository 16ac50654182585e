/* What an action printed, on its way out: raw, escaped, or as JSON. */
#ifndef CMD_LOGS_SAY_H
#define CMD_LOGS_SAY_H

#include "show/feed.h"
#include "show/out.h"

enum logs_form {
	LOGS_RAW,      /* bytes and nothing else */
	LOGS_HEADED,   /* bytes, and a heading where the source changes */
	LOGS_TERMINAL, /* lines fit for a terminal, and headings */
	LOGS_JSON,     /* a line of JSON for each line */
};

struct logs_say {
	struct out *out;
	enum logs_form form;
	/* What comes next is of this step and state, printed then (0: now). */
	long long step, wall_us;
	struct str state;
	int stream; /* 1, 2 */
	/* Its own: */
	struct feed feed;
	long long headed_step;
	int headed_stream;
	bool open; /* the last byte was no newline */
};

void logs_say_init(struct logs_say *, struct out *, enum logs_form);
/* Bytes of the stream; `self` is the struct, to be handed to readers. */
void logs_say_bytes(void *self, const char *p, size_t n);
/* An action is over: what has no newline is a line too. */
void logs_say_end(struct logs_say *);
void logs_say_release(struct logs_say *);

#endif
