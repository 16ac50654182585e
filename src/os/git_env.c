/*
 * A run may be started by a hook, whose environment points at the repository
 * of the hook.  Settings (GIT_CONFIG_COUNT and the like) lead nowhere else,
 * and stay.
 */
#include "os/git_env.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"

static const char *const names[] = { "GIT_DIR", "GIT_WORK_TREE",
	"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR",
	"GIT_PREFIX", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE",
	"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_QUARANTINE_PATH", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE",
	"GIT_REPLACE_REF_BASE", "GIT_CONFIG" };

bool
git_env_leads(const char *entry)
{
	size_t n = strcspn(entry, "=");

	for (size_t i = 0; i < COUNT(names); i++)
		if (strlen(names[i]) == n && strncmp(entry, names[i], n) == 0)
			return true;
	return false;
}

void
git_env_drop(void)
{
	for (size_t i = 0; i < COUNT(names); i++)
		unsetenv(names[i]);
}
