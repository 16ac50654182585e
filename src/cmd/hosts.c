/*
 * hosts: which agents can run prompts, where their files are, and whether
 * one would work.  Nothing is sent to anybody; a program is only asked for
 * its version.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "base/path.h"
#include "cmd/findings.h"
#include "cmd/hosts_part.h"
#include "show/table.h"
#include "text/json.h"
#include "text/yml.h"

struct hosts_opts {
	bool json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: list: [{name, description, chosen, ...}]",
	  .at = offsetof(struct hosts_opts, json) },
};
/* clang-format on */

void
hosts_where_init(struct hosts_where *w, struct args *a)
{
	const char *loops = path_join(a->mem, cmd_root(a), ".loops");

	w->shelf = (struct shelf) {
		.project = path_join(a->mem, loops, "hosts"),
		.user = cmd_user_file(a->mem, "hosts"),
	};
	w->in = (struct choose_in) {
		.shelf = &w->shelf,
		.variable = getenv("LL_HOST_CLI"),
		.configured =
		    a->settings ? settings_text(a->settings, SET_HOST) : NULL,
		.path = getenv("PATH"),
		.env = (const char *const *)environ,
	};
}

const char *
hosts_verified(const struct host *h)
{
	auto_arena a = ARENA_INIT;
	const char *const *at;

	return !h->verified               ? "no"
	    : host_unverified(h, &a, &at) ? "partly"
					  : "yes";
}

const struct val *
hosts_unverified(struct arena *a, const struct host *h)
{
	struct val *list = val_list(a);
	const char *const *at;
	size_t n = host_unverified(h, a, &at);

	for (size_t i = 0; i < n; i++)
		val_push(a, list, val_text(a, at[i]));
	return list;
}

void
hosts_say(struct args *a, const struct diags *d, const char *file)
{
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;

	if (!d->len)
		return;
	if (file_read(file, YML_MAX_BYTES, &text, &e) < 0)
		str_reset(&text);
	findings_say_file(a->said, d, file, str_sv(&text));
}

/* One line of the list; `host` NULL: its file is wrong. */
struct line {
	const struct shelf_entry *at;
	struct host *host;
	const char *program; /* NULL: not ready */
	const char *why;     /* why not */
	bool chosen;
};

struct list {
	struct line *at;
	size_t n;
};

static void
list_init(struct list *l, struct args *a, const struct hosts_where *w)
{
	const struct shelf_entry *at;
	struct diags unused = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct chosen c = { NULL, NULL, NULL };
	bool one = choose_host(&w->in, a->mem, &c, &unused, &e) == 0;

	diags_release(&unused);
	l->n = shelf_list(&w->shelf, a->mem, &at);
	l->at = arena_new(a->mem, (l->n + 1) * sizeof(*l->at));
	for (size_t i = 0; i < l->n; i++) {
		struct line *x = &l->at[i];
		struct diags d = DIAGS_INIT;
		struct err why = ERR_INIT;

		x->at = &at[i];
		x->host = shelf_read(&w->shelf, x->at, &d, &why);
		diags_sort(&d);
		hosts_say(a, &d, x->at->file);
		diags_release(&d);
		if (x->host)
			x->program =
			    choose_program(&w->in, x->host, a->mem, &why);
		x->why = arena_strdup(a->mem, why.msg);
		x->chosen = one && !strcmp(c.host->name, x->at->name);
	}
	host_free(c.host);
}

static void
list_release(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		host_free(l->at[i].host);
}

static void
show(struct args *a, const struct list *l)
{
	static const struct table_col cols[] = {
		{ "", PAINT_GOOD, false },
		{ "HOST", PAINT_BOLD, false },
		{ "VERIFIED", PAINT_NONE, false },
		{ "FROM", PAINT_DIM, false },
		{ "PROGRAM", PAINT_NONE, false },
		{ "DESCRIPTION", PAINT_DIM, false },
	};
	struct table t = { .cols = cols, .ncols = COUNT(cols) };

	for (size_t i = 0; i < l->n; i++) {
		const struct line *x = &l->at[i];
		const struct host *h = x->host;

		table_add(&t, x->chosen ? "*" : "");
		table_add(&t, x->at->name);
		table_add(&t, h ? hosts_verified(h) : "-");
		table_add(&t, x->at->from);
		if (x->program)
			table_add(&t, x->program);
		else
			table_add_paint(&t, PAINT_WARN,
			    h ? "not ready" : "its file is wrong");
		table_add(&t, h ? h->description : "");
	}
	table_show(&t, a->out);
	table_release(&t);
}

static const struct val *
text_or_null(struct arena *a, const char *s)
{
	return s ? val_text(a, s) : val_null(a);
}

static const struct val *
line_val(struct arena *a, const struct line *x)
{
	struct val *v = val_map(a);
	const struct host *h = x->host;

	val_set(a, v, "name", val_text(a, x->at->name));
	val_set(a, v, "from", val_text(a, x->at->from));
	val_set(a, v, "file", val_text(a, x->at->file));
	val_set(a, v, "chosen", val_bool(a, x->chosen));
	val_set(a, v, "ready", val_bool(a, x->program != NULL));
	val_set(a, v, "path", text_or_null(a, x->program));
	val_set(a, v, "why", text_or_null(a, x->program ? NULL : x->why));
	if (!h)
		return v;
	val_set(a, v, "description", val_text(a, h->description));
	val_set(a, v, "verified", val_bool(a, h->verified));
	val_set(a, v, "unverified", hosts_unverified(a, h));
	val_set(a, v, "program", val_text(a, h->program));
	val_set(a, v, "install", text_or_null(a, h->install));
	return v;
}

static void
show_json(struct args *a, const struct list *l)
{
	struct val *all = val_list(a->mem);

	for (size_t i = 0; i < l->n; i++)
		val_push(a->mem, all, line_val(a->mem, &l->at[i]));
	json_write(&a->out->buf, all, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
}

static void
list(struct args *a, bool json)
{
	struct hosts_where w;
	struct list l;

	hosts_where_init(&w, a);
	list_init(&l, a, &w);
	if (json)
		show_json(a, &l);
	else
		show(a, &l);
	list_release(&l);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct hosts_opts *o = given;
	bool check = !strcmp(a->at[0], "check");

	if (check && a->n == 2)
		return hosts_check(a, a->at[1], o->json, e);
	if (strcmp(a->at[0], "list") != 0 || a->n > 1)
		return err_set(e, ERR_USAGE,
		    check ? "'hosts check' needs the name of a host"
			  : "say 'hosts list' or 'hosts check NAME'");
	list(a, o->json);
	return 0;
}

const struct cmd cmd_hosts = {
	.name = "hosts",
	.usage = "list [--json] | check [--json] NAME",
	.summary = "show the agents that can run prompts",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct hosts_opts),
	.min = 1,
	.max = 2,
	.needs = NEEDS_SETTINGS,
	.run = run,
};
