/* What --resolved prints loads as the same loop, and says who wrote what. */
#include "show/resolved.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "loop/load.h"
#include "loop/merge.h"
#include "test.h"

struct file {
	const char *name, *text;
};

struct row {
	const char *what;
	struct file files[4]; /* the first is the loop */
	const char *says[8];  /* each stands in what is printed, or NULL */
};

#define END "  done: {terminal: true}\n"

static const struct row rows[] = {
	{ "one piece has no comment",
	    { { "a.yaml",
		"name: a\ninitial: s\nstates:\n  s: {action: \"true\", next: "
		"done}\n" END } },
	    { "# a.yaml is in one piece\nname: a\ninitial: s\nstates:\n"
	      "  s:\n    action: \"true\"\n    next: done\n" } },

	{ "a parent is named wherever it speaks",
	    { { "a.yaml",
		  "name: a\nfrom: b\ncontext: {y: 2}\nstates:\n"
		  "  s: {timeout: 3}\n" },
		{ "b.yaml",
		    "name: b\ninitial: s\ncontext: {x: 1, y: 1}\nstates:\n"
		    "  s: {action: A, timeout: 1, next: done,\n"
		    "      evaluate: null}\n" END } },
	    { "# a.yaml in one piece with\n# b.yaml: from, a.yaml:2\n",
		"name: a\ninitial: s  # from b.yaml:2\n",
		"context:\n  x: 1  # from b.yaml:3\n  y: 2\n",
		"states:\n  s:\n    action: A  # from b.yaml:5\n    timeout: "
		"3\n    next: done  # from b.yaml:5\n",
		"  done:  # from b.yaml:7\n    terminal: true  # from "
		"b.yaml:7\n" } },

	{ "a change deep inside is seen, no change is not",
	    { { "a.yaml",
		  "name: a\nfrom: b\nstates:\n  s: {evaluate: {target: 5}}\n" },
		{ "b.yaml",
		    "initial: s\ncontext: {deep: {er: [1, {x: 2}]}}\nstates:\n"
		    "  s: {action: A, on_yes: done, on_no: done, on_error: "
		    "done,\n"
		    "    evaluate: {type: output_numeric, operator: eq, "
		    "target: 1}}\n" END } },
	    { "context:  # from b.yaml:2\n  deep:\n    er:\n      - 1\n      "
	      "- x: 2\n",
		"    evaluate:\n      type: output_numeric  # from b.yaml:5\n"
		"      operator: eq  # from b.yaml:5\n      target: 5\n" } },

	{ "lists that grow say which entry came from where",
	    { { "a.yaml", "name: a\nfrom: b\nsecrets: [MINE_X]\nstates: {}\n" },
		{ "b.yaml",
		    "initial: s\nsecrets: [THEIRS_X]\nstates:\n"
		    "  s: {action: A, next: done}\n" END } },
	    { "- THEIRS_X", "  - MINE_X" } },

	{ "a fragment's parameters are given again",
	    { { "a.yaml",
		  "name: a\nimport: [lib/f.yaml]\ninitial: s\nstates:\n"
		  "  s: {fragment: say, with: {text: \"${context.w}\", n: "
		  "\"7\"}, next: done}\n" END "context: {w: x}\n" },
		{ "lib/f.yaml",
		    "fragments:\n  other: {action: B}\n  say:\n"
		    "    parameters:\n"
		    "      text: {type: string, required: true}\n"
		    "      n: {type: integer}\n"
		    "      end: {type: string, default: \"!\"}\n"
		    "      none: {type: string}\n"
		    "    action: |\n"
		    "      printf '%s\\n' \"${param.text}${param.end}\"\n" } },
	    { "# lib/f.yaml: import, a.yaml:2\n",
		"action: |  # fragment say, lib/f.yaml:9\n      printf '%s\\n' "
		"\"${param.text}${param.end}\"\n",
		"      text: ${context.w}\n      n: 7\n      end: \"!\"  # "
		"fragment say, lib/f.yaml:7\n",
		"fragments:  # what states give to parameters of fragments\n"
		"  s:\n    parameters:\n      text:  # fragment say, "
		"lib/f.yaml:5\n" } },

	{ "fragments on fragments hand their values on",
	    { { "a.yaml",
		"name: a\ninitial: s\nstates:\n"
		"  s: {fragment: outer, with: {what: x, tone: soft}, next: "
		"done}\n" END "fragments:\n"
		"  inner:\n"
		"    parameters: {what: {type: string}, how: {type: string}}\n"
		"    action: echo \"${param.what} ${param.how}\"\n"
		"  outer:\n    fragment: inner\n"
		"    parameters: {what: {type: string}, tone: {type: string}}\n"
		"    with: {what: \"${param.what}\", how: \"very "
		"${param.tone}\"}\n" } },
	    { "      what: x\n      tone: soft\n      how: very "
	      "${param.tone}\n" } },

	{ "a name may be a parameter and mean something to a loop",
	    { { "a.yaml",
		"name: a\ninitial: s\nstates:\n"
		"  s: {fragment: outer, with: {tone: soft, what: for the loop},"
		" on_yes: done, on_no: done, on_error: done}\n" END
		"fragments:\n"
		"  inner: {parameters: {what: {type: string}}, loop: "
		"\"${param.what}\"}\n"
		"  outer: {fragment: inner, parameters: {tone: {type: string}},"
		" with: {what: child}}\n" } },
	    { "    with:\n      what: for the loop\n" } },

	{ "a flow of a parent",
	    { { "a.yaml", "name: a\nfrom: b\nstates:\n  two: {timeout: 9}\n" },
		{ "b.yaml",
		    "initial: one\nflow:\n  - one\n  - two?three:one\n  - "
		    "three\nstate_defs:\n  one: {action: A}\n"
		    "  two: {action: B, on_error: one}\n" } },
	    { "  one:  # from b.yaml:7\n    next: two  # from b.yaml:3\n    "
	      "action: A  # from b.yaml:7\n",
		"    timeout: 9\n" } },

	{ "aliases stay when nothing is composed",
	    { { "a.yaml",
		"name: a\ninitial: s\nstates:\n"
		"  s: {action: A, on_success: done, on_failure: s, on_error: "
		"done}\n" END } },
	    { "on_success: done\n    on_failure: s\n" } },

	{ "every text comes back",
	    { { "a.yaml",
		  "name: a\nfrom: b\ncontext:\n  \"yes\": \"yes\"\n  \"1\": "
		  "\"017\"\n  tabs: \"a\\tb\\r\\n\\e[2J\\x85\"\n"
		  "  block: |2+\n     lead\n    x\n\n\n  last: 1e3\n" },
		{ "b.yaml",
		    "initial: s\nstates:\n  s: {action: \"a\\nb\", next: "
		    "done}\n" END } },
	    { "  yes: \"yes\"\n  \"1\": \"017\"\n  tabs: "
	      "\"a\\tb\\r\\n\\x1b[2J\\x85\"\n  block: |2+\n",
		"    action: |-  # from b.yaml:3\n      a\n      b\n" } },

	{ "names of loops mean the files that they meant",
	    { { "a.yaml",
		  "name: a\nimport: [lib/f.yaml]\ninitial: s\nstates:\n"
		  "  s: {fragment: sub, on_no: done, on_error: done}\n" END },
		{ "lib/f.yaml",
		    "fragments:\n  sub: {loop: ./kid.yaml, on_yes: done}\n" },
		{ "lib/kid.yaml", "name: kid\n" } },
	    { "/lib/kid.yaml  # fragment sub, lib/f.yaml:2\n" } },
};

