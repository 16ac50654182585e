/*
 * What a run began with.  Its journal is the witness: the first record, whose
 * sum holds for run.json too, has the context, and run.json the sums of the
 * sealed files.  Nothing of today's project is looked at.
 */
#include "cmd/again.h"

#include <string.h>

#include "base/auto.h"
#include "base/path.h"
#include "cmd/again_stood.h"
#include "cmd/report.h"
#include "store/output.h"
#include "text/json.h"

enum { VALUE_MAX = 64 << 20 }; /* bytes; far over what a run takes */

/* ---- the context ---- */

/* A value that went to a file, read back. */
static const struct val *
long_value(struct arena *a, const struct place_run *p, const struct member *m,
    struct err *e)
{
	const char *sum = val_str(m->v, "sum", "");
	const char *file = path_join(
	    a, p->output, path_base(val_str(m->v, "file", "missing")));
	long long bytes = val_num(m->v, "bytes", -1);
	const struct val *json = val_get(m->v, "json"), *v;
	auto_str text = STR_INIT;

	if (bytes < 0 || bytes > VALUE_MAX ||
	    output_load(file, bytes, sum, &text, e) < 0) {
		if (e->kind == ERR_NONE)
			err_set(e, ERR_INPUT, "%s: not as recorded", file);
		if (e->kind == ERR_ABSENT)
			e->kind = ERR_INPUT;
		err_wrap(e, "the context variable '%s'", m->key);
		return NULL;
	}
	v = json && json->kind == VAL_BOOL && json->b
	    ? json_read(a, text.buf, text.len, ORIGIN_FILE, e)
	    : val_bytes(a, text.buf, text.len);
	return v ? val_taint(a, v, origin_of(val_str(m->v, "origin", "data")))
		 : NULL;
}

/* The same value, trusted as it was then and no more. */
static const struct val *
as_it_was(struct arena *a, const struct val *v, enum origin o)
{
	struct val *copy = arena_new(a, sizeof(*copy));

	*copy = *val_taint(a, v, o);
	return copy;
}

/* As it began, or as it is where the run stands. */
static int
read_context(struct again *g, struct args *args, const struct run_info *info,
    struct err *e)
{
	const struct val *start = info->point.start.v;
	const struct frame *f = g->stood ? point_bottom(&info->point) : NULL;
	const struct val *context =
	    f ? f->context.v : val_get(start, "context");
	const struct val *files =
	    f ? f->files.v : val_get(start, "context_files");
	const struct val *origins = val_get(start, "origins");
	struct arena *a = args->mem;
	struct val *out = val_map(a);

	for (size_t i = 0; context && i < context->map.len; i++) {
		const struct member *m = &context->map.at[i];
		enum origin o = f ? val_origin(m->v)
				  : origin_of(val_str(origins, m->key, "file"));

		if (o != ORIGIN_RUNNER)
			val_set(a, out, m->key, as_it_was(a, m->v, o));
	}
	for (size_t i = 0; files && i < files->map.len; i++) {
		const struct member *m = &files->map.at[i];
		const struct val *v = long_value(a, &info->place, m, e);

		if (!v)
			return -1;
		val_set(a, out, m->key, v);
	}
	g->context = val_copy(a, out);
	return 0;
}

/* ---- the rest ---- */

static const struct val *
list_of(struct arena *a, const struct val *map, const char *key)
{
	const struct val *list = val_get(map, key);

	return list && list->kind == VAL_LIST ? val_copy(a, list) : val_list(a);
}

/* The word of the command line, which named the first file. */
static const char *
word_of(const struct loop_files *f)
{
	for (size_t i = 0; i < f->nwords; i++)
		if (!f->words[i].by)
			return f->words[i].word;
	return NULL;
}

/* Where the actions ran; when the project has moved, there. */
static const char *
cwd_of(struct args *args, const struct val *start)
{
	const char *root = val_str(start, "root", "");
	const char *cwd = val_str(start, "cwd", "/");
	size_t n = strlen(root);

	if (!n || strncmp(cwd, root, n) != 0 || (cwd[n] && cwd[n] != '/'))
		return arena_strdup(args->mem, cwd);
	return arena_printf(args->mem, "%s%s", cmd_root(args), cwd + n);
}

