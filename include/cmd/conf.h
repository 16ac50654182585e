/* Settings from the files and the environment, for all commands. */
#ifndef CMD_CONF_H
#define CMD_CONF_H

#include "cmd/cmd.h"

/* One configuration file. */
struct conf_file {
	enum giver from;
	const char *path; /* absolute; NULL: nobody knows a place for it */
	bool there;
	const struct val *doc; /* NULL: absent or wrong */
	struct str text;
	struct diags diags;
};

struct conf_files {
	struct conf_file at[2]; /* the user's, the project's */
};

/*
 * Fill args->settings and args->files.  When no file is there this costs two
 * failed opens.  -1 and *e: ERR_INPUT or ERR_IO of a file, ERR_USAGE of a
 * variable; then what was right is in force.  Release in any case.
 */
int conf_load(struct args *, struct err *);
/* Say the findings of the files, on stderr; or only of those that are
 * wrong. */
void conf_say(struct args *, bool only_wrong);
/* Keys in the files that are not acted on. */
size_t conf_later(const struct args *);
void conf_release(struct args *);

#endif
