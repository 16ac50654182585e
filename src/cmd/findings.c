/* Findings, between the loader that makes them and the people who asked. */
#include "cmd/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/path.h"
#include "cmd/secrets.h"
#include "show/diagnostics.h"
#include "text/yml.h"

/* A copy that may be shown: without the values of the file's own `secrets`,
 * which are not worth hiding less because the file has a fault. */
struct shown {
	struct arena mem;
	struct secrets secrets;
	struct diags diags;
	struct sv text;
};

static void
find_secrets(struct shown *s, struct sv text)
{
	struct diags unused = DIAGS_INIT;
	const struct val *doc, *list, *context;
	struct secrets_from from = { &list, 1, &context, 1, NULL, 0 };

	if (!memmem(text.p, text.n, "secrets", strlen("secrets")))
		return;
	doc = yml_read(&s->mem, "", text.p, text.n, &unused);
	diags_release(&unused);
	list = val_get(doc, "secrets");
	context = val_get(doc, "context");
	secrets_add_all(&s->secrets, &from);
}

static void
hide_diag(struct shown *s, struct diag *d)
{
	auto_str out = STR_INIT;

	mask_text(s->secrets.mask, sv(d->msg), &out);
	d->msg = arena_strdup(&s->mem, out.buf);
}

static void
shown_init(struct shown *s, const struct diags *d, struct sv text)
{
	*s = (struct shown) { .diags = *d, .text = text };
	s->diags.at = mem_new((d->len + 1) * sizeof(*d->at));
	for (size_t i = 0; i < d->len; i++)
		s->diags.at[i] = d->at[i];
	find_secrets(s, text);
	if (!s->secrets.mask)
		return;
	for (size_t i = 0; i < d->len; i++)
		hide_diag(s, &s->diags.at[i]);
	s->text.p = arena_dup(&s->mem, text.p, text.n);
	mask_cover(s->secrets.mask, (char *)s->text.p, text.n);
}

static void
shown_release(struct shown *s)
{
	free(s->diags.at);
	secrets_release(&s->secrets);
	arena_release(&s->mem);
}

void
findings_say(struct out *o, const struct diags *d, struct sv text)
{
	auto_free char *here = getcwd(NULL, 0);
	const char *cwd = here ? here : "/";
	struct source src;
	struct shown s;

	shown_init(&s, d, text);
	src = (struct source) { "", s.text };
	for (size_t i = 0; i < d->len; i++) {
		struct diag *x = &s.diags.at[i];

		if (x->at.file)
			x->at.file = src.file = path_inside(x->at.file, cwd);
	}
	diagnostics_show(o, &s.diags, &src, 1);
	shown_release(&s);
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
findings_val(struct arena *a, const struct diags *d, struct sv text)
{
	struct val *list = val_list(a);
	struct shown s;

	shown_init(&s, d, text);
	for (size_t i = 0; i < d->len; i++) {
		const struct diag *x = &s.diags.at[i];
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
	shown_release(&s);
	return list;
}
