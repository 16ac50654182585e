/* Processes that outlive their step: for the record, and their end. */
#include "cmd/launch_left.h"

#include <string.h>

#include "base/utf8.h"

static const struct val *
news(void *self, struct arena *a)
{
	struct launch_left *l = self;
	const struct tree_left *at;
	size_t n = tree_news(&l->known, NULL, 0, a, &at);
	struct val *list = n ? val_list(a) : NULL;

	for (size_t i = 0; i < n; i++) {
		const char *command = at[i].command ? at[i].command : "";
		struct val *v = val_map(a);

		val_set(a, v, "pid", val_int(a, at[i].pid));
		val_set(a, v, "start", val_int(a, (long long)at[i].start));
		val_set(a, v, "command",
		    val_bytes(a, command,
			utf8_floor(command, strlen(command), RUN_COMMAND_MAX)));
		val_push(a, list, v);
	}
	return list;
}

static int
end(void *self, struct err *e)
{
	struct launch_left *l = self;

	return tree_end(NULL, l->grace_ms, l->sig, e);
}

struct sweep
launch_left_sweep(struct launch_left *l)
{
	return (struct sweep) { news, end, l };
}

void
launch_left_release(struct launch_left *l)
{
	tree_release(&l->known);
}