struct bed {
	struct arena mem;
	char dir[PATH_MAX];
	const char *path;
	struct loop_files files;
	struct diags d;
	struct loop *loop;
};

static void
put(struct bed *b, const char *name, struct sv text)
{
	struct err e = ERR_INIT;
	const char *path = path_join(&b->mem, b->dir, name);

	cr_assert_eq(file_mkdirs(path_dir(&b->mem, path), 0755, &e), 0);
	cr_assert_eq(file_put(path, text.p, text.n, 0644, &e), 0, "%s", e.msg);
}

static const struct find *
nowhere(void)
{
	static const struct find find; /* neither project nor user */

	return &find;
}

static struct loop *
load(struct bed *b, struct sv text, struct loop_files *files)
{
	struct load_opts how = { .find = nowhere(), .files = files };

	return loop_load(b->path, text.p, text.n, NULL, &how, &b->d);
}

static void
setup(struct bed *b, const struct file *files, size_t n)
{
	char made[] = "/tmp/ll-resolved-XXXXXX";

	memset(b, 0, sizeof(*b));
	cr_assert_not_null(mkdtemp(made));
	cr_assert_not_null(realpath(made, b->dir));
	for (size_t i = 0; i < n && files[i].name; i++)
		put(b, files[i].name, sv(files[i].text));
	b->path = path_join(&b->mem, b->dir, files[0].name);
	b->loop = load(b, sv(files[0].text), &b->files);
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(system(arena_printf(&b->mem, "rm -rf '%s'", b->dir)), 0);
	loop_free(b->loop);
	loop_files_release(&b->files);
	diags_release(&b->d);
	arena_release(&b->mem);
}

