/* Values as text, the way templates render them. */
#ifndef TEXT_RENDER_H
#define TEXT_RENDER_H

#include "text/val.h"

/*
 * Append it (decisions.md §3.3): null as nothing, true/false, integers
 * without point, reals as the shortest text that reads back the same and
 * always with point or exponent, lists and maps as compact JSON.
 */
void val_render(struct str *out, const struct val *);

#endif
