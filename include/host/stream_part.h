/* What src/host/stream*.c share; nobody else includes this. */
#ifndef HOST_STREAM_PART_H
#define HOST_STREAM_PART_H

#include "host/stream.h"

enum { RETRY_LINE_MAX = 4096 };

/* The end of a text that may be long. */
struct tail {
	struct str text;
	bool cut;
};

struct host_stream {
	const struct host *host;
	const struct host_call *call;
	host_hear *hear;
	void *self;

	struct str line; /* what has come of a line, or of the document */
	bool dropping;   /* an oversized object, to its end */
	bool passing;    /* an oversized stray line, to its end */

	bool said;           /* something was heard */
	char last;           /* its last byte */
	bool piece_open;     /* the next piece goes on with the message */
	struct tail message; /* the last one */
	struct tail stray;   /* lines that are no events */
	struct tail answer;  /* told as such */
	bool has_answer;

	struct str said_line; /* of stderr, as it comes */
	struct str retrying;  /* what it says when it tries again */
	long long retries;    /* since it said anything else */

	struct str session, model, error;
	struct str kept[HOST_KEPT_MAX];
	size_t nkept; /* ever */

	struct host_seen seen;
	struct arena mem;      /* of one event */
	struct arena kept_mem; /* of seen.kept */
	const struct val *kept_val[HOST_KEPT_MAX];
};

void tail_add(struct tail *, const char *p, size_t n);
void tail_set(struct tail *, const char *p, size_t n);
/* The last HOST_ANSWER_MAX bytes at most. */
struct sv tail_end(struct tail *);

/* A message, or the next piece of one. */
void stream_say(struct host_stream *, struct sv text, bool piece);
/* A line that is no event. */
void stream_stray(struct host_stream *, struct sv line);
/* Is it an event: has it a member that tells the host's events from one
 * another? */
bool stream_knows(const struct host_stream *, const struct val *);
/* Act on an object; `json` is its text.  False when it is no event. */
bool stream_event(struct host_stream *, const struct val *, struct sv json);
/* It has said something on stdout: it does not only try again. */
void stream_goes_on(struct host_stream *);
/* Does the value meet the condition? */
bool stream_test(const struct host_test *, const struct val *);

#endif
