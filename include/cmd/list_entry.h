/* What a listing says of one loop, out of the head of its file. */
#ifndef CMD_LIST_ENTRY_H
#define CMD_LIST_ENTRY_H

#include "cmd/cmd.h"
#include "loop/find.h"

struct list_entry {
	const struct listed *at;
	/* The head, with what `from` adds to it; NULL: does not parse. */
	const struct val *doc;
	const char *why; /* then */
	const char *category, *visibility, *about;
};

/* Read it, into the command's arena.  False when the file is no loop. */
bool list_entry_read(struct args *, const struct listed *, struct list_entry *);
/* As `list --json` has it. */
const struct val *list_entry_val(struct arena *, const struct list_entry *);

#endif
