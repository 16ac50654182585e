/* The id of a run in the background is the product, or the run's own view. */
#include "cmd/launch_away.h"

#include "cmd/away.h"
#include "cmd/follow.h"
#include "text/json.h"

enum { PATIENCE_MS = 60000 };

static void
print_id(struct args *a, const char *run, bool json)
{
	struct val *v = val_map(a->mem);

	if (json) {
		val_set(a->mem, v, "run", val_text(a->mem, run));
		json_write(&a->out->buf, v, JSON_COMPACT);
	} else {
		str_adds(&a->out->buf, run);
	}
	str_addc(&a->out->buf, '\n');
}

static int
stay(
    struct args *a, const struct launch_away *l, const char *run, struct err *e)
{
	const struct launch_opts *o = l->o;
	const struct follow f = { l->root, run, l->after, o->quiet, o->verbose,
		o->json };

	if (o->follow)
		return follow(&f, a, e);
	print_id(a, run, o->json);
	out_flush(a->out);
	if (a->out->tty && !o->quiet)
		out_paintf(a->said, PAINT_DIM,
		    "in the background; see 'll-loop logs -f %s', "
		    "'ll-loop stop %s'\n",
		    run, run);
	return 0;
}

/* What a killed run has left is ended before the start, with its grace. */
int
launch_away(struct args *a, const struct launch_away *l, struct err *e)
{
	long long grace = l->grace_ms > 0 ? 2 * l->grace_ms : 0;
	struct away_word word;

	switch (away(a, PATIENCE_MS + grace, &word, e)) {
	case AWAY_CHILD:
		return LAUNCH_AWAY_CHILD;
	case AWAY_BEGAN:
		return stay(a, l, word.run, e);
	case AWAY_NOT:
		return word.status;
	default:
		return -1;
	}
}
