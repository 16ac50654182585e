/* What a run was made of, read back from its directory. */
#ifndef STORE_SEALED_H
#define STORE_SEALED_H

#include "loop/files.h"
#include "store/place.h"
#include "text/val.h"

struct sealed {
	/* run.json; whether it is as it was written is the journal's word,
	 * whose sums begin with it. */
	const struct val *json;
	/* The bytes as they were read then, and what each word meant: for
	 * struct find. */
	struct loop_files files;
};

/*
 * Read run.json and every sealed file.  -1 and *e: ERR_INPUT for a file that
 * is missing or not as it was sealed, or for a run.json that does not say
 * what is needed, each by name; ERR_IO.
 */
int sealed_read(
    struct arena *, const struct place_run *, struct sealed *, struct err *);
/* Add what a record `sealed` says was read later: a map with the `files` and,
 * where it has them, the `words` of run.json.  Fails as above. */
int sealed_add(struct arena *, const struct place_run *, struct sealed *,
    const struct val *record, struct err *);
void sealed_release(struct sealed *);

#endif
