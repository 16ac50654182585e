/*
 * What every child of a state is given, be it a command or an agent, and what
 * becomes of its output: first it is kept, then told.  Which program runs is
 * not known here.
 */
#include "engine/berth.h"

#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "engine/marks.h"
#include "os/git_env.h"
#include "text/render.h"

enum { DEFAULT_TIMEOUT_MS = 3600 * 1000, ITEM_ENV = 3 };

static void
tail_add(struct tail *t, const char *p, size_t n)
{
	size_t keep = t->len;

	if (n >= sizeof(t->buf)) {
		p += n - sizeof(t->buf);
		n = sizeof(t->buf);
	}
	if (keep > sizeof(t->buf) - n)
		keep = sizeof(t->buf) - n;
	memmove(t->buf, t->buf + t->len - keep, keep);
	memcpy(t->buf + keep, p, n);
	t->len = keep + n;
}

int
berth_hear(void *self, int stream, const char *p, size_t n, struct err *e)
{
	struct worker *l = self;
	struct run *run = l->run;
	const struct voice voice = { l->item, worker_depth(l) };
	int said = run->vault.put(run->vault.self, l->slot, stream, p, n, e);

	if (said < 0)
		return -1;
	tail_add(&l->tail[stream - 1], p, n);
	if (stream == 1)
		marker_feed(&l->scan, sv_make(p, n));
	for (size_t i = 0; i < run->nsinks; i++)
		if (run->sinks[i].output)
			run->sinks[i].output(
			    run->sinks[i].self, &voice, stream, p, n);
	return said != 0;
}

/* What an item's action knows of its item; the mark is last, and no other
 * run's, around or below us, is the same. */
static size_t
item_env(struct worker *l, char **env)
{
	auto_str text = STR_INIT;

	val_render(&text, l->value);
	env[0] = arena_printf(&l->mem, "LL_ITEM=%s", text.buf);
	env[1] = arena_printf(&l->mem, "LL_ITEM_INDEX=%lld", l->item);
	env[2] = arena_printf(&l->mem, "LL_LANE=%d.%lld.%lld", (int)getpid(),
	    l->run->seq, l->item);
	l->spec.mark = env[2];
	return ITEM_ENV;
}

/* What would lead git out of a tree of its own. */
static bool
leads_away(const char *entry)
{
	static const char *const names[] = {
		"PWD=", "OLDPWD=", "LL_MAIN_ROOT="
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (sv_starts(sv(entry), names[i]))
			return true;
	return git_env_leads(entry);
}

/* Of two entries with one name the first would count. */
static bool
is_replaced(const char *entry, const struct berth_env *more)
{
	size_t n = strcspn(entry, "=") + 1;

	for (size_t i = 0; i < more->n; i++)
		if (more->over && !strncmp(entry, more->at[i], n))
			return true;
	return false;
}

/* The run's, or what of it holds in a tree of its own. */
static size_t
run_env(struct run *run, const struct berth_env *more, char **env)
{
	bool own = run_level_of(run->worker)->at.cwd;
	size_t k = 0;

	for (size_t i = 0; run->env[i]; i++)
		if ((!own || !leads_away(run->env[i])) &&
		    !is_replaced(run->env[i], more))
			env[k++] = run->env[i];
	if (!own)
		return k;
	env[k++] = arena_printf(run_mem(run), "PWD=%s", run_cwd(run));
	env[k++] = arena_printf(run_mem(run), "LL_MAIN_ROOT=%s",
	    run->main_root ? run->main_root : ".");
	return k;
}

/* The environment of this step: the run's, the step's, the values. */
static char *const *
step_env(struct run *run, const struct state *s, const struct berth_env *more)
{
	const struct frame *f = run_frame(run);
	size_t n = 0, k;
	char **env;

	while (run->env[n])
		n++;
	env = arena_new(
	    run_mem(run), (n + more->n + 6 + ITEM_ENV) * sizeof(*env));
	k = run_env(run, more, env);
	env[k++] = arena_printf(run_mem(run), "LL_STATE=%s", s->name);
	env[k++] = arena_printf(run_mem(run), "LL_STEP=%lld", f->steps);
	if (marks_continuation(run))
		env[k++] = arena_printf(run_mem(run), "LL_CONTINUATION=%s",
		    marks_continuation(run));
	if (run->worker->item >= 0)
		k += item_env(run->worker, &env[k]);
	for (size_t i = 0; i < more->n; i++)
		env[k++] = arena_strdup(run_mem(run), more->at[i]);
	return env;
}

static long long
limit_of(long long own, long long general, long long otherwise)
{
	if (own >= 0)
		return own;
	return general >= 0 ? general : otherwise;
}

static struct limits
limits_of(const struct resources *r)
{
	return (struct limits) { .procs = r->procs > 0 ? r->procs : 0,
		.memory = r->memory > 0 ? r->memory : 0,
		.files = r->files > 0 ? r->files : 0 };
}

static bool
is_bounded(const struct limits *l)
{
	return l->procs || l->memory || l->files;
}

static struct vault_rules
rules_of(const struct run *run, const struct state *s)
{
	struct vault_rules r = { .limit = s->output_limit,
		.fails = s->fails_over_limit };

	if (run->output_limit > 0)
		r.limit = run->output_limit;
	return r;
}

long long
berth_timeout_ms(const struct run *run, const struct state *s)
{
	return limit_of(s->timeout_ms, run_loop(run)->default_timeout_ms,
	    DEFAULT_TIMEOUT_MS);
}

long long
berth_idle_ms(const struct run *run, const struct state *s)
{
	return limit_of(
	    s->idle_timeout_ms, run_loop(run)->default_idle_timeout_ms, 0);
}

static void
give_time(struct run *run, const struct state *s, struct child_spec *spec)
{
	spec->timeout_ms = berth_timeout_ms(run, s);
	spec->idle_ms = berth_idle_ms(run, s);
	spec->loop_deadline_boot_ms = run_deadline(run);
	if (spec->loop_deadline_boot_ms < 0)
		spec->loop_deadline_boot_ms = 0;
}

void
berth_fill(struct run *run, const struct state *s, const struct berth_env *more)
{
	struct worker *l = run->worker;

	l->limits = limits_of(&s->resources);
	l->spec = (struct child_spec) {
		.cwd = run_cwd(run),
		.grace_ms = run->grace_ms,
		.limits = is_bounded(&l->limits) ? &l->limits : NULL,
		.procs = l->limits.procs,
		.ends_left = s->kills_leftovers,
		.self = l,
	};
	l->spec.env = step_env(run, s, more);
	give_time(run, s, &l->spec);
}

int
berth_open(struct run *run, const struct state *s, struct err *e)
{
	struct worker *l = run->worker;
	struct vault_rules rules = rules_of(run, s);

	l->tail[0].len = l->tail[1].len = 0;
	marker_start(&l->scan);
	return run->vault.open(run->vault.self, l->slot, run->seq, &rules, e);
}

int
berth_close(struct run *run, struct err *e)
{
	struct worker *l = run->worker;
	int kept = run->vault.close(run->vault.self, l->slot, l->act.out, e);

	marker_end(&l->scan);
	if (kept == VAULT_FULL) {
		l->act.end = ACT_FULL;
		l->act.error = BERTH_FULL;
	}
	return kept < 0 ? -1 : 0;
}
