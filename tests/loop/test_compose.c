/* Several files become one mapping; what each fault says, and where. */
#include "loop/compose.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "test.h"
#include "text/json.h"
#include "text/yml.h"

struct file {
	const char *name, *text;
};

struct row {
	const char *what;
	struct file files[4]; /* the first is the loop */
	const char *made;     /* as JSON; NULL: only the fault counts */
	const char *fault;    /* "ID LINE FILE", or NULL: none at all */
};

static const struct row rows[] = {
	{ "one piece stays as it is",
	    { { "a.yaml", "name: a\nstates: {s: {next: t}}\n" } },
	    "{\"name\":\"a\",\"states\":{\"s\":{\"next\":\"t\"}}}", NULL },

	/* from */
	{ "a child over its parent, at every depth",
	    { { "a.yaml",
		  "from: b\ncontext: {y: 2}\nstates: {s: {timeout: 3}}\n" },
		{ "b.yaml",
		    "name: b\ncontext: {x: 1, y: 1}\nstates: {s: {action: A, "
		    "timeout: 1}, t: {terminal: true}}\n" } },
	    "{\"name\":\"b\",\"context\":{\"x\":1,\"y\":2},\"states\":{\"s\":{"
	    "\"action\":\"A\",\"timeout\":3},\"t\":{\"terminal\":true}}}",
	    NULL },
	{ "null takes away, in context it is a value",
	    { { "a.yaml",
		  "from: ./b.yaml\ncontext: {x: null}\nstates: {s: "
		  "{on_no: null}, t: null}\n" },
		{ "b.yaml",
		    "context: {x: 1}\nstates: {s: {on_yes: s, on_no: "
		    "t}, t: {}}\n" } },
	    "{\"context\":{\"x\":null},\"states\":{\"s\":{\"on_yes\":\"s\"}}}",
	    NULL },
	{ "aliases collapse first",
	    { { "a.yaml", "from: b\nstates: {s: {on_success: u}}\n" },
		{ "b.yaml", "states: {s: {on_yes: t, on_failure: t}}\n" } },
	    "{\"states\":{\"s\":{\"on_yes\":\"u\",\"on_no\":\"t\"}}}", NULL },
	{ "lists replace",
	    { { "a.yaml", "from: b\nscope: [x]\n" },
		{ "b.yaml", "scope: [y, z]\n" } },
	    "{\"scope\":[\"x\"]}", NULL },
	{ "secrets stay secret",
	    { { "a.yaml", "from: b\nsecrets: [x]\n" },
		{ "b.yaml", "secrets: [y]\n" } },
	    "{\"secrets\":[\"y\",\"x\"]}", NULL },
	{ "parents have parents",
	    { { "a.yaml", "from: b\n" }, { "b.yaml", "from: c\nname: b\n" },
		{ "c.yaml", "name: c\ncategory: k\n" } },
	    "{\"name\":\"b\",\"category\":\"k\"}", NULL },
	{ "a parent that is not there",
	    { { "a.yaml", "name: a\nfrom: nowhere\n" } }, NULL,
	    "E130 2 a.yaml" },
	{ "a circle",
	    { { "a.yaml", "from: b\n" }, { "b.yaml", "\nfrom: a\n" } }, NULL,
	    "E131 2 b.yaml" },
	{ "itself", { { "a.yaml", "from: a\n" } }, NULL, "E131 1 a.yaml" },
	{ "a parent that is a list",
	    { { "a.yaml", "from: b\n" }, { "b.yaml", "[1]\n" } }, NULL,
	    "E133 1 a.yaml" },
	{ "a parent that does not parse",
	    { { "a.yaml", "from: b\n" }, { "b.yaml", "x: [\n" } }, NULL,
	    "E001 2 b.yaml" },
	{ "from must be text", { { "a.yaml", "from: [b]\n" } }, NULL,
	    "E102 1 a.yaml" },

	/* flow */
	{ "a flow is states in a row",
	    { { "a.yaml",
		"flow: [a, 'b?c:a', c]\nstate_defs: {a: {action: "
		"A}}\n" } },
	    "{\"states\":{\"a\":{\"next\":\"b\",\"action\":\"A\"},\"b\":{"
	    "\"on_yes\":\"c\",\"on_no\":\"a\"},\"c\":{\"terminal\":true}}}",
	    NULL },
	{ "states of a child over the flow of its parent",
	    { { "a.yaml", "from: b\nstates: {x: {action: A}, z: {}}\n" },
		{ "b.yaml", "flow: [x, y]\n" } },
	    "{\"states\":{\"x\":{\"next\":\"y\",\"action\":\"A\"},\"y\":{"
	    "\"terminal\":true},\"z\":{}}}",
	    NULL },
	{ "a definition of nobody",
	    { { "a.yaml", "flow: [a]\nstate_defs:\n  b: {action: A}\n" } },
	    "{\"states\":{\"a\":{\"terminal\":true}}}", "W131 3 a.yaml" },
	{ "an entry without a name", { { "a.yaml", "flow: ['?a:b']\n" } }, NULL,
	    "E134 1 a.yaml" },
	{ "half a branch", { { "a.yaml", "flow: ['x?a:']\n" } }, NULL,
	    "E134 1 a.yaml" },
	{ "twice the same", { { "a.yaml", "flow: [a, b,\n  a]\n" } }, NULL,
	    "E134 2 a.yaml" },
	{ "no entry at all", { { "a.yaml", "flow: []\n" } }, NULL,
	    "E134 1 a.yaml" },
	{ "a number as entry", { { "a.yaml", "flow: [1]\n" } }, NULL,
	    "E102 1 a.yaml" },
	{ "flow and states", { { "a.yaml", "flow: [a]\nstates:\n  b: {}\n" } },
	    NULL, "E135 3 a.yaml" },

	/* fragments */
	{ "a state over its fragment",
	    { { "a.yaml",
		"fragments: {f: {description: D, action: A, timeout: "
		"1}}\nstates: {s: {fragment: f, timeout: 2}}\n" } },
	    "{\"states\":{\"s\":{\"action\":\"A\",\"timeout\":2}}}", NULL },
	{ "from a library, whose place is relative to who imports",
	    { { "sub/a.yaml",
		  "import: [lib.yaml]\nstates: {s: {fragment: "
		  "f}}\n" },
		{ "sub/lib.yaml", "fragments: {f: {action: A}}\n" } },
	    "{\"states\":{\"s\":{\"action\":\"A\"}}}", NULL },
	{ "later imports win, the loop's own over all",
	    { { "a.yaml",
		  "import: [l.yaml, m.yaml]\nfragments: {g: {action: "
		  "own}}\nstates: {s: {fragment: f}, t: {fragment: "
		  "g}}\n" },
		{ "l.yaml", "fragments: {f: {action: l}, g: {action: l}}\n" },
		{ "m.yaml", "fragments: {f: {action: m}}\n" } },
	    "{\"states\":{\"s\":{\"action\":\"m\"},\"t\":{\"action\":\"own\"}}"
	    "}",
	    NULL },
	{ "imports of the parent stay",
	    { { "a.yaml",
		  "from: b\nimport: [m.yaml]\nstates: {s: {fragment: "
		  "f}, t: {fragment: g}}\n" },
		{ "b.yaml", "import: [l.yaml]\n" },
		{ "l.yaml", "fragments: {f: {action: l}}\n" },
		{ "m.yaml", "fragments: {g: {action: m}}\n" } },
	    "{\"states\":{\"s\":{\"action\":\"l\"},\"t\":{\"action\":\"m\"}}}",
	    NULL },
	{ "a fragment stands on a fragment",
	    { { "a.yaml",
		"fragments:\n  f: {action: A, timeout: 1}\n  g: "
		"{fragment: f, timeout: 2}\nstates: {s: {fragment: "
		"g, on_error: s}}\n" } },
	    "{\"states\":{\"s\":{\"action\":\"A\",\"timeout\":2,\"on_error\":"
	    "\"s\"}}}",
	    NULL },
	{ "what is no parameter stays for the loop",
	    { { "a.yaml",
		"fragments: {f: {parameters: {p: {type: string}}}}\n"
		"states: {s: {fragment: f, loop: k, with: {p: 1, q: "
		"2}}}\n" } },
	    "{\"states\":{\"s\":{\"loop\":\"k\",\"with\":{\"q\":2}}}}", NULL },
	{ "a fragment nobody wrote",
	    { { "a.yaml", "states:\n  s: {fragment: f}\n" } }, NULL,
	    "E136 2 a.yaml" },
	{ "fragments in a circle",
	    { { "a.yaml",
		"fragments:\n  f: {fragment: g}\n  g: {fragment: "
		"f}\nstates: {s: {fragment: f}}\n" } },
	    NULL, "E131 3 a.yaml" },
	{ "a parameter without a value",
	    { { "a.yaml",
		"fragments: {f: {parameters: {p: {required: "
		"true}}}}\nstates:\n  s: {fragment: f}\n" } },
	    NULL, "E137 3 a.yaml" },
	{ "a value without a parameter",
	    { { "a.yaml",
		"fragments: {f: {}}\nstates:\n  s:\n    fragment: "
		"f\n    with: {q: 1}\n" } },
	    NULL, "E137 5 a.yaml" },
	{ "a library that is not there",
	    { { "a.yaml", "import:\n  - gone.yaml\nstates: {}\n" } }, NULL,
	    "E130 2 a.yaml" },
	{ "import must be a list", { { "a.yaml", "import: x.yaml\n" } }, NULL,
	    "E102 1 a.yaml" },
	{ "an empty library is fine",
	    { { "a.yaml", "import: [l.yaml]\n" }, { "l.yaml", "" } }, "{}",
	    NULL },
};

