/*
 * The engine is a fold over its journal (decisions.md §6): for every loop in
 * tests/loops, at every record, the point folded from the file equals the
 * live point byte for byte as JSON.  The runs are real: bash, files, signals.
 */
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "engine/agent.h"
#include "engine/drive.h"
#include "engine/hands.h"
#include "host/spec.h"
#include "loop/family.h"
#include "loop/inputs.h"
#include "loop/load.h"
#include "os/proc.h"
#include "os/tree.h"
#include "store/journal.h"
#include "store/output.h"
#include "test.h"
#include "text/json.h"
#include "text/mask.h"

#include "host_bed.h"

struct bench {
	struct run run;
	struct sig sig;
	struct hands hands;
	struct family *family;
	struct loop_files files;
	VEC(char *) after; /* the live point after each record */
	size_t at;         /* while reading back */
	struct point folded;
	const char *loop;
	struct host *host;
	struct host_bed hosts;
};

static char *
point_json(const struct point *p)
{
	auto_arena a = ARENA_INIT;
	struct str out = STR_INIT;

	json_write(&out, point_val(p, &a), JSON_COMPACT);
	return str_detach(&out);
}

static int
remember(void *self, const struct event *ev, struct err *e)
{
	struct bench *b = self;

	(void)ev;
	(void)e;
	vec_push(&b->after, point_json(&b->run.point));
	return 0;
}

static int
record(void *self, const struct event *ev, struct err *e)
{
	return journal_append(self, ev, e);
}

static int
compare(void *self, const struct event *ev, struct err *e)
{
	struct bench *b = self;
	(void)e;
	cr_assert_lt(b->at, b->after.len);
	point_apply(&b->folded, ev);
	auto_free char *got = point_json(&b->folded);
	cr_assert_str_eq(got, b->after.at[b->at], "%s: after record %zu (%s)",
	    b->loop, b->at + 1, event_name(ev->kind));
	b->at++;
	return 0;
}

static int
end_left(void *self, struct err *e)
{
	struct bench *b = self;

	return tree_end(NULL, 200, &b->sig, e);
}

/* The values of `secrets`, which such a loop has written in its context. */
static struct mask *
mask_of(const struct loop *l)
{
	struct mask *m = l->secrets ? mask_new() : NULL;

	for (size_t i = 0; m && i < l->secrets->list.len; i++)
		mask_add(m,
		    sv(val_str(l->context, l->secrets->list.at[i]->t.p, "")));
	if (m)
		mask_seal(m);
	return m;
}

/* No record holds a secret: not even the longest hides one from the mask. */
static void
check_masked(const struct mask *m, const char *journal)
{
	auto_str text = STR_INIT;
	struct err e = ERR_INIT;

	cr_assert_eq(file_read(journal, 1 << 20, &text, &e), 0, "%s", e.msg);
	cr_assert_not(mask_hits(m, str_sv(&text)));
}

/* Names that are templates. */
static int
find_loop_of(void *self, const char *by, const char *word, struct arena *a,
    const struct loop **out, const struct val **sealed, struct err *e)
{
	struct bench *b = self;
	const struct find where = { 0 };
	const struct load_opts how = { .find = &where, .family = b->family };
	const struct family_ask ask = { &how, by, word, &b->files };

	*sealed = val_map(a);
	return family_find(b->family, &ask, out, e);
}

static int
take_host(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	struct bench *b = self;

	if (host_bed_has(name))
		return host_bed_take(&b->hosts, name, host, program, e);
	return agent_take(b->host, name, host, program, e);
}

static const struct val *
start_fields(struct arena *a, const struct loop *l)
{
	const struct inputs in = { .run_dir = "/nowhere/",
		.max_steps = l->max_steps,
		.max_iterations = l->max_iterations };
	struct diags none = DIAGS_INIT;
	struct val *v = val_map(a);
	const struct val *context;
	struct started at;

	inputs_context(a, l, &in, &none, &at);
	diags_release(&none);
	context = at.context;
	val_set(a, v, "v", val_int(a, 1));
	val_set(a, v, "run", val_text(a, "r"));
	val_set(a, v, "loop", val_text(a, l->name));
	val_set(a, v, "context", context);
	val_set(a, v, "origins", inputs_origins(a, context));
	return v;
}

