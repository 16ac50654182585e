/*
 * What a run must not record (`secrets`).  A secret leaves a run only into
 * its children; whatever comes back or is recorded is masked before anybody
 * hears of it, so that journal, point, files and screen agree.  Nothing here
 * is called for a run without secrets.
 */
#ifndef ENGINE_SECRET_H
#define ENGINE_SECRET_H

#include "base/err.h"
#include "base/vec.h"
#include "text/mask.h"

/* Of one action while it runs; zero-initialised is empty. */
struct secret {
	struct sieve sieve[2];
	VEC(int) lent; /* descriptors of files it may read */
};

void secret_release(struct secret *);

/* The fields of an event, masked: all but those that hold names from the loop
 * file or our own words, which the caller has seen to be free of secrets. */
const struct val *secret_fields(
    const struct mask *, struct arena *, const struct val *fields);

/* Who gets what a child printed once it is masked. */
struct secret_to {
	int (*put)(
	    void *self, int stream, const char *p, size_t n, struct err *);
	void *self;
};
/* Mask what came from stream 1 or 2; the end of it may wait for more. */
int secret_sift(struct secret *, const struct mask *, int stream, struct sv,
    const struct secret_to *, struct err *);
/* Both streams are over: deliver the rest. */
int secret_sift_end(struct secret *, const struct secret_to *, struct err *);

/* A file for a child that is gone with the step and never on a disk: its path
 * (in the arena), or NULL and *e. */
const char *secret_lend(
    struct secret *, struct arena *, struct sv, struct err *);
/* The step is over: take back what was lent, forget what was held. */
void secret_take_back(struct secret *);

#endif