/* A directory with files; composing starts at the first. */
struct bed {
	char dir[PATH_MAX];
	struct arena a;
	struct diags d;
	struct compose c;
	struct loop_files files;
	const struct val *made;
};

static void
put(struct bed *b, const struct file *f)
{
	struct err e = ERR_INIT;
	const char *path = path_join(&b->a, b->dir, f->name);

	cr_assert_eq(file_mkdirs(path_dir(&b->a, path), 0755, &e), 0);
	cr_assert_eq(
	    file_put(path, f->text, strlen(f->text), 0644, &e), 0, "%s", e.msg);
}

static void
setup(struct bed *b, const struct file *files, size_t n)
{
	static const struct find find; /* neither project nor user */
	char made[] = "/tmp/ll-compose-XXXXXX";
	const char *path;
	const struct val *root;

	memset(b, 0, sizeof(*b));
	cr_assert_not_null(mkdtemp(made));
	cr_assert_not_null(realpath(made, b->dir));
	for (size_t i = 0; i < n && files[i].name; i++)
		put(b, &files[i]);
	path = path_join(&b->a, b->dir, files[0].name);
	root =
	    yml_read(&b->a, path, files[0].text, strlen(files[0].text), &b->d);
	cr_assert_not_null(root);
	b->c = (struct compose) {
		.mem = &b->a, .diags = &b->d, .find = &find, .files = &b->files
	};
	b->made = compose(&b->c, path, root);
}

