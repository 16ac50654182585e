/* The runs of a project: create, find, fold, list.  Readers write nothing. */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "loop/files.h"
#include "loop/point.h"
#include "store/journal.h"
#include "store/place.h"

/* What a run started from: goes into run.json (written once, 0600). */
struct run_spec {
	const char *loop_name;
	const char *loop_file;
	const char *version; /* of ll-loop */
	const char *cwd;
	char *const *argv;        /* NULL-ended */
	const struct val *inputs; /* context at start (a map), with origins */
	const struct val *long_inputs; /* what is too long for it, or NULL */
	/* A map: inputs that are masked here and whose values nobody keeps;
	 * or NULL. */
	const struct val *withheld;
	/* What was read, sealed as sealed/N-BASENAME; the loop's own first. */
	const struct loop_file *files;
	size_t nfiles;
	const struct loop_word *words; /* what named them */
	size_t nwords;
	const struct val *options; /* a map, as launch_options has it */
	bool durable;              /* false: durability: process */
};

/* Write sealed files and run.json; *seed is the sum of run.json.  What is not
 * from a file has its origin in `origins`, by top-level key.  When durable,
 * *base is these files and their directories up to `runs`, open and not yet
 * synced: for journal_stand_on(); else it is empty. */
int runs_seal(struct arena *, const struct place_run *, const struct run_spec *,
    uint64_t *seed, struct unsynced *base, struct err *);

/* Seal the files from number `from` on, which were read while it runs; what
 * is given back is a row for each as run.json has them, for the record
 * `sealed`.  They are durable before it is.  NULL and *e. */
const struct val *runs_seal_more(struct arena *, const struct place_run *,
    const struct run_spec *, size_t from, struct err *);
/* What words meant, as run.json and a record `sealed` have it: under `words`
 * a list of {by, word, path}; sealed_add() reads it back. */
const struct val *runs_words(
    struct arena *, const struct loop_word *, size_t n);

/* One run, read back. */
struct run_info {
	struct place_run place;
	struct point point;
	struct journal_end end;
	bool alive;      /* somebody holds its ticket's lock */
	bool unreadable; /* run.json or journal cannot be read; `why` says */
	bool blank;      /* unreadable since there is no journal: the run was
	                  * killed before its first record, or robbed of it */
	char why[200];
};

/* Fold the journal of RUN.  `alive` is gate's answer (ticket_alive), which
 * the caller asked before.  -1 ERR_ABSENT when there is no such run. */
int runs_open(struct arena *, const char *root, const char *run, bool alive,
    struct run_info *, struct err *);
void run_info_release(struct run_info *);
/*
 * Go on with a run whose writer is gone: fold its journal into *point, which
 * must be empty and is the caller's to release in any case, and open it to
 * append.  A torn last record is cut, and journal_repaired follows.  The
 * caller holds the run's ticket and has ended what was left of it.  NULL and
 * *e: ERR_ABSENT when it holds no record (nothing ever ran), ERR_INPUT when it
 * is corrupt or of a newer version, ERR_IO.
 */
struct journal *runs_reopen(
    const struct place_run *, bool durable, struct point *, struct err *);
/* The phase: queued, running, waiting, parked, stopping, ended, died. */
const char *run_phase(const struct run_info *);

/* What a list shows of a run, without folding its journal. */
struct run_brief {
	const char *run, *loop;  /* the loop as its file names it */
	long long started_us;    /* of the first record */
	long long updated_us;    /* of the last one */
	const struct val *start; /* fields of run_start */
	const struct val *end;   /* fields of run_end; NULL: not there */
	const char *why;         /* cannot be read; then only `run` and the
	                          * loop's name part are known */
};
/* Read the first and the last record only; of the sums only the last one is
 * checked.  Never fails: see `why`. */
void runs_brief(
    struct arena *, const char *root, const char *run, struct run_brief *);

struct run_names {
	const char **at; /* in the arena */
	size_t n;
	/* Of those that were read to order them; else NULL. */
	const struct run_brief **brief;
};

/* All runs, newest last (by id time, then id); only those of `loop_name` when
 * it is not NULL (whole name part). No `runs`: none. */
int runs_list(struct arena *, const char *root, const char *loop_name,
    struct run_names *out, struct err *);
/* With those that are only claimed, or were robbed of what is inside. */
int runs_claimed(
    struct arena *, const char *root, struct run_names *out, struct err *);
/* Every record of a run, for `history RUN`; as journal_read. */
int runs_events(struct arena *, const char *root, const char *run,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *, struct err *);
/* The records since *at (zeroed: from the first on), which moves on; as
 * journal_read_on. */
int runs_follow(struct arena *, const char *root, const char *run,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *at, struct err *);

#endif
