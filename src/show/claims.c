/* The scope of a run, for people: where it is exclusive needs no word. */
#include "show/claims.h"

#include "base/auto.h"

static void
add_list(struct out *o, const char *label, const struct val *list)
{
	size_t n = list && list->kind == VAL_LIST ? list->list.len : 0;

	if (!n)
		return;
	str_addf(&o->buf, "  %s", label);
	for (size_t i = 0; i < n; i++) {
		const struct val *v = list->list.at[i];

		str_adds(&o->buf, i ? ", " : "");
		if (v->kind == VAL_TEXT)
			out_text(o, v->t.p, v->t.n, 0);
	}
	str_addc(&o->buf, '\n');
}

void
show_claims(struct out *o, const struct val *scope)
{
	static const struct {
		const char *key, *label;
	} rows[] = { { "shared", "shared: " }, { "resources", "resources: " } };
	const struct val *declared = val_get(scope, "declared");
	const struct val *single = val_get(scope, "singleton");

	add_list(o, declared && declared->b ? "" : "none declared: all of ",
	    val_get(scope, "paths"));
	for (size_t i = 0; i < COUNT(rows); i++)
		add_list(o, rows[i].label, val_get(scope, rows[i].key));
	if (single && single->b)
		str_adds(&o->buf, "  one run of this loop at a time\n");
}