static void
teardown(struct bed *b)
{
	cr_assert_eq(system(arena_printf(&b->a, "rm -rf '%s'", b->dir)), 0);
	compose_release(&b->c);
	loop_files_release(&b->files);
	diags_release(&b->d);
	arena_release(&b->a);
}

TEST(compose, rows)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *r = &rows[i];
		struct bed b;

		setup(&b, r->files, COUNT(r->files));
		if (r->made) {
			auto_str text = STR_INIT;

			json_write(&text, b.made, 0);
			cr_expect_str_eq(text.buf, r->made, "%s", r->what);
		}
		if (r->fault) {
			const struct diag *d = b.d.at;

			cr_assert(b.d.len > 0, "%s: no fault", r->what);
			cr_expect_str_eq(arena_printf(&b.a, "%s %d %s", d->id,
					     d->at.line, path_base(d->at.file)),
			    r->fault, "%s: %s", r->what, d->msg);
		} else {
			cr_expect_eq(b.d.len, 0, "%s: %s", r->what,
			    b.d.len ? b.d.at[0].msg : "");
		}
		teardown(&b);
	}
}

TEST(compose, parameters_are_bound)
{
	static const struct file files[] = { { "a.yaml",
	    "fragments:\n"
	    "  f: {parameters: {p: {type: string, required: true}, q: "
	    "{default: "
	    "7}, r: {type: string}}}\n"
	    "  g: {fragment: f, parameters: {p: {}, x: {}}, with: {p: "
	    "'${param.p}', q: '${param.x}'}}\n"
	    "states:\n"
	    "  s: {fragment: f, with: {p: hello}}\n"
	    "  t: {fragment: g, with: {p: one, x: two}}\n" } };
	const struct binding *got;
	auto_str text = STR_INIT;
	struct bed b;

	setup(&b, files, 1);
	cr_assert_eq(b.d.len, 0, "%s", b.d.len ? b.d.at[0].msg : "");
	got = map_get(&b.c.bindings, "s")->value;
	json_write(&text, got->with, 0);
	cr_assert_str_eq(text.buf, "{\"p\":\"hello\",\"q\":7}");
	str_reset(&text);
	got = map_get(&b.c.bindings, "t")->value;
	json_write(&text, got->with, 0);
	cr_assert_str_eq(
	    text.buf, "{\"p\":\"one\",\"x\":\"two\",\"q\":\"${param.x}\"}");
	teardown(&b);
}

