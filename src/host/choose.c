/*
 * The choice of a host.  A name that is said must do: there is no way from a
 * host that is missing to another one, which might cost more or know less.
 */
#include "host/choose.h"

#include <string.h>

#include "base/auto.h"
#include "base/vec.h"
#include "os/spawn.h"

enum { WAYS_MAX = 400 };

static bool
is_set(const struct choose_in *in, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; in->env && in->env[i]; i++)
		if (!strncmp(in->env[i], name, n) && in->env[i][n] == '=' &&
		    in->env[i][n + 1])
			return true;
	return false;
}

const char *
choose_program(const struct choose_in *in, const struct host *h,
    struct arena *a, struct err *e)
{
	const char *found = spawn_find_ours(a, h->program, in->path);

	if (!found) {
		err_set(e, ERR_NEED,
		    "host '%s': its program '%s' is not on PATH%s%s", h->name,
		    h->program, h->install ? "; it is installed by: " : "",
		    h->install ? h->install : "");
		return NULL;
	}
	for (size_t i = 0; i < h->nrequires; i++)
		if (!is_set(in, h->requires[i])) {
			err_set(e, ERR_NEED,
			    "host '%s' needs the environment variable %s",
			    h->name, h->requires[i]);
			return NULL;
		}
	return found;
}

/* Is it there, and ready?  If not, it is given back. */
static int
take_named(const struct choose_in *in, struct arena *a, struct chosen *x,
    struct err *e)
{
	if (x->host)
		x->program = choose_program(in, x->host, a, e);
	if (x->host && x->program)
		return 0;
	host_free(x->host);
	e->kind = ERR_NEED;
	return err_wrap(e, "%s", x->who);
}

/* The installed host of the lowest rank. */
static int
take_first(const struct choose_in *in, struct arena *a, struct chosen *out)
{
	const struct shelf_entry *at;
	size_t n = shelf_list(in->shelf, a, &at);

	for (size_t i = 0; i < n; i++) {
		struct diags unused = DIAGS_INIT;
		struct err e = ERR_INIT;
		struct host *h = shelf_read(in->shelf, &at[i], &unused, &e);
		const char *program =
		    h && h->rank && (!out->host || h->rank < out->host->rank)
		    ? choose_program(in, h, a, &e)
		    : NULL;

		diags_release(&unused);
		if (program) {
			host_free(out->host);
			out->host = h;
			out->program = program;
		} else {
			host_free(h);
		}
	}
	return out->host ? 0 : -1;
}

/* What can be done about it: those that are known best, and how to get one. */
static int
nobody(const struct choose_in *in, struct arena *a, struct err *e)
{
	auto_str ways = STR_INIT;
	const struct shelf_entry *at;
	size_t n = shelf_list(in->shelf, a, &at);

	for (size_t i = 0; i < n; i++) {
		struct diags unused = DIAGS_INIT;
		struct err why = ERR_INIT;
		struct host *h = shelf_read(in->shelf, &at[i], &unused, &why);

		diags_release(&unused);
		if (h && h->rank && h->verified && h->install &&
		    ways.len < WAYS_MAX)
			str_addf(&ways, "%s%s: %s", ways.len ? "; " : "",
			    h->name, h->install);
		host_free(h);
	}
	return err_set(e, ERR_NEED,
	    "no agent is installed that could run prompts; install one (%s), "
	    "or name one with LL_HOST_CLI: 'command' is any command line, in "
	    "LL_HOST_COMMAND ('ll-loop hosts list' shows all that are known)",
	    ways.buf);
}

int
choose_host(const struct choose_in *in, struct arena *a, struct chosen *out,
    struct diags *d, struct err *e)
{
	const struct {
		const char *name, *who;
	} says[] = {
		{ in->variable, "LL_HOST_CLI" },
		{ in->state, "the state" },
		{ in->loop, "the loop" },
		{ in->configured, "the configuration" },
	};
	struct chosen x = { NULL, NULL, "PATH" };

	for (size_t i = 0; i < COUNT(says); i++) {
		if (!says[i].name || !*says[i].name)
			continue;
		x.who = says[i].who;
		x.host = shelf_take(in->shelf, says[i].name, d, e);
		if (take_named(in, a, &x, e) < 0)
			return -1;
		*out = x;
		return 0;
	}
	if (take_first(in, a, &x) < 0)
		return nobody(in, a, e);
	*out = x;
	return 0;
}
