/*
 * What actions print, and other long texts of a run (decisions.md §4): a
 * stream whose JSON form is at most 32 KiB stays in memory; a longer one is
 * written from byte 0 to .ll/output/SEQ.out or .err, created at that moment.
 */
#ifndef STORE_OUTPUT_H
#define STORE_OUTPUT_H

#include <stdbool.h>

#include "loop/seam.h"
#include "store/journal.h"

enum { OUTPUT_INLINE_MAX = 32 * 1024 };
#define OUTPUT_LIMIT (64LL << 20)
#define OUTPUT_DISK_LIMIT (1LL << 30)

struct output;

struct output_opts {
	const char *dir;         /* .ll/output, absolute; made when needed */
	long long limit;         /* bytes kept of a stream */
	long long disk;          /* bytes of files of the whole run */
	bool durable;            /* fsync files before they are named */
	bool again;              /* what is there already counts as used */
	struct journal *journal; /* for vault.settle; may be NULL */
};

struct output *output_new(const struct output_opts *);
/* The functions the engine calls. */
struct vault output_vault(struct output *);
void output_free(struct output *);
/* The kept bytes of a file made by it, checked against its sum.  -1 and *e
 * when the file is gone (ERR_ABSENT), short or changed (ERR_INPUT), or cannot
 * be read (ERR_IO, which ends a run). */
int output_load(const char *file, long long bytes, const char *sum,
    struct str *out, struct err *);

#endif
