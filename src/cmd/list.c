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
#include "cmd/report.h"
#include "gate/ticket.h"
#include "loop/builtin.h"
#include "loop/find.h"
#include "show/span.h"
#include "show/table.h"
#include "text/json.h"
#include "text/yml.h"

struct list_opts {
	bool json, builtin, all, running;
	const char *category, *visibility;
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
	{ .type = OPT_FLAG, .name = "running",
	  .help = "runs that are running instead of loops",
	  .at = offsetof(struct list_opts, running) },
};
/* clang-format on */

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

static bool
read_entry(struct arena *a, const struct listed *l, struct entry *out)
{
	struct diags d = DIAGS_INIT;
	bool listed;

	*out = (struct entry) { .at = l, .visibility = "public", .about = "" };
	out->doc = read_doc(a, l, &d);
	listed = out->doc ? is_loop(out->doc) : true;
	if (!out->doc && d.len)
		out->why = arena_printf(a, "does not parse: %d:%d: %s",
		    d.at[0].at.line, d.at[0].at.col, d.at[0].msg);
	if (out->doc && listed) {
		out->category = val_str(out->doc, "category", NULL);
		out->visibility = val_str(out->doc, "visibility", "public");
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
	const char *shown = x->visibility;
	bool any = o->labels.n == 0;

	if (!x->doc)
		return !o->category && any;
	if (strcmp(shown, "internal") != 0 && strcmp(shown, "example") != 0)
		shown = "public";
	if (!o->all && strcmp(o->visibility, "all") != 0 &&
	    strcmp(o->visibility, shown) != 0)
		return false;
	if (o->category &&
	    (!x->category || strcmp(o->category, x->category) != 0))
		return false;
	for (size_t i = 0; i < o->labels.n; i++)
		any = any || has_label(x, o->labels.at[i]);
	return any;
}

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static const struct val *
entry_val(struct arena *a, const struct entry *x)
{
	const struct val *labels = x->doc ? val_get(x->doc, "labels") : NULL;
	struct val *v = val_map(a);

	val_set(a, v, "name", val_text(a, x->at->name));
	val_set(a, v, "path", val_text(a, x->at->path));
	val_set(a, v, "category", text_or_null(a, x->category));
	val_set(a, v, "labels", labels ? labels : val_list(a));
	val_set(a, v, "visibility", val_text(a, x->visibility));
	val_set(a, v, "description", val_text(a, x->about));
	if (x->at->builtin)
		val_set(a, v, "built_in", val_bool(a, true));
	if (x->why)
		val_set(a, v, "error", val_text(a, x->why));
	return v;
}

static void
say_entries(struct args *a, const struct entry *at, size_t n, size_t hidden)
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
		table_add(&t, x->category ? x->category : "");
		table_add_paint(&t, x->why ? PAINT_BAD : PAINT_NONE,
		    x->why ? x->why : x->about);
	}
	if (n)
		table_show(&t, a->out);
	else
		str_adds(
		    &a->out->buf, hidden ? "No loops match\n" : "No loops\n");
	if (hidden && a->out->tty)
		out_paintf(a->out, PAINT_DIM,
		    "\n%zu more; --all shows those that are not public\n",
		    hidden);
	table_release(&t);
}

static int
loops(const struct list_opts *o, struct args *a)
{
	const struct find where = {
		.project = path_join(a->mem, cmd_root(a), ".loops"),
		.user = cmd_user_loops(a->mem),
		.builtin_only = o->builtin,
	};
	struct val *doc = val_list(a->mem);
	struct listed *all;
	struct entry *at;
	size_t n, kept = 0, hidden = 0;

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
		say_entries(a, at, kept, hidden);
	}
	return 0;
}

static void
add_running(struct args *a, struct table *t, const struct val *v)
{
	char span[SPAN_TEXT];
	const char *phase = val_str(v, "phase", "");

	table_add(t, val_str(v, "run", ""));
	table_add(t, val_str(v, "current_state", "(starting)"));
	table_add(t, arena_printf(a->mem, "%lld", val_num(v, "iteration", 0)));
	table_add_paint(t, report_paint(phase), phase);
	table_add(t,
	    arena_strdup(
		a->mem, span_whole(val_num(v, "elapsed_ms", 0), span)));
}

static void
say_running(struct args *a, const struct val *doc)
{
	static const struct table_col cols[] = {
		{ "RUN", PAINT_BOLD, false },
		{ "STATE", PAINT_NONE, false },
		{ "STEP", PAINT_NONE, true },
		{ "PHASE", PAINT_NONE, false },
		{ "TIME", PAINT_NONE, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < doc->list.len; i++)
		add_running(a, &t, doc->list.at[i]);
	if (doc->list.len)
		table_show(&t, a->out);
	else
		str_adds(&a->out->buf, "No running loops\n");
	table_release(&t);
}

static int
running(const struct list_opts *o, struct args *a, struct err *e)
{
	struct val *doc = val_list(a->mem);
	const char *root = cmd_root(a);
	struct ticket_seen *seen;
	size_t n;

	if (ticket_list(a->mem, root, &seen, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct run_info info;
		struct err gone = ERR_INIT;

		if (!seen[i].alive ||
		    runs_open(a->mem, root, seen[i].run, true, &info, &gone) <
			0)
			continue;
		val_push(a->mem, doc, report_val(a->mem, &info, false));
		run_info_release(&info);
	}
	if (o->json) {
		json_write(&a->out->buf, doc, JSON_PRETTY);
		str_addc(&a->out->buf, '\n');
	} else {
		say_running(a, doc);
	}
	return 0;
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct list_opts *o = given;

	return o->running ? running(o, a, e) : loops(o, a);
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
