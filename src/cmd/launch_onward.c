/*
 * Going on with a run: its loop must have the states in which it stands, its
 * files of today are looked at but not taken unless that was asked for, and
 * what the operator changes is recorded before anything goes on.
 */
#include "cmd/launch_onward.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/report.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd/launch_options.h"
#include "engine/context.h"
#include "engine/drive.h"
#include "os/proc.h"
#include "text/yml.h"

/* ---- does it fit ---- */

static const struct stood *
stood(const struct launch_onward *w)
{
	return w->in->o->again->stood;
}

/* The loop of this level, as far as the names of loops are no templates;
 * -1: it lacks a state in which the run stands. */
static int
loop_at(const struct launch_onward *w, size_t level, const struct loop **out,
    struct err *e)
{
	const struct loop *l = w->in->loop;

	for (size_t i = 0; i < level && l; i++) {
		const struct state *s = loop_state(l, stood(w)->states[i]);

		if (!s)
			return err_set(e, ERR_INPUT,
			    "loop '%s' has no state '%s', in which the run "
			    "stands (--from STATE goes on elsewhere)",
			    l->name, stood(w)->states[i]);
		l = s->call.loop;
	}
	*out = l;
	return 0;
}

static int
check_states(const struct launch_onward *w, struct err *e)
{
	const struct loop *ignored;

	return loop_at(w, stood(w)->n, &ignored, e);
}

static int
plan_from(struct launch_onward *w, struct err *e)
{
	const struct launch_opts *o = w->in->o;

	w->action = o->skip ? "skip" : "from";
	w->to = o->from;
	if (loop_state(w->in->loop, o->from))
		return 0;
	return err_set(e, ERR_USAGE, "--from: loop '%s' has no state '%s'",
	    w->in->loop->name, o->from);
}

/* Only `next` says what follows a state that was not executed. */
static int
plan_skip(struct launch_onward *w, struct err *e)
{
	size_t level = stood(w)->n - 1;
	const char *name = stood(w)->states[level];
	const struct loop *l;
	const struct state *s;

	if (loop_at(w, level, &l, e) < 0)
		return -1;
	s = l ? loop_state(l, name) : NULL;
	if (!s || !s->has_next)
		return err_set(e, ERR_USAGE,
		    "--skip: state '%s' has no `next`; say where to go on "
		    "with --from STATE",
		    name);
	w->action = "skip";
	w->level = (long long)level;
	w->to = s->next.to ? s->next.to->name : name;
	return 0;
}

/* What ended it would end it at once again. */
static int
check_caps(const struct launch_onward *w, struct err *e)
{
	const char *cause = stood(w)->cause ? stood(w)->cause : "";
	long long steps = opened_max_steps(w->in);
	long long ms = w->set->timeout_ms >= 0 ? w->set->timeout_ms
					       : w->in->loop->timeout_ms;
	long long passes = opened_max_iterations(w->in);
	const struct {
		const char *cause, *what, *raise;
		bool used;
	} caps[] = {
		{ "max_steps", "max_steps", "--max-steps N",
		    stood(w)->steps >= steps },
		{ "max_iterations_reached", "max_iterations",
		    "--max-iterations N",
		    passes >= 0 && stood(w)->passes >= passes },
		{ "timeout", "timeout", "--timeout SECONDS",
		    ms >= 0 && stood(w)->active_ms >= ms },
	};

	for (size_t i = 0; i < COUNT(caps); i++)
		if (caps[i].used && strcmp(cause, caps[i].cause) == 0)
			return err_set(e, ERR_USAGE,
			    "run '%s' has ended: it has used up its %s (raise "
			    "it with %s)",
			    w->in->o->again->run, caps[i].what, caps[i].raise);
	return 0;
}

/* ---- the files of today ---- */

static bool
is_today(const struct loop_file *f)
{
	struct err ignored = ERR_INIT;
	auto_str text = STR_INIT;

	return strncmp(f->path, "builtin:", 8) == 0 ||
	    (file_read(f->path, YML_MAX_BYTES, &text, &ignored) == 0 &&
		text.len == f->text.n &&
		memcmp(text.buf, f->text.p, text.len) == 0);
}

