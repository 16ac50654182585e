/*
 * The seams (house R19): what the engine needs from above it, as tables of
 * functions that cmd/launch hangs in.  The engine opens no files.
 */
#ifndef LOOP_SEAM_H
#define LOOP_SEAM_H

#include "base/err.h"
#include "loop/event.h"

/* Whose output it is: the item of a `parallel` (-1: none) and the depth of the
 * frame whose action prints, as in the records of that action. */
struct voice {
	long long item, depth;
};

/* Who hears events. The first is the journal and may refuse: what cannot be
 * recorded is not done. */
struct sink {
	int (*hear)(void *self, const struct event *, struct err *);
	/* Live output of an action that runs; stream 1 or 2. May be NULL. */
	void (*output)(void *self, const struct voice *, int stream,
	    const char *p, size_t n);
	void *self;
	/* A state rests, for this long yet; at most once a second.  NULL for
	 * who does not show that. */
	void (*rests)(void *self, long long left_ms);
};

/* What is known of one stream when its step has ended. */
struct stream {
	const char *text; /* all of it; NULL when there is a file */
	size_t len;       /* bytes kept, in memory or in the file */
	const char *file; /* absolute path of a long one */
	long long bytes;  /* that came, kept or not */
	bool truncated;
	char sum[17]; /* XXH3-64 of what was kept, 16 hex digits */
};

/* A long text in a file of its own. */
struct kept {
	const char *file; /* absolute, in the arena that was given */
	long long bytes;
	char sum[17]; /* XXH3-64, 16 hex digits */
};

/* How much of a step is kept. */
struct vault_rules {
	long long limit; /* bytes of each stream; 0: as the vault likes */
	bool fails;      /* more than that is a failure */
};

/* What a vault says beside 0 and -1. */
enum vault_word {
	VAULT_OVER = 1, /* more than the limit came, and `fails` */
	VAULT_FULL,     /* the run's files may not grow any more */
};

/* Steps whose output may come at the same time: one, and the items of a
 * `parallel`. */
enum { VAULT_SLOTS = 65 };

/* Where a step's output and other long texts are kept (store/output).  `slot`
 * says whose output: 0 to VAULT_SLOTS - 1, each with a step of its own. */
struct vault {
	/* A step begins; `seq`, which no other step has, names its files. */
	int (*open)(void *self, size_t slot, long long seq,
	    const struct vault_rules *, struct err *);
	/* What is not kept is counted; a vault_word says that the action
	 * must not go on. */
	int (*put)(void *self, size_t slot, int stream, const char *p, size_t n,
	    struct err *);
	/* It ended: out[0] stdout, out[1] stderr; valid until the next open
	 * of that slot.  Files are synced (unless durability is "process").
	 * VAULT_FULL when the run's files have reached their bound. */
	int (*close)(
	    void *self, size_t slot, struct stream out[2], struct err *);
	/* Keep a long text (a value for a child, an action). -1 and *e. */
	int (*keep)(void *self, const char *what, struct sv text,
	    struct arena *, struct kept *out, struct err *);
	/* The bytes of a text that was put or kept, checked against its sum.
	 * -1 and *e when the file is gone or changed; ERR_IO when reading
	 * failed, which ends the run. */
	int (*load)(void *self, const char *file, long long bytes,
	    const char *sum, struct str *out, struct err *);
	/* Append the text of a member ("output", "stderr") of the record
	 * `seq` of this run's journal, byte by byte.  -1 and *e: ERR_IO when
	 * it is not there as it was written. */
	int (*recall)(void *self, long long seq, const char *member,
	    struct str *out, struct err *);
	/* Append the records `from` to `to` of this run's journal that have
	 * this `item` and at least this `depth`, as JSON lines: without their
	 * sums, and that many levels higher.  -1 and *e: ERR_IO, or ERR_INPUT
	 * when it is more than 64 MiB; then nothing is appended. */
	int (*events)(void *self, long long from, long long to, long long depth,
	    long long item, struct str *out, struct err *);
	/* At most 50 ms after a record: make the journal durable. */
	int (*settle)(void *self, struct err *);
	/* Milliseconds until then; -1: nothing is waiting. */
	long long (*due_ms)(void *self);
	void *self;
};

#endif
