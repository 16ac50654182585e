/* The runs of a project: create, find, fold, list.  Readers write nothing. */
#ifndef STORE_RUNS_H
#define STORE_RUNS_H

#include <stdint.h>

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
	const struct val *inputs; /* context at start, with origins */
	struct sv loop_text;      /* the bytes, sealed as sealed/0-BASENAME */
};

/* Write sealed files and run.json; *seed is the sum of run.json. */
int runs_seal(struct arena *, const struct place_run *, const struct run_spec *,
    uint64_t *seed, struct err *);

/* One run, read back. */
struct run_info {
	struct place_run place;
	struct point point;
	struct journal_end end;
	bool alive;      /* somebody holds its ticket's lock */
	bool unreadable; /* run.json or journal cannot be read; `why` says */
	char why[200];
};

/* Fold the journal of RUN.  `alive` is gate's answer (ticket_alive), which
 * the caller asked before.  -1 ERR_ABSENT when there is no such run. */
int runs_open(struct arena *, const char *root, const char *run, bool alive,
    struct run_info *, struct err *);
void run_info_release(struct run_info *);
/* The phase: queued, running, waiting, parked, stopping, ended, died. */
const char *run_phase(const struct run_info *);

/* Names of all runs, newest last (by id time, then id); only those of
 * `loop_name` when it is not NULL (exact). */
int runs_list(struct arena *, const char *root, const char *loop_name,
    const char *const **out, size_t *n, struct err *);
/* Every record of a run, for `history RUN`; as journal_read. */
int runs_events(struct arena *, const char *root, const char *run,
    int (*hear)(void *self, const struct event *, struct err *), void *self,
    struct journal_end *, struct err *);

#endif
