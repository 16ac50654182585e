/* Rows of YAML against the findings they must draw; for test_load*.c. */
#ifndef TESTS_LOOP_LOAD_ROWS_H
#define TESTS_LOOP_LOAD_ROWS_H

#include "loop/load.h"

#include <stdio.h>
#include <string.h>

#include "base/auto.h"
#include "loop/keys.h"
#include "test.h"

struct row {
	const char *text;   /* one line of YAML */
	const char *wants;  /* "E201 states.a", NULL: no error */
	const char *phrase; /* in its message, or NULL */
};

#define REST                                                                 \
	"  done: {terminal: true}\n  failed: {terminal: true}\ninitial: a\n" \
	"name: t\ndescription: d\nscope: [\".\"]\n"

static inline struct loop *
load(const char *text, bool lenient, struct diags *d)
{
	struct load_opts how = { .lenient = lenient };

	return loop_load("t.yaml", text, strlen(text), NULL, &how, d);
}

static inline const struct diag *
finding(const struct diags *d, const char *wants)
{
	char key[200];

	for (size_t i = 0; i < d->len; i++) {
		snprintf(key, sizeof(key), "%s %s", d->at[i].id, d->at[i].path);
		if (strcmp(key, wants) == 0)
			return &d->at[i];
	}
	return NULL;
}

static inline size_t
count(const struct diags *d, const char *id)
{
	size_t n = 0;

	for (size_t i = 0; i < d->len; i++)
		n += strcmp(d->at[i].id, id) == 0;
	return n;
}

/* The form with the row in the place of its `@`. */
static inline void
fill(char *out, size_t room, const char *form, const char *text)
{
	const char *gap = strchr(form, '@');

	snprintf(out, room, "%.*s%s%s", (int)(gap - form), form, text, gap + 1);
}

static inline void
check_row(const char *form, const struct row *r)
{
	struct diags d = DIAGS_INIT;
	char text[1000];
	const struct diag *got;
	struct loop *l;

	fill(text, sizeof(text), form, r->text);
	l = load(text, false, &d);
	got = r->wants ? finding(&d, r->wants) : NULL;
	if (!r->wants || r->wants[0] == 'W')
		cr_expect(l && !d.errors, "%s: %s", r->text,
		    d.len ? d.at[0].msg : "");
	else
		cr_expect(
		    !l && d.errors == 1, "%s: %zu errors", r->text, d.errors);
	if (r->wants)
		cr_expect_not_null(got, "%s: no %s", r->text, r->wants);
	if (got) {
		cr_expect_gt(got->at.line, 0, "%s", r->text);
		cr_expect(!r->phrase || strstr(got->msg, r->phrase), "%s: %s",
		    r->text, got->msg);
	}
	loop_free(l);
	diags_release(&d);
}

#define CHECK_ROWS(form, rows)                      \
	for (size_t i_ = 0; i_ < COUNT(rows); i_++) \
	check_row(form, &(rows)[i_])
#endif
