/*
 * fragments: what a library (or a loop) offers to `fragment:`: the names,
 * their parameters, the first line of what each says about itself.
 */
#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/cmd.h"
#include "cmd/findings.h"
#include "cmd/where.h"
#include "loop/find.h"
#include "show/table.h"
#include "text/json.h"
#include "text/yml.h"

struct fragments_opts {
	bool json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON: [{name, description, parameters}]",
	  .at = offsetof(struct fragments_opts, json) },
};
/* clang-format on */

/* As it is typed, else among the project's loops, the user's, the shipped. */
static int
find(struct args *a, struct found *out, struct err *e)
{
	struct find where = cmd_where(a);

	if (find_loop(&where, a->at[0], a->mem, out, e) == 0)
		return 0;
	if (e->kind != ERR_ABSENT)
		return -1;
	where.referrer = path_join(a->mem, where.project, "any");
	return find_loop(&where, a->at[0], a->mem, out, e);
}

/* The fragments of a file, or NULL after findings on stderr. */
static const struct val *
read_all(struct args *a, const struct found *f, struct err *e)
{
	struct diags d = DIAGS_INIT;
	const struct val *root, *all;

	root = yml_read(a->mem, f->path, f->text.buf, f->text.len, &d);
	findings_say_file(a->said, &d, f->path, str_sv(&f->text));
	diags_release(&d);
	if (!root || root->kind != VAL_MAP) {
		err_set(e, ERR_INPUT, "'%s' is no library", a->at[0]);
		return NULL;
	}
	all = val_get(root, "fragments");
	return all && all->kind == VAL_MAP ? all : val_map(a->mem);
}

/* The first line of its description. */
static const char *
about(struct arena *a, const struct val *fragment)
{
	const char *text = val_str(fragment, "description", "");

	return arena_dup(a, text, strcspn(text, "\n"));
}

static const char *
parameters(struct arena *a, const struct val *fragment)
{
	const struct val *all = val_get(fragment, "parameters");
	auto_str text = STR_INIT;

	for (size_t i = 0; all && all->kind == VAL_MAP && i < all->map.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "", all->map.at[i].key);
	return arena_strdup(a, text.buf);
}

static void
show(struct args *a, const struct val *all)
{
	static const struct table_col cols[] = {
		{ "Fragment", PAINT_BOLD, false },
		{ "Parameters", PAINT_NONE, false },
		{ "Description", PAINT_DIM, false },
	};
	struct table t = { cols, COUNT(cols), VEC_INIT };

	if (!all->map.len) {
		str_addf(
		    &a->out->buf, "No fragments defined in: %s\n", a->at[0]);
		return;
	}
	for (size_t i = 0; i < all->map.len; i++) {
		const struct val *v = all->map.at[i].v;

		table_add(&t, all->map.at[i].key);
		table_add(&t, parameters(a->mem, v));
		table_add(&t, about(a->mem, v));
	}
	table_show(&t, a->out);
	table_release(&t);
}

static void
show_json(struct args *a, const struct val *all)
{
	struct val *list = val_list(a->mem);

	for (size_t i = 0; i < all->map.len; i++) {
		const struct member *m = &all->map.at[i];
		const struct val *spec = val_get(m->v, "parameters");
		struct val *v = val_map(a->mem);

		val_set(a->mem, v, "name", val_text(a->mem, m->key));
		val_set(a->mem, v, "description",
		    val_text(a->mem, val_str(m->v, "description", "")));
		val_set(a->mem, v, "parameters",
		    spec && spec->kind == VAL_MAP ? spec : val_map(a->mem));
		val_push(a->mem, list, v);
	}
	json_write(&a->out->buf, list, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct fragments_opts *o = given;
	struct found f = { .text = STR_INIT };
	const struct val *all;

	if (find(a, &f, e) < 0)
		return -1;
	all = read_all(a, &f, e);
	str_release(&f.text);
	if (!all)
		return -1;
	if (o->json)
		show_json(a, all);
	else
		show(a, all);
	return 0;
}

const struct cmd cmd_fragments = {
	.name = "fragments",
	.usage = "[--json] LIBRARY",
	.summary = "list the fragments of a library",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct fragments_opts),
	.min = 1,
	.max = 1,
	.run = run,
};
