/* Variables that tie git to one repository; `git rev-parse --local-env-vars`
 * has most of them. */
#ifndef OS_GIT_ENV_H
#define OS_GIT_ENV_H

#include <stdbool.h>

/* Is this entry ("NAME=value") one that leads git to a repository, whatever
 * the working directory is? */
bool git_env_leads(const char *entry);
/* In a helper: none of them is set any more. */
void git_env_drop(void);

#endif
