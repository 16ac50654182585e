/*
 * From names to hosts that are ready.  A run that goes on asks the hosts that
 * it asked before, unless LL_HOST_CLI says otherwise now.
 */
#include "cmd/launch_hosts.h"

#include "cmd/again.h"

/* -1 and *e tells which state. */
static int
take_all(struct launch_hosts *h, const struct loop *l, struct err *e)
{
	for (size_t i = 0; i < l->nstates; i++) {
		const struct state *s = l->states[i];

		if (state_asks_host(s) &&
		    !hosts_take(&h->taken, loop_host(l, s), e))
			return err_wrap(e, "%s:%d:%d: state '%s'", s->at.file,
			    s->at.line, s->at.col, s->name);
	}
	return 0;
}

/* Who names hosts for this run. */
static void
look_around(struct launch_hosts *h)
{
	struct choose_in *in = &h->taken.where.in;

	h->taken.args = h->args;
	hosts_where_init(&h->taken.where, h->args);
	if (!in->variable || !*in->variable)
		in->variable = h->o->host_over;
	if (h->o->host)
		in->configured = h->o->host;
	if (h->o->again && !h->o->accept_changed)
		h->taken.where.shelf.sealed = &h->o->again->sealed.files;
}

/* What a run goes on with is sealed already. */
static void
add_files(struct launch_hosts *h)
{
	const struct launch_opts *o = h->o;
	struct loop_files *f = &h->in->files;
	const struct loop_files *known =
	    o->again && o->again->stood && !o->accept_changed
	    ? &o->again->sealed.files
	    : NULL;

	for (size_t i = 0; i < h->taken.at.len; i++) {
		const struct host *x = h->taken.at.at[i].is.host;

		if (!known || !shelf_is_sealed(known, x->name))
			shelf_seal(x, f);
	}
}

int
launch_hosts_plan(
    struct launch_hosts *h, struct launch_values *set, struct err *e)
{
	const struct family *f = h->in->family;
	const struct host_taken *usual;

	look_around(h);
	h->in->host_files = h->in->files.n;
	h->in->host_words = h->in->files.nwords;
	set->host_over = h->taken.where.in.variable;
	if (h->o->no_llm)
		return 0;
	if (take_all(h, h->in->loop, e) < 0)
		return -1;
	for (size_t i = 0; i < family_len(f); i++)
		if (take_all(h, family_at(f, i), e) < 0)
			return -1;
	add_files(h);
	usual = hosts_taken(&h->taken, NULL);
	set->host = usual ? usual->is.host->name : h->o->host;
	return 0;
}

void
launch_hosts_grown(struct launch_hosts *h)
{
	const struct family *f = h->in->family;
	struct err ignored = ERR_INIT;

	for (size_t i = 0; !h->o->no_llm && i < family_len(f); i++)
		(void)take_all(h, family_at(f, i), &ignored);
	add_files(h);
}

const struct val *
launch_hosts_asked(struct launch_hosts *h)
{
	const struct hosts_asked how = { .model = h->o->model,
		.effort = h->o->effort,
		.llm_model = h->o->llm_model,
		.none = h->o->no_llm };

	look_around(h);
	return hosts_asked(&h->taken, h->in->loop, &how);
}

static int
take_for_engine(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	struct launch_hosts *h = self;
	const struct host_taken *x = hosts_take(&h->taken, name, e);

	if (!x)
		return -1;
	*host = x->is.host;
	*program = x->is.program;
	return 0;
}

struct hosting
launch_hosts_hosting(struct launch_hosts *h)
{
	return (struct hosting) {
		.take = take_for_engine,
		.self = h,
		.none = h->o->no_llm,
		.model = h->o->model,
		.effort = h->o->effort,
		.judge_model = h->o->llm_model,
	};
}

const struct val *
launch_hosts_val(const struct launch_hosts *h, struct arena *a)
{
	struct val *list = val_list(a);

	for (size_t i = 0; i < h->taken.at.len; i++) {
		const struct host_taken *x = &h->taken.at.at[i];
		struct val *v = val_map(a);

		if (x->name)
			val_set(a, v, "for", val_text(a, x->name));
		val_set(a, v, "host", val_text(a, x->is.host->name));
		val_set(a, v, "program", val_text(a, x->is.program));
		val_set(a, v, "from", val_text(a, x->is.who));
		val_push(a, list, v);
	}
	return h->taken.at.len ? list : NULL;
}

void
launch_hosts_release(struct launch_hosts *h)
{
	hosts_take_release(&h->taken);
}
