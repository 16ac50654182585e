/*
 * prune: runs that may go, by count and by age.  It says what would go and
 * how much that is before anything goes.  Refuses live runs always and those
 * that could be resumed without --force; the ones it cannot remove are named
 * and the others go all the same.  A run that starts or resumes meanwhile is
 * not hit: each is taken away while no ticket can be drawn.
 */
#include <string.h>
#include <unistd.h>

#include "base/auto.h"
#include "cmd/prune_plan.h"
#include "cmd/since.h"
#include "show/bytes.h"
#include "store/day.h"
#include "store/sizes.h"

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_WHOLE, .name = "keep", .arg = "N",
	  .help = "the newest N runs of each loop stay",
	  .min = 0, .max = 1e9, .at = offsetof(struct prune_opts, keep) },
	{ .type = OPT_TEXT, .name = "older-than", .arg = "AGE",
	  .help = "only runs whose last record is older: 30m, 12h, 14d, 4w, or a time",
	  .at = offsetof(struct prune_opts, older) },
	{ .type = OPT_FLAG, .name = "dry-run",
	  .help = "show what would go, and remove nothing",
	  .at = offsetof(struct prune_opts, dry_run) },
	{ .type = OPT_FLAG, .letter = 'y', .name = "yes",
	  .help = "do not ask",
	  .at = offsetof(struct prune_opts, yes) },
	{ .type = OPT_FLAG, .name = "force",
	  .help = "also runs that could be resumed or whose journal is damaged",
	  .at = offsetof(struct prune_opts, force) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print a JSON object",
	  .at = offsetof(struct prune_opts, json) },
};
/* clang-format on */

static const struct prune_opts initial = { .keep = -1 };

/* From here on there is no such run, or it stays and why is told. */
static bool
hide(struct prune *p, struct prune_run *c, struct err *e)
{
	auto_fd int bar = -1;
	struct run_brief b;

	if (prune_may(&c->place, e) < 0)
		return false;
	bar = ticket_bar(p->root, e);
	if (bar < 0)
		return false;
	runs_brief(p->args->mem, p->root, c->place.run, &b);
	if (ticket_alive(p->root, c->place.run) ||
	    (b.updated_us && b.updated_us != c->last_us)) {
		err_set(e, ERR_BUSY, "it began again");
		return false;
	}
	/* What it has spent today stays spent. */
	return day_keep(p->root, c->place.run, e) == 0 &&
	    prune_hide(&c->place, e) == 0;
}

static void
note_sizes(struct prune *p)
{
	struct sizes_row *rows =
	    arena_new(p->args->mem, (p->n + 1) * sizeof(*rows));
	struct err ignored = ERR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (!p->at[i].gone && p->at[i].stay != LIVE)
			rows[n++] = (struct sizes_row) { p->at[i].place.run,
				p->at[i].size.bytes };
	sizes_put(p->args->mem, p->root, rows, n, &ignored);
}

/* The exit status: 74 when something that should go stays. */
static int
act(struct prune *p)
{
	struct err e = ERR_INIT;
	size_t gone = 0;
	long long bytes = 0;
	char text[BYTES_TEXT];
	int rc = 0;

	for (size_t i = 0; i < p->n; i++) {
		struct prune_run *c = &p->at[i];
		struct err why = ERR_INIT;

		if (c->stay != GOES)
			continue;
		c->gone = hide(p, c, &why);
		gone += c->gone;
		bytes += c->gone ? c->size.bytes : 0;
		if (c->gone)
			continue;
		cmd_complain(p->args, "'%s' stays: %s", c->place.run, why.msg);
		rc = 74;
	}
	if (p->n)
		note_sizes(p);
	if (prune_sweep(p->root, &e) < 0) {
		cmd_complain(p->args, "%s", e.msg);
		rc = 74;
	}
	if (gone && !p->o->json)
		str_addf(&p->args->out->buf, "Removed %zu run%s, %s\n", gone,
		    gone == 1 ? "" : "s", bytes_text(bytes, text));
	return rc;
}

/* A person's answer; only y and yes mean yes. */
static bool
ask(struct prune *p)
{
	char answer[16] = "";

	str_adds(&p->args->out->buf, "Remove them? [y/N] ");
	out_flush(p->args->out);
	if (read(0, answer, sizeof(answer) - 1) <= 0)
		return false;
	answer[strcspn(answer, "\r\n")] = '\0';
	return strcasecmp(answer, "y") == 0 || strcasecmp(answer, "yes") == 0;
}

static int
chosen(struct prune *p, struct err *e)
{
	bool asks = !p->o->json && isatty(0) && p->args->out->tty;

	if (p->going == 0 || p->o->yes)
		return 1;
	if (asks)
		return ask(p);
	return err_set(e, ERR_USAGE,
	    "nothing was removed: without a terminal to ask, --yes must say "
	    "so");
}

static int
run(const void *given, struct args *a, struct err *e)
{
	struct prune p = {
		.o = given,
		.args = a,
		.root = cmd_root(a),
		.name = a->at[0],
	};
	bool chooses = p.o->keep >= 0 || p.o->older;
	int rc = 0;

	if (p.o->yes && !p.o->dry_run && !chooses)
		return err_set(e, ERR_USAGE,
		    "say what goes: --keep N (0: all that may), "
		    "--older-than AGE");
	if ((p.o->older &&
		since_of("--older-than", p.o->older, &p.before_us, e) < 0) ||
	    prune_plan(&p, e) < 0)
		return -1;
	if (!p.o->json)
		prune_say(&p);
	/* What goes is told before it goes, or nothing does. */
	out_flush(a->out);
	if (a->out->lost)
		return err_set(e, ERR_IO,
		    "nothing was removed: the list could not be written");
	if (chooses && !p.o->dry_run) {
		rc = chosen(&p, e);
		out_flush(a->out);
		rc = rc == 1 ? act(&p) : rc;
	} else if (p.going && !p.o->dry_run && !p.o->json) {
		str_adds(&a->out->buf,
		    "Nothing was removed: choose with --keep N or "
		    "--older-than AGE\n");
	}
	if (p.o->json)
		prune_say_json(&p);
	return rc;
}

const struct cmd cmd_prune = {
	.name = "prune",
	.usage = "[options] [LOOP]",
	.summary = "remove old runs",
	.more = "Without --keep and --older-than it only shows what could go.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct prune_opts),
	.init = &initial,
	.max = 1,
	.run = run,
};
