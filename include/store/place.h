/*
 * Every path of a project and of a run, in one file (decisions.md §6).
 * Only store/ and gate/ open paths below `runs` and `.queue`.
 */
#ifndef STORE_PLACE_H
#define STORE_PLACE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct place_run {
	const char *root;    /* project root, absolute */
	const char *run;     /* RUN */
	const char *dir;     /* ROOT/.loops/runs/RUN/ with the "/" */
	const char *ll;      /* DIR.ll */
	const char *journal; /* DIR.ll/journal.jsonl */
	const char *run_json;
	const char *sealed; /* directory */
	const char *output; /* directory, made when first needed */
	const char *said;   /* what one in the background had to say */
};

/* The name part of a RUN: "/" and control characters become "-", a first "."
 * or "-" becomes "_", at most 64 bytes; "loop" for "". */
const char *place_name(struct arena *, const char *loop_name);
/* RUN = NAME-YYYYMMDDTHHMMSS-xxxx (UTC, four random base-32 digits). */
const char *place_new_id(struct arena *, const char *loop_name);
/* The paths of a run; nothing is touched. */
void place_of(
    struct arena *, const char *root, const char *run, struct place_run *);
/*
 * Make the directory of a new run; mkdir is the claim: EEXIST draws another
 * id (up to 100 times).  Makes .loops and runs (with a .gitignore of "*") as
 * needed.  No reader takes it for a run yet.  -1: ERR_CREATE.
 */
int place_create(struct arena *, const char *root, const char *loop_name,
    struct place_run *, struct err *);
/* Make what is inside: from now on it is a run to every reader, so its ticket
 * is drawn before, or it would be taken for one that died.  -1: ERR_CREATE,
 * and nothing of it stays. */
int place_furnish(const struct place_run *, struct err *);
/* Take back a run that never began: as long as its journal holds no byte,
 * remove what its start made.  What somebody else put there stays, with the
 * directories that hold it. */
void place_discard(const struct place_run *);
/* What a run without a terminal has to say goes there: a descriptor to write
 * to its end, or -1. */
int place_said(const struct place_run *);
/* What it said, at most the last 4 KiB in whole lines; nothing is no error. */
void place_read_said(const struct place_run *, struct str *);
/* The directory of all runs. */
const char *place_runs(struct arena *, const char *root);
/* Where "20261121T023733-xxxx" starts inside a RUN, or NULL when it is not a
 * run id. */
const char *place_time_of(const char *run);
/* That time in microseconds since 1970; 0 when it is none. */
long long place_time_us(const char *run);
/* The name part of a RUN ("a-b-2026...-xxxx" -> "a-b"), or NULL when it is
 * not a run id. */
const char *place_loop_of(struct arena *, const char *run);

#endif
