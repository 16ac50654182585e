/*
 * Real runs that break off after any of their records and are resumed.
 */
#ifndef TESTS_ENGINE_AGAIN_BED_H
#define TESTS_ENGINE_AGAIN_BED_H

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "base/file.h"
#include "engine/drive.h"
#include "engine/hands.h"
#include "loop/family.h"
#include "loop/inputs.h"
#include "loop/load.h"
#include "os/proc.h"
#include "os/tree.h"
#include "store/journal.h"
#include "store/output.h"
#include "test.h"
#include "text/json.h"

enum { CUTS_MAX = 300 };

struct bench {
	struct run run;
	struct sig sig;
	struct hands hands;
	struct family *family;
	struct loop *loop;
	struct loop_files files;
	struct journal *journal;
	struct output *output;
	struct sink sinks[1];
	const char *dir;
	long long stop_after; /* records; 0: never */
	char *path;           /* of the journal */
	struct point folded;
	struct hosting hosting;
};

static inline int
record(void *self, const struct event *ev, struct err *e)
{
	struct bench *b = self;

	if (b->stop_after && ev->seq > b->stop_after)
		return err_set(e, ERR_IO, "cut here");
	return journal_append(b->journal, ev, e);
}

static inline int
fold_one(void *self, const struct event *ev, struct err *e)
{
	struct bench *b = self;

	(void)e;
	point_apply(&b->folded, ev);
	return 0;
}

static inline int
end_left(void *self, struct err *e)
{
	struct bench *b = self;

	return tree_end(NULL, 200, &b->sig, e);
}

static inline int
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

static inline void
load(struct bench *b, const char *file)
{
	auto_str text = STR_INIT;
	const struct find where = { 0 };
	struct diags d = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct load_opts how = { .find = &where };

	b->family = how.family = family_new();
	b->files = (struct loop_files)LOOP_FILES_INIT;
	cr_assert_eq(file_read(file, 1 << 20, &text, &e), 0, "%s", e.msg);
	b->loop = loop_load(file, text.buf, text.len, NULL, &how, &d);
	cr_assert_not_null(b->loop, "%s", d.len ? d.at[0].msg : "");
	diags_release(&d);
}

static inline void
unload(struct bench *b)
{
	loop_free(b->loop);
	family_free(b->family);
	loop_files_release(&b->files);
}

static inline void
hang(struct bench *b)
{
	static char path[] = "PATH=/usr/bin:/bin";
	static char *const env[] = { path, NULL };
	const struct output_opts keep = { .dir = b->dir,
		.limit = OUTPUT_LIMIT,
		.disk = OUTPUT_DISK_LIMIT,
		.journal = b->journal };
	struct err e = ERR_INIT;

	b->output = output_new(&keep);
	b->sinks[0] = (struct sink) { .hear = record, .self = b };
	cr_assert_eq(sig_init(&b->sig, &e), 0);
	b->run = (struct run) { .loop = b->loop,
		.over = { -1, -1, -1, -1 },
		.sinks = b->sinks,
		.nsinks = 1,
		.vault = output_vault(b->output),
		.actor = hands_actor(&b->hands),
		.sweep = { NULL, end_left, b },
		.finder = { find_loop_of, b },
		.hosting = b->hosting,
		.sig = &b->sig,
		.env = env,
		.cwd = b->dir,
		.bash = "/bin/bash",
		.path = "/bin:/usr/bin",
		.direct = true,
		.grace_ms = 200 };
	b->hands = (struct hands) { .sig = &b->sig,
		.due_ms = b->run.vault.due_ms,
		.tick = b->run.vault.settle,
		.tick_self = b->run.vault.self };
}

static inline void
unhang(struct bench *b)
{
	hands_release(&b->hands);
	run_release(&b->run);
	sig_release(&b->sig);
	output_free(b->output);
	journal_free(b->journal);
	b->journal = NULL;
}

/* Run from the start; it breaks off after `stop_after` records. */
static inline void
start(struct bench *b)
{
	auto_arena a = ARENA_INIT;
	const struct inputs in = { .run_dir = "/nowhere/",
		.max_steps = b->loop->max_steps,
		.max_iterations = -1 };
	struct diags none = DIAGS_INIT;
	struct err e = ERR_INIT;
	struct started at;
	struct val *v = val_map(&a);
	int rc;

	inputs_context(&a, b->loop, &in, &none, &at);
	diags_release(&none);
	val_set(&a, v, "v", val_int(&a, 1));
	val_set(&a, v, "run", val_text(&a, "r"));
	val_set(&a, v, "loop", val_text(&a, b->loop->name));
	val_set(&a, v, "context", at.context);
	val_set(&a, v, "origins", inputs_origins(&a, at.context));
	b->journal = journal_create(b->path, 7, false, &e);
	cr_assert_not_null(b->journal, "%s", e.msg);
	hang(b);
	rc = drive(&b->run, v, &e);
	cr_assert(rc == 0 || b->stop_after, "%s", e.msg);
	unhang(b);
}

static inline void
fold(struct bench *b, struct journal_end *end)
{
	struct err e = ERR_INIT;

	b->folded = (struct point)POINT_INIT;
	cr_assert_eq(
	    journal_read(b->path, 7, fold_one, b, end, &e), 0, "%s", e.msg);
}

/* Go on from the records there are, to the end. */
static inline void
go_on(struct bench *b)
{
	struct err e = ERR_INIT;
	const struct onward how = { 0 };
	struct journal_end end;

	b->stop_after = 0;
	fold(b, &end);
	b->journal = journal_reopen(b->path, 7, &end, false, &e);
	cr_assert_not_null(b->journal, "%s", e.msg);
	hang(b);
	b->run.point = b->folded;
	cr_assert_eq(drive_on(&b->run, &how, &e), 0, "%s", e.msg);
	unhang(b);
	fold(b, &end);
}

/* Times differ, and lots. */
static inline bool
differs(const char *key)
{
	static const char *const keys[] = { "duration_ms", "llm_latency_ms",
		"harness" };

	for (size_t i = 0; i < COUNT(keys); i++)
		if (strcmp(keys[i], key) == 0)
			return true;
	return strncmp(key, "events_", 7) == 0;
}

static inline const struct val *
timeless(struct arena *a, const struct val *v)
{
	struct val *out;

	if (v->kind == VAL_LIST) {
		out = val_list(a);
		for (size_t i = 0; i < v->list.len; i++)
			val_push(a, out, timeless(a, v->list.at[i]));
		return out;
	}
	if (v->kind != VAL_MAP)
		return v;
	out = val_map(a);
	for (size_t i = 0; i < v->map.len; i++)
		if (!differs(v->map.at[i].key))
			val_set(a, out, v->map.at[i].key,
			    timeless(a, v->map.at[i].v));
	return out;
}

/* What the run came to. */
static inline char *
came_to(struct bench *b)
{
	static const char *const keys[] = { "captured", "messages", "prev",
		"last", "final_state", "terminated_by", "context" };
	auto_arena a = ARENA_INIT;
	struct str out = STR_INIT;
	const struct val *p = point_val(&b->folded, &a);
	const struct val *f =
	    val_get(val_get(p, "lanes")->list.at[0], "frames")->list.at[0];

	for (size_t i = 0; i < COUNT(keys); i++) {
		str_addf(&out, "%s: ", keys[i]);
		json_write(
		    &out, timeless(&a, val_get(f, keys[i])), JSON_COMPACT);
		str_addc(&out, '\n');
	}
	point_release(&b->folded);
	return str_detach(&out);
}

#endif
