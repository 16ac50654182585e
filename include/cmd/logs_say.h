/* What an action printed, on its way out: raw, escaped, or as JSON. */
#ifndef CMD_LOGS_SAY_H
#define CMD_LOGS_SAY_H

#include "show/feed_lanes.h"
#include "show/out.h"
#include "store/output_read.h"

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
	struct voice who;
	struct sv path, state; /* "call > build", "build" */
	int stream;            /* 1, 2 */
	/* Its own: */
	struct feed_lanes feed;
	struct str headed; /* the last heading; "": none yet */
	bool open;         /* the last byte was no newline */
};

void logs_say_init(struct logs_say *, struct out *, enum logs_form);
/* Bytes of the stream; `self` is the struct, to be handed to readers. */
void logs_say_bytes(void *self, const char *p, size_t n);
/* A finished file: checked first, then said, so that a changed one is not
 * taken for what was printed.  Of one that is read as it grows, `live` (or
 * NULL), the rest.  -1 and *e. */
int logs_say_file(struct logs_say *, const struct place_run *,
    struct output_read *live, const struct kept *, struct err *);
/* A stream is over: what has no newline is a line too. */
void logs_say_end(struct logs_say *);
/* Append whose output comes next: "build", "build, item 3". */
void logs_say_whose(const struct logs_say *, struct str *out);
void logs_say_release(struct logs_say *);

#endif
