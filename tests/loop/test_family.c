/* Loops that call loops: what is found, what is refused, what is shared. */
#include "loop/family.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "loop/load.h"
#include "test.h"

#define TAIL ", on_yes: end, on_no: end, on_error: end}\n" END
#define END "  end: {terminal: true}\n"
#define HEAD "description: d\nscope: ['.']\ninitial: a\nname: "
#define CALL(name, what) HEAD name "\nstates:\n  a: {" what TAIL
#define LEAF(name) HEAD name "\nstates:\n  a: {action: 'true', next: end}\n" END

struct file {
	const char *name, *text;
};

struct bed {
	struct arena a;
	char dir[PATH_MAX];
	struct find find;
	struct load_opts opts;
	struct loop_files files;
	struct diags d;
	struct loop *loop;
};

static void
put_file(struct bed *b, const struct file *f)
{
	struct err e = ERR_INIT;

	cr_assert_eq(file_put(path_join(&b->a, b->dir, f->name), f->text,
			 strlen(f->text), 0600, &e),
	    0, "%s", e.msg);
}

/* Write the files and load the first. */
static void
setup(struct bed *b, const struct file *files, size_t n)
{
	*b = (struct bed) { .dir = "/tmp/ll-family-XXXXXX" };
	cr_assert_not_null(mkdtemp(b->dir));
	b->find.project = b->dir;
	b->opts = (struct load_opts) {
		.find = &b->find, .files = &b->files, .family = family_new()
	};
	for (size_t i = 0; i < n && files[i].name; i++)
		put_file(b, &files[i]);
	b->loop = loop_load(path_join(&b->a, b->dir, files[0].name),
	    files[0].text, strlen(files[0].text), NULL, &b->opts, &b->d);
	diags_sort(&b->d);
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(system(arena_printf(&b->a, "rm -rf '%s'", b->dir)), 0);
	loop_free(b->loop);
	family_free(b->opts.family);
	loop_files_release(&b->files);
	diags_release(&b->d);
	arena_release(&b->a);
}

static const char lib[] = "fragments: {x: {action: 'true'}}\n";
static const char broken[] =
    HEAD "k\nstates:\n  a: {acton: x, nxt: y, next: end}\n" END;

