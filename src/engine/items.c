/*
 * A list, lines or JSON become items.  They are data whoever wrote them: an
 * item goes to a command as a value, never as code.
 */
#include "engine/items.h"

#include <string.h>

#include "base/auto.h"
#include "engine/vars.h"
#include "text/form.h"
#include "text/json.h"
#include "text/render.h"

static struct val *
of_lines(struct arena *a, struct sv text)
{
	struct val *list = val_list(a);
	struct sv line;

	while (sv_cut(&text, '\n', &line)) {
		if (sv_ends(line, "\r"))
			line.n--;
		if (sv_trim(line).n)
			val_push(a, list, val_bytes(a, line.p, line.n));
	}
	return list;
}

/* Text that begins like a list must be one. */
static const struct val *
of_text(struct arena *a, struct sv text, struct err *why)
{
	struct sv trimmed = sv_trim(text);
	const struct val *v;

	if (!sv_starts(trimmed, "["))
		return of_lines(a, text);
	v = json_read(a, trimmed.p, trimmed.n, ORIGIN_DATA, why);
	if (!v) {
		err_wrap(why, "items: the text begins like a JSON list");
		return NULL;
	}
	return v;
}

static int
check(const struct val *list, struct err *why)
{
	size_t n = list->list.len;

	if (n > ITEMS_MAX)
		return err_set(why, ERR_INPUT, "items: %zu are more than %d", n,
		    ITEMS_MAX);
	for (size_t i = 0; i < n; i++) {
		auto_str text = STR_INIT;

		val_render(&text, list->list.at[i]);
		if (text.len > ITEM_BYTES_MAX)
			return err_set(why, ERR_INPUT,
			    "items: item %zu has %zu bytes, over %d; give "
			    "the path of a file instead",
			    i, text.len, ITEM_BYTES_MAX);
		if (text.len && memchr(text.buf, '\0', text.len))
			return err_set(why, ERR_INPUT,
			    "items: item %zu holds a NUL byte, which no "
			    "action can be given",
			    i);
	}
	return 0;
}

const struct val *
items_of(struct run *r, const struct state *s, struct arena *a, struct err *why)
{
	struct lookup look = vars_of_child(r);
	const struct val *v = form_fill(s->fan.items, &look, a, why);

	if (!v) {
		err_wrap(why, "items");
		return NULL;
	}
	if (v->kind == VAL_TEXT)
		v = of_text(a, v->t, why);
	if (!v || check(v, why) < 0)
		return NULL;
	return val_taint(a, val_copy(a, v), ORIGIN_DATA);
}
