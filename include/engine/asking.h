/* What a worker keeps of its last call of a host; engine/ask fills it. */
#ifndef ENGINE_ASKING_H
#define ENGINE_ASKING_H

struct ask_child;

void ask_child_free(struct ask_child *); /* NULL is fine */

#endif