static const char *
first_error(const struct bed *b)
{
	for (size_t i = 0; i < b->d.len; i++)
		if (b->d.at[i].sev == SEV_ERROR)
			return b->d.at[i].msg;
	return "no error";
}

static bool
same_params(const struct state *x, const struct state *y)
{
	if (x->nparam != y->nparam)
		return false;
	for (size_t i = 0; i < x->nparam; i++) {
		const struct param *p = &x->param[i], *q = &y->param[i];

		if (strcmp(p->name, q->name) || !val_equal(p->spec, q->spec) ||
		    !p->value != !q->value || !p->tmpl != !q->tmpl ||
		    p->origin != q->origin ||
		    (p->value && !val_equal(p->value, q->value)))
			return false;
	}
	return true;
}

/* The path of another loop may be written in full. */
static bool
same_src(const struct val *x, const struct val *y)
{
	if (x->map.len != y->map.len)
		return false;
	for (size_t i = 0; i < x->map.len; i++) {
		const struct member *m = &x->map.at[i];
		const struct val *other = val_get(y, m->key);

		if (!other ||
		    (!val_equal(m->v, other) && strcmp(m->key, "loop")))
			return false;
	}
	return true;
}

static void
compare(const struct loop *x, const struct loop *y, const char *what)
{
	static const char *const own[] = { "states", NULL };
	auto_arena a = ARENA_INIT;
	struct merge g = { .mem = &a };

	cr_expect(val_equal(merge_without(&g, x->src, own),
		      merge_without(&g, y->src, own)),
	    "%s: the loop", what);
	cr_assert_eq(x->nstates, y->nstates, "%s", what);
	for (size_t i = 0; i < x->nstates; i++) {
		const struct state *s = x->states[i], *t = y->states[i];

		cr_expect_str_eq(s->name, t->name, "%s", what);
		cr_expect(same_src(s->src, t->src), "%s: %s", what, s->name);
		cr_expect(same_params(s, t), "%s: %s", what, s->name);
	}
}

