/*
 * Templates filled in.  Nothing here goes through a shell: a value is one
 * argument or a part of one, whatever it holds.
 */
#include "host/line.h"

#include <string.h>

#include "base/str.h"

static bool
is_given(const struct host_ask *ask, enum host_slot s)
{
	return ask->at[s].p && ask->at[s].n;
}

/* Is all there that the word needs? */
static bool
is_full(const struct host_ask *ask, const struct host_word *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->at[i].slot < SLOTS && !is_given(ask, w->at[i].slot))
			return false;
	return true;
}

static void
add_word(struct str *out, const struct host_ask *ask, const struct host_word *w)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct host_piece *p = &w->at[i];
		struct sv s = p->slot < SLOTS ? ask->at[p->slot] : p->text;

		if (p->slot == SLOT_PROMPT && !out->len && s.p[0] == '-')
			str_addc(out, ' ');
		str_addsv(out, s);
	}
}

static char *
word_text(
    struct arena *a, const struct host_ask *ask, const struct host_word *w)
{
	auto_str out = STR_INIT;

	add_word(&out, ask, w);
	return arena_dup(a, out.buf, out.len);
}

static bool
group_is_full(const struct host_ask *ask, const struct host_group *g)
{
	for (size_t i = 0; i < g->n; i++)
		if (!is_full(ask, &g->at[i]))
			return false;
	return true;
}

static int
check_values(const struct host_line_in *in, struct err *e)
{
	const struct sv *prompt = &in->ask->at[SLOT_PROMPT];

	for (int s = 0; s < SLOTS; s++) {
		const struct sv *v = &in->ask->at[s];

		if (s == SLOT_PROMPT && !in->host->prompt_argument)
			continue;
		if (v->p && memchr(v->p, '\0', v->n))
			return err_set(e, ERR_INPUT,
			    "the %s of host '%s' holds a NUL byte",
			    host_slot_name((enum host_slot)s), in->host->name);
	}
	if (!is_given(in->ask, SLOT_PROMPT))
		return err_set(e, ERR_INPUT, "the prompt is empty");
	if (in->host->prompt_argument &&
	    (long long)prompt->n > in->host->argument_max)
		return err_set(e, ERR_INPUT,
		    "the prompt has %zu bytes; host '%s' takes it as an "
		    "argument, at most %lld",
		    prompt->n, in->host->name, in->host->argument_max);
	return 0;
}

static void
add_args(const struct host_line_in *in, struct arena *a, struct host_line *out)
{
	const struct host_call *c = &in->host->call[in->call];
	size_t room = 2;
	char **argv;

	for (size_t i = 0; i < c->n; i++)
		room += c->at[i].n;
	argv = arena_new(a, room * sizeof(*argv));
	argv[out->argc++] = arena_strdup(a, in->program);
	for (size_t i = 0; i < c->n; i++) {
		const struct host_group *g = &c->at[i];

		for (size_t k = 0; group_is_full(in->ask, g) && k < g->n; k++)
			argv[out->argc++] = word_text(a, in->ask, &g->at[k]);
	}
	out->argv = argv;
}

static void
add_variables(
    const struct host_line_in *in, struct arena *a, struct host_line *out)
{
	const struct host *h = in->host;
	const char **env = arena_new(a, (h->nvariables + 1) * sizeof(*env));

	for (size_t i = 0; i < h->nvariables; i++) {
		const struct host_variable *v = &h->variable[i];

		if (is_full(in->ask, &v->value))
			env[out->nenv++] = arena_printf(a, "%s=%s", v->name,
			    word_text(a, in->ask, &v->value));
	}
	out->env = env;
}

int
host_line(const struct host_line_in *in, struct arena *a, struct host_line *out,
    struct err *e)
{
	const struct host *h = in->host;
	struct host_line line = { .on_stdin = !h->prompt_argument };

	if (check_values(in, e) < 0)
		return -1;
	add_args(in, a, &line);
	add_variables(in, a, &line);
	for (int s = SLOT_PROMPT + 1; s < SLOTS; s++)
		if (is_given(in->ask, (enum host_slot)s) &&
		    !(h->call[in->call].takes & (1u << s)))
			line.unused |= 1u << s;
	*out = line;
	return 0;
}
