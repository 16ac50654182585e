/*
 * What a run has captured, for those who ask: long texts are read back from
 * the run's own files, wherever its project is now.  One that is not as it
 * was written is left out, and its record says where it was.
 */
#include "cmd/report_captured.h"

#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "store/output.h"

enum { LOADED_MAX = 64 * 1024 };

/* The stored text of member NAME_file, when it is short and whole. */
static const struct val *
load_text(struct arena *a, const struct place_run *place,
    const struct val *record, const char *name)
{
	const char *file =
	    val_str(record, arena_printf(a, "%s_file", name), NULL);
	long long bytes =
	    val_num(record, arena_printf(a, "%s_bytes", name), -1);
	const char *sum =
	    val_str(record, arena_printf(a, "%s_sum", name), NULL);
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	struct sv t;

	if (!file || !sum || bytes < 0 || bytes > LOADED_MAX ||
	    output_load(path_join(a, place->output, path_base(file)), bytes,
		sum, &text, &e) < 0)
		return NULL;
	t = sv_chomp(str_sv(&text));
	return val_bytes(a, t.p, t.n);
}

static bool
is_of(const char *key, const char *name)
{
	size_t n = strlen(name);

	return strncmp(key, name, n) == 0 && key[n] == '_';
}

const struct val *
report_record(
    struct arena *a, const struct place_run *place, const struct val *record)
{
	const struct val *output, *errors;
	struct val *out;

	if (!record || record->kind != VAL_MAP)
		return record;
	output = load_text(a, place, record, "output");
	errors = load_text(a, place, record, "stderr");
	out = val_map(a);
	val_set(a, out, "output", output);
	val_set(a, out, "stderr", errors);
	for (size_t i = 0; i < record->map.len; i++) {
		const struct member *m = &record->map.at[i];

		if ((output && is_of(m->key, "output")) ||
		    (errors && is_of(m->key, "stderr")))
			continue;
		val_set(a, out, m->key, m->v);
	}
	return out;
}

const struct val *
report_captured(
    struct arena *a, const struct place_run *place, const struct frame *f)
{
	struct val *out = val_map(a);

	for (size_t i = 0; f && i < f->captured.len; i++) {
		const struct box *b = f->captured.at[i].value;

		val_set(a, out, f->captured.at[i].key,
		    report_record(a, place, b->v));
	}
	return out;
}
