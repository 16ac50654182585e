/* What is told first: which loop begins, or goes on, and as which run. */
#include <string.h>

#include "show/plain_part.h"

static void
head_line(struct plain *p, const char *label, const char *text)
{
	if (!text)
		return;
	out_paintf(p->out, PAINT_DIM, "  %s:", label);
	str_addc(&p->out->buf, ' ');
	out_text(p->out, text, strlen(text), 0);
	str_addc(&p->out->buf, '\n');
}

static void
head(struct plain *p, const struct event *ev, const char *what)
{
	if (!p->max)
		p->max = val_num(ev->fields, "max_steps", 0);
	str_adds(&p->out->buf, what);
	out_paint(
	    p->out, PAINT_BOLD, p->o.loop ? p->o.loop : plain_word(ev, "loop"));
	str_addc(&p->out->buf, '\n');
}

void
plain_run_start(struct plain *p, const struct event *ev)
{
	head(p, ev, "Running loop: ");
	head_line(p, "loop", p->o.file);
	head_line(p, "run", p->o.run ? p->o.run : plain_word(ev, "run"));
	str_addc(&p->out->buf, '\n');
}

void
plain_loop_resume(struct plain *p, const struct event *ev)
{
	plain_close(p);
	head(p, ev, "Resuming loop: ");
	head_line(p, "run", val_str(ev->fields, "run", NULL));
	head_line(p, "state", plain_word(ev, "from_state"));
	str_addc(&p->out->buf, '\n');
}
