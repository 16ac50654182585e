/* Which tools there are, and which of them was meant. */
#include "host/mcp_part.h"

#include <string.h>

enum { NEAR = 3 };

void
mcp_nearest_try(struct mcp_nearest *n, const char *name, struct arena *a)
{
	int most = n->distance ? n->distance - 1 : NEAR;
	int d;

	if (strcmp(name, n->tool) == 0) {
		n->there = true;
		return;
	}
	d = sv_distance(n->tool, name, most);
	if (d > most)
		return;
	n->near = arena_strdup(a, name);
	n->distance = d;
}

void
mcp_nearest_look(
    struct mcp_nearest *n, const struct val *result, struct arena *a)
{
	const struct val *tools = val_get(result, "tools");

	for (size_t i = 0;
	     tools && tools->kind == VAL_LIST && i < tools->list.len; i++) {
		const char *name = val_str(tools->list.at[i], "name", NULL);

		if (name)
			mcp_nearest_try(n, name, a);
	}
}
