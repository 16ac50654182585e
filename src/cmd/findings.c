/* Findings, between the loader that makes them and the people who asked. */
#include "cmd/findings.h"

#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/mem.h"
#include "base/path.h"
#include "cmd/secrets.h"
#include "show/diagnostics.h"

/* A copy that may be shown: without the values of the files' own `secrets`,
 * which are not worth hiding less because a file has a fault. */
struct shown {
	struct arena mem;
	struct secrets secrets;
	const struct secrets *also; /* NULL: nothing more */
	struct diags diags;
	struct source *src;
	size_t nsrc;
};

static const char *
hidden(struct shown *s, const char *text)
{
	const struct mask *masks[] = { s->secrets.mask,
		s->also ? s->also->mask : NULL };

	for (size_t i = 0; i < COUNT(masks); i++) {
		auto_str out = STR_INIT;

		if (!masks[i])
			continue;
		mask_text(masks[i], sv(text), &out);
		text = arena_strdup(&s->mem, out.buf);
	}
	return text;
}

static void
shown_init(struct shown *s, const struct diags *d,
    const struct loop_files *files, const struct findings_hide *hide)
{
	const struct secrets *also = hide ? hide->found : NULL;

	*s = (struct shown) { .diags = *d, .nsrc = files->n, .also = also };
	s->diags.at = arena_new(&s->mem, (d->len + 1) * sizeof(*d->at));
	s->src = arena_new(&s->mem, (files->n + 1) * sizeof(*s->src));
	secrets_add_files(&s->secrets, files, hide ? hide->names : NULL);
	for (size_t i = 0; i < d->len; i++) {
		s->diags.at[i] = d->at[i];
		s->diags.at[i].msg = hidden(s, d->at[i].msg);
	}
	for (size_t i = 0; i < files->n; i++) {
		struct sv text = files->at[i].text;

		text.p = arena_dup(&s->mem, text.p, text.n);
		if (s->secrets.mask)
			mask_cover(s->secrets.mask, (char *)text.p, text.n);
		if (also && also->mask)
			mask_cover(also->mask, (char *)text.p, text.n);
		s->src[i] = (struct source) { files->at[i].path, text };
	}
}

static void
shown_release(struct shown *s)
{
	secrets_release(&s->secrets);
	arena_release(&s->mem);
}

void
findings_say(struct out *o, const struct diags *d,
    const struct loop_files *files, const struct findings_hide *hide)
{
	auto_free char *here = getcwd(NULL, 0);
	const char *cwd = here ? here : "/";
	struct shown s;

	shown_init(&s, d, files, hide);
	for (size_t i = 0; i < s.nsrc; i++)
		s.src[i].file = path_inside(s.src[i].file, cwd);
	for (size_t i = 0; i < d->len; i++) {
		struct diag *x = &s.diags.at[i];

		if (x->at.file)
			x->at.file = path_inside(x->at.file, cwd);
	}
	diagnostics_show(o, &s.diags, s.src, s.nsrc);
	shown_release(&s);
}

void
findings_say_file(
    struct out *o, const struct diags *d, const char *path, struct sv text)
{
	struct loop_file one = { .path = path, .text = text };
	const struct loop_files files = { .at = &one, .n = 1 };

	findings_say(o, d, &files, NULL);
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
findings_val(struct arena *a, const struct diags *d,
    const struct loop_files *files, const struct findings_hide *hide)
{
	struct val *list = val_list(a);
	struct shown s;

	shown_init(&s, d, files, hide);
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
