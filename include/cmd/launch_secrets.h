/* What a run must not record, on its way from the file to the engine. */
#ifndef CMD_LAUNCH_SECRETS_H
#define CMD_LAUNCH_SECRETS_H

#include "cmd/opened.h"
#include "cmd/secrets.h"

/* The masked side of one run. */
struct launch_secrets {
	/* given: names from configuration, a list, or NULL */
	const struct val *more;

	struct secrets found;
	const struct val *names;    /* that have a value; NULL: none has */
	const struct val *withheld; /* context values that were masked */
};

/*
 * Find the values of the loop's `secrets` and of `more`.  Called when the loop
 * is loaded, so that an error on the way to its context is masked with what
 * is known by then, and again when the context is there.  -1 (only then):
 * ERR_INPUT, see secrets_add() and launch_secrets_check().
 */
int launch_secrets_find(
    struct launch_secrets *, const struct opened *, struct err *);
/* A secret must not stand in a name that steers the run, nor in the path of
 * its directory.  -1: ERR_INPUT. */
int launch_secrets_check(const struct launch_secrets *, const struct opened *,
    const char *dir, struct err *);
/* The family has grown while the run goes on: -1, ERR_INPUT, when a loop names
 * a secret that is not hidden, or has one in its names. */
int launch_secrets_grown(
    const struct launch_secrets *, const struct opened *, struct err *);
/* From now on the context is masked; its real values are `withheld`. */
void launch_secrets_withhold(struct launch_secrets *, struct opened *);
/* The command line as it may be recorded; NULL-ended, in the arena. */
char *const *launch_secrets_argv(
    const struct launch_secrets *, struct arena *, char *const *argv);
/* For run_start: `secrets`, the names, and `withheld`, the context keys that
 * whoever resumes the run must give again. */
void launch_secrets_fields(
    const struct launch_secrets *, struct arena *, struct val *fields);
/* Mask what a dry run printed into `text` from this byte on. */
void launch_secrets_hide_plan(const struct launch_secrets *, struct arena *,
    struct str *text, size_t from, bool json);

#endif