/* A loop whose name is a template was read when it was called. */
struct later {
	struct again *g;
	struct arena *a;
	const struct place_run *place;
};

/* What one of its operators gave, and what was withheld of that. */
static void
hear_operator(struct later *l, const struct event *ev)
{
	const struct val *more = val_get(ev->fields, "withheld");
	struct val *all = val_list(l->a);

	if (!more || more->kind != VAL_LIST)
		return;
	for (size_t i = 0; l->g->withheld && i < l->g->withheld->list.len; i++)
		val_push(l->a, all, l->g->withheld->list.at[i]);
	for (size_t i = 0; i < more->list.len; i++)
		val_push(l->a, all, val_copy(l->a, more->list.at[i]));
	l->g->withheld = all;
}

static int
hear(void *self, const struct event *ev, struct err *e)
{
	struct later *l = self;

	if (ev->kind == EV_OPERATOR && l->g->stood)
		hear_operator(l, ev);
	if (ev->kind == EV_LOOP_RESUME && val_get(ev->fields, "options"))
		l->g->raised = val_copy(l->a, val_get(ev->fields, "options"));
	if (ev->kind != EV_SEALED)
		return 0;
	/* What was accepted later is not what the run began with. */
	if (val_get(ev->fields, "accepted") && !l->g->stood)
		return 0;
	return sealed_add(
	    l->a, l->place, &l->g->sealed, val_copy(l->a, ev->fields), e);
}

static int
read_sealed(struct again *g, struct args *args, const struct run_info *info,
    struct err *e)
{
	struct later l = { g, args->mem, &info->place };
	struct journal_end end;

	if (sealed_read(args->mem, &info->place, &g->sealed, e) < 0)
		return -1;
	return runs_events(
	    args->mem, info->place.root, g->run, hear, &l, &end, e);
}

static int
read_start(struct again *g, struct args *args, const struct run_info *info,
    struct err *e)
{
	const struct val *start = info->point.start.v;

	if (info->unreadable)
		return err_set(e, ERR_INPUT, "run '%s' cannot be read: %s",
		    g->run, info->why);
	if (!start)
		return err_set(e, ERR_INPUT,
		    "run '%s' has not recorded how it began%s%s", g->run,
		    info->end.why[0] ? ": " : "", info->end.why);
	g->withheld = list_of(args->mem, start, "withheld");
	if (read_sealed(g, args, info, e) < 0)
		return -1;
	g->word = word_of(&g->sealed.files);
	g->options = val_get(g->sealed.json, "options");
	if (!g->raised)
		g->raised = val_map(args->mem);
	if (!g->word || !g->options)
		return err_set(e, ERR_INPUT,
		    "run '%s' has not recorded what it was asked for", g->run);
	g->cwd = cwd_of(args, start);
	g->secrets = list_of(args->mem, start, "secrets");
	return read_context(g, args, info, e);
}

static int
read_run(struct args *args, const char *run, bool stands, struct again *out,
    struct err *e)
{
	struct again g = { .run = run, .sealed = { .files = LOOP_FILES_INIT } };
	struct run_info info;
	int rc = 0;

	if (report_open(args, cmd_root(args), run, &info, e) < 0)
		return -1;
	if (stands)
		rc = again_stood(args, &info, &g.stood, e);
	if (rc == 0)
		rc = read_start(&g, args, &info, e);
	run_info_release(&info);
	if (rc < 0)
		again_release(&g);
	else
		*out = g;
	return rc;
}

int
again_read(struct args *args, const char *run, struct again *out, struct err *e)
{
	return read_run(args, run, false, out, e);
}

int
again_read_on(
    struct args *args, const char *run, struct again *out, struct err *e)
{
	return read_run(args, run, true, out, e);
}

const struct val *
again_secrets(struct args *a, const struct again *g)
{
	const struct val *more = settings_list(a->settings, SET_SECRETS);
	struct val *all = val_list(a->mem);

	if (!g || !g->secrets->list.len)
		return more;
	for (size_t i = 0; i < g->secrets->list.len; i++)
		val_push(a->mem, all, g->secrets->list.at[i]);
	for (size_t i = 0; more && i < more->list.len; i++)
		val_push(a->mem, all, more->list.at[i]);
	return all;
}

void
again_release(struct again *g)
{
	sealed_release(&g->sealed);
}