static void
play(struct bench *b, const struct loop *l, const char *dir)
{
	auto_arena a = ARENA_INIT;
	char *journal = arena_printf(&a, "%s/journal", dir);
	struct err e = ERR_INIT;
	struct journal *j = journal_create(journal, 7, false, &e);
	struct output_opts keep = { .dir = dir,
		.limit = OUTPUT_LIMIT,
		.disk = OUTPUT_DISK_LIMIT,
		.journal = j };
	struct output *out = output_new(&keep);
	struct sink sinks[2] = { { .hear = record, .self = j },
		{ .hear = remember, .self = b } };
	struct mask *mask = mask_of(l);
	struct journal_end end;

	b->run = (struct run) { .loop = l,
		.over = { -1, -1, -1, -1 },
		.sinks = sinks,
		.nsinks = 2,
		.vault = output_vault(out),
		.actor = hands_actor(&b->hands),
		.sweep = { NULL, end_left, b },
		.finder = { find_loop_of, b },
		.hosting = { .take = take_host, .self = b },
		.sig = &b->sig,
		.env = environ,
		.cwd = dir,
		.bash = "/bin/bash",
		.path = "/bin:/usr/bin",
		.direct = true,
		.grace_ms = 200,
		.mask = mask,
		.withheld = mask ? l->context : NULL };
	b->hands = (struct hands) { .sig = &b->sig,
		.due_ms = b->run.vault.due_ms,
		.tick = b->run.vault.settle,
		.tick_self = b->run.vault.self };
	cr_assert_not_null(j, "%s", e.msg);
	cr_assert_eq(sig_init(&b->sig, &e), 0);
	cr_assert_eq(drive(&b->run, start_fields(&a, l), &e), 0, "%s: %s",
	    b->loop, e.msg);
	sig_release(&b->sig);
	output_free(out);
	journal_free(j);

	cr_assert_eq(journal_read(journal, 7, compare, b, &end, &e), 0,
	    "%s: %s", b->loop, e.msg);
	cr_assert_eq(end.state, JOURNAL_WHOLE, "%s: %s", b->loop, end.why);
	cr_assert_eq(b->at, b->after.len);
	cr_assert(b->folded.ended, "%s", b->loop);
	cr_assert_str_neq(
	    val_str(b->folded.end.v, "final_state", ""), "bad", "%s", b->loop);
	if (mask)
		check_masked(mask, journal);
	mask_free(mask);
	b->run.mask = NULL;
}

static void
fold(const char *file)
{
	auto_str text = STR_INIT;
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	const struct find where = { 0 };
	struct bench b = { .loop = file,
		.family = family_new(),
		.files = LOOP_FILES_INIT,
		.host = agent_new() };
	const struct load_opts how = { .find = &where, .family = b.family };
	char dir[] = "/tmp/ll-fold-XXXXXX";
	auto_str rm = STR_INIT;
	struct loop *l;

	cr_assert_not_null(mkdtemp(dir));
	cr_assert_eq(file_read(file, 1 << 20, &text, &e), 0, "%s", e.msg);
	l = loop_load(file, text.buf, text.len, NULL, &how, &d);
	cr_assert_not_null(l, "%s: %s", file, d.len ? d.at[0].msg : "");
	host_bed_init(&b.hosts);
	play(&b, l, dir);
	host_bed_release(&b.hosts);
	for (size_t i = 0; i < b.after.len; i++)
		free(b.after.at[i]);
	vec_release(&b.after);
	point_release(&b.folded);
	run_release(&b.run);
	loop_free(l);
	family_free(b.family);
	host_free(b.host);
	loop_files_release(&b.files);
	diags_release(&d);
	str_addf(&rm, "rm -rf %s", dir);
	cr_assert_eq(system(rm.buf), 0);
}

TEST(fold, equals_the_live_point_at_every_record)
{
	struct err e = ERR_INIT;
	glob_t g;

	cr_assert_eq(proc_become_reaper(&e), 0);
	cr_assert_eq(glob("tests/loops/*.yaml", 0, NULL, &g), 0,
	    "run from the top of the tree");
	for (size_t i = 0; i < g.gl_pathc; i++)
		fold(g.gl_pathv[i]);
	globfree(&g);
}