static void
look_at_files(struct launch_onward *w)
{
	const struct loop_files *f = &w->in->o->again->sealed.files;

	for (size_t i = 0; i < f->n; i++) {
		if (is_today(&f->at[i]))
			continue;
		if (w->changed++ == 0)
			w->first = f->at[i].path;
	}
}

static void
say_changed(const struct launch_onward *w)
{
	auto_str more = STR_INIT;

	if (!w->changed || w->in->o->quiet)
		return;
	if (w->changed > 1)
		str_addf(&more, " and %zu more", w->changed - 1);
	cmd_complain(w->in->args,
	    w->in->o->accept_changed
		? "%s%s changed since the run began; what is there now is "
		  "taken"
		: "%s%s changed since the run began, which goes on with what "
		  "was there then (--accept-changed takes what is there now)",
	    w->first, more.buf);
}

/* Killed before its loop began, a run goes on with the first state. */
static int
check_begun(const struct launch_onward *w, struct err *e)
{
	const struct launch_opts *o = w->in->o;
	const char *what = o->from ? "--from" : o->skip ? "--skip" : NULL;

	if (stood(w)->n || !what)
		return 0;
	return err_set(e, ERR_USAGE,
	    "%s: run '%s' ended before its loop began; run it again", what,
	    o->again->run);
}

int
launch_onward_plan(struct launch_onward *w, struct err *e)
{
	const struct launch_opts *o = w->in->o;
	int rc;

	if (check_begun(w, e) < 0)
		return -1;
	look_at_files(w);
	say_changed(w);
	if (o->from)
		rc = plan_from(w, e);
	else
		rc = o->skip ? plan_skip(w, e) : check_states(w, e);
	return rc < 0 ? -1 : check_caps(w, e);
}

/* ---- the journal ---- */

static int
add(struct journal *j, struct point *p, enum event_kind kind,
    const struct val *fields, struct err *e)
{
	const struct event ev = {
		.kind = kind,
		.seq = p->seq + 1,
		.wall_us = clock_wall_us(),
		.fields = fields,
		.item = -1,
	};

	if (journal_append(j, &ev, e) < 0)
		return -1;
	point_apply(p, &ev);
	return 0;
}

/* The files that were accepted take the place of those before; else only
 * hosts are new. */
static int
seal(struct launch_onward *w, struct journal *j, struct point *p, struct err *e)
{
	bool accepted = w->changed && w->in->o->accept_changed;
	size_t from = accepted ? 0 : w->in->host_files;
	size_t words = accepted ? 0 : w->in->host_words;
	const struct loop_files *f = &w->in->files;
	struct arena *a = w->in->args->mem;
	const struct run_spec spec = {
		.files = f->at,
		.nfiles = f->n,
		.durable = w->set->durable,
	};
	struct val *record = val_map(a);
	const struct val *rows = NULL;

	if (!accepted && f->n == from)
		return 0;
	rows = runs_seal_more(a, w->place, &spec, from, e);
	if (!rows)
		return -1;
	if (accepted)
		val_set(a, record, "accepted", val_bool(a, true));
	val_set(a, record, "files", rows);
	val_set(a, record, "words",
	    runs_words(a, f->words + words, f->nwords - words));
	return add(j, p, EV_SEALED, record, e);
}

struct journal *
launch_onward_open(struct launch_onward *w, struct point *p, struct err *e)
{
	struct journal *j = runs_reopen(w->place, w->set->durable, p, e);
	int rc = 0;

	if (!j)
		return NULL;
	/* One more is the repair of a torn end. */
	if (p->seq > stood(w)->seq + 1)
		rc = err_set(e, ERR_BUSY,
		    "somebody else has resumed '%s' meanwhile", w->place->run);
	else
		rc = seal(w, j, p, e);
	if (rc == 0)
		return j;
	journal_free(j);
	return NULL;
}

/* ---- the operator ---- */

