/* Findings, between the loader that makes them and the people who asked. */
#include "cmd/findings.h"

#include <stdlib.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/path.h"
#include "show/diagnostics.h"

void
findings_say(
    struct out *o, const struct diags *d, const struct loop_files *files)
{
	struct diags some = *d;
	auto_free struct source *src = mem_new((files->n + 1) * sizeof(*src));
	auto_free char *here = getcwd(NULL, 0);
	const char *cwd = here ? here : "/";

	for (size_t i = 0; i < files->n; i++)
		src[i] = (struct source) { path_inside(files->at[i].path, cwd),
			files->at[i].text };
	some.at = mem_new((d->len + 1) * sizeof(*some.at));
	for (size_t i = 0; i < d->len; i++) {
		some.at[i] = d->at[i];
		if (d->at[i].at.file)
			some.at[i].at.file = path_inside(d->at[i].at.file, cwd);
	}
	diagnostics_show(o, &some, src, files->n);
	free(some.at);
}

void
findings_say_file(
    struct out *o, const struct diags *d, const char *path, struct sv text)
{
	struct loop_file one = { .path = path, .text = text };
	const struct loop_files files = { .at = &one, .n = 1 };

	findings_say(o, d, &files);
}

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static const struct val *
num_or_null(struct arena *a, int n)
{
	return n ? val_int(a, n) : val_null(a);
}

const struct val *
findings_val(struct arena *a, const struct diags *d)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < d->len; i++) {
		const struct diag *x = &d->at[i];
		struct val *v = val_map(a);
		bool error = x->sev == SEV_ERROR;

		val_set(
		    a, v, "severity", val_text(a, error ? "error" : "warning"));
		val_set(
		    a, v, "path", val_text(a, x->path ? x->path : "<root>"));
		val_set(a, v, "message", val_text(a, x->msg));
		val_set(a, v, "id", val_text(a, x->id));
		val_set(a, v, "file", text_or_null(a, x->at.file));
		val_set(a, v, "line", num_or_null(a, x->at.line));
		val_set(a, v, "column", num_or_null(a, x->at.col));
		val_push(a, list, v);
	}
	return list;
}
