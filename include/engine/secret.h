/*
 * What a run must not record (`secrets`).  A secret leaves a run only into
 * its children; whatever comes back or is recorded is masked before anybody
 * hears of it, so that journal, point, files and screen agree.  Nothing here
 * is called for a run without secrets.
 */
#ifndef ENGINE_SECRET_H
#define ENGINE_SECRET_H

#include "engine/run.h"

/* The fields of an event, masked: all but those that hold names from the loop
 * file or our own words, which the caller has seen to be free of secrets. */
const struct val *secret_fields(struct run *, const struct val *fields);

/* Who gets what a child printed once it is masked. */
typedef int secret_deliver(
    void *self, int stream, const char *p, size_t n, struct err *);
/* Mask what came from stream 1 or 2; the end of it may wait for more. */
int secret_sift(
    struct run *, int stream, struct sv, secret_deliver *, struct err *);
/* Both streams are over: deliver the rest. */
int secret_sift_end(struct run *, secret_deliver *, struct err *);

/* A file for a child that is gone with the step and never on a disk: its
 * path, or NULL and *e. */
const char *secret_lend(struct run *, struct sv, struct err *);
/* The step is over: take back what was lent, forget what was held. */
void secret_take_back(struct run *);

/* The value of a context key that only children may see, or NULL. */
const struct val *secret_withheld(const struct run *, struct sv key);

#endif
