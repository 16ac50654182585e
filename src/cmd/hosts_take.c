/* A loop names few hosts and has many states. */
#include "cmd/hosts_take.h"

#include <string.h>

static bool
is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

const struct host_taken *
hosts_taken(const struct hosts_take *h, const char *name)
{
	for (size_t i = 0; i < h->at.len; i++)
		if (is_same(h->at.at[i].name, name))
			return &h->at.at[i];
	return NULL;
}

const struct host_taken *
hosts_take(struct hosts_take *h, const char *name, struct err *e)
{
	const struct host_taken *known = hosts_taken(h, name);
	struct host_taken one = { .name = name };
	struct choose_in in = h->where.in;
	struct diags d = DIAGS_INIT;
	int rc;

	if (known)
		return known;
	in.loop = name;
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

void
hosts_take_release(struct hosts_take *h)
{
	for (size_t i = 0; i < h->at.len; i++)
		host_free(h->at.at[i].is.host);
	vec_release(&h->at);
}