static const struct row {
	const char *what;
	struct file files[4];
	const char *faults; /* "ID path\n" each */
	const char *phrase; /* in the first, or NULL */
} rows[] = {
	{ "a loop beside",
	    { { "p.yaml", CALL("p", "loop: k") }, { "k.yaml", LEAF("k") } }, "",
	    NULL },
	{ "no such loop", { { "p.yaml", CALL("p", "loop: ghost") } },
	    "E140 states.a.loop\n", "ghost" },
	{ "no such loop, for items",
	    { { "p.yaml", CALL("p", "parallel: {items: [1], loop: ghost}") } },
	    "E140 states.a.parallel.loop\n", "ghost" },
	{ "a template is not looked up",
	    { { "p.yaml", CALL("p", "loop: '${env.X?}'") } }, "", NULL },
	{ "itself", { { "p.yaml", CALL("p", "loop: p") } },
	    "E141 states.a.loop\n", "p.yaml -> p.yaml" },
	{ "a circle",
	    { { "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml", CALL("k", "loop: m") },
		{ "m.yaml", CALL("m", "loop: p") } },
	    "E141 states.a.loop\n", "p.yaml -> k.yaml -> m.yaml -> p.yaml" },
	{ "a circle of others",
	    { { "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml", CALL("k", "loop: m") },
		{ "m.yaml", CALL("m", "loop: k") } },
	    "W140 states.a.loop\n", "k.yaml -> m.yaml -> k.yaml" },
	{ "one with errors",
	    { { "p.yaml", CALL("p", "loop: k") }, { "k.yaml", broken } },
	    "W140 states.a.loop\n", "k.yaml:6:7: unknown key 'acton'" },
	{ "one that does not parse",
	    { { "p.yaml", CALL("p", "loop: k") }, { "k.yaml", "a: [\n" } },
	    "W140 states.a.loop\n", "k.yaml:2:" },
	{ "errors below are not repeated",
	    { { "p.yaml", CALL("p", "loop: m") },
		{ "m.yaml", CALL("m", "loop: k") }, { "k.yaml", broken } },
	    "", NULL },
	{ "a library",
	    { { "p.yaml", CALL("p", "loop: k") }, { "k.yaml", lib } },
	    "E143 states.a.loop\n", "library" },
	{ "warnings stay with the other loop",
	    { { "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml",
		    "initial: a\nname: k\nstates:\n"
		    "  a: {action: 'true', next: end}\n" END } },
	    "", NULL },
	{ "by a path",
	    { { "p.yaml", CALL("p", "loop: ./k.yaml") },
		{ "k.yaml", LEAF("k") } },
	    "", NULL },

	/* what is given to it */
	{ "nothing declared, anything goes",
	    { { "p.yaml", CALL("p", "loop: k, with: {x: 1}") },
		{ "k.yaml", LEAF("k") } },
	    "", NULL },
	{ "no such parameter",
	    { { "p.yaml", CALL("p", "loop: k, with: {x: 1, z: 2}") },
		{ "k.yaml", LEAF("k") "parameters: {x: {type: integer}}\n" } },
	    "E440 states.a.with.z\n", "'k' has no parameter 'z'" },
	{ "a value that does not fit",
	    { { "p.yaml", CALL("p", "loop: k, with: {x: lots}") },
		{ "k.yaml", LEAF("k") "parameters: {x: {type: integer}}\n" } },
	    "E442 states.a.with.x\n", "a whole number" },
	{ "a template is looked at when it is filled",
	    { { "p.yaml", CALL("p", "loop: k, with: {x: '${env.X?}'}") },
		{ "k.yaml", LEAF("k") "parameters: {x: {type: integer}}\n" } },
	    "", NULL },
	{ "a required one with `with`",
	    { { "p.yaml", CALL("p", "loop: k, with: {y: 1}") },
		{ "k.yaml",
		    LEAF("k") "parameters: {x: {type: string, "
			      "required: true}, y: {type: integer}}\n" } },
	    "E441 states.a.loop\n", "'x'" },
	{ "a required one without",
	    { { "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml",
		    LEAF("k") "parameters: {x: {type: string, "
			      "required: true}}\n" } },
	    "E441 states.a.loop\n", "'x'" },
	{ "a required one that its own context has",
	    { { "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml",
		    LEAF("k") "parameters: {x: {type: string, "
			      "required: true}}\ncontext: {x: 1}\n" } },
	    "", NULL },
	{ "a required one that may be passed",
	    { { "p.yaml",
		  CALL("p", "loop: k, context_passthrough: true") "context: "
								  "{x: 1}\n" },
		{ "k.yaml",
		    LEAF("k") "parameters: {x: {type: string, "
			      "required: true}}\n" } },
	    "", NULL },
	{ "a required one that nobody passes",
	    { { "p.yaml", CALL("p", "loop: k, context_passthrough: true") },
		{ "k.yaml",
		    LEAF("k") "parameters: {x: {type: string, "
			      "required: true}}\n" } },
	    "W441 states.a.loop\n", "'x'" },
	{ "what it uses and nobody gives",
	    { { "p.yaml", CALL("p", "loop: k, with: {x: 1}") },
		{ "k.yaml",
		    HEAD
		    "k\nstates:\n  a: {action: 'echo \"${context.x}"
		    "${context.y}${context.run_dir}${context.z?}\"', next: "
		    "end}\n" END } },
	    "W443 states.a.loop\n", "${context.y}" },
	{ "parallel within parallel",
	    { { "p.yaml", CALL("p", "parallel: {items: [1], loop: m}") },
		{ "m.yaml", CALL("m", "loop: k") },
		{ "k.yaml",
		    CALL("k", "parallel: {items: [1], action: 'true'}") } },
	    "E245 states.a.parallel.loop\n", "k.yaml" },
};

TEST(family, rows)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		auto_str got = STR_INIT;
		struct bed b;

		setup(&b, r->files, COUNT(r->files));
		for (size_t k = 0; k < b.d.len; k++)
			str_addf(&got, "%s %s\n", b.d.at[k].id, b.d.at[k].path);
		cr_expect_str_eq(got.buf, r->faults, "%s: %s", r->what,
		    b.d.len ? b.d.at[0].msg : "");
		if (r->phrase && b.d.len)
			cr_expect(strstr(b.d.at[0].msg, r->phrase), "%s: %s",
			    r->what, b.d.at[0].msg);
		cr_expect(!b.loop == (b.d.errors > 0), "%s", r->what);
		teardown(&b);
	}
}

TEST(family, each_is_loaded_once)
{
	static const struct file files[] = {
		{ "p.yaml",
		    HEAD
		    "p\nstates:\n"
		    "  a: {loop: m, on_yes: b, on_error: b}\n"
		    "  b: {loop: k, on_yes: c, on_error: c}\n"
		    "  c: {loop: ./k.yaml, on_yes: end, on_error: end}\n" END },
		{ "m.yaml", CALL("m", "loop: k") },
		{ "k.yaml", LEAF("k") "secrets: [T]\n" },
	};
	const struct loop *m;
	struct bed b;

	setup(&b, files, COUNT(files));
	cr_assert_not_null(b.loop);
	cr_assert_eq(family_len(b.opts.family), 2);
	m = b.loop->states[0]->call.loop;
	cr_assert_eq(family_at(b.opts.family, 0), m);
	cr_expect_null(family_at(b.opts.family, 2));
	cr_expect_eq(m->states[0]->call.loop, b.loop->states[1]->call.loop);
	cr_expect_eq(m->states[0]->call.loop, b.loop->states[2]->call.loop);
	cr_assert_eq(b.files.n, 3);
	cr_expect_str_eq(path_base(b.files.at[2].path), "k.yaml");
	cr_expect_str_eq(b.files.at[2].how, "loop");
	cr_expect_str_eq(path_base(b.files.at[2].via.file), "m.yaml");
	cr_expect_eq(family_secrets(b.opts.family, b.loop, &b.a)->list.len, 1);
	teardown(&b);
}

