/*
 * Any bytes as a template: compiled, then rendered with values of each kind.
 * A template without references renders to itself.
 */
#include <string.h>

#include "fuzz.h"

static void
render(const struct tmpl *t, const struct val *v, struct arena *a)
{
	struct lookup look = fuzz_lookup(v);
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	enum origin worst = ORIGIN_FILE;
	int rc = tmpl_render(t, &look, a, &out, &worst, &e);

	must(rc == 0 || e.kind != ERR_NONE, "a failure says why");
	must(!tmpl_is_plain(t) || rc == 0, "a plain template renders");
	str_release(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena a = ARENA_INIT;
	struct diags d = DIAGS_INIT;
	struct val *list = val_list(&a), *map = val_map(&a);
	const struct val *text = val_bytes(&a, data, size);
	const struct tmpl *t = tmpl_compile(&a, text, "action", &d);

	val_push(&a, list, val_real(&a, 0.1));
	val_push(&a, list, text);
	val_set(&a, map, "k\"\n", list);
	render(t, val_null(&a), &a);
	render(t, val_bool(&a, true), &a);
	render(t, val_int(&a, -7), &a);
	render(t, text, &a);
	render(t, val_taint(&a, map, ORIGIN_DATA), &a);
	diags_release(&d);
	return 0;
}
