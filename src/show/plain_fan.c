/*
 * The items of a `parallel`.  Up to twenty are shown one by one; of more only
 * those that fail, with the last lines they printed, and now and then how far
 * it has come.  What they did is in the journal and for `logs` all the same.
 */
#include <string.h>

#include "base/auto.h"
#include "base/utf8.h"
#include "show/plain_part.h"
#include "show/span.h"
#include "text/render.h"

enum { MANY = 20, HELD_MAX = 4096, HELD_LINE_MAX = 500, LABEL_MAX = 60 };

bool
plain_hides(const struct plain *p, long long item)
{
	return item >= 0 && !p->o.verbose &&
	    (p->fan.count > MANY || item >= MANY);
}

struct plain_item *
plain_item(const struct plain *p, long long item)
{
	for (size_t i = 0; item >= 0 && i < p->fan.items.len; i++)
		if (p->fan.items.at[i].item == item)
			return &p->fan.items.at[i];
	return NULL;
}

bool
plain_is_item(const struct plain *p, const struct event *ev)
{
	const struct plain_item *item = plain_item(p, ev->item);

	return item &&
	    (ev->depth == item->depth ||
		(ev->depth == item->depth + 1 &&
		    (ev->kind == EV_LOOP_START ||
			ev->kind == EV_LOOP_COMPLETE)));
}

void
plain_hold(struct plain_item *item, int stream, const char *p, size_t n)
{
	struct str *held = &item->held;
	size_t fits = utf8_floor(p, n, HELD_LINE_MAX);
	const char *from;

	str_addc(held, (char)stream);
	str_add(held, p, fits);
	str_adds(held, fits < n ? "...\n" : "\n");
	if (held->len <= HELD_MAX)
		return;
	from = memchr(held->buf + held->len - HELD_MAX, '\n', HELD_MAX);
	n = (size_t)(from + 1 - held->buf);
	memmove(held->buf, held->buf + n, held->len - n);
	str_cut(held, held->len - n);
}

static void
show_held(struct plain *p, struct plain_item *item)
{
	const struct voice who = { item->item, item->depth };
	struct sv rest = str_sv(&item->held), line;

	while (rest.n && sv_cut(&rest, '\n', &line))
		plain_show_line(
		    p, &who, line.p[0], sv_make(line.p + 1, line.n - 1));
}

static void
drop_item(struct plain_fan *f, struct plain_item *item)
{
	str_release(&item->held);
	*item = f->items.at[--f->items.len];
}

void
plain_fan_release(struct plain_fan *f)
{
	while (f->items.len)
		drop_item(f, &f->items.at[0]);
	vec_release(&f->items);
	str_release(&f->labels);
	f->count = f->done = f->failed = 0;
}

/* ---- what the items are ---- */

static void
add_label(struct str *out, const struct val *v)
{
	auto_str text = STR_INIT;

	val_render(&text, v);
	utf8_show_line(
	    out, text.buf, utf8_floor(text.buf, text.len, LABEL_MAX));
	if (text.len > LABEL_MAX)
		str_adds(out, "...");
	str_addc(out, '\n');
}

static struct sv
label_of(const struct plain *p, long long item)
{
	struct sv rest = str_sv(&p->fan.labels), line = sv("");

	for (long long i = 0; i <= item; i++)
		if (!sv_cut(&rest, '\n', &line))
			return sv("");
	return line;
}

void
plain_fan_start(struct plain *p, const struct event *ev)
{
	const struct val *items = val_get(ev->fields, "items");
	long long count = val_num(ev->fields, "count", 0);

	plain_fan_release(&p->fan);
	p->fan.count = count;
	if (items && items->kind == VAL_LIST)
		for (size_t i = 0; i < items->list.len; i++)
			add_label(&p->fan.labels, items->list.at[i]);
	plain_arrow(p, ev);
	str_addf(&p->out->buf, "%lld item%s, at most %lld at once\n", count,
	    count == 1 ? "" : "s", val_num(ev->fields, "workers", 1));
}

/* ---- one item ---- */

