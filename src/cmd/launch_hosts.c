/*
 * From names to hosts that are ready.  A run that goes on asks the hosts that
 * it asked before, unless LL_HOST_CLI says otherwise now.
 */
#include "cmd/launch_hosts.h"

#include <string.h>

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static struct launch_host *
find(struct launch_hosts *h, const char *name)
{
	for (size_t i = 0; i < h->at.len; i++)
		if (is_same(h->at.at[i].name, name))
			return &h->at.at[i];
	return NULL;
}

/* The host that is meant by NAME. NULL and *e, ERR_NEED. */
static struct launch_host *
take(struct launch_hosts *h, const char *name, struct err *e)
{
	struct launch_host *known = find(h, name), one = { .name = name };
	struct choose_in in = h->where.in;
	struct diags d = DIAGS_INIT;
	int rc;

	if (known)
		return known;
	in.state = name;
	rc = choose_host(&in, h->args->mem, &one.is, &d, e);
	if (d.len) {
		diags_sort(&d);
		hosts_say(h->args, &d, d.at[0].at.file);
	}
	diags_release(&d);
	if (rc < 0)
		return NULL;
	vec_push(&h->at, one);
	return &h->at.at[h->at.len - 1];
}

/* -1 and *e tells which state. */
static int
take_all(struct launch_hosts *h, const struct loop *l, struct err *e)
{
	for (size_t i = 0; i < l->nstates; i++) {
		const struct state *s = l->states[i];

		if (state_asks_host(s) && !take(h, loop_host(l, s), e))
			return err_wrap(e, "%s:%d:%d: state '%s'", s->at.file,
			    s->at.line, s->at.col, s->name);
	}
	return 0;
}

int
launch_hosts_plan(
    struct launch_hosts *h, struct launch_values *set, struct err *e)
{
	const struct family *f = h->in->family;
	const struct launch_host *usual;
	struct choose_in *in = &h->where.in;

	hosts_where_init(&h->where, h->args);
	if (!in->variable || !*in->variable)
		in->variable = h->o->host_over;
	if (h->o->host)
		in->configured = h->o->host;
	set->host_over = in->variable;
	if (h->o->no_llm)
		return 0;
	if (take_all(h, h->in->loop, e) < 0)
		return -1;
	for (size_t i = 0; i < family_len(f); i++)
		if (take_all(h, family_at(f, i), e) < 0)
			return -1;
	usual = find(h, NULL);
	set->host = usual ? usual->is.host->name : h->o->host;
	return 0;
}

static int
take_for_engine(void *self, const char *name, const struct host **host,
    const char **program, struct err *e)
{
	const struct launch_host *x = take(self, name, e);

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

	for (size_t i = 0; i < h->at.len; i++) {
		const struct launch_host *x = &h->at.at[i];
		struct val *v = val_map(a);

		if (x->name)
			val_set(a, v, "for", val_text(a, x->name));
		val_set(a, v, "host", val_text(a, x->is.host->name));
		val_set(a, v, "program", val_text(a, x->is.program));
		val_set(a, v, "from", val_text(a, x->is.who));
		val_push(a, list, v);
	}
	return h->at.len ? list : NULL;
}

void
launch_hosts_release(struct launch_hosts *h)
{
	for (size_t i = 0; i < h->at.len; i++)
		host_free(h->at.at[i].is.host);
	vec_release(&h->at);
}
