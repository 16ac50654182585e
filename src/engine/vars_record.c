/*
 * Captures and `prev` as values: a long text is read back when it is asked
 * for, from its file or from the journal, and never before.
 */
#include "engine/vars_record.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "engine/vars.h"

/* Where the text of a stream is kept. */
static int
load(struct run *run, const struct val *record, const char *name,
    struct str *text, struct err *e)
{
	const struct vault *v = &run->vault;
	const char *file, *sum;
	long long at, bytes;
	char key[32];

	snprintf(key, sizeof(key), "%s_file", name);
	file = val_str(record, key, NULL);
	snprintf(key, sizeof(key), "%s_sum", name);
	sum = val_str(record, key, "");
	snprintf(key, sizeof(key), "%s_bytes", name);
	bytes = val_num(record, key, 0);
	snprintf(key, sizeof(key), "%s_at", name);
	at = val_num(record, key, 0);
	if (file)
		return v->load(v->self, file, bytes, sum, text, e) < 0 ? -1 : 1;
	if (at > 0)
		return v->recall(v->self, at, name, text, e) < 0 ? -1 : 1;
	if (strcmp(name, "output") == 0 && val_get(record, "events_from"))
		return v->events(v->self, val_num(record, "events_from", 0),
			   val_num(record, "events_to", 0),
			   val_num(record, "events_depth", 0),
			   val_num(record, "events_item", -1), text, e) < 0
		    ? -1
		    : 1;
	return 0;
}

/* The text of a stream, read back when it is a long one. */
static int
stream_text(struct run *run, const struct val *record, const char *name,
    struct arena *a, const struct val **out, struct err *e)
{
	auto_str text = STR_INIT;
	struct sv bytes;
	int found;

	*out = val_get(record, name);
	if (*out)
		return 1;
	found = load(run, record, name, &text, e);
	if (found <= 0)
		return found;
	bytes = str_sv(&text);
	*out = val_bytes(a, bytes.p, bytes.n);
	return 1;
}

int
vars_record(struct run *run, const struct val *v, const struct ref *r,
    size_t at, bool chomp, struct arena *a, const struct val **out,
    struct err *why)
{
	for (; at < r->nseg; at++) {
		bool output = sv_eq(r->seg[at], "output");
		const struct val *got = NULL;
		int found = 0;

		if (v->kind == VAL_MAP &&
		    (output || sv_eq(r->seg[at], "stderr")))
			found = stream_text(
			    run, v, output ? "output" : "stderr", a, &got, why);
		if (found < 0)
			return -1;
		if (!found)
			got = val_step(v, r->seg[at]);
		if (!got) {
			err_set(why, ERR_INPUT, "%s: no '%.*s' there", r->text,
			    SV_ARG(r->seg[at]));
			return 0;
		}
		if (found && chomp && output && got->kind == VAL_TEXT) {
			struct sv t = sv_chomp(got->t);

			if (t.n != got->t.n)
				got = val_bytes(a, t.p, t.n);
		}
		v = got;
	}
	*out = v;
	return 1;
}

int
vars_output(struct run *run, const struct val *record, struct arena *a,
    const struct val **out, struct err *e)
{
	int found = stream_text(run, record, "output", a, out, e);
	struct sv t;

	if (found <= 0 || (*out)->kind != VAL_TEXT)
		return found < 0 ? -1 : 0;
	t = sv_chomp((*out)->t);
	*out = val_taint(a, val_bytes(a, t.p, t.n), ORIGIN_DATA);
	return 1;
}