void
plain_item_start(struct plain *p, const struct event *ev)
{
	struct plain_item *old = plain_item(p, ev->item);
	const struct plain_item item = { .item = ev->item,
		.depth = ev->depth,
		.began_us = ev->wall_us,
		.held = STR_INIT };
	struct sv label = label_of(p, ev->item);

	if (old)
		drop_item(&p->fan, old);
	vec_push(&p->fan.items, item);
	if (plain_hides(p, ev->item))
		return;
	plain_arrow(p, ev);
	if (label.n)
		out_text(p->out, label.p, label.n, plain_room(p));
	else
		out_paint(p->out, PAINT_DIM, "started");
	str_addc(&p->out->buf, '\n');
}

/* "exit 2 (output_limit)", or what else is known, most telling first. */
static void
add_why(struct plain *p, const struct event *ev)
{
	long long code = val_num(ev->fields, "exit_code", 0);
	const char *kind = plain_word(ev, "kind");
	const char *ended = plain_word(ev, "terminated_by");

	if (*plain_word(ev, "error")) {
		str_adds(&p->out->buf, ": ");
		plain_add(p, ev, "error");
	} else if (code) {
		str_addf(&p->out->buf, ": exit %lld", code);
		if (*kind)
			out_paintf(p->out, PAINT_NONE, " (%s)", kind);
	} else if (*ended || *kind) {
		str_adds(&p->out->buf, ": ");
		plain_add(p, ev, *ended ? "terminated_by" : "kind");
	}
}

static void
show_end(struct plain *p, const struct event *ev, bool good)
{
	const struct plain_item *item = plain_item(p, ev->item);
	struct sv label = label_of(p, ev->item);
	char span[SPAN_TEXT];

	plain_begin(p, ev);
	out_paint(p->out, good ? PAINT_GOOD : PAINT_BAD,
	    out_glyph(p->out, good ? GLYPH_YES : GLYPH_NO));
	str_addc(&p->out->buf, ' ');
	if (!good) {
		plain_add(p, ev, "status");
		add_why(p, ev);
	} else if (item) {
		span_text((ev->wall_us - item->began_us) / 1000, span);
		out_paintf(p->out, PAINT_DIM, "ok %s", span);
	} else
		out_paint(p->out, PAINT_DIM, "ok");
	if (plain_hides(p, ev->item) && label.n) {
		p->used = out_column(p->out) + 2;
		str_adds(&p->out->buf, "  ");
		out_text(p->out, label.p, label.n, plain_room(p));
	}
	str_addc(&p->out->buf, '\n');
}

/* Of many items: a line each time that another tenth of them is done. */
static void
show_progress(struct plain *p, const struct event *ev)
{
	const struct plain_fan *f = &p->fan;

	if (f->count <= MANY || p->o.verbose || f->done >= f->count ||
	    f->done * 10 / f->count == (f->done - 1) * 10 / f->count)
		return;
	plain_begin_at(p, -1, ev->depth);
	out_paintf(p->out, PAINT_DIM, "%lld of %lld items", f->done, f->count);
	if (f->failed)
		out_paintf(p->out, PAINT_DIM, ", %lld failed", f->failed);
	str_addc(&p->out->buf, '\n');
}

void
plain_item_complete(struct plain *p, const struct event *ev)
{
	struct plain_item *item = plain_item(p, ev->item);
	bool good = strcmp(plain_word(ev, "status"), "succeeded") == 0;

	p->fan.done++;
	p->fan.failed += !good;
	if (!good && item)
		show_held(p, item);
	if (!good || !plain_hides(p, ev->item))
		show_end(p, ev, good);
	if (item)
		drop_item(&p->fan, item);
	show_progress(p, ev);
}

/* ---- all of them ---- */

void
plain_totals(struct plain *p, const struct event *ev)
{
	static const char *const rest[] = { "failed", "skipped", "unfinished" };

	if (strcmp(plain_word(ev, "type"), "parallel") != 0)
		return;
	out_paintf(p->out, PAINT_DIM, "  %lld of %lld ok",
	    val_num(ev->fields, "succeeded", 0),
	    val_num(ev->fields, "attempted", 0));
	for (size_t i = 0; i < COUNT(rest); i++)
		if (val_num(ev->fields, rest[i], 0))
			out_paintf(p->out, PAINT_DIM, ", %lld %s",
			    val_num(ev->fields, rest[i], 0), rest[i]);
	plain_fan_release(&p->fan);
}
