/* A run as the views show it: found by RUN or NAME, and as one object. */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "cmd/cmd.h"
#include "store/runs.h"

/* The runs of a loop (exact name) or of the project, the newest last; those
 * of one second in the order in which they began. */
int report_runs(struct args *, const char *root, const char *loop,
    struct run_names *out, struct err *);
/* That order, for names as runs_list() gives them. */
void report_order(struct args *, const char *root, struct run_names *);
/* The brief of all->at[i], read unless it is known. */
const struct run_brief *report_brief(
    struct args *, const char *root, const struct run_names *all, size_t i);
/* The run that `word` means: an exact RUN, or the newest run of the loop of
 * that name; NULL: the newest of the project.  -1: ERR_ABSENT. */
int report_pick(struct args *, const char *root, const char *word,
    const char **run, struct err *);
/* -1, ERR_BUSY: somebody runs it, whose ticket has a number below `below`
 * (LLONG_MAX: any). */
int report_busy(struct args *, const char *root, const char *run,
    long long below, struct err *);
/* Open it; the caller releases with run_info_release(). */
int report_open(struct args *, const char *root, const char *run,
    struct run_info *, struct err *);

/* completed, failed, ... of an ended run, else its phase; "unknown" when the
 * journal cannot be trusted to the end.  Lives no longer than the run_info. */
const char *report_status(const struct run_info *);
/* Steps of the outermost loop. */
long long report_steps(const struct run_info *);
/* The object of `status --json` (spec/cli.md 4.2 and more); long outputs are
 * read back up to 64 KiB each.  It outlives the run_info. */
const struct val *report_val(
    struct arena *, const struct run_info *, bool with_context);

enum paint report_paint(const char *status);

#endif
