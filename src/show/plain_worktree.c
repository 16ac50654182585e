/* Where a run works, and how its work comes back; steps are kept in silence. */
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "show/plain_part.h"

static void
say(struct plain *p, const struct event *ev, enum paint paint, const char *text)
{
	auto_str shown = STR_INIT;

	utf8_show(&shown, text, strlen(text));
	plain_begin(p, ev);
	out_paint(p->out, paint, shown.buf);
	str_addc(&p->out->buf, '\n');
}

static void
on_created(struct plain *p, const struct event *ev, struct str *s)
{
	str_addf(s, "worktree %s, branch %s", plain_word(ev, "path"),
	    plain_word(ev, "branch"));
	say(p, ev, PAINT_DIM, s->buf);
}

static void
on_kept(struct plain *p, const struct event *ev, struct str *s)
{
	const char *ref = val_str(ev->fields, "ref", NULL);
	long long n = val_num(ev->fields, "ahead", 0);
	const char *way = val_str(ev->fields, "restore", NULL);

	str_adds(s, "worktree kept:");
	if (n > 0)
		str_addf(s, " %lld new commit%s, branch %s%s", n,
		    n == 1 ? "" : "s", plain_word(ev, "branch"),
		    ref ? ";" : "");
	else if (!ref)
		str_addf(s, " branch %s", plain_word(ev, "branch"));
	if (ref)
		str_addf(s, " work without a commit, %s", ref);
	say(p, ev, PAINT_WARN, s->buf);
	if (!way)
		return;
	str_reset(s);
	str_addf(s, "it comes back with: %s", way);
	say(p, ev, PAINT_WARN, s->buf);
}

static void
on_stays(struct plain *p, const struct event *ev, struct str *s)
{
	const char *why =
	    val_str(ev->fields, "stays", val_str(ev->fields, "error", NULL));

	str_addf(s, "worktree stays: %s, branch %s%s%s", plain_word(ev, "path"),
	    plain_word(ev, "branch"), why ? ": " : "", why ? why : "");
	say(p, ev, PAINT_WARN, s->buf);
}

static void
on_failed(struct plain *p, const struct event *ev, struct str *s)
{
	str_addf(s, "worktree: %s", plain_word(ev, "error"));
	say(p, ev, PAINT_BAD, s->buf);
}

static void
on_no_snapshot(struct plain *p, const struct event *ev, struct str *s)
{
	str_addf(s, "no snapshot of this step: %s", plain_word(ev, "error"));
	say(p, ev, PAINT_WARN, s->buf);
}

void
plain_worktree(struct plain *p, const struct event *ev)
{
	static const struct {
		const char *action;
		void (*say)(struct plain *, const struct event *, struct str *);
	} rows[] = {
		{ "created", on_created },
		{ "kept", on_kept },
		{ "stays", on_stays },
		{ "failed", on_failed },
		{ "snapshot_failed", on_no_snapshot },
	};
	auto_str s = STR_INIT;

	for (size_t i = 0; i < COUNT(rows); i++)
		if (strcmp(rows[i].action, plain_word(ev, "action")) == 0)
			rows[i].say(p, ev, &s);
}
