/* The lines of the plain view: where they begin and whose they are. */
#include <string.h>

#include "base/auto.h"
#include "show/plain_part.h"
#include "show/span.h"
#include "text/render.h"

void
plain_close(struct plain *p)
{
	if (p->open)
		str_addc(&p->out->buf, '\n');
	p->open = false;
}

void
plain_begin_at(struct plain *p, long long item, long long depth)
{
	const struct plain_item *known = plain_item(p, item);
	long long outer = item < 0 ? depth : known ? known->depth : 0;
	long long inner = item < 0 ? 0 : depth - outer - 1;

	plain_close(p);
	str_addf(&p->out->buf, PLAIN_PAD "%*s", (int)(2 * outer), "");
	if (item < 0)
		return;
	out_paintf(p->out, PAINT_DIM, "[%lld]", item);
	str_addf(&p->out->buf, " %*s", inner > 0 ? (int)(2 * inner) : 0, "");
}

void
plain_begin(struct plain *p, const struct event *ev)
{
	plain_begin_at(p, ev->item, ev->depth);
}

void
plain_arrow_at(struct plain *p, long long item, long long depth)
{
	if (p->open && p->open_item == item) {
		str_adds(&p->out->buf, " -> ");
		p->used += (int)strlen(" -> ");
	} else {
		plain_begin_at(p, item, depth);
		str_adds(&p->out->buf, "-> ");
		p->used = out_column(p->out);
	}
	p->open = false;
}

void
plain_arrow(struct plain *p, const struct event *ev)
{
	plain_arrow_at(p, ev->item, ev->depth);
}

const char *
plain_word(const struct event *ev, const char *key)
{
	return val_str(ev->fields, key, "");
}

void
plain_add(struct plain *p, const struct event *ev, const char *key)
{
	const struct val *v = val_get(ev->fields, key);

	if (v && v->kind == VAL_TEXT)
		out_text(p->out, v->t.p, v->t.n, 0);
	else if (v)
		val_render(&p->out->buf, v);
}

int
plain_room(const struct plain *p)
{
	int width = p->out->width ? p->out->width : 100;

	return width - p->used < 20 ? 20 : width - p->used;
}

void
plain_show_line(
    struct plain *p, const struct voice *who, int stream, struct sv text)
{
	struct out *o = p->out;

	plain_begin_at(p, who->item, who->depth);
	if (stream == 2 && o->colour)
		str_adds(&o->buf, "\x1b[2m");
	out_text(o, text.p, text.n, 0);
	if (stream == 2 && o->colour)
		str_adds(&o->buf, "\x1b[0m");
	while (o->buf.len && o->buf.buf[o->buf.len - 1] == ' ')
		str_cut(&o->buf, o->buf.len - 1);
	str_addc(&o->buf, '\n');
}

void
plain_output(
    void *self, const struct voice *who, int stream, const char *p, size_t n)
{
	struct plain *plain = self;
	struct plain_item *item = plain_item(plain, who->item);

	if (!plain_hides(plain, who->item))
		plain_show_line(plain, who, stream, sv_make(p, n));
	else if (item)
		plain_hold(item, stream, p, n);
}

/* The line of a countdown is written over; where that cannot be, there is
 * none. */
void
plain_rests(void *self, long long left_ms)
{
	struct plain *p = self;
	char span[SPAN_TEXT];

	if (!p->out->tty || p->open)
		return;
	span_whole(left_ms, span);
	str_addf(&p->out->buf, "\r" PLAIN_PAD "%s left\x1b[K", span);
	p->counts = true;
	out_flush(p->out);
}
