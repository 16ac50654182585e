/* Who hears of a run: its journal, and a screen or the one who waits for it. */
#ifndef CMD_LAUNCH_EARS_H
#define CMD_LAUNCH_EARS_H

#include "cmd/away.h"
#include "cmd/opened.h"
#include "show/jsonl.h"
#include "show/plain.h"

/* Zero-initialised is empty. */
struct launch_ears {
	struct plain *plain;
	struct jsonl *jsonl;
	struct away_news news;
	struct sink at[2];
	size_t n;
};

void launch_ears_hang(struct launch_ears *, const struct launch_opts *,
    struct args *, struct journal *, const struct place_run *);
void launch_ears_release(struct launch_ears *);

#endif
