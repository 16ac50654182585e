/*
 * What a state and the loop may use: output, disk, processes, memory, files,
 * and how long a retry waits.  A state's word beats the loop's here, so that
 * nobody else needs to look at both.
 */
#include "loop/load_part.h"

#include <string.h>

static const struct val *
state_or_loop(const struct loader *l, const struct state *s, const char *key)
{
	return load_get(s->src, key) ? s->src : l->loop->src;
}

static bool
word_is(const struct val *map, const char *key, const char *word)
{
	const char *text = load_text(map, key);

	return text && strcmp(text, word) == 0;
}

static void
read_retry_backoff(struct loader *l, struct state *s)
{
	const struct val *b = load_kind(s->src, "retry_backoff", VAL_MAP);
	const char *path = load_path(l, "states.%s.retry_backoff", s->name);
	struct retry_backoff *to = &s->retry_backoff;

	to->set = b != NULL;
	to->base_ms = load_ms(b, "base", 0);
	to->cap_ms = load_ms(b, "cap", -1);
	if (b && !load_get(b, "base"))
		diag_add(l->diags, load_at(s->src, "retry_backoff"), "E214",
		    path, "'retry_backoff' needs 'base'");
	else if (b && load_get(b, "cap") && to->cap_ms < to->base_ms)
		diag_add(l->diags, load_at(b, "cap"), "E214", path,
		    "'cap' must not be less than 'base'");
}

void
load_state_bounds(struct loader *l, struct state *s)
{
	const struct val *r = load_kind(s->src, "resources", VAL_MAP);

	s->output_limit =
	    load_size(state_or_loop(l, s, "output_limit"), "output_limit", -1);
	s->fails_over_limit = word_is(
	    state_or_loop(l, s, "on_output_limit"), "on_output_limit", "fail");
	s->kills_leftovers =
	    word_is(state_or_loop(l, s, "leftovers"), "leftovers", "kill");
	s->resources.procs = load_int(r, "procs", -1);
	s->resources.memory = load_size(r, "memory", -1);
	s->resources.files = load_int(r, "files", -1);
	read_retry_backoff(l, s);
}

void
load_loop_bounds(struct loader *l)
{
	const struct val *src = l->loop->src;

	l->loop->output_limit = load_size(src, "output_limit", -1);
	l->loop->disk_limit =
	    load_size(load_kind(src, "limits", VAL_MAP), "disk", -1);
}