TEST(compose, places_are_those_of_the_files)
{
	static const struct file files[] = {
		{ "a.yaml", "from: b\nstates:\n  s: {timeout: 1}\n" },
		{ "b.yaml", "states:\n  s:\n    action: x\n" },
	};
	const struct val *s;
	struct bed b;

	setup(&b, files, 2);
	s = val_get(val_get(b.made, "states"), "s");
	cr_assert_str_eq(path_base(val_get(s, "action")->at.file), "b.yaml");
	cr_assert_eq(val_get(s, "action")->at.line, 3);
	cr_assert_str_eq(path_base(val_get(s, "timeout")->at.file), "a.yaml");
	cr_assert_eq(b.files.n, 1, "the loop's own is the caller's");
	cr_assert_str_eq(b.files.at[0].how, "from");
	cr_assert_eq(b.files.at[0].via.line, 1);
	cr_assert(sv_eq(b.files.at[0].text, files[1].text));
	teardown(&b);
}

/* A few lines that would become gigabytes are stopped. */
TEST(compose, is_bounded)
{
	auto_str text = STR_INIT;
	struct file files[1] = { { "a.yaml", NULL } };
	struct bed b;
	bool told = false;

	str_adds(&text, "fragments: {f: {context: {");
	for (int i = 0; i < 1000; i++)
		str_addf(&text, "k%d: 1, ", i);
	str_adds(&text, "}}}\nstates:\n");
	for (int i = 0; i < 1000; i++)
		str_addf(&text, "  s%d: {fragment: f, context: {a: 1}}\n", i);
	files[0].text = text.buf;
	setup(&b, files, 1);
	for (size_t i = 0; i < b.d.len; i++)
		told |= !strcmp(b.d.at[i].id, "E132");
	cr_assert(told);
	cr_assert_leq(b.c.merge.made, MERGE_MAX_MEMBERS + 2);
	teardown(&b);
}
