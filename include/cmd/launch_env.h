/* The environment of actions (decisions.md §4). */
#ifndef CMD_LAUNCH_ENV_H
#define CMD_LAUNCH_ENV_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/* Ours, with these names set (a value NULL: left as it is) and what an outer
 * run set about its own step taken out.  NULL-ended, in the arena. */
char *const *launch_env(
    struct arena *, char *const *ours, const char *const set[][2], size_t nset);
/* The text of PATH, and bash on it. -1: ERR_NEED. */
int launch_env_bash(
    struct arena *, const char **path, const char **bash, struct err *);
/* May a command be executed without a shell?  Not when BASH_ENV or an
 * exported function could change what bash would do with it. */
bool launch_env_plain(char *const *ours);

#endif
