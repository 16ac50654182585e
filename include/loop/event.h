/*
 * What can happen to a run: one table of events.  The engine is a fold over
 * these (decisions.md §6): it decides, appends, applies.
 */
#ifndef LOOP_EVENT_H
#define LOOP_EVENT_H

#include "text/val.h"

enum event_kind {
	/* our own */
	EV_RUN_START,
	EV_SEALED,
	EV_JOURNAL_REPAIRED,
	EV_PHASE,
	EV_LEFT_BEHIND,
	EV_OPERATOR,
	EV_WORKTREE,
	EV_PARALLEL_START,
	EV_ITEM_START,
	EV_ITEM_COMPLETE,
	EV_LIMIT_RESERVE,
	EV_LIMIT_SETTLE,
	EV_LIMIT_WARN,
	EV_LIMIT_REACHED,
	EV_JUDGE_START,
	EV_JUDGE_COMPLETE,
	EV_RUN_END,
	/* under the reference's names (spec/execution.md 4.2) */
	EV_LOOP_START,
	EV_LOOP_RESUME,
	EV_STATE_ENTER,
	EV_ROUTE,
	EV_ACTION_START,
	EV_ACTION_COMPLETE,
	EV_ACTION_ERROR,
	EV_EVALUATE,
	EV_MESSAGES_APPEND,
	EV_RETRY_EXHAUSTED,
	EV_RETRY_BACKOFF,
	EV_RATE_LIMIT_WAITING,
	EV_RATE_LIMIT_EXHAUSTED,
	EV_RATE_LIMIT_STORM,
	EV_API_ERROR_RETRY,
	EV_API_ERROR_EXHAUSTED,
	EV_INFRA_RETRY,
	EV_INFRA_RETRY_EXHAUSTED,
	EV_CYCLE_DETECTED,
	EV_STALL_DETECTED,
	EV_THROTTLE_WARN,
	EV_THROTTLE_HARD,
	EV_THROTTLE_STOP,
	EV_PROMPT_SIZE_WARN,
	EV_HOST_PRESSURE,
	EV_HOST_PRESSURE_RELIEVED,
	EV_HOST_PRESSURE_ABORT,
	EV_HOST_COOLDOWN,
	EV_HOST_SUBPROC_RSS,
	EV_HOST_BUDGET_EXCEEDED,
	EV_HANDOFF_DETECTED,
	EV_HANDOFF_SPAWNED,
	EV_MAX_STEPS_SUMMARY,
	EV_MAX_ITERATIONS_SUMMARY,
	EV_LOOP_COMPLETE,
	EV_KINDS
};

enum { EVENT_DEPTH_MAX = 1000 }; /* of frames, in a record that is one */

struct event {
	enum event_kind kind;
	const char *name;         /* for EV_KINDS; else not looked at */
	long long seq;            /* 1, 2, ... in the journal */
	long long wall_us;        /* display only */
	const struct val *fields; /* a map, in journal order */
	long long item;           /* lane of a `parallel`, -1: none */
	long long depth;          /* 0: the outermost frame */
};

const char *event_name(enum event_kind);
/* EV_KINDS for a name this version does not know. */
enum event_kind event_kind_of(const char *name);

/*
 * The record without its sum: `{"seq":1,"ts":"...","event":"route",...`
 * (no closing brace), as journal, `--json` and `history --json` share it.
 * Fields go through event_val_write(); none of them may be named like one of
 * the record's own members (seq, ts, event, item, depth, sum).
 */
void event_write(struct str *out, const struct event *);
/* Back from a parsed record (a map).  False when it is no event.  Members
 * seq, ts, event, item, depth and sum are taken out of `fields`; an event
 * that this version does not know is EV_KINDS and has its `name`. */
bool event_read(struct arena *, const struct val *record, struct event *out);

/*
 * A value as compact JSON in which every text survives byte by byte: text
 * that is not UTF-8 under key K is written as K_b64, in a list as
 * {"_b64": ...}; text under a key that ends in _b64 itself always gets
 * another _b64, so that reading is exact.
 */
void event_val_write(struct str *out, const struct val *);
/* The value back from what event_val_write() gave; the same pointer when
 * there is nothing to decode. */
const struct val *event_val_read(struct arena *, const struct val *);

#endif
