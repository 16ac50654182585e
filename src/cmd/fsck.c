/*
 * fsck: are the runs as they were written?  Looks at every sum and writes
 * nothing; --truncate, for one run that nobody runs, cuts a corrupt journal.
 */
#include "store/fsck.h"

#include <string.h>

#include "base/auto.h"
#include "cmd/report.h"
#include "gate/ticket.h"
#include "text/json.h"

struct fsck_opts {
	bool truncate, json;
};

/* clang-format off */
static const struct opt opts[] = {
	{ .type = OPT_FLAG, .name = "truncate",
	  .help = "cut a corrupt journal to what is valid, and keep a copy",
	  .at = offsetof(struct fsck_opts, truncate) },
	{ .type = OPT_FLAG, .letter = 'j', .name = "json",
	  .help = "print JSON",
	  .at = offsetof(struct fsck_opts, json) },
};

/* What a run's journal is called, and how that is painted. */
enum word { VALID, NONE, TORN, CORRUPT, UNREADABLE };

static const struct {
	const char *word;
	enum paint paint;
} words[] = {
	[VALID]      = { "valid",      PAINT_GOOD },
	[NONE]       = { "none",       PAINT_DIM },
	[TORN]       = { "torn",       PAINT_WARN },
	[CORRUPT]    = { "corrupt",    PAINT_BAD },
	[UNREADABLE] = { "unreadable", PAINT_BAD },
};
/* clang-format on */

struct looked {
	const char *run;
	bool alive;
	struct fsck f;
	const char *copy; /* of what was cut; NULL: nothing was */
};

/* A record that is being written is no fault. */
static enum word
word_of(const struct looked *x)
{
	if (x->f.blank)
		return NONE;
	if (x->f.why)
		return UNREADABLE;
	if (x->f.end.state == JOURNAL_CORRUPT)
		return CORRUPT;
	return x->f.end.state == JOURNAL_TORN && !x->alive ? TORN : VALID;
}

static bool
is_well(const struct looked *x)
{
	return word_of(x) <= NONE && x->f.faults->list.len == 0;
}

/* ---- what is said ---- */

static void
say_journal(struct out *o, const struct looked *x)
{
	const struct journal_end *end = &x->f.end;
	struct str *s = &o->buf;

	switch (word_of(x)) {
	case VALID:
		str_addf(s, "  %lld record%s", end->records,
		    end->records == 1 ? "" : "s");
		break;
	case NONE:
		str_adds(s, "  it was ended before its first record");
		break;
	case TORN:
		str_addf(s,
		    "  %lld byte%s of an unfinished record behind record %lld; "
		    "resume cuts them",
		    x->f.size - end->bytes,
		    x->f.size - end->bytes == 1 ? "" : "s", end->records);
		break;
	case CORRUPT:
		str_addf(s, " at byte %lld (record %lld): ", end->bytes,
		    end->records + 1);
		out_text(o, end->why, strlen(end->why), 0);
		break;
	case UNREADABLE:
		str_adds(s, ": ");
		out_text(o, x->f.why, strlen(x->f.why), 0);
		break;
	}
	str_addc(s, '\n');
}

static void
say(struct out *o, const struct looked *x)
{
	enum word w = word_of(x);

	out_text(o, x->run, strlen(x->run), 0);
	str_adds(&o->buf, "  ");
	out_paint(o, words[w].paint, words[w].word);
	say_journal(o, x);
	for (size_t i = 0; i < x->f.faults->list.len; i++) {
		struct sv t = x->f.faults->list.at[i]->t;

		str_adds(&o->buf, "  ");
		out_text(o, t.p, t.n, 0);
		str_addc(&o->buf, '\n');
	}
	if (!x->copy)
		return;
	str_addf(&o->buf, "  cut to %lld records; the whole is kept in ",
	    x->f.end.records);
	out_text(o, x->copy, strlen(x->copy), 0);
	str_addc(&o->buf, '\n');
}

static const struct val *
val_of(struct arena *a, const struct looked *x)
{
	enum word w = word_of(x);
	const char *why = w == UNREADABLE ? x->f.why
	    : w == TORN || w == CORRUPT   ? x->f.end.why
					  : NULL;
	struct val *v = val_map(a);

	val_set(a, v, "run", val_text(a, x->run));
	val_set(a, v, "well", val_bool(a, is_well(x)));
	val_set(a, v, "journal", val_text(a, words[w].word));
	val_set(a, v, "records", val_int(a, x->f.end.records));
	val_set(a, v, "valid_bytes", val_int(a, x->f.end.bytes));
	val_set(a, v, "bytes", val_int(a, x->f.size));
	val_set(a, v, "why", why ? val_text(a, why) : val_null(a));
	val_set(a, v, "faults", x->f.faults);
	val_set(a, v, "alive", val_bool(a, x->alive));
	if (x->copy)
		val_set(a, v, "kept", val_text(a, x->copy));
	return v;
}

/* ---- what is done ---- */

static int
look(struct args *a, const char *run, struct looked *out, struct err *e)
{
	*out = (struct looked) { .run = run,
		.alive = ticket_alive(cmd_root(a), run) };
	return fsck_look(a->mem, cmd_root(a), run, &out->f, e);
}

/* While no ticket can be drawn, so that nobody begins to run it. */
static int
truncate_run(struct args *a, struct looked *x, struct err *e)
{
	auto_fd int bar = -1;

	if (word_of(x) != CORRUPT)
		return 0;
	bar = ticket_bar(cmd_root(a), e);
	if (bar < 0)
		return -1;
	if (ticket_alive(cmd_root(a), x->run))
		return err_set(e, ERR_BUSY, "'%s' is running", x->run);
	return fsck_truncate(a->mem, &x->f, &x->copy, e);
}

/* Which runs: one, or all of the project. */
static int
pick(struct args *a, struct run_names *out, struct err *e)
{
	const char **one;

	if (!a->at[0])
		return report_runs(a, cmd_root(a), NULL, out, e);
	one = arena_new(a->mem, sizeof(*one));
	*out = (struct run_names) { .at = one, .n = 1 };
	return report_pick(a, cmd_root(a), a->at[0], one, e);
}

static int
run(const void *given, struct args *a, struct err *e)
{
	const struct fsck_opts *o = given;
	struct val *doc = val_map(a->mem), *list = val_list(a->mem);
	struct run_names all;
	bool well = true;

	if (o->truncate && !a->at[0])
		return err_set(e, ERR_USAGE,
		    "--truncate needs the run whose journal it cuts");
	if (pick(a, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		struct looked x;

		if (look(a, all.at[i], &x, e) < 0 ||
		    (o->truncate && truncate_run(a, &x, e) < 0))
			return -1;
		well = well && (x.copy || is_well(&x));
		if (o->json)
			val_push(a->mem, list, val_of(a->mem, &x));
		else
			say(a->out, &x);
	}
	if (!o->json)
		return well ? 0 : 1;
	val_set(a->mem, doc, "well", val_bool(a->mem, well));
	val_set(a->mem, doc, "runs", list);
	json_write(&a->out->buf, doc, JSON_PRETTY);
	str_addc(&a->out->buf, '\n');
	return well ? 0 : 1;
}

const struct cmd cmd_fsck = {
	.name = "fsck",
	.usage = "[--truncate] [--json] [RUN | LOOP]",
	.summary = "check that runs are as they were written",
	.more = "All runs of the project, or one.  The exit status is 1 when "
		"something is not\nas it was written.",
	.opts = opts,
	.nopts = COUNT(opts),
	.opts_size = sizeof(struct fsck_opts),
	.max = 1,
	.run = run,
};
