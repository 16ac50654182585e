/*
 * What the parts of the plain view share: only src/show/plain*.c include
 * this.
 */
#ifndef SHOW_PLAIN_PART_H
#define SHOW_PLAIN_PART_H

#include "base/vec.h"
#include "show/feed_lanes.h"
#include "show/plain.h"

#define PLAIN_PAD "       "

/* An item of a `parallel` that runs. */
struct plain_item {
	struct str label;      /* empty: that of the list */
	long long item, depth; /* of the frame whose item it is */
	long long began_us;
	struct str held; /* the last lines it printed, while not shown */
};

/* The `parallel` that runs. */
struct plain_fan {
	long long count; /* 0: none */
	long long done, failed;
	struct str labels; /* a line for each item, fit for a terminal */
	VEC(struct plain_item) items;
};

struct plain {
	struct plain_opts o;
	struct out *out;
	struct feed_lanes feed;
	struct plain_fan fan;
	bool counts;         /* the last line is a countdown */
	bool open;           /* the last line has no end yet */
	long long open_item; /* whose it is; -1: of no item */
	int used;            /* columns of it */
	long long steps;     /* of the outermost loop */
	long long max;
};

/* ---- lines (plain_line.c) ---- */

void plain_close(struct plain *);
/* Start a line of this item's and depth's block: two more blanks a level
 * deeper, and whose it is. */
void plain_begin_at(struct plain *, long long item, long long depth);
void plain_begin(struct plain *, const struct event *);
/* End the line that is open, if it is this item's, with " -> ", else start
 * one with "-> ". */
void plain_arrow_at(struct plain *, long long item, long long depth);
void plain_arrow(struct plain *, const struct event *);
/* A line that an action printed. */
void plain_show_line(
    struct plain *, const struct voice *, int stream, struct sv text);
/* The same, when it is to be shown at once: feed_lanes' `line`. */
void plain_output(
    void *self, const struct voice *, int stream, const char *p, size_t n);
/* A field as text, "" when it is none. */
const char *plain_word(const struct event *, const char *key);
/* The same as it may be shown; any value. */
void plain_add(struct plain *, const struct event *, const char *key);
/* Characters that are left of the line beside `used`, 20 at least. */
int plain_room(const struct plain *);

/* A worktree comes and goes (plain_worktree.c). */
void plain_worktree(struct plain *, const struct event *);

/* ---- items (plain_fan.c) ---- */

/* Are these items too many to be shown one by one? */
bool plain_hides(const struct plain *, long long item);
/* NULL when it does not run. */
struct plain_item *plain_item(const struct plain *, long long item);
/* Is this of an item's own action or first frame, which the lines of the item
 * tell about? */
bool plain_is_item(const struct plain *, const struct event *);
/* Keep a line for the case that the item fails. */
void plain_hold(struct plain_item *, int stream, const char *p, size_t n);
/* run_start and loop_resume. */
void plain_run_start(struct plain *, const struct event *);
void plain_loop_resume(struct plain *, const struct event *);
/* parallel_start, item_start, item_complete, evaluate. */
void plain_fan_start(struct plain *, const struct event *);
void plain_item_start(struct plain *, const struct event *);
void plain_item_complete(struct plain *, const struct event *);
/* What came of all items, for the line of the verdict. */
void plain_totals(struct plain *, const struct event *);
void plain_fan_release(struct plain_fan *);

#endif
