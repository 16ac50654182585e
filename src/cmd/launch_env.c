/* The environment of actions: ours, and some names of ours. */
#include "cmd/launch_env.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/sv.h"
#include "os/spawn.h"

/* Names that belong to a step of some run; an outer run's are dropped. */
static bool
is_ours(struct sv entry)
{
	static const char *const names[] = { "LL_RUN_ID=", "LL_RUN_DIR=",
		"LL_ROOT=", "LL_LOOP=", "LL_STATE=", "LL_STEP=", "LL_ITEM=",
		"LL_ITEM_INDEX=", "LL_MAIN_ROOT=", "LL_CONTINUATION=" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (sv_starts(entry, names[i]))
			return true;
	return false;
}

static bool
is_set(struct sv entry, const char *const set[][2], size_t nset)
{
	for (size_t i = 0; i < nset; i++) {
		size_t n = strlen(set[i][0]);

		if (set[i][1] && sv_starts(entry, set[i][0]) && entry.n > n &&
		    entry.p[n] == '=')
			return true;
	}
	return false;
}

char *const *
launch_env(
    struct arena *a, char *const *ours, const char *const set[][2], size_t nset)
{
	size_t n = 0, k = 0;
	char **env;

	while (ours[n])
		n++;
	env = arena_new(a, (n + nset + 1) * sizeof(*env));
	for (size_t i = 0; i < n; i++)
		if (!is_ours(sv(ours[i])) && !is_set(sv(ours[i]), set, nset))
			env[k++] = ours[i];
	for (size_t i = 0; i < nset; i++)
		if (set[i][1])
			env[k++] =
			    arena_printf(a, "%s=%s", set[i][0], set[i][1]);
	return env;
}

int
launch_env_bash(
    struct arena *a, const char **path, const char **bash, struct err *e)
{
	*path = getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin";
	*bash = spawn_find_ours(a, "bash", *path);
	if (!*bash)
		return err_set(
		    e, ERR_NEED, "bash is not on PATH; actions need it");
	return 0;
}

bool
launch_env_plain(char *const *ours)
{
	for (; *ours; ours++)
		if (sv_starts(sv(*ours), "BASH_ENV=") ||
		    sv_starts(sv(*ours), "BASH_FUNC_"))
			return false;
	return true;
}
