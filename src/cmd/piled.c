/*
 * Runs pile up: told at the end of `run` and by `history`, from the sizes
 * that runs noted when they ended, so that no directory is walked for it.
 */
#include "cmd/piled.h"

#include "show/bytes.h"
#include "store/sizes.h"

void
piled_say(struct args *a, const char *root)
{
	long long all = sizes_total(a->mem, root, PILED_LIMIT);
	char text[BYTES_TEXT];

	if (all > PILED_LIMIT)
		cmd_complain(a,
		    "the runs of this project take %s; 'll-loop prune' shows "
		    "them, 'll-loop prune --keep 10' removes old ones",
		    bytes_text(all, text));
}

void
piled_note(struct args *a, const struct place_run *p, bool quiet)
{
	sizes_note(p);
	if (!quiet)
		piled_say(a, p->root);
}
