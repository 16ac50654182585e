/* Whose limits hold for what a worker does: those that wait for it. */
#include "engine/spend_part.h"

struct spend_owners
spend_owners(const struct run *r)
{
	return (struct spend_owners) {
		.run = r,
		.w = r->worker,
		.left = r->worker->levels.len,
	};
}

static struct spend_owner
of_loop(const struct spend_owners *x, const struct frame *f, size_t i)
{
	const struct worker *w = x->w;
	long long level = (w->item < 0 ? 0 : w->base) + (long long)i;

	return (struct spend_owner) { .of = level ? "loop" : "run",
		.budget =
		    level ? &w->levels.at[i].loop->budget : run_budget(x->run),
		.sum = &f->spent,
		.steps = f->all_steps,
		.ms = run_elapsed_ms(x->run) - f->began_ms,
		.level = level,
		.began = f->began_seq,
		.loop = f->loop };
}

/* NULL: it has entered none. */
static const struct state *
state_of(const struct spend_owners *x, const struct frame *f, size_t i)
{
	return loop_state(x->w->levels.at[i].loop, f->state);
}

/* What a state may spend is counted over the run. */
static struct spend_owner
of_state(const struct spend_owners *x, const struct frame *f, size_t i)
{
	static const struct spent nothing;
	const struct state *s = state_of(x, f, i);
	const struct spent_state *row =
	    ledger_state(&x->run->point.ledger, f->loop, f->state);
	struct spend_owner o = of_loop(x, f, i);

	o.of = "state";
	o.budget = &s->budget;
	o.sum = row ? &row->within : &nothing;
	o.state = s->name;
	return o;
}

bool
spend_owner(struct spend_owners *x, struct spend_owner *out)
{
	const struct worker *own = x->run->workers.at[0];
	const struct lane *l;
	size_t i;

	if (!x->left && x->w != own) {
		x->w = own;
		x->left = own->levels.len;
	}
	if (!x->left)
		return false;
	i = x->left - 1;
	l = point_lane(&x->run->point, x->w->item);
	if (!state_of(x, l->frames.at[i], i))
		x->loop = true;
	*out = x->loop ? of_loop(x, l->frames.at[i], i)
		       : of_state(x, l->frames.at[i], i);
	x->left -= x->loop;
	x->loop = !x->loop;
	return true;
}
