/* Values as text: scalars as they are said, the rest as compact JSON. */
#include "text/render.h"

#include "text/json.h"
#include "text/scalar.h"

void
val_render(struct str *out, const struct val *v)
{
	if (v->kind == VAL_LIST || v->kind == VAL_MAP)
		json_write(out, v, JSON_COMPACT);
	else
		scalar_write(out, v);
}
