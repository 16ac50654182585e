/*
 * What a host prints, read as it comes: bytes in pieces, cut anywhere, become
 * text for people, and at the end the answer, the session, the usage.  Memory
 * is bounded whatever comes.
 */
#ifndef HOST_STREAM_H
#define HOST_STREAM_H

#include "host/spec.h"

enum {
	HOST_LINE_MAX = 1 << 20,   /* a longer object is left out */
	HOST_ANSWER_MAX = 1 << 18, /* of an answer the end is kept */
	HOST_KEPT_MAX = 4,         /* events for host/class, the last ones */
	HOST_ERROR_MAX = 4096,
	HOST_WORD_MAX = 256, /* of a session or model */
};

/* -1: not told. */
struct host_used {
	long long input, output; /* tokens, without those of the cache */
	long long cache_read, cache_write;
	long long cost; /* millionths of a US dollar */
};

struct host_seen {
	struct sv answer; /* the last message, or what the host calls so */
	bool answer_cut;  /* only its end is here */
	const char *session, *model, *error; /* NULL: not told */
	bool failed;                         /* it said so */
	const char *retrying; /* it tries again by itself, because of this */
	bool ended;           /* an event that ends the call came */
	bool can_end;         /* the host has such events */
	struct host_used used;
	size_t events;    /* known objects */
	size_t strays;    /* lines that are none: passed on as text */
	size_t oversized; /* objects that were left out */
	bool torn;        /* the last object was cut off */
	const struct val *const *kept; /* after host_stream_end() */
	size_t nkept;
};

/* Hears text for people, in pieces; between messages stands a newline. */
typedef void host_hear(void *self, const char *p, size_t n);

struct host_stream;

/* `hear` may be NULL. The host must outlive it. */
struct host_stream *host_stream_new(
    const struct host *, enum host_call_kind, host_hear *, void *self);
void host_stream_feed(struct host_stream *, const char *p, size_t n);
/* What comes on stderr: a host that only tries again, as often as `retries`
 * lets it, has failed and ended. */
void host_stream_stderr(struct host_stream *, const char *p, size_t n);
/* Nothing more comes; what has come is whole now. */
void host_stream_end(struct host_stream *);
/* What was seen so far; lasts until the next feed, end or free. */
const struct host_seen *host_stream_seen(struct host_stream *);
void host_stream_free(struct host_stream *); /* NULL is fine */

#endif
