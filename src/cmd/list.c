/*
 * list: loops that can be run, or runs that are running.  Of a loop only its
 * head is read, so that a hundred files cost milliseconds; whether it is
 * right is validate's question.  Files that are no loops (libraries of
 * fragments) are not listed; a file that does not parse is, with the reason.
 */
#include <string.h>
#include <strings.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/list_entry.h"
#include "cmd/list_runs.h"
#include "cmd/where.h"
#include "loop/find.h"
#include "show/table.h"
#include "text/json.h"

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

static bool
has_label(const struct list_entry *x, const char *label)
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
is_wanted(const struct list_opts *o, const struct list_entry *x)
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

static const char *
shown_from(const char *from)
{
	return strcmp(from, "builtin") == 0 ? "built-in" : from;
}

/* Whose it is, and what nobody sees because of it. */
static const char *
origin_text(struct arena *a, const struct listed *l)
{
	const char *from = shown_from(l->from);

	if (!l->hides)
		return from;
	if (strcmp(l->hides, l->from) == 0)
		return arena_printf(
		    a, "%s, hides %s", from, path_base(l->hides_path));
	return arena_printf(a, "%s, hides %s", from, shown_from(l->hides));
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
say_grid(struct args *a, const struct list_entry *at, size_t n)
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
say_entries(struct args *a, const struct list_entry *at, size_t n, bool whole)
{
	static const struct table_col cols[] = {
		{ "LOOP", PAINT_BOLD, false },
		{ "FROM", PAINT_DIM, false },
		{ "CATEGORY", PAINT_NONE, false },
		{ "WHAT IT DOES", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < n; i++) {
		const struct list_entry *x = &at[i];

		table_add(&t, x->at->name);
		table_add(&t, origin_text(a->mem, x->at));
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
say(const struct list_opts *o, struct args *a, const struct list_entry *at,
    size_t n, size_t hidden)
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
	struct list_entry *at;
	size_t n, kept = 0, hidden = 0;

	where.builtin_only = o->builtin;
	find_all(&where, a->mem, &all, &n);
	at = arena_new(a->mem, (n + 1) * sizeof(*at));
	for (size_t i = 0; i < n; i++) {
		if (!list_entry_read(a, &all[i], &at[kept]))
			continue;
		if (!is_wanted(o, &at[kept])) {
			hidden++;
			continue;
		}
		val_push(a->mem, doc, list_entry_val(a->mem, &at[kept]));
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
