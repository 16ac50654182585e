/* What the parts of os/tree share: only src/os/tree*.c include this. */
#ifndef OS_TREE_PART_H
#define OS_TREE_PART_H

#include "os/tree.h"

bool tree_holds(const struct tree *, pid_t pid, unsigned long long start);
bool tree_is_kept(const struct tree_kept *, pid_t pid);
/* tree_list_own(), where those of `seen` are known to be its too, and with
 * `doubtful` also those of whom it cannot be told just now. False
 * when /proc cannot be read at all. */
bool tree_list_seen(struct tree *, const struct tree_own *,
    const struct tree *seen, bool doubtful);
/* All that lives, but nothing of the `n` children of `running`, nor what
 * might be. Those of `known` are known to be nobody's. */
void tree_list_beside(struct tree *, const struct tree *known,
    const struct tree_own *running, size_t n);

#endif