static bool
ignores_nothing(void *self, const char *key)
{
	(void)key;
	return self != NULL;
}

TEST(family, what_is_not_acted_on_below_is_told)
{
	static const struct file files[] = {
		{ "p.yaml", CALL("p", "loop: k") },
		{ "k.yaml", CALL("k", "loop: m, worktree: t") },
		{ "m.yaml", broken },
	};
	const struct later *k;
	struct bed b;

	setup(&b, files, COUNT(files));
	cr_assert_not_null(b.loop);
	cr_expect_eq(b.loop->nlater, 0);
	k = family_later(b.opts.family, ignores_nothing, NULL);
	cr_assert_not_null(k);
	cr_expect_str_eq(path_base(k->at.file), "k.yaml");
	cr_expect_null(family_later(b.opts.family, ignores_nothing, &b));
	cr_expect_null(b.loop->states[0]->call.loop->states[0]->call.loop);
	teardown(&b);
}

/* A chain of `n` loops below the first. */
static void
chain(struct bed *b, int n)
{
	struct file first = { "c0.yaml", NULL };

	*b = (struct bed) { .dir = "/tmp/ll-family-XXXXXX" };
	cr_assert_not_null(mkdtemp(b->dir));
	b->find.project = b->dir;
	b->opts = (struct load_opts) {
		.find = &b->find, .files = &b->files, .family = family_new()
	};
	for (int i = 0; i <= n; i++) {
		struct file f = { arena_printf(&b->a, "c%d.yaml", i),
			i == n ? arena_printf(&b->a, LEAF("c%d"), i)
			       : arena_printf(&b->a, CALL("c%d", "loop: c%d"),
				     i, i + 1) };

		put_file(b, &f);
		if (i == 0)
			first = f;
	}
	b->loop = loop_load(path_join(&b->a, b->dir, first.name), first.text,
	    strlen(first.text), NULL, &b->opts, &b->d);
}

TEST(family, depth)
{
	struct bed b;

	chain(&b, FAMILY_DEPTH_MAX);
	cr_expect_not_null(b.loop, "%s", b.d.len ? b.d.at[0].msg : "");
	cr_expect_eq(family_len(b.opts.family), FAMILY_DEPTH_MAX);
	teardown(&b);
	chain(&b, FAMILY_DEPTH_MAX + 1);
	cr_expect_null(b.loop);
	cr_expect_eq(b.d.len, 1);
	cr_expect_str_eq(b.d.at[0].id, "E142");
	teardown(&b);
}

TEST(family, finds_at_run_time)
{
	static const struct file files[] = {
		{ "p.yaml", CALL("p", "loop: '${env.X?}'") },
		{ "k.yaml", CALL("k", "loop: m") },
		{ "m.yaml", LEAF("m") },
		{ "l.yaml", lib },
	};
	struct loop_files grown = LOOP_FILES_INIT;
	const struct loop *got = NULL, *again = NULL;
	struct err e = ERR_INIT;
	struct family_ask ask;
	struct bed b;

	setup(&b, files, COUNT(files));
	put_file(&b, &(struct file) { "x.yaml", broken });
	ask = (struct family_ask) { &b.opts, b.loop->file, "k", &grown };
	cr_assert_eq(
	    family_find(b.opts.family, &ask, &got, &e), 0, "%s", e.msg);
	cr_expect_str_eq(got->name, "k");
	cr_expect_str_eq(got->states[0]->call.loop->name, "m");
	cr_expect_eq(grown.n, 2);
	cr_expect_eq(b.files.n, 1);
	cr_assert_eq(family_find(b.opts.family, &ask, &again, &e), 0);
	cr_expect_eq(got, again);
	cr_expect_eq(grown.n, 2);
	ask.word = "p"; /* the first loop itself: bounded by depth only */
	cr_assert_eq(
	    family_find(b.opts.family, &ask, &got, &e), 0, "%s", e.msg);
	cr_expect_str_eq(got->name, "p");
	ask.word = "ghost";
	cr_expect_eq(family_find(b.opts.family, &ask, &got, &e), -1);
	cr_expect(e.kind == ERR_ABSENT && strstr(e.msg, "ghost"), "%s", e.msg);
	ask.word = "l";
	cr_expect_eq(family_find(b.opts.family, &ask, &got, &e), -1);
	cr_expect(e.kind == ERR_INPUT && strstr(e.msg, "library"), "%s", e.msg);
	ask.word = "x";
	cr_expect_eq(family_find(b.opts.family, &ask, &got, &e), -1);
	cr_expect(
	    e.kind == ERR_INPUT && strstr(e.msg, "x.yaml:6:7: "), "%s", e.msg);
	cr_expect_str_eq(got->name, "p", "written only on success");
	loop_files_release(&grown);
	teardown(&b);
}
