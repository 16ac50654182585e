/*
 * list: loops that can be run, or runs that are running.  Of a loop only its
 * head is read, so that a hundred files cost milliseconds; whether it is
 * right is validate's question.  Files that are no loops (libraries of
 * fragments) are not listed; a file that does not parse is, with the reason.
 */
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/head.h"
#include "cmd/list_runs.h"
#include "cmd/where.h"
#include "loop/builtin.h"
#include "loop/find.h"
#include "show/table.h"
#include "text/json.h"
#include "text/yml.h"

struct list_opts {
	bool json, builtin, all, internal, examples, running, grid, whole;
	const char *category, *visibility, *status;
	struct opt_list labels;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print a JSON list",
	  .at = offsetof(struct list_opts, json) },
	{ .type = OPT_FLAG, .name = "builtin",
	  .help = "only the shipped loops",
	  .at = offsetof(struct list_opts, builtin) },
	{ .type = OPT_TEXT, .letter = 'c', .name = "category", .arg = "NAME",
	  .help = "only loops of this category",
	  .at = offsetof(struct list_opts, category) },
	{ .type = OPT_LIST, .name = "label", .arg = "LABEL",
	  .help = "only loops with this label; may be given again (any of them)",
	  .at = offsetof(struct list_opts, labels) },
	{ .type = OPT_CHOICE, .name = "visibility", .arg = "WORD",
	  .choices = "public|internal|example|all",
	  .help = "public (the default), internal, example or all",
	  .at = offsetof(struct list_opts, visibility) },
	{ .type = OPT_FLAG, .letter = 'a', .name = "all",
	  .help = "the same as --visibility all",
	  .at = offsetof(struct list_opts, all) },
	{ .type = OPT_FLAG, .name = "internal",
	  .help = "the same as --visibility internal",
	  .at = offsetof(struct list_opts, internal) },
	{ .type = OPT_FLAG, .name = "examples",
	  .help = "the same as --visibility example",
	  .at = offsetof(struct list_opts, examples) },
	{ .type = OPT_FLAG, .name = "grid",
	  .help = "only names, in columns",
	  .at = offsetof(struct list_opts, grid) },
	{ .type = OPT_FLAG, .name = "no-truncate",
	  .help = "descriptions in full",
	  .at = offsetof(struct list_opts, whole) },
	{ .type = OPT_FLAG, .letter = 'l', .name = "long",
	  .help = "a line for each loop", .how = OPT_IDLE,
	  .note = "it is so anyway" },
	{ .type = OPT_FLAG, .name = "running",
	  .help = "runs that are running instead of loops",
	  .at = offsetof(struct list_opts, running) },
	{ .type = OPT_TEXT, .name = "status", .arg = "WORD",
	  .help = "runs of this status or phase instead of loops",
	  .at = offsetof(struct list_opts, status) },
};
/* clang-format on */

enum { GAP = 2 };

static const struct list_opts initial = { .visibility = "public" };

/* What a listing says of one loop. */
struct entry {
	const struct listed *at;
	const struct val *doc; /* NULL: does not parse */
	const char *why;       /* then */
	const char *category, *visibility, *about;
};

static const struct builtin *
shipped(const char *name)
{
	const struct builtin *b = builtins;

	while (b->name && strcmp(b->name, name) != 0)
		b++;
	return b->name ? b : NULL;
}

static const struct val *
read_doc(struct arena *a, const struct listed *l, struct diags *d)
{
	const struct builtin *b = l->builtin ? shipped(l->name) : NULL;
	struct err e = ERR_INIT;
	auto_str text = STR_INIT;
	const struct place at = { l->path, 0, 0 };

	if (b)
		return head_read(a, l->path, b->text, b->len, d);
	if (file_read(l->path, YML_MAX_BYTES, &text, &e) == 0)
		return head_read(a, l->path, text.buf, text.len, d);
	diag_add(d, at, "E020", "<root>", "%s", e.msg);
	return NULL;
}

/* A description on one line. */
static const char *
one_line(struct arena *a, const char *text)
{
	auto_str out = STR_INIT;

	for (const char *p = text; *p; p++) {
		bool blank = strchr(" \t\r\n", *p) != NULL;

		if (!blank)
			str_addc(&out, *p);
		else if (out.len && out.buf[out.len - 1] != ' ')
			str_addc(&out, ' ');
	}
	while (out.len && out.buf[out.len - 1] == ' ')
		str_cut(&out, out.len - 1);
	return arena_dup(a, out.buf, out.len);
}

/* A loop has a name, a start and states, or takes them from another. */
static bool
is_loop(const struct val *doc)
{
	if (doc->kind != VAL_MAP || !val_get(doc, "name"))
		return false;
	return val_get(doc, "from") ||
	    (val_get(doc, "initial") &&
		(val_get(doc, "states") || val_get(doc, "flow")));
}

/* Who should see a loop; an unknown word is public. */
static const char *
tier(const char *word)
{
	static const char *const words[] = { "internal", "example" };

	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(words[i], word) == 0)
			return words[i];
	return "public";
}

static bool
read_entry(struct arena *a, const struct listed *l, struct entry *out)
{
	struct diags d = DIAGS_INIT;
	bool listed;

	*out = (struct entry) {
		.at = l, .category = "", .visibility = "public", .about = ""
	};
	out->doc = read_doc(a, l, &d);
	listed = out->doc ? is_loop(out->doc) : true;
	if (!out->doc && d.len)
		out->why = arena_printf(a, "does not parse: %d:%d: %s",
		    d.at[0].at.line, d.at[0].at.col, d.at[0].msg);
	if (out->doc && listed) {
		out->category = val_str(out->doc, "category", "");
		out->visibility = tier(val_str(out->doc, "visibility", ""));
		out->about = one_line(a, val_str(out->doc, "description", ""));
	}
	diags_release(&d);
	return listed;
}