TEST(resolved, loads_as_the_same_loop)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		auto_str text = STR_INIT, again = STR_INIT;
		struct loop_files files = LOOP_FILES_INIT;
		struct loop *loop;
		struct bed b;

		setup(&b, r->files, COUNT(r->files));
		cr_assert(b.loop, "%s: %s", r->what, first_error(&b));
		resolved_text(&text,
		    &(struct resolved) { b.loop, &b.files, nowhere(), NULL });
		for (size_t k = 0; k < COUNT(r->says) && r->says[k]; k++)
			cr_expect(strstr(text.buf, r->says[k]),
			    "%s: '%s' is not in\n%s", r->what, r->says[k],
			    text.buf);
		loop = load(&b, str_sv(&text), &files);
		cr_assert(
		    loop, "%s: %s\n%s", r->what, first_error(&b), text.buf);
		compare(b.loop, loop, r->what);
		/* In one piece it stays what it is. */
		resolved_text(&again,
		    &(struct resolved) { loop, &files, nowhere(), NULL });
		cr_expect_null(strstr(again.buf, "from "), "%s", again.buf);
		loop_free(loop);
		loop_files_release(&files);
		teardown(&b);
	}
}

TEST(resolved, what_the_file_wrote_has_no_comment)
{
	static const struct file files[] = { { "a.yaml",
	    "name: a\ninitial: s\nfragments: {f: {action: A}}\nflow: [s, t, "
	    "done]\nstate_defs: {s: {fragment: f}, t: {action: B}}\n" } };
	auto_str text = STR_INIT;
	struct bed b;

	setup(&b, files, 1);
	cr_assert(b.loop, "%s", first_error(&b));
	resolved_text(
	    &text, &(struct resolved) { b.loop, &b.files, nowhere(), NULL });
	cr_expect_null(strstr(text.buf, "  # "), "%s", text.buf);
	teardown(&b);
}

/* Files of loops that it calls are read too, and are no part of it. */
TEST(resolved, only_its_own_parts_are_named)
{
	static const struct file files[] = {
		{ "a.yaml", "name: a\nfrom: b\nstates:\n  s: {action: A}\n" },
		{ "b.yaml", "initial: s\nstates:\n  s: {next: done}\n" END },
	};
	auto_str text = STR_INIT;
	struct bed b;

	setup(&b, files, 2);
	cr_assert(b.loop, "%s", first_error(&b));
	loop_files_add(&b.files,
	    &(struct loop_file) {
		"/kid.yaml", sv("name: kid\n"), "loop", { b.path, 1, 1 } });
	loop_files_add(&b.files,
	    &(struct loop_file) {
		"/lib.yaml", sv("a: b\n"), "import", { "/kid.yaml", 1, 1 } });
	resolved_text(
	    &text, &(struct resolved) { b.loop, &b.files, nowhere(), NULL });
	cr_expect(strstr(text.buf, "# b.yaml: from, a.yaml:2\n"));
	cr_expect_null(strstr(text.buf, "kid.yaml"), "%s", text.buf);
	cr_expect_null(strstr(text.buf, "lib.yaml"), "%s", text.buf);
	teardown(&b);
}

TEST(resolved, secrets_are_hidden)
{
	static const struct file files[] = { { "a.yaml",
	    "name: a\ninitial: s\nsecrets: [token, pin, on]\n"
	    "context: {token: hunter2-x, on: 7, other: 87654321}\n"
	    "parameters: {pin: {type: integer, default: 87654321}}\n"
	    "fragments: {f: {parameters: {x: {}}, action: 'A ${param.x}'}}\n"
	    "states:\n"
	    "  s: {fragment: f, with: {x: hunter2-x}, next: done}\n" END } };
	struct mask *mask = mask_new();
	auto_str text = STR_INIT;
	struct bed b;

	mask_add(mask, sv("hunter2-x"));
	mask_add(mask, sv("87654321"));
	mask_seal(mask);
	setup(&b, files, 1);
	cr_assert(b.loop, "%s", first_error(&b));
	resolved_text(
	    &text, &(struct resolved) { b.loop, &b.files, nowhere(), mask });
	cr_expect_null(strstr(text.buf, "hunter2"), "%s", text.buf);
	cr_expect_null(strstr(text.buf, "7654321"), "%s", text.buf);
	cr_expect(strstr(text.buf, "on: \"***\""), "%s", text.buf);
	cr_expect(strstr(text.buf, "default: \"***\""), "%s", text.buf);
	teardown(&b);
	mask_free(mask);
}
