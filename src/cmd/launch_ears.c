/*
 * The sinks of a run.  The journal is the first, and the only one that may
 * refuse for its own sake.
 */
#include "cmd/launch_ears.h"

static int
hear_journal(void *self, const struct event *ev, struct err *e)
{
	return journal_append(self, ev, e);
}

void
launch_ears_hang(struct launch_ears *h, const struct launch_opts *o,
    struct args *args, struct journal *journal, const struct place_run *place)
{
	const struct plain_opts how = {
		.out = args->out,
		.verbose = o->verbose,
	};

	h->at[h->n++] = (struct sink) { .hear = hear_journal, .self = journal };
	if (o->background) {
		h->news = (struct away_news) { journal, place };
		h->at[h->n++] = away_sink(&h->news);
	} else if (o->json) {
		h->jsonl = jsonl_new(args->out);
		h->at[h->n++] = jsonl_sink(h->jsonl);
	} else if (!o->quiet) {
		h->plain = plain_new(&how);
		h->at[h->n++] = plain_sink(h->plain);
	}
}

void
launch_ears_release(struct launch_ears *h)
{
	plain_free(h->plain);
	jsonl_free(h->jsonl);
}