static bool
is_withheld(const struct val *list, const char *key)
{
	for (size_t i = 0; i < list->list.len; i++)
		if (sv_eq(list->list.at[i]->t, key))
			return true;
	return false;
}

/* What was given and is no secret that the run has only forgotten; *out NULL:
 * nothing. */
static int
context_fields(const struct launch_onward *w, struct run *r,
    const struct val **out, struct err *e)
{
	const struct inputs *given = &w->in->given;
	const struct val *real = w->secrets->withheld;
	struct arena *a = w->in->args->mem;
	struct val *v = val_map(a), *changed = val_map(a),
		   *hidden = val_list(a);

	for (size_t i = 0; i < given->npairs; i++) {
		const char *key = given->pair[i].key;

		if (is_withheld(w->in->o->again->withheld, key))
			continue;
		val_set(a, changed, key, val_get(w->in->context, key));
		if (real && val_get(real, key))
			val_push(a, hidden, val_text(a, key));
	}
	*out = NULL;
	if (!changed->map.len)
		return 0;
	val_set(a, v, "action", val_text(a, "context"));
	if (hidden->list.len)
		val_set(a, v, "withheld", hidden);
	*out = v;
	return context_put(a, &r->vault, changed, v, e);
}

/* NULL: the run's directory is where it was. */
static const struct val *
moved_fields(const struct launch_onward *w, const struct run *r)
{
	struct arena *a = w->in->args->mem;
	const struct frame *f = point_bottom(&r->point);
	const char *was =
	    f && f->context.v ? val_str(f->context.v, "run_dir", NULL) : NULL;
	struct val *v = val_map(a);

	if (!was || strcmp(was, w->place->dir) == 0)
		return NULL;
	val_set(a, v, "action", val_text(a, "moved"));
	val_set(a, v, "from", val_text(a, was));
	val_set(a, v, "to", val_text(a, w->place->dir));
	return v;
}

static const struct val *
place_fields(const struct launch_onward *w)
{
	struct arena *a = w->in->args->mem;
	struct val *v = val_map(a);

	val_set(a, v, "action", val_text(a, w->action));
	val_set(a, v, "from", val_text(a, stood(w)->states[w->level]));
	val_set(a, v, "to", val_text(a, w->to));
	val_set(a, v, "level", val_int(a, w->level));
	return v;
}

static const struct val *
resume_fields(const struct launch_onward *w, const struct run *r, pid_t pid)
{
	struct arena *a = w->in->args->mem;
	struct val *v = val_map(a);
	/* This time's or an earlier one's: they hold for the next too. */
	const struct val *said = launch_options_val(a, w->in->o, w->set);
	char boot[PROC_BOOT_ID];

	val_set(a, v, "run", val_text(a, w->place->run));
	val_set(a, v, "pid", val_int(a, pid));
	if (proc_boot_id(boot))
		val_set(a, v, "boot_id", val_text(a, boot));
	val_set(a, v, "version", val_text(a, LL_VERSION));
	val_set(a, v, "max_steps", val_int(a, run_max_steps(r)));
	if (said->map.len)
		val_set(a, v, "options", said);
	return v;
}

int
launch_onward_drive(
    struct launch_onward *w, struct run *r, pid_t pid, struct err *e)
{
	const struct val *ops[3];
	struct onward how = { .resume = resume_fields(w, r, pid),
		.operators = ops };
	const struct val *context, *moved = moved_fields(w, r);

	if (context_fields(w, r, &context, e) < 0)
		return -1;
	if (moved)
		ops[how.noperators++] = moved;
	if (context)
		ops[how.noperators++] = context;
	if (w->action)
		ops[how.noperators++] = place_fields(w);
	return drive_on(r, &how, e);
}

int
launch_onward_alone(const struct launch_gate *g, struct err *e)
{
	struct ticket *t = turn_ticket(g->turn, QUEUE_PROJECT);

	return t
	    ? report_busy(g->args, g->claims.root, g->run, ticket_number(t), e)
	    : 0;
}