static bool
has_label(const struct entry *x, const char *label)
{
	const struct val *labels = val_get(x->doc, "labels");

	if (!labels || labels->kind != VAL_LIST)
		return false;
	for (size_t i = 0; i < labels->list.len; i++) {
		const struct val *v = labels->list.at[i];

		if (v->kind == VAL_TEXT && strcasecmp(v->t.p, label) == 0)
			return true;
	}
	return false;
}

static bool
is_wanted(const struct list_opts *o, const struct entry *x)
{
	const char *tier = o->all ? "all"
	    : o->internal         ? "internal"
	    : o->examples         ? "example"
				  : o->visibility;
	bool any = o->labels.n == 0;

	if (!x->doc)
		return !o->category && any;
	if (strcmp(tier, "all") != 0 && strcmp(tier, x->visibility) != 0)
		return false;
	if (o->category && strcmp(o->category, x->category) != 0)
		return false;
	for (size_t i = 0; i < o->labels.n; i++)
		any = any || has_label(x, o->labels.at[i]);
	return any;
}

static const struct val *
entry_val(struct arena *a, const struct entry *x)
{
	const struct val *labels = x->doc ? val_get(x->doc, "labels") : NULL;
	struct val *v = val_map(a);

	val_set(a, v, "name", val_text(a, x->at->name));
	val_set(a, v, "path", val_text(a, x->at->path));
	val_set(a, v, "category", val_text(a, x->category));
	val_set(a, v, "labels", labels ? labels : val_list(a));
	val_set(a, v, "visibility", val_text(a, x->visibility));
	val_set(a, v, "description", val_text(a, x->about));
	if (x->at->builtin)
		val_set(a, v, "built_in", val_bool(a, true));
	if (x->at->hides)
		val_set(a, v, "hides", val_text(a, x->at->hides));
	if (x->why)
		val_set(a, v, "error", val_text(a, x->why));
	return v;
}

/* What a table has room for: the first sentence. */
static const char *
brief(struct arena *a, const char *about)
{
	const char *end = strstr(about, ". ");

	return end ? arena_dup(a, about, (size_t)(end - about)) : about;
}

/* Names below each other first, then beside, in as many columns as fit. */
static void
say_grid(struct args *a, const struct entry *at, size_t n)
{
	struct str *out = &a->out->buf;
	size_t widest = 0, across, down;

	for (size_t i = 0; i < n; i++)
		if (strlen(at[i].at->name) > widest)
			widest = strlen(at[i].at->name);
	across = ((size_t)a->out->width + GAP) / (widest + GAP);
	across = across ? across : 1;
	down = (n + across - 1) / across;
	for (size_t i = 0; i < down; i++) {
		for (size_t k = i; k < n; k += down) {
			const char *name = at[k].at->name;
			bool last = k + down >= n;

			str_adds(out, name);
			str_addf(out, "%*s",
			    last ? 0 : (int)(widest + GAP - strlen(name)), "");
		}
		str_addc(out, '\n');
	}
}

static void
say_entries(struct args *a, const struct entry *at, size_t n, bool whole)
{
	static const struct table_col cols[] = {
		{ "LOOP", PAINT_BOLD, false },
		{ "FROM", PAINT_DIM, false },
		{ "CATEGORY", PAINT_NONE, false },
		{ "WHAT IT DOES", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < n; i++) {
		const struct entry *x = &at[i];

		table_add(&t, x->at->name);
		table_add(&t, x->at->builtin ? "built-in" : "file");
		table_add(&t, x->category);
		table_add_paint(&t, x->why ? PAINT_BAD : PAINT_NONE,
		    x->why      ? x->why
			: whole ? x->about
				: brief(a->mem, x->about));
	}
	table_show(&t, a->out);
	table_release(&t);
}

static void
say(const struct list_opts *o, struct args *a, const struct entry *at, size_t n,
    size_t hidden)
{
	if (o->whole)
		a->out->width = 0;
	if (!n)
		str_adds(
		    &a->out->buf, hidden ? "No loops match\n" : "No loops\n");
	else if (o->grid)
		say_grid(a, at, n);
	else
		say_entries(a, at, n, o->whole);
	if (hidden && a->out->tty)
		out_paintf(a->out, PAINT_DIM,
		    "\n%zu more; --all shows those that are not public\n",
		    hidden);
}

static int
loops(const struct list_opts *o, struct args *a)
{
	struct find where = cmd_where(a);
	struct val *doc = val_list(a->mem);
	struct listed *all;
	struct entry *at;
	size_t n, kept = 0, hidden = 0;

	where.builtin_only = o->builtin;
	find_all(&where, a->mem, &all, &n);
	at = arena_new(a->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		if (!read_entry(a->mem, &all[i], &at[kept]))
			continue;
		if (!is_wanted(o, &at[kept])) {
			hidden++;
			continue;
		}
		val_push(a->mem, doc, entry_val(a->mem, &at[kept]));
		kept++;
	}
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say(o, a, at, kept, hidden);
	}
	return 0;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct list_opts *o = given;

	return o->running || o->status
	    ? list_runs(a, o->status, o->running, o->json, e)
	    : loops(o, a);
}

const struct cmd cmd_list = {
	.name = "list",
	.alias = "l",
	.usage = "[options]",
	.summary = "list loops, or what is running",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct list_opts),
	.init = &initial,
	.run = run,
};
