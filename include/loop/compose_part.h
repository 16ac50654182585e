/* What the parts of compose share: only src/loop/compose*.c include this. */
#ifndef LOOP_COMPOSE_PART_H
#define LOOP_COMPOSE_PART_H

#include "base/diag.h"
#include "loop/compose.h"

/* Text that lives as long as the result. */
#define compose_text(c, ...) arena_printf((c)->mem, __VA_ARGS__)

/*
 * The file that `word` means where it is written: read and parsed once,
 * however often it is asked for.  False after a diagnostic.  A file that is
 * there but does not parse has root NULL and was told.
 */
bool compose_piece(struct compose *, const struct val *word, const char *how,
    struct piece *out);
/* The file as it is laid over its parent: states, fragments and state_defs
 * under the real names of their keys. */
const struct val *compose_real_names(struct compose *, const struct val *root);
/* The parent, if there is one, below the mapping. */
const struct val *compose_from(struct compose *, const struct val *root);
/* `flow` and `state_defs` become `states`. */
const struct val *compose_flow(struct compose *, const struct val *root);
/* Each state over its fragment. */
const struct val *compose_fragments(struct compose *, const struct val *root);
/* E102: not what KEY must be. */
void compose_wrong(
    struct compose *, const struct val *v, const char *path, const char *must);

#endif
